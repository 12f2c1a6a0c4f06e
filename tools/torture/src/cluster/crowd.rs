//! Eight nodes of eight threads before twenty caps: as much is sold as may be, and not one more.

use super::{database, look};
use crate::Torture;
use crate::oversell::{Crowd, PROCESSES, crowd};
use leadwright_servers::Postgres;
use std::collections::BTreeMap;
use std::time::Instant;

pub(super) fn run(torture: &Torture, server: &Postgres) -> Result<String, String> {
    let attempts: u64 = if torture.long { 1_000_000 } else { 6_000 };
    let url = database(server, "crowd")?;
    let started = Instant::now();
    crowd(&url, torture.seed, attempts)?;
    let seconds = started.elapsed().as_secs_f64();
    let told = Crowd::new(attempts);
    let sold = exact(&url, &told)?;
    Ok(format!(
        "{} attempts by {PROCESSES} nodes of {} threads, {sold} sold, which is what 20 caps allow, 0 deadlocks, in {seconds:.0} s",
        told.leads(),
        told.threads
    ))
}

/// Whether each cap is reached and none is passed, by the deliveries and the counters; and that nobody waited in a circle.
fn exact(url: &str, crowd: &Crowd) -> Result<i64, String> {
    let client = &mut look::client(url)?;
    let number = |client: &mut postgres::Client, sql: &str| {
        client.query_one(sql, &[]).map(|row| row.get::<_, i64>(0)).map_err(|error| format!("{sql}: {error}"))
    };
    let decided = number(client, "SELECT count(*) FROM decision")?;
    if u64::try_from(decided).ok() != Some(crowd.leads()) {
        return Err(format!("{decided} decisions of {} leads", crowd.leads()));
    }
    let limits: BTreeMap<String, i64> = (0..crowd.contracts).map(|n| (format!("c{n}"), crowd.limit())).collect();
    let counted: BTreeMap<String, i64> =
        limits.iter().map(|(id, limit)| (format!("contract:{id}|total|count|sold"), *limit)).collect();
    for (what, sql, want) in [
        ("to be delivered", "SELECT contract, count(*) FROM outbox GROUP BY 1", &limits),
        ("of the counters", "SELECT key, used FROM counter WHERE key LIKE 'contract:%'", &counted),
    ] {
        let found = look::all(client, sql, |row| (row.get::<_, String>(0), row.get::<_, i64>(1)))?;
        if found != *want {
            return Err(format!("{what}: {found:?}, and the limits are {}", crowd.limit()));
        }
    }
    let deadlocks = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";
    match number(client, deadlocks)? {
        0 => Ok(limits.values().sum()),
        some => Err(format!("{some} deadlocks")),
    }
}
