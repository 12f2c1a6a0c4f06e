//! The tables beside those that are expected, by SQL.

use super::audit::Reach;
use super::finding::{Finding, FindingKind};
use crate::model::{TenantId, Timestamp};
use rusqlite::{Connection, named_params};

/// More of one kind tell nothing new.
pub(super) const MOST: usize = 100;

/// A day, for zones that are ahead of or behind the time that a horizon is given in.
const DAY: i64 = 86_400_000;

/// What is expected of one tenant, and its events by decision. Made anew for each tenant.
pub(super) const TABLES: &str = "
DROP TABLE IF EXISTS temp.event_found;
DROP TABLE IF EXISTS temp.event_wanted;
DROP TABLE IF EXISTS temp.outbox_wanted;
DROP TABLE IF EXISTS temp.rollup_wanted;
DROP TABLE IF EXISTS temp.counter_wanted;
DROP TABLE IF EXISTS temp.moment_wanted;
DROP TABLE IF EXISTS temp.claim_wanted;
DROP TABLE IF EXISTS temp.posting_wanted;
DROP TABLE IF EXISTS temp.elsewhere;
CREATE TEMP TABLE event_found(source TEXT, lead TEXT, n INTEGER, kind TEXT, contract TEXT, position INTEGER, times INTEGER,
  test INTEGER, PRIMARY KEY(source, lead, n, kind, contract)) WITHOUT ROWID;
CREATE TEMP TABLE event_wanted(source TEXT, lead TEXT, n INTEGER, kind TEXT, contract TEXT,
  PRIMARY KEY(source, lead, n, kind, contract)) WITHOUT ROWID;
CREATE TEMP TABLE outbox_wanted(key TEXT PRIMARY KEY, source TEXT, lead TEXT, n INTEGER, buyer TEXT, contract TEXT,
  price INTEGER) WITHOUT ROWID;
CREATE TEMP TABLE rollup_wanted(date TEXT, slot INTEGER, source TEXT, contract TEXT, outcome TEXT, leads INTEGER,
  revenue INTEGER, payout INTEGER, PRIMARY KEY(date, slot, source, contract, outcome)) WITHOUT ROWID;
CREATE TEMP TABLE counter_wanted(key TEXT PRIMARY KEY, used INTEGER) WITHOUT ROWID;
CREATE TEMP TABLE moment_wanted(key TEXT PRIMARY KEY, used INTEGER) WITHOUT ROWID;
CREATE TEMP TABLE claim_wanted(bucket INTEGER, scope TEXT, hash BLOB, at INTEGER, source TEXT, lead TEXT, n INTEGER,
  PRIMARY KEY(bucket, scope, hash, at, source, lead, n)) WITHOUT ROWID;
CREATE TEMP TABLE elsewhere(key TEXT PRIMARY KEY, used INTEGER) WITHOUT ROWID;
CREATE TEMP TABLE posting_wanted(account TEXT, date TEXT, kind TEXT, contract TEXT, source TEXT, count INTEGER, debit INTEGER,
  PRIMARY KEY(account, date, kind, contract, source)) WITHOUT ROWID;
";

/// The events about decisions since a time: how often each is there, and where first.
pub(super) const EVENTS: &str = "
INSERT INTO temp.event_found
SELECT source, lead, n, kind, iif(json_valid(data), coalesce(json_extract(data, '$.contract'), ''), '') AS contract,
  min(position), count(*), max(iif(json_valid(data), json_extract(data, '$.test') IS NOT NULL, 0))
FROM main.event WHERE tenant = ?1 AND at >= ?2 AND about IS NULL AND kind IN ('lead.decided.v1', 'lead.assigned.v1')
GROUP BY source, lead, n, kind, contract";

