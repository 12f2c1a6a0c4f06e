//! How full the caps of a plan are.

use crate::limits::Measure;
use crate::model::{Error, Money, TenantId, Timestamp};
use crate::plan::Plan;
use crate::plan::compiled::Calendar;
use crate::store::{Store, View};
use serde::Serialize;

/// A cap, and how much of it is used in the window that is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CapUsed {
    /// Whose, and its window: `contract:acme-il|day`.
    pub cap: String,
    /// Leads, or an amount of money.
    pub used: String,
    /// As the plan has it; what operations changed is not looked at.
    pub limit: String,
    /// How much of it is used, rounded down.
    pub percent: i64,
}

/// The caps of a plan, the fullest first. One of nothing at all is left out: nothing can be used of it.
///
/// ```
/// # use leadwright::plan::{MemoryResolver, Plan};
/// # let files = MemoryResolver::new([("plan.jsonc", r#"{
/// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
/// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
/// #     "sources": { "web": { "verticals": ["roofing"] } },
/// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
/// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "caps": { "day": 4 },
/// #         "sell": { "exclusive": { "price": "40.00" } } } } } }
/// # }"#)]);
/// # let plan = Plan::load(&files, "plan.jsonc")?;
/// use leadwright::{care::caps_used, engine::Engine, model::Tick, store::MemoryStore};
/// let engine = Engine::open(plan.clone(), MemoryStore::new())?;
/// let now = "2026-11-24T15:30:00Z".parse()?;
/// engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, Tick::at(now))?;
/// let caps = caps_used(engine.store(), engine.tenant(), &plan, now)?;
/// assert_eq!((caps[0].cap.as_str(), caps[0].percent), ("contract:acme-il|day", 25));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `store.*`.
pub fn caps_used(store: &dyn Store, tenant: &TenantId, plan: &Plan, now: Timestamp) -> Result<Vec<CapUsed>, Error> {
    let mut all = Vec::new();
    store.read(tenant, &mut |view| {
        all.clear();
        for calendar in calendars(plan) {
            used(view, calendar, now, &mut all)?;
        }
        Ok(())
    })?;
    all.sort_by(|a: &CapUsed, b| b.percent.cmp(&a.percent).then_with(|| a.cap.cmp(&b.cap)));
    all.dedup();
    Ok(all)
}

fn calendars(plan: &Plan) -> impl Iterator<Item = &Calendar> {
    let sources = plan.sources.values();
    let sources = sources.flat_map(|source| source.sub_ids.values().map(|part| &part.caps).chain([&source.caps]));
    let routes = plan.routes.values();
    let routes =
        routes.flat_map(|route| route.groups.iter().chain(&route.house).map(|group| &group.caps).chain([&route.caps]));
    let buyers = plan.buyers.values().map(|buyer| &buyer.caps);
    sources.chain(routes).chain(buyers).chain(plan.contracts.iter().map(|contract| &contract.caps))
}

fn used(view: &dyn View, calendar: &Calendar, now: Timestamp, all: &mut Vec<CapUsed>) -> Result<(), Error> {
    for cap in calendar.caps.iter().filter(|cap| cap.limit > 0) {
        let key = cap.counter(&cap.window.key(&calendar.zone, now, calendar.starts));
        let used = match cap.window.rolling_millis() {
            Some(span) => view.since(&key, now.plus_millis(span.saturating_neg()))?,
            None => view.counter(&key)?,
        };
        let shown = |number: i64| match cap.measure {
            Measure::Count => number.to_string(),
            Measure::Spend => Money::from_units(number).unwrap_or(Money::MAX).to_string(),
        };
        all.push(CapUsed {
            cap: format!("{}|{}", cap.owner, cap.window.as_str()),
            used: shown(used),
            limit: shown(cap.limit),
            percent: used.saturating_mul(100).checked_div(cap.limit).unwrap_or(0),
        });
    }
    Ok(())
}
