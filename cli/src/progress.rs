//! How far a long job is, where somebody looks.

use crate::args::Stream;
use crate::packed::is_packed;
use crate::records::Record;
use indicatif::{ProgressBar, ProgressStyle};

/// By bytes where a line of the input is a record and its length is known, else the number of records so far.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    pub(crate) fn of(stream: &Stream, is_terminal: bool) -> Self {
        if !is_terminal {
            return Self(ProgressBar::hidden());
        }
        let file = std::fs::metadata(&stream.input).ok().filter(|file| file.is_file());
        // What a file has unpacked is not known, and a row is no line.
        let file = file.filter(|_| stream.is_lines() && !is_packed(&stream.input));
        let (bar, look) = match file {
            Some(file) => (ProgressBar::new(file.len()), "{bar:40} {percent}%  {bytes_per_sec}  {elapsed}, {eta} left"),
            None => (ProgressBar::no_length(), "{spinner} {human_pos} leads, {per_sec}"),
        };
        Self(bar.with_style(ProgressStyle::with_template(look).unwrap_or_else(|_| ProgressStyle::default_bar())))
    }

    /// These were worked off.
    pub(crate) fn add(&self, records: &[(u64, Record)]) {
        let bytes = || records.iter().map(|(_, record)| length(record) as u64 + 1).sum();
        self.0.inc(if self.0.length().is_some() { bytes() } else { records.len() as u64 });
    }

    pub(crate) fn end(&self) {
        self.0.finish_and_clear();
    }
}

/// A line that is written anew, for work whose end nobody knows.
pub(crate) fn spinner(is_terminal: bool) -> ProgressBar {
    if !is_terminal {
        return ProgressBar::hidden();
    }
    let look = ProgressStyle::with_template("{spinner} {elapsed}  {msg}");
    ProgressBar::no_length().with_style(look.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Bytes of a record, without its end.
pub(crate) fn length(record: &Record) -> usize {
    match record {
        Record::Json(line) => line.len(),
        Record::Bad(_) => 0,
    }
}