/// Every row of an answer is a finding: its place, and what was found. `:since` and `:date` say since when all is there,
/// `:exact` whether what each decision took is known.
fn questions() -> [(FindingKind, String); 17] {
    let of = |a: &str| format!(":tenant || ' ' || {a}.source || '/' || {a}.lead || '.' || {a}.n");
    let (d, w, f, o) = (of("d"), of("w"), of("f"), of("o"));
    let same = |a: &str, b: &str| format!("{a}.source = {b}.source AND {a}.lead = {b}.lead AND {a}.n = {b}.n");
    [
        (
            FindingKind::DecisionNumber,
            format!(
                "SELECT {d}, '' FROM main.decision d WHERE d.tenant = :tenant AND d.n <> 1 AND NOT EXISTS (SELECT 1 FROM \
                 main.decision b WHERE b.tenant = :tenant AND b.source = d.source AND b.lead = d.lead AND b.n = d.n - 1)"
            ),
        ),
        (
            FindingKind::EventMissing,
            format!(
                "SELECT {w}, trim(w.kind || ' ' || w.contract) FROM temp.event_wanted w WHERE NOT EXISTS (SELECT 1 FROM \
                 temp.event_found f WHERE {} AND f.kind = w.kind AND f.contract = w.contract)",
                same("f", "w")
            ),
        ),
        (
            FindingKind::EventExtra,
            format!(
                "SELECT {f}, trim(f.kind || ' ' || f.contract) || iif(f.times > 1, ', ' || f.times || ' times', '') \
                 FROM temp.event_found f WHERE f.times > 1 OR NOT EXISTS (SELECT 1 FROM \
                 temp.event_wanted w WHERE {} AND f.kind = w.kind AND f.contract = w.contract)",
                same("f", "w")
            ),
        ),
        // A later decision about a lead comes later, and an assignment after its decision.
        (
            FindingKind::EventOrder,
            format!(
                "SELECT {f}, trim(f.kind || ' ' || f.contract) || ' at position ' || f.position FROM temp.event_found f \
                 JOIN temp.event_found b ON b.source = f.source AND b.lead = f.lead AND b.kind = 'lead.decided.v1' \
                 AND b.n = f.n - (f.kind = b.kind) WHERE b.position > f.position"
            ),
        ),
        (
            FindingKind::OutboxMissing,
            format!(
                "SELECT {w}, w.contract FROM temp.outbox_wanted w WHERE NOT EXISTS (SELECT 1 FROM main.outbox o \
                 WHERE o.key = w.key AND o.tenant = :tenant)"
            ),
        ),
        (
            FindingKind::OutboxExtra,
            format!(
                "SELECT {o}, o.contract FROM main.outbox o WHERE o.tenant = :tenant AND NOT EXISTS (SELECT 1 FROM \
                 temp.outbox_wanted w WHERE w.key = o.key AND {} AND w.buyer = o.buyer AND w.contract = o.contract AND \
                 w.price = o.price) AND NOT EXISTS (SELECT 1 FROM main.decision d WHERE d.tenant = :tenant AND {} AND \
                 d.at < :since)",
                same("w", "o"),
                same("d", "o")
            ),
        ),
        (
            FindingKind::AttemptCount,
            format!(
                "SELECT {o}, o.contract || ': ' || count(a.n) || ' instead of ' || o.attempts FROM main.outbox o LEFT JOIN \
                 main.attempt a ON a.outbox = o.id WHERE o.tenant = :tenant GROUP BY o.id HAVING count(a.n) <> o.attempts \
                 OR coalesce(max(a.n), 0) <> o.attempts OR coalesce(max(a.fence), 0) <> o.fence"
            ),
        ),
        // What is done may have an attempt of which nobody told the end: it does not matter any more.
        (
            FindingKind::AttemptOpen,
            format!(
                "SELECT {o}, o.contract || ': ' || count(a.n) || ' go on, and it is ' || o.state FROM main.outbox o \
                 LEFT JOIN main.attempt a ON a.outbox = o.id AND a.ended_at IS NULL WHERE o.tenant = :tenant GROUP BY o.id \
                 HAVING iif(o.state = 'done', count(a.n) > 1, count(a.n) <> (o.state = 'claimed') OR coalesce(max(a.fence), \
                 o.fence) <> o.fence) OR iif(o.state = 'claimed', o.claimed_until IS NULL, o.state <> 'unknown' AND o.claimed_until IS NOT NULL)"
            ),
        ),
        (
            FindingKind::DeadLetterState,
            format!(
                "SELECT {o}, o.contract || ': ' || count(l.nth) || ' open, and it is ' || o.state FROM main.outbox o LEFT \
                 JOIN main.dead_letter l ON l.outbox = o.id AND l.resolved IS NULL WHERE o.tenant = :tenant GROUP BY o.id \
                 HAVING count(l.nth) <> (o.state = 'dead')"
            ),
        ),
        (FindingKind::RollupSum, rollups("w", "temp.rollup_wanted", "r", "main.rollup")),
        (FindingKind::RollupSum, rollups("r", "main.rollup", "w", "temp.rollup_wanted")),
        (
            FindingKind::CounterSum,
            "SELECT :tenant || ' ' || w.key, coalesce(c.used, 0) || ' instead of ' || w.used FROM temp.counter_wanted w \
             LEFT JOIN main.counter c ON c.tenant = :tenant AND c.key = w.key WHERE iif(:exact, coalesce(c.used, 0) <> \
             w.used, coalesce(c.used, 0) < w.used AND w.key NOT LIKE '%|funds' AND w.key NOT LIKE '%|rate|%')"
                .into(),
        ),
        (
            FindingKind::CounterSum,
            "SELECT :tenant || ' ' || c.key, c.used || ' instead of 0' FROM main.counter c WHERE :exact AND c.tenant = \
             :tenant AND c.used <> 0 AND NOT EXISTS (SELECT 1 FROM temp.counter_wanted w WHERE w.key = c.key)"
                .into(),
        ),
        (
            FindingKind::MomentSum,
            "SELECT :tenant || ' ' || coalesce(w.key, m.key), coalesce(m.used, 0) || iif(:exact, ' instead of ', \
             ' instead of at least ') || coalesce(w.used, 0) FROM temp.moment_wanted w FULL JOIN (SELECT key, upto AS used, \
             max(at) FROM main.moment WHERE tenant = :tenant GROUP BY key) m ON m.key = w.key \
             WHERE iif(:exact, coalesce(m.used, 0) <> coalesce(w.used, 0), coalesce(m.used, 0) < w.used)"
                .into(),
        ),
        (
            FindingKind::LedgerSum,
            "SELECT :tenant || ' ' || coalesce(w.account, l.account) || ' ' || coalesce(w.date, l.date) || ' ' || \
             coalesce(w.kind, l.kind) || ' ' || coalesce(w.contract, l.contract) || ' ' || coalesce(w.source, l.source), \
             coalesce(l.count, 0) || ' and ' || coalesce(l.debit, 0) || ' instead of ' || coalesce(w.count, 0) || ' and ' || \
             coalesce(w.debit, 0) FROM temp.posting_wanted w FULL JOIN (SELECT * FROM main.ledger_day WHERE tenant = :tenant) l \
             USING (account, date, kind, contract, source) WHERE coalesce(l.count, 0) <> coalesce(w.count, 0) OR \
             coalesce(l.debit, 0) <> coalesce(w.debit, 0)"
                .into(),
        ),
        // What a buyer has left to spend is what its account says, without what other systems took. Of those that were let go
        // of it is not known how much that is.
        (
            FindingKind::LedgerFunds,
            "SELECT :tenant || ' ' || substr(key, 7, length(key) - 12), sum(used) || ' instead of ' || sum(left) FROM (\
             SELECT key, used, 0 AS left FROM main.counter WHERE tenant = :tenant AND key LIKE 'buyer:%|funds' UNION ALL \
             SELECT 'buyer:' || substr(account, 7) || '|funds', 0, -debit FROM main.ledger_day WHERE tenant = :tenant AND \
             account LIKE 'funds:%' UNION ALL SELECT key, 0, used FROM temp.elsewhere) GROUP BY key \
             HAVING iif(:all, sum(used) <> sum(left), sum(used) > sum(left))"
                .into(),
        ),
        (
            FindingKind::ClaimMissing,
            format!(
                "SELECT {w}, w.scope FROM temp.claim_wanted w WHERE NOT EXISTS (SELECT 1 FROM main.claim c WHERE c.tenant \
                 = :tenant AND c.bucket = w.bucket AND c.scope = w.scope AND c.hash = w.hash AND c.at = w.at AND {})",
                same("c", "w")
            ),
        ),
    ]
}

