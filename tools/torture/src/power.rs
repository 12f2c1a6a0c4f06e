//! The power goes at a random moment. What the disk was told is written down once; each state is what it may hold then. The
//! real store opens it, and has every acknowledged decision, no part of any other, and the beginning of the same log.

use crate::check::{Acked, check_with};
use crate::image::{CUTS, Disk, Lies};
use crate::log::{self, Op};
use crate::market::SHARED;
use crate::room::Room;
use crate::script::Leads;
use crate::shim::{self, OnDisk};
use fastrand::Rng;
use leadwright::store::Stored;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

const STORE: &str = "leads.db";
/// So many states of one recording.
const STATES: u64 = 500;
const TRANSACTIONS: u64 = 24;
/// Enough for a write-ahead log that is brought into the file while it is used.
const MANY_TRANSACTIONS: u64 = 200;

/// What a run is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Nothing may be wrong.
    Full,
    /// Acknowledged decisions may be lost, and have to be in one of ten states: else this torture would see nothing.
    Relaxed,
    /// A disk that does not sync: something has to be wrong in one of ten states.
    NoSync,
    /// One that syncs all but the keys of leads: the same.
    NoSyncOfKeys,
}

impl Kind {
    fn lies(self) -> Lies {
        match self {
            Kind::Full | Kind::Relaxed => Lies::Never,
            Kind::NoSync => Lies::Always,
            Kind::NoSyncOfKeys => Lies::OfKeys,
        }
    }

    fn durability(self) -> &'static str {
        if self == Kind::Relaxed { "relaxed" } else { "full" }
    }
}

/// A run that is recorded.
#[derive(Clone, Copy)]
struct Run {
    seed: u64,
    kind: Kind,
    transactions: u64,
    leads: Leads,
}

/// How many states were wrong, and in what way.
#[derive(Default)]
struct Wrong {
    lost: u64,
    damaged: u64,
    first: Option<String>,
}

