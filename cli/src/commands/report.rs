//! `leadwright report`

use super::{Failure, tenant};
use crate::args::{Report, ReportForm};
use crate::{Exit, Streams, stores};
use leadwright::model::{Money, Outcome};
use leadwright::store::{Sums, SumsBy, SumsQuery};
use std::str::FromStr;

pub(crate) fn run(args: &Report, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (tenant, query) = (tenant(&args.tenant)?, query(args)?);
    let rows = stores::reading(&args.store)?.sums(&tenant, &query)?;
    match args.form {
        ReportForm::Jsonl => rows.iter().for_each(|row| {
            let _ = writeln!(streams.out, "{}", serde_json::to_string(row).unwrap_or_default());
        }),
        ReportForm::Csv => csv(&query, &rows, streams)?,
        ReportForm::Text => text(&query, &rows, streams),
    }
    Ok(Exit::Ok)
}

fn query(args: &Report) -> Result<SumsQuery, Failure> {
    let by = args.by.iter().filter(|word| !word.is_empty()).map(|word| {
        let known = SumsBy::ALL.map(SumsBy::as_str).join(", ");
        word.parse().map_err(|()| Failure::usage(format!("--by: `{word}` is none of {known}")))
    });
    let outcome = args.outcome.as_deref().map(|word| {
        let found = Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == word);
        let known = || Outcome::ALL.map(Outcome::as_str).join(", ");
        found.ok_or_else(|| Failure::usage(format!("--outcome: `{word}` is none of {}", known())))
    });
    Ok(SumsQuery {
        from: read("--from", &args.from, "a date is like 2026-11-24")?,
        to: read("--to", &args.to, "a date is like 2026-11-24")?,
        by: by.collect::<Result<_, _>>()?,
        source: read("--source", &args.source, "this is no id")?,
        contract: read("--contract", &args.contract, "this is no id")?,
        outcome: outcome.transpose()?,
    })
}

fn read<T: FromStr>(name: &str, text: &Option<String>, wanted: &str) -> Result<Option<T>, Failure> {
    let read = text.as_deref().map(str::parse).transpose();
    read.map_err(|_| Failure::usage(format!("{name}: {wanted}")))
}

/// The cells of a row: what it is about, as texts, and then the numbers.
fn cells(query: &SumsQuery, row: &Sums) -> Vec<String> {
    let about = query.by.iter().map(|by| match by {
        SumsBy::Day => row.day.map(|day| day.to_string()),
        SumsBy::Hour => row.hour.map(|hour| format!("{hour:02}:00")),
        SumsBy::Source => row.source.as_ref().map(ToString::to_string),
        SumsBy::Contract => row.contract.as_ref().map(ToString::to_string),
        SumsBy::Outcome => row.outcome.map(|outcome| outcome.as_str().to_owned()),
    });
    let numbers = [row.leads.to_string(), row.sales.to_string(), row.revenue.to_string(), row.payout.to_string()];
    about.map(Option::unwrap_or_default).chain(numbers).chain([row.margin.to_string()]).collect()
}

fn header(query: &SumsQuery) -> Vec<String> {
    let numbers = ["leads", "sales", "revenue", "payout", "margin"];
    query.by.iter().map(|by| by.as_str()).chain(numbers).map(str::to_owned).collect()
}

fn csv(query: &SumsQuery, rows: &[Sums], streams: &mut Streams<'_>) -> Result<(), Failure> {
    let mut writer = csv::Writer::from_writer(&mut *streams.out);
    let mut lines = std::iter::once(header(query)).chain(rows.iter().map(|row| cells(query, row)));
    let written = lines.try_for_each(|line| writer.write_record(line));
    written.and_then(|()| Ok(writer.flush()?)).map_err(|error| Failure::input(format!("standard output: {error}")))
}

fn text(query: &SumsQuery, rows: &[Sums], streams: &mut Streams<'_>) {
    let mut lines = vec![header(query)];
    lines.extend(rows.iter().map(|row| cells(query, row)));
    if rows.len() > 1 {
        lines.push(cells(query, &total(rows)));
    }
    let columns = query.by.len();
    let width = |column: usize| lines.iter().filter_map(|line| line.get(column)).map(|cell| cell.len()).max();
    let widths: Vec<usize> = (0..columns + 5).map(|column| width(column).unwrap_or(0)).collect();
    for line in &lines {
        let padded = line.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column < columns {
            true => format!("{cell:<width$}"),
            false => format!("{cell:>width$}"),
        });
        let line = padded.collect::<Vec<_>>().join("  ");
        let _ = writeln!(streams.out, "{}", line.trim_end());
    }
}

/// All rows together.
fn total(rows: &[Sums]) -> Sums {
    let plus = |a: Money, b: Money| a.checked_add(b).unwrap_or(Money::MAX);
    rows.iter().fold(Sums::default(), |sum, row| Sums {
        leads: sum.leads + row.leads,
        sales: sum.sales + row.sales,
        revenue: plus(sum.revenue, row.revenue),
        payout: plus(sum.payout, row.payout),
        margin: plus(sum.margin, row.margin),
        ..Sums::default()
    })
}
