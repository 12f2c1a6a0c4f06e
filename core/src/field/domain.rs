//! Registrable domains, by the Public Suffix List.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};

/// Longest name and longest label in octets (RFC 1035 §2.3.4).
const LONGEST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// The part of a domain that somebody registered: `example.co.uk` of `www.example.co.uk`.
pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let refuse = |code| FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()));
    let name = input.text.strip_suffix('.').unwrap_or(&input.text).to_lowercase();
    if !is_domain(&name) {
        return refuse(Code::DomainNotADomain);
    }
    let Some(registrable) = psl::domain_str(&name) else { return refuse(Code::DomainPublicSuffix) };
    let registrable = registrable.to_owned();
    if registrable != input.text {
        input.corrections.push(Correction::new(Code::DomainStandardized, path, &*input.text, &registrable));
    }
    input.found(Value::text(registrable))
}

/// Labels of letters, digits and hyphens that the net takes (RFC 5890), none of them empty; and not an address of four numbers.
fn is_domain(name: &str) -> bool {
    let Ok(ascii) = idna::domain_to_ascii_strict(name) else { return false };
    let plain = |label: &str| {
        let shaped = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        (1..=LONGEST_LABEL).contains(&label.len()) && shaped && !label.starts_with('-') && !label.ends_with('-')
    };
    let named = !ascii.rsplit('.').next().is_some_and(|top| top.bytes().all(|b| b.is_ascii_digit()));
    ascii.len() <= LONGEST && named && ascii.split('.').all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(text: &str) -> FieldOutcome {
        check(&RawValue::text(text), "/domain", &FieldOptions::default())
    }

    #[test]
    fn what_was_registered_is_found() {
        for (text, found) in [
            ("WWW.Example.COM", "example.com"),
            ("a.b.example.co.uk", "example.co.uk"),
            ("example.com.", "example.com"),
            ("b.example.example", "example.example"),
            ("www.b\u{fc}cher.de", "b\u{fc}cher.de"),
        ] {
            assert_eq!(domain(text).value, Some(Value::text(found)), "{text}");
        }
    }

    #[test]
    fn what_nobody_can_register_is_refused() {
        for (text, code) in [
            ("co.uk", Code::DomainPublicSuffix),
            ("com", Code::DomainPublicSuffix),
            (".com", Code::DomainNotADomain),
            (".example.com", Code::DomainNotADomain),
            ("example..com", Code::DomainNotADomain),
            ("exa mple.com", Code::DomainNotADomain),
            ("192.0.2.1", Code::DomainNotADomain),
        ] {
            assert_eq!(domain(text).problems.iter().map(|p| p.code).collect::<Vec<_>>(), [code], "{text}");
        }
    }
}
