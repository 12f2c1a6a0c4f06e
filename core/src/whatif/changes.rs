//! Leads of which something else becomes, and why.

use super::sums::{minus, plus};
use crate::engine::{Prepared, Trial, TrialSale, Tried};
use crate::model::{BuyerId, Code, ContractId, LeadId, Money, Outcome, Sale, SourceId, Timestamp, TraceEntry};
use serde::Serialize;
use std::collections::BTreeMap;

/// More reasons than this are not kept apart.
const REASONS: usize = 20_000;
/// Contracts that are named where nobody gets the lead from either plan.
const ASKED: usize = 3;
/// Leads that stand for a reason.
const EXAMPLES: usize = 3;

/// A lead of which something else becomes. Ids only, no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The channel it came through.
    pub source: SourceId,
    /// The lead.
    pub lead: LeadId,
    /// When it was decided.
    pub at: Timestamp,
    /// By the old plan.
    pub old: Side,
    /// By the new plan.
    pub new: Side,
    /// Why: for each contract that got it from one plan only, what both say.
    pub why: Vec<Why>,
}

/// What becomes of a lead by one plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Side {
    /// The outcome.
    pub outcome: Outcome,
    /// What ended its way before anybody was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Code>,
    /// Who got it.
    pub sales: Vec<ChangedSale>,
}

/// A sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedSale {
    /// The buyer.
    pub buyer: BuyerId,
    /// The contract.
    pub contract: ContractId,
    /// Alone or with others.
    pub sale: Sale,
    /// What the buyer pays.
    pub price: Money,
    /// The id that the contract was first known by.
    #[serde(skip)]
    pub(super) known_as: ContractId,
}

/// What both plans say about one contract. Nothing where the contract was not asked or is not there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Why {
    /// The contract, by the id that it was first known by.
    pub contract: ContractId,
    /// The entry by the old plan.
    pub old: Option<TraceEntry>,
    /// The entry by the new plan.
    pub new: Option<TraceEntry>,
}

/// One way in which leads change, with how many and what that brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The contract.
    pub contract: ContractId,
    /// What the old plan says: `sold`, or the check that failed.
    pub old: String,
    /// What the new plan says.
    pub new: String,
    /// How many leads.
    pub leads: u64,
    /// What it brings more or less with this contract.
    pub revenue: Money,
    /// Some of the leads: `source/lead`.
    pub examples: Vec<String>,
}

/// All changes together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// How many leads change.
    pub leads: u64,
    /// … that were sold and are no longer.
    pub lost: u64,
    /// … that were not sold and now are.
    pub won: u64,
    /// … that are sold to others, or at other prices.
    pub moved: u64,
    /// The ways, the one that moves the most money first.
    pub reasons: Vec<Reason>,
}

#[derive(Clone, Debug, Default)]
struct OfReason {
    leads: u64,
    revenue: Money,
    examples: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    sum: Changes,
    reasons: BTreeMap<(ContractId, String, String), OfReason>,
}

impl Change {
    /// None where both plans do the same.
    pub(super) fn of<'t>(
        (old_trial, new_trial): (&'t Trial, &'t Trial),
        (old_lead, new_lead): (&Prepared, &Prepared),
        (old, new): (&'t Tried, &'t Tried),
    ) -> Option<Self> {
        let same = |a: &TrialSale, b: &TrialSale| a.known_as == b.known_as && a.price == b.price && a.sale == b.sale;
        let all = |a: &[TrialSale], b: &[TrialSale]| a.iter().all(|a| b.iter().any(|b| same(a, b)));
        if old.outcome == new.outcome && old.sales.len() == new.sales.len() && all(&old.sales, &new.sales) {
            return None;
        }
        let without = |sale: &&TrialSale, others: &[TrialSale]| !others.iter().any(|other| same(sale, other));
        let lost = old.sales.iter().filter(|sale| without(sale, &new.sales));
        let won = new.sales.iter().filter(|sale| without(sale, &old.sales));
        let mut asked: Vec<&ContractId> = lost.chain(won).map(|sale| &sale.known_as).collect();
        if asked.is_empty() {
            // Nobody gets it from either plan: what the first contracts say that one of them asked.
            let entries = |trial: &'t Trial, tried: &'t Tried| {
                tried.entries.iter().filter_map(|entry| trial.known_as(&entry.contract))
            };
            asked = entries(old_trial, old).chain(entries(new_trial, new)).take(ASKED).collect();
        }
        let mut why: Vec<Why> = Vec::new();
        for contract in asked {
            if why.iter().any(|why| why.contract == *contract) {
                continue;
            }
            why.push(Why {
                contract: contract.clone(),
                old: entry(old_trial, old_lead, old, contract),
                new: entry(new_trial, new_lead, new, contract),
            });
        }
        Some(Self {
            source: new.source.clone(),
            lead: new.lead.clone(),
            at: new.at,
            old: Side::of(old),
            new: Side::of(new),
            why,
        })
    }
}

