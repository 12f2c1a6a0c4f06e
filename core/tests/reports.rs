//! Reports are what was decided: counted from the decisions themselves, for every way to ask.

#[path = "support/dice.rs"]
mod dice;

use leadwright::engine::Engine;
use leadwright::limits::Zone;
use leadwright::model::{Assignment, Date, DecisionMoney, Money, Outcome, SourceId, TenantId, Tick, Timestamp};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{MemoryStore, RollupAdd, SqliteStore, Store, Sums, SumsBy, SumsQuery};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Sources that differ in payout, shared and exclusive sales, an hour that comes twice on the first night.
fn plan() -> Plan {
    let text = r#"{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1", "problems": { "name.gibberish": "hold" } } },
        "sources": { "web": { "verticals": ["roofing"] }, "affil": { "verticals": ["roofing"], "payout": { "percent_of_price": 70 } } },
        "intake": { "dedupe": [ { "any": ["phone"], "within": "1d", "scope": "vertical", "against": "sold" } ] },
        "routes": { "roofing": { "max_sales": 2, "groups": [ { "id": "all", "select": "price" } ],
            "on_unsold": { "retry_for": "2h", "then": "store" } } },
        "buyers": {
            "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "where": { "state": ["IL"] }, "caps": { "hour": 3 },
                "sell": { "shared": { "price": "20.00" } } } } },
            "bolt": { "contracts": { "bolt-all": { "in": { "roofing/all": {} }, "where": { "homeowner": true },
                "sell": { "shared": { "price": "12.34" } } } } } } }"#;
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("the plan is right")
}

