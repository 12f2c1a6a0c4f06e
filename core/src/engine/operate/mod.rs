//! The door for operations: what they say is checked against the plan, and written in one transaction.

mod breaker;
mod doing;
mod money;

use super::active::same_currency;
use super::doors::{Decided, Engine};
use super::fall::Sale;
use super::unknown::is_open;
use crate::books::{Sold, find_sale};
use crate::model::{Code, ContractId, Error, Standings, Timestamp};
use crate::operate::{Drift, OVERRIDES, Operated, Operation, drift, one_line};
use crate::plan::Plan;
use crate::store::{Change, GroupState, Setting};
use doing::Doing;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Overrides by contract; a contract is known by the id it was first known by.
type Overrides = BTreeMap<ContractId, Standings>;

impl Engine {
    /// Does what operations say: at once, for every engine on this store, and without a new plan. Leads that are decided
    /// from now on are decided by it, and say so.
    ///
    /// # Errors
    /// `operation.*` when it is not understood, names what the plan does not have, or sets what the plan does not let
    /// operations set; `store.*`. Nothing has then happened; after `store.commit_unknown` it may have: one with a key was
    /// looked up and tried once more, and can be asked for again, one without has to be looked for in the events.
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
        let key = operation.said().key.map(|key| format!("operation|{key}"));
        let request = hash_of(operation);
        // What a decision sold never changes, so it is looked up before the transaction.
        let sold = match operation {
            Operation::Return(said) => Some(find_sale(self.store(), self.tenant(), &said.decision, &said.buyer)?),
            _ => None,
        };
        let resold = match (operation, &sold) {
            (Operation::Return(said), Some(sold)) if said.resell => {
                // Its lead may be gone by now; that it was done is still known.
                if let Some(before) = key.as_ref().map(|key| self.look(|view| view.setting(key))).transpose()?.flatten()
                {
                    return again(&before, &request);
                }
                Some(self.to_resell(sold, now)?)
            }
            _ => None,
        };
        let (key, sold, resold) = (key.as_deref(), sold.as_ref(), resold.as_ref());
        let attempt = Attempt { plan: &plan, operation, now, key, request: &request, sold, resold };
        let (first, unknown) = match self.attempt(&attempt) {
            (done, Ok(())) => return self.finished(&plan, done),
            (done, Err(error)) if is_open(&error) && key.is_some() => (done, error),
            (_, Err(error)) => return Err(error),
        };
        // By its key it is found, or done now. Without one it could be done twice.
        let (again, done) = self.attempt(&attempt);
        done.map_err(|_| unknown)?;
        let is_again = |first: &Done| match &again {
            Some(again) => Operated { replayed: true, ..first.operated.clone() } == again.operated,
            None => false,
        };
        self.finished(&plan, first.filter(is_again).or(again))
    }

    /// After the commit: whoever observes hears of a lead that was decided again.
    fn finished(&self, plan: &Plan, done: Option<Done>) -> Result<Operated, Error> {
        let Done { operated, decided } = done.ok_or_else(nothing_done)?;
        self.committed(plan, decided.as_slice());
        Ok(operated)
    }

    /// Does it in one transaction, or finds that it was done: what there is to answer, and whether it was committed.
    fn attempt(&self, of: &Attempt<'_>) -> (Option<Done>, Result<(), Error>) {
        let mut answer = None;
        let done = self.write(&mut |transaction| {
            let at = transaction.last_decided_at()?.map_or(of.now, |last| last.max(of.now));
            let before = of.key.map(|key| transaction.setting(key)).transpose()?.flatten();
            if let Some(before) = before {
                answer = Some(Done { operated: again(&before, of.request)?, decided: None });
                return Ok(());
            }
            let mut change = Change::at(at);
            change.settings.extend(same_currency(of.plan, &*transaction)?);
            let mut doing = Doing { engine: self, plan: of.plan, transaction, change: &mut change };
            match of.operation {
                Operation::Revoke(person) => doing.consent(person, true)?,
                Operation::Restore(person) => doing.consent(person, false)?,
                Operation::Override(set) => doing.set(set)?,
                Operation::Clear(clear) => doing.clear(clear)?,
                Operation::Funds(funds) => doing.funds(funds)?,
                Operation::Return(said) => doing.returned(said, of.sold.ok_or_else(nothing_done)?)?,
                Operation::Adjust(adjust) => doing.adjust(adjust)?,
                Operation::Payment(payment) => doing.payment(payment)?,
                Operation::Close(said) => doing.close(said)?,
                Operation::Acknowledge(noted) => doing.note(noted, GroupState::Known)?,
                Operation::Resolve(noted) => doing.note(noted, GroupState::Resolved)?,
                Operation::Breaker(set) => doing.breaker(set)?,
            }
            let mut operated = Operated { v: 1, at, events: change.events.clone(), next: None, replayed: false };
            let mut decided = None;
            if let Some(sale) = of.resold {
                transaction.change(&std::mem::replace(&mut change, Change::at(at)))?;
                decided = self.resell(transaction, sale, at)?;
                operated.next = decided.as_ref().map(|decided| decided.id.clone());
            }
            if let Some(key) = of.key {
                let kept = Kept { request: of.request.to_owned(), done: operated.clone() };
                change.settings.push(Setting { key: key.to_owned(), value: serde_json::to_string(&kept).ok() });
            }
            transaction.change(&change)?;
            answer = Some(Done { operated, decided });
            Ok(())
        });
        (answer, done)
    }

    /// What operations said beside the plan of now, and what is to be done about it.
    ///
    /// # Errors
    /// `store.*`.
    pub fn drift(&self, at: Timestamp) -> Result<Vec<Drift>, Error> {
        let mut found = Overrides::new();
        self.store().read(self.tenant(), &mut |view| {
            for (key, text) in view.settings(OVERRIDES)? {
                let contract = key.strip_prefix(OVERRIDES).and_then(|id| ContractId::new(id).ok());
                let contract = contract.ok_or_else(|| Error::new(Code::StoreCorrupt, "an override of no contract"))?;
                found.insert(contract, standings(Some(&text))?);
            }
            Ok(())
        })?;
        Ok(drift(&self.plan(), &found, at))
    }
}

