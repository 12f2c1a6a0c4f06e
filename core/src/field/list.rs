//! Lists of values, and records: values with names.

use super::{FieldKind, FieldOptions, FieldOutcome, Member, check, within};
use crate::model::{Action, Code, Problem, RawMap, RawValue, Severity, Value, read_raw, shown_path};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Longest list where the options name no other length.
const LONGEST: usize = 100;

/// Every item by itself; one that is refused is left out, and said to be. A value that is no list is one of one item.
pub(super) fn list(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let written = opened(raw);
    let (items, one) = items(written.as_ref(), options);
    if items.is_empty() {
        return absent(path, options);
    }
    let most = options.max_length.unwrap_or(LONGEST);
    if items.len() > most {
        let problem = Problem::new(Code::ListTooLong, path).with_shape(raw.shape());
        return FieldOutcome::refused(problem.with_expected(format!("at most {most} items")));
    }
    let mut found = FieldOutcome::default();
    let mut values = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let place = if one { path.to_owned() } else { format!("{path}/{at}") };
        let outcome = one_item(item, &place, options);
        found.problems.extend(outcome.problems);
        found.corrections.extend(outcome.corrections);
        values.extend(outcome.value);
    }
    if values.is_empty() && options.required && found.valid() {
        found.problems.push(Problem::new(Code::FieldMissing, path));
    }
    found.value = (!values.is_empty()).then_some(Value::List(values));
    found
}

/// A list or an object that was written as text: a cell of a table holds nothing else.
fn opened(raw: &RawValue) -> Cow<'_, RawValue> {
    opened_text(raw).map_or(Cow::Borrowed(raw), Cow::Owned)
}

/// The list or the record that a text says, where it says one.
pub(crate) fn opened_text(raw: &RawValue) -> Option<RawValue> {
    let RawValue::Text(text) = raw else { return None };
    let text = text.trim();
    if !text.starts_with(['[', '{']) {
        return None;
    }
    let read = read_raw(format!("{{\"v\":{text}}}").as_bytes()).ok();
    read.and_then(|read| <[_; 1]>::try_from(read.map.0).ok()).map(|[(_, value)]| value)
}

/// The items, and whether they all stand at the place of the list itself.
fn items<'r>(raw: &'r RawValue, options: &FieldOptions) -> (Cow<'r, [RawValue]>, bool) {
    match raw {
        RawValue::Null => (Cow::Borrowed(&[]), true),
        RawValue::List(items) => (Cow::Borrowed(items), false),
        RawValue::Text(text) if text.trim().is_empty() => (Cow::Borrowed(&[]), true),
        RawValue::Text(text) if options.items.as_ref().is_some_and(|of| is_a_word(of.kind)) => {
            let words = text.split([',', ';', '|']).map(str::trim).filter(|word| !word.is_empty());
            (words.map(RawValue::text).collect(), true)
        }
        one => (Cow::Borrowed(std::slice::from_ref(one)), true),
    }
}

/// Whether no value of the kind has a comma or the like in it, so that several can stand in one text.
fn is_a_word(kind: FieldKind) -> bool {
    use FieldKind::{Enum, Leadid, RegistrableDomain, State, Uuid, VehicleYear, Vin, Zip};
    matches!(kind, Enum | Leadid | RegistrableDomain | State | Uuid | VehicleYear | Vin | Zip)
}

fn one_item(item: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    match &options.items {
        Some(of) => one_member(of, item, path, options),
        None => record(item, path, options),
    }
}

fn one_member(of: &Member, raw: &RawValue, path: &str, around: &FieldOptions) -> FieldOutcome {
    let day = around.as_of.filter(|_| of.kind.asks_the_day());
    let told = match day {
        Some(day) => Cow::Owned(FieldOptions { as_of: Some(day), ..of.options.clone() }),
        None => Cow::Borrowed(&of.options),
    };
    within((&of.min, &of.max), raw, path, check(of.kind, raw, path, &told))
}

