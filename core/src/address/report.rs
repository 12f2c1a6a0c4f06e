//! Collects what was changed and what was wrong while an address is read.

use super::parts::AddressPaths;
use crate::model::{Action, Code, Correction, Problem, RawValue};
use std::borrow::Cow;

/// Where what is found is said to be.
#[derive(Clone, Copy)]
pub(super) enum Paths<'a> {
    /// All at one place.
    One(&'a str),
    /// Each part at its own.
    Parts(&'a AddressPaths),
}

impl<'a> Paths<'a> {
    pub(super) fn of(self, code: Code) -> &'a str {
        match self {
            Self::One(path) => path,
            Self::Parts(paths) => paths.of(code),
        }
    }
}

/// Corrections and problems, in the order they were found.
pub(super) struct Report<'a> {
    paths: Paths<'a>,
    silent: bool,
    pub(super) corrections: Vec<Correction>,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Report<'a> {
    pub(super) fn new(paths: Paths<'a>) -> Self {
        Self { paths, silent: false, corrections: Vec::new(), problems: Vec::new() }
    }

    /// One that notes nothing.
    pub(super) fn silent() -> Self {
        Self { silent: true, ..Self::new(Paths::One("")) }
    }

    /// Another one for a reading that may be given up.
    pub(super) fn scratch(&self) -> Report<'a> {
        Self { silent: self.silent, ..Self::new(self.paths) }
    }

    /// Takes over what a reading noted that was kept.
    pub(super) fn absorb(&mut self, other: Report<'_>) {
        self.corrections.extend(other.corrections);
        self.problems.extend(other.problems);
    }

    /// Notes a change, unless nothing changed.
    pub(super) fn correct<'t>(&mut self, code: Code, from: impl Into<Cow<'t, str>>, to: &str) {
        let from = from.into();
        if from != to && !self.silent {
            self.corrections.push(Correction::new(code, self.paths.of(code), from, to));
        }
    }

    pub(super) fn problem(&mut self, code: Code) {
        self.add(Problem::new(code, self.paths.of(code)));
    }

    /// Notes a problem with one of its parts, whose shape it shows.
    pub(super) fn problem_with(&mut self, code: Code, shape: &str) {
        self.add(Problem::new(code, self.paths.of(code)).with_shape(RawValue::text(shape).shape()));
    }

    /// Notes a part that cannot be used.
    pub(super) fn dropped(&mut self, code: Code, shape: &str) {
        let problem = Problem::new(code, self.paths.of(code)).with_action(Action::Dropped);
        self.add(problem.with_shape(RawValue::text(shape).shape()));
    }

    /// A problem that stands for all others.
    pub(super) fn only(&self, code: Code) -> Problem {
        Problem::new(code, self.paths.of(code))
    }

    fn add(&mut self, problem: Problem) {
        if !self.silent && !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Whether a problem was noted.
    pub(super) fn has(&self, code: Code) -> bool {
        self.problems.iter().any(|problem| problem.code == code)
    }
}
