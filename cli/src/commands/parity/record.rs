//! `leadwright parity record`: what both sides did, from any program that can write JSON.

use super::super::Failure;
use super::failed;
use crate::args::Stream;
use crate::ends::with_ends;
use crate::records::Record;
use crate::{Exit, Streams};
use leadwright::model::Error;
use leadwright::parity::ledger::Parity;
use leadwright::parity::{Observation, ParityOptions, Word};
use std::path::Path;

/// So many observations are written in one transaction.
const BATCH: usize = 500;

/// What ends the reading.
enum Stop {
    Input(String),
    Core(Error),
}

pub(super) fn run(
    observations: &Path,
    ledger: &Path,
    migration: &str,
    options: Option<&Path>,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let options = match options {
        None => ParityOptions::default(),
        Some(path) => ParityOptions::from_json(&std::fs::read(path).map_err(|error| failed(path, &error))?)?,
    };
    let parity = Parity::new(ledger, migration, options);
    let ends = Stream { input: observations.into(), output: "-".into(), format: None, strict: false };
    let mut counts = [0_u64; 4];
    let done = with_ends(&ends, streams, |records, out| {
        loop {
            let batch = records.batch(BATCH).map_err(|error| format!("the input: {error}"))?;
            if batch.is_empty() {
                return Ok(Ok(()));
            }
            let seen = match batch.iter().map(one).collect::<Result<Vec<_>, _>>() {
                Ok(seen) => seen,
                Err(stop) => return Ok(Err(stop)),
            };
            let verdicts = match parity.record(&seen) {
                Ok(verdicts) => verdicts,
                Err(error) => return Ok(Err(Stop::Core(error))),
            };
            for verdict in verdicts {
                let of = [Word::Match, Word::Known, Word::Mismatch, Word::Recorded];
                let place = of.iter().position(|word| *word == verdict.verdict).unwrap_or_default();
                counts[place] += 1;
                out.line(&serde_json::to_vec(&verdict).unwrap_or_default())?;
            }
        }
    });
    match done.map_err(Failure::input)? {
        Ok(()) => {}
        Err(Stop::Input(what)) => return Err(Failure::input(what)),
        Err(Stop::Core(error)) => return Err(error.into()),
    }
    let [matched, known, mismatch, recorded] = counts;
    let _ = writeln!(streams.err, "{matched} match, {known} known, {mismatch} mismatch, {recorded} recorded");
    Ok(Exit::Ok)
}

fn one((number, record): &(u64, Record)) -> Result<Observation, Stop> {
    let line = match record {
        Record::Json(line) => line,
        Record::Bad(problem) => return Err(Stop::Input(format!("line {number}: {}", problem.code.text()))),
    };
    let list = [&b"["[..], line, b"]"].concat();
    let mut seen = Observation::list(&list).map_err(|error| {
        Stop::Input(format!("line {number}: {}", error.detail().replace("observation 1 of 1, ", "")))
    })?;
    seen.pop().filter(|_| seen.is_empty()).ok_or_else(|| Stop::Input(format!("line {number}: there is no observation")))
}
