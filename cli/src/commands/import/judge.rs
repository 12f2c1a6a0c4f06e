//! A record as a lead of the past, or what is wrong with it.

use super::head::{Head, Names};
use crate::commands::validate::clean::json;
use crate::records::Record;
use leadwright::engine::validate_line_by;
use leadwright::model::limits::LEAD_BYTES;
use leadwright::model::{
    Action, BuyerId, Code, ContractId, LeadId, Money, Problem, RawMap, RawValue, Severity, SourceId, Tick, Timestamp,
    read_raw, write_raw,
};
use leadwright::plan::Plan;
use leadwright::store::{HistoryLead, HistorySale};
use leadwright::validate::{ValidatedLine, record};
use sha2::{Digest, Sha256};

/// How leads are judged.
pub(super) struct Judge {
    /// By a plan; none where they are canonical already.
    pub(super) plan: Option<Plan>,
    pub(super) names: Names,
    pub(super) now: Timestamp,
}

type Judged = Result<HistoryLead, Vec<Problem>>;

impl Judge {
    pub(super) fn lead(&self, (number, record): &(u64, Record)) -> Judged {
        let line = match record {
            Record::Bad(problem) => return Err(vec![problem.clone()]),
            Record::Json(line) if line.trim_ascii().is_empty() => {
                return Err(vec![Problem::new(Code::JsonEmptyLine, "")]);
            }
            Record::Json(line) if line.len() > LEAD_BYTES => {
                return Err(vec![refused(Code::LimitLeadBytes, "", format!("{} bytes", line.len()))]);
            }
            Record::Json(line) => line,
        };
        match &self.plan {
            Some(plan) => self.raw(plan, *number, line),
            None => self.canonical(line),
        }
    }

    /// A raw lead, whose sale is no part of it.
    fn raw(&self, plan: &Plan, number: u64, line: &[u8]) -> Judged {
        if self.names.buyer.is_none() {
            return self.validated(plan, &validate_line_by(plan, line, number, Tick::at(self.now)), None);
        }
        let Ok(mut read) = read_raw(line) else {
            return self.validated(plan, &validate_line_by(plan, line, number, Tick::at(self.now)), None);
        };
        let sales = self.sales(
            take(&mut read.map, self.names.buyer.as_deref()).as_deref(),
            take(&mut read.map, self.names.contract.as_deref()).as_deref(),
            take(&mut read.map, self.names.price.as_deref()).as_deref(),
        )?;
        let line = write_raw(&RawValue::Object(read.map));
        self.validated(plan, &validate_line_by(plan, line.as_bytes(), number, Tick::at(self.now)), sales)
    }

    fn validated(&self, plan: &Plan, line: &ValidatedLine, sales: Option<Vec<HistorySale>>) -> Judged {
        let lead = &line.lead;
        let schema = plan.verticals().find(|(vertical, _)| *vertical == lead.schema).map(|(_, schema)| schema);
        let (Some(schema), Some(envelope), true) = (schema, &line.envelope, lead.valid) else {
            return Err(why(&lead.problems));
        };
        let source = envelope.source.as_deref().and_then(|text| SourceId::new(text).ok());
        let source = source.ok_or_else(|| vec![refused(Code::LeadSourceMissing, "/source", String::new())])?;
        let at = self.time(envelope.received_at)?;
        let input = json(&record(lead, Some(envelope), schema));
        let lead = envelope.id.as_deref().and_then(|text| LeadId::new(text).ok()).map_or_else(|| id_of(&input), Ok)?;
        Ok(HistoryLead { source, lead, at, input, sales })
    }

