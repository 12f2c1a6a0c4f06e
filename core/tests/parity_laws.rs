//! Laws of the comparison: nothing differs from itself, and who changes sides sees the mirror.

use leadwright::model::{RawMap, RawValue, read_value, write_raw};
use leadwright::parity::{Rules, diff};
use proptest::prelude::*;

fn value() -> impl Strategy<Value = RawValue> {
    let text = prop_oneof![
        "[aA ]{0,4}",
        "[0-9]{1,3}",
        Just("2026-11-24T15:30:00Z".to_owned()),
        Just("2026-11-24T09:30:00-06:00".to_owned()),
        Just("e\u{301}".to_owned()),
        Just("é".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(RawValue::Null),
        any::<bool>().prop_map(RawValue::Bool),
        "-?(0|[1-9][0-9]{0,2})(\\.[0-9]{1,2})?".prop_map(RawValue::Number),
        text.prop_map(RawValue::Text),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(RawValue::List),
            prop::collection::btree_map("[abt]", inner, 0..4)
                .prop_map(|members| RawValue::Object(RawMap(members.into_iter().collect()))),
        ]
    })
}

fn rules() -> Vec<Rules> {
    [
        "{}",
        r#"{"unordered": ["", "/**"]}"#,
        r#"{"ignore": ["/a"], "tolerance": {"/**": "1"}}"#,
        r#"{"money": ["/**"], "unordered": ["/t"]}"#,
        r#"{"decision": true}"#,
    ]
    .into_iter()
    .map(|json| Rules::from_json(json.as_bytes()).expect("the rules are right"))
    .collect()
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(value in value()) {
        for rules in rules() {
            let found = diff(&value, &value, &rules);
            prop_assert!(found.is_empty(), "{} {:?}", write_raw(&value), found);
        }
        // Nor from itself written in another way.
        let read = read_value(write_raw(&value).as_bytes()).expect("it is JSON").value;
        prop_assert!(diff(&value, &read, &Rules::default()).is_empty());
    }

    #[test]
    fn who_changes_sides_sees_the_mirror(a in value(), b in value()) {
        for rules in rules() {
            let (there, back) = (diff(&a, &b, &rules), diff(&b, &a, &rules));
            let seen = |found: &[leadwright::parity::Difference]| {
                let mut seen: Vec<_> = found.iter().map(|one| (one.path.clone(), one.class)).collect();
                seen.sort();
                seen
            };
            let mut mirrored = seen(&back);
            mirrored.iter_mut().for_each(|(_, class)| *class = class.mirrored());
            mirrored.sort();
            prop_assert_eq!(seen(&there), mirrored, "{} {}", write_raw(&a), write_raw(&b));
            let money = |found: &[leadwright::parity::Difference]| -> i64 {
                found.iter().filter_map(|one| one.money).map(|money| money.units()).sum()
            };
            prop_assert_eq!(money(&there), -money(&back));
        }
    }

    #[test]
    fn what_is_without_a_difference_is_the_same(a in value(), b in value()) {
        // Numbers of one value may be written in two ways; all else is the same to the byte.
        if diff(&a, &b, &Rules::default()).is_empty() {
            let plain = |value: &RawValue| write_raw(value).replace(".00", "").replace(".0", "");
            let same = plain(&a) == plain(&b);
            let numbers = write_raw(&a).contains('.') || write_raw(&b).contains('.') || write_raw(&a).contains('0');
            prop_assert!(same || numbers, "{} {}", write_raw(&a), write_raw(&b));
        }
    }
}
