//! Social Security numbers where nobody asked for one, and what the store keeps of a lead that has one.

use crate::field::{FieldKind, FieldOptions, Member, check, opened_text};
use crate::model::{RawMap, RawValue, Value, write_raw_as_it_came};
use crate::schema::{Schema, plain_key};

/// Whether a field that the schema does not know says that it holds a Social Security number, or holds a text that is
/// written like one. Four digits are the end of one, and stay.
pub(crate) fn may_be_ssn(plain_name: &str, value: &RawValue) -> bool {
    let any = |text: &str| {
        let text = text.trim();
        is_written_like_one(text) || names_one(plain_name) && !is_end_of_one(text) && !text.is_empty()
    };
    match value {
        RawValue::Text(text) | RawValue::Number(text) => any(text),
        RawValue::List(items) => items.iter().any(|item| may_be_ssn(plain_name, item)),
        RawValue::Object(map) => map.0.iter().any(|(key, value)| may_be_ssn(&plain_key(key), value)),
        RawValue::Null | RawValue::Bool(_) => false,
    }
}

/// A name in plain form, like `applicant_ssn`, `ssn1` or `social_security_number`.
fn names_one(plain: &str) -> bool {
    let joined = plain.replace('_', "");
    let word = |word: &str| word.strip_prefix("ssn").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    plain.split(['_', '.']).any(word)
        || ["socialsecurity", "socsec", "ssnumber", "ssnum"].iter().any(|name| joined.contains(name))
}

