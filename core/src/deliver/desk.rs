//! All that is known of a buyer while it is delivered to: its breaker, what is on its way, and its tries again.

use super::breaker::{Breaker, BreakerTerms, Called};
use super::budget::{Budget, BudgetTerms};
use crate::model::{AttemptClass, BreakerState, Timestamp};
use serde::{Deserialize, Serialize};

/// How a buyer is delivered to, as its plan says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskTerms {
    /// How many of its leads are on their way at the same time, at most.
    pub at_once: u32,
    /// Its weight beside other buyers that wait.
    pub weight: u32,
    /// When it is not called; none where that is switched off.
    pub breaker: Option<BreakerTerms>,
    /// How many tries again there are.
    pub retries: BudgetTerms,
}

impl Default for DeskTerms {
    /// Eight at once, with a breaker and a budget.
    fn default() -> Self {
        let (breaker, retries) = (Some(BreakerTerms::default()), BudgetTerms::default());
        Self { at_once: 8, weight: 1, breaker, retries }
    }
}

/// A lead that is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Flight {
    /// The row of the outbox.
    delivery: u64,
    /// When its claim is over, whatever became of it.
    until: Timestamp,
    /// The round of the breaker that it began in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    round: Option<u32>,
}

/// The desk of a buyer. As JSON it is what a store keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    #[serde(default)]
    breaker: Breaker,
    #[serde(default)]
    budget: Budget,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    flights: Vec<Flight>,
    /// Who said where the breaker stands, where somebody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    forced: Option<Forced>,
}

/// Who forced a breaker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forced {
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl Desk {
    /// Its breaker.
    pub fn breaker(&self) -> &Breaker {
        &self.breaker
    }

    /// Who said where it stands, where somebody did.
    pub fn forced(&self) -> Option<&Forced> {
        self.forced.as_ref()
    }

    /// How many leads are on their way.
    pub fn on_the_way(&self) -> u32 {
        u32::try_from(self.flights.len()).unwrap_or(u32::MAX)
    }

    /// Whether the breaker keeps the buyer from being sold to.
    pub fn is_open(&self, terms: &DeskTerms, now: Timestamp) -> bool {
        self.watches(terms) && self.breaker.is_open(now)
    }

    /// How many leads may be sent now: as the breaker allows, and no more at once than the plan says.
    ///
    /// ```
    /// use leadwright::{deliver::{Desk, DeskTerms}, model::{AttemptClass, Timestamp}};
    /// let (mut desk, terms) = (Desk::default(), DeskTerms::default());
    /// let now: Timestamp = "2026-11-24T15:30:00Z".parse()?;
    /// assert_eq!(desk.may_send(&terms, now), 8);
    /// assert!(desk.sent(7, &terms, now, now.plus_millis(60_000)));
    /// assert_eq!(desk.may_send(&terms, now), 7);
    /// desk.ended(7, AttemptClass::Accepted, None, &terms, "acme|post", now);
    /// assert_eq!(desk.may_send(&terms, now), 8);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn may_send(&self, terms: &DeskTerms, now: Timestamp) -> u32 {
        let room = terms.at_once.saturating_sub(self.on_the_way());
        match &terms.breaker {
            Some(breaker) => room.min(self.breaker.room(breaker, now)),
            // What somebody said holds without one.
            None if self.breaker.state() == BreakerState::ForcedOpen => 0,
            None => room,
        }
    }

    /// A lead that is sent for the first time brings tries again.
    pub fn first(&mut self, terms: &DeskTerms, now: Timestamp) {
        self.budget.sent(terms.retries, now);
    }

    /// Whether there is a try again left.
    pub fn has_try(&self, terms: &DeskTerms, now: Timestamp) -> bool {
        self.budget.has(terms.retries, now)
    }

    /// One more try of a lead.
    ///
    /// # Errors
    /// When to ask again, where there is none left.
    pub fn again(&mut self, terms: &DeskTerms, now: Timestamp) -> Result<(), Timestamp> {
        self.budget.take(terms.retries, now)
    }

    /// A lead is on its way, until its claim is over. False where it may not be sent.
    pub fn sent(&mut self, delivery: u64, terms: &DeskTerms, now: Timestamp, until: Timestamp) -> bool {
        if self.may_send(terms, now) == 0 {
            return false;
        }
        let round = terms.breaker.as_ref().and_then(|breaker| self.breaker.take(breaker, now));
        self.flights.push(Flight { delivery, until, round });
        true
    }

    /// It is not on its way any more. What was not on its way counts nothing.
    pub fn ended(
        &mut self,
        delivery: u64,
        class: AttemptClass,
        took: Option<i64>,
        terms: &DeskTerms,
        name: &str,
        now: Timestamp,
    ) {
        let Some(place) = self.flights.iter().position(|flight| flight.delivery == delivery) else { return };
        let flight = self.flights.swap_remove(place);
        self.flights.sort_by_key(|flight| flight.delivery);
        if let (Some(round), Some(breaker)) = (flight.round, &terms.breaker) {
            self.breaker.ended(&Called { round, counts: class.counts_for_breaker(), took }, breaker, name, now);
        }
    }

    /// What was on its way and is over without an end: somebody else ended it, as when its person was forgotten. Its place and
    /// its permit come back, and it says nothing about the buyer.
    pub fn tidy(&mut self, terms: &DeskTerms, name: &str, now: Timestamp) {
        let over = self.flights.iter().filter(|flight| flight.until <= now).map(|flight| flight.delivery);
        for delivery in over.collect::<Vec<_>>() {
            self.ended(delivery, AttemptClass::NotTried, None, terms, name, now);
        }
    }

    /// Somebody says where the breaker stands from now on; `None` lets it go by itself, as if it were new.
    pub fn force(&mut self, state: BreakerState, forced: Option<Forced>, now: Timestamp) {
        self.breaker.force(state, now);
        self.forced = forced;
    }

    fn watches(&self, terms: &DeskTerms) -> bool {
        terms.breaker.is_some() || self.breaker.state() == BreakerState::ForcedOpen
    }
}
