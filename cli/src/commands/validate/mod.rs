//! `leadwright validate`

pub(super) mod clean;
pub(crate) mod judge;
pub(super) mod profile;
mod repeats;
mod summary;
mod tell;

use super::Failure;
use super::decide::bar;
use crate::args::Validate;
use crate::ends::{Output, with_ends};
use crate::parallel::{in_order, threads};
use crate::records::{Record, Records};
use crate::{Exit, Streams, clock};
use clean::Cleaned;
use indicatif::ProgressBar;
use judge::Judge;
use leadwright::redact::Redaction;
use leadwright::validate::ValidatedLine;
use summary::Summary;
pub(crate) use tell::{grouped, problems};

/// So many leads are validated between two looks at the input.
const BATCH: usize = 4_096;

pub(crate) fn run(args: &Validate, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let Some(judge) = Judge::of(args, streams)? else { return Ok(Exit::Usage) };
    let how = judge::redaction(args)?;
    let started = clock::monotonic();
    let mut run = Run {
        judge: &judge,
        how: &how,
        threads: threads(args.threads),
        summary: Summary::default(),
        bar: bar(streams.is_terminal, "leads"),
    };
    let done = with_ends(&args.stream, streams, |records, out| {
        let mut cleaned = match &args.clean {
            Some(path) => Some(Cleaned::create(path, &args.stream, &judge, &how, records.header().as_deref())?),
            None => None,
        };
        run.all(records, out, cleaned.as_mut())?;
        cleaned.map(Cleaned::finish).transpose()
    });
    run.bar.finish_and_clear();
    let left_out = done.map_err(Failure::input)?.unwrap_or_default();
    let told = summary::Told {
        judge: &judge,
        json: args.json,
        clean: args.clean.as_deref(),
        left_out: &left_out,
        took: started.elapsed(),
    };
    run.summary.write(&told, streams.err);
    Ok(if args.stream.strict && run.summary.has_errors() { Exit::Findings } else { Exit::Ok })
}

struct Run<'a> {
    judge: &'a Judge,
    how: &'a Redaction,
    threads: usize,
    summary: Summary,
    bar: ProgressBar,
}

impl Run<'_> {
    /// Batch after batch in all threads; answered, cleaned and counted in order.
    fn all(
        &mut self,
        records: &mut Records<'_>,
        out: &mut Output<'_>,
        mut cleaned: Option<&mut Cleaned<'_>>,
    ) -> Result<(), String> {
        loop {
            let batch = records.batch(BATCH).map_err(|error| format!("the input: {error}"))?;
            // Who reads the answers no more may still want the cleaned file.
            if batch.is_empty() || (out.is_closed() && cleaned.is_none()) {
                return Ok(());
            }
            for (line, answer) in in_order(&batch, self.threads, |record| self.one(record)) {
                out.line(&answer)?;
                self.summary.add(&line, self.judge);
                if let Some(cleaned) = cleaned.as_deref_mut() {
                    cleaned.add(&self.judge.shown(line, self.how))?;
                }
            }
            self.bar.inc(batch.len() as u64);
        }
    }

    fn one(&self, (number, record): &(u64, Record)) -> (ValidatedLine, Vec<u8>) {
        let line = match record {
            Record::Json(line) => self.judge.line(line, *number),
            Record::Bad(problem) => self.judge.none(*number, problem.clone()),
        };
        let answer = match self.how {
            Redaction::Raw => line.answer(),
            how => self.judge.shown(line.clone(), how).answer(),
        };
        (line, answer)
    }
}
