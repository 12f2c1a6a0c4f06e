//! By what leads are validated: a schema of the catalogue, or a plan.

use super::super::Failure;
use super::super::decide::load;
use crate::args::Validate;
use crate::{Streams, clock};
use leadwright::engine::validate_line_by;
use leadwright::limits::Zone;
use leadwright::model::{Date, Problem, Tick, Timestamp};
use leadwright::plan::Plan;
use leadwright::redact::Redaction;
use leadwright::schema::Schema;
use leadwright::text::did_you_mean;
use leadwright::validate::{ValidateOptions, ValidatedLine, columns, validate_line};

pub(super) enum Judge {
    Schema { schema: Schema, options: Box<ValidateOptions>, as_of: Date },
    Plan { plan: Box<Plan>, tick: Tick, as_of: Date },
}

impl Judge {
    /// None when the plan was refused, which was told.
    pub(super) fn of(args: &Validate, streams: &mut Streams<'_>) -> Result<Option<Self>, Failure> {
        let as_of = day(args.as_of.as_deref())?;
        if let Some(path) = &args.plan {
            // The middle of the day is the same day in most of the world.
            let noon: Result<Timestamp, _> = format!("{as_of}T12:00:00Z").parse();
            let tick = Tick::at(noon.map_err(|error| Failure::usage(format!("--as-of: {error}")))?);
            return Ok(load(path, "validated", streams).map(|plan| Judge::Plan { plan: Box::new(plan), tick, as_of }));
        }
        let schema = named(args.schema.as_deref().unwrap_or_default())?;
        let options = Box::new(ValidateOptions { as_of: Some(as_of), ..ValidateOptions::default() });
        Ok(Some(Judge::Schema { schema, options, as_of }))
    }

    pub(super) fn line(&self, line: &[u8], number: u64) -> ValidatedLine {
        match self {
            Judge::Schema { schema, options, .. } => validate_line(line, number, schema, options),
            Judge::Plan { plan, tick, .. } => validate_line_by(plan, line, number, *tick),
        }
    }

    pub(super) fn none(&self, number: u64, problem: Problem) -> ValidatedLine {
        match self {
            Judge::Schema { schema, .. } => ValidatedLine::none(number, schema, problem),
            Judge::Plan { .. } => ValidatedLine::none(number, &Schema::empty(""), problem),
        }
    }

    /// The schema that a lead was validated by.
    pub(super) fn schema(&self, name: &str) -> Option<&Schema> {
        match self {
            Judge::Schema { schema, .. } => Some(schema),
            Judge::Plan { plan, .. } => {
                plan.verticals().find(|(vertical, _)| *vertical == name).map(|(_, schema)| schema)
            }
        }
    }

    /// A lead as the answers show it.
    pub(super) fn shown(&self, line: ValidatedLine, how: &Redaction) -> ValidatedLine {
        if matches!(how, Redaction::Raw) {
            return line;
        }
        match self.schema(&line.lead.schema) {
            Some(schema) => line.redacted(schema, how),
            None => line.redacted(&Schema::empty(""), how),
        }
    }

    /// The columns of a cleaned file; redacted leads have no fields that no schema knows.
    pub(super) fn columns(&self, header: Option<&[&str]>, how: &Redaction) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let mut add = |schema: &Schema| {
            for name in columns(schema, header) {
                let hidden = !matches!(how, Redaction::Raw) && name.starts_with("x_") && schema.field(&name).is_none();
                if !hidden && !all.contains(&name) {
                    all.push(name);
                }
            }
        };
        match self {
            Judge::Schema { schema, .. } => add(schema),
            Judge::Plan { plan, .. } => plan.verticals().for_each(|(_, schema)| add(schema)),
        }
        all
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Judge::Schema { schema, .. } => schema.name(),
            Judge::Plan { plan, .. } => plan.name(),
        }
    }

    pub(super) fn as_of(&self) -> Date {
        match self {
            Judge::Schema { as_of, .. } | Judge::Plan { as_of, .. } => *as_of,
        }
    }
}

/// A schema of the catalogue.
pub(crate) fn named(name: &str) -> Result<Schema, Failure> {
    Schema::named(name).ok_or_else(|| {
        let all: Vec<&str> = Schema::catalogue().collect();
        let near = did_you_mean(name, all.iter().copied()).map(|near| format!("; did you mean {near}?"));
        let near = near.unwrap_or_default();
        Failure::usage(format!("--schema: there is no schema `{name}`{near} There are: {}", all.join(", ")))
    })
}

/// What `--redact` asks for.
pub(super) fn redaction(args: &Validate) -> Result<Redaction, Failure> {
    let key = args.hash_key.as_ref().map(|path| {
        let read = std::fs::read(path).map_err(|error| Failure::input(format!("{}: {error}", path.display())));
        read.map(|key| {
            key.strip_suffix(b"\n").map(|key| key.strip_suffix(b"\r").unwrap_or(key).to_vec()).unwrap_or(key)
        })
    });
    let key = key.transpose()?;
    Redaction::named(&args.redact, key.as_deref()).map_err(|error| Failure::usage(format!("--redact: {error}")))
}

/// The day that `--as-of` names, else today.
pub(crate) fn day(given: Option<&str>) -> Result<Date, Failure> {
    let Some(text) = given else { return Ok(today()) };
    text.parse().map_err(|_| Failure::usage(format!("--as-of: {text} is no date; write YYYY-MM-DD")))
}

/// Today in UTC.
pub(crate) fn today() -> Date {
    "UTC".parse::<Zone>().map(|zone| zone.date(clock::now())).unwrap_or(Date::FIRST)
}
