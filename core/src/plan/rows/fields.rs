//! The columns of a row of contracts that are about fields of the lead.

use super::cell::{self, Compared, Misfit};
use super::column::{self, Table};
use super::origin::At;
use super::read::{Cell, Reader};
use super::test::{Test, Tests};
use crate::model::{Code, RawValue};
use crate::schema::{Field, Schema};
use crate::text::did_you_mean;
use std::collections::BTreeMap;

/// What is asked of each field, and in which cells.
pub(super) type Asked = BTreeMap<String, (Tests, BTreeMap<Test, At>)>;

impl Reader<'_> {
    /// What the columns of fields ask, by field.
    pub(super) fn fields(&mut self, table: &Table, cells: &[Cell<'_>], vertical: Option<&str>) -> Asked {
        let mut asked = Asked::new();
        for cell in cells {
            let schema = vertical.and_then(|name| self.known.verticals.get(name));
            let Some((name, test, field)) = schema.and_then(|schema| meant(schema, &cell.plain)) else {
                self.no_field(table, cell, vertical);
                continue;
            };
            if cell::is_empty(cell.raw) {
                continue;
            }
            let compared = field.map_or(Compared::Number, Compared::Field);
            let values = match test {
                Test::Missing => match cell::text(cell.raw).as_deref() {
                    Some("ok") => Ok(vec![RawValue::text("ok")]),
                    _ => Err(Misfit::expected("ok, or nothing")),
                },
                test => compared.values(cell.raw, test.takes_several()),
            };
            let Some(values) = self.read(cell, values) else { continue };
            let (tests, places) = asked.entry(name).or_default();
            if let Some(first) = places.get(&test) {
                let message = format!("`{}` says what `{}` says too", cell.at.name, first.name);
                self.find(cell.at.issue(Code::RowsTwice, message));
                continue;
            }
            places.insert(test, cell.at.clone());
            tests.insert(test, values);
        }
        asked
    }

    /// A column that is no field of the row's vertical. One of another vertical may be there, and empty here.
    fn no_field(&mut self, table: &Table, cell: &Cell<'_>, vertical: Option<&str>) {
        let elsewhere = self.known.verticals.values().any(|schema| meant(schema, &cell.plain).is_some());
        if elsewhere && (cell::is_empty(cell.raw) || vertical.is_none()) {
            return;
        }
        if elsewhere {
            let vertical = vertical.unwrap_or_default();
            let message = format!("`{}` is no field of the vertical `{vertical}`", cell.at.name);
            return self.find(cell.at.issue(Code::RowsUnknownColumn, message));
        }
        let near = self.near(table, &cell.plain);
        self.unknown("contracts", &cell.at, &cell.plain, near);
    }

    /// The name that was probably meant, of a column or a field.
    fn near(&self, table: &Table, plain: &str) -> Option<String> {
        let fields: Vec<&str> = self
            .known
            .verticals
            .values()
            .flat_map(|schema| schema.fields().iter().map(|field| field.name.as_str()))
            .collect();
        let tested = column::readings(plain).into_iter().filter(|(_, test)| *test != Test::Is);
        let mut tested =
            tested.filter_map(|(name, test)| Some(column::named(did_you_mean(&name, fields.iter().copied())?, test)));
        let bare = || did_you_mean(plain, table.firsts().chain(fields.iter().copied())).map(str::to_owned);
        tested.next().or_else(bare)
    }
}

/// The field and the test that a column is about; no field for what every lead has: `age` and `quality`.
fn meant<'s>(schema: &'s Schema, plain: &str) -> Option<(String, Test, Option<&'s Field>)> {
    column::readings(plain).into_iter().find_map(|(name, test)| {
        if let Some(field) = schema.find(&name) {
            return Some((field.name.clone(), test, Some(field)));
        }
        let is_number = name == "quality" || name == "age" && schema.field("dob").is_some();
        is_number.then_some((name, test, None))
    })
}
