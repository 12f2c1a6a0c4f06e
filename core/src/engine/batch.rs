//! Many leads: one JSON object a line in, one decision a line out, in the same order.

use super::doors::{Decided, Engine};
use super::prepare::Prepared;
use crate::model::limits::{BATCH, LINE_BYTES};
use crate::model::{Code, Error, Problem, Tick};
use serde::Serialize;

/// What a line became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// A decision.
    Decided(Decided),
    /// Nothing that could be recorded: blank, or too long.
    Refused(Vec<u8>),
}

#[derive(Serialize)]
struct Refusal {
    id: Option<()>,
    line: u64,
    valid: bool,
    problems: [Problem; 1],
}

/// The answer to a line that is none: `{"id":null,"line":N,"valid":false,"problems":[…]}`.
pub(crate) fn refusal(line: u64, problem: Problem) -> Vec<u8> {
    serde_json::to_vec(&Refusal { id: None, line, valid: false, problems: [problem] }).unwrap_or_default()
}

pub(super) fn short_enough(lead: &[u8]) -> Result<(), Error> {
    if lead.len() <= LINE_BYTES {
        return Ok(());
    }
    Err(Error::new(Code::LimitLineBytes, format!("{} bytes", lead.len())))
}

/// Why nothing of a line could be recorded, where that is so.
pub(super) fn no_line(line: &[u8]) -> Option<Problem> {
    if line.trim_ascii().is_empty() {
        return Some(Problem::new(Code::JsonEmptyLine, ""));
    }
    let long = || Problem::new(Code::InputLineTooLong, "").with_shape(format!("{} bytes", line.len()));
    (line.len() > LINE_BYTES).then(long)
}

impl Line {
    /// What is written for the line, without its end.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Line::Decided(decided) => &decided.body,
            Line::Refused(bytes) => bytes,
        }
    }
}

/// A line that is ready to be settled.
#[derive(Clone, Debug)]
pub enum PreparedLine {
    /// A lead.
    Lead(Box<Prepared>),
    /// Nothing that could be recorded, with its answer.
    Refused(Vec<u8>),
}

impl PreparedLine {
    /// The answer to a line that is no lead, with its number and what is wrong with it.
    pub fn refused(number: u64, problem: Problem) -> Self {
        PreparedLine::Refused(refusal(number, problem))
    }
}

impl Engine {
    /// The pure half for one line, counted from 1; many threads may do it at once.
    pub fn prepare_line(&self, line: &[u8], number: u64, tick: Tick) -> PreparedLine {
        match no_line(line) {
            Some(problem) => PreparedLine::refused(number, problem),
            None => PreparedLine::Lead(Box::new(self.prepare(line, tick))),
        }
    }

    /// Settles prepared lines. One answer for each, in their order.
    ///
    /// # Errors
    /// `store.*`.
    pub fn settle_lines(&self, lines: Vec<PreparedLine>) -> Result<Vec<Line>, Error> {
        let mut answers: Vec<Option<Line>> = Vec::with_capacity(lines.len());
        let mut leads = Vec::with_capacity(lines.len());
        for line in lines {
            answers.push(match line {
                PreparedLine::Refused(bytes) => Some(Line::Refused(bytes)),
                PreparedLine::Lead(lead) => {
                    leads.push(*lead);
                    None
                }
            });
        }
        let mut decided = self.settle(&leads)?.into_iter();
        let filled = answers.into_iter().map(|answer| answer.or_else(|| decided.next().map(Line::Decided)));
        Ok(filled.flatten().collect())
    }

    /// Decides JSON Lines and answers with JSON Lines.
    ///
    /// # Errors
    /// `store.*`. What was committed before it stays; the same lines again give the same decisions.
    pub fn decide_batch(&self, leads: &[u8], tick: Tick) -> Result<Vec<u8>, Error> {
        let mut out = Vec::with_capacity(leads.len().saturating_mul(4));
        for (first, lines) in batches(leads) {
            let prepared = lines.iter().zip(first..).map(|(line, number)| self.prepare_line(line, number, tick));
            for answer in self.settle_lines(prepared.collect())? {
                out.extend_from_slice(answer.bytes());
                out.push(b'\n');
            }
        }
        Ok(out)
    }
}

/// The lines of a text in runs that fit one transaction, each with the number of its first line.
pub fn batches(text: &[u8]) -> impl Iterator<Item = (u64, Vec<&[u8]>)> {
    let body = text.strip_suffix(b"\n").unwrap_or(text);
    let lines: Vec<&[u8]> = if text.is_empty() { Vec::new() } else { body.split(|byte| *byte == b'\n').collect() };
    let mut first = 1;
    let runs: Vec<(u64, Vec<&[u8]>)> = lines
        .chunks(BATCH)
        .map(|run| {
            let start = first;
            first += u64::try_from(run.len()).unwrap_or(0);
            (start, run.to_vec())
        })
        .collect();
    runs.into_iter()
}
