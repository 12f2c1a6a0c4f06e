//! The accounts of a world: what was committed, added up by the simulator's own reckoning from the decisions as they are
//! written, and held against the store after every step.

use super::market::{CREDIT, DEDUPE, Limit, Over, PREPAID, limits};
use super::store::Done;
use jiff::tz::TimeZone;
use leadwright::model::{DecisionId, Event, EventKind, Money, Outcome, TenantId};
use leadwright::store::{Change, Effects, MemoryStore, OutboxEntry, Store, Subscriber};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use serde_json::Value;
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

#[derive(Deserialize)]
struct Body {
    assignments: Vec<Sale>,
    #[serde(default)]
    canonical: Canonical,
}

/// A sale, as the decision's text has it.
#[derive(Clone, Deserialize)]
struct Sale {
    buyer: String,
    contract: String,
    group: String,
    sale: String,
    price: String,
    key: String,
}

#[derive(Default, Deserialize)]
struct Canonical {
    phone: Option<String>,
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
                Done::Changed(change) => self.changed(change)?,
                Done::Erased(erasure) => {
                    self.people.values_mut().for_each(|sales| sales.retain(|(_, by)| *by != erasure.id));
                    self.erased.insert(erasure.id.clone());
                    self.bodies.insert(erasure.id, erasure.body);
                }
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

    fn decided(&mut self, effects: Effects) -> Held {
        let record = effects.record;
        let at = record.at.millis();
        self.time(at, &record.id)?;
        self.events.extend(effects.events);
        if record.outcome == Outcome::Assigned {
            let body: Body = serde_json::from_slice(&record.body)
                .map_err(|error| broken("I3", format!("the body of {}: {error}", record.id)))?;
            self.bought(&record.id, at, body, usize::from(record.plan == self.second))?;
        }
        self.bodies.insert(record.id, record.body);
        Ok(())
    }

    fn bought(&mut self, id: &DecisionId, at: i64, body: Body, plan: usize) -> Held {
        let lead = (id.source.to_string(), id.lead.to_string());
        let is_exclusive = body.assignments.iter().any(|sale| sale.sale == "exclusive");
        must(!is_exclusive || body.assignments.len() == 1, "I4", || {
            format!("{id} was sold exclusively, and not alone")
        })?;
        let before = self.sold.insert(lead, Sold { is_exclusive, received: BTreeMap::new() });
        must(before.is_none(), "I4", || format!("{id} is sold, and was sold by a decision before"))?;
        if let Some(phone) = body.canonical.phone {
            must(!self.revoked.contains(&phone), "I11", || format!("{id} is sold, and its consent was taken back"))?;
            let sales = self.people.entry(phone).or_default();
            let before = sales.iter().rev().find(|(then, by)| at - then < DEDUPE && by.lead != id.lead);
            must(before.is_none(), "I8", || {
                let (then, by) = before.expect("there is one");
                format!("{id} is sold, and {by} with the same phone was {} ms before", at - then)
            })?;
            sales.push((at, id.clone()));
        }
        for (n, sale) in body.assignments.iter().enumerate() {
            self.sale(id, at, sale, n == 0, plan)?;
            self.outbox.push((sale.key.clone(), id.clone()));
        }
        Ok(())
    }

