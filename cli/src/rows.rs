//! Rows of a CSV, each within the room of a line: a quote that is not closed would make the rest of the input a single one.

use leadwright::model::limits::LINE_BYTES;
use std::io::{self, BufRead, Read};

/// What is taken from the input at once.
pub(crate) const BUFFER: usize = 8 * 1024;
/// The most that is read for one row.
const ROW_BYTES: u64 = (LINE_BYTES + BUFFER) as u64;

/// Rows as they come, whatever the number of their fields.
pub(crate) struct Rows<'a> {
    reader: csv::Reader<Bounded<'a>>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(input: &'a mut dyn BufRead) -> Self {
        let input = Bounded { input, line: 1, left: ROW_BYTES };
        Self { reader: csv::ReaderBuilder::new().flexible(true).buffer_capacity(BUFFER).from_reader(input) }
    }

    pub(crate) fn header(&mut self) -> io::Result<&csv::ByteRecord> {
        self.reader.byte_headers().map_err(as_io)
    }

    /// The line of the next row, which is put into `row`; none at the end.
    pub(crate) fn next(&mut self, row: &mut csv::ByteRecord) -> io::Result<Option<u64>> {
        let begins = self.reader.position().line();
        self.reader.get_mut().begin(begins);
        let read = self.reader.read_byte_record(row).map_err(as_io)?;
        Ok(read.then(|| row.position().map_or(0, csv::Position::line)))
    }
}

/// Hands out its input, but not more than [`ROW_BYTES`] for one row.
struct Bounded<'a> {
    input: &'a mut dyn BufRead,
    /// Where the row begins.
    line: u64,
    left: u64,
}

impl Bounded<'_> {
    /// A row begins.
    fn begin(&mut self, line: u64) {
        self.line = line;
        self.left = ROW_BYTES;
    }
}

impl Read for Bounded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !self.input.fill_buf()?.is_empty() {
            let line = self.line;
            let what = format!("line {line}: a row of more than 1 MiB begins here; probably a quote is not closed");
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        let read = (&mut *self.input).take(self.left).read(into)?;
        self.left = self.left.saturating_sub(read as u64);
        Ok(read)
    }
}

/// The texts of csv's own errors may quote the row, and are not passed on.
fn as_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        _ => io::Error::new(io::ErrorKind::InvalidData, "a row cannot be read"),
    }
}
