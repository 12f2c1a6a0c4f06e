//! The world: leads come, workers call, buyers answer or do not.

use super::{Bad, Keeps, Setup};
use crate::sim::Dice;
use leadwright::engine::{Engine, EngineOptions};
use leadwright::events::{BreakerChanged, DeliveryAttempted};
use leadwright::model::{AttemptClass, BreakerState, EventKind, Tick, Timestamp};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, Sending};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::MemoryStore;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fmt::Write;
use std::sync::Arc;

const STATES: &str = "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY \
                      NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY";
/// How long whoever calls waits for an answer.
const TIMEOUT: i64 = 20_000;
/// How often somebody looks whether something is due.
const LOOK: i64 = 250;

/// What happens, in the order of time and then as it is written here.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    /// A lead for a buyer.
    Lead(usize),
    /// A call ended.
    Ended(usize),
    Look,
}

pub(super) struct World {
    setup: Setup,
    engine: Engine,
    now: i64,
    /// By buyer: when its next lead comes.
    arrivals: Vec<Dice>,
    leads: u32,
    calls: Vec<Option<(Sending, AttemptClass, u32)>>,
    idle: usize,
    next: BinaryHeap<Reverse<(i64, Next)>>,
    log: Log,
}

/// What was seen.
pub(super) struct Log {
    /// By buyer, how long each lead took from its sale until the buyer had it.
    delays: Vec<Vec<i64>>,
    /// What happened to each buyer, in order: attempts and breakers.
    events: BTreeMap<String, Vec<Seen>>,
    millis: i64,
}

enum Seen {
    Attempt { at: i64, n: u32 },
    Ended,
    Breaker { at: i64, to: BreakerState, until: Option<i64> },
}

/// What was seen of a bad buyer.
pub(super) struct OfBad {
    pub(super) calls: usize,
    /// How many calls had ended when it opened first.
    pub(super) until_open: u32,
    pub(super) most_permits: usize,
    /// How long after the time of its last opening it closed, once it was mended.
    pub(super) closed_late: Option<i64>,
    pub(super) again: usize,
    pub(super) allowed: usize,
}

fn begin() -> Timestamp {
    "2026-11-24T15:30:00Z".parse().unwrap_or(Timestamp::EPOCH)
}

fn name(place: usize) -> String {
    format!("b{place:02}")
}

fn plan(setup: &Setup) -> Result<Plan, String> {
    let deliver = match setup.keeps {
        Keeps::All => format!(r#""deliver": {{ "at_once": {} }},"#, (setup.workers / 4).max(1)),
        Keeps::Turns => r#""deliver": { "at_once": 1000, "breaker": "off" },"#.to_owned(),
        Keeps::Nothing => {
            r#""deliver": { "at_once": 1000, "breaker": "off", "retries": { "percent": 1000, "per_minute": 10000 } },"#
                .to_owned()
        }
    };
    let mut buyers = String::new();
    for (place, state) in STATES.split(' ').take(setup.buyers).enumerate() {
        let (comma, name) = (if place == 0 { "" } else { "," }, name(place));
        let _ = write!(
            buyers,
            r#"{comma}"{name}": {{ {deliver} "contracts": {{ "{name}-1": {{ "in": {{ "roofing/all": {{}} }},
                "where": {{ "state": ["{state}"] }}, "sell": {{ "exclusive": {{ "price": "40.00" }} }} }} }} }}"#
        );
    }
    let text = format!(
        r#"{{ "format": 1, "plan": "isolation", "currency": "USD", "timezone": "UTC",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
            "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
            "buyers": {{ {buyers} }} }}"#
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").map_err(|error| error.to_string())
}

