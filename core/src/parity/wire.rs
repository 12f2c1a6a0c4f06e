//! Observations and counts from JSON, as the wrappers of the languages send them.

use super::compare::{Observation, Side, Verdict, compare};
use super::rules::Rules;
use super::stage::{Stage, StageName};
use crate::model::limits::LINE_BYTES;
use crate::model::{Code, Error, RawValue, Timestamp, read_value};
use serde::Deserialize;
use serde_json::value::RawValue as Written;
use std::borrow::Cow;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    #[serde(borrow)]
    step: Cow<'a, str>,
    #[serde(borrow)]
    key: Cow<'a, str>,
    at: Timestamp,
    #[serde(borrow)]
    stage: Cow<'a, str>,
    #[serde(default)]
    answered: Answered,
    #[serde(borrow)]
    legacy: WireSide<'a>,
    #[serde(borrow, default)]
    candidate: Option<WireSide<'a>>,
    #[serde(default)]
    legacy_ns: Option<u64>,
    #[serde(default)]
    candidate_ns: Option<u64>,
    #[serde(borrow, default)]
    input: Option<&'a Written>,
    #[serde(default)]
    noise: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answered {
    #[default]
    Legacy,
    Candidate,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum WireSide<'a> {
    #[serde(borrow)]
    Value(&'a Written),
    #[serde(borrow)]
    Raised(Cow<'a, str>),
    Timeout(bool),
}

impl Observation {
    /// A JSON list of observations. A value that cannot be compared, because it is nested too deep or too long, is one side
    /// that is unreadable, and no error.
    ///
    /// # Errors
    /// `parity.bad_observation` with the number of the first that is not understood; nothing of the list counts then.
    ///
    /// ```
    /// use leadwright::parity::Observation;
    /// let json = br#"[{"step": "validate", "key": "L1", "at": "2026-11-28T12:00:00.000Z", "stage": "shadow",
    ///     "legacy": {"value": null}, "candidate": {"raised": "ValueError"}}]"#;
    /// assert_eq!(Observation::list(json)?.len(), 1);
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn list(json: &[u8]) -> Result<Vec<Self>, Error> {
        let bad = |what: String| Error::new(Code::ParityBadObservation, what);
        // What the reader says may quote a value: only where it stopped is told.
        let list: Vec<&Written> = serde_json::from_slice(json)
            .map_err(|error| bad(format!("no list of JSON, at column {}", error.column())))?;
        let read = |(at, one): (usize, &&Written)| {
            let wire: Wire<'_> = serde_json::from_str(one.get()).map_err(|error| {
                bad(format!("observation {} of {}, at column {}", at + 1, list.len(), error.column()))
            })?;
            Self::of(wire).ok_or_else(|| bad(format!("observation {} of {}: its stage", at + 1, list.len())))
        };
        list.iter().enumerate().map(read).collect()
    }

    fn of(wire: Wire<'_>) -> Option<Self> {
        let stage = match StageName::ALL.into_iter().find(|name| name.as_str() == wire.stage) {
            Some(name) => name,
            None => wire.stage.parse::<Stage>().ok()?.name,
        };
        Some(Self {
            step: wire.step.into_owned(),
            key: wire.key.into_owned(),
            at: wire.at,
            stage,
            candidate_answered: wire.answered == Answered::Candidate,
            legacy: side(wire.legacy),
            candidate: wire.candidate.map(side),
            legacy_ns: wire.legacy_ns,
            candidate_ns: wire.candidate_ns,
            input: wire.input.and_then(value),
            noise: wire.noise,
        })
    }
}

fn side(wire: WireSide<'_>) -> Side {
    match wire {
        WireSide::Value(written) => value(written).map_or(Side::Unreadable, Side::Value),
        WireSide::Raised(class) => Side::Raised(class.into_owned()),
        WireSide::Timeout(true) => Side::Timeout,
        WireSide::Timeout(false) => Side::Unreadable,
    }
}

fn value(written: &Written) -> Option<RawValue> {
    let text = written.get().as_bytes();
    if text.len() > LINE_BYTES {
        return None;
    }
    read_value(text).ok().map(|read| read.value)
}

/// What a wrapper counts, beside what it sends to be compared.
pub const COUNTS: [&str; 8] = [
    "calls",
    "candidate_errors",
    "dropped",
    "legacy_errors",
    "sampled_out",
    "skipped_breaker",
    "timeouts",
    "unsnapshotable",
];

/// The counts of each step, from JSON.
///
/// # Errors
/// `parity.bad_observation` for what is none, or a count that nobody knows.
///
/// ```
/// let counts = leadwright::parity::counts_from_json(br#"{"decide": {"calls": 3, "dropped": 1}}"#)?;
/// assert_eq!(counts["decide"]["calls"], 3);
/// # Ok::<(), leadwright::model::Error>(())
/// ```
pub fn counts_from_json(json: &[u8]) -> Result<BTreeMap<String, BTreeMap<String, u64>>, Error> {
    let bad = |what: String| Error::new(Code::ParityBadObservation, what);
    let counts: BTreeMap<String, BTreeMap<String, u64>> =
        serde_json::from_slice(json).map_err(|error| bad(format!("no counts, at column {}", error.column())))?;
    let unknown = counts.values().flat_map(BTreeMap::keys).find(|name| !COUNTS.contains(&name.as_str()));
    match unknown {
        Some(_) => Err(bad(format!("a count that nobody knows; known are {}", COUNTS.join(", ")))),
        None => Ok(counts),
    }
}

/// The time from which on something counts: RFC 3339, or a day.
///
/// # Errors
/// `input.bad_option`.
///
/// ```
/// use leadwright::parity::since;
/// assert_eq!(since(Some("2026-11-28"))?, since(Some("2026-11-28T00:00:00Z"))?);
/// assert_eq!(since(None)?, None);
/// # Ok::<(), leadwright::model::Error>(())
/// ```
pub fn since(text: Option<&str>) -> Result<Option<Timestamp>, Error> {
    let Some(text) = text else { return Ok(None) };
    let time = text.parse().or_else(|_| format!("{text}T00:00:00Z").parse());
    let bad = |_| Error::new(Code::InputBadOption, "`since` is a time of RFC 3339, or a day like 2026-11-28");
    time.map(Some).map_err(bad)
}

/// Compares observations by the rules of a step, all of it JSON: a list of verdicts. Nothing is written.
///
/// # Errors
/// `parity.bad_rules`, `parity.bad_observation`.
///
/// ```
/// let seen = br#"[{"step": "s", "key": "L1", "at": "2026-11-28T12:00:00Z", "stage": "shadow",
///     "legacy": {"value": "A"}, "candidate": {"value": "a"}}]"#;
/// let verdicts = leadwright::parity::compare_json(seen, b"{}")?;
/// assert_eq!(verdicts, r#"[{"verdict":"mismatch","classes":["whitespace_or_case"],"known":[]}]"#);
/// # Ok::<(), leadwright::model::Error>(())
/// ```
pub fn compare_json(observations: &[u8], rules: &[u8]) -> Result<String, Error> {
    let rules = Rules::from_json(rules)?;
    let seen = Observation::list(observations)?;
    let verdicts: Vec<Verdict> = seen.iter().map(|one| compare(one, &rules).verdict).collect();
    Ok(serde_json::to_string(&verdicts).unwrap_or_default())
}
