//! Email addresses: read as strictly as asked, repaired only where a lead is read, and told what is known of the host.

mod host;
mod parse;
mod repair;

use super::options::Reading;
use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};
use crate::text::lowered;
use parse::{Address, parse};
use std::borrow::Cow;

/// Mailboxes of an office and not of a person (RFC 2142, and what companies commonly use).
const ROLES: [&str; 24] = [
    "abuse",
    "accounts",
    "admin",
    "billing",
    "careers",
    "contact",
    "enquiries",
    "hello",
    "help",
    "hostmaster",
    "hr",
    "info",
    "jobs",
    "mail",
    "marketing",
    "no-reply",
    "noreply",
    "office",
    "postmaster",
    "sales",
    "security",
    "service",
    "support",
    "webmaster",
];

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    check_with(true, raw, path, options)
}

/// The same without the parts, which a lead does not keep.
pub(super) fn check_alone(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    check_with(false, raw, path, options)
}

fn check_with(parts: bool, raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match (options.reading, raw) {
        // Strict readings take the text as it stands.
        (Reading::Strict | Reading::Rfc5321, RawValue::Text(text)) => {
            input::Input { text: Cow::Borrowed(text), corrections: Vec::new() }
        }
        _ => match input::read(raw, path, options) {
            Ok(input) => input,
            Err(done) => return done,
        },
    };
    let text = match options.reading {
        Reading::Lead => repair::repaired(&input.text).into_owned(),
        Reading::Strict | Reading::Rfc5321 => (*input.text).to_owned(),
    };
    let address = match parse(&text, options) {
        Ok(address) => address,
        Err(code) => {
            let problem = Problem::new(code, path).with_shape(raw.shape());
            let domain = text.rsplit_once('@').map_or("", |(_, domain)| domain);
            return FieldOutcome::refused(match host::completed(domain) {
                Some(host) => problem.with_suggestion(host),
                None => problem,
            });
        }
    };
    let canonical = format!("{}@{}", address.local, address.domain);
    if canonical != input.text {
        input.corrections.push(Correction::new(Code::EmailStandardized, path, &*input.text, &canonical));
    }
    let mut outcome = input.found(Value::text(canonical));
    know(&address, parts, path, &mut outcome);
    outcome
}

/// Adds what is known of a mailbox and its host. None of it refuses anything.
fn know(address: &Address, parts: bool, path: &str, outcome: &mut FieldOutcome) {
    let Address { local, domain, ascii } = address;
    let ascii = &*lowered(ascii);
    if let Some(near) = host::near(ascii) {
        outcome.problems.push(Problem::new(Code::EmailHostTypo, path).with_suggestion(near));
    }
    let (mailbox, tag) = local.split_once('+').map_or((local.as_str(), None), |(mailbox, tag)| (mailbox, Some(tag)));
    if parts {
        outcome.parts.insert("domain", Value::text(domain));
    }
    if let Some(tag) =
        tag.filter(|_| parts).filter(|tag| !tag.is_empty() && !mailbox.is_empty() && !local.starts_with('"'))
    {
        outcome.parts.insert("tag", Value::text(tag));
    }
    if ROLES.contains(&&*lowered(mailbox)) {
        outcome.problems.push(Problem::new(Code::EmailRole, path));
    }
    if !host::is_great(ascii) && host::is_disposable(ascii) {
        outcome.problems.push(Problem::new(Code::EmailDisposable, path));
    } else if parts && host::is_free(ascii) {
        outcome.parts.insert("free", Value::Bool(true));
    }
}

#[cfg(test)]
mod tests;
