//! Nodes on one PostgreSQL: the server is stopped at once in the middle of it, nodes are killed, somebody holds an old snapshot,
//! and a crowd of nodes stands before a few caps. Then everything is added up.

mod circles;
mod crowd;
mod look;
mod readers;
mod stops;

use crate::Torture;
use leadwright_servers::{Postgres, Version, skipped};

pub(crate) fn run(torture: &Torture) -> Result<String, String> {
    let mut server = match Postgres::start(Version::Any) {
        Ok(server) => server,
        Err(missing) => {
            skipped("torture cluster", &missing);
            return Ok("no PostgreSQL".into());
        }
    };
    let failed = |error: String| format!("{error}; again: cargo xtask torture cluster --seed {}", torture.seed);
    // Told as they end: a long one takes minutes.
    let told = |said: Result<String, String>| said.map(|said| eprintln!("{said}")).map_err(failed);
    told(stops::run(torture, &mut server))?;
    told(crowd::run(torture, &server))?;
    told(readers::run(torture, &server))?;
    told(circles::run(torture, &server))?;
    Ok("cluster: all of it held".into())
}

/// A database of its own for one torture.
fn database(server: &Postgres, name: &str) -> Result<String, String> {
    let text = |error: postgres::Error| error.to_string();
    let mut client = postgres::Client::connect(&server.url("postgres"), postgres::NoTls).map_err(text)?;
    client.batch_execute(&format!("CREATE DATABASE {name}")).map_err(text)?;
    Ok(server.url(name))
}
