//! A world: nodes on one store, suppliers, operations, readers and buyers, driven by chance from a seed.

mod beside;
mod people;

use super::dice::Dice;
use super::fold::Fold;
use super::ledger::{Broken, Held, Ledger, broken, must};
use super::market::{self, Request};
use super::mutant::Mutant;
use super::readers::Readers;
use super::sample::Sample;
use super::store::{Fault, SimStore};
use beside::Report;
use leadwright::engine::{Decided, Engine, EngineOptions};
use leadwright::model::{Code, DecisionId, Error, Outcome, TenantId, Tick, Timestamp};
use leadwright::plan::Plan;
use leadwright::store::testkit::Around;
use leadwright::store::{MemoryStore, Store};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::Arc;

/// So many transactions and reads a decision may ask for, whatever fails: that is its deadline, as each has an end.
const MOST_CALLS: u32 = 4;
/// The log is folded after so many steps.
const FOLD: u64 = 1_000;
/// In one world of so many, one decision of so many is decided again.
const REPLAYED: u64 = 4;
/// At the end one decision of so many is held against its digest, beside those of people who were forgotten.
const VERIFIED: usize = 64;
/// Requests that are remembered.
const REMEMBERED: usize = 48;

/// What is the same for all worlds.
pub(crate) struct Stage {
    plans: [Plan; 2],
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self { plans: [market::plan(false), market::plan(true)] }
    }
}

/// A node: an engine, and its clock beside that of the world.
struct Node {
    engine: Engine,
    skew: i64,
    plan: usize,
}

/// A request that was answered.
struct Answered {
    request: Request,
    id: DecisionId,
    outcome: Outcome,
}

/// What came of a world.
pub(crate) struct Seen {
    pub(crate) digest: String,
    pub(crate) decisions: u64,
    pub(crate) sold: u64,
    pub(crate) faults: u64,
    pub(crate) replayed: u64,
    /// Reports of another system, reservations and movements of money that were taken down.
    pub(crate) beside: u64,
}

/// What failed, and at which step.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) step: u64,
    pub(crate) broken: Broken,
}

pub(crate) struct World<'a> {
    seed: u64,
    stage: &'a Stage,
    tenant: TenantId,
    memory: Arc<MemoryStore>,
    store: Arc<Around<SimStore>>,
    nodes: Vec<Node>,
    dice: Dice,
    now: i64,
    next: u64,
    /// Requests that are on their way, or were not answered.
    flying: Vec<Request>,
    answered: VecDeque<Answered>,
    /// What another system has to tell, or has told.
    reports: VecDeque<Report>,
    /// So many names of reservations were used.
    rooms: u64,
    ledger: Ledger,
    fold: Fold,
    readers: Readers,
    /// Up to where the outbox was worked off, and up to where the worker remembers that it was.
    delivered: u64,
    saved: u64,
    log: Sha256,
    seen: Seen,
}

impl<'a> World<'a> {
    pub(crate) fn new(stage: &'a Stage, seed: u64, mutant: Option<Mutant>) -> Self {
        let mut dice = Dice::new(seed);
        let memory = Arc::new(MemoryStore::new());
        // In every second world there are other stores, which have their part of some caps.
        let shares = (seed % 2 == 1).then_some(seed);
        let store = Arc::new(SimStore::around(memory.clone(), mutant, shares));
        // Winter time begins, summer time begins, a year ends, a February ends.
        let starts = ["2026-10-31T12:00:00Z", "2026-03-07T12:00:00Z", "2026-12-30T12:00:00Z", "2028-02-27T12:00:00Z"];
        let start: Timestamp = dice.one(&starts).parse().expect("a time");
        let mut world = Self {
            seed,
            stage,
            tenant: TenantId::default(),
            ledger: Ledger::new(stage.plans[1].hash().to_owned()),
            memory,
            store,
            nodes: Vec::new(),
            now: start.millis() + dice.between(0, 36 * 3_600_000),
            dice,
            next: 1,
            flying: Vec::new(),
            answered: VecDeque::new(),
            reports: VecDeque::new(),
            rooms: 0,
            fold: Fold::default(),
            readers: Readers::new(),
            delivered: 0,
            saved: 0,
            log: Sha256::new(),
            seen: Seen { digest: String::new(), decisions: 0, sold: 0, faults: 0, replayed: 0, beside: 0 },
        };
        for _ in 0..3 {
            let node = world.node(0);
            world.nodes.push(node);
        }
        world
    }

