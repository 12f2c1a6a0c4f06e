//! A question with its option, its default, and what answers it.

use super::super::Failure;
use crate::Streams;

/// What makes an answer out of a text, or says what would have been right.
pub(super) type Read<'a, T> = &'a dyn Fn(&str) -> Result<T, String>;

/// One question.
pub(super) struct Question<'a> {
    /// The option that answers it.
    pub(super) option: &'static str,
    /// As it is asked.
    pub(super) text: &'a str,
    /// What an empty line means.
    pub(super) default: String,
}

/// Who asks: the options come first, then the terminal.
pub(super) struct Asker<'a, 's> {
    pub(super) streams: &'a mut Streams<'s>,
    /// Whether the defaults are taken without asking.
    pub(super) yes: bool,
}

impl Asker<'_, '_> {
    pub(super) fn ask<T>(
        &mut self,
        question: &Question<'_>,
        given: Option<&str>,
        read: Read<'_, T>,
    ) -> Result<T, Failure> {
        if let Some(given) = given {
            return read(given).map_err(|wanted| Failure::usage(format!("--{}: expected {wanted}", question.option)));
        }
        if self.yes {
            return read(&question.default)
                .map_err(|wanted| Failure::usage(format!("--{} is needed: {wanted}", question.option)));
        }
        loop {
            let _ = write!(self.streams.err, "{} [{}]: ", question.text, question.default);
            let _ = self.streams.err.flush();
            let mut line = String::new();
            let length = self.streams.input.read_line(&mut line);
            if length.map_err(|error| Failure::input(format!("standard input: {error}")))? == 0 {
                let option = question.option;
                return Err(Failure::usage(format!("nobody answers; give --{option}, or --yes for the defaults")));
            }
            let line = line.trim();
            match read(if line.is_empty() { &question.default } else { line }) {
                Ok(answer) => return Ok(answer),
                Err(wanted) => drop(writeln!(self.streams.err, "  expected {wanted}")),
            }
        }
    }
}
