//! Deliveries of which nobody knows, and whose buyer can be asked what became of them.

use super::super::doors::{Engine, effective};
use super::claim::{sending, told};
use crate::model::{Attempt, DeliveryState, Error, Timestamp};
use crate::operate::Sending;
use crate::store::{Change, Delivery};

/// So many are looked at in one go.
const PAGE: usize = 256;
/// How long after an attempt its buyer is asked first where the plan does not say, and how often it is at most, in milliseconds.
pub(super) const SOON: i64 = 60_000;
const SELDOM: i64 = 3_600_000;
/// For how long it is asked.
const LONGEST: i64 = 3 * 86_400_000;

impl Engine {
    /// Hands out up to `limit` deliveries of which nobody knows whether their buyers have them, whose contracts say
    /// `"no_answer": {"then": "ask", …}`, and whose time to be asked has come; each to one caller at a time. Make the question
    /// with [`question_of`](Self::question_of), and report what is found out under the `id`, as of any attempt. What is not found
    /// out is asked again: after as long again as has passed since the attempt, once an hour at least, for three days. Then it is
    /// kept until somebody finds out.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "endpoints": { "hub": { "url": "https://hub.example/leads" },
    /// #         "status": { "url": "https://hub.example/leads/{{ key }}", "method": "GET" } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
    /// #         "sell": { "exclusive": { "price": "40.00" } }, "post": { "to": "hub" },
    /// #         "no_answer": { "hold_at_most": "10m", "then": "ask", "ask": "status" } } } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::{engine::Engine, model::{AttemptClass, Tick, Timestamp}, store::MemoryStore};
    /// use leadwright::operate::{ClaimDeliveries, DeliveryOutcome};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let now: Timestamp = "2026-11-24T15:30:00Z".parse()?;
    /// engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, Tick::at(now))?;
    /// let claim = ClaimDeliveries { worker: "w1".into(), ..ClaimDeliveries::default() };
    /// let sending = &engine.claim(&claim, now)?[0];
    /// engine.delivered(&sending.id, &DeliveryOutcome::of(AttemptClass::Unknown), now)?;
    ///
    /// assert!(engine.asks(16, now)?.is_empty(), "it is kept for ten minutes");
    /// assert_eq!(engine.asks(16, now.plus_millis(600_000))?[0].id, sending.id);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `store.*`.
    pub fn asks(&self, limit: usize, now: Timestamp) -> Result<Vec<Sending>, Error> {
        if !self.plan().contracts.iter().any(|contract| self.asks_of(&contract.id)) {
            return Ok(Vec::new());
        }
        self.once_or_again(&mut |transaction| {
            let at = effective(&*transaction, now)?;
            let mut asked = Vec::new();
            let mut change = Change::at(at);
            for delivery in transaction.claims_over(at, PAGE)? {
                if asked.len() >= limit {
                    break;
                }
                if delivery.state != DeliveryState::Unknown || !self.asks_of(&delivery.entry.contract) {
                    continue;
                }
                let attempts = transaction.attempts(delivery.position)?;
                let Some(attempt) = attempts.into_iter().find(|attempt| attempt.fence == delivery.fence) else {
                    continue;
                };
                let until = asked_again(&attempt, at);
                match told(&*transaction, &delivery)?.zip(until) {
                    Some(((told, sold), until)) => {
                        change.deliveries.push(Delivery { until: Some(until), ..delivery.clone() });
                        asked.push(sending(delivery, attempt.n, until, told, &sold));
                    }
                    None => change.deliveries.push(Delivery { until: None, ..delivery }),
                }
            }
            if !change.deliveries.is_empty() {
                transaction.change(&change)?;
            }
            Ok(asked)
        })
    }

    /// Whether the plan says of a contract whom to ask.
    pub(super) fn asks_of(&self, contract: &crate::model::ContractId) -> bool {
        self.after_no_answer(contract).is_some_and(|no_answer| no_answer.then.asks().is_some())
    }
}

/// When it is asked once more; none where it was asked for long enough.
fn asked_again(attempt: &Attempt, at: Timestamp) -> Option<Timestamp> {
    let ended = attempt.ended_at.unwrap_or(attempt.started_at);
    let passed = at.millis().saturating_sub(ended.millis());
    (passed <= LONGEST).then(|| at.plus_millis(passed.clamp(SOON, SELDOM)))
}
