//! A lead that was handed out as the request that carries it, and what was answered as a report of it: for whoever sends, with
//! whatever client.

use super::super::doors::Engine;
use super::super::prepare::received_in;
use super::super::reads::Reads;
use super::super::replay::plan_of;
use crate::deliver::{
    Answered, Asked, Endpoint, Exchanged, Meaning, Outgoing, Request, Secrets, Sent, read_answer, render,
};
use crate::model::{AttemptClass, ContractId, Error, Timestamp};
use crate::operate::{DeliveryOutcome, NoAnswer, Sending};
use crate::plan::Plan;
use crate::plan::compiled::AfterNoAnswer;
use crate::store::Stored;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A request of a delivery, and the table by which its answer is read. `Debug` shows neither the lead nor a secret.
#[derive(Clone, Debug)]
pub struct Posting {
    /// What is to be sent, once.
    pub request: Request,
    /// How long an answer is waited for, all in all.
    pub wait: Duration,
    way: Way,
}

/// Why there is no request of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoRequest {
    /// What to report: `unsendable` where none can be made, `not_sent` where a secret is missing, which somebody may bring,
    /// `not_tried` where the store could not be read.
    pub class: AttemptClass,
    /// A sentence for people. It holds neither a value of the lead nor a secret.
    pub says: String,
}

impl fmt::Display for NoRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says)
    }
}

impl std::error::Error for NoRequest {}

impl NoRequest {
    fn unsendable(says: &str) -> Self {
        Self { class: AttemptClass::Unsendable, says: says.to_owned() }
    }

    fn store(error: &Error) -> Self {
        Self { class: AttemptClass::NotTried, says: error.to_string() }
    }
}

/// Where a delivery goes: an endpoint, and the plan that says so.
#[derive(Clone)]
struct Way {
    plan: Arc<Plan>,
    contract: ContractId,
    /// Whether it is only asked what became of the delivery.
    asks: bool,
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Way({}, {})", self.contract, self.plan.hash())
    }
}

impl Way {
    /// The endpoint, what is sent there, and how long an answer is waited for.
    fn found(&self) -> Option<(&Endpoint, &[Sent], i64)> {
        let place = self.plan.contracts.binary_search_by(|known| known.id.cmp(&self.contract)).ok()?;
        let contract = self.plan.contract(place)?;
        let post = contract.post.as_ref()?;
        let endpoint = match (self.asks, &contract.no_answer) {
            (false, _) => &post.endpoint,
            (true, Some(no_answer)) => no_answer.then.asks()?,
            (true, None) => return None,
        };
        Some((self.plan.endpoint(endpoint)?, &post.send, post.wait))
    }

    fn is_known(&self) -> bool {
        self.plan.contracts.binary_search_by(|known| known.id.cmp(&self.contract)).is_ok()
    }

    fn read(&self, exchanged: &Exchanged, now: Timestamp) -> Option<Answered> {
        self.found().map(|(endpoint, ..)| read_answer(endpoint, Asked::Post, exchanged, now))
    }

    /// What is reported of an attempt to deliver.
    fn ended(&self, exchanged: &Exchanged, took_ms: Option<u32>, now: Timestamp) -> DeliveryOutcome {
        match self.read(exchanged, now) {
            Some(answered) => DeliveryOutcome { took_ms, ..outcome(answered) },
            // Nobody says what the answer means: it may be that they took it.
            None => DeliveryOutcome { took_ms, ..DeliveryOutcome::of(AttemptClass::Unknown) },
        }
    }

    /// What is reported of an attempt of which nobody knew, where the answer of who was asked says it in so many words.
    fn found_out(&self, exchanged: &Exchanged, now: Timestamp) -> Option<DeliveryOutcome> {
        use Meaning::{Accepted, Duplicate, DuplicateOfOurs, Rejected};
        let answered = self.read(exchanged, now)?;
        answered.meaning.filter(|says| matches!(says, Accepted | DuplicateOfOurs | Rejected | Duplicate))?;
        let mut outcome = outcome(answered);
        // Who is asked by the key speaks of every attempt under it.
        outcome.policy.no_answer.insert(self.contract.clone(), NoAnswer::Retry);
        Some(outcome)
    }
}

fn outcome(answered: Answered) -> DeliveryOutcome {
    let Answered { class, status, price, currency, id, reason, retry_after, .. } = answered;
    let seconds = |millis: i64| u32::try_from(millis.max(0).unsigned_abs().div_ceil(1_000)).ok();
    let retry_after = retry_after.and_then(seconds);
    DeliveryOutcome {
        class: Some(class),
        status,
        retry_after,
        price,
        currency,
        their_id: id,
        reason,
        ..DeliveryOutcome::default()
    }
}

impl Posting {
    /// What to report of it: by the table of the endpoint that it was made for, also where the plan was swapped meanwhile.
    pub fn ended(&self, exchanged: &Exchanged, took_ms: Option<u32>, now: Timestamp) -> DeliveryOutcome {
        self.way.ended(exchanged, took_ms, now)
    }

    /// What to report where it only asked what became of a delivery; none where the answer does not say it. That something was
    /// not found, or not understood, says nothing: only a row of the table does.
    pub fn found_out(&self, exchanged: &Exchanged, now: Timestamp) -> Option<DeliveryOutcome> {
        self.way.found_out(exchanged, now)
    }
}

