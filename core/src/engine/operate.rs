//! The door for operations: what they say is checked against the plan, and written in one transaction.

use super::Engine;
use crate::model::{
    Code, ContractId, DecisionId, Error, Event, EventKind, LeadId, SourceId, Standing, Standings, Subject, Timestamp,
    Value,
};
use crate::operate::{
    Clear, Drift, Funds, OVERRIDES, Operated, Operation, Override, Person, drift, funds_counter, keys_of, permitted,
    person_keys,
};
use crate::plan::Plan;
use crate::plan::compiled::Contract;
use crate::store::{Change, CounterAdd, Setting, Transaction};
use crate::text::did_you_mean;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Overrides by contract; a contract is known by the id it was first known by.
type Overrides = BTreeMap<ContractId, Standings>;

/// The longest name or reason.
const LONGEST: usize = 500;

impl Engine {
    /// Does what operations say: at once, for every engine on this store, and without a new plan. Leads that are decided
    /// from now on are decided by it, and say so.
    ///
    /// # Errors
    /// `operation.*` when it is not understood, names what the plan does not have, or sets what the plan does not let
    /// operations set; `store.*`. Nothing has then happened.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "may": { "pause": true },
    /// #         "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::{engine::Engine, model::{Outcome, Tick, Timestamp}, operate::Operation, store::MemoryStore};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let now: Timestamp = "2026-11-24T15:30:00Z".parse()?;
    /// let pause = r#"{"op":"override","contract":"acme-il","set":{"status":"paused"},"by":"ann","reason":"holiday"}"#;
    /// engine.operate(&Operation::read(pause)?, now)?;
    /// let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#;
    /// assert_eq!(engine.decide(lead, Tick::at(now))?.outcome, Outcome::Unsold);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn operate(&self, operation: &Operation, now: Timestamp) -> Result<Operated, Error> {
        let plan = self.plan();
        spoken(operation)?;
        let key = key_of(operation).map(|key| format!("operation|{key}"));
        let mut operated = None;
        self.store().write(self.tenant(), &mut |transaction| {
            let at = transaction.last_decided_at()?.map_or(now, |last| last.max(now));
            let before = key.as_deref().map(|key| transaction.setting(key)).transpose()?.flatten();
            if let Some(before) = before {
                operated = Some(again(&before)?);
                return Ok(());
            }
            let mut change = Change { at, counters: Vec::new(), settings: Vec::new(), events: Vec::new() };
            let mut doing = Doing { engine: self, plan: &plan, transaction, change: &mut change };
            match operation {
                Operation::Revoke(person) => doing.consent(person, true)?,
                Operation::Restore(person) => doing.consent(person, false)?,
                Operation::Override(set) => doing.set(set)?,
                Operation::Clear(clear) => doing.clear(clear)?,
                Operation::Funds(funds) => doing.funds(funds)?,
            }
            let done = Operated { v: 1, at, events: change.events.clone(), replayed: false };
            if let Some(key) = &key {
                let value = serde_json::to_string(&done).ok();
                change.settings.push(Setting { key: key.clone(), value });
            }
            transaction.change(&change)?;
            operated = Some(done);
            Ok(())
        })?;
        operated.ok_or_else(|| Error::new(Code::InternalError, "no operation was done"))
    }

    /// What operations said beside the plan of now, and what is to be done about it.
    ///
    /// # Errors
    /// `store.*`.
    pub fn drift(&self, at: Timestamp) -> Result<Vec<Drift>, Error> {
        let mut found = Overrides::new();
        self.store().read(self.tenant(), &mut |view| {
            found = overrides(view.setting(OVERRIDES)?.as_deref())?;
            Ok(())
        })?;
        Ok(drift(&self.plan(), &found, at))
    }
}

/// Reads what the store keeps.
pub(super) fn overrides(text: Option<&str>) -> Result<Overrides, Error> {
    let Some(text) = text else { return Ok(Overrides::new()) };
    serde_json::from_str(text).map_err(|_| Error::new(Code::StoreCorrupt, "the overrides cannot be read"))
}

fn again(text: &str) -> Result<Operated, Error> {
    let read: Result<Operated, _> = serde_json::from_str(text);
    let read = read.map_err(|_| Error::new(Code::StoreCorrupt, "an operation cannot be read"))?;
    Ok(Operated { replayed: true, ..read })
}

fn key_of(operation: &Operation) -> Option<&str> {
    match operation {
        Operation::Revoke(person) | Operation::Restore(person) => person.key.as_deref(),
        Operation::Override(set) => set.key.as_deref(),
        Operation::Funds(funds) => funds.key.as_deref(),
        Operation::Clear(_) => None,
    }
}

