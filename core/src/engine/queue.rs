//! The queue of leads that wait: looked at when they are due, released, mended or dropped by somebody, never forgotten.

use super::Engine;
use super::beside::give_back_what_is_over;
use super::doors::{Decided, effective, is_of_the_store};
use super::lists::Given;
use super::prepare::{Asked, Before, Prepared, prepare_again};
use super::room::retry_key;
use super::waits::{Told, Waited};
use crate::events::{LeadReleased, written};
use crate::model::limits::BATCH;
use crate::model::{
    Code, DecisionId, Error, Event, EventKind, RawMap, RawValue, Subject, Tick, Waiting, read_raw, read_value,
    write_raw_as_it_came,
};
use crate::operate::{Release, ReleaseDo};
use crate::plan::Plan;
use crate::store::{Record, Transaction};
use crate::validate::reserved_name;
use std::collections::BTreeMap;

/// What came of looking at leads that were due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    /// Those that were decided, in the order in which they had come.
    pub decided: Vec<Decided>,
    /// How many wait on.
    pub waiting: usize,
    /// Those that could not be looked at, and why: what was recorded of them is damaged. They are put off for an hour, so that
    /// they hold nobody else up.
    pub damaged: Vec<(DecisionId, Error)>,
}

/// What came of looking at one.
enum Looked {
    Decided(Decided),
    WaitsOn,
    /// Somebody else was quicker.
    Gone,
}

/// How long one that is damaged is put off, in milliseconds.
const PUT_OFF: i64 = 3_600_000;

impl Worked {
    fn add(&mut self, more: Worked) {
        self.decided.extend(more.decided);
        self.waiting += more.waiting;
        self.damaged.extend(more.damaged);
    }
}

/// What says which lead it is, and how old.
const IDENTITY: [&str; 6] = ["id", "idempotency_key", "ping_id", "received_at", "source", "test"];

/// A lead that waits, ready to be settled.
struct Due {
    row: Waiting,
    waited: Waited,
    lead: Prepared,
}

impl Engine {
    /// Up to `limit` leads that wait, after the position `after`, in the order in which they came.
    ///
    /// # Errors
    /// `store.*`.
    pub fn queue(&self, after: u64, limit: usize) -> Result<Vec<(u64, Waiting)>, Error> {
        self.store().queue(self.tenant(), None, after, limit)
    }

    /// Looks at up to `most` leads whose time has come, those first that came first (rule 24), and decides those that do
    /// not have to wait on. Nothing calls it but the host: every minute or so, from as many processes as it likes.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ],
    /// #         "on_unsold": { "retry_for": "12h", "then": "store" } } },
    /// #     "hours": { "office": { "mon-fri": "08:00-18:00" } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "hours": "office",
    /// #         "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::{engine::Engine, model::{Outcome, Tick}, store::MemoryStore};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let early = Tick::at("2026-11-24T13:00:00Z".parse()?);
    /// let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#;
    /// assert_eq!(engine.decide(lead, early)?.outcome, Outcome::Queued, "the office opens in an hour");
    ///
    /// let open = Tick::at("2026-11-24T14:10:00Z".parse()?);
    /// let worked = engine.work_queue(open, 256)?;
    /// assert_eq!(worked.decided[0].outcome, Outcome::Assigned);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `store.*`. What was decided before it stays, and the rest is due as it was.
    pub fn work_queue(&self, tick: Tick, most: usize) -> Result<Worked, Error> {
        let plan = self.plan();
        let rows = self.store().queue(self.tenant(), Some(tick.now), 0, most)?;
        let mut worked = Worked::default();
        for rows in rows.chunks(BATCH) {
            match self.look_at(&plan, rows, tick) {
                Ok(looked) => worked.add(looked),
                Err(error) if is_of_the_store(error.code()) => return Err(error),
                Err(_) => {
                    for row in rows {
                        worked.add(self.look_at_one(&plan, row, tick)?);
                    }
                }
            }
        }
        Ok(worked)
    }

    fn look_at(&self, plan: &Plan, rows: &[(u64, Waiting)], tick: Tick) -> Result<Worked, Error> {
        let lists = self.lists();
        let due = rows.iter().map(|(_, row)| self.due(plan, &lists, row, tick, None, None));
        let due: Vec<Due> = due.collect::<Result<_, _>>()?;
        let mut waiting = 0;
        let decided = self.surely(&mut |transaction| {
            give_back_what_is_over(self, transaction, tick.now)?;
            let mut decided = Vec::new();
            waiting = 0;
            for due in &due {
                match self.look_again(plan, due, transaction)? {
                    Looked::Decided(one) => decided.push(one),
                    Looked::WaitsOn => waiting += 1,
                    Looked::Gone => {}
                }
            }
            Ok(decided)
        })?;
        self.committed(plan, &decided);
        Ok(Worked { decided, waiting, damaged: Vec::new() })
    }