impl Engine {
    /// The request that carries a lead that [`claim`](Self::claim) handed out. The same one gives the same bytes, but for the
    /// time of a signature.
    ///
    /// The plan of now says where to; of a contract that it does not have any more the plan that sold the lead does (rule 87).
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "endpoints": { "hub": { "url": "https://hub.example/leads", "answers": [ { "if": { "/ok": true }, "is": "accepted" } ] } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
    /// #         "sell": { "exclusive": { "price": "40.00" } }, "post": { "to": "hub" } } } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::deliver::{Exchanged, Response, Secrets};
    /// use leadwright::model::{Code, DeliveryState, Error, Tick, Timestamp};
    /// use leadwright::{engine::Engine, operate::ClaimDeliveries, store::MemoryStore};
    /// struct None;
    /// impl Secrets for None {
    ///     fn secret(&self, name: &str) -> Result<String, Error> {
    ///         Err(Error::new(Code::InputBadOption, name))
    ///     }
    /// }
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let now: Timestamp = "2026-11-24T15:30:00Z".parse()?;
    /// engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, Tick::at(now))?;
    /// let claim = ClaimDeliveries { worker: "w1".into(), posts: true, ..ClaimDeliveries::default() };
    /// let sending = &engine.claim(&claim, now)?[0];
    ///
    /// let posting = engine.request_of(sending, now, &None)?;
    /// assert_eq!(posting.request.url, "https://hub.example/leads");
    /// // A client of the host's sends it, and says what came back.
    /// let response = Response { status: 200, headers: vec![], body: br#"{"ok":true}"#.to_vec() };
    /// let outcome = posting.ended(&Exchanged::Answered(response), Some(120), now);
    /// assert_eq!(engine.delivered(&sending.id, &outcome, now)?.state, DeliveryState::Done);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`NoRequest`] says what to report then.
    pub fn request_of(&self, sending: &Sending, now: Timestamp, secrets: &dyn Secrets) -> Result<Posting, NoRequest> {
        self.posting(sending, false, now, secrets)
    }

    /// The request that asks what became of a delivery, by its key: of one that [`asks`](Self::asks) handed out.
    ///
    /// # Errors
    /// As [`request_of`](Self::request_of), and nothing is to be reported then.
    pub fn question_of(&self, sending: &Sending, now: Timestamp, secrets: &dyn Secrets) -> Result<Posting, NoRequest> {
        self.posting(sending, true, now, secrets)
    }

    /// What to report of an attempt that ended so, for who did not keep the [`Posting`].
    ///
    /// # Errors
    /// `store.*`, where the plan of then has to be read.
    pub fn outcome_of(
        &self,
        sending: &Sending,
        exchanged: &Exchanged,
        took_ms: Option<u32>,
        now: Timestamp,
    ) -> Result<DeliveryOutcome, Error> {
        let stored = self.store().decision(self.tenant(), &sending.decision)?;
        Ok(self.way(sending, false, stored.as_ref())?.ended(exchanged, took_ms, now))
    }

    fn posting(
        &self,
        sending: &Sending,
        asks: bool,
        now: Timestamp,
        secrets: &dyn Secrets,
    ) -> Result<Posting, NoRequest> {
        let stored =
            self.store().decision(self.tenant(), &sending.decision).map_err(|error| NoRequest::store(&error))?;
        let way = self.way(sending, asks, stored.as_ref()).map_err(|error| NoRequest::store(&error))?;
        let Some((endpoint, send, wait)) = way.found() else {
            return Err(NoRequest::unsendable("the plan does not say where leads of the contract go"));
        };
        let received = stored.as_ref().map_or(sending.since, received);
        let outgoing = Outgoing {
            key: &sending.key,
            lead: &sending.lead,
            source: &sending.source,
            decision: &sending.decision,
            buyer: &sending.buyer,
            contract: &sending.contract,
            sale: sending.sale,
            price: Some(sending.price),
            currency: sending.currency,
            day: way.plan.zone.date(received),
            fields: &sending.fields,
            send,
        };
        let request = render(endpoint, &outgoing, now, secrets).map_err(|error| NoRequest {
            // Somebody may bring it: the buyer is not to lose its lead by that.
            class: if error.lacks_secret() { AttemptClass::NotSent } else { AttemptClass::Unsendable },
            says: format!("`{}`: {error}", endpoint.name()),
        })?;
        let wait = Duration::from_millis(u64::try_from(wait).unwrap_or_default());
        Ok(Posting { request, wait, way })
    }

    /// By the plan of now, where it has the contract; else by that of the sale, where the store has it.
    fn way(&self, sending: &Sending, asks: bool, stored: Option<&Stored>) -> Result<Way, Error> {
        let way = Way { plan: self.plan(), contract: sending.contract.clone(), asks };
        match stored.filter(|_| !way.is_known()) {
            Some(stored) => Ok(Way { plan: Arc::new(plan_of(self.store(), stored)?), ..way }),
            None => Ok(way),
        }
    }
}

impl AfterNoAnswer {
    /// The endpoint that is asked, where one is.
    pub(super) fn asks(&self) -> Option<&String> {
        match self {
            AfterNoAnswer::Ask(endpoint) => Some(endpoint),
            _ => None,
        }
    }
}

/// When a lead came: ages are those of that day (rule 84).
fn received(stored: &Stored) -> Timestamp {
    let record = &stored.record;
    let waited = || serde_json::from_str::<Reads>(&record.reads).ok()?.waited.map(|waited| waited.received);
    received_in(&record.input).or_else(waited).unwrap_or(record.requested_at)
}
