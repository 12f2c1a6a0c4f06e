//! Nodes that share a cap by leases, simulated: messages are lost, late and twice, nodes die, their clocks are wrong.
//!
//! What is checked after every step: what was taken, what is out and what is free make the limit; nothing is taken of a lease
//! that is over by the clock of the database. At the end of a world, when all leases are over, nothing is left out.

use crate::Torture;
use crate::sim::Dice;
use leadwright::limits::{Budget, Lease, Purse, Receipt, Ticket};
use leadwright::model::Timestamp;

/// A mistake that the checks have to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mutant {
    /// A node takes from a lease without asking whether it is over; its own clock says it is not.
    NoExpiry,
    /// Nobody compares fences: late tickets and receipts count.
    NoFence,
}

const HOLDERS: usize = 4;
/// How long a lease lasts, in milliseconds.
const LASTS: i64 = 200;

enum Message {
    Ticket(usize, Ticket),
    Receipt(usize, Receipt),
}

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
    budget: Budget,
    leases: [Lease; HOLDERS],
    purses: [Purse; HOLDERS],
    nodes: [Node; HOLDERS],
    messages: Vec<Message>,
    /// What buyers have got in truth.
    taken: i64,
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
        Self {
            mutant,
            dice,
            now: 1_000,
            budget: Budget::new(most),
            leases: Default::default(),
            purses: Default::default(),
            nodes: Default::default(),
            messages: Vec::new(),
            taken: 0,
        }
    }

    fn at(&self, millis: i64) -> Timestamp {
        Timestamp::EPOCH.plus_millis(millis)
    }

    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    fn ask_home(&mut self, who: usize) {
        let holders = self.leases.iter().enumerate().filter(|(n, lease)| *n != who && lease.granted > 0).count() + 1;
        let holders = i64::try_from(holders).unwrap_or(1);
        if let Some(ticket) = self.budget.grant(&mut self.leases[who], holders, 1) {
            self.messages.push(Message::Ticket(who, ticket));
        }
    }

    /// A node sells, if its lease has room, by its own view of it.
    fn sell(&mut self, who: usize) -> Result<(), String> {
        let (node, purse) = (self.nodes[who], self.purses[who]);
        if node.fence != purse.fence || purse.left() == 0 {
            // It looks again, and asks for more where there is nothing.
            self.nodes[who] = Node { fence: purse.fence, until: purse.until.millis(), ..node };
            if purse.left() == 0 {
                self.ask_home(who);
            }
            return Ok(());
        }
        let until = self.at(self.now + LASTS);
        let done = if self.is(Mutant::NoExpiry) {
            // By its own clock it has time.
            let it_thinks = self.at((self.now + node.skew).min(purse.until.millis() - 1));
            self.purses[who].take(node.fence, 1, it_thinks)
        } else {
            self.purses[who].take(node.fence, 1, self.at(self.now))
        };
        if done && self.now >= purse.until.millis() {
            return Err(format!("node {who} took from a lease that was over {} ms ago", self.now - node.until));
        }
        self.taken += i64::from(done);
        if !done && self.dice.chance(500) {
            self.purses[who].renew(node.fence, until);
        }
        Ok(())
    }

    /// Somebody looks after leases whose time is over.
    fn sweep(&mut self, who: usize, sums: &mut Sums) {
        let (fence, now) = (self.leases[who].fence, self.at(self.now));
        if self.leases[who].granted > 0
            && let Some(receipt) = self.purses[who].close_lost(fence, now)
        {
            sums.returned += 1;
            self.messages.push(Message::Receipt(who, receipt));
        }
    }

    /// A message arrives, lately, and perhaps not for the last time.
    fn arrive(&mut self) {
        if self.messages.is_empty() {
            return;
        }
        let place = self.dice.place(self.messages.len());
        let until = self.at(self.now + LASTS);
        match &self.messages[place] {
            Message::Ticket(who, ticket) => {
                let purse = &mut self.purses[*who];
                if self.mutant == Some(Mutant::NoFence) && !purse.is_open {
                    // Whatever comes opens it.
                    *purse = Purse { fence: ticket.fence, granted: ticket.granted, until, is_open: true, ..*purse };
                } else {
                    purse.put(*ticket, until);
                }
            }
            Message::Receipt(who, receipt) => {
                let lease = &mut self.leases[*who];
                let receipt = if self.mutant == Some(Mutant::NoFence) {
                    Receipt { fence: lease.fence, ..*receipt }
                } else {
                    *receipt
                };
                self.budget.settle(lease, receipt);
            }
        }
        if self.dice.chance(700) {
            self.messages.swap_remove(place);
        }
    }

    fn step(&mut self, sums: &mut Sums) -> Result<(), String> {
        self.now += self.dice.between(0, 3);
        let who = self.dice.place(HOLDERS);
        match self.dice.below(100) {
            0 => {
                sums.deaths += 1;
                self.nodes[who] = Node { skew: self.dice.between(-86_400_000, 86_400_000), ..Node::default() };
            }
            // The message is lost: what was granted is out all the same.
            1 if !self.messages.is_empty() => {
                let place = self.dice.place(self.messages.len());
                self.messages.swap_remove(place);
            }
            2..=9 => self.sweep(who, sums),
            10..=29 => self.arrive(),
            30 if self.taken > 0 => {
                self.taken -= 1;
                self.purses[who].give(1);
            }
            // A pause in which leases come to their end.
            31 if self.dice.chance(30) => self.now += LASTS * 2,
            _ => self.sell(who)?,
        }
        self.check()
    }

    fn check(&self) -> Result<(), String> {
        let out: i64 = self.leases.iter().map(|lease| lease.granted).sum();
        let Budget { most, used, leased } = self.budget;
        if leased != out || used + leased + self.budget.free() != most || self.budget.free() < 0 {
            return Err(format!("{used} used, {leased} leased, of which {out} are out, of {most}"));
        }
        let open = self
            .leases
            .iter()
            .zip(&self.purses)
            .filter(|(lease, purse)| lease.granted > 0 && purse.fence == lease.fence);
        let spent: i64 = open.map(|(_, purse)| purse.spent).sum();
        let back: i64 = self.purses.iter().map(|purse| purse.back).sum();
        if used + spent - back != self.taken {
            return Err(format!("{} were taken, and the books say {}", self.taken, used + spent - back));
        }
        if self.taken > most {
            return Err(format!("{} were taken of {most}", self.taken));
        }
        Ok(())
    }

    /// All come back, and what was out comes home; then everything is sold.
    fn end(&mut self, sums: &mut Sums) -> Result<(), String> {
        self.now += LASTS * 2;
        self.messages.clear();
        for who in 0..HOLDERS {
            self.sweep(who, sums);
        }
        while let Some(message) = self.messages.pop() {
            if let Message::Receipt(who, receipt) = message {
                self.budget.settle(&mut self.leases[who], receipt);
            }
        }
        self.check()?;
        if self.budget.leased != 0 {
            return Err(format!("{} stay out for ever", self.budget.leased));
        }
        Ok(())
    }
}

fn run_world(seed: u64, steps: u64, mutant: Option<Mutant>, sums: &mut Sums) -> Result<(), String> {
    let mut world = World::new(seed, mutant);
    for step in 0..steps {
        world.step(sums).map_err(|error| format!("seed {seed}, step {step}: {error}"))?;
    }
    world.end(sums).map_err(|error| format!("seed {seed}, at the end: {error}"))?;
    sums.taken += world.taken;
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
