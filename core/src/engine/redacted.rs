//! Decisions for other eyes.

use crate::model::{Code, Error};
use crate::plan::Plan;
use crate::redact::Redaction;
use crate::schema::Schema;
use crate::validate::redact_json;
use serde::Deserialize;

/// What of a decision says by which schema its lead was read.
#[derive(Deserialize)]
struct OnlyWay {
    source: String,
    trace: OnlyGroups,
}

#[derive(Deserialize)]
struct OnlyGroups {
    entries: Vec<OnlyGroup>,
    groups: Vec<OnlyGroup>,
}

#[derive(Deserialize)]
struct OnlyGroup {
    group: String,
}

/// A decision as somebody may see it who must not see the lead: its `canonical` redacted by the plan's schema, without
/// `corrections`; all else stays, for it holds no values. Where nothing says of which vertical the lead was, no field of
/// it remains.
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
/// use leadwright::{engine::{Engine, redact_decision}, model::Tick, redact::Redaction, store::MemoryStore};
/// let engine = Engine::open(plan, MemoryStore::new())?;
/// let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#;
/// let decided = engine.decide(lead, Tick::at("2026-11-24T15:30:00Z".parse()?))?;
/// let shown = redact_decision(&decided.body, &engine.plan(), &Redaction::Redacted)?;
/// let shown = String::from_utf8(shown)?;
/// assert!(shown.contains(r#""phone":"+*********09""#) && !shown.contains("3128675309"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `input.bad_option` for bytes that are no decision.
pub fn redact_decision(decision: &[u8], plan: &Plan, how: &Redaction) -> Result<Vec<u8>, Error> {
    let way: OnlyWay =
        serde_json::from_slice(decision).map_err(|_| Error::new(Code::InputBadOption, "this is no decision"))?;
    let schema = vertical(&way, plan).and_then(|name| plan.verticals.get(name));
    match schema {
        Some(schema) => redact_json(decision, schema, how),
        None => redact_json(decision, &Schema::empty(""), how),
    }
}

/// The vertical is that of the route it took, or the only one that its source sends.
fn vertical<'a>(way: &'a OnlyWay, plan: &'a Plan) -> Option<&'a str> {
    let taken = way.trace.entries.iter().chain(&way.trace.groups).next();
    if let Some((route, _)) = taken.and_then(|group| group.group.split_once('/')) {
        return Some(route);
    }
    let source = plan.sources.iter().find(|(id, _)| id.as_str() == way.source)?.1;
    match source.verticals.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}
