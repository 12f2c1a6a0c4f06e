//! The keeper: partitions are made ahead, what is old goes, and what is still needed stays.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{client, lead, open_in, plan, schema, server};
use leadwright::engine::{Engine, EngineOptions, verify_stored};
use leadwright::model::{AttemptClass, LeadId, SubscriberName, TenantId, Tick, Timestamp};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, Person};
use leadwright::store::{Begin, Store, SumsQuery, ack, join};
use leadwright_postgres::{Every, Keep, Kept, PostgresStore};
use std::sync::Arc;

const DAY: i64 = 86_400_000;

fn at(day: i64) -> Timestamp {
    let first: Timestamp = "2026-05-01T12:00:00Z".parse().expect("a time");
    first.plus_millis(day * DAY)
}

fn keep(store: &PostgresStore, day: i64, days: Option<u32>) -> Kept {
    store.keep(&Keep { days, now: Some(at(day)), ..Keep::default() }).expect("it is kept")
}

fn engine(store: &Arc<PostgresStore>) -> Engine {
    Engine::with_options(plan(10), store.clone(), EngineOptions::default()).expect("an engine")
}

fn decide(engine: &Engine, n: u32, day: i64) {
    engine.decide(lead(n).as_bytes(), Tick::at(at(day))).expect("it decides");
}

/// Delivers all that is due.
fn deliver(engine: &Engine, day: i64) {
    let claim = ClaimDeliveries { worker: "w".into(), limit: Some(100), ..ClaimDeliveries::default() };
    for sending in engine.claim(&claim, at(day)).expect("it claims") {
        engine.delivered(&sending.id, &DeliveryOutcome::of(AttemptClass::Accepted), at(day)).expect("it is told");
    }
}

fn tenant() -> TenantId {
    TenantId::new("main").expect("a tenant")
}

fn number(client: &mut postgres::Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).expect("a number").get(0)
}

fn names(client: &mut postgres::Client, table: &str) -> Vec<String> {
    let sql = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = to_regclass($1) ORDER BY 1";
    client.query(sql, &[&table]).expect("partitions").iter().map(|row| row.get(0)).collect()
}

#[test]
fn partitions_are_made_ahead_and_only_once() {
    let Some(url) = server() else { return };
    let schema = schema();
    let store = open_in(&url, &schema);
    let made = keep(&store, 0, None);
    // A day and seven more of three tables, and three months of values to dedupe by.
    assert_eq!(made.made.len(), 3 * 8 + 3, "{made:?}");
    assert_eq!(keep(&store, 0, None).made, []);
    assert_eq!(keep(&store, 1, None).made.len(), 3);
    let mut client = client(&url, &schema);
    let names = names(&mut client, "decision");
    assert_eq!(names.first().map(String::as_str), Some("decision_20260501"), "{names:?}");
    let stored = "SELECT count(*) FROM pg_class WHERE relname = 'decision_20260501' AND relnamespace = \
                  to_regnamespace(current_schema()) AND reloptions = (SELECT reloptions FROM pg_class WHERE oid = \
                  'decision_rest'::regclass)";
    assert_eq!(number(&mut client, stored), 1, "it is stored as the others are");
    // By month from now on: what is there stays, and the month's other days are made.
    let months = Keep { partition: Every::Month, now: Some(at(1)), ..Keep::default() };
    let made = store.keep(&months).expect("it is kept");
    assert!(made.made.iter().any(|made| made.partition == "decision_202607"), "{made:?}");
    assert_eq!(store.keep(&months).expect("it is kept").made, []);
}

#[test]
fn rows_that_came_before_their_partition_are_moved_into_it() {
    let Some(url) = server() else { return };
    let schema = schema();
    let store = Arc::new(open_in(&url, &schema));
    let engine = engine(&store);
    for n in 0..20 {
        decide(&engine, n, i64::from(n / 10));
    }
    let before = store.decisions(&tenant(), 0, 100).expect("decisions");
    let dry = store.keep(&Keep { dry_run: true, now: Some(at(1)), ..Keep::default() }).expect("it is said");
    assert_eq!(dry.astray.iter().map(|astray| astray.rows).collect::<Vec<_>>(), [20, 41, 20], "{dry:?}");
    let kept = keep(&store, 1, None);
    assert_eq!(kept.astray, []);
    assert_eq!(kept.made.iter().map(|made| made.rows).sum::<u64>(), 81);
    assert!(store.decisions(&tenant(), 0, 100).expect("decisions") == before);
    let mut client = client(&url, &schema);
    assert_eq!(number(&mut client, "SELECT count(*) FROM decision_20260501"), 10);
    assert_eq!(number(&mut client, "SELECT count(*) FROM decision_rest"), 0);
    // A clock that is years ahead fills no partition, and somebody is told.
    client
        .batch_execute(
            "INSERT INTO claim SELECT tenant, scope, hash, at + 315360000000, source, lead, n FROM claim, \
        generate_series(1, 1) LIMIT 1; INSERT INTO event SELECT tenant, g, kind, source, lead, n, 1, data, about FROM \
        (SELECT * FROM event LIMIT 1) e, generate_series(100, 20200) g",
        )
        .expect("rows");
    let kept = keep(&store, 1, None);
    assert_eq!(kept.astray.iter().map(|astray| (astray.table, astray.rows)).collect::<Vec<_>>(), [("event", 20_101)]);
    assert_eq!(kept.made.iter().map(|made| made.rows).sum::<u64>(), 1);
}

