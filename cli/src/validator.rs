//! Validation with everything that it is told, for the bindings: words in, bytes out.

use crate::parallel::in_order;
use leadwright::model::limits::LINE_BYTES;
use leadwright::model::{Code, Error, Problem, RawMap};
use leadwright::redact::Redaction;
use leadwright::schema::Schema;
use leadwright::text::did_you_mean;
use leadwright::validate::{
    ValidateOptions, Validated, ValidatedLine, redact_json, validate, validate_json, validate_line, validate_raw_line,
};

/// Bytes that nearly all answers have room in.
const USUAL_ANSWER: usize = 3_072;

/// A lead as a binding hands it over.
pub enum GivenLead {
    /// Text that is JSON, or should be.
    Json(Vec<u8>),
    /// A lead that is read already.
    Raw(RawMap),
}

/// A schema, options, and how a lead is written.
pub struct Validator {
    schema: Schema,
    options: ValidateOptions,
    how: Redaction,
}

impl Validator {
    /// From a schema of the catalogue, the options as JSON, and a word of [`Redaction::named`] with its key.
    ///
    /// # Errors
    /// `input.bad_option` for any of them.
    pub fn named(schema: &str, options: &[u8], redact: &str, key: Option<&[u8]>) -> Result<Self, Error> {
        let options = ValidateOptions::from_json(options)?;
        Ok(Self { schema: catalogued(schema)?, options, how: Redaction::named(redact, key)? })
    }

    /// One lead that is read already: the same.
    pub fn one_raw(&self, lead: &RawMap) -> Vec<u8> {
        self.written(&validate(lead, &self.schema, &self.options))
    }

    /// One lead: the JSON of [`Validated`](leadwright::validate::Validated).
    pub fn one(&self, lead: &[u8]) -> Vec<u8> {
        self.written(&validate_json(lead, &self.schema, &self.options))
    }

    fn written(&self, lead: &Validated) -> Vec<u8> {
        let mut json = Vec::with_capacity(USUAL_ANSWER);
        // Writing into memory does not fail.
        let _ = match self.how {
            Redaction::Raw => serde_json::to_writer(&mut json, lead),
            _ => serde_json::to_writer(&mut json, &lead.redacted(&self.schema, &self.how)),
        };
        json
    }

    /// Many leads in so many threads, the first of them with this number: the lines of `leadwright validate`.
    ///
    /// ```
    /// let validator = leadwright_cli::Validator::named("us/home-services@1", b"{}", "raw", None)?;
    /// let answers = validator.many(&[r#"{"id":7,"phone":"312-867-5309"}"#, "[]"], 1, 2);
    /// assert!(answers[0].starts_with(br#"{"id":7,"line":1,"v":1,"#));
    /// assert!(answers[1].starts_with(br#"{"id":null,"line":2,"valid":false,"#));
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn many<T: AsRef<[u8]> + Sync>(&self, leads: &[T], first: u64, threads: usize) -> Vec<Vec<u8>> {
        let numbered: Vec<(u64, &[u8])> = (first..).zip(leads.iter().map(AsRef::as_ref)).collect();
        in_order(&numbered, threads, |(number, lead)| {
            let line = if lead.len() > LINE_BYTES {
                self.too_long(*number)
            } else {
                validate_line(lead, *number, &self.schema, &self.options)
            };
            self.answer(&line)
        })
    }

    /// The same of leads of which some are read already.
    pub fn many_given(&self, leads: &[GivenLead], first: u64, threads: usize) -> Vec<Vec<u8>> {
        let numbered: Vec<(u64, &GivenLead)> = (first..).zip(leads).collect();
        in_order(&numbered, threads, |(number, lead)| match lead {
            GivenLead::Json(json) if json.len() > LINE_BYTES => self.answer(&self.too_long(*number)),
            GivenLead::Json(json) => self.answer(&validate_line(json, *number, &self.schema, &self.options)),
            GivenLead::Raw(raw) => self.answer(&validate_raw_line(raw, *number, &self.schema, &self.options)),
        })
    }

    fn too_long(&self, number: u64) -> ValidatedLine {
        ValidatedLine::none(number, &self.schema, Problem::new(Code::InputLineTooLong, ""))
    }

    fn answer(&self, line: &ValidatedLine) -> Vec<u8> {
        match self.how {
            Redaction::Raw => line.answer(),
            _ => line.redacted(&self.schema, &self.how).answer(),
        }
    }
}

/// A validated lead that is JSON already, for other eyes. A line that is no lead has no schema.
///
/// # Errors
/// `input.bad_option` for what is no such lead, an unknown schema or word, or a key that is too short.
pub fn redact_validation(json: &[u8], redact: &str, key: Option<&[u8]>) -> Result<Vec<u8>, Error> {
    #[derive(serde::Deserialize)]
    struct OnlySchema {
        #[serde(default)]
        schema: String,
    }
    let how = Redaction::named(redact, key)?;
    let read: OnlySchema =
        serde_json::from_slice(json).map_err(|_| Error::new(Code::InputBadOption, "this is no answer of a lead"))?;
    let schema = if read.schema.is_empty() { Schema::empty("") } else { catalogued(&read.schema)? };
    redact_json(json, &schema, &how)
}

fn catalogued(name: &str) -> Result<Schema, Error> {
    Schema::named(name).ok_or_else(|| {
        let all: Vec<&str> = Schema::catalogue().collect();
        let near = did_you_mean(name, all.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
        let (near, known) = (near.unwrap_or_default(), all.join(", "));
        Error::new(Code::InputBadOption, format!("there is no schema `{name}`{near} There are {known}"))
    })
}
