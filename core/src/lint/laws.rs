//! What the search promises: what it finds is met, and what it says is impossible no lead does.

use super::form::{met, not_met};
use super::lead::Lead;
use super::solve::{Found, solve};
use super::space::{Space, state_of};
use crate::geo::{Zip5, zip_info};
use crate::model::{Date, Money, Severity, Value};
use crate::plan::parse;
use crate::rules::{Area, AreaParts, Criteria, Names, compile};
use crate::schema::Schema;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

const STATES: [&str; 5] = ["TX", "OK", "CA", "IL", "NY"];
/// The table does not have the last two, though nothing but California begins with 902.
const ZIPS: [&str; 8] = ["75201", "75202", "90210", "60601", "10001", "73102", "00000", "90299"];
const TIMES: [&str; 4] = ["now", "30d", "90d", "later"];

/// One area with a ZIP code that the table does not have, one that leaves such a one out, one without any.
fn areas() -> &'static BTreeMap<String, Area> {
    static AREAS: LazyLock<BTreeMap<String, Area>> = LazyLock::new(|| {
        let zips = |all: &[&str]| all.iter().filter_map(|zip| Zip5::parse(zip)).collect::<Vec<_>>();
        let circle = Some((zip_info("75201").unwrap(), 200_000));
        let not_zips = zips(&["75202", "00000"]);
        let odd = AreaParts { zips: zips(&["90210", "90299"]), not_zips, ..AreaParts::default() };
        let states = AreaParts { states: ["CA".to_owned()].into(), ..AreaParts::default() };
        let near = AreaParts { circle, ..AreaParts::default() };
        [("near", near), ("odd", odd), ("west", states)].map(|(name, parts)| (name.to_owned(), Area::of(&parts))).into()
    });
    &AREAS
}

fn today() -> Date {
    "2026-11-24".parse().unwrap()
}

fn schema() -> Schema {
    let mut schema = Schema::named("us/home-services@1").unwrap();
    // One field that no lead is without.
    let homeowner = schema.field("homeowner").unwrap().clone();
    schema.put(crate::schema::Field { required: true, ..homeowner });
    schema
}

fn criteria(text: &str) -> Criteria {
    let schema = schema();
    let lists: BTreeSet<String> = ["dnc", "vip"].map(str::to_owned).into();
    let names = Names { schema: &schema, lists: &lists, areas: areas() };
    let node = parse(text, 0).node.unwrap();
    let mut findings = Vec::new();
    let criteria = compile(&node, &names, "", "the test", &mut findings).unwrap();
    assert!(findings.iter().all(|found| found.severity != Severity::Error), "{text}: {findings:?}");
    criteria
}

fn condition(values: BoxedStrategy<String>, ordered: bool) -> BoxedStrategy<String> {
    let list = prop::collection::vec(values.clone(), 1..4).prop_map(|all| format!("[{}]", all.join(",")));
    let missing = prop_oneof![3 => Just(""), 1 => Just(", \"missing\": \"ok\"")];
    let plain = prop_oneof![values.clone(), list];
    let not = (plain.clone(), missing.clone()).prop_map(|(inner, missing)| format!("{{\"not\": {inner}{missing}}}"));
    if !ordered {
        return prop_oneof![3 => plain, 2 => not].boxed();
    }
    let low = prop_oneof![Just("gte"), Just("gt")];
    let high = prop_oneof![Just("lte"), Just("lt")];
    let range = (low, values.clone(), high, values, missing)
        .prop_map(|(low, a, high, b, missing)| format!("{{\"{low}\": {a}, \"{high}\": {b}{missing}}}"));
    let not_range =
        range.clone().prop_map(|range| format!("{{\"not\": {}}}", range.replace(", \"missing\": \"ok\"", "")));
    prop_oneof![2 => plain, 4 => range, 1 => not, 1 => not_range].boxed()
}