/// Every member by its name; what the record does not know is left out, and said to be.
pub(super) fn record(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let written = opened(raw);
    let map = match written.as_ref() {
        RawValue::Object(map) => map,
        RawValue::Null => return absent(path, options),
        RawValue::Text(text) if text.trim().is_empty() => return absent(path, options),
        _ => {
            let problem = Problem::new(Code::FieldWrongType, path).with_shape(raw.shape()).with_expected("an object");
            return FieldOutcome::refused(problem);
        }
    };
    let mut found = FieldOutcome::default();
    let mut values = BTreeMap::new();
    for member in &options.members {
        let (key, value) = member_of(map, member);
        let place = format!("{path}/{}", escaped(key));
        let outcome = one_member(member, value, &place, options);
        found.problems.extend(outcome.problems);
        found.corrections.extend(outcome.corrections);
        values.extend(outcome.value.map(|value| (member.name.clone(), value)));
    }
    for (key, value) in &map.0 {
        if !options.members.iter().any(|member| member.is(key)) {
            let place = shown_path(&format!("/{}", escaped(key)), false);
            let problem = Problem::new(Code::RecordUnknownMember, format!("{path}{place}"));
            found.problems.push(problem.with_shape(value.shape()).with_action(Action::Dropped));
        }
    }
    let wanted = wanted(&options.members, &values);
    for member in &wanted {
        let told = found.problems.iter().any(|problem| {
            problem.severity == Severity::Error
                && problem.path == format!("{path}/{}", escaped(member_of(map, member).0))
        });
        if !told {
            found.problems.push(Problem::new(Code::FieldMissing, format!("{path}/{}", escaped(&member.name))));
        }
    }
    // Without a member that must be there the record says nothing.
    found.value = (wanted.is_empty() && !values.is_empty()).then_some(Value::Record(values));
    if found.value.is_none() && options.required && found.valid() {
        found.problems.push(Problem::new(Code::FieldMissing, path));
    }
    found
}

/// The members that must be there and are not.
fn wanted<'m>(members: &'m [Member], values: &BTreeMap<String, Value>) -> Vec<&'m Member> {
    let must = |member: &&Member| {
        member.options.required
            || !member.required_if.is_empty() && member.required_if.iter().all(|condition| condition.holds(values))
    };
    members.iter().filter(must).filter(|member| !values.contains_key(&member.name)).collect()
}

fn absent(path: &str, options: &FieldOptions) -> FieldOutcome {
    match options.required {
        true => FieldOutcome::refused(Problem::new(Code::FieldMissing, path)),
        false => FieldOutcome::default(),
    }
}

/// RFC 6901, and not longer than a name is.
fn escaped(key: &str) -> String {
    let short: String = key.chars().take(64).collect();
    short.replace('~', "~0").replace('/', "~1")
}

fn member_of<'a>(map: &'a RawMap, member: &'a Member) -> (&'a str, &'a RawValue) {
    let found = map.0.iter().find(|(key, _)| member.is(key));
    found.map_or((member.name.as_str(), &RawValue::Null), |(key, value)| (key.as_str(), value))
}

#[cfg(test)]
mod tests {
    use super::super::{Condition, Wanted};
    use super::*;

    fn vehicles() -> FieldOptions {
        let required = FieldOptions { required: true, ..FieldOptions::default() };
        let mut lease = Member::new("lender", FieldKind::Text, FieldOptions::default());
        lease.required_if = vec![Condition { field: "leased".into(), is: Wanted::OneOf(vec![Value::Bool(true)]) }];
        FieldOptions {
            members: vec![
                Member::new("year", FieldKind::VehicleYear, required),
                Member::new("make", FieldKind::VehicleMake, FieldOptions::default()),
                Member::new("leased", FieldKind::Boolean, FieldOptions::default()),
                lease,
            ],
            ..FieldOptions::default()
        }
    }

    fn of(json: &str, options: &FieldOptions) -> FieldOutcome {
        let raw = read_raw(json.as_bytes()).unwrap().map;
        list(raw.get("l").unwrap(), "/l", options)
    }

