//! A million deliveries in virtual time: buyers that take a lead and do not say so, answers that are lost, processes that die
//! between an attempt and its answer, people who find out later. The books of the buyers are beside those of the engine: an
//! exclusive lead is with one buyer, nothing is lost, a delivery has one key, and no cap is oversold.

mod account;
mod buyers;
mod drill;
mod host;
mod market;
mod naive;
mod people;
mod sockets;
mod world;

use account::{Broken, Counts};
pub(crate) use drill::{Drill, run as run_drill};
pub(crate) use host::Host;
use naive::Naive;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
use world::{Place, Setup, World};

/// How many worlds.
#[derive(clap::Args)]
pub(crate) struct Deliveries {
    /// A million deliveries, instead of as a test
    #[arg(long)]
    long: bool,
    /// The first seed; given alone, that one world
    #[arg(long)]
    seed: Option<u64>,
    /// How many seeds
    #[arg(long)]
    seeds: Option<u64>,
    /// How many leads each
    #[arg(long)]
    leads: Option<u64>,
    /// A mistake of whoever delivers, or `all` of them, each to be found
    #[arg(long)]
    mutant: Option<String>,
    /// So many deliveries over real sockets, by processes that are killed, in place of worlds
    #[arg(long)]
    sockets: Option<u64>,
    /// How many worlds at once; 0 for as many as there are cores
    #[arg(long, default_value_t = 0)]
    jobs: usize,
}

/// Leads of a world that is a test.
const LEADS: u64 = 120;
/// Deliveries of the long run.
const MILLION: u64 = 1_000_000;
/// Within so many seeds each mutant has to be found.
const FOUND_WITHIN: u64 = 40;

pub(crate) fn run(told: &Deliveries) -> Result<String, String> {
    let leads = told.leads.unwrap_or(if told.long { 1_500 } else { LEADS });
    let first = told.seed.unwrap_or(1);
    let many = match (told.seeds, told.seed, told.long) {
        (Some(seeds), ..) => Until::Seeds(seeds),
        (None, Some(_), _) => Until::Seeds(1),
        (None, None, true) => Until::Deliveries(MILLION),
        (None, None, false) => Until::Seeds(8),
    };
    if let Some(deliveries) = told.sockets {
        let naive = told.mutant.as_deref().map(naive::named).transpose()?;
        return sockets::run(deliveries, first, naive);
    }
    let runs = Runs { first, many, leads, jobs: told.jobs, naive: None };
    match told.mutant.as_deref() {
        Some("all") => return hunt_all(leads),
        Some(name) => return Runs { naive: Some(naive::named(name)?), ..runs }.run(),
        None => {}
    }
    let mut said = runs.run()?;
    // Worlds in which nothing is found prove little without mistakes that are.
    if told.seed.is_none() && told.seeds.is_none() {
        said.push('\n');
        said.push_str(&hunt_all(LEADS)?);
        said.push('\n');
        said.push_str(&sockets::run(if told.long { 20_000 } else { 300 }, first, None)?);
        said.push('\n');
        said.push_str(&sockets::hunt("timeout-is-no", first)?);
    }
    Ok(said)
}

#[derive(Clone, Copy)]
enum Until {
    Seeds(u64),
    Deliveries(u64),
}

/// Worlds of consecutive seeds.
struct Runs {
    first: u64,
    many: Until,
    leads: u64,
    jobs: usize,
    naive: Option<Naive>,
}

/// What a seed is: every fifth lets go of what nobody knows, some are on a file, some on a store that fails.
fn setup(seed: u64, leads: u64, naive: Option<Naive>) -> Setup {
    let place = match seed % 12 {
        5 => Place::File,
        1 | 7 | 10 => Place::Failing,
        _ => Place::Memory,
    };
    // A mistake of a store stands in one that is in memory.
    let place = if naive.is_some() { Place::Memory } else { place };
    Setup { seed, leads, place, may_release: seed.is_multiple_of(5), naive: naive.map(|naive| naive.kind) }
}

