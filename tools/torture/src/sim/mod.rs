//! Whole worlds from a seed: several engines on one store that fails, clocks that jump, requests that are lost, repeated and
//! overtaken, and after every step the accounts of the simulator beside those of the store.

mod dice;
mod fold;
mod leases;
mod ledger;
mod market;
mod mutant;
mod readers;
mod sample;
mod store;
mod world;

pub(crate) use dice::Dice;
use mutant::Mutant;
pub(crate) use mutant::named;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;
pub(crate) use store::{Fault, SimStore};
use world::{Failure, Seen, Stage, World};

/// How many worlds, and how long.
#[derive(clap::Args)]
pub(crate) struct Worlds {
    /// As the figures of docs/durability.md were made, instead of as a test
    #[arg(long)]
    long: bool,
    /// The first seed; given alone, that one world
    #[arg(long)]
    seed: Option<u64>,
    /// How many seeds
    #[arg(long)]
    seeds: Option<u64>,
    /// How many steps each
    #[arg(long)]
    steps: Option<u64>,
    /// A mistake that stands between the engine and its store, or `all` of them, each to be found
    #[arg(long)]
    mutant: Option<String>,
    /// How many worlds at once; 0 for as many as there are cores
    #[arg(long, default_value_t = 0)]
    jobs: usize,
}

/// Within so many seeds each mutant has to be found.
const FOUND_WITHIN: u64 = 200;
/// Steps of a world that looks for a mutant.
const MUTANT_STEPS: u64 = 1_500;

pub(crate) fn run(worlds: &Worlds) -> Result<String, String> {
    let stage = Stage::new();
    let (seeds, steps) = if worlds.long { (2_000, 5_000) } else { (50, 1_000) };
    let steps = worlds.steps.unwrap_or(steps);
    let seeds = worlds.seeds.unwrap_or(if worlds.seed.is_some() { 1 } else { seeds });
    let first = worlds.seed.unwrap_or(1);
    let plain = worlds.mutant.is_none() && worlds.seed.is_none() && worlds.seeds.is_none();
    let mut said = match worlds.mutant.as_deref() {
        Some("all") => return hunt_all(&stage, worlds.steps.unwrap_or(MUTANT_STEPS)),
        Some(name) => {
            Runs { first, seeds, steps, mutant: Some(mutant::named(name)?), jobs: worlds.jobs }.run(&stage)?
        }
        None => Runs { first, seeds, steps, mutant: None, jobs: worlds.jobs }.run(&stage)?,
    };
    // Worlds that find nothing prove little without mutants that are found.
    if plain {
        said.push('\n');
        said.push_str(&hunt_all(&stage, MUTANT_STEPS)?);
    }
    Ok(said)
}

/// Worlds of consecutive seeds.
struct Runs {
    first: u64,
    seeds: u64,
    steps: u64,
    mutant: Option<Mutant>,
    jobs: usize,
}

impl Runs {
    fn run(&self, stage: &Stage) -> Result<String, String> {
        let started = Instant::now();
        let jobs = match self.jobs {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            jobs => jobs,
        };
        let (next, failed) = (AtomicU64::new(0), AtomicBool::new(false));
        let all: Mutex<Vec<(u64, Result<Seen, Failure>)>> = Mutex::default();
        std::thread::scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|| {
                    while !failed.load(Ordering::Relaxed) {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n >= self.seeds {
                            break;
                        }
                        let seed = self.first + n;
                        let seen = World::new(stage, seed, self.mutant).run(self.steps);
                        failed.fetch_or(seen.is_err(), Ordering::Relaxed);
                        all.lock().unwrap_or_else(PoisonError::into_inner).push((seed, seen));
                    }
                });
            }
        });
        let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.sort_by_key(|(seed, _)| *seed);
        let mut sum = Seen { digest: String::new(), decisions: 0, sold: 0, faults: 0, replayed: 0, beside: 0 };
        for (seed, seen) in &all {
            match seen {
                Ok(seen) => sum.add(seen),
                Err(failure) => return Err(said(*seed, failure, self.mutant)),
            }
        }
        let (steps, seconds) = (self.seeds * self.steps, started.elapsed().as_secs_f64());
        let rate = steps as f64 / seconds / jobs as f64;
        let Seen { digest, decisions, sold, faults, replayed, beside } = sum;
        Ok(format!(
            "sim: {} seeds from {} of {} steps, nothing found: {decisions} decisions, {sold} sold, {beside} things beside them, \
             {faults} steps with faults, {replayed} replayed; {rate:.0} steps a second and thread in {seconds:.1} s; digest {digest}",
            self.seeds, self.first, self.steps
        ))
    }
}

