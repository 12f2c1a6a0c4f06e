//! Rows as columns: a statement takes one array a column, whatever the number of rows.

use leadwright::model::Timestamp;
use tokio_postgres::types::ToSql;

pub(super) type Column<'a> = Box<dyn ToSql + Sync + 'a>;

/// A statement and its columns.
pub(super) struct Write<'a> {
    pub(super) sql: &'static str,
    pub(super) bound: Vec<Column<'a>>,
}

pub(super) fn texts<'a, R>(rows: &'a [R], of: impl Fn(&'a R) -> &'a str) -> Column<'a> {
    Box::new(rows.iter().map(of).collect::<Vec<_>>())
}

pub(super) fn owned<'a, R>(rows: &'a [R], of: impl Fn(&'a R) -> String) -> Column<'a> {
    Box::new(rows.iter().map(of).collect::<Vec<_>>())
}

pub(super) fn perhaps<'a, R>(rows: &'a [R], of: impl Fn(&'a R) -> Option<&'a str>) -> Column<'a> {
    Box::new(rows.iter().map(of).collect::<Vec<_>>())
}

pub(super) fn owned_perhaps<'a, R>(rows: &'a [R], of: impl Fn(&'a R) -> Option<String>) -> Column<'a> {
    Box::new(rows.iter().map(of).collect::<Vec<_>>())
}

pub(super) fn bytes<'a, R>(rows: &'a [R], of: impl Fn(&'a R) -> &'a [u8]) -> Column<'a> {
    Box::new(rows.iter().map(of).collect::<Vec<_>>())
}

pub(super) fn numbers<'a, R>(rows: &'a [R], of: impl Fn(&'a R) -> i64) -> Column<'a> {
    Box::new(rows.iter().map(of).collect::<Vec<_>>())
}

pub(super) fn perhaps_numbers<'a, R>(rows: &'a [R], of: impl Fn(&'a R) -> Option<i64>) -> Column<'a> {
    Box::new(rows.iter().map(of).collect::<Vec<_>>())
}

pub(super) fn times<'a, R>(rows: &'a [R], of: impl Fn(&'a R) -> Timestamp) -> Column<'a> {
    numbers(rows, |row| of(row).millis())
}

pub(super) fn perhaps_times<'a, R>(rows: &'a [R], of: impl Fn(&'a R) -> Option<Timestamp>) -> Column<'a> {
    perhaps_numbers(rows, |row| of(row).map(Timestamp::millis))
}
