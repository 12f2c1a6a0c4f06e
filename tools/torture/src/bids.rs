//! Suppliers that ping, and buyers that bid, hang, fail and talk nonsense, in virtual time: no bid of ours is above what buyers would
//! pay less our margin, none comes after the deadline, the same ping gets the same answer, what was bid is what is paid, and no lock of
//! the store is held while a buyer thinks.

use crate::Torture;
use leadwright::deliver::{Exchanged, Lost, Request, Response, Secrets, Transport};
use leadwright::engine::{Clock, Engine, Outside};
use leadwright::model::{Code, Error, Money, Tick, Timestamp};
use leadwright::operate::{PingUse, Pinged, SubmitEnd};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{MemoryStore, Store};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Buyers of an auction.
const BUYERS: usize = 30;
/// What the supplier gives, in milliseconds.
const DEADLINE: i64 = 200;
/// What is left to us of a price at least.
const MARGIN: i64 = 20_000;
/// What suppliers get of a price, in a hundred.
const SHARE: i64 = 70;
/// So many pings go to one engine before a new world begins.
const WORLD: u64 = 2_000;

/// What a buyer does with one ping.
#[derive(Clone, Copy)]
enum Does {
    Bids(i64),
    Late(i64),
    Nothing,
    Refuses,
    Fails,
    Nonsense,
    TooMuch,
}

/// Buyers, a clock, and what each of them said in this auction.
struct World {
    now: Mutex<Timestamp>,
    dice: Mutex<fastrand::Rng>,
    /// Valid bids that came in time, in units.
    heard: Mutex<Vec<i64>>,
    calls: Mutex<u64>,
    store: Arc<MemoryStore>,
}

// Virtual time: it goes on as buyers think.
impl Clock for World {
    fn now(&self) -> Timestamp {
        *self.now.lock().expect("a clock")
    }
}

impl Secrets for World {
    fn secret(&self, name: &str) -> Result<String, Error> {
        Err(Error::new(Code::InputBadOption, name))
    }
}

impl World {
    fn new(seed: u64) -> Self {
        let now = "2026-11-24T15:30:00Z".parse().expect("a time");
        World {
            now: Mutex::new(now),
            dice: Mutex::new(fastrand::Rng::with_seed(seed)),
            heard: Mutex::default(),
            calls: Mutex::new(0),
            store: Arc::new(MemoryStore::new()),
        }
    }

    fn pass(&self, millis: i64) {
        let mut now = self.now.lock().expect("a clock");
        *now = now.plus_millis(millis);
    }

    /// Half of them hang, as the figure wants it.
    fn does(&self) -> Does {
        let mut dice = self.dice.lock().expect("dice");
        let price = dice.i64(30_000..1_000_000);
        match dice.u32(0..20) {
            0..=9 => Does::Nothing,
            10..=14 => Does::Bids(price),
            15 => Does::Late(price),
            16 => Does::Refuses,
            17 => Does::Fails,
            18 => Does::Nonsense,
            _ => Does::TooMuch,
        }
    }

