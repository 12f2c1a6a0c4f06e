//! What is wrong is named; what is right is not.

use super::{Place, time};
use leadwright::care::{verify, verify_file};
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{AttemptClass, EngineVersion, TenantId, Tick};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, Operation};
use leadwright::store::FindingKind;
use std::collections::BTreeSet;
use std::sync::Arc;

const NOW: &str = "2026-11-24T15:30:00Z";

#[test]
fn all_is_well_after_leads_of_every_outcome() {
    let place = Place::new("well");
    place.fill(time(NOW));
    fill_other_tenant(&place);
    let verified = verify(&place.store, &mut |_| {}).unwrap();
    assert_eq!(verified.findings, []);
    assert!(verified.left_out.is_empty(), "{:?}", verified.left_out);
    assert_eq!((verified.decisions, verified.replayed, verified.erased), (9, 9, 0));
}

fn fill_other_tenant(place: &Place) {
    let options = EngineOptions { tenant: TenantId::new("other").unwrap(), ..EngineOptions::default() };
    let engine = Engine::with_options(super::plan(), Arc::clone(&place.store) as _, options).unwrap();
    let lead = br#"{"id":"L1","source":"web","phone":"312-867-5301","zip":"60601"}"#;
    engine.decide(lead, Tick::at(time(NOW))).unwrap();
}

