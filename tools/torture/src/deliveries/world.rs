//! A world: leads are decided, processes claim and send, requests and answers are late or lost, processes die.

use super::account::{Account, Broken, Counts, Held, broken, odd};
use super::buyers::{Buyers, Said};
use super::market::{self, Market};
use super::naive::Kind;
use crate::room::Room;
use crate::sim::{Dice, Fault, SimStore, named};
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{AttemptClass, Code, DeliveryState, Error, Tick, Timestamp};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, Sending};
use leadwright::store::testkit::Around;
use leadwright::store::{MemoryStore, SqliteStore, Store};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

/// How long leads come at least, and for how many milliseconds each.
const LEAST: i64 = 2 * 3_600_000;
const A_LEAD: i64 = 20_000;
/// How long after that everything has to have come to an end.
const END: i64 = 72 * 3_600_000;
/// How long whoever sends waits for an answer, and how long a claim is held.
const TIMEOUT: i64 = 20_000;
const HOLD: i64 = 60_000;
/// Nothing is on its way for longer.
const ON_THE_WAY: i64 = 45_000;
const PROCESSES: usize = 3;
/// How many calls a process makes at the same time.
const AT_ONCE: usize = 12;

/// On what a world is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Memory,
    /// In memory, by a store that fails.
    Failing,
    File,
}

/// What makes a world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup {
    pub(crate) seed: u64,
    pub(crate) leads: u64,
    pub(crate) place: Place,
    /// Whether plans may let go of what nobody knows.
    pub(crate) may_release: bool,
    pub(crate) naive: Option<Kind>,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    Lead(u64),
    /// A process looks for what is due.
    Look(usize),
    /// A request reaches its buyer.
    Reaches(usize),
    /// Whoever sent has an answer, or waits no longer.
    Ends(usize, bool),
    /// It is reported.
    Tells(usize),
    /// Somebody else reports what came later.
    Hears(usize),
    /// A buyer that said no takes the lead after all.
    Minds(usize),
    People,
    /// A process is there again.
    Back(usize),
}

/// A call, from the claim to the report.
pub(super) struct Call {
    pub(super) sending: Sending,
    process: usize,
    /// Of the process that sent it.
    life: u32,
    /// How the answer travels: so long, or never.
    back: Option<i64>,
    pub(super) said: Option<Said>,
    begun: i64,
    /// What is reported.
    outcome: Option<DeliveryOutcome>,
}

#[derive(Clone, Copy, Default)]
struct Process {
    life: u32,
    is_down: bool,
    busy: usize,
    skew: i64,
}

pub(crate) struct World {
    setup: Setup,
    /// How long leads come.
    millis: i64,
    market: Market,
    pub(super) buyers: Buyers,
    pub(super) engines: Vec<Engine>,
    processes: Vec<Process>,
    failing: Option<Arc<Around<SimStore>>>,
    room: Option<Room>,
    pub(super) dice: Dice,
    pub(super) now: i64,
    pub(super) calls: Vec<Call>,
    next: BinaryHeap<Reverse<(i64, u64, Next)>>,
    nth: u64,
    leads_left: u64,
    pub(super) account: Account,
    pub(super) counts: Counts,
}

fn begin() -> Timestamp {
    "2026-11-24T20:00:00Z".parse().unwrap_or(Timestamp::EPOCH)
}

impl World {
    pub(crate) fn run(setup: &Setup) -> Result<Counts, Broken> {
        let mut world = Self::new(setup)?;
        for n in 1..=setup.leads {
            let at = world.dice.between(0, world.millis);
            world.then(at, Next::Lead(n));
        }
        (0..PROCESSES).for_each(|process| world.then(0, Next::Look(process)));
        world.then(600_000, Next::People);
        let mut steps: u64 = 0;
        while let Some(Reverse((at, _, what))) = world.next.pop() {
            world.now = world.now.max(at);
            world.step(what)?;
            steps += 1;
            if steps.is_multiple_of(512) {
                world.account.caps(&world.engines[0])?;
            }
            if world.now > world.millis + END
                || world.now > world.millis && steps.is_multiple_of(64) && world.is_quiet()?
            {
                break;
            }
        }
        world.close()
    }