impl Seen {
    fn add(&mut self, seen: &Seen) {
        self.digest = world::digest_of(&[&self.digest, &seen.digest]);
        self.decisions += seen.decisions;
        self.sold += seen.sold;
        self.faults += seen.faults;
        self.replayed += seen.replayed;
        self.beside += seen.beside;
    }
}

/// What failed, and the line that does it again.
fn said(seed: u64, failure: &Failure, mutant: Option<Mutant>) -> String {
    let Failure { step, broken } = failure;
    let mutant = mutant.map(|mutant| format!(" --mutant {}", mutant.name)).unwrap_or_default();
    format!("{}: {}\ncargo xtask torture sim --seed {seed} --steps {step}{mutant}", broken.invariant, broken.said)
}

/// The first world in which a mutant is found by the invariant that it breaks. In others another one, which it breaks too,
/// may see it first.
fn hunt(stage: &Stage, mutant: Mutant, steps: u64) -> Result<(u64, Failure), String> {
    let mut seen_by = None;
    for seed in 1..=FOUND_WITHIN {
        let Err(failure) = World::new(stage, seed, Some(mutant)).run(steps) else { continue };
        if failure.broken.invariant == mutant.breaks {
            return Ok((seed, failure));
        }
        seen_by.get_or_insert_with(|| said(seed, &failure, Some(mutant)));
    }
    let seen_by = seen_by.map_or_else(|| "by nothing".into(), |said| format!("first by\n{said}"));
    let Mutant { name, breaks, .. } = mutant;
    Err(format!("the mutant {name} was not found by {breaks} in {FOUND_WITHIN} worlds of {steps} steps, {seen_by}"))
}

fn hunt_all(stage: &Stage, steps: u64) -> Result<String, String> {
    let mut all = Vec::new();
    for mutant in mutant::ALL {
        let (seed, failure) = hunt(stage, mutant, steps)?;
        all.push(format!("{} {} at seed {seed}, step {}", mutant.breaks, mutant.name, failure.step));
    }
    Ok(format!("sim: {} mutants, all found: {}", all.len(), all.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: u64 = 400;

    #[test]
    fn a_seed_means_the_same_every_time() {
        let stage = Stage::new();
        let digest = |seed| World::new(&stage, seed, None).run(STEPS).unwrap().digest;
        assert_eq!(digest(7), digest(7));
        assert_ne!(digest(7), digest(8));
    }

    #[test]
    fn a_world_has_all_that_may_go_wrong_in_it() {
        let seen = World::new(&Stage::new(), 4, None).run(STEPS).unwrap();
        assert!(seen.decisions > 150 && seen.sold > 50 && seen.faults > 20 && seen.replayed > 30 && seen.beside > 5);
    }

    #[test]
    fn every_invariant_has_a_mutant() {
        for n in 1..=14 {
            assert!(mutant::ALL.iter().any(|mutant| mutant.breaks == format!("I{n}")), "I{n}");
        }
    }

    /// The line that is printed does it again, at the same step and with the same words.
    #[test]
    fn what_is_found_is_found_again() {
        let (stage, mutant) = (Stage::new(), mutant::named("lost-count").unwrap());
        let (seed, failure) = hunt(&stage, mutant, STEPS).unwrap();
        let again = World::new(&stage, seed, Some(mutant)).run(failure.step).err().unwrap();
        assert_eq!(said(seed, &again, Some(mutant)), said(seed, &failure, Some(mutant)));
        let line = format!("\ncargo xtask torture sim --seed {seed} --steps {} --mutant lost-count", failure.step);
        assert!(said(seed, &failure, Some(mutant)).ends_with(&line));
    }

    #[test]
    fn a_mutant_that_is_not_known_is_named() {
        assert!(mutant::named("lost").err().unwrap().contains("no mutant `lost`; there are stale-counter"));
    }
}
