//! Sums for reports. Of all decisions of a transaction each row is written once.

use super::fault::fault;
use super::look::{self, Row, parsed};
use super::work::Work;
use crate::model::{ContractId, Date, Error, Money, Outcome, SourceId};
use crate::store::{RollupAdd, Sums, SumsBy, SumsQuery};
use rusqlite::types::Value;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use std::path::Path;

type Key = (Date, u8, SourceId, Option<ContractId>, Outcome);

/// Leads, revenue, payout.
type Sum = (i64, i64, i64);

/// What a transaction adds.
#[derive(Default)]
pub(super) struct Rollups(BTreeMap<Key, Sum>);

fn plus(sum: &mut Sum, (leads, revenue, payout): Sum) {
    sum.0 = sum.0.saturating_add(leads);
    sum.1 = sum.1.saturating_add(revenue);
    sum.2 = sum.2.saturating_add(payout);
}

impl Rollups {
    pub(super) fn add(&mut self, add: &RollupAdd) {
        let key = (add.date, add.slot, add.source.clone(), add.contract.clone(), add.outcome);
        plus(self.0.entry(key).or_default(), (add.leads, add.revenue.units(), add.payout.units()));
    }
}

impl Work<'_> {
    /// Writes what was gathered. Nobody reads it before the transaction is over.
    pub(super) fn write_rollups(&mut self) -> Result<(), Error> {
        let Rollups(rows) = std::mem::take(&mut self.rollups);
        let mut days: BTreeMap<_, Sum> = BTreeMap::new();
        for ((date, slot, source, contract, outcome), sum) in &rows {
            let sql = "INSERT INTO rollup(tenant, date, slot, source, contract, outcome, leads, revenue, payout) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) \
                       ON CONFLICT(tenant, date, slot, source, contract, outcome) DO UPDATE SET leads = leads + excluded.leads, \
                       revenue = revenue + excluded.revenue, payout = payout + excluded.payout";
            let contract = contract.as_ref().map(ContractId::as_str).unwrap_or_default();
            let (source, outcome, (leads, revenue, payout)) = (source.as_str(), outcome.as_str(), sum);
            let date = date.to_string();
            self.run(sql, params![self.tenant(), date, slot, source, contract, outcome, leads, revenue, payout])?;
            plus(days.entry((date, source, contract, outcome)).or_default(), *sum);
        }
        for ((date, source, contract, outcome), (leads, revenue, payout)) in days {
            let sql = "INSERT INTO rollup_day(tenant, date, source, contract, outcome, leads, revenue, payout) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
                       ON CONFLICT(tenant, date, source, contract, outcome) DO UPDATE SET leads = leads + excluded.leads, \
                       revenue = revenue + excluded.revenue, payout = payout + excluded.payout";
            self.run(sql, params![self.tenant(), date, source, contract, outcome, leads, revenue, payout])?;
        }
        Ok(())
    }
}

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
fn statement(tenant: &str, query: &SumsQuery) -> (String, Vec<Value>) {
    let mut bound = vec![Value::from(tenant.to_owned())];
    let mut wanted = String::from("tenant = ?1");
    let mut want = |condition: &str, value: Option<String>| {
        let Some(value) = value else { return };
        bound.push(Value::from(value));
        wanted += &format!(" AND {condition} ?{}", bound.len());
    };
    want("date >=", query.from.map(|date| date.to_string()));
    want("date <=", query.to.map(|date| date.to_string()));
    want("source =", query.source.as_ref().map(ToString::to_string));
    want("contract =", query.contract.as_ref().map(ToString::to_string));
    want("outcome =", query.outcome.map(|outcome| outcome.as_str().to_owned()));
    if query.is_of_sales() {
        wanted += " AND contract <> ''";
    }
    let leads = if query.is_of_sales() { "contract <> ''" } else { "contract = ''" };
    let table = if query.by.contains(&SumsBy::Hour) { "rollup" } else { "rollup_day" };
    let columns: Vec<&str> = query.by.iter().map(|by| column(*by)).collect();
    let (columns, group) = match columns.is_empty() {
        true => (String::new(), "HAVING count(*) > 0".to_owned()),
        false => (format!("{}, ", columns.join(", ")), format!("GROUP BY {0} ORDER BY {0}", columns.join(", "))),
    };
    let sql = format!(
        "SELECT {columns}sum(CASE WHEN {leads} THEN leads ELSE 0 END), sum(CASE WHEN contract <> '' THEN leads ELSE 0 END), \
         sum(CASE WHEN contract <> '' THEN revenue ELSE 0 END), sum(CASE WHEN contract <> '' THEN payout ELSE 0 END) \
         FROM {table} WHERE {wanted} {group}"
    );
    (sql, bound)
}

/// The report.
pub(super) fn sums(connection: &Connection, path: &Path, tenant: &str, query: &SumsQuery) -> Result<Vec<Sums>, Error> {
    let (sql, bound) = statement(tenant, query);
    let run = || {
        let mut statement = connection.prepare_cached(&sql)?;
        let rows = statement.query_map(rusqlite::params_from_iter(&bound), |row| row_of(row, query))?;
        rows.collect::<Result<Vec<_>, _>>()
    };
    run().map_err(|error| fault(path, &error))
}

fn row_of(row: &Row<'_>, query: &SumsQuery) -> rusqlite::Result<Sums> {
    let mut sums = Sums::default();
    for (column, by) in query.by.iter().enumerate() {
        match by {
            SumsBy::Day => sums.day = Some(parsed(row, column)?),
            SumsBy::Hour => sums.hour = Some(row.get(column)?),
            SumsBy::Source => sums.source = Some(parsed(row, column)?),
            SumsBy::Contract => sums.contract = Some(parsed(row, column)?),
            SumsBy::Outcome => sums.outcome = Some(look::outcome(row, column)?),
        }
    }
    let at = query.by.len();
    sums.leads = row.get(at)?;
    sums.sales = row.get(at + 1)?;
    sums.revenue = look::money(row, at + 2)?;
    sums.payout = look::money(row, at + 3)?;
    sums.margin = sums.revenue.checked_sub(sums.payout).unwrap_or(Money::ZERO);
    Ok(sums)
}