    /// One by itself: what is wrong with it is no matter of the others.
    fn look_at_one(&self, plan: &Plan, row: &(u64, Waiting), tick: Tick) -> Result<Worked, Error> {
        let error = match self.look_at(plan, std::slice::from_ref(row), tick) {
            Err(error) if !is_of_the_store(error.code()) => error,
            looked => return looked,
        };
        let (_, row) = row;
        let later = Waiting { due: tick.now.plus_millis(PUT_OFF), tries: row.tries.saturating_add(1), ..row.clone() };
        self.write(&mut |transaction| match still_there(transaction, row)? {
            true => transaction.wait_on(&later),
            false => Ok(()),
        })?;
        Ok(Worked { damaged: vec![(row.decision.clone(), error)], ..Worked::default() })
    }

    /// Decides a lead that waits, because somebody says so.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1", "problems": { "name.gibberish": "hold" } } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
    /// #         "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::{engine::Engine, model::{Outcome, Tick}, operate::Release, store::MemoryStore};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let now = Tick::at("2026-11-24T15:30:00Z".parse()?);
    /// let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309","name":"asdfgh jkl"}"#;
    /// assert_eq!(engine.decide(lead, now)?.outcome, Outcome::Queued);
    ///
    /// let said = r#"{"lead":"web/L1","do":"fix","with":{"name":"Ada Brown"},"by":"ann","reason":"called them"}"#;
    /// assert_eq!(engine.release(&Release::read(said)?, now)?.outcome, Outcome::Assigned);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `queue.not_waiting`, `queue.malformed`; `store.*`. Nothing has then happened.
    pub fn release(&self, said: &Release, tick: Tick) -> Result<Decided, Error> {
        let said = said.clone().checked()?;
        if let Some(name) = said.with.keys().filter_map(|name| reserved_name(name)).find(|name| IDENTITY.contains(name))
        {
            let why = format!("`with` may not hold `{name}`: it stays the same lead");
            return Err(Error::new(Code::QueueMalformed, why));
        }
        let none = || Error::new(Code::QueueNotWaiting, "");
        let told = match said.r#do {
            ReleaseDo::Release => Some(Told::Release),
            ReleaseDo::Drop => Some(Told::Drop),
            ReleaseDo::Fix => None,
        };
        let row = self.waits_as(&said)?.ok_or_else(none)?;
        let (plan, lists) = (self.plan(), self.lists());
        let due = self.due(&plan, &lists, &row, tick, told, Some(&said))?;
        let mut decided = self.surely(&mut |transaction| {
            if !still_there(transaction, &due.row)? {
                return Ok(Vec::new());
            }
            give_back_what_is_over(self, transaction, tick.now)?;
            Ok(vec![self.settle_due(&plan, &due, Some(&said), transaction)?])
        })?;
        self.committed(&plan, &decided);
        decided.pop().ok_or_else(none)
    }

    /// The lead in the queue that somebody names, by itself or by the decision that put it there.
    fn waits_as(&self, said: &Release) -> Result<Option<Waiting>, Error> {
        let mut found = None;
        self.store().read(self.tenant(), &mut |view| {
            found = None;
            for (source, lead, n) in said.names() {
                let row = view.waiting(&source, &lead)?;
                found = found.take().or(row.filter(|row| n.is_none_or(|n| row.decision.n == n)));
            }
            Ok(())
        })?;
        Ok(found)
    }

    fn due(
        &self,
        plan: &Plan,
        lists: &Given,
        row: &Waiting,
        tick: Tick,
        told: Option<Told>,
        said: Option<&Release>,
    ) -> Result<Due, Error> {
        let gone = || Error::new(Code::StoreCorrupt, format!("{} waits and is not there", row.decision));
        let stored = self.store().decision(self.tenant(), &row.decision)?.ok_or_else(gone)?;
        let Record { input, payload, reads, .. } = stored.record;
        // Its key is gone, or it is damaged: it is not decided as a lead of which nothing came.
        if stored.inner.is_some() || reads.is_empty() {
            return Err(Error::new(Code::StoreCorrupt, format!("the lead of {} cannot be read", row.decision)));
        }
        let input = match said.map(|said| &said.with).filter(|with| !with.is_empty()) {
            Some(with) => mended(&input, with)?,
            None => input,
        };
        let waited = Waited::of(row, told);
        let before = Before { source: &row.decision.source, lead: &row.decision.lead, payload, waited: &waited };
        let lead = prepare_again(plan, self.tenant(), &input, tick, &Asked::Now(lists), &before);
        Ok(Due { row: row.clone(), waited, lead })
    }

    /// Decides a lead whose time has come, unless it waits on: then nothing is recorded but when it is looked at next.
    fn look_again(&self, plan: &Plan, due: &Due, transaction: &mut dyn Transaction) -> Result<Looked, Error> {
        if !still_there(transaction, &due.row)? {
            return Ok(Looked::Gone);
        }
        let at = effective(&*transaction, due.lead.tick.now)?;
        let rate =
            due.lead.vertical.as_ref().and_then(|vertical| Some((vertical, plan.routes.get(vertical)?.retry_rate?)));
        let wait_on = |row: Waiting| Waiting { tries: due.row.tries.saturating_add(1), ..row };
        // Whose time is over is decided: behind a slow rate it would wait for ever.
        if let Some((vertical, rate)) = rate.filter(|_| at < due.row.until) {
            let arrival = transaction.counter(&retry_key(vertical))?;
            if !rate.is_open(arrival, at) {
                transaction
                    .wait_on(&wait_on(Waiting { due: rate.opens_at(arrival).min(due.row.until), ..due.row.clone() }))?;
                return Ok(Looked::WaitsOn);
            }
        }
        let (settled, reads) = self.settle_waited(plan, &due.lead, &due.row, &due.waited, &*transaction, at)?;
        if let Some(next) = settled.effects.waiting {
            let Waiting { decision, received, .. } = due.row.clone();
            transaction.wait_on(&wait_on(Waiting { decision, received, ..next }))?;
            return Ok(Looked::WaitsOn);
        }
        self.record_settled(plan, settled, &reads, transaction).map(Looked::Decided)
    }

    fn settle_due(
        &self,
        plan: &Plan,
        due: &Due,
        said: Option<&Release>,
        transaction: &mut dyn Transaction,
    ) -> Result<Decided, Error> {
        let at = effective(&*transaction, due.lead.tick.now)?;
        let (mut settled, reads) = self.settle_waited(plan, &due.lead, &due.row, &due.waited, &*transaction, at)?;
        if let Some(said) = said {
            let word = serde_json::to_value(said.r#do).ok();
            let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or_default().to_owned();
            let data = written(&LeadReleased { by: said.by.clone(), r#do: word, reason: said.reason.clone() });
            settled.effects.events.insert(
                0,
                Event {
                    kind: EventKind::LeadReleased,
                    tenant: self.tenant().clone(),
                    subject: Subject::Decision(settled.decision.id.clone()),
                    at,
                    data,
                },
            );
        }
        self.record_settled(plan, settled, &reads, transaction)
    }
}

/// Whether nobody has looked at it meanwhile.
fn still_there(transaction: &dyn Transaction, row: &Waiting) -> Result<bool, Error> {
    let now = transaction.waiting(&row.decision.source, &row.decision.lead)?;
    Ok(now.as_ref() == Some(row))
}

/// The lead with other values under some of its names.
fn mended(input: &[u8], with: &BTreeMap<String, serde_json::Value>) -> Result<Vec<u8>, Error> {
    let unread = |_| Error::new(Code::QueueMalformed, "what was recorded is no lead: it can only be dropped");
    let RawMap(mut members) = read_raw(input).map_err(unread)?.map;
    for (name, value) in with {
        let text = value.to_string();
        let read =
            read_value(text.as_bytes()).map_err(|_| Error::new(Code::QueueMalformed, "`with` cannot be read"))?;
        let place = members.iter().position(|(known, _)| known == name);
        match (place, value.is_null()) {
            (Some(place), true) => drop(members.remove(place)),
            (Some(place), false) => members.get_mut(place).into_iter().for_each(|(_, old)| old.clone_from(&read.value)),
            (None, true) => {}
            (None, false) => members.push((name.clone(), read.value)),
        }
    }
    Ok(write_raw_as_it_came(&RawValue::Object(RawMap(members))).into_bytes())
}