    fn told(found: &FieldOutcome) -> Vec<(&str, Code)> {
        found.problems.iter().map(|p| (p.path.as_str(), p.code)).collect()
    }

    fn shown(found: &FieldOutcome) -> String {
        serde_json::to_string(&found.value).unwrap()
    }

    #[test]
    fn every_item_is_checked_in_its_place() {
        let found = of(r#"{"l":[{"year":"2019","Make":"vw"},{"make":"Kia","colour":"red"},7]}"#, &vehicles());
        assert_eq!(shown(&found), r#"[{"make":"Volkswagen","year":2019}]"#);
        assert_eq!(
            told(&found),
            [
                ("/l/1/year", Code::FieldMissing),
                ("/l/1/colour", Code::RecordUnknownMember),
                ("/l/2", Code::FieldWrongType)
            ]
        );
    }

    #[test]
    fn a_member_is_required_where_another_says_so() {
        let found = of(r#"{"l":[{"year":2019,"leased":"yes"},{"year":2019,"leased":"no"}]}"#, &vehicles());
        assert_eq!(told(&found), [("/l/0/lender", Code::FieldMissing)]);
        assert_eq!(shown(&found), r#"[{"leased":false,"year":2019}]"#);
    }

    #[test]
    fn the_day_and_the_bounds_reach_what_is_inside() {
        let mut year = Member::new("year", FieldKind::VehicleYear, FieldOptions::default());
        year.min = Some(Value::Int(1981));
        let as_of = "2026-11-24".parse().ok();
        let options = FieldOptions { items: Some(Box::new(year)), as_of, ..FieldOptions::default() };
        let found = of(r#"{"l":["2030","1980","28"]}"#, &options);
        assert_eq!(told(&found), [("/l/0", Code::VehicleYearOutOfRange), ("/l/1", Code::NumberOutOfRange)]);
        assert_eq!(shown(&found), "[2028]");
    }

    #[test]
    fn one_value_is_a_list_of_one() {
        let found = list(&RawValue::Null, "/l", &vehicles());
        assert!(found.valid() && found.value.is_none());
        let long = RawValue::List(vec![RawValue::Null; 101]);
        assert_eq!(list(&long, "/l", &vehicles()).problems.first().map(|p| p.code), Some(Code::ListTooLong));
        assert_eq!(shown(&of(r#"{"l":{"year":2019}}"#, &vehicles())), r#"[{"year":2019}]"#);
    }

    #[test]
    fn a_cell_of_a_table_holds_a_list_as_text() {
        let found = of(r#"{"l":"[{\"year\":2019},{\"year\":\"2020\"}]"}"#, &vehicles());
        assert_eq!(shown(&found), r#"[{"year":2019},{"year":2020}]"#);
        let states = Member::new("", FieldKind::State, FieldOptions::default());
        let options = FieldOptions { items: Some(Box::new(states)), ..FieldOptions::default() };
        assert_eq!(shown(&of(r#"{"l":"tx, Oklahoma;la"}"#, &options)), r#"["TX","OK","LA"]"#);
        assert_eq!(told(&of(r#"{"l":"[tx"}"#, &options)), [("/l", Code::StateUnknown)]);
    }

    #[test]
    fn a_list_that_must_be_there_has_an_item() {
        let options = FieldOptions { required: true, ..vehicles() };
        for json in [r#"{"l":[]}"#, r#"{"l":null}"#, r#"{"l":[{}]}"#, r#"{"l":" "}"#] {
            assert!(!of(json, &options).valid(), "{json}");
        }
    }

    #[test]
    fn a_name_that_is_a_value_is_not_repeated() {
        let found = of(r#"{"l":[{"year":2019,"jane.doe@example.com":1}]}"#, &vehicles());
        assert_eq!(told(&found), [("/l/0/aaaa.aaa@aaaaaaa.aaa", Code::RecordUnknownMember)]);
    }
}
