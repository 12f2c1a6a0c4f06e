//! What a decision, and whatever else, changes: gathered, and known to whoever asks later.

use super::Work;
use super::fetch::known_of;
use super::pending::plus;
use crate::fault::damaged;
use crate::look::{get, odd, parsed, perhaps, signed, time};
use leadwright::model::{Error, Event, LeadId, ReservationState, SourceId, Timestamp, Waiting};
use leadwright::store::{
    Change, Claim, CounterAdd, Delivery, Effects, Erasure, HistoryLead, MomentAdd, OutboxEntry, Reservation, RollupAdd,
    Setting, Subscriber, Transaction, TurnRow, View,
};
use tokio_postgres::Row;

impl Transaction for Work<'_> {
    fn apply(&mut self, effects: &Effects) -> Result<u64, Error> {
        let record = &effects.record;
        if record.tenant != *self.tenant {
            return Err(damaged(&self.link.place, "the decision is of another tenant"));
        }
        let id = &record.id;
        if self.decided(&id.source, &id.lead)?.is_some_and(|known| known.id.n >= id.n) {
            return Err(damaged(&self.link.place, "the decision is there already"));
        }
        let seq = self.tick(|clock| {
            clock.seq = clock.seq.saturating_add(1);
            clock.seq
        });
        self.note_time(record.at);
        self.keep_decision(effects, seq)?;
        self.count(&effects.counters)?;
        self.count_at(&effects.moments);
        effects.claims.iter().for_each(|claim| self.keep_claim(claim));
        effects.turns.iter().for_each(|row| self.put_turns(row));
        effects.outbox.iter().try_for_each(|entry| self.put_out(entry))?;
        self.tell(&effects.events);
        effects.rollups.iter().for_each(|add| self.add_up(add));
        effects.postings.iter().for_each(|posting| self.post(posting));
        self.meet(&effects.problems, seq)?;
        effects.reservations.iter().for_each(|reservation| self.put_reservation(reservation));
        if effects.ends_wait {
            self.leave_queue(&id.source, &id.lead);
        }
        if let Some(waiting) = &effects.waiting {
            self.put_in_queue(waiting);
        }
        Ok(seq)
    }

    fn change(&mut self, change: &Change) -> Result<(), Error> {
        self.note_time(change.at);
        self.count(&change.counters)?;
        self.count_at(&change.moments);
        change.reservations.iter().for_each(|reservation| self.put_reservation(reservation));
        change.settings.iter().for_each(|setting| self.set(setting, change.at));
        change.turns.iter().for_each(|row| self.put_turns(row));
        self.unclaim(&change.unclaimed)?;
        change.rollups.iter().for_each(|add| self.add_up(add));
        change.problems.iter().try_for_each(|said| self.say_problem(said, change.at))?;
        change.entries.iter().for_each(|entry| self.put_entry(entry));
        change.statement.iter().try_for_each(|closed| self.put_statement(closed))?;
        change.deliveries.iter().try_for_each(|delivery| self.put_delivery(delivery))?;
        {
            let mut pending = self.pending.borrow_mut();
            for attempt in &change.attempts {
                pending.attempts.insert((attempt.delivery, attempt.n), attempt.clone());
            }
            for letter in &change.dead_letters {
                pending.dead_letters.insert((letter.delivery, letter.nth), letter.clone());
            }
        }
        self.tell(&change.events);
        Ok(())
    }

    fn erase(&mut self, erasure: &Erasure) -> Result<(), Error> {
        // Erased is what is written; and what is known of it here is not true any more.
        self.flush()?;
        let id = &erasure.id;
        let of = (self.tenant(), id.source.as_str(), id.lead.as_str(), i64::from(id.n));
        let sql = "UPDATE decision d SET input = ''::bytea, reads = '', body = $5, inner_hash = $6 FROM decided i \
                   WHERE i.tenant = $1 AND i.source = $2 AND i.lead = $3 AND i.n = $4 \
                   AND d.tenant = i.tenant AND d.seq = i.seq AND d.at = i.at";
        self.rows(sql, &[&of.0, &of.1, &of.2, &of.3, &erasure.body, &erasure.inner.as_slice()])?;
        // Without its lead nothing can be decided again; a namesake goes on waiting.
        let sql = "DELETE FROM waiting WHERE tenant = $1 AND source = $2 AND lead = $3 AND n = $4";
        self.rows(sql, &[&of.0, &of.1, &of.2, &of.3])?;
        if erasure.forget {
            self.forget(erasure)?;
        }
        let mut cache = self.cache.borrow_mut();
        cache.keys.clear();
        cache.claims.clear();
        cache.bodies.clear();
        Ok(())
    }

    fn put_subscriber(&mut self, subscriber: &Subscriber) -> Result<(), Error> {
        let Subscriber { name, kinds, position, fence, updated_at } = subscriber;
        let types = kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" ");
        let sql = "INSERT INTO subscriber(tenant, name, types, position, fence, updated_at) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT (tenant, name) DO UPDATE SET types = excluded.types, position = excluded.position, \
                   fence = excluded.fence, updated_at = excluded.updated_at";
        let (position, fence) = (position.map(signed), signed(*fence));
        let updated_at = updated_at.map(Timestamp::millis);
        self.rows(sql, &[&self.tenant(), &name.as_str(), &types, &position, &fence, &updated_at]).map(drop)
    }

    fn wait_on(&mut self, waiting: &Waiting) -> Result<(), Error> {
        self.put_in_queue(waiting);
        Ok(())
    }

    fn put_history(&mut self, leads: &[HistoryLead]) -> Result<(), Error> {
        self.copy_history(leads)
    }

    fn erase_history(&mut self, positions: &[u64]) -> Result<(), Error> {
        self.empty_history(positions)
    }
}

