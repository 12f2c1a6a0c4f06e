//! Certificates of TrustedForm: `https://cert.trustedform.com/` and the name of one.
//!
//! Facts: developers.activeprospect.com, TrustedForm. A certificate may be claimed for 3 days after the form was sent, or
//! for 90 where the sending was seen; afterwards nobody can prove anything with it.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};

const HOST: &str = "cert.trustedform.com";
const PING_HOST: &str = "ping.trustedform.com";
/// Digits of the plain name of a certificate, and the longest of a sealed one (`0.` and two parts).
const PLAIN: usize = 40;
const LONGEST: usize = 255;
/// Days that every certificate may be claimed for, and that some may.
const CLAIMABLE: i64 = 3;
const CLAIMABLE_AT_MOST: i64 = 90;

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let (host, name) = match read(&input.text) {
        Ok(found) => found,
        Err(code) => {
            let problem = Problem::new(code, path).with_shape(raw.shape());
            return FieldOutcome::refused(problem.with_expected("https://cert.trustedform.com/ and 40 digits"));
        }
    };
    let canonical = format!("https://{host}/{name}");
    if canonical != input.text {
        input.corrections.push(Correction::new(Code::TrustedformStandardized, path, &*input.text, &canonical));
    }
    let aged = aged(options).map(|code| Problem::new(code, path));
    if aged.as_ref().is_some_and(|problem| problem.code == Code::TrustedformExpired) {
        return FieldOutcome { problems: aged.into_iter().collect(), ..FieldOutcome::default() };
    }
    let mut outcome = input.found(Value::text(canonical));
    outcome.parts.insert("cert", Value::text(name));
    outcome.parts.insert("ping", Value::Bool(host == PING_HOST));
    outcome.problems.extend(aged);
    outcome
}

/// The host and the name of the certificate. A plain name alone is enough.
fn read(text: &str) -> Result<(&'static str, String), Code> {
    if let Some(name) = plain(text) {
        return Ok((HOST, name));
    }
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if ["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) => rest,
        Some(_) => return Err(Code::TrustedformNotACertificate),
        None => text.trim_start_matches("//"),
    };
    let (host, name) = rest.split_once('/').ok_or(Code::TrustedformNotACertificate)?;
    let host = host.strip_suffix(":443").unwrap_or(host);
    let host = [HOST, PING_HOST].into_iter().find(|known| host.eq_ignore_ascii_case(known));
    let host = host.ok_or(Code::TrustedformWrongHost)?;
    let name = name.split(['?', '#']).next().unwrap_or(name).trim_end_matches('/');
    plain(name).or_else(|| sealed(name)).map(|name| (host, name)).ok_or(Code::TrustedformBadName)
}

/// 40 hexadecimal digits, small.
fn plain(name: &str) -> Option<String> {
    (name.len() == PLAIN && name.bytes().all(|b| b.is_ascii_hexdigit())).then(|| name.to_ascii_lowercase())
}

/// `0.`, and two parts of base64url: letters are not made small.
fn sealed(name: &str) -> Option<String> {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_=".contains(&b));
    let (first, second) = name.strip_prefix("0.")?.split_once('.')?;
    (name.len() <= LONGEST && part(first) && part(second)).then(|| name.to_owned())
}

/// What the age of a certificate means, where the options say when the form was sent and what day it is.
fn aged(options: &FieldOptions) -> Option<Code> {
    let days = options.issued?.days_until(options.as_of?);
    match days {
        days if days <= CLAIMABLE => None,
        days if days <= CLAIMABLE_AT_MOST => Some(Code::TrustedformAging),
        _ => Some(Code::TrustedformExpired),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "0123456789abcdef0123456789abcdef01234567";

    fn certificate(text: &str) -> FieldOutcome {
        check(&RawValue::text(text), "/cert", &FieldOptions::default())
    }

    #[test]
    fn the_ways_a_certificate_is_sent_are_one() {
        let canonical = format!("https://cert.trustedform.com/{NAME}");
        for text in [
            canonical.clone(),
            canonical.to_uppercase(),
            canonical.replace("https", "http"),
            canonical.replace("https://", ""),
            format!(" {canonical}/ "),
            format!("{canonical}?ref=1"),
            NAME.to_owned(),
        ] {
            assert_eq!(certificate(&text).value, Some(Value::text(&canonical)), "{text}");
        }
        let sealed = "https://cert.trustedform.com/0.Ab_c.De-F";
        assert_eq!(certificate(sealed).value, Some(Value::text(sealed)));
        let ping = certificate(&canonical.replace("cert.", "ping."));
        assert_eq!(ping.parts.get("ping"), Some(&Value::Bool(true)));
    }

    #[test]
    fn what_is_no_certificate_has_a_code() {
        for (text, code) in [
            ("hello", Code::TrustedformNotACertificate),
            ("ftp://cert.trustedform.com/x", Code::TrustedformNotACertificate),
            ("https://example.com/0123", Code::TrustedformWrongHost),
            ("https://cert.trustedform.com/0123", Code::TrustedformBadName),
            ("https://cert.trustedform.com/", Code::TrustedformBadName),
        ] {
            assert_eq!(certificate(text).problems.first().map(|p| p.code), Some(code), "{text}");
        }
    }

    #[test]
    fn a_certificate_grows_old() {
        for (issued, code) in [
            ("2026-06-29", None),
            ("2026-06-20", Some(Code::TrustedformAging)),
            ("2026-03-01", Some(Code::TrustedformExpired)),
        ] {
            let options = FieldOptions {
                issued: issued.parse().ok(),
                as_of: "2026-07-01".parse().ok(),
                ..FieldOptions::default()
            };
            let found = check(&RawValue::text(NAME), "/cert", &options);
            assert_eq!(found.problems.first().map(|p| p.code), code, "{issued}");
            assert_eq!(found.valid(), code != Some(Code::TrustedformExpired));
        }
    }
}