    fn new(setup: &Setup) -> Result<Self, Broken> {
        let mut dice = Dice::new(setup.seed);
        let market = Market::by_chance(&mut dice, setup.leads, setup.may_release);
        let millis = LEAST.max(A_LEAD * i64::try_from(setup.leads).unwrap_or_default());
        let buyers = Buyers::by_chance(&mut dice, &market, millis);
        let (mut failing, mut room) = (None, None);
        let mutant = match setup.naive {
            Some(Kind::Store(name)) => Some(named(name).map_err(odd)?),
            _ => None,
        };
        let store: Arc<dyn Store> = match setup.place {
            Place::Memory if mutant.is_none() => Arc::new(MemoryStore::new()),
            Place::Memory | Place::Failing => {
                let store = Arc::new(SimStore::around(Arc::new(MemoryStore::new()), mutant, None));
                failing = Some(store.clone());
                store
            }
            Place::File => {
                let folder = Room::new(&format!("deliveries-{}", setup.seed), true).map_err(odd)?;
                let store = SqliteStore::open(folder.path("leads.db")).map_err(odd)?;
                room = Some(folder);
                Arc::new(store)
            }
        };
        let plan = market.plan("https://buyers.example").map_err(odd)?;
        let engine = |_| Engine::with_options(plan.clone(), store.clone(), EngineOptions::default());
        let engines = (0..PROCESSES).map(engine).collect::<Result<_, Error>>().map_err(odd)?;
        let process = |dice: &mut Dice| Process { skew: dice.between(-8_000, 8_000), ..Process::default() };
        let processes = (0..PROCESSES).map(|_| process(&mut dice)).collect();
        Ok(Self {
            setup: *setup,
            millis,
            market,
            buyers,
            engines,
            processes,
            failing,
            room,
            dice,
            now: 0,
            calls: Vec::new(),
            next: BinaryHeap::new(),
            nth: 0,
            leads_left: setup.leads,
            account: Account::default(),
            counts: Counts { leads: setup.leads, ..Counts::default() },
        })
    }

    fn then(&mut self, at: i64, what: Next) {
        self.nth += 1;
        self.next.push(Reverse((at, self.nth, what)));
    }

    pub(super) fn is(&self, kind: Kind) -> bool {
        self.setup.naive == Some(kind)
    }

    /// The time as a process has it.
    pub(super) fn at(&self, process: usize) -> Timestamp {
        begin().plus_millis(self.now + self.processes[process].skew)
    }

    /// The store may fail in what comes now.
    pub(super) fn may_fail(&mut self) {
        let Some(store) = &self.failing else { return };
        // What was written is not looked at here.
        drop(store.0.done());
        if self.setup.place != Place::Failing || !self.dice.chance(25) || self.buyers.are_well {
            store.0.fail([]);
            return;
        }
        self.counts.faults += 1;
        let n = u32::try_from(1 + self.dice.below(12)).unwrap_or(1);
        let fault = *self.dice.one(&[Fault::Away, Fault::BeforeCommit, Fault::AfterCommit, Fault::AtQuestion(n)]);
        let again = if self.dice.chance(300) { fault } else { Fault::None };
        store.0.fail([fault, again]);
    }

    /// What the store failed at is done again later.
    pub(super) fn unless_failed<T>(&mut self, result: Result<T, Error>) -> Held<Option<T>> {
        if let Some(store) = &self.failing {
            store.0.fail([]);
        }
        match result {
            Ok(found) => Ok(Some(found)),
            Err(error) if matches!(error.code(), Code::StoreIo | Code::StoreFull | Code::StoreCommitUnknown) => {
                Ok(None)
            }
            Err(error) => Err(odd(error)),
        }
    }

    fn step(&mut self, what: Next) -> Held {
        if self.now >= self.millis {
            self.buyers.are_well = true;
        }
        match what {
            Next::Lead(n) => self.sell(n)?,
            Next::Look(process) => self.look(process)?,
            Next::Reaches(call) => self.reaches(call)?,
            Next::Ends(call, is_answer) => self.ends(call, is_answer)?,
            Next::Tells(call) => self.tells(call)?,
            Next::Hears(call) => self.hears(call)?,
            Next::Minds(call) => self.minds(call)?,
            Next::People => {
                self.people()?;
                let wait = self.dice.between(300_000, 900_000);
                self.then(self.now + wait, Next::People);
            }
            Next::Back(process) => {
                self.processes[process].is_down = false;
                self.then(self.now, Next::Look(process));
            }
        }
        self.read_on()
    }

    fn sell(&mut self, n: u64) -> Held {
        let mut dice = Dice::new(self.setup.seed ^ n << 20);
        let lead = market::lead(n, &mut dice);
        let process = self.dice.place(PROCESSES);
        self.may_fail();
        let decided = self.engines[process].decide(lead.as_bytes(), Tick::at(self.at(process)));
        match self.unless_failed(decided)? {
            Some(_) => self.leads_left -= 1,
            // Who is not answered asks again.
            None => self.then(self.now + 1_000, Next::Lead(n)),
        }
        Ok(())
    }

