//! Real sockets, a store in a file, and buyers who misbehave: nothing is lost, and nothing is sold twice.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "a test waits by the clock of the host")]

mod common;

use common::{ANSWERS, Fast, Known, plan, sell, states};
use leadwright::care::verify;
use leadwright::engine::Engine;
use leadwright::model::{AttemptClass, DeliveryState};
use leadwright::store::SqliteStore;
use leadwright_buyers::{Script, Server, start};
use leadwright_deliver::{Delivered, Delivery, DeliveryOptions};
use leadwright_http::{HttpOptions, HttpTransport};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const SCRIPT: &str = r#"{ "seed": 7, "buyers": {
    "acme":  { "does": "accept", "price": "38.00" },
    "picky": { "does": "reject", "reason": "cap_full" },
    "hangs": { "does": "hang" },
    "fails": { "does": "fail" },
    "flaps": { "does": "flap", "good": 1, "bad": 2 },
    "liar":  { "does": "lie", "says": "error" } } }"#;

/// Who buys where, and for how much; acme takes what is left of Illinois, Georgia and Ohio.
const BUYERS: [(&str, &str, u32); 8] = [
    ("picky", "IL", 50),
    ("acme", "IL", 40),
    ("hangs", "TX", 50),
    ("fails", "GA", 50),
    ("flaps", "NY", 50),
    ("liar", "OH", 50),
    ("acme-tx", "TX", 40),
    ("acme-ga", "GA", 40),
];

struct World {
    engine: Engine,
    server: Server,
    path: PathBuf,
}

fn world(name: &str) -> World {
    let server = start(SCRIPT.parse::<Script>().expect("a script")).expect("a server");
    let place = |name: &str| name.split('-').next().unwrap_or_default().to_owned();
    let endpoint = |(name, ..): &(&str, &str, u32)| {
        format!(r#""to-{name}": {{ "url": "{}", {ANSWERS} }}"#, server.url(&place(name)))
    };
    let endpoints: Vec<String> = BUYERS.iter().map(endpoint).collect();
    let posts: Vec<String> =
        BUYERS.iter().map(|(name, ..)| format!(r#""post": {{ "to": "to-{name}", "wait": "250ms" }},"#)).collect();
    let buyers: Vec<(&str, &str, u32, &str)> =
        BUYERS.iter().zip(&posts).map(|((name, state, price), post)| (*name, *state, *price, post.as_str())).collect();
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.db"));
    for end in ["db", "db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(end));
    }
    let store = SqliteStore::open(&path).expect("a store");
    let engine = Engine::open(plan(&endpoints.join(", "), &buyers), store).expect("an engine");
    World { engine, server, path }
}

impl World {
    /// Runs until so much is so, for 30 seconds at most; twenty times as fast as the clock goes.
    fn runs(&self, until: impl Fn(&World) -> bool) -> Delivered {
        let allow = vec!["127.0.0.0/8".into(), format!("http://127.0.0.1:{}", self.server.port)];
        let transport = HttpTransport::new(HttpOptions { allow, ..HttpOptions::default() }).expect("options");
        let (begun, clock) = (Instant::now(), Fast::times(20));
        let stop = &mut || until(self) || begun.elapsed() > Duration::from_secs(30);
        let options = DeliveryOptions { workers: 12, idle: Duration::from_millis(50), ..DeliveryOptions::default() };
        Delivery::of(&self.engine, &transport, &Known(None)).at(&clock).run(&options, stop).expect("it runs")
    }

    /// Who has a lead, with the key and how often it came.
    fn has(&self, lead: &str) -> Vec<(String, u64)> {
        let taken = self.server.ledger().taken.into_iter().filter(|taken| taken.lead == lead);
        taken.map(|taken| (taken.buyer, taken.times)).collect()
    }

    /// What the file says is true.
    fn holds(self) {
        drop(self.engine);
        let store = SqliteStore::open(&self.path).expect("a store");
        let found = verify(&store, &mut |_| {}).expect("it is looked at").findings;
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn a_refused_lead_goes_to_the_next_buyer() {
    let world = world("refused");
    (1..=5).for_each(|n| sell(&world.engine, n, "60601"));
    let done = world.runs(|world| world.server.ledger().taken.len() == 5 && states(&world.engine).is_empty());
    assert_eq!((done.of(AttemptClass::Rejected), done.of(AttemptClass::Accepted), done.fell), (5, 5, 5));
    for n in 1..=5 {
        assert_eq!(world.has(&format!("L{n}")), [("acme".to_owned(), 1)]);
    }
    // What the buyer said besides stands in the log: why not, and another price than that of the sale.
    let log = world.engine.store().events(world.engine.tenant(), 0, 1_000).expect("the log");
    let said = |part: &str| log.iter().filter(|(_, event)| event.data.contains(part)).count();
    assert_eq!((said(r#""reason":"cap_full""#), said(r#""price":"38.00""#)), (5, 5));
    world.holds();
}

#[test]
fn a_lead_of_which_nobody_knows_is_kept_and_sold_to_nobody_else() {
    let world = world("hangs");
    (1..=3).for_each(|n| sell(&world.engine, n, "75201"));
    let all_unknown = |world: &World| {
        let states = states(&world.engine);
        states.len() == 3 && states.iter().all(|(_, state, _)| *state == DeliveryState::Unknown)
    };
    let done = world.runs(all_unknown);
    assert_eq!((done.of(AttemptClass::Unknown), done.fell), (3, 0));
    assert!(world.server.ledger().taken.is_empty(), "acme-tx did not get them");
    world.holds();
}

#[test]
fn a_buyer_that_fails_is_tried_again_under_the_same_key() {
    let world = world("flaps");
    (1..=4).for_each(|n| sell(&world.engine, n, "10001"));
    let done = world.runs(|world| world.server.ledger().taken.len() == 4 && states(&world.engine).is_empty());
    assert_eq!(done.of(AttemptClass::Accepted), 4);
    assert!(done.of(AttemptClass::Unavailable) >= 4, "{done:?}");
    for n in 1..=4 {
        assert_eq!(world.has(&format!("L{n}")), [("flaps".to_owned(), 1)]);
    }
    world.holds();
}

#[test]
fn a_buyer_that_took_it_and_says_that_it_failed_is_found_out_by_the_key() {
    let world = world("liar");
    sell(&world.engine, 1, "44101");
    // It says 500 for ever, and has it from the first time.
    let done = world.runs(|world| world.server.ledger().buyers.get("liar").is_some_and(|liar| liar.requests >= 3));
    assert!(done.of(AttemptClass::Unavailable) >= 3, "{done:?}");
    assert_eq!(world.has("L1").len(), 1);
    assert_eq!(done.fell, 0, "that it was not taken is not proven");
    world.holds();
}

#[test]
fn bad_buyers_keep_no_others_waiting() {
    let world = world("mixed");
    let zips = ["60601", "75201", "30301", "10001"];
    (0..40).for_each(|n| sell(&world.engine, n, zips[n as usize % 4]));
    let done = world.runs(|world| {
        let ledger = world.server.ledger();
        let of = |name: &str| ledger.taken.iter().filter(|taken| taken.buyer == name).count();
        of("acme") >= 10 && of("flaps") >= 5
    });
    assert!(done.of(AttemptClass::Accepted) >= 15, "{done:?}");
    let taken = world.server.ledger().taken;
    let mut leads: Vec<&str> = taken.iter().map(|taken| taken.lead.as_str()).collect();
    leads.sort_unstable();
    leads.dedup();
    assert_eq!(leads.len(), taken.len(), "no lead has two buyers");
    world.holds();
}
