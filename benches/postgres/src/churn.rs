//! The outbox while somebody has a snapshot open: 100,000 deliveries are claimed and done, in batches, with the statements that
//! the store sends, and what is due is looked for before each.

use crate::Told;
use bench_common::measure::{Verdict, at_least, heading};
use leadwright::model::Durability;
use leadwright_postgres::{PostgresOptions, PostgresStore};
use postgres::{Client, NoTls};
use std::time::{Duration, Instant};

const SCHEMA: &str = "bench_churn";
const ALL: i64 = 100_000;
const BATCH: i64 = 250;

const DUE: &str = "SELECT id FROM outbox WHERE tenant = 'main' AND state = 'ready' AND buyer = $1 AND due_at <= $2 \
                   ORDER BY due_at, id LIMIT $3";
const CLAIM: &str = "UPDATE outbox SET state = 'claimed', fence = fence + 1, attempts = attempts + 1, claimed_by = 'w', \
                     claimed_until = $2 WHERE tenant = 'main' AND id = ANY($1)";
const DONE: &str = "UPDATE outbox SET state = 'done', claimed_until = NULL WHERE tenant = 'main' AND id = ANY($1)";

fn connect(url: &str) -> Client {
    let mut client = Client::connect(url, NoTls).expect("a server");
    client
        .batch_execute(&format!("SET search_path = {SCHEMA}; SET synchronous_commit = off; SET jit = off"))
        .expect("a session");
    client
}

/// Deliveries a second in each tenth, and the dead rows in the end.
fn work_off(told: &Told, held: bool) -> (Vec<f64>, i64, f64) {
    let mut client = connect(&told.url);
    client
        .batch_execute(&format!(
            "TRUNCATE outbox; INSERT INTO outbox SELECT 'main', i, 'k' || i, 'web', 'L' || i, 1, 'b' || i % 4, 'c', 1, i, i \
             FROM generate_series(1, {ALL}) i"
        ))
        .expect("rows");
    client.batch_execute("VACUUM ANALYZE outbox").expect("vacuumed");
    let mut holder = connect(&told.url);
    if held {
        holder.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM outbox").expect("held");
    }
    let started = Instant::now();
    let (mut tenths, mut tenth, mut done, mut turn) = (Vec::new(), Instant::now(), 0, 0);
    let mut is_held = held;
    while done < ALL {
        let buyer = format!("b{}", turn % 4);
        turn += 1;
        let rows = client.query(DUE, &[&buyer, &i64::MAX, &BATCH]).expect("what is due");
        let ids: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
        client.execute(CLAIM, &[&ids, &0_i64]).expect("claimed");
        client.execute(DONE, &[&ids]).expect("done");
        done += ids.len() as i64;
        // Half a minute at most is held, as a report that takes long would.
        if is_held && started.elapsed() > Duration::from_secs(30) {
            holder.batch_execute("COMMIT").expect("let go of");
            is_held = false;
        }
        if done * 10 / ALL > tenths.len() as i64 {
            tenths.push(ALL as f64 / 10.0 / tenth.elapsed().as_secs_f64());
            tenth = Instant::now();
        }
    }
    let took = started.elapsed().as_secs_f64();
    if is_held {
        holder.batch_execute("COMMIT").expect("let go of");
    }
    client.batch_execute("VACUUM outbox").expect("vacuumed");
    let dead: i64 = client
        .query_one("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relid = 'outbox'::regclass", &[])
        .expect("statistics")
        .get(0);
    (tenths, dead, took)
}

pub fn run(told: &Told) -> Verdict {
    let mut admin = Client::connect(&told.url, NoTls).expect("a server");
    admin.batch_execute(&format!("DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")).expect("dropped");
    let options =
        PostgresOptions { schema: SCHEMA.into(), durability: Durability::Relaxed, ..PostgresOptions::default() };
    drop(PostgresStore::with_options(&told.url, options).expect("a store"));
    heading("100,000 deliveries claimed and done while a snapshot is held");
    println!("| | a second, by tenths | s | dead rows after a VACUUM |\n|---|---|---|---|");
    let mut rates = Vec::new();
    for (name, held) in [("nobody holds one", false), ("held for 30 s", true)] {
        let (tenths, dead, took) = work_off(told, held);
        let listed: Vec<String> = tenths.iter().map(|rate| format!("{rate:.0}")).collect();
        println!("| {name} | {} | {took:.1} | {dead} |", listed.join(" "));
        rates.push((tenths, took));
    }
    println!();
    let (free, held) = (&rates[0], &rates[1]);
    admin.batch_execute(&format!("DROP SCHEMA {SCHEMA} CASCADE")).expect("dropped");
    let last = |tenths: &[f64]| tenths.last().copied().unwrap_or(0.0) / tenths.first().copied().unwrap_or(1.0);
    println!("last tenth ÷ first: {:.2} with nobody, {:.2} held\n", last(&free.0), last(&held.0));
    at_least("held ÷ nobody, all of it", free.1 / held.1, 0.5)
}
