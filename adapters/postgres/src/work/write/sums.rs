//! Sums, the ledgers, and what holds until it is changed.

use super::{Sorted, contract_text, json, text};
use crate::look::signed;
use crate::work::columns::{Write, numbers, owned, owned_perhaps, perhaps, perhaps_numbers, texts, times};
use leadwright::model::Outcome;
use leadwright::store::{ClosedStatement, Entry};

pub(super) fn of_rollups<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
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

pub(super) fn of_days<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
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

pub(super) fn of_posted<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
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

pub(super) fn of_entries(rows: &[(u64, Entry)]) -> Write<'_> {
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

pub(super) fn of_statements(rows: &[ClosedStatement]) -> Write<'_> {
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

pub(super) fn of_problems<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
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

pub(super) fn of_unset<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let sql = "DELETE FROM setting WHERE tenant = $1 AND key = ANY($2::text[])";
    Write { sql, bound: vec![texts(&sorted.unset, |key| key)] }
}

pub(super) fn of_set<'a>(sorted: &'a Sorted<'a>) -> Write<'a> {
    let rows = &sorted.set;
    Write {
        sql: "INSERT INTO setting(tenant, key, value, at) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[]) \
              ON CONFLICT (tenant, key) DO UPDATE SET value = excluded.value, at = excluded.at",
        bound: vec![texts(rows, |row| row.0), texts(rows, |row| row.1), numbers(rows, |row| row.2)],
    }
}
