//! What `lint` says of a plan, each code twice, and that it says nothing of plans that are as they should be.

use leadwright::lint::lint;
use leadwright::model::{Code, CodeKind, Issue};
use leadwright::plan::{MemoryResolver, Plan};
use std::collections::BTreeMap;

const PLAN: &str = r#"{
  "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago", "include": ["b.jsonc"],
  "verticals": { "roofing": { "extends": "us/home-services@1" } },
  "sources": { "web": { "verticals": ["roofing"], "payout": { "fixed": "4.00" } } },
  "intake": { "suppress": ["opt-outs"] },
  "lists": { "opt-outs": { "file": "o.txt", "of": "phone" } },
  "hours": { "office": { "mon-fri": "08:00-18:00" } },
  "routes": { "roofing": {
    "groups": [ { "id": "first", "select": "priority" }, { "id": "open", "select": "price", "floor": "1.00" } ],
    "on_unsold": { "then": "store" } } }
}"#;
const BUYER: &str = r#"{
  "buyer": "summit",
  "contracts": {
    "one": { "in": { "roofing/first": { "priority": 1 } },
      "where": { "homeowner": true, "roof_age": { "gte": 10 } },
      "hours": "office",
      "caps": { "day": 25, "hour": 6 },
      "sell": { "exclusive": { "price": "40.00" } } },
    "two": { "in": { "roofing/open": {} },
      "where": { "timeframe": "now" },
      "sell": { "exclusive": { "price": "20.00" } } } }
}"#;

fn issues(edits: &[(&str, &str)]) -> Vec<Issue> {
    let (mut plan, mut buyer) = (PLAN.to_owned(), BUYER.to_owned());
    for (from, to) in edits {
        let text = if plan.contains(from) { &mut plan } else { &mut buyer };
        assert!(text.contains(from), "{from}");
        *text = text.replacen(from, to, 1);
    }
    let files = MemoryResolver::new([("plan.jsonc", plan), ("b.jsonc", buyer), ("o.txt", "+17735550123\n".to_owned())]);
    let checked = Plan::check(&files, "plan.jsonc");
    assert!(checked.plan.is_some(), "{edits:?}: {:#?}", checked.issues);
    lint(&checked, "2026-11-24".parse().unwrap())
}

const TIME: &str = "\"timeframe\": \"now\"";
const ONE: &str = "\"homeowner\": true, \"roof_age\": { \"gte\": 10 }";
const HOURS: &str = "\"hours\": \"office\"";
const CAPS: &str = "\"day\": 25, \"hour\": 6";