    fn sale(&mut self, id: &DecisionId, at: i64, sale: &Sale, is_first: bool, plan: usize) -> Held {
        let price = sale.price.parse::<Money>().map(Money::units).unwrap_or_default();
        must(!self.is_paused(&sale.contract, at), "I11", || {
            format!("{id} went to {}, which is paused", sale.contract)
        })?;
        if sale.contract == "cool-1" {
            let early = self.last_of_rate.filter(|last| at - last < 600_000);
            must(early.is_none(), "I11", || format!("{id} went to cool-1 faster than its rate"))?;
            self.last_of_rate = Some(at);
        }
        let mut owners = vec![
            format!("contract:{}", sale.contract),
            format!("buyer:{}", sale.buyer),
            format!("group:{}", sale.group),
        ];
        // A second sale is no second lead of the source.
        if is_first {
            owners.extend([format!("source:{}", id.source), "route:roofing".into()]);
        }
        for owner in owners {
            for limit in limits(&owner) {
                let most = self.most(&owner, limit, at, plan);
                self.count(id, &owner, limit, at, if limit.is_spend { price } else { 1 }, most)?;
            }
        }
        if sale.buyer == PREPAID {
            self.spent += price;
            let left = self.deposits - self.spent + CREDIT;
            must(left >= 0, "I1", || format!("{id} costs {} more than {PREPAID} has", -left))?;
        }
        *self.turns.entry(sale.group.clone()).or_default().entry(sale.contract.clone()).or_default() += 1;
        self.touched_groups.insert(sale.group.clone());
        Ok(())
    }

    fn count(&mut self, id: &DecisionId, owner: &str, limit: &Limit, at: i64, add: i64, most: i64) -> Held {
        let measure = if limit.is_spend { "spend" } else { "count" };
        let key = format!("{owner}|{}|{measure}|sold", self.window(limit.over, at));
        let used = match limit.over {
            Over::Rolling(span) => {
                let moments = self.moments.entry(key.clone()).or_default();
                moments.push_back(at);
                moments.retain(|then| *then > at - span);
                i64::try_from(moments.len()).unwrap_or(i64::MAX)
            }
            _ => {
                let used = self.counters.entry(key.clone()).or_default();
                *used += add;
                let used = *used;
                self.touched.insert(key.clone());
                used
            }
        };
        must(used <= most, "I1", || format!("{key} is at {used} with {id}, and its limit is {most}"))
    }

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

    /// The window of a time, by a calendar that is not the engine's.
    fn window(&self, over: Over, at: i64) -> String {
        let at = jiff::Timestamp::from_millisecond(at).expect("a time").to_zoned_datetime(self.zone.clone());
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

    fn changed(&mut self, change: Change) -> Held {
        self.time(change.at.millis(), &"a change")?;
        for event in &change.events {
            let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
            let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
            let contract = event.subject.to_string().trim_start_matches("contract:").to_owned();
            match event.kind {
                EventKind::FundsChanged => {
                    self.deposits += text("add").parse::<Money>().map(Money::units).unwrap_or_default();
                    let balance = text("balance").parse::<Money>().map(Money::units).unwrap_or_default();
                    let want = self.deposits - self.spent;
                    must(balance == want, "I12", || {
                        format!("the log says that {PREPAID} has {balance}, and it has {want}")
                    })?;
                    self.touched_groups.insert(String::new());
                }
                EventKind::OverrideSet => {
                    let until = data["until"].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
                    let said = (text("value"), until.map(jiff::Timestamp::as_millisecond));
                    self.said.insert((contract, text("what")), said);
                }
                EventKind::OverrideCleared => drop(self.said.remove(&(contract, text("what")))),
                EventKind::ConsentRevoked => self.revoked.extend(self.person.clone()),
                EventKind::ConsentRestored => self.revoked.retain(|phone| Some(phone) != self.person.as_ref()),
                _ => {}
            }
        }
        self.events.extend(change.events);
        Ok(())
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
        if self.touched.is_empty() && self.touched_groups.is_empty() {
            return Ok(());
        }
        let (touched, groups) = (std::mem::take(&mut self.touched), std::mem::take(&mut self.touched_groups));
        self.compare(touched.iter(), groups.iter(), memory)
    }

    /// The same of everything.
    pub(crate) fn all_state(&self, memory: &MemoryStore) -> Held {
        self.compare(self.counters.keys(), self.turns.keys(), memory)
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

pub(crate) fn has_turns(group: &str) -> bool {
    group != "roofing/open"
}

#[expect(clippy::needless_pass_by_value, reason = "an error is given away")]
pub(crate) fn unread(error: leadwright::model::Error) -> Broken {
    broken("I3", format!("the store does not answer: {error}"))
}
