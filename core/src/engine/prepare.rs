//! The pure half: validate, canonicalize, match. Needs no store, and may run in many threads at once.

use super::auction::Bids;
use super::identity::{UNKNOWN_SOURCE, id_of_bytes, lead_id};
use super::lists::{Given, ask};
use super::waits::{Told, Waited};
use crate::matching::Ask;
use crate::model::limits::LEAD_BYTES;
use crate::model::{
    Action, Code, Correction, Date, LeadId, ListRead, Money, Problem, Quality, RawMap, RawValue, SourceId, TenantId,
    Tick, Timestamp, Value, read_raw, write_raw_as_it_came,
};
use crate::plan::Plan;
use crate::plan::compiled::{Route, SUB_ID};
use crate::rules::{Facts, QUALITY};
use crate::schema::Schema;
use crate::store::Payload;
use crate::validate::{
    Envelope, ValidateOptions, Validated, ValidatedLine, may_hold_ssn, payload, validate, validate_line, without_ssn,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A lead that is ready to be settled. What is large is shared, for another plan takes it over as it is.
#[derive(Clone)]
pub struct Prepared {
    /// The hash of the plan it was prepared for: its places and what was found are of that one.
    pub(super) plan: Arc<str>,
    pub(super) input: Arc<[u8]>,
    pub(super) payload: Payload,
    pub(super) tick: Tick,
    pub(super) source: SourceId,
    pub(super) lead: LeadId,
    pub(super) idempotency_key: Option<String>,
    pub(super) received_at: Option<Timestamp>,
    pub(super) test: bool,
    /// Buyers who had it before.
    pub(super) not_to: Vec<String>,
    pub(super) vertical: Option<String>,
    pub(super) canonical: Arc<BTreeMap<String, Value>>,
    pub(super) problems: Vec<Problem>,
    pub(super) corrections: Arc<[Correction]>,
    pub(super) quality: Quality,
    /// What the lists of the plan said, where the lead has a value that a list could hold.
    pub(super) lists: BTreeMap<String, ListRead>,
    /// The contracts of the route whose criteria are met, by their places in the plan, in ascending order.
    pub(super) candidates: Vec<u32>,
    /// What buyers were asked for before it is settled.
    pub(super) asked: BeforeSettling,
}

/// What happened to a lead before it is settled: buyers were asked, and its supplier was promised something.
#[derive(Clone, Debug, Default)]
pub(super) struct BeforeSettling {
    /// What was bid for it.
    pub(super) bids: Option<Bids>,
    /// Until when whoever submitted it delivers it.
    pub(super) ours_until: Option<Timestamp>,
    /// What its supplier gets at least, or it is not taken.
    pub(super) least: Option<Money>,
    /// Where the ping is kept that it comes of.
    pub(super) ping: Option<String>,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Prepared({}/{})", self.source, self.lead)
    }
}

impl Prepared {
    #[cfg(test)]
    pub(super) fn for_test(tenant: &TenantId, input: &[u8], tick: Tick) -> Self {
        no_lead(&"".into(), tenant, input, tick, Vec::new())
    }

    /// What is wrong with the lead.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Whether something was found that ends the lead's way here.
    pub(super) fn is_rejected(&self) -> bool {
        self.problems.iter().any(|problem| problem.action == Action::Rejected)
    }

    /// Whether a policy holds it back.
    pub(super) fn is_held(&self) -> bool {
        self.problems.iter().any(|problem| problem.action == Action::Held)
    }

    /// Which part of its channel it came through.
    pub(super) fn sub_id(&self) -> Option<&str> {
        self.canonical.get(SUB_ID)?.as_text()
    }

    pub(super) fn reject(&mut self, problem: Problem) {
        self.problems.push(problem.with_severity(crate::model::Severity::Error).with_action(Action::Rejected));
    }
}

