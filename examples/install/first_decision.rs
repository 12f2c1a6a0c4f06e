use leadwright::{engine::Engine, model::Tick, plan::Plan, store::SqliteStore};

const LEAD: &[u8] = br#"{"id": "L1", "source": "web", "vertical": "home-services", "first_name": "Ann", "last_name": "Lee",
    "phone": "210-555-0142", "email": "ann.lee@example.com", "zip": "77436"}"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (folder, name) = leadwright_cli::Folder::of("shop/plan.jsonc".as_ref());
    let engine = Engine::open(Plan::load(&folder, &name)?, SqliteStore::open("leads.db")?)?;
    let decided = engine.decide(LEAD, Tick::at("2026-11-24T17:00:00Z".parse()?))?;
    println!("{} {}", decided.id, decided.outcome.as_str());
    let explained = leadwright::engine::explain(engine.store(), engine.tenant(), &decided.id)?;
    for sold in &explained.decision.assignments { println!("sold: {} {} {}", sold.contract, sold.sale.as_str(), sold.price); }
    Ok(())
}
