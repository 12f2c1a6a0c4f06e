//! What contracts bid for a lead: read before the decision, kept with it, and asked by it like any other state.

use crate::deliver::{BadBid, Heard};
use crate::engine::reads::State;
use crate::engine::settle::Settling;
use crate::engine::standing::Why;
use crate::model::{Code, ContractId, Money, Sale, Timestamp, TraceBid};
use crate::plan::compiled::{Contract, Group};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The bids for one lead, by contract: to have it alone, and to share it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Bids(BTreeMap<ContractId, Both>);

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Both {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exclusive: Option<Said>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shared: Option<Said>,
}

/// What a contract said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Said {
    pub(super) is: Heard,
    /// What it bids, in the currency of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) price: Option<Money>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Timestamp>,
    /// What the buyer calls its bid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<String>,
    /// How long it took, in milliseconds.
    pub(super) took_ms: i64,
}

impl Both {
    fn of(&self, sale: Sale) -> Option<&Said> {
        match sale {
            Sale::Exclusive => self.exclusive.as_ref(),
            Sale::Shared => self.shared.as_ref(),
        }
    }
}

impl Bids {
    /// The first answer of a contract counts; whether this is it (rule 58).
    pub(super) fn say(&mut self, contract: &ContractId, sale: Sale, said: Said) -> bool {
        let both = self.0.entry(contract.clone()).or_default();
        let place = match sale {
            Sale::Exclusive => &mut both.exclusive,
            Sale::Shared => &mut both.shared,
        };
        let is_first = place.is_none();
        place.get_or_insert(said);
        is_first
    }

    pub(super) fn of(&self, contract: &ContractId, sale: Sale) -> Option<&Said> {
        self.0.get(contract)?.of(sale)
    }

    /// Those that have run out since they were made are as if they had never been asked for (rule 54).
    pub(super) fn forget_what_ran_out(&mut self, at: Timestamp) {
        let ran_out = |said: &Said| said.is == Heard::Bid && said.until.is_some_and(|until| until <= at);
        for both in self.0.values_mut() {
            both.exclusive = both.exclusive.take().filter(|said| !ran_out(said));
            both.shared = both.shared.take().filter(|said| !ran_out(said));
        }
    }

    /// Those that run out before this time are none any more.
    pub(super) fn close(&mut self, at: Timestamp) {
        for both in self.0.values_mut() {
            for said in [&mut both.exclusive, &mut both.shared].into_iter().flatten() {
                if said.is == Heard::Bid && said.until.is_some_and(|until| until <= at) {
                    said.is = Heard::Expired;
                }
            }
        }
    }
}

impl Said {
    /// Why it is no bid, at this time.
    fn is_none(&self, at: Timestamp) -> Option<Why> {
        let no = |code: Code| Some(Why::new(code).check("bid"));
        match self.is {
            Heard::Bid if self.until.is_some_and(|until| until <= at) => {
                let until = self.until.map(|until| format!("before {until}"));
                no(Code::ContractBidExpired).map(|why| Why { wanted: until, ..why })
            }
            Heard::Bid => None,
            Heard::Expired => no(Code::ContractBidExpired),
            Heard::NoBid => no(Code::ContractNoBid),
            Heard::Bad(bad) => no(Code::ContractBadBid).map(|why| why.found(bad_is(bad))),
            Heard::Late => no(Code::ContractBidTimeout).map(|why| why.found("late")),
            Heard::Timeout => no(Code::ContractBidTimeout),
            Heard::Error => no(Code::ContractBidError),
            Heard::NotSent => no(Code::ContractBidError).map(|why| why.found("not sent")),
        }
    }
}

fn bad_is(bad: BadBid) -> &'static str {
    match bad {
        BadBid::NoAmount => "no amount",
        BadBid::OverMax => "more than it ever pays",
        BadBid::Currency => "a currency without a rate",
    }
}

impl<S: State> Settling<'_, S> {
    /// What the contract pays to have the lead alone; none where it does not offer that.
    pub(in crate::engine) fn alone(&self, contract: &Contract) -> Result<Option<Money>, Why> {
        match (contract.exclusive, contract.exclusive_bid) {
            (Some(price), _) => Ok(Some(price)),
            (None, Some(_)) => self.bid(contract, Sale::Exclusive).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// What the contract pays to share the lead; none where it does not offer that.
    pub(in crate::engine) fn to_share(&self, contract: &Contract) -> Result<Option<Money>, Why> {
        match (contract.shared, contract.shared_bid) {
            (Some(shared), _) => Ok(Some(shared.price)),
            (None, Some(_)) => self.bid(contract, Sale::Shared).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn bid(&self, contract: &Contract, sale: Sale) -> Result<Money, Why> {
        let said = self.bids.and_then(|bids| bids.of(&contract.id, sale));
        let Some(said) = said else { return Err(Why::new(Code::ContractNotAsked).check("bid")) };
        match (said.is_none(self.at), said.price) {
            (None, Some(price)) => Ok(price),
            (why, _) => Err(why.unwrap_or_else(|| Why::new(Code::ContractNoBid).check("bid"))),
        }
    }

    /// The auction of a group, as its trace tells it.
    pub(in crate::engine) fn auction_of(&self, group: &Group) -> Vec<TraceBid> {
        let Some(bids) = self.bids else { return Vec::new() };
        let mut told = Vec::new();
        for contract in group.members.iter().filter_map(|member| self.contract(member.contract)) {
            for sale in [Sale::Exclusive, Sale::Shared] {
                let Some(said) = bids.of(&contract.id, sale) else { continue };
                let Said { is, price, until, id, took_ms } = said.clone();
                let is = is.as_str().to_owned();
                told.push(TraceBid { contract: contract.id.clone(), sale, is, price, until, id, took_ms });
            }
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_058_the_first_answer_of_a_contract_counts() {
        let said = |price: &str| Said { is: Heard::Bid, price: price.parse().ok(), until: None, id: None, took_ms: 1 };
        let (mut bids, contract) = (Bids::default(), ContractId::new("acme-1").unwrap());
        assert!(bids.say(&contract, Sale::Exclusive, said("10.00")));
        assert!(!bids.say(&contract, Sale::Exclusive, said("99.00")));
        assert!(bids.say(&contract, Sale::Shared, said("7.00")), "another question");
        assert_eq!(bids.of(&contract, Sale::Exclusive).unwrap().price, "10.00".parse().ok());
    }
}
