//! Nodes on one PostgreSQL: the server is stopped at once in the middle of it, nodes are killed, somebody holds an old snapshot,
//! and a crowd of nodes stands before a few caps. Then everything is added up.

mod circles;
mod crowd;
mod look;
mod readers;
mod stops;

use crate::Torture;
use clap::ValueEnum as _;
use leadwright_servers::{Postgres, Version, skipped};

/// How long, and what of it.
#[derive(clap::Args)]
pub(crate) struct Cluster {
    #[command(flatten)]
    torture: Torture,
    /// This part alone; may be said several times
    #[arg(long, value_name = "PART", value_enum)]
    only: Vec<Part>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// The server is stopped at once while nodes write
    Stops,
    /// Eight nodes of eight threads before twenty caps
    Crowd,
    /// Writers of events, and readers that crash
    Readers,
    /// Batches that touch the same rows
    Circles,
}

pub(crate) fn run(cluster: &Cluster) -> Result<String, String> {
    let torture = &cluster.torture;
    let mut server = match Postgres::start(Version::Any) {
        Ok(server) => server,
        Err(missing) => {
            skipped("torture cluster", &missing);
            return Ok("no PostgreSQL".into());
        }
    };
    let failed = |error: String| format!("{error}; again: cargo xtask torture cluster --seed {}", torture.seed);
    for part in Part::value_variants() {
        if !cluster.only.is_empty() && !cluster.only.contains(part) {
            continue;
        }
        let said = match part {
            Part::Stops => stops::run(torture, &mut server),
            Part::Crowd => crowd::run(torture, &server),
            Part::Readers => readers::run(torture, &server),
            Part::Circles => circles::run(torture, &server),
        };
        // Told as they end: a long one takes minutes.
        eprintln!("{}", said.map_err(failed)?);
    }
    Ok("cluster: all of it held".into())
}

/// A database of its own for one torture.
fn database(server: &Postgres, name: &str) -> Result<String, String> {
    let text = |error: postgres::Error| error.to_string();
    let mut client = postgres::Client::connect(&server.url("postgres"), postgres::NoTls).map_err(text)?;
    client.batch_execute(&format!("CREATE DATABASE {name}")).map_err(text)?;
    Ok(server.url(name))
}
