//! Ways into lists and records, as criteria write them: `vehicles.newest.year`.

use super::resolve::{KEY_OF_PRIMARY, Lost, resolve};
use super::{Field, Schema};
use crate::model::{Date, Value};
use std::borrow::Cow;

/// A way from the value of a field to something inside of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Path {
    /// The whole of it as criteria name it, the field included.
    pub(crate) name: String,
    pub(crate) steps: Vec<Step>,
}

/// One step of a way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Step {
    /// The member of a record.
    Member(String),
    /// Any item of a list.
    Any,
    /// All items of a list.
    All,
    /// The first item.
    First,
    /// The first item that says it is the primary one, or else the first that does not say it is not.
    Primary,
    /// The item with the greatest value of a member, or the greatest item.
    Newest(Option<String>),
    /// The item with the least.
    Oldest(Option<String>),
    /// How many items there are.
    Count,
    /// The whole years since a date.
    Age,
}

/// Where a way leads.
pub(crate) struct Inside<'a> {
    /// The field of the lead that it begins at.
    pub(crate) field: &'a Field,
    pub(crate) path: Path,
    /// What is there, as if it were a field of its own; none for what is counted.
    pub(crate) leaf: Option<Field>,
    /// Whether a lead may be without.
    pub(crate) optional: bool,
}

impl Schema {
    /// Where a way leads; none when it begins at no list and no record.
    pub(crate) fn inside(&self, name: &str) -> Option<Result<Inside<'_>, Lost>> {
        resolve(self, name)
    }
}

impl Path {
    /// Whether it leads to one value at most.
    pub(crate) fn is_single(&self) -> bool {
        !self.steps.iter().any(|step| matches!(step, Step::Any | Step::All))
    }

    /// Whether it depends on the day.
    pub(crate) fn asks_the_day(&self) -> bool {
        self.steps.contains(&Step::Age)
    }

    /// The one value that it leads to. None where it leads to several.
    pub(crate) fn find<'v>(&self, value: &'v Value, today: Date) -> Option<Cow<'v, Value>> {
        let mut at = value;
        for step in &self.steps {
            at = match step {
                Step::Count | Step::Age => return counted(step, at, today).map(Cow::Owned),
                step => one(step, at)?,
            };
        }
        Some(Cow::Borrowed(at))
    }

    /// Whether what it leads to is as asked: of any item, or of all. None where it cannot be said; `missing` is the answer
    /// where something on the way is not there.
    pub(crate) fn holds(
        &self,
        value: Option<&Value>,
        today: Date,
        missing: Option<bool>,
        asked: &dyn Fn(&Value) -> bool,
    ) -> Option<bool> {
        value.map_or(missing, |value| Walk { today, missing, asked }.on(&self.steps, value))
    }

    /// Everything that it leads to, whether of any or of all; none for what is not there.
    pub(crate) fn all<'v>(&self, value: &'v Value, today: Date) -> Vec<Option<Cow<'v, Value>>> {
        let mut found = Vec::new();
        gather(&self.steps, value, today, &mut found);
        found
    }
}

fn gather<'v>(steps: &[Step], value: &'v Value, today: Date, found: &mut Vec<Option<Cow<'v, Value>>>) {
    match (steps, value) {
        ([], value) => found.push(Some(Cow::Borrowed(value))),
        ([Step::Any | Step::All, rest @ ..], Value::List(items)) => {
            items.iter().for_each(|item| gather(rest, item, today, found));
        }
        ([step @ (Step::Count | Step::Age), ..], value) => found.push(counted(step, value, today).map(Cow::Owned)),
        ([step, rest @ ..], value) => match one(step, value) {
            Some(value) => gather(rest, value, today, found),
            None => found.push(None),
        },
    }
}

/// Kleene's three values over the items of lists: none is *unknown*.
struct Walk<'a> {
    today: Date,
    missing: Option<bool>,
    asked: &'a dyn Fn(&Value) -> bool,
}

