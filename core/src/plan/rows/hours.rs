//! Hours in one cell: `office`, `8am-6pm`, `Mon-Fri 08:00-18:00; Sat 9:00-13:00`.

use super::super::units::{hours_range, week_days};
use super::cell::Misfit;
use crate::model::{RawMap, RawValue};

const EXPECTED: &str = "a name of `hours`, 08:00-18:00, or mon-fri 8am-6pm; sat 9am-1pm";

/// The hours as a plan has them; `is_name` knows the names of the plan.
pub(super) fn hours(text: &str, is_name: impl Fn(&str) -> bool) -> Result<RawValue, Misfit> {
    let text = text.trim();
    if is_name(text) {
        return Ok(RawValue::text(text));
    }
    let lower = text.to_lowercase().replace(['–', '—'], "-");
    if matches!(lower.as_str(), "always" | "24/7" | "24x7" | "any time" | "anytime") {
        return Ok(RawValue::text("always"));
    }
    let misfit = || Misfit::expected(EXPECTED);
    let parts: Vec<&str> = lower.split([';', '\n']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let mut days: Vec<(String, RawValue)> = Vec::new();
    for part in &parts {
        let (day, range) = split(part).ok_or_else(misfit)?;
        let range = RawValue::text(range);
        match day {
            None if parts.len() == 1 => return Ok(range),
            None => return Err(misfit()),
            Some(day) => match days.iter_mut().find(|(other, _)| *other == day) {
                Some((_, ranges)) => *ranges = with(std::mem::replace(ranges, RawValue::Null), range),
                None => days.push((day, range)),
            },
        }
    }
    if days.is_empty() { Err(misfit()) } else { Ok(RawValue::Object(RawMap(days))) }
}

/// One range more.
fn with(ranges: RawValue, range: RawValue) -> RawValue {
    match ranges {
        RawValue::List(mut ranges) => {
            ranges.push(range);
            RawValue::List(ranges)
        }
        one => RawValue::List(vec![one, range]),
    }
}

/// Days, where some are named, and the range; it begins with a digit.
fn split(part: &str) -> Option<(Option<String>, String)> {
    let (days, hours) = part.split_at(part.find(|c: char| c.is_ascii_digit())?);
    let days = days.trim().trim_end_matches([':', ',']).trim();
    let range = range(hours)?;
    Some((if days.is_empty() { None } else { Some(week(days)?) }, range))
}

/// `monday - friday` as `mon-fri`.
fn week(text: &str) -> Option<String> {
    let spaced = text.replace(" to ", "-").replace(" and ", ",").replace('&', ",");
    let mut days = String::new();
    let mut word = String::new();
    for c in spaced.chars().chain([',']) {
        if c.is_ascii_alphabetic() {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            days.push_str(day(&word)?);
            word.clear();
        }
        match c {
            '-' | ',' if !days.is_empty() && !days.ends_with(['-', ',']) => days.push(c),
            '-' if days.ends_with(',') => return None,
            ' ' | ',' => {}
            _ => return None,
        }
    }
    let days = days.trim_end_matches(',').to_owned();
    week_days(&days).ok().map(|_| days)
}

fn day(word: &str) -> Option<&'static str> {
    let days = [
        ("mon", "monday"),
        ("tue", "tuesday"),
        ("wed", "wednesday"),
        ("thu", "thursday"),
        ("fri", "friday"),
        ("sat", "saturday"),
        ("sun", "sunday"),
    ];
    let found = days.iter().find(|(short, long)| word.starts_with(short) && long.starts_with(word));
    let also = [("tues", "tue"), ("thur", "thu"), ("thurs", "thu")];
    found.map(|(short, _)| *short).or_else(|| also.iter().find(|(other, _)| *other == word).map(|(_, short)| *short))
}

/// `8am - 6:30pm` as `08:00-18:30`.
fn range(text: &str) -> Option<String> {
    let plain = text.trim().replace(" to ", "-");
    let (start, end) = plain.split_once('-')?;
    let text = format!("{}-{}", clock(start)?, clock(end)?);
    hours_range(&text).ok().map(|_| text)
}

/// `8am`, `8:30 pm`, `18:00`; a bare `8` could be either half of the day.
fn clock(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    match text.as_str() {
        "noon" => return Some("12:00".into()),
        "midnight" => return Some("24:00".into()),
        _ => {}
    }
    let (digits, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (text.as_str(), None),
    };
    let (hour, minute) = match (digits.split_once(':'), half) {
        (Some((hour, minute)), _) if minute.len() == 2 => (hour, minute.parse::<u16>().ok()?),
        (None, Some(_)) => (digits, 0),
        _ => return None,
    };
    let is_short = !hour.is_empty() && hour.len() <= 2 && hour.bytes().all(|byte| byte.is_ascii_digit());
    let hour = hour.parse::<u16>().ok().filter(|_| is_short)?;
    let hour = match half {
        Some(half) => (1..=12).contains(&hour).then_some(hour % 12 + half)?,
        None => hour,
    };
    Some(format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::write_raw;

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (cell, wanted) in [
            ("office", r#""office""#),
            ("24/7", r#""always""#),
            ("8am-6pm", r#""08:00-18:00""#),
            ("8:30 a.m. - 12 pm", r#""08:30-12:00""#),
            ("9:00-17:30", r#""09:00-17:30""#),
            ("20:00-02:00", r#""20:00-02:00""#),
            ("Mon-Fri 8am to 6pm; Sat 9:00-13:00", r#"{"mon-fri":"08:00-18:00","sat":"09:00-13:00"}"#),
            ("Monday–Friday: 08:00-18:00", r#"{"mon-fri":"08:00-18:00"}"#),
            ("mon, wed 8am-noon; mon, wed 1pm-5pm", r#"{"mon,wed":["08:00-12:00","13:00-17:00"]}"#),
        ] {
            let found = hours(cell, |name| name == "office");
            assert_eq!(found.map(|value| write_raw(&value)).as_deref().unwrap_or("refused"), wanted, "{cell}");
        }
    }

    #[test]
    fn what_could_be_another_time_is_refused() {
        for cell in
            ["9-5", "9-17", "9-5pm", "08:00-08:00", "offices", "mon 8am-6pm; 9am-1pm", "fri", "25:00-26:00", "13pm-2pm"]
        {
            assert!(hours(cell, |_| false).is_err(), "{cell}");
        }
    }
}
