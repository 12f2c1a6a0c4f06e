//! One branch of the app's if/elif: what it tests, and which contracts it returns.

use crate::lead::{Cell, Field, Kind, Lead, Places};
use fastrand::Rng;
use leadwright::model::Date;

/// A comparison, as the app writes it: `lead.get("credit_score") and lead["credit_score"] >= 620`.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    AtLeast(usize, i64),
    Below(usize, i64),
    Is(usize, bool),
    In(usize, Vec<String>),
    /// What is empty is not among them either.
    NotIn(usize, Vec<String>),
    ZipStarts(usize, Vec<String>),
    AgeAtLeast(usize, i64),
    AgeBelow(usize, i64),
}

impl Test {
    fn holds(&self, lead: &Lead) -> bool {
        let cell = |field: &usize| lead.cells[*field].as_ref();
        let number = |field: &usize| match cell(field) {
            Some(Cell::Number(n)) => Some(*n),
            _ => None,
        };
        let text = |field: &usize| match cell(field) {
            Some(Cell::Text(text)) => Some(text.as_str()),
            _ => None,
        };
        let age = |field: &usize| match cell(field) {
            Some(Cell::Date(born)) => Some(i64::from(born.years_until(lead.date))),
            _ => None,
        };
        match self {
            Test::AtLeast(field, least) => number(field).is_some_and(|n| n >= *least),
            Test::Below(field, bound) => number(field).is_some_and(|n| n < *bound),
            Test::Is(field, wanted) => cell(field) == Some(&Cell::Flag(*wanted)),
            Test::In(field, words) => text(field).is_some_and(|text| words.iter().any(|word| word == text)),
            Test::NotIn(field, words) => !text(field).is_some_and(|text| words.iter().any(|word| word == text)),
            Test::ZipStarts(field, starts) => {
                text(field).is_some_and(|text| starts.iter().any(|start| text.starts_with(start.as_str())))
            }
            Test::AgeAtLeast(field, least) => age(field).is_some_and(|n| n >= *least),
            Test::AgeBelow(field, bound) => age(field).is_some_and(|n| n < *bound),
        }
    }
}

/// When a branch is taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hours {
    weekdays_only: bool,
    from: u8,
    to: u8,
}

