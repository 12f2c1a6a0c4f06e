//! What operations have changed beside the plan, and what to do about it: the plan is to say again what is so.

use super::apply::permitted;
use crate::limits::{Measure, Window};
use crate::model::{ContractId, Standing, Standings, Timestamp};
use crate::plan::Plan;
use crate::plan::compiled::Contract;
use serde::Serialize;
use std::collections::BTreeMap;

/// What is to be done about an override.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DriftIs {
    /// It holds without an end: the plan is to say so.
    ToFold,
    /// It holds for a while yet.
    ForNow,
    /// The plan says the same: it can be cleared.
    Same,
    /// Its time is over.
    Over,
    /// The plan of now does not let operations set it: it has no effect.
    NotPermitted,
    /// The plan has no such contract, or none that has this to set.
    Gone,
}

/// An override beside what the plan says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Drift {
    /// The contract.
    pub contract: ContractId,
    /// What it sets: `status`, `caps.day`, `price.exclusive`.
    pub what: String,
    /// What the plan says; none where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// What operations said.
    #[serde(flatten)]
    pub standing: Standing,
    /// What is to be done about it.
    pub is: DriftIs,
}

/// Compares what operations said with a plan, by contract and by what is set.
pub fn drift(plan: &Plan, overrides: &BTreeMap<ContractId, Standings>, at: Timestamp) -> Vec<Drift> {
    let mut found = Vec::new();
    for (id, standings) in overrides {
        let contract = plan.contracts.iter().find(|contract| contract.state_id == *id);
        for (what, standing) in standings {
            let says = contract.and_then(|contract| says(contract, what));
            let is = match contract {
                _ if !standing.holds(at) => DriftIs::Over,
                None => DriftIs::Gone,
                Some(_) if says.is_none() && !what.starts_with("caps.") => DriftIs::Gone,
                Some(contract) if permitted(&contract.may, what, &standing.value).is_err() => DriftIs::NotPermitted,
                Some(_) if says.as_deref() == Some(&standing.value) => DriftIs::Same,
                Some(_) if standing.until.is_some() => DriftIs::ForNow,
                Some(_) => DriftIs::ToFold,
            };
            found.push(Drift {
                contract: contract.map_or_else(|| id.clone(), |contract| contract.id.clone()),
                what: what.clone(),
                plan: says,
                standing: standing.clone(),
                is,
            });
        }
    }
    found
}

/// What a plan says about something that can be overridden.
fn says(contract: &Contract, what: &str) -> Option<String> {
    if let Some(window) = what.strip_prefix("caps.") {
        let window = Window::named(window)?;
        let caps = &contract.caps.caps;
        let cap = caps.iter().find(|cap| cap.window == window && cap.measure == Measure::Count)?;
        return Some(cap.limit.to_string());
    }
    match what {
        "status" => Some(if contract.paused { "paused" } else { "active" }.into()),
        "price.exclusive" => contract.exclusive.map(|price| price.to_string()),
        "price.shared" => contract.shared.map(|shared| shared.price.to_string()),
        _ => None,
    }
}
