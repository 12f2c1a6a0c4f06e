//! Points in time: a date, a time of day and a zone.

use super::{FieldOptions, FieldOutcome, date, input};
use crate::model::{Code, Correction, Date, Problem, RawValue, Timestamp, Value};
use jiff::tz::{Offset, TimeZone, TimeZoneDatabase};

/// Hours behind Greenwich of the zones of the United States (RFC 5322 §4.3), and the names of Greenwich itself.
const NAMED: [(&str, i8); 11] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("est", -5),
    ("edt", -4),
    ("cst", -6),
    ("cdt", -5),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let Read { at, ambiguous } = match read(&input.text, options) {
        Ok(read) => read,
        Err(code) => return FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape())),
    };
    // Anywhere on Earth a day ends within a day of where it ends in Greenwich.
    let day = Date::of_epoch_day(at.millis().div_euclid(86_400_000));
    if options.past && day.zip(options.as_of).is_some_and(|(day, today)| today.days_until(day) > 1) {
        return FieldOutcome::refused(Problem::new(Code::DateInFuture, path).with_shape(raw.shape()));
    }
    let shown = at.to_string();
    if shown != input.text {
        input.corrections.push(Correction::new(Code::TimestampStandardized, path, &*input.text, &shown));
    }
    let mut outcome = input.found(Value::Time(at));
    if ambiguous {
        outcome.problems.push(Problem::new(Code::DateAmbiguous, path).with_shape(raw.shape()));
    }
    outcome
}

struct Read {
    at: Timestamp,
    /// Day and month could be the other way round.
    ambiguous: bool,
}

fn read(text: &str, options: &FieldOptions) -> Result<Read, Code> {
    if let Some(at) = text.parse().ok().or_else(|| epoch(text)) {
        return Ok(Read { at, ambiguous: false });
    }
    let lower = text.to_ascii_lowercase();
    let lower = without_weekday(&lower);
    // Browsers name the zone once more behind it: `GMT-0500 (Eastern Standard Time)`.
    let lower = lower.split_once('(').map_or(lower, |(before, _)| before.trim_end());
    let (day, ambiguous) = date::day_of(lower, options).ok_or(Code::TimestampNotOne)?;
    let (time, rest) = time_of_day(lower).ok_or(Code::TimestampNotOne)?;
    let zone = zone(rest.trim(), options)?;
    let civil = jiff::civil::Date::new(day.year(), signed(day.month()), signed(day.day()));
    let at = civil.ok().and_then(|day| zone.to_timestamp(day.to_datetime(time)).ok());
    at.and_then(|at| Timestamp::from_millis(at.as_millisecond()).ok())
        .map(|at| Read { at, ambiguous })
        .ok_or(Code::TimestampNotOne)
}

/// `tue, 24 nov 2026 …` and `tuesday nov 24 2026 …` without their first word.
fn without_weekday(lower: &str) -> &str {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let Some((word, rest)) = lower.split_once([' ', ',']) else { return lower };
    let is_day = word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(word));
    if is_day { rest.trim_start_matches([' ', ',']) } else { lower }
}

fn signed(small: u8) -> i8 {
    i8::try_from(small).unwrap_or_default()
}

/// Seconds (10 digits) or milliseconds (13) since 1970.
fn epoch(text: &str) -> Option<Timestamp> {
    let times = match text.len() {
        10 => 1_000,
        13 => 1,
        _ => return None,
    };
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    Timestamp::from_millis(text.parse::<i64>().ok().filter(|_| digits)? * times).ok()
}

/// `15:30`, `3:30:05 pm`; what follows is the zone.
fn time_of_day(text: &str) -> Option<(jiff::civil::Time, &str)> {
    let colon = text.find(':')?;
    let before = text.get(..colon)?;
    let hour_at = before.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let hour: i8 = before.get(hour_at..)?.parse().ok()?;
    let (minute, mut rest) = number(text.get(colon + 1..)?)?;
    let mut second = 0;
    if let Some(after) = rest.strip_prefix(':') {
        (second, rest) = number(after)?;
        if let Some(part) = rest.strip_prefix('.') {
            rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        }
    }
    let trimmed = rest.trim_start();
    let half = ["am", "a.m.", "pm", "p.m."].iter().find_map(|half| Some((half, trimmed.strip_prefix(half)?)));
    let hour = match half {
        Some((_, _)) if !(1..=12).contains(&hour) => return None,
        Some((half, after)) => {
            rest = after;
            hour % 12 + if half.starts_with('p') { 12 } else { 0 }
        }
        None => hour,
    };
    Some((jiff::civil::Time::new(hour, minute, second, 0).ok()?, rest))
}

fn number(text: &str) -> Option<(i8, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    Some((digits.parse().ok().filter(|_| digits.bytes().all(|b| b.is_ascii_digit()))?, rest))
}

