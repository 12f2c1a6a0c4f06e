//! `leadwright statements` and `leadwright ledger`

use super::Failure;
use super::operate::{open, tell};
use crate::args::{On, StatementForm, Statements, Stating};
use crate::{Exit, Streams};
use leadwright::books::{Statement, StatementLine, StatementQuery};
use leadwright::model::{Date, Party, PostingKind};
use leadwright::operate::{Close, Operation};

pub(crate) fn run(args: &Statements, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (engine, now) = open(&args.on)?;
    match &args.what {
        Stating::List { party: of, json } => {
            let of = of.as_deref().map(party).transpose()?;
            for statement in engine.statements(of.as_ref())? {
                let line = if *json { written(&statement) } else { words(&statement) };
                let _ = writeln!(streams.out, "{line}");
            }
        }
        Stating::Show { party: of, number, from, to, form } => {
            let (from, to) = (date("--from", from.as_deref())?, date("--to", to.as_deref())?);
            let query = StatementQuery { party: party(of)?, n: *number, from, to };
            show(&engine.statement(&query)?, *form, streams)?;
        }
        Stating::Close { party: of, to, key, json } => {
            let to = date("--to", Some(to))?.ok_or_else(|| Failure::usage("--to is required"))?;
            let (by, reason, key) = (args.said.by()?, args.said.reason()?, key.clone());
            let close = Operation::Close(Close { party: party(of)?, to, by, reason, key });
            tell(&engine.operate(&close, now)?, *json, streams);
        }
    }
    Ok(Exit::Ok)
}

/// `leadwright ledger`: what every account stands at.
pub(crate) fn ledger(on: &On, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (engine, _) = open(on)?;
    let balances = engine.balances()?;
    if json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&balances).unwrap_or_default());
        return Ok(Exit::Ok);
    }
    let mut lines = vec![["account", "debit", "credit", "balance"].map(str::to_owned)];
    lines.extend(
        balances
            .accounts
            .iter()
            .map(|of| [of.account.to_string(), of.debit.to_string(), of.credit.to_string(), of.balance.to_string()]),
    );
    table(&lines, 1, streams);
    Ok(Exit::Ok)
}

pub(super) fn party(text: &str) -> Result<Party, Failure> {
    text.parse().map_err(|_| Failure::usage(format!("{text}: a party is like buyer:acme or supplier:web")))
}

fn date(name: &str, text: Option<&str>) -> Result<Option<Date>, Failure> {
    let read = text.map(str::parse).transpose();
    read.map_err(|_| Failure::usage(format!("{name}: a date is like 2026-11-24")))
}

fn written(statement: &Statement) -> String {
    serde_json::to_string(statement).unwrap_or_default()
}

/// Which days it is over.
fn period(statement: &Statement) -> String {
    let from = statement.from.map_or("the beginning".to_owned(), |date| date.to_string());
    let to = statement.to.map_or("now".to_owned(), |date| date.to_string());
    format!("{from} to {to}")
}

fn words(statement: &Statement) -> String {
    let Statement { opening, closing, currency, .. } = statement;
    let closed = statement.closed.as_ref();
    let id = closed.map_or(statement.party.to_string(), |closed| closed.id.clone());
    let by = closed.map(|closed| format!(", by {}: {}", closed.by, closed.reason)).unwrap_or_default();
    format!("{id}: {}, {opening} to {closing} {currency}{by}", period(statement))
}

fn show(statement: &Statement, form: StatementForm, streams: &mut Streams<'_>) -> Result<(), Failure> {
    match form {
        StatementForm::Json => {
            let _ = writeln!(streams.out, "{}", written(statement));
        }
        StatementForm::Csv => {
            let mut writer = csv::Writer::from_writer(&mut *streams.out);
            let mut lines = lines(statement).into_iter();
            let done = lines.try_for_each(|line| writer.write_record(line)).and_then(|()| Ok(writer.flush()?));
            done.map_err(|error| Failure::input(format!("standard output: {error}")))?;
        }
        StatementForm::Text => {
            let _ = writeln!(streams.out, "{}", words(statement));
            table(&lines(statement), 3, streams);
            for entry in &statement.entries {
                let sale = entry.sale.as_ref().map(|sale| format!(" {} of {}", sale.decision, sale.sold));
                let refers = entry.refers_to.as_ref().map(|id| format!(", in {id}")).unwrap_or_default();
                let (kind, sale) = (entry.kind.as_str(), sale.unwrap_or_default());
                let said = format!("{kind}{sale}{refers}: {}, by {}: {}", entry.amount, entry.by, entry.reason);
                let _ = writeln!(streams.out, "{} {said}", entry.date);
            }
        }
    }
    Ok(())
}

/// What was open, what was added, and what is open now.
fn lines(statement: &Statement) -> Vec<[String; 5]> {
    let edge = |name: &str, amount: String| [name.to_owned(), String::new(), String::new(), String::new(), amount];
    let line = |line: &StatementLine| {
        let contract = line.contract.as_ref().map(ToString::to_string).unwrap_or_default();
        let source = line.source.as_ref().map(ToString::to_string).unwrap_or_default();
        [PostingKind::as_str(line.kind).to_owned(), contract, source, line.count.to_string(), line.amount.to_string()]
    };
    let mut lines = vec![["kind", "contract", "source", "count", "amount"].map(str::to_owned)];
    lines.push(edge("opening", statement.opening.to_string()));
    lines.extend(statement.lines.iter().map(line));
    lines.push(edge("closing", statement.closing.to_string()));
    lines
}

/// Columns, the first of them texts and the others numbers.
fn table<const N: usize>(lines: &[[String; N]], texts: usize, streams: &mut Streams<'_>) {
    let widths: Vec<usize> = (0..N).map(|n| lines.iter().map(|line| line[n].len()).max().unwrap_or(0)).collect();
    for line in lines {
        let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column < texts {
            true => format!("{cell:<width$}"),
            false => format!("{cell:>width$}"),
        });
        let _ = writeln!(streams.out, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
