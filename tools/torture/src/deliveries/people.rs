//! People of a world: they hear answers that came too late for whoever sent, find out what nobody knows, and let go again what
//! was given up.

use super::account::{Held, broken};
use super::buyers::Found;
use super::naive::Kind;
use super::world::World;
use leadwright::model::{AttemptClass, DeadReason, DeliveryState};
use leadwright::operate::{DeliveryOutcome, DeliverySeen, Redrive};

/// Nothing of an attempt is on its way when it ended so long ago, in milliseconds.
const QUIET: i64 = 240_000;
/// So many are looked at in one go.
const PAGE: usize = 256;

impl World {
    /// A late answer comes to somebody else than who sent.
    pub(super) fn hears(&mut self, call: usize) -> Held {
        let Some(said) = self.calls[call].said else { return Ok(()) };
        let id = self.calls[call].sending.id.clone();
        self.report(&id, said.class)
    }

    /// A buyer that said no tells that it takes the lead. It gets it where it may.
    pub(super) fn minds(&mut self, call: usize) -> Held {
        let sending = self.calls[call].sending.clone();
        if self.buyers.held.contains_key(&sending.key) {
            return Ok(());
        }
        self.report(&sending.id, AttemptClass::Accepted)?;
        self.read_on()?;
        // It asks whether it may have it, and takes it where its sale came about.
        if self.account.rows.get(&sending.key).is_some_and(|row| row.stands) {
            self.buyers.takes_late(&sending);
            self.account.one_owner(sending.lead.as_str(), &self.buyers)?;
        }
        Ok(())
    }

    /// From any process, until it is heard.
    fn report(&mut self, id: &str, class: AttemptClass) -> Held {
        for _ in 0..20 {
            let process = self.dice.place(self.engines.len());
            self.may_fail();
            let told = self.engines[process].delivered(id, &DeliveryOutcome::of(class), self.at(process));
            if self.told(told.map(drop))?.is_some() {
                return Ok(());
            }
        }
        Err(broken("error", "a store failed twenty times"))
    }

    pub(super) fn people(&mut self) -> Held {
        let unknown = self.listed(DeliveryState::Unknown)?;
        for seen in unknown {
            if self.dice.chance(300) {
                self.find_out(&seen)?;
            }
        }
        if self.dice.chance(300) {
            let why =
                *self.dice.one(&[None, Some(DeadReason::Auth), Some(DeadReason::NoAnswer), Some(DeadReason::TooOld)]);
            self.redrive(Redrive { why, limit: Some(20), ..Redrive::default() })?;
        }
        Ok(())
    }

    fn listed(&mut self, state: DeliveryState) -> Held<Vec<DeliverySeen>> {
        let found = self.engines[0].deliveries(Some(state), 0, PAGE);
        Ok(self.unless_failed(found)?.unwrap_or_default())
    }

    /// Asks the buyer of a delivery of which nobody knows.
    pub(super) fn find_out(&mut self, seen: &DeliverySeen) -> Held {
        let Some(last) = seen.attempts.last() else { return Ok(()) };
        let ended = last.ended_at.map_or(0, |ended| ended.millis());
        let is_quiet = self.at(0).millis() - ended > QUIET || self.is(Kind::AsksTooSoon);
        let knows_keys = self.buyers.knows_keys(seen.buyer.as_str());
        let id = |fence: u64| format!("{}.{fence}", seen.key);
        match self.buyers.ask(&seen.key) {
            _ if knows_keys && self.dice.chance(300) => {
                self.redrive(Redrive { key: Some(seen.key.clone()), unknown: true, ..Redrive::default() })
            }
            Found::Has => self.report(&id(last.fence), AttemptClass::Accepted),
            // One that says no now is not asked again.
            Found::HasNot if is_quiet => {
                let class = *self.dice.one(&[AttemptClass::Rejected, AttemptClass::NotSent]);
                seen.attempts
                    .iter()
                    .filter(|attempt| attempt.class == Some(AttemptClass::Unknown))
                    .try_for_each(|attempt| self.report(&id(attempt.fence), class))
            }
            Found::HasNot => Ok(()),
        }
    }

    fn redrive(&mut self, said: Redrive) -> Held {
        let said = Redrive { by: "ann".into(), reason: "it works again".into(), ..said };
        let process = self.dice.place(self.engines.len());
        self.may_fail();
        let redriven = self.engines[process].redrive(&said, self.at(process));
        let redriven = self.unless_failed(redriven)?;
        self.counts.redriven += redriven.map_or(0, |redriven| redriven.deliveries.len() as u64);
        Ok(())
    }

    /// At the end somebody goes through the books of all buyers: what they have is reported, whatever became of it here.
    pub(super) fn find_all_out(&mut self) -> Held {
        self.read_on()?;
        let held: Vec<String> = self.buyers.held.keys().cloned().collect();
        for key in held {
            let is_told = self.account.rows.get(&key).is_some_and(|row| row.stands || row.conflict.is_some());
            let seen = self.engines[0].delivery(&key).map_err(super::account::odd)?;
            let Some(seen) = seen.filter(|seen| !is_told || seen.state == DeliveryState::Unknown) else { continue };
            if let Some(last) = seen.attempts.last() {
                self.report(&format!("{key}.{}", last.fence), AttemptClass::Accepted)?;
            }
        }
        Ok(())
    }
}
