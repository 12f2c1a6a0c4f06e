//! Lists of values, and records: values with names.

use super::options::Member;
use super::{FieldOptions, FieldOutcome, check as check_one};
use crate::model::{Code, Problem, RawMap, RawValue, Severity, Value};
use std::collections::BTreeMap;

/// Longest list where the options name no other length.
const LONGEST: usize = 100;

/// Every item by itself; one that is refused is left out, and said to be. A value that is no list is one of one item.
pub(super) fn list(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let one = std::slice::from_ref(raw);
    let items = match raw {
        RawValue::Null => &[],
        RawValue::Text(text) if text.trim().is_empty() => &[],
        RawValue::List(items) => items.as_slice(),
        _ => one,
    };
    if items.is_empty() && options.required {
        return FieldOutcome::refused(Problem::new(Code::FieldMissing, path));
    }
    let most = options.max_length.unwrap_or(LONGEST);
    if items.len() > most {
        let problem = Problem::new(Code::ListTooLong, path).with_shape(raw.shape());
        return FieldOutcome::refused(problem.with_expected(format!("at most {most} items")));
    }
    let mut found = FieldOutcome::default();
    let mut values = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let place = if matches!(raw, RawValue::List(_)) { format!("{path}/{at}") } else { path.to_owned() };
        let outcome = one_item(item, &place, options);
        found.problems.extend(outcome.problems);
        found.corrections.extend(outcome.corrections);
        values.extend(outcome.value);
    }
    found.value = (!values.is_empty()).then_some(Value::List(values));
    found
}

fn one_item(item: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    match &options.items {
        Some(of) => check_one(of.kind, item, path, &of.options),
        None => record(item, path, options),
    }
}

/// Every member by its name; what the record does not know is left out, and said to be.
pub(super) fn record(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let RawValue::Object(map) = raw else {
        let absent = matches!(raw, RawValue::Null);
        let code = if absent { Code::FieldMissing } else { Code::FieldWrongType };
        return match absent && !options.required {
            true => FieldOutcome::default(),
            false => FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()).with_expected("an object")),
        };
    };
    let mut found = FieldOutcome::default();
    let mut values = BTreeMap::new();
    for member in &options.members {
        let (key, value) = member_of(map, member);
        let told = FieldOptions { as_of: options.as_of.or(member.options.as_of), ..member.options.clone() };
        let outcome = check_one(member.kind, value, &format!("{path}/{key}"), &told);
        found.problems.extend(outcome.problems);
        found.corrections.extend(outcome.corrections);
        values.extend(outcome.value.map(|value| (member.name.clone(), value)));
    }
    for (key, value) in &map.0 {
        if !options.members.iter().any(|member| member.is(key)) {
            let short: String = key.chars().take(64).collect();
            let place = format!("{path}/{}", short.replace('~', "~0").replace('/', "~1"));
            found.problems.push(Problem::new(Code::RecordUnknownMember, place).with_shape(value.shape()));
        }
    }
    // Without a member that must be there the record says nothing.
    let refused = options.members.iter().any(|member| member.options.required && !values.contains_key(&member.name));
    found.value = (!refused && !values.is_empty()).then_some(Value::Record(values));
    debug_assert!(!refused || found.problems.iter().any(|problem| problem.severity == Severity::Error));
    found
}

fn member_of<'a>(map: &'a RawMap, member: &'a Member) -> (&'a str, &'a RawValue) {
    let found = map.0.iter().find(|(key, _)| member.is(key));
    found.map_or((member.name.as_str(), &RawValue::Null), |(key, value)| (key.as_str(), value))
}

#[cfg(test)]
mod tests {
    use super::super::FieldKind;
    use super::*;

    fn drivers() -> FieldOptions {
        let required = FieldOptions { required: true, ..FieldOptions::default() };
        let member = |name: &str, kind, options| Member { name: name.into(), kind, options, synonyms: Vec::new() };
        let year = member("year", FieldKind::VehicleYear, required);
        FieldOptions {
            members: vec![year, member("make", FieldKind::VehicleMake, FieldOptions::default())],
            ..FieldOptions::default()
        }
    }

    #[test]
    fn every_item_is_checked_in_its_place() {
        let raw = crate::model::read_raw(br#"{"l":[{"year":"2019","Make":"vw"},{"make":"Kia","colour":"red"},7]}"#);
        let raw = raw.unwrap().map;
        let found = list(raw.get("l").unwrap(), "/l", &drivers());
        assert_eq!(serde_json::to_string(&found.value).unwrap(), r#"[{"make":"Volkswagen","year":2019}]"#);
        let told: Vec<_> = found.problems.iter().map(|p| (p.path.as_str(), p.code)).collect();
        assert_eq!(
            told,
            [
                ("/l/1/year", Code::FieldMissing),
                ("/l/1/colour", Code::RecordUnknownMember),
                ("/l/2", Code::FieldWrongType)
            ]
        );
    }

    #[test]
    fn one_value_is_a_list_of_one() {
        let found = list(&RawValue::Null, "/l", &drivers());
        assert!(found.valid() && found.value.is_none());
        let long = RawValue::List(vec![RawValue::Null; 101]);
        assert_eq!(list(&long, "/l", &drivers()).problems.first().map(|p| p.code), Some(Code::ListTooLong));
    }
}
