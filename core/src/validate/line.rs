//! One line of JSON Lines in, one validated lead out.

use super::envelope::Envelope;
use super::lead::{Validated, refused, validate_with};
use super::options::ValidateOptions;
use crate::model::limits::LEAD_BYTES;
use crate::model::{Code, LeadId, Problem, RawMap, RawRead, RawValue, read_raw, write_raw};
use crate::redact::Redaction;
use crate::schema::Schema;
use serde::Serialize;

/// A line of a file with leads, validated.
#[derive(Clone, PartialEq, Eq)]
pub struct ValidatedLine {
    /// Its number, from 1.
    pub number: u64,
    /// What the lead says about itself; none where the line is no lead.
    pub envelope: Option<Envelope>,
    /// The lead; without fields where the line is none.
    pub lead: Validated,
    /// Its id as it came, as JSON.
    id: Option<String>,
}

impl std::fmt::Debug for ValidatedLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ValidatedLine").field("number", &self.number).field("lead", &self.lead).finish_non_exhaustive()
    }
}

/// Bytes that nearly all answers have room in.
const USUAL_ANSWER: usize = 3_072;

#[derive(Serialize)]
struct Refusal<'a> {
    id: Option<()>,
    line: u64,
    valid: bool,
    problems: &'a [Problem],
}

/// Validates one line. Never fails: a line that is no lead is one with a problem.
///
/// ```
/// use leadwright::{schema::Schema, validate::{ValidateOptions, validate_line}};
/// let schema = Schema::named("us/home-services@1").ok_or("no such schema")?;
/// let line = validate_line(br#"{"id":7,"phone":"(312) 867-5309"}"#, 1, &schema, &ValidateOptions::default());
/// assert!(line.lead.valid);
/// assert!(line.answer().starts_with(br#"{"id":7,"line":1,"v":1,"schema":"us/home-services@1","valid":true,"#));
/// let line = validate_line(b"[]", 2, &schema, &ValidateOptions::default());
/// assert!(line.answer().starts_with(br#"{"id":null,"line":2,"valid":false,"problems":[{"code":"json.not_an_object""#));
/// # Ok::<(), &str>(())
/// ```
pub fn validate_line(line: &[u8], number: u64, schema: &Schema, options: &ValidateOptions) -> ValidatedLine {
    let read = match read_line(line) {
        Ok(read) => read,
        Err(problem) => return ValidatedLine::none(number, schema, problem),
    };
    let mut line = validate_raw_line(&read.map, number, schema, options);
    line.lead.problems.splice(0..0, read.problems);
    line
}

/// The same of a lead that is read already, and whose text had nothing odd about it.
///
/// ```
/// use leadwright::{model::read_raw, schema::Schema, validate::{ValidateOptions, validate_line, validate_raw_line}};
/// let schema = Schema::named("us/home-services@1").ok_or("no such schema")?;
/// let (json, options) = (br#"{"id":7,"phone":"(312) 867-5309"}"#, ValidateOptions::default());
/// let line = validate_raw_line(&read_raw(json)?.map, 1, &schema, &options);
/// assert_eq!(line.answer(), validate_line(json, 1, &schema, &options).answer());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn validate_raw_line(raw: &RawMap, number: u64, schema: &Schema, options: &ValidateOptions) -> ValidatedLine {
    let envelope = Envelope::read(raw);
    let lead = validate_with(raw, envelope.problems.clone(), schema, options);
    ValidatedLine { number, envelope: Some(envelope), lead, id: id(raw) }
}

/// The lead of a line, or why it is none.
pub(super) fn read_line(line: &[u8]) -> Result<RawRead, Problem> {
    if line.len() > LEAD_BYTES {
        let problem = Problem::new(Code::LimitLeadBytes, "").with_shape(format!("{} bytes", line.len()));
        return Err(problem.with_expected(format!("at most {LEAD_BYTES} bytes")));
    }
    read_raw(line).map_err(|error| error.problem())
}

impl ValidatedLine {
    /// A line that is no lead, with what is wrong about it.
    pub fn none(number: u64, schema: &Schema, problem: Problem) -> Self {
        Self { number, envelope: None, lead: refused(schema, problem), id: None }
    }

    /// A validated lead with the raw one that it was.
    pub(crate) fn of(number: u64, raw: &RawMap, lead: Validated) -> Self {
        Self { number, envelope: Some(Envelope::read(raw)), lead, id: id(raw) }
    }

    /// The answer: one line of JSON without its end, the id of the lead as it came (`null` where there is none), the
    /// number of the line, and the members of [`Validated`]. Personal data.
    pub fn answer(&self) -> Vec<u8> {
        if self.envelope.is_none() {
            let refusal = Refusal { id: None, line: self.number, valid: false, problems: &self.lead.problems };
            return serde_json::to_vec(&refusal).unwrap_or_default();
        }
        let mut answer = Vec::with_capacity(USUAL_ANSWER);
        let start = format!("{{\"id\":{},\"line\":{},", self.id.as_deref().unwrap_or("null"), self.number);
        answer.extend_from_slice(start.as_bytes());
        // Writing into memory does not fail. The members begin with a bracket, which is there already.
        let at = answer.len();
        let _ = serde_json::to_writer(&mut answer, &self.lead);
        answer.remove(at);
        answer
    }
}

impl ValidatedLine {
    /// The same for other eyes; see [`Validated::redacted`]. Ids stay where they are ids.
    ///
    /// ```
    /// use leadwright::{redact::Redaction, schema::Schema, validate::{ValidateOptions, validate_line}};
    /// let schema = Schema::named("us/home-services@1").ok_or("no such schema")?;
    /// let line = validate_line(br#"{"id":7,"phone":"(312) 867-5309"}"#, 1, &schema, &ValidateOptions::default());
    /// let answer = line.redacted(&schema, &Redaction::Redacted).answer();
    /// assert!(String::from_utf8(answer)?.contains(r#""phone":"+*********09""#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn redacted(&self, schema: &Schema, how: &Redaction) -> Self {
        if matches!(how, Redaction::Raw) {
            return self.clone();
        }
        let named = |id: &Option<String>| id.clone().filter(|id| LeadId::new(id).is_ok());
        let envelope = self.envelope.as_ref().map(|envelope| Envelope {
            id: named(&envelope.id),
            source: named(&envelope.source),
            // One that was recognised is that of the schema.
            vertical: envelope.vertical.clone().filter(|vertical| *vertical == self.lead.schema),
            // A caller's keys are free text, and often made of what the lead holds.
            idempotency_key: envelope.idempotency_key.as_ref().map(|key| how.text("key", key)),
            ping_id: envelope.ping_id.as_ref().map(|key| how.text("key", key)),
            ..envelope.clone()
        });
        let id = envelope.as_ref().and_then(|envelope| envelope.id.as_ref()).and(self.id.clone());
        Self { number: self.number, lead: self.lead.redacted(schema, how), envelope, id }
    }
}

fn id(map: &RawMap) -> Option<String> {
    let named = |(key, _): &&(String, RawValue)| super::envelope::is_id(key);
    let found = map.0.iter().find(named).map(|(_, value)| value);
    found.filter(|id| matches!(id, RawValue::Text(_) | RawValue::Number(_))).map(write_raw)
}
