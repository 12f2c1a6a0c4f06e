//! What is to be delivered, what is reserved, and who waits.

use super::{Sorted, json};
use crate::look::signed;
use crate::work::columns::{
    Write, numbers, owned, owned_perhaps, perhaps, perhaps_numbers, perhaps_times, texts, times,
};
use leadwright::model::Waiting;
use leadwright::store::Delivery;

pub(super) fn of_outbox(rows: &[Delivery]) -> Write<'_> {
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

pub(super) fn of_deliveries<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
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

pub(super) fn of_attempts<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
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

pub(super) fn of_dead_letters<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
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

pub(super) fn of_reservations<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
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

pub(super) fn of_leaves<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.leaves;
    Write {
        sql: "DELETE FROM waiting w USING unnest($2::text[], $3::text[]) AS u(source, lead) \
              WHERE w.tenant = $1 AND w.source = u.source AND w.lead = u.lead",
        bound: vec![texts(rows, |(source, _)| source.as_str()), texts(rows, |(_, lead)| lead.as_str())],
    }
}

pub(super) fn of_enters(rows: &[(u64, Waiting)]) -> Write<'_> {
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
