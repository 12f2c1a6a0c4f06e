//! The server is stopped at once while four nodes write, and starts again; of the nodes some are killed meanwhile.

use super::{database, look};
use crate::Torture;
use crate::check::Acked;
use crate::market::SHARED;
use crate::process::{Ready, again};
use fastrand::Rng;
use leadwright_servers::Postgres;
use std::time::{Duration, Instant};

const NODES: u64 = 4;
/// So many stops a database: checking all of it after each would take ever longer.
const STOPS_A_DATABASE: u64 = 10;
/// A node that does not come back by then is one that was lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of one database.
#[derive(Default)]
struct Counts {
    acked: usize,
    decided: usize,
    kills: u64,
    slowest: Duration,
}

pub(super) fn run(torture: &Torture, server: &mut Postgres) -> Result<String, String> {
    let stops = if torture.long { 100 } else { 2 };
    let mut all = Counts::default();
    for (number, first) in (0..stops).step_by(STOPS_A_DATABASE as usize).enumerate() {
        let url = database(server, &format!("stops_{number}"))?;
        let here = STOPS_A_DATABASE.min(stops - first);
        let counts = one(torture, server, &url, torture.seed.wrapping_add(first), here, number == 0)?;
        all.acked += counts.acked;
        all.decided += counts.decided;
        all.kills += counts.kills;
        all.slowest = all.slowest.max(counts.slowest);
    }
    Ok(format!(
        "{stops} immediate stops of PostgreSQL under {NODES} nodes and {} kills of nodes: {} acknowledged of {} decided, 0 lost, \
         0 oversold; answers again {:.1} s after the server at the latest",
        all.kills,
        all.acked,
        all.decided,
        all.slowest.as_secs_f64()
    ))
}

fn one(
    torture: &Torture,
    server: &mut Postgres,
    url: &str,
    seed: u64,
    stops: u64,
    is_first: bool,
) -> Result<Counts, String> {
    let mut dice = Rng::with_seed(seed);
    let mut acked = Acked::new();
    let mut counts = Counts::default();
    for round in 0..stops {
        let mut nodes = Vec::new();
        for node in 0..NODES {
            let told = ["write".into(), url.to_owned(), seed.to_string(), round.to_string(), node.to_string()];
            nodes.push(Ready::start(&mut again(&told)?)?);
        }
        nodes.iter_mut().try_for_each(Ready::go)?;
        let mut held = if torture.long && is_first && round == 0 { Some(hold(url)?) } else { None };
        let life = if held.is_some() { 30_000 } else { dice.u64(300..900) };
        std::thread::sleep(Duration::from_millis(life));
        drop(held.take());
        // One of them is gone before the server is.
        let mut lines = match dice.bool() {
            true => {
                counts.kills += 1;
                nodes.swap_remove(dice.usize(0..nodes.len())).kill()?
            }
            false => Vec::new(),
        };
        server.stop_immediate().map_err(|missing| missing.to_string())?;
        std::thread::sleep(Duration::from_millis(dice.u64(0..300)));
        server.start_again().map_err(|missing| missing.to_string())?;
        counts.slowest = counts.slowest.max(answers(url)?);
        std::thread::sleep(Duration::from_millis(dice.u64(50..300)));
        counts.kills += nodes.len() as u64;
        for node in nodes {
            lines.extend(node.kill()?);
        }
        note(&mut acked, &lines, round)?;
        counts.decided = look::check(url, &acked, SHARED).map_err(|error| format!("stop {round}: {error}"))?.len();
    }
    counts.acked = acked.len();
    Ok(counts)
}

/// A reader with an old snapshot, which keeps the server from cleaning up behind it.
fn hold(url: &str) -> Result<postgres::Client, String> {
    let mut client = look::client(url)?;
    let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM clock";
    client.batch_execute(sql).map_err(|error| error.to_string())?;
    Ok(client)
}

/// How long it takes until something is decided again.
fn answers(url: &str) -> Result<Duration, String> {
    let begun = Instant::now();
    let mut client = look::client(url)?;
    let mut count = || {
        client
            .query_one("SELECT coalesce(max(seq), 0) FROM clock", &[])
            .map(|row| row.get::<_, i64>(0))
            .map_err(|error| error.to_string())
    };
    let before = count()?;
    while count()? == before {
        if begun.elapsed() > PATIENCE {
            return Err(format!("nothing is decided {} s after the server is back", PATIENCE.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(begun.elapsed())
}

fn note(acked: &mut Acked, lines: &[String], round: u64) -> Result<(), String> {
    for line in lines {
        let Some((id, digest)) = line.strip_prefix("ack ").and_then(|rest| rest.split_once(' ')) else {
            return Err(format!("stop {round}: what is `{line}`"));
        };
        let before = acked.insert(id.to_owned(), digest.to_owned());
        if before.is_some_and(|before| before != digest) {
            return Err(format!("stop {round}: {id} was acknowledged twice with different digests"));
        }
    }
    Ok(())
}
