//! A lead is decided, and offered to one buyer after the other, while its supplier waits.

use super::respond::answered;
use super::standing::Standing;
use crate::deliver::{Exchanged, NotSent, Request};
use crate::engine::Engine;
use crate::engine::batch::short_enough;
use crate::engine::doors::Decided;
use crate::engine::host::Outside;
use crate::engine::prepare::Prepared;
use crate::model::{AttemptClass, DecisionId, DeliveryState, Error, Tick, Timestamp};
use crate::operate::{DeliveryOutcome, Sending, Submitted};
use std::time::Duration;

/// Who sends, as the log calls it.
const WORKER: &str = "submit";
/// How long a claim outlasts the time of its supplier: whoever dies in between leaves an attempt of unknown end then.
const HOLD: i64 = 60_000;
/// With less time than this no lead is sent: what nobody waits for an answer of may be anybody's.
const LEAST: i64 = 100;

impl Engine {
    /// Decides a lead and delivers it before it answers: contracts that bid are asked, the lead is posted to who won, and to
    /// the next one where it refuses, until somebody has it, nobody is left, or `within` is over.
    ///
    /// Whatever happens the lead is recorded before this returns, and what is not known in time goes on without its supplier:
    /// the answer is then [`Pending`](crate::operate::SubmitEnd::Pending), and the outbox delivers it. No call to a buyer is
    /// made inside of a transaction.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "endpoints": {
    /// #       "bids": { "url": "https://hub.example/ping", "answers": [ { "if": { "/buy": true }, "is": "bid", "price": "/price" } ] },
    /// #       "hub": { "url": "https://hub.example/leads", "answers": [ { "if": { "/ok": true }, "is": "accepted" } ] } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
    /// #         "sell": { "exclusive": { "bid": { "max": "120.00" } } },
    /// #         "ping": { "to": "bids", "send": ["zip"] }, "post": { "to": "hub" } } } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::deliver::{Exchanged, Request, Response, Secrets, Transport};
    /// use leadwright::engine::{Clock, Engine, Outside};
    /// use leadwright::model::{Code, Error, Tick, Timestamp};
    /// use leadwright::{operate::SubmitEnd, store::MemoryStore};
    /// use std::time::Duration;
    /// struct World(Timestamp);
    /// impl Clock for World {
    ///     fn now(&self) -> Timestamp {
    ///         self.0
    ///     }
    /// }
    /// impl Secrets for World {
    ///     fn secret(&self, name: &str) -> Result<String, Error> {
    ///         Err(Error::new(Code::InputBadOption, name))
    ///     }
    /// }
    /// impl Transport for World {
    ///     fn send(&self, request: &Request, _: Duration) -> Exchanged {
    ///         let is_ping = request.url.ends_with("/ping");
    ///         let body: &[u8] = if is_ping { br#"{"buy":true,"price":"42.00"}"# } else { br#"{"ok":true}"# };
    ///         Exchanged::Answered(Response { status: 200, headers: vec![], body: body.to_vec() })
    ///     }
    /// }
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let world = World("2026-11-24T15:30:00Z".parse()?);
    /// let outside = Outside { transport: &world, secrets: &world, clock: &world };
    /// let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309","zip":"60601"}"#;
    /// let submitted = engine.submit(lead, Tick::at(world.now()), Duration::from_secs(2), &outside)?;
    /// assert_eq!((submitted.ended, submitted.sales[0].price.to_string()), (SubmitEnd::Sold, "42.00".to_owned()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`decide`](Self::decide). After the lead is recorded nothing is an error any more but what the store says.
    pub fn submit(&self, lead: &[u8], tick: Tick, within: Duration, outside: &Outside<'_>) -> Result<Submitted, Error> {
        short_enough(lead)?;
        let until = until(outside, within);
        self.submit_prepared(self.prepare(lead, tick), until, outside)
    }

