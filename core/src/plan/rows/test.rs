//! What a column asks about a field, and the line of criteria that all of them make.

use crate::model::{RawMap, RawValue};
use std::collections::BTreeMap;

/// What is asked about a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Test {
    /// One of these.
    Is,
    /// None of these.
    Not,
    Gte,
    Gt,
    Lte,
    Lt,
    /// Whether a lead without the field passes.
    Missing,
}

impl Test {
    /// The operator of the plan.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Test::Is => "in",
            Test::Not => "not",
            Test::Gte => "gte",
            Test::Gt => "gt",
            Test::Lte => "lte",
            Test::Lt => "lt",
            Test::Missing => "missing",
        }
    }

    /// Whether a cell may hold several values.
    pub(super) fn takes_several(self) -> bool {
        matches!(self, Test::Is | Test::Not)
    }
}

/// All that is asked about one field.
pub(super) type Tests = BTreeMap<Test, Vec<RawValue>>;

/// The condition, and for each test the key under it; none where the condition is the values alone.
pub(super) fn condition(tests: Tests) -> (RawValue, Vec<(Test, Option<&'static str>)>) {
    if tests.len() == 1 && tests.contains_key(&Test::Is) {
        let values = tests.into_values().next().unwrap_or_default();
        return (one_or_list(values), vec![(Test::Is, None)]);
    }
    let keys = tests.keys().map(|test| (*test, Some(test.as_str()))).collect();
    let members = tests.into_iter().map(|(test, values)| {
        let value = if test == Test::Is { RawValue::List(values) } else { one_or_list(values) };
        (test.as_str().to_owned(), value)
    });
    (RawValue::Object(RawMap(members.collect())), keys)
}

fn one_or_list(mut values: Vec<RawValue>) -> RawValue {
    match (values.len(), values.pop()) {
        (1, Some(value)) => value,
        (_, last) => RawValue::List(values.into_iter().chain(last).collect()),
    }
}