/// An operation that is to be done now.
struct Attempt<'a> {
    plan: &'a Plan,
    operation: &'a Operation,
    now: Timestamp,
    key: Option<&'a str>,
    request: &'a str,
    /// The sale that it is about, if it is about one.
    sold: Option<&'a Sold>,
    /// The same, where its lead is offered on.
    resold: Option<&'a Sale>,
}

/// What was done, with the decision of a lead that is offered on.
struct Done {
    operated: Operated,
    decided: Option<Decided>,
}

fn nothing_done() -> Error {
    Error::new(Code::InternalError, "no operation was done")
}

/// Reads what the store keeps of a contract.
pub(super) fn standings(text: Option<&str>) -> Result<Standings, Error> {
    let Some(text) = text else { return Ok(Standings::new()) };
    serde_json::from_str(text).map_err(|_| Error::new(Code::StoreCorrupt, "the overrides cannot be read"))
}

/// An operation with a key: what was asked, and what was done.
#[derive(Serialize, Deserialize)]
struct Kept {
    request: String,
    done: Operated,
}

/// The events of then. A key that stood for another operation is a mistake of whoever counts them, and nothing is done:
/// else money that was to be paid in would be lost without a word.
fn again(text: &str, request: &str) -> Result<Operated, Error> {
    let kept: Result<Kept, _> = serde_json::from_str(text);
    let kept = kept.map_err(|_| Error::new(Code::StoreCorrupt, "an operation cannot be read"))?;
    if kept.request != request {
        return Err(Error::new(Code::OperationKeyReused, ""));
    }
    Ok(Operated { replayed: true, ..kept.done })
}

/// 128 bits of a SHA-256 over the operation: the store keeps no phone.
fn hash_of(operation: &Operation) -> String {
    let mut sha = Sha256::new();
    sha.update("lw1|operation|");
    sha.update(serde_json::to_string(operation).unwrap_or_default());
    sha.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Whether an operation says by whom it is, and why.
fn spoken(operation: &Operation) -> Result<(), Error> {
    let said = operation.said();
    for (name, text, needed) in
        [("by", said.by, said.needed), ("reason", said.reason, said.needed), ("key", said.key, true)]
    {
        if let Some(text) = text {
            one_line(name, text, needed).map_err(malformed)?;
        }
    }
    Ok(())
}

fn malformed(why: impl Into<String>) -> Error {
    Error::new(Code::OperationMalformed, why)
}
