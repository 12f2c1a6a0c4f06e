//! What is planted in a lead, in the secrets of endpoints and in the answers of buyers is found nowhere after `ping`, `submit` and
//! `post`: a ping leaves nothing of its lead in the file, and no event, answer, trace or setting shows a value.

#[path = "support/market.rs"]
mod market;

use leadwright::deliver::Secrets;
use leadwright::engine::{Clock, Engine, Outside, explain};
use leadwright::model::{Error, TenantId, Tick};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{SqliteStore, Store};
use market::{Does, World};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Values of the lead, as they came and as they are cleaned, and what buyers echo.
const LEAD: [&str; 8] =
    ["Qvenzalia", "Brockwunder", "plover.quokka", "3128679417", "867-9417", "4417", "Yttrius", "please ring the goat"];
const SECRET: &str = "s3cr3t-zorbetina";

struct Safe;

impl Secrets for Safe {
    fn secret(&self, _: &str) -> Result<String, Error> {
        Ok(SECRET.to_owned())
    }
}

/// A buyer that tells everything back that it was told.
fn echo() -> String {
    format!("Qvenzalia Brockwunder 3128679417 plover.quokka@host.com {SECRET}")
}

fn plan() -> Plan {
    let buyer = |name: &str| {
        format!(
            r#""{name}": {{ "contracts": {{ "{name}-1": {{ "in": {{ "roofing/all": {{}} }}, "hold": true, "caps": {{ "day": 50 }},
                "sell": {{ "exclusive": {{ "bid": {{ "max": "99.00" }} }} }},
                "ping": {{ "to": "{name}-ping", "send": ["zip", "phone.sha256", "email.sha256"] }}, "post": {{ "to": "{name}-post" }} }} }},
              "endpoints": {{
                "{name}-ping": {{ "url": "https://{name}.example/ping", "auth": {{ "bearer": "secret://{name}" }}, "answers": [
                  {{ "if": {{ "/buy": true }}, "is": "bid", "price": "/price", "id": "/id" }} ] }},
                "{name}-post": {{ "url": "https://{name}.example/post", "auth": {{ "bearer": "secret://{name}" }}, "answers": [
                  {{ "if": {{ "/ok": true }}, "is": "accepted", "id": "/id" }},
                  {{ "if": {{ "/ok": false }}, "is": "rejected", "reason": "/why" }} ] }} }} }}"#
        )
    };
    let buyers = ["acme", "best", "cool", "dent"].map(buyer).join(", ");
    let text = format!(
        r#"{{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }}, "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
            "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
            "buyers": {{ {buyers} }} }}"#
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

fn lead(id: &str, more: &str) -> String {
    format!(
        r#"{{"id":"{id}","source":"web","first_name":"Qvenzalia","last_name":"Brockwunder","email":"plover.quokka@host.com",
            "phone":"(312) 867-9417","street":"4417 Yttrius Ave","zip":"60601","comments":"please ring the goat"{more}}}"#
    )
    .replace('\n', " ")
}

fn world() -> World {
    let says = |text: String| Does::Says(10, text.into());
    let echo = echo();
    World::new(&[
        ("acme.example/ping", says(format!(r#"{{"buy":true,"price":"50.00","id":"{echo}","note":"{echo}"}}"#))),
        ("best.example/ping", says(format!(r#"{{"buy":true,"price":"{echo}"}}"#))),
        ("cool.example/ping", Does::Fails),
        ("dent.example/ping", says(r#"{"buy":true,"price":"40.00","id":"d-1"}"#.to_owned())),
        ("acme.example/post", says(format!(r#"{{"ok":false,"why":"{echo}"}}"#))),
        ("dent.example/post", says(format!(r#"{{"ok":true,"id":"{echo}"}}"#))),
    ])
}

#[track_caller]
fn clean(what: &str, written: &[u8]) {
    let lower = String::from_utf8_lossy(written).to_lowercase();
    for planted in LEAD.iter().copied().chain([SECRET]) {
        let at = lower.find(&planted.to_lowercase());
        assert!(at.is_none(), "{what} shows {planted}");
    }
}

fn files(path: &Path) -> Vec<u8> {
    let each = ["db", "db-wal", "db-shm"].map(|end| std::fs::read(path.with_extension(end)).unwrap_or_default());
    each.concat()
}

fn place() -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("auction-canary.db");
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    path
}

#[test]
fn nothing_that_was_planted_is_found() {
    let (path, world) = (place(), world());
    let engine = Engine::open(plan(), SqliteStore::open(&path).expect("a store")).expect("an engine");
    let outside = Outside { transport: &world, secrets: &Safe, clock: &world };
    let within = Duration::from_secs(3);
    let tick = || Tick::at(world.now());

    let pinged =
        engine.ping(lead("", "").replace(r#""id":"","#, "").as_bytes(), tick(), within, &outside).expect("an answer");
    assert_eq!(
        pinged.bid,
        Some("0.00".parse().expect("money")),
        "the source gets nothing in this plan, and there is a bid"
    );
    clean("the file after a ping", &files(&path));
    clean("the answer to a ping", serde_json::to_string(&pinged).expect("JSON").as_bytes());
    for (url, body) in world.called.lock().expect("calls").iter() {
        clean(&format!("the ping to {url}"), body.as_bytes());
    }

    let named = format!(r#","ping_id":"{}""#, pinged.ping_id);
    let posted = engine.post(lead("L1", &named).as_bytes(), tick(), within, &outside).expect("an answer");
    assert_eq!(posted.sales.len(), 1, "acme refuses, dent takes it: {posted:?}");
    let submitted = engine.submit(lead("L2", "").as_bytes(), tick(), within, &outside).expect("an answer");
    for told in [&posted, &submitted] {
        clean("an answer", serde_json::to_string(told).expect("JSON").as_bytes());
        clean("an answer as it is printed", format!("{told:?}").as_bytes());
        let explained = explain(engine.store(), engine.tenant(), &told.decision).expect("it is explained");
        let trace = serde_json::to_string(&explained.decision.trace).expect("JSON");
        assert!(trace.contains("auction"), "{trace}");
        clean("a trace", trace.as_bytes());
        clean("reasons", serde_json::to_string(&explained.entries).expect("JSON").as_bytes());
    }
    everything_told_is_clean(&engine);
    let file = files(&path);
    let secret = file.windows(SECRET.len()).any(|window| window == SECRET.as_bytes());
    assert!(!secret, "the secret is in the file");
}

fn everything_told_is_clean(engine: &Engine) {
    let store: &dyn Store = engine.store();
    let events = store.events(&TenantId::default(), 0, 1_000).expect("events");
    assert!(events.len() > 8, "{}", events.len());
    clean(
        "the events",
        events.iter().map(|(_, event)| format!("{event:?} {}", event.data)).collect::<String>().as_bytes(),
    );
    clean("problems", format!("{:?}", engine.problems().expect("problems")).as_bytes());
    clean(
        "breakers",
        format!("{:?}", engine.breakers("2026-11-24T15:31:00Z".parse().expect("a time")).expect("breakers")).as_bytes(),
    );
    let mut look = |view: &dyn leadwright::store::View| {
        clean("settings", format!("{:?}", view.settings("")?).as_bytes());
        Ok(())
    };
    store.read(engine.tenant(), &mut look).expect("it is read");
}
