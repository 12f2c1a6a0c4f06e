//! Formulas: what rows and postings do not say of a contract.
//!
//! A formula is a chain of steps, each of which asks one test and goes on to one of two others. Chains that end alike
//! share their ends, so the size is that of what was written; nothing is multiplied out.
//!
//! Tests have three values, a formula two: with [`Ask::IsTrue`] a step goes the way of yes when its test is true, with
//! [`Ask::NotFalse`] when it is not false. As `any` and `all` only join and negation stands inside of tests, that is
//! exactly when the whole is true, or not false.

use super::attributes::{Known, MISSING, Subject};
use super::domain::Domain;
use super::index::Ask;
use super::runs::Runs;
use crate::rules::criteria::{Criteria, FieldTest, Line};
use crate::rules::{Facts, Truth};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The contract wants the lead.
pub(super) const ACCEPT: u32 = u32::MAX;
/// It does not.
const REJECT: u32 = u32::MAX - 1;

/// Attributes with more classes are looked up in runs, not in bits.
const MOST_BITS: u32 = 4_096;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Step {
    test: u32,
    yes: u32,
    no: u32,
}

#[derive(Clone, Debug)]
enum Test {
    /// Whether the class of an attribute is one of those whose bits begin at a word.
    Bits { attribute: u32, start: u32, missing_ok: bool },
    /// Whether it is within one of some runs.
    Within { attribute: u32, start: u32, end: u32, missing_ok: bool },
    /// One that classes do not show.
    Asked(Box<FieldTest>, u32),
    /// Nothing can be said.
    Unknown,
}

/// All formulas of an index.
#[derive(Clone, Debug, Default)]
pub(super) struct Formulas {
    tests: Vec<Test>,
    steps: Vec<Step>,
    bits: Vec<u64>,
    runs: Vec<(u32, u32)>,
    /// How many tests have to ask the lead itself.
    asked: u32,
}

/// Answers of tests that ask the lead itself: given once, and kept as long as the lead is looked at.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    known: Vec<Option<Truth>>,
    given: Vec<u32>,
}

impl Answers {
    pub(super) fn forget(&mut self, formulas: &Formulas) {
        for place in self.given.drain(..) {
            self.known[place as usize] = None;
        }
        self.known.resize(formulas.asked as usize, None);
    }

    fn get(&mut self, place: u32, answer: impl FnOnce() -> Truth) -> Truth {
        let given = &mut self.given;
        *self.known[place as usize].get_or_insert_with(|| {
            given.push(place);
            answer()
        })
    }
}

impl Formulas {
    /// Whether a formula, given by its first step, comes out as asked.
    pub(super) fn accepts(
        &self,
        first: u32,
        ask: Ask,
        classes: &[u32],
        facts: &dyn Facts,
        answers: &mut Answers,
    ) -> bool {
        let mut next = first;
        while let Some(step) = self.steps.get(next as usize) {
            let yes = self.holds(&self.tests[step.test as usize], ask, classes, facts, answers);
            next = if yes { step.yes } else { step.no };
        }
        next == ACCEPT
    }

    fn holds(&self, test: &Test, ask: Ask, classes: &[u32], facts: &dyn Facts, answers: &mut Answers) -> bool {
        let possibly = ask == Ask::NotFalse;
        match test {
            Test::Bits { attribute, start, missing_ok } => match classes[*attribute as usize] {
                MISSING => *missing_ok || possibly,
                class => self.bits[*start as usize + class as usize / 64] >> (class % 64) & 1 == 1,
            },
            Test::Within { attribute, start, end, missing_ok } => match classes[*attribute as usize] {
                MISSING => *missing_ok || possibly,
                class => {
                    let runs = &self.runs[*start as usize..*end as usize];
                    let place = runs.partition_point(|(_, end)| *end <= class);
                    runs.get(place).is_some_and(|(start, _)| *start <= class)
                }
            },
            Test::Asked(test, place) => match answers.get(*place, || test.truth(facts)) {
                Truth::True => true,
                Truth::False => false,
                Truth::Unknown => possibly,
            },
            Test::Unknown => possibly,
        }
    }
}