    fn answer(&self, is_post: bool, within: i64) -> (i64, Exchanged) {
        let answered = |status: u16, body: String| {
            Exchanged::Answered(Response { status, headers: vec![], body: body.into_bytes() })
        };
        if is_post {
            return (5, answered(200, r#"{"ok":true}"#.into()));
        }
        let after = self.dice.lock().expect("dice").i64(1..DEADLINE);
        let bid = |units: i64| {
            let price = Money::from_units(units).unwrap_or(Money::ZERO);
            format!(r#"{{"buy":true,"price":"{price}"}}"#)
        };
        match self.does() {
            Does::Bids(units) if after <= within => {
                self.heard.lock().expect("bids").push(units);
                (after, answered(200, bid(units)))
            }
            // A transport that is late itself: what it brings is not used.
            Does::Late(units) => (within + after, answered(200, bid(units))),
            Does::Bids(_) | Does::Nothing => (within, Exchanged::Lost(Lost::Timeout)),
            Does::Refuses => (after.min(within), answered(200, r#"{"buy":false}"#.into())),
            Does::Fails => (after.min(within), answered(500, String::new())),
            Does::Nonsense => (after.min(within), answered(200, r#"{"buy":true,"price":"12,50"}"#.into())),
            Does::TooMuch => (after.min(within), answered(200, r#"{"buy":true,"price":"1250.00"}"#.into())),
        }
    }

    /// Whoever holds a lock of the store while buyers are called keeps this from ending.
    fn nobody_holds_the_store(&self) {
        let tenant = leadwright::model::TenantId::default();
        self.store.write(&tenant, &mut |_| Ok(())).expect("a transaction in the middle of an auction");
    }
}

impl Transport for World {
    fn send(&self, request: &Request, within: Duration) -> Exchanged {
        let mut end = None;
        self.send_all(&[(request.clone(), within)], &mut |_, exchanged| end = Some(exchanged));
        end.unwrap_or(Exchanged::Lost(Lost::Broken))
    }

    fn send_all(&self, requests: &[(Request, Duration)], each: &mut dyn FnMut(usize, Exchanged)) {
        self.nobody_holds_the_store();
        *self.calls.lock().expect("calls") += requests.len() as u64;
        let begun = self.now();
        let mut ends: Vec<(i64, usize, Exchanged)> = Vec::new();
        for (place, (request, within)) in requests.iter().enumerate() {
            let within = i64::try_from(within.as_millis()).unwrap_or(i64::MAX);
            let (after, exchanged) = self.answer(request.url.ends_with("/post"), within);
            ends.push((after, place, exchanged));
        }
        ends.sort_by_key(|(after, place, _)| (*after, *place));
        for (after, place, exchanged) in ends {
            *self.now.lock().expect("a clock") = begun.plus_millis(after);
            each(place, exchanged);
        }
        // Who waits ends its wait in time, whatever still comes.
        let longest = requests.iter().map(|(_, within)| within.as_millis()).max().unwrap_or_default();
        let longest = begun.plus_millis(i64::try_from(longest).unwrap_or(i64::MAX));
        let mut now = self.now.lock().expect("a clock");
        *now = (*now).min(longest);
    }
}

fn plan() -> Plan {
    let buyer = |n: usize| {
        format!(
            r#""b{n}": {{ "deliver": {{ "breaker": "off" }}, "contracts": {{ "b{n}-1": {{ "in": {{ "roofing/all": {{}} }},
                "sell": {{ "exclusive": {{ "bid": {{ "min": "3.00", "max": "100.00" }} }} }},
                "ping": {{ "to": "b{n}-ping", "send": ["zip"], "wait": "900ms" }}, "post": {{ "to": "b{n}-post" }} }} }},
              "endpoints": {{
                "b{n}-ping": {{ "url": "https://b{n}.example/ping", "answers": [
                  {{ "if": {{ "/buy": true }}, "is": "bid", "price": "/price" }}, {{ "if": {{ "/buy": false }}, "is": "no_bid" }} ] }},
                "b{n}-post": {{ "url": "https://b{n}.example/post", "answers": [ {{ "if": {{ "/ok": true }}, "is": "accepted" }} ] }} }} }}"#
        )
    };
    let margin = Money::from_units(MARGIN).unwrap_or(Money::ZERO);
    let text = format!(
        r#"{{ "format": 1, "plan": "bids", "currency": "USD", "timezone": "America/Chicago",
          "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
          "sources": {{ "web": {{ "verticals": ["roofing"], "payout": {{ "percent_of_price": {SHARE} }} }} }},
          "routes": {{ "roofing": {{ "min_margin": "{margin}", "groups": [ {{ "id": "all", "select": "price" }} ],
            "on_unsold": {{ "then": "store" }} }} }},
          "buyers": {{ {} }} }}"#,
        (0..BUYERS).map(buyer).collect::<Vec<_>>().join(", ")
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("a plan")
}

/// What was counted.
#[derive(Default)]
struct Count {
    pings: u64,
    calls: u64,
    bids: u64,
    in_time: u64,
    posted: u64,
    honoured: u64,
}

pub(crate) fn run(torture: &Torture) -> Result<String, String> {
    let (pings, posts_each) = if torture.long { (35_000, 20) } else { (400, 10) };
    let plan = plan();
    let mut count = Count::default();
    let (mut seed, mut left) = (torture.seed, pings);
    while left > 0 {
        let here = left.min(WORLD);
        world(&plan, seed, here, posts_each, &mut count)?;
        (seed, left) = (seed.wrapping_add(1), left - here);
    }
    Ok(format!(
        "bids: {} pings of suppliers, {} pings to buyers of which half hang; {} bids of ours, none above the best bid of a buyer less \
         the margin; {} answered within {DEADLINE} ms; {} posted, {} honoured, none for less",
        count.pings, count.calls, count.bids, count.in_time, count.posted, count.honoured
    ))
}

fn world(plan: &Plan, seed: u64, pings: u64, posts_each: u64, count: &mut Count) -> Result<(), String> {
    let world = World::new(seed);
    let store: Arc<dyn Store> = world.store.clone();
    let engine = Engine::with_options(plan.clone(), store, leadwright::engine::EngineOptions::default());
    let engine = engine.map_err(|error| error.to_string())?;
    let outside = Outside { transport: &world, secrets: &world, clock: &world };
    for n in 0..pings {
        world.heard.lock().expect("bids").clear();
        let begun = world.now();
        let partial = format!(r#"{{"source":"web","zip":"60601","idempotency_key":"k{seed}-{n}"}}"#);
        let within = Duration::from_millis(DEADLINE.unsigned_abs());
        let ping =
            || engine.ping(partial.as_bytes(), Tick::at(begun), within, &outside).map_err(|error| error.to_string());
        let pinged = ping()?;
        let took = world.now().millis() - begun.millis();
        count.pings += 1;
        count.in_time += u64::from(took <= DEADLINE);
        if took > DEADLINE {
            return Err(format!("seed {seed}: ping {n} was answered after {took} ms"));
        }
        check_bid(&world, &pinged).map_err(|what| format!("seed {seed}: ping {n}: {what}"))?;
        count.bids += u64::from(pinged.bid.is_some());
        let before = *world.calls.lock().expect("calls");
        if ping()? != pinged || *world.calls.lock().expect("calls") != before {
            return Err(format!("seed {seed}: the same ping {n} was answered differently, or asked again"));
        }
        if n % posts_each == 0 {
            post(&engine, &outside, (seed, n), &pinged, count)?;
        }
        world.pass(1_000);
    }
    count.calls += *world.calls.lock().expect("calls");
    Ok(())
}

/// Ours is what is left of the best bid, reckoned here by itself.
fn check_bid(world: &World, pinged: &Pinged) -> Result<(), String> {
    let best = world.heard.lock().expect("bids").iter().copied().max();
    // A share is rounded down to the cent.
    let share = |price: i64| price * SHARE / 100 / 100 * 100;
    let wanted = best.map(|price| (price, share(price))).filter(|(price, share)| price - share >= MARGIN);
    match (pinged.bid.map(Money::units), wanted) {
        (None, None) => Ok(()),
        (Some(ours), Some((price, share))) if ours == share && ours <= price - MARGIN => Ok(()),
        (ours, wanted) => Err(format!("we bid {ours:?}, and the best is {wanted:?}")),
    }
}

fn post(
    engine: &Engine,
    outside: &Outside<'_>,
    (seed, n): (u64, u64),
    pinged: &Pinged,
    count: &mut Count,
) -> Result<(), String> {
    let phone = 2_220_000 + n;
    let lead = format!(
        r#"{{"id":"L{n}","source":"web","zip":"60601","phone":"312{phone:07}","ping_id":"{}"}}"#,
        pinged.ping_id
    );
    let now = outside.clock.now();
    let told = engine.post(lead.as_bytes(), Tick::at(now), Duration::from_secs(2), outside);
    let told = told.map_err(|error| error.to_string())?;
    count.posted += 1;
    match (pinged.bid, told.ping) {
        (Some(bid), Some(PingUse::Honoured)) if told.payout >= bid && told.ended == SubmitEnd::Sold => {
            count.honoured += 1;
            Ok(())
        }
        (None, Some(PingUse::NoBid)) => Ok(()),
        // A phone that nobody has: the lead is refused, and pays nothing.
        (Some(_), Some(PingUse::NotHonoured)) if told.ended == SubmitEnd::Rejected && told.payout == Money::ZERO => {
            Ok(())
        }
        _ => Err(format!("seed {seed}: the lead of ping {n} was bid {:?} and came to {told:?}", pinged.bid)),
    }
}
