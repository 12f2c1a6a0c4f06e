//! A transaction on the file: what a decision asks, and what it changes.

use super::events;
use super::fault::{damaged, fault};
use super::history;
use super::keys::key_of;
use super::ledger::Posted;
use super::look::{Row, decision_id, known, parsed, time};
use super::problems::Met;
use super::process::Connected;
use super::rollups::Rollups;
use crate::model::{
    Code, ContractId, DecisionId, Error, Event, EventKind, Fingerprint, LeadId, Party, SourceId, Subject,
    SubscriberName, TenantId, Timestamp, Waiting,
};
use crate::store::{
    But, Change, Claim, ClaimHash, ClosedStatement, CounterAdd, Effects, Entry, EntryQuery, Erasure, GroupState,
    GroupTurns, HistoryLead, Known, MomentAdd, Payload, PostingQuery, PostingSum, Reservation, Setting, Subscriber,
    Transaction, Turn, TurnRow, View,
};
use rusqlite::{OptionalExtension, Params, params};
use std::collections::BTreeMap;
use std::path::Path;

/// 30 days.
pub(super) const BUCKET: i64 = 30 * 86_400_000;

pub(super) struct Work<'a> {
    pub(super) connection: &'a Connected,
    pub(super) path: &'a Path,
    pub(super) tenant: &'a TenantId,
    /// Sums for reports, written once at the end of the transaction.
    pub(super) rollups: Rollups,
    /// The same of the error ledger.
    pub(super) met: Met,
    /// The same of the money ledger.
    pub(super) posted: Posted,
    /// Whether a lead was erased whose key is to be destroyed.
    pub(super) erases: bool,
}

impl<'a> Work<'a> {
    pub(super) fn on(connection: &'a Connected, path: &'a Path, tenant: &'a TenantId) -> Self {
        let (rollups, met, posted) = (Rollups::default(), Met::new(), Posted::default());
        Self { connection, path, tenant, rollups, met, posted, erases: false }
    }
}

impl Work<'_> {
    pub(super) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        let run = || self.connection.prepare_cached(sql)?.query_row(params, |row| read(row)).optional();
        run().map_err(|error| fault(self.path, &error))
    }

    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<(), Error> {
        let run = || self.connection.prepare_cached(sql)?.execute(params);
        run().map(drop).map_err(|error| fault(self.path, &error))
    }

    pub(super) fn tenant(&self) -> &str {
        self.tenant.as_str()
    }
}

/// A lead in two columns; of nobody where there is none, for ids are never empty.
fn names<'b>(but: But<'b>) -> (&'b str, &'b str) {
    but.map_or(("", ""), |(source, lead)| (source.as_str(), lead.as_str()))
}

const KNOWN: &str = "SELECT source, lead, n, payload, at FROM decision";

