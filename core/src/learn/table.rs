//! The leads of a vertical as columns of whole numbers, which is all that the search looks at.

use super::fields::Fields;
use super::pair::{Pair, Recorded};
use super::rows::Rows;
use crate::field::FieldKind;
use crate::limits::{Window, Zone};
use crate::model::{Date, RawMap, Timestamp, Value, read_raw};
use crate::schema::Pii;
use crate::validate::{ValidateOptions, validate};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// What a lead has where it has nothing.
pub(super) const MISSING: i64 = i64::MIN;

/// A column with more words is no set of words.
const WORDS: usize = 1_000;
/// So many columns are looked at; a condition is a bit of 128, and a number has two.
const COLUMNS: usize = 60;
/// A number with so few different values may be asked for by value, too.
const FEW: usize = 2;
/// Dates further apart than this are dates of people, who have an age.
const YEARS_APART: i64 = 4 * 365;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Of {
    /// Whole numbers.
    Number,
    /// Amounts, in units.
    Money,
    /// Days since 1970.
    Date,
    /// Years since the date in the field.
    Years,
    /// Words, by place.
    Words,
    /// The first three digits of the ZIP code in the field, by place.
    ZipPrefix,
    /// The day of the week, Monday first.
    Weekday,
    /// The quarter of an hour of the day.
    Quarter,
}

impl Of {
    /// Whether values are compared by order, and not one by one.
    pub(super) fn is_ordered(self) -> bool {
        matches!(self, Of::Number | Of::Money | Of::Date | Of::Years | Of::Quarter)
    }

    /// Whether it is about the time, and not about the lead.
    pub(super) fn is_time(self) -> bool {
        matches!(self, Of::Weekday | Of::Quarter)
    }
}

pub(super) struct Column {
    pub(super) field: String,
    pub(super) of: Of,
    pub(super) cells: Vec<i64>,
    /// What the places stand for.
    pub(super) words: Vec<Value>,
}

impl Column {
    pub(super) fn at(&self, row: usize) -> i64 {
        self.cells.get(row).copied().unwrap_or(MISSING)
    }
}

/// The leads of a vertical, in the order of time.
pub(super) struct Table {
    pub(super) columns: Vec<Column>,
    pub(super) len: usize,
    /// The pair of each row.
    pub(super) pairs: Vec<usize>,
    /// The contract that got it.
    pub(super) sold: Vec<Option<usize>>,
    /// Rows that are learned from; the others are kept to measure by.
    pub(super) taught: Rows,
    /// Which hour, day, week and month each row is in.
    windows: BTreeMap<Window, Vec<i64>>,
}

/// Whether a pair is kept to measure by.
pub(super) fn is_kept_back(pair: usize) -> bool {
    pair % 10 == 9
}

impl Table {
    pub(super) fn of(recorded: &Recorded, vertical: usize, fields: &Fields, zone: &Zone) -> Self {
        let mut places: Vec<usize> = (0..recorded.pairs.len()).collect();
        let pair = |place: usize| recorded.pairs.get(place);
        places.retain(|place| pair(*place).is_some_and(|pair| pair.vertical == vertical));
        places.sort_by_key(|place| pair(*place).map(|pair| pair.at));
        let pairs: Vec<&Pair> = places.iter().filter_map(|place| pair(*place)).collect();
        let days: Vec<Date> = pairs.iter().map(|pair| zone.date(pair.at)).collect();
        let read = |(pair, day): (&&Pair, &Date)| {
            let raw = read_raw(&pair.lead).map_or_else(|_| RawMap::default(), |read| read.map);
            let options = ValidateOptions { as_of: Some(*day), now: Some(pair.at), ..ValidateOptions::default() };
            validate(&raw, &fields.schema, &options).canonical
        };
        let mut found: FxHashMap<String, Vec<(usize, Value)>> = FxHashMap::default();
        for (row, mut canonical) in pairs.iter().zip(&days).map(read).enumerate() {
            for field in fields.schema.fields() {
                let Some(value) = canonical.remove(&field.name) else { continue };
                found.entry(field.name.clone()).or_default().push((row, value));
            }
        }
        let len = pairs.len();
        let mut columns = time_columns(zone, &pairs);
        for field in fields.schema.fields() {
            // Who somebody is stands in no plan; how old, may.
            if field.pii == Pii::Direct && field.kind != FieldKind::Date {
                continue;
            }
            let Some(values) = found.remove(&field.name) else { continue };
            columns.extend(columns_of(&field.name, field.kind, &values, len, &days));
        }
        // What never differs tells nobody apart.
        columns.retain(|column| column.cells.iter().any(|cell| Some(cell) != column.cells.first()));
        columns.truncate(COLUMNS);
        let mut taught = Rows::none(len);
        places.iter().enumerate().for_each(|(row, place)| taught.put(row, !is_kept_back(*place)));
        let sold = pairs.iter().map(|pair| pair.sold).collect();
        Self { columns, len, pairs: places, sold, taught, windows: windows(zone, &pairs) }
    }