/// One damage each, and the words that `verify` says of it.
const DAMAGES: &[(&str, &[&str])] = &[
    ("UPDATE decision SET plan = 'sha256:gone' WHERE lead = 'L4'", &["decision.columns", "file.foreign_key"]),
    ("UPDATE migration SET checksum = 'x' WHERE version = 2", &["file.migration"]),
    ("DELETE FROM migration WHERE version = 4", &["file.migration"]),
    // The same length, so that nothing but the hash can tell.
    (
        "UPDATE decision SET body = CAST(replace(CAST(body AS TEXT), '+13128675302', '+13128675399') AS BLOB) \
      WHERE lead = 'L2'",
        &["decision.digest", "decision.replay"],
    ),
    (
        "UPDATE decision SET digest = replace(digest, substr(digest, 1, 8), '00000000') WHERE lead = 'T1'",
        &["decision.columns", "decision.digest"],
    ),
    ("UPDATE decision SET outcome = 'unsold' WHERE lead = 'L4'", &["decision.columns"]),
    ("UPDATE decision SET at = at + 1 WHERE lead = 'T1'", &["decision.columns", "decision.replay"]),
    ("UPDATE decision SET n = 3 WHERE lead = 'L1' AND n = 2", &["decision.columns", "decision.number"]),
    (
        "UPDATE decision SET input = CAST(replace(CAST(input AS TEXT), '60601', '60602') AS BLOB) WHERE lead = 'T1'",
        &["decision.replay"],
    ),
    ("UPDATE decision SET reads = '{}' WHERE lead = 'L1' AND n = 1", &["decision.replay"]),
    ("UPDATE plan SET bundle = replace(bundle, '40.00', '41.00')", &["plan.damaged"]),
    ("DELETE FROM outbox WHERE lead = 'L2'", &["file.foreign_key", "outbox.missing"]),
    ("UPDATE outbox SET price = price - 1 WHERE lead = 'L2'", &["outbox.extra"]),
    (
        "INSERT INTO outbox(tenant, key, source, lead, n, buyer, contract, price, due_at, since) \
      SELECT tenant, 'made up', source, lead, n, buyer, contract, price, due_at, since FROM outbox LIMIT 1",
        &["outbox.extra"],
    ),
    ("DELETE FROM attempt WHERE ended_at IS NULL", &["attempt.count", "attempt.open"]),
    ("UPDATE outbox SET attempts = attempts + 1 WHERE state = 'dead'", &["attempt.count"]),
    ("UPDATE outbox SET fence = fence + 1 WHERE state = 'dead'", &["attempt.count"]),
    ("UPDATE attempt SET ended_at = NULL WHERE class = 'rejected'", &["attempt.open"]),
    ("UPDATE outbox SET claimed_until = NULL", &["attempt.open"]),
    ("UPDATE outbox SET state = 'unknown' WHERE state = 'dead'", &["dead_letter.state"]),
    ("UPDATE dead_letter SET resolved = 'redriven'", &["dead_letter.state"]),
    ("UPDATE outbox SET state = 'done', claimed_until = NULL WHERE state = 'dead'", &["dead_letter.state"]),
    ("DELETE FROM event WHERE lead = 'L3'", &["event.missing"]),
    ("DELETE FROM event WHERE lead = 'L2' AND kind = 'lead.assigned.v1'", &["event.missing"]),
    (
        "INSERT INTO event(tenant, kind, source, lead, n, at, data) \
      SELECT tenant, kind, source, lead, n, at, data FROM event WHERE lead = 'L3'",
        &["event.extra"],
    ),
    (
        "UPDATE event SET data = replace(data, 'acme-il', 'acme-tx') WHERE kind = 'lead.assigned.v1' AND lead = 'L1'",
        &["event.extra", "event.missing"],
    ),
    ("UPDATE event SET position = 900 WHERE lead = 'L1' AND n = 1 AND kind = 'lead.decided.v1'", &["event.order"]),
    ("UPDATE rollup SET leads = leads + 1 WHERE contract = '' AND outcome = 'unmatched'", &["rollup.sum"]),
    ("UPDATE rollup SET payout = payout + 1 WHERE contract = 'acme-il'", &["rollup.sum"]),
    ("DELETE FROM rollup WHERE outcome = 'duplicate'", &["rollup.sum"]),
    (
        "INSERT INTO rollup SELECT tenant, date, slot + 1, source, contract, outcome, leads, revenue, payout FROM rollup LIMIT 1",
        &["rollup.sum"],
    ),
    ("UPDATE counter SET used = used + 1 WHERE key LIKE '%|day:%'", &["counter.sum"]),
    ("UPDATE counter SET used = used - 1 WHERE key LIKE '%|funds'", &["counter.sum", "ledger.funds"]),
    ("DELETE FROM counter WHERE key LIKE '%|total|%'", &["counter.sum"]),
    ("INSERT INTO counter VALUES ('main', 'contract:acme-il|day:2026-11-23|count|sold', 4)", &["counter.sum"]),
    ("UPDATE moment SET upto = upto - 1", &["moment.sum"]),
    ("DELETE FROM moment", &["moment.sum"]),
    ("DELETE FROM claim WHERE lead = 'L2' AND scope LIKE '%email'", &["claim.missing"]),
    ("UPDATE ledger_day SET debit = debit + 1 WHERE kind = 'payout' AND date = '2026-11-24'", &["ledger.sum"]),
    ("UPDATE ledger_day SET count = count + 1 WHERE kind = 'sale'", &["ledger.sum"]),
    ("DELETE FROM ledger_day WHERE kind = 'sale'", &["ledger.funds", "ledger.sum"]),
    ("UPDATE ledger_day SET date = '2026-11-01' WHERE kind = 'payout'", &["ledger.sum", "statement.damaged"]),
    (
        "INSERT INTO ledger_day VALUES ('main', 'buyer:acme', '2026-11-24', 'adjust', '', '', 1, -400000)",
        &["ledger.sum"],
    ),
    (
        "INSERT INTO ledger_entry(tenant, at, account, date, kind, contract, source, count, debit, counters, said_by, reason) \
      SELECT tenant, at, account, date, 'adjust', contract, source, count, debit, counters, said_by, reason FROM ledger_entry \
      WHERE account = 'funds:acme'",
        &["counter.sum", "ledger.sum"],
    ),
    ("DROP TRIGGER statement_stays; UPDATE statement SET body = replace(body, '0.00', '9.00')", &["statement.damaged"]),
    ("DROP TRIGGER statement_stays; UPDATE statement SET last = '2026-11-21'", &["statement.damaged"]),
    ("DROP TRIGGER statement_stays; UPDATE statement SET n = 2", &["statement.damaged"]),
    ("DROP TRIGGER statement_stays; UPDATE statement SET body = 'x'", &["statement.damaged"]),
    (
        "INSERT INTO history(tenant, source, lead, at, input) VALUES ('main', 'web', 'H1', 0, CAST('[' AS BLOB))",
        &["history.damaged"],
    ),
    (
        "INSERT INTO history(tenant, source, lead, at, input) VALUES ('other', 'web', 'H1', 0, CAST('[]' AS BLOB))",
        &["history.damaged"],
    ),
];

/// The lead lies in no column that anybody could change to something that is a lead.
const SEALED_DAMAGES: &[(&str, &[&str])] = &[
    (
        "UPDATE decision SET sealed = zeroblob(length(sealed)) WHERE lead = 'T1'",
        &["decision.digest", "decision.replay"],
    ),
    (
        "UPDATE decision SET n = 3 WHERE lead = 'L1' AND n = 2",
        &["decision.columns", "decision.digest", "decision.number", "decision.replay"],
    ),
    (
        "UPDATE decision SET sealed = (SELECT sealed FROM decision WHERE lead = 'T2') WHERE lead = 'T1'",
        &["decision.digest", "decision.replay"],
    ),
    (
        "UPDATE decision SET body = CAST(replace(CAST(body AS TEXT), '\"web\"', '\"wob\"') AS BLOB) WHERE lead = 'T1'",
        &["decision.digest", "decision.replay"],
    ),
];

