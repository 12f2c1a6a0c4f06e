//! Durable decisions a second: batches of four nodes, beside a transaction a lead on as many connections.

use crate::{Told, naive};
use bench_common::example::{leads, plan, tick};
use bench_common::measure::{Verdict, at_least, heading, median, spread, still};
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::TenantId;
use leadwright_postgres::{PostgresOptions, PostgresStore};
use std::sync::Arc;
use std::time::Instant;

pub const CONNECTIONS: usize = 4;

/// A schema of this run that nothing is in yet.
pub struct Fresh<'a> {
    url: &'a str,
    pub name: String,
}

impl<'a> Fresh<'a> {
    pub fn new(url: &'a str, name: &str) -> Self {
        let fresh = Self { url, name: format!("bench_{name}_{}", std::process::id()) };
        fresh.drop_it();
        fresh
    }

    pub fn store(&self) -> PostgresStore {
        let options = PostgresOptions { schema: self.name.clone(), ..PostgresOptions::default() };
        PostgresStore::with_options(self.url, options).expect("a store")
    }

    fn drop_it(&self) {
        let mut client = postgres::Client::connect(self.url, postgres::NoTls).expect("a server");
        let sql = format!("SET client_min_messages = warning; DROP SCHEMA IF EXISTS {} CASCADE", self.name);
        client.batch_execute(&sql).expect("it is dropped");
    }
}

impl Drop for Fresh<'_> {
    fn drop(&mut self) {
        self.drop_it();
    }
}

fn engine(fresh: &Fresh<'_>, tenant: &str) -> Engine {
    let tenant = TenantId::new(tenant).expect("a name");
    let options = EngineOptions { tenant, ..EngineOptions::default() };
    Engine::with_options(plan(), Arc::new(fresh.store()), options).expect("an engine")
}

/// Decisions a second of so many nodes that share the leads; each node has an engine and a connection of its own.
fn nodes(fresh: &Fresh<'_>, all: &[Vec<u8>], tenants: usize, chunk: usize) -> f64 {
    let engines: Vec<Engine> = (0..CONNECTIONS).map(|node| engine(fresh, &format!("t{}", node % tenants))).collect();
    shared_out(&engines, all, chunk)
}

/// Decisions a second of nodes that share the leads, so many a transaction.
pub fn shared_out(engines: &[Engine], all: &[Vec<u8>], chunk: usize) -> f64 {
    let started = Instant::now();
    std::thread::scope(|scope| {
        for (engine, leads) in engines.iter().zip(all.chunks(all.len().div_ceil(engines.len()))) {
            scope.spawn(move || {
                for leads in leads.chunks(chunk) {
                    let prepared: Vec<_> = leads.iter().map(|lead| engine.prepare(lead, tick())).collect();
                    engine.settle(&prepared).expect("it settles");
                }
            });
        }
    });
    all.len() as f64 / started.elapsed().as_secs_f64()
}

pub fn run(told: &Told) -> Verdict {
    let all = leads(told.leads);
    let few = &all[..(told.leads / 20).max(CONNECTIONS)];
    let (mut naive, mut single, mut one, mut many) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..told.rounds {
        let fresh = |name: &str| Fresh::new(&told.url, &format!("{name}{round}"));
        many.push(nodes(&fresh("many"), &all, CONNECTIONS, 256));
        naive.push(naive::run(&told.url, few, CONNECTIONS));
        one.push(nodes(&fresh("one"), &all, 1, 256));
        single.push(nodes(&fresh("single"), few, 1, 1));
    }
    let noise = still("a transaction a lead, statement by statement", &naive);
    heading("Durable decisions a second, 4 connections");
    println!(
        "| a transaction a lead, 13 statements (spread {:.1}) | {:.0} | | |",
        spread(&naive),
        median(naive.clone())
    );
    println!("| the same engine, a transaction a lead | {:.0} | | |", median(single.clone()));
    println!("| batches of 256, four tenants | {:.0} | | |", median(many.clone()));
    println!("| batches of 256, one tenant | {:.0} | | |", median(one.clone()));
    let verdicts = [
        at_least("batches ÷ a transaction a lead, statement by statement", median(many.clone()) / median(naive), 30.0),
        at_least("batches of one tenant ÷ the same engine, a transaction a lead", median(one) / median(single), 30.0),
        noise,
    ];
    verdicts.into_iter().max().unwrap_or(Verdict::TooNoisy)
}
