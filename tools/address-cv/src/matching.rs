//! The matching task: pairs that are one household and pairs that nearly are.

use leadwright::address::Canonicalizer;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

#[derive(Deserialize)]
struct Text {
    id: String,
    raw: String,
}

#[derive(Deserialize)]
struct Pair {
    a: String,
    b: String,
    same: u8,
}

/// Texts and pairs of them.
pub(crate) struct Task {
    texts: Vec<Text>,
    pairs: Vec<Pair>,
}

/// How pairs came out.
#[derive(Default)]
pub(crate) struct Outcome {
    found: usize,
    missed: usize,
    merged: usize,
    apart: usize,
}

impl Task {
    pub(crate) fn read(folder: &Path) -> Result<Self, String> {
        Ok(Self {
            texts: lines(&folder.join("data/match.dev.jsonl"))?,
            pairs: lines(&folder.join("data/match_pairs.dev.jsonl"))?,
        })
    }

    pub(crate) fn run(&self) -> Outcome {
        let mut canonicalizer = Canonicalizer::default();
        let mut key = |text: &Text| (text.id.clone(), canonicalizer.text(&text.raw, "").key);
        let keys: BTreeMap<String, Option<String>> = self.texts.iter().map(&mut key).collect();
        let key = |id: &str| keys.get(id).and_then(Option::as_deref);
        let mut outcome = Outcome::default();
        for pair in &self.pairs {
            outcome.add(pair.same == 1, key(&pair.a).is_some() && key(&pair.a) == key(&pair.b));
        }
        outcome
    }
}

impl Outcome {
    pub(crate) fn add(&mut self, same: bool, joined: bool) {
        *match (same, joined) {
            (true, true) => &mut self.found,
            (true, false) => &mut self.missed,
            (false, true) => &mut self.merged,
            (false, false) => &mut self.apart,
        } += 1;
    }

    /// Recall and precision.
    pub(crate) fn short(&self) -> String {
        format!(
            "{} / {}",
            hundredths(self.found, self.found + self.missed),
            hundredths(self.found, self.found + self.merged)
        )
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { found, missed, merged, apart } = self;
        let recall = hundredths(*found, found + missed);
        let pairs = merged + apart;
        write!(
            f,
            "{} of {} households found again ({recall} %), {merged} of {pairs} near misses merged",
            found,
            found + missed
        )
    }
}

fn hundredths(right: usize, all: usize) -> String {
    let parts = right * 10_000 / all.max(1);
    format!("{}.{:02}", parts / 100, parts % 100)
}

pub(crate) fn lines<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.lines().map(|line| serde_json::from_str(line).map_err(|error| error.to_string())).collect()
}