#[test]
fn what_is_old_goes_and_what_is_needed_stays() {
    let Some(url) = server() else { return };
    let schema = schema();
    let store = Arc::new(open_in(&url, &schema));
    let engine = engine(&store);
    keep(&store, 0, None);
    for n in 0..10 {
        decide(&engine, n, 0);
    }
    deliver(&engine, 0);
    // Sold, and nobody fetched it.
    decide(&engine, 10, 0);
    for day in 1..60 {
        keep(&store, day, None);
        decide(&engine, 100 + u32::try_from(day).expect("a day"), day);
        deliver_but(&engine, day);
    }
    let sums = store.sums(&tenant(), &SumsQuery::default()).expect("sums");
    let dry = store.keep(&Keep { days: Some(30), dry_run: true, now: Some(at(60)), ..Keep::default() }).expect("dry");
    assert!(dry.dropped.iter().any(|dropped| dropped.partition == "decision_20260501"), "{dry:?}");
    let kept = keep(&store, 60, Some(30));
    assert_eq!((kept.held.len(), kept.astray.len()), (0, 0), "{kept:?}");
    assert_eq!(
        kept.dropped.iter().map(|dropped| &dropped.partition).filter(|name| name.starts_with("decision")).count(),
        30
    );
    assert!(kept.dropped.iter().all(|dropped| dropped.bytes > 0));
    assert_eq!(kept.decisions, 10 + 29, "{kept:?}");
    assert_eq!(kept.outbox, 10 + 29);
    assert!(kept.counters > 0);
    let find = |id: &str| store.find(&tenant(), &LeadId::new(id).expect("an id")).expect("it is asked");
    assert_eq!(["L1", "L9", "L10", "L129", "L130"].map(|id| find(id).len()), [0, 0, 1, 0, 1]);
    // The one that waits for its buyer is there with its events and its lead, and is delivered.
    let open = &find("L10")[0];
    let stored = store.decision(&tenant(), open).expect("it is asked").expect("it is there");
    assert!(verify_stored(&stored));
    assert_eq!(store.outbox(&tenant(), 0, 100).expect("the outbox").len(), 1);
    assert_eq!(store.sums(&tenant(), &SumsQuery::default()).expect("sums"), sums, "reports stay");
    assert_eq!(keep(&store, 60, Some(30)), Kept { before: kept.before, ..Kept::default() }, "again nothing");
    let mut client = client(&url, &schema);
    // As soon as it is done, and that is long ago, it goes too.
    client.batch_execute("UPDATE outbox SET state = 'done', due_at = 0 WHERE lead = 'L10'").expect("a change");
    let kept = keep(&store, 60, Some(30));
    assert_eq!((kept.decisions, kept.outbox), (1, 1), "{kept:?}");
    assert!(find("L10").is_empty());
    let left = "SELECT count(*) FROM decided i WHERE NOT EXISTS (SELECT 1 FROM decision d WHERE d.tenant = i.tenant AND \
                d.seq = i.seq AND d.at = i.at)";
    assert_eq!(number(&mut client, left), 0, "no id says what is not there");
    // The same lead again is a new one.
    decide(&engine, 1, 60);
    assert_eq!(find("L1").len(), 1);
}

/// Delivers what is due but the one lead that nobody fetches.
fn deliver_but(engine: &Engine, day: i64) {
    let claim = ClaimDeliveries { worker: "w".into(), limit: Some(100), ..ClaimDeliveries::default() };
    for sending in engine.claim(&claim, at(day)).expect("it claims") {
        if sending.decision.lead.as_str() != "L10" {
            engine.delivered(&sending.id, &DeliveryOutcome::of(AttemptClass::Accepted), at(day)).expect("it is told");
        }
    }
}

#[test]
fn unread_events_hold_their_partition_and_operations_stay() {
    let Some(url) = server() else { return };
    let schema = schema();
    let store = Arc::new(open_in(&url, &schema));
    let engine = engine(&store);
    keep(&store, 0, None);
    decide(&engine, 0, 0);
    deliver(&engine, 0);
    let name = SubscriberName::new("crm").expect("a name");
    let joined = join(&*store, &tenant(), &name, &[], Begin::At(0)).expect("it reads");
    let person = person("312-867-1000");
    let forgotten = leadwright::care::forget(&*store, &tenant(), &person, at(1), &mut |_| {}).expect("forgotten");
    assert_eq!(forgotten.erased, 1, "{forgotten:?}");
    let held = keep(&store, 60, Some(30));
    assert_eq!(
        held.held.iter().map(|held| (held.partition.as_str(), held.why)).collect::<Vec<_>>(),
        [("event_20260501", "unread")]
    );
    let last = store.events(&tenant(), 0, 100).expect("events").last().expect("one").0;
    ack(&*store, &tenant(), &name, joined.fence, last).expect("it has read");
    let kept = keep(&store, 60, Some(30));
    assert_eq!(kept.held, []);
    let left: Vec<_> =
        store.events(&tenant(), 0, 100).expect("events").into_iter().map(|(_, event)| event.kind.as_str()).collect();
    assert_eq!(left, ["plan.activated.v1", "person.forgotten.v1"], "who operated what stays");
}

