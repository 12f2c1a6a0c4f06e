//! The buyers of a world, with books of their own: what they have is the truth, whatever anybody was told.

use super::market::{BUYERS, Market};
use crate::sim::Dice;
use leadwright::model::AttemptClass;
use leadwright::operate::Sending;
use std::collections::BTreeMap;

/// A lead in the books of a buyer.
pub(crate) struct Held {
    /// How often it was entered: more than once only with a buyer that does not know its keys.
    pub(crate) times: u32,
}

/// What a buyer answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    /// What is to be read from it.
    pub(crate) class: AttemptClass,
    pub(crate) retry_after: Option<u32>,
}

/// How often of a thousand a buyer does what.
struct Mood {
    rejects: u64,
    duplicate: u64,
    /// 500 after the lead was entered.
    lies: u64,
    fails: u64,
    busy: u64,
    odd: u64,
    /// When it answers nothing at all, in milliseconds of the world; of what comes then it enters a half.
    hangs: (i64, i64),
}

/// What somebody finds out who asks a buyer about a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Has,
    HasNot,
}

#[derive(Default)]
pub(crate) struct Buyers {
    moods: Vec<Mood>,
    knows_keys: Vec<bool>,
    /// By delivery key.
    pub(crate) held: BTreeMap<String, Held>,
    /// What those who know keys said no to: they say it again.
    refused: BTreeMap<String, AttemptClass>,
    /// By lead and contract, the key under which it came.
    keys: BTreeMap<(String, String), String>,
    pub(crate) posts: u64,
    pub(crate) posts_again: u64,
    pub(crate) entered_twice: u64,
    /// At the end of a world everything works.
    pub(crate) are_well: bool,
}

impl Buyers {
    pub(crate) fn by_chance(dice: &mut Dice, market: &Market, millis: i64) -> Self {
        let mood = |dice: &mut Dice| {
            let from = dice.between(0, millis);
            Mood {
                rejects: dice.below(300),
                duplicate: dice.below(30),
                lies: dice.below(60),
                fails: dice.below(80),
                busy: dice.below(40),
                odd: dice.below(12),
                hangs: (from, from + dice.between(0, millis / 8)),
            }
        };
        let moods = (0..BUYERS).map(|_| mood(dice)).collect();
        let knows_keys = market.contracts.iter().map(|contract| contract.knows_keys).collect();
        Self { moods, knows_keys, ..Self::default() }
    }

    /// The books of buyers over sockets, as they gave them.
    pub(crate) fn of(ledger: &leadwright_buyers::Ledger) -> Self {
        let mut buyers = Self::default();
        for taken in &ledger.taken {
            let held = buyers.held.entry(taken.key.clone()).or_insert(Held { times: 0 });
            held.times += 1;
            buyers.entered_twice += u64::from(held.times == 2);
        }
        buyers
    }

    /// A request reaches its buyer: what it answers, none for nothing. An error where another key comes for the same lead.
    pub(crate) fn reached(
        &mut self,
        sending: &Sending,
        key: &str,
        dice: &mut Dice,
        now: i64,
    ) -> Result<Option<Said>, String> {
        self.posts += 1;
        let lead = sending.lead.to_string();
        let place = Market::place(sending.buyer.as_str());
        let before = self.keys.entry((lead.clone(), sending.contract.to_string())).or_insert_with(|| key.to_owned());
        if before != key {
            return Err(format!("{lead} came to {} under two keys", sending.contract));
        }
        self.posts_again += u64::from(sending.attempt > 1);
        let mood = &self.moods[place];
        let hangs = (mood.hangs.0..mood.hangs.1).contains(&now) && !self.are_well;
        if hangs {
            let may = !(self.knows_keys[place] && self.refused.contains_key(key));
            if may && dice.chance(500) {
                self.enter(key, place);
            }
            return Ok(None);
        }
        Ok(Some(self.answered(key, place, dice)))
    }

    fn answered(&mut self, key: &str, place: usize, dice: &mut Dice) -> Said {
        let said = |class| Said { class, retry_after: None };
        let Mood { rejects, duplicate, lies, fails, busy, odd, .. } = self.moods[place];
        let well = self.are_well;
        let happens = |dice: &mut Dice, often: u64| dice.chance(often) && !well;
        if happens(dice, fails) {
            return said(AttemptClass::Unavailable);
        }
        if happens(dice, busy) {
            let retry_after = dice.chance(500).then(|| 10 + dice.below(300) as u32);
            return Said { class: AttemptClass::RateLimited, retry_after };
        }
        if happens(dice, odd) {
            return said(*dice.one(&[AttemptClass::Auth, AttemptClass::NotFound, AttemptClass::Invalid]));
        }
        let knows = self.knows_keys[place];
        if knows && self.held.contains_key(key) {
            return said(AttemptClass::DuplicateOfOurs);
        }
        if let Some(class) = self.refused.get(key).filter(|_| knows) {
            return said(*class);
        }
        let no = match dice.below(1_000) {
            n if n < rejects => Some(AttemptClass::Rejected),
            n if n < rejects + duplicate => Some(AttemptClass::Duplicate),
            _ => None,
        };
        if let Some(class) = no {
            self.refused.insert(key.to_owned(), class);
            return said(class);
        }
        self.enter(key, place);
        said(if happens(dice, lies) { AttemptClass::Unavailable } else { AttemptClass::Accepted })
    }

    fn enter(&mut self, key: &str, place: usize) {
        let held = self.held.entry(key.to_owned()).or_insert(Held { times: 0 });
        if held.times == 0 || !self.knows_keys[place] {
            held.times += 1;
        }
        self.entered_twice += u64::from(held.times == 2);
    }

    /// It said no, and takes the lead after all, because it may.
    pub(crate) fn takes_late(&mut self, sending: &Sending) {
        self.enter(&sending.key, Market::place(sending.buyer.as_str()));
    }

    /// Somebody asks about a key.
    pub(crate) fn ask(&self, key: &str) -> Found {
        if self.held.contains_key(key) { Found::Has } else { Found::HasNot }
    }

    pub(crate) fn knows_keys(&self, buyer: &str) -> bool {
        self.knows_keys.get(Market::place(buyer)).copied().unwrap_or_default()
    }
}
