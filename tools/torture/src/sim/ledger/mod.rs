//! The accounts of a world: what was committed, added up by the simulator's own reckoning from the decisions as they are
//! written, and held against the store after every step.

mod books;
mod changes;
mod rooms;
mod sales;

use super::market::{Limit, Over, PREPAID};
use super::store::Done;
use books::Books;
use jiff::tz::TimeZone;
use leadwright::engine::verify_stored;
use leadwright::model::{DecisionId, Event, TenantId};
use leadwright::store::{MemoryStore, OutboxEntry, Store, Subscriber};
use rooms::Rooms;
pub(crate) use rooms::{Asked, State};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) invariant: &'static str,
    /// What was expected, and what was found; nobody's phone.
    pub(crate) said: String,
}

pub(crate) type Held = Result<(), Broken>;

pub(crate) fn broken(invariant: &'static str, said: impl Into<String>) -> Broken {
    Broken { invariant, said: said.into() }
}

pub(crate) fn must(holds: bool, invariant: &'static str, said: impl FnOnce() -> String) -> Held {
    if holds { Ok(()) } else { Err(broken(invariant, said())) }
}

/// What operations said about a contract, and until when.
type Said = BTreeMap<(String, String), (String, Option<i64>)>;

/// A lead by its source and id.
type Lead = (String, String);

/// What a buyer was told by the outbox.
#[derive(Default)]
struct Sold {
    is_exclusive: bool,
    /// By buyer, the delivery key.
    received: BTreeMap<String, String>,
}

pub(crate) struct Ledger {
    tenant: TenantId,
    zone: TimeZone,
    /// The hash of the second plan.
    second: String,
    last_at: i64,
    counters: BTreeMap<String, i64>,
    moments: BTreeMap<String, VecDeque<i64>>,
    deposits: i64,
    spent: i64,
    said: Said,
    last_of_rate: Option<i64>,
    sold: FxHashMap<Lead, Sold>,
    people: FxHashMap<String, Vec<(i64, DecisionId)>>,
    revoked: BTreeSet<String>,
    /// Whose consent an operation is about that is being done.
    pub(crate) person: Option<String>,
    turns: BTreeMap<String, BTreeMap<String, u64>>,
    pub(crate) rooms: Rooms,
    /// By which plan is asked for room.
    pub(crate) asked_by: usize,
    /// The reservation under which another system says that it sold.
    pub(crate) telling: Option<String>,
    pub(crate) books: Books,
    /// Windows that were asked for before: the calendar is dear.
    windows: Windows,
    /// The decisions as they were committed.
    bodies: FxHashMap<DecisionId, Vec<u8>>,
    erased: FxHashSet<DecisionId>,
    /// Subscribers as the engine has put them.
    pub(crate) subscribers: BTreeMap<String, Subscriber>,
    touched: BTreeSet<String>,
    touched_groups: BTreeSet<String>,
    /// What has to come next in the log and in the outbox.
    events: Vec<Event>,
    pub(crate) last_event: u64,
    outbox: Vec<(String, DecisionId)>,
    last_delivery: u64,
}

impl Ledger {
    pub(crate) fn new(second: String) -> Self {
        Self {
            tenant: TenantId::default(),
            zone: TimeZone::get("America/Chicago").expect("a zone"),
            second,
            last_at: i64::MIN,
            counters: BTreeMap::new(),
            moments: BTreeMap::new(),
            deposits: 0,
            spent: 0,
            said: BTreeMap::new(),
            last_of_rate: None,
            sold: FxHashMap::default(),
            people: FxHashMap::default(),
            revoked: BTreeSet::new(),
            person: None,
            turns: BTreeMap::new(),
            rooms: Rooms::default(),
            asked_by: 0,
            telling: None,
            books: Books::default(),
            windows: Windows::default(),
            bodies: FxHashMap::default(),
            erased: FxHashSet::default(),
            subscribers: BTreeMap::new(),
            touched: BTreeSet::new(),
            touched_groups: BTreeSet::new(),
            events: Vec::new(),
            last_event: 0,
            outbox: Vec::new(),
            last_delivery: 0,
        }
    }

