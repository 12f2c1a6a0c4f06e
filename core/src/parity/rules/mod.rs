//! How the two sides of a step are compared.

mod pattern;
mod read;

pub use pattern::Pattern;

use super::class::Class;
use super::decimal::Decimal;
use crate::model::{Date, Timestamp};
use crate::redact::HashKey;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a migration compares.
#[derive(Clone, Debug, Default)]
pub struct ParityOptions {
    /// With it values are told apart by keyed hashes; without it nothing of a value is written but type and length.
    pub key: Option<HashKey>,
    /// Whether input and both values are kept, for replay. They are personal data.
    pub values: bool,
    /// Whether the keys of leads are kept as they are. For a host whose ids say nothing about a person.
    pub ids: bool,
    /// The rules of each step; a step without rules is compared as it is.
    pub steps: BTreeMap<String, Rules>,
}

/// How a step is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    pub(super) ignore: Vec<Pattern>,
    pub(super) tolerance: Vec<(Pattern, Decimal)>,
    pub(super) unordered: Vec<Pattern>,
    pub(super) money: Vec<Pattern>,
    pub(super) decision: bool,
    pub(super) known: Vec<Known>,
}

impl Rules {
    /// The differences that are declared.
    pub fn known(&self) -> &[Known] {
        &self.known
    }

    pub(super) fn tolerance_at(&self, path: &[String]) -> Option<Decimal> {
        self.tolerance.iter().find(|(pattern, _)| pattern.matches_steps(path)).map(|(_, most)| *most)
    }
}

pub(super) fn any(patterns: &[Pattern], path: &[String]) -> bool {
    patterns.iter().any(|pattern| pattern.matches_steps(path))
}

/// A difference that somebody looked at and answers for, until a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub id: String,
    /// Why it is right, or does no harm.
    pub reason: String,
    /// Who says so.
    pub owner: String,
    /// The last day on which it holds.
    pub expires: Date,
    /// Of which class; of any when absent.
    pub class: Option<Class>,
    /// At which places; at any when absent.
    pub path: Option<Pattern>,
}

impl Known {
    /// Whether a difference is this one, at a time.
    pub(super) fn covers(&self, class: Class, path: &str, day: Option<Date>) -> bool {
        let class_fits = self.class.is_none_or(|own| own == class);
        let path_fits = self.path.as_ref().is_none_or(|own| own.matches(path));
        class_fits && path_fits && day.is_none_or(|day| day <= self.expires)
    }
}

/// What a ledger says of a known difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownCount {
    /// Its name.
    pub id: String,
    /// Why it is right, or does no harm.
    pub reason: String,
    /// Who says so.
    pub owner: String,
    /// The last day on which it holds.
    pub expires: String,
    /// In how many observations it was seen.
    pub count: u64,
}

/// The day of a time, in UTC.
pub(super) fn day_of(at: Timestamp) -> Option<Date> {
    at.to_string().get(..10)?.parse().ok()
}