    pub(super) fn column(&self, place: usize) -> Option<&Column> {
        self.columns.get(place)
    }

    /// Which hour, day, week or month a row is in.
    pub(super) fn window(&self, window: Window, row: usize) -> i64 {
        self.windows.get(&window).and_then(|of| of.get(row)).copied().unwrap_or(0)
    }
}

/// The windows of the calendar by number.
fn windows(zone: &Zone, pairs: &[&Pair]) -> BTreeMap<Window, Vec<i64>> {
    let mut windows: BTreeMap<Window, Vec<i64>> = BTreeMap::new();
    for pair in pairs {
        let (date, quarter) = zone.slot(pair.at);
        let day = date.epoch_day();
        let month = i64::from(date.year()) * 12 + i64::from(date.month());
        let hour = day * 24 + i64::from(quarter / 4);
        // 1 January 1970 was a Thursday.
        let week = (day + 3).div_euclid(7);
        for (window, number) in [(Window::Hour, hour), (Window::Day, day), (Window::Week, week), (Window::Month, month)]
        {
            windows.entry(window).or_default().push(number);
        }
    }
    windows
}

fn time_columns(zone: &Zone, pairs: &[&Pair]) -> Vec<Column> {
    let slot = |at: Timestamp| zone.slot(at);
    let weekdays = pairs.iter().map(|pair| (slot(pair.at).0.epoch_day() + 3).rem_euclid(7)).collect();
    let quarters = pairs.iter().map(|pair| i64::from(slot(pair.at).1)).collect();
    let column = |of, cells, words| Column { field: String::new(), of, cells, words };
    vec![column(Of::Weekday, weekdays, (0..7).map(Value::Int).collect()), column(Of::Quarter, quarters, Vec::new())]
}

/// What can be asked about a field.
fn columns_of(name: &str, kind: FieldKind, values: &[(usize, Value)], len: usize, days: &[Date]) -> Vec<Column> {
    let ordered = |of: Of, number: &dyn Fn(usize, &Value) -> Option<i64>| {
        let mut cells = vec![MISSING; len];
        for (row, value) in values {
            if let (Some(cell), Some(number)) = (cells.get_mut(*row), number(*row, value)) {
                *cell = number;
            }
        }
        Column { field: name.to_owned(), of, cells, words: Vec::new() }
    };
    let words = |of: Of, word: &dyn Fn(&Value) -> Option<Value>| {
        let different: BTreeSet<Value> = values.iter().filter_map(|(_, value)| word(value)).collect();
        let repeated = of == Of::ZipPrefix || different.len() <= FEW || different.len() * 8 <= values.len();
        if !repeated || different.len() > WORDS {
            return None;
        }
        let different: Vec<Value> = different.into_iter().collect();
        let place = |value: &Value| {
            let place = different.binary_search(&word(value)?).ok()?;
            i64::try_from(place).ok()
        };
        let cells = ordered(of, &|_, value| place(value)).cells;
        Some(Column { field: name.to_owned(), of, cells, words: different })
    };
    use FieldKind::{
        Boolean, CreditBand, CreditScore, Enum, Integer, Money, RegistrableDomain, State, Text, VehicleMake,
        VehicleModel, VehicleYear, Zip,
    };
    match kind {
        Integer | CreditScore | VehicleYear => vec![ordered(Of::Number, &|_, value| match value {
            Value::Int(number) => Some(*number),
            _ => None,
        })],
        Money => vec![ordered(Of::Money, &|_, value| match value {
            Value::Money(money) => Some(money.units()),
            _ => None,
        })],
        FieldKind::Date => {
            let date = |value: &Value| match value {
                Value::Date(date) => Some(*date),
                _ => None,
            };
            let day = ordered(Of::Date, &|_, value| Some(date(value)?.epoch_day()));
            let all = || day.cells.iter().filter(|cell| **cell != MISSING);
            let apart = all().max().zip(all().min()).is_some_and(|(last, first)| last - first > YEARS_APART);
            let years = ordered(Of::Years, &|row, value| Some(i64::from(date(value)?.years_until(*days.get(row)?))));
            if apart { vec![years, day] } else { vec![day] }
        }
        Zip => {
            let prefix = |value: &Value| Some(Value::text(value.as_text()?.get(..3)?));
            let whole = |value: &Value| Some(value.clone());
            // Areas are about the field `zip`.
            let prefix = if name == "zip" { words(Of::ZipPrefix, &prefix) } else { None };
            prefix.into_iter().chain(words(Of::Words, &whole)).collect()
        }
        Boolean | CreditBand | Enum | RegistrableDomain | State | Text | VehicleMake | VehicleModel => {
            words(Of::Words, &|value| Some(value.clone())).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
