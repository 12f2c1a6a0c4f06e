//! Caps of which the store of a world has only a part. Other stores have the rest: they sell, die, come late and give back beside
//! the engines. The database's clock is another one than those of nodes.

use super::dice::Dice;
use crate::lease::{Cap, HOLDERS, at};
use std::collections::BTreeMap;

/// Whose caps are shared: one of leads, and one of money to which returns give back.
const OWNERS: [&str; 2] = ["buyer:dove|", "buyer:acme|"];
/// Which of the holders the store of the world is.
const OURS: usize = 0;
/// How long a lease lasts, in milliseconds.
const LASTS: i64 = 60_000;

/// A lease as a transaction looked at it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Part {
    pub(crate) fence: u64,
    pub(crate) left: i64,
}

/// What a transaction takes of each, and of which lease it was that it looked at.
pub(crate) type Taken = BTreeMap<String, (u64, i64)>;

/// What is done wrong, where a mutant is at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Nobody asks whether a lease is over, or another one by now.
    Late,
    /// What is given back is forgotten.
    Forgetful,
}

struct Shared {
    cap: Cap,
    grain: i64,
}

pub(crate) struct Leases {
    dice: Dice,
    now: i64,
    caps: BTreeMap<String, Shared>,
    wrong: Option<Wrong>,
}

impl Leases {
    pub(crate) fn new(seed: u64, wrong: Option<Wrong>) -> Self {
        Self { dice: Dice::new(seed), now: 1_000_000, caps: BTreeMap::new(), wrong }
    }

    pub(crate) fn covers(key: &str) -> bool {
        OWNERS.iter().any(|owner| key.starts_with(owner)) && key.ends_with("|sold") && key.matches('|').count() == 3
    }

    /// What may be sold here now. Who writes asks home where that is too little; `spent` is what the transaction took before.
    pub(crate) fn hold(&mut self, key: &str, limit: i64, is_writer: bool) -> Part {
        let (now, grain) = (self.now, if key.contains("|spend|") { (limit / 64).max(1) } else { 1 });
        let Shared { cap, grain } =
            self.caps.entry(key.to_owned()).or_insert_with(|| Shared { cap: Cap::new(limit), grain });
        let found = part_of(cap, now);
        if !is_writer || found.left >= *grain {
            return found;
        }
        // Its time is over, or it has too little: closed and told, and asked anew.
        if cap.sweep(OURS, now) {
            cap.settle(OURS, now + LASTS);
        }
        cap.ask_home(OURS, *grain);
        // The answer may be late: it is out, and nobody has it.
        if !self.dice.chance(100) {
            cap.settle(OURS, now + LASTS);
        }
        part_of(cap, now)
    }

    /// The same without asking anybody.
    pub(crate) fn look(&self, key: &str) -> Part {
        self.caps.get(key).map_or_else(Part::default, |shared| part_of(&shared.cap, self.now))
    }

    /// All of it or nothing, as the transaction that it is part of.
    pub(crate) fn take(&mut self, taken: &Taken) -> bool {
        // It took its time.
        if self.dice.chance(20) {
            self.now += LASTS;
        }
        let now = self.now;
        let is_late = self.wrong == Some(Wrong::Late);
        let may = |key: &String, fence: u64, much: i64| {
            let Some(purse) = self.caps.get(key).map(|shared| shared.cap.purses[OURS]) else { return much <= 0 };
            much <= 0 || is_late || { purse }.take(fence, much, at(now))
        };
        if !taken.iter().all(|(key, (fence, much))| may(key, *fence, *much)) {
            return false;
        }
        for (key, (_, much)) in taken {
            let Some(Shared { cap, .. }) = self.caps.get_mut(key) else { continue };
            cap.taken += much;
            let purse = &mut cap.purses[OURS];
            if *much > 0 {
                purse.spent += much;
            } else if self.wrong != Some(Wrong::Forgetful) {
                purse.give(-much);
            }
        }
        true
    }

    /// What the other stores do, and what is on the way, while the world makes a step.
    pub(crate) fn step(&mut self) {
        let Self { dice, now, caps, .. } = self;
        *now += dice.between(0, 4_000);
        for Shared { cap, grain } in caps.values_mut() {
            let who = 1 + dice.place(HOLDERS - 1);
            match dice.below(100) {
                0..=1 => cap.lose(dice),
                2..=9 => drop(cap.sweep(who, *now)),
                // Whoever finds nothing free looks after all of them, ours too.
                10..=11 => drop(cap.sweep(OURS, *now)),
                12..=29 => cap.arrive(*now + LASTS, dice, None),
                30..=39 => cap.ask_home(who, *grain),
                40..=49 => {
                    let purse = &mut cap.purses[who];
                    let much = (*grain).min(purse.left());
                    if much > 0 && purse.take(purse.fence, much, at(*now)) {
                        cap.taken += much;
                    }
                }
                _ => {}
            }
        }
    }

    /// What was taken, what is out and what is free make the limit, of every cap.
    pub(crate) fn check(&self) -> Result<(), String> {
        self.caps.iter().try_for_each(|(key, Shared { cap, .. })| cap.check().map_err(|why| format!("{key}: {why}")))
    }

    /// At the end of the world what is out comes home.
    pub(crate) fn end(&mut self) -> Result<(), String> {
        let now = self.now + 2 * LASTS;
        self.caps
            .iter_mut()
            .try_for_each(|(key, Shared { cap, .. })| cap.end(now).map(drop).map_err(|why| format!("{key}: {why}")))
    }
}

fn part_of(cap: &Cap, now: i64) -> Part {
    let purse = cap.purses[OURS];
    Part { fence: purse.fence, left: if now < purse.until.millis() { purse.left() } else { 0 } }
}
