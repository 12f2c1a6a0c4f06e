//! One server for whoever needs any: that of the environment, or else one of this process.

use crate::{Missing, Nats, Postgres, Redis, Version};
use std::sync::OnceLock;

/// The variable that names a running PostgreSQL: `postgres://user@host:port/database`.
pub const POSTGRES: &str = "LEADWRIGHT_TEST_POSTGRES";
/// The variable that names a running NATS server: `nats://host:port`.
pub const NATS: &str = "LEADWRIGHT_TEST_NATS";
/// The variable that names a running Redis: `redis://host:port`.
pub const REDIS: &str = "LEADWRIGHT_TEST_REDIS";

/// A PostgreSQL to make databases on. It waits for its disk, as one does that is decided on: a store refuses another.
///
/// # Errors
/// [`Missing`] where the environment names none and none can be started.
pub fn postgres_url() -> Result<String, Missing> {
    static OWN: OnceLock<Result<Postgres, Missing>> = OnceLock::new();
    url(POSTGRES, &OWN, || Postgres::start(Version::Any), |server| server.url("postgres"))
}

/// A NATS server with JetStream.
///
/// # Errors
/// As [`postgres_url`].
pub fn nats_url() -> Result<String, Missing> {
    static OWN: OnceLock<Result<Nats, Missing>> = OnceLock::new();
    url(NATS, &OWN, Nats::start, Nats::url)
}

/// A Redis server.
///
/// # Errors
/// As [`postgres_url`].
pub fn redis_url() -> Result<String, Missing> {
    static OWN: OnceLock<Result<Redis, Missing>> = OnceLock::new();
    url(REDIS, &OWN, Redis::start, Redis::url)
}

/// What is started here is never dropped; it ends with the process, as every server does.
fn url<S>(
    variable: &str,
    own: &OnceLock<Result<S, Missing>>,
    start: impl FnOnce() -> Result<S, Missing>,
    url: impl Fn(&S) -> String,
) -> Result<String, Missing> {
    match std::env::var(variable) {
        Ok(named) if !named.is_empty() => Ok(named),
        _ => own.get_or_init(start).as_ref().map(url).map_err(Missing::clone),
    }
}
