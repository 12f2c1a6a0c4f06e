//! Sums over two plans: nothing is lost, nothing is counted twice, and what is known is kept apart from what is not.

use leadwright::engine::{SameReading, Trial};
use leadwright::model::{Money, Tick};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::whatif::{History, PastSale, Pressure, Unlock, WhatIf, WhatIfReport};

/// Two buyers in Illinois: `acme` alone for a price, up to a number a day; `bolt` where the age of the roof allows it.
fn plan(acme: &str, cap: u32, roof: u32) -> Plan {
    let text = format!(
        r#"{{ "format": 1, "plan": "two", "currency": "USD", "timezone": "America/Chicago",
        "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
        "sources": {{ "web": {{ "verticals": ["roofing"], "payout": {{ "percent_of_price": 50 }} }}, "call": {{ "verticals": ["roofing"] }} }},
        "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
        "buyers": {{
            "acme": {{ "contracts": {{ "acme-il": {{ "in": {{ "roofing/all": {{}} }}, "where": {{ "state": "IL" }}, "caps": {{ "day": {cap} }},
                "sell": {{ "exclusive": {{ "price": "{acme}" }} }} }} }} }},
            "bolt": {{ "contracts": {{ "bolt-il": {{ "in": {{ "roofing/all": {{}} }}, "where": {{ "roof_age": {{ "gte": {roof} }} }},
                "sell": {{ "exclusive": {{ "price": "20.00" }} }} }} }} }} }} }}"#
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

fn leads() -> Vec<String> {
    let lead = |n: u32| {
        let (zip, source) =
            (if n.is_multiple_of(5) { "75201" } else { "60601" }, if n.is_multiple_of(3) { "call" } else { "web" });
        format!(
            r#"{{"id":"L{n}","source":"{source}","received_at":"2026-11-{:02}T{:02}:00:00Z","phone":"312-867-{:04}","zip":"{zip}","roof_age":"{}"}}"#,
            20 + n / 24,
            n % 24,
            5_000 + n,
            n % 13
        )
    };
    (0..72).map(lead).collect()
}

fn late() -> Tick {
    Tick::at("2026-12-01T00:00:00Z".parse().expect("a time"))
}

fn report(old: Plan, new: Plan, past: Option<&dyn Fn(usize) -> Vec<PastSale>>) -> WhatIfReport {
    let same = SameReading::of(&old, &new);
    let history = if past.is_some() { History::Store } else { History::OldPlan };
    let mut what_if = WhatIf::new(&old, &new, history);
    let (mut old, mut new) = (Trial::new(old).expect("a trial"), Trial::new(new).expect("a trial"));
    for (n, lead) in leads().iter().enumerate() {
        let first = old.prepare(lead.as_bytes(), late());
        let second = new.prepare_as(&same, &first, lead.as_bytes());
        let (a, b) = (old.settle(&first).expect("it settles"), new.settle(&second).expect("it settles"));
        let past = past.map(|past| past(n));
        what_if.add((&old, &new), (&first, &second), (a.as_ref(), b.as_ref()), past.as_deref());
    }
    what_if.report()
}

fn sum(all: impl Iterator<Item = Money>) -> i64 {
    all.map(Money::units).sum()
}

#[test]
fn every_way_of_adding_up_comes_to_the_same() {
    let report = report(plan("40.00", 5, 10), plan("45.00", 8, 6), None);
    for side in [false, true] {
        let pick = |pair: &leadwright::whatif::Pair<leadwright::whatif::Sums>| if side { pair.new } else { pair.old };
        let total = if side { report.total.new } else { report.total.old };
        assert!(total.sums.sold > 10 && total.unsold + total.unmatched > 0);
        for rows in [&report.contracts, &report.buyers] {
            assert_eq!(sum(rows.iter().map(|row| pick(&row.sums).revenue)), total.sums.revenue.units());
            assert_eq!(sum(rows.iter().map(|row| pick(&row.sums).margin)), total.sums.margin.units());
        }
        assert_eq!(sum(report.hours.iter().map(|point| pick(&point.sums).revenue)), total.sums.revenue.units());
        let sources = report.sources.iter().map(|row| if side { row.sums.new } else { row.sums.old });
        assert_eq!(sum(sources.map(|total| total.sums.payout)), total.sums.payout.units());
        let outcomes = report.outcomes.iter().map(|row| if side { row.count.new } else { row.count.old });
        assert_eq!(outcomes.sum::<u64>(), report.leads.read);
        assert_eq!(total.sums.revenue.units() - total.sums.payout.units(), total.sums.margin.units());
    }
    let changes = &report.changes;
    assert_eq!(changes.leads, changes.won + changes.lost + changes.moved);
    let (old, new) = (report.total.old.sums, report.total.new.sums);
    assert_eq!(new.sold, old.sold + changes.won - changes.lost);
    let by_reason = sum(changes.reasons.iter().map(|reason| reason.revenue));
    assert_eq!(by_reason, new.revenue.units() - old.revenue.units(), "the reasons explain all of the difference");
}