fn line() -> BoxedStrategy<String> {
    let word = |all: &'static [&'static str]| prop::sample::select(all).prop_map(|text| format!("\"{text}\"")).boxed();
    let number = |most: u32| (0..most).prop_map(|n| n.to_string()).boxed();
    let line = |name: &'static str, condition: BoxedStrategy<String>| {
        condition.prop_map(move |wanted| format!("\"{name}\": {wanted}")).boxed()
    };
    let flag = any::<bool>().prop_map(|yes| yes.to_string()).boxed();
    let date = (1..6u32)
        .prop_map(|day| format!("\"2026-02-{:02}\"", day + 24))
        .prop_filter("a date", |text| text < &"\"2026-02-29\"".to_owned())
        .boxed();
    let money = (0..4u32).prop_map(|n| format!("\"{n}.50\"")).boxed();
    prop_oneof![
        3 => line("state", condition(word(&STATES), false)),
        3 => line("zip", condition(word(&ZIPS), false)),
        3 => line("timeframe", condition(word(&TIMES), false)),
        3 => line("homeowner", condition(flag, false)),
        2 => line("age", condition(number(6), true)),
        2 => line("roof_age", condition(prop_oneof![number(4), Just("200".to_owned())].boxed(), true)),
        1 => line("service_date", condition(date, true)),
        1 => line("budget", condition(money, true)),
        2 => line("area", condition(word(&["near", "odd", "west"]), false)),
        1 => (prop_oneof![Just("dnc"), Just("vip")], any::<bool>())
            .prop_map(|(list, on)| format!("\"list.{list}\": {}", if on { "true" } else { "{\"not\": true}" })),
    ]
    .boxed()
}

fn lines(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(line(), 0..most).prop_map(|lines| {
        let by_key: BTreeMap<String, String> =
            lines.into_iter().filter_map(|line| Some((line.split_once(':')?.0.to_owned(), line))).collect();
        by_key.into_values().collect::<Vec<_>>().join(", ")
    })
}

fn wish() -> impl Strategy<Value = String> {
    lines(5).prop_map(|all| format!("{{{all}}}")).prop_recursive(3, 24, 4, |inner| {
        let joined = prop::collection::vec(inner, 1..4).prop_map(|all| all.join(", "));
        (lines(3), prop::option::of(joined.clone()), prop::option::of(joined)).prop_map(|(lines, any, all)| {
            let any = any.map(|any| format!("\"any\": [{any}]"));
            let all = all.map(|all| format!("\"all\": [{all}]"));
            let parts = [Some(lines).filter(|lines| !lines.is_empty()), any, all];
            format!("{{{}}}", parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
        })
    })
}

/// A lead as validation makes it: the state is that of the ZIP code, or one of them is missing.
fn lead() -> impl Strategy<Value = Lead> {
    let some =
        |all: &'static [&'static str]| prop::option::weighted(0.8, prop::sample::select(all).prop_map(Value::text));
    let states = ["TX", "OK", "CA", "IL", "NY", "AK"].as_slice();
    let zips = ["75201", "75202", "90210", "60601", "10001", "73102", "00000", "90299", "99501", "77001"].as_slice();
    let number = |most: i64| prop::option::weighted(0.8, (0..most).prop_map(Value::Int));
    let date = (1..6u8, 2..4u8).prop_map(|(day, month)| Date::new(2026, month, (day + 24) % 29 + 1).map(Value::Date));
    (
        (some(states), some(zips), any::<bool>(), some(&TIMES), any::<bool>()),
        prop::option::weighted(0.8, (0..8i16).prop_map(|n| Value::Date(Date::new(2026 - n, 11, 24).unwrap()))),
        prop_oneof![4 => number(6), 1 => Just(Some(Value::Int(200)))],
        date,
        prop::option::weighted(0.8, (0..5).prop_map(|n| Value::Money(format!("{n}.50").parse::<Money>().unwrap()))),
        (prop::option::weighted(0.8, any::<bool>()), prop::option::weighted(0.8, any::<bool>())),
    )
        .prop_map(|((state, zip, both, timeframe, homeowner), dob, roof_age, service_date, budget, (dnc, vip))| {
            let of_zip = zip.as_ref().and_then(Value::as_text).and_then(state_of).map(Value::text);
            let state = if of_zip.is_some() { of_zip.filter(|_| both) } else { state };
            let homeowner = Some(Value::Bool(homeowner));
            let fields = [
                ("state", state),
                ("zip", zip),
                ("timeframe", timeframe),
                ("homeowner", homeowner),
                ("dob", dob),
                ("roof_age", roof_age),
                ("service_date", service_date),
                ("budget", budget),
            ];
            let lists = [("dnc", dnc), ("vip", vip)];
            Lead {
                fields: fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
                lists: lists.into_iter().filter_map(|(name, on)| Some((name.to_owned(), on?))).collect(),
                today: today(),
            }
        })
}

