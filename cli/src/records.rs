//! The records of an input, whichever way they are written: each as one line of JSON.

use crate::lines::{Line, Lines};
#[cfg(feature = "parquet")]
use crate::row_groups::RowGroups;
use crate::rows::Rows;
use leadwright::model::limits::LINE_BYTES;
use leadwright::model::{Code, Problem, RawMap, RawValue, write_raw};
use std::io::{self, BufRead};
use std::path::Path;

/// One record.
pub(crate) enum Record {
    /// A line of JSON, or what came in place of one.
    Json(Vec<u8>),
    /// Nothing that can be handed on.
    Bad(Problem),
}

/// Hands out one record after the other, counted by lines from 1.
pub(crate) struct Records<'a> {
    written: Written<'a>,
    /// What ended the reading, until the records before it are answered.
    failed: Option<io::Error>,
}

/// How the input is written.
enum Written<'a> {
    Jsonl(Lines<'a>),
    Csv(Box<Table<'a>>),
    #[cfg(feature = "parquet")]
    Parquet(Box<RowGroups>),
}

/// Rows with a header.
struct Table<'a> {
    rows: Rows<'a>,
    header: Vec<String>,
}

impl<'a> Records<'a> {
    pub(crate) fn jsonl(input: &'a mut dyn BufRead) -> Self {
        Self { written: Written::Jsonl(Lines::new(input)), failed: None }
    }

    pub(crate) fn csv(input: &'a mut dyn BufRead) -> io::Result<Self> {
        let mut rows = Rows::new(input);
        let header =
            rows.header()?.iter().map(|name| text(name).trim().trim_start_matches('\u{feff}').to_owned()).collect();
        Ok(Self { written: Written::Csv(Box::new(Table { rows, header })), failed: None })
    }

    #[cfg(feature = "parquet")]
    pub(crate) fn parquet(path: &Path) -> io::Result<Self> {
        Ok(Self { written: Written::Parquet(Box::new(RowGroups::open(path)?)), failed: None })
    }

    #[cfg(not(feature = "parquet"))]
    pub(crate) fn parquet(_: &Path) -> io::Result<Self> {
        let what = "this command was built without the feature `parquet`; write the leads as CSV or JSON Lines";
        Err(io::Error::new(io::ErrorKind::Unsupported, what))
    }

    /// What the input is known by as a whole, where it is one that does not grow.
    pub(crate) fn hash(&self) -> io::Result<Option<String>> {
        match &self.written {
            Written::Jsonl(_) | Written::Csv(_) => Ok(None),
            #[cfg(feature = "parquet")]
            Written::Parquet(groups) => groups.hash().map(Some),
        }
    }

    /// Goes on behind so many records, where that can be done without reading them all.
    pub(crate) fn skip(&mut self, records: u64) -> io::Result<bool> {
        match &mut self.written {
            Written::Jsonl(_) | Written::Csv(_) => {
                let _ = records;
                Ok(false)
            }
            #[cfg(feature = "parquet")]
            Written::Parquet(groups) => groups.skip(records).map(|()| true),
        }
    }

    /// The names of the columns, where the input has a header.
    pub(crate) fn header(&self) -> Option<Vec<&str>> {
        match &self.written {
            Written::Jsonl(_) => None,
            Written::Csv(table) => Some(table.header.iter().map(String::as_str).collect()),
            #[cfg(feature = "parquet")]
            Written::Parquet(groups) => Some(groups.header()),
        }
    }

    /// Up to so many records. What could not be read is told after those that came before it.
    pub(crate) fn batch(&mut self, most: usize) -> io::Result<Vec<(u64, Record)>> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut batch = Vec::with_capacity(most);
        while batch.len() < most {
            match self.next() {
                Ok(Some(record)) => batch.push(record),
                Ok(None) => break,
                Err(error) if batch.is_empty() => return Err(error),
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            }
        }
        Ok(batch)
    }

    /// Ends the reading with this, after what was handed out.
    pub(crate) fn fail(&mut self, error: io::Error) {
        self.failed = Some(error);
    }

    pub(crate) fn next(&mut self) -> io::Result<Option<(u64, Record)>> {
        match &mut self.written {
            Written::Jsonl(lines) => Ok(lines.next()?.map(|(number, line)| match line {
                Line::Whole(line) => (number, Record::Json(line.to_vec())),
                Line::TooLong => (number, Record::Bad(Problem::new(Code::InputLineTooLong, ""))),
            })),
            Written::Csv(table) => table.next(),
            #[cfg(feature = "parquet")]
            Written::Parquet(groups) => groups.next(),
        }
    }
}

impl Table<'_> {
    fn next(&mut self) -> io::Result<Option<(u64, Record)>> {
        let mut row = csv::ByteRecord::new();
        let Some(number) = self.rows.next(&mut row)? else { return Ok(None) };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::BUFFER;

    #[test]
    fn an_open_quote_ends_the_reading_after_what_came_before() {
        let text = format!("name,city\nAnn,Tulsa\n\"Bob,Tulsa\n{}", "Cal,Tulsa\n".repeat(1 << 20));
        let mut input = text.as_bytes();
        let mut records = Records::csv(&mut input).unwrap();
        assert_eq!(records.batch(10).unwrap().len(), 1);
        let Err(error) = records.batch(10) else { panic!("the quote is not closed") };
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(error.to_string().starts_with("line 3: a row of more than 1 MiB"), "{error}");
        drop(records);
        let read = text.len() - input.len();
        assert!(read <= LINE_BYTES + 2 * BUFFER, "{read} bytes were read");
    }

    #[test]
    fn every_row_may_be_as_long_as_a_line() {
        let row = format!("\"{}\",1\n", "x".repeat(LINE_BYTES - 1));
        let longer = format!("\"{}\",1\n", "x".repeat(LINE_BYTES));
        let text = format!("a,b\n{row}{row}{longer}{row}");
        let mut input = text.as_bytes();
        let mut records = Records::csv(&mut input).unwrap();
        let read = records.batch(10).unwrap();
        let whole: Vec<bool> = read.iter().map(|(_, record)| matches!(record, Record::Json(_))).collect();
        assert_eq!(whole, [true, true, false, true]);
    }

    #[test]
    fn a_row_that_takes_all_its_room_and_ends_with_the_input_is_no_open_quote() {
        let text = format!("a\n{}", "x".repeat(LINE_BYTES + 2 * BUFFER - 2));
        let mut input = text.as_bytes();
        let mut records = Records::csv(&mut input).unwrap();
        assert_eq!(records.batch(10).unwrap().len(), 1);
    }
}
