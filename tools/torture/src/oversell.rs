//! A crowd before a few caps: as much is sold as may be, and not one more.

use crate::Torture;
use crate::market;
use crate::process::{Ready, again};
use crate::room::Room;
use leadwright::plan::Plan;
use leadwright::store::SqliteStore;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// Who wants how much.
pub(crate) struct Crowd {
    pub(crate) contracts: usize,
    pub(crate) threads: u64,
    /// Leads in one transaction.
    pub(crate) batch: u64,
    attempts: u64,
}

pub(crate) const PROCESSES: u64 = 8;

impl Crowd {
    pub(crate) fn new(attempts: u64) -> Self {
        let batch = if attempts > 100_000 { 125 } else { 25 };
        Self { contracts: 20, threads: 8, batch, attempts }
    }

    /// Six of ten leads of a kind may be sold: every cap is reached, whatever chance says.
    pub(crate) fn limit(&self) -> i64 {
        i64::try_from(self.attempts / self.contracts as u64 * 6 / 10).unwrap_or(i64::MAX)
    }

    pub(crate) fn plan(&self) -> Plan {
        market::exclusive(self.contracts, self.limit())
    }

    /// How many transactions a thread makes.
    pub(crate) fn batches(&self) -> u64 {
        self.attempts.div_ceil(PROCESSES * self.threads * self.batch)
    }

    pub(crate) fn leads(&self) -> u64 {
        self.batches() * self.batch * self.threads * PROCESSES
    }
}

pub(crate) fn run(torture: &Torture) -> Result<String, String> {
    let attempts: u64 = if torture.long { 1_000_000 } else { 10_000 };
    let room = Room::new("oversell", false)?;
    let path = room.path("leads.db");
    let failed = |error: String| format!("{error}; again: cargo xtask torture oversell --seed {}", torture.seed);
    drop(SqliteStore::open(&path).map_err(|error| failed(error.to_string()))?);
    let started = Instant::now();
    crowd(&path.display().to_string(), torture.seed, attempts).map_err(failed)?;
    let seconds = started.elapsed().as_secs_f64();
    let crowd = Crowd::new(attempts);
    let sold = exact(&path, &crowd).map_err(failed)?;
    Ok(format!(
        "{} attempts by {PROCESSES} processes of {} threads, {sold} sold, which is what 20 caps allow, in {seconds:.0} s",
        crowd.leads(),
        crowd.threads
    ))
}

/// Lets the crowd go, on a file or the database of a URL.
pub(crate) fn crowd(place: &str, seed: u64, attempts: u64) -> Result<(), String> {
    let mut processes = Vec::new();
    for process in 0..PROCESSES {
        let told = ["sell".into(), place.to_owned(), seed.to_string(), process.to_string(), attempts.to_string()];
        processes.push(Ready::start(&mut again(&told)?)?);
    }
    processes.iter_mut().try_for_each(Ready::go)?;
    processes.into_iter().try_for_each(|process| process.wait().map(drop))
}

/// Whether each cap is reached and none is passed, by the decisions, the deliveries and the counters.
fn exact(path: &Path, crowd: &Crowd) -> Result<i64, String> {
    let raw = Connection::open(path).map_err(|error| error.to_string())?;
    let number =
        |sql: &str| raw.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(|error| format!("{sql}: {error}"));
    let decided = number("SELECT count(*) FROM decision")?;
    if u64::try_from(decided).ok() != Some(crowd.leads()) {
        return Err(format!("{decided} decisions of {} leads", crowd.leads()));
    }
    let grants = |sql: &str| -> Result<BTreeMap<String, i64>, String> {
        let run =
            || raw.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>();
        run().map_err(|error| format!("{sql}: {error}"))
    };
    let limits = (0..crowd.contracts).map(|number| (format!("c{number}"), crowd.limit())).collect::<BTreeMap<_, _>>();
    let counted: BTreeMap<String, i64> =
        limits.iter().map(|(id, limit)| (format!("contract:{id}|total|count|sold"), *limit)).collect();
    let body = "SELECT value ->> 'contract', count(*) FROM decision, json_each(CAST(body AS TEXT), '$.assignments') GROUP BY 1";
    for (what, sql, want) in [
        ("sold by the decisions", body, &limits),
        ("to be delivered", "SELECT contract, count(*) FROM outbox GROUP BY 1", &limits),
        ("of the counters", "SELECT key, used FROM counter WHERE key LIKE 'contract:%'", &counted),
    ] {
        let found = grants(sql)?;
        if found != *want {
            return Err(format!("{what}: {found:?}, and the limits are {}", crowd.limit()));
        }
    }
    if raw.query_row("PRAGMA quick_check", [], |row| row.get::<_, String>(0)).map_err(|error| error.to_string())?
        != "ok"
    {
        return Err("it is damaged".into());
    }
    Ok(limits.values().sum())
}