    fn node(&mut self, plan: usize) -> Node {
        let engine = Engine::with_options(self.stage.plans[plan].clone(), self.store.clone(), EngineOptions::default());
        Node { engine: engine.expect("plans are kept"), skew: self.dice.between(-50_000, 50_001), plan }
    }

    /// So many steps, and a look at everything after them.
    pub(crate) fn run(mut self, steps: u64) -> Result<Seen, Failure> {
        for step in 1..=steps {
            let held = self.step().and_then(|()| if step % FOLD == 0 { self.whole(false) } else { Ok(()) });
            held.map_err(|broken| Failure { step, broken })?;
        }
        self.whole(true).map_err(|broken| Failure { step: steps, broken })?;
        self.seen.digest = hex(self.log);
        Ok(self.seen)
    }

    /// The log makes the tables, and decisions are decided again.
    fn whole(&mut self, is_last: bool) -> Held {
        self.ledger.all_state(&self.memory)?;
        self.fold.check(&self.memory, is_last)?;
        if !is_last {
            return Ok(());
        }
        let shared = self.store.0.leases(super::leases::Leases::end);
        shared.unwrap_or(Ok(())).map_err(|said| broken("I14", said))?;
        self.ledger.all_bodies(&self.memory)?;
        self.ledger.all_forgotten(&self.memory, VERIFIED)?;
        // Plans have to be read for it: rather many decisions of a few worlds than a few of all.
        if self.seed.is_multiple_of(REPLAYED) { self.replay() } else { Ok(()) }
    }

    /// Decisions are decided again from what was kept of them.
    fn replay(&mut self) -> Held {
        let sample = Sample::of(&self.memory, self.dice.below(REPLAYED), REPLAYED);
        let replays = Engine::replay_all(&sample, &self.tenant, 0, usize::MAX);
        let replays = replays.map_err(|error| broken("I9", format!("a decision cannot be replayed: {error}")))?;
        self.seen.replayed += replays.len() as u64;
        let odd = replays.iter().find(|(_, replay)| !replay.same);
        must(odd.is_none(), "I9", || {
            let id = odd.map(|(_, replay)| replay.id.to_string()).unwrap_or_default();
            format!("{id} is not decided again to the byte")
        })
    }

    fn step(&mut self) -> Held {
        self.tick();
        self.plan_faults();
        match self.dice.below(1_000) {
            0..=409 => self.request(),
            410..=489 => self.again(),
            490..=514 => self.batch(),
            515..=564 => self.work_queue(),
            565..=724 => self.read(),
            725..=854 => self.deliver(),
            855..=889 => self.observe(),
            890..=919 => self.room(),
            920..=934 => self.money(),
            935..=979 => self.operate(),
            980..=989 => self.release(),
            990..=992 => self.crash(),
            993..=995 => self.swap(),
            996..=997 => self.note(),
            998 => self.forget(),
            _ if self.dice.chance(500) => self.retry(),
            _ => Ok(()),
        }?;
        let enter = self.store.0.done();
        self.ledger.step(enter, &self.memory)?;
        let shared = self.store.0.leases(|leases| {
            leases.step();
            leases.check()
        });
        shared.unwrap_or(Ok(())).map_err(|said| broken("I14", said))
    }

    /// Time goes on, or jumps.
    fn tick(&mut self) {
        let day = 86_400_000;
        self.now += match self.dice.below(1_000) {
            0 => self.dice.between(0, 30 * 3_600_000),
            1..=3 => -self.dice.between(0, 2 * 3_600_000),
            // Around a midnight of Chicago, in winter or in summer.
            4 => {
                let offset = if self.dice.chance(500) { 5 } else { 6 } * 3_600_000;
                let to_midnight = day - (self.now - offset).rem_euclid(day);
                to_midnight + self.dice.between(-2, 3)
            }
            5..=500 => 0,
            _ => self.dice.between(0, 3 * 60_000),
        };
    }

    fn plan_faults(&mut self) {
        if !self.dice.chance(120) {
            self.store.0.fail([]);
            return;
        }
        self.seen.faults += 1;
        // The disk stays away for a while.
        if self.dice.chance(150) {
            self.store.0.fail([Fault::Away; 24]);
            return;
        }
        let many = 1 + self.dice.below(3);
        let faults: Vec<Fault> = (0..many)
            .map(|_| match self.dice.below(6) {
                0 => Fault::None,
                1 => Fault::Away,
                2 => Fault::BeforeCommit,
                3 => Fault::AfterCommit,
                4 => Fault::AtQuestion(u32::try_from(1 + self.dice.below(24)).unwrap_or(1)),
                _ => Fault::AtWrite(u32::try_from(1 + self.dice.below(4)).unwrap_or(1)),
            })
            .collect();
        self.store.0.fail(faults);
    }