    /// Enters what was committed in a step, and looks whether the store says the same.
    pub(crate) fn step(&mut self, done: Vec<Done>, memory: &MemoryStore) -> Held {
        for one in done {
            match one {
                Done::Decided(effects) => self.decided(*effects)?,
                Done::Changed(change) => self.changed(*change)?,
                Done::Erased(erasure) => self.forgot(erasure, memory)?,
                Done::Subscriber(subscriber) => {
                    self.subscribers.insert(subscriber.name.to_string(), subscriber);
                }
            }
        }
        self.log(memory)?;
        self.deliveries(memory)?;
        self.state(memory)
    }

    fn time(&mut self, at: i64, what: &dyn std::fmt::Display) -> Held {
        let last = self.last_at;
        self.last_at = last.max(at);
        must(at >= last, "I6", || format!("{what} is of {at} ms, and there was something of {last} ms before it"))
    }

    /// The log has what was told, in that order and without a gap.
    fn log(&mut self, memory: &MemoryStore) -> Held {
        let found = memory.events(&self.tenant, self.last_event, usize::MAX).map_err(unread)?;
        let told = std::mem::take(&mut self.events);
        let (want, have) = (told.len(), found.len());
        must(want == have, "I10", || {
            format!("{want} events were told after {}, and {have} are there", self.last_event)
        })?;
        for (told, (position, event)) in told.into_iter().zip(found) {
            let next = self.last_event + 1;
            must(position == next, "I10", || format!("event {position} follows event {}", next - 1))?;
            must(told == event, "I10", || {
                format!("event {position} is {}, and {} was told", event.kind.as_str(), told.kind.as_str())
            })?;
            self.last_event = position;
        }
        Ok(())
    }

    /// The outbox has a row for each sale, and none besides.
    fn deliveries(&mut self, memory: &MemoryStore) -> Held {
        let found = memory.outbox(&self.tenant, self.last_delivery, usize::MAX).map_err(unread)?;
        let sold = std::mem::take(&mut self.outbox);
        let found: Vec<(u64, String, DecisionId)> =
            found.into_iter().map(|(position, OutboxEntry { key, decision, .. })| (position, key, decision)).collect();
        let same = sold.len() == found.len()
            && sold.iter().zip(&found).all(|(sold, found)| sold.0 == found.1 && sold.1 == found.2);
        must(same, "I5", || {
            let decision = sold.first().map(|(_, id)| id).or(found.first().map(|(_, _, id)| id));
            let decision = decision.map(ToString::to_string).unwrap_or_default();
            format!("{decision}: {} sales, and {} new rows of the outbox that may be others", sold.len(), found.len())
        })?;
        self.last_delivery = found.last().map_or(self.last_delivery, |(position, ..)| *position);
        Ok(())
    }

    /// What this step has touched is in the store as it is here.
    fn state(&mut self, memory: &MemoryStore) -> Held {
        let is_quiet = self.touched.is_empty() && self.touched_groups.is_empty();
        if !is_quiet {
            let (touched, groups) = (std::mem::take(&mut self.touched), std::mem::take(&mut self.touched_groups));
            self.compare(touched.iter(), groups.iter(), memory)?;
        }
        if self.rooms.is_touched() || self.books.is_moved() { self.beside(memory, false) } else { Ok(()) }
    }

    /// The same of everything.
    pub(crate) fn all_state(&mut self, memory: &MemoryStore) -> Held {
        self.compare(self.counters.keys(), self.turns.keys(), memory)?;
        self.beside(memory, true)
    }

