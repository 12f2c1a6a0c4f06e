//! The plan and the leads of the example, as often as wanted under other names and with other phones.

use crate::Dice;
use flate2::read::GzDecoder;
use leadwright::model::Tick;
use leadwright::plan::Plan;
use leadwright_cli::Folder;
use std::io::Read as _;
use std::path::Path;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/home-services");

pub fn plan() -> Plan {
    let (folder, name) = Folder::of(&Path::new(EXAMPLE).join("plan.jsonc"));
    Plan::load(&folder, &name).expect("the example's plan is right")
}

pub fn tick() -> Tick {
    Tick::at("2026-11-24T23:05:00Z".parse().expect("a time"))
}

/// So many leads. The order is by chance, from a seed.
pub fn leads(count: usize) -> Vec<Vec<u8>> {
    let file = std::fs::File::open(Path::new(EXAMPLE).join("leads.jsonl.gz")).expect("the example is there");
    let mut text = String::new();
    GzDecoder::new(file).read_to_string(&mut text).expect("it unpacks");
    let lines: Vec<&str> = text.lines().collect();
    let mut dice = Dice::new(5);
    (0..count).map(|n| renamed(lines[dice.below(lines.len())], n).into_bytes()).collect()
}

/// Under another name and key, and with a member that makes the payload another one.
fn renamed(line: &str, n: usize) -> String {
    let mut lead: serde_json::Value = serde_json::from_str(line).expect("the example is JSON");
    lead["id"] = format!("B{n}").into();
    lead["run"] = n.to_string().into();
    if let Some(key) = lead.get_mut("idempotency_key") {
        *key = format!("key-{n}").into();
    }
    lead.to_string()
}
