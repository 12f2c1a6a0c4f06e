//! The address of RFC 5321 §4.1.2, read as strictly as asked.

use crate::field::FieldOptions;
use crate::field::options::{Idn, Reading};
use crate::model::Code;
use std::net::{Ipv4Addr, Ipv6Addr};
use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::UnicodeNormalization;

/// RFC 5321 §4.5.3.1: bytes of the part before the @, and of the whole (256 with the angle brackets).
const LONGEST_LOCAL: usize = 64;
const LONGEST: usize = 254;

/// Top levels that are kept for other things than mail (RFC 6761, RFC 6762, RFC 7686).
const NO_MAIL: [&str; 5] = ["arpa", "invalid", "local", "localhost", "onion"];

pub(super) struct Address {
    pub(super) local: String,
    /// In the form asked for.
    pub(super) domain: String,
    /// As `xn--…`.
    pub(super) ascii: String,
}

pub(super) fn parse(text: &str, options: &FieldOptions) -> Result<Address, Code> {
    let (local, domain) = text.rsplit_once('@').ok_or(Code::EmailNoAt)?;
    // RFC 6532 §3.1: one letter has one spelling. A sign that is not allowed does not become so by the mark it bears.
    let typed = local;
    let local = if typed.is_ascii() { typed.to_owned() } else { typed.nfc().collect() };
    let quoted = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let whole = match quoted {
        Some(inner) => options.reading == Reading::Rfc5321 && is_quoted_content(inner),
        None => is_dot_atom(&local) && (typed == local || is_dot_atom(typed)),
    };
    if !whole || local.len() > LONGEST_LOCAL {
        return Err(Code::EmailBadLocal);
    }
    let (domain, ascii) = match domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(literal) if options.reading == Reading::Rfc5321 && is_literal(literal) => {
            (domain.to_owned(), domain.to_owned())
        }
        Some(_) => return Err(Code::EmailBadDomain),
        None => domain_name(domain, options).ok_or(Code::EmailBadDomain)?,
    };
    // The limit counts what is sent: the ASCII form of the domain.
    if local.len() + 1 + ascii.len() > LONGEST {
        return Err(Code::EmailTooLong);
    }
    Ok(Address { local, domain, ascii })
}

/// RFC 5321 `Dot-string`, with the letters of RFC 6531.
fn is_dot_atom(local: &str) -> bool {
    let led_by_mark = local.chars().next().is_some_and(|first| !first.is_ascii() && is_mark(first));
    !led_by_mark && local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext))
}

fn is_atext(c: char) -> bool {
    match c.is_ascii() {
        true => c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c),
        false => is_visible(c),
    }
}

/// A letter, mark, digit or sign; nothing that is unseen, unassigned or private.
fn is_visible(c: char) -> bool {
    use GeneralCategory as G;
    !matches!(
        get_general_category(c),
        G::Control
            | G::Format
            | G::Surrogate
            | G::PrivateUse
            | G::Unassigned
            | G::SpaceSeparator
            | G::LineSeparator
            | G::ParagraphSeparator
    )
}

/// A mark that belongs to the letter before it.
fn is_mark(c: char) -> bool {
    use GeneralCategory as G;
    matches!(get_general_category(c), G::NonspacingMark | G::SpacingMark | G::EnclosingMark)
}

/// RFC 5321 `QcontentSMTP`.
fn is_quoted_content(inner: &str) -> bool {
    let mut letters = inner.chars();
    while let Some(c) = letters.next() {
        let right = match c {
            '\\' => letters.next().is_some_and(|next| (' '..='~').contains(&next)),
            '"' => false,
            c => (' '..='~').contains(&c) || !c.is_ascii() && !c.is_control(),
        };
        if !right {
            return false;
        }
    }
    true
}

/// RFC 5321 §4.1.3; there `::` stands for two groups or more.
fn is_literal(literal: &str) -> bool {
    let Some(tag) = literal.get(..5).filter(|tag| tag.eq_ignore_ascii_case("IPv6:")) else {
        return literal.parse::<Ipv4Addr>().is_ok();
    };
    let address = literal.get(tag.len()..).unwrap_or_default();
    let groups = address.split(':').filter(|group| !group.is_empty()).count() + usize::from(address.contains('.'));
    address.parse::<Ipv6Addr>().is_ok() && (groups <= 6 || !address.contains("::"))
}

/// A name that is written as it has to be, with a top level of letters: what the long way comes to as well.
fn usual_name(text: &str) -> Option<String> {
    let label = |label: &str| {
        let letters = label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let ends = !label.starts_with('-') && !label.ends_with('-');
        // Two hyphens may begin a name in other letters.
        (1..=63).contains(&label.len()) && letters && ends && !label.contains("--")
    };
    let (before, top) = text.rsplit_once('.')?;
    let top_is = top.bytes().all(|b| b.is_ascii_lowercase()) && !NO_MAIL.contains(&top);
    (top_is && text.len() <= 253 && label(top) && before.split('.').all(label)).then(|| text.to_owned())
}

/// The name in the form asked for, and in ASCII. One label alone is no domain of the net, and no top level ends in a digit.
fn domain_name(text: &str, options: &FieldOptions) -> Option<(String, String)> {
    if let Some(name) = usual_name(text) {
        return Some((name.clone(), name));
    }
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.' || !c.is_ascii());
    let ascii = idna::domain_to_ascii_strict(text).ok().filter(|_| plain)?;
    let labels: Vec<&str> = ascii.split('.').collect();
    let label = |label: &&str| {
        let inner = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        !label.is_empty() && label.len() <= 63 && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    let top = labels.last()?;
    let public = labels.len() > 1 && top.ends_with(|c: char| c.is_ascii_alphabetic()) && !NO_MAIL.contains(top);
    let enough = public || options.reading == Reading::Rfc5321;
    if !enough || !labels.iter().all(label) || ascii.len() > 253 {
        return None;
    }
    let shown = match options.idn {
        Idn::Ascii => ascii.clone(),
        Idn::Unicode => idna::domain_to_unicode(&ascii).0,
    };
    Some((shown, ascii))
}
