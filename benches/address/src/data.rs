//! The addresses: labelled ones as people wrote them where they are at hand, else those of the example.

use flate2::read::GzDecoder;
use serde_json::Value;
use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

/// So many addresses, spread evenly over what there is.
pub fn texts(count: usize) -> Vec<String> {
    let all = labelled().unwrap_or_else(|| {
        println!(
            "NOTE: there are no labelled addresses beside the repository; these are the example's, which are tidier"
        );
        example()
    });
    let step = (all.len() / count.max(1)).max(1);
    all.into_iter().step_by(step).take(count).collect()
}

fn here(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn labelled() -> Option<Vec<String>> {
    let lines = std::fs::read_to_string(here("../../../shared/eval/address/data/parse.dev.jsonl")).ok()?;
    Some(lines.lines().filter_map(|line| text(&json(line), "raw")).collect())
}

fn example() -> Vec<String> {
    let file = File::open(here("../../examples/home-services/leads.jsonl.gz")).expect("the example is there");
    let mut leads = String::new();
    GzDecoder::new(file).read_to_string(&mut leads).expect("it unpacks");
    let address = |line: &str| {
        let lead = json(line);
        let part = |name: &str| text(&lead, name).unwrap_or_default();
        format!("{}, {}, {} {}", part("street"), part("city"), part("state"), part("zip"))
    };
    leads.lines().map(address).collect()
}

fn json(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_default()
}

fn text(record: &Value, name: &str) -> Option<String> {
    record.get(name)?.as_str().map(str::to_owned)
}