    /// A process takes what there is.
    fn look(&mut self, process: usize) -> Held {
        if self.processes[process].is_down {
            return Ok(());
        }
        let wait = if self.now < self.millis { self.dice.between(2_000, 15_000) } else { 60_000 };
        self.then(self.now + wait, Next::Look(process));
        let idle = AT_ONCE.saturating_sub(self.processes[process].busy);
        if idle == 0 {
            return Ok(());
        }
        let limit = u32::try_from(idle).ok();
        let claim = ClaimDeliveries { worker: format!("w{process}"), limit, ..ClaimDeliveries::default() };
        self.may_fail();
        let claimed = self.engines[process].claim(&claim, self.at(process));
        let Some(sendings) = self.unless_failed(claimed)? else { return Ok(()) };
        let dies = !sendings.is_empty() && self.dice.chance(6);
        for sending in sendings {
            let call = self.calls.len();
            let life = self.processes[process].life;
            self.calls.push(Call { sending, process, life, back: None, said: None, begun: self.now, outcome: None });
            if dies {
                // Before a byte of it left.
                continue;
            }
            self.processes[process].busy += 1;
            self.send(call);
        }
        if dies {
            self.dies(process)?;
        }
        Ok(())
    }

    /// Sends a lead, or gives it back.
    fn send(&mut self, call: usize) {
        let now = self.now;
        if self.dice.chance(5) {
            self.calls[call].outcome = Some(DeliveryOutcome::of(AttemptClass::NotTried));
            self.then(now + 50, Next::Tells(call));
            return;
        }
        if self.is(Kind::FiresAndForgets) {
            self.calls[call].outcome = Some(DeliveryOutcome::of(AttemptClass::Accepted));
            self.then(now, Next::Tells(call));
        }
        let well = self.buyers.are_well;
        let way = if well { 999 } else { self.dice.below(1_000) };
        let (there, back) = match way {
            // No connection.
            0..=14 => {
                self.calls[call].outcome = Some(DeliveryOutcome::of(AttemptClass::NotSent));
                let took = self.dice.between(1, 500);
                return self.then(now + took, Next::Tells(call));
            }
            // The request is lost, the answer is; either is late.
            15..=29 => (None, None),
            30..=54 => (Some(100), None),
            55..=69 => (Some(self.dice.between(TIMEOUT, ON_THE_WAY)), Some(100)),
            70..=94 => (Some(100), Some(self.dice.between(TIMEOUT, 400_000))),
            _ => (Some(self.dice.between(20, 400)), Some(self.dice.between(20, 900))),
        };
        self.calls[call].back = back;
        if let Some(there) = there {
            self.then(now + there, Next::Reaches(call));
        }
        self.then(now + TIMEOUT, Next::Ends(call, false));
    }

    fn reaches(&mut self, call: usize) -> Held {
        let sending = &self.calls[call].sending;
        let key = match self.is(Kind::NewKey) && sending.attempt > 1 {
            true => format!("{}-{}", sending.key, sending.attempt),
            false => sending.key.clone(),
        };
        let said = self.buyers.reached(sending, &key, &mut self.dice, self.now);
        let said = said.map_err(|said| broken("key", said))?;
        self.account.one_owner(sending.lead.as_str(), &self.buyers)?;
        self.calls[call].said = said;
        let Some((said, back)) = said.zip(self.calls[call].back) else { return Ok(()) };
        let at = self.now + back;
        self.then(at, Next::Ends(call, true));
        if self.dice.chance(400) {
            self.then(at + 1_000, Next::Hears(call));
        }
        let is_no = matches!(said.class, AttemptClass::Rejected | AttemptClass::Duplicate);
        if is_no && self.dice.chance(20) && !self.buyers.are_well {
            let after = self.dice.between(60_000, 3_600_000);
            self.then(at + after, Next::Minds(call));
        }
        Ok(())
    }

    fn is_alive(&self, call: usize) -> bool {
        let Call { process, life, .. } = self.calls[call];
        self.processes[process].life == life
    }

    /// An answer, or the end of waiting for one. What came first is reported.
    fn ends(&mut self, call: usize, is_answer: bool) -> Held {
        if !self.is_alive(call) || self.calls[call].outcome.is_some() {
            return Ok(());
        }
        // Some die between the answer and the report.
        if self.dice.chance(3) && !self.buyers.are_well {
            let process = self.calls[call].process;
            return self.dies(process);
        }
        let took_ms = u32::try_from(self.now - self.calls[call].begun).ok();
        let (class, retry_after) = match self.calls[call].said.filter(|_| is_answer) {
            Some(Said { class: AttemptClass::Unavailable, .. }) if self.is(Kind::ErrorIsNo) => {
                (AttemptClass::Rejected, None)
            }
            Some(Said { class, retry_after }) => (class, retry_after),
            None if self.is(Kind::TimeoutIsNotSent) => (AttemptClass::NotSent, None),
            None if self.is(Kind::TimeoutIsNo) => (AttemptClass::Rejected, None),
            None => (AttemptClass::Unknown, None),
        };
        self.calls[call].outcome = Some(DeliveryOutcome { retry_after, took_ms, ..DeliveryOutcome::of(class) });
        // Some are slow to tell, and are not the ones who have it any more.
        let after = if self.dice.chance(5) { self.dice.between(HOLD, 4 * HOLD) } else { self.dice.between(0, 200) };
        self.then(self.now + after, Next::Tells(call));
        Ok(())
    }

