//! A disk that fails at its k-th operation (a read, a write, a sync, a truncation, a file that is opened or removed), for every
//! k of a script of 200 decisions, and is well again a moment later. Whoever is told that something failed asks again; at the
//! end there is what a good disk would have, each decision once.

use crate::check::{Acked, check_with};
use crate::market::{self, SHARED};
use crate::room::Room;
use crate::script::{self, Leads, Step};
use crate::shim::{self, Failing, OnDisk};
use crate::worker;
use leadwright::engine::{Decided, Engine, EngineOptions};
use leadwright::model::{Code, Error};
use leadwright::plan::Plan;
use leadwright::store::{Keys, SqliteOptions, SqliteStore, Store};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
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
/// As a test, it fails at each so-manieth operation.
const SHORT: u64 = 307;
/// The same of a store that is given keys.
const SHORT_SEALED: u64 = 907;

/// So many processes share the long sweep.
const WORKERS: u64 = 2;

pub(crate) fn run(on: &OnDisk) -> Result<String, String> {
    let kinds: &[Leads] = if on.keys { &[Leads::Sealed] } else { &[Leads::Clear, Leads::Sealed] };
    let said: Vec<String> = kinds.iter().map(|leads| one_kind(on, *leads)).collect::<Result<_, _>>()?;
    Ok(said.join("\n"))
}

fn one_kind(on: &OnDisk, leads: Leads) -> Result<String, String> {
    let torture = &on.torture;
    // To give keys and to write the file anew are many operations, of which as many fail as of the others.
    let short = if leads == Leads::Sealed { SHORT_SEALED } else { SHORT };
    let (step, workers) = if torture.long { (WORKERS, WORKERS) } else { (short, 1) };
    let first = if torture.long { 0 } else { torture.seed % short };
    let rooms: Vec<Room> =
        (0..workers).map(|worker| Room::new(&format!("io-{worker}"), true)).collect::<Result<_, _>>()?;
    let mut running = Vec::new();
    for (room, worker) in rooms.iter().zip(0..) {
        let path = room.path("leads.db");
        let numbers = [torture.seed, 1 + first + worker, step];
        let mut told = vec!["sweep".to_owned(), path.display().to_string()];
        told.extend(numbers.map(|number| number.to_string()));
        told.push(leads.word().into());
        let mut command = shim::behind(on, path.parent().ok_or("a folder")?, None, &told)?;
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        running.push(child.map_err(|error| error.to_string())?);
    }
    let mut seen = Seen::default();
    for child in running {
        let output = child.wait_with_output().map_err(|error| error.to_string())?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let long = if torture.long { " --long" } else { "" };
            let again = format!("again: cargo xtask torture io --seed {}{}{long}", torture.seed, on.again(leads));
            return Err(format!("{} ({}); {again}", said.trim(), output.status));
        }
        seen.add(serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?);
    }
    let told: Vec<String> = seen.told.iter().map(|(code, times)| format!("{code} {times}")).collect();
    Ok(format!(
        "{} runs of {DECISIONS} decisions{}, a failure at {} of {} operations in {} ways, 0 lost, 0 twice; callers were told {}; \
         of what was not known {} had happened and {} had not",
        seen.runs,
        if leads == Leads::Sealed { " of a store that is given keys" } else { "" },
        if torture.long { "each".to_owned() } else { format!("every {short}th") },
        seen.operations,
        FAILURES.len(),
        told.join(", "),
        seen.happened,
        seen.not_happened
    ))
}

/// What was seen on the way.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Seen {
    runs: u64,
    operations: u64,
    told: BTreeMap<String, u64>,
    /// Who was told that it is not known asked again, and it had happened.
    happened: u64,
    not_happened: u64,
}

impl Seen {
    fn add(&mut self, other: Seen) {
        self.runs += other.runs;
        self.operations = self.operations.max(other.operations);
        self.happened += other.happened;
        self.not_happened += other.not_happened;
        other.told.into_iter().for_each(|(code, times)| *self.told.entry(code).or_default() += times);
    }

