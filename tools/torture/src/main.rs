//! Kills, crowds, starves and unplugs processes that decide leads, and looks at what they left. `cargo xtask torture` runs it.
// A torture measures time and gives up where it cannot go on; both bans are for the core.
#![allow(clippy::disallowed_methods)]

mod bids;
mod check;
mod cluster;
mod deliveries;
mod image;
mod io;
mod isolation;
mod kill;
mod lease;
mod log;
mod market;
mod oversell;
mod power;
mod process;
mod replay;
mod room;
mod script;
mod shadow;
mod share;
mod shim;
mod sim;
mod varied;
mod worker;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// As the bindings and the command have it; a simulated world is made of small pieces.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(about = "Kills, crowds, starves and unplugs processes that decide leads")]
struct Args {
    #[command(subcommand)]
    what: What,
}

/// How long and from which chance.
#[derive(clap::Args)]
pub(crate) struct Torture {
    /// As the figures of docs/durability.md were made, instead of as a test
    #[arg(long, visible_alias = "all")]
    pub(crate) long: bool,
    /// Where chance comes from
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

#[derive(Subcommand)]
enum What {
    /// Four writers, killed again and again
    Kill(Torture),
    /// Eight processes of eight threads before twenty caps
    Oversell(Torture),
    /// A disk that fails at its k-th operation, for every k
    Io(shim::OnDisk),
    /// Another system that takes room from the same cap, both killed again and again
    Share(Torture),
    /// A shadow beside an old app with the same rules, whose reports come late and twice
    Shadow(Torture),
    /// Many decisions, replayed to the byte from every language
    Replay(replay::Replay),
    /// Power cuts at random moments, with writes lost, torn and reordered
    Power(shim::OnDisk),
    /// Nodes that share a cap by leases, from a seed
    Leases(Torture),
    /// Suppliers that ping, and buyers that bid, hang and talk nonsense; in virtual time
    Bids(Torture),
    /// Bad buyers beside good ones, in virtual time
    Isolation(Torture),
    /// A million deliveries to buyers that lie, are late and say nothing, by processes that die; in virtual time
    Deliveries(deliveries::Deliveries),
    /// An older loop of deliveries beside ours, with the same buyers
    Drill(deliveries::Drill),
    /// Whole worlds of engines, from a seed
    Sim(sim::Worlds),
    /// Nodes on one PostgreSQL that is stopped in the middle, killed themselves; and a crowd of nodes before twenty caps
    Cluster(cluster::Cluster),
    #[command(hide = true)]
    Deliver(deliveries::Host),
    #[command(hide = true)]
    Write { path: String, seed: u64, round: u64, process: u64 },
    #[command(hide = true)]
    Sell { path: String, seed: u64, process: u64, attempts: u64 },
    #[command(hide = true)]
    Part { path: PathBuf, seed: u64, round: u64, who: String },
    #[command(hide = true)]
    Sweep { path: PathBuf, seed: u64, first: u64, step: u64, leads: script::Leads },
    #[command(hide = true)]
    Record { path: PathBuf, seed: u64, transactions: u64, durability: String, leads: script::Leads },
}

fn main() -> ExitCode {
    let done = match Args::parse().what {
        What::Kill(torture) => kill::run(&torture),
        What::Oversell(torture) => oversell::run(&torture),
        What::Io(torture) => io::run(&torture),
        What::Share(torture) => share::run(&torture),
        What::Shadow(torture) => shadow::run(&torture),
        What::Power(torture) => power::run(&torture),
        What::Replay(told) => replay::run(&told),
        What::Cluster(told) => cluster::run(&told),
        What::Leases(torture) => lease::run(&torture),
        What::Bids(torture) => bids::run(&torture),
        What::Isolation(torture) => isolation::run(&torture),
        What::Deliveries(told) => deliveries::run(&told),
        What::Drill(drill) => deliveries::run_drill(&drill),
        What::Sim(worlds) => sim::run(&worlds),
        What::Deliver(host) => host.run().map(|()| String::new()),
        What::Write { path, seed, round, process } => {
            worker::write(&path, seed, round, process).map(|()| String::new())
        }
        What::Sell { path, seed, process, attempts } => {
            worker::sell(&path, seed, process, &oversell::Crowd::new(attempts)).map(|()| String::new())
        }
        What::Part { path, seed, round, who } => share::work(&path, seed, round, &who).map(|()| String::new()),
        What::Sweep { path, seed, first, step, leads } => io::sweep(&path, seed, first, step, leads),
        What::Record { path, seed, transactions, durability, leads } => {
            script::record(&path, seed, transactions, &durability, leads).map(|()| String::new())
        }
    };
    match done {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