    /// Reservations and money are as they should be.
    fn beside(&mut self, memory: &MemoryStore, all: bool) -> Held {
        let (mut held, tenant) = (Ok(()), self.tenant.clone());
        let is_due = all || self.books.is_moved();
        let read = memory.read(&tenant, &mut |view| {
            held = self.rooms.compare(view, all)?;
            if is_due && held.is_ok() {
                held = self.books.compare(view)?;
            }
            Ok(())
        });
        read.map_err(unread)?;
        held
    }

    fn compare<'a>(
        &self,
        keys: impl Iterator<Item = &'a String>,
        groups: impl Iterator<Item = &'a String>,
        memory: &MemoryStore,
    ) -> Held {
        let (keys, groups): (Vec<_>, Vec<_>) = (keys.collect(), groups.collect());
        let mut held = Ok(());
        let read = memory.read(&self.tenant, &mut |view| {
            let look = || -> Result<Held, leadwright::model::Error> {
                for key in &keys {
                    let (want, found) = (self.counters.get(*key).copied().unwrap_or(0), view.counter(key)?);
                    if want != found {
                        return Ok(Err(broken("I2", format!("{key} is {found}, and the sales make {want}"))));
                    }
                }
                let (want, found) = (self.deposits - self.spent, view.counter(&format!("buyer:{PREPAID}|funds"))?);
                if want != found {
                    return Ok(Err(broken("I12", format!("{PREPAID} has {found}, and what was paid makes {want}"))));
                }
                for group in groups.iter().filter(|group| !group.is_empty()) {
                    let turns = view.turns(group)?;
                    let credit: i64 = turns.members.values().map(|turn| turn.credit).sum();
                    if credit != 0 {
                        return Ok(Err(broken("I12", format!("the credits of {group} make {credit}, and not 0"))));
                    }
                    for (contract, want) in self.turns.get(*group).into_iter().flatten() {
                        let turn = turns.members.iter().find(|(id, _)| id.as_str() == contract);
                        let found = turn.map_or(0, |(_, turn)| turn.served);
                        // A group that keeps no turns has none.
                        if found != *want && has_turns(group) {
                            let said = format!(
                                "{contract} was served {found} times by the turns of {group}, and had {want} sales"
                            );
                            return Ok(Err(broken("I12", said)));
                        }
                    }
                }
                Ok(Ok(()))
            };
            held = look()?;
            Ok(())
        });
        read.map_err(unread)?;
        held
    }

    /// Somebody was answered: it has to be what is recorded.
    pub(crate) fn answered(&self, id: &DecisionId, body: &[u8], memory: &MemoryStore) -> Held {
        let mut there = None;
        let read = memory.read(&self.tenant, &mut |view| {
            there = view.body(id)?;
            Ok(())
        });
        read.map_err(unread)?;
        let there = there.map(|(_, body)| body);
        must(there.is_some(), "I3", || format!("{id} was answered, and is not there"))?;
        must(there.as_deref() == Some(body), "I3", || format!("{id} was answered with other bytes than are there"))
    }

    /// Whether a lead was erased, and what is known of it no longer holds.
    pub(crate) fn is_erased(&self, id: &DecisionId) -> bool {
        self.erased.contains(id)
    }

    /// The decisions of the log are those that were committed, to the byte.
    pub(crate) fn all_bodies(&self, memory: &MemoryStore) -> Held {
        let mut held = Ok(());
        let read = memory.read(&self.tenant, &mut |view| {
            for (id, body) in &self.bodies {
                let there = view.body(id)?;
                let same = there.is_some_and(|(_, there)| there == *body);
                held = held
                    .clone()
                    .and(must(same, "I3", || format!("{id} is lost, or has other bytes than were committed")));
            }
            Ok(())
        });
        read.map_err(unread)?;
        held
    }

    /// Whoever was forgotten stays so, and the other decisions are what their digests say: some of them, for it is dear.
    pub(crate) fn all_forgotten(&self, memory: &MemoryStore, every: usize) -> Held {
        self.erased.iter().try_for_each(|id| self.is_unreadable(id, memory))?;
        let mut others: Vec<&DecisionId> = self.bodies.keys().filter(|id| !self.erased.contains(*id)).collect();
        others.sort_unstable();
        others.into_iter().step_by(every).try_for_each(|id| {
            let stored = memory.decision(&self.tenant, id).map_err(unread)?;
            let is_right = stored.is_some_and(|stored| stored.inner.is_none() && verify_stored(&stored));
            must(is_right, "I13", || format!("{id} is not what its digest says, and nobody was forgotten with it"))
        })
    }

    /// A buyer receives a delivery; the same one may come again.
    pub(crate) fn received(&mut self, entry: &OutboxEntry) -> Held {
        let id = &entry.decision;
        let sold = self.sold.get_mut(&(id.source.to_string(), id.lead.to_string()));
        let sold = sold.ok_or_else(|| broken("I5", format!("a delivery of {id}, which was not sold")))?;
        let (buyer, is_exclusive) = (entry.buyer.to_string(), sold.is_exclusive);
        let before = sold.received.insert(buyer.clone(), entry.key.clone());
        let same = before.is_none_or(|key| key == entry.key);
        must(same, "I4", || format!("{buyer} received {id} under two keys"))?;
        let others = sold.received.len();
        must(!is_exclusive || others == 1, "I4", || {
            format!("{id} was sold exclusively, and {others} buyers received it")
        })
    }
}

