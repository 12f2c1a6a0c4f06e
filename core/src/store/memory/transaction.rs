//! What a decision, and whatever else, changes.

use super::{Tenant, Work};
use crate::model::{Code, Error, Event, LeadId, Money, ReservationState, SourceId, Timestamp, Waiting};
use crate::store::MOST_GROUPS;
use crate::store::{
    Change, Claim, CounterAdd, Delivery, Effects, Erasure, HistoryLead, MomentAdd, Posting, PostingSum, ProblemGroup,
    Reservation, RollupAdd, Stored, Subscriber, Transaction, View,
};
use std::ops::Bound;

impl Transaction for Work<'_> {
    fn apply(&mut self, effects: &Effects) -> Result<u64, Error> {
        let record = &effects.record;
        let taken = |what: String| Err(Error::new(Code::StoreCorrupt, what));
        if self.state().is_some_and(|state| state.ids.contains_key(&record.id)) {
            return taken(format!("the decision {} is there already", record.id));
        }
        if self.tenant != record.tenant {
            return taken(format!("the decision {} is of another tenant", record.id));
        }
        let before = self.inner.last_seq;
        let seq = before.saturating_add(1);
        self.inner.last_seq = seq;
        self.undo.push(Box::new(move |inner| inner.last_seq = before));
        let id = &record.id;
        self.put(|state| &mut state.decisions, seq, Stored { seq, record: record.clone(), inner: None });
        self.put(|state| &mut state.ids, id.clone(), seq);
        self.put(|state| &mut state.latest, (id.source.clone(), id.lead.clone()), seq);
        self.put(|state| &mut state.payloads, (id.source.clone(), record.payload, record.at, seq), ());
        if let Some(key) = &record.idempotency_key {
            let key = (id.source.clone(), key.clone());
            // The first decision of a key is what the key stands for.
            if !self.state().is_some_and(|state| state.keys.contains_key(&key)) {
                self.put(|state| &mut state.keys, key, seq);
            }
        }
        self.note_time(record.at);
        self.count(&effects.counters)?;
        for add in &effects.moments {
            self.add_at(add);
        }
        for claim in &effects.claims {
            let key = (claim.scope.clone(), claim.hash, claim.at, seq);
            self.put(|state| &mut state.claims, key, claim.by.clone());
        }
        for row in &effects.turns {
            self.put(|state| &mut state.turns, row.group.clone(), row.after.clone());
        }
        for entry in &effects.outbox {
            if self.state().is_some_and(|state| state.outbox_keys.contains_key(&entry.key)) {
                return taken("a delivery key is there already".into());
            }
            let position = self.next(|state| &state.outbox);
            self.put(|state| &mut state.outbox_keys, entry.key.clone(), position);
            self.set_delivery(Delivery::new(position, entry.clone()));
        }
        self.tell(&effects.events);
        for add in &effects.rollups {
            self.add_up(add);
        }
        effects.postings.iter().for_each(|posting| self.post(posting));
        for group in &effects.problems {
            self.meet(ProblemGroup::first(group.clone(), seq));
        }
        self.reserve(&effects.reservations);
        if effects.ends_wait {
            self.leave(&id.source, &id.lead);
        }
        if let Some(waiting) = &effects.waiting {
            self.enter(waiting);
        }
        Ok(seq)
    }

    fn change(&mut self, change: &Change) -> Result<(), Error> {
        self.note_time(change.at);
        self.count(&change.counters)?;
        change.moments.iter().for_each(|add| self.add_at(add));
        self.reserve(&change.reservations);
        for setting in &change.settings {
            self.put(|state| &mut state.settings, setting.key.clone(), setting.value.clone());
        }
        for row in &change.turns {
            self.put(|state| &mut state.turns, row.group.clone(), row.after.clone());
        }
        change.unclaimed.iter().for_each(|claim| self.unclaim(claim));
        for add in &change.rollups {
            self.add_up(add);
        }
        for said in &change.problems {
            let row = self.state().and_then(|state| state.problems.get(&said.fingerprint)).cloned();
            if let Some(mut row) = row {
                row.say(said, change.at);
                self.put(|state| &mut state.problems, said.fingerprint, row);
            }
        }
        for entry in &change.entries {
            self.post(&entry.posting);
            let position = self.next(|state| &state.entries);
            self.put(|state| &mut state.entries, position, entry.clone());
        }
        if let Some(closed) = &change.statement {
            let key = (closed.party.clone(), closed.n);
            if self.state().is_some_and(|state| state.statements.contains_key(&key)) {
                return Err(Error::new(Code::StoreCorrupt, format!("the statement {} is there already", closed.id())));
            }
            self.put(|state| &mut state.statements, key, closed.clone());
        }
        change.deliveries.iter().try_for_each(|delivery| self.put_delivery(delivery))?;
        for attempt in &change.attempts {
            self.put(|state| &mut state.attempts, (attempt.delivery, attempt.n), attempt.clone());
        }
        for letter in &change.dead_letters {
            self.put(|state| &mut state.dead_letters, (letter.delivery, letter.nth), letter.clone());
        }
        self.tell(&change.events);
        Ok(())
    }

    fn erase(&mut self, erasure: &Erasure) -> Result<(), Error> {
        let found = self.state().and_then(|state| state.decisions.get(state.ids.get(&erasure.id)?)).cloned();
        let Some(mut stored) = found else { return Ok(()) };
        let key = stored.record.idempotency_key.clone();
        // Without its lead nothing can be decided again; a namesake goes on waiting.
        let (source, lead) = (&erasure.id.source, &erasure.id.lead);
        if self.waiting(source, lead)?.is_some_and(|waiting| waiting.decision == erasure.id) {
            self.leave(source, lead);
        }
        stored.inner = Some(erasure.inner);
        stored.record.body.clone_from(&erasure.body);
        stored.record.input.clear();
        stored.record.reads.clear();
        if erasure.forget {
            stored.record.idempotency_key = None;
            self.forget(erasure, stored.seq, key)?;
        }
        self.put(|state| &mut state.decisions, stored.seq, stored);
        Ok(())
    }

    fn put_subscriber(&mut self, subscriber: &Subscriber) -> Result<(), Error> {
        self.put(|state| &mut state.subscribers, subscriber.name.clone(), subscriber.clone());
        Ok(())
    }

    fn wait_on(&mut self, waiting: &Waiting) -> Result<(), Error> {
        match self.place(&waiting.decision.source, &waiting.decision.lead) {
            Some(place) => self.put(|state| &mut state.queue, place, Some(waiting.clone())),
            None => self.enter(waiting),
        }
        Ok(())
    }

    fn put_history(&mut self, leads: &[HistoryLead]) -> Result<(), Error> {
        for lead in leads {
            let position = self.next(|state| &state.history);
            self.put(|state| &mut state.history, position, lead.clone());
        }
        Ok(())
    }

    fn erase_history(&mut self, positions: &[u64]) -> Result<(), Error> {
        for position in positions {
            let found = self.state().and_then(|state| state.history.get(position)).cloned();
            let Some(lead) = found else { continue };
            self.put(|state| &mut state.history, *position, HistoryLead { input: Vec::new(), ..lead });
        }
        Ok(())
    }
}

