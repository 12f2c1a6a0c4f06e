//! The labelled addresses, what is read of them, and what of it is right.

use crate::norm::{Normalizer, Parts};
use leadwright::address::{CanonicalAddress, Canonicalizer, evidence::Evidence};
use serde::Deserialize;
use std::path::Path;

/// How many folds there are.
pub(crate) const FOLDS: usize = 5;

/// Sources whose labels are complete: what is not labelled is not there.
const COMPLETE: &[&str] = &["usaddress-train", "usaddress-test", "pub28-hard", "parse-address-tests"];

/// A labelled address.
#[derive(Deserialize)]
pub(crate) struct Row {
    pub(crate) source: String,
    pub(crate) raw: String,
    pub(crate) expect: Parts,
}

/// One part of an address: right, wrong, or not labelled.
pub(crate) type Verdict = Option<bool>;

/// What was read of an address, and what of it is right.
pub(crate) struct Judged {
    pub(crate) source: String,
    pub(crate) fold: usize,
    pub(crate) evidence: Evidence,
    /// Street, unit, city, state, ZIP code.
    pub(crate) parts: [Verdict; 5],
    /// `line_exact` of the scorer.
    pub(crate) line: bool,
    pub(crate) confidence: u16,
    pub(crate) refused: bool,
}

pub(crate) fn read_rows(folder: &Path) -> Result<Vec<Row>, String> {
    let path = folder.join("data/parse.dev.jsonl");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    text.lines().map(|line| serde_json::from_str(line).map_err(|error| error.to_string())).collect()
}

/// Reads all rows as they are, or as `change` makes them.
pub(crate) fn judge(rows: &[Row], norm: &Normalizer, change: impl Fn(&str) -> String) -> Vec<Judged> {
    let mut canonicalizer = Canonicalizer::default();
    let mut one = |row: &Row| {
        let address = canonicalizer.text(&change(&row.raw), "");
        judge_one(row, &address, norm)
    };
    rows.iter().map(&mut one).collect()
}

fn judge_one(row: &Row, address: &CanonicalAddress, norm: &Normalizer) -> Judged {
    let got: Parts = address.components.parts().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let complete = COMPLETE.contains(&row.source.as_str());
    let same = |name: &str| norm.part(name, &row.expect) == norm.part(name, &got);
    let labelled = |name: &str| row.expect.contains_key(name);
    // A label must be met; where labels are complete, nothing else may be found.
    let holds = |name: &str| if labelled(name) || complete { same(name) } else { true };
    let known = |name: &str| labelled(name) || complete;
    let whole_street = match row.expect.get("street_full") {
        Some(text) => norm.text("street_full", text) == norm.street_line(&got),
        None => !complete || norm.street_line(&row.expect) == norm.street_line(&got),
    };
    let only_if_labelled = |name: &str| !labelled(name) || same(name);
    let number = ["house_number", "route_id", "street2"].into_iter().all(only_if_labelled) && holds("po_box");
    let street = number && whole_street;
    let [unit, city, state, zip] = ["unit", "city", "state", "zip"].map(|name| (known(name), holds(name)));
    let verdict = |(known, right): (bool, bool)| known.then_some(right);
    Judged {
        source: row.source.clone(),
        fold: fold(&row.raw),
        evidence: address.evidence,
        parts: [
            (complete || labelled("street_full")).then_some(street),
            verdict(unit),
            verdict(city),
            verdict(state),
            verdict(zip),
        ],
        line: street && unit.1 && city.1 && state.1 && zip.1,
        confidence: address.confidence,
        refused: address.lines.is_empty(),
    }
}

/// Rows of one street are in one fold: its first letters without the house number say which. So one address written in
/// several ways is never both fitted on and judged by.
fn fold(raw: &str) -> usize {
    let letters = raw.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase);
    let street: String = letters.skip_while(char::is_ascii_digit).take(8).collect();
    let hash = street
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |all, byte| (all ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    usize::try_from((hash >> 32) % FOLDS as u64).unwrap_or_default()
}
