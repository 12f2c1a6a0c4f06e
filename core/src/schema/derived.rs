//! Fields that are reckoned from others when a lead has been validated.

use super::path::{Inside, Path};
use super::resolve::Lost;
use super::{Field, Pii, Schema};
use crate::field::FieldKind;
use crate::model::{Date, Value};
use crate::text::did_you_mean;
use std::borrow::Cow;
use std::str::FromStr;

/// How a field is reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reckoning {
    /// Whole years since a date.
    YearsSince,
    /// Days since a date.
    DaysSince,
    /// Days until a date.
    DaysUntil,
    /// How many items a list has.
    Count,
    /// The least of the values in a list.
    Min,
    /// The greatest.
    Max,
    /// Whether one of the items of a list says yes.
    Any,
    /// Whether all do.
    All,
    /// The state of a ZIP code.
    StateOfZip,
    /// The state of the area code of a phone, where that is one.
    StateOfPhone,
}

use Reckoning::{All, Any, Count, DaysSince, DaysUntil, Max, Min, StateOfPhone, StateOfZip, YearsSince};

impl Reckoning {
    /// All of them.
    pub(crate) const EACH: [Reckoning; 10] =
        [YearsSince, DaysSince, DaysUntil, Count, Min, Max, Any, All, StateOfZip, StateOfPhone];

    /// The key of a plan.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            YearsSince => "years_since",
            DaysSince => "days_since",
            DaysUntil => "days_until",
            Count => "count",
            Min => "min",
            Max => "max",
            Any => "any",
            All => "all",
            StateOfZip => "state_of_zip",
            StateOfPhone => "state_of_phone",
        }
    }

    /// What it is reckoned from, to stand after "expected".
    fn expected(self) -> &'static str {
        match self {
            YearsSince | DaysSince | DaysUntil => "a date",
            Count => "a list",
            Min | Max => "a number, an amount or a date of the items of a list, like \"vehicles.year\"",
            Any | All => "something that the items of a list say with yes or no, like \"drivers.sr22\"",
            StateOfZip => "a ZIP code",
            StateOfPhone => "a phone",
        }
    }

    fn is_over_items(self) -> bool {
        matches!(self, Min | Max | Any | All)
    }

    /// The kind of what comes out, of a kind of value; none where that does not fit.
    fn kind(self, of: FieldKind) -> Option<FieldKind> {
        use FieldKind::{Boolean, CreditScore, Date, Integer, List, Money, Phone, State, Timestamp, VehicleYear, Zip};
        match (self, of) {
            (YearsSince | DaysSince | DaysUntil, Date) | (Count, List) => Some(Integer),
            (Min | Max, Date | Integer | Money | Timestamp | VehicleYear | CreditScore) => Some(of),
            (Any | All, Boolean) => Some(Boolean),
            (StateOfZip, Zip) | (StateOfPhone, Phone) => Some(State),
            _ => None,
        }
    }
}

impl FromStr for Reckoning {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::EACH.into_iter().find(|one| one.as_str() == word).ok_or(())
    }
}

/// A field that is reckoned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Derived {
    pub(crate) name: String,
    pub(crate) how: Reckoning,
    /// The field that it is reckoned from.
    pub(crate) field: String,
    /// What of that.
    path: Path,
}

