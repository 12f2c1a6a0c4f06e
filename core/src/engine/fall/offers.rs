//! What became of the offers of a lead before this decision.

use crate::engine::reads::State;
use crate::engine::settle::{Settling, Sold};
use crate::engine::standing::Why;
use crate::model::{BuyerId, Code, ContractId, DeadReason, Money, Sale};
use crate::plan::compiled::Contract;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The offers of a lead, kept with the reads of the decision that they are known to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Offers {
    /// How many there were. A delivery key stands for one of them: the next one has the next number.
    pub(super) made: u32,
    /// Those that stand: the buyer has the lead, or may have it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) kept: Vec<Kept>,
    /// Contracts that do not have it, and why. None is asked twice (rule 42).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) refused: BTreeMap<ContractId, String>,
    /// Buyers that know the person, or had the lead: none of their contracts is asked (rule 50). Once it came back, all that were
    /// offered it (rule 91).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) not_to: BTreeSet<BuyerId>,
}

/// A sale that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Kept {
    pub(super) buyer: BuyerId,
    pub(super) contract: ContractId,
    pub(super) group: String,
    pub(super) sale: Sale,
    pub(super) price: Money,
    pub(super) key: String,
}

impl Offers {
    /// Whether a sale other than this one stands.
    pub(super) fn others_stand(&self, key: &str) -> bool {
        self.kept.iter().any(|kept| kept.key != key)
    }

    /// The buyer that has the lead, where this sale has no place beside it.
    pub(super) fn in_the_way(&self, sale: &super::Sale) -> Option<&BuyerId> {
        let alone = |kept: &&Kept| sale.is_exclusive() || kept.sale == Sale::Exclusive;
        let first = self.kept.iter().find(alone);
        let is_full = self.kept.len() >= sale.most_sales();
        first.or(self.kept.last().filter(|_| is_full)).map(|kept| &kept.buyer)
    }

    /// Whether none stands.
    pub(in crate::engine) fn nobody_has_it(&self) -> bool {
        self.kept.is_empty()
    }

    /// Whether somebody may have it: a sale fell because nobody answered for so long, which proves nothing (rule 44).
    fn in_doubt(&self) -> bool {
        self.refused.values().any(|why| why == DeadReason::NoAnswer.as_str())
    }

    /// The number of the first delivery after them.
    pub(in crate::engine) fn next_number(&self) -> usize {
        usize::try_from(self.made).unwrap_or(usize::MAX)
    }
}

impl<'a, S: State> Settling<'a, S> {
    /// Goes on from the sales that stand: who has the lead keeps it, and the others are beside them.
    pub(in crate::engine) fn go_on_from(&mut self, offers: &'a Offers) {
        for kept in &offers.kept {
            let found = self.plan.contracts.binary_search_by(|known| known.id.cmp(&kept.contract)).ok();
            let contract = found.and_then(|place| self.plan.contract(place));
            // A contract that the plan has no more is beside those of its buyer that it has.
            let of_buyer = || self.plan.contracts.iter().find(|known| known.buyer == kept.buyer);
            self.sales.push(Sold {
                buyer: kept.buyer.clone(),
                company: contract.or_else(of_buyer).map_or(usize::MAX, |contract| contract.company),
                contract: kept.contract.clone(),
                place: found.unwrap_or(usize::MAX),
                group: kept.group.clone(),
                sale: kept.sale,
                price: kept.price,
                payout: Money::ZERO,
                with_at_most: contract.and_then(Contract::with_at_most),
            });
        }
        self.kept = self.sales.len();
        self.offers = Some(offers);
    }

    /// Whether somebody can have the lead alone: nobody has it (rule 37), and nobody may have it.
    pub(in crate::engine) fn may_be_alone(&self) -> bool {
        self.sales.is_empty() && !self.offers.is_some_and(Offers::in_doubt)
    }

    /// The sales of this decision.
    pub(in crate::engine) fn sold_now(&self) -> &[Sold] {
        self.sales.get(self.kept..).unwrap_or_default()
    }

    /// How many places of a group are taken by sales of earlier decisions.
    pub(in crate::engine) fn taken_before(&self, group: &str) -> usize {
        self.sales.iter().take(self.kept).filter(|sold| sold.group == group).count()
    }

    /// Whether it was offered the lead before.
    pub(in crate::engine) fn refused_before(&self, contract: &Contract) -> Option<Why> {
        let offers = self.offers?;
        if let Some(why) = offers.refused.get(&contract.id) {
            return Some(Why::new(Code::ContractRefused).check("offer").found(why.as_str()));
        }
        let knows = offers.not_to.contains(&contract.buyer);
        knows.then(|| Why::new(Code::ContractRefused).check("offer").found("another contract of the buyer"))
    }
}