    fn tells(&mut self, call: usize) -> Held {
        if !self.is_alive(call) {
            return Ok(());
        }
        let Some(outcome) = self.calls[call].outcome.clone() else { return Ok(()) };
        let process = self.calls[call].process;
        self.may_fail();
        let told = self.engines[process].delivered(&self.calls[call].sending.id, &outcome, self.at(process));
        let Some(()) = self.told(told.map(drop))? else {
            self.then(self.now + 1_000, Next::Tells(call));
            return Ok(());
        };
        self.processes[process].busy = self.processes[process].busy.saturating_sub(1);
        if self.is(Kind::AsksTooSoon) && outcome.class == Some(AttemptClass::Unknown) {
            let seen = self.engines[process].delivery(&self.calls[call].sending.key);
            if let Some(seen) = seen.map_err(odd)?.filter(|seen| seen.state == DeliveryState::Unknown) {
                self.find_out(&seen)?;
            }
        }
        if self.dice.chance(30) {
            self.counts.twice_told += 1;
            self.processes[process].busy += 1;
            let after = self.dice.between(1, 300_000);
            self.then(self.now + after, Next::Tells(call));
        }
        Ok(())
    }

    /// Who is not the one to tell is told so, and that is all.
    pub(super) fn told(&mut self, told: Result<(), Error>) -> Held<Option<()>> {
        match told {
            Err(error) if error.code() == Code::DeliveryFenced => {
                self.counts.late += 1;
                self.unless_failed(Ok(()))
            }
            told => self.unless_failed(told),
        }
    }

    /// A process dies, and is there again after a while. What it had sent goes its way without it.
    fn dies(&mut self, process: usize) -> Held {
        self.counts.crashes += 1;
        let life = self.processes[process].life;
        let skew = self.processes[process].skew;
        self.processes[process] = Process { life: life + 1, is_down: true, busy: 0, skew };
        if self.is(Kind::CrashIsUntried) {
            let of = |call: &Call| call.process == process && call.life == life && call.outcome.is_none();
            let ids = self.calls.iter().filter(|call| of(call)).map(|call| call.sending.id.clone());
            for id in ids.collect::<Vec<_>>() {
                let outcome = DeliveryOutcome::of(AttemptClass::NotTried);
                let told = self.engines[process].delivered(&id, &outcome, self.at(process));
                self.told(told.map(drop))?;
            }
        }
        if !self.is(Kind::NobodyComesBack) {
            let after = self.dice.between(1_000, 180_000);
            self.then(self.now + after, Next::Back(process));
        }
        Ok(())
    }

    pub(super) fn read_on(&mut self) -> Held {
        self.account.read_on(&self.engines[0], &self.market)
    }

    /// Whether nothing is left to do but what people have to find out.
    fn is_quiet(&mut self) -> Held<bool> {
        if self.leads_left > 0 {
            return Ok(false);
        }
        let left = self.engines[0].outbox().map_err(odd)?;
        let waits = |state| matches!(state, DeliveryState::Ready | DeliveryState::Claimed);
        let may_tell = |next: &Reverse<(i64, u64, Next)>| {
            let Reverse((_, _, what)) = next;
            matches!(what, Next::Reaches(_) | Next::Ends(..) | Next::Tells(_) | Next::Hears(_) | Next::Minds(_))
        };
        Ok(!left.iter().any(|left| waits(left.state)) && !self.next.iter().any(may_tell))
    }

    fn close(mut self) -> Result<Counts, Broken> {
        self.find_all_out()?;
        self.read_on()?;
        self.counts.posts = self.buyers.posts;
        self.counts.posts_again = self.buyers.posts_again;
        self.counts.entered_twice = self.buyers.entered_twice;
        self.account.close(&self.engines[0], &self.buyers, &self.market, &mut self.counts)?;
        if let Some(room) = &self.room {
            self.engines.clear();
            let store = SqliteStore::open(room.path("leads.db")).map_err(odd)?;
            let verified = leadwright::care::verify(&store, &mut |_| {}).map_err(odd)?;
            if let Some(finding) = verified.findings.first() {
                return Err(broken("error", format!("the file is not true: {finding:?}")));
            }
        }
        Ok(self.counts)
    }
}
