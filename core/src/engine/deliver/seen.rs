//! Where deliveries stand, for people who look.

use super::super::doors::Engine;
use super::report::open_letter;
use crate::deliver::is_undelivered;
use crate::model::{Backlog, DeliveryState, Error};
use crate::operate::DeliverySeen;
use crate::store::{Delivery, View};

impl Engine {
    /// How much of the outbox is not done, by buyer and state, and since when the oldest of it is to be delivered.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
    /// #         "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::{engine::Engine, model::{DeliveryState, Tick}, store::MemoryStore};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let now = Tick::at("2026-11-24T15:30:00Z".parse()?);
    /// engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, now)?;
    /// let left = &engine.outbox()?[0];
    /// assert_eq!((left.buyer.as_str(), left.state, left.count), ("acme", DeliveryState::Ready, 1));
    /// let all = engine.deliveries(None, 0, 100)?;
    /// assert_eq!(engine.delivery(&all[0].key)?.as_ref(), Some(&all[0]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `store.*`.
    pub fn outbox(&self) -> Result<Vec<Backlog>, Error> {
        self.look(|view| view.backlog())
    }

    /// Up to `limit` deliveries in this state behind the position `after`, in the order in which they were sold; without a
    /// state all that are not done.
    ///
    /// # Errors
    /// `store.*`.
    pub fn deliveries(
        &self,
        state: Option<DeliveryState>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<DeliverySeen>, Error> {
        self.look(|view| {
            let rows = view.deliveries(state, after, limit)?;
            rows.into_iter().map(|delivery| seen(view, delivery)).collect()
        })
    }

    /// One delivery by its key.
    ///
    /// # Errors
    /// `store.*`.
    pub fn delivery(&self, key: &str) -> Result<Option<DeliverySeen>, Error> {
        self.look(|view| view.delivery(key)?.map(|delivery| seen(view, delivery)).transpose())
    }
}

fn seen(view: &dyn View, delivery: Delivery) -> Result<DeliverySeen, Error> {
    let attempts = view.attempts(delivery.position)?;
    let dead = open_letter(view, &delivery)?;
    let (is_ready, is_claimed) = (delivery.state == DeliveryState::Ready, delivery.state == DeliveryState::Claimed);
    let Delivery { position, entry, state, since, worker, until, .. } = delivery;
    Ok(DeliverySeen {
        position,
        key: entry.key,
        decision: entry.decision,
        buyer: entry.buyer,
        contract: entry.contract,
        price: entry.price,
        state,
        since,
        due: Some(entry.due_at).filter(|_| is_ready),
        worker: worker.filter(|_| is_claimed),
        until: until.filter(|_| is_claimed),
        dead,
        remedy: dead.map(|reason| reason.remedy().to_owned()),
        undelivered: state != DeliveryState::Done && is_undelivered(attempts.iter().map(|attempt| attempt.class)),
        dead_letters: view.dead_letters(position)?,
        attempts,
    })
}
