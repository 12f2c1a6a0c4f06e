//! 128-bit ids in hexadecimal, and the LeadiD tokens that look like them.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};

/// Lengths of the groups (RFC 9562 §4).
const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];

struct Codes {
    not_one: Code,
    nil: Code,
    standardized: Code,
}

pub(super) fn uuid(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let codes = Codes { not_one: Code::UuidNotOne, nil: Code::UuidNil, standardized: Code::UuidStandardized };
    check(raw, path, options, &codes, str::to_ascii_lowercase)
}

/// A LeadiD token has the groups of a UUID but no version in them, and is written in capitals.
pub(super) fn leadid(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let codes = Codes { not_one: Code::LeadidNotOne, nil: Code::LeadidNil, standardized: Code::LeadidStandardized };
    check(raw, path, options, &codes, str::to_ascii_uppercase)
}

fn check(raw: &RawValue, path: &str, options: &FieldOptions, codes: &Codes, cased: fn(&str) -> String) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let refuse = |code| FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()));
    if is_standard(&input.text, cased("a") == "A") {
        let text = (*input.text).to_owned();
        return input.found(Value::Text(text));
    }
    let Some(digits) = digits(&input.text) else { return refuse(codes.not_one) };
    // All of one digit is what a form sends when its script did not run.
    if digits.bytes().all(|b| Some(b) == digits.bytes().next()) {
        return refuse(codes.nil);
    }
    let shown = cased(&grouped(&digits));
    if shown != input.text {
        input.corrections.push(Correction::new(codes.standardized, path, &*input.text, &shown));
    }
    input.found(Value::Text(shown))
}

/// Whether a text is as it has to be: nothing to mend, and not all of one digit.
fn is_standard(text: &str, capital: bool) -> bool {
    let right = |(at, byte): (usize, u8)| match (at, byte) {
        (8 | 13 | 18 | 23, byte) => byte == b'-',
        (_, b'0'..=b'9') => true,
        (_, b'A'..=b'F') => capital,
        (_, b'a'..=b'f') => !capital,
        _ => false,
    };
    let first = text.bytes().next();
    text.len() == 36
        && text.bytes().enumerate().all(right)
        && text.bytes().any(|byte| byte != b'-' && Some(byte) != first)
}

/// The 32 digits, out of braces, `urn:uuid:` and whichever dashes.
fn digits(text: &str) -> Option<String> {
    let start = text.get(..9).filter(|start| start.eq_ignore_ascii_case("urn:uuid:")).map_or(0, str::len);
    let text = text.get(start..)?.trim_matches(['{', '}']);
    let groups: Vec<&str> = text.split('-').collect();
    let fits = groups.len() == 1 || groups.iter().map(|group| group.len()).eq(GROUPS);
    let digits = groups.concat();
    (fits && digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit())).then_some(digits)
}

fn grouped(digits: &str) -> String {
    let mut rest = digits;
    let mut groups = Vec::new();
    for length in GROUPS {
        let (group, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        groups.push(group);
        rest = after;
    }
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_written_in_one_way() {
        let shown = "0f1e2d3c-4b5a-9687-1122-334455667788";
        for text in [
            shown,
            "0F1E2D3C-4B5A-9687-1122-334455667788",
            "{0f1e2d3c-4b5a-9687-1122-334455667788}",
            "urn:uuid:0f1e2d3c-4b5a-9687-1122-334455667788",
            "0f1e2d3c4b5a96871122334455667788",
        ] {
            let raw = RawValue::text(text);
            assert_eq!(uuid(&raw, "/u", &FieldOptions::default()).value, Some(Value::text(shown)), "{text}");
            let upper = Some(Value::text(shown.to_ascii_uppercase()));
            assert_eq!(leadid(&raw, "/u", &FieldOptions::default()).value, upper, "{text}");
        }
        for text in
            ["0f1e2d3c-4b5a", "g0000000-0000-0000-0000-000000000000", "é", "00000000-0000-0000-0000-000000000000"]
        {
            assert!(!uuid(&RawValue::text(text), "/u", &FieldOptions::default()).valid(), "{text}");
        }
    }
}