/// Formulas while they are made.
pub(super) struct Maker<'a> {
    formulas: Formulas,
    domains: &'a [Domain],
    known: &'a Known<'a>,
    classed: FxHashMap<(u32, Runs, bool), u32>,
    asked: BTreeMap<&'a FieldTest, u32>,
    steps: FxHashMap<Step, u32>,
    unknown: Option<u32>,
}

impl<'a> Maker<'a> {
    pub(super) fn new(domains: &'a [Domain], known: &'a Known<'a>) -> Self {
        Self {
            formulas: Formulas::default(),
            domains,
            known,
            classed: FxHashMap::default(),
            asked: BTreeMap::new(),
            steps: FxHashMap::default(),
            unknown: None,
        }
    }

    pub(super) fn finish(self) -> Formulas {
        self.formulas
    }

    /// The first step of a formula that accepts when all lines are met.
    pub(super) fn all(&mut self, lines: &[&'a Line]) -> u32 {
        self.chain(lines.iter().copied(), ACCEPT, REJECT)
    }

    /// From the last line to the first, as each has to know where to go on.
    fn chain(&mut self, lines: impl DoubleEndedIterator<Item = &'a Line>, yes: u32, no: u32) -> u32 {
        lines.rev().fold(yes, |next, line| self.line(line, next, no))
    }

    fn criteria(&mut self, criteria: &'a Criteria, yes: u32, no: u32) -> u32 {
        self.chain(criteria.lines.iter(), yes, no)
    }

    fn line(&mut self, line: &'a Line, yes: u32, no: u32) -> u32 {
        let test = match line {
            Line::All(inner) => return inner.iter().rev().fold(yes, |next, each| self.criteria(each, next, no)),
            Line::Any(inner) => return inner.iter().rev().fold(no, |next, each| self.criteria(each, yes, next)),
            Line::Field(test) => self.field(test),
            Line::List { name, on } => {
                let wanted = Runs::span(u32::from(*on), u32::from(*on) + 1);
                match self.known.get(&Subject::List(name)) {
                    Some(attribute) => self.classed(*attribute, wanted, false),
                    None => self.unknown(),
                }
            }
        };
        self.step(Step { test, yes, no })
    }

    fn step(&mut self, step: Step) -> u32 {
        let steps = &mut self.formulas.steps;
        *self.steps.entry(step).or_insert_with(|| {
            steps.push(step);
            steps.len() as u32 - 1
        })
    }

    fn put(&mut self, test: Test) -> u32 {
        self.formulas.tests.push(test);
        self.formulas.tests.len() as u32 - 1
    }

    fn unknown(&mut self) -> u32 {
        match self.unknown {
            Some(test) => test,
            None => *self.unknown.insert({
                self.formulas.tests.push(Test::Unknown);
                self.formulas.tests.len() as u32 - 1
            }),
        }
    }

    fn field(&mut self, test: &'a FieldTest) -> u32 {
        if let Some(attribute) = Subject::of(test).and_then(|subject| self.known.get(&subject)) {
            let wanted = self.domains[*attribute as usize].meets(&test.operators);
            return self.classed(*attribute, wanted, test.missing_ok);
        }
        if let Some(known) = self.asked.get(test) {
            return *known;
        }
        let place = self.formulas.asked;
        self.formulas.asked += 1;
        let number = self.put(Test::Asked(Box::new(test.clone()), place));
        self.asked.insert(test, number);
        number
    }

    fn classed(&mut self, attribute: u32, wanted: Runs, missing_ok: bool) -> u32 {
        let key = (attribute, wanted, missing_ok);
        if let Some(known) = self.classed.get(&key) {
            return *known;
        }
        let classes = self.domains[attribute as usize].count();
        let test = if classes <= MOST_BITS {
            let bits = &mut self.formulas.bits;
            let start = bits.len();
            bits.resize(start + classes.div_ceil(64) as usize, 0);
            key.1.classes().for_each(|class| bits[start + class as usize / 64] |= 1 << (class % 64));
            Test::Bits { attribute, start: start as u32, missing_ok }
        } else {
            let start = self.formulas.runs.len() as u32;
            self.formulas.runs.extend_from_slice(key.1.as_slice());
            Test::Within { attribute, start, end: self.formulas.runs.len() as u32, missing_ok }
        };
        let number = self.put(test);
        self.classed.insert(key, number);
        number
    }
}
