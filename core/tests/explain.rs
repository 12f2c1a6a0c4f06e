//! Explanations: the decision is the same however much is explained, and what is said of other courses is what the engine
//! does by a plan that was changed by hand.

use leadwright::engine::{Engine, ExplainOptions, Explanation, WhyNot, WhyRoom, explain, explain_lead, explain_with};
use leadwright::model::{Code, Tick};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::MemoryStore;
use std::collections::BTreeMap;

/// The members of contracts, by contract and member.
type Contracts = BTreeMap<&'static str, BTreeMap<&'static str, String>>;

fn contracts() -> Contracts {
    let all = [
        ("acme-day", r#"{"first/all":{}}"#, r#"{"state":["TX","OK"]}"#, r#"{"day":3}"#, "80.00"),
        ("acme-night", r#"{"first/all":{}}"#, r#"{"homeowner":true}"#, r#"{"day":{"spend":"400.00"}}"#, "75.00"),
        ("bolt", r#"{"first/all":{}}"#, r#"{"roof_age":{"gte":10},"zip":["75001","75002"]}"#, r#"{"week":9}"#, "70.00"),
        (
            "cobb",
            r#"{"first/all":{}}"#,
            r#"{"roof_age":{"gte":5},"any":[{"state":"TX"},{"homeowner":true}]}"#,
            r#"{"hour":2}"#,
            "70.00",
        ),
        ("dune", r#"{"first/turns":{}}"#, r#"{"state":["TX","OK","NM"]}"#, r#"{"month":7}"#, "30.00"),
        ("elk", r#"{"first/turns":{}}"#, r#"{"homeowner":{"not":false,"missing":"ok"}}"#, r#"{"day":50}"#, "31.00"),
        ("fern", r#"{"first/last":{"priority":1}}"#, "{}", r#"{"day":4}"#, "9.00"),
        ("gale", r#"{"first/last":{"priority":2}}"#, r#"{"list.vip":true}"#, r#"{"day":4}"#, "12.00"),
        ("hill", r#"{"first/last":{"priority":3}}"#, r#"{"state":"TX"}"#, r#"{"day":90}"#, "3.00"),
    ];
    let one = |(id, within, wants, caps, price): (&'static str, &str, &str, &str, &str)| {
        let price = format!(r#"{{"exclusive":{{"price":"{price}"}},"shared":{{"price":"{price}","with_at_most":2}}}}"#);
        let mut members = BTreeMap::from([
            ("in", within.to_owned()),
            ("where", wants.to_owned()),
            ("caps", caps.to_owned()),
            ("sell", price),
        ]);
        if wants == "{}" {
            members.remove("where");
        }
        if id == "acme-night" {
            members.insert("hours", r#"{"mon-sun":"15:10-23:00"}"#.to_owned());
        }
        (id, members)
    };
    all.into_iter().map(one).collect()
}

fn plan(contracts: &Contracts) -> Plan {
    let buyer = |(id, members): (&&str, &BTreeMap<&str, String>)| {
        let members: Vec<String> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!(
            r#""{id}-co":{{"caps":{{"month":40}},"dedupe":[{{"any":["phone"],"within":"2d"}}],"contracts":{{"{id}":{{{}}}}}}}"#,
            members.join(",")
        )
    };
    let buyers: Vec<String> = contracts.iter().map(buyer).collect();
    let text = format!(
        r#"{{ "format": 1, "plan": "explained", "currency": "USD", "timezone": "America/Chicago",
        "verticals": {{ "first": {{ "extends": "us/home-services@1" }} }},
        "sources": {{ "web": {{ "verticals": ["first"], "payout": {{ "percent_of_price": 50 }} }} }},
        "lists": {{ "vip": {{ "file": "vip.txt", "of": "phone" }} }},
        "routes": {{ "first": {{ "max_sales": 2, "min_margin": "2.00", "groups": [
            {{ "id": "all", "select": "price", "take": 1, "caps": {{ "day": 12 }} }},
            {{ "id": "turns", "select": "round_robin", "take": 1 }},
            {{ "id": "last", "select": "priority", "floor": "4.00" }} ], "on_unsold": {{ "then": "store" }} }} }},
        "buyers": {{ {} }} }}"#,
        buyers.join(",")
    );
    let files = MemoryResolver::new([("plan.jsonc", text.into_bytes()), ("vip.txt", b"+13128671003\n".to_vec())]);
    Plan::load(&files, "plan.jsonc").unwrap_or_else(|error| panic!("{error} {:?}", error.issues()))
}

/// Leads of a morning, four at a time; some of them come again.
fn lead(n: usize) -> (String, Tick) {
    let state = ["TX", "OK", "NM", "IL"][n % 4];
    let owner = ["true", "false", "null"][n % 3];
    let lead = format!(
        r#"{{"id":"L{n}","source":"web","phone":"312-867-{:04}","zip":"{}","state":"{state}","homeowner":{owner},"roof_age":{}}}"#,
        1_000 + n % 23,
        ["75001", "73102", "87102", "60601"][n % 4],
        n * 5 % 19
    );
    let at = format!("2026-12-01T15:{:02}:00Z", n / 4);
    (lead, Tick::at(at.parse().expect("a time")))
}

fn all() -> ExplainOptions {
    ExplainOptions { all: true, ..ExplainOptions::default() }
}

#[test]
fn rule_099_the_decision_is_the_same_however_much_is_explained() {
    let plan = plan(&contracts());
    let engine = Engine::open(plan.clone(), MemoryStore::new()).expect("an engine");
    let (why_not, mut room) = (WhyNot::new(&plan), WhyRoom::default());
    let mut several = 0;
    for n in 0..80 {
        let (lead, tick) = lead(n);
        let tried = engine.explain_lead(lead.as_bytes(), tick, &all()).expect("it explains");
        let decided = engine.decide(lead.as_bytes(), tick).expect("it decides");
        let first = explain(engine.store(), engine.tenant(), &decided.id).expect("it explains");
        let every = explain_with(engine.store(), engine.tenant(), &decided.id, &all()).expect("it explains");
        for explained in [&tried, &first, &every] {
            assert_eq!(serde_json::to_vec(&explained.decision).expect("JSON"), decided.body, "{n}");
        }
        let entries = |of: &Explanation| of.entries.iter().map(|explained| explained.entry.clone()).collect::<Vec<_>>();
        assert_eq!(entries(&first), entries(&every), "{n}");
        assert_eq!(first.entries.len(), 9, "every contract has its entry");
        for explained in every.entries.iter().chain(&tried.entries) {
            let entry = &explained.entry;
            let checks: Vec<_> = explained.failing.iter().map(|failing| (failing.code, &failing.check)).collect();
            match entry.code {
                Code::ContractSold => assert!(checks.is_empty(), "{n} {checks:?}"),
                code => assert_eq!(checks.first(), Some(&(code, &entry.check)), "{n}"),
            }
            several += usize::from(checks.len() > 1);
        }
        // The short form says the same of criteria.
        let lead = engine.prepare(lead.as_bytes(), tick);
        let answer = why_not.ask(&lead, &mut room).expect("it has a route");
        assert_eq!(answer.counts().map(|(_, count)| count as usize).sum::<usize>() + answer.matched(), 9);
        assert_eq!(answer.matched(), first.decision.trace.funnel.matched as usize);
        for (contract, why) in answer.each() {
            let entry = first.entries.iter().find(|explained| explained.entry.contract == *contract);
            let entry = &entry.expect("it has an entry").entry;
            let of_criteria = entry.code.as_str().starts_with("criteria.");
            let said = of_criteria.then(|| (entry.code, entry.check.as_deref().expect("a check")));
            assert_eq!(why, said, "{n} {contract}");
        }
    }
    assert!(several > 100, "{several} contracts failed more than one check");
}

/// The contracts that get the lead by another plan, on the state of the engine.
fn by(engine: &Engine, plan: Plan, n: usize) -> Vec<String> {
    let old = engine.swap(plan).expect("another plan");
    let (lead, tick) = lead(n);
    let decided = engine.dry_run(lead.as_bytes(), tick).expect("it decides");
    engine.swap(Plan::clone(&old)).expect("the plan of before");
    let decision: serde_json::Value = serde_json::from_slice(&decided.body).expect("JSON");
    let sold = decision["assignments"].as_array().expect("a list");
    sold.iter().map(|sold| sold["contract"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn who_comes_next_and_which_limit_decided_is_what_another_plan_would_do() {
    let contracts = contracts();
    let engine = Engine::open(plan(&contracts), MemoryStore::new()).expect("an engine");
    let (mut next, mut nobody, mut decisive, mut not) = (0, 0, 0, 0);
    for n in 0..80 {
        let (lead, tick) = lead(n);
        let tried = engine.explain_lead(lead.as_bytes(), tick, &all()).expect("it explains");
        let had: Vec<&str> = tried.decision.assignments.iter().map(|sold| sold.contract.as_str()).collect();
        for sale in &tried.sales {
            let mut changed = contracts.clone();
            changed.get_mut(sale.contract.as_str()).expect("known").insert("status", "\"paused\"".to_owned());
            let instead = by(&engine, plan(&changed), n);
            let want = instead.iter().find(|id| !had.contains(&id.as_str()));
            let said = sale.runner_up.as_ref().map(|next| next.contract.as_str());
            assert_eq!(said, want.map(String::as_str), "{n}: {}", sale.text);
            let count = if want.is_some() { &mut next } else { &mut nobody };
            *count += 1;
        }
        for explained in &tried.entries {
            let entry = &explained.entry;
            let own: Vec<&str> = explained.failing.iter().filter_map(|failing| failing.check.as_deref()).collect();
            let limit = matches!(entry.code, Code::ContractCaps | Code::ContractClosed);
            if !limit || own.iter().any(|check| !check.starts_with("caps.contract") && *check != "hours") {
                continue;
            }
            let mut changed = contracts.clone();
            let members = changed.get_mut(entry.contract.as_str()).expect("known");
            members.remove("caps");
            members.remove("hours");
            let would = by(&engine, plan(&changed), n).iter().any(|id| *id == entry.contract.as_str());
            let said = tried.decisive.iter().find(|one| one.contract == entry.contract);
            assert_eq!(said.is_some(), would, "{n}: {} {own:?}", entry.contract);
            assert!(said.is_none_or(|one| one.checks == own && !one.perhaps), "{n}: {said:?}");
            let count = if would { &mut decisive } else { &mut not };
            *count += 1;
        }
        engine.decide(lead.as_bytes(), tick).expect("it decides");
    }
    assert!(next > 10 && nobody > 10, "{next} with somebody next, {nobody} without");
    assert!(decisive > 50 && not > 1, "{decisive} limits decided, {not} did not");
}

#[test]
fn near_misses_are_sentences_without_values() {
    let mut contracts = contracts();
    let mut set = |id: &str, wants: &str| drop(contracts.get_mut(id).expect("known").insert("where", wants.to_owned()));
    set("acme-day", r#"{"credit":["excellent","good"]}"#);
    set("bolt", r#"{"roof_age":{"gte":98,"lt":110},"state":"IL"}"#);
    set("cobb", r#"{"roof_age":{"gte":98},"state":"TX"}"#);
    set("dune", r#"{"age":{"gte":65}}"#);
    set("elk", r#"{"age":{"gte":65},"roof_age":{"not":[55]},"state":"TX"}"#);
    set("hill", r#"{"any":[{"state":"TX"},{"roof_age":{"gte":99}}]}"#);
    let lead = r#"{"id":"L1","source":"web","phone":"312-867-1777","state":"IL","zip":"60611","roof_age":97,"dob":"1977-03-04"}"#;
    let tick = Tick::at("2026-12-01T05:30:00Z".parse().expect("a time"));
    let explained = explain_lead(&plan(&contracts), lead.as_bytes(), tick, &all()).expect("it explains");
    let near: Vec<String> = explained
        .near
        .iter()
        .map(|near| format!("{} {} {}; {}", near.failing, near.contract, near.text, near.would))
        .collect();
    assert_eq!(
        near,
        [
            "1 acme-day one criterion away: credit is missing; would be eligible if credit is one of excellent, good",
            "1 acme-night one criterion away: homeowner is missing; its criteria would be met if homeowner is true; also in the way: hours",
            "1 bolt one criterion away: roof_age < 98; would be eligible if roof_age >= 98 and roof_age < 110",
            "1 dune one criterion away: age < 65; would be eligible if age >= 65",
            "1 gale one criterion away: the lead is not on the list `vip`; would be eligible if the lead is on the list `vip`",
            "1 hill one criterion away: it is not so that state is TX or roof_age is 99 or more; its criteria would be met if state is TX or roof_age is 99 or more; also in the way: floor, min_margin",
            "2 cobb two criteria away: roof_age < 98; state is not TX; would be eligible if roof_age >= 98 and state is TX",
            "2 elk two criteria away: age < 65; state is not TX; would be eligible if age >= 65 and state is TX",
        ]
    );
    let mut said = serde_json::to_value(&explained).expect("JSON");
    let _ = said.as_object_mut().expect("an object").remove("decision");
    let said = said.to_string();
    for value in ["97", "1777", "1977", "60611"] {
        assert!(!said.contains(value), "{value} is in {said}");
    }
}

#[test]
fn a_contract_is_shown_in_full_and_a_wrong_name_is_helped() {
    let plan = plan(&contracts());
    let (lead, tick) = lead(1);
    let only = |name: &str| ExplainOptions { contract: Some(name.to_owned()), ..ExplainOptions::default() };
    let explained = explain_lead(&plan, lead.as_bytes(), tick, &only("cobb")).expect("it explains");
    let [entry] = explained.entries.as_slice() else { panic!("{:?}", explained.entries) };
    let full = entry.full.as_ref().expect("in full");
    let conditions: Vec<_> = full.conditions.iter().map(|one| (one.check.as_str(), one.met)).collect();
    assert_eq!(conditions, [("where.roof_age", Some(true)), ("where.any", Some(false))]);
    let caps: Vec<_> = full.caps.iter().map(|cap| (cap.check.as_str(), cap.used.as_deref(), &*cap.limit)).collect();
    let want = [("caps.contract.hour", "2"), ("caps.buyer.month", "40"), ("caps.group.day", "12")];
    assert_eq!(caps, want.map(|(check, limit)| (check, Some("0"), limit)));
    let error = explain_lead(&plan, lead.as_bytes(), tick, &only("acme-dya")).expect_err("there is none");
    assert_eq!(error.code(), Code::InputBadOption);
    assert!(error.to_string().contains("did you mean `acme-day`?"), "{error}");
}

#[test]
fn what_nobody_looked_at_is_not_known() {
    let plan = plan(&contracts());
    let engine = Engine::open(plan, MemoryStore::new()).expect("an engine");
    let (lead, tick) = lead(3);
    let decided = engine.decide(lead.as_bytes(), tick).expect("it decides");
    let only = ExplainOptions { contract: Some("acme-day".into()), ..ExplainOptions::default() };
    let explained = explain_with(engine.store(), engine.tenant(), &decided.id, &only).expect("it explains");
    let full = explained.entries[0].full.as_ref().expect("in full");
    assert_eq!(full.caps[0].used, None, "its criteria were not met, so nobody asked for its caps");
}
