//! What one hot cap costs: not shared, shared by leases, and shared under the lock of one tenant. A measurement, run by hand:
//! `cargo test -p leadwright-postgres --release --test hot_cap -- --ignored --nocapture`.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::disallowed_methods, reason = "a measurement")]

mod common;

use leadwright::model::{Durability, TenantId, Timestamp};
use leadwright::store::{Change, CounterAdd, Store};
use leadwright_postgres::{Leasing, PostgresOptions, PostgresStore};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const WRITERS: usize = 8;
const LIMIT: i64 = 1_000_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// Each writer has a cap of its own.
    Apart,
    /// All have one, by leases.
    Leased,
    /// All have one, under the lock of one tenant.
    Locked,
}

fn sell(store: &PostgresStore, tenant: &TenantId, key: &str, writer: usize, n: u64) {
    let own = (0..4).map(|what| CounterAdd { key: format!("contract:w{writer}|hour:{what}|count|sold"), add: 1 });
    let cap = CounterAdd { key: key.into(), add: 1 };
    let at = Timestamp::EPOCH.plus_millis(i64::try_from(n).unwrap());
    let change = Change { counters: own.chain([cap]).collect(), ..Change::at(at) };
    let sold = store.write(tenant, &mut |transaction| {
        assert!(transaction.counter_within(key, LIMIT)? < LIMIT);
        transaction.change(&change)
    });
    sold.unwrap();
}

/// How many transactions in a second.
fn rate(store: &PostgresStore, how: How, time: Duration) -> f64 {
    let count = AtomicU64::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let count = &count;
            scope.spawn(move || {
                let tenant = match how {
                    How::Apart | How::Leased => format!("w{writer}"),
                    How::Locked => "all".to_owned(),
                };
                let tenant: TenantId = tenant.parse().unwrap();
                let key = match how {
                    How::Apart => format!("buyer:w{writer}|total|count|sold"),
                    How::Leased => "buyer:hot|total|count|sold".to_owned(),
                    How::Locked => "buyer:all|total|count|sold".to_owned(),
                };
                while begun.elapsed() < time {
                    sell(store, &tenant, &key, writer, count.fetch_add(1, Ordering::Relaxed));
                }
            });
        }
    });
    f64::from(u32::try_from(count.into_inner()).unwrap()) / begun.elapsed().as_secs_f64()
}

#[test]
#[ignore = "a measurement of half a minute on a quiet machine"]
fn one_hot_cap_that_is_leased_costs_little() {
    let Some(url) = common::server() else { return };
    let options =
        PostgresOptions { durability: Durability::Full, idle: WRITERS * 2, ..common::options(&common::schema()) };
    let store = PostgresStore::with_options(&url, options).unwrap().leasing(Leasing::new("one", ["buyer:hot"]));
    let mut rates: [Vec<f64>; 3] = Default::default();
    for round in 0..6 {
        for (how, rates) in [How::Apart, How::Leased, How::Locked].into_iter().zip(&mut rates) {
            let rate = rate(&store, how, Duration::from_secs(2));
            // The first round makes connections and rows.
            if round > 0 {
                rates.push(rate);
            }
        }
    }
    let [apart, leased, locked] = rates.map(|mut rates| {
        rates.sort_by(f64::total_cmp);
        rates[rates.len() / 2]
    });
    println!(
        "{WRITERS} writers, transactions of one sale, medians of five: no hot cap {apart:.0}/s, leased {leased:.0}/s ({:.2}), under \
         one tenant's lock {locked:.0}/s ({:.2})",
        leased / apart,
        locked / apart
    );
    assert!(leased / apart >= 0.8, "a lease costs more than a fifth");
}
