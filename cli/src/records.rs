//! The records of an input, whichever way they are written: each as one line of JSON.

use crate::lines::{Line, Lines};
use leadwright::model::limits::LINE_BYTES;
use leadwright::model::{Code, Problem, RawMap, RawValue, write_raw};
use std::io::{self, BufRead, Read};

/// One record.
pub(crate) enum Record {
    /// A line of JSON, or what came in place of one.
    Json(Vec<u8>),
    /// Nothing that can be handed on.
    Bad(Problem),
}

/// Hands out one record after the other, counted by lines from 1.
pub(crate) enum Records<'a> {
    Jsonl(Lines<'a>),
    Csv(Box<Table<'a>>),
}

/// Rows with a header.
pub(crate) struct Table<'a> {
    reader: csv::Reader<Box<dyn Read + 'a>>,
    header: Vec<String>,
}

impl<'a> Records<'a> {
    pub(crate) fn jsonl(input: &'a mut dyn BufRead) -> Self {
        Records::Jsonl(Lines::new(input))
    }

    pub(crate) fn csv(input: &'a mut dyn BufRead) -> io::Result<Self> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(Box::new(input) as Box<dyn Read>);
        let header = reader.byte_headers().map_err(as_io)?;
        let header = header.iter().map(|name| text(name).trim().trim_start_matches('\u{feff}').to_owned()).collect();
        Ok(Records::Csv(Box::new(Table { reader, header })))
    }

    /// The names of the columns, where the input has a header.
    pub(crate) fn header(&self) -> Option<Vec<&str>> {
        match self {
            Records::Jsonl(_) => None,
            Records::Csv(table) => Some(table.header.iter().map(String::as_str).collect()),
        }
    }

    /// Up to so many records.
    pub(crate) fn batch(&mut self, most: usize) -> io::Result<Vec<(u64, Record)>> {
        let mut batch = Vec::with_capacity(most);
        while batch.len() < most {
            match self.next()? {
                Some(record) => batch.push(record),
                None => break,
            }
        }
        Ok(batch)
    }

    pub(crate) fn next(&mut self) -> io::Result<Option<(u64, Record)>> {
        match self {
            Records::Jsonl(lines) => Ok(lines.next()?.map(|(number, line)| match line {
                Line::Whole(line) => (number, Record::Json(line.to_vec())),
                Line::TooLong => (number, Record::Bad(Problem::new(Code::InputLineTooLong, ""))),
            })),
            Records::Csv(table) => table.next(),
        }
    }
}

impl Table<'_> {
    fn next(&mut self) -> io::Result<Option<(u64, Record)>> {
        let mut row = csv::ByteRecord::new();
        if !self.reader.read_byte_record(&mut row).map_err(as_io)? {
            return Ok(None);
        }
        let number = row.position().map_or(0, csv::Position::line);
        if row.len() != self.header.len() {
            let problem = Problem::new(Code::InputRaggedRow, "").with_shape(format!("{} columns", row.len()));
            return Ok(Some((number, Record::Bad(problem.with_expected(format!("{} columns", self.header.len()))))));
        }
        if row.as_slice().len() > LINE_BYTES {
            return Ok(Some((number, Record::Bad(Problem::new(Code::InputLineTooLong, "")))));
        }
        let fields = self.header.iter().zip(row.iter()).filter(|(name, _)| !name.is_empty());
        let map = RawMap(fields.map(|(name, value)| (name.clone(), RawValue::Text(text(value)))).collect());
        Ok(Some((number, Record::Json(write_raw(&RawValue::Object(map)).into()))))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::new(io::ErrorKind::InvalidData, format!("{other:?}")),
    }
}
