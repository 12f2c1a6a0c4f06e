//! Writes what was gathered: one statement a table, whatever the number of rows, all in one flight, each in the order of its
//! keys.

use super::Work;
use super::cache::Clock;
use super::columns::{
    Write, bytes, numbers, owned, owned_perhaps, perhaps, perhaps_numbers, perhaps_times, texts, times,
};
use super::pending::{Pending, PostingKey, RollupKey, Sum, plus};
use crate::fault::at_commit;
use crate::link::{Bound, Ended};
use crate::look::signed;
use leadwright::model::{
    Attempt, ContractId, DeadLetter, Error, Event, LeadId, Outcome, SourceId, Subject, TenantId, Waiting,
};
use leadwright::store::{Claim, ClosedStatement, Delivery, Entry, ProblemGroup, Record, Reservation};
use std::collections::BTreeMap;
use tokio_postgres::types::ToSql;

impl Work<'_> {
    /// Writes what is gathered so far, so that whoever asks the server finds it.
    pub(super) fn flush(&self) -> Result<(), Error> {
        if self.pending.borrow().is_empty() {
            return Ok(());
        }
        let pending = self.pending.take();
        let clock = self.clock()?;
        let sorted = Sorted::of(&pending);
        let writes = writes(self.tenant, &pending, &sorted, &clock);
        let bound = bound(&writes);
        self.link.flight(&flight(&writes, &bound)).map_err(|error| self.fault(&error))?;
        // What is kept apart from what is written would be counted twice.
        let mut cache = self.cache.borrow_mut();
        cache.took.extend(pending.taken.keys().cloned());
        cache.moments.clear();
        cache.claims.clear();
        cache.claimed.clear();
        cache.payloads.clear();
        Ok(())
    }
}

/// Ends a transaction: writes what is gathered, and commits, in one flight.
pub(crate) fn end(work: &Work<'_>) -> Result<(), Error> {
    let pending = work.pending.take();
    let clock = work.clock()?;
    let sorted = Sorted::of(&pending);
    let writes = writes(work.tenant, &pending, &sorted, &clock);
    let bound = bound(&writes);
    let done = work.link.flight_and_commit(&flight(&writes, &bound)).map_err(|ended| match ended {
        Ended::Before(error) => work.fault(&error),
        Ended::Unknown(error) => {
            work.link.broken.set(true);
            at_commit(&work.link.place, &error)
        }
    });
    work.committed.set(done.is_ok());
    done
}

