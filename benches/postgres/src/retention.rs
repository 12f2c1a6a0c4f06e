//! Thirty days of decisions: a report of all of them from the sums beside the same from the rows, and a day that goes as a
//! partition beside one that is deleted and vacuumed. In one run, in turns, medians compared.

use crate::Told;
use bench_common::measure::{Verdict, at_least, heading, median};
use leadwright::model::{Durability, Outcome, TenantId, Timestamp};
use leadwright::store::{Store, SumsBy, SumsQuery};
use leadwright_postgres::{Keep, PostgresOptions, PostgresStore};
use postgres::{Client, NoTls};
use std::time::Instant;

const SCHEMA: &str = "bench_retention";
const DAY: i64 = 86_400_000;
/// 2026-05-01.
const FIRST: i64 = 1_777_593_600_000;
const DAYS: i64 = 30;

fn at(day: i64) -> Timestamp {
    Timestamp::EPOCH.plus_millis(FIRST + day * DAY)
}

/// Rows as short as a decision can be: a partition of long ones goes as fast, and to delete them takes longer.
fn fill(client: &mut Client, day: i64, each: usize) {
    let (first, begin) = (day * each as i64, FIRST + day * DAY);
    client
        .batch_execute(&format!(
            "INSERT INTO decision SELECT 'main', {first} + i, {begin} + i * {DAY} / {each}, 's' || i % 20, 'L' || {first} + i, 1, \
             {begin}, 1, 'sha256:1', (ARRAY['assigned', 'unmatched', 'rejected', 'duplicate'])[1 + i % 7 % 4], NULL, \
             sha256(i::text::bytea), repeat('i', 120)::bytea, '', repeat('b', 120)::bytea, 'd', NULL FROM \
             generate_series(1::bigint, {each} - 1) AS i"
        ))
        .expect("a day");
}

fn seconds(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64()
}

fn number(client: &mut Client, sql: &str) -> i64 {
    client.query_one(sql, &[]).expect(sql).get(0)
}

const RAW: &str = "SELECT to_char(to_timestamp(at / 1000), 'YYYY-MM-DD'), source, outcome, count(*) FROM decision \
                   WHERE tenant = 'main' AND at >= $1 AND at < $2 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";

/// Day, source, outcome, leads.
type Line = (String, String, &'static str, i64);

fn outcome(word: &str) -> &'static str {
    Outcome::ALL.into_iter().map(Outcome::as_str).find(|known| *known == word).expect("an outcome")
}

fn raw(client: &mut Client) -> Vec<Line> {
    let rows = client.query(RAW, &[&FIRST, &(FIRST + DAYS * DAY)]).expect("a report");
    rows.iter().map(|row| (row.get(0), row.get(1), outcome(row.get(2)), row.get(3))).collect()
}

fn summed(store: &PostgresStore, tenant: &TenantId) -> Vec<Line> {
    let by = [SumsBy::Day, SumsBy::Source, SumsBy::Outcome].into();
    let all = store.sums(tenant, &SumsQuery { by, ..SumsQuery::default() }).expect("sums");
    let line = |sums: leadwright::store::Sums| {
        let (day, source) = (sums.day.expect("a day").to_string(), sums.source.expect("a source").to_string());
        (day, source, sums.outcome.expect("an outcome").as_str(), sums.leads)
    };
    all.into_iter().map(line).collect()
}