#[test]
fn every_damage_is_named() {
    let whole = Place::new("damage");
    whole.fill(time(NOW));
    let close = r#"{"op":"close","party":"supplier:web","to":"2026-11-22","by":"ann","reason":"billed"}"#;
    whole.engine.operate(&Operation::read(close).unwrap(), time(NOW)).unwrap();
    // One delivery was given up, and one is claimed.
    let claim = ClaimDeliveries { worker: "w1".into(), ..ClaimDeliveries::default() };
    let sendings = whole.engine.claim(&claim, time(NOW)).unwrap();
    assert_eq!(sendings.len(), 2);
    whole.engine.delivered(&sendings[0].id, &DeliveryOutcome::of(AttemptClass::Rejected), time(NOW)).unwrap();
    whole.store.backup(whole.beside("whole.db")).unwrap();
    let mut seen = BTreeSet::from(["file.integrity".to_owned()]);
    let mut wrong = Vec::new();
    let in_clear = |sql: &str| ["SET body", "SET input", "SET reads", "SET n"].iter().any(|set| sql.contains(set));
    let damages = DAMAGES.iter().filter(|(sql, _)| !Place::SEALED || !in_clear(sql));
    let damages = damages.chain(if Place::SEALED { SEALED_DAMAGES } else { &[] });
    for (number, (sql, want)) in damages.enumerate() {
        let path = whole.beside(&format!("damage-{number}.db"));
        std::fs::copy(whole.beside("whole.db"), &path).unwrap();
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.execute_batch(&format!("PRAGMA foreign_keys=OFF; {sql}")).expect(sql);
        assert!(connection.total_changes() > 0, "nothing is damaged: {sql}");
        drop(connection);
        let found = whole.findings_of(&path);
        if found != *want {
            wrong.push(format!("{sql}: {:#?}", verify_file(&path, Place::keys().as_ref(), &mut |_| {}).unwrap().findings));
        }
        seen.extend(found);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let all: BTreeSet<String> = FindingKind::ALL.iter().map(|kind| kind.as_str().to_owned()).collect();
    assert_eq!(seen, all, "a finding that no damage shows");
}

#[test]
fn a_damaged_file_is_named_and_its_tables_are_left_alone() {
    let place = Place::new("integrity");
    place.fill(time(NOW));
    place.store.backup(place.beside("copy.db")).unwrap();
    // A page of an index is nothing any more.
    let connection = rusqlite::Connection::open(place.beside("copy.db")).unwrap();
    let sql = "SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_master WHERE name = 'decision_by_payload'";
    let (page, size): (usize, usize) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    drop(connection);
    let mut bytes = std::fs::read(place.beside("copy.db")).unwrap();
    bytes[(page - 1) * size..page * size].fill(0xFF);
    std::fs::write(place.beside("copy.db"), bytes).unwrap();
    let words = place.findings_of(&place.beside("copy.db"));
    assert_eq!(words, ["file.integrity"]);
    let verified = verify_file(place.beside("copy.db"), Place::keys().as_ref(), &mut |_| {}).unwrap();
    assert!(verified.findings.iter().all(|finding| finding.kind == FindingKind::FileIntegrity));
    assert!(!verified.findings.is_empty() && verified.left_out.len() == 1);
}

#[test]
fn what_another_engine_decided_must_count_at_least() {
    let place = Place::new("other-engine");
    let version = EngineVersion { version: "0.0.1".into(), ..EngineVersion::current() };
    let options = EngineOptions { engine: Some(version), ..EngineOptions::default() };
    let engine = Engine::with_options(super::plan(), Arc::clone(&place.store) as _, options).unwrap();
    place.fill(time(NOW));
    let lead = br#"{"id":"L9","source":"web","phone":"312-867-5309","zip":"60601"}"#;
    engine.decide(lead, Tick::at(time(NOW))).unwrap();
    let verified = verify(&place.store, &mut |_| {}).unwrap();
    assert_eq!((verified.findings.len(), verified.decisions, verified.replayed), (0, 9, 8), "{:?}", verified.findings);
    assert_eq!(verified.left_out.len(), 1);
    place.damage("DELETE FROM outbox WHERE lead = 'L9'");
    assert_eq!(place.findings(), ["outbox.missing"]);
    place.damage("UPDATE counter SET used = 0 WHERE key LIKE '%|day:%'");
    assert_eq!(place.findings(), ["counter.sum", "outbox.missing"]);
}
