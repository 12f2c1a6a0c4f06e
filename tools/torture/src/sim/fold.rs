//! The log of events, folded as an outsider reads it, and held against the tables of the store.

use super::ledger::{Held, must, unread};
use leadwright::events::{
    CapConfirmed, CapReleased, CapReserved, FundsChanged, LeadDecided, LeadReturned, MoneyAdjusted, PlanActivated,
    SaleFell,
};
use leadwright::model::{Account, Code, DecisionId, Event, EventKind, Outcome, ReservationState, TenantId, Timestamp};
use leadwright::store::{MemoryStore, Store, View};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// What the events of a world add up to.
#[derive(Default)]
pub(crate) struct Fold {
    after: u64,
    decisions: Vec<(DecisionId, Timestamp, Outcome)>,
    /// How many of them were compared.
    compared: usize,
    counters: BTreeMap<String, i64>,
    moments: BTreeMap<String, i64>,
    deliveries: BTreeMap<String, DecisionId>,
    /// Leads, revenue and payout by day, slot, source, contract and outcome.
    sums: BTreeMap<(String, u8, String, String, &'static str), [i64; 3]>,
    waiting: BTreeSet<String>,
    reservations: BTreeMap<String, ReservationState>,
    forgotten: bool,
    plan: String,
}

impl Fold {
    /// Folds what is new, and compares with the tables; all of them at the end of a world.
    pub(crate) fn check(&mut self, memory: &MemoryStore, is_last: bool) -> Held {
        let tenant = TenantId::default();
        for (position, event) in memory.events(&tenant, self.after, usize::MAX).map_err(unread)? {
            self.event(&event)?;
            self.after = position;
        }
        let stored = memory.decisions(&tenant, self.compared as u64, usize::MAX).map_err(unread)?;
        let (told, there) = (self.decisions.len(), self.compared + stored.len());
        must(told == there, "I10", || format!("the log tells of {told} decisions, and there are {there}"))?;
        for ((id, at, outcome), stored) in self.decisions[self.compared..].iter().zip(&stored) {
            let record = &stored.record;
            self.compared += 1;
            must(stored.seq == self.compared as u64, "I6", || format!("{id} is at {} in the log", stored.seq))?;
            let same = *id == record.id && *at == record.at && *outcome == record.outcome;
            must(same, "I10", || format!("the log tells of {id}, and {} is there", record.id))?;
        }
        self.keys(memory, &tenant)?;
        if is_last { self.tables(memory, &tenant) } else { Ok(()) }
    }

