//! Email addresses: the address of RFC 5321 §4.1.2, read as strictly as asked.

use super::options::{Idn, Reading};
use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};
use crate::text::did_you_mean;
use std::net::{Ipv4Addr, Ipv6Addr};

/// RFC 5321 §4.5.3.1: bytes of the part before the @, and of the whole (256 with the angle brackets).
const LONGEST_LOCAL: usize = 64;
const LONGEST: usize = 254;

/// The mail hosts most people have; a near miss of one is worth a question.
const HOSTS: [&str; 12] = [
    "aol.com",
    "att.net",
    "comcast.net",
    "gmail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "msn.com",
    "outlook.com",
    "sbcglobal.net",
    "verizon.net",
    "yahoo.com",
];

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match (options.reading, raw) {
        // Strict readings take the text as it stands.
        (Reading::Strict | Reading::Rfc5321, RawValue::Text(text)) if !text.is_empty() => {
            input::Input { text: text.clone(), corrections: Vec::new() }
        }
        _ => match input::read(raw, path, options) {
            Ok(input) => input,
            Err(done) => return done,
        },
    };
    let text = if options.reading == Reading::Lead { repaired(&input.text) } else { input.text.clone() };
    let address = match parse(&text, options) {
        Ok(address) => address,
        Err(code) => return FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape())),
    };
    let Address { local, domain } = address;
    let canonical = format!("{local}@{domain}");
    if canonical != input.text {
        input.corrections.push(Correction::new(Code::EmailStandardized, path, &input.text, &canonical));
    }
    let mut outcome = input.found(Value::text(canonical));
    let near = did_you_mean(&domain, HOSTS).filter(|host| *host != domain && !is_known_host(&domain));
    if let Some(host) = near {
        outcome.problems.push(Problem::new(Code::EmailHostTypo, path).with_suggestion(host));
    }
    outcome
}

struct Address {
    local: String,
    domain: String,
}

/// Short hosts lie near each other: these exist.
fn is_known_host(domain: &str) -> bool {
    ["ail.com", "att.com", "gmx.com", "gmx.net", "mail.com", "me.com", "mac.com", "ymail.com", "rocketmail.com"]
        .contains(&domain)
}

/// What people type around an address and between its parts.
fn repaired(text: &str) -> String {
    let text = text.trim_matches(['<', '>', '"', '\'', ',', ';', ' ', '.']);
    let start = text.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:")).map_or(0, str::len);
    let text = text.get(start..).unwrap_or(text);
    let parts: Vec<&str> = text.split('@').map(str::trim).collect();
    parts.join("@").to_lowercase()
}

fn parse(text: &str, options: &FieldOptions) -> Result<Address, Code> {
    let (local, domain) = text.rsplit_once('@').ok_or(Code::EmailNoAt)?;
    let quoted = local.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let whole = match quoted {
        Some(inner) => options.reading == Reading::Rfc5321 && is_quoted_content(inner),
        None => is_dot_atom(local),
    };
    if !whole || local.len() > LONGEST_LOCAL {
        return Err(Code::EmailBadLocal);
    }
    let domain = match domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(literal) if options.reading == Reading::Rfc5321 && is_literal(literal) => domain.to_owned(),
        Some(_) => return Err(Code::EmailBadDomain),
        None => domain_name(domain, options).ok_or(Code::EmailBadDomain)?,
    };
    // The limit counts what is sent: the ASCII form of the domain.
    let sent = idna::domain_to_ascii(&domain).map_or(domain.len(), |ascii| ascii.len());
    if local.len() + 1 + sent > LONGEST {
        return Err(Code::EmailTooLong);
    }
    Ok(Address { local: local.to_owned(), domain })
}

/// RFC 5321 `Dot-string`, with the letters of RFC 6531.
fn is_dot_atom(local: &str) -> bool {
    let atext = |c: char| {
        c.is_ascii_alphanumeric()
            || "!#$%&'*+-/=?^_`{|}~".contains(c)
            || !c.is_ascii() && !c.is_whitespace() && !c.is_control()
    };
    local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(atext))
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

/// RFC 5321 §4.1.3.
fn is_literal(literal: &str) -> bool {
    match literal.get(..5).filter(|tag| tag.eq_ignore_ascii_case("IPv6:")) {
        Some(_) => literal.get(5..).is_some_and(|address| address.parse::<Ipv6Addr>().is_ok()),
        None => literal.parse::<Ipv4Addr>().is_ok(),
    }
}

/// The name in the form asked for. One label alone is no domain of the net, and no top level is digits.
fn domain_name(text: &str, options: &FieldOptions) -> Option<String> {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.' || !c.is_ascii());
    let ascii = idna::domain_to_ascii_strict(text).ok().filter(|_| plain)?;
    let labels: Vec<&str> = ascii.split('.').collect();
    let label = |label: &&str| {
        let inner = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        !label.is_empty() && label.len() <= 63 && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    let top = labels.last()?;
    let public = labels.len() > 1 && !top.bytes().all(|b| b.is_ascii_digit());
    let enough = public || options.reading == Reading::Rfc5321;
    if !enough || !labels.iter().all(label) || ascii.len() > 253 {
        return None;
    }
    match options.idn {
        Idn::Ascii => Some(ascii),
        Idn::Unicode => Some(idna::domain_to_unicode(&ascii).0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str, reading: Reading) -> FieldOutcome {
        check(&RawValue::text(text), "/email", &FieldOptions { reading, ..FieldOptions::default() })
    }

    #[test]
    fn what_people_type_is_repaired() {
        for text in [
            "ann.lee@example.com",
            " Ann.Lee@Example.COM ",
            "<ann.lee@example.com>",
            "mailto:ann.lee@example.com",
            "ann.lee @ example.com",
            "ann.lee@example.com.",
        ] {
            assert_eq!(email(text, Reading::Lead).value, Some(Value::text("ann.lee@example.com")), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_has_a_code() {
        for (text, code) in [
            ("ann", Code::EmailNoAt),
            ("ann..lee@example.com", Code::EmailBadLocal),
            ("@example.com", Code::EmailBadLocal),
            ("ann@example", Code::EmailBadDomain),
            ("ann@-example.com", Code::EmailBadDomain),
            ("ann@1.2.3.4", Code::EmailBadDomain),
        ] {
            assert_eq!(email(text, Reading::Lead).problems.first().map(|p| p.code), Some(code), "{text}");
        }
        assert!(!email(" ann@example.com", Reading::Strict).valid());
        assert!(email("\"a b\"@[192.0.2.1]", Reading::Rfc5321).valid());
    }

    #[test]
    fn a_near_miss_of_a_great_host_is_asked_about_and_kept() {
        let found = email("ann@gmial.com", Reading::Lead);
        assert_eq!(found.value, Some(Value::text("ann@gmial.com")));
        assert_eq!(found.problems.first().and_then(|p| p.suggestion.as_deref()), Some("gmail.com"));
        for fine in ["gmail.com", "mail.com", "example.com", "ymail.com"] {
            assert!(email(&format!("ann@{fine}"), Reading::Lead).problems.is_empty(), "{fine}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_and_what_comes_out_stays(text in "\\PC*|[a-z.@\"\\\\\\[\\]:-]*") {
            for reading in [Reading::Lead, Reading::Strict, Reading::Rfc5321] {
                if let Some(Value::Text(found)) = email(&text, reading).value {
                    proptest::prop_assert_eq!(email(&found, reading).value, Some(Value::text(found)));
                }
            }
        }
    }
}
