//! The whole of it: a ping of a supplier, for which the engine asks 30 buyers and answers with a bid of its own, on a file.

use crate::ways::Auctions;
use crate::{DEADLINE, PINGS, buyer};
use leadwright::engine::{Clock, Engine, Outside};
use leadwright::model::{Code, Error, Tick, Timestamp};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::SqliteStore;
use leadwright_http::{HttpOptions, HttpTransport};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

struct Whole {
    engine: Engine,
    transport: HttpTransport,
    next: AtomicU64,
}

/// The clock of this machine, and nobody's secrets.
struct World;

impl Clock for World {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
        Timestamp::EPOCH.plus_millis(since.as_millis() as i64)
    }
}

impl leadwright::deliver::Secrets for World {
    fn secret(&self, name: &str) -> Result<String, Error> {
        Err(Error::new(Code::InputBadOption, name))
    }
}

pub fn whole(port: u16) -> Box<dyn Auctions> {
    let path: PathBuf = std::env::temp_dir().join(format!("bench-auction-{}.db", std::process::id()));
    let store = SqliteStore::open(&path).expect("a store");
    let engine = Engine::open(plan(port), store).expect("an engine");
    let allow = vec!["127.0.0.0/8".into(), format!("http://127.0.0.1:{port}")];
    let transport = HttpTransport::new(HttpOptions { allow, ..HttpOptions::default() }).expect("the options are right");
    Box::new(Whole { engine, transport, next: AtomicU64::new(0) })
}

/// Whoever hangs is asked every time: a breaker would make it too easy.
pub fn plan(port: u16) -> Plan {
    let buyers = (0..PINGS).map(|place| {
        format!(
            r#""b{place}": {{ "deliver": {{ "breaker": "off" }},
              "contracts": {{ "b{place}-1": {{ "in": {{ "roofing/all": {{}} }},
                "sell": {{ "exclusive": {{ "bid": {{ "max": "100.00" }} }} }},
                "ping": {{ "to": "b{place}-ping", "send": ["state", "zip"], "wait": "{}ms" }} }} }},
              "endpoints": {{ "b{place}-ping": {{ "url": "http://127.0.0.1:{port}/{}", "answers": [
                {{ "if": {{ "/status": "bid" }}, "is": "bid", "price": "/price" }} ] }} }} }}"#,
            DEADLINE.as_millis(),
            buyer(place),
        )
    });
    let text = format!(
        r#"{{ "format": 1, "plan": "auction", "currency": "USD", "timezone": "America/Chicago",
          "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
          "sources": {{ "web": {{ "verticals": ["roofing"], "payout": {{ "percent_of_price": 70 }} }} }},
          "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
          "buyers": {{ {} }} }}"#,
        buyers.collect::<Vec<_>>().join(", ")
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("a plan")
}

/// The nth ping of a supplier.
pub fn ping_of(n: u64) -> String {
    format!(r#"{{"source":"web","vertical":"roofing","zip":"60614","roof_age":18,"idempotency_key":"k{n}"}}"#)
}

impl Auctions for Whole {
    fn auction(&self) -> usize {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let lead = ping_of(n);
        let outside = Outside { transport: &self.transport, secrets: &World, clock: &World };
        let pinged = self.engine.ping(lead.as_bytes(), Tick::at(World.now()), DEADLINE, &outside).expect("an answer");
        // It counts as all bids: the engine heard them, or it has none to make.
        if pinged.bid.is_some() { PINGS / 2 } else { 0 }
    }
}
