//! What an auction of 30 pings costs us in instructions, with buyers that answer in no time of ours: counted by valgrind, so a busy
//! machine changes nothing. Beside it, what serde_json takes to write 30 requests and to read 30 answers.

use crate::engine::{ping_of, plan};
use crate::{DEADLINE, PINGS};
use bench_common::instructions::{can_be_counted, counted};
use leadwright::deliver::{Exchanged, Lost, Request, Response, Secrets, Transport};
use leadwright::engine::{Clock, Engine, Outside};
use leadwright::model::{Code, Error, Tick, Timestamp};
use leadwright::store::MemoryStore;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// Pings of a run, and of one that is longer: the difference has no start in it.
const FEW: u32 = 20;
const MANY: u32 = 120;
const ANSWER: &[u8] = br#"{"status":"bid","price":"17.25"}"#;

/// Buyers that bid or hang, and a clock that goes on with them.
struct World(AtomicI64);

impl Clock for World {
    fn now(&self) -> Timestamp {
        Timestamp::EPOCH.plus_millis(self.0.load(Ordering::Relaxed))
    }
}

impl Secrets for World {
    fn secret(&self, name: &str) -> Result<String, Error> {
        Err(Error::new(Code::InputBadOption, name))
    }
}

impl Transport for World {
    fn send(&self, request: &Request, _: Duration) -> Exchanged {
        if request.url.contains("hang") {
            return Exchanged::Lost(Lost::Timeout);
        }
        Exchanged::Answered(Response { status: 200, headers: Vec::new(), body: ANSWER.to_vec() })
    }

    fn send_all(&self, requests: &[(Request, Duration)], each: &mut dyn FnMut(usize, Exchanged)) {
        for (place, (request, within)) in requests.iter().enumerate() {
            each(place, self.send(request, *within));
        }
        self.0.fetch_add(200, Ordering::Relaxed);
    }
}

/// What valgrind runs: so many auctions, or so many times the JSON alone.
pub fn run(what: &str, times: u32) {
    match what {
        "auction" => auctions(times),
        _ => (0..times).for_each(|_| json()),
    }
}

fn auctions(times: u32) {
    let engine = Engine::open(plan(80), MemoryStore::new()).expect("an engine");
    let world = World(AtomicI64::new(1_795_500_000_000));
    let outside = Outside { transport: &world, secrets: &world, clock: &world };
    for n in 0..times {
        let lead = ping_of(u64::from(n));
        let pinged = engine.ping(lead.as_bytes(), Tick::at(world.now()), DEADLINE, &outside).expect("an answer");
        assert!(pinged.bid.is_some(), "somebody bids");
    }
}

fn json() {
    for place in 0..PINGS {
        let request = serde_json::json!({ "state": "IL", "zip": "60614", "id": place });
        assert!(serde_json::to_vec(&request).expect("JSON").len() > 20);
        let answer: serde_json::Value = serde_json::from_slice(ANSWER).expect("JSON");
        assert_eq!(answer["status"], "bid");
    }
}

/// Prints the counts; whether there are any.
pub fn count() -> bool {
    if !can_be_counted() {
        return false;
    }
    let [auction, json] = ["auction", "json"].map(each);
    println!("an auction of {PINGS} pings, from the ping of a supplier to our bid: {auction:.0} instructions");
    println!(
        "writing {PINGS} requests and reading {PINGS} answers with serde_json: {json:.0}; ratio {:.1}",
        auction / json
    );
    true
}

fn each(what: &str) -> f64 {
    let of = |times: u32| counted(&["--counted", what, &times.to_string()]);
    (of(MANY) - of(FEW)) / f64::from(MANY - FEW)
}
