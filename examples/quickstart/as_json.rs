//! One lead, decided and explained, as JSON.

use leadwright::engine::{Engine, ExplainOptions, explain_with};
use leadwright::model::Tick;
use leadwright::plan::Plan;
use leadwright::store::MemoryStore;
use leadwright_cli::Folder;

const LEAD: &[u8] = br#"{"id": "L1", "source": "search-lp", "vertical": "roofing", "name": "lee, ANN",
    "phone": "(773) 555-0123", "street": "233 south wacker drive", "zip": "60606", "homeowner": "Yes",
    "roof_age": "12", "timeframe": "ASAP"}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (folder, name) = Folder::of("examples/home-services/plan.jsonc".as_ref());
    let engine = Engine::open(Plan::load(&folder, &name)?, MemoryStore::new())?;
    let decided = engine.decide(LEAD, Tick::at("2026-11-24T15:30:00Z".parse()?))?;
    println!("{}", std::str::from_utf8(&decided.body)?);
    let options = ExplainOptions { contract: Some("homefront-roof".into()), ..ExplainOptions::default() };
    let explained = explain_with(engine.store(), engine.tenant(), &decided.id, &options)?;
    println!("{}", serde_json::to_string(&explained)?);
    Ok(())
}