pub fn run(told: &Told) -> Verdict {
    let rows = told.leads.max(3_000_000);
    let each = rows.div_ceil(DAYS as usize) + 1;
    let mut admin = Client::connect(&told.url, NoTls).expect("a server");
    admin.batch_execute(&format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")).expect("dropped");
    let options =
        PostgresOptions { schema: SCHEMA.into(), durability: Durability::Relaxed, ..PostgresOptions::default() };
    let store = PostgresStore::with_options(&told.url, options).expect("a store");
    for day in [0, 7, 14, 21, 28] {
        store.keep(&Keep { now: Some(at(day)), ..Keep::default() }).expect("it is kept");
    }
    let mut client = Client::connect(&told.url, NoTls).expect("a server");
    // Commits wait for the disk, so that each pays for what it wrote.
    client
        .batch_execute(&format!("SET search_path = {SCHEMA}; SET timezone = 'UTC'; SET jit = off"))
        .expect("a session");
    heading("Thirty days: a report, and a day that goes");
    let filled = seconds(|| (0..DAYS).for_each(|day| fill(&mut client, day, each)));
    client
        .batch_execute(
            "CREATE TABLE flat (LIKE decision INCLUDING INDEXES); INSERT INTO flat SELECT * FROM decision; \
             CREATE INDEX flat_at ON flat(at); INSERT INTO clock SELECT 'main', max(at), max(seq) FROM decision; \
             INSERT INTO rollup_day SELECT tenant, to_char(to_timestamp(at / 1000), 'YYYY-MM-DD'), source, '', outcome, \
             count(*), 0, 0 FROM flat GROUP BY 1, 2, 3, 5",
        )
        .expect("the same in one table, and sums");
    for table in ["decision", "flat", "rollup_day"] {
        client.batch_execute(&format!("VACUUM ANALYZE {table}")).expect("vacuumed");
    }
    let count = number(&mut client, "SELECT count(*) FROM decision");
    println!("{count} decisions in {DAYS} partitions, filled in {filled:.0} s\n");

    let tenant = TenantId::new("main").expect("a tenant");
    let mut raws = Vec::new();
    let mut sums = Vec::new();
    let mut equal = true;
    for _ in 0..told.rounds {
        let (mut of_rows, mut of_sums) = (Vec::new(), Vec::new());
        raws.push(seconds(|| of_rows = raw(&mut client)));
        sums.push(seconds(|| of_sums = summed(&store, &tenant)));
        equal &= of_rows == of_sums && of_rows.len() > 1_000;
    }
    let (raws, sums) = (median(raws), median(sums));
    println!("| report of 30 days by day, source and outcome | ms |\n|---|---|");
    println!("| from the rows | {:.1} |\n| from the sums | {:.2} |\n", raws * 1e3, sums * 1e3);
    println!("equal: {equal}\n");
    let mut worst = at_least("report: rows ÷ sums", raws / sums, 200.0);
    if !equal {
        worst = worst.max(Verdict::Missed);
    }

    let (mut dropped, mut deleted, mut freed, mut kept_room) = (Vec::new(), Vec::new(), 0, 0);
    for day in 0..told.rounds.min(5) as i64 {
        let size = |client: &mut Client, of: &str| number(client, of);
        let parts = "SELECT sum(pg_total_relation_size(relid))::bigint FROM pg_partition_tree('decision') WHERE isleaf";
        let flat = "SELECT pg_total_relation_size('flat')";
        let (before, before_flat) = (size(&mut client, parts), size(&mut client, flat));
        let name = number(
            &mut client,
            &format!("SELECT to_char(to_timestamp({}), 'YYYYMMDD')::bigint", (FIRST + day * DAY) / 1000),
        );
        let part = number(&mut client, &format!("SELECT pg_total_relation_size('decision_{name}')"));
        // What the keeper sends for a partition, without the ids that both ways have to delete.
        dropped.push(seconds(|| {
            client
                .batch_execute(&format!(
                    "BEGIN; ALTER TABLE decision DETACH PARTITION decision_{name}; ALTER TABLE decision_{name} RENAME TO \
                     decision_{name}_retired; COMMIT"
                ))
                .expect("detached");
            client.batch_execute(&format!("DROP TABLE decision_{name}_retired")).expect("dropped");
        }));
        let upto = FIRST + (day + 1) * DAY;
        deleted.push(seconds(|| {
            client.execute("DELETE FROM flat WHERE at < $1", &[&upto]).expect("deleted");
            client.batch_execute("VACUUM flat").expect("vacuumed");
        }));
        freed += i64::from(before - size(&mut client, parts) == part && part > 0);
        kept_room += before_flat - size(&mut client, flat);
    }
    let rounds = dropped.len() as i64;
    // The room comes back only when the table is written anew.
    let before = number(&mut client, "SELECT pg_total_relation_size('flat')");
    let whole = seconds(|| client.batch_execute("VACUUM FULL flat").expect("written anew"));
    let came_back = before - number(&mut client, "SELECT pg_total_relation_size('flat')");
    let (dropped, deleted) = (median(dropped), median(deleted));
    println!("| a day of {} decisions goes | ms |\n|---|---|", count / DAYS);
    println!(
        "| its partition, detached and dropped | {:.1} |\n| DELETE and VACUUM | {:.1} |\n| VACUUM FULL, once | {:.1} |\n",
        dropped * 1e3,
        deleted * 1e3,
        whole * 1e3
    );
    println!(
        "all room of the partition came back: {freed} of {rounds} times; DELETE and VACUUM gave back {kept_room} bytes, \
              VACUUM FULL {came_back}\n"
    );
    println!(
        "DELETE + VACUUM FULL, which gives the room back as well, ÷ partition: {:.1}\n",
        (deleted + whole) / dropped
    );
    worst = worst.max(at_least("DELETE + VACUUM, which gives no room back, ÷ partition", deleted / dropped, 20.0));
    if freed != rounds {
        worst = worst.max(Verdict::Missed);
    }
    drop(store);
    admin.batch_execute(&format!("DROP SCHEMA {SCHEMA} CASCADE")).expect("dropped");
    worst
}
