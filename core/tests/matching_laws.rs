//! What the index promises: the answer of the straightforward evaluator, for any criteria and any lead, and no
//! allocation on the way.

use leadwright::field::{FieldKind, FieldOptions, Member};
use leadwright::geo::{Zip5, zip_info};
use leadwright::matching::{Ask, Index, Matcher, Scratch, WhyNot, WhyScratch};
use leadwright::model::{Date, Money, Value};
use leadwright::plan::parse;
use leadwright::rules::{Area, AreaParts, Criteria, Facts, Names, Truth, compile};
use leadwright::schema::{Field, Schema};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

#[derive(Clone, Debug, Default)]
struct Lead {
    fields: BTreeMap<String, Value>,
    lists: BTreeMap<String, bool>,
}

impl Facts for Lead {
    fn value(&self, field: &str) -> Option<&Value> {
        self.fields.get(field)
    }

    fn each(&self, visit: &mut dyn FnMut(&str, &Value)) {
        self.fields.iter().for_each(|(name, value)| visit(name, value));
    }

    fn in_list(&self, list: &str) -> Option<bool> {
        self.lists.get(list).copied()
    }

    fn today(&self) -> Date {
        "2026-11-24".parse().expect("a date")
    }
}

/// Shows its fields in the opposite order.
struct Backwards<'a>(&'a Lead);

impl Facts for Backwards<'_> {
    fn value(&self, field: &str) -> Option<&Value> {
        self.0.value(field)
    }

    fn each(&self, visit: &mut dyn FnMut(&str, &Value)) {
        self.0.fields.iter().rev().for_each(|(name, value)| visit(name, value));
    }

    fn in_list(&self, list: &str) -> Option<bool> {
        self.0.in_list(list)
    }

    fn today(&self) -> Date {
        self.0.today()
    }
}

/// A circle, a state, ZIP codes some of which the table does not have, and a list that leaves such ones out.
fn areas() -> &'static BTreeMap<String, Area> {
    static AREAS: LazyLock<BTreeMap<String, Area>> = LazyLock::new(|| {
        let zips = |most: u32| (0..most).filter_map(|n| Zip5::parse(&format!("{:05}", n * 7))).collect::<Vec<_>>();
        let circle = Some((zip_info("01001").expect("a ZIP code"), 60_000));
        let parts = [
            ("near", AreaParts { circle, ..AreaParts::default() }),
            ("ma", AreaParts { states: ["MA".to_owned()].into(), ..AreaParts::default() }),
            ("few", AreaParts { zips: zips(3), ..AreaParts::default() }),
            ("odd", AreaParts { zips: zips(5), not_zips: zips(2), ..AreaParts::default() }),
        ];
        parts.map(|(name, parts)| (name.to_owned(), Area::of(&parts))).into()
    });
    &AREAS
}

fn criteria(text: &str) -> Criteria {
    let mut schema = Schema::named("us/home-services@1").expect("the catalogue has it");
    let auto = Schema::named("us/auto-insurance@1").expect("the catalogue has it");
    for name in ["vehicles", "drivers"] {
        schema.put(auto.field(name).expect("a field").clone());
    }
    let states = Member::new("", FieldKind::State, FieldOptions::default());
    let options = FieldOptions { items: Some(Box::new(states)), ..FieldOptions::default() };
    let phone = schema.field("phone").expect("a field").clone();
    schema.put(Field { name: "states".into(), kind: FieldKind::List, options, synonyms: Vec::new(), ..phone });
    let lists: BTreeSet<String> = ["dnc", "vip"].map(str::to_owned).into();
    let names = Names { schema: &schema, lists: &lists, areas: areas() };
    let node = parse(text, 0).node.expect("it is JSON");
    let mut findings = Vec::new();
    let criteria = compile(&node, &names, "", "the test", &mut findings).expect("an object");
    let errors: Vec<_> = findings.iter().filter(|found| found.severity == leadwright::model::Severity::Error).collect();
    assert!(errors.is_empty(), "{text}: {errors:?}");
    criteria
}

/// The straightforward way.
fn slowly(contracts: &[(u32, Option<&Criteria>)], lead: &dyn Facts, ask: Ask) -> Vec<u32> {
    let wanted = |truth: Truth| match ask {
        Ask::IsTrue => truth == Truth::True,
        Ask::NotFalse => truth != Truth::False,
    };
    let meets = |criteria: &Option<&Criteria>| criteria.is_none_or(|criteria| wanted(criteria.evaluate(lead).truth));
    contracts.iter().filter(|(_, criteria)| meets(criteria)).map(|(place, _)| *place).collect()
}