/// What is changed, and the code and the sentence that are due.
const CASES: &[(&str, &str, Code, &str)] = &[
    (
        TIME,
        "\"state\": \"TX\", \"zip\": [\"90210\", \"90211\"]",
        Code::LintNeverMatches,
        "no lead meets contract `two`: `state` and `zip` exclude each other",
    ),
    (
        TIME,
        "\"timeframe\": \"now\", \"all\": [ { \"timeframe\": [\"30d\", \"90d\"] } ]",
        Code::LintNeverMatches,
        "no lead meets contract `two`: `timeframe` and `all` exclude each other",
    ),
    (TIME, "\"roof_age\": { \"gt\": 200 }", Code::LintNeverMatches, "no lead meets `roof_age` of contract `two`"),
    (
        TIME,
        "\"roof_age\": { \"gte\": 0 }, \"state\": \"TX\"",
        Code::LintAlwaysMatches,
        "every lead meets `roof_age` of contract `two` that has it; only leads without it are refused",
    ),
    (
        TIME,
        "\"any\": [ { \"homeowner\": { \"eq\": true, \"missing\": \"ok\" } }, { \"homeowner\": false } ]",
        Code::LintAlwaysMatches,
        "every lead meets contract `two`",
    ),
    (
        TIME,
        "\"state\": \"TX\", \"zip\": [\"75201\", \"90210\"]",
        Code::LintZipOutsideStates,
        "1 of 2 ZIP codes of contract `two` lies outside its states: 90210 in CA",
    ),
    (
        TIME,
        "\"state\": \"TX\", \"zip\": [\"75201\", \"90210\", \"90211\", \"10001\", \"60601\"]",
        Code::LintZipOutsideStates,
        "4 of 5 ZIP codes of contract `two` lie outside its states: 10001 in NY, 60601 in IL, 90210 in CA and 1 more",
    ),
    (
        "\"two\": {",
        "\"again\": { \"in\": { \"roofing/open\": {} }, \"where\": { \"timeframe\": [\"now\"] }, \"sell\": { \"exclusive\": { \"price\": \"20.00\" } } }, \"two\": {",
        Code::LintDuplicateContract,
        "contract `two` says what `again` says",
    ),
    (
        "\"two\": {",
        "\"same\": { \"in\": { \"roofing/first\": { \"priority\": 1 } }, \"where\": { \"roof_age\": { \"gte\": 10 }, \"homeowner\": true }, \"hours\": \"office\", \"caps\": { \"hour\": 6, \"day\": 25 }, \"sell\": { \"exclusive\": { \"price\": \"40.00\" } } }, \"two\": {",
        Code::LintDuplicateContract,
        "contract `same` says what `one` says",
    ),
    (
        "\"hours\": \"office\",\n      \"caps\": { \"day\": 25, \"hour\": 6 },\n      \"sell\": { \"exclusive\": { \"price\": \"40.00\" } } },",
        "\"sell\": { \"exclusive\": { \"price\": \"40.00\" } } }, \"late\": { \"in\": { \"roofing/open\": {} }, \"where\": { \"homeowner\": true, \"roof_age\": { \"gte\": 12 }, \"state\": \"TX\" }, \"sell\": { \"exclusive\": { \"price\": \"60.00\" } } },",
        Code::LintShadowed,
        "contract `late` gets nothing: `one` is asked before, takes every lead that it would take, and has no limit",
    ),
    (
        "\"two\": {",
        "\"cheap\": { \"in\": { \"roofing/open\": {} }, \"where\": { \"timeframe\": \"now\", \"state\": \"TX\" }, \"hours\": \"office\", \"sell\": { \"exclusive\": { \"price\": \"19.00\" } } }, \"two\": {",
        Code::LintShadowed,
        "contract `cheap` gets nothing: `two` is asked before, takes every lead that it would take, and has no limit",
    ),
    (
        HOURS,
        "\"starts\": \"2027-02-01\", \"ends\": \"2027-01-01\"",
        Code::LintNeverOpen,
        "contract `one` ends on 2027-01-01, before it starts on 2027-02-01",
    ),
    (
        HOURS,
        "\"starts\": \"2026-11-28\", \"ends\": \"2026-11-29\", \"hours\": \"office\"",
        Code::LintNeverOpen,
        "contract `one` is never open between its first and its last day",
    ),
    (
        HOURS,
        "\"hours\": \"office\", \"ends\": \"2026-11-23\"",
        Code::LintExpired,
        "contract `one` has ended on 2026-11-23",
    ),
    (
        HOURS,
        "\"hours\": \"office\", \"ends\": \"2025-01-01\"",
        Code::LintExpired,
        "contract `one` has ended on 2025-01-01",
    ),
    (CAPS, "\"day\": 0", Code::LintCapTakesNone, "contract `one` buys nothing: the cap is 0 a day"),
    (
        CAPS,
        "\"month\": { \"spend\": \"39.99\" }",
        Code::LintCapTakesNone,
        "contract `one` buys nothing: it may spend 39.99 a month, and a lead costs 40.00",
    ),
    (
        "\"buyer\": \"summit\",",
        "\"buyer\": \"summit\", \"caps\": { \"total\": 0 },",
        Code::LintCapTakesNone,
        "nothing is sold on buyer `summit`: the cap is 0 in all",
    ),
    (
        "\"payout\": { \"fixed\": \"4.00\" }",
        "\"caps\": { \"day\": 0 }",
        Code::LintCapTakesNone,
        "nothing is sold on the source `web`: the cap is 0 a day",
    ),
    (
        "\"select\": \"priority\"",
        "\"select\": \"priority\", \"caps\": { \"day\": { \"spend\": \"10.00\" } }",
        Code::LintCapTakesNone,
        "nothing is sold on the group `roofing/first`: it may spend 10.00 a day, and a lead costs 40.00",
    ),
    (
        CAPS,
        "\"day\": 25, \"hour\": 25",
        Code::LintCapNeverReached,
        "the cap of 25 an hour of contract `one` never counts: it takes 25 a day at most",
    ),
    (
        CAPS,
        "\"day\": 80, \"hour\": 6",
        Code::LintCapNeverReached,
        "the cap of 80 a day of contract `one` is never reached: 6 an hour make 60 in 10 open hours",
    ),
    (
        "\"floor\": \"1.00\"",
        "\"floor\": \"20.01\"",
        Code::LintPriceTooLow,
        "contract `two` sells nothing: 20.00 is below the floor of 20.01",
    ),
    (
        "\"roofing\": {\n    \"groups\"",
        "\"roofing\": { \"min_margin\": \"16.01\", \"groups\"",
        Code::LintPriceTooLow,
        "contract `two` sells nothing: 20.00 leaves at most 16.00 after the payout, and `min_margin` is 16.01",
    ),
    (
        "\"suppress\": [\"opt-outs\"]",
        "\"max_age\": \"31d\"",
        Code::LintUnused,
        "no condition and no suppression asks the list `opt-outs`",
    ),
    ("\"hours\": \"office\",\n", "", Code::LintUnused, "no contract is open by the hours `office`"),
    (TIME, "\"state\": [\"TX\", \"OK\"]", Code::LintGap, ""),
    (
        "\"caps\": { \"day\": 25, \"hour\": 6 }",
        "\"pace\": \"even\"",
        Code::LintPacesNothing,
        "contract `one` has no cap of an hour, a day, a week or a month to spread",
    ),
    (
        CAPS,
        "\"total\": 25, \"rolling\": { \"within\": \"24h\", \"count\": 5 } }, \"pace\": \"even\", \"rate\": { \"count\": 2, \"within\": \"1m\"",
        Code::LintPacesNothing,
        "contract `one` has no cap of an hour, a day, a week or a month to spread",
    ),
    (TIME, "\"state\": { \"not\": [\"AK\", \"HI\"] }", Code::LintGap, "nobody buys leads of `roofing` from AK, HI"),
];