impl Runs {
    fn run(&self) -> Result<String, String> {
        let started = Instant::now();
        let jobs = match self.jobs {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            jobs => jobs,
        };
        let (next, done, failed) = (AtomicU64::new(0), AtomicU64::new(0), AtomicBool::new(false));
        let all: Mutex<Vec<(u64, Result<Counts, Broken>)>> = Mutex::default();
        std::thread::scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|| {
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        let is_enough = match self.many {
                            Until::Seeds(seeds) => n >= seeds,
                            Until::Deliveries(most) => done.load(Ordering::Relaxed) >= most,
                        };
                        if is_enough || failed.load(Ordering::Relaxed) {
                            break;
                        }
                        let seed = self.first + n;
                        let seen = World::run(&setup(seed, self.leads, self.naive));
                        failed.fetch_or(seen.is_err(), Ordering::Relaxed);
                        done.fetch_add(seen.as_ref().map_or(0, |seen| seen.deliveries), Ordering::Relaxed);
                        all.lock().unwrap_or_else(PoisonError::into_inner).push((seed, seen));
                    }
                });
            }
        });
        let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.sort_by_key(|(seed, _)| *seed);
        let (mut kept, mut released) = (Counts::default(), Counts::default());
        for (seed, seen) in &all {
            match seen {
                Ok(seen) if setup(*seed, 0, None).may_release => released.add(seen),
                Ok(seen) => kept.add(seen),
                Err(found) => return Err(self.said(*seed, found)),
            }
        }
        if kept.doubles_told > 0 {
            return Err(format!(
                "{} leads are with more buyers than may have them, and nobody let go of them",
                kept.doubles_told
            ));
        }
        let seconds = started.elapsed().as_secs_f64();
        Ok(table(all.len(), &kept, &released, seconds))
    }

    /// What failed, and the line that does it again.
    fn said(&self, seed: u64, Broken { word, said }: &Broken) -> String {
        let mutant = self.naive.map(|naive| format!(" --mutant {}", naive.name)).unwrap_or_default();
        let leads = self.leads;
        format!("{word}: {said}\ncargo xtask torture deliveries --seed {seed} --leads {leads}{mutant}")
    }
}

fn table(worlds: usize, kept: &Counts, released: &Counts, seconds: f64) -> String {
    let mut said = format!(
        "deliveries: {worlds} worlds, {} deliveries of {} leads in {seconds:.0} s\n\n\
         | | nobody lets go | the plan releases |\n|---|---|---|\n",
        kept.deliveries + released.deliveries,
        kept.leads + released.leads
    );
    let mut row = |what: &str, of: fn(&Counts) -> u64| {
        said.push_str(&format!("| {what} | {} | {} |\n", of(kept), of(released)));
    };
    row("deliveries", |counts| counts.deliveries);
    row("requests that reached a buyer", |counts| counts.posts);
    row("of these, tried again, each under its key", |counts| counts.posts_again);
    row("the buyer has it", |counts| counts.has_it);
    row("sales that fell", |counts| counts.fell);
    row("dead, with a reason", |counts| counts.dead);
    row("kept, nobody knows", |counts| counts.unknown);
    row("counted as sold, and the buyer does not have it", |counts| counts.counted);
    row("processes that died", |counts| counts.crashes);
    row("steps with faults of the store", |counts| counts.faults);
    row("reports by others than who had it", |counts| counts.late);
    row("reports told twice", |counts| counts.twice_told);
    row("redriven", |counts| counts.redriven);
    row("entered twice by a buyer that does not know its keys", |counts| counts.entered_twice);
    row("late acceptances told as a conflict", |counts| counts.conflicts);
    row("leads with more buyers than may have them, told as a conflict", |counts| counts.doubles_told);
    row("the same, not told", |_| 0);
    row("lost, stuck, oversold, with another key", |_| 0);
    said
}

/// The first world in which a mistake is found by what it breaks.
fn hunt(naive: Naive, leads: u64) -> Result<(u64, Broken), String> {
    let mut seen_by = None;
    for seed in 1..=FOUND_WITHIN {
        let Err(found) = World::run(&setup(seed, leads, Some(naive))) else { continue };
        if found.word == naive.breaks {
            return Ok((seed, found));
        }
        seen_by.get_or_insert(format!("seed {seed}: {found:?}"));
    }
    let seen_by = seen_by.unwrap_or_else(|| "nothing".into());
    Err(format!("{} was not found by `{}` in {FOUND_WITHIN} worlds; first by {seen_by}", naive.name, naive.breaks))
}

fn hunt_all(leads: u64) -> Result<String, String> {
    let mut all = Vec::new();
    for naive in naive::ALL {
        let (seed, found) = hunt(naive, leads)?;
        all.push(format!("{} {} at seed {seed}", found.word, naive.name));
    }
    Ok(format!("deliveries: {} mutants, all found: {}", all.len(), all.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_means_the_same_every_time() {
        let counts = |seed| World::run(&setup(seed, 40, None)).unwrap();
        assert_eq!(counts(1), counts(1));
        assert_ne!(counts(1), counts(2));
    }

    #[test]
    fn a_world_has_all_that_may_go_wrong_in_it() {
        let mut all = Counts::default();
        for seed in 1..=9 {
            all.add(&World::run(&setup(seed, 80, None)).unwrap_or_else(|found| panic!("{seed}: {found:?}")));
        }
        assert!(all.deliveries > 480 && all.posts_again > 30 && all.fell > 60 && all.redriven > 5, "{all:?}");
        assert!(all.crashes > 5 && all.faults > 10 && all.late > 5 && all.twice_told > 5, "{all:?}");
    }

    #[test]
    fn a_naive_host_is_found_and_found_again() {
        let naive = naive::named("timeout-is-no").unwrap();
        let (seed, found) = hunt(naive, 60).unwrap();
        assert_eq!(World::run(&setup(seed, 60, Some(naive))), Err(found));
    }

    #[test]
    fn a_mutant_that_is_not_known_is_named() {
        assert!(naive::named("lost").err().unwrap().contains("no mutant `lost`; there are timeout-is-not-sent"));
    }
}
