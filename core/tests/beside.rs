//! A system beside us that sells too: what it did is counted, and it takes its room from the same limits. On both stores.

use leadwright::care::verify;
use leadwright::engine::{Decided, Engine, EngineOptions, explain, replay};
use leadwright::model::{
    Code, DecisionId, Durability, Event, EventKind, Outcome, ReservationState, TenantId, Tick, Timestamp,
};
use leadwright::operate::{Observation, Operation, Release, Reserve, Reserved};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{MemoryStore, SqliteStore, Store};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const NOW: &str = "2026-11-24T15:30:00Z";

const PLAN: &str = r#"{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
  "verticals": { "roofing": { "extends": "us/home-services@1" } },
  "sources": { "web": { "verticals": ["roofing"], "payout": { "fixed": "5.00" }, "caps": { "day": 1000 } } },
  "intake": { "dedupe": [ { "any": ["phone"], "within": "30d", "scope": "vertical", "against": "sold" } ] },
  "routes": { "roofing": { "groups": [ { "id": "fair", "select": "weighted" }, { "id": "rest", "select": "price" } ],
              "on_unsold": { "then": "store" } } },
  "buyers": {
    "acme": { "contracts": { "acme-il": { "in": { "roofing/fair": { "weight": 1 } }, "where": { "state": "IL" }, "may": { "pause": true },
      "caps": { "day": 3, "rolling": { "within": "24h", "count": 3 } }, "sell": { "exclusive": { "price": "40.00" } } } } },
    "best": { "prepaid": true, "contracts": { "best-il": { "in": { "roofing/fair": { "weight": 1 } }, "where": { "state": "IL" },
      "sell": { "exclusive": { "price": "30.00" } } } } },
    "slow": { "contracts": { "slow-il": { "in": { "roofing/rest": {} }, "rate": { "count": 1, "within": "10m" }, "hours": { "mon-fri": "08:00-18:00" },
      "sell": { "exclusive": { "price": "10.00" } } } } } } }"#;

struct World {
    engine: Engine,
    store: Arc<dyn Store>,
    file: Option<Arc<SqliteStore>>,
    folder: Option<PathBuf>,
}