impl Walk<'_> {
    fn on(&self, steps: &[Step], value: &Value) -> Option<bool> {
        let Some((step, rest)) = steps.split_first() else { return Some((self.asked)(value)) };
        match (step, value) {
            // An empty list says nothing of its items.
            (Step::Any | Step::All, Value::List(items)) if items.is_empty() => self.missing,
            (Step::Any, Value::List(items)) => self.until(true, rest, items),
            (Step::All, Value::List(items)) => self.until(false, rest, items),
            (Step::Count | Step::Age, value) => match counted(step, value, self.today) {
                Some(value) => Some((self.asked)(&value)),
                None => self.missing,
            },
            (step, value) => one(step, value).map_or(self.missing, |value| self.on(rest, value)),
        }
    }

    /// One item that is as said decides; without one, one of which it is not known leaves it open.
    fn until(&self, decides: bool, rest: &[Step], items: &[Value]) -> Option<bool> {
        let mut so_far = Some(!decides);
        for item in items {
            match self.on(rest, item) {
                Some(found) if found == decides => return Some(decides),
                None => so_far = None,
                Some(_) => {}
            }
        }
        so_far
    }
}

/// The one value that a step leads to.
fn one<'v>(step: &Step, value: &'v Value) -> Option<&'v Value> {
    match (step, value) {
        (Step::Member(name), Value::Record(members)) => members.get(name),
        (Step::First, Value::List(items)) => items.first(),
        (Step::Primary, Value::List(items)) => {
            let says = |item: &&Value, so: bool| member(item, KEY_OF_PRIMARY) == Some(&Value::Bool(so));
            items.iter().find(|item| says(item, true)).or_else(|| items.iter().find(|item| !says(item, false)))
        }
        (Step::Newest(key), Value::List(items)) => extreme(items, key.as_deref(), |new, best| new > best),
        (Step::Oldest(key), Value::List(items)) => extreme(items, key.as_deref(), |new, best| new < best),
        _ => None,
    }
}

fn member<'v>(item: &'v Value, name: &str) -> Option<&'v Value> {
    match item {
        Value::Record(members) => members.get(name),
        _ => None,
    }
}

/// The item of which nothing is better, the first of several. Where one does not say how new it is, nobody knows.
fn extreme<'v>(items: &'v [Value], key: Option<&str>, better: fn(&Value, &Value) -> bool) -> Option<&'v Value> {
    let mut best: Option<(&Value, &Value)> = None;
    for item in items {
        let found = key.map_or(Some(item), |key| member(item, key))?;
        if best.is_none_or(|(_, best)| better(found, best)) {
            best = Some((item, found));
        }
    }
    best.map(|(item, _)| item)
}