/// The zone that is written, or the one that the field has.
fn zone(text: &str, options: &FieldOptions) -> Result<TimeZone, Code> {
    if text.is_empty() {
        let name = options.zone.as_deref().ok_or(Code::TimestampNoZone)?;
        return TimeZoneDatabase::bundled().get(name).map_err(|_| Code::TimestampNoZone);
    }
    let named = NAMED.iter().find(|(name, _)| *name == text).map(|(_, hours)| i32::from(*hours) * 3_600);
    let seconds = named.or_else(|| offset(text)).ok_or(Code::TimestampNotOne)?;
    Offset::from_seconds(seconds).map(TimeZone::fixed).map_err(|_| Code::TimestampNotOne)
}

/// `+0530`, `-05:00`, `-5`, also after `gmt` or `utc`.
fn offset(text: &str) -> Option<i32> {
    let text = ["gmt", "utc"].iter().find_map(|name| text.strip_prefix(name)).unwrap_or(text);
    let (sign, rest) = match text.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let plain = rest.replace(':', "");
    let (hours, minutes) =
        if plain.len() > 2 { plain.split_at_checked(plain.len() - 2)? } else { (plain.as_str(), "0") };
    let digits = plain.bytes().all(|b| b.is_ascii_digit()) && plain.len() <= 4;
    let (hours, minutes): (i32, i32) = (hours.parse().ok().filter(|_| digits)?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> FieldOutcome {
        check(&RawValue::text(text), "/t", &FieldOptions::default())
    }

    fn shown(found: &FieldOutcome) -> Option<String> {
        match found.value {
            Some(Value::Time(at)) => Some(at.to_string()),
            _ => None,
        }
    }

    #[test]
    fn the_ways_people_and_programs_write_a_time() {
        for text in [
            "2026-11-24T15:30:05Z",
            "2026-11-24T15:30:05.000Z",
            "2026-11-24 15:30:05+00:00",
            "2026-11-24 15:30:05 UTC",
            "11/24/2026 3:30:05 PM GMT",
            "11/24/2026 10:30:05 am EST",
            "2026-11-24 10:30:05 -0500",
            "Tue Nov 24 2026 10:30:05 GMT-0500 (Eastern Standard Time)",
            "Tue, 24 Nov 2026 10:30:05 -0500",
            "1795534205",
            "1795534205000",
        ] {
            assert_eq!(shown(&at(text)).as_deref(), Some("2026-11-24T15:30:05.000Z"), "{text}");
        }
        for (text, code) in [
            ("yesterday", Code::TimestampNotOne),
            ("2026-11-24", Code::TimestampNotOne),
            ("2026-11-24 25:00 UTC", Code::TimestampNotOne),
            ("2026-11-24 13:00 pm UTC", Code::TimestampNotOne),
            ("2026-11-24 15:30", Code::TimestampNoZone),
            ("2026-11-24 15:30 XYZ", Code::TimestampNotOne),
        ] {
            assert_eq!(at(text).problems.first().map(|p| p.code), Some(code), "{text}");
        }
        let chicago = FieldOptions { zone: Some("America/Chicago".into()), ..FieldOptions::default() };
        let found = check(&RawValue::text("2026-11-24 09:30:05"), "/t", &chicago);
        assert_eq!(shown(&found).as_deref(), Some("2026-11-24T15:30:05.000Z"));
    }

    #[test]
    fn what_has_happened_is_not_in_the_future() {
        let past = FieldOptions { past: true, as_of: "2026-11-24".parse().ok(), ..FieldOptions::default() };
        let code = |text| check(&RawValue::text(text), "/t", &past).problems.first().map(|p| p.code);
        assert_eq!(code("2026-11-25T11:59:00Z"), None);
        assert_eq!(code("2026-11-26T00:00:00Z"), Some(Code::DateInFuture));
    }

    #[test]
    fn day_and_month_that_could_be_exchanged_are_told() {
        let found = at("03/04/2026 10:00 EST");
        assert_eq!(found.problems.first().map(|p| p.code), Some(Code::DateAmbiguous));
        assert!(found.valid());
        let day_first = FieldOptions { day_first: true, ..FieldOptions::default() };
        let found = check(&RawValue::text("03/04/2026 10:00 UTC"), "/t", &day_first);
        assert_eq!(shown(&found).as_deref(), Some("2026-04-03T10:00:00.000Z"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[0-9]{4}-1[0-2]-1[0-9][ T][0-9:]{4,8} ?[-+0-9:apmzEST]*") {
            if let Some(found) = shown(&at(&text)) {
                proptest::prop_assert_eq!(shown(&at(&found)), Some(found));
            }
        }
    }
}
