//! Deliveries, attempts and dead letters.

use super::{Tenant, Work};
use crate::model::{Attempt, Backlog, BuyerId, Code, DeadEnd, DeadLetter, DeliveryState, Error, Timestamp};
use crate::store::{Deliveries, Delivery, View};
use std::collections::BTreeMap;
use std::ops::Bound;

impl Tenant {
    /// Those that are not done and not given up.
    pub(super) fn is_left(delivery: &Delivery) -> bool {
        !matches!(delivery.state, DeliveryState::Dead | DeliveryState::Done)
    }
}

impl Deliveries for Work<'_> {
    fn delivery(&self, key: &str) -> Result<Option<Delivery>, Error> {
        let found = |state: &Tenant| state.outbox.get(state.outbox_keys.get(key)?).cloned();
        Ok(self.state().and_then(found))
    }

    fn next_due(&self, after: Option<&BuyerId>) -> Result<Option<(BuyerId, Timestamp)>, Error> {
        let last = Timestamp::EPOCH.plus_millis(i64::MAX);
        let from = after.map_or(Bound::Unbounded, |buyer| Bound::Excluded((buyer.clone(), last, u64::MAX)));
        let next = self.state().and_then(|state| state.ready.range((from, Bound::Unbounded)).next());
        Ok(next.map(|((buyer, due, _), ())| (buyer.clone(), *due)))
    }

    fn due(&self, buyer: &BuyerId, by: Timestamp, limit: usize) -> Result<Vec<Delivery>, Error> {
        let first = (buyer.clone(), Timestamp::EPOCH.plus_millis(i64::MIN), 0);
        let Some(state) = self.state() else { return Ok(Vec::new()) };
        let rows = state.ready.range(first..=(buyer.clone(), by, u64::MAX)).take(limit);
        Ok(rows.filter_map(|((_, _, position), ())| state.outbox.get(position)).cloned().collect())
    }

    fn claims_over(&self, at: Timestamp, limit: usize) -> Result<Vec<Delivery>, Error> {
        let Some(state) = self.state() else { return Ok(Vec::new()) };
        let rows = state.claimed.range(..=(at, u64::MAX)).take(limit);
        Ok(rows.filter_map(|((_, position), ())| state.outbox.get(position)).cloned().collect())
    }

    fn deliveries(&self, state: Option<DeliveryState>, after: u64, limit: usize) -> Result<Vec<Delivery>, Error> {
        let rows = self.state().map(|all| all.outbox.range(after.saturating_add(1)..)).into_iter().flatten();
        let wanted = |row: &&Delivery| state.map_or(row.state != DeliveryState::Done, |state| row.state == state);
        Ok(rows.map(|(_, row)| row).filter(wanted).take(limit).cloned().collect())
    }

    fn attempts(&self, delivery: u64) -> Result<Vec<Attempt>, Error> {
        let rows = self.state().map(|all| all.attempts.range((delivery, 0)..=(delivery, u32::MAX)));
        Ok(rows.into_iter().flatten().map(|(_, row)| row.clone()).collect())
    }

    fn dead_letters(&self, delivery: u64) -> Result<Vec<DeadLetter>, Error> {
        let rows = self.state().map(|all| all.dead_letters.range((delivery, 0)..=(delivery, u32::MAX)));
        Ok(rows.into_iter().flatten().map(|(_, row)| row.clone()).collect())
    }

    fn backlog(&self) -> Result<Vec<Backlog>, Error> {
        let mut sums: BTreeMap<(BuyerId, DeliveryState), (u64, Timestamp)> = BTreeMap::new();
        let rows = self.state().into_iter().flat_map(|all| all.outbox.values());
        for row in rows.filter(|row| row.state != DeliveryState::Done) {
            let sum = sums.entry((row.entry.buyer.clone(), row.state)).or_insert((0, row.since));
            *sum = (sum.0.saturating_add(1), sum.1.min(row.since));
        }
        let row = |((buyer, state), (count, oldest))| Backlog { buyer, state, count, oldest };
        Ok(sums.into_iter().map(row).collect())
    }
}

impl Work<'_> {
    /// Writes the row, and where it is found by those who look for work.
    pub(super) fn set_delivery(&mut self, it: Delivery) {
        let place = it.position;
        if let Some(before) = self.state().and_then(|state| state.outbox.get(&place)).cloned() {
            self.take(|state| &mut state.ready, &(before.entry.buyer, before.entry.due_at, place));
            if let Some(until) = before.until {
                self.take(|state| &mut state.claimed, &(until, place));
            }
        }
        if it.state == DeliveryState::Ready {
            self.put(|state| &mut state.ready, (it.entry.buyer.clone(), it.entry.due_at, place), ());
        }
        let ends = matches!(it.state, DeliveryState::Claimed | DeliveryState::Unknown);
        if let Some(until) = it.until.filter(|_| ends) {
            self.put(|state| &mut state.claimed, (until, place), ());
        }
        self.put(|state| &mut state.outbox, place, it);
    }

    pub(super) fn put_delivery(&mut self, it: &Delivery) -> Result<(), Error> {
        let there = self.state().and_then(|state| state.outbox.get(&it.position)).cloned();
        let Some(there) = there else { return Err(Error::new(Code::StoreCorrupt, "a delivery is not in the outbox")) };
        // What was sold is not written anew.
        let mut entry = there.entry;
        entry.due_at = it.entry.due_at;
        self.set_delivery(Delivery { entry, ..it.clone() });
        Ok(())
    }

    /// Nobody has to deliver it any more.
    pub(super) fn forget_delivery(&mut self, key: &str) -> Result<(), Error> {
        let Some(found) = self.delivery(key)? else { return Ok(()) };
        let resolved_at = self.last_decided_at()?;
        for letter in self.dead_letters(found.position)?.into_iter().filter(|letter| letter.resolved.is_none()) {
            let letter = DeadLetter { resolved: Some(DeadEnd::Forgotten), resolved_at, ..letter };
            let place = (letter.delivery, letter.nth);
            self.put(|state| &mut state.dead_letters, place, letter);
        }
        self.set_delivery(Delivery { state: DeliveryState::Done, until: None, ..found });
        Ok(())
    }
}
