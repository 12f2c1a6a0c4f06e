//! Calendar dates in the shapes people write them, dates of birth among them.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Date, Problem, RawValue, Value};
use crate::text::lowered;
use unicode_normalization::UnicodeNormalization;

/// Nobody who asks for a quote is older.
const OLDEST: i32 = 120;
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WHOLE_MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let refuse = |code| FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()));
    let Some(read) = read(&input.text, options) else { return refuse(Code::DateNotADate) };
    let date = read.date;
    let late = options.as_of.filter(|today| options.past && date > *today);
    let late = late.map(|_| Problem::new(Code::DateInFuture, path));
    if let Some(problem) = late.or_else(|| birth_problem(date, path, options)) {
        return FieldOutcome::refused(problem.with_shape(raw.shape()));
    }
    if date.written() != input.text.as_bytes() {
        input.corrections.push(Correction::new(Code::DateStandardized, path, &*input.text, date.to_string()));
    }
    let mut outcome = input.found(Value::Date(date));
    if read.ambiguous {
        outcome.problems.push(Problem::new(Code::DateAmbiguous, path).with_shape(raw.shape()));
    }
    outcome
}

fn birth_problem(date: Date, path: &str, options: &FieldOptions) -> Option<Problem> {
    let today = options.as_of.filter(|_| options.birth)?;
    let age = date.years_until(today);
    if date > today {
        return Some(Problem::new(Code::DateInFuture, path));
    }
    if age > OLDEST {
        return Some(Problem::new(Code::DateTooOld, path).with_expected(format!("an age of at most {OLDEST}")));
    }
    let bound = |age: Option<u32>| age.and_then(|age| i32::try_from(age).ok());
    if let Some(least) = bound(options.min_age).filter(|least| age < *least) {
        return Some(Problem::new(Code::DateTooYoung, path).with_expected(format!("an age of at least {least}")));
    }
    let most = bound(options.max_age).filter(|most| age > *most)?;
    Some(Problem::new(Code::DateTooOld, path).with_expected(format!("an age of at most {most}")))
}

/// The date at the start of a text, for the kinds that have a time after it, and whether it is ambiguous.
pub(super) fn day_of(text: &str, options: &FieldOptions) -> Option<(Date, bool)> {
    read(text, options).map(|read| (read.date, read.ambiguous))
}

struct Read {
    date: Date,
    /// Day and month could be the other way round.
    ambiguous: bool,
}

fn read(text: &str, options: &FieldOptions) -> Option<Read> {
    let text = match text.is_ascii() {
        true => lowered(text),
        false => text.nfkc().flat_map(char::to_lowercase).collect(),
    };
    let day = without_time(&text);
    let mut parts = day.split(['-', '/', '.', ' ', ',']).filter(|part| !part.is_empty());
    match [parts.next(), parts.next(), parts.next(), parts.next()] {
        [Some(digits), None, ..] => compact(digits),
        [Some(a), Some(b), Some(c), None] => [a, b, c]
            .iter()
            .position(|p| month_word(p).is_some())
            .map_or_else(|| numeric(a, b, c, options), |at| named(&[a, b, c], at, options)),
        _ => None,
    }
}

/// `2026-03-04T10:00:00Z` and `3/4/2026 10:00 am` are their dates.
fn without_time(text: &str) -> &str {
    let cut = text.find(':').map(|colon| text.get(..colon).unwrap_or(text));
    let Some(before) = cut else { return text };
    let hour = before.trim_end_matches(|c: char| c.is_ascii_digit());
    hour.trim_end_matches(['t', ' ', ','])
}

/// `20260304`; eight digits with the year first, else with the year last as Americans do.
fn compact(digits: &str) -> Option<Read> {
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let of = |from: usize, to: usize| digits.get(from..to)?.parse::<i16>().ok();
    let year_first = date(of(0, 4)?, of(4, 6)?, of(6, 8)?).filter(|date| date.year() >= 1900);
    let found = year_first.or_else(|| date(of(4, 8)?, of(0, 2)?, of(2, 4)?))?;
    Some(Read { date: found, ambiguous: false })
}

fn numeric(a: &str, b: &str, c: &str, options: &FieldOptions) -> Option<Read> {
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i16>().ok())?;
    let (x, y, z) = (number(a)?, number(b)?, number(c)?);
    if a.len() == 4 {
        return Some(Read { date: date(x, y, z)?, ambiguous: false });
    }
    let year = year_of(c, z, options)?;
    let (month_first, day_first) = (date(year, x, y), date(year, y, x));
    let chosen = if options.day_first { day_first.or(month_first) } else { month_first.or(day_first) };
    let ambiguous = month_first.is_some() && day_first.is_some() && month_first != day_first;
    Some(Read { date: chosen?, ambiguous })
}

