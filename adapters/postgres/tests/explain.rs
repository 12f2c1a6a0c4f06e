//! Every statement that is shipped is looked at as the server would run it on tables that have grown: none reads a whole table
//! of them, and those that know a time look into no partition of another time.
#![allow(clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use common::{client, lead, open_in, options, plan, schema, server};
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{AttemptClass, Tick, Timestamp};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, Person};
use leadwright::store::testkit::conformance;
use leadwright::store::{Store, SumsBy, SumsQuery, View};
use leadwright_postgres::{Keep, PostgresStore};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

/// Whatever is asked of all of a table, or of all of a tenant that may be all there is: such a scan is what is wanted.
const WHOLE: &[&str] = &[
    // Once a run of the keeper: all tenants, and what lies in no partition.
    "FROM clock ORDER BY tenant",
    "GROUP BY 1 ORDER BY 1",
    // What of a partition that goes is still needed.
    "INSERT INTO attempt SELECT a.* FROM attempt_",
    // A shard says once which tenants it has.
    "SELECT tenant FROM clock",
];

const DAY: i64 = 86_400_000;
/// 2026-05-01.
const FIRST: i64 = 1_777_593_600_000;

fn at(day: i64) -> Timestamp {
    Timestamp::EPOCH.plus_millis(FIRST + day * DAY)
}

/// The statements of all that a store does: what every store must do, an engine's life, and the keeper.
fn shipped(url: &str) -> &'static BTreeSet<String> {
    static SHIPPED: OnceLock<BTreeSet<String>> = OnceLock::new();
    SHIPPED.get_or_init(|| run_all(url))
}

fn run_all(url: &str) -> BTreeSet<String> {
    let stores: Mutex<Vec<Arc<PostgresStore>>> = Mutex::default();
    let seen: Mutex<BTreeSet<String>> = Mutex::default();
    let look = |stores: &[Arc<PostgresStore>]| {
        for store in stores {
            seen.lock().expect("no panic").extend(store.statements().iter().map(|sql| one_line(sql)));
            store.close_idle();
        }
    };
    conformance(&|| {
        let store = Arc::new(PostgresStore::with_options(url, options(&schema())).expect("the server is there"));
        let mut stores = stores.lock().expect("no panic");
        look(&stores);
        stores.push(store.clone());
        store
    });
    let schema = schema();
    let store = Arc::new(open_in(url, &schema));
    let mut client = client(url, &schema);
    let engine = Engine::with_options(plan(10), store.clone(), EngineOptions::default()).expect("an engine");
    let keep = |day, days| store.keep(&Keep { now: Some(at(day)), days, ..Keep::default() }).expect("it is kept");
    keep(0, None);
    for n in 0..10 {
        engine.decide(lead(n).as_bytes(), Tick::at(at(0))).expect("it decides");
    }
    let claim = ClaimDeliveries { worker: "w".into(), limit: Some(5), ..ClaimDeliveries::default() };
    for sending in engine.claim(&claim, at(0)).expect("it claims") {
        engine.delivered(&sending.id, &DeliveryOutcome::of(AttemptClass::Accepted), at(0)).expect("it is told");
    }
    let person = Person {
        email: Some("a9@example.com".into()),
        by: Some("ops".into()),
        reason: Some("asked".into()),
        ..Person::default()
    };
    leadwright::care::forget(&*store, engine.tenant(), &person, at(1), &mut |_| {}).expect("forgotten");
    for by in [vec![], vec![SumsBy::Day], vec![SumsBy::Hour, SumsBy::Contract], vec![SumsBy::Source, SumsBy::Outcome]] {
        let (from, to) = ("2026-05-01".parse().ok(), "2026-05-30".parse().ok());
        store
            .sums(engine.tenant(), &SumsQuery { by: by.into_iter().collect(), from, to, ..SumsQuery::default() })
            .expect("sums");
    }
    // A value that more leads had than are fetched at once.
    client.batch_execute("INSERT INTO claim SELECT 'main', 's', repeat('x', 16)::bytea, g, 'web', 'M' || g, 1 FROM generate_series(1, 1200) g").expect("rows");
    let claims = |view: &dyn View| view.claims("s", &[b'x'; 16], Timestamp::EPOCH, None, 5_000);
    let mut found = 0;
    let read = store.read(engine.tenant(), &mut |view| {
        found = claims(view)?;
        Ok(())
    });
    read.expect("it reads");
    assert_eq!(found, 1_200);
    store.erased(engine.tenant()).expect("it counts");
    store.checkup(engine.tenant()).expect("it is looked at");
    engine.decide(lead(50).as_bytes(), Tick::at(at(60))).expect("it decides");
    let again = Arc::new(open_in(url, &schema));
    let dry = Keep { now: Some(at(60)), days: Some(30), dry_run: true, ..Keep::default() };
    store.keep(&dry).expect("it is said");
    keep(60, Some(30));
    store.keep(&Keep::default()).expect("by the clock of the server");
    let mut stores = stores.into_inner().expect("no panic");
    stores.extend([store, again]);
    look(&stores);
    seen.into_inner().expect("no panic")
}

fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All statements in the source, up to where something is put into them, and whether they are whole.
fn written() -> Vec<(String, bool)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|end| end == "rs") {
                let text = std::fs::read_to_string(&entry).expect("a file").replace("\\\n", " ");
                for literal in text.split('"').skip(1).step_by(1) {
                    let words = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH "];
                    if words.iter().any(|word| literal.starts_with(word)) && !literal.starts_with("WITH (") {
                        let begin = literal.split('{').next().unwrap_or_default();
                        // What a move of a shard puts together reads one tenant whole, and is meant to.
                        let is_move = entry.parent().is_some_and(|folder| folder.ends_with("shards"));
                        if is_move && begin != literal {
                            continue;
                        }
                        found.push((one_line(&begin.replace("\\\\", "\\")), begin == literal));
                    }
                }
            }
        }
    }
    found
}

/// Many tenants, a month of partitions, and some 100,000 rows of each table that grows.
fn grown(url: &str, schema: &str) -> postgres::Client {
    let store = open_in(url, schema);
    for day in [-20, 0, 7, 14, 21, 28] {
        store.keep(&Keep { now: Some(at(day)), ..Keep::default() }).expect("it is kept");
    }
    let mut client = client(url, schema);
    // One by one: who has locks on all partitions of all tables at once has too many.
    let rows = format!(
        "SET synchronous_commit = off;
         CREATE TEMP TABLE g AS SELECT i, 't' || (i % 50) AS tenant, (i / 50 + 1)::bigint AS seq, {FIRST} + (i / 50)::bigint * {DAY} * 30 / 2000 AS at
           FROM generate_series(0, 99999) AS i;
         INSERT INTO plan SELECT 'sha256:' || i, repeat('x', 2000) FROM generate_series(1, 20) i;
         INSERT INTO clock SELECT DISTINCT tenant, {FIRST} + 30::bigint * {DAY}, 2000, 4000, 2000, 100, 100 FROM g;
         INSERT INTO decision SELECT tenant, seq, at, 'web', 'L' || seq, 1, at, 1, 'sha256:1', 'assigned', 'k' || seq,
           sha256(('p' || seq)::bytea), repeat('i', 300)::bytea, '', repeat('b', 300)::bytea, 'd', NULL FROM g;
         INSERT INTO decided SELECT tenant, lead, source, n, at, seq, payload FROM decision;
         INSERT INTO request_key SELECT tenant, source, idempotency_key, lead, n, at, payload FROM decision;
         INSERT INTO counter SELECT tenant, 'contract:c' || seq || '|day:2026-05-01|count|sold', seq FROM g;
         INSERT INTO moment SELECT tenant, 'k' || seq % 3, at + i, 1 FROM g;
         INSERT INTO claim SELECT tenant, 'all', sha256(('p' || seq)::bytea), at, 'web', 'L' || seq, 1 FROM g;
         INSERT INTO turn_group SELECT tenant, 'g' || seq, '{{}}' FROM g WHERE seq <= 200;
         INSERT INTO outbox SELECT tenant, seq, tenant || '.' || seq, 'web', 'L' || seq, 1, 'b' || seq % 20, 'c', 400000, at, at,
           CASE WHEN seq < 1900 THEN 'done' WHEN seq % 10 < 6 THEN 'ready' WHEN seq % 10 < 8 THEN 'claimed' WHEN seq % 10 = 8
           THEN 'dead' ELSE 'unknown' END, 1, 1, 'w', at + 60000 FROM g;
         INSERT INTO attempt SELECT tenant, seq, 1, 1, 'w', at, at + 10, 'accepted', 200, NULL FROM g;
         INSERT INTO dead_letter SELECT tenant, seq, 1, 'attempts', 'refused', at, NULL, NULL FROM g WHERE seq % 10 < 5;
         INSERT INTO event SELECT tenant, seq * 2 + k, CASE k WHEN 0 THEN 'lead.decided.v1' ELSE 'lead.assigned.v1' END, 'web',
           'L' || seq, 1, at, '{{}}', NULL FROM g, generate_series(0, 1) k;
         INSERT INTO subscriber SELECT DISTINCT tenant, 's' || seq % 20, 4000, 1, '', 1 FROM g WHERE seq <= 2;
         INSERT INTO setting SELECT tenant, 'revoked|' || seq, 'x', at FROM g;
         INSERT INTO waiting SELECT tenant, seq, 'web', 'L' || seq, 1, 'hours', at, at, at, at, 1 FROM g WHERE seq % 10 = 0;
         INSERT INTO rollup SELECT tenant, to_char(to_timestamp(at / 1000), 'YYYY-MM-DD'), seq % 96, 's' || seq % 4, 'c' || seq, 'assigned', 1, 1, 1 FROM g;
         INSERT INTO rollup_day SELECT tenant, to_char(to_timestamp(at / 1000), 'YYYY-MM-DD'), 's' || seq % 4, 'c' || seq, 'assigned', 1, 1, 1 FROM g;
         INSERT INTO problem_group SELECT tenant, seq::text, 'c', 'p', 's', '\"error\"', 1, '[]', at, at, NULL, NULL, at, 'open', at, NULL, NULL, 1, 1 FROM g;
         INSERT INTO reservation SELECT tenant, 'r' || seq, 'c', CASE seq % 20 WHEN 0 THEN 'held' ELSE 'confirmed' END, at, at, '', '{{}}', NULL FROM g;
         INSERT INTO ledger_day SELECT tenant, 'funds:b' || seq % 20, to_char(to_timestamp(at / 1000), 'YYYY-MM-DD'), 'sale', 'c' || seq, 's', 1, 1 FROM g;
         INSERT INTO ledger_entry SELECT tenant, seq, at, 'funds:b' || seq % 20, to_char(to_timestamp(at / 1000), 'YYYY-MM-DD'),
           'return', 'c', 'web', 1, 1, 'L' || seq, 1, 'k' || seq, '2026-05-01', NULL, '[]', 'x', 'y' FROM g;
         INSERT INTO statement SELECT tenant, 'buyer:b' || seq % 20, seq, NULL, '2026-05-01', '' FROM g WHERE seq % 4 = 0"
    );
    rows.split(";\n").for_each(|sql| client.batch_execute(sql).expect("rows"));
    let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = to_regnamespace(current_schema()) AND relkind IN ('r', 'p') \
                  AND NOT relispartition";
    for row in client.query(tables, &[]).expect("tables") {
        client.batch_execute(&format!("VACUUM ANALYZE {}", row.get::<_, &str>(0))).expect("it is analyzed");
    }
    client
}