/// Whoever changes what others rely on says who they are, and why; in as many words as fit into a log.
fn spoken(operation: &Operation) -> Result<(), Error> {
    let (by, reason, needed) = match operation {
        Operation::Revoke(Person { by, reason, .. }) | Operation::Restore(Person { by, reason, .. }) => {
            (by.as_deref(), reason.as_deref(), false)
        }
        Operation::Override(Override { by, reason, .. })
        | Operation::Clear(Clear { by, reason, .. })
        | Operation::Funds(Funds { by, reason, .. }) => (Some(by.as_str()), Some(reason.as_str()), true),
    };
    let texts = [("by", by), ("reason", reason), ("key", key_of(operation))];
    for (name, text) in texts {
        let Some(text) = text else { continue };
        if text.trim().is_empty() && (needed || name == "key") {
            return Err(malformed(format!("`{name}` is empty")));
        }
        if text.len() > LONGEST || text.chars().any(char::is_control) {
            return Err(malformed(format!("`{name}` is longer than {LONGEST} bytes, or not one line")));
        }
    }
    Ok(())
}

fn malformed(why: impl Into<String>) -> Error {
    Error::new(Code::OperationMalformed, why)
}

/// The parts of a decision's body that say who somebody is.
#[derive(Deserialize)]
struct OnlyPerson {
    #[serde(default)]
    canonical: BTreeMap<String, serde_json::Value>,
}

/// One operation, in its transaction.
struct Doing<'a> {
    engine: &'a Engine,
    plan: &'a Plan,
    transaction: &'a mut dyn Transaction,
    change: &'a mut Change,
}

