//! From raw lead to decision, stage by stage, over the 10,000 leads of the example. The yardstick, in the same run, is
//! serde_json: reading the same lines and writing them again. Only the ratios mean something on another machine.
//!
//! `cargo run --release -p bench-decide`; with a number of contracts, as `1000`, by a made-up market of so many in one
//! route, with the "why not" of all of them.

mod many;
mod market;

use cpu_time::ThreadTime;
use flate2::read::GzDecoder;
use leadwright::address::canonicalize_text;
use leadwright::engine::Engine;
use leadwright::model::Tick;
use leadwright::plan::Plan;
use leadwright::schema::Schema;
use leadwright::store::MemoryStore;
use leadwright::validate::{ValidateOptions, validate_json};
use leadwright_cli::Folder;
use std::hint::black_box;
use std::io::Read as _;
use std::path::Path;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/home-services");
/// Passes over all leads; the median counts, the first one does not.
const PASSES: usize = 5;

fn main() {
    let leads = leads();
    let lines: Vec<&[u8]> = leads.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    let sizes: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    if !sizes.is_empty() {
        return sizes.into_iter().for_each(|size| many::run(size, &market::roofing(&lines)));
    }
    let (folder, name) = Folder::of(&Path::new(EXAMPLE).join("plan.jsonc"));
    let plan = || Plan::load(&folder, &name).expect("the example's plan is right");
    let tick = Tick::at("2026-11-24T23:05:00Z".parse().expect("a time"));
    let addresses: Vec<String> = lines.iter().filter_map(|line| address(line)).collect();
    let schema = Schema::named("us/home-services@1").expect("it is in the catalogue");
    let options = ValidateOptions::default();
    let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");

    let yardstick = nanos(lines.len(), || {
        for line in &lines {
            let lead: serde_json::Value = serde_json::from_slice(line).expect("the example is JSON");
            black_box(serde_json::to_vec(&lead).expect("it is written"));
        }
    });
    println!(
        "{} leads, {} bytes each; {} contracts",
        lines.len(),
        leads.len() / lines.len(),
        plan().contracts().count()
    );
    println!("| stage | ns a lead | ratio to serde_json |\n|---|---|---|");
    let say = |stage: &str, nanos: f64| println!("| {stage} | {nanos:.0} | {:.1} |", nanos / yardstick);
    say("serde_json: read and write the same lead", yardstick);
    say(
        "address alone",
        nanos(lines.len(), || addresses.iter().for_each(|text| drop(black_box(canonicalize_text(text, ""))))),
    );
    say(
        "validate: all fields and the address",
        nanos(lines.len(), || lines.iter().for_each(|line| drop(black_box(validate_json(line, &schema, &options))))),
    );
    say(
        "prepare: validate and match",
        nanos(lines.len(), || lines.iter().for_each(|line| drop(black_box(engine.prepare(line, tick))))),
    );
    let whole = nanos(lines.len(), || {
        let engine = Engine::open(plan(), MemoryStore::new()).expect("an engine");
        for batch in lines.chunks(256) {
            let prepared: Vec<_> = batch.iter().map(|line| engine.prepare(line, tick)).collect();
            black_box(engine.settle(&prepared).expect("it settles"));
        }
    });
    say("prepare, settle and record in memory", whole);
}

fn leads() -> Vec<u8> {
    let file = std::fs::File::open(Path::new(EXAMPLE).join("leads.jsonl.gz")).expect("the example is there");
    let mut leads = Vec::new();
    GzDecoder::new(file).read_to_end(&mut leads).expect("it unpacks");
    leads
}

fn address(line: &[u8]) -> Option<String> {
    let lead: serde_json::Value = serde_json::from_slice(line).ok()?;
    let part = |name: &str| lead.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    Some(format!("{}, {}, {} {}", part("street"), part("city"), part("state"), part("zip")))
}

/// Median CPU time of a pass, for each lead.
pub(crate) fn nanos(leads: usize, mut pass: impl FnMut()) -> f64 {
    pass();
    let mut times: Vec<u128> = (0..PASSES)
        .map(|_| {
            let start = ThreadTime::now();
            pass();
            start.elapsed().as_nanos()
        })
        .collect();
    times.sort_unstable();
    times[PASSES / 2] as f64 / leads as f64
}
