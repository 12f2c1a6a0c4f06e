//! Two texts that differ: in what they say, or only in how they say it.

use super::class::Class;
use jiff::civil::DateTime;
use unicode_normalization::UnicodeNormalization as _;

/// Longer texts are no times and no ids.
const LONGEST: usize = 64;

/// What kind of difference it is between two texts that are not the same.
pub(super) fn class(a: &str, b: &str) -> Class {
    if a.nfc().eq(b.nfc()) {
        Class::UnicodeForm
    } else if folded(a) == folded(b) {
        Class::WhitespaceOrCase
    } else if a.len() > LONGEST || b.len() > LONGEST {
        Class::Value
    } else if same_time(a, b) {
        Class::TimeZone
    } else if same_id(a, b) {
        Class::IdFormat
    } else {
        Class::Value
    }
}

/// Small letters, one space for many.
fn folded(text: &str) -> String {
    let composed: String = text.nfkc().flat_map(char::to_lowercase).collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A wall clock, and how many seconds it is ahead of UTC where the text says so.
struct Time {
    clock: DateTime,
    ahead: Option<i64>,
}

/// The same instant, or the same wall clock where the zone is another one or is not said.
fn same_time(a: &str, b: &str) -> bool {
    let (Some(a), Some(b)) = (time(a), time(b)) else { return false };
    let instant = |time: &Time| Some(seconds(time.clock)?.checked_sub(time.ahead?)?);
    let same_instant = instant(&a).is_some_and(|at| Some(at) == instant(&b))
        && a.clock.subsec_nanosecond() == b.clock.subsec_nanosecond();
    same_instant || (a.clock == b.clock && a.ahead != b.ahead)
}

fn seconds(clock: DateTime) -> Option<i64> {
    Some(jiff::tz::TimeZone::UTC.to_timestamp(clock).ok()?.as_second())
}

/// `2026-11-24T09:30:00-06:00`, also with a space, with `Z`, or without a zone.
fn time(text: &str) -> Option<Time> {
    let text = text.trim();
    let (_, after) = text.split_once(['T', 't', ' ']).filter(|(date, _)| date.len() == 10)?;
    let zone = after.find(['Z', 'z', '+', '-']).map(|at| text.len() - after.len() + at);
    let (clock, zone) = zone.and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""));
    let ahead = match zone {
        "" => None,
        "Z" | "z" => Some(0),
        offset => Some(self::offset(offset)?),
    };
    Some(Time { clock: clock.trim_end().parse().ok()?, ahead })
}

/// `-06:00`, `+0530`, `+01`.
fn offset(text: &str) -> Option<i64> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.get(1..)?.chars().filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 = digits.get(2..).filter(|text| !text.is_empty()).map_or(Ok(0), str::parse).ok()?;
    Some(sign * (hours * 3_600 + minutes * 60))
}

/// Ids that are the same but for separators, capitals and leading zeros. Words without a digit are none.
fn same_id(a: &str, b: &str) -> bool {
    let bare = |text: &str| -> Option<String> {
        let text = text.trim().to_ascii_lowercase();
        let text = text.strip_prefix("urn:uuid:").unwrap_or(&text);
        let is_separator = |c: char| matches!(c, '-' | '_' | '.' | ':' | '/' | '{' | '}');
        let bare: String = text.chars().filter(|c| !is_separator(*c)).collect();
        let is_id =
            bare.bytes().all(|byte| byte.is_ascii_alphanumeric()) && bare.bytes().any(|byte| byte.is_ascii_digit());
        is_id.then(|| bare.trim_start_matches('0').to_owned())
    };
    // A point in a number says how much it is.
    let number = |text: &str| text.contains('.') && super::decimal::Decimal::read(text).is_some();
    !number(a) && !number(b) && bare(a).is_some_and(|bare_a| Some(bare_a) == bare(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_differ_in_one_of_five_ways() {
        for (a, b, is) in [
            ("Jose\u{301}", "José", Class::UnicodeForm),
            ("5 Elm  St", "5 elm st ", Class::WhitespaceOrCase),
            ("2026-11-24T15:30:00Z", "2026-11-24T09:30:00-06:00", Class::TimeZone),
            ("2026-11-24 15:30:00", "2026-11-24T15:30:00+00:00", Class::TimeZone),
            ("2026-11-24T15:30:00-06:00", "2026-11-24T15:30:00-05:00", Class::TimeZone),
            ("2026-11-24T15:30:00Z", "2026-11-24T15:31:00Z", Class::Value),
            ("2026-11-24T15:30:00.5Z", "2026-11-24T15:30:00Z", Class::Value),
            ("{5B1A-22}", "5b1a22", Class::IdFormat),
            ("00042", "42", Class::IdFormat),
            ("1.5", "15", Class::Value),
            ("pre-sold", "presold", Class::Value),
            ("TX", "OK", Class::Value),
        ] {
            assert_eq!(class(a, b), is, "{a} {b}");
            assert_eq!(class(b, a), is, "{b} {a}");
        }
    }
}
