//! Whether a contract can take the lead now, and if not, why.

use super::money::payout;
use super::reads::State;
use super::settle::Settling;
use crate::limits::{Cap, Measure};
use crate::model::{Code, Error, Money, Sale};
use crate::plan::compiled::{Calendar, Contract, Group, Payout};

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

    pub(super) fn check(mut self, check: impl Into<String>) -> Self {
        self.check = Some(check.into());
        self
    }

    pub(super) fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    pub(super) fn wanted(mut self, wanted: impl Into<String>) -> Self {
        self.wanted = Some(wanted.into());
        self
    }
}

/// The payout that a sale must leave its margin after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bears {
    /// What falls due when this is the next sale.
    ItsOwn,
    /// A share of the price; what is paid once a lead is borne by the whole set.
    ShareOnly,
}

impl<S: State> Settling<'_, S> {
    /// Why the contract is not open for the lead, whoever else has it: paused, not its time, or it knows the person.
    pub(super) fn shut(&self, contract: &Contract) -> Result<Option<Why>, Error> {
        if contract.paused {
            return Ok(Some(Why::new(Code::ContractPaused).check("status").wanted("active")));
        }
        if contract.starts.is_some() || contract.ends.is_some() {
            let today = contract.caps.zone.date(self.at);
            if let Some(starts) = contract.starts.filter(|starts| today < *starts) {
                let why = Why::new(Code::ContractClosed).check("starts").found(today.to_string());
                return Ok(Some(why.wanted(format!("{starts} or later"))));
            }
            if let Some(ends) = contract.ends.filter(|ends| today > *ends) {
                let why = Why::new(Code::ContractClosed).check("ends").found(today.to_string());
                return Ok(Some(why.wanted(format!("{ends} or earlier"))));
            }
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

    /// Whether those who have the lead leave room for this contract.
    pub(super) fn beside(&self, contract: &Contract) -> Result<(), Why> {
        if self.sales.iter().any(|sale| sale.buyer == contract.buyer) {
            return Err(Why::new(Code::ContractBuyerHasIt));
        }
        let is_gone = self.sales.iter().any(|sale| sale.sale == Sale::Exclusive);
        if is_gone || self.sales.len() >= self.max_sales {
            return Err(Why::new(Code::ContractOutranked));
        }
        if let Some(sale) = self.sales.iter().find(|sale| sale.company == contract.company) {
            return Err(Why::new(Code::ContractNeverWith).check("parent").found(sale.buyer.to_string()));
        }
        let clash = self.sales.iter().find(|sale| contract.never_with.contains(&sale.place));
        if let Some(sale) = clash {
            return Err(Why::new(Code::ContractNeverWith).check("never_with").found(sale.contract.to_string()));
        }
        Ok(())
    }

    /// How the contract would buy the lead as the next sale, and at which price: alone where it offers that, nobody has
    /// the lead and the route sells once; else shared.
    pub(super) fn form(&self, contract: &Contract) -> Result<(Sale, Money), Why> {
        let alone = self.max_sales == 1 || contract.shared.is_none();
        if let Some(price) = contract.exclusive.filter(|_| self.sales.is_empty() && alone) {
            return Ok((Sale::Exclusive, price));
        }
        self.shared(contract)
    }

    /// Its price for a share of the lead, beside those who have it.
    pub(super) fn shared(&self, contract: &Contract) -> Result<(Sale, Money), Why> {
        let others = self.sales.len();
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

    /// What is in the way of a sale at this price: the floor of the group, a cap, or what would be left of it.
    pub(super) fn blocked(
        &self,
        contract: &Contract,
        group: &Group,
        price: Money,
        bears: Bears,
    ) -> Result<Option<Why>, Error> {
        if price < group.floor {
            let wanted = format!("{} or more", group.floor);
            return Ok(Some(Why::new(Code::ContractFloor).check("floor").found(price.to_string()).wanted(wanted)));
        }
        if let Some(why) = self.capped(contract, group, price)? {
            return Ok(Some(why));
        }
        Ok(self.thin(price, bears))
    }

    /// The first cap without room, of the contract, its buyer, the group, the source (rule 20).
    fn capped(&self, contract: &Contract, group: &Group, price: Money) -> Result<Option<Why>, Error> {
        for (owner, calendar) in self.calendars(contract, group) {
            for cap in &calendar.caps {
                let used = self.used(cap, calendar)?;
                let counts = owner != "source" || self.counts_for_source(cap);
                if counts && !cap.has_room(used, price) {
                    return Ok(Some(full(owner, cap, used)));
                }
            }
        }
        Ok(None)
    }

    /// Whose caps a sale counts on.
    pub(super) fn calendars<'b>(
        &'b self,
        contract: &'b Contract,
        group: &'b Group,
    ) -> impl Iterator<Item = (&'static str, &'b Calendar)> {
        let buyer = self.plan.buyers.get(&contract.buyer).map(|buyer| &buyer.caps);
        let source = self.plan.sources.get(&self.lead.source).map(|source| &source.caps);
        let owners =
            [("contract", Some(&contract.caps)), ("buyer", buyer), ("group", Some(&group.caps)), ("source", source)];
        owners.into_iter().filter_map(|(owner, calendar)| Some((owner, calendar?)))
    }

    /// A source's count is of leads: the second sale of a lead is none more.
    pub(super) fn counts_for_source(&self, cap: &Cap) -> bool {
        cap.measure == Measure::Spend || self.sales.is_empty()
    }

    pub(super) fn used(&self, cap: &Cap, calendar: &Calendar) -> Result<i64, Error> {
        let key = self.counter_key(cap, calendar);
        let pending = self.counters.get(&key).copied().unwrap_or(0);
        Ok(self.state.counter(&key)?.saturating_add(pending))
    }

    pub(super) fn counter_key(&self, cap: &Cap, calendar: &Calendar) -> String {
        cap.counter(&cap.window.key(&calendar.zone, self.at, calendar.sunday_first))
    }

    /// Whether too little would be left (rule 41).
    pub(super) fn thin(&self, price: Money, bears: Bears) -> Option<Why> {
        let payout = match (bears, self.payout) {
            (Bears::ShareOnly, Payout::Fixed(_)) => Money::ZERO,
            _ => payout(self.payout, price, self.sales.is_empty()),
        };
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
    Why::new(Code::ContractCaps)
        .check(cap_check(owner, cap))
        .found(shown(used))
        .wanted(format!("at most {}", shown(cap.limit)))
}

/// Whether a check is about this cap, without making its name.
pub(super) fn is_cap_check(check: &str, owner: &str, cap: &Cap) -> bool {
    let of_owner = check.strip_prefix("caps.").and_then(|rest| rest.strip_prefix(owner));
    let rest = of_owner.and_then(|rest| rest.strip_prefix('.')).and_then(|rest| rest.strip_prefix(cap.window.as_str()));
    match cap.measure {
        Measure::Count => rest == Some(""),
        Measure::Spend => rest == Some(".spend"),
    }
}

/// `caps.contract.day`, `caps.buyer.month.spend`.
pub(super) fn cap_check(owner: &str, cap: &Cap) -> String {
    match cap.measure {
        Measure::Count => format!("caps.{owner}.{}", cap.window.as_str()),
        Measure::Spend => format!("caps.{owner}.{}.spend", cap.window.as_str()),
    }
}
