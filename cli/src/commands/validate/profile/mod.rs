//! `leadwright profile`

mod tell;

use super::super::Failure;
use super::super::decide::bar;
use super::judge::{Judge, day, named};
use super::summary::{Summary, Told};
use crate::args::Profile as Args;
use crate::ends::with_ends;
use crate::parallel::{in_order, threads};
use crate::records::{Record, Records};
use crate::{Exit, Streams, clock};
use indicatif::ProgressBar;
use leadwright::model::{Date, read_raw};
use leadwright::profile::{Profile, Profiler};
use leadwright::schema::Schema;
use leadwright::validate::ValidateOptions;
use serde::Serialize;
use std::collections::BTreeMap;

/// So many leads are read between two looks at the bar.
const BATCH: usize = 4_096;

pub(crate) fn run(args: &Args, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let as_of = day(args.as_of.as_deref())?;
    let schemas = match &args.schema {
        Some(name) => vec![named(name)?],
        None => Schema::catalogue().filter_map(Schema::named).collect(),
    };
    let bar = bar(streams.is_terminal, "leads");
    let mut has_errors = false;
    let done = with_ends(&args.stream, streams, |records, out| {
        let seen = Seen::read(records, args.rows, &bar)?;
        let profile = seen.profiler.profile(&schemas, Some(as_of));
        let best = profile.schemas.first().and_then(|best| schemas.iter().find(|schema| schema.name() == best.schema));
        let Some(schema) = best else { return Ok(()) };
        let report = Report { judge: judge(profile.apply(schema.clone()), as_of), profile, seen: &seen, args };
        has_errors = report.write(&mut |text| out.line(text))?;
        Ok(())
    });
    bar.finish_and_clear();
    done.map_err(Failure::input)?;
    Ok(if args.stream.strict && has_errors { Exit::Findings } else { Exit::Ok })
}

fn judge(schema: Schema, as_of: Date) -> Judge {
    Judge::Schema {
        schema,
        options: Box::new(ValidateOptions { as_of: Some(as_of), ..ValidateOptions::default() }),
        as_of,
    }
}

/// The leads that were looked at; they are validated once the schema is known.
struct Seen {
    profiler: Profiler,
    records: Vec<(u64, Record)>,
    /// There are more leads than were to be looked at.
    more: bool,
}

impl Seen {
    fn read(records: &mut Records<'_>, most: usize, bar: &ProgressBar) -> Result<Self, String> {
        let mut seen = Self { profiler: Profiler::default(), records: Vec::new(), more: false };
        loop {
            let room = most.saturating_sub(seen.records.len());
            let batch = records.batch(room.clamp(1, BATCH)).map_err(|error| format!("the input: {error}"))?;
            seen.more = room == 0 && !batch.is_empty();
            if batch.is_empty() || room == 0 {
                return Ok(seen);
            }
            bar.inc(batch.len() as u64);
            for (_, record) in &batch {
                if let Record::Json(line) = record
                    && let Ok(lead) = read_raw(line)
                {
                    seen.profiler.add(&lead.map);
                }
            }
            seen.records.extend(batch);
        }
    }
}

struct Report<'a> {
    profile: Profile,
    judge: Judge,
    seen: &'a Seen,
    args: &'a Args,
}

#[derive(Serialize)]
struct Json<'a, V: Serialize> {
    #[serde(flatten)]
    profile: &'a Profile,
    /// The file has more leads than were looked at.
    more: bool,
    /// A vertical that takes the proposals up, and the columns that no schema knows, as it stands in a plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    verticals: Option<serde_json::Value>,
    /// What validating them by the best schema comes to; absent without a header, for names of fields are shown there.
    #[serde(skip_serializing_if = "Option::is_none")]
    validation: Option<V>,
}

impl Report<'_> {
    /// Writes the report, and says whether a lead had an error.
    fn write(&self, line: &mut dyn FnMut(&[u8]) -> Result<(), String>) -> Result<bool, String> {
        let started = clock::monotonic();
        let mut summary = Summary::default();
        let lines = in_order(&self.seen.records, threads(self.args.threads), |(number, record)| match record {
            Record::Json(line) => self.judge.line(line, *number),
            Record::Bad(problem) => self.judge.none(*number, problem.clone()),
        });
        lines.iter().for_each(|line| summary.add(line, &self.judge));
        let left_out = BTreeMap::new();
        let told = Told { judge: &self.judge, json: false, clean: None, left_out: &left_out, took: started.elapsed() };
        let named = !self.profile.header_missing;
        let text = if self.args.json {
            let validation = named.then(|| summary.report(&told));
            let piece = self.profile.plan_piece().map(|piece| format!("{{{piece}}}"));
            let verticals = piece.and_then(|piece| serde_json::from_str(&piece).ok());
            let json = Json { profile: &self.profile, more: self.seen.more, verticals, validation };
            serde_json::to_vec(&json).unwrap_or_default()
        } else {
            let mut text = Vec::new();
            tell::profile(&self.profile, self.seen.more, &mut text);
            if named {
                summary.write(&told, &mut text);
            }
            text.truncate(text.trim_ascii_end().len());
            text
        };
        line(&text)?;
        Ok(summary.has_errors())
    }
}