fn bound<'b>(writes: &'b [Write<'_>]) -> Vec<Vec<&'b (dyn ToSql + Sync)>> {
    writes.iter().map(|write| write.bound.iter().map(|column| &**column as &(dyn ToSql + Sync)).collect()).collect()
}

fn flight<'b>(writes: &'b [Write<'_>], bound: &'b [Vec<&'b (dyn ToSql + Sync)>]) -> Vec<(&'static str, Bound<'b>)> {
    writes.iter().zip(bound).map(|(write, bound)| (write.sql, bound.as_slice())).collect()
}

/// Rows in the order of their keys, where they were not gathered so: all writers touch rows in one order, and nobody waits
/// in a circle.
struct Sorted<'a> {
    counters: Vec<(&'a String, &'a i64)>,
    taken: Vec<(&'a String, &'a (i64, i64))>,
    moments: Vec<(&'a (String, i64), &'a i64)>,
    claims: Vec<&'a Claim>,
    keys: Vec<(&'a (SourceId, String), &'a Record)>,
    turns: Vec<(&'a String, String)>,
    rollups: Vec<(&'a RollupKey, &'a Sum)>,
    days: Vec<(Day<'a>, Sum)>,
    posted: Vec<(&'a PostingKey, &'a (i64, i64))>,
    problems: Vec<&'a ProblemGroup>,
    reservations: Vec<&'a Reservation>,
    set: Vec<(&'a String, &'a String, i64)>,
    unset: Vec<&'a String>,
    leaves: Vec<&'a (SourceId, LeadId)>,
    deliveries: Vec<&'a Delivery>,
    attempts: Vec<&'a Attempt>,
    dead_letters: Vec<&'a DeadLetter>,
}

/// Date, source, contract, outcome.
type Day<'a> = (String, &'a str, &'a str, &'static str);

impl<'a> Sorted<'a> {
    fn of(pending: &'a Pending) -> Self {
        let mut claims: Vec<_> = pending.claims.iter().collect();
        claims.sort_by_key(|claim| (&claim.scope, claim.hash, claim.at, &claim.by));
        claims.dedup();
        let keys = pending.keys.iter().filter_map(|(key, place)| Some((key, &pending.decisions.get(*place)?.1)));
        let json = |turns| serde_json::to_string(turns).unwrap_or_default();
        let mut days: BTreeMap<Day<'a>, Sum> = BTreeMap::new();
        for ((date, _, source, contract, outcome), sum) in &pending.rollups {
            let day = (date.to_string(), source.as_str(), contract_text(contract.as_ref()), outcome.as_str());
            plus(days.entry(day).or_default(), *sum);
        }
        let settings = || pending.settings.iter();
        Self {
            counters: pending.counters.iter().collect(),
            taken: pending.taken.iter().collect(),
            moments: pending.moments.iter().collect(),
            claims,
            keys: keys.collect(),
            turns: pending.turns.iter().map(|(group, turns)| (group, json(turns))).collect(),
            rollups: pending.rollups.iter().collect(),
            days: days.into_iter().collect(),
            posted: pending.posted.iter().collect(),
            problems: pending.problems.values().collect(),
            reservations: pending.reservations.values().collect(),
            set: settings().filter_map(|(key, (value, at))| Some((key, value.as_ref()?, *at))).collect(),
            unset: settings().filter(|(_, (value, _))| value.is_none()).map(|(key, _)| key).collect(),
            leaves: pending.leaves.iter().collect(),
            deliveries: pending.deliveries.values().collect(),
            attempts: pending.attempts.values().collect(),
            dead_letters: pending.dead_letters.values().collect(),
        }
    }
}

fn contract_text(contract: Option<&ContractId>) -> &str {
    contract.map_or("", ContractId::as_str)
}

fn text<T: ToString>(it: Option<&T>) -> String {
    it.map(ToString::to_string).unwrap_or_default()
}

/// A value that is kept as the JSON that it is on the wire.
fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The statements of all that is gathered; none for what is not.
fn writes<'a>(tenant: &'a TenantId, pending: &'a Pending, sorted: &'a Sorted<'a>, clock: &Clock) -> Vec<Write<'a>> {
    let all = [
        (pending.clock, of_clock(clock)),
        (!pending.decisions.is_empty(), of_decisions(&pending.decisions)),
        (!pending.decisions.is_empty(), of_decided(&pending.decisions)),
        (!sorted.keys.is_empty(), of_keys(sorted)),
        (!sorted.counters.is_empty(), of_counters(sorted)),
        (!sorted.taken.is_empty(), of_taken(sorted)),
        (!sorted.moments.is_empty(), of_moments(sorted)),
        (!sorted.claims.is_empty(), of_claims(sorted)),
        (!sorted.turns.is_empty(), of_turns(sorted)),
        (!pending.outbox.is_empty(), of_outbox(&pending.outbox)),
        (!sorted.deliveries.is_empty(), of_deliveries(sorted)),
        (!sorted.attempts.is_empty(), of_attempts(sorted)),
        (!sorted.dead_letters.is_empty(), of_dead_letters(sorted)),
        (!pending.events.is_empty(), of_events(&pending.events)),
        (!sorted.rollups.is_empty(), of_rollups(sorted)),
        (!sorted.days.is_empty(), of_days(sorted)),
        (!sorted.posted.is_empty(), of_posted(sorted)),
        (!pending.entries.is_empty(), of_entries(&pending.entries)),
        (!pending.statements.is_empty(), of_statements(&pending.statements)),
        (!sorted.problems.is_empty(), of_problems(sorted)),
        (!sorted.reservations.is_empty(), of_reservations(sorted)),
        (!sorted.unset.is_empty(), of_unset(sorted)),
        (!sorted.set.is_empty(), of_set(sorted)),
        (!sorted.leaves.is_empty(), of_leaves(sorted)),
        (!pending.enters.is_empty(), of_enters(&pending.enters)),
    ];
    let mut wanted: Vec<Write<'a>> = all.into_iter().filter(|(some, _)| *some).map(|(_, write)| write).collect();
    wanted.iter_mut().for_each(|write| write.bound.insert(0, Box::new(tenant.as_str())));
    wanted
}

fn of_clock<'a>(clock: &Clock) -> Write<'a> {
    Write {
        sql: "UPDATE clock SET last_decided_at = $2, seq = $3, position = $4, outbox = $5, waiting = $6, entry = $7 \
              WHERE tenant = $1",
        bound: vec![
            Box::new(clock.last_decided_at.map(|at| at.millis())),
            Box::new(signed(clock.seq)),
            Box::new(signed(clock.position)),
            Box::new(signed(clock.outbox)),
            Box::new(signed(clock.waiting)),
            Box::new(signed(clock.entry)),
        ],
    }
}

/// Each of these fails the transaction where the lease is over, or another one than was looked at.
fn of_taken<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    Write {
        sql: "SELECT cap_take($1, w.key, w.fence, w.much) FROM (SELECT * FROM unnest($2::text[], $3::bigint[], $4::bigint[]) \
              AS u(key, fence, much) ORDER BY key) AS w",
        bound: vec![
            texts(&sorted.taken, |(key, _)| key.as_str()),
            numbers(&sorted.taken, |(_, (fence, _))| *fence),
            numbers(&sorted.taken, |(_, (_, much))| *much),
        ],
    }
}

fn of_decisions(rows: &[(u64, Record)]) -> Write<'_> {
    Write {
        sql: "INSERT INTO decision(tenant, seq, at, source, lead, n, requested_at, seed, plan, outcome, idempotency_key, payload, \
              input, reads, body, digest) SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], \
              $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::text[], $11::text[], $12::bytea[], $13::bytea[], \
              $14::text[], $15::bytea[], $16::text[])",
        bound: vec![
            numbers(rows, |(seq, _)| signed(*seq)),
            times(rows, |(_, it)| it.at),
            texts(rows, |(_, it)| it.id.source.as_str()),
            texts(rows, |(_, it)| it.id.lead.as_str()),
            numbers(rows, |(_, it)| i64::from(it.id.n)),
            times(rows, |(_, it)| it.requested_at),
            numbers(rows, |(_, it)| signed(it.seed.get())),
            texts(rows, |(_, it)| &it.plan),
            texts(rows, |(_, it)| it.outcome.as_str()),
            perhaps(rows, |(_, it)| it.idempotency_key.as_deref()),
            bytes(rows, |(_, it)| &it.payload),
            bytes(rows, |(_, it)| &it.input),
            texts(rows, |(_, it)| &it.reads),
            bytes(rows, |(_, it)| &it.body),
            texts(rows, |(_, it)| &it.digest),
        ],
    }
}