impl Derived {
    /// Checks what a field is to be reckoned from: a field that leads have, so that nothing goes round in a circle.
    pub(crate) fn new(schema: &Schema, name: &str, how: Reckoning, from: &str) -> Result<(Self, Field), Lost> {
        let misfit = |says: String| Lost { says, expected: how.expected().to_owned(), near: None };
        let whole = schema.field(from).filter(|field| how == Count || !is_structure(field.kind));
        let inside = |name: &str| schema.inside(name).unwrap_or_else(|| Err(unknown(schema, from)));
        let (field, path, kind, options) = if let Some(field) = whole.filter(|_| !how.is_over_items()) {
            (field, Path { name: from.to_owned(), steps: Vec::new() }, field.kind, field.options.clone())
        } else {
            let word = if how == Any { "any" } else { "all" };
            let name = if how.is_over_items() { over_items(schema, from, word) } else { from.to_owned() };
            // The word was ours, and is none of those who wrote the plan.
            let without = |near: String| near.replacen(&format!(".{word}."), ".", usize::from(name != from));
            let found = inside(&name).map_err(|lost| Lost { near: lost.near.map(without), ..lost });
            let Inside { field, path, leaf, .. } = found?;
            if !how.is_over_items() && !path.is_single() {
                return Err(misfit(format!("`{from}` is several values")));
            }
            let (kind, options) =
                leaf.map_or((FieldKind::Integer, Default::default()), |leaf| (leaf.kind, leaf.options));
            (field, path, kind, options)
        };
        // ZIP codes of the older entries of the catalogue are texts.
        let kind = if from == "zip" && kind == FieldKind::Text { FieldKind::Zip } else { kind };
        let Some(made) = how.kind(kind) else {
            return Err(misfit(format!("`{from}` is of the kind {}", kind.as_str())));
        };
        let derived = Self { name: name.to_owned(), how, field: field.name.clone(), path };
        let options = if made == kind { options } else { Default::default() };
        let field = Field {
            name: name.to_owned(),
            kind: made,
            required: false,
            required_if: Vec::new(),
            default: None,
            // How many there are says less than what they are.
            pii: if how == Count { field.pii.min(Pii::Quasi) } else { field.pii },
            options,
            synonyms: Vec::new(),
            min: None,
            max: None,
        };
        Ok((derived, field))
    }

    /// The value to be reckoned from; states are told by whoever knows them.
    pub(crate) fn of<'v>(&self, value: &'v Value, today: Option<Date>) -> Option<Cow<'v, Value>> {
        // Without a day there is no age.
        let day = today.unwrap_or(Date::FIRST);
        match self.how {
            YearsSince | DaysSince | DaysUntil => {
                let (today, found) = (today?, self.path.find(value, day)?);
                let Value::Date(date) = *found else { return None };
                let number = match self.how {
                    YearsSince => Some(i64::from(date.years_until(today))).filter(|years| *years >= 0)?,
                    DaysSince => date.days_until(today),
                    _ => today.days_until(date),
                };
                Some(Cow::Owned(Value::Int(number)))
            }
            Count => match value {
                Value::List(items) => i64::try_from(items.len()).ok().map(|count| Cow::Owned(Value::Int(count))),
                _ => None,
            },
            Min | Max => {
                if self.path.asks_the_day() {
                    today?;
                }
                // Where one value is missing, nobody knows whether it is the least.
                let all: Option<Vec<Cow<'v, Value>>> = self.path.all(value, day).into_iter().collect();
                let all = all?.into_iter();
                if self.how == Min { all.min() } else { all.max() }
            }
            Any | All => {
                let says = self.path.holds(Some(value), day, None, &|value| *value == Value::Bool(true))?;
                Some(Cow::Owned(Value::Bool(says)))
            }
            StateOfZip | StateOfPhone => self.path.find(value, day),
        }
    }
}

fn unknown(schema: &Schema, from: &str) -> Lost {
    let names = schema.fields().iter().map(|field| field.name.as_str()).filter(|name| !schema.is_derived(name));
    let near = did_you_mean(from, names).map(str::to_owned);
    Lost { says: format!("there is no field `{from}`"), expected: format!("a field of `{}`", schema.name()), near }
}