impl View for Work<'_> {
    fn counter(&self, key: &str) -> Result<i64, Error> {
        let sql = "SELECT used FROM counter WHERE tenant = ?1 AND key = ?2";
        Ok(self.one(sql, params![self.tenant(), key], |row| row.get(0))?.unwrap_or(0))
    }

    fn since(&self, key: &str, after: Timestamp) -> Result<i64, Error> {
        let sql = "SELECT upto FROM moment WHERE tenant = ?1 AND key = ?2 AND at <= ?3 ORDER BY at DESC LIMIT 1";
        let upto = |at: i64| self.one(sql, params![self.tenant(), key, at], |row| row.get::<_, i64>(0));
        let Some(all) = upto(i64::MAX)? else { return Ok(0) };
        Ok(all.saturating_sub(upto(after.millis())?.unwrap_or(0)))
    }

    fn claim(&self, scope: &str, hash: &ClaimHash, after: Timestamp, but: But<'_>) -> Result<Option<Claim>, Error> {
        // Claims are never later than the clock of the store, so the newest bucket is known.
        let Some(last) = self.last_decided_at()? else { return Ok(None) };
        let sql = "SELECT at, source, lead, n FROM claim \
                   WHERE tenant = ?1 AND bucket = ?2 AND scope = ?3 AND hash = ?4 AND at > ?5 \
                   AND (source <> ?6 OR lead <> ?7) ORDER BY at DESC LIMIT 1";
        let (source, lead) = names(but);
        let kept = self.connection.hash(hash)?;
        let oldest = after.millis().div_euclid(BUCKET);
        for bucket in (oldest..=last.millis().div_euclid(BUCKET)).rev() {
            let params = params![self.tenant(), bucket, scope, kept, after.millis(), source, lead];
            let found = self.one(sql, params, |row| Ok((row.get(0)?, decision_id(row, 1)?)))?;
            if let Some((at, by)) = found {
                return Ok(Some(Claim { scope: scope.to_owned(), hash: *hash, at: time(at), by }));
            }
        }
        Ok(None)
    }

    fn claims(&self, scope: &str, hash: &ClaimHash, after: Timestamp, but: But<'_>, most: u32) -> Result<u32, Error> {
        let Some(last) = self.last_decided_at()? else { return Ok(0) };
        let sql = "SELECT count(*) FROM (SELECT 1 FROM claim \
                   WHERE tenant = ?1 AND bucket = ?2 AND scope = ?3 AND hash = ?4 AND at > ?5 \
                   AND (source <> ?6 OR lead <> ?7) LIMIT ?8)";
        let (source, lead) = names(but);
        let (hash, mut found) = (self.connection.hash(hash)?, 0_u32);
        for bucket in (after.millis().div_euclid(BUCKET)..=last.millis().div_euclid(BUCKET)).rev() {
            let left = most.saturating_sub(found);
            if left == 0 {
                break;
            }
            let params = params![self.tenant(), bucket, scope, hash, after.millis(), source, lead, left];
            let here: Option<u32> = self.one(sql, params, |row| row.get(0))?;
            found = found.saturating_add(here.unwrap_or(0));
        }
        Ok(found)
    }

    fn turns(&self, group: &str) -> Result<GroupTurns, Error> {
        let sql = "SELECT n, steady FROM turn_group WHERE tenant = ?1 AND route_group = ?2";
        let found = self.one(sql, params![self.tenant(), group], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Some((n, steady)) = found else { return Ok(GroupTurns::default()) };
        let read = || {
            let sql = "SELECT contract, served, last, credit, owed FROM turn WHERE tenant = ?1 AND route_group = ?2";
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement.query_map(params![self.tenant(), group], |row| {
                let turn = Turn { served: row.get(1)?, last: row.get(2)?, credit: row.get(3)?, owed: row.get(4)? };
                Ok((parsed::<ContractId>(row, 0)?, turn))
            })?;
            rows.collect::<Result<_, _>>()
        };
        let members = read().map_err(|error| fault(self.path, &error))?;
        Ok(GroupTurns { n, steady, members })
    }

    fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT value FROM setting WHERE tenant = ?1 AND key = ?2";
        self.one(sql, params![self.tenant(), self.connection.name(key)?], |row| row.get(0))
    }

    fn settings(&self, begin: &str) -> Result<BTreeMap<String, String>, Error> {
        // No name has a character behind this one.
        let end = format!("{begin}\u{10ffff}");
        let sql = "SELECT key, value FROM setting WHERE tenant = ?1 AND key >= ?2 AND key < ?3 ORDER BY key";
        let read = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement.query_map(params![self.tenant(), begin, end], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<Result<_, _>>()
        };
        read().map_err(|error| fault(self.path, &error))
    }

    fn last_decided_at(&self) -> Result<Option<Timestamp>, Error> {
        let sql = "SELECT last_decided_at FROM clock WHERE tenant = ?1";
        self.one(sql, params![self.tenant()], |row| Ok(time(row.get(0)?)))
    }

    fn decided(&self, source: &SourceId, lead: &LeadId) -> Result<Option<Known>, Error> {
        let sql = format!("{KNOWN} WHERE tenant = ?1 AND source = ?2 AND lead = ?3 ORDER BY n DESC LIMIT 1");
        self.one(&sql, params![self.tenant(), source.as_str(), lead.as_str()], known)
    }

    fn by_idempotency_key(&self, source: &SourceId, key: &str) -> Result<Option<Known>, Error> {
        let sql =
            format!("{KNOWN} WHERE seq = (SELECT seq FROM request_key WHERE tenant = ?1 AND source = ?2 AND key = ?3)");
        self.one(&sql, params![self.tenant(), source.as_str(), key], known)
    }

    fn by_payload(&self, source: &SourceId, payload: &Payload, after: Timestamp) -> Result<Option<Known>, Error> {
        let sql = format!(
            "{KNOWN} WHERE tenant = ?1 AND source = ?2 AND payload = ?3 AND at > ?4 ORDER BY at DESC, seq DESC LIMIT 1"
        );
        self.one(&sql, params![self.tenant(), source.as_str(), payload, after.millis()], known)
    }

    fn waiting(&self, source: &SourceId, lead: &LeadId) -> Result<Option<Waiting>, Error> {
        self.in_queue(source, lead)
    }

    fn reservation(&self, key: &str) -> Result<Option<Reservation>, Error> {
        self.reserved(key)
    }

    fn held_until(&self, at: Timestamp, limit: usize) -> Result<Vec<Reservation>, Error> {
        Work::held_until(self, at, limit)
    }

    fn problem(&self, fingerprint: &Fingerprint) -> Result<Option<GroupState>, Error> {
        self.problem_state(fingerprint)
    }

    fn postings(&self, query: &PostingQuery) -> Result<Vec<PostingSum>, Error> {
        self.posted_sums(query)
    }

    fn entries(&self, query: &EntryQuery) -> Result<Vec<Entry>, Error> {
        self.ledger_entries(query)
    }

    fn statements(&self, party: Option<&Party>) -> Result<Vec<ClosedStatement>, Error> {
        self.closed_statements(party)
    }

    fn body(&self, id: &DecisionId) -> Result<Option<(u64, Vec<u8>)>, Error> {
        let sql = "SELECT seq, body, sealed FROM decision WHERE tenant = ?1 AND source = ?2 AND lead = ?3 AND n = ?4";
        let params = params![self.tenant(), id.source.as_str(), id.lead.as_str(), id.n];
        let found = self.one(sql, params, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let whole = |(seq, body, sealed): (u64, Vec<u8>, Option<Vec<u8>>)| {
            Ok((seq, self.connection.body(self.tenant, id, body, sealed.as_deref())?))
        };
        found.map(whole).transpose()
    }

    fn events(&self, kinds: &[EventKind], after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
        events::page(self, kinds, after, limit)
    }

    fn count_events(&self, kinds: &[EventKind], after: u64) -> Result<u64, Error> {
        events::count(self, kinds, after)
    }

    fn last_event(&self) -> Result<u64, Error> {
        events::last(self)
    }

    fn subscriber(&self, name: &SubscriberName) -> Result<Option<Subscriber>, Error> {
        events::subscriber(self, name)
    }

    fn subscribers(&self) -> Result<Vec<Subscriber>, Error> {
        events::subscribers(self)
    }
}