fn of_decided(rows: &[(u64, Record)]) -> Write<'_> {
    Write {
        sql: "INSERT INTO decided(tenant, lead, source, n, at, seq, payload) SELECT $1, * FROM unnest($2::text[], $3::text[], \
              $4::bigint[], $5::bigint[], $6::bigint[], $7::bytea[])",
        bound: vec![
            texts(rows, |(_, it)| it.id.lead.as_str()),
            texts(rows, |(_, it)| it.id.source.as_str()),
            numbers(rows, |(_, it)| i64::from(it.id.n)),
            times(rows, |(_, it)| it.at),
            numbers(rows, |(seq, _)| signed(*seq)),
            bytes(rows, |(_, it)| &it.payload),
        ],
    }
}

fn of_keys<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.keys;
    Write {
        sql: "INSERT INTO request_key(tenant, source, key, lead, n, at, payload) SELECT $1, * FROM unnest($2::text[], $3::text[], \
              $4::text[], $5::bigint[], $6::bigint[], $7::bytea[]) ON CONFLICT DO NOTHING",
        bound: vec![
            texts(rows, |((source, _), _)| source.as_str()),
            texts(rows, |((_, key), _)| key),
            texts(rows, |(_, it)| it.id.lead.as_str()),
            numbers(rows, |(_, it)| i64::from(it.id.n)),
            times(rows, |(_, it)| it.at),
            bytes(rows, |(_, it)| &it.payload),
        ],
    }
}