#[test]
fn what_is_known_and_what_is_assumed_make_the_difference() {
    let report = report(plan("40.00", 5, 10), plan("45.00", 8, 6), None);
    let basis = report.basis;
    assert_eq!(basis.difference.units(), basis.without_assumed.units() + basis.assumed.units());
    let parts = [basis.observed, basis.other_terms, basis.never_offered];
    assert_eq!(sum(parts.iter().map(|part| part.revenue)), report.total.new.sums.revenue.units());
    assert_eq!(parts.iter().map(|part| part.sales).sum::<u64>(), report.total.new.sums.sales);
    assert!(parts.iter().all(|part| part.sales > 0), "{basis:?}");
}

#[test]
fn a_lower_price_is_observed_and_a_higher_one_is_not() {
    let up = report(plan("40.00", 50, 13), plan("45.00", 50, 13), None).basis;
    assert_eq!((up.observed.sales, up.never_offered.sales), (0, 0));
    assert!(up.other_terms.sales > 0 && up.without_assumed < Money::ZERO && up.difference > Money::ZERO);
    let down = report(plan("40.00", 50, 13), plan("35.00", 50, 13), None).basis;
    assert_eq!((down.other_terms.sales, down.never_offered.sales, down.given_up.sales), (0, 0, 0));
    assert_eq!(down.without_assumed, down.difference);
}

#[test]
fn a_history_without_sales_makes_every_sale_an_assumption() {
    let none = |_: usize| Vec::new();
    let basis = report(plan("40.00", 5, 10), plan("40.00", 5, 10), Some(&none)).basis;
    assert_eq!((basis.observed.sales, basis.other_terms.sales), (0, 0));
    assert!(basis.never_offered.sales > 0);
    assert_eq!(basis.unlike_history, basis.never_offered.sales, "each of these leads was sold by the plan alone");
}

#[test]
fn a_cap_that_fills_is_seen_with_its_time_and_what_it_turns_away() {
    let plan = plan("40.00", 5, 13);
    let mut pressure = Pressure::new(&plan);
    let mut trial = Trial::new(plan).expect("a trial");
    for lead in leads() {
        let lead = trial.prepare(lead.as_bytes(), late());
        pressure.add(&trial.settle(&lead).expect("it settles").expect("it is new"));
    }
    let report = pressure.report();
    let cap = &report.caps[0];
    assert_eq!((cap.owner.as_str(), cap.window.as_str(), cap.limit.as_str()), ("contract:acme-il", "day", "5"));
    // The first day begins at six in the evening before: hours 0 to 5 in UTC are of 19 November in Chicago.
    assert_eq!(
        (cap.filled, cap.first_filled.map(|at| at.to_string()).as_deref()),
        (3, Some("2026-11-20T11:00:00.000Z"))
    );
    assert_eq!(cap.by_hour.iter().sum::<u32>(), 3);
    assert!(cap.turned_away > 20 && cap.unsold == cap.turned_away);
    assert_eq!(cap.unsold_money.units(), i64::try_from(cap.unsold).expect("small") * 400_000);
}

#[test]
fn a_relaxed_check_sells_no_more_than_its_other_caps_allow() {
    // Ten leads a day from Texas, for four days: a line of the criteria alone is in the way, and behind it a cap of 3 a day.
    let plan = plan("40.00", 3, 13);
    let mut unlock = Unlock::new(&plan);
    let mut trial = Trial::new(plan).expect("a trial");
    for n in 0..40 {
        let lead = format!(
            r#"{{"id":"T{n}","source":"web","received_at":"2026-11-{}T{}:00:00Z","phone":"214-867-{}","zip":"75201","roof_age":"2"}}"#,
            20 + n / 10,
            10 + n % 10,
            5_000 + n
        );
        let lead = trial.prepare(lead.as_bytes(), late());
        let (tried, near) = trial.settle_near(&lead).expect("it settles").expect("it is new");
        unlock.add(&tried, near);
    }
    let report = unlock.report();
    assert_eq!((report.leads, report.unmatched, report.unsold), (40, 40, 0));
    let row = report.rows.iter().find(|row| row.check == "where.state").expect("the state is in the way");
    assert_eq!((row.leads, row.no_room), (12, 28));
    assert_eq!((row.revenue.to_string(), row.margin.to_string()), ("480.00".into(), "240.00".into()));
    let roof =
        report.rows.iter().find(|row| row.contract.as_str() == "bolt-il").expect("the roof is too young for bolt");
    assert_eq!((roof.check.as_str(), roof.wanted.as_deref(), roof.leads), ("where.roof_age", Some("13 or more"), 40));
    assert!(report.rows[0].margin >= report.rows[1].margin);
}