/// Whom the lists are asked from.
pub(super) enum Asked<'a> {
    /// The lists that the host gave, and those of the plan.
    Now(&'a Given),
    /// In a replay: what they said then.
    Then(&'a BTreeMap<String, ListRead>),
}

/// Prepares one lead.
pub(super) fn prepare(plan: &Plan, tenant: &TenantId, input: &[u8], tick: Tick, asked: &Asked<'_>) -> Prepared {
    match read(input) {
        Ok((raw, early)) => prepare_read(plan, tenant, (input, &raw, early), tick, asked, When::Now),
        Err(problem) => no_lead(&plan.hash, tenant, input, tick, vec![problem]),
    }
}

/// Prepares what there is of a lead before all of it is shown: what is not there may still come.
pub(super) fn prepare_ping(plan: &Plan, tenant: &TenantId, input: &[u8], tick: Tick, given: &Given) -> Prepared {
    let mut lead = prepare(plan, tenant, input, tick, &Asked::Now(given));
    lead.problems.retain(|problem| !matches!(problem.code, Code::FieldMissing | Code::ConsentMissing));
    let route = lead.vertical.as_ref().and_then(|vertical| plan.routes.get(vertical));
    if let Some(route) = route {
        lead.candidates = route.matcher.find(&LeadFacts::new(plan, &lead), Ask::NotFalse);
    }
    lead
}

/// The ping that a lead names.
pub(super) fn named_ping(input: &[u8]) -> Option<String> {
    let (raw, _) = read(input).ok()?;
    Envelope::read(&raw).ping_id
}

/// When a lead came, where it does not come now.
#[derive(Clone, Copy)]
enum When {
    Now,
    /// When it says, and never later than the tick.
    Past,
    /// Then, where it does not say so itself.
    Since(Timestamp),
}

/// What is known of a lead that waited, whatever is found in it now.
pub(super) struct Before<'a> {
    pub(super) source: &'a SourceId,
    pub(super) lead: &'a LeadId,
    /// Whoever sends it again sends what came first, also when it was mended.
    pub(super) payload: Payload,
    pub(super) waited: &'a Waited,
}

/// Prepares a lead that waited: it is the same lead, and as old as it is.
pub(super) fn prepare_again(
    plan: &Plan,
    tenant: &TenantId,
    input: &[u8],
    tick: Tick,
    asked: &Asked<'_>,
    before: &Before<'_>,
) -> Prepared {
    let mut lead = match read(input) {
        Ok((raw, early)) => {
            prepare_read(plan, tenant, (input, &raw, early), tick, asked, When::Since(before.waited.received))
        }
        Err(problem) => no_lead(&plan.hash, tenant, input, tick, vec![problem]),
    };
    (lead.source, lead.lead, lead.payload) = (before.source.clone(), before.lead.clone(), before.payload);
    if before.waited.told == Some(Told::Release) {
        let held = lead.problems.iter_mut().filter(|problem| problem.action == Action::Held);
        held.for_each(|problem| problem.action = Action::Kept);
    }
    lead
}

/// Prepares one lead of the past: its time is when it was received, where it says so, and never later than that of the
/// tick.
pub(super) fn prepare_past(plan: &Plan, tenant: &TenantId, input: &[u8], tick: Tick, asked: &Asked<'_>) -> Prepared {
    match read(input) {
        Ok((raw, early)) => prepare_read(plan, tenant, (input, &raw, early), tick, asked, When::Past),
        Err(problem) => no_lead(&plan.hash, tenant, input, tick, vec![problem]),
    }
}

fn prepare_read(
    plan: &Plan,
    tenant: &TenantId,
    (input, raw, early): (&[u8], &RawMap, Vec<Problem>),
    tick: Tick,
    asked: &Asked<'_>,
    when: When,
) -> Prepared {
    let mut lead = addressed(plan, tenant, input, raw, tick, early.clone());
    let now = match when {
        When::Past => lead.received_at.map_or(tick.now, |received| received.min(tick.now)),
        When::Now | When::Since(_) => tick.now,
    };
    let tick = Tick { now, ..tick };
    lead.tick = tick;
    let hidden = hidden(plan, raw, &lead);
    let raw = match &hidden {
        // Judged and recorded as it came, but for the digits of Social Security numbers.
        Some(raw) => {
            let input = write_raw_as_it_came(&RawValue::Object(raw.clone())).into_bytes();
            lead = addressed(plan, tenant, &input, raw, tick, early);
            raw
        }
        None => raw,
    };
    if let When::Since(received) = when {
        lead.received_at = lead.received_at.or(Some(received));
    }
    matched(plan, raw, lead, asked)
}

