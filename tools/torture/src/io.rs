//! A disk that fails at its k-th operation, for every k of a script of 200 decisions, and is well again a moment later. Whoever
//! is told that something failed asks again; at the end there is what a good disk would have, each decision once.

use crate::Torture;
use crate::check::{Acked, check};
use crate::market::{self, SHARED};
use crate::room::Room;
use crate::script::{self, Step};
use crate::shim::{self, Failing};
use crate::worker;
use leadwright::engine::{Decided, Engine};
use leadwright::model::{Code, Error};
use leadwright::plan::Plan;
use leadwright::store::{SqliteStore, Store};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

const FAILURES: [Failing; 4] = [
    Failing { kind: "eio", count: 1 },
    Failing { kind: "enospc", count: 1 },
    Failing { kind: "short", count: 2 },
    Failing { kind: "eio", count: 25 },
];
/// The script has so many decisions, a few in each transaction.
const DECISIONS: usize = 200;
/// So often one is asked again before it counts as stuck: a disk fails 25 times in a row at most.
const PATIENCE: usize = 60;

pub(crate) fn run(torture: &Torture) -> Result<String, String> {
    let room = Room::new("io", true)?;
    let step: u64 = if torture.long { 1 } else { 307 };
    let path = room.path("leads.db");
    let told = ["sweep".into(), path.display().to_string(), torture.seed.to_string(), step.to_string()];
    let folder = path.parent().ok_or("a folder")?;
    let output = shim::behind(torture, folder, None, &told)?.output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let long = if torture.long { " --long" } else { "" };
    Err(format!("{} ({}); again: cargo xtask torture io --seed {}{long}", said.trim(), output.status, torture.seed))
}

/// What was seen on the way.
#[derive(Default)]
struct Seen {
    runs: u64,
    operations: u64,
    told: BTreeMap<&'static str, u64>,
}

/// All of it in one process, behind the shim.
pub(crate) fn sweep(path: &Path, seed: u64, step: u64) -> Result<String, String> {
    if !shim::acknowledge("here") {
        return Err("there is no shim".into());
    }
    let plan = market::shared();
    let mut steps = script::steps(&plan, seed, 160, 4)?;
    let mut left = DECISIONS;
    steps.iter_mut().for_each(|step| {
        step.truncate(left);
        left -= step.len();
    });
    steps.retain(|step| !step.is_empty());
    let mut seen = Seen::default();
    let want = once(path, &plan, &steps, None, &mut seen)?.1;
    if want.len() != DECISIONS {
        return Err(format!("the script has {} decisions", want.len()));
    }
    for failing in FAILURES {
        let mut k = if step == 1 { 1 } else { 1 + seed % step };
        loop {
            let at = |error: String| format!("{failing:?} at operation {k}: {error}");
            let (fired, found) = once(path, &plan, &steps, Some((failing, k)), &mut seen).map_err(at)?;
            if found != want {
                return Err(at(format!("{} decisions that are not those of a good disk", found.len())));
            }
            if !fired {
                break;
            }
            seen.operations = seen.operations.max(k);
            k += step;
        }
    }
    let told: Vec<String> = seen.told.iter().map(|(code, times)| format!("{code} {times}")).collect();
    Ok(format!(
        "{} runs of {DECISIONS} decisions, a failure at up to {} operations in {} ways, 0 lost, 0 twice; callers were told {}",
        seen.runs,
        seen.operations,
        FAILURES.len(),
        told.join(", ")
    ))
}

/// One run on a new file: whether the disk failed, and the decisions that are there at the end.
fn once(
    path: &Path,
    plan: &Plan,
    steps: &[Step],
    failing: Option<(Failing, u64)>,
    seen: &mut Seen,
) -> Result<(bool, Vec<Vec<u8>>), String> {
    for end in ["", "-wal", "-shm", "-journal"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
    seen.runs += 1;
    if let Some((failing, k)) = failing {
        shim::fail(failing, k);
    }
    let store = Arc::new(patiently(seen, || SqliteStore::open(path))?);
    let engine = patiently(seen, || Engine::with_options(plan.clone(), store.clone(), Default::default()))?;
    let mut acked = Acked::new();
    for (at, step) in steps.iter().enumerate() {
        for decided in settled(&engine, step, seen)? {
            acked.insert(decided.id.to_string(), worker::digest(&decided.body));
        }
        if script::rests(at) {
            store.rest();
            store.wake();
        }
    }
    drop((engine, store));
    let fired = shim::mend();
    let decisions = check(path, &acked, SHARED)?;
    Ok((fired, decisions.into_iter().map(|stored| stored.record.body).collect()))
}

/// Asks until there is an answer. It may say "again" only to who was told that it is not known.
fn settled(engine: &Engine, step: &Step, seen: &mut Seen) -> Result<Vec<Decided>, String> {
    let before = seen.told.get(Code::StoreCommitUnknown.as_str()).copied();
    let decided = patiently(seen, || engine.settle(step))?;
    let unknown = before != seen.told.get(Code::StoreCommitUnknown.as_str()).copied();
    match decided.iter().find(|decided| decided.receipt.replayed && !unknown) {
        Some(decided) => Err(format!("{} is said to be there already, and nobody was told that it may be", decided.id)),
        None => Ok(decided),
    }
}

fn patiently<T>(seen: &mut Seen, mut ask: impl FnMut() -> Result<T, Error>) -> Result<T, String> {
    let mut last = String::new();
    for _ in 0..PATIENCE {
        match ask() {
            Ok(answer) => return Ok(answer),
            Err(error) => {
                *seen.told.entry(error.code().as_str()).or_default() += 1;
                last = error.to_string();
            }
        }
    }
    Err(format!("it never works again: {last}"))
}
