//! Whether all that a store says is true.

use super::PAGE;
use super::account::{Known, Told, account, closed, fell, funds, operated, posted, reserved, under};
use crate::engine::verify_stored;
use crate::model::{Code, Error, TenantId};
use crate::plan::Plan;
use crate::store::{Audit, Finding, FindingKind, Keys, Reach, SqliteOptions, SqliteStore, Stored};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Decisions whose digest was looked at: all there are.
    pub decisions: u64,
    /// Of these, decided again.
    pub replayed: u64,
    /// Of these, those whose lead was erased.
    pub erased: u64,
    /// Leads of the past that were looked at: all there are.
    #[serde(skip_serializing_if = "is_none")]
    pub history: u64,
    /// What could not be looked at, and why.
    pub left_out: Vec<String>,
    /// What is wrong; at most 100 of a kind and tenant that only the tables show.
    pub findings: Vec<Finding>,
}

/// Looks at everything: the file, the digest of each decision, and whether counters, sums, events, outbox and values to
/// dedupe by are those that the decisions made, which are decided again for that. What was let go of is not expected.
///
/// It reads one state of the file. Other processes may write meanwhile; callers of this store wait. `seen` is told how many decisions it has read.
///
/// ```
/// # let folder = std::env::temp_dir().join(format!("leadwright-verify-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # use leadwright::plan::{MemoryResolver, Plan};
/// # let files = MemoryResolver::new([("plan.jsonc", r#"{
/// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
/// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
/// #     "sources": { "web": { "verticals": ["roofing"] } },
/// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } }
/// # }"#)]);
/// # let plan = Plan::load(&files, "plan.jsonc")?;
/// use leadwright::{care::verify, engine::Engine, model::Tick, store::SqliteStore};
/// use std::sync::Arc;
/// let store = Arc::new(SqliteStore::open(folder.join("leads.db"))?);
/// let engine = Engine::with_options(plan, store.clone(), Default::default())?;
/// engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, Tick::at("2026-11-24T15:30:00Z".parse()?))?;
/// let verified = verify(&store, &mut |_| {})?;
/// assert_eq!((verified.decisions, verified.replayed, verified.findings.len()), (1, 1, 0));
/// # drop((engine, store));
/// # std::fs::remove_dir_all(folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `store.*` where it cannot be read.
pub fn verify(store: &SqliteStore, seen: &mut dyn FnMut(u64)) -> Result<Verified, Error> {
    let mut verified = Verified { findings: store.check_file()?, ..Verified::default() };
    // What a damaged file says is not worth looking at.
    if verified.findings.iter().any(|finding| finding.kind == FindingKind::FileIntegrity) {
        verified.left_out.push("what the tables say: the file is damaged".into());
        return Ok(verified);
    }
    store.audit(|audit| {
        let plans = plans(audit, &mut verified.findings)?;
        for tenant in audit.tenants()? {
            of_tenant(audit, &plans, &tenant, &mut verified, seen)?;
        }
        Ok(())
    })?;
    Ok(verified)
}

/// [`verify`] of a file, also of one that cannot be opened as a store because somebody changed its tables, or that may only
/// be read; with the keys where its leads are encrypted.
///
/// # Errors
/// As [`verify`].
pub fn verify_file(path: impl AsRef<Path>, keys: Option<&Keys>, seen: &mut dyn FnMut(u64)) -> Result<Verified, Error> {
    let options = SqliteOptions { create: false, keys: keys.cloned(), ..SqliteOptions::default() };
    let error = match SqliteStore::with_options(&path, options.clone()) {
        Ok(store) => return verify(&store, seen),
        Err(error) if matches!(error.code(), Code::StoreCorrupt | Code::StoreReadOnly) => error,
        Err(error) => return Err(error),
    };
    let options = SqliteOptions { read_only: true, ..options };
    let store = SqliteStore::with_options(&path, options)?;
    if error.code() == Code::StoreReadOnly {
        return verify(&store, seen);
    }
    let findings = store.check_file()?;
    let left_out = vec!["what the tables say: the file cannot be opened as a store".into()];
    if findings.is_empty() { Err(error) } else { Ok(Verified { findings, left_out, ..Verified::default() }) }
}

/// The plans of the store by hash.
fn plans(audit: &Audit<'_>, findings: &mut Vec<Finding>) -> Result<BTreeMap<String, Plan>, Error> {
    let mut plans = BTreeMap::new();
    for (hash, bundle) in audit.plans()? {
        match Plan::from_bundle(&bundle) {
            Ok(plan) if plan.hash() == hash => drop(plans.insert(hash, plan)),
            Ok(_) => findings.push(Finding::new(FindingKind::PlanDamaged, hash, "")),
            Err(error) => findings.push(Finding::new(FindingKind::PlanDamaged, hash, error.code().as_str())),
        }
    }
    Ok(plans)
}