    fn say(&mut self, what: &str) {
        self.log.update(what.as_bytes());
        self.log.update(b"\n");
    }

    /// A node, and its time.
    fn any(&mut self) -> (usize, Tick) {
        let node = self.dice.place(self.nodes.len());
        let now = Timestamp::EPOCH.plus_millis(self.now + self.nodes[node].skew);
        (node, Tick::at(now))
    }

    /// A new lead, or one that has been on its way for long.
    fn request(&mut self) -> Held {
        let request = if !self.flying.is_empty() && self.dice.chance(200) {
            let place = self.dice.place(self.flying.len());
            self.flying.swap_remove(place)
        } else {
            let n = self.next;
            self.next += 1;
            Request::by_chance(&mut self.dice, n)
        };
        // It may be overtaken.
        if self.flying.len() < 12 && self.dice.chance(60) {
            self.flying.push(request);
            return Ok(());
        }
        self.send(request, None)
    }

    /// The same again, under another id, or with something else in it.
    fn again(&mut self) -> Held {
        if self.answered.is_empty() {
            return Ok(());
        }
        let place = self.dice.place(self.answered.len());
        let n = self.next;
        self.next += 1;
        let kind = self.dice.below(10);
        let before = &self.answered[place];
        match kind {
            0..=5 => {
                let known = (before.id.clone(), before.outcome);
                self.send(before.request.clone(), Some(known))
            }
            6..=7 => {
                // Without a key nothing says that it is the same.
                let known = before.request.key.is_some().then(|| (before.id.clone(), before.outcome));
                self.send(before.request.renamed(format!("L{n}")), known)
            }
            _ => self.send(before.request.changed(n), None),
        }
    }

    /// A request reaches a node; `before` is what it was answered then.
    fn send(&mut self, request: Request, before: Option<(DecisionId, Outcome)>) -> Held {
        let (node, tick) = self.any();
        let bytes = request.bytes();
        let answer = self.nodes[node].engine.decide(&bytes, tick);
        let calls = self.store.0.calls();
        must(calls <= MOST_CALLS, "I7", || {
            format!("{} asked the store {calls} times, and has to answer after {MOST_CALLS}", request.id)
        })?;
        self.enter()?;
        match answer {
            Ok(decided) => {
                if let Some((id, outcome)) = before {
                    self.same(&request, &decided, &id, outcome)?;
                }
                self.answer(&decided)?;
                // The answer is lost, and somebody asks again.
                if self.dice.chance(50) {
                    self.flying.push(request);
                } else {
                    self.remember(Answered { request, id: decided.id, outcome: decided.outcome });
                }
                Ok(())
            }
            Err(error) => {
                self.flying.push(request);
                self.refused(&error)
            }
        }
    }

    /// A request that comes again is answered as before.
    fn same(&self, request: &Request, decided: &Decided, id: &DecisionId, outcome: Outcome) -> Held {
        // With its person the key of a request was forgotten. One that was answered as another lead of the minute before has
        // left no name of its own (rule 70).
        let was_other = request.key.is_none() && request.id != id.lead.as_str();
        if self.ledger.is_erased(id) || outcome != Outcome::Assigned || was_other {
            return Ok(());
        }
        let is_it = decided.id == *id;
        // Without a key somebody else may have used the id meanwhile, and what then came as another lead within a minute is
        // what is answered (rule 70). A key is nobody else's.
        let other = decided.outcome == Outcome::Rejected || decided.receipt.replayed;
        must(is_it || other && request.key.is_none(), "I4", || {
            let how = if decided.receipt.replayed { "as it was" } else { "anew" };
            let under = request.key.as_deref().unwrap_or("no key");
            format!("{id} came again as {} under {under}, and was decided {how} as {}", request.id, decided.id)
        })
    }

    fn remember(&mut self, answered: Answered) {
        if self.answered.len() >= REMEMBERED {
            self.answered.pop_front();
        }
        self.answered.push_back(answered);
    }

    /// Enters what was committed so far.
    fn enter(&mut self) -> Held {
        let done = self.store.0.done();
        self.ledger.step(done, &self.memory)
    }

