//! What was probably meant by a text that is not in its form: how people write money, days, hours and spans elsewhere.

use super::super::units::DAY_NAMES;
use super::Form;

/// A text that may be in the form; whoever asks checks it. Nothing is ever changed without the author.
pub(super) fn mended(form: Form, text: &str) -> Option<String> {
    if text.len() > 64 {
        return None;
    }
    match form {
        Form::Money => Some(text.chars().filter(|c| !matches!(c, '$' | ',' | ' ')).collect()),
        Form::Currency | Form::State => Some(text.trim().to_ascii_uppercase()),
        Form::Duration => with_unit(text, &["ms", "s", "m", "h", "d", "w"]),
        Form::Distance => with_unit(text, &["mi", "km", "m"]),
        Form::Days => days(text),
        Form::Hours | Form::HoursOrName => hours(text),
        Form::Field | Form::FieldPath => Some(text.trim().to_ascii_lowercase().replace([' ', '-'], "_")),
        Form::Id | Form::HoursName => Some(text.trim().replace(' ', "-")),
        Form::File | Form::Pattern => Some(text.trim_start_matches("./").replace('\\', "/")),
        _ => None,
    }
}

/// `31 days` → `31d`: the unit whose name the word begins with.
fn with_unit(text: &str, units: &[&str]) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let at = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, word) = text.split_at_checked(at)?;
    let word = word.trim();
    let unit = units.iter().find(|unit| word.starts_with(**unit))?;
    Some(format!("{number}{unit}"))
}

/// `Monday-Friday` → `mon-fri`.
fn days(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let short = |part: &str| DAY_NAMES.iter().copied().find(|day| part.trim().starts_with(day));
    let run = |part: &str| part.split('-').map(short).collect::<Option<Vec<_>>>().map(|days| days.join("-"));
    lower.split(',').map(run).collect::<Option<Vec<_>>>().map(|runs| runs.join(","))
}

/// `8:00 - 18:00` → `08:00-18:00`.
fn hours(text: &str) -> Option<String> {
    let side = |part: &str| {
        let (hour, minute) = part.trim().split_once(':')?;
        Some(format!("{hour:0>2}:{minute}"))
    };
    let (start, end) = text.split_once('-')?;
    Some(format!("{}-{}", side(start)?, side(end)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_elsewhere_is_understood() {
        for (form, text, right) in [
            (Form::Money, "$1,000.00", "1000.00"),
            (Form::Duration, "31 days", "31d"),
            (Form::Duration, "20 Minutes", "20m"),
            (Form::Distance, "60 miles", "60mi"),
            (Form::Days, "Monday - Friday", "mon-fri"),
            (Form::Hours, "8:00 - 18:00", "08:00-18:00"),
            (Form::Currency, "usd", "USD"),
            (Form::Field, "Roof Age", "roof_age"),
        ] {
            let suggestion = form.check(text).err().and_then(|misfit| misfit.suggestion);
            assert_eq!(suggestion.as_deref(), Some(right), "{text}");
        }
    }

    #[test]
    fn what_is_not_understood_has_no_suggestion() {
        for (form, text) in
            [(Form::Money, "cheap"), (Form::Duration, "soon"), (Form::Days, "weekend"), (Form::Hours, "9 to 5")]
        {
            assert!(form.check(text).err().is_some_and(|misfit| misfit.suggestion.is_none()), "{text}");
        }
    }
}
