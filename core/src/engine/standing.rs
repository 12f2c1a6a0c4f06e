//! Whether a contract can take the lead now, and if not, why.

use super::reads::State;
use super::settle::Settling;
use crate::books::payout;
use crate::limits::{Cap, Measure};
use crate::model::{Code, ContractId, Error, Money, Sale, TraceEntry};
use crate::plan::compiled::{Calendar, Contract, Group, OutsideCallWindow, Payout};
use crate::validate::ConsentNow;

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

    /// As the trace says it of a contract in a group.
    pub(super) fn of(self, contract: &ContractId, group: &str) -> TraceEntry {
        let Why { code, check, found, wanted } = self;
        TraceEntry { contract: contract.clone(), group: group.to_owned(), code, check, found, wanted }
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

/// On whose caps a sale counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CapOf {
    Contract,
    Buyer,
    Group,
    Route,
    Source,
    SubId,
}

impl CapOf {
    /// Whether leads are counted, and not sales.
    pub(super) fn counts_leads(self) -> bool {
        matches!(self, CapOf::Route | CapOf::Source | CapOf::SubId)
    }

    /// What the check of a cap is called: `caps.contract.day`.
    pub(super) fn check(self, cap: &Cap) -> String {
        let owner = match self {
            CapOf::Contract => "contract",
            CapOf::Buyer => "buyer",
            CapOf::Group => "group",
            CapOf::Route => "route",
            CapOf::Source => "source",
            CapOf::SubId => "sub_id",
        };
        match cap.measure {
            Measure::Count => format!("caps.{owner}.{}", cap.window.as_str()),
            Measure::Spend => format!("caps.{owner}.{}.spend", cap.window.as_str()),
        }
    }
}