impl Hours {
    fn holds(self, lead: &Lead) -> bool {
        let monday: Date = "2026-03-02".parse().expect("it is a date");
        let weekday = monday.days_until(lead.date).rem_euclid(7);
        let hour = lead.quarter / 4;
        (!self.weekdays_only || weekday < 5) && hour >= self.from && hour < self.to
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Branch {
    pub(crate) tests: Vec<Test>,
    /// `(a and b) or c`
    pub(crate) either: Vec<Vec<Test>>,
    pub(crate) hours: Option<Hours>,
    /// Those after the first take turns with it.
    pub(crate) contracts: Vec<usize>,
    /// Whose turn it is.
    pub(crate) next: usize,
}

impl Branch {
    pub(crate) fn holds(&self, lead: &Lead) -> bool {
        let all = |tests: &[Test]| tests.iter().all(|test| test.holds(lead));
        all(&self.tests)
            && (self.either.is_empty() || self.either.iter().any(|tests| all(tests)))
            && self.hours.is_none_or(|hours| hours.holds(lead))
    }

    /// How many comparisons a person has to write for one of its contracts.
    pub(crate) fn criteria(&self) -> usize {
        let hours = self.hours.map_or(0, |hours| 2 + usize::from(hours.weekdays_only));
        self.tests.len() + self.either.iter().map(Vec::len).sum::<usize>() + hours
    }

    /// Whatever a person writes who adds a buyer.
    pub(crate) fn by_chance(fields: &[Field], places: &Places, dice: &mut Rng) -> Self {
        let mut branch = Self::default();
        let mut order: Vec<usize> = (0..fields.len()).filter(|f| !matches!(fields[*f].kind, Kind::Noise(_))).collect();
        dice.shuffle(&mut order);
        let place = order.iter().position(|f| matches!(fields[*f].kind, Kind::State | Kind::Zip));
        // Where the lead is comes first in most of them.
        if let Some(place) = place.filter(|_| dice.u32(0..10) < 6) {
            order.swap(0, place);
        }
        let mut left = dice.usize(1..=4);
        for field in order {
            if left == 0 {
                break;
            }
            // Of state and ZIP code one is enough.
            let is_place = |f: usize| matches!(fields[f].kind, Kind::State | Kind::Zip);
            if is_place(field) && branch.tests.iter().any(|test| is_place(of(test))) {
                continue;
            }
            branch.tests.extend(tests(field, fields[field].kind, places, dice));
            left -= 1;
        }
        if dice.u32(0..10) == 0 && branch.tests.len() >= 3 {
            let last = branch.tests.split_off(branch.tests.len() - 2);
            let (one, other) = (last[0].clone(), last[1].clone());
            if of(&one) != of(&other) {
                branch.either = vec![vec![one], vec![other]];
            } else {
                branch.tests.extend([one, other]);
            }
        }
        if dice.u32(0..8) == 0 {
            let (from, to) = (dice.u8(7..=10), dice.u8(15..=21));
            branch.hours = Some(Hours { weekdays_only: dice.bool(), from, to });
        }
        branch
    }
}

fn of(test: &Test) -> usize {
    match test {
        Test::AtLeast(field, _) | Test::Below(field, _) | Test::Is(field, _) | Test::In(field, _) => *field,
        Test::NotIn(field, _) | Test::ZipStarts(field, _) | Test::AgeAtLeast(field, _) | Test::AgeBelow(field, _) => {
            *field
        }
    }
}

/// What somebody asks about a field.
fn tests(field: usize, kind: Kind, places: &Places, dice: &mut Rng) -> Vec<Test> {
    let distinct = |count: usize, of: &mut dyn FnMut() -> String| {
        let mut all: Vec<String> = (0..count).map(|_| of()).collect();
        all.sort();
        all.dedup();
        all
    };
    match kind {
        Kind::State => {
            let count = [1, 2, 3, 4, 6, 9, 14, 22][dice.usize(0..8)];
            let without = count <= 4 && dice.u32(0..5) == 0;
            let states = distinct(count, &mut || places.one(dice).state().to_owned());
            vec![if without { Test::NotIn(field, states) } else { Test::In(field, states) }]
        }
        Kind::Zip => {
            let count = dice.usize(4..=40);
            vec![Test::ZipStarts(field, distinct(count, &mut || places.one(dice).zip().as_str()[..3].to_owned()))]
        }
        Kind::Number(low, high, step) | Kind::Money(low, high, step) => {
            let (low, high) = (low / step, high / step);
            let span = high - low;
            let mut at =
                |from: i64, to: i64| (low + span * from / 100 + dice.i64(0..=(span * (to - from) / 100).max(0))) * step;
            match at(0, 100) / step % 4 {
                0 => vec![Test::Below(field, at(35, 75))],
                1 => vec![Test::AtLeast(field, at(20, 45)), Test::Below(field, at(55, 85))],
                _ => vec![Test::AtLeast(field, at(25, 65))],
            }
        }
        Kind::Flag(_) => vec![Test::Is(field, dice.u32(0..4) > 0)],
        Kind::Words(words) => {
            let count = dice.usize(1..words.len());
            let mut chosen = words.to_vec();
            dice.shuffle(&mut chosen);
            let words: Vec<String> = chosen.into_iter().take(count).map(str::to_owned).collect();
            vec![if count == 1 && dice.bool() { Test::NotIn(field, words) } else { Test::In(field, words) }]
        }
        Kind::Birth => match dice.u32(0..3) {
            0 => vec![Test::AgeBelow(field, [30, 45, 65][dice.usize(0..3)])],
            1 => vec![Test::AgeAtLeast(field, 25), Test::AgeBelow(field, 65)],
            _ => vec![Test::AgeAtLeast(field, [21, 40, 50, 64][dice.usize(0..4)])],
        },
        Kind::Noise(_) => Vec::new(),
    }
}
