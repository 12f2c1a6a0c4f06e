//! The columns, whose names and order stay, and the rows.

use super::cells::Cell;
use crate::args::Table;
use crate::commands::Failure;
use leadwright::events;
use leadwright::model::{Assignment, Code, DecisionId, DecisionMoney, EngineVersion, Error, Event, Problem};
use leadwright::store::{HistoryLead, Stored};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

const DECISIONS: &[&str] = &[
    "seq",
    "id",
    "source",
    "lead_id",
    "n",
    "at",
    "requested_at",
    "outcome",
    "observed",
    "parent",
    "currency",
    "revenue",
    "payout",
    "margin",
    "sales",
    "problems",
    "corrections",
    "plan",
    "engine",
    "data",
    "erased",
    "digest",
    "lead",
];
const SALES: &[&str] = &[
    "seq", "decision", "source", "lead_id", "at", "nth", "buyer", "contract", "group", "sale", "price", "currency",
    "state", "observed", "key", "lead",
];
const PROBLEMS: &[&str] = &[
    "seq", "decision", "source", "lead_id", "at", "nth", "code", "severity", "action", "path", "shape", "expected",
    "lead",
];
const EVENTS: &[&str] = &["position", "id", "type", "at", "subject", "data"];
const HISTORY: &[&str] =
    &["position", "source", "lead_id", "at", "told", "nth", "buyer", "contract", "price", "erased", "lead"];

/// The last column is the lead, which is personal; events have none.
pub(super) fn columns(table: Table, personal: bool) -> &'static [&'static str] {
    let all = match table {
        Table::Decisions => DECISIONS,
        Table::Sales => SALES,
        Table::Problems => PROBLEMS,
        Table::Events => return EVENTS,
        Table::History => HISTORY,
    };
    if personal { all } else { &all[..all.len() - 1] }
}

/// As much of a decision as rows want.
#[derive(Deserialize)]
struct Body<'a> {
    engine: EngineVersion,
    #[serde(default)]
    observed: bool,
    parent: Option<DecisionId>,
    #[serde(borrow)]
    canonical: &'a RawValue,
    problems: Vec<Problem>,
    corrections: Vec<IgnoredAny>,
    assignments: Vec<Assignment>,
    money: DecisionMoney,
}

pub(super) fn of_decision(table: Table, stored: &Stored, personal: bool) -> Result<Vec<Vec<Cell>>, Failure> {
    let record = &stored.record;
    let damaged = |_| Error::new(Code::StoreCorrupt, format!("the body of {} cannot be read", record.id));
    let body: Body<'_> = serde_json::from_slice(&record.body).map_err(damaged)?;
    let with_lead = |mut row: Vec<Cell>| {
        if personal {
            row.push(if stored.inner.is_some() { Cell::None } else { Cell::Json(body.canonical.to_owned()) });
        }
        row
    };
    let begin = || {
        let id = &record.id;
        vec![
            Cell::Number(stored.seq),
            Cell::text(id),
            Cell::text(&id.source),
            Cell::text(&id.lead),
            Cell::text(record.at),
        ]
    };
    let count = |of: usize| Cell::Number(of as u64);
    let money = &body.money;
    Ok(match table {
        Table::Sales => {
            let sale = |(nth, sold): (usize, &Assignment)| {
                let mut row = begin();
                row.extend([
                    count(nth + 1),
                    Cell::text(&sold.buyer),
                    Cell::text(&sold.contract),
                    Cell::text(&sold.group),
                    word(&sold.sale),
                    Cell::text(sold.price),
                    Cell::text(money.currency.as_str()),
                    word(&sold.state),
                    Cell::Flag(body.observed),
                    Cell::text(&sold.key),
                ]);
                with_lead(row)
            };
            body.assignments.iter().enumerate().map(sale).collect()
        }
        Table::Problems => {
            let problem = |(nth, problem): (usize, &Problem)| {
                let mut row = begin();
                row.extend([
                    count(nth + 1),
                    Cell::text(problem.code.as_str()),
                    word(&problem.severity),
                    word(&problem.action),
                    Cell::text(&problem.path),
                    Cell::or_none(problem.shape.as_ref()),
                    Cell::or_none(problem.expected.as_ref()),
                ]);
                with_lead(row)
            };
            body.problems.iter().enumerate().map(problem).collect()
        }
        _ => vec![with_lead(vec![
            Cell::Number(stored.seq),
            Cell::text(&record.id),
            Cell::text(&record.id.source),
            Cell::text(&record.id.lead),
            Cell::Number(record.id.n.into()),
            Cell::text(record.at),
            Cell::text(record.requested_at),
            Cell::text(record.outcome.as_str()),
            Cell::Flag(body.observed),
            Cell::or_none(body.parent.as_ref()),
            Cell::text(money.currency.as_str()),
            Cell::text(money.revenue),
            Cell::text(money.payout),
            Cell::text(money.margin),
            count(body.assignments.len()),
            count(body.problems.len()),
            count(body.corrections.len()),
            Cell::text(&record.plan),
            Cell::text(&body.engine.version),
            Cell::text(&body.engine.data),
            Cell::Flag(stored.inner.is_some()),
            Cell::text(&record.digest),
        ])],
    })
}

/// A word of the wire.
fn word(of: &impl serde::Serialize) -> Cell {
    match serde_json::to_value(of) {
        Ok(serde_json::Value::String(text)) => Cell::Text(text),
        _ => Cell::None,
    }
}

#[derive(Deserialize)]
struct Rendered {
    id: String,
}

pub(super) fn of_event(position: u64, event: &Event) -> Result<Vec<Cell>, Error> {
    let rendered = events::render(position, event)?;
    let id = serde_json::from_slice(&rendered).map(|Rendered { id }| id).ok();
    Ok(vec![
        Cell::Number(position),
        Cell::or_none(id),
        Cell::text(event.kind.as_str()),
        Cell::text(event.at),
        Cell::text(&event.subject),
        Cell::json(event.data.as_bytes()),
    ])
}

/// A row for each sale, and one for a lead that has none.
pub(super) fn history(position: u64, lead: &HistoryLead, personal: bool) -> Vec<Vec<Cell>> {
    let (is_told, is_erased) = (lead.sales.is_some(), lead.input.is_empty());
    let row = |nth: usize, [buyer, contract, price]: [Cell; 3]| {
        let mut row = vec![
            Cell::Number(position),
            Cell::text(&lead.source),
            Cell::text(&lead.lead),
            Cell::text(lead.at),
            Cell::Flag(is_told),
            Cell::Number(nth as u64),
            buyer,
            contract,
            price,
            Cell::Flag(is_erased),
        ];
        if personal {
            row.push(if is_erased { Cell::None } else { Cell::json(&lead.input) });
        }
        row
    };
    let sales = lead.sales.iter().flatten().enumerate();
    let sales = sales
        .map(|(at, sale)| row(at + 1, [Cell::text(&sale.buyer), Cell::text(&sale.contract), Cell::text(sale.price)]));
    let rows: Vec<Vec<Cell>> = sales.collect();
    if rows.is_empty() { vec![row(0, [Cell::None, Cell::None, Cell::None])] } else { rows }
}
