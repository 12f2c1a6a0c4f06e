//! The values that a plan compares a field with.

use crate::field::{FieldKind, check};
use crate::geo::usps;
use crate::model::{Code, Date, Money, Node, NodeKind, RawValue, Timestamp, Value};
use crate::schema::Field;
use crate::text::{did_you_mean, plain_amount};

/// What a field is compared with.
pub(super) enum Operand<'a> {
    /// A field of the schema.
    Field(&'a Field),
    /// A whole number that is reckoned: an age, how many there are.
    Whole,
    /// The score of the lead.
    Quality,
}

/// Why a value does not fit.
pub(super) struct Misfit {
    pub(super) code: Code,
    pub(super) expected: String,
    pub(super) suggestion: Option<String>,
}

impl Operand<'_> {
    /// Whether `gte`, `gt`, `lte` and `lt` make sense.
    pub(super) fn is_ordered(&self) -> bool {
        match self {
            Operand::Whole | Operand::Quality => true,
            Operand::Field(field) => {
                use FieldKind::{CreditScore, Date, Integer, Money, Timestamp, VehicleYear};
                matches!(field.kind, CreditScore | Date | Integer | Money | Timestamp | VehicleYear)
            }
        }
    }

    /// The value in the form that leads have. Nothing is coerced: `"10"` is no number (rule 78).
    pub(super) fn read(&self, node: &Node) -> Result<Value, Misfit> {
        let whole = || {
            node.as_int().map(Value::Int).ok_or_else(|| {
                let number = node.as_text().and_then(|text| text.trim().parse::<i64>().ok());
                meant("a whole number without quotes, like 10", number.map(|n| n.to_string()))
            })
        };
        let Operand::Field(field) = self else { return whole() };
        match field.kind {
            FieldKind::Boolean | FieldKind::Ssn => node.as_bool().map(Value::Bool).ok_or_else(|| {
                let truth = match node.as_text().map(str::to_ascii_lowercase).as_deref() {
                    Some("true" | "yes" | "y") => Some("true"),
                    Some("false" | "no" | "n") => Some("false"),
                    _ => None,
                };
                meant("true or false without quotes", truth.map(str::to_owned))
            }),
            FieldKind::CreditScore | FieldKind::Integer | FieldKind::VehicleYear => whole(),
            FieldKind::Money => parsed::<Money>(node).map(Value::Money).ok_or_else(|| {
                let amount = written(node).and_then(plain_amount).and_then(|text| text.parse::<Money>().ok());
                meant("an amount in quotes, like \"85.00\"", amount.map(|money| format!("\"{money}\"")))
            }),
            FieldKind::Date => {
                parsed::<Date>(node).map(Value::Date).ok_or_else(|| wrong("a date, like \"2026-11-26\""))
            }
            FieldKind::Enum => of_enum(field, node),
            FieldKind::Timestamp => parsed::<Timestamp>(node)
                .map(Value::Time)
                .ok_or_else(|| wrong("a time with its zone, like \"2026-11-26T00:00:00Z\"")),
            _ => of_text(field, node),
        }
    }
}

/// Whether a text in another form than the canonical one would never be met by a lead.
fn is_written_one_way(kind: FieldKind) -> bool {
    use FieldKind::{CreditBand, Ip, Leadid, SsnLast4, State, Url, Uuid, VehicleMake, Vin, Zip};
    matches!(kind, CreditBand | Ip | Leadid | SsnLast4 | State | Url | Uuid | VehicleMake | Vin | Zip)
}

fn wrong(expected: &str) -> Misfit {
    meant(expected, None)
}

/// `suggestion` is the value as JSON writes it.
fn meant(expected: &str, suggestion: Option<String>) -> Misfit {
    Misfit { code: Code::CriteriaWrongType, expected: expected.to_owned(), suggestion }
}

/// A text or a number as it stands in the plan.
fn written(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Text(text) | NodeKind::Number(text) => Some(text),
        _ => None,
    }
}

fn parsed<T: std::str::FromStr>(node: &Node) -> Option<T> {
    node.as_text()?.parse().ok()
}

fn of_enum(field: &Field, node: &Node) -> Result<Value, Misfit> {
    let ids = || field.options.values.iter().map(|value| value.id.as_str());
    let Some(text) = node.as_text() else { return Err(wrong("one of the values of the field, in quotes")) };
    if ids().any(|id| id == text) {
        return Ok(Value::text(text));
    }
    let meant =
        field.options.values.iter().find(|value| value.synonyms.iter().any(|word| word.eq_ignore_ascii_case(text)));
    let near = meant.map(|value| value.id.as_str()).or_else(|| did_you_mean(text, ids()));
    Err(Misfit {
        code: Code::CriteriaUnknownValue,
        expected: format!("one of {}", ids().collect::<Vec<_>>().join(", ")),
        suggestion: near.map(str::to_owned),
    })
}

fn of_text(field: &Field, node: &Node) -> Result<Value, Misfit> {
    let Some(text) = node.as_text() else {
        let digits = written(node).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        let text =
            digits.and_then(|text| if field.name == "zip" { usps::zip_meant(text) } else { Some(text.to_owned()) });
        return Err(meant("a text in quotes", text.map(|text| format!("\"{text}\""))));
    };
    let unknown = |expected: &str, suggestion: Option<String>| Misfit {
        code: Code::CriteriaUnknownValue,
        expected: expected.to_owned(),
        suggestion,
    };
    match field.name.as_str() {
        "state" if usps::state(text) != Some(text) => {
            let near = usps::state_meant(text).map(str::to_owned);
            return Err(unknown("the two capital letters of a state, like \"TX\"", near));
        }
        "zip" if text.len() != 5 || !text.bytes().all(|byte| byte.is_ascii_digit()) => {
            let first = text.get(..5).filter(|first| first.bytes().all(|byte| byte.is_ascii_digit()));
            return Err(unknown("five digits in quotes, like \"02134\"", first.map(str::to_owned)));
        }
        _ => {}
    }
    if is_written_one_way(field.kind) {
        let found = check(field.kind, &RawValue::text(text), "", &field.options).value;
        let right = found.as_ref().and_then(Value::as_text);
        if right != Some(text) {
            let expected = format!("a value as canonical leads have it, of the kind {}", field.kind.as_str());
            return Err(unknown(&expected, right.map(str::to_owned)));
        }
    }
    Ok(Value::text(text))
}