impl Work<'_> {
    /// Takes out what could lead to a person.
    fn forget(&mut self, erasure: &Erasure, seq: u64, key: Option<String>) -> Result<(), Error> {
        let Some(state) = self.state() else { return Ok(()) };
        let id = &erasure.id;
        let claims: Vec<_> = state.claims.iter().filter(|(_, by)| *by == id).map(|(key, _)| key.clone()).collect();
        for claim in &claims {
            self.take(|state| &mut state.claims, claim);
        }
        erasure.deliveries.iter().try_for_each(|key| self.forget_delivery(key))?;
        let key = key.map(|key| (id.source.clone(), key));
        if let Some(key) = key.filter(|key| self.state().is_some_and(|state| state.keys.get(key) == Some(&seq))) {
            self.take(|state| &mut state.keys, &key);
        }
        Ok(())
    }

    fn unclaim(&mut self, claim: &Claim) {
        let first = (claim.scope.clone(), claim.hash, claim.at, 0);
        let last = (claim.scope.clone(), claim.hash, claim.at, u64::MAX);
        let made = self.state().map(|state| state.claims.range(first..=last)).into_iter().flatten();
        let made: Vec<_> = made.filter(|(_, by)| **by == claim.by).map(|(key, _)| key.clone()).collect();
        made.iter().for_each(|key| self.take(|state| &mut state.claims, key));
    }

    fn count(&mut self, adds: &[CounterAdd]) -> Result<(), Error> {
        for add in adds {
            let sum = self.counter(&add.key)?.saturating_add(add.add);
            self.put(|state| &mut state.counters, add.key.clone(), sum);
        }
        Ok(())
    }

    fn post(&mut self, posting: &Posting) {
        let PostingSum { account, kind, contract, source, count, debit } = posting.sum.clone();
        let key = (account, posting.date, kind, contract, source);
        let sum = self.state().and_then(|state| state.postings.get(&key)).copied().unwrap_or_default();
        let sum = (sum.0.saturating_add(count), sum.1.saturating_add(debit));
        self.put(|state| &mut state.postings, key, sum);
    }

    fn meet(&mut self, met: ProblemGroup) {
        let kept = |state: &Tenant, of: &ProblemGroup| state.problems.get(&of.group.fingerprint).cloned();
        let is_full = self.state().is_some_and(|state| state.problems.len() >= MOST_GROUPS);
        let known = self.state().and_then(|state| kept(state, &met));
        let met = if known.is_none() && is_full { met.anywhere() } else { met };
        let row = match known.or_else(|| self.state().and_then(|state| kept(state, &met))) {
            Some(mut row) => {
                row.join(met);
                row
            }
            None => met,
        };
        self.put(|state| &mut state.problems, row.group.fingerprint, row);
    }

    fn leave(&mut self, source: &SourceId, lead: &LeadId) {
        if let Some(place) = self.place(source, lead) {
            self.put(|state| &mut state.queue, place, None);
            self.put(|state| &mut state.places, (source.clone(), lead.clone()), None);
        }
    }

    fn reserve(&mut self, reservations: &[Reservation]) {
        for reservation in reservations {
            let before = self.state().and_then(|state| state.reservations.get(&reservation.key)).cloned();
            if let Some(before) = before {
                self.take(|state| &mut state.held, &(before.until, before.key));
            }
            if reservation.state == ReservationState::Held {
                self.put(|state| &mut state.held, (reservation.until, reservation.key.clone()), ());
            }
            self.put(|state| &mut state.reservations, reservation.key.clone(), reservation.clone());
        }
    }

    fn enter(&mut self, waiting: &Waiting) {
        let id = &waiting.decision;
        let place = self.next(|state| &state.queue);
        self.put(|state| &mut state.queue, place, Some(waiting.clone()));
        self.put(|state| &mut state.places, (id.source.clone(), id.lead.clone()), Some(place));
    }

    fn tell(&mut self, events: &[Event]) {
        for event in events {
            let position = self.next(|state| &state.events);
            self.put(|state| &mut state.events, position, event.clone());
        }
    }

    fn add_at(&mut self, add: &MomentAdd) {
        let before = self.upto(&add.key, Bound::Included(add.at));
        let here = (add.key.clone(), add.at);
        let from = (Bound::Excluded(here.clone()), Bound::Unbounded);
        let later = self.state().map(|state| state.moments.range(from)).into_iter().flatten();
        let later = later.take_while(|((key, _), _)| *key == add.key);
        let mut sums: Vec<_> = later.map(|(key, upto)| (key.clone(), upto.saturating_add(add.add))).collect();
        sums.push((here, before.saturating_add(add.add)));
        for (key, upto) in sums {
            self.put(|state| &mut state.moments, key, upto);
        }
    }

    fn note_time(&mut self, at: Timestamp) {
        let state = self.inner.tenants.entry(self.tenant.clone()).or_default();
        let before = state.last_decided_at;
        state.last_decided_at = Some(before.map_or(at, |last| last.max(at)));
        let tenant = self.tenant.clone();
        self.undo.push(Box::new(move |inner| {
            inner.tenants.entry(tenant).or_default().last_decided_at = before;
        }));
    }

    fn add_up(&mut self, add: &RollupAdd) {
        let key = (add.date, add.slot, add.source.clone(), add.contract.clone(), add.outcome);
        let mut sum = add.clone();
        if let Some(so_far) = self.state().and_then(|state| state.rollups.get(&key)) {
            let plus = |a: Money, b: Money| a.checked_add(b).unwrap_or(Money::MAX);
            sum.leads = sum.leads.saturating_add(so_far.leads);
            sum.revenue = plus(sum.revenue, so_far.revenue);
            sum.payout = plus(sum.payout, so_far.payout);
        }
        self.put(|state| &mut state.rollups, key, sum);
    }
}
