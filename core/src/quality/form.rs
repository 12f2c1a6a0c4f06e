//! What the form says about who filled it in.

use crate::model::RawValue;

/// Names under which forms have a field that people do not see, in plain form.
pub const HONEYPOTS: [&str; 7] =
    ["bot_field", "gotcha", "honey", "honey_pot", "honeypot", "honeypot_field", "hp_field"];

/// Names of the time from the first look at a form until it was sent, and how many milliseconds a unit of it has.
const TIMES: [(&str, u64); 10] = [
    ("form_ms", 1),
    ("form_duration_ms", 1),
    ("time_to_submit_ms", 1),
    ("form_duration", 1000),
    ("form_seconds", 1000),
    ("form_time", 1000),
    ("seconds_on_form", 1000),
    ("time_on_form", 1000),
    ("time_to_complete", 1000),
    ("time_to_submit", 1000),
];

/// Nobody fills in a form in less.
const FASTEST_MS: u64 = 3_000;

/// Whether a field that people do not see was filled in. `name` is the field's plain name, `more` are names that the host
/// gives such fields.
///
/// ```
/// use leadwright::{model::RawValue, quality::filled_honeypot};
/// assert!(filled_honeypot("honeypot", &RawValue::text("http://spam.example"), &[]));
/// assert!(!filled_honeypot("honeypot", &RawValue::text(" "), &[]));
/// assert!(filled_honeypot("fax", &RawValue::text("1"), &["fax".into()]));
/// ```
pub fn filled_honeypot(name: &str, value: &RawValue, more: &[String]) -> bool {
    if !HONEYPOTS.contains(&name) && !more.iter().any(|other| other == name) {
        return false;
    }
    match value {
        RawValue::Null => false,
        RawValue::Bool(yes) => *yes,
        RawValue::Number(text) => text != "0",
        RawValue::Text(text) => {
            let text = text.trim();
            !text.is_empty() && !["0", "false", "no", "off"].iter().any(|word| text.eq_ignore_ascii_case(word))
        }
        RawValue::List(items) => !items.is_empty(),
        RawValue::Object(map) => !map.0.is_empty(),
    }
}

/// Whether a field says that the form was filled in faster than anybody types.
///
/// ```
/// use leadwright::{model::RawValue, quality::too_fast};
/// assert!(too_fast("form_seconds", &RawValue::Number("1.5".into())));
/// assert!(!too_fast("form_seconds", &RawValue::Number("45".into())));
/// assert!(!too_fast("roof_age", &RawValue::Number("1".into())));
/// ```
pub fn too_fast(name: &str, value: &RawValue) -> bool {
    let Some((_, unit)) = TIMES.iter().find(|(time, _)| *time == name) else { return false };
    let (RawValue::Number(text) | RawValue::Text(text)) = value else { return false };
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // Of a part of a second nothing but that it is less than one matters.
    digits(part) && digits(whole) && whole.parse::<u64>().is_ok_and(|n| n.saturating_mul(*unit) < FASTEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_trap_caught_nobody() {
        let filled = |value: RawValue| filled_honeypot("hp_field", &value, &[]);
        for value in [RawValue::Null, RawValue::Bool(false), RawValue::text(""), RawValue::text("False")] {
            assert!(!filled(value));
        }
        for value in [RawValue::Bool(true), RawValue::text("x"), RawValue::Number("7".into())] {
            assert!(filled(value));
        }
        assert!(!filled_honeypot("comments", &RawValue::text("x"), &[]));
    }

    #[test]
    fn times_are_read_in_their_unit() {
        let fast = |name: &str, text: &str| too_fast(name, &RawValue::text(text));
        assert!(fast("form_ms", "2999") && !fast("form_ms", "3000") && fast("time_to_submit", "2.9"));
        for odd in ["", "-1", "fast", "1e9", "3", "99999999999999999999"] {
            assert!(!fast("form_seconds", odd), "{odd}");
        }
    }
}
