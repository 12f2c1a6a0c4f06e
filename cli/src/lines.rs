//! Lines of an input of any length in constant memory.

use leadwright::model::limits::LINE_BYTES;
use std::io::{self, BufRead, Read as _};

/// One line without its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    Whole(&'a [u8]),
    /// Longer than [`LINE_BYTES`]; it was skipped to its end.
    TooLong,
}

/// Hands out one line after the other, counted from 1.
pub(crate) struct Lines<'a> {
    input: &'a mut dyn BufRead,
    buffer: Vec<u8>,
    number: u64,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(input: &'a mut dyn BufRead) -> Self {
        Self { input, buffer: Vec::new(), number: 0 }
    }

    /// The next line with its number; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        self.buffer.clear();
        // Two more than a whole line may have, for its end.
        let most = LINE_BYTES as u64 + 2;
        if (&mut *self.input).take(most).read_until(b'\n', &mut self.buffer)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let ended = self.buffer.ends_with(b"\n");
        let line = without_end(&self.buffer);
        if line.len() <= LINE_BYTES {
            return Ok(Some((self.number, Line::Whole(line))));
        }
        if !ended {
            skip_line(self.input)?;
        }
        Ok(Some((self.number, Line::TooLong)))
    }
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn skip_line(input: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let held = input.fill_buf()?;
        if held.is_empty() {
            return Ok(());
        }
        match held.iter().position(|byte| *byte == b'\n') {
            Some(at) => {
                input.consume(at + 1);
                return Ok(());
            }
            None => {
                let all = held.len();
                input.consume(all);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_skipped_and_the_others_counted() {
        let long = "x".repeat(LINE_BYTES + 1);
        let longest = "y".repeat(LINE_BYTES);
        let text = format!("a\r\n\n{long}\n{longest}\n{long}{long}\nlast");
        let mut input = text.as_bytes();
        let mut lines = Lines::new(&mut input);
        let mut next = || lines.next().unwrap().map(|(number, line)| format!("{number} {}", show(&line)));
        for want in ["1 a", "2 ", "3 too long", "4 1048576", "5 too long", "6 last"] {
            assert_eq!(next().as_deref(), Some(want));
        }
        assert_eq!(next(), None);
    }

    fn show(line: &Line<'_>) -> String {
        match line {
            Line::Whole(bytes) if bytes.len() > 10 => bytes.len().to_string(),
            Line::Whole(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Line::TooLong => "too long".into(),
        }
    }
}
