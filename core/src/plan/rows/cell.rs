//! Cells: text as people type it and databases hand it out. What can be read in one way only is read; all else is refused.

use crate::field::{FieldKind, FieldOptions, check};
use crate::model::{Code, RawValue, Severity, Value};
use crate::schema::Field;

/// A cell that does not say what its column is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Misfit {
    pub(super) expected: String,
    pub(super) suggestion: Option<String>,
}

impl Misfit {
    pub(super) fn expected(expected: impl Into<String>) -> Self {
        Self { expected: expected.into(), suggestion: None }
    }
}

/// Whether a cell says nothing: no value, white space, or the "not a number" that tables of Python have there.
pub(super) fn is_empty(raw: &RawValue) -> bool {
    match raw {
        RawValue::Null => true,
        RawValue::Text(text) => matches!(text.trim(), "" | "NaN" | "nan" | "NaT"),
        RawValue::List(items) => items.iter().all(is_empty),
        _ => false,
    }
}

/// The text of a cell; an id may be a number.
pub(super) fn text(raw: &RawValue) -> Option<String> {
    match raw {
        RawValue::Text(text) => Some(text.trim().to_owned()),
        RawValue::Number(text) => Some(text.clone()),
        _ => None,
    }
}

/// What a message shows of a cell.
pub(super) fn shown(raw: &RawValue) -> String {
    let text = match raw {
        RawValue::Bool(yes) => yes.to_string(),
        RawValue::List(items) => return format!("a list of {}", items.len()),
        RawValue::Object(_) => return "an object".to_owned(),
        raw => text(raw).unwrap_or_default(),
    };
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() { format!("`{short}…`") } else { format!("`{short}`") }
}

/// The parts of a cell that holds several things.
pub(super) fn parts(raw: &RawValue, separators: &[char]) -> Vec<RawValue> {
    match raw {
        RawValue::List(items) => items.iter().filter(|item| !is_empty(item)).cloned().collect(),
        RawValue::Text(text) => {
            let parts = text.split(separators).map(str::trim).filter(|part| !part.is_empty());
            parts.map(RawValue::text).collect()
        }
        raw => vec![raw.clone()],
    }
}

/// Between names of states, ZIP codes and words.
pub(super) const COMMAS: &[char] = &[',', ';', '|', '\n'];
/// Between amounts and numbers, which may have commas inside.
const NO_COMMAS: &[char] = &[';', '|', '\n'];

/// A whole number from one to another.
pub(super) fn whole(raw: &RawValue, least: i64, most: i64) -> Result<i64, Misfit> {
    let wanted = || Misfit::expected(format!("a whole number from {least} to {most}"));
    match sure(FieldKind::Integer, raw, &FieldOptions::default()) {
        Ok(Value::Int(n)) if (least..=most).contains(&n) => Ok(n),
        _ => Err(wanted()),
    }
}

/// An amount that is not negative.
pub(super) fn money(raw: &RawValue) -> Result<String, Misfit> {
    match sure(FieldKind::Money, raw, &FieldOptions::default()) {
        Ok(Value::Money(money)) => Ok(money.to_string()),
        _ => Err(Misfit::expected("an amount, like 42.50 or $42.50")),
    }
}

/// A day of the calendar.
pub(super) fn date(raw: &RawValue) -> Result<String, Misfit> {
    match sure(FieldKind::Date, raw, &FieldOptions::default()) {
        Ok(Value::Date(date)) => Ok(date.to_string()),
        _ => Err(Misfit::expected("a day that can be read one way only, like 2026-11-26")),
    }
}

/// Whether something is on.
pub(super) fn is_on(raw: &RawValue) -> Result<bool, Misfit> {
    let word = match raw {
        RawValue::Bool(yes) => return Ok(*yes),
        raw => text(raw).unwrap_or_default().to_lowercase(),
    };
    match word.as_str() {
        "active" | "yes" | "y" | "true" | "t" | "1" | "on" | "enabled" | "live" | "open" => Ok(true),
        "paused" | "no" | "n" | "false" | "f" | "0" | "off" | "disabled" | "inactive" | "stopped" | "closed" => {
            Ok(false)
        }
        _ => Err(Misfit::expected("active or paused")),
    }
}