impl Prepared {
    /// The same lead for another plan that reads leads of its source and vertical in the same way.
    pub(super) fn under(&self, plan: &Plan, asked: &Asked<'_>) -> Prepared {
        let mut lead = Prepared { plan: plan.hash.clone(), ..self.clone() };
        let vertical = lead.vertical.as_deref().unwrap_or_default();
        if let Some((schema, route)) = plan.verticals.get(vertical).zip(plan.routes.get(vertical)) {
            look_up(plan, schema, route, &mut lead, asked);
        }
        lead
    }
}

/// The lead without what the store may not have, if it has any of that.
fn hidden(plan: &Plan, raw: &RawMap, lead: &Prepared) -> Option<RawMap> {
    let source = plan.sources.get(&lead.source);
    let vertical = source.and_then(|source| match (&lead.vertical, source.verticals.as_slice()) {
        (Some(named), _) => Some(named),
        (None, [only]) => Some(only),
        _ => None,
    });
    // Of a lead that is of no vertical, every one says what may be a number; it is rejected as it is.
    let schemas: Vec<&Schema> = match vertical.and_then(|name| plan.verticals.get(name)) {
        Some(schema) => vec![schema],
        None => plan.verticals.values().collect(),
    };
    if !schemas.iter().any(|schema| schema.asks_for_ssn()) && !may_hold_ssn(&lead.input) {
        return None;
    }
    let hide =
        |hidden: Option<RawMap>, schema: &&Schema| without_ssn(hidden.as_ref().unwrap_or(raw), schema).or(hidden);
    schemas.iter().fold(None, hide)
}

fn matched(plan: &Plan, raw: &RawMap, mut lead: Prepared, asked: &Asked<'_>) -> Prepared {
    let Some((schema, route)) = way(plan, &mut lead) else { return lead };
    examine(plan, schema, raw, &mut lead);
    look_up(plan, schema, route, &mut lead, asked);
    lead
}

/// What the lists say, and whose criteria are met.
fn look_up(plan: &Plan, schema: &Schema, route: &Route, lead: &mut Prepared, asked: &Asked<'_>) {
    lead.lists = match asked {
        Asked::Now(given) => ask(plan, given, schema, &lead.canonical, lead.tick.now),
        Asked::Then(lists) => BTreeMap::clone(lists),
    };
    lead.candidates = route.matcher.find(&LeadFacts::new(plan, lead), Ask::IsTrue);
}

/// Validates one line of a file as [`Engine::decide`](super::Engine::decide) would, without an engine. `number` is that
/// of the line, from 1; the time of the tick is today where a lead does not say when it was received.
///
/// ```
/// # use leadwright::plan::{MemoryResolver, Plan};
/// # let files = MemoryResolver::new([("plan.jsonc", r#"{
/// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
/// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
/// #     "sources": { "web": { "verticals": ["roofing"], "require": ["email"] } },
/// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } }
/// # }"#)]);
/// use leadwright::{engine::validate_line_by, model::Tick};
/// let plan = Plan::load(&files, "plan.jsonc")?;
/// let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#;
/// let line = validate_line_by(&plan, lead, 1, Tick::at("2026-11-24T15:30:00Z".parse()?));
/// assert!(!line.lead.valid, "the source must send an email");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn validate_line_by(plan: &Plan, line: &[u8], number: u64, tick: Tick) -> ValidatedLine {
    let Ok((raw, early)) = read(line) else {
        return validate_line(line, number, &Schema::empty(""), &ValidateOptions::default());
    };
    let mut lead = addressed(plan, &TenantId::default(), line, &raw, tick, early);
    if let Some((schema, _)) = way(plan, &mut lead) {
        examine(plan, schema, &raw, &mut lead);
    }
    let validated = Validated {
        v: 1,
        schema: lead.vertical.clone().unwrap_or_default(),
        valid: !lead.is_rejected() && !lead.is_held(),
        canonical: Arc::unwrap_or_clone(lead.canonical),
        problems: lead.problems,
        corrections: lead.corrections.to_vec(),
        quality: lead.quality,
    };
    ValidatedLine::of(number, &raw, validated)
}