fn of_counters<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.counters;
    Write {
        sql: "INSERT INTO counter(tenant, key, used) SELECT $1, * FROM unnest($2::text[], $3::bigint[]) \
              ON CONFLICT (tenant, key) DO UPDATE SET used = counter.used + excluded.used",
        bound: vec![texts(rows, |(key, _)| key), numbers(rows, |(_, add)| **add)],
    }
}

fn of_moments<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.moments;
    Write {
        sql: "INSERT INTO moment(tenant, key, at, much) SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::bigint[]) \
              ON CONFLICT (tenant, key, at) DO UPDATE SET much = moment.much + excluded.much",
        bound: vec![
            texts(rows, |((key, _), _)| key),
            numbers(rows, |((_, at), _)| *at),
            numbers(rows, |(_, much)| **much),
        ],
    }
}

fn of_claims<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.claims;
    Write {
        sql: "INSERT INTO claim(tenant, scope, hash, at, source, lead, n) SELECT $1, * FROM unnest($2::text[], $3::bytea[], \
              $4::bigint[], $5::text[], $6::text[], $7::bigint[]) ON CONFLICT DO NOTHING",
        bound: vec![
            texts(rows, |it| &it.scope),
            bytes(rows, |it| &it.hash),
            times(rows, |it| it.at),
            texts(rows, |it| it.by.source.as_str()),
            texts(rows, |it| it.by.lead.as_str()),
            numbers(rows, |it| i64::from(it.by.n)),
        ],
    }
}

fn of_turns<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.turns;
    Write {
        sql: "INSERT INTO turn_group(tenant, route_group, turns) SELECT $1, * FROM unnest($2::text[], $3::text[]) \
              ON CONFLICT (tenant, route_group) DO UPDATE SET turns = excluded.turns",
        bound: vec![texts(rows, |(group, _)| group), texts(rows, |(_, turns)| turns)],
    }
}

fn of_outbox(rows: &[Delivery]) -> Write<'_> {
    Write {
        sql: "INSERT INTO outbox(tenant, id, key, source, lead, n, buyer, contract, price, due_at, since) SELECT $1, *, u.due \
              FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::bigint[], \
              $10::bigint[]) AS u(id, key, source, lead, n, buyer, contract, price, due)",
        bound: vec![
            numbers(rows, |it| signed(it.position)),
            texts(rows, |it| &it.entry.key),
            texts(rows, |it| it.entry.decision.source.as_str()),
            texts(rows, |it| it.entry.decision.lead.as_str()),
            numbers(rows, |it| i64::from(it.entry.decision.n)),
            texts(rows, |it| it.entry.buyer.as_str()),
            texts(rows, |it| it.entry.contract.as_str()),
            numbers(rows, |it| it.entry.price.units()),
            times(rows, |it| it.entry.due_at),
        ],
    }
}

fn of_deliveries<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.deliveries;
    Write {
        sql: "UPDATE outbox o SET due_at = u.due, since = u.since, state = u.state, fence = u.fence, attempts = u.attempts, \
              claimed_by = u.worker, claimed_until = u.until FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], \
              $6::bigint[], $7::bigint[], $8::text[], $9::bigint[]) AS u(id, due, since, state, fence, attempts, worker, until) \
              WHERE o.tenant = $1 AND o.id = u.id",
        bound: vec![
            numbers(rows, |it| signed(it.position)),
            times(rows, |it| it.entry.due_at),
            times(rows, |it| it.since),
            texts(rows, |it| it.state.as_str()),
            numbers(rows, |it| signed(it.fence)),
            numbers(rows, |it| i64::from(it.attempts)),
            perhaps(rows, |it| it.worker.as_deref()),
            perhaps_times(rows, |it| it.until),
        ],
    }
}

fn of_attempts<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.attempts;
    Write {
        sql: "INSERT INTO attempt(tenant, outbox, n, fence, worker, started_at, ended_at, class, status, retry_at) \
              SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[], $7::bigint[], \
              $8::text[], $9::bigint[], $10::bigint[]) ON CONFLICT (tenant, outbox, n, started_at) DO UPDATE SET \
              ended_at = excluded.ended_at, class = excluded.class, status = excluded.status, retry_at = excluded.retry_at",
        bound: vec![
            numbers(rows, |it| signed(it.delivery)),
            numbers(rows, |it| i64::from(it.n)),
            numbers(rows, |it| signed(it.fence)),
            texts(rows, |it| &it.worker),
            times(rows, |it| it.started_at),
            perhaps_times(rows, |it| it.ended_at),
            perhaps(rows, |it| it.class.map(|class| class.as_str())),
            perhaps_numbers(rows, |it| it.status.map(i64::from)),
            perhaps_times(rows, |it| it.retry_at),
        ],
    }
}

