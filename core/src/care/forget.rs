//! Forgetting somebody who asked for it.

use super::PAGE;
use super::erase::{erasure, is_damaged};
use super::theirs::{Plans, Sought};
use crate::events::{PersonForgotten, written};
use crate::model::{Code, DecisionId, Error, Event, EventKind, Subject, TenantId, Timestamp};
use crate::operate::{Person, one_line};
use crate::store::{Change, Erasure, Store, Transaction};
use serde::Serialize;

/// What was done to forget somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Forgotten {
    /// Decisions that were looked through: all there are.
    pub searched: u64,
    /// Decisions whose lead was erased now.
    pub erased: u64,
    /// Decisions about the named lead whose lead had been erased before.
    pub before: u64,
    /// Leads of the past that were erased now.
    pub history: u64,
    /// Decisions that are damaged, and may be about the person: nothing of them was touched.
    pub damaged: Vec<DecisionId>,
}

/// Erases the leads of one person from all decisions of a tenant, and from what was imported of the past: what came in, the canonical lead, corrections, what was
/// read of the state, the caller's idempotency keys, the hashes to dedupe by, and what waits to be delivered. Ids, outcome,
/// assignments, money and reasons stay, and the digests still verify. What each transaction erased is an event of it with author
/// and reason, and without the person; where nothing is left to erase, none is written.
///
/// It reads the whole log; `seen` is told how many decisions it has read. In an SQLite file bytes of what was erased are
/// left between the rows until [`vacuum`](crate::store::SqliteStore::vacuum).
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
/// use leadwright::{care::forget, engine::{Engine, verify_stored}, model::Tick, operate::Person, store::MemoryStore};
/// let engine = Engine::open(plan, MemoryStore::new())?;
/// let now = "2026-11-24T15:30:00Z".parse()?;
/// let id = engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, Tick::at(now))?.id;
/// let person = Person {
///     phone: Some("(312) 867-5309".into()), by: Some("ann".into()), reason: Some("letter of Nov 23".into()),
///     ..Person::default()
/// };
/// assert_eq!(forget(engine.store(), engine.tenant(), &person, now, &mut |_| {})?.erased, 1);
/// let stored = engine.store().decision(engine.tenant(), &id)?.expect("the decision stays");
/// assert!(stored.record.input.is_empty() && verify_stored(&stored));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `operation.no_person` when nobody is named or what names them cannot be read, `operation.malformed` without author or
/// reason, or where these name the person; `store.*`. Begun again, it goes on.
pub fn forget(
    store: &dyn Store,
    tenant: &TenantId,
    person: &Person,
    now: Timestamp,
    seen: &mut dyn FnMut(u64),
) -> Result<Forgotten, Error> {
    let mut plans = Plans::default();
    let sought = Sought::new(store, tenant, &mut plans, person)?;
    let by = said("by", person.by.as_deref(), &sought)?;
    let reason = said("reason", person.reason.as_deref(), &sought)?;
    let mut done = Forgotten::default();
    let mut after = 0;
    loop {
        let page = store.decisions(tenant, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        let (mut erasures, mut erased) = (Vec::new(), 0_u64);
        for stored in &page {
            let found = match sought.is_theirs(store, &mut plans, stored) {
                Ok(false) => continue,
                Ok(true) => erasure(stored, true),
                Err(error) => Err(error),
            };
            let count = if stored.inner.is_some() { &mut done.before } else { &mut erased };
            match found {
                Ok(erasure) => {
                    *count = count.saturating_add(1);
                    erasures.push(erasure);
                }
                // One damaged row is no reason to keep the others.
                Err(error) if is_damaged(&error) => done.damaged.push(stored.record.id.clone()),
                Err(error) => return Err(error),
            }
        }
        let decisions = erased.to_string();
        let said = PersonForgotten { by: by.to_owned(), decisions, history: None, reason: reason.to_owned() };
        erase(store, tenant, &erasures, (erased > 0).then_some((now, &said)))?;
        done.erased = done.erased.saturating_add(erased);
        done.searched = done.searched.saturating_add(u64::try_from(page.len()).unwrap_or(0));
        seen(done.searched);
    }
    done.history = past(store, tenant, &sought, now, &|history| PersonForgotten {
        by: by.to_owned(),
        decisions: "0".into(),
        history: Some(history.to_string()),
        reason: reason.to_owned(),
    })?;
    Ok(done)
}

/// The same of leads of the past; how many were erased.
fn past(
    store: &dyn Store,
    tenant: &TenantId,
    sought: &Sought,
    now: Timestamp,
    said: &dyn Fn(usize) -> PersonForgotten,
) -> Result<u64, Error> {
    let (mut after, mut erased) = (0, 0_u64);
    loop {
        let page = store.history(tenant, after, PAGE)?;
        let Some((last, _)) = page.last() else { return Ok(erased) };
        after = *last;
        let theirs = page.iter().filter(|(_, lead)| !lead.input.is_empty() && sought.is_theirs_of_past(lead));
        let theirs: Vec<u64> = theirs.map(|(position, _)| *position).collect();
        if theirs.is_empty() {
            continue;
        }
        let said = said(theirs.len());
        store.write(tenant, &mut |transaction| {
            transaction.erase_history(&theirs)?;
            tell(transaction, tenant, now, &said)
        })?;
        erased = erased.saturating_add(u64::try_from(theirs.len()).unwrap_or(0));
    }
}

/// Who says so, and why: without the person, for it stays in the log.
fn said<'a>(name: &str, text: Option<&'a str>, sought: &Sought) -> Result<&'a str, Error> {
    let malformed = |why: String| Error::new(Code::OperationMalformed, why);
    let text = text.ok_or_else(|| malformed(format!("`{name}` is missing")))?;
    one_line(name, text, true).map_err(malformed)?;
    if sought.stands_in(text) {
        return Err(malformed(format!("`{name}` names the person: it stays in the log")));
    }
    Ok(text)
}

/// Erases, and says so in the same transaction.
fn erase(
    store: &dyn Store,
    tenant: &TenantId,
    erasures: &[Erasure],
    said: Option<(Timestamp, &PersonForgotten)>,
) -> Result<(), Error> {
    if erasures.is_empty() {
        return Ok(());
    }
    store.write(tenant, &mut |transaction| {
        erasures.iter().try_for_each(|erasure| transaction.erase(erasure))?;
        said.map_or(Ok(()), |(now, said)| tell(transaction, tenant, now, said))
    })
}

fn tell(
    transaction: &mut dyn Transaction,
    tenant: &TenantId,
    now: Timestamp,
    said: &PersonForgotten,
) -> Result<(), Error> {
    let at = transaction.last_decided_at()?.map_or(now, |last| last.max(now));
    let (kind, subject, data) = (EventKind::PersonForgotten, Subject::Person, written(said));
    let event = Event { kind, tenant: tenant.clone(), subject, at, data };
    transaction.change(&Change { events: vec![event], ..Change::at(at) })
}