/// `drivers.sr22` is `drivers.all.sr22` here: the way is over all items anyhow.
fn over_items(schema: &Schema, from: &str, word: &str) -> String {
    let first = schema.fields().iter().filter(|field| field.kind == FieldKind::List);
    let list = first.filter(|field| {
        from.strip_prefix(field.name.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    let longest = list.max_by_key(|field| field.name.len());
    match longest.and_then(|field| Some((field, from.strip_prefix(field.name.as_str())?))) {
        Some((field, rest)) => format!("{}.{word}{rest}", field.name),
        None => from.to_owned(),
    }
}

fn is_structure(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::List | FieldKind::Record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn schema() -> Schema {
        Schema::named("us/auto-insurance@1").unwrap()
    }

    fn record(members: &[(&str, Value)]) -> Value {
        Value::Record(
            members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect::<BTreeMap<_, _>>(),
        )
    }

    fn reckoned(how: Reckoning, from: &str, value: &Value) -> Option<Value> {
        let (derived, _) = Derived::new(&schema(), "it", how, from).unwrap();
        derived.of(value, "2026-11-24".parse().ok()).map(Cow::into_owned)
    }

    #[test]
    fn dates_are_reckoned_from_today() {
        let date = |text: &str| Value::Date(text.parse().unwrap());
        assert_eq!(reckoned(YearsSince, "insured_since", &date("2016-11-25")), Some(Value::Int(9)));
        assert_eq!(reckoned(YearsSince, "insured_since", &date("2027-01-01")), None, "it is yet to come");
        assert_eq!(reckoned(DaysSince, "insured_since", &date("2026-11-20")), Some(Value::Int(4)));
        assert_eq!(reckoned(DaysUntil, "insured_since", &date("2026-12-01")), Some(Value::Int(7)));
        let (derived, _) = Derived::new(&schema(), "it", YearsSince, "insured_since").unwrap();
        assert_eq!(derived.of(&date("2016-11-25"), None), None, "nobody said which day it is");
    }

    #[test]
    fn lists_are_counted_and_looked_through() {
        let driver = |born: Option<&str>, sr22: Option<bool>| {
            let dob = born.map(|text| ("dob", Value::Date(text.parse().unwrap())));
            record(&dob.into_iter().chain(sr22.map(|yes| ("sr22", Value::Bool(yes)))).collect::<Vec<_>>())
        };
        let two = Value::List(vec![driver(Some("1990-01-01"), Some(true)), driver(Some("2005-01-01"), None)]);
        assert_eq!(reckoned(Count, "drivers", &two), Some(Value::Int(2)));
        assert_eq!(reckoned(Min, "drivers.age", &two), Some(Value::Int(21)));
        assert_eq!(reckoned(Max, "drivers.age", &two), Some(Value::Int(36)));
        assert_eq!(reckoned(Any, "drivers.sr22", &two), Some(Value::Bool(true)));
        assert_eq!(reckoned(All, "drivers.sr22", &two), None, "of one it is not known");
        let unsure = Value::List(vec![driver(Some("1990-01-01"), None), driver(None, None)]);
        assert_eq!(reckoned(Min, "drivers.age", &unsure), None);
        assert_eq!(reckoned(Any, "drivers.sr22", &Value::List(Vec::new())), None);
    }

    #[test]
    fn the_kind_of_what_comes_out_follows() {
        let kind = |how, from: &str| Derived::new(&schema(), "it", how, from).ok().map(|(_, field)| field.kind);
        assert_eq!(kind(Max, "vehicles.year"), Some(FieldKind::VehicleYear));
        assert_eq!(kind(Min, "drivers.age"), Some(FieldKind::Integer));
        assert_eq!(kind(StateOfZip, "zip"), Some(FieldKind::State));
        for (how, from) in [
            (YearsSince, "zip"),
            (Count, "phone"),
            (Max, "vehicles.make"),
            (Any, "drivers.dob"),
            (StateOfPhone, "email"),
            (YearsSince, "drivers.any.dob"),
            (Max, "annual_miles"),
            (Count, "nobody"),
        ] {
            let lost = Derived::new(&schema(), "it", how, from).unwrap_err();
            assert!(!lost.says.is_empty() && !lost.expected.is_empty(), "{from}");
        }
        assert_eq!(
            Derived::new(&schema(), "it", Any, "drivers.sr23").unwrap_err().near.as_deref(),
            Some("drivers.sr22")
        );
        assert_eq!(
            Derived::new(&schema(), "it", DaysUntil, "insured_sinse").unwrap_err().near.as_deref(),
            Some("insured_since")
        );
    }
}
