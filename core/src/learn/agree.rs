//! The learned plan decides every pair with the engine, in order, and is held against what the legacy said.

use super::pair::{Pair, Recorded};
use super::summary::{Agreement, ContractLearned, Unexplained};
use super::table::is_kept_back;
use crate::engine::Trial;
use crate::model::{Error, Outcome, RawMap, RawValue, Tick, read_raw, write_raw};
use crate::plan::Plan;
use crate::validate::reserved_name;
use serde_json::value::RawValue as Json;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// So many kinds of difference have an example.
const EXAMPLES: usize = 1_000;

pub(super) struct Held {
    pub(super) kept_back: Agreement,
    pub(super) taught: Agreement,
    pub(super) unexplained: Vec<Unexplained>,
}

/// What the legacy said and what the plan says.
type Kind = (Option<String>, Option<String>);

pub(super) fn hold(plan: Plan, recorded: &Recorded, contracts: &[ContractLearned]) -> Result<Held, Error> {
    let mut trial = Trial::new(plan)?;
    let turns: BTreeMap<&str, &ContractLearned> = contracts.iter().map(|one| (one.contract.as_str(), one)).collect();
    let takes_turns =
        |one: &str, other: &str| turns.get(one).is_some_and(|one| one.turns_with.iter().any(|with| with == other));
    let (mut kept_back, mut taught) = (Agreement::default(), Agreement::default());
    let mut found: BTreeMap<Kind, Unexplained> = BTreeMap::new();
    let mut order: Vec<usize> = (0..recorded.pairs.len()).collect();
    order.sort_by_key(|place| recorded.pairs.get(*place).map(|pair| pair.at));
    for place in order {
        let Some(pair) = recorded.pairs.get(place) else { continue };
        let lead = trial.prepare_at(&pair.lead, Tick::at(pair.at));
        // The same request again is the same answer.
        let Some(tried) = trial.settle(&lead)? else { continue };
        let legacy = pair.sold.map(|contract| recorded.id(contract).to_owned());
        let plan = tried.sales.first().map(|sale| sale.contract.as_str().to_owned());
        let agreement = if is_kept_back(place) { &mut kept_back } else { &mut taught };
        agreement.leads += 1;
        match (&legacy, &plan) {
            (legacy, plan) if legacy == plan => agreement.same += 1,
            (Some(one), Some(other)) if takes_turns(one, other) => agreement.other_turn += 1,
            _ => {
                let kind = (legacy, plan);
                if let Some(known) = found.get_mut(&kind) {
                    known.leads += 1;
                } else if found.len() < EXAMPLES {
                    let one = unexplained(&trial, pair, &kind, tried.outcome)?;
                    found.insert(kind, one);
                }
            }
        }
    }
    let mut unexplained: Vec<Unexplained> = found.into_values().collect();
    unexplained.sort_by_key(|one| Reverse(one.leads));
    Ok(Held { kept_back, taught, unexplained })
}

fn unexplained(trial: &Trial, pair: &Pair, kind: &Kind, outcome: Outcome) -> Result<Unexplained, Error> {
    let lead = least(trial, pair, kind)?;
    Ok(Unexplained {
        legacy: kind.0.clone(),
        plan: kind.1.clone(),
        outcome: outcome.as_str(),
        leads: 1,
        at: pair.at.to_string(),
        example: Json::from_string(lead).unwrap_or_else(|_| Json::NULL.to_owned()),
    })
}

/// The lead without every field that makes no difference to what the plan says, where it still says the same now that
/// the lead was decided.
fn least(trial: &Trial, pair: &Pair, kind: &Kind) -> Result<String, Error> {
    let mut lead = read_raw(&pair.lead).map_or_else(|_| RawMap::default(), |read| read.map);
    let text = |lead: &RawMap| write_raw(&RawValue::Object(lead.clone()));
    let says = |lead: &RawMap| -> Result<Option<String>, Error> {
        let prepared = trial.prepare_at(text(lead).as_bytes(), Tick::at(pair.at));
        Ok(trial.would(&prepared)?.1.map(|contract| contract.as_str().to_owned()))
    };
    if says(&lead)? == kind.1 {
        let mut at = 0;
        while let Some((name, _)) = lead.0.get(at) {
            if reserved_name(name).is_some() {
                at += 1;
                continue;
            }
            let left_out = lead.0.remove(at);
            if says(&lead)? != kind.1 {
                lead.0.insert(at, left_out);
                at += 1;
            }
        }
    }
    Ok(text(&lead))
}
