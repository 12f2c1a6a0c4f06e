//! A sale that falls gives back a cap that was leased: the sum stays the limit, and the counters are exact afterwards.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::disallowed_methods, reason = "tests")]

mod common;

use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{AttemptClass, Code, Outcome, TenantId, Tick, Timestamp};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, Sending};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::View;
use leadwright_postgres::{Leasing, PostgresStore};
use std::sync::Arc;
use std::time::Duration;

const MOST: i64 = 12;
const LEADS: &str = "buyer:acme|day:2026-11-24|count|sold";
const LASTS: Duration = Duration::from_millis(300);

fn after(seconds: i64) -> Timestamp {
    "2026-11-24T15:30:00Z".parse::<Timestamp>().expect("a time").plus_millis(seconds * 1_000)
}

fn plan() -> Plan {
    let text = format!(
        r#"{{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
        "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
        "endpoints": {{ "hub": {{ "url": "https://hub.example/leads" }} }},
        "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
        "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
        "buyers": {{ "acme": {{ "caps": {{ "day": {MOST}, "week": {{ "spend": "1200.00" }} }}, "contracts": {{ "acme-1": {{ "post": {{ "to": "hub" }},
            "in": {{ "roofing/all": {{}} }}, "sell": {{ "exclusive": {{ "price": "40.00" }} }} }} }} }},
            "best": {{ "contracts": {{ "best-1": {{ "post": {{ "to": "hub" }}, "in": {{ "roofing/all": {{}} }}, "sell": {{ "exclusive": {{ "price": "30.00" }} }} }} }} }} }} }}"#
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

/// Two tenants of one database, which share what acme takes.
struct Two {
    store: Arc<PostgresStore>,
    engines: [Engine; 2],
    next: u32,
    client: postgres::Client,
}

impl Two {
    fn new() -> Option<Self> {
        let url = common::server()?;
        let schema = common::schema();
        let store = common::open_in(&url, &schema).leasing(Leasing::new("one", ["buyer:acme"]).lasting(LASTS));
        let store = Arc::new(store);
        let engine = |name: &str| {
            let options = EngineOptions { tenant: TenantId::new(name).expect("a name"), ..EngineOptions::default() };
            Engine::with_options(plan(), store.clone(), options).expect("an engine")
        };
        let engines = [engine("east"), engine("west")];
        Some(Self { store, engines, next: 0, client: common::client(&url, &schema) })
    }

