//! Room that another system takes before it sells: what was asked for, and what became of it.

use super::sales::Use;
use super::{Broken, Held, Ledger, broken, must};
use crate::sim::market::{OFFERS, Offer};
use leadwright::model::{DecisionId, Error, Event, ReservationState, Timestamp};
use leadwright::store::View;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) type State = ReservationState;

/// What is asked for under a key, the same whenever it is.
#[derive(Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) offer: &'static Offer,
    pub(crate) source: Option<&'static str>,
}

impl Asked {
    /// What the other system asks for under its n-th name.
    pub(crate) fn of(n: u64) -> Self {
        let place = |of: u64, count: usize| usize::try_from(of).unwrap_or(0) % count;
        Self { offer: &OFFERS[place(n, OFFERS.len())], source: [None, Some("web"), Some("form")][place(n / 7, 3)] }
    }
}

/// A reservation by our own reckoning.
struct Room {
    asked: Asked,
    price: i64,
    state: State,
    at: i64,
    until: i64,
    by: Option<DecisionId>,
}

impl Room {
    fn used(&self) -> Use<'static> {
        let Asked { offer, source } = self.asked;
        Use {
            contract: offer.contract,
            buyer: offer.buyer,
            group: offer.group,
            source,
            price: self.price,
            at: self.at,
            is_first: true,
        }
    }
}

#[derive(Default)]
pub(crate) struct Rooms {
    all: BTreeMap<String, Room>,
    held: BTreeSet<(i64, String)>,
    touched: BTreeSet<String>,
}

impl Rooms {
    pub(crate) fn state(&self, key: &str) -> Option<State> {
        self.all.get(key).map(|room| room.state)
    }

    /// One that is held, and whose time is over.
    pub(super) fn over(&self, at: i64) -> Option<(String, i64)> {
        self.held.first().filter(|(until, _)| *until <= at).map(|(until, key)| (key.clone(), *until))
    }

    fn put(&mut self, key: &str, room: Room) {
        self.leave(key);
        if room.state == State::Held {
            self.held.insert((room.until, key.to_owned()));
        }
        self.all.insert(key.to_owned(), room);
        self.touched.insert(key.to_owned());
    }

    fn leave(&mut self, key: &str) -> Option<Room> {
        let room = self.all.remove(key)?;
        self.held.remove(&(room.until, key.to_owned()));
        Some(room)
    }

    /// A sale was told under it, by a decision.
    pub(super) fn sold_under(&mut self, key: &str, id: &DecisionId) {
        if let Some(mut room) = self.leave(key) {
            room.by = Some(id.clone());
            if room.state != State::Released {
                room.state = State::Confirmed;
            }
            self.put(key, room);
        }
    }

    pub(super) fn confirmed(&mut self, key: &str) -> Held {
        let room = self.leave(key).filter(|room| room.state != State::Released);
        let mut room = room.ok_or_else(|| broken("I10", format!("{key} is confirmed, and is not held")))?;
        room.state = State::Confirmed;
        self.put(key, room);
        Ok(())
    }

    /// The same, told with a decision.
    pub(super) fn confirmed_by(&mut self, event: &Event, id: &DecisionId) -> Held {
        let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
        let key = data["key"].as_str().unwrap_or_default();
        self.confirmed(key)?;
        self.sold_under(key, id);
        Ok(())
    }

    /// Whether the store has those that a step has touched as they are here; all of them with `all`.
    pub(super) fn compare(&mut self, view: &dyn View, all: bool) -> Result<Held, Error> {
        let touched = std::mem::take(&mut self.touched);
        let keys: Vec<&String> = if all { self.all.keys().collect() } else { touched.iter().collect() };
        for key in keys {
            let Some(want) = self.all.get(key) else { continue };
            let found = view.reservation(key)?;
            let same = found.as_ref().is_some_and(|found| {
                let of = found.contract.as_str() == want.asked.offer.contract && found.by == want.by;
                of && found.state == want.state && (found.at.millis(), found.until.millis()) == (want.at, want.until)
            });
            if !same {
                let found = found.map(|found| found.state);
                let said = format!(
                    "{key} is {:?} by what was told, and {found:?} in the store, or of another time",
                    want.state
                );
                return Ok(Err(broken("I10", said)));
            }
        }
        if all {
            let held = view.held_until(Timestamp::EPOCH.plus_millis(i64::MAX), usize::MAX)?.len();
            let want = self.held.len();
            return Ok(must(held == want, "I10", || format!("{held} reservations are held, and {want} should be")));
        }
        Ok(Ok(()))
    }

    pub(super) fn is_touched(&self) -> bool {
        !self.touched.is_empty()
    }
}

impl Ledger {
    /// Room was taken.
    pub(super) fn reserved(&mut self, key: &str, until: Option<i64>, at: i64) -> Held {
        let before = self.rooms.leave(key);
        let is_taken = before.as_ref().is_some_and(|before| before.state != State::Released);
        must(!is_taken, "I4", || format!("{key} takes room, and has taken it before"))?;
        let asked = number(key).map(Asked::of)?;
        let state = if until.is_some() { State::Held } else { State::Confirmed };
        let room =
            Room { asked, price: asked.offer.price[self.asked_by], state, at, until: until.unwrap_or(at), by: None };
        let used = room.used();
        self.rooms.put(key, room);
        self.takes(&key, &used, self.asked_by)
    }

    /// Room was given back, because it was `released`, or its time was over.
    pub(super) fn released(&mut self, key: &str, because: &str, at: i64) -> Held {
        let room = self.rooms.leave(key).filter(|room| room.state == State::Held);
        let mut room = room.ok_or_else(|| broken("I10", format!("{key} gives room back, and holds none")))?;
        let is_over = room.until <= at;
        must(is_over == (because == "expired"), "I7", || {
            format!("{key} was held until {} ms, and {because} at {at} ms", room.until)
        })?;
        self.gives_back(&room.used());
        room.state = State::Released;
        self.rooms.put(key, room);
        Ok(())
    }
}

fn number(key: &str) -> Result<u64, Broken> {
    let number = key.strip_prefix('r').and_then(|number| number.parse().ok());
    number.ok_or_else(|| broken("I10", format!("nobody asked for {key}")))
}