/// One contract, with what it and the rest of the plan are given.
fn one(contract: &str, rest: &str, buyer: &str) -> Plan {
    let text = format!(
        r#"{{ "format": 1, "plan": "one", "currency": "USD", "timezone": "America/Chicago",
        "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
        "sources": {{ "web": {{ "verticals": ["roofing"], "payout": {{ "percent_of_price": 50 }} }} }},
        "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], {rest} }} }},
        "buyers": {{ "acme": {{ {buyer} "contracts": {{ {contract} }} }} }} }}"#
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

const STORE: &str = r#""on_unsold": { "then": "store" }"#;

/// A lead an hour.
fn hourly(count: u32) -> impl Iterator<Item = String> {
    let at = |n: u32| format!("2026-11-{:02}T{:02}:00:00Z", 20 + n / 24, n % 24);
    let lead = move |n| {
        let (at, phone) = (at(n), 5_000 + n);
        format!(r#"{{"id":"L{n}","source":"web","received_at":"{at}","phone":"312-867-{phone}","zip":"60601"}}"#)
    };
    (0..count).map(lead)
}

fn unlocked(plan: Plan, count: u32) -> leadwright::whatif::UnlockReport {
    let mut unlock = Unlock::new(&plan);
    let mut trial = Trial::new(plan).expect("a trial");
    for lead in hourly(count) {
        let lead = trial.prepare(lead.as_bytes(), late());
        let (tried, near) = trial.settle_near(&lead).expect("it settles").expect("it is new");
        unlock.add(&tried, near);
    }
    unlock.report()
}

fn pressed(plan: Plan, count: u32) -> leadwright::whatif::PressureReport {
    let mut pressure = Pressure::new(&plan);
    let mut trial = Trial::new(plan).expect("a trial");
    for lead in hourly(count) {
        let lead = trial.prepare(lead.as_bytes(), late());
        pressure.add(&trial.settle(&lead).expect("it settles").expect("it is new"));
    }
    pressure.report()
}

#[test]
fn rule_012_a_rolling_cap_has_room_again_when_its_span_is_over() {
    let texas = r#""c": { "in": { "roofing/all": {} }, "where": { "state": "TX" },
        "caps": { "rolling": { "within": "6h", "count": 2 } }, "sell": { "exclusive": { "price": "10.00" } } }"#;
    let row = &unlocked(one(texas, STORE, ""), 24).rows[0];
    assert_eq!((row.leads, row.no_room), (8, 16), "two of each six");
    let plan = one(&texas.replace("TX", "IL"), STORE, "");
    let cap = &pressed(plan, 24).caps[0];
    // Full at one o'clock, at six, at seven …: whenever a sale takes the last of it.
    assert_eq!((cap.window.as_str(), cap.filled, cap.turned_away), ("rolling", 7, 16));
}

#[test]
fn the_house_is_part_of_a_trial_and_takes_no_margin_from_the_others() {
    let rest = r#""min_margin": "10.00", "on_unsold": { "then": "house", "contract": "house" }"#;
    let both = r#""c": { "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "12.00" } } },
        "house": { "house": true, "caps": { "day": 1 }, "sell": { "exclusive": { "price": "1.00" } } }"#;
    let plan = one(both, rest, "");
    let cap = &pressed(plan.clone(), 3).caps[0];
    assert_eq!((cap.owner.as_str(), cap.filled, cap.turned_away), ("contract:house", 1, 2));
    let report = unlocked(plan, 3);
    let row = report.rows.iter().find(|row| row.contract.as_str() == "c").expect("a near miss");
    assert_eq!((row.check.as_str(), row.leads), ("min_margin", 2));
}

#[test]
fn who_pays_from_funds_is_taken_to_have_paid_in() {
    let plan = one(
        r#""c": { "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "12.00" } } }"#,
        STORE,
        r#""prepaid": true,"#,
    );
    let report = unlocked(plan, 5);
    assert_eq!((report.unsold, report.rows.len()), (0, 0));
}

#[test]
fn a_contract_of_another_name_is_the_same_contract() {
    let plan = |id: &str, was: &str, price: &str| {
        one(
            &format!(
                r#""{id}": {{ {was} "in": {{ "roofing/all": {{}} }}, "sell": {{ "exclusive": {{ "price": "{price}" }} }} }}"#
            ),
            STORE,
            "",
        )
    };
    let report = report(plan("old", "", "40.00"), plan("new", r#""was": "old","#, "45.00"), None);
    let reasons: Vec<_> =
        report.changes.reasons.iter().map(|r| (r.contract.as_str(), r.old.as_str(), r.new.as_str())).collect();
    assert_eq!(reasons, [("old", "sold at 40.00", "sold at 45.00")]);
}