pub(crate) fn run(on: &OnDisk) -> Result<String, String> {
    let torture = &on.torture;
    let states = if torture.long { 100_000 } else { 2_000 };
    let started = Instant::now();
    let next = AtomicU64::new(0);
    let work = |thread: usize| -> Result<(), String> {
        let room = Room::new(&format!("power-{thread}"), true)?;
        loop {
            let recording = next.fetch_add(1, Ordering::Relaxed);
            if recording * STATES >= states {
                return Ok(());
            }
            let seed = torture.seed.wrapping_add(recording);
            let many = torture.long && recording % 50 >= 48;
            // Every other one is given keys on the way.
            let leads = if on.keys || recording % 2 == 1 { Leads::Sealed } else { Leads::Clear };
            let transactions = if many { MANY_TRANSACTIONS } else { TRANSACTIONS };
            let wrong = one(on, &room, Run { seed, kind: Kind::Full, transactions, leads })?;
            if let Some(first) = wrong.first {
                let again = format!(
                    "again: cargo xtask torture power --seed {seed}{}{}",
                    on.again(leads),
                    if many { " --long (a long recording)" } else { "" }
                );
                return Err(format!("{first} ({} lost, {} damaged of {STATES}); {again}", wrong.lost, wrong.damaged));
            }
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|thread| scope.spawn(move || work(thread))).collect();
        threads.into_iter().try_for_each(|thread| thread.join().unwrap_or_else(|_| Err("a panic".into())))
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let controls = controls(on)?;
    Ok(format!(
        "{states} power cuts, {} with keys, 0 lost, 0 damaged, {:.0} states a minute; {controls}",
        if on.keys { "all" } else { "half of them" },
        states as f64 / seconds * 60.0
    ))
}

/// Without syncs the torture has to find something: else it would be none.
fn controls(on: &OnDisk) -> Result<String, String> {
    let (seed, room) = (on.torture.seed, Room::new("power-control", true)?);
    let mut said = Vec::new();
    for kind in [Kind::Relaxed, Kind::NoSync, Kind::NoSyncOfKeys] {
        let leads = if kind == Kind::NoSyncOfKeys { Leads::Sealed } else { Leads::Clear };
        let wrong = one(on, &room, Run { seed, kind, transactions: TRANSACTIONS, leads })?;
        let found = if kind == Kind::Relaxed { wrong.lost } else { wrong.lost + wrong.damaged };
        let again = format!("again: cargo xtask torture power --seed {seed}");
        if found * 10 < STATES {
            return Err(format!("the control {kind:?} found only {found} of {STATES} states; {again}"));
        }
        if kind == Kind::Relaxed && wrong.damaged > 0 {
            return Err(format!("relaxed: {}; {again}", wrong.first.unwrap_or_default()));
        }
        said.push(format!("{kind:?} loses {} and damages {} of {STATES}", wrong.lost, wrong.damaged));
    }
    Ok(format!("controls: {}", said.join(", ")))
}

impl Wrong {
    fn add(&mut self, said: String) {
        let kind = if said.ends_with("is lost") { &mut self.lost } else { &mut self.damaged };
        *kind += 1;
        self.first.get_or_insert(said);
    }
}

/// Records a run and looks at states of it.
fn one(on: &OnDisk, room: &Room, run: Run) -> Result<Wrong, String> {
    let Run { seed, kind, leads, .. } = run;
    let folder = room.path("disk");
    let (whole, ops) = recorded(on, room, &folder, run)?;
    let mut dice = Rng::with_seed(seed);
    let mut cuts: Vec<usize> = (0..STATES).map(|_| dice.usize(0..=ops.len())).collect();
    cuts.sort_unstable();
    let mut disk = Disk::new(&folder.display().to_string(), kind.lies());
    let (mut acked, mut done, mut wrong) = (Acked::new(), 0, Wrong::default());
    for at in cuts {
        for op in &ops[done..at] {
            disk.apply(op);
            if let Op::Ack { id, digest } = op {
                acked.insert(id.clone(), digest.clone());
            }
        }
        done = at;
        let cut = *dice.choice(&CUTS).ok_or("no cuts")?;
        place(&folder, disk.cut(cut, &mut dice))?;
        let found =
            check_with(&folder.join(STORE), leads.keys(), &acked, SHARED).and_then(|found| begins(&whole, &found));
        if let Err(error) = found {
            wrong.add(format!("seed {seed}, {cut:?} after operation {at} of {}: {error}", ops.len()));
        }
    }
    Ok(wrong)
}

/// What the disk was told by a run, and the decisions that it made.
fn recorded(on: &OnDisk, room: &Room, folder: &Path, run: Run) -> Result<(Vec<Stored>, Vec<Op>), String> {
    let (path, log) = (folder.join(STORE), room.path("shim.log"));
    let _ = fs::remove_dir_all(folder);
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let Run { seed, kind, transactions, leads } = run;
    let numbers = [seed, transactions].map(|number| number.to_string());
    let mut told = vec!["record".to_owned(), path.display().to_string()];
    told.extend(numbers);
    told.extend([kind.durability(), leads.word()].map(str::to_owned));
    let output = shim::behind(on, folder, Some(&log), &told)?.output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("the recording: {}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok((check_with(&path, leads.keys(), &Acked::new(), SHARED)?, log::read(&log)?))
}

/// Puts the files of a state into the folder, and nothing else.
fn place(folder: &Path, files: Vec<(String, Vec<u8>)>) -> Result<(), String> {
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())?.flatten() {
        fs::remove_file(entry.path()).map_err(|error| error.to_string())?;
    }
    files.into_iter().try_for_each(|(path, bytes)| fs::write(path, bytes)).map_err(|error| error.to_string())
}

/// Whether the decisions are the first ones of the whole log.
fn begins(whole: &[Stored], found: &[Stored]) -> Result<(), String> {
    if whole.get(..found.len()) == Some(found) { Ok(()) } else { Err("the log is not a beginning of the whole".into()) }
}
