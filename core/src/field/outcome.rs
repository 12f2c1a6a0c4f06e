//! What a check found.

use crate::model::{Correction, Problem, Severity, Value};
use std::collections::BTreeMap;

/// The canonical value with what was wrong and what was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldOutcome {
    /// The canonical value; none when the field is absent or its value was refused.
    pub value: Option<Value>,
    /// Parts of the value by name: the extension of a phone number.
    pub parts: BTreeMap<&'static str, Value>,
    /// What was wrong.
    pub problems: Vec<Problem>,
    /// What was changed. Personal data.
    pub corrections: Vec<Correction>,
}

impl FieldOutcome {
    /// Whether nothing was wrong enough to refuse the value. A field that may be absent and is, is valid.
    ///
    /// ```
    /// assert!(leadwright::field::FieldOutcome::default().valid());
    /// ```
    pub fn valid(&self) -> bool {
        self.problems.iter().all(|problem| problem.severity < Severity::Error)
    }

    pub(super) fn refused(problem: Problem) -> Self {
        Self { problems: vec![problem], ..Self::default() }
    }
}