/// `123-45-6789`, `123 45 6789`: nothing else is written in these groups.
fn is_written_like_one(text: &str) -> bool {
    let groups: Vec<&str> = text.split(['-', ' ']).collect();
    groups.iter().map(|group| group.len()).eq([3, 2, 4])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_end_of_one(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the bytes of a lead may hold a number that the schema did not ask for: the names of one, its groups, or an
/// escape that hides either. Looked at before anything is taken apart, for hardly any lead has one.
pub(crate) fn may_hold_ssn(input: &[u8]) -> bool {
    let grouped = |sign: u8, at: usize| match at {
        3 | 6 => matches!(sign, b'-' | b' '),
        _ => sign.is_ascii_digit(),
    };
    may_name_one(input) || input.windows(11).any(|text| text.iter().enumerate().all(|(at, sign)| grouped(*sign, at)))
}

/// `ssn` or `soc` with any signs between the letters, as in `S.S.-Number`; the end of a text is the end of a name.
fn may_name_one(input: &[u8]) -> bool {
    let (mut first, mut second) = (0, 0);
    for byte in input {
        match byte.to_ascii_lowercase() {
            b'\\' => return true,
            b'"' => (first, second) = (0, 0),
            letter if letter.is_ascii_alphanumeric() => {
                if matches!((first, second, letter), (b's', b's', b'n') | (b's', b'o', b'c')) {
                    return true;
                }
                (first, second) = (second, letter);
            }
            _ => {}
        }
    }
    false
}

/// The lead without the digits of Social Security numbers, if there are any in it: for the store, which keeps leads as
/// they came. A good number is `true` then, of others the digits are all nines; the lead is judged the same.
pub(crate) fn without_ssn(raw: &RawMap, schema: &Schema) -> Option<RawMap> {
    let mut hidden = raw.clone();
    hide(&mut hidden, "", schema).then_some(hidden)
}

fn hide(map: &mut RawMap, name: &str, schema: &Schema) -> bool {
    let mut any = false;
    for (key, value) in &mut map.0 {
        let name = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
        any |= match (schema.find(&name), value) {
            // An object that is no value of the field is several fields.
            (Some(field), RawValue::Object(inner)) if !holds_objects(field.kind) => hide(inner, &name, schema),
            (Some(field), value) => hide_kind(field.kind, &field.options, value),
            (None, RawValue::Object(inner)) => hide(inner, &name, schema),
            (None, value) => may_be_ssn(&plain_key(&name), value) && nines(value),
        };
    }
    any
}

/// Kinds for which an object is a value, or is hidden as a whole.
fn holds_objects(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::List | FieldKind::Record | FieldKind::Ssn | FieldKind::SsnLast4)
}

/// In a field that the schema knows.
fn hide_kind(kind: FieldKind, options: &FieldOptions, value: &mut RawValue) -> bool {
    if let Some(mut inner) = opened_text(value).filter(|_| matches!(kind, FieldKind::List | FieldKind::Record)) {
        // JSON within a text is read as what it says.
        let any = hide_kind(kind, options, &mut inner);
        if any {
            *value = RawValue::Text(write_raw_as_it_came(&inner));
        }
        return any;
    }
    match (kind, value) {
        (FieldKind::Ssn, RawValue::Bool(_) | RawValue::Null) => false,
        (FieldKind::Ssn, value) => {
            let good = check(FieldKind::Ssn, value, "", &FieldOptions::default()).value == Some(Value::Bool(true));
            if good {
                *value = RawValue::Bool(true);
            }
            good || nines(value)
        }
        // Whoever asks for four and is sent nine.
        (FieldKind::SsnLast4, value) => {
            let fits = check(FieldKind::SsnLast4, value, "", &FieldOptions::default()).value.is_some();
            !fits && nines(value)
        }
        // JSON within a text is read as what it says.
        (FieldKind::Record, RawValue::Object(map)) => hide_members(&options.members, map),
        (FieldKind::List, RawValue::Object(map)) if options.items.is_none() => hide_members(&options.members, map),
        (FieldKind::List, RawValue::List(items)) => {
            let mut any = false;
            for item in items {
                any |= match (&options.items, item) {
                    (Some(of), item) => hide_kind(of.kind, &of.options, item),
                    (None, RawValue::Object(map)) => hide_members(&options.members, map),
                    (None, item) => may_be_ssn("", item) && nines(item),
                };
            }
            any
        }
        // One alone is a list of one.
        (FieldKind::List, value) => match &options.items {
            Some(of) => hide_kind(of.kind, &of.options, value),
            None => may_be_ssn("", value) && nines(value),
        },
        (FieldKind::Record, value) => may_be_ssn("", value) && nines(value),
        _ => false,
    }
}

fn hide_members(members: &[Member], map: &mut RawMap) -> bool {
    let mut any = false;
    for (key, value) in &mut map.0 {
        any |= match members.iter().find(|member| member.is(key)) {
            Some(member) => hide_kind(member.kind, &member.options, value),
            None => may_be_ssn(&plain_key(key), value) && nines(value),
        };
    }
    any
}

/// Nines in the place of all digits; whether that changed anything.
fn nines(value: &mut RawValue) -> bool {
    match value {
        RawValue::Text(text) | RawValue::Number(text) => {
            let nines: String = text.chars().map(|c| if c.is_numeric() { '9' } else { c }).collect();
            let changed = nines != *text;
            *text = nines;
            changed
        }
        RawValue::List(items) => each(items.iter_mut()),
        RawValue::Object(map) => each(map.0.iter_mut().map(|(_, value)| value)),
        RawValue::Null | RawValue::Bool(_) => false,
    }
}

/// Every one of them, and not only up to the first.
fn each<'v>(values: impl Iterator<Item = &'v mut RawValue>) -> bool {
    let changed: Vec<bool> = values.map(nines).collect();
    changed.contains(&true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::read_raw;

    #[test]
    fn names_and_groups_tell_a_number() {
        for name in
            ["ssn", "applicant_ssn", "ssn1", "x_ssn", "social_security_number", "borrower.ssn", "socialsecurity"]
        {
            assert!(may_be_ssn(name, &RawValue::text("123456789")), "{name}");
            assert!(!may_be_ssn(name, &RawValue::text("6789")), "{name}");
        }
        for name in ["phone", "session", "lessn", "classname", "x_note"] {
            assert!(!may_be_ssn(name, &RawValue::text("123456789")), "{name}");
            assert!(may_be_ssn(name, &RawValue::text("123-45-6789")), "{name}");
        }
        assert!(!may_be_ssn("x_note", &RawValue::text("312-555-0100")));
    }

    #[test]
    fn the_store_gets_no_digit_of_a_number() {
        let schema = Schema::named("us/home-services@1").unwrap();
        let raw = read_raw(
            br#"{"phone":"312-555-0100","SSN":"123-45-6789","who":{"social security":123456789},"l":["123-45-6789"],"zip":"60601"}"#,
        );
        let hidden = write_raw_as_it_came(&RawValue::Object(without_ssn(&raw.unwrap().map, &schema).unwrap()));
        assert_eq!(
            hidden,
            r#"{"phone":"312-555-0100","SSN":"999-99-9999","who":{"social security":999999999},"l":["999-99-9999"],"zip":"60601"}"#
        );
        for (lead, stored) in [
            (
                r#"{"address":{"street":"5 Elm St","ssn":"123-45-6789"}}"#,
                r#"{"address":{"street":"5 Elm St","ssn":"999-99-9999"}}"#,
            ),
            (r#"{"name":{"first":"Amy","ssn":123456789}}"#, r#"{"name":{"first":"Amy","ssn":999999999}}"#),
        ] {
            let hidden = without_ssn(&read_raw(lead.as_bytes()).unwrap().map, &schema).unwrap();
            assert_eq!(write_raw_as_it_came(&RawValue::Object(hidden)), stored);
        }
        let auto = Schema::named("us/auto-insurance@1").unwrap();
        for drivers in [r#""[{\"ssn\":\"123-45-6789\"}]""#, r#"{"ssn":"123-45-6789"}"#, r#"["123-45-6789"]"#] {
            let lead = format!(r#"{{"drivers":{drivers}}}"#);
            let hidden = without_ssn(&read_raw(lead.as_bytes()).unwrap().map, &auto).expect(drivers);
            let hidden = write_raw_as_it_came(&RawValue::Object(hidden));
            assert!(!hidden.contains("6789"), "{hidden}");
        }
        let again = read_raw(hidden.as_bytes()).unwrap().map;
        assert_eq!(without_ssn(&again, &schema), None, "what is hidden stays as it is");
        for (json, may) in [
            (r#"{"phone":"312-555-0100","zip":"60601-1234"}"#, false),
            (r#"{"SSN":123456789}"#, true),
            (r#"{"Social security":123456789}"#, true),
            (r#"{"x":"123-45-6789"}"#, true),
            (r#"{"\u0073sn":123456789}"#, true),
            (r#"{"SS#Number":123456789}"#, true),
            (r#"{"S.S. Number":123456789}"#, true),
            (r#"{"address":"North Street 5","business":"Sons"}"#, false),
        ] {
            assert_eq!(may_hold_ssn(json.as_bytes()), may, "{json}");
        }
        let plain = read_raw(br#"{"phone":"312-555-0100","ssn_last4":"6789"}"#).unwrap().map;
        assert_eq!(without_ssn(&plain, &schema), None);
    }
}