fn of_dead_letters<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.dead_letters;
    Write {
        sql: "INSERT INTO dead_letter(tenant, outbox, nth, reason, class, at, resolved, resolved_at) SELECT $1, * FROM unnest( \
              $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::bigint[]) \
              ON CONFLICT (tenant, outbox, nth) DO UPDATE SET resolved = excluded.resolved, resolved_at = excluded.resolved_at",
        bound: vec![
            numbers(rows, |it| signed(it.delivery)),
            numbers(rows, |it| i64::from(it.nth)),
            texts(rows, |it| it.reason.as_str()),
            perhaps(rows, |it| it.class.map(|class| class.as_str())),
            times(rows, |it| it.at),
            perhaps(rows, |it| it.resolved.map(|end| end.as_str())),
            perhaps_times(rows, |it| it.resolved_at),
        ],
    }
}

fn of_events(rows: &[(u64, Event)]) -> Write<'_> {
    let of = |event: &'_ Event| match &event.subject {
        Subject::Decision(id) => Some(id.clone()),
        _ => None,
    };
    Write {
        sql: "INSERT INTO event(tenant, position, kind, source, lead, n, at, data, about) SELECT $1, * FROM unnest($2::bigint[], \
              $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::text[])",
        bound: vec![
            numbers(rows, |(position, _)| signed(*position)),
            texts(rows, |(_, it)| it.kind.as_str()),
            owned(rows, |(_, it)| text(of(it).map(|id| id.source).as_ref())),
            owned(rows, |(_, it)| text(of(it).map(|id| id.lead).as_ref())),
            numbers(rows, |(_, it)| of(it).map_or(0, |id| i64::from(id.n))),
            times(rows, |(_, it)| it.at),
            texts(rows, |(_, it)| &it.data),
            owned_perhaps(rows, |(_, it)| if of(it).is_some() { None } else { Some(it.subject.to_string()) }),
        ],
    }
}

fn of_rollups<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.rollups;
    Write {
        sql: "INSERT INTO rollup(tenant, date, slot, source, contract, outcome, leads, revenue, payout) SELECT $1, * FROM unnest( \
              $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[]) \
              ON CONFLICT (tenant, date, slot, source, contract, outcome) DO UPDATE SET leads = rollup.leads + excluded.leads, \
              revenue = rollup.revenue + excluded.revenue, payout = rollup.payout + excluded.payout",
        bound: vec![
            owned(rows, |(key, _)| key.0.to_string()),
            numbers(rows, |(key, _)| i64::from(key.1)),
            texts(rows, |(key, _)| key.2.as_str()),
            texts(rows, |(key, _)| contract_text(key.3.as_ref())),
            texts(rows, |(key, _)| Outcome::as_str(key.4)),
            numbers(rows, |(_, sum)| sum.0),
            numbers(rows, |(_, sum)| sum.1),
            numbers(rows, |(_, sum)| sum.2),
        ],
    }
}

fn of_days<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.days;
    Write {
        sql: "INSERT INTO rollup_day(tenant, date, source, contract, outcome, leads, revenue, payout) SELECT $1, * FROM unnest( \
              $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[]) \
              ON CONFLICT (tenant, date, source, contract, outcome) DO UPDATE SET leads = rollup_day.leads + excluded.leads, \
              revenue = rollup_day.revenue + excluded.revenue, payout = rollup_day.payout + excluded.payout",
        bound: vec![
            texts(rows, |(day, _)| &day.0),
            texts(rows, |(day, _)| day.1),
            texts(rows, |(day, _)| day.2),
            texts(rows, |(day, _)| day.3),
            numbers(rows, |(_, sum)| sum.0),
            numbers(rows, |(_, sum)| sum.1),
            numbers(rows, |(_, sum)| sum.2),
        ],
    }
}

