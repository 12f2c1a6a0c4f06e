//! Four processes write one file and are killed; then the file is looked at.

use crate::Torture;
use crate::check::{Acked, check};
use crate::market::SHARED;
use crate::process::{Ready, again};
use crate::room::Room;
use fastrand::Rng;
use leadwright::engine::Engine;
use leadwright::model::TenantId;
use leadwright::store::SqliteStore;
use std::path::Path;
use std::time::{Duration, Instant};

const WRITERS: u64 = 4;
/// So many kills a file: checking all of it after each would take ever longer.
const KILLS_A_FILE: u64 = 40;

pub(crate) fn run(torture: &Torture) -> Result<String, String> {
    let kills = if torture.long { 2_000 } else { 40 };
    let room = Room::new("kill", false)?;
    let started = Instant::now();
    let (mut acked, mut decided) = (0, 0);
    for file in 0..kills / KILLS_A_FILE {
        let seed = torture.seed.wrapping_add(file);
        let counts =
            one_file(&room, seed).map_err(|error| format!("{error}; again: cargo xtask torture kill --seed {seed}"))?;
        (acked, decided) = (acked + counts.0, decided + counts.1);
        room.clear("leads.db");
    }
    let seconds = started.elapsed().as_secs_f64();
    Ok(format!(
        "{kills} kills of {WRITERS} writers, {acked} acknowledged of {decided} decided, 0 lost, in {seconds:.0} s"
    ))
}

fn one_file(room: &Room, seed: u64) -> Result<(usize, usize), String> {
    let path = room.path("leads.db");
    let mut dice = Rng::with_seed(seed);
    let mut acked = Acked::new();
    let mut decided = 0;
    for round in 0..KILLS_A_FILE {
        let life = Duration::from_micros(dice.u64(4_000..80_000));
        for line in killed(&path, seed, round, life)? {
            let Some((id, digest)) = line.strip_prefix("ack ").and_then(|rest| rest.split_once(' ')) else {
                return Err(format!("kill {round}: what is `{line}`"));
            };
            let before = acked.insert(id.to_owned(), digest.to_owned());
            if before.is_some_and(|before| before != digest) {
                return Err(format!("kill {round}: {id} was acknowledged twice with different digests"));
            }
        }
        decided = check(&path, &acked, SHARED).map_err(|error| format!("kill {round}: {error}"))?.len();
    }
    replays(&path)?;
    Ok((acked.len(), decided))
}

/// Lets the writers go, and kills them after a while.
fn killed(path: &Path, seed: u64, round: u64, life: Duration) -> Result<Vec<String>, String> {
    let mut writers = Vec::new();
    for process in 0..WRITERS {
        let told =
            ["write".into(), path.display().to_string(), seed.to_string(), round.to_string(), process.to_string()];
        writers.push(Ready::start(&mut again(&told)?)?);
    }
    writers.iter_mut().try_for_each(Ready::go)?;
    std::thread::sleep(life);
    let mut lines = Vec::new();
    for writer in writers {
        lines.extend(writer.kill()?);
    }
    Ok(lines)
}

/// Every decision of the file is decided again from what was kept.
fn replays(path: &Path) -> Result<(), String> {
    let store = SqliteStore::open(path).map_err(|error| error.to_string())?;
    let replays = Engine::replay_all(&store, &TenantId::default(), 0, 500).map_err(|error| error.to_string())?;
    match replays.iter().find(|(_, replay)| !replay.same) {
        Some((_, replay)) => Err(format!("{} is decided otherwise when it is replayed", replay.id)),
        None => Ok(()),
    }
}