fn run(store: &Arc<dyn Store>) {
    let engine = Engine::with_options(plan(), store.clone(), leadwright::engine::EngineOptions::default());
    let engine = engine.expect("an engine");
    let mut dice = dice::Dice(7);
    let start: Timestamp = "2026-11-01T04:00:00Z".parse().expect("a time");
    for n in 0..600_i64 {
        let now = Tick::at(start.plus_millis(n * 11 * 60_000));
        let mut one = |choices: &[&'static str]| *dice.one(choices);
        let (source, zip, owner) =
            (one(&["web", "affil", "nobody"]), one(&["60601", "33101"]), one(&["yes", "no", "maybe"]));
        let name = one(&["Ada Brown", "Ada Brown", "Bo Green", "asdfgh jkl"]);
        let phone = one(&["312-867-5301", "312-867-5302", "312-867-5303", "312-867-5304", "312-555-0100"]);
        let lead = format!(
            r#"{{"id":"L{n}","source":"{source}","zip":"{zip}","homeowner":"{owner}","name":"{name}","phone":"{phone}"}}"#
        );
        engine.decide(lead.as_bytes(), now).expect("it decides");
        engine.work_queue(now, 10).expect("it works");
    }
}

/// The parts of a decision that count.
#[derive(serde::Deserialize)]
struct Told {
    at: Timestamp,
    source: SourceId,
    outcome: Outcome,
    assignments: Vec<Assignment>,
    money: DecisionMoney,
}

/// What the decisions say, as rows of one decision each.
fn counted(store: &dyn Store) -> Vec<RollupAdd> {
    let zone = "America/Chicago".parse::<Zone>().expect("a zone");
    let mut rows = Vec::new();
    for stored in store.decisions(&TenantId::default(), 0, 10_000).expect("they are read") {
        let decision: Told = serde_json::from_slice(&stored.record.body).expect("a decision");
        let (date, slot) = zone.slot(decision.at);
        let row = |contract, revenue, payout| RollupAdd {
            date,
            slot,
            source: decision.source.clone(),
            contract,
            outcome: decision.outcome,
            leads: 1,
            revenue,
            payout,
        };
        rows.push(row(None, decision.money.revenue, decision.money.payout));
        for sold in &decision.assignments {
            // Of a percentage each sale bears its own, rounded down; without one nothing is paid.
            let payout =
                if decision.money.payout == Money::ZERO { 0 } else { sold.price.units() * 70 / 100 / 100 * 100 };
            rows.push(row(Some(sold.contract.clone()), sold.price, Money::from_units(payout).expect("an amount")));
        }
    }
    rows
}

fn queries() -> Vec<SumsQuery> {
    let dates = [None, Some(Date::new(2026, 11, 2).expect("a date"))];
    let mut all = Vec::new();
    for bits in 0..32_u32 {
        let by: BTreeSet<SumsBy> =
            SumsBy::ALL.into_iter().enumerate().filter(|(n, _)| bits >> n & 1 == 1).map(|(_, by)| by).collect();
        for from in dates {
            let query = SumsQuery { from, by: by.clone(), ..SumsQuery::default() };
            all.push(SumsQuery { source: Some("affil".parse().expect("an id")), to: from, ..query.clone() });
            all.push(SumsQuery { contract: Some("bolt-all".parse().expect("an id")), ..query.clone() });
            all.push(SumsQuery { outcome: Some(Outcome::Assigned), ..query.clone() });
            all.push(query);
        }
    }
    all
}

#[test]
fn a_report_is_the_raw_count_on_every_store() {
    let folder = std::env::temp_dir().join(format!("leadwright-reports-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = SqliteStore::open(folder.join("leads.db")).expect("a store");
    let stores: [Arc<dyn Store>; 2] = [Arc::new(MemoryStore::new()), Arc::new(file)];
    for store in &stores {
        run(store);
        let rows = counted(&**store);
        let outcomes: BTreeSet<&str> = rows.iter().map(|row| row.outcome.as_str()).collect();
        assert!(outcomes.len() >= 5, "{outcomes:?}");
        for query in queries() {
            let want = query.over(&rows);
            let got = store.sums(&TenantId::default(), &query).expect("it is read");
            assert_eq!(got, want, "{query:?}");
        }
    }
    drop(stores);
    std::fs::remove_dir_all(folder).expect("it goes");
}

#[test]
fn rows_are_apart_by_what_is_asked_and_money_adds_up() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    run(&store);
    let tenant = TenantId::default();
    let ask = |by: &[SumsBy]| {
        let query = SumsQuery { by: by.iter().copied().collect(), ..SumsQuery::default() };
        store.sums(&tenant, &query).expect("it is read")
    };
    let whole = ask(&[]);
    let [Sums { leads, sales, revenue, payout, margin, .. }] = whole.as_slice() else { panic!("one row") };
    assert_eq!(
        usize::try_from(*leads).expect("small"),
        store.decisions(&tenant, 0, 10_000).expect("they are read").len()
    );
    assert!(*sales > 0 && *margin == revenue.checked_sub(*payout).expect("less"));
    for by in [&[SumsBy::Day][..], &[SumsBy::Hour], &[SumsBy::Source, SumsBy::Outcome]] {
        let rows = ask(by);
        assert_eq!(rows.iter().map(|row| row.leads).sum::<i64>(), *leads);
        assert_eq!(rows.iter().map(|row| row.revenue.units()).sum::<i64>(), revenue.units());
    }
    let contracts = ask(&[SumsBy::Contract]);
    assert_eq!(contracts.iter().map(|row| row.sales).sum::<i64>(), *sales);
    assert!(contracts.iter().all(|row| row.leads == row.sales));
    assert!(ask(&[SumsBy::Hour]).iter().all(|row| row.hour.is_some_and(|hour| hour < 24)));
}

#[test]
fn nothing_decided_is_no_row() {
    for by in [BTreeSet::new(), BTreeSet::from([SumsBy::Day])] {
        let query = SumsQuery { by, ..SumsQuery::default() };
        assert!(MemoryStore::new().sums(&TenantId::default(), &query).expect("it is read").is_empty());
    }
}
