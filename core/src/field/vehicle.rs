//! Year, make and model of a vehicle.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};
use crate::text::did_you_mean;

/// The first car that was sold.
const FIRST_YEAR: i16 = 1886;
/// Model years are ahead of the calendar by no more.
const AHEAD: i16 = 2;
/// The latest year where nobody said which day it is.
const LATEST: i16 = 2_100;
/// Longest name of a model, in characters.
const LONGEST_MODEL: usize = 60;

/// Makes of cars, light trucks and motorcycles on the roads of the United States, with what people call them.
const MAKES: &[(&str, &[&str])] = &[
    ("Acura", &[]),
    ("Alfa Romeo", &["alfa"]),
    ("Aston Martin", &[]),
    ("Audi", &[]),
    ("Bentley", &[]),
    ("BMW", &["bayerische motoren werke"]),
    ("Buick", &[]),
    ("Cadillac", &["caddy"]),
    ("Chevrolet", &["chevy", "chev"]),
    ("Chrysler", &[]),
    ("Dodge", &[]),
    ("Ducati", &[]),
    ("Ferrari", &[]),
    ("Fiat", &[]),
    ("Fisker", &[]),
    ("Ford", &[]),
    ("Genesis", &[]),
    ("Geo", &[]),
    ("GMC", &["general motors"]),
    ("Harley-Davidson", &["harley"]),
    ("Honda", &[]),
    ("Hummer", &[]),
    ("Hyundai", &[]),
    ("Infiniti", &[]),
    ("Isuzu", &[]),
    ("Jaguar", &["jag"]),
    ("Jeep", &[]),
    ("Kawasaki", &[]),
    ("Kia", &[]),
    ("Lamborghini", &["lambo"]),
    ("Land Rover", &["range rover"]),
    ("Lexus", &[]),
    ("Lincoln", &[]),
    ("Lotus", &[]),
    ("Lucid", &[]),
    ("Maserati", &[]),
    ("Mazda", &[]),
    ("McLaren", &[]),
    ("Mercedes-Benz", &["mercedes", "benz", "mb"]),
    ("Mercury", &[]),
    ("Mini", &["mini cooper"]),
    ("Mitsubishi", &[]),
    ("Nissan", &["datsun"]),
    ("Oldsmobile", &["olds"]),
    ("Plymouth", &[]),
    ("Polestar", &[]),
    ("Pontiac", &[]),
    ("Porsche", &[]),
    ("Ram", &["dodge ram"]),
    ("Rivian", &[]),
    ("Rolls-Royce", &["rolls"]),
    ("Saab", &[]),
    ("Saturn", &[]),
    ("Scion", &[]),
    ("Smart", &[]),
    ("Subaru", &[]),
    ("Suzuki", &[]),
    ("Tesla", &[]),
    ("Toyota", &[]),
    ("Triumph", &[]),
    ("Volkswagen", &["vw"]),
    ("Volvo", &[]),
    ("Yamaha", &[]),
];

pub(super) fn year(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let refuse = |problem: Problem| FieldOutcome::refused(problem.with_shape(raw.shape()));
    let text = input.text.trim_start_matches(['\'', '’', '‘']);
    let text = text.strip_suffix(".0").unwrap_or(text);
    let number = text.parse::<i16>().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
    let latest = options.as_of.map_or(LATEST, |today| today.year() + AHEAD);
    let year = match (number, text.len()) {
        (Some(year), 4) => year,
        // Two digits are the latest such year; without a today, POSIX's split at 69, as of dates.
        (Some(short), 2) if options.as_of.is_none() => short + if short < 69 { 2_000 } else { 1_900 },
        (Some(short), 2) => {
            let year = latest - latest % 100 + short;
            if year > latest { year - 100 } else { year }
        }
        _ => return refuse(Problem::new(Code::VehicleNotAYear, path)),
    };
    if !(FIRST_YEAR..=latest).contains(&year) {
        let expected = format!("{FIRST_YEAR} to {latest}");
        return refuse(Problem::new(Code::VehicleYearOutOfRange, path).with_expected(expected));
    }
    let year = i64::from(year);
    if options.min.is_some_and(|min| year < min) || options.max.is_some_and(|max| year > max) {
        let (min, max) = (options.min.unwrap_or(FIRST_YEAR.into()), options.max.unwrap_or(latest.into()));
        return refuse(Problem::new(Code::VehicleYearOutOfRange, path).with_expected(format!("{min} to {max}")));
    }
    let shown = year.to_string();
    if shown != input.text {
        input.corrections.push(Correction::new(Code::NumberStandardized, path, &*input.text, shown));
    }
    input.found(Value::Int(year))
}