impl Transaction for Work<'_> {
    fn apply(&mut self, effects: &Effects) -> Result<u64, Error> {
        if effects.record.tenant != *self.tenant {
            return Err(damaged(self.path, "the decision is of another tenant"));
        }
        let seq = self.decision(effects)?;
        self.count(&effects.counters)?;
        self.count_at(&effects.moments)?;
        for claim in &effects.claims {
            let sql = "INSERT OR IGNORE INTO claim(tenant, bucket, scope, hash, at, source, lead, n) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            let at = claim.at.millis();
            let by = &claim.by;
            let params = params![
                self.tenant(),
                at.div_euclid(BUCKET),
                claim.scope,
                self.connection.hash(&claim.hash)?,
                at,
                by.source.as_str(),
                by.lead.as_str(),
                by.n
            ];
            self.run(sql, params)?;
        }
        for row in &effects.turns {
            self.turn(row)?;
        }
        self.outbox(effects)?;
        self.tell(&effects.events)?;
        effects.rollups.iter().for_each(|add| self.rollups.add(add));
        effects.postings.iter().for_each(|posting| self.posted.add(posting));
        self.meet(&effects.problems, seq);
        effects.reservations.iter().try_for_each(|reservation| self.put_reservation(reservation))?;
        if effects.ends_wait {
            self.leave_queue(&effects.record.id.source, &effects.record.id.lead)?;
        }
        if let Some(waiting) = &effects.waiting {
            self.put_in_queue(waiting)?;
        }
        Ok(seq)
    }

    fn change(&mut self, change: &Change) -> Result<(), Error> {
        self.note_time(change.at)?;
        self.count(&change.counters)?;
        self.count_at(&change.moments)?;
        change.reservations.iter().try_for_each(|reservation| self.put_reservation(reservation))?;
        for setting in &change.settings {
            self.set(setting, change.at)?;
        }
        change.turns.iter().try_for_each(|row| self.turn(row))?;
        change.unclaimed.iter().try_for_each(|claim| self.unclaim(claim))?;
        change.rollups.iter().for_each(|add| self.rollups.add(add));
        for said in &change.problems {
            self.say_problem(said, change.at)?;
        }
        change.entries.iter().try_for_each(|entry| self.put_entry(entry))?;
        change.statement.iter().try_for_each(|closed| self.put_statement(closed))?;
        change.deliveries.iter().try_for_each(|delivery| self.put_delivery(delivery))?;
        change.attempts.iter().try_for_each(|attempt| self.put_attempt(attempt))?;
        change.dead_letters.iter().try_for_each(|letter| self.put_dead_letter(letter))?;
        self.tell(&change.events)
    }

    fn erase(&mut self, erasure: &Erasure) -> Result<(), Error> {
        let id = &erasure.id;
        let (source, lead) = (id.source.as_str(), id.lead.as_str());
        self.give_key_up(id)?;
        let sql = "UPDATE decision SET input = x'', reads = '', body = ?5, inner = ?6, sealed = NULL \
                   WHERE tenant = ?1 AND source = ?2 AND lead = ?3 AND n = ?4";
        self.run(sql, params![self.tenant(), source, lead, id.n, erasure.body, erasure.inner])?;
        self.leave_queue_as(id)?;
        if erasure.forget { self.forget(erasure) } else { Ok(()) }
    }

    fn put_subscriber(&mut self, subscriber: &Subscriber) -> Result<(), Error> {
        events::put_subscriber(self, subscriber)
    }

    fn wait_on(&mut self, waiting: &Waiting) -> Result<(), Error> {
        self.put_in_queue(waiting)
    }

    fn put_history(&mut self, leads: &[HistoryLead]) -> Result<(), Error> {
        history::put(self, leads)
    }

    fn erase_history(&mut self, positions: &[u64]) -> Result<(), Error> {
        history::erase(self, positions)
    }
}