fn leads() -> impl Strategy<Value = Vec<Lead>> {
    prop::collection::vec(lead(), 24)
}

fn is_certain(found: &Found) -> bool {
    !matches!(found, Found::Unsure)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_lead_meets_criteria_exactly_when_one_is_found(text in wish(), leads in leads()) {
        let (schema, criteria) = (schema(), criteria(&text));
        let space = Space::of(&[&criteria], &schema, today());
        let found = solve(&space, &[&met(&criteria, &space)]);
        prop_assert!(is_certain(&found));
        match found {
            Found::Some(left) => {
                let lead = Lead::of(&space, &left);
                prop_assert!(lead.as_ref().is_some_and(|lead| lead.meets(Some(&criteria))), "{} {:?}", text, lead);
            }
            _ => prop_assert!(!leads.iter().any(|lead| lead.meets(Some(&criteria))), "{}", text),
        }
    }

    #[test]
    fn a_lead_does_not_meet_criteria_exactly_when_one_is_found(text in wish(), leads in leads()) {
        let (schema, criteria) = (schema(), criteria(&text));
        let space = Space::of(&[&criteria], &schema, today());
        let found = solve(&space, &[&not_met(&criteria, &space)]);
        prop_assert!(is_certain(&found));
        match found {
            // A lead that misses the field is one, too; it is shown without it.
            Found::Some(left) => {
                let lead = Lead::of(&space, &left);
                prop_assert!(lead.as_ref().is_some_and(|lead| !lead.meets(Some(&criteria))), "{} {:?}", text, lead);
            }
            _ => prop_assert!(leads.iter().all(|lead| lead.meets(Some(&criteria))), "{}", text),
        }
    }

    #[test]
    fn what_covers_something_takes_all_of_it(a in lines(3), b in lines(6), leads in leads()) {
        let schema = schema();
        let (wide, narrow) = (criteria(&format!("{{{a}}}")), criteria(&format!("{{{b}}}")));
        let space = Space::of(&[&wide, &narrow], &schema, today());
        match solve(&space, &[&met(&narrow, &space), &not_met(&wide, &space)]) {
            Found::Some(left) => {
                let lead = Lead::of(&space, &left);
                let shows = |lead: &Lead| lead.meets(Some(&narrow)) && !lead.meets(Some(&wide));
                prop_assert!(lead.as_ref().is_some_and(shows), "{} / {} {:?}", a, b, lead);
            }
            Found::None => {
                let counter = leads.iter().find(|lead| lead.meets(Some(&narrow)) && !lead.meets(Some(&wide)));
                prop_assert!(counter.is_none(), "{} / {} {:?}", a, b, counter);
            }
            Found::Unsure => prop_assert!(false, "{a} / {b}"),
        }
    }
}

/// Both sides of the laws are seen often enough.
#[test]
fn the_laws_see_criteria_of_both_kinds() {
    let mut runner = TestRunner::deterministic();
    let schema = schema();
    let (mut never, mut always) = (0, 0);
    for _ in 0..400 {
        let text = wish().new_tree(&mut runner).unwrap().current();
        let criteria = criteria(&text);
        let space = Space::of(&[&criteria], &schema, today());
        never += usize::from(matches!(solve(&space, &[&met(&criteria, &space)]), Found::None));
        always += usize::from(matches!(solve(&space, &[&not_met(&criteria, &space)]), Found::None));
    }
    assert!((20..300).contains(&never) && (20..300).contains(&always), "{never} never, {always} always");
}

#[test]
fn a_zip_code_that_the_table_does_not_have_may_stand_beside_any_state() {
    assert_eq!((state_of("90299"), state_of("90210")), (None, Some("CA")));
    let (schema, criteria) = (schema(), criteria(r#"{"state": "TX", "zip": "90299"}"#));
    let space = Space::of(&[&criteria], &schema, today());
    assert!(matches!(solve(&space, &[&met(&criteria, &space)]), Found::Some(_)));
}
