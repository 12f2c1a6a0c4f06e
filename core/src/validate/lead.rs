//! The fields of a lead, one after the other, and then together.

use super::address::{Parts, is_part};
use super::canonical::Canonical;
use super::consent;
use super::cross::{Together, WholeName, split_name};
use super::derive::derive;
use super::envelope::Envelope;
use super::line::read_line;
use super::options::ValidateOptions;
use super::policy::Treatments;
use super::raw::{Opened, RawField};
use super::signals;
use super::ssn::may_be_ssn;
use super::swap;
use crate::field::{FieldKind, FieldOptions, FieldOutcome, check_alone, within};
use crate::model::limits::LEAD_FIELDS;
use crate::model::{
    Action, Code, Correction, Problem, Quality, RawMap, RawValue, Value, looks_like_a_value, shown_path,
};
use crate::schema::{Field, Schema, plain_form};
use crate::text::clean;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A lead after validation. Nothing is thrown away: the raw lead is with the caller, changes are listed.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Validation"))]
pub struct Validated {
    /// Version of this format: 1.
    #[cfg_attr(feature = "schema", schemars(extend("const" = 1)))]
    pub v: u32,
    /// The schema.
    pub schema: String,
    /// Whether the lead is good enough to be offered.
    pub valid: bool,
    /// Its fields. Personal data.
    pub canonical: BTreeMap<String, Value>,
    /// What was wrong.
    pub problems: Vec<Problem>,
    /// What was changed. Personal data.
    pub corrections: Vec<Correction>,
    /// How good it looks.
    pub quality: Quality,
}

impl std::fmt::Debug for Validated {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Validated").field("valid", &self.valid).field("problems", &self.problems).finish()
    }
}

/// A lead in the making.
pub(super) struct Draft<'a> {
    pub(super) canonical: Canonical<'a>,
    pub(super) problems: Vec<Problem>,
    pub(super) corrections: Vec<Correction>,
    /// What came in first for each field.
    raw: Vec<(&'a Field, Came<'a>)>,
    /// The parts of the address that came with something in them.
    parts: Vec<&'a str>,
}

/// A value that came in for a field, and where it stood.
#[derive(Clone, Copy)]
pub(super) struct Came<'a> {
    pub(super) value: &'a RawValue,
    pub(super) path: &'a str,
}

impl<'a> Draft<'a> {
    fn new(schema: &'a Schema, problems: Vec<Problem>, fields: usize) -> Self {
        let canonical = Canonical::new(schema);
        let (corrections, raw) = (Vec::with_capacity(8), Vec::with_capacity(fields));
        Self { canonical, problems, corrections, raw, parts: Vec::new() }
    }

    /// What came in for a field.
    pub(super) fn came(&self, name: &str) -> Option<Came<'a>> {
        self.raw.iter().find(|(field, _)| field.name == name).map(|(_, came)| *came)
    }

    /// Puts a checked value in, with its parts under `field.part`.
    pub(super) fn put(&mut self, (place, field): (usize, &Field), outcome: FieldOutcome) {
        self.problems.extend(outcome.problems);
        self.corrections.extend(outcome.corrections);
        let Some(value) = outcome.value else { return };
        self.canonical.put_at(place, value);
        for (part, value) in outcome.parts.into_iter().filter(|(part, _)| is_kept(field.kind, part)) {
            let mut name = String::with_capacity(field.name.len() + 1 + part.len());
            name.push_str(&field.name);
            name.push('.');
            name.push_str(part);
            self.canonical.insert(name, value);
        }
    }
}

/// Which parts of a value stand beside it; first and last name have fields of their own.
fn is_kept(kind: FieldKind, part: &str) -> bool {
    use FieldKind::{
        CreditScore, Decimal, Integer, Ip, Money, Name, Percent, Phone, State, TrustedformUrl, Url, Vin, Zip,
    };
    match kind {
        Phone => matches!(part, "ext" | "region" | "type"),
        Name => !matches!(part, "first" | "last"),
        // The other end of a range is part of what was said.
        Decimal | Integer | Money | Percent => part == "upper",
        CreditScore | Ip | State | TrustedformUrl | Url | Vin | Zip => true,
        _ => false,
    }
}

/// Validates a raw lead against a schema. Never fails: what is wrong is a problem in the result.
///
/// ```
/// use leadwright::{model::read_raw, schema::Schema, validate::{ValidateOptions, validate}};
/// let raw = read_raw(br#"{"Phone":"(312) 867-5309","zip":"60601","homeowner":"Yes"}"#)?.map;
/// let schema = Schema::named("us/home-services@1").ok_or("no such schema")?;
/// let lead = validate(&raw, &schema, &ValidateOptions::default());
/// assert!(lead.valid);
/// assert_eq!(lead.canonical["phone"].as_text(), Some("+13128675309"));
/// assert_eq!(lead.canonical["state"].as_text(), Some("IL"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn validate(raw: &RawMap, schema: &Schema, options: &ValidateOptions) -> Validated {
    validate_with(raw, Envelope::read(raw).problems, schema, options)
}