impl World {
    pub(super) fn run(setup: &Setup) -> Result<Log, String> {
        let engine = Engine::with_options(plan(setup)?, Arc::new(MemoryStore::new()), EngineOptions::default());
        let mut world = World {
            setup: *setup,
            engine: engine.map_err(|error| error.to_string())?,
            now: 0,
            arrivals: (0..setup.buyers).map(|place| Dice::new(setup.seed * 1_000 + place as u64)).collect(),
            leads: 0,
            calls: Vec::new(),
            idle: setup.workers,
            next: BinaryHeap::new(),
            log: Log { delays: vec![Vec::new(); setup.buyers], events: BTreeMap::new(), millis: setup.millis },
        };
        for _ in 0..setup.backlog {
            world.sell(setup.buyers - 1)?;
        }
        for place in 0..setup.buyers {
            world.await_lead(place);
        }
        world.next.push(Reverse((LOOK, Next::Look)));
        while let Some(Reverse((at, what))) = world.next.pop() {
            if at >= setup.millis {
                break;
            }
            world.now = at;
            world.step(what)?;
        }
        world.read_log()?;
        Ok(world.log)
    }

    fn at(&self) -> Timestamp {
        begin().plus_millis(self.now)
    }

    fn step(&mut self, what: Next) -> Result<(), String> {
        match what {
            Next::Lead(place) => {
                self.sell(place)?;
                self.await_lead(place);
            }
            Next::Ended(call) => self.report(call)?,
            Next::Look => self.next.push(Reverse((self.now + LOOK, Next::Look))),
        }
        self.claim()
    }

    /// Two a second for each buyer.
    fn await_lead(&mut self, place: usize) {
        let wait = self.arrivals[place].between(1, 1_000);
        self.next.push(Reverse((self.now + wait, Next::Lead(place))));
    }

    fn sell(&mut self, place: usize) -> Result<(), String> {
        self.leads += 1;
        let n = self.leads;
        let state = STATES.split(' ').nth(place).unwrap_or_default();
        let (area, line) = (200 + n / 10_000 % 700, n % 10_000);
        let lead = format!(r#"{{"id":"L{n}","source":"web","phone":"312{area}{line:04}","state":"{state}"}}"#);
        self.engine.decide(lead.as_bytes(), Tick::at(self.at())).map(drop).map_err(|error| error.to_string())
    }

    /// Whoever is idle takes what there is.
    fn claim(&mut self) -> Result<(), String> {
        if self.idle == 0 {
            return Ok(());
        }
        let limit = u32::try_from(self.idle).ok();
        let claim = ClaimDeliveries { worker: "w".into(), limit, ..ClaimDeliveries::default() };
        for sending in self.engine.claim(&claim, self.at()).map_err(|error| error.to_string())? {
            let (class, took) = self.call(&sending);
            self.idle -= 1;
            let call = self.calls.len();
            self.calls.push(Some((sending, class, u32::try_from(took).unwrap_or(u32::MAX))));
            self.next.push(Reverse((self.now + took, Next::Ended(call))));
        }
        Ok(())
    }

    /// How a call that begins now will end, and when.
    fn call(&self, sending: &Sending) -> (AttemptClass, i64) {
        let place: usize = sending.buyer.as_str().trim_start_matches('b').parse().unwrap_or_default();
        let number: u64 = sending.lead.as_str().trim_start_matches('L').parse().unwrap_or_default();
        let well = (AttemptClass::Accepted, Dice::new(number ^ self.setup.seed << 32).between(80, 300));
        let is_mended = self.now >= self.setup.millis / 2;
        match self.setup.bad.get(place) {
            Some(Bad::Hangs) if !is_mended => (AttemptClass::Unknown, TIMEOUT),
            Some(Bad::Fails) if !is_mended => (AttemptClass::Unavailable, 60),
            Some(Bad::Flaps) if self.now / 20_000 % 2 == 0 => (AttemptClass::Unavailable, 60),
            _ => well,
        }
    }

    fn report(&mut self, call: usize) -> Result<(), String> {
        let Some((sending, class, took)) = self.calls[call].take() else { return Ok(()) };
        let outcome = DeliveryOutcome { took_ms: Some(took), ..DeliveryOutcome::of(class) };
        self.engine.delivered(&sending.id, &outcome, self.at()).map_err(|error| error.to_string())?;
        self.idle += 1;
        if class.is_taken() {
            let place: usize = sending.buyer.as_str().trim_start_matches('b').parse().unwrap_or_default();
            let at = self.at().millis();
            self.log.delays[place].push(at - sending.since.millis());
        }
        Ok(())
    }

    fn read_log(&mut self) -> Result<(), String> {
        let begin = begin().millis();
        let all = self.engine.store().events(self.engine.tenant(), 0, usize::MAX).map_err(|error| error.to_string())?;
        for (_, event) in all {
            let at = event.at.millis() - begin;
            let (buyer, seen) = match event.kind {
                EventKind::DeliveryAttempted => {
                    let data: DeliveryAttempted =
                        serde_json::from_str(&event.data).map_err(|error| error.to_string())?;
                    (data.buyer, Seen::Attempt { at, n: data.attempt })
                }
                EventKind::DeliveryRejected | EventKind::DeliveryUnknown | EventKind::DeliveryAccepted => {
                    #[derive(serde::Deserialize)]
                    struct Of {
                        buyer: leadwright::model::BuyerId,
                    }
                    let data: Of = serde_json::from_str(&event.data).map_err(|error| error.to_string())?;
                    (data.buyer, Seen::Ended)
                }
                EventKind::BreakerChanged => {
                    let data: BreakerChanged = serde_json::from_str(&event.data).map_err(|error| error.to_string())?;
                    let until = data.until.map(|until| until.millis() - begin);
                    (data.buyer, Seen::Breaker { at, to: data.to, until })
                }
                _ => continue,
            };
            self.log.events.entry(buyer.to_string()).or_default().push(seen);
        }
        Ok(())
    }
}

impl Log {
    /// Of the buyers from one place to another: how many leads, and how long they took, half of them and 99 in a hundred.
    pub(super) fn healthy(&self, from: usize, to: usize) -> (usize, i64, i64) {
        let mut all: Vec<i64> = self.delays.iter().take(to).skip(from).flatten().copied().collect();
        all.sort_unstable();
        let of = |part: usize| all.get(all.len() * part / 100).copied().unwrap_or_default();
        (all.len(), of(50), of(99))
    }

