//! One column: how full it is, what its values look like, and how they would fare.

use crate::field::{FieldKind, FieldOptions, check};
use crate::model::{Code, Date, RawValue, Severity};
use crate::schema::Field;
use serde::{Serialize, Serializer};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Most values of a column that are kept.
const SAMPLE: usize = 2_000;

/// Values are told apart up to so many.
const DISTINCT: usize = 1_000;

/// Shapes that are shown.
const SHAPES: usize = 3;

/// What was seen of a column.
#[derive(Clone)]
pub(super) struct Column {
    pub(super) name: String,
    filled: u64,
    empty: u64,
    /// Every so manyth value is in the sample.
    stride: u64,
    pub(super) sample: Vec<RawValue>,
    distinct: BTreeSet<u64>,
}

/// A column of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnProfile {
    /// Its name, or its shape where it does not look like a name.
    pub name: String,
    /// What it seems to hold; none where it is empty.
    #[serde(serialize_with = "kind_name")]
    pub kind: Option<FieldKind>,
    /// Leads with a value.
    pub filled: u64,
    /// Leads with the column and no value.
    pub empty: u64,
    /// Different values, up to 1,000.
    pub distinct: usize,
    /// Values that were checked: all, or some spread evenly over the file.
    pub checked: u64,
    /// Of those, good as they are or with only their form changed.
    pub good: u64,
    /// Good once something was repaired.
    pub mended: u64,
    /// Refused.
    pub refused: u64,
    /// What was repaired, by how often.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub repairs: BTreeMap<Code, u64>,
    /// What was wrong, by how often.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub problems: BTreeMap<Code, u64>,
    /// The field of the best schema that it is, by its name or by a proposal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The most frequent shapes: `9` for a digit, `a` and `A` for letters.
    pub shapes: Vec<(String, u64)>,
}

fn kind_name<S: Serializer>(kind: &Option<FieldKind>, out: S) -> Result<S::Ok, S::Error> {
    kind.map(FieldKind::as_str).serialize(out)
}

impl Column {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.into(), filled: 0, empty: 0, stride: 1, sample: Vec::new(), distinct: BTreeSet::new() }
    }

    pub(super) fn add(&mut self, value: &RawValue) {
        let empty = matches!(value, RawValue::Null) || matches!(value, RawValue::Text(text) if text.trim().is_empty());
        if empty {
            self.empty += 1;
            return;
        }
        if self.distinct.len() < DISTINCT {
            self.distinct.insert(fingerprint(value));
        }
        if self.filled.is_multiple_of(self.stride) {
            self.sample.push(value.clone());
        }
        self.filled += 1;
        // Twice as many as wanted: every second goes, and from now on every second is left out.
        if self.sample.len() >= 2 * SAMPLE {
            let mut at = 0_usize;
            self.sample.retain(|_| {
                at += 1;
                at % 2 == 1
            });
            self.stride *= 2;
        }
    }

    /// How many different values, up to a thousand.
    pub(super) fn distinct(&self) -> usize {
        self.distinct.len()
    }

    pub(super) fn profile(
        &self,
        shown: String,
        kind: Option<FieldKind>,
        field: Option<&Field>,
        as_of: Option<Date>,
    ) -> ColumnProfile {
        let mut profile = ColumnProfile {
            name: shown,
            kind: field.map(|field| field.kind).filter(|_| self.filled > 0).or(kind),
            filled: self.filled,
            empty: self.empty,
            distinct: self.distinct(),
            checked: 0,
            good: 0,
            mended: 0,
            refused: 0,
            repairs: BTreeMap::new(),
            problems: BTreeMap::new(),
            field: field.map(|field| field.name.clone()),
            shapes: self.shapes(),
        };
        let Some(kind) = profile.kind else { return profile };
        let told = FieldOptions { as_of, ..field.map(|field| field.options.clone()).unwrap_or_default() };
        // The values of an enumeration without a field are whatever they are.
        let checked = if kind == FieldKind::Enum && field.is_none() { FieldKind::Text } else { kind };
        self.sample.iter().for_each(|value| profile.count(checked, value, &told));
        profile
    }

    fn shapes(&self) -> Vec<(String, u64)> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        self.sample.iter().for_each(|value| *counts.entry(value.shape()).or_default() += 1);
        let mut all: Vec<_> = counts.into_iter().collect();
        all.sort_by_key(|(_, count)| Reverse(*count));
        all.truncate(SHAPES);
        all
    }
}

impl ColumnProfile {
    fn count(&mut self, kind: FieldKind, value: &RawValue, told: &FieldOptions) {
        let outcome = check(kind, value, "", told);
        let repairs: Vec<Code> =
            outcome.corrections.iter().map(|correction| correction.code).filter(|code| code.is_repair()).collect();
        self.checked += 1;
        let count = match (outcome.valid(), repairs.is_empty()) {
            (false, _) => &mut self.refused,
            (true, false) => &mut self.mended,
            (true, true) => &mut self.good,
        };
        *count += 1;
        repairs.into_iter().for_each(|code| *self.repairs.entry(code).or_default() += 1);
        let worth = outcome.problems.iter().filter(|problem| problem.severity > Severity::Info);
        worth.for_each(|problem| *self.problems.entry(problem.code).or_default() += 1);
    }
}

/// FNV-1a: two values that share it are counted as one, which changes no more than a count.
fn fingerprint(value: &RawValue) -> u64 {
    let text = match value {
        RawValue::Text(text) | RawValue::Number(text) => text.trim().to_lowercase(),
        other => other.shape(),
    };
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}
