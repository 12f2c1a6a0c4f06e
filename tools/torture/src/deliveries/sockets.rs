//! The same over real sockets: a server of scripted buyers, a SQLite file, and processes that deliver and are killed.

use super::account::{Account, Counts};
use super::buyers::Buyers;
use super::host::{self, Host, now, report};
use super::market::{self, Market};
use super::naive::{self, Naive};
use crate::process::{Ready, again};
use crate::room::Room;
use crate::sim::Dice;
use crate::worker::surely;
use leadwright::engine::Engine;
use leadwright::model::{AttemptClass, DeliveryState, Tick};
use leadwright::operate::DeliveryOutcome;
use leadwright::store::SqliteStore;
use leadwright_buyers::{Ledger, Server};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const PROCESSES: u64 = 4;
/// So many leads are decided in one transaction.
const BATCH: u64 = 64;
/// Of a delivery that ended so long ago nothing is on its way any more, in milliseconds.
const QUIET: i64 = 2_000;
/// Nobody waits for longer than this.
const LONGEST: Duration = Duration::from_secs(1_800);

/// What is delivered, and by whom.
#[derive(Clone, Copy)]
pub(super) struct Run<'a> {
    pub(super) seed: u64,
    /// Which market, and what its buyers do.
    pub(super) market: &'a str,
    pub(super) script: &'a str,
    /// The lead of a number and a seed.
    pub(super) lead: fn(u64, u64) -> String,
    /// Leads come until there are so many deliveries, or leads.
    pub(super) deliveries: usize,
    pub(super) leads: u64,
    /// In milliseconds, between two kills; 0 for none.
    pub(super) kills: u64,
    pub(super) naive: Option<Naive>,
}

/// What came of it.
pub(super) struct Came {
    pub(super) ledger: Ledger,
    pub(super) account: Account,
    pub(super) leads: u64,
    pub(super) killed: u64,
    /// How many were asked about.
    pub(super) asked: usize,
    pub(super) seconds: f64,
    path: PathBuf,
    port: u16,
    /// The folder is gone with it.
    _room: Room,
}

impl Run<'_> {
    pub(super) fn run(&self) -> Result<Came, String> {
        let room = Room::new(&format!("sockets-{}-{}", self.market, self.seed), true)?;
        let path = room.path("leads.db");
        let mut script: leadwright_buyers::Script = self.script.parse().map_err(|error| format!("{error}"))?;
        script.seed = self.seed;
        let server = leadwright_buyers::start(script).map_err(|error| error.to_string())?;
        let market = Market::named(self.market)?;
        let engine = host::engine(host::plan(&market, server.port)?, &path)?;
        let (mut account, mut asked) = (Account::default(), BTreeSet::new());
        let mut crowd = Crowd::start(self, &path, server.port)?;
        let (started, mut looked, mut leads) = (Instant::now(), Instant::now(), 0);
        loop {
            if leads < self.leads && account.rows.len() < self.deliveries {
                self.decide(&engine, leads)?;
                leads = (leads + BATCH).min(self.leads);
            }
            std::thread::sleep(Duration::from_millis(20));
            crowd.kill_one(self)?;
            account.read_on(&engine, &market).map_err(|broken| broken.said)?;
            if looked.elapsed() < Duration::from_secs(1) {
                continue;
            }
            looked = Instant::now();
            let is_all = leads >= self.leads || account.rows.len() >= self.deliveries;
            let found = find_out(&engine, &server, &mut asked)?;
            if is_all && !found && is_quiet(&engine)? {
                break;
            }
            if started.elapsed() > LONGEST {
                return Err("stuck: half an hour is over, and deliveries are not".into());
            }
        }
        let seconds = started.elapsed().as_secs_f64();
        let killed = crowd.end()?;
        account.read_on(&engine, &market).map_err(|broken| broken.said)?;
        let (ledger, port, asked) = (server.ledger(), server.port, asked.len());
        Ok(Came { ledger, account, leads, killed, asked, seconds, path, port, _room: room })
    }
}