fn of_tenant(
    audit: &Audit<'_>,
    plans: &BTreeMap<String, Plan>,
    tenant: &TenantId,
    verified: &mut Verified,
    seen: &mut dyn FnMut(u64),
) -> Result<(), Error> {
    let since = audit.kept_since(tenant)?;
    audit.begin(tenant, since)?;
    // Reservations go with what is old: then nobody knows which sales were made under one.
    let under = if since.is_none() { Some(under(audit, tenant)?) } else { None };
    let ledger_after = audit.ledger_after(tenant)?;
    let mut after = 0;
    let mut reach = Reach { since, exact: since.is_none(), sums: true, posted: true };
    loop {
        let page = audit.decisions(tenant, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        for stored in &page {
            verified.decisions = verified.decisions.saturating_add(1);
            verified.erased = verified.erased.saturating_add(u64::from(stored.inner.is_some()));
            let decision = read(stored, &mut verified.findings);
            if stored.seq > ledger_after {
                match decision.as_ref().and_then(|decision| Some((decision, plans.get(&stored.record.plan)?))) {
                    Some((decision, plan)) => posted(audit, plan, decision, under.as_ref())?,
                    None => reach.posted = false,
                }
            }
            if since.is_some_and(|since| stored.record.at < since) {
                continue;
            }
            let known = match decision {
                Some(decision) => {
                    let plan = plans.get(&stored.record.plan);
                    account(audit, plan, stored, &decision, &mut verified.findings)?
                }
                None => Known::Part,
            };
            match known {
                Known::Whole => verified.replayed = verified.replayed.saturating_add(1),
                Known::Text => reach.exact = false,
                Known::Part => (reach.exact, reach.sums) = (false, false),
            }
        }
        seen(verified.decisions);
    }
    funds(audit, tenant)?;
    operated(audit, tenant, since)?;
    closed(audit, tenant, &mut verified.findings)?;
    reserved(audit, tenant, since)?;
    fell(audit, tenant, since)?;
    past(audit, tenant, verified)?;
    if let Some(since) = since {
        verified.left_out.push(format!("{tenant}: what is older than {since}, which was let go of"));
    }
    if !reach.exact {
        let why = "not all decisions can be decided again, so they must count at least what is known";
        verified.left_out.push(format!("{tenant}: whether counters count too much; {why}"));
    }
    if !reach.sums {
        verified.left_out.push(format!("{tenant}: sums for reports, as not all decisions and plans can be read"));
    }
    if !reach.posted {
        let why = "not all decisions and plans can be read";
        verified.left_out.push(format!("{tenant}: what was posted in the ledger, as {why}"));
    }
    audit.compare(tenant, reach, &mut verified.findings)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// Leads of the past stand for themselves alone.
fn past(audit: &Audit<'_>, tenant: &TenantId, verified: &mut Verified) -> Result<(), Error> {
    let mut after = 0;
    while let (Some(last), count) = audit.history(tenant, after, PAGE, &mut verified.findings)? {
        after = last;
        verified.history = verified.history.saturating_add(count);
    }
    Ok(())
}

/// The decision as it is written. One that is not what its digest says is looked at all the same: where the other tables
/// agree with it, nothing more is said.
fn read(stored: &Stored, findings: &mut Vec<Finding>) -> Option<Told> {
    let record = &stored.record;
    let mut wrong = |kind, found: &str| {
        findings.push(Finding::new(kind, format!("{} {}", record.tenant, record.id), found));
    };
    if !verify_stored(stored) {
        wrong(FindingKind::DecisionDigest, "");
    }
    let read: Result<Told, _> = serde_json::from_slice(&record.body);
    let Ok(decision) = read else {
        wrong(FindingKind::DecisionColumns, "body");
        return None;
    };
    let columns = [
        ("id", decision.id == record.id),
        ("tenant", decision.tenant == record.tenant),
        ("at", decision.at == record.at),
        ("seed", decision.seed == record.seed),
        ("plan", decision.plan == record.plan),
        ("outcome", decision.outcome == record.outcome),
        ("digest", decision.digest == record.digest),
    ];
    for (name, _) in columns.iter().filter(|(_, same)| !same) {
        wrong(FindingKind::DecisionColumns, name);
    }
    Some(decision)
}
