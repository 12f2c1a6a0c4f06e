//! The tokens of a plan file one after the other, and the findings about how they are written.

use super::MAX_FINDINGS;
use super::path::escape;
use crate::model::{Code, Finding, Fix, Member, Place, Span};
use jsonc_parser::errors::ParseError;
use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};
use std::borrow::Cow;

const BOM: &str = "\u{feff}";

pub(super) struct Tokens<'a> {
    scanner: Scanner<'a>,
    /// Where in `text` the scanner began.
    origin: usize,
    text: &'a str,
    file: u16,
    /// Bytes of the byte order mark before `text`.
    base: usize,
    current: Option<Token<'a>>,
    /// First byte of the current token, and one past its last.
    start: usize,
    end: usize,
    /// One past the last byte of the token before the current one.
    last_end: usize,
    /// Keys that lead to the current value.
    path: Vec<String>,
    findings: Vec<Finding>,
    /// Where the lines end; looked up when the first key stands twice.
    line_ends: Option<Vec<usize>>,
    stopped: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str, file: u16) -> Self {
        let base = if text.starts_with(BOM) { BOM.len() } else { 0 };
        let text = text.strip_prefix(BOM).unwrap_or(text);
        let scanner = scanner_of(text);
        Self {
            scanner,
            origin: 0,
            text,
            file,
            base,
            current: None,
            start: 0,
            end: 0,
            last_end: 0,
            path: Vec::new(),
            findings: Vec::new(),
            line_ends: None,
            stopped: false,
        }
    }

    pub(super) fn finish(self) -> (Vec<Finding>, bool) {
        (self.findings, !self.stopped)
    }

    pub(super) fn current(&self) -> Option<&Token<'a>> {
        self.current.as_ref()
    }

    /// Goes to the next token that is not a comment; to none at the end, or when the text cannot be read any further.
    pub(super) fn advance(&mut self) {
        if self.stopped {
            return;
        }
        self.last_end = self.end;
        loop {
            let from = self.end;
            let scanned = self.scanner.scan();
            self.start = self.origin + self.scanner.token_start();
            self.end = self.origin + self.scanner.token_end();
            self.check_gap(from, self.start);
            match scanned {
                Ok(Some(Token::CommentLine(_) | Token::CommentBlock(_))) => {}
                Ok(token) => {
                    self.current = token;
                    return;
                }
                Err(error) => match self.bare_word() {
                    Some(word) => {
                        self.current = Some(Token::Word(word));
                        return;
                    }
                    None => return self.unreadable(&error),
                },
            }
        }
    }

    /// A word without quotes before a bracket or a comma, which the tokenizer does not take for one.
    fn bare_word(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.start..)?;
        let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '.');
        let word = rest.split(|c| !inner(c)).next().filter(|word| word.starts_with(char::is_alphabetic))?;
        self.end = self.start + word.len();
        self.origin = self.end;
        self.scanner = scanner_of(self.text.get(self.end..)?);
        Some(word)
    }

    fn unreadable(&mut self, error: &ParseError) {
        let range = error.range();
        let place = self.place_of(self.origin + range.start, self.origin + range.end);
        self.stop_at(place, lower_first(&error.kind().to_string()), "JSON");
    }

    /// The tokenizer skips whatever Unicode calls white space; JSON knows four of them.
    fn check_gap(&mut self, from: usize, to: usize) {
        let gap = self.text.get(from..to).unwrap_or_default();
        let odd = gap.char_indices().find(|(_, c)| !matches!(c, ' ' | '\t' | '\n' | '\r'));
        if let Some((at, c)) = odd {
            let place = self.place_of(from + at, from + at + c.len_utf8());
            let message = format!("the character U+{:04X} is not white space of JSON", u32::from(c));
            self.push(Code::PlanSyntax, place, message, "a space");
            self.mended(Fix::safe(place.span, " "));
        }
    }

    /// Where the current token stands; the end of the text when there is none.
    pub(super) fn place(&self) -> Place {
        self.place_of(self.start, self.end)
    }

    /// One past the last byte of the token before the current one.
    pub(super) fn last_end(&self) -> u32 {
        offset(self.base + self.last_end)
    }

    fn place_of(&self, start: usize, end: usize) -> Place {
        Place { file: self.file, span: Span { start: offset(self.base + start), end: offset(self.base + end) } }
    }

    fn source(&self) -> &'a str {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// The text of the current token, checked for how it is written; `None` when it was never closed.
    pub(super) fn text(&mut self, text: Cow<'a, str>) -> Option<String> {
        let source = self.source();
        if let Some(at) = source.find(|c: char| c < ' ') {
            self.control_character(source, at);
        } else if source.starts_with('\'') {
            self.report("a text in single quotes", "double quotes");
            let right = serde_json::to_string(&text).unwrap_or_default();
            self.mended(Fix::safe(self.place().span, right));
        }
        (!self.stopped).then(|| text.into_owned())
    }

    fn control_character(&mut self, source: &str, at: usize) {
        let start = self.start;
        if source.as_bytes().get(at).is_some_and(|b| matches!(b, b'\n' | b'\r')) {
            // What follows was read with inside and outside of quotes exchanged.
            let place = self.place_of(start, start + at);
            let line = source.get(..at).unwrap_or_default();
            let end = start + line.trim_end().trim_end_matches(',').len();
            let fix = Fix::guess(self.place_of(end, end).span, "\"");
            return self.stop_mended(place, ("the text is not closed on its line", "a closing quote"), Some(fix));
        }
        let place = self.place_of(start + at, start + at + 1);
        self.push(Code::PlanSyntax, place, "a control character in a text", "an escape like `\\t`");
        let escaped = source.as_bytes().get(at).map(|byte| format!("\\u{byte:04x}"));
        self.mended(Fix::safe(place.span, escaped.unwrap_or_default()));
    }

    /// The number of the current token as JSON would write it.
    pub(super) fn number(&mut self, text: &str) -> String {
        let next = self.text.as_bytes().get(self.end);
        if next.is_some_and(u8::is_ascii_digit) {
            self.report("a number with a leading zero", "the number without it, or a text in quotes");
            let rest = self.text.get(self.start..).unwrap_or_default();
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let place = self.place_of(self.start, self.start + digits);
            self.mended(Fix::guess(place.span, format!("\"{}\"", rest.get(..digits).unwrap_or_default())));
            while self.text.as_bytes().get(self.end).is_some_and(u8::is_ascii_digit) {
                self.advance();
            }
            return "0".into();
        }
        match not_json(text) {
            None => text.into(),
            Some((message, right)) => {
                self.report(message, right);
                if let Some(number) = as_json(text) {
                    self.mended(Fix::safe(self.place().span, number));
                }
                text.trim_start_matches('+').parse::<i64>().unwrap_or(0).to_string()
            }
        }
    }

    pub(super) fn enter(&mut self, key: &str) {
        self.path.push(key.to_owned());
    }

    pub(super) fn leave(&mut self) {
        self.path.pop();
    }

    /// Says what is wrong with the current token; reading goes on.
    pub(super) fn report(&mut self, message: impl Into<String>, expected: impl Into<String>) {
        self.push(Code::PlanSyntax, self.place(), message, expected);
    }

    /// The same, with what to write in place of the token.
    pub(super) fn report_mended(&mut self, message: impl Into<String>, expected: impl Into<String>, right: &str) {
        self.report(message, expected);
        self.mended(Fix::safe(self.place().span, right));
    }

    /// Adds the edits to the finding just made.
    fn mended(&mut self, fix: Fix) {
        let last = self.findings.last_mut().filter(|last| last.code == Code::PlanSyntax && !self.stopped);
        if let Some(last) = last {
            last.fix = Some(fix);
        }
    }

    pub(super) fn missing_comma(&mut self) {
        let end = self.last_end;
        let place = self.place_of(end, end);
        self.push(Code::PlanSyntax, place, "a comma is missing here", "`,`");
        self.mended(Fix::safe(place.span, ","));
    }

    /// A key and no colon. Where a value stands behind it, that is all that is missing.
    pub(super) fn missing_colon(&mut self, key: &str) {
        let begins = |token: &Token<'_>| {
            matches!(
                token,
                Token::OpenBrace | Token::OpenBracket | Token::String(_) | Token::Boolean(_) | Token::Number(_)
            )
        };
        let end = self.last_end;
        let fix = self.current().is_some_and(begins).then(|| Fix::safe(self.place_of(end, end).span, ":"));
        self.stop_mended(self.place(), (format!("no `:` after the key \"{key}\""), "a `:` and a value"), fix);
    }

    /// Something after the end. Brackets and commas say nothing; of anything else its author should know.
    pub(super) fn trailing(&mut self, message: String) {
        let rest = self.text.get(self.start..).unwrap_or_default();
        let place = self.place_of(self.start, self.start + rest.trim_end().len());
        let empty = rest.chars().all(|c| matches!(c, '}' | ']' | ',') || c.is_ascii_whitespace());
        let fix = Fix { safe: empty, ..Fix::safe(place.span, "") };
        self.stop_mended(self.place(), (message, "the end of the file"), Some(fix));
    }

    /// A bracket of the other kind.
    pub(super) fn wrong_bracket(&mut self, message: String, close: &Token<'_>) {
        let right = if *close == Token::CloseBrace { "}" } else { "]" };
        let bracket = matches!(self.current(), Some(Token::CloseBrace | Token::CloseBracket));
        let fix = bracket.then(|| Fix::guess(self.place().span, right));
        self.stop_mended(self.place(), (message, format!("`,` or {}", name_of(close))), fix);
    }

    pub(super) fn duplicate_key(&mut self, member: &Member, first: Place) {
        let text = self.text;
        let ends = self.line_ends.get_or_insert_with(|| text.match_indices('\n').map(|(at, _)| at).collect());
        let line = ends.partition_point(|at| at + self.base < first.span.start as usize) + 1;
        let message = format!("the key `{}` stands twice, first in line {line}", member.key);
        self.push(Code::PlanDuplicateKey, member.place, message, "one of the two");
        let span = Span { start: member.place.span.start, end: member.value.place.span.end };
        // Spans count from the start of the file, which is this text unless a mark of its encoding was cut off.
        if let Some(last) = self.findings.last_mut().filter(|_| self.base == 0) {
            last.fix = Some(Fix::guess(super::fix::removal(self.text, span), ""));
        }
    }

    /// Says what is wrong with the current token; nothing after it can be read.
    pub(super) fn fatal(&mut self, message: impl Into<String>, expected: impl Into<String>) {
        self.stop_at(self.place(), message, expected);
    }

    pub(super) fn never_closed(&mut self, open: Place, bracket: &str) {
        let close = if bracket == "{" { "}" } else { "]" };
        let end = self.text.trim_end().len();
        let fix = Fix::guess(self.place_of(end, end).span, format!("\n{close}"));
        self.stop_mended(open, (format!("this `{bracket}` is never closed"), format!("`{close}`")), Some(fix));
    }

    pub(super) fn too_deep(&mut self) {
        if !self.stopped {
            self.push(Code::PlanTooDeep, self.place(), Code::PlanTooDeep.text(), "");
        }
        self.stop();
    }

    fn stop_mended(&mut self, place: Place, said: (impl Into<String>, impl Into<String>), fix: Option<Fix>) {
        if !self.stopped {
            self.push(Code::PlanSyntax, place, said.0, said.1);
            if let Some(fix) = fix {
                self.mended(fix);
            }
        }
        self.stop();
    }

    fn stop_at(&mut self, place: Place, message: impl Into<String>, expected: impl Into<String>) {
        if !self.stopped {
            self.push(Code::PlanSyntax, place, message, expected);
        }
        self.stop();
    }

    fn stop(&mut self) {
        self.stopped = true;
        self.current = None;
    }

    fn push(&mut self, code: Code, place: Place, message: impl Into<String>, expected: impl Into<String>) {
        if self.stopped {
            return;
        }
        let path: String = self.path.iter().map(|key| format!("/{}", escape(key))).collect();
        if self.findings.len() == MAX_FINDINGS {
            let code = Code::PlanTooManyFindings;
            self.findings.push(Finding::new(code, place, path, code.text()));
            return self.stop();
        }
        let finding = Finding::new(code, place, path, message);
        let expected = expected.into();
        self.findings.push(if expected.is_empty() { finding } else { finding.expected(expected) });
    }
}