impl Ledger {
    /// The limit as operations have left it.
    fn most(&self, owner: &str, limit: &Limit, at: i64, plan: usize) -> i64 {
        let contract = owner.strip_prefix("contract:").filter(|_| limit.over == Over::Day);
        let said = contract.and_then(|contract| self.holds(contract, "caps.day", at));
        said.and_then(|said| said.parse().ok()).unwrap_or(limit.most[plan])
    }

    fn holds(&self, contract: &str, what: &str, at: i64) -> Option<&str> {
        let (value, until) = self.said.get(&(contract.to_owned(), what.to_owned()))?;
        Some(value.as_str()).filter(|_| until.is_none_or(|until| at < until))
    }

    fn is_paused(&self, contract: &str, at: i64) -> bool {
        self.holds(contract, "status", at) == Some("paused")
    }
}

/// The names of windows by hours: none of ours begins or ends within one.
type Windows = FxHashMap<(Over, i64), String>;

impl Ledger {
    /// The window of a time, by a calendar that is not the engine's.
    fn window(&mut self, over: Over, at: i64) -> String {
        let hour = at.div_euclid(HOUR);
        let zone = &self.zone;
        self.windows.entry((over, hour)).or_insert_with(|| named(over, at, zone)).clone()
    }

    /// The day that a time is of.
    fn day(&mut self, at: i64) -> String {
        self.window(Over::Day, at).split_off("day:".len())
    }
}

const HOUR: i64 = 3_600_000;

fn named(over: Over, at: i64, zone: &TimeZone) -> String {
    let at = jiff::Timestamp::from_millisecond(at).expect("a time").to_zoned_datetime(zone.clone());
    match over {
        Over::Hour => at.strftime("hour:%Y-%m-%dT%H%z").to_string(),
        Over::Day => at.strftime("day:%Y-%m-%d").to_string(),
        Over::Week => {
            let back = i64::from(at.weekday().to_monday_zero_offset());
            let monday = at.date().saturating_sub(jiff::Span::new().days(back));
            format!("week:{monday}")
        }
        Over::Month => at.strftime("month:%Y-%m").to_string(),
        Over::Total => "total".into(),
        Over::Rolling(_) => "rolling".into(),
    }
}

pub(crate) fn has_turns(group: &str) -> bool {
    group != "roofing/open"
}

#[expect(clippy::needless_pass_by_value, reason = "an error is given away")]
pub(crate) fn unread(error: leadwright::model::Error) -> Broken {
    broken("I3", format!("the store does not answer: {error}"))
}