/// An id, or a near one where the text is none.
pub(super) fn id(raw: &RawValue) -> Result<String, Misfit> {
    let text = text(raw).unwrap_or_default();
    if crate::model::BuyerId::new(text.as_str()).is_ok() && text != super::super::grammar::NOTE {
        return Ok(text);
    }
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            c if c.is_ascii_alphanumeric() => slug.push(c),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    let slug: String = slug.trim_end_matches('-').chars().take(64).collect();
    let suggestion = Some(slug).filter(|slug| !slug.is_empty());
    Err(Misfit { expected: "an id of 1 to 64 of A-Z a-z 0-9 . _ : -".into(), suggestion })
}

/// What a field of the lead is compared with.
pub(super) enum Compared<'a> {
    Field(&'a Field),
    /// The age, or the score of the quality.
    Number,
}

impl Compared<'_> {
    /// The values of a cell, as criteria have them.
    pub(super) fn values(&self, raw: &RawValue, several: bool) -> Result<Vec<RawValue>, Misfit> {
        if !several {
            return self.value(raw).map(|value| vec![value]);
        }
        if self.is_zip() {
            return zips(raw).iter().map(|part| self.value(part)).collect();
        }
        // A word of a set may have commas inside; a city has none.
        if !matches!(raw, RawValue::List(_))
            && !self.is_open_text()
            && let Ok(value) = self.value(raw)
        {
            return Ok(vec![value]);
        }
        let mut parts = parts(raw, self.separators());
        if parts.len() == 1 && self.is_state() {
            // `TX OK`: never inside of the name of one state, which was read above.
            parts = parts.iter().flat_map(|part| self::parts(part, &[' '])).collect();
        }
        parts.iter().map(|part| self.value(part)).collect()
    }

    fn separators(&self) -> &'static [char] {
        use FieldKind::{CreditScore, Decimal, Integer, Money, Percent};
        match self {
            Compared::Field(field) if !matches!(field.kind, CreditScore | Decimal | Integer | Money | Percent) => {
                COMMAS
            }
            _ => NO_COMMAS,
        }
    }

    fn is_open_text(&self) -> bool {
        matches!(self, Compared::Field(field) if field.kind == FieldKind::Text && !self.is_state())
    }

    fn is_state(&self) -> bool {
        matches!(self, Compared::Field(field) if field.kind == FieldKind::State || field.name == "state")
    }

    fn is_zip(&self) -> bool {
        matches!(self, Compared::Field(field) if field.kind == FieldKind::Zip || field.name == "zip")
    }

    fn value(&self, raw: &RawValue) -> Result<RawValue, Misfit> {
        let Compared::Field(field) = self else {
            return whole(raw, 0, 1_000).map(|n| RawValue::Number(n.to_string()));
        };
        if self.is_zip()
            && let Some(text) = text(raw).filter(|text| text.bytes().filter(u8::is_ascii_digit).count() > 5)
        {
            // The four digits more would be lost without a word.
            let first: String = text.chars().take_while(char::is_ascii_digit).take(5).collect();
            let suggestion = Some(first).filter(|first| first.len() == 5);
            return Err(Misfit { expected: "ZIP codes of five digits".into(), suggestion });
        }
        let of_us = FieldOptions { region: Some("US".into()), ..FieldOptions::default() };
        let found = match (field.name.as_str(), field.kind) {
            ("state", FieldKind::Text) => sure(FieldKind::State, raw, &of_us),
            ("zip", FieldKind::Text) => sure(FieldKind::Zip, raw, &of_us),
            (_, FieldKind::Ssn) => sure(FieldKind::Boolean, raw, &FieldOptions::default()),
            (_, kind) => sure(kind, raw, &FieldOptions { required: false, ..field.options.clone() }),
        };
        let value = found.map_err(|misfit| misfit.or_about(field))?;
        Ok(match &value {
            Value::Bool(yes) => RawValue::Bool(*yes),
            Value::Int(n) => RawValue::Number(n.to_string()),
            Value::Money(money) => RawValue::text(money.to_string()),
            Value::Date(date) => RawValue::text(date.to_string()),
            Value::Time(at) => RawValue::text(at.to_string()),
            Value::Text(text) => RawValue::text(text),
            Value::List(_) | Value::Record(_) => {
                return Err(Misfit::expected("a column about a field that is no list and no record"));
            }
        })
    }
}

