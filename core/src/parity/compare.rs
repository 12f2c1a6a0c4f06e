//! One observation: what both sides did, and the verdict.

use super::class::Class;
use super::decision::classify;
use super::diff::{Difference, diff_normal};
use super::normal::normal;
use super::rules::{Rules, day_of};
use super::stage::StageName;
use crate::model::{RawValue, Timestamp};
use serde::Serialize;
use std::collections::BTreeSet;

/// What one side did with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// It answered.
    Value(RawValue),
    /// It raised an exception of this class.
    Raised(String),
    /// It was not done in time.
    Timeout,
    /// It answered what cannot be compared.
    Unreadable,
}

/// One call of a step, and what its two sides did. `Debug` shows shapes only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// Which step.
    pub step: String,
    /// The key of the lead.
    pub key: String,
    /// When.
    pub at: Timestamp,
    /// At which stage the step was.
    pub stage: StageName,
    /// Whether the caller got the candidate's answer.
    pub candidate_answered: bool,
    /// What the legacy did.
    pub legacy: Side,
    /// What the candidate did, where it was asked.
    pub candidate: Option<Side>,
    /// How long the legacy took.
    pub legacy_ns: Option<u64>,
    /// How long the candidate took.
    pub candidate_ns: Option<u64>,
    /// What both were asked; kept only where values are.
    pub input: Option<RawValue>,
    /// Whether both sides are the legacy, to learn how much it differs from itself.
    pub noise: bool,
}

/// What an observation says about parity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// No difference, or none that the rules mind.
    Match,
    /// All differences are declared.
    Known,
    /// A difference that nobody declared.
    Mismatch,
    /// There was nothing to compare.
    Recorded,
}

impl Word {
    /// The word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Known => "known",
            Self::Mismatch => "mismatch",
            Self::Recorded => "recorded",
        }
    }
}

/// The verdict of one observation, without what differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Which.
    pub verdict: Word,
    /// The classes of its differences.
    pub classes: BTreeSet<Class>,
    /// The known differences that were seen.
    pub known: BTreeSet<String>,
}

/// The verdict, and every difference with the known one that covers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// The verdict.
    pub verdict: Verdict,
    /// What differs, and the id of the known difference that it is.
    pub differences: Vec<(Difference, Option<String>)>,
}

/// Compares the two sides of an observation.
///
/// ```
/// use leadwright::model::{RawValue, Timestamp};
/// use leadwright::parity::{Observation, Rules, Side, StageName, Word, compare};
/// let observation = Observation {
///     step: "validate".into(), key: "L1".into(), at: Timestamp::EPOCH, stage: StageName::Shadow,
///     candidate_answered: false, legacy: Side::Value(RawValue::Bool(true)), candidate: Some(Side::Raised("KeyError".into())),
///     legacy_ns: None, candidate_ns: None, input: None, noise: false,
/// };
/// let compared = compare(&observation, &Rules::default());
/// assert_eq!(compared.verdict.verdict, Word::Mismatch);
/// assert_eq!(serde_json::to_string(&compared.verdict)?, r#"{"verdict":"mismatch","classes":["candidate_raised"],"known":[]}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn compare(observation: &Observation, rules: &Rules) -> Compared {
    let Some(candidate) = &observation.candidate else {
        let verdict = Verdict { verdict: Word::Recorded, classes: BTreeSet::new(), known: BTreeSet::new() };
        return Compared { verdict, differences: Vec::new() };
    };
    let found = sides(&observation.legacy, candidate, rules);
    let day = day_of(observation.at);
    let known = |difference: &Difference| {
        let known = rules.known.iter().find(|known| known.covers(difference.class, &difference.path, day));
        known.map(|known| known.id.clone())
    };
    let differences: Vec<(Difference, Option<String>)> = found
        .into_iter()
        .map(|difference| {
            let known = (!difference.class.is_harmless()).then(|| known(&difference)).flatten();
            (difference, known)
        })
        .collect();
    let counted = || differences.iter().filter(|(difference, _)| !difference.class.is_harmless());
    let unreadable = differences.iter().any(|(difference, _)| difference.class == Class::Unreadable);
    let verdict = match (counted().next().is_some(), counted().all(|(_, known)| known.is_some())) {
        _ if unreadable => Word::Recorded,
        (false, _) => Word::Match,
        (true, true) => Word::Known,
        (true, false) => Word::Mismatch,
    };
    let classes = differences.iter().map(|(difference, _)| difference.class).collect();
    let known = differences.iter().filter_map(|(_, known)| known.clone()).collect();
    Compared { verdict: Verdict { verdict, classes, known }, differences }
}

fn sides(legacy: &Side, candidate: &Side, rules: &Rules) -> Vec<Difference> {
    let whole =
        |class: Class| vec![Difference { path: String::new(), class, legacy: None, candidate: None, money: None }];
    match (legacy, candidate) {
        (Side::Unreadable, _) | (_, Side::Unreadable) => whole(Class::Unreadable),
        (Side::Value(a), Side::Value(b)) => {
            let (a, b) = (normal(a, rules), normal(b, rules));
            let found = diff_normal(&a, &b, rules);
            if rules.decision { classify(&a, &b, found) } else { found }
        }
        (Side::Timeout, Side::Timeout) => whole(Class::SameError),
        (Side::Timeout, _) => whole(Class::LegacyTimeout),
        (_, Side::Timeout) => whole(Class::CandidateTimeout),
        (Side::Raised(a), Side::Raised(b)) => whole(if a == b { Class::SameError } else { Class::OtherError }),
        (Side::Raised(_), Side::Value(_)) => whole(Class::LegacyRaised),
        (Side::Value(_), Side::Raised(_)) => whole(Class::CandidateRaised),
    }
}
