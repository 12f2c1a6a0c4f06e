//! What a router does that has one transaction a lead, a statement at a time: look for duplicates, lock the caps, count them,
//! write the lead, the decision, what is to be delivered and what happened. It validates nothing and matches nobody, so that
//! what is compared is only how it writes.

use postgres::{Client, NoTls};
use std::time::Instant;

const TABLES: &str = "SET client_min_messages = warning; DROP SCHEMA IF EXISTS bench_naive CASCADE; CREATE SCHEMA bench_naive; \
    SET search_path = bench_naive; \
    CREATE TABLE lead(id bigint PRIMARY KEY, raw bytea NOT NULL); \
    CREATE TABLE dedupe(kind int, hash bytea, lead bigint, PRIMARY KEY(kind, hash)); \
    CREATE TABLE cap(id bigint PRIMARY KEY, used bigint NOT NULL, lim bigint NOT NULL); \
    CREATE TABLE decision(lead bigint PRIMARY KEY, body bytea NOT NULL); \
    CREATE TABLE sale(lead bigint, buyer bigint, PRIMARY KEY(lead, buyer)); \
    CREATE TABLE outbox(id bigserial PRIMARY KEY, lead bigint, buyer bigint); \
    CREATE TABLE event(id bigserial PRIMARY KEY, lead bigint, kind text); \
    INSERT INTO cap SELECT n, 0, 1000000000 FROM generate_series(0, 99) AS n";

/// Leads a second over so many connections.
pub fn run(url: &str, leads: &[Vec<u8>], connections: usize) -> f64 {
    let connect = || Client::connect(url, NoTls).expect("a server");
    connect().batch_execute(TABLES).expect("tables");
    let share = leads.len().div_ceil(connections);
    let clients: Vec<Client> = (0..connections).map(|_| connect()).collect();
    let started = Instant::now();
    std::thread::scope(|scope| {
        for (n, (mut client, leads)) in clients.into_iter().zip(leads.chunks(share)).enumerate() {
            scope.spawn(move || {
                client.batch_execute("SET search_path = bench_naive").expect("set");
                leads.iter().enumerate().for_each(|(at, lead)| one(&mut client, (n * share + at) as i64, lead));
            });
        }
    });
    let rate = leads.len() as f64 / started.elapsed().as_secs_f64();
    connect().batch_execute("SET client_min_messages = warning; DROP SCHEMA bench_naive CASCADE").expect("dropped");
    rate
}

fn one(client: &mut Client, id: i64, lead: &[u8]) {
    let cap = (id * 7) % 100;
    let mut transaction = client.transaction().expect("begun");
    let mut run = |sql: &str, bound: &[&(dyn postgres::types::ToSql + Sync)]| {
        transaction.query(sql, bound).expect("it runs");
    };
    let hashes: Vec<[u8; 16]> =
        (0..3_u8).map(|kind| u128::from_le_bytes([kind; 16]).wrapping_mul(id as u128 + 1).to_le_bytes()).collect();
    run("INSERT INTO lead VALUES ($1, $2)", &[&id, &lead]);
    for (kind, hash) in (0_i32..).zip(&hashes) {
        run("INSERT INTO dedupe VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", &[&kind, &hash.as_slice(), &id]);
    }
    run("SELECT used, lim FROM cap WHERE id = $1 FOR UPDATE", &[&cap]);
    run("UPDATE cap SET used = used + 1 WHERE id = $1", &[&cap]);
    run("INSERT INTO decision VALUES ($1, $2)", &[&id, &lead]);
    for buyer in [cap, cap + 100] {
        run("INSERT INTO sale VALUES ($1, $2)", &[&id, &buyer]);
        run("INSERT INTO outbox(lead, buyer) VALUES ($1, $2)", &[&id, &buyer]);
    }
    run("INSERT INTO event(lead, kind) VALUES ($1, 'decided')", &[&id]);
    transaction.commit().expect("committed");
}