impl Doing<'_> {
    fn tell(&mut self, kind: EventKind, subject: Subject, data: &BTreeMap<&str, String>) {
        self.change.events.push(Event {
            kind,
            tenant: self.engine.tenant().clone(),
            subject,
            at: self.change.at,
            data: serde_json::to_string(data).unwrap_or_default(),
        });
    }

    fn consent(&mut self, person: &Person, revoked: bool) -> Result<(), Error> {
        let read = person_keys(person.phone.as_deref(), person.email.as_deref());
        let unread = |word| Error::new(Code::OperationNoPerson, format!("`{word}` cannot be read"));
        let mut keys = read.map_err(unread)?;
        if let Some(lead) = &person.lead {
            keys.extend(self.keys_of_lead(lead)?);
        }
        if keys.is_empty() {
            let wanted = "one of `phone`, `email`, `lead` was expected";
            return Err(Error::new(Code::OperationNoPerson, wanted));
        }
        let mut data = BTreeMap::from([("values", keys.len().to_string())]);
        data.extend(person.by.clone().map(|by| ("by", by)));
        data.extend(person.reason.clone().map(|reason| ("reason", reason)));
        let value = revoked.then(|| serde_json::json!({ "at": self.change.at }).to_string());
        self.change.settings.extend(keys.into_iter().map(|key| Setting { key, value: value.clone() }));
        let kind = if revoked { EventKind::ConsentRevoked } else { EventKind::ConsentRestored };
        self.tell(kind, Subject::Person, &data);
        Ok(())
    }

    /// The phones and email addresses of a lead that was decided.
    fn keys_of_lead(&self, text: &str) -> Result<BTreeSet<String>, Error> {
        let unknown = || Error::new(Code::OperationNoPerson, "no such lead was decided");
        let (source, lead) = match text.parse::<DecisionId>() {
            Ok(id) if self.transaction.body(&id)?.is_some() => (id.source, id.lead),
            _ => {
                let (source, lead) = text.split_once('/').ok_or_else(unknown)?;
                let source = SourceId::new(source).map_err(|_| unknown())?;
                (source, LeadId::new(lead).map_err(|_| unknown())?)
            }
        };
        let known = self.transaction.decided(&source, &lead)?.ok_or_else(unknown)?;
        let (_, body) = self.transaction.body(&known.id)?.ok_or_else(unknown)?;
        let read: Result<OnlyPerson, _> = serde_json::from_slice(&body);
        let read = read.map_err(|_| Error::new(Code::StoreCorrupt, "the body of a decision cannot be read"))?;
        let texts = read.canonical.into_iter().filter_map(|(name, value)| Some((name, Value::text(value.as_str()?))));
        let canonical: BTreeMap<String, Value> = texts.collect();
        // A lead was of one vertical; those of all verticals that have such fields are the same person's.
        let keys = self.plan.verticals.values().flat_map(|schema| keys_of(schema, &canonical).into_keys());
        Ok(keys.collect())
    }

    fn contract(&self, id: &ContractId) -> Result<&Contract, Error> {
        let found = self.plan.contracts.iter().find(|contract| contract.id == *id);
        found.ok_or_else(|| {
            let known = self.plan.contracts.iter().map(|contract| contract.id.as_str());
            unknown("contract", id.as_str(), known)
        })
    }

    fn set(&mut self, set: &Override) -> Result<(), Error> {
        let contract = self.contract(&set.contract)?;
        let mut sets: Vec<(String, String)> = Vec::new();
        sets.extend(set.set.status.map(|status| ("status".into(), status.as_str().to_owned())));
        sets.extend(set.set.caps.iter().map(|(window, limit)| (format!("caps.{window}"), limit.to_string())));
        if let Some(price) = set.set.price {
            for (form, price, offered) in [
                ("exclusive", price.exclusive, contract.exclusive.is_some()),
                ("shared", price.shared, contract.shared.is_some()),
            ] {
                let Some(price) = price else { continue };
                if !offered {
                    let why = format!("`{}` does not buy {form} leads at a price", set.contract);
                    return Err(Error::new(Code::OperationNotPermitted, why));
                }
                sets.push((format!("price.{form}"), price.to_string()));
            }
        }
        if sets.is_empty() {
            return Err(malformed("`set` is empty: one of `status`, `caps`, `price` was expected"));
        }
        if set.until.is_some_and(|until| until <= self.change.at) {
            return Err(malformed("`until` is not after now"));
        }
        for (what, value) in &sets {
            let why = |why| format!("`{what}` of contract `{}` to {value}: {why}", set.contract);
            permitted(&contract.may, what, value).map_err(|no| Error::new(Code::OperationNotPermitted, why(no)))?;
        }
        let (state_id, at) = (contract.state_id.clone(), self.change.at);
        let mut all = overrides(self.transaction.setting(OVERRIDES)?.as_deref())?;
        let standings = all.entry(state_id).or_default();
        let mut data = BTreeMap::from([("by", set.by.clone()), ("reason", set.reason.clone())]);
        data.extend(set.until.map(|until| ("until", until.to_string())));
        for (what, value) in sets {
            let standing = Standing {
                value: value.clone(),
                by: set.by.clone(),
                reason: set.reason.clone(),
                since: at,
                until: set.until,
            };
            standings.insert(what.clone(), standing);
            let mut data = data.clone();
            data.extend([("what", what), ("value", value)]);
            self.tell(EventKind::OverrideSet, Subject::Contract(set.contract.clone()), &data);
        }
        self.keep(&all)
    }

    fn clear(&mut self, clear: &Clear) -> Result<(), Error> {
        let mut all = overrides(self.transaction.setting(OVERRIDES)?.as_deref())?;
        // One that the plan has no more can be cleared all the same.
        let state_id = self.contract(&clear.contract).map(|contract| contract.state_id.clone());
        let state_id = match state_id {
            Err(_) if all.contains_key(&clear.contract) => clear.contract.clone(),
            known => known?,
        };
        let standings = all.entry(state_id.clone()).or_default();
        let named: Vec<String> = match clear.what.is_empty() {
            true => standings.keys().cloned().collect(),
            false => clear.what.clone(),
        };
        for what in &named {
            if standings.remove(what).is_none() {
                let known: Vec<&str> = standings.keys().map(String::as_str).collect();
                return Err(unknown("override", what, known.into_iter()));
            }
            let data = [("by", clear.by.clone()), ("reason", clear.reason.clone()), ("what", what.clone())];
            self.tell(EventKind::OverrideCleared, Subject::Contract(clear.contract.clone()), &data.into());
        }
        if all.get(&state_id).is_some_and(BTreeMap::is_empty) {
            all.remove(&state_id);
        }
        self.keep(&all)
    }

    fn keep(&mut self, all: &Overrides) -> Result<(), Error> {
        let text = serde_json::to_string(all).map_err(|_| Error::new(Code::InternalError, "overrides"))?;
        let value = Some(text).filter(|_| !all.is_empty());
        self.change.settings.push(Setting { key: OVERRIDES.into(), value });
        Ok(())
    }

    fn funds(&mut self, funds: &Funds) -> Result<(), Error> {
        if !self.plan.buyers.contains_key(&funds.buyer) {
            let known = self.plan.buyers.keys().map(|buyer| buyer.as_str());
            return Err(unknown("buyer", funds.buyer.as_str(), known));
        }
        let counter = funds_counter(&funds.buyer);
        let balance = self.transaction.counter(&counter)?.checked_add(funds.add.units());
        let balance = balance.and_then(crate::model::Money::from_units);
        let balance = balance.ok_or_else(|| malformed("`add` is more than can be counted"))?;
        let data = [
            ("add", funds.add.to_string()),
            ("balance", balance.to_string()),
            ("by", funds.by.clone()),
            ("reason", funds.reason.clone()),
        ];
        self.change.counters.push(CounterAdd { key: counter, add: funds.add.units() });
        self.tell(EventKind::FundsChanged, Subject::Buyer(funds.buyer.clone()), &data.into());
        Ok(())
    }
}

fn unknown<'a>(what: &str, id: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let near = did_you_mean(id, known);
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Error::new(Code::OperationUnknownName, format!("there is no {what} `{id}`{hint}"))
}
