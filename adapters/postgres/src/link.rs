//! One connection, driven by whoever calls: no thread of ours, and nothing goes on between two calls.

use crate::fault::fault;
use crate::options::{Address, PostgresOptions, is_durable};
use crate::tls;
use futures_util::future::try_join_all;
use futures_util::{SinkExt as _, StreamExt as _};
use leadwright::model::{Code, Error};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::Future;
use std::io::Cursor;
use std::pin::pin;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error as PgError, Row, Statement};

/// What is bound to a statement.
pub(crate) type Bound<'a> = &'a [&'a (dyn ToSql + Sync)];

/// A connection and what was prepared on it.
pub(crate) struct Link {
    client: Client,
    statements: RefCell<HashMap<String, Statement>>,
    /// Whether it is not to be used again.
    pub(crate) broken: Cell<bool>,
    /// Whether a statement failed since a transaction began: the server then makes of its commit a rollback, and says so to
    /// nobody.
    pub(crate) spoilt: Cell<bool>,
    runtime: Driver,
    pub(crate) place: String,
}

/// What drives a connection. It may be dropped where a runtime of the host runs, in which nobody may wait for its end.
struct Driver(Option<Runtime>);

impl Driver {
    fn run<T: Send>(&self, future: impl Future<Output = T> + Send) -> T {
        match &self.0 {
            Some(runtime) => wait(runtime, future),
            None => unreachable!("it is there until it is dropped"),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// How long to wait between two attempts to reach a server.
const AGAIN: Duration = Duration::from_millis(50);

impl Link {
    /// Connects, and goes on trying as long as the options say.
    #[allow(clippy::disallowed_methods, reason = "a wait is counted by the clock of the host: it decides nothing")]
    pub(crate) fn open(address: &Address, options: &PostgresOptions) -> Result<Self, Error> {
        let begun = Instant::now();
        loop {
            match Self::connect(address, options) {
                Err(error) if error.code() == Code::StoreUnreachable && begun.elapsed() < options.connect_wait => {
                    std::thread::sleep(AGAIN);
                }
                done => return done,
            }
        }
    }

    fn connect(address: &Address, options: &PostgresOptions) -> Result<Self, Error> {
        let io = |error: std::io::Error| Error::new(Code::StoreUnreachable, format!("{}: {error}", address.place));
        let runtime = Builder::new_current_thread().enable_io().enable_time().build().map_err(io)?;
        let runtime = Driver(Some(runtime));
        let tls = tls::connector(address, options)?;
        let config = address.config.clone();
        let connected = runtime.run(async move {
            let (client, connection) = config.connect(tls).await?;
            // Driven whenever somebody waits for an answer; that it ended is told by the next one.
            tokio::spawn(async move { drop(connection.await) });
            Ok(client)
        });
        let client = connected.map_err(|error: PgError| fault(&address.place, &error))?;
        let link = Self {
            client,
            statements: RefCell::default(),
            broken: Cell::new(false),
            spoilt: Cell::new(false),
            runtime,
            place: address.place.clone(),
        };
        link.batch(&options.session())?;
        let set = link.rows("SELECT current_setting('fsync'), current_setting('synchronous_commit')", &[])?;
        if let Some(row) = set.first().filter(|_| !options.read_only) {
            is_durable(&link.place, row.get(0), row.get(1), options.durability)?;
        }
        Ok(link)
    }

    fn wait<T: Send>(&self, future: impl Future<Output = T> + Send) -> T {
        self.runtime.run(future)
    }

    /// Statements without values, one after the other.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), Error> {
        let done = self.wait(self.client.batch_execute(sql));
        done.map_err(|error| self.failed(&error))
    }

    /// The rows of one statement.
    pub(crate) fn rows(&self, sql: &str, bound: Bound<'_>) -> Result<Vec<Row>, Error> {
        let statement = self.prepared(sql)?;
        let done = self.wait(self.client.query(&statement, bound));
        done.map_err(|error| self.failed(&error))
    }

    /// The rows of several statements that are sent at once.
    pub(crate) fn flight(&self, all: &[(&str, Bound<'_>)]) -> Result<Vec<Vec<Row>>, PgError> {
        let statements = self.prepared_all(all.iter().map(|(sql, _)| *sql))?;
        let client = &self.client;
        self.wait(async move {
            let each = statements.iter().zip(all).map(|(statement, (_, bound))| client.query(statement, bound));
            try_join_all(each).await
        })
    }

    /// Statements that are sent at once, and the commit behind them. The first error counts; one of the commit is told apart.
    pub(crate) fn flight_and_commit(&self, all: &[(&str, Bound<'_>)]) -> Result<(), Ended> {
        let statements = self.prepared_all(all.iter().map(|(sql, _)| *sql)).map_err(Ended::Before)?;
        let commit = self.prepared_all(["COMMIT"].into_iter()).map_err(Ended::Before)?;
        let client = &self.client;
        let (done, committed) = self.wait(async move {
            let each = statements.iter().zip(all).map(|(statement, (_, bound))| client.execute(statement, bound));
            let each = futures_util::future::join_all(each);
            let commit = async {
                match commit.first() {
                    Some(commit) => client.execute(commit, &[]).await.map(drop),
                    None => Ok(()),
                }
            };
            futures_util::future::join(each, commit).await
        });
        // A statement that the server refused made the commit a rollback. One without an answer may have been committed.
        for one in done {
            match one {
                Err(error) if error.as_db_error().is_some() => return Err(Ended::Before(error)),
                Err(error) => return Err(Ended::Unknown(error)),
                Ok(_) => {}
            }
        }
        committed.map_err(Ended::Unknown)
    }

    /// Sends the bytes of `COPY … TO STDOUT`, piece by piece, to whoever takes them.
    pub(crate) fn copy_out(
        &self,
        sql: &str,
        mut each: impl FnMut(Vec<u8>) -> Result<(), Error> + Send,
    ) -> Result<(), Error> {
        let client = &self.client;
        let done: Result<(), Copied> = self.wait(async move {
            let mut pieces = pin!(client.copy_out(sql).await.map_err(Copied::Failed)?);
            while let Some(piece) = pieces.next().await {
                each(piece.map_err(Copied::Failed)?.to_vec()).map_err(Copied::Stopped)?;
            }
            Ok(())
        });
        done.map_err(|copied| copied.error(self))
    }

    /// Writes `COPY … FROM STDIN` with the pieces that come.
    pub(crate) fn copy_in(
        &self,
        sql: &str,
        mut next: impl FnMut() -> Result<Option<Vec<u8>>, Error> + Send,
    ) -> Result<(), Error> {
        let client = &self.client;
        let done: Result<(), Copied> = self.wait(async move {
            let mut sink = pin!(client.copy_in(sql).await.map_err(Copied::Failed)?);
            while let Some(piece) = next().map_err(Copied::Stopped)? {
                sink.send(Cursor::new(piece)).await.map_err(Copied::Failed)?;
            }
            sink.as_mut().finish().await.map(drop).map_err(Copied::Failed)
        });
        done.map_err(|copied| copied.error(self))
    }

    /// What is prepared once a connection.
    fn prepared(&self, sql: &str) -> Result<Statement, Error> {
        let mut all = self.prepared_all([sql].into_iter()).map_err(|error| self.failed(&error))?;
        all.pop().ok_or_else(|| Error::new(Code::InternalError, "nothing was prepared"))
    }

    fn prepared_all<'a>(&self, all: impl Iterator<Item = &'a str> + Clone) -> Result<Vec<Statement>, PgError> {
        let missing: Vec<&str> = {
            let known = self.statements.borrow();
            let mut missing: Vec<&str> = all.clone().filter(|sql| !known.contains_key(*sql)).collect();
            missing.sort_unstable();
            missing.dedup();
            missing
        };
        if !missing.is_empty() {
            let client = &self.client;
            let made = self.wait(async { try_join_all(missing.iter().map(|sql| client.prepare(sql))).await })?;
            let mut known = self.statements.borrow_mut();
            if known.len() > MOST_PREPARED {
                known.clear();
            }
            known.extend(missing.into_iter().map(str::to_owned).zip(made));
        }
        let known = self.statements.borrow();
        Ok(all.filter_map(|sql| known.get(sql).cloned()).collect())
    }

    /// What is prepared on it.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.statements.borrow().keys().cloned().collect()
    }

    /// An error, after which a connection that is gone is not used again.
    pub(crate) fn failed(&self, error: &PgError) -> Error {
        self.spoilt.set(true);
        let told = fault(&self.place, error);
        if error.is_closed() || matches!(told.code(), Code::StoreUnreachable) {
            self.broken.set(true);
        }
        told
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.broken.get() || self.client.is_closed()
    }
}

/// Statements are of a few shapes; who asks for reports of many kinds does not fill the server's memory with them.
const MOST_PREPARED: usize = 256;

/// Why a copy did not end.
enum Copied {
    Failed(PgError),
    /// The other side did.
    Stopped(Error),
}

impl Copied {
    fn error(self, link: &Link) -> Error {
        match self {
            Self::Failed(error) => link.failed(&error),
            Self::Stopped(error) => error,
        }
    }
}

/// Why a transaction did not end well.
pub(crate) enum Ended {
    /// Nothing has happened.
    Before(PgError),
    /// Perhaps it has.
    Unknown(PgError),
}

/// Runs a future to its end. Where the host has a runtime of its own in this thread, one may not be driven inside the other,
/// and a thread does it while this one waits.
fn wait<T: Send>(runtime: &Runtime, future: impl Future<Output = T> + Send) -> T {
    if Handle::try_current().is_err() {
        return runtime.block_on(future);
    }
    let joined = std::thread::scope(|scope| scope.spawn(|| runtime.block_on(future)).join());
    match joined {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
