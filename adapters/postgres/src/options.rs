//! How a store in PostgreSQL is opened.

use crate::tls;
use leadwright::model::{Code, Durability, Error};
use std::path::PathBuf;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// A word that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Keeps it.
    ///
    /// ```
    /// use leadwright_postgres::Password;
    /// assert_eq!(format!("{:?}", Password::new("secret")), "Password");
    /// ```
    pub fn new(word: impl Into<String>) -> Self {
        Self(word.into())
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password")
    }
}

/// Whether the place of a store is a database, and no file.
///
/// ```
/// assert!(leadwright_postgres::is_url("postgres://router@db.internal/leads"));
/// assert!(!leadwright_postgres::is_url("leads.db"));
/// ```
pub fn is_url(place: &str) -> bool {
    place.starts_with("postgres://") || place.starts_with("postgresql://")
}

/// Where a database is, as it may be shown: without who connects, and without a password.
///
/// ```
/// assert_eq!(leadwright_postgres::shown("postgres://me:secret@db.internal/leads"), "postgres://db.internal:5432/leads");
/// ```
pub fn shown(url: &str) -> String {
    PostgresOptions::default().address(url).map_or_else(|_| "postgres://…".into(), |address| address.place)
}

/// How a database is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostgresOptions {
    /// [`Durability::Full`]: a commit is on disk (and where the server waits for standbys, there) before the answer.
    /// [`Durability::Relaxed`]: a crash of the server may lose the last answers, and the receipts say so.
    pub durability: Durability,
    /// How long to wait for another node that writes for the same tenant; then `store.busy`.
    pub busy_wait: Duration,
    /// How long a statement may take; then `store.busy`. Zero for no end.
    pub statement_timeout: Duration,
    /// How long to go on trying while the server cannot be reached; then `store.unreachable`.
    pub connect_wait: Duration,
    /// Whether to make the tables where they are not, and to bring older ones up to date. A role without the right to do so
    /// opens what another one has made.
    pub migrate: bool,
    /// Whether only to read.
    pub read_only: bool,
    /// The schema that has the tables: lower-case letters, digits and `_`.
    pub schema: String,
    /// The password, where the address has none.
    pub password: Option<Password>,
    /// Connections that are kept open while nobody uses them.
    pub idle: usize,
    /// Certificates (PEM) of whoever vouches for the server, where that is nobody whom the web trusts. `sslrootcert=FILE` in the
    /// address says the same, and comes first.
    pub root_certificates: Option<Vec<u8>>,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self {
            durability: Durability::Full,
            busy_wait: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(60),
            connect_wait: Duration::from_secs(10),
            migrate: true,
            read_only: false,
            schema: "leadwright".into(),
            password: None,
            idle: 4,
            root_certificates: None,
        }
    }
}

/// Where the server is, checked.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) config: Config,
    /// The address without a password, for errors.
    pub(crate) place: String,
    /// The file of whoever vouches for the server, where the address names one.
    pub(crate) root_file: Option<PathBuf>,
}

impl PostgresOptions {
    /// Reads a URL, `postgres://user@host/database?sslmode=require`, or the words of libpq.
    pub(crate) fn address(&self, url: &str) -> Result<Address, Error> {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let starts = self.schema.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase());
        if !starts || !self.schema.bytes().all(is_name) {
            return Err(Error::new(Code::InputBadOption, "schema: lower-case letters, digits and _ are expected"));
        }
        // The text has a password, and what the parser says may have it too.
        let read = |_| {
            Error::new(
                Code::InputBadOption,
                "the address of the server is not understood: postgres://user@host/database",
            )
        };
        let (url, root_file) = tls::words(url);
        let mut config: Config = url.parse().map_err(read)?;
        if config.get_hosts().is_empty() {
            return Err(Error::new(Code::InputBadOption, "the address of the server has no host"));
        }
        if let Some(Password(word)) = &self.password {
            config.password(word);
        }
        if config.get_application_name().is_none() {
            config.application_name("leadwright");
        }
        config.connect_timeout(self.connect_wait.max(Duration::from_millis(100)));
        // A network that swallows everything is noticed within a minute, and nobody waits for it longer.
        config
            .keepalives_idle(Duration::from_secs(30))
            .keepalives_interval(Duration::from_secs(10))
            .keepalives_retries(3);
        config.tcp_user_timeout(Duration::from_secs(60));
        let place = place(&config);
        Ok(Address { config, place, root_file })
    }

    /// What a session is set to. Only words and numbers of ours are in it.
    pub(crate) fn session(&self) -> String {
        let millis = |wait: Duration| wait.as_millis().min(i32::MAX as u128);
        let commit = if self.durability == Durability::Relaxed { "off" } else { "on" };
        let commit = match self.read_only {
            true => "SET default_transaction_read_only = on;".to_owned(),
            // A cluster that waits for standbys keeps what it says about that.
            false if commit == "on" => String::new(),
            false => format!("SET synchronous_commit = {commit};"),
        };
        format!(
            "SET search_path = {}, pg_temp; SET lock_timeout = {}; SET statement_timeout = {}; \
             SET idle_in_transaction_session_timeout = 60000; SET client_min_messages = warning; \
             SET timezone = 'UTC'; SET jit = off; {commit}",
            self.schema,
            millis(self.busy_wait).max(1),
            millis(self.statement_timeout),
        )
    }
}

fn place(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        _ => String::new(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("postgres://{host}:{port}/{}", config.get_dbname().unwrap_or_default())
}

/// Whether what the server acknowledges is as durable as is promised.
pub(crate) fn is_durable(place: &str, fsync: &str, commit: &str, durability: Durability) -> Result<(), Error> {
    let wrong = |what: &str| Err(Error::new(Code::InputBadOption, format!("durability: {place}: {what}")));
    match (durability, fsync, commit) {
        (Durability::Full, "off", _) => wrong("the server runs with fsync = off; open it as relaxed, or turn it on"),
        (Durability::Full, _, "off") => wrong("synchronous_commit is off here; open it as relaxed, or turn it on"),
        _ => Ok(()),
    }
}
