//! A column of a Parquet file: which of its types have a value that a lead has.

use leadwright::model::{Code, Problem, RawValue, Timestamp};
use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::record::Field;
use parquet::schema::types::Type;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// What the field itself says: texts, numbers, booleans.
    Plain,
    Date,
    /// How many of it are a second; where it is none of UTC, no zone is said.
    Moment {
        in_a_second: i64,
        is_utc: bool,
    },
}

/// What it is, or why no lead can have it. What is not listed here the reader of rows may not know, and would panic on.
pub(super) fn kind(column: &Type) -> Result<Kind, Problem> {
    let refused = |what: &str| {
        let path = format!("/{}", column.name().replace('~', "~0").replace('/', "~1"));
        Err(Problem::new(Code::InputBadColumn, path).with_shape(what).with_expected("a text, number, boolean or time"))
    };
    let info = column.get_basic_info();
    if !column.is_primitive() {
        return refused(if info.converted_type() == ConvertedType::LIST { "a list" } else { "a group" });
    }
    if info.has_repetition() && info.repetition() == parquet::basic::Repetition::REPEATED {
        return refused("a list");
    }
    if let Some(LogicalType::Timestamp(time)) = info.logical_type_ref() {
        let in_a_second = match time.unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        return Ok(Kind::Moment { in_a_second, is_utc: time.is_adjusted_to_u_t_c });
    }
    use ConvertedType as C;
    match (column.get_physical_type(), info.converted_type()) {
        (Physical::BOOLEAN | Physical::FLOAT | Physical::DOUBLE, _) => Ok(Kind::Plain),
        (Physical::INT32, C::DATE) => Ok(Kind::Date),
        (Physical::INT64, C::TIMESTAMP_MILLIS) => Ok(Kind::Moment { in_a_second: 1_000, is_utc: true }),
        (Physical::INT64, C::TIMESTAMP_MICROS) => Ok(Kind::Moment { in_a_second: 1_000_000, is_utc: true }),
        (Physical::INT32, C::NONE | C::INT_8 | C::INT_16 | C::INT_32 | C::UINT_8 | C::UINT_16 | C::UINT_32) => {
            Ok(Kind::Plain)
        }
        (Physical::INT64, C::NONE | C::INT_64 | C::UINT_64) if info.logical_type_ref().is_none_or(is_integer) => {
            Ok(Kind::Plain)
        }
        (Physical::BYTE_ARRAY, C::UTF8 | C::ENUM | C::JSON | C::NONE) => Ok(Kind::Plain),
        (Physical::INT32 | Physical::INT64 | Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY, C::DECIMAL) => {
            Ok(Kind::Plain)
        }
        // A writer of such times thinks of one zone or another, and does not say of which.
        (Physical::INT96, _) => refused("a time of 96 bits, whose zone nobody knows"),
        _ => refused("another type"),
    }
}

fn is_integer(kind: &LogicalType) -> bool {
    matches!(kind, LogicalType::Integer(_))
}

/// The value of a field; none where it is empty.
pub(super) fn value(kind: Kind, field: &Field) -> Option<RawValue> {
    match (kind, field) {
        (_, Field::Null) => None,
        (Kind::Date, Field::Date(day)) => Some(date(*day)),
        (
            Kind::Moment { in_a_second, is_utc },
            Field::Long(at) | Field::TimestampMillis(at) | Field::TimestampMicros(at),
        ) => Some(moment(*at, in_a_second, is_utc)),
        (_, Field::Bool(is)) => Some(RawValue::Bool(*is)),
        (_, Field::Str(text)) => Some(RawValue::text(text)),
        // Older writers do not say that bytes are text; as in a CSV, what is none is replaced.
        (_, Field::Bytes(bytes)) => Some(RawValue::text(String::from_utf8_lossy(bytes.data()))),
        (_, Field::Float(number)) => float(f64::from(*number), number.to_string()),
        (_, Field::Double(number)) => float(*number, number.to_string()),
        (_, number) => Some(RawValue::Number(number.to_string())),
    }
}

/// A table in memory says so that a value is missing. Whole numbers have no point: they are phones and ZIP codes.
fn float(number: f64, text: String) -> Option<RawValue> {
    match number {
        number if number.is_nan() => None,
        number if number.is_infinite() => Some(RawValue::Text(text)),
        _ => Some(RawValue::Number(text)),
    }
}

fn date(day: i32) -> RawValue {
    let midnight = Timestamp::from_millis(i64::from(day) * 86_400_000).map(|at| at.to_string());
    RawValue::text(midnight.unwrap_or_default().chars().take(10).collect::<String>())
}

/// Without a zone where none is said: whoever asks for one refuses it.
fn moment(at: i64, in_a_second: i64, is_utc: bool) -> RawValue {
    let text = Timestamp::from_millis(at.div_euclid(in_a_second / 1_000)).map(|at| at.to_string()).unwrap_or_default();
    RawValue::text(if is_utc { &text } else { text.trim_end_matches('Z') })
}
