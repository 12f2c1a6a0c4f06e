//! Another system beside ours: what it tells us that it sold, room that it takes before it sells, and the money of both.

use super::{REMEMBERED, World};
use crate::sim::ledger::{Asked, Held, State, broken, must};
use crate::sim::market::{OFFERS, Request};
use leadwright::model::{DecisionId, Error, Outcome, Timestamp};
use leadwright::operate::{Observation, Reserve, Reserved};
use serde_json::{Value, json};

const HOUR: i64 = 3_600_000;

/// What the other system did with a lead.
#[derive(Clone)]
pub(super) struct Report {
    request: Request,
    seen: Value,
    /// The reservation that it sold under.
    room: Option<String>,
    /// The decision that took it down.
    told: Option<(DecisionId, Outcome)>,
}

impl World<'_> {
    /// The other system tells what it did: late, twice, in another order, or about a lead of ours.
    pub(super) fn observe(&mut self) -> Held {
        let known = if self.reports.is_empty() { 0 } else { self.dice.below(10) };
        match known {
            0..=4 => {
                let report = self.report();
                if self.dice.chance(300) {
                    self.keep(report);
                    return Ok(());
                }
                self.tell(report)
            }
            5..=6 => {
                let report = self.reported();
                self.tell(report)
            }
            // What was not sold is sold after all.
            7 => {
                let mut report = self.reported();
                if report.seen["outcome"] != "assigned" {
                    self.sells(&mut report);
                    report.told = None;
                }
                self.tell(report)
            }
            // The lead is sent here, too.
            8 => {
                let report = self.reported();
                self.send(report.request, report.told)
            }
            _ => {
                let Some(before) = self.answered.back() else { return Ok(()) };
                let request = before.request.clone();
                let mut report = Report { request, seen: json!({}), room: None, told: None };
                self.sells(&mut report);
                self.tell(report)
            }
        }
    }

    fn keep(&mut self, report: Report) {
        if self.reports.len() >= REMEMBERED {
            self.reports.pop_front();
        }
        self.reports.push_back(report);
    }

    /// One that may have been told.
    fn reported(&mut self) -> Report {
        let place = self.dice.place(self.reports.len());
        self.reports.remove(place).expect("there is one")
    }

    fn report(&mut self) -> Report {
        let n = self.next;
        self.next += 1;
        let request = Request::by_chance(&mut self.dice, n).renamed(format!("O{n}"));
        let mut report = Report { request, seen: json!({ "outcome": "unsold" }), room: None, told: None };
        if self.dice.chance(700) {
            self.sells(&mut report);
        }
        if self.dice.chance(600) {
            let at = self.now - self.dice.between(0, 5 * HOUR);
            report.seen["at"] = json!(Timestamp::EPOCH.plus_millis(at).to_string());
        }
        if self.dice.chance(200) {
            report.seen["compare"] = json!(true);
        }
        report
    }

    /// It is sold, perhaps under a reservation.
    fn sells(&mut self, report: &mut Report) {
        let mut contract = self.dice.one(&OFFERS).contract;
        report.room = None;
        if self.rooms > 0 && self.dice.chance(400) {
            let n = self.recent_room();
            let asked = Asked::of(n);
            contract = asked.offer.contract;
            report.request.source = asked.source.unwrap_or(report.request.source);
            report.room = Some(format!("r{n}"));
        }
        report.seen["outcome"] = json!("assigned");
        report.seen["sales"] = match &report.room {
            Some(room) => json!([{ "contract": contract, "reservation": room }]),
            None => json!([{ "contract": contract }]),
        };
    }

    fn tell(&mut self, mut report: Report) -> Held {
        let (node, tick) = self.any();
        let seen = Observation::read(&report.seen.to_string()).map_err(|error| broken("I3", error.to_string()))?;
        self.ledger.telling.clone_from(&report.room);
        let done = self.nodes[node].engine.observe(&report.request.bytes(), &seen, tick);
        self.enter()?;
        match done {
            Ok(done) => {
                let told = &done.told;
                let known = report.told.as_ref().map(|(id, _)| id).filter(|id| !self.ledger.is_erased(id));
                let same = known.is_none_or(|id| told.receipt.replayed && told.id == *id);
                must(same, "I4", || {
                    format!("{} was told before, and is taken down anew as {}", report.request.id, told.id)
                })?;
                self.seen.beside += u64::from(!told.receipt.replayed);
                self.log_of(told);
                self.ledger.answered(&told.id, &told.body, &self.memory)?;
                report.told = Some((told.id.clone(), told.outcome));
                self.keep(report);
                Ok(())
            }
            Err(error) => {
                let is_theirs = self.is_said(&error);
                // It is told again, once it can be.
                if !is_theirs {
                    self.keep(report);
                    return self.refused(&error);
                }
                Ok(())
            }
        }
    }

    /// Whether an error is about what was asked, and is said so.
    fn is_said(&mut self, error: &Error) -> bool {
        let is_theirs = error.code().as_str().starts_with("operation.");
        if is_theirs {
            self.say(error.code().as_str());
        }
        is_theirs
    }

    fn recent_room(&mut self) -> u64 {
        self.rooms - self.dice.below(self.rooms.min(12))
    }

    /// The other system takes room, confirms it or gives it back.
    pub(super) fn room(&mut self) -> Held {
        if self.rooms == 0 || self.dice.chance(350) {
            self.rooms += 1;
        }
        let kind = self.dice.below(10);
        let n = if kind < 4 { self.rooms } else { self.recent_room() };
        let (node, tick) = self.any();
        let (key, asked) = (format!("r{n}"), Asked::of(n));
        let mut said = json!({ "contract": asked.offer.contract, "key": key, "hold": (["5m", "40m", "3h"][(n % 5 % 3) as usize]) });
        if let Some(source) = asked.source {
            said["source"] = json!(source);
        }
        self.ledger.asked_by = self.nodes[node].plan;
        let engine = &self.nodes[node].engine;
        let done = match kind {
            0..=5 => Reserve::read(&said.to_string()).and_then(|of| engine.reserve_external(&of, tick.now)).map(Some),
            6..=7 => engine.confirm_external(&key, tick.now).map(Some),
            _ => engine.release_external(&key, tick.now),
        };
        self.enter()?;
        match done {
            Ok(done) => self.answered_of(&key, done.as_ref()),
            Err(error) if self.is_said(&error) => Ok(()),
            Err(error) => self.refused(&error),
        }
    }

    /// Whoever asked for room is answered what is so.
    fn answered_of(&mut self, key: &str, done: Option<&Reserved>) -> Held {
        let Some(done) = done else {
            self.say("nothing to give back");
            return Ok(());
        };
        self.say(done.state.map_or("no room", State::as_str));
        self.seen.beside += u64::from(done.state.is_some() && !done.replayed);
        let state = self.ledger.rooms.state(key);
        let same = match done.state {
            Some(said) => Some(said) == state,
            None => state.is_none_or(|state| state == State::Released),
        };
        must(same, "I3", || format!("of {key} was answered {:?}, and it is {state:?}", done.state))
    }

    /// A lead comes back, an amount is put right or paid, or a period is closed.
    pub(super) fn money(&mut self) -> Held {
        let party = *self.dice.one(&["buyer:acme", "buyer:bolt", "buyer:dove", "supplier:web"]);
        let amount = *self.dice.one(&[("12.34", 123_400), ("-3.00", -30_000), ("25.0001", 250_001)]);
        let mut owed = None;
        let mut said = match self.dice.below(10) {
            0..=4 => {
                let Some((id, buyer)) = self.given() else { return Ok(()) };
                json!({ "op": "return", "decision": id, "buyer": buyer })
            }
            5 => {
                owed = Some(amount.1);
                json!({ "op": "adjust", "party": party, "add": amount.0 })
            }
            6 => {
                owed = Some(-amount.1);
                json!({ "op": "payment", "party": party, "amount": amount.0 })
            }
            _ => {
                let day = (self.now - self.dice.between(0, 60 * HOUR)).div_euclid(24 * HOUR);
                let to = jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(day);
                json!({ "op": "close", "party": party, "to": to.to_string() })
            }
        };
        said["by"] = json!("ann");
        said["reason"] = json!("a test");
        if self.dice.chance(500) {
            said["key"] = json!(format!("m{}", self.dice.below(self.next)));
        }
        self.ledger.books.said = owed;
        let is_new = self.operated(&said)?;
        self.seen.beside += u64::from(is_new);
        Ok(())
    }

    /// A sale that comes back, or has come back before.
    fn given(&mut self) -> Option<(String, String)> {
        let named = |(id, buyer): &(DecisionId, String)| (id.to_string(), buyer.clone());
        if self.dice.chance(300) {
            return self.ledger.books.back.as_ref().map(named);
        }
        let all = self.ledger.books.recent.len();
        if all == 0 {
            return None;
        }
        let place = self.dice.place(all);
        self.ledger.books.recent.get(place).map(named)
    }
}