    pub(super) fn submit_prepared(
        &self,
        mut lead: Prepared,
        until: Timestamp,
        outside: &Outside<'_>,
    ) -> Result<Submitted, Error> {
        let plan = self.plan();
        self.ask_for_bids(&plan, &mut lead, until, outside)?;
        lead.asked.ours_until = Some(until);
        let decided = self.decide_prepared(lead)?;
        // Of one that was decided before the outbox has what is left to do.
        if !decided.receipt.replayed {
            self.place(&decided, until, outside)?;
        }
        Ok(answered(&plan, self.standing_of(&decided.id, &plan)?))
    }

    /// Sends the lead to those who got it, and to the next ones where they refuse, until the time is over.
    fn place(&self, decided: &Decided, until: Timestamp, outside: &Outside<'_>) -> Result<(), Error> {
        let mut latest = Some(decided.id.clone());
        while let Some(id) = latest.take() {
            let keys = self.keys_of(&id)?;
            let now = outside.clock.now();
            let left = until.millis().saturating_sub(now.millis());
            if keys.is_empty() || left < LEAST {
                break;
            }
            let sendings = self.claim_ours(&keys, WORKER, left.saturating_add(HOLD), now)?;
            for (sending, outcome) in self.post_all(&sendings, left, outside) {
                let told = self.delivered(&sending.id, &outcome, outside.clock.now())?;
                latest = told.next.or(latest);
            }
        }
        Ok(())
    }

    /// Sends all of them at once, and says how each ended.
    fn post_all<'s>(
        &self,
        sendings: &'s [Sending],
        left: i64,
        outside: &Outside<'_>,
    ) -> Vec<(&'s Sending, DeliveryOutcome)> {
        let begun = outside.clock.now();
        let left = Duration::from_millis(u64::try_from(left).unwrap_or_default());
        let (mut ended, mut calls, mut requests) = (Vec::new(), Vec::new(), Vec::<(Request, Duration)>::new());
        for sending in sendings {
            match self.request_of(sending, begun, outside.secrets) {
                Ok(posting) => {
                    requests.push((posting.request.clone(), posting.wait.min(left)));
                    calls.push((sending, posting, false));
                }
                Err(no) => ended.push((sending, DeliveryOutcome::of(no.class))),
            }
        }
        outside.transport.send_all(&requests, &mut |place, exchanged| {
            let Some((sending, posting, is_known)) = calls.get_mut(place).filter(|call| !call.2) else { return };
            *is_known = true;
            let now = outside.clock.now();
            let took = u32::try_from(now.millis().saturating_sub(begun.millis())).ok();
            // That there was no time is nothing that the buyer did.
            let outcome = match exchanged {
                Exchanged::NotSent(NotSent::TooLate) => DeliveryOutcome::of(AttemptClass::NotTried),
                exchanged => posting.ended(&exchanged, took, now),
            };
            ended.push((*sending, outcome));
        });
        // Of what a transport says nothing nobody knows anything.
        let silent = calls.iter().filter(|(_, _, is_known)| !is_known);
        ended.extend(silent.map(|(sending, ..)| (*sending, DeliveryOutcome::of(AttemptClass::Unknown))));
        ended
    }

    /// The deliveries of a decision that the plan says how to make.
    fn keys_of(&self, id: &DecisionId) -> Result<Vec<String>, Error> {
        let plan = self.plan();
        self.look(|view| {
            let Some((_, body)) = view.body(id)? else { return Ok(Vec::new()) };
            let mut keys = Vec::new();
            for sold in Standing::read(&body)?.assignments {
                let place = plan.contracts.binary_search_by(|known| known.id.cmp(&sold.contract)).ok();
                let posts = place.and_then(|place| plan.contract(place)).is_some_and(|known| known.post.is_some());
                let is_ready =
                    || Ok(view.delivery(&sold.key)?.is_some_and(|found| found.state == DeliveryState::Ready));
                if posts && is_ready()? {
                    keys.push(sold.key);
                }
            }
            Ok(keys)
        })
    }
}

pub(super) fn until(outside: &Outside<'_>, within: Duration) -> Timestamp {
    outside.clock.now().plus_millis(i64::try_from(within.as_millis()).unwrap_or(i64::MAX))
}