/// Sums of the one that the other does not have, or has otherwise. A row that only one has is told once, for the other's
/// question joins nothing.
fn rollups(a: &str, first: &str, b: &str, second: &str) -> String {
    let differ = match a {
        "w" => "w.leads <> r.leads OR w.revenue <> r.revenue OR w.payout <> r.payout OR r.date IS NULL",
        _ => "w.date IS NULL",
    };
    let tenant = |alias: &str| if alias == "r" { "r.tenant = :tenant" } else { "TRUE" };
    format!(
        "SELECT :tenant || ' ' || {a}.date || ' ' || {a}.slot || ' ' || {a}.source || ' ' || iif({a}.contract = '', '-', \
         {a}.contract) || ' ' || {a}.outcome, coalesce(r.leads, 0) || ' leads, ' || coalesce(r.revenue, 0) || ' and ' || \
         coalesce(r.payout, 0) || ' instead of ' || coalesce(w.leads, 0) || ' leads, ' || coalesce(w.revenue, 0) || \
         ' and ' || coalesce(w.payout, r.payout, 0) FROM {first} {a} LEFT JOIN {second} {b} ON {} AND {b}.date = {a}.date AND \
         {b}.slot = {a}.slot AND {b}.source = {a}.source AND {b}.contract = {a}.contract AND {b}.outcome = {a}.outcome \
         WHERE {} AND {a}.date > :date AND ({differ})",
        tenant(b),
        tenant(a)
    )
}

pub(super) fn all(
    connection: &Connection,
    tenant: &TenantId,
    reach: Reach,
    findings: &mut Vec<Finding>,
) -> rusqlite::Result<()> {
    let date = reach.since.map(|since| date(since.plus_millis(DAY))).unwrap_or_default();
    let since = reach.since.map_or(i64::MIN, Timestamp::millis);
    let asked = |kind: FindingKind| match kind {
        FindingKind::RollupSum => reach.sums,
        FindingKind::LedgerSum => reach.posted,
        _ => true,
    };
    for (kind, sql) in questions().into_iter().filter(|(kind, _)| asked(*kind)) {
        let mut statement = connection.prepare(&format!("{sql} ORDER BY 1, 2 LIMIT {MOST}"))?;
        let all = named_params! {
            ":tenant": tenant.as_str(), ":since": since, ":date": date, ":exact": reach.exact,
            ":all": reach.since.is_none(),
        };
        for (name, value) in all {
            // Not every question asks for all of them.
            if let Some(place) = statement.parameter_index(name)? {
                statement.raw_bind_parameter(place, value)?;
            }
        }
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let (place, found): (String, String) = (row.get(0)?, row.get(1)?);
            findings.push(Finding::new(kind, place, found));
        }
    }
    Ok(())
}

/// `2026-11-24`, of the time in UTC.
fn date(at: Timestamp) -> String {
    at.to_string().chars().take_while(|c| *c != 'T').collect()
}