/// Every node of a plan.
fn nodes<'a>(plan: &'a Value, found: &mut Vec<&'a Value>) {
    found.push(plan);
    for under in plan["Plans"].as_array().into_iter().flatten() {
        nodes(under, found);
    }
}

fn explained(client: &mut postgres::Client, sql: &str) -> Value {
    let row = client.simple_query(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let text = row.iter().find_map(|message| match message {
        postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    });
    let all: Value = serde_json::from_str(&text.expect("a plan")).expect("JSON");
    all[0]["Plan"].clone()
}

#[test]
fn no_statement_reads_all_of_a_table_that_grows() {
    let Some(url) = server() else { return };
    let shipped = shipped(&url);
    let is_seen = |begin: &str| shipped.iter().any(|sql| sql.contains(begin));
    let (whole, cut): (Vec<_>, Vec<_>) =
        written().into_iter().filter(|(begin, _)| !is_seen(begin)).partition(|(_, is_whole)| *is_whole);
    assert_eq!(cut, [], "statements that nothing here runs");
    // What nothing here runs, and is known as it stands: leases, and moves of shards.
    let shipped: BTreeSet<String> = shipped.iter().cloned().chain(whole.into_iter().map(|(sql, _)| sql)).collect();
    assert!(shipped.len() > 80, "{}", shipped.len());

    let schema = schema();
    let mut client = grown(&url, &schema);
    let sizes: Vec<(String, f32)> = client
        .query(
            "SELECT relname::text, reltuples FROM pg_class WHERE relnamespace = \
        to_regnamespace(current_schema()) AND relkind = 'r'",
            &[],
        )
        .expect("tables")
        .iter()
        .map(|row| (row.get(0), row.get(1)))
        .collect();
    let grows = |name: &str| sizes.iter().any(|(table, rows)| table == name && *rows >= 1_000.0);
    client.batch_execute("SET plan_cache_mode = force_generic_plan").expect("a setting");
    let (mut wrong, mut looked) = (Vec::new(), 0);
    for sql in shipped
        .iter()
        .filter(|sql| ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|word| sql.starts_with(word)))
    {
        // Of a schema that is not this one: a partition by its name is looked at below.
        let Ok(()) = client.batch_execute(&format!("PREPARE looked AS {sql}")) else { continue };
        looked += 1;
        let given = (1..100).rev().find(|n| sql.contains(&format!("${n}"))).unwrap_or(0);
        let nulls = if given == 0 { String::new() } else { format!("({})", vec!["NULL"; given].join(", ")) };
        let plan = explained(&mut client, &format!("EXPLAIN (FORMAT JSON) EXECUTE looked{nulls}"));
        client.batch_execute("DEALLOCATE looked").expect("it is let go of");
        let mut all = Vec::new();
        nodes(&plan, &mut all);
        let whole = all.iter().filter(|node| {
            node["Node Type"] == "Seq Scan" && grows(node["Relation Name"].as_str().unwrap_or_default())
        });
        let whole: Vec<_> = whole.map(|node| node["Relation Name"].as_str().unwrap_or_default().to_owned()).collect();
        if !whole.is_empty() && !WHOLE.iter().any(|known| sql.contains(known)) {
            wrong.push(format!("{whole:?}: {sql}"));
        }
    }
    assert!(looked > 80, "{looked}");
    assert!(wrong.is_empty(), "{} read all of a table:\n{}", wrong.len(), wrong.join("\n"));
    // The check can fail.
    let plan = explained(
        &mut client,
        "EXPLAIN (FORMAT JSON) SELECT * FROM decided WHERE digest(payload) = 'x'"
            .replace("digest(payload)", "n::text")
            .as_str(),
    );
    assert_eq!(plan["Node Type"], "Seq Scan");
}

