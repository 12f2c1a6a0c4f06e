//! The error ledger: problems that are the same problem again are one row with a count.

use crate::model::{Action, Code, Fingerprint, Problem, Severity, general_path};
use serde::Serialize;
use std::collections::BTreeMap;

/// Most rows of a ledger: paths come from outside, and memory must not.
const ROWS: usize = 4_096;

/// One problem of one source, however often it was met. `S` says when: a time, or the number of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Group<S> {
    /// Which.
    pub fingerprint: Fingerprint,
    /// What is wrong.
    #[cfg_attr(feature = "schema", schemars(with = "crate::model::schema_of::ProblemCode"))]
    pub code: Code,
    /// Where: a JSON Pointer, with `*` for the entries of a list.
    pub path: String,
    /// Through which source it came; none where that was not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The worst severity it had.
    pub severity: Severity,
    /// How often.
    pub count: u64,
    /// How often each thing was done about it.
    pub actions: BTreeMap<Action, u64>,
    /// When it was first met.
    pub first: S,
    /// When it was last met.
    pub last: S,
    /// The shape of the value that it was first met with, never the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<String>,
    /// What would have been right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// Of which moment shape and expectation are.
    #[serde(skip)]
    pub sampled: S,
}

/// Problems, grouped. Adding in any order, or in parts that are joined later, gives the same rows, as long as there are
/// not more kinds of problems than rows.
///
/// ```
/// use leadwright::{model::{Code, Problem}, report::Ledger};
/// let mut ledger = Ledger::default();
/// for line in 1..=3_u64 {
///     ledger.add(&Problem::new(Code::PhoneTooShort, "/phone").with_shape("999-9999"), Some("web"), line);
/// }
/// let rows = ledger.worst();
/// assert_eq!((rows.len(), rows[0].count, rows[0].first, rows[0].last), (1, 3, 1, 3));
/// assert_eq!(rows[0].shape.as_deref(), Some("999-9999"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger<S> {
    groups: BTreeMap<Fingerprint, Group<S>>,
    beyond: u64,
}

impl<S> Default for Ledger<S> {
    fn default() -> Self {
        Self { groups: BTreeMap::new(), beyond: 0 }
    }
}

impl<S: Copy + Ord> Ledger<S> {
    /// Counts a problem.
    pub fn add(&mut self, problem: &Problem, source: Option<&str>, at: S) {
        self.join_group(Group::of(problem, source, at));
    }

    /// Adds a row of another ledger under another source.
    pub fn add_group(&mut self, group: &Group<S>, source: Option<&str>) {
        let fingerprint = Fingerprint::over(group.code, &group.path, source);
        self.join_group(Group { fingerprint, source: source.map(str::to_owned), ..group.clone() });
    }

    /// Adds the rows of another ledger.
    pub fn join(&mut self, other: Self) {
        self.beyond += other.beyond;
        other.groups.into_values().for_each(|group| self.join_group(group));
    }

    /// Adds a row that was kept elsewhere.
    fn join_group(&mut self, group: Group<S>) {
        if let Some(known) = self.groups.get_mut(&group.fingerprint) {
            known.join(group);
        } else if self.groups.len() < ROWS {
            self.groups.insert(group.fingerprint, group);
        } else {
            self.beyond += group.count;
        }
    }

    /// The rows, by fingerprint.
    pub fn groups(&self) -> impl Iterator<Item = &Group<S>> {
        self.groups.values()
    }

    /// The rows, errors first, the most frequent first, then by code, path and source.
    pub fn worst(&self) -> Vec<&Group<S>> {
        let mut rows: Vec<_> = self.groups.values().collect();
        rows.sort_by(|a, b| a.worse(b));
        rows
    }

    /// How many problems found no row any more: there were too many kinds of them.
    pub fn beyond(&self) -> u64 {
        self.beyond
    }
}

impl<S: Copy + Ord> Group<S> {
    /// One problem, met once.
    pub fn of(problem: &Problem, source: Option<&str>, at: S) -> Self {
        let path = general_path(&problem.path);
        Self {
            fingerprint: Fingerprint::over(problem.code, &path, source),
            code: problem.code,
            path,
            source: source.map(str::to_owned),
            severity: problem.severity,
            count: 1,
            actions: BTreeMap::from([(problem.action, 1)]),
            first: at,
            last: at,
            shape: problem.shape.clone(),
            expected: problem.expected.clone(),
            sampled: at,
        }
    }