fn of_posted<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.posted;
    Write {
        sql: "INSERT INTO ledger_day(tenant, account, date, kind, contract, source, count, debit) SELECT $1, * FROM unnest( \
              $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[]) \
              ON CONFLICT (tenant, account, date, kind, contract, source) DO UPDATE SET count = ledger_day.count + excluded.count, \
              debit = ledger_day.debit + excluded.debit",
        bound: vec![
            owned(rows, |(key, _)| key.0.to_string()),
            owned(rows, |(key, _)| key.1.to_string()),
            texts(rows, |(key, _)| key.2.as_str()),
            texts(rows, |(key, _)| contract_text(key.3.as_ref())),
            owned(rows, |(key, _)| text(key.4.as_ref())),
            numbers(rows, |(_, sum)| sum.0),
            numbers(rows, |(_, sum)| sum.1),
        ],
    }
}

fn of_entries(rows: &[(u64, Entry)]) -> Write<'_> {
    Write {
        sql: "INSERT INTO ledger_entry(tenant, id, at, account, date, kind, contract, source, count, debit, lead, n, key, sold, \
              refers_to, counters, said_by, reason) SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], \
              $6::text[], $7::text[], $8::text[], $9::bigint[], $10::bigint[], $11::text[], $12::bigint[], $13::text[], \
              $14::text[], $15::text[], $16::text[], $17::text[], $18::text[])",
        bound: vec![
            numbers(rows, |(id, _)| signed(*id)),
            times(rows, |(_, it)| it.at),
            owned(rows, |(_, it)| it.posting.sum.account.to_string()),
            owned(rows, |(_, it)| it.posting.date.to_string()),
            texts(rows, |(_, it)| it.posting.sum.kind.as_str()),
            owned(rows, |(_, it)| text(it.posting.sum.contract.as_ref())),
            owned(rows, |(_, it)| text(it.posting.sum.source.as_ref())),
            numbers(rows, |(_, it)| it.posting.sum.count),
            numbers(rows, |(_, it)| it.posting.sum.debit),
            perhaps(rows, |(_, it)| it.sale.as_ref().map(|sale| sale.decision.lead.as_str())),
            perhaps_numbers(rows, |(_, it)| it.sale.as_ref().map(|sale| i64::from(sale.decision.n))),
            perhaps(rows, |(_, it)| it.sale.as_ref().map(|sale| sale.key.as_str())),
            owned_perhaps(rows, |(_, it)| it.sale.as_ref().map(|sale| sale.sold.to_string())),
            perhaps(rows, |(_, it)| it.refers_to.as_deref()),
            owned(rows, |(_, it)| json(&it.counters)),
            texts(rows, |(_, it)| &it.by),
            texts(rows, |(_, it)| &it.reason),
        ],
    }
}

fn of_statements(rows: &[ClosedStatement]) -> Write<'_> {
    Write {
        sql: "INSERT INTO statement(tenant, party, n, first, last, body) SELECT $1, * FROM unnest($2::text[], $3::bigint[], \
              $4::text[], $5::text[], $6::text[])",
        bound: vec![
            owned(rows, |it| it.party.to_string()),
            numbers(rows, |it| i64::from(it.n)),
            owned_perhaps(rows, |it| it.from.map(|date| date.to_string())),
            owned(rows, |it| it.to.to_string()),
            texts(rows, |it| &it.body),
        ],
    }
}

