//! The decision itself, what it counts and claims, and what is told of it.

use super::{Sorted, text};
use crate::look::signed;
use crate::work::cache::Clock;
use crate::work::columns::{Write, bytes, numbers, owned, owned_perhaps, perhaps, texts, times};
use leadwright::model::{Event, Subject};
use leadwright::store::Record;

pub(super) fn of_clock<'a>(clock: &Clock) -> Write<'a> {
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
pub(super) fn of_taken<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
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

pub(super) fn of_decisions(rows: &[(u64, Record)]) -> Write<'_> {
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

pub(super) fn of_decided(rows: &[(u64, Record)]) -> Write<'_> {
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

pub(super) fn of_keys<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
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

pub(super) fn of_counters<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.counters;
    Write {
        sql: "INSERT INTO counter(tenant, key, used) SELECT $1, * FROM unnest($2::text[], $3::bigint[]) \
              ON CONFLICT (tenant, key) DO UPDATE SET used = counter.used + excluded.used",
        bound: vec![texts(rows, |(key, _)| key), numbers(rows, |(_, add)| **add)],
    }
}

pub(super) fn of_moments<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
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

pub(super) fn of_claims<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
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

pub(super) fn of_turns<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.turns;
    Write {
        sql: "INSERT INTO turn_group(tenant, route_group, turns) SELECT $1, * FROM unnest($2::text[], $3::text[]) \
              ON CONFLICT (tenant, route_group) DO UPDATE SET turns = excluded.turns",
        bound: vec![texts(rows, |(group, _)| group), texts(rows, |(_, turns)| turns)],
    }
}

pub(super) fn of_events(rows: &[(u64, Event)]) -> Write<'_> {
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
