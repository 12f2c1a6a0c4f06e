//! The servers that tests talk to, started once for all of them: tools/servers.

use crate::paths::Paths;
use crate::process;
use leadwright_servers::{Missing, NATS, Nats, POSTGRES, Postgres, REDIS, Redis, Version, skipped};
use std::env;
use std::process::Command;

/// `cargo xtask servers`: starts them, prints what to set, and waits until the input ends.
pub(crate) fn run(_: &Paths) -> Result<(), String> {
    let servers = Servers::start();
    for (variable, url) in servers.environment() {
        println!("export {variable}={url}");
    }
    eprintln!("They stop with Ctrl-C, or when the input ends.");
    std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).map_err(|error| format!("the input: {error}"))?;
    Ok(())
}

/// Runs another task of ours in an environment that names the servers, so that whatever it starts finds them.
pub(crate) fn with(task: &str) -> Result<(), String> {
    let servers = Servers::start();
    let us = env::current_exe().map_err(|error| format!("this program has no place: {error}"))?;
    process::run(Command::new(us).arg(task).envs(servers.environment()))
}

/// Those that could be started and are not named by the environment already. Dropping them stops them.
struct Servers {
    postgres: Option<Postgres>,
    nats: Option<Nats>,
    redis: Option<Redis>,
}

impl Servers {
    fn start() -> Self {
        // Suites that pull plugs start their own.
        Self {
            postgres: start("PostgreSQL", POSTGRES, || Postgres::start(Version::Any)),
            nats: start("NATS", NATS, Nats::start),
            redis: start("Redis", REDIS, Redis::start),
        }
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let postgres = self.postgres.as_ref().map(|server| (POSTGRES, server.url("postgres")));
        let nats = self.nats.as_ref().map(|server| (NATS, server.url()));
        let redis = self.redis.as_ref().map(|server| (REDIS, server.url()));
        [postgres, nats, redis].into_iter().flatten().collect()
    }
}

fn start<S>(name: &str, variable: &str, start: impl FnOnce() -> Result<S, Missing>) -> Option<S> {
    if env::var_os(variable).is_some_and(|url| !url.is_empty()) {
        return None;
    }
    start().map_err(|missing| skipped(&format!("every test on {name}"), &missing)).ok()
}
