//! Two values side by side: where they differ, and what kind of difference it is.

use super::class::Class;
use super::decimal::Decimal;
use super::normal::{normal, pointer};
use super::rules::{Rules, any};
use super::texts;
use crate::model::{Money, RawMap, RawValue, write_raw};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// So many differences of two values are told; who has more has nothing in common.
pub const DIFFERENCES: usize = 100;

/// One place where two values differ. `Debug` shows shapes only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// JSON Pointer; `*` stands for an item of a list without order.
    pub path: String,
    /// What kind of difference.
    pub class: Class,
    /// What the legacy has there.
    pub legacy: Option<RawValue>,
    /// What the candidate has there.
    pub candidate: Option<RawValue>,
    /// What the candidate takes more than the legacy, where the place holds money.
    pub money: Option<Money>,
}

/// Where two values differ by the rules of a step, in the order of the paths.
///
/// ```
/// use leadwright::{model::read_value, parity::{Class, Rules, diff}};
/// let (legacy, ours) = (read_value(br#"{"city": "AUSTIN", "zip": "78701"}"#)?, read_value(br#"{"city": "Austin"}"#)?);
/// let found = diff(&legacy.value, &ours.value, &Rules::default());
/// let found: Vec<_> = found.iter().map(|each| (each.path.as_str(), each.class)).collect();
/// assert_eq!(found, [("/city", Class::WhitespaceOrCase), ("/zip", Class::Missing)]);
/// # Ok::<(), leadwright::model::JsonError>(())
/// ```
pub fn diff(legacy: &RawValue, candidate: &RawValue, rules: &Rules) -> Vec<Difference> {
    let (legacy, candidate) = (normal(legacy, rules), normal(candidate, rules));
    diff_normal(&legacy, &candidate, rules)
}

/// The same of values in normal form.
pub(super) fn diff_normal(legacy: &RawValue, candidate: &RawValue, rules: &Rules) -> Vec<Difference> {
    let mut walk = Walk { rules, path: Vec::new(), found: Vec::new() };
    walk.values(legacy, candidate);
    walk.found
}

struct Walk<'r> {
    rules: &'r Rules,
    path: Vec<String>,
    found: Vec<Difference>,
}

