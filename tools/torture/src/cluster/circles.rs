//! Batches that touch the same rows at the same time. In one order nobody waits in a circle; the control, which writes them as
//! they come, does.

use super::{database, look};
use crate::Torture;
use fastrand::Rng;
use leadwright_servers::Postgres;

const WRITERS: u64 = 4;
const ROWS: i64 = 300;
const OF_A_BATCH: usize = 64;

pub(super) fn run(torture: &Torture, server: &Postgres) -> Result<String, String> {
    let batches = if torture.long { 10_000 } else { 400 };
    let url = database(server, "circles")?;
    let mut client = postgres::Client::connect(&url, postgres::NoTls).map_err(|error| error.to_string())?;
    let table =
        "CREATE SCHEMA leadwright; CREATE TABLE leadwright.shared(key bigint PRIMARY KEY, used bigint NOT NULL)";
    client.batch_execute(table).map_err(|error| error.to_string())?;
    let sorted = deadlocks(&url, torture.seed, batches, true)?;
    let as_they_come = deadlocks(&url, torture.seed, batches, false)?;
    if sorted > 0 {
        return Err(format!("{sorted} deadlocks in {batches} sorted batches"));
    }
    if as_they_come == 0 {
        return Err("the control has no deadlock: it shows nothing".into());
    }
    Ok(format!("{batches} overlapping batches: 0 deadlocks; as they come: {as_they_come}"))
}

fn deadlocks(url: &str, seed: u64, batches: u64, is_sorted: bool) -> Result<u64, String> {
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| scope.spawn(move || write(url, seed ^ writer, batches / WRITERS, is_sorted)))
            .collect();
        let counts = writers.into_iter().map(|writer| writer.join().unwrap_or_else(|_| Err("a panic".into())));
        counts.sum()
    })
}

fn write(url: &str, seed: u64, batches: u64, is_sorted: bool) -> Result<u64, String> {
    let (mut client, mut dice, mut deadlocks) = (look::client(url)?, Rng::with_seed(seed), 0);
    // A circle is looked for after a second otherwise, which would only take longer.
    client.batch_execute("SET deadlock_timeout = '5ms'").map_err(|error| error.to_string())?;
    // As the store counts: one statement for all rows of a batch.
    let sql = "INSERT INTO shared(key, used) SELECT *, 1 FROM unnest($1::bigint[]) \
               ON CONFLICT (key) DO UPDATE SET used = shared.used + excluded.used";
    for _ in 0..batches {
        let mut keys: Vec<i64> = (0..ROWS).collect();
        dice.shuffle(&mut keys);
        keys.truncate(OF_A_BATCH);
        if is_sorted {
            keys.sort_unstable();
        }
        match client.execute(sql, &[&keys]) {
            Ok(_) => {}
            Err(error) if error.code().is_some_and(|state| state.code() == "40P01") => deadlocks += 1,
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(deadlocks)
}