#[test]
fn every_code_is_said_twice_with_its_sentence_and_a_lead_that_was_asked() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let with_leads = [
        Code::LintNeverMatches,
        Code::LintZipOutsideStates,
        Code::LintDuplicateContract,
        Code::LintShadowed,
        Code::LintGap,
    ];
    for (from, to, code, message) in CASES {
        // A gap is one only where nobody else buys.
        let alone = [(ONE, "\"state\": [\"TX\", \"OK\"]")];
        let edits: Vec<(&str, &str)> = match code {
            Code::LintGap => alone.into_iter().chain([(*from, *to)]).collect(),
            _ => vec![(*from, *to)],
        };
        let edits = match *message {
            "nobody buys leads of `roofing` from AK, HI" => vec![(*from, *to), (ONE, "\"state\": \"TX\"")],
            _ => edits,
        };
        let found = issues(&edits);
        let due = found.iter().find(|issue| issue.code == *code && (message.is_empty() || issue.message == *message));
        let said: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(due.is_some(), "{code} {to}: {said:#?}");
        // A condition that is impossible by itself has no lead that nearly meets it.
        let witness = due.is_some_and(|due| due.witness.is_some()) || message.starts_with("no lead meets `");
        assert!(witness || !with_leads.contains(code), "{code} {to} has no lead");
        *counts.entry(code.as_str()).or_default() += 1;
    }
    let all = Code::all().iter().filter(|code| code.kind() == CodeKind::Plan && code.as_str().starts_with("lint."));
    let rare: Vec<&str> =
        all.map(|code| code.as_str()).filter(|code| counts.get(code).is_none_or(|n| *n < 2)).collect();
    assert!(rare.is_empty(), "not twice: {}", rare.join(", "));
}

