//! Collects what was changed and what was wrong while an address is read.

use crate::model::{Action, Code, Correction, Problem, RawValue};

/// Corrections and problems, in the order they were found.
pub(super) struct Report<'a> {
    path: &'a str,
    pub(super) corrections: Vec<Correction>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Report<'a> {
    pub(super) fn new(path: &'a str) -> Self {
        Self { path, corrections: Vec::new(), problems: Vec::new() }
    }

    /// Another one for a reading that may be given up.
    pub(super) fn scratch(&self) -> Report<'a> {
        Self::new(self.path)
    }

    /// Takes over what a reading noted that was kept.
    pub(super) fn absorb(&mut self, other: Report<'_>) {
        self.corrections.extend(other.corrections);
        self.problems.extend(other.problems);
    }

    /// Notes a change, unless nothing changed.
    pub(super) fn correct(&mut self, code: Code, from: &str, to: &str) {
        if from != to {
            self.corrections.push(Correction::new(code, self.path, from, to));
        }
    }

    pub(super) fn problem(&mut self, code: Code) {
        self.add(Problem::new(code, self.path));
    }

    /// Notes a problem with one of its parts, whose shape it shows.
    pub(super) fn problem_with(&mut self, code: Code, shape: &str) {
        self.add(Problem::new(code, self.path).with_shape(RawValue::text(shape).shape()));
    }

    /// Notes a part that cannot be used.
    pub(super) fn dropped(&mut self, code: Code, shape: &str) {
        self.add(Problem::new(code, self.path).with_action(Action::Dropped).with_shape(RawValue::text(shape).shape()));
    }

    pub(super) fn add(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Whether a problem was noted.
    pub(super) fn has(&self, code: Code) -> bool {
        self.problems.iter().any(|problem| problem.code == code)
    }
}