fn counted(step: &Step, value: &Value, today: Date) -> Option<Value> {
    match (step, value) {
        (Step::Count, Value::List(items)) => i64::try_from(items.len()).ok().map(Value::Int),
        (Step::Age, Value::Date(born)) => Some(Value::Int(i64::from(born.years_until(today)))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{FieldKind, FieldOptions, Member};
    use crate::schema::Pii;

    fn today() -> Date {
        "2026-11-24".parse().unwrap()
    }

    fn schema() -> Schema {
        let plain = |name: &str, kind| Member::new(name, kind, FieldOptions::default());
        let birth = Member::new("dob", FieldKind::Date, FieldOptions { birth: true, ..FieldOptions::default() });
        let vehicle = vec![plain("make", FieldKind::VehicleMake), plain("year", FieldKind::VehicleYear)];
        let driver = vec![birth, plain("primary", FieldKind::Boolean), plain("sr22", FieldKind::Boolean)];
        let states = FieldOptions { items: Some(Box::new(plain("", FieldKind::State))), ..FieldOptions::default() };
        let mut schema = Schema::empty("test");
        for (name, kind, options) in [
            ("vehicles", FieldKind::List, FieldOptions { members: vehicle, ..FieldOptions::default() }),
            ("drivers", FieldKind::List, FieldOptions { members: driver.clone(), ..FieldOptions::default() }),
            ("owner", FieldKind::Record, FieldOptions { members: driver, ..FieldOptions::default() }),
            ("states", FieldKind::List, states),
            ("phone", FieldKind::Phone, FieldOptions::default()),
        ] {
            let (pii, name) = (Pii::Quasi, name.to_owned());
            schema.put(Field {
                name,
                kind,
                required: false,
                required_if: Vec::new(),
                default: None,
                pii,
                options,
                synonyms: Vec::new(),
                min: None,
                max: None,
            });
        }
        schema
    }

    fn record(members: &[(&str, Value)]) -> Value {
        Value::Record(members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }

    fn found(name: &str, value: &Value) -> Option<Value> {
        let schema = schema();
        let inside = schema.inside(name).unwrap().ok().unwrap();
        assert!(inside.path.is_single(), "{name}");
        inside.path.find(value, today()).map(Cow::into_owned)
    }

    #[test]
    fn one_item_is_chosen_the_first_of_equals() {
        let car = |year: Option<i64>, make: &str| {
            let year = year.map(|year| ("year", Value::Int(year)));
            record(&[Some(("make", Value::text(make))), year].into_iter().flatten().collect::<Vec<_>>())
        };
        let all = Value::List(vec![car(Some(2008), "Kia"), car(Some(2019), "BMW"), car(Some(2019), "Audi")]);
        assert_eq!(found("vehicles.newest.make", &all), Some(Value::text("BMW")));
        assert_eq!(found("vehicles.oldest.year", &all), Some(Value::Int(2008)));
        assert_eq!(found("vehicles.first.make", &all), Some(Value::text("Kia")));
        assert_eq!(found("vehicles.primary.make", &all), Some(Value::text("Kia")));
        assert_eq!(found("vehicles.count", &all), Some(Value::Int(3)));
        let unsure = Value::List(vec![car(Some(2008), "Kia"), car(None, "BMW")]);
        assert_eq!(found("vehicles.newest.make", &unsure), None, "the other one may be newer");
        assert_eq!(found("states.first", &Value::List(vec![])), None);
    }

    #[test]
    fn who_says_to_be_the_primary_one_is() {
        let born = |year| ("dob", Value::Date(Date::new(year, 11, 24).unwrap()));
        let says = |yes| ("primary", Value::Bool(yes));
        let (first, no, yes) =
            (record(&[born(1990)]), record(&[born(1980), says(false)]), record(&[born(1970), says(true)]));
        let age =
            |all: &[&Value]| found("drivers.primary.age", &Value::List(all.iter().map(|one| (*one).clone()).collect()));
        assert_eq!(age(&[&first, &no, &yes]), Some(Value::Int(56)));
        assert_eq!(age(&[&no, &first]), Some(Value::Int(36)));
        assert_eq!(age(&[&no]), None);
        assert_eq!(found("owner.age", &yes), Some(Value::Int(56)));
    }

    #[test]
    fn an_empty_list_is_unknown_and_so_is_what_is_missing() {
        let ask = |name: &str, value: Option<&Value>, missing| {
            let schema = schema();
            let inside = schema.inside(name).unwrap().ok().unwrap();
            inside.path.holds(value, today(), missing, &|value| *value == Value::Bool(true))
        };
        let driver =
            |sr22: Option<bool>| record(&sr22.map(|yes| ("sr22", Value::Bool(yes))).into_iter().collect::<Vec<_>>());
        let list = |all: &[Option<bool>]| Value::List(all.iter().map(|sr22| driver(*sr22)).collect());
        for (items, any, all) in [
            (list(&[]), None, None),
            (list(&[Some(true), None]), Some(true), None),
            (list(&[Some(false), None]), None, Some(false)),
            (list(&[Some(true), Some(true)]), Some(true), Some(true)),
            (list(&[Some(false)]), Some(false), Some(false)),
        ] {
            assert_eq!(ask("drivers.any.sr22", Some(&items), None), any);
            assert_eq!(ask("drivers.all.sr22", Some(&items), None), all);
        }
        assert_eq!(ask("drivers.all.sr22", None, None), None);
        for items in [None, Some(&list(&[]))] {
            assert_eq!(ask("drivers.all.sr22", items, Some(true)), Some(true), "whatever is missing will do");
        }
    }

    #[test]
    fn a_way_that_leads_nowhere_says_where_it_could_go() {
        let schema = schema();
        let lost = |name: &str| schema.inside(name).unwrap().err().unwrap();
        assert_eq!(lost("vehicles.newst.year").near.as_deref(), Some("vehicles.newest.year"));
        assert_eq!(lost("vehicles.any.yeer").near.as_deref(), Some("vehicles.any.year"));
        assert_eq!(lost("vehicles.year").near.as_deref(), Some("vehicles.any.year"));
        for name in [
            "vehicles",
            "vehicles.any",
            "owner",
            "states.any.name",
            "states.newest",
            "vehicles.any.year.age",
            "drivers.newest.sr22",
        ] {
            assert!(!lost(name).expected.is_empty(), "{name}");
        }
        assert!(
            schema.inside("phone").is_none()
                && schema.inside("phone.type").is_none()
                && schema.inside("x.any").is_none()
        );
    }
}
