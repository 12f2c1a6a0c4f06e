//! Decisions of two systems: not where they differ, but what that means for the business.

use super::class::Class;
use super::decimal::Decimal;
use super::diff::Difference;
use crate::model::{Money, RawValue};
use std::collections::{BTreeMap, BTreeSet};

/// The members of a decision that its classes speak of.
const SPOKEN_OF: [&str; 9] =
    ["assignments", "buyer", "buyers", "contract", "money", "outcome", "price", "problems", "sales"];

/// What became of a lead.
struct Decided {
    outcome: Option<String>,
    /// Who got it, for how much together. A buyer gets a lead at most once; who is there twice pays twice.
    sales: BTreeMap<String, Sale>,
    /// None where it says nothing of problems.
    problems: Option<BTreeSet<String>>,
}

#[derive(Clone, Default, PartialEq, Eq)]
struct Sale {
    price: Option<i64>,
    contract: Option<String>,
}

impl Decided {
    fn of(value: &RawValue) -> Option<Self> {
        let RawValue::Object(map) = value else { return None };
        let outcome = map.get("outcome").and_then(word);
        let mut sales = BTreeMap::new();
        let listed = ["sales", "assignments", "buyers"].iter().filter_map(|name| map.get(name)).find_map(list);
        for sale in listed.unwrap_or_default() {
            add(&mut sales, sale)?;
        }
        if listed.is_none() && map.get("buyer").and_then(word).is_some() {
            add(&mut sales, value)?;
        }
        // `buyers` may be names only, with one price for all of them.
        let alone = (sales.len() == 1).then(|| sales.values_mut().next()).flatten().filter(|sale| sale.price.is_none());
        if let Some(sale) = alone {
            sale.price = map.get("price").and_then(amount);
        }
        let code = |problem: &RawValue| match problem {
            RawValue::Object(problem) => problem.get("code").and_then(word),
            other => word(other),
        };
        let problems = map.get("problems").and_then(list);
        let problems = problems.map(|problems| problems.iter().filter_map(code).collect());
        (outcome.is_some() || listed.is_some() || !sales.is_empty()).then_some(Self { outcome, sales, problems })
    }

    fn total(&self) -> i64 {
        self.sales.values().filter_map(|sale| sale.price).fold(0, i64::saturating_add)
    }

    fn prices(&self) -> BTreeMap<&str, Option<i64>> {
        self.sales.iter().map(|(buyer, sale)| (buyer.as_str(), sale.price)).collect()
    }
}

/// A sale: a buyer or a contract, by name or as an object.
fn add(sales: &mut BTreeMap<String, Sale>, value: &RawValue) -> Option<()> {
    let (buyer, sale) = match value {
        RawValue::Object(map) => {
            let contract = map.get("contract").and_then(word);
            let buyer = map.get("buyer").and_then(word).or_else(|| contract.clone())?;
            (buyer, Sale { price: map.get("price").and_then(amount), contract })
        }
        other => (word(other)?, Sale::default()),
    };
    let known = sales.entry(buyer).or_default();
    known.price = match (known.price, sale.price) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (a, b) => a.or(b),
    };
    known.contract = sale.contract.or_else(|| known.contract.take());
    Some(())
}

fn list(value: &RawValue) -> Option<&[RawValue]> {
    match value {
        RawValue::List(items) => Some(items),
        _ => None,
    }
}

/// A name; numbers are names of many a legacy table.
fn word(value: &RawValue) -> Option<String> {
    match value {
        RawValue::Text(text) => Some(text.clone()),
        RawValue::Number(text) => Some(text.clone()),
        _ => None,
    }
}

fn amount(value: &RawValue) -> Option<i64> {
    match value {
        RawValue::Text(text) | RawValue::Number(text) => Decimal::amount(text)?.money().map(Money::units),
        _ => None,
    }
}

/// What a step that decides has to say of its two sides; what differs elsewhere in the values is left as it is. None where
/// one of them is no decision.
pub(super) fn classify(legacy: &RawValue, candidate: &RawValue, others: Vec<Difference>) -> Vec<Difference> {
    let (Some(a), Some(b)) = (Decided::of(legacy), Decided::of(candidate)) else { return others };
    let mut found = Vec::new();
    let mut told = |class: Class, path: &str, name: &str, money: Option<i64>| {
        let at = |value: &RawValue| match value {
            RawValue::Object(map) => map.get(name).cloned(),
            _ => None,
        };
        let money = money.and_then(Money::from_units);
        found.push(Difference { path: path.into(), class, legacy: at(legacy), candidate: at(candidate), money });
    };
    if let Some(class) = sold(&a, &b) {
        told(class, "", "outcome", Some(b.total().saturating_sub(a.total())));
    } else if a.sales.is_empty() && a.outcome != b.outcome {
        told(Class::Value, "/outcome", "outcome", None);
    } else if other_contract(&a, &b) {
        told(Class::Value, "/sales/*/contract", "contract", None);
    }
    let both = a.problems.as_ref().zip(b.problems.as_ref());
    if let Some(class) = both.and_then(|(a, b)| problems(a, b)) {
        told(class, "/problems", "problems", None);
    }
    let spoken_of = |path: &str| SPOKEN_OF.contains(&path.split('/').nth(1).unwrap_or_default());
    found.extend(others.into_iter().filter(|other| !spoken_of(&other.path)));
    found
}

fn sold(a: &Decided, b: &Decided) -> Option<Class> {
    if a.sales.is_empty() != b.sales.is_empty() {
        return Some(if b.sales.is_empty() { Class::LegacySoldNewNot } else { Class::LegacyNotNewSold });
    }
    let same_buyers = a.sales.keys().eq(b.sales.keys());
    match same_buyers {
        true if a.prices() == b.prices() => None,
        true => Some(Class::SameBuyerOtherPrice),
        false if a.total() == b.total() => Some(Class::OtherBuyerSamePrice),
        false => Some(Class::OtherBuyerOtherPrice),
    }
}

/// The same buyers for the same money under another contract, where both say under which.
fn other_contract(a: &Decided, b: &Decided) -> bool {
    let pairs = a.sales.values().zip(b.sales.values());
    pairs.into_iter().any(|(a, b)| a.contract.is_some() && b.contract.is_some() && a.contract != b.contract)
}

fn problems(a: &BTreeSet<String>, b: &BTreeSet<String>) -> Option<Class> {
    match (a.is_superset(b), b.is_superset(a)) {
        (true, true) => None,
        (true, false) => Some(Class::OtherProblemsFewer),
        (false, true) => Some(Class::OtherProblemsMore),
        (false, false) => Some(Class::OtherProblemsOther),
    }
}