/// The same with what was wrong before the fields were looked at.
pub(super) fn validate_with(
    raw: &RawMap,
    problems: Vec<Problem>,
    schema: &Schema,
    options: &ValidateOptions,
) -> Validated {
    let is_record = |name: &str| schema.find(name).is_some_and(|field| is_structure(field.kind));
    let opened = Opened::of(raw, &is_record);
    let found = opened.known(schema);
    let mut draft = Draft::new(schema, problems, found.len());
    if opened.too_many {
        let problem = Problem::new(Code::LimitLeadFields, "").with_action(Action::Rejected);
        draft.problems.push(problem.with_expected(format!("at most {LEAD_FIELDS} fields")));
    }
    let mut address = Parts::default();
    let mut name = None;
    for field in found.iter().filter(|field| field.reserved.is_none()) {
        match field.known {
            Some((_, known)) if is_part(&known.name) => {
                if !is_blank(field.value) {
                    draft.parts.push(&known.name);
                }
                address.take(&known.name, field, &mut draft);
            }
            Some(known) => take(known, field, options, &mut draft, &mut name),
            None => keep_unknown(field, raw, schema, &mut draft),
        }
    }
    let treatments = Treatments::new(&options.policies, schema);
    swap::phone_and_zip(schema, &mut address, &mut draft);
    address.settle(options, &treatments, &mut draft);
    swap::phone_and_email(schema, &mut draft);
    swap::first_and_last(&mut draft);
    split_name(name, &mut draft);
    fill_in(schema, &mut draft);
    Together { options, found: &found }.look(&mut draft);
    derive(schema, options.as_of, &mut draft);
    require(schema, options, &mut draft);
    consent::look(options, &mut draft);
    signals::look(options, &found, &mut draft);
    treatments.apply(&found, &mut draft);
    let quality = signals::score(&draft);
    let stops = |problem: &Problem| matches!(problem.action, Action::Rejected | Action::Held);
    let valid = !draft.problems.iter().any(stops);
    let Draft { canonical, problems, corrections, .. } = draft;
    let canonical = canonical.into_map();
    Validated { v: 1, schema: schema.name().into(), valid, canonical, problems, corrections, quality }
}

/// The same from JSON bytes, up to 64 KiB of them.
///
/// ```
/// use leadwright::{schema::Schema, validate::{ValidateOptions, validate_json}};
/// let schema = Schema::named("us/home-services@1").ok_or("no such schema")?;
/// let lead = validate_json(b"not JSON", &schema, &ValidateOptions::default());
/// assert!(!lead.valid);
/// assert_eq!(lead.problems[0].code.as_str(), "json.syntax");
/// # Ok::<(), &str>(())
/// ```
pub fn validate_json(bytes: &[u8], schema: &Schema, options: &ValidateOptions) -> Validated {
    let read = match read_line(bytes) {
        Ok(read) => read,
        Err(problem) => return refused(schema, problem),
    };
    let mut lead = validate(&read.map, schema, options);
    lead.problems.splice(0..0, read.problems);
    lead
}

/// What is no lead, as one.
pub(super) fn refused(schema: &Schema, problem: Problem) -> Validated {
    Validated {
        v: 1,
        schema: schema.name().into(),
        valid: false,
        canonical: BTreeMap::new(),
        problems: vec![problem.with_action(Action::Rejected)],
        corrections: Vec::new(),
        quality: Quality::NONE,
    }
}

fn take<'a>(
    known: (usize, &'a Field),
    field: &RawField<'a>,
    options: &ValidateOptions,
    draft: &mut Draft<'a>,
    name: &mut Option<WholeName<'a>>,
) {
    let (place, of) = known;
    let told = told(of, options);
    let outcome = check_alone(of.kind, field.value, field.path, &told);
    let outcome = within((&of.min, &of.max), field.value, field.path, outcome);
    if let Some(already) = draft.canonical.at(place) {
        // The first value counts; another one is worth a word, the same again is not.
        if outcome.value.as_ref().is_some_and(|value| value != already) {
            draft.problems.push(Problem::new(Code::LeadFieldTwice, field.path).with_shape(field.value.shape()));
        }
        return;
    }
    if of.name == "full_name" {
        *name = Some(WholeName::of(field.path, &outcome));
    }
    if draft.came(&of.name).is_none() {
        draft.raw.push((of, Came { value: field.value, path: field.path }));
    }
    draft.put(known, outcome);
}

/// What the check of a field is told. Only where a day matters is it another thing than the schema says.
fn told<'k>(known: &'k Field, options: &ValidateOptions) -> Cow<'k, FieldOptions> {
    match options.as_of.filter(|_| known.kind.asks_the_day()) {
        Some(day) => Cow::Owned(FieldOptions { as_of: Some(day), ..known.options.clone() }),
        None => Cow::Borrowed(&known.options),
    }
}

