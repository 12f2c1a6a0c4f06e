//! What BI tools see is what the store says, and nothing of a person; and who may do what.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{client, lead, open_in, options, plan, schema, server};
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{AttemptClass, Code, Date, Money, Tick, Timestamp};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome};
use leadwright::store::testkit::conformance;
use leadwright::store::{Store, Sums, SumsBy, SumsQuery};
use leadwright_postgres::{Keep, PostgresOptions, PostgresStore, roles};
use std::collections::BTreeMap;
use std::sync::Arc;

fn at(hour: i64) -> Timestamp {
    let first: Timestamp = "2026-05-01T12:00:00Z".parse().expect("a time");
    first.plus_millis(hour * 3_600_000)
}

fn filled(store: &Arc<PostgresStore>) -> Engine {
    let engine = Engine::with_options(plan(10), store.clone(), EngineOptions::default()).expect("an engine");
    for n in 0..60_u32 {
        // Some are duplicates of others, some have no phone.
        let text = match n % 5 {
            3 => lead(n - 1).replace(&format!("L{}", n - 1), &format!("L{n}")),
            4 => format!(r#"{{"id":"L{n}","source":"web","phone":"nobody"}}"#),
            _ => lead(n),
        };
        engine.decide(text.as_bytes(), Tick::at(at(i64::from(n)))).expect("it decides");
    }
    let claim = ClaimDeliveries { worker: "w".into(), limit: Some(5), ..ClaimDeliveries::default() };
    // A buyer has no more than eight at once. Each answer takes an hour.
    for hour in [60, 61] {
        for sending in engine.claim(&claim, at(hour)).expect("it claims") {
            engine
                .delivered(&sending.id, &DeliveryOutcome::of(AttemptClass::Accepted), at(hour + 1))
                .expect("it is told");
        }
    }
    engine
}

/// As the view has it: money in hundredths of a cent.
fn money(text: &str) -> i64 {
    text.parse::<Money>().expect("money").units()
}

#[test]
fn the_views_say_what_the_store_says() {
    let Some(url) = server() else { return };
    let schema = schema();
    let store = Arc::new(open_in(&url, &schema));
    let engine = filled(&store);
    store.keep(&Keep { now: Some(at(60)), ..Keep::default() }).expect("it is kept");
    let mut client = client(&url, &schema);

    let by = [SumsBy::Day, SumsBy::Source, SumsBy::Outcome].into();
    let sums = store.sums(engine.tenant(), &SumsQuery { by, ..SumsQuery::default() }).expect("sums");
    for view in ["report_day", "report_quarter"] {
        let sql = format!(
            "SELECT day::text, source, outcome, sum(leads)::bigint, sum(sales)::bigint, sum(revenue)::numeric(20, 4)::text, \
             sum(payout)::numeric(20, 4)::text, sum(margin)::numeric(20, 4)::text FROM {view} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        );
        let seen: Vec<_> = client.query(&sql, &[]).expect("a report");
        assert!(seen.len() > 3);
        let seen = seen.iter().map(|row| {
            let sums = Sums {
                day: Some(row.get::<_, &str>(0).parse::<Date>().expect("a day")),
                source: Some(row.get::<_, &str>(1).parse().expect("a source")),
                leads: row.get(3),
                sales: row.get(4),
                revenue: Money::from_units(money(row.get(5))).expect("money"),
                payout: Money::from_units(money(row.get(6))).expect("money"),
                margin: Money::from_units(money(row.get(7))).expect("money"),
                ..Sums::default()
            };
            (row.get::<_, String>(2), sums)
        });
        let said = sums.iter().map(|sums| {
            let outcome = sums.outcome.map(|outcome| outcome.as_str().to_owned()).expect("an outcome");
            (outcome, Sums { outcome: None, ..sums.clone() })
        });
        assert_eq!(seen.collect::<Vec<_>>(), said.collect::<Vec<_>>(), "{view}");
    }

    let one = |client: &mut postgres::Client, sql: &str| client.query_one(sql, &[]).expect(sql).get::<_, String>(0);
    let mut same = |of: &str, base: &str| assert_eq!(one(&mut client, of), one(&mut client, base), "{of}");
    same(
        "SELECT count(*)::text || ' ' || sum(price)::numeric(20, 4) FROM sales",
        "SELECT count(*)::text || ' ' || \
        (sum(price) / 10000)::numeric(20, 4) FROM outbox",
    );
    same(
        "SELECT sum(sales)::text || ' ' || sum(revenue)::numeric(20, 4) FROM report_day",
        "SELECT count(*)::text || ' ' || \
        sum(price)::numeric(20, 4) FROM sales",
    );
    same(
        "SELECT count(*) || ' ' || max(decided_at) FROM leads",
        "SELECT count(*) || ' ' || to_timestamp(max(at) / 1000.0) FROM decision",
    );
    same("SELECT max(sold_at)::text FROM sales", "SELECT max(decided_at)::text FROM leads WHERE outcome = 'assigned'");
    same("SELECT count(*) FILTER (WHERE state = 'done')::text FROM deliveries", "SELECT '10'");
    same("SELECT count(*)::text || max(seconds)::int FROM delivery_attempts", "SELECT '10' || 3600");
    same(
        "SELECT sum(count)::text || min(severity) FROM problems",
        "SELECT sum(count)::text || min(trim(severity, '\"')) FROM problem_group",
    );
    same(
        "SELECT sum(debit)::numeric(20, 4)::text FROM money_day WHERE kind = 'sale'",
        "SELECT sum(price)::numeric(20, 4)::text FROM sales",
    );
    same(
        "SELECT count(*)::text FROM caps_used WHERE key LIKE '%|day:%'",
        "SELECT count(*)::text FROM counter WHERE key LIKE '%|day:%' AND used > 0",
    );
    same("SELECT count(*)::text FROM waiting_leads", "SELECT count(*)::text FROM waiting");
    same("SELECT (input::json ->> 'id') FROM lead_body WHERE lead = 'L0'", "SELECT 'L0'");
}

#[test]
fn no_view_but_one_has_anything_of_a_person() {
    let Some(url) = server() else { return };
    let schema = schema();
    let store = Arc::new(open_in(&url, &schema));
    filled(&store);
    let mut client = client(&url, &schema);
    let sql = "SELECT c.relname::text FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace = \
               to_regnamespace(current_schema()) ORDER BY 1";
    let views: Vec<String> = client.query(sql, &[]).expect("views").iter().map(|row| row.get(0)).collect();
    assert!(views.len() > 10);
    let documented = include_str!("../../../docs/postgres.md");
    for view in views {
        assert!(documented.contains(&format!("| `{view}` |")), "{view} is not described in docs/postgres.md");
        let sql = format!("SELECT coalesce(string_agg(v::text, ' '), '') FROM {view} v");
        let all: String = client.query_one(&sql, &[]).expect("rows").get(0);
        let has_person = ["312-867", "+1312867", "example.com"].iter().any(|part| all.contains(part));
        assert_eq!(has_person, view == "lead_body", "{view}");
        let sql = "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0";
        for row in client.query(sql, &[&view]).expect("columns") {
            let column: &str = row.get(0);
            assert!(
                documented.contains(&format!("`{column}`")),
                "{view}.{column} is not described in docs/postgres.md"
            );
        }
    }
}

/// The same server as somebody else.
fn as_role(url: &str, role: &str) -> String {
    let (scheme, rest) = url.split_once("://").expect("a URL");
    let host = rest.split_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{role}@{host}")
}

fn with_roles(url: &str, schema: &str) {
    let mut admin = postgres::Client::connect(url, postgres::NoTls).expect("the server is there");
    admin.batch_execute(&roles(schema)).expect("roles are made");
    drop(
        PostgresStore::with_options(&as_role(url, "leadwright_owner"), options(schema))
            .expect("the owner makes the tables"),
    );
    admin.batch_execute(&roles(schema)).expect("rights are given");
}

#[test]
fn a_writer_does_what_every_store_must_do() {
    let Some(url) = server() else { return };
    conformance(&|| {
        let schema = schema();
        with_roles(&url, &schema);
        let options = PostgresOptions { migrate: false, ..options(&schema) };
        Arc::new(PostgresStore::with_options(&as_role(&url, "leadwright_writer"), options).expect("a writer opens it"))
    });
}

#[test]
fn each_role_has_its_rights_and_no_more() {
    let Some(url) = server() else { return };
    let schema = schema();
    with_roles(&url, &schema);
    let open = |role: &str, read_only| {
        let options = PostgresOptions { migrate: false, read_only, ..options(&schema) };
        Arc::new(PostgresStore::with_options(&as_role(&url, role), options).expect("it opens"))
    };
    let (owner, writer) = (open("leadwright_owner", false), open("leadwright_writer", false));
    let keep = Keep { now: Some(at(60)), ..Keep::default() };
    assert_eq!(writer.keep(&keep).map_err(|error| error.code()), Err(Code::StoreReadOnly));
    owner.keep(&keep).expect("the owner keeps");
    let engine = filled(&writer);
    let reader = open("leadwright_reader", true);
    let tenant = engine.tenant();
    assert_eq!(
        reader.sums(tenant, &SumsQuery::default()).expect("sums"),
        owner.sums(tenant, &SumsQuery::default()).expect("sums")
    );
    assert_eq!(reader.events(tenant, 0, 1_000).expect("events"), owner.events(tenant, 0, 1_000).expect("events"));
    assert_eq!(
        reader.outbox(tenant, 0, 1_000).expect("the outbox"),
        owner.outbox(tenant, 0, 1_000).expect("the outbox")
    );
    assert_eq!(reader.problems(tenant).expect("problems"), owner.problems(tenant).expect("problems"));
    assert_eq!(reader.decisions(tenant, 0, 10).map_err(|error| error.code()).err(), Some(Code::StoreReadOnly));

    let mut answers: BTreeMap<&str, [bool; 2]> = BTreeMap::new();
    let asked = [
        "SELECT count(*) FROM sales",
        "SELECT outcome, digest FROM decision",
        "SELECT input FROM decision",
        "SELECT body FROM decision",
        "SELECT input FROM decision_20260501",
        "SELECT * FROM lead_body",
        "SELECT key FROM request_key",
        "DELETE FROM decision",
        "DELETE FROM event",
        "UPDATE ledger_entry SET debit = 0",
        "TRUNCATE outbox",
        "DROP TABLE decision_20260501",
        "CREATE TABLE mine(x int)",
        "INSERT INTO setting VALUES ('t', 'k', 'v', 0)",
    ];
    for (n, role) in ["leadwright_reader", "leadwright_writer"].into_iter().enumerate() {
        let mut client = client(&as_role(&url, role), &schema);
        for sql in asked {
            answers.entry(sql).or_default()[n] = client.batch_execute(sql).is_ok();
        }
    }
    let allowed = |n: usize| answers.iter().filter(move |(_, may)| may[n]).map(|(sql, _)| *sql).collect::<Vec<_>>();
    assert_eq!(allowed(0), ["SELECT count(*) FROM sales", "SELECT outcome, digest FROM decision"]);
    let writes = [
        "INSERT INTO setting VALUES ('t', 'k', 'v', 0)",
        "SELECT body FROM decision",
        "SELECT input FROM decision",
        "SELECT key FROM request_key",
        "SELECT outcome, digest FROM decision",
    ];
    assert_eq!(allowed(1), writes);
    // Whoever may see leads is given that one right.
    let mut admin = client(&url, &schema);
    admin.batch_execute("GRANT SELECT ON lead_body TO leadwright_reader").expect("a right");
    let mut client = client(&as_role(&url, "leadwright_reader"), &schema);
    assert!(client.batch_execute("SELECT * FROM lead_body").is_ok());
}