impl Work<'_> {
    fn keep_decision(&self, effects: &Effects, seq: u64) -> Result<(), Error> {
        let record = &effects.record;
        let known = known_of(record);
        if let Some(key) = &record.idempotency_key {
            // The first decision of a key is what the key stands for.
            if self.by_idempotency_key(&record.id.source, key)?.is_none() {
                let place = (record.id.source.clone(), key.clone());
                self.cache.borrow_mut().keys.insert(place.clone(), Some(known.clone()));
                let mut pending = self.pending.borrow_mut();
                let here = pending.decisions.len();
                pending.keys.insert(place, here);
            }
        }
        let mut cache = self.cache.borrow_mut();
        let mut pending = self.pending.borrow_mut();
        let here = pending.decisions.len();
        pending.ids.insert(record.id.clone(), here);
        pending.decisions.push((seq, record.clone()));
        cache.decided.insert((record.id.source.clone(), record.id.lead.clone()), Some(known.clone()));
        if let Some(payloads) = cache.payloads.get_mut(&(record.id.source.clone(), record.payload)) {
            // The clock does not go back, so it is the latest, unless it lies before all that was asked for.
            payloads.latest = Some(known).filter(|known| known.at > payloads.after).or(payloads.latest.take());
        }
        Ok(())
    }

    /// Takes out what could lead to a person.
    fn forget(&self, erasure: &Erasure) -> Result<(), Error> {
        let id = &erasure.id;
        let of = (self.tenant(), id.source.as_str(), id.lead.as_str(), i64::from(id.n));
        let sql = "DELETE FROM request_key WHERE tenant = $1 AND source = $2 AND lead = $3 AND n = $4 AND at = $5";
        self.rows(sql, &[&of.0, &of.1, &of.2, &of.3, &erasure.at.millis()])?;
        let sql = "UPDATE decision d SET idempotency_key = NULL FROM decided i \
                   WHERE i.tenant = $1 AND i.source = $2 AND i.lead = $3 AND i.n = $4 \
                   AND d.tenant = i.tenant AND d.seq = i.seq AND d.at = i.at";
        self.rows(sql, &[&of.0, &of.1, &of.2, &of.3])?;
        erasure.deliveries.iter().try_for_each(|key| self.forget_delivery(key))?;
        // A claim is as old as its decision, so its partition is known.
        let sql = "DELETE FROM claim WHERE tenant = $1 AND source = $2 AND lead = $3 AND n = $4 AND at = $5";
        self.rows(sql, &[&of.0, &of.1, &of.2, &of.3, &erasure.at.millis()]).map(drop)
    }

    fn count(&self, adds: &[CounterAdd]) -> Result<(), Error> {
        let (mut cache, mut pending) = (self.cache.borrow_mut(), self.pending.borrow_mut());
        for add in adds {
            if let Some(known) = cache.counters.get_mut(&add.key) {
                *known = known.saturating_add(add.add);
            }
            let sum = pending.counters.entry(add.key.clone()).or_default();
            *sum = sum.saturating_add(add.add);
        }
        drop((cache, pending));
        adds.iter().try_for_each(|add| self.take(add))
    }

    fn count_at(&self, adds: &[MomentAdd]) {
        let (mut cache, mut pending) = (self.cache.borrow_mut(), self.pending.borrow_mut());
        for add in adds {
            let at = add.at.millis();
            if let Some(known) = cache.moments.get_mut(&add.key) {
                let much = known.own.entry(at).or_default();
                *much = much.saturating_add(add.add);
            }
            let much = pending.moments.entry((add.key.clone(), at)).or_default();
            *much = much.saturating_add(add.add);
        }
    }

    fn put_turns(&self, row: &TurnRow) {
        self.cache.borrow_mut().turns.insert(row.group.clone(), row.after.clone());
        self.pending.borrow_mut().turns.insert(row.group.clone(), row.after.clone());
    }

    /// Taken back is what is written; and what is known of claims here is not true any more.
    fn unclaim(&self, claims: &[Claim]) -> Result<(), Error> {
        if claims.is_empty() {
            return Ok(());
        }
        self.flush()?;
        let sql = "DELETE FROM claim WHERE tenant = $1 AND scope = $2 AND hash = $3 AND at = $4 \
                   AND source = $5 AND lead = $6 AND n = $7";
        for claim in claims {
            let (at, by) = (claim.at.millis(), &claim.by);
            let (hash, n) = (claim.hash.as_slice(), i64::from(by.n));
            self.rows(sql, &[&self.tenant(), &claim.scope, &hash, &at, &by.source.as_str(), &by.lead.as_str(), &n])?;
        }
        let mut cache = self.cache.borrow_mut();
        cache.claims.clear();
        cache.claimed.clear();
        Ok(())
    }

    fn keep_claim(&self, claim: &Claim) {
        let key = (claim.scope.clone(), claim.hash);
        self.cache.borrow_mut().claimed.entry(key).or_default().push(claim.clone());
        self.pending.borrow_mut().claims.push(claim.clone());
    }

    fn put_out(&self, entry: &OutboxEntry) -> Result<(), Error> {
        if !self.pending.borrow_mut().outbox_keys.insert(entry.key.clone()) {
            return Err(damaged(&self.link.place, "a delivery key is there already"));
        }
        let id = self.tick(|clock| {
            clock.outbox = clock.outbox.saturating_add(1);
            clock.outbox
        });
        self.pending.borrow_mut().outbox.push(Delivery::new(id, entry.clone()));
        Ok(())
    }

    fn tell(&self, events: &[Event]) {
        for event in events {
            let position = self.tick(|clock| {
                clock.position = clock.position.saturating_add(1);
                clock.position
            });
            self.pending.borrow_mut().events.push((position, event.clone()));
        }
    }

    fn add_up(&self, add: &RollupAdd) {
        let key = (add.date, add.slot, add.source.clone(), add.contract.clone(), add.outcome);
        let mut pending = self.pending.borrow_mut();
        plus(pending.rollups.entry(key).or_default(), (add.leads, add.revenue.units(), add.payout.units()));
    }

    fn set(&self, setting: &Setting, at: Timestamp) {
        self.cache.borrow_mut().settings.insert(setting.key.clone(), setting.value.clone());
        self.pending.borrow_mut().settings.insert(setting.key.clone(), (setting.value.clone(), at.millis()));
    }

    fn leave_queue(&self, source: &SourceId, lead: &LeadId) {
        let mut pending = self.pending.borrow_mut();
        pending.enters.retain(|(_, waiting)| waiting.decision.source != *source || waiting.decision.lead != *lead);
        pending.leaves.insert((source.clone(), lead.clone()));
    }

    /// Puts it at the end, or changes the row that it has.
    fn put_in_queue(&self, waiting: &Waiting) {
        let id = self.tick(|clock| {
            clock.waiting = clock.waiting.saturating_add(1);
            clock.waiting
        });
        let of = &waiting.decision;
        let mut pending = self.pending.borrow_mut();
        let mut enters = pending.enters.iter_mut();
        match enters.find(|(_, other)| other.decision.source == of.source && other.decision.lead == of.lead) {
            Some((_, other)) => *other = waiting.clone(),
            None => pending.enters.push((id, waiting.clone())),
        }
    }
}

