//! Collects what was changed and what was wrong while an address is read.

use super::parts::AddressPaths;
use crate::model::{Action, Code, Correction, Problem, text_shape};
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
        let Self { corrections, problems, .. } = self;
        if corrections.is_empty() {
            *corrections = other.corrections;
        } else {
            corrections.extend(other.corrections);
        }
        if problems.is_empty() {
            *problems = other.problems;
        } else {
            problems.extend(other.problems);
        }
    }

    /// Notes a change, unless nothing changed.
    pub(super) fn correct<'f, 't>(&mut self, code: Code, from: impl Into<Cow<'f, str>>, to: impl Into<Cow<'t, str>>) {
        let (from, to) = (from.into(), to.into());
        if from != to && !self.silent {
            self.corrections.push(Correction::new(code, self.paths.of(code), from, to));
        }
    }

    pub(super) fn problem(&mut self, code: Code) {
        self.add(|path| Problem::new(code, path), code);
    }

    /// Notes a problem with one of its parts, whose shape it shows.
    pub(super) fn problem_with(&mut self, code: Code, shape: &str) {
        self.add(|path| Problem::new(code, path).with_shape(text_shape(shape)), code);
    }

    /// Notes a part that cannot be used.
    pub(super) fn dropped(&mut self, code: Code, shape: &str) {
        let dropped = |path| Problem::new(code, path).with_action(Action::Dropped).with_shape(text_shape(shape));
        self.add(dropped, code);
    }

    /// A problem that stands for all others.
    pub(super) fn only(&self, code: Code) -> Problem {
        Problem::new(code, self.paths.of(code))
    }

    fn add(&mut self, problem: impl FnOnce(&'a str) -> Problem, code: Code) {
        if self.silent {
            return;
        }
        let problem = problem(self.paths.of(code));
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Whether a problem was noted.
    pub(super) fn has(&self, code: Code) -> bool {
        self.problems.iter().any(|problem| problem.code == code)
    }
}