/// What a plan says about the contract, which it may have under another id now: of several groups, the one that sold,
/// else the last one.
fn entry(trial: &Trial, lead: &Prepared, tried: &Tried, known_as: &ContractId) -> Option<TraceEntry> {
    let contract = trial.now_called(known_as)?;
    let of = |entry: &&TraceEntry| entry.contract == *contract;
    let found = tried.entries.iter().find(|entry| of(entry) && entry.code == Code::ContractSold);
    let found = found.or_else(|| tried.entries.iter().rfind(of)).cloned();
    let was_asked = matches!(tried.outcome, Outcome::Assigned | Outcome::Unmatched | Outcome::Unsold);
    found.or_else(|| trial.unmet(lead, contract).filter(|_| was_asked))
}

impl Side {
    fn of(tried: &Tried) -> Self {
        let sale = |sold: &TrialSale| ChangedSale {
            buyer: sold.buyer.clone(),
            contract: sold.contract.clone(),
            sale: sold.sale,
            price: sold.price,
            known_as: sold.known_as.clone(),
        };
        Self { outcome: tried.outcome, because: tried.because, sales: tried.sales.iter().map(sale).collect() }
    }

    fn price_of(&self, contract: &ContractId) -> Option<Money> {
        self.sales.iter().find(|sale| sale.known_as == *contract).map(|sale| sale.price)
    }

    /// `sold at 42.50`, `caps.contract.day`, `duplicate`.
    fn says(&self, contract: &ContractId, entry: Option<&TraceEntry>) -> String {
        match (self.price_of(contract), entry) {
            (Some(price), _) => format!("sold at {price}"),
            (None, Some(entry)) => match &entry.check {
                Some(check) => format!("{}: {check}", entry.code),
                None => entry.code.as_str().to_owned(),
            },
            (None, None) => match self.because {
                Some(code) => format!("{}: {code}", self.outcome.as_str()),
                None => "no such contract, or its group is not asked".to_owned(),
            },
        }
    }
}

impl Ledger {
    pub(super) fn add(&mut self, change: &Change) {
        let (was, is) = (!change.old.sales.is_empty(), !change.new.sales.is_empty());
        self.sum.leads += 1;
        self.sum.lost += u64::from(was && !is);
        self.sum.won += u64::from(!was && is);
        self.sum.moved += u64::from(was && is);
        for why in &change.why {
            let says = |side: &Side, entry: &Option<TraceEntry>| side.says(&why.contract, entry.as_ref());
            let key = (why.contract.clone(), says(&change.old, &why.old), says(&change.new, &why.new));
            if self.reasons.len() >= REASONS && !self.reasons.contains_key(&key) {
                continue;
            }
            let price = |side: &Side| side.price_of(&why.contract).unwrap_or(Money::ZERO);
            let reason = self.reasons.entry(key).or_default();
            reason.leads += 1;
            reason.revenue = plus(reason.revenue, minus(price(&change.new), price(&change.old)));
            if reason.examples.len() < EXAMPLES {
                reason.examples.push(format!("{}/{}", change.source, change.lead));
            }
        }
    }

    pub(super) fn changes(&self) -> Changes {
        let reason = |((contract, old, new), of): (&(ContractId, String, String), &OfReason)| Reason {
            contract: contract.clone(),
            old: old.clone(),
            new: new.clone(),
            leads: of.leads,
            revenue: of.revenue,
            examples: of.examples.clone(),
        };
        let mut reasons: Vec<Reason> = self.reasons.iter().map(reason).collect();
        // A stable sort: equals stay in the order of their keys.
        reasons.sort_by_key(|reason| std::cmp::Reverse((reason.revenue.units().unsigned_abs(), reason.leads)));
        Changes { reasons, ..self.sum.clone() }
    }
}