const STATES: [&str; 6] = ["TX", "OK", "CA", "NV", "IL", "NY"];
const PROJECTS: [&str; 4] = ["roof", "Gutter", "SOLAR", "Été à Paris"];

/// A number of few values, so that leads are often on the edge of a range.
fn few(most: u32) -> impl Strategy<Value = u32> + Clone {
    prop_oneof![3 => 0..most.min(6), 1 => 0..most]
}

fn condition(values: impl Strategy<Value = String> + Clone + 'static, ordered: bool) -> BoxedStrategy<String> {
    let list = prop::collection::vec(values.clone(), 1..4).prop_map(|all| format!("[{}]", all.join(",")));
    let missing = prop_oneof![3 => Just(""), 1 => Just(", \"missing\": \"ok\"")];
    let plain = prop_oneof![values.clone(), list];
    let not = (plain.clone(), missing.clone()).prop_map(|(inner, missing)| format!("{{\"not\": {inner}{missing}}}"));
    if !ordered {
        return prop_oneof![4 => plain, 1 => not].boxed();
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
    let text = |name: &'static str, all: &'static [&'static str]| {
        let value = prop::sample::select(all).prop_map(|text| format!("\"{text}\""));
        condition(value, false).prop_map(move |wanted| format!("\"{name}\": {wanted}"))
    };
    let word = |all: &'static [&'static str]| prop::sample::select(all).prop_map(|text| format!("\"{text}\""));
    let path =
        |list: &'static str, words: &'static [&'static str], end: &'static str, condition: BoxedStrategy<String>| {
            let dot = if end.is_empty() { "" } else { "." };
            (prop::sample::select(words), condition)
                .prop_map(move |(word, wanted)| format!("\"{list}.{word}{dot}{end}\": {wanted}"))
        };
    let zip = few(3_000).prop_map(|n| format!("\"{:05}\"", n * 7));
    let flag = any::<bool>().prop_map(|yes| yes.to_string());
    let date = few(28).prop_map(|day| format!("\"2026-12-{:02}\"", day + 1));
    let money = few(200).prop_map(|n| format!("\"{n}.50\""));
    let on = prop_oneof![Just("true"), Just("{\"not\": true}")];
    prop_oneof![
        3 => text("state", &STATES),
        1 => text("project", &PROJECTS),
        1 => text("timeframe", &["now", "30d", "90d", "later"]),
        3 => condition(zip, false).prop_map(|wanted| format!("\"zip\": {wanted}")),
        2 => condition(flag, false).prop_map(|wanted| format!("\"homeowner\": {wanted}")),
        2 => condition(few(100).prop_map(|n| n.to_string()), true).prop_map(|wanted| format!("\"age\": {wanted}")),
        2 => condition(few(200).prop_map(|n| n.to_string()), true).prop_map(|wanted| format!("\"roof_age\": {wanted}")),
        1 => condition(date, true).prop_map(|wanted| format!("\"service_date\": {wanted}")),
        1 => condition(money, true).prop_map(|wanted| format!("\"budget\": {wanted}")),
        2 => path("vehicles", &["any", "all", "first", "newest", "oldest"], "year", condition(few(60).prop_map(|n| (2020 - n).to_string()), true)),
        1 => path("vehicles", &["any", "all", "newest", "primary"], "make", condition(word(&["Kia", "BMW", "Audi"]), false)),
        2 => path("drivers", &["any", "all", "primary"], "sr22", condition(any::<bool>().prop_map(|yes| yes.to_string()), false)),
        2 => path("drivers", &["any", "all", "first", "primary"], "age", condition(few(90).prop_map(|n| n.to_string()), true)),
        1 => path("drivers", &["count"], "", condition(few(4).prop_map(|n| n.to_string()), true)),
        1 => path("states", &["any", "all", "first"], "", condition(word(&STATES), false)),
        2 => text("area", &["near", "ma", "few", "odd"]),
        1 => (prop_oneof![Just("dnc"), Just("vip")], on).prop_map(|(list, on)| format!("\"list.{list}\": {on}")),
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
    let nested = |depth: u32| {
        lines(3).prop_map(|all| format!("{{{all}}}")).prop_recursive(depth, 16, 3, |inner| {
            let join = prop_oneof![Just("any"), Just("all")];
            (lines(2), join, prop::collection::vec(inner, 1..4)).prop_map(|(lines, join, inner)| {
                let comma = if lines.is_empty() { "" } else { ", " };
                format!("{{{lines}{comma}\"{join}\": [{}]}}", inner.join(", "))
            })
        })
    };
    prop_oneof![3 => lines(7).prop_map(|all| format!("{{{all}}}")), 1 => nested(3)]
}

fn record(members: Vec<(&str, Option<Value>)>) -> Value {
    Value::Record(members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

/// Lists of things, parts of which are missing; an empty list too, though validation makes none.
fn things() -> impl Strategy<Value = [(&'static str, Option<Value>); 3]> {
    let year = prop::option::weighted(0.8, few(60).prop_map(|n| Value::Int(2020 - i64::from(n))));
    let make = prop::option::weighted(0.7, prop::sample::select(vec!["Kia", "BMW", "audi"]).prop_map(Value::text));
    let vehicle = (year, make).prop_map(|(year, make)| record(vec![("year", year), ("make", make)]));
    let flag = |often| prop::option::weighted(often, any::<bool>().prop_map(Value::Bool));
    let born = few(90).prop_map(|n| Value::Date(Date::new(2026 - n as i16, 11, 24).expect("a date")));
    let driver = (flag(0.3), flag(0.7), prop::option::weighted(0.7, born))
        .prop_map(|(primary, sr22, dob)| record(vec![("primary", primary), ("sr22", sr22), ("dob", dob)]));
    let state = prop::sample::select(STATES.as_slice()).prop_map(Value::text);
    (
        prop::option::weighted(0.8, prop::collection::vec(vehicle, 0..4).prop_map(Value::List)),
        prop::option::weighted(0.8, prop::collection::vec(driver, 0..4).prop_map(Value::List)),
        prop::option::weighted(0.8, prop::collection::vec(state, 0..3).prop_map(Value::List)),
    )
        .prop_map(|(vehicles, drivers, states)| [("vehicles", vehicles), ("drivers", drivers), ("states", states)])
}

fn lead() -> impl Strategy<Value = Lead> {
    (plain_lead(), things()).prop_map(|(mut lead, things)| {
        lead.fields.extend(things.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
        lead
    })
}

fn plain_lead() -> impl Strategy<Value = Lead> {
    let text = |all: &'static [&'static str]| {
        let more = ["", "tx", "roof", "ÉTÉ À PARIS", "nobody names this"];
        prop_oneof![4 => prop::sample::select(all), 1 => prop::sample::select(more.to_vec())].prop_map(Value::text)
    };
    let date = |year: &'static str| {
        few(28).prop_map(move |day| Value::Date(format!("{year}-{:02}", day + 1).parse().expect("a date")))
    };
    let fields = (
        prop::option::weighted(0.8, text(&STATES)),
        prop::option::weighted(0.8, few(3_000).prop_map(|n| Value::text(format!("{:05}", n * 7)))),
        prop::option::weighted(0.8, text(&PROJECTS)),
        prop::option::weighted(0.8, text(&["now", "30d", "90d", "later"])),
        prop::option::weighted(0.8, any::<bool>().prop_map(Value::Bool)),
        prop::option::weighted(
            0.8,
            few(100).prop_map(|n| Value::Date(Date::new(2026 - n as i16, 11, 24).expect("a date"))),
        ),
        prop::option::weighted(0.8, few(200).prop_map(|n| Value::Int(i64::from(n)))),
        prop::option::weighted(0.8, date("2026-12")),
        prop::option::weighted(
            0.8,
            few(200).prop_map(|n| Value::Money(format!("{n}.50").parse::<Money>().expect("money"))),
        ),
        prop::option::weighted(0.8, any::<bool>()),
        prop::option::weighted(0.8, any::<bool>()),
    );
    fields.prop_map(|(state, zip, project, timeframe, homeowner, dob, roof_age, service_date, budget, dnc, vip)| {
        let fields = [
            ("state", state),
            ("zip", zip),
            ("project", project),
            ("timeframe", timeframe),
            ("homeowner", homeowner),
            ("dob", dob),
            ("roof_age", roof_age),
            ("service_date", service_date),
            ("budget", budget),
            ("phone", Some(Value::text("+13125550100"))),
        ];
        Lead {
            fields: fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect(),
            lists: [("dnc", dnc), ("vip", vip)]
                .into_iter()
                .filter_map(|(name, on)| Some((name.to_owned(), on?)))
                .collect(),
        }
    })
}

fn agree(contracts: &[(u32, Option<&Criteria>)], index: &Index, lead: &Lead, scratch: &mut Scratch) {
    for ask in [Ask::IsTrue, Ask::NotFalse] {
        assert_eq!(index.find(lead, ask, scratch), slowly(contracts, lead, ask), "{ask:?} {lead:?}");
    }
}

/// The first condition in the way of each contract is the one that the evaluator names.
fn agree_why(contracts: &[(u32, Option<&Criteria>)], index: &Index, why: &WhyNot, leads: &[Lead]) {
    let mut scratch = WhyScratch::default();
    for lead in leads {
        let criteria = |place: u32| contracts[place as usize].1;
        let reasons = why.ask(index, lead, &criteria, &mut scratch);
        let mut said: Vec<_> = reasons.each().collect();
        said.sort_by_key(|(place, _)| *place);
        let met = said.iter().filter(|(_, why)| why.is_none()).count();
        assert_eq!((reasons.considered(), reasons.matched()), (contracts.len(), met));
        assert_eq!(reasons.counts().map(|(_, count)| count as usize).sum::<usize>(), contracts.len() - met);
        for ((place, why), (known, criteria)) in said.into_iter().zip(contracts) {
            let failing = criteria.and_then(|criteria| {
                let verdict = criteria.evaluate(lead);
                Some((verdict.failing?.check, verdict.truth))
            });
            let why = why.map(|(check, truth)| (check.to_owned(), truth));
            assert_eq!((place, why), (*known, failing), "{lead:?} {criteria:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Any criteria, any leads, both questions; many copies make several blocks.
    #[test]
    fn the_index_says_what_the_evaluator_says(
        wishes in prop::collection::vec(prop::option::weighted(0.97, wish()), 1..60),
        copies in prop_oneof![3 => Just(1_usize), 1 => Just(30)],
        leads in prop::collection::vec(lead(), 1..12),
    ) {
        let compiled: Vec<Option<Criteria>> = wishes.iter().map(|wish| wish.as_deref().map(criteria)).collect();
        let contracts: Vec<(u32, Option<&Criteria>)> =
            (0..).zip(compiled.iter().cycle().take(compiled.len() * copies).map(Option::as_ref)).collect();
        let index = Index::new(&contracts);
        let mut scratch = Scratch::default();
        for lead in &leads {
            agree(&contracts, &index, lead, &mut scratch);
            let backwards = index.find(&Backwards(lead), Ask::IsTrue, &mut scratch).to_vec();
            prop_assert_eq!(backwards, slowly(&contracts, lead, Ask::IsTrue));
        }
        agree_why(&contracts, &index, &WhyNot::new(&index, &contracts), &leads);
    }

    /// A field that comes to be known never makes a match of what was refused.
    #[test]
    fn more_fields_only_settle_what_was_open(wish in wish(), lead in lead(), field in 0..13_usize) {
        let criteria = criteria(&wish);
        let mut less = lead.clone();
        let name = less.fields.keys().nth(field % less.fields.len()).cloned().expect("a field");
        less.fields.remove(&name);
        let (before, after) = (criteria.evaluate(&less).truth, criteria.evaluate(&lead).truth);
        // `missing: "ok"` is a wish about leads without the field: it is settled by the lack, not by the value.
        prop_assume!(!wish.contains("missing"));
        prop_assert!(before == Truth::Unknown || before == after, "{before:?} {after:?}");
    }
}

/// Contracts with lists of ZIP codes and of words, long enough for postings, and bounds enough to share rows.
fn large(count: u32) -> Vec<Criteria> {
    let wish = |n: u32| {
        let zips: Vec<String> = (0..40).map(|k| format!("\"{:05}\"", (n * 37 + k * 11) % 5_000)).collect();
        let words: Vec<String> = (0..3).map(|k| format!("\"job {}\"", (n * 5 + k) % 2_500)).collect();
        let not = if n.is_multiple_of(3) { ("{\"not\": ", "}") } else { ("", "") };
        let mut lines = vec![format!("\"state\": \"{}\"", STATES[n as usize % 6])];
        if n.is_multiple_of(2) {
            lines.push(format!("\"zip\": {}[{}]{}", not.0, zips.join(","), not.1));
        }
        if n.is_multiple_of(5) {
            lines.push(format!("\"project\": {}[{}]{}", not.0, words.join(","), not.1));
        }
        if n % 4 != 3 {
            lines.push(format!("\"budget\": {{\"gte\": \"{}.25\", \"missing\": \"ok\"}}", n * 7 % 1_000));
        }
        if n % 6 == 1 {
            lines.push(format!("\"vehicles.newest.year\": {{\"gte\": {}}}", 1_990 + n % 40));
            lines.push(format!("\"drivers.any.age\": {{\"lt\": {}, \"missing\": \"ok\"}}", 16 + n % 70));
        }
        if n.is_multiple_of(9) {
            lines.push("\"area\": {\"in\": [\"near\", \"few\"], \"not\": \"odd\", \"missing\": \"ok\"}".to_owned());
        }
        if n % 10 == 1 {
            lines.push(format!("\"any\": [{{\"zip\": [{}]}}, {{\"age\": {{\"lt\": {}}}}}]", zips.join(","), n % 90));
        }
        criteria(&format!("{{{}}}", lines.join(", ")))
    };
    (0..count).map(wish).collect()
}

fn large_leads(count: u32) -> Vec<Lead> {
    let lead = |n: u32| {
        let fields = [
            ("state", (!n.is_multiple_of(7)).then(|| Value::text(STATES[n as usize % 6]))),
            ("zip", (!n.is_multiple_of(11)).then(|| Value::text(format!("{:05}", n * 13 % 5_200)))),
            ("project", (!n.is_multiple_of(5)).then(|| Value::text(format!("JOB {}", n * 3 % 2_600)))),
            (
                "budget",
                (!n.is_multiple_of(3))
                    .then(|| Value::Money(Money::from_units(i64::from(n) * 51_000 % 10_000_000).expect("money"))),
            ),
            (
                "dob",
                (!n.is_multiple_of(2)).then(|| Value::Date(Date::new(1930 + (n % 80) as i16, 5, 1).expect("a date"))),
            ),
            (
                "vehicles",
                (n % 4 != 1).then(|| {
                    Value::List(
                        (0..n % 3)
                            .map(|k| record(vec![("year", Some(Value::Int(i64::from(2_000 + n % 30 - k))))]))
                            .collect(),
                    )
                }),
            ),
            (
                "drivers",
                (n % 5 != 1).then(|| {
                    Value::List(
                        (0..n % 4)
                            .map(|k| {
                                record(vec![(
                                    "dob",
                                    Date::new(1940 + ((n * 7 + k) % 70) as i16, 5, 1)
                                        .map(Value::Date)
                                        .filter(|_| k != 2),
                                )])
                            })
                            .collect(),
                    )
                }),
            ),
        ];
        Lead {
            fields: fields.into_iter().filter_map(|(name, value)| Some((name.into(), value?))).collect(),
            lists: BTreeMap::new(),
        }
    };
    (0..count).map(lead).collect()
}

#[test]
fn long_lists_and_many_bounds_agree_too() {
    let compiled = large(2_600);
    let contracts: Vec<_> = (0..).zip(compiled.iter().map(Some)).collect();
    let index = Index::new(&contracts);
    let mut scratch = Scratch::default();
    for lead in large_leads(150) {
        agree(&contracts, &index, &lead, &mut scratch);
    }
    agree_why(&contracts, &index, &WhyNot::new(&index, &contracts), &large_leads(60));
}

#[test]
fn a_warm_search_allocates_nothing() {
    let compiled = large(2_600);
    let contracts: Vec<_> = (0..).zip(compiled.iter().map(Some)).collect();
    let index = Index::new(&contracts);
    let leads = large_leads(60);
    let mut scratch = Scratch::default();
    let mut found = 0;
    let mut all = |found: &mut usize| {
        for lead in &leads {
            for ask in [Ask::IsTrue, Ask::NotFalse] {
                *found += index.find(lead, ask, &mut scratch).len();
            }
        }
    };
    let cold = allocation_counter::measure(|| all(&mut found));
    let warm = allocation_counter::measure(|| all(&mut found));
    assert!(found > 1_000, "{found} matches");
    assert!(cold.count_total > 0, "the counter counts");
    assert_eq!(warm.count_total, 0);
}

#[test]
fn an_index_without_contracts_and_one_without_criteria_answer() {
    let lead = Lead::default();
    assert!(Matcher::new(&[]).find(&lead, Ask::IsTrue).is_empty());
    assert_eq!(Matcher::new(&[(7, None), (9, None)]).find(&lead, Ask::IsTrue), [7, 9]);
}

#[test]
fn many_threads_may_ask_one_matcher() {
    let compiled = large(600);
    let contracts: Vec<_> = (0..).zip(compiled.iter().map(Some)).collect();
    let matcher = Matcher::new(&contracts);
    let leads = large_leads(40);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for lead in &leads {
                    assert_eq!(matcher.find(lead, Ask::IsTrue), slowly(&contracts, lead, Ask::IsTrue));
                }
            });
        }
    });
}
