//! The desks of all buyers as one transaction sees them. They lie in settings, so they are exact for whoever shares the store.

use super::super::doors::Engine;
use crate::deliver::{Desk, DeskTerms, Fair, Forced};
use crate::events::{BreakerChanged, written};
use crate::model::{AttemptClass, BreakerState, BuyerId, Channel, Code, Error, Event, EventKind, Subject, Timestamp};
use crate::operate::{BreakerSeen, DESKS, DESKS_OPEN, Opens, desk_key, desk_name, desk_of, opens};
use crate::plan::Plan;
use crate::store::{Change, Setting, View};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The setting that says whose turn it is.
const TURN: &str = "outbox_turn";

/// A desk, and as it was read.
struct Known {
    desk: Desk,
    text: Option<String>,
    /// As of the last event.
    state: BreakerState,
    /// Who just said where it stands.
    said: Option<Forced>,
}

/// Those that were looked at.
pub(in crate::engine) struct Desks {
    plan: Arc<Plan>,
    usual: DeskTerms,
    /// For bids, or for leads.
    channel: Channel,
    /// What was read of all of them, where that was done, by those that nobody has looked at yet.
    unread: Option<BTreeMap<BuyerId, String>>,
    known: BTreeMap<BuyerId, Known>,
}

impl Desks {
    pub(in crate::engine) fn new(plan: Arc<Plan>) -> Self {
        Self { plan, usual: DeskTerms::default(), channel: Channel::Post, unread: None, known: BTreeMap::new() }
    }

    /// Those where bids are asked for.
    pub(in crate::engine) fn of_pings(plan: Arc<Plan>) -> Self {
        Self { channel: Channel::Ping, ..Self::new(plan) }
    }

    /// Fetches all of them at once; each is read when it is looked at.
    pub(super) fn fetch_all(&mut self, view: &dyn View) -> Result<(), Error> {
        let all = view.settings(DESKS)?.into_iter();
        let posts = all.filter_map(|(key, text)| match desk_of(&key)? {
            (buyer, Channel::Post) => Some((buyer, text)),
            _ => None,
        });
        self.unread = Some(posts.collect());
        Ok(())
    }

    /// Looks at one.
    pub(in crate::engine) fn read(&mut self, view: &dyn View, buyer: &BuyerId) -> Result<(), Error> {
        if self.known.contains_key(buyer) {
            return Ok(());
        }
        let text = match &mut self.unread {
            Some(unread) => unread.remove(buyer),
            None => view.setting(&desk_key(buyer, self.channel))?,
        };
        self.known.insert(buyer.clone(), Known::read(text)?);
        Ok(())
    }

    /// Looks at all that were fetched.
    pub(super) fn read_all(&mut self) -> Result<(), Error> {
        for (buyer, text) in self.unread.iter_mut().flat_map(std::mem::take) {
            self.known.insert(buyer, Known::read(Some(text))?);
        }
        Ok(())
    }

    /// How a buyer is delivered to. One that the plan has no more is as others are.
    pub(super) fn terms(&self, buyer: &BuyerId) -> &DeskTerms {
        self.plan.buyers.get(buyer).map_or(&self.usual, |buyer| &buyer.deliver)
    }

    /// Does something at a desk.
    pub(in crate::engine) fn at<T>(
        &mut self,
        buyer: &BuyerId,
        what: impl FnOnce(&mut Desk, &DeskTerms, &str) -> T,
    ) -> T {
        let terms = self.plan.buyers.get(buyer).map_or(&self.usual, |buyer| &buyer.deliver);
        let known = self.known.entry(buyer.clone()).or_insert_with(Known::new);
        what(&mut known.desk, terms, &desk_name(buyer, self.channel))
    }

    /// How many leads may be sent to a buyer now.
    pub(super) fn may_send(&self, buyer: &BuyerId, at: Timestamp) -> usize {
        let terms = self.terms(buyer);
        let room = self.known.get(buyer).map_or(terms.at_once, |known| known.desk.may_send(terms, at));
        usize::try_from(room).unwrap_or(usize::MAX)
    }

    /// Whether the buyer has a try again left.
    pub(super) fn has_try(&self, buyer: &BuyerId, at: Timestamp) -> bool {
        let terms = self.terms(buyer);
        self.known.get(buyer).is_none_or(|known| known.desk.has_try(terms, at))
    }

    /// How many leads of all buyers are on their way.
    pub(super) fn on_the_way(&self) -> usize {
        let each = self.known.values().map(|known| usize::try_from(known.desk.on_the_way()).unwrap_or(usize::MAX));
        each.fold(0, usize::saturating_add)
    }

    /// What was on its way to a buyer and is over comes back.
    pub(super) fn tidy(&mut self, buyer: &BuyerId, at: Timestamp) {
        self.at(buyer, |desk, terms, name| desk.tidy(terms, name, at));
    }

    /// Somebody says where the breaker stands; one that is closed goes by itself from then on.
    pub(in crate::engine) fn force(&mut self, buyer: &BuyerId, state: BreakerState, said: Forced, at: Timestamp) {
        let known = self.known.entry(buyer.clone()).or_insert_with(Known::new);
        known.desk.force(state, Some(said.clone()).filter(|_| state != BreakerState::Closed), at);
        known.said = Some(said);
    }