    fn unknown(&self) -> u64 {
        self.told.get(Code::StoreCommitUnknown.as_str()).copied().unwrap_or_default()
    }
}

/// A share of it in one process, behind the shim: from the operation `first` on each `step`-th.
pub(crate) fn sweep(path: &Path, seed: u64, first: u64, step: u64, leads: Leads) -> Result<String, String> {
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
    let script = Script { path, plan: &plan, steps: &steps, leads };
    let want = script.once(None, &mut seen)?.1;
    if want.len() != DECISIONS {
        return Err(format!("the script has {} decisions", want.len()));
    }
    for failing in FAILURES {
        let (mut k, mut any) = (first, false);
        loop {
            let at = |error: String| format!("{failing:?} at operation {k}: {error}");
            let (fired, found) = script.once(Some((failing, k)), &mut seen).map_err(at)?;
            if found != want {
                return Err(at(format!("{} decisions that are not those of a good disk", found.len())));
            }
            if !fired {
                break;
            }
            any = true;
            seen.operations = seen.operations.max(k);
            k += step;
        }
        if !any {
            return Err(at_none(failing));
        }
        eprintln!("{failing:?}: {} runs", seen.runs);
    }
    serde_json::to_string(&seen).map_err(|error| error.to_string())
}

fn at_none(failing: Failing) -> String {
    format!("{failing:?}: nothing failed, so nothing was looked at")
}

/// What is decided, and where.
struct Script<'a> {
    path: &'a Path,
    plan: &'a Plan,
    steps: &'a [Step],
    leads: Leads,
}

impl Script<'_> {
    /// One run on a new file: whether the disk failed, and the decisions that are there at the end.
    fn once(&self, failing: Option<(Failing, u64)>, seen: &mut Seen) -> Result<(bool, Vec<Vec<u8>>), String> {
        for end in ["", "-wal", "-shm", "-journal", ".keys", ".keys-journal"] {
            let _ = std::fs::remove_file(format!("{}{end}", self.path.display()));
        }
        seen.runs += 1;
        if let Some((failing, k)) = failing {
            shim::fail(failing, k);
        }
        let (mut store, mut engine) = self.open(None, seen)?;
        let mut acked = Acked::new();
        for (at, step) in self.steps.iter().enumerate() {
            if self.leads.begin(at, self.steps.len()) {
                drop((store, engine));
                (store, engine) = self.open(self.leads.keys(), seen)?;
                patiently(seen, || script::seal(&store))?;
            }
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
        let decisions = check_with(self.path, self.leads.keys(), &acked, SHARED)?;
        Ok((fired, decisions.into_iter().map(|stored| stored.record.body).collect()))
    }

    fn open(&self, keys: Option<Keys>, seen: &mut Seen) -> Result<(Arc<SqliteStore>, Engine), String> {
        let options = SqliteOptions { keys, ..SqliteOptions::default() };
        let store = Arc::new(patiently(seen, || SqliteStore::with_options(self.path, options.clone()))?);
        let engine =
            patiently(seen, || Engine::with_options(self.plan.clone(), store.clone(), EngineOptions::default()))?;
        Ok((store, engine))
    }
}

/// Asks until there is an answer. It may say "again" only to who was told that it is not known.
fn settled(engine: &Engine, step: &Step, seen: &mut Seen) -> Result<Vec<Decided>, String> {
    let before = seen.unknown();
    let decided = patiently(seen, || engine.settle(step))?;
    let replayed = decided.iter().find(|decided| decided.receipt.replayed);
    match replayed {
        _ if before != seen.unknown() => {
            let count = if replayed.is_some() { &mut seen.happened } else { &mut seen.not_happened };
            *count += 1;
            Ok(decided)
        }
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
                *seen.told.entry(error.code().as_str().to_owned()).or_default() += 1;
                last = error.to_string();
            }
        }
    }
    Err(format!("it never works again: {last}"))
}