    /// One more lead; whether acme got it.
    fn decide(&mut self, of: usize) -> bool {
        self.next += 1;
        let lead = format!(r#"{{"id":"L{0}","source":"web","phone":"312-820-{1:04}"}}"#, self.next, self.next + 1_000);
        loop {
            match self.engines[of].decide(lead.as_bytes(), Tick::at(after(0))) {
                Ok(decided) => {
                    assert_eq!(decided.outcome, Outcome::Assigned);
                    return String::from_utf8_lossy(&decided.body).contains(r#""buyer":"acme""#);
                }
                // Its part was over before it was written: nothing has happened.
                Err(error) if error.code() == Code::StoreLeaseOver => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Sells until acme takes no more, also of what the other one leaves when its time is over. How many it took.
    fn fill(&mut self, order: &[usize]) -> i64 {
        let (mut sold, mut dry) = (0, 0);
        while dry < 3 {
            let took: i64 = order.iter().map(|of| i64::from(self.decide(*of))).sum();
            sold += took;
            dry = if took == 0 { dry + 1 } else { 0 };
            if took == 0 {
                std::thread::sleep(LASTS + Duration::from_millis(50));
            }
        }
        sold
    }

    /// What is for acme and on the way.
    fn claimed(&self, of: usize) -> Vec<Sending> {
        let claim = ClaimDeliveries { worker: "w".into(), limit: Some(256), ..ClaimDeliveries::default() };
        let mut all = self.engines[of].claim(&claim, after(1)).expect("it is claimed");
        all.retain(|sending| sending.buyer.as_str() == "acme");
        all
    }

    fn reject(&self, of: usize, sending: &Sending) {
        let told = self.engines[of].delivered(&sending.id, &DeliveryOutcome::of(AttemptClass::Rejected), after(2));
        assert!(told.expect("it is told").fell);
    }

    fn counter(&self, of: usize, key: &str) -> i64 {
        let mut found = 0;
        let mut look = |view: &dyn View| {
            found = view.counter(key)?;
            Ok(())
        };
        self.engines[of].store().read(self.engines[of].tenant(), &mut look).expect("it is read");
        found
    }

    fn sum(&self, key: &str) -> i64 {
        self.counter(0, key) + self.counter(1, key)
    }

    fn give_back(&self) {
        self.engines.iter().for_each(|engine| self.store.give_back(engine.tenant()).expect("it is given back"));
    }

    /// At home nothing is out, and what was used is what both sold, of leads and of money.
    fn all_is_home(&mut self) {
        self.give_back();
        let sql = "SELECT b.key, b.used - coalesce((SELECT sum(back) FROM cap_purse p WHERE p.key = b.key), 0)::bigint, b.leased \
                   FROM cap_budget b ORDER BY 1";
        let rows = self.client.query(sql, &[]).expect("the budgets");
        assert_eq!(rows.len(), 2);
        for row in rows {
            let (key, used, leased): (String, i64, i64) = (row.get(0), row.get(1), row.get(2));
            assert_eq!((used, leased), (self.sum(&key), 0), "{key}");
            let each = if key.contains("|spend|") { 400_000 } else { 1 };
            assert_eq!(used, self.sum(LEADS) * each, "{key}");
        }
    }

    fn all_replay(&self) {
        for engine in &self.engines {
            for (_, replayed) in Engine::replay_all(engine.store(), engine.tenant(), 0, 10_000).expect("replayed") {
                assert!(replayed.same, "{replayed:?}");
            }
        }
    }
}

#[test]
fn what_falls_is_sold_once_more_and_not_twice() {
    let Some(mut two) = Two::new() else { return };
    assert_eq!(two.fill(&[0, 1]), MOST);
    let claimed = [two.claimed(0), two.claimed(1)];
    assert_eq!((claimed[0].len() + claimed[1].len()) as i64, two.sum(LEADS));
    assert!(claimed.iter().all(|of| of.len() > 2), "both had a part");
    // Of each two fall: the next buyer gets the lead, and acme has room for four.
    for (of, claimed) in claimed.iter().enumerate() {
        claimed.iter().take(2).for_each(|sending| two.reject(of, sending));
    }
    assert_eq!(two.sum(LEADS), MOST - 4);
    assert_eq!(two.fill(&[0, 1]), 4);
    assert_eq!(two.sum(LEADS), MOST);
    two.all_is_home();
    two.all_replay();
}

#[test]
fn what_falls_when_no_part_is_there_comes_with_the_next_one() {
    let Some(mut two) = Two::new() else { return };
    assert_eq!(two.fill(&[0, 1]), MOST);
    let claimed = two.claimed(0);
    // Its part is home: what falls now waits in its purse for the next one.
    two.give_back();
    claimed.iter().take(3).for_each(|sending| two.reject(0, sending));
    assert_eq!(two.sum(LEADS), MOST - 3);
    // The other one cannot have it yet; who has it sells it.
    assert_eq!(two.fill(&[1]), 0);
    assert_eq!(two.fill(&[0]), 3);
    assert_eq!(two.sum(LEADS), MOST);
    two.all_is_home();
    two.all_replay();
}

#[test]
fn a_report_that_comes_twice_gives_back_once() {
    let Some(mut two) = Two::new() else { return };
    assert_eq!(two.fill(&[0, 1]), MOST);
    let sending = two.claimed(0).remove(0);
    two.reject(0, &sending);
    assert_eq!(two.sum(LEADS), MOST - 1);
    // A late report of the same: nothing changes, and the room is given back once.
    two.reject(0, &sending);
    assert_eq!(two.sum(LEADS), MOST - 1);
    assert_eq!(two.fill(&[0, 1]), 1);
    two.all_is_home();
    two.all_replay();
}