fn of_problems<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.problems;
    Write {
        sql: "INSERT INTO problem_group(tenant, fingerprint, code, path, source, severity, count, actions, first_at, last_at, \
              shape, expected, sampled_at, state, since, said_by, reason, first_seq, last_seq) SELECT $1, * FROM unnest( \
              $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::bigint[], $10::bigint[], \
              $11::text[], $12::text[], $13::bigint[], $14::text[], $15::bigint[], $16::text[], $17::text[], $18::bigint[], \
              $19::bigint[]) ON CONFLICT (tenant, fingerprint) DO UPDATE SET code = excluded.code, path = excluded.path, \
              source = excluded.source, severity = excluded.severity, count = excluded.count, actions = excluded.actions, \
              first_at = excluded.first_at, last_at = excluded.last_at, shape = excluded.shape, expected = excluded.expected, \
              sampled_at = excluded.sampled_at, state = excluded.state, since = excluded.since, said_by = excluded.said_by, \
              reason = excluded.reason, first_seq = excluded.first_seq, last_seq = excluded.last_seq",
        bound: vec![
            owned(rows, |it| it.group.fingerprint.to_string()),
            texts(rows, |it| it.group.code.as_str()),
            texts(rows, |it| &it.group.path),
            perhaps(rows, |it| it.group.source.as_deref()),
            owned(rows, |it| json(&it.group.severity)),
            numbers(rows, |it| signed(it.group.count)),
            owned(rows, |it| json(&it.group.actions)),
            times(rows, |it| it.group.first),
            times(rows, |it| it.group.last),
            perhaps(rows, |it| it.group.shape.as_deref()),
            perhaps(rows, |it| it.group.expected.as_deref()),
            times(rows, |it| it.group.sampled),
            texts(rows, |it| it.state.as_str()),
            times(rows, |it| it.since),
            perhaps(rows, |it| it.by.as_deref()),
            perhaps(rows, |it| it.reason.as_deref()),
            numbers(rows, |it| signed(it.first_seq)),
            numbers(rows, |it| signed(it.last_seq)),
        ],
    }
}

fn of_reservations<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.reservations;
    Write {
        sql: "INSERT INTO reservation(tenant, key, contract, state, at, until, asked, took, sold_by) SELECT $1, * FROM unnest( \
              $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[], $9::text[]) \
              ON CONFLICT (tenant, key) DO UPDATE SET contract = excluded.contract, state = excluded.state, at = excluded.at, \
              until = excluded.until, asked = excluded.asked, took = excluded.took, sold_by = excluded.sold_by",
        bound: vec![
            texts(rows, |it| &it.key),
            texts(rows, |it| it.contract.as_str()),
            texts(rows, |it| it.state.as_str()),
            times(rows, |it| it.at),
            times(rows, |it| it.until),
            texts(rows, |it| &it.asked),
            owned(rows, |it| json(&it.took)),
            owned_perhaps(rows, |it| it.by.as_ref().map(ToString::to_string)),
        ],
    }
}

fn of_unset<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let sql = "DELETE FROM setting WHERE tenant = $1 AND key = ANY($2::text[])";
    Write { sql, bound: vec![texts(&sorted.unset, |key| key)] }
}

fn of_set<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.set;
    Write {
        sql: "INSERT INTO setting(tenant, key, value, at) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[]) \
              ON CONFLICT (tenant, key) DO UPDATE SET value = excluded.value, at = excluded.at",
        bound: vec![texts(rows, |row| row.0), texts(rows, |row| row.1), numbers(rows, |row| row.2)],
    }
}

fn of_leaves<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.leaves;
    Write {
        sql: "DELETE FROM waiting w USING unnest($2::text[], $3::text[]) AS u(source, lead) \
              WHERE w.tenant = $1 AND w.source = u.source AND w.lead = u.lead",
        bound: vec![texts(rows, |(source, _)| source.as_str()), texts(rows, |(_, lead)| lead.as_str())],
    }
}

fn of_enters(rows: &[(u64, Waiting)]) -> Write<'_> {
    Write {
        sql: "INSERT INTO waiting(tenant, id, source, lead, n, why, received, since, due, until, tries) SELECT $1, * FROM unnest( \
              $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], \
              $10::bigint[], $11::bigint[]) ON CONFLICT (tenant, source, lead) DO UPDATE SET n = excluded.n, why = excluded.why, \
              received = excluded.received, since = excluded.since, due = excluded.due, until = excluded.until, \
              tries = excluded.tries",
        bound: vec![
            numbers(rows, |(id, _)| signed(*id)),
            texts(rows, |(_, it)| it.decision.source.as_str()),
            texts(rows, |(_, it)| it.decision.lead.as_str()),
            numbers(rows, |(_, it)| i64::from(it.decision.n)),
            texts(rows, |(_, it)| it.why.as_str()),
            times(rows, |(_, it)| it.received),
            times(rows, |(_, it)| it.since),
            times(rows, |(_, it)| it.due),
            times(rows, |(_, it)| it.until),
            numbers(rows, |(_, it)| i64::from(it.tries)),
        ],
    }
}