/// Whether an object is a value of the kind, and not several fields.
fn is_structure(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::List | FieldKind::Record)
}

/// A field that the schema does not know is kept as `x_…`.
fn keep_unknown(field: &RawField<'_>, raw: &RawMap, schema: &Schema, draft: &mut Draft<'_>) {
    if let Some(near) = schema.near(&field.plain) {
        // One name that is a value: then there was no header, and they all are.
        let hide = raw.0.iter().any(|(key, _)| looks_like_a_value(key));
        let path = shown_path(field.path, hide);
        draft.problems.push(Problem::new(Code::LeadUnknownField, path).with_suggestion(near));
    }
    // Whoever did not ask for a Social Security number must not have one lying about.
    if may_be_ssn(&field.plain, field.value) {
        let problem = Problem::new(Code::LeadSsnLeftOut, shown_path(field.path, false)).with_shape(field.value.shape());
        return draft.problems.push(problem.with_action(Action::Dropped));
    }
    let name = unknown_name(&field.name);
    if let Some(value) = as_value(field.value)
        && !draft.canonical.has(&name)
    {
        draft.canonical.insert(name, value);
    }
}

/// The name of a field that the schema does not know.
pub(super) fn unknown_name(key: &str) -> String {
    let plain = plain_form(key);
    // Read again it is the same name.
    let bare = plain.strip_prefix("x_").unwrap_or(&plain).trim_start_matches(['_', '.']);
    let end = bare.char_indices().nth(62).map_or(bare.len(), |(at, _)| at);
    let bare = bare.get(..end).unwrap_or_default().trim_end_matches(['_', '.']);
    ["x_", if bare.is_empty() { "field" } else { bare }].concat()
}

fn as_value(raw: &RawValue) -> Option<Value> {
    Some(match raw {
        RawValue::Null | RawValue::Object(_) => return None,
        RawValue::Bool(yes) => Value::Bool(*yes),
        RawValue::Number(text) => match text.parse::<i64>() {
            Ok(n) if n.unsigned_abs() < 1 << 53 => Value::Int(n),
            _ => Value::text(text),
        },
        RawValue::Text(text) => Value::Text(Some(clean(text).text).filter(|text| !text.is_empty())?),
        RawValue::List(items) => Value::List(items.iter().filter_map(as_value).collect()),
    })
}

fn is_blank(raw: &RawValue) -> bool {
    match raw {
        RawValue::Null => true,
        RawValue::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// The defaults of fields that the lead does not have. One whose value was refused stays without.
fn fill_in(schema: &Schema, draft: &mut Draft<'_>) {
    for field in schema.fields() {
        let Some(default) = &field.default else { continue };
        let refused = draft.came(&field.name).is_some_and(|came| {
            let about =
                |told: &str| told.strip_prefix(came.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            *came.value != RawValue::Null && draft.problems.iter().any(|problem| about(&problem.path))
        });
        // A part of an address that came and is not there was refused, or another part speaks against it.
        if refused || draft.canonical.has(&field.name) || draft.parts.contains(&field.name.as_str()) {
            continue;
        }
        let shown = serde_json::to_string(default).unwrap_or_default();
        let to = default.as_text().unwrap_or(&shown);
        draft.corrections.push(Correction::new(Code::FieldDefault, format!("/{}", field.name), "", to));
        draft.canonical.insert(field.name.clone(), default.clone());
    }
}

/// What must be there and is not, or was refused.
fn require(schema: &Schema, options: &ValidateOptions, draft: &mut Draft<'_>) {
    let by_schema = schema.fields().iter().filter(|field| is_wanted(field, draft)).map(|field| field.name.as_str());
    let mut wanted: Vec<&str> = by_schema.collect();
    for name in &options.require {
        if !wanted.contains(&name.as_str()) {
            wanted.push(name);
        }
    }
    for name in wanted {
        if draft.canonical.has(name) {
            continue;
        }
        let refused = draft.came(name).and_then(|came| {
            let dropped = |problem: &&mut Problem| problem.path == came.path && problem.action == Action::Dropped;
            draft.problems.iter_mut().find(dropped)
        });
        match refused {
            Some(problem) => problem.action = Action::Rejected,
            None => {
                let path = format!("/{name}");
                draft.problems.push(Problem::new(Code::FieldMissing, path).with_action(Action::Rejected));
            }
        }
    }
}

/// Whether a lead may not do without a field, as its other fields are.
fn is_wanted(field: &Field, draft: &Draft<'_>) -> bool {
    let holds = || field.required_if.iter().all(|condition| condition.holds_for(draft.canonical.get(&condition.field)));
    field.required || !field.required_if.is_empty() && holds()
}
