//! What people type around an address and between its parts.

use crate::text::lowered;
use std::borrow::Cow;

/// The address that a text has in it. What is no slip of the finger is left as it stands, for the parser to refuse.
pub(super) fn repaired(text: &str) -> Cow<'_, str> {
    if is_usual(text.as_bytes()) { lowered(text) } else { Cow::Owned(mended(text)) }
}

/// Whether there is nothing to mend but capital letters: one @, and what mailboxes and hosts are made of.
fn is_usual(text: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+' | b'@');
    text.iter().all(plain)
        && text.iter().filter(|byte| **byte == b'@').count() == 1
        && !matches!(text.first(), Some(b'@'))
        && !matches!(text.last(), Some(b'.'))
}

fn mended(text: &str) -> String {
    let text: String = text.chars().map(narrow).collect();
    let text = address_of(&text);
    let text = text.trim_start_matches(['<', '"', '\'', ',', ';', ' ']);
    let text = text.trim_end_matches(['>', '"', '\'', ',', ';', ' ', '.']);
    let text = spoken(&text.to_lowercase());
    let parts: Vec<String> = text.split('@').map(|part| around_dots(part.trim())).collect();
    let Some((domain, local)) = parts.split_last() else { return text };
    if local.is_empty() {
        return text;
    }
    format!("{}@{}", local.join("@"), without_comma(domain))
}

/// Full-width forms of ASCII, and the full stops of East Asia, are what they stand for.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
        '\u{fe6b}' => '@',
        '\u{3002}' | '\u{ff61}' => '.',
        c => c,
    }
}

/// What stands in the angle brackets of `Ann Lee <ann@example.com>`, and behind `mailto:`.
fn address_of(text: &str) -> &str {
    let inner = text.trim_end().strip_suffix('>').and_then(|text| text.rsplit_once('<'));
    let text = inner.map_or(text, |(_, inner)| inner).trim();
    match text.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:")) {
        Some(start) => text.get(start.len()..).and_then(|rest| rest.split('?').next()).unwrap_or(text),
        None => text,
    }
}

/// `ann (at) example (dot) com`, and `ann at example dot com` where nothing else is said.
fn spoken(text: &str) -> String {
    if text.contains('@') {
        return text.to_owned();
    }
    let marked = [("(at)", "@"), ("[at]", "@"), ("{at}", "@"), ("(dot)", "."), ("[dot]", "."), ("{dot}", ".")];
    let read = marked.iter().fold(text.to_owned(), |text, (word, sign)| text.replace(word, sign));
    if read.contains('@') {
        return read.replace(" dot ", ".");
    }
    match read.split_once(" at ") {
        Some((local, domain)) if !local.contains(' ') && !domain.contains(" at ") => {
            let domain = domain.replace(" dot ", ".");
            if domain.contains(' ') || !domain.contains('.') { read } else { format!("{local}@{domain}") }
        }
        _ => read,
    }
}

/// Without the spaces before and after dots.
fn around_dots(part: &str) -> String {
    match part.contains(' ') {
        true => part.split('.').map(str::trim).collect::<Vec<_>>().join("."),
        false => part.to_owned(),
    }
}

/// A comma for the dot: `example,com`. Behind a whole domain it begins something else.
fn without_comma(domain: &str) -> String {
    match domain.split_once(',') {
        Some((before, after)) if !before.contains('.') && !after.contains(',') && !after.starts_with(' ') => {
            format!("{before}.{after}")
        }
        _ => domain.to_owned(),
    }
}
