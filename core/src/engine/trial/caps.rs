//! What a decision did to caps, and which caps were in the way.

use crate::engine::reads::State;
use crate::engine::settle::Settling;
use crate::limits::Cap;
use crate::model::{Code, ContractId, Error, Money};
use crate::plan::compiled::{Calendar, Contract, Group};

/// Something that happened to a cap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapEvent {
    /// The name of its counter: `contract:acme|day:2026-11-24|count|sold`.
    pub counter: String,
    /// The limit: leads, or 1/10,000 of the currency unit.
    pub limit: i64,
    /// How long its window is, in milliseconds, where it is a rolling one.
    pub rolling: Option<i64>,
    /// What happened.
    pub what: CapHappened,
}

/// What can happen to a cap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CapHappened {
    /// This lead took the last of it.
    Filled,
    /// It kept a contract from the lead.
    TurnedAway {
        /// Which contract.
        contract: ContractId,
        /// What the contract asks for a lead.
        price: Money,
    },
}

impl<S: State> Settling<'_, S> {
    /// The caps that this decision fills, each once, and those that turned a contract away.
    pub(super) fn cap_events(&self) -> Result<Vec<CapEvent>, Error> {
        let Some(route) = self.route else { return Ok(Vec::new()) };
        let mut events: Vec<CapEvent> = Vec::new();
        let group = |id: &str| route.groups.iter().chain(&route.house).find(|group| group.id == id);
        for sold in &self.sales {
            let (Some(contract), Some(group)) = (self.contract(sold.place), group(&sold.group)) else { continue };
            for (_, calendar) in self.calendars(contract, group) {
                for cap in &calendar.caps {
                    let counter = self.counter_key(cap, calendar);
                    let after = self.used(cap, calendar)?;
                    let booked = if cap.window.rolling_millis().is_some() {
                        &self.booked.moments
                    } else {
                        &self.booked.counters
                    };
                    let before = after.saturating_sub(booked.get(&counter).copied().unwrap_or(0));
                    let is_new = !events.iter().any(|event| event.counter == counter);
                    if cap.remaining(before) > 0 && cap.remaining(after) == 0 && is_new {
                        let (limit, rolling) = (cap.limit, cap.window.rolling_millis());
                        events.push(CapEvent { counter, limit, rolling, what: CapHappened::Filled });
                    }
                }
            }
        }
        for entry in self.entries.iter().filter(|entry| entry.code == Code::ContractCaps) {
            let contract = self.plan.contracts.binary_search_by(|contract| contract.id.cmp(&entry.contract));
            let contract = contract.ok().and_then(|place| self.plan.contract(place));
            let (Some(contract), Some(group)) = (contract, group(&entry.group)) else { continue };
            let Some((cap, calendar)) = self.cap_named(contract, group, entry.check.as_deref()) else { continue };
            events.push(CapEvent {
                counter: self.counter_key(cap, calendar),
                limit: cap.limit,
                rolling: cap.window.rolling_millis(),
                what: CapHappened::TurnedAway { contract: contract.id.clone(), price: self.asks(contract) },
            });
        }
        Ok(events)
    }

    /// The cap that a check is about.
    fn cap_named<'b>(
        &'b self,
        contract: &'b Contract,
        group: &'b Group,
        check: Option<&str>,
    ) -> Option<(&'b Cap, &'b Calendar)> {
        let check = check?;
        let all = self.calendars(contract, group);
        let mut caps = all.flat_map(|(owner, calendar)| calendar.caps.iter().map(move |cap| (owner, cap, calendar)));
        caps.find(|(owner, cap, _)| owner.check(cap) == check).map(|(_, cap, calendar)| (cap, calendar))
    }

    /// What a contract asks for a lead that nobody has.
    pub(super) fn asks(&self, contract: &Contract) -> Money {
        let shared = contract.shared.map(|shared| shared.price).filter(|_| self.max_sales > 1);
        shared.or(contract.exclusive).unwrap_or(Money::ZERO)
    }
}