impl Run<'_> {
    /// The next leads.
    fn decide(&self, engine: &Engine, from: u64) -> Result<(), String> {
        let lead = |n: u64| (self.lead)(n + 1, self.seed) + "\n";
        let leads: String = (from..(from + BATCH).min(self.leads)).map(lead).collect();
        surely(|| engine.decide_batch(leads.as_bytes(), Tick::at(now())).map(drop))
    }
}

/// The processes that deliver.
struct Crowd {
    all: Vec<Ready>,
    words: Vec<Vec<String>>,
    dice: Dice,
    next: Instant,
    killed: u64,
}

impl Crowd {
    fn start(run: &Run<'_>, path: &Path, port: u16) -> Result<Self, String> {
        let naive = run.naive.map(|naive| naive.name);
        let words = (0..PROCESSES).map(|process| Host::words(path, port, run.market, process, naive)).collect();
        let next = Instant::now() + Duration::from_millis(run.kills);
        let mut crowd = Self { all: Vec::new(), words, dice: Dice::new(run.seed), next, killed: 0 };
        for words in crowd.words.clone() {
            crowd.all.push(begun(&words)?);
        }
        Ok(crowd)
    }

    /// One of them is killed, whatever it is at, and another one takes its place.
    fn kill_one(&mut self, run: &Run<'_>) -> Result<(), String> {
        if run.kills == 0 || Instant::now() < self.next {
            return Ok(());
        }
        let place = self.dice.place(self.all.len());
        self.all.swap_remove(place).kill()?;
        let words = self.words.swap_remove(place);
        self.all.push(begun(&words)?);
        self.words.push(words);
        self.killed += 1;
        self.next = Instant::now() + Duration::from_millis(run.kills / 2 + self.dice.below(run.kills));
        Ok(())
    }

    fn end(self) -> Result<u64, String> {
        self.all.into_iter().try_for_each(|process| process.kill().map(drop))?;
        Ok(self.killed)
    }
}

fn begun(words: &[String]) -> Result<Ready, String> {
    let mut process = Ready::start(&mut again(words)?)?;
    process.go()?;
    Ok(process)
}

/// Somebody asks the buyers about what nobody knows, each once; whether anything was done.
fn find_out(engine: &Engine, server: &Server, asked: &mut BTreeSet<String>) -> Result<bool, String> {
    let mut after = 0;
    let mut unknown = Vec::new();
    loop {
        let page = surely(|| engine.deliveries(Some(DeliveryState::Unknown), after, 256))?;
        let Some(last) = page.last() else { break };
        after = last.position;
        unknown.extend(page.into_iter().filter(|seen| !asked.contains(&seen.key)));
    }
    if unknown.is_empty() {
        return Ok(false);
    }
    let ledger = server.ledger();
    let held: BTreeSet<&str> = ledger.taken.iter().map(|taken| taken.key.as_str()).collect();
    for seen in unknown {
        let Some(last) = seen.attempts.last() else { continue };
        let ended = last.ended_at.map_or(0, |ended| ended.millis());
        let id = |fence: u64| format!("{}.{fence}", seen.key);
        if held.contains(seen.key.as_str()) {
            report(engine, &id(last.fence), &DeliveryOutcome::of(AttemptClass::Accepted))?;
        } else if now().millis() - ended < QUIET {
            // A request may still be on its way.
            continue;
        } else {
            for attempt in seen.attempts.iter().filter(|attempt| attempt.class == Some(AttemptClass::Unknown)) {
                report(engine, &id(attempt.fence), &DeliveryOutcome::of(AttemptClass::Rejected))?;
            }
        }
        asked.insert(seen.key.clone());
    }
    Ok(true)
}

fn is_quiet(engine: &Engine) -> Result<bool, String> {
    let left = surely(|| engine.outbox())?;
    Ok(!left.iter().any(|left| matches!(left.state, DeliveryState::Ready | DeliveryState::Claimed)))
}