pub(super) fn make(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match named(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let folded = fold(&input.text);
    let found =
        MAKES.iter().find(|(make, names)| fold(make) == folded || names.iter().any(|name| fold(name) == folded));
    let Some((make, _)) = found else {
        // There are more makes than this table has, so it is kept.
        let mut problem = Problem::new(Code::VehicleUnknownMake, path).with_shape(raw.shape());
        if let Some(near) = did_you_mean(&input.text, MAKES.iter().map(|(make, _)| *make)) {
            problem = problem.with_suggestion(near);
        }
        let text = (*input.text).to_owned();
        let mut outcome = input.found(Value::Text(text));
        outcome.problems.push(problem);
        return outcome;
    };
    if *make != input.text {
        input.corrections.push(Correction::new(Code::VehicleMakeStandardized, path, &*input.text, *make));
    }
    input.found(Value::text(*make))
}

pub(super) fn model(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    match named(raw, path, options) {
        Ok(input) => {
            let text = (*input.text).to_owned();
            input.found(Value::Text(text))
        }
        Err(done) => done,
    }
}

/// A name of a thing: a few words with a letter or a digit in them.
fn named<'r>(raw: &'r RawValue, path: &str, options: &FieldOptions) -> Result<input::Input<'r>, FieldOutcome> {
    let input = input::read(raw, path, options)?;
    let length = input.text.chars().count();
    let refuse = |code| FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()));
    if length > LONGEST_MODEL {
        return Err(refuse(Code::TextTooLong));
    }
    if !input.text.chars().any(char::is_alphanumeric) {
        return Err(refuse(Code::VehicleNotAName));
    }
    Ok(input)
}

fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_one_of_a_vehicle() {
        let today = FieldOptions { as_of: "2026-11-24".parse().ok(), ..FieldOptions::default() };
        let of = |text: &str| year(&RawValue::text(text), "/y", &today);
        for (text, number) in [("2019", 2019), ("'09", 2009), ("28", 2028), ("29", 1929), ("2019.0", 2019)] {
            assert_eq!(of(text).value, Some(Value::Int(number)), "{text}");
        }
        for text in ["2031", "1700", "201", "new", "-9"] {
            assert!(!of(text).valid(), "{text}");
        }
    }

    #[test]
    fn without_a_day_two_digits_are_no_year_of_the_far_future() {
        let plain = |text: &str| year(&RawValue::text(text), "/y", &FieldOptions::default()).value;
        assert_eq!((plain("98"), plain("09")), (Some(Value::Int(1998)), Some(Value::Int(2009))));
    }

    #[test]
    fn bounds_of_the_field_hold() {
        let bounds = FieldOptions { min: Some(1981), max: Some(2020), ..FieldOptions::default() };
        let of = |text: &str| year(&RawValue::text(text), "/y", &bounds).problems.first().map(|p| p.code);
        assert_eq!((of("1981"), of("2020")), (None, None));
        assert_eq!((of("1980"), of("2021")), (Some(Code::VehicleYearOutOfRange), Some(Code::VehicleYearOutOfRange)));
    }

    #[test]
    fn makes_have_one_name() {
        let of = |text: &str| make(&RawValue::text(text), "/m", &FieldOptions::default());
        for (text, name) in [("chevy", "Chevrolet"), ("VW", "Volkswagen"), ("mercedes benz", "Mercedes-Benz")] {
            assert_eq!(of(text).value, Some(Value::text(name)), "{text}");
        }
        assert_eq!(of("Toyta").problems.first().and_then(|p| p.suggestion.as_deref()), Some("Toyota"));
        assert_eq!(of("Zephyr").value, Some(Value::text("Zephyr")));
        assert!(!of("--!").valid());
    }
}
