//! A contract as operations have it.

use crate::limits::{Cap, Measure, Owner, Window};
use crate::model::{Money, Standing, Standings, Timestamp};
use crate::plan::compiled::{Contract, May};

/// A contract with the overrides that hold for it now.
pub(crate) struct Overridden {
    pub(crate) contract: Contract,
    /// What is in effect, by what it sets.
    pub(crate) standings: Standings,
}

/// The contract as operations have it at this time; none where nothing of it is another than in the plan. What the plan
/// of now does not let them change has no effect.
pub(crate) fn overridden(contract: &Contract, standings: &Standings, at: Timestamp) -> Option<Overridden> {
    let mut changed = contract.clone();
    let holds = |(what, standing): &(&String, &Standing)| {
        standing.holds(at) && permitted(&contract.may, what, &standing.value).is_ok()
    };
    let mut standings: Standings =
        standings.iter().filter(holds).map(|(what, standing)| (what.clone(), standing.clone())).collect();
    standings.retain(|what, standing| set(&mut changed, what, &standing.value).is_some());
    (!standings.is_empty()).then_some(Overridden { contract: changed, standings })
}

/// Sets one thing; none where the contract has no such thing.
fn set(contract: &mut Contract, what: &str, value: &str) -> Option<()> {
    if what == "status" {
        contract.paused = value == "paused";
        return Some(());
    }
    if let Some(window) = what.strip_prefix("caps.").and_then(Window::named) {
        let limit = value.parse().ok()?;
        let same = |cap: &&mut Cap| cap.window == window && cap.measure == Measure::Count;
        if let Some(cap) = contract.caps.caps.iter_mut().find(same) {
            cap.limit = limit;
            return Some(());
        }
        let owner = Owner::Contract(contract.state_id.to_string());
        contract.caps.caps.push(Cap { owner, window, measure: Measure::Count, limit, overshoot: false });
        contract.caps.caps.sort_by_key(|cap| (cap.window, cap.measure));
        return Some(());
    }
    let price: Money = value.parse().ok()?;
    match what {
        "price.exclusive" => contract.exclusive = Some(contract.exclusive.map(|_| price)?),
        "price.shared" => contract.shared.as_mut()?.price = price,
        _ => return None,
    }
    Some(())
}

/// Whether operations may set this, and else what they may.
pub(crate) fn permitted(may: &May, what: &str, value: &str) -> Result<(), String> {
    if what == "status" {
        return if may.pause { Ok(()) } else { Err("`may.pause` is not set".into()) };
    }
    if let Some(name) = what.strip_prefix("caps.") {
        let Some(window) = Window::named(name) else {
            return Err(format!("`{name}` is no window; one of hour, day, week, month, total"));
        };
        let bounds = may.caps.get(&window).ok_or_else(|| format!("`may.caps.{name}` is not set"))?;
        let limit: i64 = value.parse().map_err(|_| "a whole number was expected".to_owned())?;
        return within(limit, *bounds, |limit| limit.to_string());
    }
    if matches!(what, "price.exclusive" | "price.shared") {
        let bounds = may.price.ok_or_else(|| "`may.price` is not set".to_owned())?;
        let price: Money = value.parse().map_err(|_| "an amount was expected".to_owned())?;
        if price < Money::ZERO {
            return Err("a price is not less than zero".into());
        }
        return within(price, bounds, |price| price.to_string());
    }
    Err(format!("`{what}` is nothing that can be set; one of status, caps.WINDOW, price.exclusive, price.shared"))
}

/// At least the first, at most the second, where they are given.
fn within<T: PartialOrd + Copy>(
    value: T,
    (least, most): (Option<T>, Option<T>),
    shown: impl Fn(&T) -> String,
) -> Result<(), String> {
    if let Some(least) = least.filter(|least| value < *least) {
        return Err(format!("{} or more", shown(&least)));
    }
    match most.filter(|most| value > *most) {
        Some(most) => Err(format!("{} or less", shown(&most))),
        None => Ok(()),
    }
}
