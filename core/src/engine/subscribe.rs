//! The door for those who read the events.

use super::Engine;
use crate::events::Subscription;
use crate::model::{Error, EventKind, SubscriberName};
use crate::store::{self, Begin, SubscriberLag};

impl Engine {
    /// Reads the events under a name, each at least once: from where its cursor is, or for a new name from `begin`. No
    /// kinds are all. Whoever read under the name before is out.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::{engine::Engine, model::{EventKind, SubscriberName, Tick}, store::{Begin, MemoryStore}};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// engine.decide(br#"{"id":"L1","source":"web"}"#, Tick::at("2026-11-24T15:30:00Z".parse()?))?;
    /// let crm = SubscriberName::new("crm")?;
    /// let events = engine.subscribe(&crm, &[EventKind::LeadDecided], Begin::Start)?;
    /// for event in events.poll(100)? {
    ///     println!("{}", String::from_utf8_lossy(&event.bytes));
    ///     events.ack(event.position)?;
    /// }
    /// assert_eq!(engine.subscribers()?[0].behind, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `store.*`.
    pub fn subscribe(&self, name: &SubscriberName, kinds: &[EventKind], begin: Begin) -> Result<Subscription, Error> {
        Subscription::open(self.shared_store(), self.tenant(), name, kinds, begin)
    }

    /// Who reads the events, and how far behind each is.
    ///
    /// # Errors
    /// `store.*`.
    pub fn subscribers(&self) -> Result<Vec<SubscriberLag>, Error> {
        store::subscribers(self.store(), self.tenant())
    }

    /// Forgets a subscriber and its cursor; whoever reads under the name is out. Answers whether there was one.
    ///
    /// # Errors
    /// `store.*`.
    pub fn unsubscribe(&self, name: &SubscriberName) -> Result<bool, Error> {
        store::leave(self.store(), self.tenant(), name)
    }
}
