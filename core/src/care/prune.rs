//! Letting go of what is old.

use super::PAGE;
use super::erase::{erasure, is_damaged};
use crate::limits::{Zone, over_on};
use crate::model::{Code, Error, TenantId, Timestamp};
use crate::plan::{LooksBack, Plan};
use crate::store::{Change, Horizon, PRUNED, Pruned, Setting, SqliteStore, Store as _};

/// What is let go of: all that is older than so long before now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// How old a decision has to be, in milliseconds.
    pub older_than: i64,
    /// The time that this is counted back from.
    pub now: Timestamp,
}

/// How much would be let go of.
///
/// # Errors
/// As [`prune`].
pub fn prunable(store: &SqliteStore, tenant: &TenantId, retention: Retention) -> Result<Pruned, Error> {
    let horizon = horizon(store, tenant, retention)?;
    count(store, tenant, horizon, over(store, tenant, horizon)?.len())
}

fn count(store: &SqliteStore, tenant: &TenantId, horizon: Horizon, counters: usize) -> Result<Pruned, Error> {
    Ok(Pruned { counters: u64::try_from(counters).unwrap_or(u64::MAX), ..store.count_old(tenant, horizon)? })
}

/// Lets go of what is old: leads are erased from their decisions, whose digests still verify and which are found again by
/// id, key and payload; events about them, values to dedupe by and sums of rolling caps that no plan looks back to, counters
/// of windows that are over, and what was delivered, go as a whole. Reports stay.
///
/// Transactions are small, so that others write in between. It can be stopped at any time and begun again. `seen` is told
/// how many decisions were erased.
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("leadwright-prune-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # use leadwright::plan::{MemoryResolver, Plan};
/// # let files = MemoryResolver::new([("plan.jsonc", r#"{
/// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
/// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
/// #     "sources": { "web": { "verticals": ["roofing"] } },
/// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } }
/// # }"#)]);
/// # let plan = Plan::load(&files, "plan.jsonc")?;
/// use leadwright::{care::{Retention, prunable, prune}, engine::Engine, model::Tick, store::SqliteStore};
/// use std::sync::Arc;
/// let store = Arc::new(SqliteStore::open(folder.join("leads.db"))?);
/// let engine = Engine::with_options(plan, store.clone(), Default::default())?;
/// engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, Tick::at("2026-11-24T15:30:00Z".parse()?))?;
/// let retention = Retention { older_than: 90 * 86_400_000, now: "2027-03-01T00:00:00Z".parse()? };
/// let would = prunable(&store, engine.tenant(), retention)?;
/// assert_eq!((would.decisions, would.events), (1, 1));
/// assert_eq!(prune(&store, engine.tenant(), retention, &mut |_| {})?, would);
/// # drop((engine, store));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `store.*`; `plan.*` when a plan of the store cannot be read: then nothing says how far back it looks.
pub fn prune(
    store: &SqliteStore,
    tenant: &TenantId,
    retention: Retention,
    seen: &mut dyn FnMut(u64),
) -> Result<Pruned, Error> {
    let horizon = horizon(store, tenant, retention)?;
    let counters = over(store, tenant, horizon)?;
    let mut pruned = count(store, tenant, horizon, counters.len())?;
    note(store, tenant, horizon)?;
    let mut after = 0;
    pruned.decisions = 0;
    loop {
        let page = store.old_decisions(tenant, after, horizon.decided, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        let mut erasures = Vec::new();
        for stored in &page {
            match erasure(stored, false) {
                Ok(erasure) => erasures.push(erasure),
                // One damaged row is no reason to keep the others.
                Err(error) if is_damaged(&error) => pruned.damaged.push(stored.record.id.clone()),
                Err(error) => return Err(error),
            }
        }
        store.write(tenant, &mut |transaction| erasures.iter().try_for_each(|erasure| transaction.erase(erasure)))?;
        pruned.decisions = pruned.decisions.saturating_add(u64::try_from(erasures.len()).unwrap_or(0));
        seen(pruned.decisions);
    }
    for keys in counters.chunks(PAGE) {
        store.drop_counters(tenant, keys)?;
    }
    store.prune_rows(tenant, horizon)?;
    Ok(pruned)
}

/// Values to dedupe by and sums of rolling caps go by the clock of the store, and not by the time that was given: whoever
/// mistypes a year loses none that the next lead asks for.
fn horizon(store: &SqliteStore, tenant: &TenantId, retention: Retention) -> Result<Horizon, Error> {
    let mut last = None;
    store.read(tenant, &mut |view| {
        last = view.last_decided_at()?;
        Ok(())
    })?;
    let mut back = LooksBack::default();
    for bundle in store.bundles()? {
        back = back.max(Plan::from_bundle(&bundle)?.looks_back());
    }
    let decided = retention.now.plus_millis(retention.older_than.saturating_neg());
    let last = last.map_or(decided, |last| last.min(retention.now));
    let before = |span: i64| last.plus_millis(span.saturating_neg()).min(decided);
    Ok(Horizon { decided, counted: last.min(decided), claims: before(back.claims), moments: before(back.rolling) })
}

/// The counters whose windows are over.
fn over(store: &SqliteStore, tenant: &TenantId, horizon: Horizon) -> Result<Vec<String>, Error> {
    let zone: Zone = "UTC".parse().map_err(|_| Error::new(Code::InternalError, "UTC"))?;
    let today = zone.date(horizon.counted);
    let mut keys = store.counter_keys(tenant)?;
    keys.retain(|key| over_on(key).is_some_and(|date| date < today));
    Ok(keys)
}

/// Before anything goes: what is older is not expected any more. The clock of the store stays.
fn note(store: &SqliteStore, tenant: &TenantId, horizon: Horizon) -> Result<(), Error> {
    store.write(tenant, &mut |transaction| {
        let before = transaction.setting(PRUNED)?;
        let before: Option<Timestamp> = before.and_then(|text| serde_json::from_str(&text).ok());
        let since = before.map_or(horizon.decided, |before| before.max(horizon.decided));
        let value = serde_json::to_string(&since).ok();
        let settings = vec![Setting { key: PRUNED.into(), value }];
        let at = transaction.last_decided_at()?.unwrap_or(horizon.decided);
        transaction.change(&Change { settings, ..Change::at(at) })
    })
}