/// The lead of some bytes with what was odd about them, or why they are none.
fn read(input: &[u8]) -> Result<(RawMap, Vec<Problem>), Problem> {
    if input.len() > LEAD_BYTES {
        let problem = Problem::new(Code::LimitLeadBytes, "").with_shape(format!("{} bytes", input.len()));
        return Err(problem.with_expected(format!("at most {LEAD_BYTES} bytes")).with_action(Action::Rejected));
    }
    match read_raw(input) {
        Ok(read) => Ok((read.map, read.problems)),
        Err(error) => Err(error.problem().with_action(Action::Rejected)),
    }
}

/// Bytes that are no lead are recorded all the same: nothing is dropped in silence.
pub(super) fn no_lead(
    plan: &Arc<str>,
    tenant: &TenantId,
    input: &[u8],
    tick: Tick,
    problems: Vec<Problem>,
) -> Prepared {
    let source = unknown_source();
    let lead = id_of_bytes(input, tenant, &source);
    Prepared {
        plan: plan.clone(),
        input: input.into(),
        payload: Sha256::digest(input).into(),
        tick,
        source,
        lead,
        idempotency_key: None,
        received_at: None,
        test: false,
        not_to: Vec::new(),
        vertical: None,
        canonical: Arc::default(),
        problems,
        corrections: Arc::default(),
        quality: Quality::default(),
        lists: BTreeMap::new(),
        candidates: Vec::new(),
        asked: BeforeSettling::default(),
    }
}

fn unknown_source() -> SourceId {
    SourceId::known(UNKNOWN_SOURCE)
}

/// The lead with its name and its request, before its fields are looked at.
fn addressed(
    plan: &Plan,
    tenant: &TenantId,
    input: &[u8],
    raw: &RawMap,
    tick: Tick,
    mut problems: Vec<Problem>,
) -> Prepared {
    let envelope = Envelope::read(raw);
    let known = envelope.source.as_deref().and_then(|id| SourceId::new(id).ok());
    let known = known.filter(|id| plan.sources.contains_key(id));
    if known.is_none() {
        let code = if envelope.source.is_some() { Code::LeadUnknownSource } else { Code::LeadSourceMissing };
        let problem = Problem::new(code, "/source").with_action(Action::Rejected);
        let shape = envelope.source.as_deref().map(|text| RawValue::text(text).shape());
        problems.push(match shape {
            Some(shape) => problem.with_shape(shape),
            None => problem,
        });
    }
    let source = known.unwrap_or_else(unknown_source);
    let lead = lead_id(&envelope, raw, tenant, &source, &mut problems);
    Prepared {
        plan: plan.hash.clone(),
        input: input.into(),
        payload: payload(raw),
        tick,
        source,
        lead,
        idempotency_key: envelope.idempotency_key,
        received_at: envelope.received_at,
        test: envelope.test,
        not_to: envelope.not_to,
        vertical: envelope.vertical,
        canonical: Arc::default(),
        problems,
        corrections: Arc::default(),
        quality: Quality::default(),
        lists: BTreeMap::new(),
        candidates: Vec::new(),
        asked: BeforeSettling::default(),
    }
}

/// When a lead says that it was received.
pub(super) fn received_in(input: &[u8]) -> Option<Timestamp> {
    let raw = read_raw(input).ok()?;
    Envelope::read(&raw.map).received_at
}

