//! Telephone numbers: those of North America by a table of area codes, all others by the metadata of libphonenumber.

mod area;

use super::options::Reading;
use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};
use crate::text::composed;
pub use area::AreaCode;
use rlibphonenumber::{
    PHONE_NUMBER_UTIL, ParseError, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region, ValidationError,
};
use std::borrow::Cow;

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut outcome = check_alone(raw, path, options);
    let national = outcome.value.as_ref().and_then(Value::as_text).and_then(|number| number.strip_prefix("+1"));
    if let Some(area) = national.and_then(|national| AreaCode::find(national.get(..3)?)) {
        add_area(&area, &mut outcome);
    }
    outcome
}

/// The same without the states and the time zones, which a lead does not keep.
pub(super) fn check_alone(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    match (options.reading, raw) {
        (Reading::Strict | Reading::Rfc5321, RawValue::Text(text) | RawValue::Number(text)) => {
            let input = input::Input { text: Cow::Borrowed(text), corrections: Vec::new() };
            number(input, text, options.region.as_deref(), raw, path)
        }
        _ => match input::read(raw, path, options) {
            Ok(input) => lead(input, options.region.as_deref().unwrap_or("US"), raw, path),
            Err(done) => done,
        },
    }
}

/// As people and spreadsheets write it.
fn lead(mut input: input::Input<'_>, region: &str, raw: &RawValue, path: &str) -> FieldOutcome {
    // Full-width digits and the like are the same digits.
    let text = composed(&input.text).into_owned();
    let text = without_remarks(&text);
    let Some((canonical, area)) = area::plain(text).filter(|_| region == "US") else {
        return number(input, text, Some(region), raw, path);
    };
    note(&mut input, path, &canonical);
    let kept_for_films = canonical.get(5..10) == Some("55501");
    let mut outcome = input.found(Value::text(canonical));
    if let Some((region, kind)) = area.even() {
        outcome.parts.insert("region", Value::text(region));
        outcome.parts.insert("type", Value::text(kind));
    }
    if kept_for_films {
        outcome.problems.push(Problem::new(Code::PhoneFictitious, path).with_shape(raw.shape()));
    }
    outcome
}

/// By the metadata of all countries. `ZZ` is no country: then the number has to begin with + and its country's code.
fn number(mut input: input::Input<'_>, text: &str, region: Option<&str>, raw: &RawValue, path: &str) -> FieldOutcome {
    let refuse = |code| FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()));
    let region: Option<Region> = match region.filter(|region| *region != "ZZ").map(str::parse).transpose() {
        Ok(region) => region,
        Err(_) => return refuse(Code::PhoneUnknownRegion),
    };
    let number = match PHONE_NUMBER_UTIL.parse(text, region) {
        Ok(number) => number,
        Err(ParseError::InvalidCountryCode) if region.is_none() && !text.contains('+') => {
            return refuse(Code::PhoneNoCountry);
        }
        // Without a + the country code is that of the region, so it is the region that is none.
        Err(ParseError::InvalidCountryCode) if !text.contains('+') => return refuse(Code::PhoneUnknownRegion),
        Err(error) => return refuse(code_of(&error)),
    };
    if !number.is_valid() {
        return refuse(match number.is_possible_with_reason() {
            Err(ValidationError::TooShort) => Code::PhoneTooShort,
            Err(ValidationError::TooLong) => Code::PhoneTooLong,
            _ => Code::PhoneInvalid,
        });
    }
    let canonical = number.format_as(PhoneNumberFormat::E164).into_owned();
    note(&mut input, path, &canonical);
    let mut outcome = input.found(Value::text(canonical));
    outcome.parts = parts(&number);
    if is_fictitious(&number) {
        outcome.problems.push(Problem::new(Code::PhoneFictitious, path).with_shape(raw.shape()));
    }
    outcome
}

fn note(input: &mut input::Input<'_>, path: &str, canonical: &str) {
    if canonical != input.text {
        input.corrections.push(Correction::new(Code::PhoneStandardized, path, &*input.text, canonical));
    }
}

/// The states and time zones that the area code is for.
fn add_area(area: &AreaCode, outcome: &mut FieldOutcome) {
    let states: Vec<Value> = area.states().map(Value::text).collect();
    let zones: Vec<Value> = area.time_zones().map(Value::text).collect();
    for (part, list) in [("states", states), ("time_zones", zones)] {
        if !list.is_empty() {
            outcome.parts.insert(part, Value::List(list));
        }
    }
}