impl Came {
    /// All that has to hold, of the books of the engine beside those of the buyers, and of the file.
    pub(super) fn check(&self, market: &str) -> Result<Counts, String> {
        let market = Market::named(market)?;
        let engine = host::engine(host::plan(&market, self.port)?, &self.path)?;
        let buyers = Buyers::of(&self.ledger);
        let mut counts = Counts { leads: self.leads, ..Counts::default() };
        let done = self.account.close(&engine, &buyers, &market, &mut counts);
        done.map_err(|broken| format!("{}: {}", broken.word, broken.said))?;
        if counts.doubles_told > 0 {
            return Err(format!("double: {} exclusive leads are with two buyers", counts.doubles_told));
        }
        let keys: u64 = self.ledger.buyers.values().map(|count| count.other_keys).sum();
        if keys > 0 {
            return Err(format!("key: {keys} requests came with another key than before"));
        }
        let of = |count: fn(&leadwright_buyers::Count) -> u64| self.ledger.buyers.values().map(count).sum();
        (counts.posts, counts.posts_again) = (of(|count| count.requests), of(|count| count.again));
        counts.entered_twice = buyers.entered_twice;
        drop(engine);
        let store = SqliteStore::open(&self.path).map_err(|error| error.to_string())?;
        let verified = leadwright::care::verify(&store, &mut |_| {}).map_err(|error| error.to_string())?;
        match verified.findings.first() {
            Some(finding) => Err(format!("the file is not true: {finding:?}")),
            None => Ok(counts),
        }
    }
}

/// What the buyers of the torture do. Who tries again gets another answer: where only leads were left that never work, a breaker
/// would stay open for ten minutes each.
const SCRIPT: &str = r#"{ "buyers": {
    "b0": { "does": "accept" },
    "b1": { "does": "lie", "says": "hang", "percent": 5, "once": true },
    "b2": { "does": "lie", "says": "error", "percent": 10, "once": true },
    "b3": { "does": "lie", "says": "drop", "percent": 10, "once": true },
    "b4": { "does": "reject", "percent": 25 },
    "b5": { "does": "flap", "good": 9, "bad": 2 },
    "b6": { "does": "lie", "says": "drop", "percent": 10, "once": true },
    "b7": { "does": "hang", "percent": 4, "once": true },
    "b8": { "does": "slow", "ms": 40 },
    "b9": { "does": "fail", "status": 503, "percent": 6, "once": true } } }"#;

/// So many deliveries over sockets.
pub(super) fn run(deliveries: u64, seed: u64, naive: Option<Naive>) -> Result<String, String> {
    let many = usize::try_from(deliveries).map_err(|_| "too many")?;
    let market = format!("sockets-{deliveries}");
    let lead = |n: u64, seed: u64| market::lead(n, &mut Dice::new(seed ^ n << 20));
    let run =
        Run { seed, market: &market, script: SCRIPT, lead, deliveries: many, leads: deliveries, kills: 500, naive };
    let came = run.run()?;
    let counts = came.check(&market)?;
    Ok(said(&came, &counts))
}

fn said(came: &Came, counts: &Counts) -> String {
    let states = [
        ("requests that reached a buyer", counts.posts),
        ("with a key that it had", counts.posts_again),
        ("the buyer has it", counts.has_it),
        ("sales that fell", counts.fell),
        ("kept, nobody knows", counts.unknown),
        ("counted as sold, and the buyer does not have it", counts.counted),
    ];
    let states = states.map(|(what, count)| format!("{count} {what}"));
    format!(
        "sockets: {} deliveries of {} leads, {} kills of {PROCESSES} processes, {} asked about, in {:.0} s: {}; \
         0 exclusive leads with two buyers, 0 lost, 0 stuck, 0 caps oversold, 0 with another key",
        counts.deliveries,
        came.leads,
        came.killed,
        came.asked,
        came.seconds,
        states.join(", ")
    )
}

/// Processes that make a mistake are found.
pub(super) fn hunt(name: &str, seed: u64) -> Result<String, String> {
    let naive = naive::named(name)?;
    // Who has what fell is found as soon as one buyer has it and nobody is told, or as two have it: which is first is chance here.
    let is_found =
        |found: &str| found.starts_with(naive.breaks) || naive.breaks == "double" && found.starts_with("silent");
    match run(400, seed, Some(naive)) {
        Err(found) if is_found(&found) => Ok(format!("sockets: {name} was found: {found}")),
        other => Err(format!("{name} was not found by `{}`: {other:?}", naive.breaks)),
    }
}