    /// The same wherever it was found.
    #[must_use]
    pub fn anywhere(self) -> Self {
        let path = "/*".to_owned();
        Self { fingerprint: Fingerprint::over(self.code, &path, self.source.as_deref()), path, ..self }
    }

    /// Counts what was met elsewhere, or later.
    pub fn join(&mut self, other: Self) {
        self.count += other.count;
        for (action, count) in &other.actions {
            *self.actions.entry(*action).or_default() += count;
        }
        self.severity = self.severity.max(other.severity);
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        // The sample is the first that shows anything; of two at one moment the lesser text, so that order is nothing.
        let rank = |group: &Self| (group.shape.is_none(), group.sampled, group.shape.clone(), group.expected.clone());
        if rank(&other) < rank(self) {
            (self.shape, self.expected, self.sampled) = (other.shape, other.expected, other.sampled);
        }
    }

    /// Errors first, the most frequent first, then by code, path and source.
    pub fn worse(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }

    fn rank(&self) -> (std::cmp::Reverse<(Severity, u64)>, Code, &str, Option<&str>) {
        (std::cmp::Reverse((self.severity, self.count)), self.code, &self.path, self.source.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn problem() -> impl Strategy<Value = (Problem, Option<&'static str>, u64)> {
        let codes = prop::sample::select(vec![Code::PhoneTooShort, Code::EmailNoAt, Code::FieldMissing]);
        let paths = prop::sample::select(vec!["/phone", "/drivers/0/dob", "/drivers/1/dob", ""]);
        let actions = prop::sample::select(vec![Action::Kept, Action::Dropped, Action::Rejected]);
        let sources = prop::sample::select(vec![None, Some("web"), Some("affil-17")]);
        let shapes = prop::option::of("[9a]{1,2}");
        (codes, paths, actions, sources, shapes, 0..50_u64).prop_map(|(code, path, action, source, shape, at)| {
            let problem = Problem::new(code, path).with_action(action);
            (shape.into_iter().fold(problem, Problem::with_shape), source, at)
        })
    }

    fn of(problems: &[(Problem, Option<&'static str>, u64)]) -> Ledger<u64> {
        let mut ledger = Ledger::default();
        problems.iter().for_each(|(problem, source, at)| ledger.add(problem, *source, *at));
        ledger
    }

    proptest! {
        #[test]
        fn order_and_parts_make_no_difference(problems in prop::collection::vec(problem(), 0..60), at in 0..60_usize) {
            let whole = of(&problems);
            let mut backwards = problems.clone();
            backwards.reverse();
            prop_assert_eq!(&of(&backwards), &whole);
            let (one, two) = problems.split_at(at.min(problems.len()));
            let mut joined = of(two);
            joined.join(of(one));
            prop_assert_eq!(&joined, &whole);
            prop_assert_eq!(whole.groups().map(|group| group.count).sum::<u64>(), problems.len() as u64);
            for group in whole.groups() {
                prop_assert_eq!(group.actions.values().sum::<u64>(), group.count);
                prop_assert!(group.first <= group.last);
            }
        }
    }

    #[test]
    fn memory_is_bounded_and_nothing_is_lost_in_silence() {
        let mut ledger = Ledger::default();
        for n in 0..ROWS + 10 {
            ledger.add(&Problem::new(Code::JsonDuplicateKey, format!("/key{n}")), None, n);
        }
        assert_eq!((ledger.groups().count(), ledger.beyond()), (ROWS, 10));
        assert_eq!(ledger.worst().len(), ROWS);
    }

    #[test]
    fn the_worst_come_first() {
        let mut ledger = Ledger::default();
        for at in 0..5_u64 {
            ledger.add(&Problem::new(Code::PhoneFictitious, "/phone"), None, at);
        }
        ledger.add(&Problem::new(Code::FieldMissing, "/phone"), None, 9);
        let codes: Vec<_> = ledger.worst().iter().map(|group| group.code).collect();
        assert_eq!(codes, [Code::FieldMissing, Code::PhoneFictitious]);
    }

    /// A fingerprint is kept in stores: it must never change within its version.
    #[test]
    fn a_fingerprint_stays() {
        let problem = Problem::new(Code::PhoneTooShort, "/phone");
        assert_eq!(Fingerprint::of(&problem, Some("web")).to_string(), "lwp1:a96d219b17796e5f9d73caa099ef7fa5");
    }
}