impl World {
    fn each(name: &str, test: impl Fn(&World)) {
        let memory: Arc<dyn Store> = Arc::new(MemoryStore::new());
        test(&World { engine: engine(memory.clone()), store: memory, file: None, folder: None });
        let folder = std::env::temp_dir().join(format!("leadwright-beside-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        let file = Arc::new(SqliteStore::open(folder.join("leads.db")).expect("a store"));
        let store: Arc<dyn Store> = file.clone();
        let world = World { engine: engine(store.clone()), store, file: Some(file), folder: Some(folder) };
        test(&world);
        // All that the tables say is true, whatever the test did.
        let verified = verify(world.file.as_ref().expect("a file"), &mut |_| {}).expect("it is read");
        assert_eq!(verified.findings.as_slice(), &[][..]);
        assert_eq!(verified.replayed, verified.decisions);
    }

    fn decide(&self, id: u32, at: &str) -> Decided {
        self.engine.decide(lead(id).to_string().as_bytes(), Tick::at(time(at))).expect("it decides")
    }

    fn sold_to(&self, id: u32, at: &str) -> String {
        winner(&self.decide(id, at))
    }

    fn see(&self, id: u32, contract: &str, at: &str) -> Decided {
        let seen = json!({ "lead": lead(id), "outcome": "assigned", "sales": [{ "contract": contract }], "at": at });
        self.observe(&seen, at).expect("it is taken down")
    }

    fn observe(&self, seen: &Value, now: &str) -> Result<Decided, Code> {
        let (lead, seen) = parted(seen);
        let seen = Observation::read(&seen).map_err(|error| error.code())?;
        let observed = self.engine.observe(lead.as_bytes(), &seen, Tick::at(time(now)));
        observed.map(|observed| observed.told).map_err(|error| error.code())
    }

    fn reserve(&self, contract: &str, key: &str, at: &str) -> Reserved {
        let reserve = json!({ "contract": contract, "key": key, "source": "web" }).to_string();
        self.engine.reserve_external(&Reserve::read(&reserve).expect("read"), time(at)).expect("an answer")
    }

    fn counter(&self, key: &str) -> i64 {
        let mut found = 0;
        let read = self.store.read(&TenantId::default(), &mut |view| {
            found = view.counter(key)?;
            Ok(())
        });
        read.map(|()| found).expect("read")
    }

    fn events(&self, kind: EventKind) -> Vec<Event> {
        let all = self.store.events(&TenantId::default(), 0, 100_000).expect("read");
        all.into_iter().map(|(_, event)| event).filter(|event| event.kind == kind).collect()
    }

    fn fund(&self, add: &str) {
        let funds = json!({ "op": "funds", "buyer": "best", "add": add, "by": "ann", "reason": "wire" }).to_string();
        self.engine.operate(&Operation::read(&funds).expect("read"), time(NOW)).expect("it is done");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

fn engine(store: Arc<dyn Store>) -> Engine {
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", PLAN)]), "plan.jsonc").expect("the plan is right");
    Engine::with_options(plan, store, EngineOptions::default()).expect("an engine")
}

fn lead(id: u32) -> Value {
    json!({ "id": format!("L{id}"), "source": "web", "phone": format!("312-867-{id:04}"), "zip": "60601" })
}

/// The lead, and what was seen of it.
fn parted(seen: &Value) -> (String, String) {
    let mut seen = seen.clone();
    let lead = seen.as_object_mut().expect("an object").remove("lead").expect("a lead");
    (lead.to_string(), seen.to_string())
}

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn body(decided: &Decided) -> Value {
    serde_json::from_slice(&decided.body).expect("JSON")
}

fn winner(decided: &Decided) -> String {
    body(decided)["assignments"][0]["contract"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn what_was_sold_beside_us_counts_and_is_not_delivered() {
    World::each("counts", |world| {
        for id in 1..=3 {
            let told = world.see(id, "acme-il", NOW);
            let body = body(&told);
            assert_eq!(
                (told.outcome, &body["observed"], &body["money"]["payout"]),
                (Outcome::Assigned, &json!(true), &json!("5.00"))
            );
        }
        assert_eq!(world.counter("contract:acme-il|day:2026-11-24|count|sold"), 3);
        assert_eq!(world.counter("source:web|day:2026-11-24|count|sold"), 3);
        assert_eq!(world.store.outbox(&TenantId::default(), 0, 10).expect("read"), []);
        assert_eq!(world.events(EventKind::LeadAssigned), [], "whoever delivers hears nothing");
        assert_eq!(world.events(EventKind::LeadDecided).len(), 3);
        assert_eq!(world.events(EventKind::CapExhausted).len(), 2, "day and 24 hours");
        // Its caps are used up, and best has no funds.
        assert_eq!(world.sold_to(4, NOW), "slow-il");
        // The person is known, and who sends the lead here is told that it is sold.
        let repeated = json!({ "id": "X1", "source": "web", "phone": "312-867-0001", "zip": "60601", "roof_age": 4 });
        let repeated = world.engine.decide(repeated.to_string().as_bytes(), Tick::at(time(NOW))).expect("it decides");
        assert_eq!(repeated.outcome, Outcome::Duplicate);
        let again = world.decide(1, NOW);
        assert!(
            again.receipt.replayed && again.outcome == Outcome::Assigned && body(&again)["observed"] == json!(true)
        );
        for id in ["web/L1.1", "web/L3.1"] {
            let id: DecisionId = id.parse().expect("an id");
            assert!(replay(&*world.store, &TenantId::default(), &id).expect("it replays").same);
            assert!(explain(&*world.store, &TenantId::default(), &id).is_ok());
        }
    });
}

#[test]
fn what_it_did_not_sell_is_told_too() {
    World::each("unsold", |world| {
        for (id, outcome) in [(1, "unsold"), (2, "rejected"), (3, "duplicate"), (4, "suppressed"), (5, "unmatched")] {
            let seen = json!({ "lead": lead(id), "outcome": outcome });
            let told = world.observe(&seen, NOW).expect("it is taken down");
            assert_eq!((told.outcome.as_str(), body(&told).get("next")), (outcome, None));
            assert!(world.observe(&seen, NOW).expect("again").receipt.replayed);
        }
        // It may be sold later; then it is sold.
        let later = "2026-11-24T16:30:00Z";
        let told = world.see(1, "acme-il", later);
        assert_eq!((told.id.to_string().as_str(), body(&told)["parent"].as_str()), ("web/L1.2", Some("web/L1.1")));
        assert!(world.see(1, "acme-il", later).receipt.replayed);
        assert_eq!(world.counter("contract:acme-il|day:2026-11-24|count|sold"), 1);
        let test = json!({ "lead": { "id": "T", "source": "web", "test": true, "zip": "60601" }, "outcome": "assigned",
            "sales": [{ "contract": "acme-il" }] });
        assert_eq!(world.observe(&test, NOW).map(|told| told.outcome), Ok(Outcome::Test));
        assert_eq!(world.counter("contract:acme-il|day:2026-11-24|count|sold"), 1, "a test counts nowhere");
    });
}

/// A key stands for the first decision about its lead: what was told after that counts all the same, and is told once.
#[test]
fn what_was_told_under_a_key_is_told_once() {
    World::each("keyed", |world| {
        let mut with_key = lead(1);
        with_key["idempotency_key"] = json!("k1");
        let told = |seen: Value| world.observe(&seen, NOW).map(|told| (told.id.to_string(), told.receipt.replayed));
        let sold = || json!({ "lead": with_key, "outcome": "assigned", "sales": [{ "contract": "acme-il" }] });
        let unsold = || json!({ "lead": with_key, "outcome": "unsold" });
        assert_eq!(told(unsold()), Ok(("web/L1.1".into(), false)));
        // Another lead under its id is refused, and is not what was told of it.
        let other = json!({ "id": "L1", "source": "web", "phone": "312-867-0099", "zip": "60601" });
        let other = world.engine.decide(other.to_string().as_bytes(), Tick::at(time(NOW))).expect("it decides");
        assert_eq!((other.id.to_string().as_str(), other.outcome), ("web/L1.2", Outcome::Rejected));
        assert_eq!(told(unsold()), Ok(("web/L1.1".into(), true)));
        assert_eq!(told(sold()), Ok(("web/L1.3".into(), false)));
        assert_eq!(told(sold()), Ok(("web/L1.3".into(), true)));
        assert_eq!(told(unsold()), Err(Code::OperationConflict), "it is sold");
        assert_eq!(world.counter("contract:acme-il|day:2026-11-24|count|sold"), 1);
    });
}

#[test]
fn reports_that_are_late_count_where_they_belong() {
    World::each("late", |world| {
        world.see(1, "acme-il", "2026-11-24T15:00:00Z");
        // The clock of the store is at the 25th, and a report of the 24th comes in.
        world.see(2, "acme-il", "2026-11-25T15:00:00Z");
        let seen = json!({ "lead": lead(3), "outcome": "assigned", "sales": [{ "contract": "acme-il" }], "at": "2026-11-24T20:00:00Z" });
        let told = world.observe(&seen, "2026-11-25T15:30:00Z").expect("it is taken down");
        assert_eq!(body(&told)["at"], json!("2026-11-24T20:00:00.000Z"));
        assert_eq!(world.counter("contract:acme-il|day:2026-11-24|count|sold"), 2);
        assert_eq!(world.counter("contract:acme-il|day:2026-11-25|count|sold"), 1);
        let rollups = world.store.rollups(&TenantId::default()).expect("read");
        let of_day: i64 = rollups
            .iter()
            .filter(|sum| sum.date.to_string() == "2026-11-24" && sum.contract.is_some())
            .map(|sum| sum.leads)
            .sum();
        assert_eq!(of_day, 2);
        // Within 24 hours before this there were two: one slot is left, by the rolling cap and by that of the day.
        assert_eq!(world.sold_to(4, "2026-11-25T15:30:00Z"), "acme-il");
        assert_eq!(world.sold_to(5, "2026-11-25T15:40:00Z"), "slow-il");
        // Nobody reports what has not happened yet.
        let ahead = json!({ "lead": lead(6), "outcome": "unsold", "at": "2027-01-01T00:00:00Z" });
        assert_eq!(
            body(&world.observe(&ahead, "2026-11-25T15:41:00Z").expect("taken down"))["at"],
            json!("2026-11-25T15:41:00.000Z")
        );
    });
}

#[test]
fn its_sales_take_turns_with_ours() {
    World::each("turns", |world| {
        world.fund("300.00");
        world.see(1, "acme-il", NOW);
        assert_eq!(world.sold_to(2, NOW), "best-il");
        world.see(3, "best-il", NOW);
        assert_eq!(world.sold_to(4, NOW), "acme-il", "best has had its turn there");
        assert_eq!(world.counter("buyer:best|funds"), 2_400_000);
    });
}

#[test]
fn ours_is_said_beside_theirs() {
    World::each("compare", |world| {
        let seen = |id: u32, contract: &str| {
            let seen = json!({ "lead": lead(id), "outcome": "assigned", "sales": [{ "contract": contract, "price": "41.00" }], "compare": true });
            let (lead, seen) = parted(&seen);
            let seen = Observation::read(&seen).expect("read");
            world.engine.observe(lead.as_bytes(), &seen, Tick::at(time(NOW))).expect("taken down")
        };
        let observed = seen(1, "acme-il");
        let ours = observed.ours.expect("compared");
        assert_eq!((winner(&ours).as_str(), ours.receipt.durability), ("acme-il", Durability::None));
        assert_eq!(body(&observed.told)["assignments"][0]["price"], json!("41.00"), "what it took is what it says");
        assert_eq!(world.store.decisions(&TenantId::default(), 0, 10).expect("read").len(), 1, "ours is not recorded");
        assert!(seen(1, "acme-il").ours.is_none(), "there is nothing to compare with what it counts in itself");
    });
}

#[test]
fn what_contradicts_is_refused_and_changes_nothing() {
    World::each("conflict", |world| {
        world.see(1, "acme-il", NOW);
        world.decide(2, NOW);
        let count = || world.store.decisions(&TenantId::default(), 0, 100).expect("read").len();
        let before = count();
        let sold = |lead: Value, contract: &str| json!({ "lead": lead, "outcome": "assigned", "sales": [{ "contract": contract }] });
        let named = |more: Value| {
            let mut sale = json!({ "contract": "acme-il" });
            sale.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            json!({ "lead": lead(9), "outcome": "assigned", "sales": [sale] })
        };
        let mut other = lead(1);
        other["zip"] = json!("60602");
        let of_nobody = json!({ "id": "L9", "source": "nobody", "zip": "60601" });
        for (seen, code) in [
            (sold(lead(1), "best-il"), Code::OperationConflict),
            (json!({ "lead": lead(1), "outcome": "unsold" }), Code::OperationConflict),
            (sold(lead(2), "acme-il"), Code::OperationConflict),
            (sold(other, "acme-il"), Code::OperationConflict),
            (sold(lead(9), "acme-tx"), Code::OperationUnknownName),
            (sold(of_nobody, "acme-il"), Code::OperationUnknownName),
            (named(json!({ "group": "roofing/rest" })), Code::OperationUnknownName),
            (named(json!({ "reservation": "none" })), Code::OperationUnknownName),
            (json!({ "lead": lead(9), "outcome": "assigned" }), Code::OperationMalformed),
            (
                json!({ "lead": lead(9), "outcome": "unsold", "sales": [{ "contract": "acme-il" }] }),
                Code::OperationMalformed,
            ),
            (json!({ "lead": lead(9), "outcome": "queued" }), Code::OperationMalformed),
            (json!({ "lead": lead(9), "outcome": "sold" }), Code::OperationMalformed),
        ] {
            assert_eq!(world.observe(&seen, NOW).map(|told| told.id), Err(code), "{seen}");
        }
        assert_eq!(count(), before);
    });
}

#[test]
fn rule_016_room_is_taken_confirmed_and_given_back_where_it_was_taken() {
    World::each("reserve", |world| {
        let day = "contract:acme-il|day:2026-11-24|count|sold";
        let first = world.reserve("acme-il", "k1", NOW);
        assert_eq!((first.state, first.until), (Some(ReservationState::Held), Some(time("2026-11-24T15:45:00Z"))));
        assert_eq!(first.buyer.as_ref().map(|buyer| buyer.as_str()), Some("acme"));
        let again = world.reserve("acme-il", "k1", NOW);
        assert!(again.granted() && again.replayed);
        assert!(world.reserve("acme-il", "k2", NOW).granted());
        assert_eq!(world.sold_to(1, NOW), "acme-il");
        let refused = world.reserve("acme-il", "k3", NOW);
        let why = refused.why.clone().expect("there is no room");
        assert_eq!(
            (refused.granted(), why.code, why.check.as_deref()),
            (false, Code::ContractCaps, Some("caps.contract.day"))
        );
        assert_eq!(world.counter(day), 3);

        let confirm = |key: &str, at: &str| world.engine.confirm_external(key, time(at)).expect("an answer");
        assert_eq!(confirm("k1", NOW).state, Some(ReservationState::Confirmed));
        assert!(confirm("k1", NOW).replayed);
        let release = |key: &str| world.engine.release_external(key, time(NOW)).map_err(|error| error.code());
        assert_eq!(release("k1").map(|_| ()), Err(Code::OperationConflict), "what was sold is a return");
        let released = release("k2").expect("it is").expect("there is one");
        assert_eq!((released.state, world.counter(day)), (Some(ReservationState::Released), 2));
        assert!(release("k2").expect("it is").expect("there is one").replayed && release("none") == Ok(None));
        assert!(world.reserve("acme-il", "k3", NOW).granted(), "there is room again");
        assert_eq!(world.reserve("acme-il", "k2", NOW).why.map(|why| why.code), Some(Code::ContractCaps));

        let kinds = [EventKind::CapReserved, EventKind::CapConfirmed, EventKind::CapReleased, EventKind::CapExhausted];
        assert_eq!(kinds.map(|kind| world.events(kind).len()), [3, 1, 1, 4]);
        let reused = Reserve::read(r#"{"contract":"best-il","key":"k1"}"#).expect("read");
        assert_eq!(
            world.engine.reserve_external(&reused, time(NOW)).map_err(|error| error.code()),
            Err(Code::OperationKeyReused)
        );
        let unknown = world.engine.confirm_external("none", time(NOW)).map_err(|error| error.code());
        assert_eq!(unknown.map(|_| ()), Err(Code::OperationUnknownName));
    });
}

/// Also whoever is let go from the queue by hand gets the room that nobody holds any longer.
#[test]
fn a_lead_that_is_released_finds_the_room_that_is_over() {
    World::each("released", |world| {
        let text = PLAN.replace(
            r#""extends": "us/home-services@1""#,
            r#""extends": "us/home-services@1", "problems": { "name.gibberish": "hold" }"#,
        );
        let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("the plan is right");
        world.engine.swap(plan).expect("it is kept");
        let mut held = lead(1);
        held["name"] = json!("asdfgh jkl");
        let held = world.engine.decide(held.to_string().as_bytes(), Tick::at(time(NOW))).expect("it decides");
        assert_eq!(held.outcome, Outcome::Queued);
        for key in ["a", "b", "c"] {
            assert!(world.reserve("acme-il", key, NOW).granted());
        }
        let said = r#"{"lead":"web/L1","do":"release","by":"ann","reason":"it is a name"}"#;
        let released =
            world.engine.release(&Release::read(said).expect("read"), Tick::at(time("2026-11-24T15:50:00Z")));
        assert_eq!(winner(&released.expect("it is let go")), "acme-il");
        assert_eq!(world.events(EventKind::CapReleased).len(), 3);
    });
}

#[test]
fn rule_046_who_confirms_too_late_gets_what_is_left() {
    World::each("expired", |world| {
        let day = "contract:acme-il|day:2026-11-24|count|sold";
        for key in ["k1", "k2", "k3"] {
            assert!(world.reserve("acme-il", key, NOW).granted());
        }
        assert_eq!(world.sold_to(1, "2026-11-24T15:44:59.999Z"), "slow-il");
        assert_eq!(world.sold_to(2, "2026-11-24T15:45:00Z"), "acme-il", "at its end it is over");
        assert_eq!(world.counter(day), 1);
        let because = |event: &Event| serde_json::from_str::<Value>(&event.data).expect("JSON")["because"].clone();
        assert!(world.events(EventKind::CapReleased).iter().all(|event| because(event) == json!("expired")));
        // Who comes late gets what is left (rule 46), and never more.
        let late = |key: &str| world.engine.confirm_external(key, time("2026-11-24T15:50:00Z")).expect("an answer");
        assert_eq!(
            (late("k1").state, late("k2").state),
            (Some(ReservationState::Confirmed), Some(ReservationState::Confirmed))
        );
        let refused = late("k3");
        assert_eq!((refused.state, refused.why.map(|why| why.code)), (None, Some(Code::ContractCaps)));
        assert_eq!(world.counter(day), 3);
        // A day later the windows are others, and the clock that goes back opens none again.
        assert!(world.reserve("acme-il", "k4", "2026-11-25T15:51:00Z").granted());
        assert!(world.reserve("acme-il", "k5", NOW).granted());
        assert_eq!((world.counter(day), world.counter("contract:acme-il|day:2026-11-25|count|sold")), (3, 2));
    });
}

#[test]
fn status_hours_rate_and_funds_are_asked_too() {
    World::each("asked", |world| {
        let why = |contract: &str, key: &str, at: &str| world.reserve(contract, key, at).why.map(|why| why.code);
        assert_eq!(why("best-il", "b1", NOW), Some(Code::ContractFunds));
        world.fund("30.00");
        assert_eq!(why("best-il", "b1", NOW), None);
        assert_eq!(world.counter("buyer:best|funds"), 0);
        assert_eq!(why("best-il", "b2", NOW), Some(Code::ContractFunds));
        world.engine.release_external("b1", time(NOW)).expect("it is");
        assert_eq!(world.counter("buyer:best|funds"), 300_000);
        assert_eq!(why("slow-il", "s1", "2026-11-24T04:00:00Z"), None, "the store's clock does not go back");
        assert_eq!(why("slow-il", "s2", NOW), Some(Code::ContractRate));
        // A pace that was kept is kept, whatever becomes of the sale.
        world.engine.release_external("s1", time(NOW)).expect("it is");
        assert_eq!(why("slow-il", "s2", NOW), Some(Code::ContractRate));
        assert_eq!(why("slow-il", "s1", "2026-11-24T15:40:00Z"), None);
        assert_eq!(why("slow-il", "s2", "2026-11-25T03:00:00Z"), Some(Code::ContractClosed));
        let pause = r#"{"op":"override","contract":"acme-il","set":{"status":"paused"},"by":"ann","reason":"holiday"}"#;
        world.engine.operate(&Operation::read(pause).expect("read"), time(NOW)).expect("it is done");
        assert_eq!(why("acme-il", "a1", NOW), Some(Code::ContractPaused));
    });
}

#[test]
fn a_sale_that_was_reserved_is_counted_once() {
    World::each("sold-reserved", |world| {
        let day = "contract:acme-il|day:2026-11-24|count|sold";
        world.reserve("acme-il", "k1", NOW);
        let sold = |id: u32| json!({ "lead": lead(id), "outcome": "assigned", "sales": [{ "contract": "acme-il", "reservation": "k1" }] });
        let told = world.observe(&sold(1), NOW).expect("taken down");
        assert_eq!((told.outcome, world.counter(day)), (Outcome::Assigned, 1));
        assert!(world.observe(&sold(1), NOW).expect("again").receipt.replayed);
        assert_eq!(world.observe(&sold(2), NOW).map(|_| ()), Err(Code::OperationConflict), "it was another lead's");
        let confirmed = world.engine.confirm_external("k1", time(NOW)).expect("an answer");
        assert!(confirmed.replayed && confirmed.granted());
        // One whose time is over counts as any sale that has happened.
        world.reserve("acme-il", "k2", NOW);
        let late = json!({ "lead": lead(3), "outcome": "assigned", "sales": [{ "contract": "acme-il", "reservation": "k2" }] });
        world.observe(&late, "2026-11-24T16:00:00Z").expect("taken down");
        assert_eq!(world.counter(day), 2);
    });
}

/// Whatever the split, and however many ask at once: exactly as many as the cap lets through.
#[test]
fn a_cap_that_two_share_is_met_exactly() {
    World::each("shared", |world| {
        let (ours, theirs) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for thread in 0..4_u32 {
                let (ours, theirs) = (&ours, &theirs);
                scope.spawn(move || {
                    for n in 0..10 {
                        if thread % 2 == 0 {
                            let sold = world.sold_to(thread * 100 + n, NOW) == "acme-il";
                            ours.fetch_add(usize::from(sold), Ordering::SeqCst);
                            continue;
                        }
                        let key = format!("k{thread}-{n}");
                        let held = world.reserve("acme-il", &key, NOW).granted();
                        // Every other one comes to nothing.
                        let end =
                            if n % 2 == 0 { world.engine.confirm_external(&key, time(NOW)).is_ok() } else { false };
                        if held && !end {
                            world.engine.release_external(&key, time(NOW)).expect("it is");
                        }
                        theirs.fetch_add(usize::from(held && end), Ordering::SeqCst);
                    }
                });
            }
        });
        // What was given back late is sold to whoever comes.
        let mut sold = ours.load(Ordering::SeqCst) + theirs.load(Ordering::SeqCst);
        assert!(sold <= 3, "{sold}");
        for n in 0..3 {
            sold += usize::from(world.sold_to(9_000 + n, NOW) == "acme-il");
        }
        assert_eq!((sold, world.counter("contract:acme-il|day:2026-11-24|count|sold")), (3, 3));
    });
}

#[test]
fn what_another_system_decided_is_not_decided_again() {
    World::each("retry", |world| {
        let seen =
            json!({ "lead": { "id": "L1", "source": "web", "phone": "312", "zip": "60601" }, "outcome": "rejected" });
        world.observe(&seen, NOW).expect("taken down");
        let problems = world.engine.problems().expect("read");
        let problem = problems.iter().find(|row| row.group.path == "/phone").expect("there is one");
        let tried = world.engine.retry(&problem.group.fingerprint, Tick::at(time(NOW)), true).expect("it tries");
        assert!(tried.is_empty());
    });
}

/// Somebody who was held here and sold there is sold: a plan that holds nobody any longer does not decide it anew.
#[test]
fn what_was_held_and_sold_beside_us_is_not_sold_again() {
    World::each("held", |world| {
        let text = |problems: &str| PLAN.replace(r#""extends": "us/home-services@1""#, problems);
        let load =
            |text: String| Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("right");
        let holds = text(r#""extends": "us/home-services@1", "problems": { "name.gibberish": "hold" }"#);
        world.engine.swap(load(holds)).expect("a plan");
        let named = |id: u32| {
            let mut lead = lead(id);
            lead["first_name"] = json!("asdfgh");
            lead["last_name"] = json!("jkl");
            lead
        };
        let told = [
            json!({ "lead": named(1), "outcome": "assigned", "sales": [{ "contract": "acme-il" }] }),
            json!({ "lead": named(2), "outcome": "unsold" }),
        ];
        for (seen, outcome) in told.iter().zip([Outcome::Assigned, Outcome::Unsold]) {
            let told = world.observe(seen, NOW).expect("taken down");
            assert!(String::from_utf8_lossy(&told.body).contains(r#""action":"held""#), "it would have been held");
            world.engine.swap(load(PLAN.to_owned())).expect("a plan");
            let again =
                world.engine.decide(seen["lead"].to_string().as_bytes(), Tick::at(time(NOW))).expect("it decides");
            assert_eq!((again.id.clone(), again.outcome, again.receipt.replayed), (told.id, outcome, true));
            world
                .engine
                .swap(load(text(r#""extends": "us/home-services@1", "problems": { "name.gibberish": "hold" }"#)))
                .expect("a plan");
        }
        world.engine.swap(load(PLAN.to_owned())).expect("a plan");
    });
}

/// The same person filled the same form in twice, and was sold twice: two sales.
#[test]
fn a_form_that_came_twice_is_two_leads() {
    World::each("form", |world| {
        let of = |id: &str| json!({ "id": id, "source": "web", "phone": "312-867-0001", "zip": "60601" });
        let sold = |id: &str, at: &str| json!({ "lead": of(id), "outcome": "assigned", "sales": [{ "contract": "acme-il" }], "at": at });
        let ids = [("B2", "2026-11-24T15:29:00Z"), ("B1", "2026-11-24T10:00:00Z"), ("B3", "2026-11-24T15:29:30Z")];
        for (id, at) in ids {
            let told = world.observe(&sold(id, at), NOW).expect("taken down");
            assert_eq!((told.id.to_string(), told.receipt.replayed), (format!("web/{id}.1"), false));
        }
        assert_eq!(world.counter("contract:acme-il|day:2026-11-24|count|sold"), 3);
    });
}

#[test]
fn a_reservation_that_is_over_is_counted_once() {
    World::each("over", |world| {
        let day = "contract:acme-il|day:2026-11-24|count|sold";
        world.reserve("acme-il", "k", NOW);
        let later = "2026-11-24T16:00:00Z";
        let sold = |id: u32| json!({ "lead": lead(id), "outcome": "assigned", "sales": [{ "contract": "acme-il", "reservation": "k" }] });
        world.observe(&sold(1), later).expect("taken down");
        assert_eq!(world.counter(day), 1);
        // Who confirms it after all is told that it is sold, and nothing is counted a second time.
        let confirmed = world.engine.confirm_external("k", time(later)).expect("an answer");
        assert_eq!((confirmed.state, confirmed.replayed), (Some(ReservationState::Confirmed), true));
        assert_eq!(world.observe(&sold(2), later).map(|_| ()), Err(Code::OperationConflict));
        let release = world.engine.release_external("k", time(later)).map_err(|error| error.code());
        assert_eq!(release.map(|_| ()), Err(Code::OperationConflict));
        let reserve = Reserve::read(r#"{"contract":"acme-il","key":"k"}"#).expect("read");
        let reserved = world.engine.reserve_external(&reserve, time(later)).map_err(|error| error.code());
        assert_eq!(reserved.map(|_| ()), Err(Code::OperationConflict));
        assert_eq!(world.counter(day), 1);
    });
}

#[test]
fn a_sale_is_as_it_was_reserved() {
    World::each("as-reserved", |world| {
        let reserve = r#"{"contract":"acme-il","key":"k","price":"41.00","group":"roofing/fair"}"#;
        let reserve = Reserve::read(reserve).expect("read");
        assert!(world.engine.reserve_external(&reserve, time(NOW)).expect("an answer").granted());
        let sold = |more: Value| {
            let mut sale = json!({ "contract": "acme-il", "reservation": "k" });
            sale.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            json!({ "lead": lead(1), "outcome": "assigned", "sales": [sale] })
        };
        assert_eq!(world.observe(&sold(json!({ "price": "42.00" })), NOW).map(|_| ()), Err(Code::OperationConflict));
        let told = world.observe(&sold(json!({})), NOW).expect("taken down");
        assert_eq!(body(&told)["assignments"][0]["price"], json!("41.00"));
        // A test leaves the reservation alone (rule 97).
        assert!(world.reserve("acme-il", "t", NOW).granted());
        let test = json!({ "lead": { "id": "T", "source": "web", "test": true, "zip": "60601" }, "outcome": "assigned",
            "sales": [{ "contract": "acme-il", "reservation": "t" }] });
        assert_eq!(world.observe(&test, NOW).map(|told| told.outcome), Ok(Outcome::Test));
        assert!(world.engine.release_external("t", time(NOW)).expect("it is").is_some());
        // Nobody is paid for a sale, and no contract gets a lead twice.
        for sales in [
            json!([{ "contract": "acme-il", "price": "-1.00" }]),
            json!([{ "contract": "acme-il" }, { "contract": "acme-il" }]),
        ] {
            let seen = json!({ "lead": lead(5), "outcome": "assigned", "sales": sales });
            assert_eq!(world.observe(&seen, NOW).map(|_| ()), Err(Code::OperationMalformed));
        }
        let paid = Reserve::read(r#"{"contract":"acme-il","key":"n","price":"-1.00"}"#).map_err(|error| error.code());
        assert_eq!(paid.map(|_| ()), Err(Code::OperationMalformed));
    });
}

/// Also of a contract whose criteria the lead does not meet.
#[test]
fn a_cap_that_operations_gave_counts_what_was_sold_beside_us() {
    World::each("override", |world| {
        let given = PLAN.replace(
            r#""may": { "pause": true }"#,
            r#""may": { "pause": true, "caps": { "week": { "gte": 0, "lte": 9 } } }"#,
        );
        let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", given)]), "plan.jsonc").expect("right");
        world.engine.swap(plan).expect("a plan");
        let cap = r#"{"op":"override","contract":"acme-il","set":{"caps":{"week":2}},"by":"ann","reason":"storm"}"#;
        world.engine.operate(&Operation::read(cap).expect("read"), time(NOW)).expect("it is done");
        let elsewhere = json!({ "id": "X", "source": "web", "phone": "512-867-5309", "zip": "73301" });
        let seen = json!({ "lead": elsewhere, "outcome": "assigned", "sales": [{ "contract": "acme-il" }] });
        let told = world.observe(&seen, NOW).expect("taken down");
        assert!(
            String::from_utf8_lossy(&told.body).contains(r#""caps.week""#),
            "the decision names what operations set"
        );
        assert_eq!(world.sold_to(1, NOW), "acme-il");
        assert_eq!(world.sold_to(2, NOW), "slow-il", "two a week");
        // The same report under a plan that has the contract no more is still the same.
        let without = PLAN.replace("\"acme-il\"", "\"acme-tx\"");
        let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", without)]), "plan.jsonc").expect("right");
        world.engine.swap(plan).expect("a plan");
        assert!(world.observe(&seen, NOW).expect("the same").receipt.replayed);
    });
}

/// The log goes on in its order: what another system did long ago is not when a plan began.
#[test]
fn a_plan_decides_from_now_on_also_where_a_late_report_comes_first() {
    World::each("active", |world| {
        world.see(1, "acme-il", NOW);
        let next = PLAN.replace(r#""plan": "p""#, r#""plan": "next""#);
        let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", next)]), "plan.jsonc").expect("right");
        world.engine.swap(plan).expect("a plan");
        let late = json!({ "lead": lead(2), "outcome": "unsold", "at": "2026-11-20T08:00:00Z" });
        world.observe(&late, NOW).expect("taken down");
        let begun: Vec<_> = world.events(EventKind::PlanActivated).iter().map(|event| event.at).collect();
        assert_eq!(begun, [time(NOW), time(NOW)]);
    });
}