/// The number without what spreadsheets and people add after it: `.0`, `(call after 5pm)`, a second number.
fn without_remarks(text: &str) -> &str {
    let text = text.strip_suffix(".0").unwrap_or(text);
    let remark =
        text.rfind('(').filter(|at| text.get(at + 1..).is_some_and(|t| t.starts_with(|c: char| c.is_alphabetic())));
    let text = remark.and_then(|at| text.get(..at)).unwrap_or(text);
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let second = text.find(['/', ';', ',']).filter(|at| {
        let (one, other) = text.split_at(*at);
        digits(one) >= 10 && digits(other) >= 7 && !other.contains("ext")
    });
    second.and_then(|at| text.get(..at)).unwrap_or(text).trim_end()
}

fn code_of(error: &ParseError) -> Code {
    match error {
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => Code::PhoneTooShort,
        ParseError::TooLongNsn => Code::PhoneTooLong,
        _ => Code::PhoneNotANumber,
    }
}

fn parts(number: &PhoneNumber) -> std::collections::BTreeMap<&'static str, Value> {
    let mut parts = std::collections::BTreeMap::new();
    if !number.extension().is_empty() {
        parts.insert("ext", Value::text(number.extension()));
    }
    if let Some(region) = number.get_region_code() {
        parts.insert("region", Value::text(region.to_string()));
    }
    if let Some(kind) = type_word(number.get_type()) {
        parts.insert("type", Value::text(kind));
    }
    parts
}

fn type_word(kind: PhoneNumberType) -> Option<&'static str> {
    Some(match kind {
        PhoneNumberType::FixedLine => "fixed_line",
        PhoneNumberType::Mobile => "mobile",
        PhoneNumberType::FixedLineOrMobile => "fixed_line_or_mobile",
        PhoneNumberType::TollFree => "toll_free",
        PhoneNumberType::PremiumRate => "premium_rate",
        PhoneNumberType::VoIP => "voip",
        _ => return None,
    })
}

/// 555-0100 to 555-0199 are kept for films in every area code (NANPA, 555 line number guidelines).
fn is_fictitious(number: &PhoneNumber) -> bool {
    number.country_code == 1 && number.national_number % 10_000_000 / 100 == 55_501
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(text: &str) -> FieldOutcome {
        check(&RawValue::text(text), "/phone", &FieldOptions::default())
    }

    #[test]
    fn the_ways_people_write_a_number_are_one_number() {
        for text in [
            "512-777-2143",
            "(512) 777 2143",
            "+1 512.777.2143",
            "1-512-777-2143",
            "５１２－７７７－２１４３",
            "\u{202a}5127772143\u{202c}",
        ] {
            assert_eq!(phone(text).value, Some(Value::text("+15127772143")), "{text}");
        }
        assert_eq!(phone("512-777-2143 ext. 12").parts.get("ext"), Some(&Value::text("12")));
    }

    #[test]
    fn what_is_no_number_has_a_code() {
        for (text, code) in [
            ("call me", Code::PhoneNotANumber),
            ("1", Code::PhoneNotANumber),
            ("12", Code::PhoneTooShort),
            ("000-000-0000", Code::PhoneInvalid),
            ("111111111111111111", Code::PhoneTooLong),
        ] {
            assert_eq!(phone(text).problems.iter().map(|p| p.code).collect::<Vec<_>>(), [code], "{text}");
        }
        assert_eq!(phone("512-555-0143").problems.first().map(|p| p.code), Some(Code::PhoneFictitious));
        assert!(phone("512-555-0143").valid());
    }

    #[test]
    fn a_strict_reading_takes_the_text_as_it_stands() {
        let strict = |text: &str, region: Option<&str>| {
            let region = region.map(String::from);
            let options = FieldOptions { reading: Reading::Strict, region, ..FieldOptions::default() };
            check(&RawValue::text(text), "/phone", &options)
        };
        assert_eq!(strict("(512) 777-2143", Some("US")).value, Some(Value::text("+15127772143")));
        for text in ["5127772143.0", "512-777-2143 (cell)", "", "N/A"] {
            assert!(!strict(text, Some("US")).valid(), "{text}");
        }
        assert_eq!(strict("5127772143", None).problems.first().map(|p| p.code), Some(Code::PhoneNoCountry));
        assert!(strict("+1 512 777 2143", None).valid());
        assert_eq!(phone("512-777-2143").parts.get("states"), Some(&Value::List(vec![Value::text("TX")])));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[0-9+() x.;=-]*") {
            let _ = phone(&text);
        }
    }
}