impl Walk<'_> {
    fn found(&mut self, class: Class, legacy: Option<&RawValue>, candidate: Option<&RawValue>) {
        if self.found.len() >= DIFFERENCES {
            return;
        }
        let money = any(&self.rules.money, &self.path).then(|| more(legacy, candidate)).flatten();
        let (legacy, candidate) = (legacy.cloned(), candidate.cloned());
        self.found.push(Difference { path: pointer(&self.path), class, legacy, candidate, money });
    }

    fn inside(&mut self, step: String, work: impl FnOnce(&mut Self)) {
        self.path.push(step);
        work(self);
        self.path.pop();
    }

    fn values(&mut self, legacy: &RawValue, candidate: &RawValue) {
        if legacy == candidate {
            return;
        }
        match (legacy, candidate) {
            (RawValue::Object(a), RawValue::Object(b)) => self.objects(a, b),
            (RawValue::List(a), RawValue::List(b)) if any(&self.rules.unordered, &self.path) => self.unordered(a, b),
            (RawValue::List(a), RawValue::List(b)) => self.lists(legacy, candidate, (a, b)),
            _ => {
                let class = self.leaves(legacy, candidate);
                self.found(class, Some(legacy), Some(candidate));
            }
        }
    }

    fn leaves(&self, legacy: &RawValue, candidate: &RawValue) -> Class {
        match (legacy, candidate) {
            (RawValue::Number(a), RawValue::Number(b)) => self.numbers(a, b),
            (RawValue::Text(a), RawValue::Text(b)) => texts::class(a, b),
            (RawValue::Bool(_), RawValue::Bool(_)) => Class::Value,
            _ => Class::Type,
        }
    }

    fn numbers(&self, a: &str, b: &str) -> Class {
        let distance = Decimal::read(a).zip(Decimal::read(b)).and_then(|(a, b)| a.distance(b));
        let Some(distance) = distance else { return Class::Value };
        if self.rules.tolerance_at(&self.path).is_some_and(|most| distance.at_most(most)) {
            return Class::WithinTolerance;
        }
        let is_money = any(&self.rules.money, &self.path);
        let cent = Decimal::read("0.01");
        if is_money && cent.is_some_and(|cent| distance.at_most(cent)) { Class::MoneyRounding } else { Class::Value }
    }

    fn objects(&mut self, legacy: &RawMap, candidate: &RawMap) {
        let (mut left, mut right) = (legacy.0.iter().peekable(), candidate.0.iter().peekable());
        loop {
            // Both are in the order of their names.
            let order = match (left.peek(), right.peek()) {
                (None, None) => return,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some((a, _)), Some((b, _))) => a.cmp(b),
            };
            let a = if order == Ordering::Greater { None } else { left.next() };
            let b = if order == Ordering::Less { None } else { right.next() };
            let Some((name, _)) = a.or(b) else { return };
            self.inside(name.clone(), |walk| match (a, b) {
                (Some((_, a)), Some((_, b))) => walk.values(a, b),
                (Some((_, a)), None) => walk.found(Class::Missing, Some(a), None),
                (_, b) => walk.found(Class::Extra, None, b.map(|(_, value)| value)),
            });
        }
    }

    /// Lists whose order counts: what they begin and end with alike is passed over, so that one item more is one difference.
    fn lists(&mut self, legacy: &RawValue, candidate: &RawValue, (a, b): (&[RawValue], &[RawValue])) {
        if a.len() == b.len() && a.len() > 1 && sorted(a) == sorted(b) {
            return self.found(Class::Order, Some(legacy), Some(candidate));
        }
        let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        let rest = |items: &'_ [RawValue]| items.len() - same;
        let at_end = a.iter().rev().zip(b.iter().rev()).take(rest(a).min(rest(b))).take_while(|(a, b)| a == b).count();
        let (left, right) = (a.len() - at_end, b.len() - at_end);
        for at in same..left.max(right) {
            let (a, b) = (a.get(at).filter(|_| at < left), b.get(at).filter(|_| at < right));
            self.item(at.to_string(), a, b);
        }
    }

    fn item(&mut self, step: String, a: Option<&RawValue>, b: Option<&RawValue>) {
        self.inside(step, |walk| match (a, b) {
            (Some(a), Some(b)) => walk.values(a, b),
            (Some(a), None) => walk.found(Class::Missing, Some(a), None),
            (None, b) => walk.found(Class::Extra, None, b),
        });
    }

    /// Lists without order: what both have is passed over as often as both have it.
    fn unordered(&mut self, a: &[RawValue], b: &[RawValue]) {
        let (only_a, only_b) = (without(a, b), without(b, a));
        for at in 0..only_a.len().max(only_b.len()) {
            self.item("*".into(), only_a.get(at).copied(), only_b.get(at).copied());
        }
    }
}

/// The items that the others do not have, or not as often.
fn without<'v>(items: &'v [RawValue], others: &[RawValue]) -> Vec<&'v RawValue> {
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    for other in others {
        *left.entry(write_raw(other)).or_default() += 1;
    }
    let alone = items.iter().filter(|item| match left.get_mut(&write_raw(item)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    alone.collect()
}

fn sorted(items: &[RawValue]) -> Vec<String> {
    let mut texts: Vec<String> = items.iter().map(write_raw).collect();
    texts.sort();
    texts
}

/// What the candidate takes more.
fn more(legacy: Option<&RawValue>, candidate: Option<&RawValue>) -> Option<Money> {
    let money = |value: Option<&RawValue>| match value {
        Some(RawValue::Number(text)) => Decimal::read(text)?.money(),
        Some(RawValue::Null) | None => Some(Money::ZERO),
        _ => None,
    };
    money(candidate)?.checked_sub(money(legacy)?)
}
