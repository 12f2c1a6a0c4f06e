//! One lead, decided, recorded and explained.

use leadwright::engine::{Engine, explain};
use leadwright::model::Tick;
use leadwright::plan::Plan;
use leadwright::store::SqliteStore;
use leadwright_cli::Folder;

const LEAD: &[u8] = br#"{"id": "L1", "source": "search-lp", "vertical": "roofing", "name": "lee, ANN",
    "phone": "(773) 555-0123", "street": "233 south wacker drive", "zip": "60606", "homeowner": "Yes",
    "roof_age": "12", "timeframe": "ASAP"}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (folder, name) = Folder::of("examples/home-services/plan.jsonc".as_ref());
    let engine = Engine::open(Plan::load(&folder, &name)?, SqliteStore::open("quickstart.db")?)?;
    let decided = engine.decide(LEAD, Tick::at("2026-11-24T15:30:00Z".parse()?))?;
    println!("{} {}", decided.id, decided.outcome.as_str());
    let explained = explain(engine.store(), engine.tenant(), &decided.id)?;
    for sold in &explained.decision.assignments {
        println!("sold: {} {} {}", sold.contract, sold.sale.as_str(), sold.price);
    }
    for entry in explained.entries.iter().take(3).map(|explained| &explained.entry) {
        println!("not sold: {} {} {}", entry.contract, entry.code, entry.check.as_deref().unwrap_or_default());
    }
    Ok(())
}