    fn event(&mut self, event: &Event) -> Held {
        match event.kind {
            EventKind::LeadDecided => self.decided(event),
            EventKind::LeadHeld => {
                let lead = event.subject.decision().map(lead_of);
                self.waiting.extend(lead);
                Ok(())
            }
            EventKind::FundsChanged => {
                let told: FundsChanged = read(event)?;
                *self.counters.entry(format!("{}|funds", event.subject)).or_default() += told.add.units();
                Ok(())
            }
            EventKind::MoneyAdjusted => {
                let told: MoneyAdjusted = read(event)?;
                if let Account::Funds(buyer) = told.account {
                    *self.counters.entry(format!("buyer:{buyer}|funds")).or_default() -= told.add.units();
                }
                Ok(())
            }
            EventKind::LeadReturned => {
                let told: LeadReturned = read(event)?;
                sum(&mut self.counters, told.counters, 1);
                Ok(())
            }
            EventKind::SaleFell | EventKind::SaleHonored => {
                let told: SaleFell = read(event)?;
                sum(&mut self.counters, told.counters, 1);
                sum(&mut self.moments, told.moments, 1);
                Ok(())
            }
            EventKind::CapReserved => {
                let told: CapReserved = read(event)?;
                sum(&mut self.counters, told.counters, 1);
                sum(&mut self.moments, told.moments, 1);
                let state = if told.until.is_some() { ReservationState::Held } else { ReservationState::Confirmed };
                self.reservations.insert(told.key, state);
                Ok(())
            }
            EventKind::CapConfirmed => {
                let told: CapConfirmed = read(event)?;
                self.reservations.insert(told.key, ReservationState::Confirmed);
                Ok(())
            }
            EventKind::CapReleased => {
                let told: CapReleased = read(event)?;
                sum(&mut self.counters, told.counters, -1);
                sum(&mut self.moments, told.moments, -1);
                self.reservations.insert(told.key, ReservationState::Released);
                Ok(())
            }
            EventKind::PlanActivated => {
                let told: PlanActivated = read(event)?;
                let before = told.before.unwrap_or_default();
                must(before == self.plan, "I10", || format!("{} follows {before}, and not {}", told.plan, self.plan))?;
                self.plan = told.plan;
                Ok(())
            }
            EventKind::PersonForgotten => {
                self.forgotten = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn decided(&mut self, event: &Event) -> Held {
        let told: LeadDecided = read(event)?;
        let id = event.subject.decision().cloned();
        let id = id.ok_or_else(|| super::ledger::broken("I10", "a decision without an id"))?;
        // What is refused for what it said it was is another lead than the one that waits.
        let is_other = |code: &Code| matches!(code, Code::LeadIdConflict | Code::LeadIdempotencyKeyReused);
        let refused = told.problems.iter().any(is_other);
        if told.parent.is_some() && !refused {
            self.waiting.remove(&lead_of(&id));
        }
        sum(&mut self.counters, told.counters, 1);
        sum(&mut self.moments, told.moments, 1);
        if let (Some(date), Some(slot)) = (told.date, told.slot) {
            let mut whole = [1, 0, 0];
            let row = |contract: &str| {
                (date.to_string(), slot, id.source.to_string(), contract.to_owned(), told.outcome.as_str())
            };
            for sold in &told.assignments {
                let (price, payout) = (sold.price.units(), sold.payout.units());
                add(self.sums.entry(row(sold.contract.as_str())).or_default(), [1, price, payout]);
                whole = [1, whole[1] + price, whole[2] + payout];
                // What another system sold it delivers.
                if told.observed.is_none() {
                    self.deliveries.insert(sold.key.clone(), id.clone());
                }
            }
            add(self.sums.entry(row("")).or_default(), whole);
        }
        self.decisions.push((id, event.at, told.outcome));
        Ok(())
    }

    fn keys(&self, memory: &MemoryStore, tenant: &TenantId) -> Held {
        let mut wrong = None;
        let mut look = |view: &dyn View| {
            for (key, want) in &self.counters {
                let found = view.counter(key)?;
                wrong =
                    wrong.take().or((found != *want).then(|| format!("{key} is {found}, and the log makes {want}")));
            }
            for (key, want) in &self.moments {
                let found = view.since(key, Timestamp::EPOCH)?;
                wrong =
                    wrong.take().or((found != *want).then(|| format!("{key} is {found}, and the log makes {want}")));
            }
            for (key, want) in &self.reservations {
                let found = view.reservation(key)?.map(|found| found.state);
                let is_odd = found != Some(*want);
                wrong = wrong.take().or(is_odd.then(|| format!("{key} is {found:?}, and by the log it is {want:?}")));
            }
            Ok(())
        };
        memory.read(tenant, &mut look).map_err(unread)?;
        must(wrong.is_none(), "I10", || wrong.clone().unwrap_or_default())
    }

    fn tables(&self, memory: &MemoryStore, tenant: &TenantId) -> Held {
        let mut rows = BTreeMap::new();
        for row in memory.rollups(tenant).map_err(unread)? {
            let contract = row.contract.map(|contract| contract.to_string()).unwrap_or_default();
            let key = (row.date.to_string(), row.slot, row.source.to_string(), contract, row.outcome.as_str());
            rows.insert(key, [row.leads, row.revenue.units(), row.payout.units()]);
        }
        let odd = self.sums.keys().chain(rows.keys()).find(|key| self.sums.get(*key) != rows.get(*key));
        must(odd.is_none(), "I10", || format!("the sums of {odd:?} are not what the log makes"))?;
        let outbox = memory.outbox(tenant, 0, usize::MAX).map_err(unread)?;
        let odd = outbox.iter().find(|(_, entry)| self.deliveries.get(&entry.key) != Some(&entry.decision));
        must(odd.is_none(), "I10", || format!("the log knows nothing of the delivery at {:?}", odd.map(|(at, _)| at)))?;
        let queue = memory.queue(tenant, None, 0, usize::MAX).map_err(unread)?;
        let queue: BTreeSet<String> = queue.iter().map(|(_, row)| lead_of(&row.decision)).collect();
        // Whoever was forgotten waits no more, and nothing says who that was.
        let same = if self.forgotten { queue.is_subset(&self.waiting) } else { queue == self.waiting };
        let known = self.forgotten || outbox.len() == self.deliveries.len();
        must(known, "I10", || {
            format!("{} deliveries are there, and the log makes {}", outbox.len(), self.deliveries.len())
        })?;
        must(same, "I10", || {
            let odd = queue.symmetric_difference(&self.waiting).next();
            format!("{} leads wait, and by the log {} do; {odd:?} is in one of them", queue.len(), self.waiting.len())
        })
    }
}

fn sum(sums: &mut BTreeMap<String, i64>, more: BTreeMap<String, i64>, times: i64) {
    more.into_iter().for_each(|(key, add)| *sums.entry(key).or_default() += add * times);
}

fn add(sum: &mut [i64; 3], more: [i64; 3]) {
    sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

fn lead_of(id: &DecisionId) -> String {
    format!("{}/{}", id.source, id.lead)
}

fn read<T: DeserializeOwned>(event: &Event) -> Result<T, super::ledger::Broken> {
    let wrong = |error| super::ledger::broken("I10", format!("an event {}: {error}", event.kind.as_str()));
    serde_json::from_str(&event.data).map_err(wrong)
}
