//! Whether a contract can take the lead now, and if not, why.

use super::money::payout;
use super::reads::State;
use super::settle::Settling;
use crate::limits::{Cap, Measure};
use crate::model::{Code, Error, Money, Sale};
use crate::plan::compiled::{Calendar, Contract, Group};

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Why {
    pub(super) code: Code,
    pub(super) check: Option<String>,
    pub(super) found: Option<String>,
    pub(super) wanted: Option<String>,
}

impl Why {
    pub(super) fn new(code: Code) -> Self {
        Self { code, check: None, found: None, wanted: None }
    }

    fn check(mut self, check: impl Into<String>) -> Self {
        self.check = Some(check.into());
        self
    }

    fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    pub(super) fn wanted(mut self, wanted: impl Into<String>) -> Self {
        self.wanted = Some(wanted.into());
        self
    }
}

/// Where a contract stands with a lead whose criteria it meets.
pub(super) enum Standing {
    /// It can take it, at this price.
    Ready(Sale, Money),
    /// It is not open for it: paused, closed, or it knows the person.
    Shut(Why),
    /// It is open, and still cannot: cap, margin, form of sale, or the lead is sold.
    Blocked(Why),
}

impl<S: State> Settling<'_, S> {
    pub(super) fn standing(&self, contract: &Contract, group: &Group) -> Result<Standing, Error> {
        if let Some(why) = self.shut(contract)? {
            return Ok(Standing::Shut(why));
        }
        let (sale, price) = match self.terms(contract) {
            Ok(terms) => terms,
            Err(why) => return Ok(Standing::Blocked(why)),
        };
        if let Some(why) = self.capped(contract, group, price)? {
            return Ok(Standing::Blocked(why));
        }
        Ok(match self.thin(price) {
            Some(why) => Standing::Blocked(why),
            None => Standing::Ready(sale, price),
        })
    }

    fn shut(&self, contract: &Contract) -> Result<Option<Why>, Error> {
        if contract.paused {
            return Ok(Some(Why::new(Code::ContractPaused).check("status").wanted("active")));
        }
        if !contract.schedule.is_open(&contract.caps.zone, self.at) {
            return Ok(Some(Why::new(Code::ContractClosed).check("hours").wanted("a time within its hours")));
        }
        let rules = self.plan.buyers.get(&contract.buyer).map(|buyer| buyer.dedupe.as_slice()).unwrap_or_default();
        for rule in rules {
            for key in rule.keys(&self.lead.canonical, self.vertical(), &self.lead.source) {
                if self.state.claim(&key.scope, &key.hash, rule.remembers_after(self.at))?.is_some() {
                    return Ok(Some(Why::new(Code::ContractDuplicate).check(format!("dedupe.{}", key.field))));
                }
            }
        }
        Ok(None)
    }

    /// How the contract would buy the lead as it now stands, and at which price.
    fn terms(&self, contract: &Contract) -> Result<(Sale, Money), Why> {
        if self.sales.iter().any(|sale| sale.buyer == contract.buyer) {
            return Err(Why::new(Code::ContractBuyerHasIt));
        }
        let others = self.sales.len();
        let is_gone = self.sales.iter().any(|sale| sale.sale == Sale::Exclusive);
        if is_gone || others >= self.max_sales {
            return Err(Why::new(Code::ContractOutranked));
        }
        let alone = self.max_sales == 1 || contract.shared.is_none();
        if let Some(price) = contract.exclusive.filter(|_| others == 0 && alone) {
            return Ok((Sale::Exclusive, price));
        }
        let Some(shared) = contract.shared else {
            return Err(Why::new(Code::ContractSaleForm).check("sell").wanted("to have the lead alone"));
        };
        let too_many =
            |limit: Option<u32>| limit.is_some_and(|limit| usize::try_from(limit).is_ok_and(|limit| others > limit));
        if too_many(shared.with_at_most) {
            let wanted = format!("at most {} other buyers", shared.with_at_most.unwrap_or_default());
            return Err(Why::new(Code::ContractSaleForm)
                .check("sell.shared.with_at_most")
                .found(others.to_string())
                .wanted(wanted));
        }
        if self.sales.iter().any(|sale| too_many(sale.with_at_most)) {
            return Err(Why::new(Code::ContractSaleForm)
                .check("sell.shared.with_at_most")
                .wanted("a place beside those who have it"));
        }
        Ok((Sale::Shared, shared.price))
    }

    /// The first cap without room, of the contract, its buyer, the group, the source (rule 20).
    fn capped(&self, contract: &Contract, group: &Group, price: Money) -> Result<Option<Why>, Error> {
        let buyer = self.plan.buyers.get(&contract.buyer).map(|buyer| &buyer.caps);
        let source = self.plan.sources.get(&self.lead.source).map(|source| &source.caps);
        let owners =
            [("contract", Some(&contract.caps)), ("buyer", buyer), ("group", Some(&group.caps)), ("source", source)];
        for (owner, calendar) in owners {
            let Some(calendar) = calendar else { continue };
            for cap in &calendar.caps {
                let used = self.used(cap, calendar)?;
                let fits =
                    if owner == "source" && !self.counts_for_source(cap) { true } else { cap.has_room(used, price) };
                if !fits {
                    return Ok(Some(full(owner, cap, used)));
                }
            }
        }
        Ok(None)
    }

    /// A source's count is of leads: the second sale of a lead is none more.
    pub(super) fn counts_for_source(&self, cap: &Cap) -> bool {
        cap.measure == Measure::Spend || self.sales.is_empty()
    }

    fn used(&self, cap: &Cap, calendar: &Calendar) -> Result<i64, Error> {
        let key = self.counter_key(cap, calendar);
        let pending = self.counters.get(&key).copied().unwrap_or(0);
        Ok(self.state.counter(&key)?.saturating_add(pending))
    }

    pub(super) fn counter_key(&self, cap: &Cap, calendar: &Calendar) -> String {
        cap.counter(&cap.window.key(&calendar.zone, self.at, calendar.sunday_first))
    }

    /// Whether too little would be left.
    fn thin(&self, price: Money) -> Option<Why> {
        let payout = payout(self.payout, price, self.sales.is_empty());
        let margin = price.checked_sub(payout).unwrap_or(Money::ZERO);
        let thin = margin < self.min_margin;
        thin.then(|| {
            let wanted = format!("{} or more", self.min_margin);
            Why::new(Code::ContractMargin).check("min_margin").found(margin.to_string()).wanted(wanted)
        })
    }
}

fn full(owner: &str, cap: &Cap, used: i64) -> Why {
    let shown = |amount: i64| match cap.measure {
        Measure::Count => amount.to_string(),
        Measure::Spend => Money::from_units(amount).unwrap_or(Money::MAX).to_string(),
    };
    let check = match cap.measure {
        Measure::Count => format!("caps.{owner}.{}", cap.window.as_str()),
        Measure::Spend => format!("caps.{owner}.{}.spend", cap.window.as_str()),
    };
    Why::new(Code::ContractCaps).check(check).found(shown(used)).wanted(format!("at most {}", shown(cap.limit)))
}