#[test]
fn a_plan_that_is_as_it_should_be_is_left_alone() {
    let found = issues(&[]);
    assert!(found.is_empty(), "{found:#?}");
    // What is nearly like the cases, and right.
    for edits in [
        // Who comes before has a cap, or hours, or is dearer in vain.
        &[("\"in\": { \"roofing/open\": {} }", "\"in\": { \"roofing/first\": { \"priority\": 2 } }")] as &[_],
        &[("\"payout\": { \"fixed\": \"4.00\" }", "\"payout\": { \"percent_of_price\": 70 }")],
        &[(CAPS, "\"day\": 60, \"hour\": 6")],
        &[(CAPS, "\"month\": 40, \"week\": 30, \"day\": 20")],
        &[(HOURS, "\"hours\": \"office\", \"pace\": \"even\"")],
        &[(HOURS, "\"hours\": \"office\", \"ends\": \"2026-11-24\"")],
        &[(HOURS, "\"hours\": \"office\", \"starts\": \"2026-11-28\", \"ends\": \"2026-11-30\"")],
        &[(TIME, "\"roof_age\": { \"lte\": 199, \"gte\": 1 }")],
        &[(TIME, "\"zip\": [\"75201\"], \"any\": [ { \"state\": \"TX\" }, { \"homeowner\": true } ]")],
        &[(TIME, "\"state\": { \"not\": \"CA\", \"missing\": \"ok\" }, \"zip\": [\"75201\"]")],
        &[("\"floor\": \"1.00\"", "\"floor\": \"20.00\"")],
        &[("\"roofing\": {\n    \"groups\"", "\"roofing\": { \"min_margin\": \"16.00\", \"groups\"")],
    ] {
        let found: Vec<String> = issues(edits).iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{edits:?}: {found:#?}");
    }
}

#[test]
fn a_negation_is_shown_by_the_lead_that_it_loses() {
    let found = issues(&[(TIME, "\"timeframe\": { \"not\": \"later\" }, \"state\": \"TX\"")]);
    let issue = found.iter().find(|issue| issue.code == Code::CriteriaNegatedOptional).unwrap();
    assert_eq!(issue.path, "/contracts/two/where/timeframe");
    let witness = issue.witness.as_ref().unwrap();
    assert_eq!(witness.to_string(), r#"{"state":"TX"}: it is refused, as where.timeframe cannot be judged"#);
}

/// What keeps some leads from the first contract leaves them to the second one.
#[test]
fn a_contract_that_refuses_some_leads_takes_not_all_from_another() {
    let cheap = |more: &str| {
        let two = "\"two\": {";
        let edit = format!(
            "\"cheap\": {{ \"in\": {{ \"roofing/open\": {{}} }}, \"where\": {{ \"timeframe\": \"now\", \"state\": \"TX\" }}, \"hours\": \"office\", \"sell\": {{ \"exclusive\": {{ \"price\": \"19.00\" }} }} }}, \"two\": {{ {more}"
        );
        let found = issues(&[(two, &edit)]);
        found.iter().any(|issue| issue.code == Code::LintShadowed)
    };
    assert!(cheap(""));
    for more in
        [r#""consent": { "max_age": "30d" },"#, r#""call_window": { "rules": "us-states@1", "outside": "skip" },"#]
    {
        assert!(!cheap(more), "{more}");
    }
    let route = "\"on_unsold\": { \"then\": \"store\" } } }";
    let caps = "\"caps\": { \"day\": { \"spend\": \"500.00\" } }, \"on_unsold\": { \"then\": \"store\" } } }";
    let two = "\"two\": {";
    let with_caps = |caps: &str| {
        let edit = "\"cheap\": { \"in\": { \"roofing/open\": {} }, \"where\": { \"timeframe\": \"now\", \"state\": \"TX\" }, \"hours\": \"office\", \"sell\": { \"exclusive\": { \"price\": \"19.00\" } } }, \"two\": {";
        issues(&[(two, edit), (route, caps)]).iter().any(|issue| issue.code == Code::LintShadowed)
    };
    assert!(with_caps(route) && !with_caps(caps));
}

/// The house takes what nobody else does (rule 98).
#[test]
fn a_house_without_criteria_leaves_no_gap() {
    let alone = (ONE, "\"state\": [\"TX\", \"OK\"]");
    let gap = |edits: &[(&str, &str)]| issues(edits).iter().any(|issue| issue.code == Code::LintGap);
    assert!(gap(&[alone, (TIME, "\"state\": \"TX\"")]));
    let house = ("\"then\": \"store\"", "\"then\": \"house\", \"contract\": \"house\"");
    let contract = (
        "\"two\": {",
        "\"house\": { \"house\": true, \"sell\": { \"exclusive\": { \"price\": \"1.00\" } } }, \"two\": {",
    );
    assert!(!gap(&[alone, (TIME, "\"state\": \"TX\""), house, contract]));
}
