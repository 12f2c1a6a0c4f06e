//! What keeps a sale back although no cap is used up, pace, rate and funds; and what a sale takes from all of them.

use super::reads::State;
use super::settle::Settling;
use super::standing::{Why, shown};
use super::waits::Told;
use crate::limits::{Cap, Measure, Owner, Rate, Starts, Window, WindowKey, Zone, progress};
use crate::model::{BuyerId, Code, Error, Money, Timestamp};
use crate::operate::funds_counter;
use crate::plan::compiled::{Calendar, Contract, Group, Route};
use crate::store::Took;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What the sales of a decision take.
#[derive(Clone, Debug, Default)]
pub(super) struct Booked {
    /// What is added to counters.
    pub(super) counters: BTreeMap<String, i64>,
    /// What is added to the sums of rolling caps.
    pub(super) moments: BTreeMap<String, i64>,
    /// The caps that have no room for another such sale, by the keys of what they count, with their check and limit.
    pub(super) filled: BTreeMap<String, (String, String)>,
}

/// The windows that the time of a decision lies in. There are a few, however many contracts have caps.
#[derive(Default)]
pub(super) struct Windows(RefCell<Vec<(Window, Zone, Starts, WindowKey)>>);

impl Windows {
    fn with<R>(&self, window: Window, calendar: &Calendar, at: Timestamp, see: impl FnOnce(&WindowKey) -> R) -> R {
        let Calendar { zone, starts, .. } = calendar;
        let is_it =
            |known: &&(Window, Zone, Starts, WindowKey)| known.0 == window && known.2 == *starts && known.1 == *zone;
        if let Some(known) = self.0.borrow().iter().find(is_it) {
            return see(&known.3);
        }
        let key = window.key(zone, at, *starts);
        let seen = see(&key);
        self.0.borrow_mut().push((window, zone.clone(), *starts, key));
        seen
    }
}