fn person(phone: &str) -> Person {
    let (by, reason) = (Some("ops".into()), Some("asked".into()));
    Person { phone: Some(phone.into()), by, reason, ..Person::default() }
}

#[test]
fn a_person_is_forgotten_over_all_partitions_as_in_a_file() {
    let Some(url) = server() else { return };
    let schema = schema();
    let store = Arc::new(open_in(&url, &schema));
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("forget-{}.db", std::process::id()));
    let file = Arc::new(leadwright::store::SqliteStore::open(file).expect("a file"));
    let ours = engine(&store);
    let theirs = Engine::with_options(plan(10), file.clone(), EngineOptions::default()).expect("an engine");
    for day in 0..60 {
        keep(&store, day, None);
        for (n, engine) in [&ours, &theirs].into_iter().flat_map(|engine| [(0, engine), (1, engine)]) {
            // The one comes again every day under another id, the other is somebody else each time.
            let day_n = u32::try_from(day).expect("a day");
            let text = if n == 0 { lead(7) } else { lead(100 + day_n) };
            let text = text.replace("\"id\":\"L", &format!("\"idempotency_key\":\"k{day}-{n}\",\"id\":\"D{day}-"));
            engine.decide(text.as_bytes(), Tick::at(at(day))).expect("it decides");
        }
    }
    assert_eq!(keep(&store, 59, None).astray, []);
    let mut client = client(&url, &schema);
    assert_eq!(number(&mut client, "SELECT count(DISTINCT tableoid) FROM decision"), 60);
    let forget =
        |store: &dyn Store| leadwright::care::forget(store, &tenant(), &person("312-867-1007"), at(60), &mut |_| {});
    let done = forget(&*store).expect("it is done");
    assert_eq!((done.searched, done.erased), (120, 60));
    assert_eq!(done, forget(&*file).expect("it is done"));
    let (here, there) = (store.decisions(&tenant(), 0, 200), file.decisions(&tenant(), 0, 200));
    assert!(here.expect("decisions") == there.expect("decisions"), "to the byte");
    let left = "SELECT count(*) FROM decision WHERE position('8671007' IN encode(body, 'escape') || encode(input, 'escape')) > 0";
    assert_eq!(number(&mut client, left), 0);
    assert_eq!(number(&mut client, "SELECT count(*) FROM request_key"), 60);
    assert_eq!(
        number(
            &mut client,
            "SELECT count(*) FROM claim c WHERE NOT EXISTS (SELECT 1 FROM decision d WHERE d.tenant = \
        c.tenant AND d.lead = c.lead AND d.at = c.at AND d.inner_hash IS NULL)"
        ),
        0
    );
    assert_eq!(
        store.outbox(&tenant(), 0, 200).expect("the outbox"),
        file.outbox(&tenant(), 0, 200).expect("the outbox")
    );
    assert_eq!(forget(&*store).expect("again").erased, 0);
}

#[test]
fn a_keeper_that_was_stopped_is_gone_on_with() {
    let Some(url) = server() else { return };
    let schema = schema();
    let store = Arc::new(open_in(&url, &schema));
    keep(&store, 0, None);
    let mut client = client(&url, &schema);
    client
        .batch_execute(
            "ALTER TABLE event DETACH PARTITION event_20260501; ALTER TABLE event_20260501 RENAME TO \
                          event_20260501_retired",
        )
        .expect("it was stopped here");
    let kept = keep(&store, 0, None);
    assert_eq!(kept.dropped[0].partition, "event_20260501");
    // One at a time.
    client.batch_execute("SELECT pg_advisory_lock(1801807216, hashtext(current_schema()))").expect("a lock");
    assert!(keep(&store, 0, Some(1)).by_another);
    client.batch_execute("SELECT pg_advisory_unlock_all()").expect("no lock");
    // Who reads for long is not waited for: writers would have to wait too.
    client.batch_execute("BEGIN; SELECT * FROM decision").expect("a reader");
    let kept = keep(&store, 60, Some(30));
    assert!(kept.held.iter().any(|held| held.why == "locked"), "{kept:?}");
    client.batch_execute("COMMIT").expect("it is done");
    assert_eq!(keep(&store, 60, Some(30)).held, []);
}

#[test]
fn a_sale_that_may_come_back_is_kept() {
    let Some(url) = server() else { return };
    let store = Arc::new(open_in(&url, &schema()));
    let engine = Engine::with_options(plan(45), store.clone(), EngineOptions::default()).expect("an engine");
    keep(&store, 0, None);
    decide(&engine, 0, 0);
    deliver(&engine, 0);
    assert_eq!(keep(&store, 40, Some(30)).decisions, 0);
    assert_eq!(keep(&store, 50, Some(30)).decisions, 1);
}