impl<S: State> Settling<'_, S> {
    /// Why the contract is not open for the lead, whoever else has it: paused, not its time, or it knows the person.
    pub(super) fn shut(&self, contract: &Contract) -> Result<Option<Why>, Error> {
        if let Some(why) = self.paused(contract) {
            return Ok(Some(why));
        }
        if let Some(why) = self.refused_before(contract) {
            return Ok(Some(why));
        }
        if let Some(why) = self.breaker_open(contract) {
            return Ok(Some(why));
        }
        if let Some(buyer) = self.had_it(contract) {
            return Ok(Some(Why::new(Code::ContractPreviousHolder).check("not_to").found(buyer.as_str())));
        }
        if let Some(why) = self.out_of_hours(contract) {
            return Ok(Some(why));
        }
        if let Some(why) = self.call_closed(contract) {
            return Ok(Some(why));
        }
        if let Some(why) = self.without_consent(contract) {
            return Ok(Some(why));
        }
        if let Some(why) = self.came_too_often(contract) {
            return Ok(Some(why));
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

    /// Whether it does not buy.
    pub(super) fn paused(&self, contract: &Contract) -> Option<Why> {
        contract.paused.then(|| Why::new(Code::ContractPaused).check("status").wanted("active"))
    }

    /// Whether its buyer is not called now (rule 52): what is sold to it would wait, and others can take it.
    pub(super) fn breaker_open(&self, contract: &Contract) -> Option<Why> {
        let until = self.desks.get(&contract.buyer)?;
        let why = Why::new(Code::ContractBreakerOpen).check("breaker").found("open");
        Some(match until {
            Some(until) => why.wanted(format!("closed again at {until} or later")),
            None => why.wanted("closed by operations"),
        })
    }

    /// Whether it does not buy now.
    pub(super) fn out_of_hours(&self, contract: &Contract) -> Option<Why> {
        if contract.starts.is_some() || contract.ends.is_some() {
            let today = contract.caps.zone.date(self.at);
            if let Some(starts) = contract.starts.filter(|starts| today < *starts) {
                let why = Why::new(Code::ContractClosed).check("starts").found(today.to_string());
                return Some(why.wanted(format!("{starts} or later")));
            }
            if let Some(ends) = contract.ends.filter(|ends| today > *ends) {
                let why = Why::new(Code::ContractClosed).check("ends").found(today.to_string());
                return Some(why.wanted(format!("{ends} or earlier")));
            }
        }
        let is_open = contract.schedule.is_open(&contract.caps.zone, self.at);
        (!is_open).then(|| Why::new(Code::ContractClosed).check("hours").wanted("a time within its hours"))
    }

    /// The buyer of the contract's company that had the lead before (rule 91).
    pub(super) fn had_it(&self, contract: &Contract) -> Option<&String> {
        self.holders.get(&contract.company)
    }

    /// Whether the consumer may not be called now, and the contract does not want such leads.
    pub(super) fn call_closed(&self, contract: &Contract) -> Option<Why> {
        let waits = matches!(contract.call_window, Some(OutsideCallWindow::Skip | OutsideCallWindow::Hold));
        let next = waits.then(|| self.must_wait(contract)).flatten()?;
        Some(Why::new(Code::ContractCallWindow).check("call_window").wanted(format!("{next} or later")))
    }

    /// What the consent lacks for this contract (rule 100).
    pub(super) fn without_consent(&self, contract: &Contract) -> Option<Why> {
        let lack = contract.consent.as_ref()?.lacks(&self.lead.canonical, ConsentNow::at(self.at))?;
        Some(Why::new(Code::ContractConsent).check(format!("consent.{}", lack.check)).wanted(lack.expected))
    }

    /// Of a value that the lead does not have nobody knows how often it came: that is not for this contract (rule 76).
    pub(super) fn came_too_often(&self, contract: &Contract) -> Option<Why> {
        let (field, most) = contract
            .repeats
            .iter()
            .find(|(field, most)| self.repeats.get(*field).is_none_or(|before| before > *most))?;
        let why = Why::new(Code::ContractRepeats).check(format!("repeats.{field}"));
        let why = match self.repeats.get(field) {
            Some(before) => why.found(before.to_string()),
            None => why,
        };
        Some(why.wanted(format!("at most {most}")))
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
    /// the lead or may have it, and the route sells once; else shared.
    pub(super) fn form(&self, contract: &Contract) -> Result<(Sale, Money), Why> {
        let may_share = contract.shares();
        let alone = self.max_sales == 1 || !may_share;
        let offered = if self.may_be_alone() && alone { self.alone(contract) } else { Ok(None) };
        match offered {
            Ok(Some(price)) => Ok((Sale::Exclusive, price)),
            Err(why) if !may_share => Err(why),
            Ok(None) | Err(_) => self.shared(contract),
        }
    }

    /// Its price for a share of the lead, beside those who have it.
    pub(super) fn shared(&self, contract: &Contract) -> Result<(Sale, Money), Why> {
        let others = self.sales.len();
        if !contract.shares() {
            return Err(Why::new(Code::ContractSaleForm).check("sell").wanted("to have the lead alone"));
        }
        let with_at_most = contract.with_at_most();
        let too_many =
            |limit: Option<u32>| limit.is_some_and(|limit| usize::try_from(limit).is_ok_and(|limit| others > limit));
        if too_many(with_at_most) {
            let wanted = format!("at most {} other buyers", with_at_most.unwrap_or_default());
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
        let price = self.to_share(contract)?;
        price.map(|price| (Sale::Shared, price)).ok_or_else(|| Why::new(Code::ContractSaleForm).check("sell"))
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
        if let Some(why) = self.capped(self.calendars(contract, group), price)? {
            return Ok(Some(why));
        }
        if let Some(why) = self.early(contract)? {
            return Ok(Some(why));
        }
        if let Some(why) = self.unfunded(contract, price)? {
            return Ok(Some(why));
        }
        Ok(self.thin(price, bears))
    }

    /// The same for one that nothing was in the way of before another sale of this lead: its own limits and those of its
    /// buyer are as they were, for a buyer gets a lead once.
    pub(super) fn blocked_since(&self, group: &Group, price: Money) -> Result<Option<Why>, Error> {
        let why = self.capped(self.together(group), price)?;
        Ok(why.or_else(|| self.thin(price, Bears::ItsOwn)))
    }

    /// The first cap without room, of the contract, its buyer, the group, the source and its part (rule 20).
    pub(super) fn capped<'b>(
        &self,
        calendars: impl Iterator<Item = (CapOf, &'b Calendar)>,
        price: Money,
    ) -> Result<Option<Why>, Error> {
        for (owner, calendar) in calendars {
            for cap in &calendar.caps {
                let used = self.used(cap, calendar)?;
                let counts = !owner.counts_leads() || self.counts_for_source(cap);
                if counts && !cap.has_room(used, price) {
                    let wanted = format!("at most {}", shown(cap, cap.limit));
                    let why = Why::new(Code::ContractCaps).check(owner.check(cap));
                    return Ok(Some(why.found(shown(cap, used)).wanted(wanted)));
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
    ) -> impl Iterator<Item = (CapOf, &'b Calendar)> {
        let buyer = self.plan.buyers.get(&contract.buyer).map(|buyer| (CapOf::Buyer, &buyer.caps));
        std::iter::once((CapOf::Contract, &contract.caps)).chain(buyer).chain(self.together(group))
    }

    /// Those of them that all sales of the group count on together.
    pub(super) fn together<'b>(&'b self, group: &'b Group) -> impl Iterator<Item = (CapOf, &'b Calendar)> {
        let parts = self.source.filter(|source| !source.sub_ids.is_empty());
        let part = parts.and_then(|source| source.sub_ids.get(self.lead.sub_id()?));
        let source = self.source.map(|source| (CapOf::Source, &source.caps));
        let part = part.map(|part| (CapOf::SubId, &part.caps));
        let route = self.route.map(|route| (CapOf::Route, &route.caps));
        std::iter::once((CapOf::Group, &group.caps)).chain(route).chain(source).chain(part)
    }

    /// A source's count is of leads: the second sale of a lead is none more.
    pub(super) fn counts_for_source(&self, cap: &Cap) -> bool {
        cap.measure == Measure::Spend || self.sales.is_empty()
    }

    /// Whether too little would be left (rule 41).
    pub(super) fn thin(&self, price: Money, bears: Bears) -> Option<Why> {
        let payout = match (bears, self.payout) {
            (Bears::ShareOnly, Payout::Fixed(_)) => Money::ZERO,
            _ => payout(self.payout, price, self.sales.is_empty()),
        };
        let margin = price.checked_sub(payout).unwrap_or(Money::ZERO);
        let thin = margin < self.min_margin && !self.any_margin;
        thin.then(|| {
            let wanted = format!("{} or more", self.min_margin);
            Why::new(Code::ContractMargin).check("min_margin").found(margin.to_string()).wanted(wanted)
        })
    }
}

/// What is counted against a cap, as it is said.
pub(super) fn shown(cap: &Cap, amount: i64) -> String {
    match cap.measure {
        Measure::Count => amount.to_string(),
        Measure::Spend => Money::from_units(amount).unwrap_or(Money::MAX).to_string(),
    }
}