impl<S: State> Settling<'_, S> {
    /// Why the contract has to wait: it is ahead of its pace, or of its rate.
    pub(super) fn early(&self, contract: &Contract) -> Result<Option<Why>, Error> {
        if contract.pace {
            for cap in &contract.caps.caps {
                if let Some(why) = self.ahead(contract, cap)? {
                    return Ok(Some(why));
                }
            }
        }
        let Some(rate) = contract.rate else { return Ok(None) };
        let arrival = self.counter(&rate_key(contract))?;
        Ok((!rate.is_open(arrival, self.at)).then(|| {
            let wanted = format!("{} or later", rate.opens_at(arrival));
            Why::new(Code::ContractRate).check("rate").wanted(wanted)
        }))
    }

    /// Whether more of the cap is used than its part of the open time (rule 23).
    fn ahead(&self, contract: &Contract, cap: &Cap) -> Result<Option<Why>, Error> {
        let Calendar { zone, starts, .. } = &contract.caps;
        let dates = (contract.starts, contract.ends);
        let Some(progress) = progress(cap.window, zone, &contract.schedule, self.at, *starts, dates) else {
            return Ok(None);
        };
        let allowed = progress.allows(cap.limit);
        let used = self.used(cap, &contract.caps)?;
        Ok((used >= allowed).then(|| {
            let wanted = format!("at most {} by now", shown(cap, allowed));
            let why = Why::new(Code::ContractPace).check(format!("pace.{}", cap.window.as_str()));
            why.found(shown(cap, used)).wanted(wanted)
        }))
    }

    /// Whether the buyer's funds and credit do not reach for the price (rule 94).
    pub(super) fn unfunded(&self, contract: &Contract, price: Money) -> Result<Option<Why>, Error> {
        let Some(credit) = self.credit(&contract.buyer) else { return Ok(None) };
        let left = self.counter(&funds_counter(&contract.buyer))?.saturating_add(credit.units());
        let missing = price.units().saturating_sub(left);
        Ok((missing > 0).then(|| {
            let amount = |units: i64| Money::from_units(units).unwrap_or(Money::MAX);
            let wanted = format!("{price}, {} more", amount(missing));
            Why::new(Code::ContractFunds).check("funds").found(amount(left).to_string()).wanted(wanted)
        }))
    }

    /// How far the funds of a buyer who pays from funds may be overdrawn.
    fn credit(&self, buyer: &BuyerId) -> Option<Money> {
        self.plan.buyers.get(buyer)?.funds
    }

    /// A counter as the sales of this decision leave it.
    fn counter(&self, key: &str) -> Result<i64, Error> {
        let pending = self.booked.counters.get(key).copied().unwrap_or(0);
        Ok(self.state.counter(key)?.saturating_add(pending))
    }

    /// How much of a cap is used, by the sales of this decision too.
    pub(super) fn used(&self, cap: &Cap, calendar: &Calendar) -> Result<i64, Error> {
        let key = self.counter_key(cap, calendar);
        let Some(span) = cap.window.rolling_millis() else {
            let pending = self.booked.counters.get(&key).copied().unwrap_or(0);
            return Ok(self.state.counter_within(&key, cap.limit)?.saturating_add(pending));
        };
        let pending = self.booked.moments.get(&key).copied().unwrap_or(0);
        Ok(self.state.since(&key, self.at.plus_millis(span.saturating_neg()))?.saturating_add(pending))
    }

    pub(super) fn counter_key(&self, cap: &Cap, calendar: &Calendar) -> String {
        self.windows.with(cap.window, calendar, self.at, |window| cap.counter(window))
    }

    /// What a sale adds to caps, whatever they have; `first` says whether it is the first of its lead, which counts on those of
    /// leads too. Rates are not among it: a pace that was kept is kept.
    pub(super) fn takes(&self, contract: &Contract, group: &Group, price: Money, first: bool) -> Took {
        let mut took = Took::default();
        for (owner, calendar) in self.calendars(contract, group) {
            let counts = |cap: &&Cap| !owner.counts_leads() || cap.measure == Measure::Spend || first;
            for cap in calendar.caps.iter().filter(counts) {
                let is_rolling = cap.window.rolling_millis().is_some();
                let sums = if is_rolling { &mut took.moments } else { &mut took.counters };
                add(sums, self.counter_key(cap, calendar), cap.cost(price));
            }
        }
        took
    }

    /// Takes a sale from the caps of all owners, from the rate and from the funds.
    pub(super) fn take_room(&mut self, contract: &Contract, group: &Group, price: Money) -> Result<(), Error> {
        let mut booked = self.booked.clone();
        for (owner, calendar) in self.calendars(contract, group) {
            for cap in calendar.caps.iter().filter(|cap| !owner.counts_leads() || self.counts_for_source(cap)) {
                let key = self.counter_key(cap, calendar);
                let after = self.used(cap, calendar)?.saturating_add(cap.cost(price));
                if !cap.has_room(after, price) {
                    let filled = (owner.check(cap), shown(cap, cap.limit));
                    booked.filled.insert(key.clone(), filled);
                }
                let sums =
                    if cap.window.rolling_millis().is_some() { &mut booked.moments } else { &mut booked.counters };
                add(sums, key, cap.cost(price));
            }
        }
        if let Some(rate) = contract.rate {
            let key = rate_key(contract);
            let arrival = self.counter(&key)?;
            add(&mut booked.counters, key, rate.arrival_after(arrival, self.at).saturating_sub(arrival));
        }
        if self.credit(&contract.buyer).is_some() {
            add(&mut booked.counters, funds_counter(&contract.buyer), price.units().saturating_neg());
        }
        self.booked = booked;
        Ok(())
    }
}

impl<S: State> Settling<'_, S> {
    /// Takes a sale of a lead that waited from the rate at which its route lets such leads go (rule 24).
    pub(super) fn take_retry(&mut self, route: &Route) -> Result<(), Error> {
        let by_itself = self.waited.as_ref().is_some_and(|waited| waited.told != Some(Told::Again));
        let Some(rate) = route.retry_rate.filter(|_| by_itself && !self.sold_now().is_empty()) else {
            return Ok(());
        };
        let key = retry_key(self.vertical());
        let arrival = self.counter(&key)?;
        add(&mut self.booked.counters, key, rate.arrival_after(arrival, self.at).saturating_sub(arrival));
        Ok(())
    }
}

/// The counter of that rate.
pub(super) fn retry_key(vertical: &str) -> String {
    Rate::counter(&Owner::Route(vertical.to_owned()))
}

fn add(sums: &mut BTreeMap<String, i64>, key: String, much: i64) {
    let sum = sums.entry(key).or_insert(0);
    *sum = sum.saturating_add(much);
}

/// Rates go on under the id that a contract was first known by, as its caps do.
fn rate_key(contract: &Contract) -> String {
    Rate::counter(&Owner::Contract(contract.state_id.to_string()))
}
