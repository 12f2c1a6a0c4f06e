//! Many leads: one JSON object a line in, one decision a line out, in the same order.

use super::doors::{Decided, Engine};
use crate::model::limits::LINE_BYTES;
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

impl Line {
    /// What is written for the line, without its end.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Line::Decided(decided) => &decided.body,
            Line::Refused(bytes) => bytes,
        }
    }
}

impl Engine {
    /// Decides lines; `first` is the number of the first one. Answers in their order, one for each.
    ///
    /// # Errors
    /// `store.*`.
    pub fn decide_lines<L: AsRef<[u8]>>(&self, lines: &[L], first: u64, tick: Tick) -> Result<Vec<Line>, Error> {
        let mut answers: Vec<Option<Line>> = Vec::with_capacity(lines.len());
        let mut leads = Vec::with_capacity(lines.len());
        for (line, number) in lines.iter().map(AsRef::as_ref).zip(first..) {
            let problem = if line.trim_ascii().is_empty() {
                Some(Problem::new(Code::JsonEmptyLine, ""))
            } else if line.len() > LINE_BYTES {
                Some(Problem::new(Code::InputLineTooLong, "").with_shape(format!("{} bytes", line.len())))
            } else {
                None
            };
            match problem {
                Some(problem) => answers.push(Some(Line::Refused(refusal(number, problem)))),
                None => {
                    leads.push(self.prepare(line, tick));
                    answers.push(None);
                }
            }
        }
        let mut decided = self.settle(&leads)?.into_iter();
        let filled = answers.into_iter().map(|answer| answer.or_else(|| decided.next().map(Line::Decided)));
        Ok(filled.flatten().collect())
    }

    /// Decides JSON Lines and answers with JSON Lines.
    ///
    /// # Errors
    /// `store.*`.
    pub fn decide_batch(&self, leads: &[u8], tick: Tick) -> Result<Vec<u8>, Error> {
        let body = leads.strip_suffix(b"\n").unwrap_or(leads);
        if body.is_empty() && leads.is_empty() {
            return Ok(Vec::new());
        }
        let lines: Vec<&[u8]> = body.split(|byte| *byte == b'\n').collect();
        let mut out = Vec::with_capacity(leads.len() * 4);
        for (n, chunk) in lines.chunks(crate::model::limits::BATCH).enumerate() {
            let first = u64::try_from(n * crate::model::limits::BATCH).unwrap_or(u64::MAX).saturating_add(1);
            for answer in self.decide_lines(chunk, first, tick)? {
                out.extend_from_slice(answer.bytes());
                out.push(b'\n');
            }
        }
        Ok(out)
    }
}
