//! Auctions of 30 pings with one deadline, half of them to buyers that hang, through real sockets, with the buyers in another
//! process: how many a second, by how much the deadline is overrun, how many bids come in time, and what of a processor it
//! takes us. Beside two other ways to do the same in the same run: hyper on one thread, which polls, and a thread for each
//! ping that is started for it and waited for. And the whole of it: what the engine answers a supplier that pings, on a file.
//!
//! `cargo run --release -p bench-auction [--seconds N] [--rounds N]`; with `--instructions` it counts what an auction costs us instead.

// A bench measures time; the ban on clocks is for the core.
#![allow(clippy::disallowed_methods)]

mod engine;
mod instructions;
mod peers;
mod ways;

use bench_common::measure::{Verdict, at_least, at_most, heading, median, still};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;
use ways::{Auctions, Run};

pub const PINGS: usize = 30;
pub const DEADLINE: Duration = Duration::from_millis(200);

/// Half of the buyers bid, at once or after a while, the others hang.
const SCRIPT: &str = r#"{ "seed": 7, "buyers": {
    "hang": { "does": "hang" },
    "bid": { "does": "bid", "from": 500, "to": 2500 },
    "later": { "does": "bid", "from": 500, "to": 2500, "ms": 60 } } }"#;

/// The buyers of an auction, in order.
pub fn buyer(place: usize) -> &'static str {
    ["hang", "bid", "hang", "later"][place % 4]
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "buyers") {
        serve();
        return ExitCode::SUCCESS;
    }
    if let [first, what, times] = words.as_slice()
        && first == "--counted"
    {
        instructions::run(what, times.parse().expect("a number"));
        return ExitCode::SUCCESS;
    }
    if words.iter().any(|word| word == "--instructions") {
        return if instructions::count() { ExitCode::SUCCESS } else { ExitCode::from(3) };
    }
    let of = |name: &str, default: usize| {
        let at = words.iter().position(|word| word == name);
        at.and_then(|at| words.get(at + 1)?.parse().ok()).unwrap_or(default)
    };
    let buyers = Buyers::start();
    let verdict = measure(buyers.port, Duration::from_secs(of("--seconds", 3) as u64), of("--rounds", 3));
    drop(buyers);
    ExitCode::from(match verdict {
        Verdict::Right => 0,
        Verdict::Missed => 1,
        Verdict::TooNoisy => 3,
    })
}

fn serve() {
    let server = leadwright_buyers::start(SCRIPT.parse().expect("a script")).expect("a server");
    println!("{}", server.port);
    server.wait();
}

/// The buyers, in a process of their own.
struct Buyers {
    child: Child,
    port: u16,
}

impl Buyers {
    fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this bench"));
        let mut child = command.arg("buyers").stdout(Stdio::piped()).spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a port");
        Self { child, port: line.trim().parse().expect("a port") }
    }
}

impl Drop for Buyers {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn measure(port: u16, time: Duration, rounds: usize) -> Verdict {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!(
        "auctions of {PINGS} pings within {DEADLINE:?}, half of them hanging; {time:?} each, {rounds} rounds, load {}",
        load.trim()
    );
    let (ours, polls, spawns) = (ways::ours(port), peers::polls(port), peers::spawns(port));
    let whole = engine::whole(port);
    let ways: [(&str, &dyn Auctions); 4] = [
        ("leadwright-http", &*ours),
        ("hyper, polling", &*polls),
        ("a thread a ping", &*spawns),
        ("the engine, on a file", &*whole),
    ];
    let mut worst = Verdict::Right;
    for at_once in [10, 24, 48] {
        println!("\n## {at_once} auctions at once (at most {} a second)\n", at_once * 5);
        println!("| way | auctions/s | over the deadline p50 | p99 | most | bids in time | CPU an auction |");
        println!("|---|---|---|---|---|---|---|");
        let mut runs: [Vec<Run>; 4] = Default::default();
        for _ in 0..rounds {
            for (way, runs) in ways.iter().zip(&mut runs) {
                runs.push(ways::run(way.1, at_once, time));
            }
        }
        for ((name, _), runs) in ways.iter().zip(&runs) {
            let of = |pick: fn(&Run) -> f64| median(runs.iter().map(pick).collect());
            println!(
                "| {name} | {:.1} | {:.2} ms | {:.2} ms | {:.2} ms | {:.2} % | {:.2} ms |",
                of(|run| run.rate),
                of(|run| run.over_p50),
                of(|run| run.over_p99),
                of(|run| run.over_most),
                of(|run| run.bids) * 100.0,
                of(|run| run.cpu)
            );
        }
        worst = worst.max(verdict(&runs, at_once));
    }
    worst
}

fn verdict([ours, polls, spawns, whole]: &[Vec<Run>; 4], at_once: usize) -> Verdict {
    let of = |runs: &[Run], pick: fn(&Run) -> f64| median(runs.iter().map(pick).collect());
    let noise = still("the CPU of hyper", &polls.iter().map(|run| run.cpu).collect::<Vec<_>>());
    heading("Ours");
    let mut all = vec![noise];
    if at_once == 10 {
        all.push(at_least("auctions a second", of(ours, |run| run.rate), 40.0));
        all.push(at_most("over the deadline at p99, in ms", of(ours, |run| run.over_p99), 5.0));
        all.push(at_least("bids in time, of 100", of(ours, |run| run.bids) * 100.0, 99.0));
        all.push(at_least("auctions of the engine a second", of(whole, |run| run.rate), 40.0));
    }
    all.push(at_most("CPU beside hyper, polling", of(ours, |run| run.cpu) / of(polls, |run| run.cpu), 2.5));
    all.push(at_most("CPU beside a thread a ping", of(ours, |run| run.cpu) / of(spawns, |run| run.cpu), 0.75));
    all.into_iter().max().unwrap_or(Verdict::TooNoisy)
}