/// The lead's vertical and route. One that is not named is that of the source, if that has only one.
fn way<'a>(plan: &'a Plan, lead: &mut Prepared) -> Option<(&'a Schema, &'a Route)> {
    let source = plan.sources.get(&lead.source)?;
    let vertical = match (lead.vertical.take(), source.verticals.as_slice()) {
        (Some(named), all) if all.contains(&named) => named,
        (Some(named), all) => {
            let near = crate::text::did_you_mean(&named, all.iter().map(String::as_str)).map(str::to_owned);
            let problem =
                Problem::new(Code::LeadUnknownVertical, "/vertical").with_shape(RawValue::text(named).shape());
            let problem = problem.with_expected(format!("one of {}", all.join(", ")));
            lead.reject(match near {
                Some(near) => problem.with_suggestion(near),
                None => problem,
            });
            return None;
        }
        (None, [only]) => only.clone(),
        (None, all) => {
            lead.reject(
                Problem::new(Code::LeadVerticalMissing, "/vertical")
                    .with_expected(format!("one of {}", all.join(", "))),
            );
            return None;
        }
    };
    let found = plan.verticals.get(&vertical).zip(plan.routes.get(&vertical));
    lead.vertical = Some(vertical);
    found
}

fn examine(plan: &Plan, schema: &Schema, raw: &RawMap, lead: &mut Prepared) {
    let source = plan.sources.get(&lead.source);
    let require = source.map(|source| source.require.clone()).unwrap_or_default();
    let of_vertical = lead.vertical.as_ref().and_then(|vertical| plan.consents.get(vertical));
    let consents = [plan.intake.consent.as_ref(), of_vertical, source.and_then(|source| source.consent.as_ref())];
    let options = ValidateOptions {
        as_of: Some(plan.zone.date(lead.received_at.unwrap_or(lead.tick.now))),
        repairs: plan.intake.repairs,
        conflict: plan.intake.conflict,
        require,
        now: Some(lead.received_at.unwrap_or(lead.tick.now)),
        consent_max_age: plan.intake.consent_max_age,
        consent: consents.into_iter().flatten().cloned().collect(),
        honeypots: plan.intake.honeypots.clone(),
        ..ValidateOptions::default()
    };
    let found = validate(raw, schema, &options);
    lead.canonical = Arc::new(found.canonical);
    lead.problems.extend(found.problems);
    lead.corrections = found.corrections.into();
    lead.quality = found.quality;
    let source = plan.sources.get(&lead.source);
    let part = source.and_then(|source| source.sub_ids.get(lead.sub_id()?));
    if part.is_some_and(|part| part.blocked) {
        lead.reject(Problem::new(Code::LeadSubIdBlocked, format!("/{SUB_ID}")));
    }
}

/// A lead as criteria see it.
pub(super) struct LeadFacts<'a> {
    lead: &'a Prepared,
    quality: Value,
    today: Date,
}

impl<'a> LeadFacts<'a> {
    pub(super) fn new(plan: &Plan, lead: &'a Prepared) -> Self {
        let quality = Value::Int(i64::from(lead.quality.score));
        Self { lead, quality, today: plan.zone.date(lead.received_at.unwrap_or(lead.tick.now)) }
    }
}

impl Facts for LeadFacts<'_> {
    fn value(&self, field: &str) -> Option<&Value> {
        if field == QUALITY { Some(&self.quality) } else { self.lead.canonical.get(field) }
    }

    fn each(&self, visit: &mut dyn FnMut(&str, &Value)) {
        // Before all names of fields, which begin with a letter.
        visit(QUALITY, &self.quality);
        self.lead.canonical.iter().for_each(|(name, value)| visit(name, value));
    }

    fn in_list(&self, list: &str) -> Option<bool> {
        self.lead.lists.get(list)?.hit
    }

    fn list_fails(&self, list: &str) -> bool {
        self.lead.lists.get(list).is_some_and(|read| read.hit.is_none())
    }

    fn today(&self) -> Date {
        self.today
    }
}