    /// Somebody was answered.
    fn answer(&mut self, decided: &Decided) -> Held {
        self.seen.decisions += u64::from(!decided.receipt.replayed);
        self.seen.sold += u64::from(!decided.receipt.replayed && decided.outcome == Outcome::Assigned);
        self.log_of(decided);
        self.ledger.answered(&decided.id, &decided.body, &self.memory)
    }

    /// A digest stands last in a body.
    fn log_of(&mut self, decided: &Decided) {
        self.log.update(&decided.body[decided.body.len().saturating_sub(80)..]);
    }

    /// Only the store may fail.
    fn refused(&mut self, error: &Error) -> Held {
        self.say(error.code().as_str());
        let of_store =
            matches!(error.code(), Code::StoreIo | Code::StoreFull | Code::StoreCommitUnknown | Code::StoreLeaseOver);
        must(of_store, "I3", || format!("an engine failed where its store did not: {error}"))
    }

    /// Several leads in one transaction, prepared before somebody changes the plan.
    fn batch(&mut self) -> Held {
        let (node, tick) = self.any();
        let many = 2 + self.dice.below(4);
        let requests: Vec<Request> = (0..many)
            .map(|_| {
                self.next += 1;
                Request::by_chance(&mut self.dice, self.next - 1)
            })
            .collect();
        let engine = &self.nodes[node].engine;
        let prepared: Vec<_> = requests.iter().map(|request| engine.prepare(&request.bytes(), tick)).collect();
        if self.dice.chance(100) {
            self.change_plan(node);
        }
        let answers = self.nodes[node].engine.settle(&prepared);
        let calls = self.store.0.calls();
        must(calls <= MOST_CALLS, "I7", || format!("a transaction asked the store {calls} times"))?;
        self.enter()?;
        match answers {
            Ok(all) => {
                for (request, decided) in requests.into_iter().zip(all) {
                    self.answer(&decided)?;
                    self.remember(Answered { request, id: decided.id, outcome: decided.outcome });
                }
                Ok(())
            }
            Err(error) => {
                self.flying.extend(requests);
                self.refused(&error)
            }
        }
    }

    fn work_queue(&mut self) -> Held {
        let (node, tick) = self.any();
        let worked = self.nodes[node].engine.work_queue(tick, 4);
        self.enter()?;
        match worked {
            Ok(worked) => {
                let damaged = worked.damaged.first();
                // As where what is to be done was done before, and the store knows its key.
                must(damaged.is_none(), "I4", || format!("a lead that waits cannot be decided: {damaged:?}"))?;
                worked.decided.iter().try_for_each(|decided| self.answer(decided))
            }
            Err(error) => self.refused(&error),
        }
    }

    fn read(&mut self) -> Held {
        let (node, _) = self.any();
        let (store, memory) = (&self.store, &self.memory);
        let mut enter = |ledger: &mut Ledger| ledger.step(store.0.done(), memory);
        self.readers.step(&self.nodes[node].engine, &mut self.ledger, &mut self.dice, &mut enter)
    }

    /// Somebody works the outbox off, and may forget how far it was.
    fn deliver(&mut self) -> Held {
        if self.dice.chance(50) {
            self.delivered = self.saved;
        }
        let found = self.store.outbox(&self.tenant, self.delivered, 24);
        let Ok(rows) = found else { return Ok(()) };
        for (position, entry) in rows {
            self.ledger.received(&entry)?;
            self.delivered = position;
        }
        if self.dice.chance(300) {
            self.saved = self.delivered;
        }
        Ok(())
    }

    /// A process ends in the middle of whatever it was at, and begins anew.
    fn crash(&mut self) -> Held {
        let (node, _) = self.any();
        let plan = self.nodes[node].plan;
        self.nodes[node] = self.node(plan);
        Ok(())
    }

    fn swap(&mut self) -> Held {
        let (node, _) = self.any();
        self.change_plan(node);
        Ok(())
    }

    fn change_plan(&mut self, node: usize) {
        let plan = 1 - self.nodes[node].plan;
        self.nodes[node].plan = plan;
        self.nodes[node].engine.swap(self.stage.plans[plan].clone()).expect("plans are kept");
    }
}

/// SHA-256 over texts, one a line.
pub(crate) fn digest_of(texts: &[&str]) -> String {
    let mut sha = Sha256::new();
    texts.iter().for_each(|text| sha.update(format!("{text}\n")));
    hex(sha)
}

fn hex(sha: Sha256) -> String {
    sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