const RESERVATION: &str = "SELECT key, contract, state, at, until, asked, took, sold_by FROM reservation";

fn reservation(row: &Row) -> Result<Reservation, Error> {
    let state: &str = get(row, 2)?;
    Ok(Reservation {
        key: get(row, 0)?,
        contract: parsed(row, 1)?,
        state: match state {
            "held" => ReservationState::Held,
            "confirmed" => ReservationState::Confirmed,
            _ => ReservationState::Released,
        },
        at: time(row, 3)?,
        until: time(row, 4)?,
        asked: get(row, 5)?,
        took: serde_json::from_str(get(row, 6)?).map_err(|_| odd())?,
        by: perhaps(row, 7)?,
    })
}

impl Work<'_> {
    pub(super) fn reserved(&self, key: &str) -> Result<Option<Reservation>, Error> {
        if let Some(gathered) = self.pending.borrow().reservations.get(key) {
            return Ok(Some(gathered.clone()));
        }
        self.one(&format!("{RESERVATION} WHERE tenant = $1 AND key = $2"), &[&self.tenant(), &key], reservation)
    }

    pub(super) fn held(&self, at: Timestamp, limit: usize) -> Result<Vec<Reservation>, Error> {
        let first = self.cache.borrow().first_held;
        if first.is_some_and(|first| first.is_none_or(|until| until > at)) {
            return Ok(Vec::new());
        }
        self.flush()?;
        let sql =
            format!("{RESERVATION} WHERE tenant = $1 AND state = 'held' AND until <= $2 ORDER BY until, key LIMIT $3");
        self.all(&sql, &[&self.tenant(), &at.millis(), &signed(limit)], reservation)
    }

    fn put_reservation(&self, reservation: &Reservation) {
        // Whether one is held that is over is asked anew.
        self.cache.borrow_mut().first_held = None;
        self.pending.borrow_mut().reservations.insert(reservation.key.clone(), reservation.clone());
    }
}