fn scanner_of(text: &str) -> Scanner<'_> {
    let options = ScannerOptions { allow_extended_string_escapes: false, ..ScannerOptions::default() };
    Scanner::new(text, &options)
}

/// A number that JSON does not know, and what to write for it.
fn not_json(text: &str) -> Option<(&'static str, &'static str)> {
    let digits = text.trim_start_matches(['-', '+']);
    let bare = digits.starts_with('.') || digits.ends_with('.') || digits.contains(".e") || digits.contains(".E");
    match () {
        () if digits.starts_with(['I', 'N']) => Some(("neither Infinity nor NaN is a number of a plan", "a number")),
        () if digits.starts_with("0x") || digits.starts_with("0X") => Some(("a hexadecimal number", "decimal digits")),
        () if text.starts_with('+') => Some(("a number with a plus sign", "the number without it")),
        () if bare => Some(("a number that begins or ends with its point", "digits on both sides of the point")),
        () => None,
    }
}

/// The number as JSON writes it, where it is one.
fn as_json(text: &str) -> Option<String> {
    let plain = text.trim_start_matches('+');
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("-", digits));
    if let Some(hex) = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        return i64::from_str_radix(hex, 16).ok().map(|n| format!("{sign}{n}"));
    }
    let plain = |c: char| c.is_ascii_digit() || c == '.';
    let digits = digits.strip_suffix('.').unwrap_or(digits);
    let leading = if digits.starts_with('.') { "0" } else { "" };
    (!digits.is_empty() && digits.chars().all(plain)).then(|| format!("{sign}{leading}{digits}"))
}

/// A token as a message names it.
pub(super) fn name_of(token: &Token<'_>) -> &'static str {
    match token {
        Token::OpenBrace => "`{`",
        Token::CloseBrace => "`}`",
        Token::OpenBracket => "`[`",
        Token::CloseBracket => "`]`",
        Token::Comma => "`,`",
        Token::Colon => "`:`",
        Token::String(_) => "a text",
        Token::Word(_) => "a word",
        Token::Boolean(_) => "true or false",
        Token::Number(_) => "a number",
        Token::Null => "null",
        Token::CommentLine(_) | Token::CommentBlock(_) => "a comment",
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|c| c.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

fn offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}
