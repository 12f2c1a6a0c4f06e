//! Cells, and how they are written.

use serde_json::value::RawValue;
use std::io::{self, Write};

/// What stands in a column.
pub(super) enum Cell {
    /// Nothing.
    None,
    Text(String),
    Number(u64),
    Flag(bool),
    /// JSON already.
    Json(Box<RawValue>),
}

impl Cell {
    #[expect(clippy::needless_pass_by_value, reason = "ids are lent, times and amounts are copied")]
    pub(super) fn text(text: impl ToString) -> Self {
        Cell::Text(text.to_string())
    }

    pub(super) fn or_none(text: Option<impl ToString>) -> Self {
        text.map_or(Cell::None, Cell::text)
    }

    /// JSON as it is; a text where it is none, as after somebody damaged the store.
    pub(super) fn json(bytes: &[u8]) -> Self {
        match serde_json::from_slice(bytes) {
            Ok(json) => Cell::Json(json),
            Err(_) => Cell::text(String::from_utf8_lossy(bytes)),
        }
    }
}

/// Where rows go.
pub(super) struct Sheet<'a> {
    columns: &'static [&'static str],
    to: To<'a>,
    rows: u64,
    has_begun: bool,
}

enum To<'a> {
    Csv(Box<csv::Writer<&'a mut dyn Write>>),
    Jsonl(&'a mut dyn Write),
}

impl<'a> Sheet<'a> {
    pub(super) fn new(writer: &'a mut dyn Write, columns: &'static [&'static str], is_csv: bool) -> Self {
        let to = if is_csv { To::Csv(Box::new(csv::Writer::from_writer(writer))) } else { To::Jsonl(writer) };
        Self { columns, to, rows: 0, has_begun: false }
    }

    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    pub(super) fn row(&mut self, cells: &[Cell]) -> io::Result<()> {
        self.begin()?;
        self.rows += 1;
        match &mut self.to {
            To::Csv(writer) => writer.write_record(cells.iter().map(in_csv)).map_err(as_io),
            To::Jsonl(writer) => {
                let line = in_json(self.columns, cells);
                writer.write_all(&line)
            }
        }
    }

    /// The header, also where there is no row.
    fn begin(&mut self) -> io::Result<()> {
        if self.has_begun {
            return Ok(());
        }
        self.has_begun = true;
        match &mut self.to {
            To::Csv(writer) => writer.write_record(self.columns).map_err(as_io),
            To::Jsonl(_) => Ok(()),
        }
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.begin()?;
        match self.to {
            To::Csv(mut writer) => writer.flush(),
            To::Jsonl(writer) => writer.flush(),
        }
    }
}

/// A text that a spreadsheet would take for a formula gets an apostrophe in front of it.
fn in_csv(cell: &Cell) -> String {
    match cell {
        Cell::None => String::new(),
        Cell::Number(number) => number.to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Text(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text) => {
            format!("'{text}")
        }
        Cell::Text(text) => text.clone(),
        Cell::Json(json) => json.get().to_owned(),
    }
}

/// `-12.50` is an amount and no formula.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

fn in_json(columns: &[&str], cells: &[Cell]) -> Vec<u8> {
    let mut line = vec![b'{'];
    for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
        let comma = if at > 0 { "," } else { "" };
        line.extend(format!("{comma}\"{column}\":").bytes());
        match cell {
            Cell::None => line.extend(b"null"),
            Cell::Number(number) => line.extend(number.to_string().bytes()),
            Cell::Flag(flag) => line.extend(flag.to_string().bytes()),
            Cell::Text(text) => line.extend(serde_json::to_vec(text).unwrap_or_default()),
            Cell::Json(json) => line.extend(json.get().bytes()),
        }
    }
    line.extend(b"}\n");
    line
}

fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::other("a row cannot be written"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str, is_csv: bool) -> Vec<u8> {
        let mut out = Vec::new();
        let mut sheet = Sheet::new(&mut out, &["a", "b"], is_csv);
        sheet.row(&[Cell::text(text), Cell::Number(7)]).unwrap();
        sheet.finish().unwrap();
        out
    }

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", "\r=1"] {
            let out = written(text, true);
            let mut reader = csv::Reader::from_reader(&out[..]);
            let row = reader.records().next().unwrap().unwrap();
            assert_eq!(row.get(0), Some(&*format!("'{text}")));
        }
        assert_eq!(written("-12.50", true), b"a,b\n-12.50,7\n");
    }

    proptest! {
        #[test]
        fn a_row_is_read_as_it_was_written(text in any::<String>()) {
            let out = written(&text, false);
            let read: serde_json::Value = serde_json::from_slice(&out).unwrap();
            prop_assert_eq!(read, serde_json::json!({"a": text, "b": 7}));
            let out = written(&text, true);
            let mut reader = csv::ReaderBuilder::new().from_reader(&out[..]);
            let row = reader.records().next().unwrap().unwrap();
            let cell = row.get(0).unwrap();
            prop_assert!(cell == text || cell.strip_prefix('\'') == Some(&*text));
        }
    }
}