#[test]
fn who_knows_a_time_looks_into_its_partition() {
    let Some(url) = server() else { return };
    let shipped = shipped(&url);
    let schema = schema();
    let mut client = grown(&url, &schema);
    client.batch_execute("SET plan_cache_mode = force_generic_plan").expect("a setting");
    let at = FIRST + 10 * DAY + DAY / 2;
    let seq = 10 * 2_000 / 30 + 34;
    let payload = format!("sha256('p{seq}'::bytea)");
    // The beginning of a statement, what is given to it, and how many partitions it may look into.
    let asked = [
        ("SELECT d.seq, d.source, d.lead, d.n, d.at", "JOIN decision", format!("'t1', 'web', 'L{seq}', 1"), 1),
        (
            "SELECT d.source, d.lead, d.n, d.seq, d.body",
            "",
            format!("'t1', ARRAY['web'], ARRAY['L{seq}'], ARRAY[1]"),
            1,
        ),
        ("SELECT w.scope, w.hash", "", format!("'t1', ARRAY['all'], ARRAY[{payload}], ARRAY[{at}], 10, {at}"), 4),
        ("DELETE FROM claim", "", format!("'t1', 'web', 'L{seq}', 1, {at}"), 1),
        ("UPDATE decision d SET input", "", format!("'t1', 'web', 'L{seq}', 1, ''::bytea, ''::bytea"), 1),
    ];
    for (begin, with, given, most) in asked {
        let mut found = shipped.iter().filter(|sql| sql.starts_with(begin) && sql.contains(with));
        let sql = found.next().unwrap_or_else(|| panic!("nothing runs {begin}"));
        client.batch_execute(&format!("PREPARE looked AS {sql}")).expect("it is prepared");
        let plan = explained(&mut client, &format!("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE looked({given})"));
        client.batch_execute("DEALLOCATE looked").expect("it is let go of");
        let mut all = Vec::new();
        nodes(&plan, &mut all);
        let is_part = |node: &&&Value| {
            let name = node["Relation Name"].as_str().unwrap_or_default();
            (name.starts_with("decision_") || name.starts_with("claim_"))
                && node["Actual Loops"].as_u64() > Some(0)
                && node["Node Type"].as_str().unwrap_or_default().ends_with("Scan")
        };
        let looked: Vec<_> =
            all.iter().filter(is_part).map(|node| node["Relation Name"].as_str().unwrap_or_default()).collect();
        assert!(
            !looked.is_empty() && looked.len() <= most && !looked.contains(&"claim_202604"),
            "{begin} looked into {looked:?}"
        );
    }
}