impl Work<'_> {
    /// The key of a lead that is erased: it is destroyed once that is so.
    fn give_key_up(&mut self, id: &DecisionId) -> Result<(), Error> {
        let sql = "SELECT sealed FROM decision \
                   WHERE tenant = ?1 AND source = ?2 AND lead = ?3 AND n = ?4 AND sealed IS NOT NULL";
        let params = params![self.tenant(), id.source.as_str(), id.lead.as_str(), id.n];
        let sealed: Option<Vec<u8>> = self.one(sql, params, |row| row.get(0))?;
        let Some(key) = sealed.as_deref().and_then(key_of) else { return Ok(()) };
        self.erases = true;
        self.run("INSERT OR IGNORE INTO key_gone(key) VALUES (?1)", [key])
    }

    /// Takes out what could lead to a person.
    fn forget(&self, erasure: &Erasure) -> Result<(), Error> {
        let id = &erasure.id;
        let of = params![self.tenant(), id.source.as_str(), id.lead.as_str(), id.n];
        let sql = "DELETE FROM request_key WHERE seq = \
                   (SELECT seq FROM decision WHERE tenant = ?1 AND source = ?2 AND lead = ?3 AND n = ?4)";
        self.run(sql, of)?;
        let sql = "UPDATE decision SET idempotency_key = NULL \
                   WHERE tenant = ?1 AND source = ?2 AND lead = ?3 AND n = ?4";
        self.run(sql, of)?;
        erasure.deliveries.iter().try_for_each(|key| self.forget_delivery(key))?;
        // A claim is as old as its decision, so its bucket is known.
        let sql = "DELETE FROM claim WHERE tenant = ?1 AND bucket = ?5 AND source = ?2 AND lead = ?3 AND n = ?4";
        let bucket = erasure.at.millis().div_euclid(BUCKET);
        self.run(sql, params![self.tenant(), id.source.as_str(), id.lead.as_str(), id.n, bucket])
    }

    fn unclaim(&self, claim: &Claim) -> Result<(), Error> {
        let sql = "DELETE FROM claim WHERE tenant = ?1 AND bucket = ?2 AND scope = ?3 AND hash = ?4 AND at = ?5 \
                   AND source = ?6 AND lead = ?7 AND n = ?8";
        let (at, by) = (claim.at.millis(), &claim.by);
        let hash = self.connection.hash(&claim.hash)?;
        let of = (by.source.as_str(), by.lead.as_str(), by.n);
        self.run(sql, params![self.tenant(), at.div_euclid(BUCKET), claim.scope, hash, at, of.0, of.1, of.2])
    }

    fn count(&self, adds: &[CounterAdd]) -> Result<(), Error> {
        for add in adds {
            let sql = "INSERT INTO counter(tenant, key, used) VALUES (?1, ?2, ?3) \
                       ON CONFLICT(tenant, key) DO UPDATE SET used = used + excluded.used";
            self.run(sql, params![self.tenant(), add.key, add.add])?;
        }
        Ok(())
    }

    fn count_at(&self, adds: &[MomentAdd]) -> Result<(), Error> {
        for add in adds {
            let sql = "INSERT OR IGNORE INTO moment(tenant, key, at, upto) VALUES (?1, ?2, ?3, coalesce((SELECT upto \
                       FROM moment WHERE tenant = ?1 AND key = ?2 AND at < ?3 ORDER BY at DESC LIMIT 1), 0))";
            self.run(sql, params![self.tenant(), add.key, add.at.millis()])?;
            let sql = "UPDATE moment SET upto = upto + ?4 WHERE tenant = ?1 AND key = ?2 AND at >= ?3";
            self.run(sql, params![self.tenant(), add.key, add.at.millis(), add.add])?;
        }
        Ok(())
    }

    fn set(&self, setting: &Setting, at: Timestamp) -> Result<(), Error> {
        let key = self.connection.name(&setting.key)?;
        let Some(value) = &setting.value else {
            let sql = "DELETE FROM setting WHERE tenant = ?1 AND key = ?2";
            return self.run(sql, params![self.tenant(), key]);
        };
        let sql = "INSERT INTO setting(tenant, key, value, at) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT(tenant, key) DO UPDATE SET value = excluded.value, at = excluded.at";
        self.run(sql, params![self.tenant(), key, value, at.millis()])
    }

    fn tell(&self, events: &[Event]) -> Result<(), Error> {
        for event in events {
            let sql = "INSERT INTO event(tenant, kind, source, lead, n, at, data, about) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            let (source, lead, n, about) = match &event.subject {
                Subject::Decision(id) => (id.source.as_str(), id.lead.as_str(), id.n, None),
                other => ("", "", 0, Some(other.to_string())),
            };
            let (kind, at) = (event.kind.as_str(), event.at.millis());
            self.run(sql, params![self.tenant(), kind, source, lead, n, at, event.data, about])?;
        }
        Ok(())
    }

    fn note_time(&self, at: Timestamp) -> Result<(), Error> {
        let sql = "INSERT INTO clock(tenant, last_decided_at) VALUES (?1, ?2) \
                   ON CONFLICT(tenant) DO UPDATE SET last_decided_at = max(last_decided_at, excluded.last_decided_at)";
        self.run(sql, params![self.tenant(), at.millis()])
    }

    fn decision(&self, effects: &Effects) -> Result<u64, Error> {
        let record = &effects.record;
        let id = &record.id;
        let sql = "INSERT INTO decision(tenant, source, lead, n, at, requested_at, seed, plan, outcome, idempotency_key, \
                   payload, input, reads, body, digest, sealed) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
        let sealed = self.connection.sealer()?.map(|sealer| sealer.seal(record, &effects.lead)).transpose()?;
        let (input, reads, body): (&[u8], &str, &[u8]) = match &sealed {
            Some((left, _)) => (b"", "", left),
            None => (&record.input, &record.reads, &record.body),
        };
        let params = params![
            self.tenant(),
            id.source.as_str(),
            id.lead.as_str(),
            id.n,
            record.at.millis(),
            record.requested_at.millis(),
            i64::try_from(record.seed.get()).unwrap_or(i64::MAX),
            record.plan,
            record.outcome.as_str(),
            record.idempotency_key,
            record.payload,
            input,
            reads,
            body,
            record.digest,
            sealed.as_ref().map(|(_, sealed)| sealed),
        ];
        self.run(sql, params)?;
        let seq = self.connection.last_insert_rowid();
        if let Some(key) = &record.idempotency_key {
            // The first decision of a key is what the key stands for.
            let sql = "INSERT OR IGNORE INTO request_key(tenant, source, key, seq) VALUES (?1, ?2, ?3, ?4)";
            self.run(sql, params![self.tenant(), id.source.as_str(), key, seq])?;
        }
        self.note_time(record.at)?;
        u64::try_from(seq).map_err(|_| Error::new(Code::StoreCorrupt, "a position is negative"))
    }

    /// Writes the members that the group now has, and forgets those that left.
    fn turn(&self, row: &TurnRow) -> Result<(), Error> {
        let before = self.turns(&row.group)?;
        let sql = "INSERT INTO turn_group(tenant, route_group, n, steady) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT(tenant, route_group) DO UPDATE SET n = excluded.n, steady = excluded.steady";
        self.run(sql, params![self.tenant(), row.group, row.after.n, row.after.steady])?;
        for contract in before.members.keys().filter(|contract| !row.after.members.contains_key(contract)) {
            let sql = "DELETE FROM turn WHERE tenant = ?1 AND route_group = ?2 AND contract = ?3";
            self.run(sql, params![self.tenant(), row.group, contract.as_str()])?;
        }
        let changed = row.after.members.iter().filter(|(contract, turn)| before.members.get(contract) != Some(turn));
        for (contract, turn) in changed {
            let sql = "INSERT INTO turn(tenant, route_group, contract, served, last, credit, owed) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(tenant, route_group, contract) DO UPDATE SET \
                       served = excluded.served, last = excluded.last, credit = excluded.credit, owed = excluded.owed";
            let Turn { served, last, credit, owed } = turn;
            self.run(sql, params![self.tenant(), row.group, contract.as_str(), served, last, credit, owed])?;
        }
        Ok(())
    }

    fn outbox(&self, effects: &Effects) -> Result<(), Error> {
        for entry in &effects.outbox {
            let sql = "INSERT INTO outbox(tenant, key, source, lead, n, buyer, contract, price, due_at, since) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)";
            let id = &entry.decision;
            let params = params![
                self.tenant(),
                entry.key,
                id.source.as_str(),
                id.lead.as_str(),
                id.n,
                entry.buyer.as_str(),
                entry.contract.as_str(),
                entry.price.units(),
                entry.due_at.millis()
            ];
            self.run(sql, params)?;
        }
        Ok(())
    }
}