    /// A lead that was validated before: only what it is found by is looked at.
    fn canonical(&self, line: &[u8]) -> Judged {
        let head = Head::read(line, &self.names).map_err(|code| vec![refused(code, "", String::new())])?;
        let shaped = |path: &str, code: Code, text: Option<&str>| {
            vec![refused(code, path, text.map(|text| RawValue::text(text).shape()).unwrap_or_default())]
        };
        let source = head.source.as_deref();
        let known = source.and_then(|text| SourceId::new(text).ok());
        let known = known.ok_or_else(|| shaped("/source", Code::LeadSourceMissing, source))?;
        let at = self.time(head.received_at.as_deref().and_then(|text| text.parse().ok()))?;
        let sales = self.sales(head.buyer.as_deref(), head.contract.as_deref(), head.price.as_deref())?;
        let lead = match head.id.as_deref() {
            Some(text) => LeadId::new(text).map_err(|_| shaped("/id", Code::LeadBadId, Some(text)))?,
            None => id_of(line)?,
        };
        Ok(HistoryLead { source: known, lead, at, input: line.to_vec(), sales })
    }

    /// A history is asked by time: a lead without one has no place in it.
    fn time(&self, received: Option<Timestamp>) -> Result<Timestamp, Vec<Problem>> {
        let path = "/received_at";
        let at = received.ok_or_else(|| {
            let problem = refused(Code::LeadBadReserved, path, String::new());
            vec![problem.with_expected("RFC 3339 with a zone, like 2026-11-24T15:30:00Z")]
        })?;
        if at > self.now { Err(vec![refused(Code::LeadClockSkew, path, String::new())]) } else { Ok(at) }
    }

    /// What became of the lead; none where no column says it.
    fn sales(
        &self,
        buyer: Option<&str>,
        contract: Option<&str>,
        price: Option<&str>,
    ) -> Result<Option<Vec<HistorySale>>, Vec<Problem>> {
        if self.names.buyer.is_none() {
            return Ok(None);
        }
        let filled = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let Some(buyer) = filled(buyer) else { return Ok(Some(Vec::new())) };
        let contract = filled(contract).unwrap_or_else(|| buyer.clone());
        let named = |name: &Option<String>| format!("/{}", name.as_deref().unwrap_or_default());
        let price = filled(price).map_or(Ok(Money::ZERO), |text| {
            let plain: String = text.chars().filter(|c| !matches!(c, '$' | ',' | ' ')).collect();
            plain.parse::<Money>().ok().filter(|price| *price >= Money::ZERO).ok_or_else(|| {
                vec![refused(Code::NumberNotANumber, &named(&self.names.price), RawValue::text(text).shape())]
            })
        })?;
        let (Ok(buyer), Ok(contract)) = (BuyerId::new(as_id(&buyer)), ContractId::new(as_id(&contract))) else {
            return Err(vec![refused(Code::LeadBadReserved, &named(&self.names.buyer), String::new())]);
        };
        Ok(Some(vec![HistorySale { buyer, contract, price }]))
    }
}

fn refused(code: Code, path: &str, shape: String) -> Problem {
    let problem = Problem::new(code, path).with_severity(Severity::Error).with_action(Action::Rejected);
    if shape.is_empty() { problem } else { problem.with_shape(shape) }
}

/// What a lead was refused for.
fn why(problems: &[Problem]) -> Vec<Problem> {
    let of = |wanted: &dyn Fn(&Problem) -> bool| -> Vec<Problem> {
        problems.iter().filter(|problem| wanted(problem)).cloned().collect()
    };
    let stopped = of(&|problem| matches!(problem.action, Action::Rejected | Action::Held));
    if !stopped.is_empty() {
        return stopped;
    }
    let errors = of(&|problem| problem.severity == Severity::Error);
    if errors.is_empty() { problems.to_vec() } else { errors }
}

/// The name of a buyer as an id: what no id has is a hyphen.
fn as_id(text: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || "._:-".contains(c) { c } else { '-' };
    text.chars().map(kept).take(64).collect()
}

/// A lead without an id is known by what it says.
fn id_of(input: &[u8]) -> Result<LeadId, Vec<Problem>> {
    let hash: String = Sha256::digest(input).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    LeadId::new(hash).map_err(|_| vec![refused(Code::LeadBadId, "/id", String::new())])
}

/// Takes a column out of a lead.
fn take(map: &mut RawMap, name: Option<&str>) -> Option<String> {
    let at = map.0.iter().position(|(key, _)| Some(key.as_str()) == name)?;
    match map.0.remove(at).1 {
        RawValue::Text(text) | RawValue::Number(text) => Some(text),
        _ => None,
    }
}
