//! Starts real servers for tests: PostgreSQL, NATS with JetStream, and Redis, each on a free port of the loopback and in a
//! folder of its own below `target/servers`.
//!
//! A server is stopped when its value is dropped, and also when the process that started it ends in any other way: a watcher
//! holds the other end of a pipe. What such a process left on disk, the next start removes.
//!
//! Where a test needs any server, [`postgres_url`], [`nats_url`] and [`redis_url`] name one: that of the environment, which
//! `cargo xtask test` and `cargo xtask servers` start once for all suites, or else one that this process starts for
//! itself. `cargo nextest` runs each test in a process of its own: with the environment all of them share one server, so a
//! test takes a database, a stream or a key that no other has; without it each starts its own, in about a third of a
//! second. A test that stops servers or kills them starts its own in any case.
//!
//! ```no_run
//! use leadwright_servers::{Postgres, Version, skipped};
//! match Postgres::start(Version::Any) {
//!     Ok(mut postgres) => {
//!         println!("{}", postgres.url("postgres"));
//!         postgres.stop_immediate()?;
//!         postgres.start_again()?;
//!     }
//!     Err(missing) => skipped("my test", &missing),
//! }
//! # Ok::<(), leadwright_servers::Missing>(())
//! ```
#![forbid(unsafe_code)]
// Whoever waits for a server needs to know for how long; the ban on clocks is for the core.
#![allow(clippy::disallowed_methods)]

mod nats;
mod packages;
mod place;
mod port;
mod postgres;
mod process;
mod redis;
mod room;
mod server;
mod shared;
mod user;

pub use nats::Nats;
pub use postgres::{Postgres, Version};
pub use redis::Redis;
pub use shared::{NATS, POSTGRES, REDIS, nats_url, postgres_url, redis_url};

use std::fmt;

/// There is no such server here, or it does not do what it was told; in one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing(String);

impl Missing {
    pub(crate) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// The sentence for something that went wrong with a file or a program.
    pub(crate) fn from(what: impl fmt::Display) -> impl Fn(std::io::Error) -> Self {
        move |error| Self(format!("{what}: {error}"))
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Missing {}

/// The loud line of a test that cannot run where a server is missing.
pub fn skipped(what: &str, missing: &Missing) {
    eprintln!("SKIPPED: {what}: {missing}");
}