/// `Mar 4 2026`, `4 March 2026`, `4th of` aside.
fn named(parts: &[&str; 3], at: usize, options: &FieldOptions) -> Option<Read> {
    let month = i16::try_from(parts.get(at).and_then(|p| month_word(p))?).ok()?;
    let mut rest = parts.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, part)| *part);
    let (first, second) = (rest.next()?, rest.next()?);
    let (year, day) = if first.len() == 4 && at > 0 { (first, second) } else { (second, first) };
    let day = ["st", "nd", "rd", "th"].iter().find_map(|end| day.strip_suffix(end)).unwrap_or(day);
    let year = year_of(year, year.parse().ok()?, options)?;
    Some(Read { date: date(year, month, day.parse().ok()?)?, ambiguous: false })
}

fn month_word(word: &str) -> Option<usize> {
    if word.len() < 3 || word.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let found = MONTHS.iter().position(|month| *month == word).or_else(|| WHOLE_MONTHS.iter().position(|m| *m == word));
    found.or_else(|| (word == "sept").then_some(8)).map(|at| at + 1)
}

/// Two digits are the latest such year that is not after today's; without a today, POSIX's split at 69.
fn year_of(text: &str, number: i16, options: &FieldOptions) -> Option<i16> {
    match (text.len(), options.as_of) {
        (4, _) => Some(number),
        (2, Some(today)) => {
            let this = today.year() - today.year() % 100 + number;
            let ahead = if options.birth { 0 } else { 20 };
            Some(if this > today.year() + ahead { this - 100 } else { this })
        }
        (2, None) => Some(if number < 69 { 2000 + number } else { 1900 + number }),
        _ => None,
    }
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> FieldOptions {
        FieldOptions { as_of: "2026-11-24".parse().ok(), birth: true, ..FieldOptions::default() }
    }

    #[test]
    fn the_ways_people_write_a_date() {
        for text in [
            "1980-06-16",
            "06/16/1980",
            "6/16/80",
            "16.06.1980",
            "June 16, 1980",
            "16 jun 1980",
            "Jun 16th 1980",
            "19800616",
            "06161980",
            "1980-06-16T00:00:00Z",
            "06/16/1980 12:00 AM",
            "1980/6/16",
            "16-Jun-80",
        ] {
            let found = check(&RawValue::text(text), "/d", &options());
            assert_eq!(
                found.value.map(|v| matches!(v, Value::Date(d) if d.to_string() == "1980-06-16")),
                Some(true),
                "{text}"
            );
        }
        for text in ["1980", "13/13/1980", "02/30/1980", "16 1980", "June", "1/2/3", "99999999", "a-b-c"] {
            let found = check(&RawValue::text(text), "/d", &options());
            assert_eq!(found.problems.first().map(|p| p.code), Some(Code::DateNotADate), "{text}");
        }
    }

    #[test]
    fn day_and_month_that_could_be_exchanged_are_told() {
        let found = check(&RawValue::text("03/04/1980"), "/d", &options());
        assert_eq!(found.problems.first().map(|p| p.code), Some(Code::DateAmbiguous));
        assert!(found.value == Some(Value::Date("1980-03-04".parse().unwrap())));
        let day_first = FieldOptions { day_first: true, ..options() };
        assert!(
            check(&RawValue::text("03/04/1980"), "/d", &day_first).value
                == Some(Value::Date("1980-04-03".parse().unwrap()))
        );
        assert!(check(&RawValue::text("04/04/1980"), "/d", &options()).problems.is_empty());
    }

    #[test]
    fn what_has_happened_is_not_in_the_future() {
        let past = FieldOptions { past: true, birth: false, ..options() };
        let code = |text| check(&RawValue::text(text), "/d", &past).problems.first().map(|p| p.code);
        assert_eq!((code("2026-11-24"), code("2026-11-25")), (None, Some(Code::DateInFuture)));
        assert_eq!(code("1850-01-01"), None, "no age is asked");
    }

    #[test]
    fn rule_084_an_age_is_counted_on_the_day() {
        let grown = FieldOptions { min_age: Some(18), max_age: Some(85), ..options() };
        let code = |text| check(&RawValue::text(text), "/d", &grown).problems.first().map(|p| p.code);
        assert_eq!(code("2008-11-24"), None);
        assert_eq!(code("2008-11-25"), Some(Code::DateTooYoung));
        assert_eq!(code("2026-11-25"), Some(Code::DateInFuture));
        assert_eq!(code("1900-01-01"), Some(Code::DateTooOld));
        assert_eq!(code("1940-11-25"), None);
        assert_eq!(code("1940-11-24"), Some(Code::DateTooOld));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[0-9/ .a-z:-]*") {
            let _ = check(&RawValue::Text(text), "/d", &options());
        }
    }
}