impl Misfit {
    /// With what the kind of the field takes, where the check did not say.
    fn or_about(self, field: &Field) -> Self {
        if !self.expected.is_empty() {
            return self;
        }
        let expected = match field.kind {
            FieldKind::Enum => {
                let ids: Vec<&str> = field.options.values.iter().map(|value| value.id.as_str()).collect();
                format!("one of {}", ids.join(", "))
            }
            FieldKind::Boolean | FieldKind::Ssn => "yes or no".to_owned(),
            FieldKind::Money => "an amount, like 42.50 or $42.50".to_owned(),
            FieldKind::CreditScore | FieldKind::Integer | FieldKind::VehicleYear => {
                "one whole number; a range has two columns, _min and _max".to_owned()
            }
            FieldKind::Date => "a day that can be read one way only, like 2026-11-26".to_owned(),
            FieldKind::State => "states, like TX or Texas".to_owned(),
            FieldKind::Zip => "ZIP codes of five digits".to_owned(),
            FieldKind::Text if field.name == "state" => "states, like TX or Texas".to_owned(),
            FieldKind::Text if field.name == "zip" => "ZIP codes of five digits".to_owned(),
            kind => format!("a value of the kind {}", kind.as_str()),
        };
        Self { expected, ..self }
    }
}

/// ZIP codes with commas or spaces between them; a code of Canada has a space inside.
fn zips(raw: &RawValue) -> Vec<RawValue> {
    let spaced = |part: &RawValue| match part.clone() {
        RawValue::Text(text) if text.bytes().any(|byte| byte.is_ascii_alphabetic()) => vec![part.clone()],
        text => parts(&text, &[' ']),
    };
    parts(raw, COMMAS).iter().flat_map(spaced).collect()
}

/// The value where there is no doubt about it.
fn sure(kind: FieldKind, raw: &RawValue, options: &FieldOptions) -> Result<Value, Misfit> {
    let found = check(kind, raw, "", options);
    let unsure = |code| matches!(code, Code::NumberRange | Code::DateAmbiguous | Code::NumberPercentAmbiguous);
    let doubt = found.problems.iter().find(|problem| problem.severity == Severity::Error || unsure(problem.code));
    match (found.value, doubt) {
        (Some(value), None) => Ok(value),
        (_, doubt) => {
            Err(Misfit { expected: String::new(), suggestion: doubt.and_then(|problem| problem.suggestion.clone()) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    fn values(field: &str, cell: &str) -> Option<String> {
        let schema = Schema::named("us/mortgage@1")?;
        let compared = Compared::Field(schema.field(field)?);
        let found = compared.values(&RawValue::text(cell), true).ok()?;
        Some(found.iter().map(crate::model::write_raw).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn cells_are_read_as_people_write_them() {
        for (field, cell, wanted) in [
            ("state", "TX, OK", r#""TX" "OK""#),
            ("state", "Texas; New York", r#""TX" "NY""#),
            ("state", "New Mexico", r#""NM""#),
            ("state", "TX OK\nKS", ""),
            ("state", "TX OK KS", r#""TX" "OK" "KS""#),
            ("zip", "75201|2134 ", r#""75201" "02134""#),
            ("zip", "75201 2134", r#""75201" "02134""#),
            ("zip", "75201-2134", ""),
            ("credit_score", "620", "620"),
            ("credit_score", "620;700", "620 700"),
            ("credit_score", "620-700", ""),
            ("income", "$75,000", r#""75000.00""#),
            ("military", "Yes", "true"),
            ("military", "sometimes", ""),
            ("timeframe", "ASAP, within 30 days", r#""now" "30d""#),
            ("city", "Austin, San Antonio", r#""Austin" "San Antonio""#),
            ("state", "Atlantis", ""),
        ] {
            assert_eq!(values(field, cell).unwrap_or_default(), wanted, "{field} {cell}");
        }
    }

    #[test]
    fn a_day_that_could_be_another_is_refused() {
        assert_eq!(date(&RawValue::text("11/26/2026")).unwrap(), "2026-11-26");
        assert_eq!(date(&RawValue::text("2026-11-26")).unwrap(), "2026-11-26");
        assert!(date(&RawValue::text("03/04/2026")).is_err());
    }

    #[test]
    fn ids_have_a_near_one() {
        assert_eq!(id(&RawValue::Number("17".into())).unwrap(), "17");
        assert_eq!(
            id(&RawValue::text("Acme Roofing, Inc.")).unwrap_err().suggestion.as_deref(),
            Some("acme-roofing-inc")
        );
    }

    #[test]
    fn amounts_have_their_usual_signs() {
        for (cell, wanted) in [("$42.50", Some("42.50")), ("1,250", Some("1250.00")), ("-3", None), ("4o", None)] {
            assert_eq!(money(&RawValue::text(cell)).ok().as_deref(), wanted, "{cell}");
        }
        assert_eq!(money(&RawValue::Number("42.5".into())).unwrap(), "42.50");
    }
}
