//! Nodes that share a cap by leases, simulated: messages are lost, late and twice, nodes die, their clocks are wrong.
//!
//! What is checked after every step: what was taken, what is out and what is free make the limit; nothing is taken of a lease
//! that is over by the clock of the database. At the end of a world, when all leases are over, nothing is left out.

mod cap;

use crate::Torture;
use crate::sim::Dice;
pub(crate) use cap::{Cap, HOLDERS, at};

/// A mistake that the checks have to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mutant {
    /// A node takes from a lease without asking whether it is over; its own clock says it is not.
    NoExpiry,
    /// Nobody compares fences: late tickets and receipts count.
    NoFence,
}

/// How long a lease lasts, in milliseconds.
const LASTS: i64 = 200;

/// What a node knows until it dies: the lease that it last looked at.
#[derive(Clone, Copy, Default)]
struct Node {
    fence: u64,
    until: i64,
    /// How far its clock is off.
    skew: i64,
}

struct World {
    mutant: Option<Mutant>,
    dice: Dice,
    now: i64,
    cap: Cap,
    nodes: [Node; HOLDERS],
}

/// What the worlds came to.
#[derive(Default)]
struct Sums {
    taken: i64,
    deaths: u64,
    returned: u64,
}

impl World {
    fn new(seed: u64, mutant: Option<Mutant>) -> Self {
        let mut dice = Dice::new(seed);
        let most = dice.between(1, 3_000);
        Self { mutant, dice, now: 1_000, cap: Cap::new(most), nodes: Default::default() }
    }

    /// A node sells, if its lease has room, by its own view of it.
    fn sell(&mut self, who: usize) -> Result<(), String> {
        let (node, purse) = (self.nodes[who], self.cap.purses[who]);
        if node.fence != purse.fence || purse.left() == 0 {
            // It looks again, and asks for more where there is nothing.
            self.nodes[who] = Node { fence: purse.fence, until: purse.until.millis(), ..node };
            if purse.left() == 0 {
                self.cap.ask_home(who, 1);
            }
            return Ok(());
        }
        let until = at(self.now + LASTS);
        let its = &mut self.cap.purses[who];
        let done = if self.mutant == Some(Mutant::NoExpiry) {
            // By its own clock it has time.
            let it_thinks = at((self.now + node.skew).min(purse.until.millis() - 1));
            its.take(node.fence, 1, it_thinks)
        } else {
            its.take(node.fence, 1, at(self.now))
        };
        if done && self.now >= purse.until.millis() {
            return Err(format!("node {who} took from a lease that was over {} ms ago", self.now - node.until));
        }
        self.cap.taken += i64::from(done);
        if !done && self.dice.chance(500) {
            self.cap.purses[who].renew(node.fence, until);
        }
        Ok(())
    }

    fn step(&mut self, sums: &mut Sums) -> Result<(), String> {
        self.now += self.dice.between(0, 3);
        let who = self.dice.place(HOLDERS);
        match self.dice.below(100) {
            0 => {
                sums.deaths += 1;
                self.nodes[who] = Node { skew: self.dice.between(-86_400_000, 86_400_000), ..Node::default() };
            }
            1 => self.cap.lose(&mut self.dice),
            2..=9 => sums.returned += u64::from(self.cap.sweep(who, self.now)),
            10..=29 => self.cap.arrive(self.now + LASTS, &mut self.dice, self.mutant),
            30 if self.cap.taken > 0 => {
                self.cap.taken -= 1;
                self.cap.purses[who].give(1);
            }
            // A pause in which leases come to their end.
            31 if self.dice.chance(30) => self.now += LASTS * 2,
            _ => self.sell(who)?,
        }
        self.cap.check()
    }

    /// All come back, and what was out comes home.
    fn end(&mut self, sums: &mut Sums) -> Result<(), String> {
        sums.returned += self.cap.end(self.now + LASTS * 2)?;
        Ok(())
    }
}

fn run_world(seed: u64, steps: u64, mutant: Option<Mutant>, sums: &mut Sums) -> Result<(), String> {
    let mut world = World::new(seed, mutant);
    for step in 0..steps {
        world.step(sums).map_err(|error| format!("seed {seed}, step {step}: {error}"))?;
    }
    world.end(sums).map_err(|error| format!("seed {seed}, at the end: {error}"))?;
    sums.taken += world.cap.taken;
    Ok(())
}

/// In how many worlds a mutant is looked for.
const MUTANT_WORLDS: u64 = 20;
const STEPS: u64 = 20_000;

pub(crate) fn run(torture: &Torture) -> Result<String, String> {
    let worlds: u64 = if torture.long { 2_000 } else { 20 };
    let mut sums = Sums::default();
    for n in 0..worlds {
        run_world(torture.seed + n, STEPS, None, &mut sums)?;
    }
    if sums.deaths == 0 || sums.returned == 0 {
        return Err("nobody died, or nothing came back".into());
    }
    let mut said = format!(
        "{worlds} worlds of {STEPS} steps: {} taken, {} deaths, {} leases came home, and the sum was always the limit",
        sums.taken, sums.deaths, sums.returned
    );
    for mutant in [Mutant::NoExpiry, Mutant::NoFence] {
        let is_found = |n: &u64| run_world(torture.seed + n, STEPS, Some(mutant), &mut Sums::default()).is_err();
        let found = (0..MUTANT_WORLDS).filter(is_found).count();
        if found < 10 {
            return Err(format!("{mutant:?} was found in {found} worlds of {MUTANT_WORLDS}"));
        }
        said.push_str(&format!("; {mutant:?} found in {found} of {MUTANT_WORLDS}"));
    }
    Ok(said)
}
