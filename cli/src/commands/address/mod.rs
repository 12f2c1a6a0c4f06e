//! `leadwright address`

mod summary;

use super::Failure;
use super::decide::bar;
use crate::args::{Address, Casing};
use crate::ends::{Output, with_ends};
use crate::parallel::{in_order_with, threads};
use crate::records::{Record, Records};
use crate::{Exit, Streams, clock};
use indicatif::ProgressBar;
use leadwright::address::{AddressLine, Canonicalizer};
use summary::Summary;

/// So many addresses are read between two looks at the input.
const BATCH: usize = 4_096;

pub(crate) fn run(args: &Address, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let started = clock::monotonic();
    let mut run = Run {
        threads: threads(args.threads),
        explain: args.explain,
        is_titled: args.casing == Casing::Title,
        summary: Summary::default(),
        bar: bar(streams.is_terminal, "addresses"),
    };
    let done = with_ends(&args.stream, streams, |records, out| run.all(records, out));
    run.bar.finish_and_clear();
    done.map_err(Failure::input)?;
    match (args.json, args.summary) {
        (true, _) => run.summary.write_json(streams.err),
        (false, true) => run.summary.write(started.elapsed(), streams.err),
        (false, false) => run.summary.write_line(streams.err),
    }
    Ok(if args.stream.strict && run.summary.has_errors() { Exit::Findings } else { Exit::Ok })
}

struct Run {
    threads: usize,
    explain: bool,
    is_titled: bool,
    summary: Summary,
    bar: ProgressBar,
}

impl Run {
    /// Batch after batch in all threads; answered and counted in order.
    fn all(&mut self, records: &mut Records<'_>, out: &mut Output<'_>) -> Result<(), String> {
        loop {
            let batch = records.batch(BATCH).map_err(|error| format!("the input: {error}"))?;
            if batch.is_empty() || out.is_closed() {
                return Ok(());
            }
            let (explain, is_titled) = (self.explain, self.is_titled);
            let read = |canonicalizer: &mut Canonicalizer, record: &_| {
                let line = one(canonicalizer, record, explain);
                let line = if is_titled { line.titled() } else { line };
                let answer = line.answer();
                (line, answer)
            };
            for (line, answer) in in_order_with(&batch, self.threads, Canonicalizer::default, read) {
                out.line(&answer)?;
                self.summary.add(&line);
            }
            self.bar.inc(batch.len() as u64);
        }
    }
}

fn one(canonicalizer: &mut Canonicalizer, (number, record): &(u64, Record), explain: bool) -> AddressLine {
    match record {
        Record::Json(line) if explain => canonicalizer.explained_line(line, *number),
        Record::Json(line) => canonicalizer.line(line, *number),
        Record::Bad(problem) => AddressLine::refused(*number, problem.clone()),
    }
}
