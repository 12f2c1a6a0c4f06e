//! Reports, from the sums that are kept with every decision.

use crate::link::Link;
use crate::look::{get, money, outcome, parsed, whole};
use leadwright::model::{Error, Money};
use leadwright::store::{Sums, SumsBy, SumsQuery};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

/// The column of a part of a report.
fn column(by: SumsBy) -> &'static str {
    match by {
        SumsBy::Day => "date",
        SumsBy::Hour => "slot / 4",
        SumsBy::Source => "source",
        SumsBy::Contract => "contract",
        SumsBy::Outcome => "outcome",
    }
}

/// The statement of a report, and what is bound to it. Only words of ours are in it.
pub(crate) fn statement(tenant: &str, query: &SumsQuery) -> (String, Vec<String>) {
    let mut bound = vec![tenant.to_owned()];
    let mut wanted = String::from("tenant = $1");
    let mut want = |condition: &str, value: Option<String>| {
        let Some(value) = value else { return };
        bound.push(value);
        wanted += &format!(" AND {condition} ${}", bound.len());
    };
    want("date >=", query.from.map(|date| date.to_string()));
    want("date <=", query.to.map(|date| date.to_string()));
    want("source =", query.source.as_ref().map(ToString::to_string));
    want("contract =", query.contract.as_ref().map(ToString::to_string));
    want("outcome =", query.outcome.map(|outcome| outcome.as_str().to_owned()));
    let of_sales = query.contract.is_some() || query.by.contains(&SumsBy::Contract);
    if of_sales {
        wanted += " AND contract <> ''";
    }
    let leads = if of_sales { "contract <> ''" } else { "contract = ''" };
    let table = if query.by.contains(&SumsBy::Hour) { "rollup" } else { "rollup_day" };
    let columns: Vec<&str> = query.by.iter().map(|by| column(*by)).collect();
    let (columns, group) = match columns.is_empty() {
        true => (String::new(), "HAVING count(*) > 0".to_owned()),
        false => (format!("{}, ", columns.join(", ")), format!("GROUP BY {0} ORDER BY {0}", columns.join(", "))),
    };
    let sum = |what: &str, of: &str| format!("coalesce(sum({what}) FILTER (WHERE {of}), 0)::bigint");
    let sale = "contract <> ''";
    let sums = [sum("leads", leads), sum("leads", sale), sum("revenue", sale), sum("payout", sale)].join(", ");
    (format!("SELECT {columns}{sums} FROM {table} WHERE {wanted} {group}"), bound)
}

/// The report.
pub(crate) fn sums(link: &Link, tenant: &str, query: &SumsQuery) -> Result<Vec<Sums>, Error> {
    let (sql, bound) = statement(tenant, query);
    let bound: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
    link.rows(&sql, &bound)?.iter().map(|row| row_of(row, query)).collect()
}

fn row_of(row: &Row, query: &SumsQuery) -> Result<Sums, Error> {
    let mut sums = Sums::default();
    for (column, by) in query.by.iter().enumerate() {
        match by {
            SumsBy::Day => sums.day = Some(parsed(row, column)?),
            SumsBy::Hour => sums.hour = Some(whole(row, column)?),
            SumsBy::Source => sums.source = Some(parsed(row, column)?),
            SumsBy::Contract => sums.contract = Some(parsed(row, column)?),
            SumsBy::Outcome => sums.outcome = Some(outcome(row, column)?),
        }
    }
    let at = query.by.len();
    sums.leads = get(row, at)?;
    sums.sales = get(row, at + 1)?;
    sums.revenue = money(row, at + 2)?;
    sums.payout = money(row, at + 3)?;
    sums.margin = sums.revenue.checked_sub(sums.payout).unwrap_or(Money::ZERO);
    Ok(sums)
}
