//! The fields of a lead, one after the other, and then together.

use super::address::{Parts, is_part};
use super::cross::{Together, split_name};
use super::derive::derive;
use super::envelope::{Envelope, reserved};
use super::line::validate_line;
use super::options::ValidateOptions;
use super::policy::Treatments;
use super::raw::{RawField, fields};
use super::signals;
use super::ssn::may_be_ssn;
use super::swap;
use crate::field::{FieldKind, FieldOptions, FieldOutcome, check, within};
use crate::model::limits::LEAD_FIELDS;
use crate::model::{
    Action, Code, Correction, Problem, Quality, RawMap, RawValue, Value, looks_like_a_value, shown_path,
};
use crate::schema::{Field, Schema, plain_key};
use crate::text::{clean, did_you_mean};
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
#[derive(Default)]
pub(super) struct Draft {
    pub(super) canonical: BTreeMap<String, Value>,
    pub(super) problems: Vec<Problem>,
    pub(super) corrections: Vec<Correction>,
    /// What came in for each field, and where it stood.
    pub(super) raw: BTreeMap<String, (RawValue, String)>,
}

impl Draft {
    /// Puts a checked value in, with its parts under `field.part`.
    pub(super) fn put(&mut self, name: &str, kind: FieldKind, outcome: FieldOutcome) {
        self.problems.extend(outcome.problems);
        self.corrections.extend(outcome.corrections);
        let Some(value) = outcome.value else { return };
        self.canonical.insert(name.to_owned(), value);
        for (part, value) in outcome.parts.into_iter().filter(|(part, _)| is_kept(kind, part)) {
            self.canonical.insert(format!("{name}.{part}"), value);
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
    let mut draft = Draft { problems: Envelope::read(raw).problems, ..Draft::default() };
    let is_record = |name: &str| schema.find(name).is_some_and(|field| is_structure(field.kind));
    let (mut found, too_many) = fields(raw, &is_record);
    found.iter_mut().for_each(|field| field.known = schema.find(&field.name));
    if too_many {
        let problem = Problem::new(Code::LimitLeadFields, "").with_action(Action::Rejected);
        draft.problems.push(problem.with_expected(format!("at most {LEAD_FIELDS} fields")));
    }
    let mut address = Parts::default();
    let mut name = None;
    for field in found.iter().filter(|field| reserved(&field.name).is_none()) {
        match field.known {
            Some(known) if is_part(&known.name) => address.take(&known.name, field, &mut draft),
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
    signals::look(options, &found, &mut draft);
    treatments.apply(&found, &mut draft);
    let quality = signals::score(&draft);
    let stops = |problem: &Problem| matches!(problem.action, Action::Rejected | Action::Held);
    let valid = !draft.problems.iter().any(stops);
    let Draft { canonical, problems, corrections, .. } = draft;
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
    validate_line(bytes, 1, schema, options).lead
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

fn take(
    known: &Field,
    field: &RawField<'_>,
    options: &ValidateOptions,
    draft: &mut Draft,
    name: &mut Option<(String, FieldOutcome)>,
) {
    let told = told(known, options);
    let outcome = check(known.kind, field.value, &field.path, &told);
    let outcome = within((&known.min, &known.max), field.value, &field.path, outcome);
    if let Some(already) = draft.canonical.get(&known.name) {
        // The first value counts; another one is worth a word, the same again is not.
        if outcome.value.as_ref().is_some_and(|value| value != already) {
            draft.problems.push(Problem::new(Code::LeadFieldTwice, &field.path).with_shape(field.value.shape()));
        }
        return;
    }
    if known.name == "full_name" {
        *name = Some((field.path.clone(), outcome.clone()));
    }
    draft.raw.entry(known.name.clone()).or_insert_with(|| (field.value.clone(), field.path.clone()));
    draft.put(&known.name, known.kind, outcome);
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
fn keep_unknown(field: &RawField<'_>, raw: &RawMap, schema: &Schema, draft: &mut Draft) {
    let plain = plain_key(&field.name);
    let names = schema.fields().iter().map(|field| field.name.as_str()).filter(|name| !schema.is_derived(name));
    if let Some(near) = did_you_mean(&plain, names) {
        // One name that is a value: then there was no header, and they all are.
        let hide = raw.0.iter().any(|(key, _)| looks_like_a_value(key));
        let path = shown_path(&field.path, hide);
        draft.problems.push(Problem::new(Code::LeadUnknownField, path).with_suggestion(near));
    }
    // Whoever did not ask for a Social Security number must not have one lying about.
    if may_be_ssn(&plain, field.value) {
        let problem =
            Problem::new(Code::LeadSsnLeftOut, shown_path(&field.path, false)).with_shape(field.value.shape());
        return draft.problems.push(problem.with_action(Action::Dropped));
    }
    let name = unknown_name(&field.name);
    if let Some(value) = as_value(field.value) {
        draft.canonical.entry(name).or_insert(value);
    }
}

/// The name of a field that the schema does not know.
pub(super) fn unknown_name(key: &str) -> String {
    let plain: String = plain_key(key).chars().take(64).collect();
    if plain.starts_with("x_") { plain } else { format!("x_{plain}") }
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

/// The defaults of fields that the lead does not have. One whose value was refused stays without.
fn fill_in(schema: &Schema, draft: &mut Draft) {
    for field in schema.fields() {
        let Some(default) = &field.default else { continue };
        let refused = draft.raw.get(&field.name).is_some_and(|(raw, path)| {
            let about = |told: &str| {
                told.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            *raw != RawValue::Null && draft.problems.iter().any(|problem| about(&problem.path))
        });
        if refused || draft.canonical.contains_key(&field.name) {
            continue;
        }
        let shown = serde_json::to_string(default).unwrap_or_default();
        let to = default.as_text().unwrap_or(&shown);
        draft.corrections.push(Correction::new(Code::FieldDefault, format!("/{}", field.name), "", to));
        draft.canonical.insert(field.name.clone(), default.clone());
    }
}

/// What must be there and is not, or was refused.
fn require(schema: &Schema, options: &ValidateOptions, draft: &mut Draft) {
    let by_schema = schema.fields().iter().filter(|field| is_wanted(field, draft)).map(|field| field.name.as_str());
    let mut wanted: Vec<&str> = by_schema.collect();
    for name in &options.require {
        if !wanted.contains(&name.as_str()) {
            wanted.push(name);
        }
    }
    for name in wanted {
        if draft.canonical.contains_key(name) {
            continue;
        }
        let path = draft.raw.get(name).map(|(_, path)| path.clone());
        let refused = path.and_then(|path| {
            let dropped = |problem: &&mut Problem| problem.path == path && problem.action == Action::Dropped;
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
fn is_wanted(field: &Field, draft: &Draft) -> bool {
    let holds = || field.required_if.iter().all(|condition| condition.holds(&draft.canonical));
    field.required || !field.required_if.is_empty() && holds()
}