    pub(super) fn bad(&self, place: usize, mended: i64) -> Result<OfBad, String> {
        let events = self.events.get(&name(place)).ok_or("nothing happened to a bad buyer")?;
        let attempts = || {
            events.iter().filter_map(|seen| match seen {
                Seen::Attempt { at, n } => Some((*at, *n)),
                _ => None,
            })
        };
        let breakers = events.iter().filter_map(|seen| match seen {
            Seen::Breaker { at, to, until } => Some((*at, *to, *until)),
            _ => None,
        });
        let breakers: Vec<_> = breakers.collect();
        let opened = events.iter().position(|seen| matches!(seen, Seen::Breaker { to: BreakerState::Open, .. }));
        let ended = events.iter().take(opened.unwrap_or(events.len())).filter(|seen| matches!(seen, Seen::Ended));
        let ends = breakers.iter().skip(1).map(|(at, ..)| *at).chain([self.millis]);
        let tried = breakers.iter().zip(ends).filter(|((_, to, _), _)| *to == BreakerState::HalfOpen);
        let most = tried.map(|((from, ..), to)| attempts().filter(|(at, _)| (*from..to).contains(at)).count()).max();
        let closed = breakers.windows(3).find_map(|three| match three {
            [(_, BreakerState::Open, Some(until)), (_, BreakerState::HalfOpen, _), (at, BreakerState::Closed, _)]
                if *until >= mended =>
            {
                Some(at - until)
            }
            _ => None,
        });
        let first = attempts().filter(|(_, n)| *n == 1).count();
        let again = attempts().count() - first;
        let minutes = usize::try_from(self.millis / 60_000 + 1).unwrap_or_default();
        Ok(OfBad {
            calls: attempts().count(),
            until_open: u32::try_from(ended.count()).unwrap_or(u32::MAX),
            most_permits: most.unwrap_or_default(),
            closed_late: closed,
            again,
            allowed: first / 10 + 10 * minutes,
        })
    }
}