    /// An attempt is over.
    pub(in crate::engine) fn ended(
        &mut self,
        buyer: &BuyerId,
        delivery: u64,
        class: AttemptClass,
        took: Option<i64>,
        at: Timestamp,
    ) {
        self.at(buyer, |desk, terms, name| desk.ended(delivery, class, took, terms, name, at));
    }
}

impl Known {
    fn new() -> Self {
        Self { desk: Desk::default(), text: None, state: BreakerState::Closed, said: None }
    }

    fn read(text: Option<String>) -> Result<Self, Error> {
        let Some(text) = text else { return Ok(Self::new()) };
        let desk = desk(&text)?;
        Ok(Self { state: desk.breaker().state(), desk, text: Some(text), said: None })
    }
}

fn desk(text: &str) -> Result<Desk, Error> {
    serde_json::from_str(text).map_err(|_| Error::new(Code::StoreCorrupt, "the desk of a buyer cannot be read"))
}

impl Engine {
    /// Puts what has changed into a change: the desks, who may not be sold to, and what is told of breakers.
    pub(in crate::engine) fn keep_desks(
        &self,
        view: &dyn View,
        desks: &mut Desks,
        change: &mut Change,
    ) -> Result<(), Error> {
        let mut open: Option<Opens> = None;
        let plan = desks.plan.clone();
        let (usual, channel) = (desks.usual.clone(), desks.channel);
        for (buyer, known) in &mut desks.known {
            let terms = plan.buyers.get(buyer).map_or(&usual, |buyer| &buyer.deliver);
            let text = serde_json::to_string(&known.desk);
            let text = text.map_err(|_| Error::new(Code::InternalError, "the desk of a buyer"))?;
            if known.text.as_ref().map_or(known.desk == Desk::default(), |was| *was == text) {
                continue;
            }
            let (was, now) = (known.state, known.desk.breaker().state());
            let said = known.said.take();
            if was != now || said.is_some() {
                change.events.push(self.told_breaker((buyer, channel), was, &known.desk, said, change.at));
                let open = match &mut open {
                    Some(open) => open,
                    None => open.insert(opens(view.setting(DESKS_OPEN)?.as_deref())?),
                };
                match known.desk.is_open(terms, change.at) {
                    true => drop(open.insert(desk_name(buyer, channel), known.desk.breaker().until())),
                    false => drop(open.remove(&desk_name(buyer, channel))),
                }
            }
            change.settings.push(Setting { key: desk_key(buyer, channel), value: Some(text.clone()) });
            (known.text, known.state) = (Some(text), now);
        }
        if let Some(open) = open {
            let value = (!open.is_empty()).then(|| serde_json::to_string(&open).unwrap_or_default());
            change.settings.push(Setting { key: DESKS_OPEN.into(), value });
        }
        Ok(())
    }

    fn told_breaker(
        &self,
        (buyer, channel): (&BuyerId, Channel),
        was: BreakerState,
        desk: &Desk,
        said: Option<Forced>,
        at: Timestamp,
    ) -> Event {
        let breaker = desk.breaker();
        let (by, reason) = said.map(|said| (said.by, said.reason)).unzip();
        let data = written(&BreakerChanged {
            by,
            buyer: buyer.clone(),
            channel,
            from: was,
            reason,
            to: breaker.state(),
            until: breaker.until(),
        });
        let subject = Subject::Buyer(buyer.clone());
        Event { kind: EventKind::BreakerChanged, tenant: self.tenant().clone(), subject, at, data }
    }

    /// The breakers of all buyers that were ever delivered to: where each stands, what it has seen, and when it tries again.
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
    /// use leadwright::{engine::Engine, model::{BreakerState, Tick, Timestamp}, operate::Operation, store::MemoryStore};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let now: Timestamp = "2026-11-24T15:30:00Z".parse()?;
    /// let open = r#"{"op":"breaker","buyer":"acme","to":"open","by":"ann","reason":"they rebuild"}"#;
    /// engine.operate(&Operation::read(open)?, now)?;
    /// let breaker = &engine.breakers(now)?[0];
    /// assert_eq!((breaker.buyer.as_str(), breaker.state), ("acme", BreakerState::ForcedOpen));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `store.*`.
    pub fn breakers(&self, now: Timestamp) -> Result<Vec<BreakerSeen>, Error> {
        let plan = self.plan();
        let usual = DeskTerms::default();
        self.look(|view| {
            let mut seen = Vec::new();
            for (key, text) in view.settings(DESKS)? {
                let Some((buyer, channel)) = desk_of(&key) else { continue };
                let terms = plan.buyers.get(&buyer).map_or(&usual, |buyer| &buyer.deliver);
                seen.push(BreakerSeen::of(buyer, channel, &desk(&text)?, terms, now));
            }
            Ok(seen)
        })
    }
}

/// Whose turn it is.
pub(super) fn turns(view: &dyn View) -> Result<Fair, Error> {
    // What an earlier version kept there was something else: all begin level.
    Ok(view.setting(TURN)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Writes that down.
pub(super) fn keep_turns(fair: Fair, change: &mut Change) {
    change.settings.push(Setting { key: TURN.into(), value: serde_json::to_string(&fair.tidied()).ok() });
}
