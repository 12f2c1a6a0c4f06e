//! Reading from replicas, never older than what the reader has written itself.

use crate::link::Link;
use crate::options::PostgresOptions;
use crate::since::Since;
use crate::store::PostgresStore;
use crate::work::{self, Work};
use crate::{look, read};
use leadwright::model::{Code, DecisionId, Durability, Error, Event, LeadId, TenantId, Timestamp, Waiting};
use leadwright::store::{
    HistoryLead, OutboxEntry, ProblemGroup, RollupAdd, Store, Stored, Sums, SumsQuery, Transaction, View,
};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How replicas are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// How long a read waits for a replica to come as far as it has to; then the primary is asked.
    pub wait: Duration,
    /// For how long a replica that cannot be reached is left alone.
    pub rest: Duration,
    /// How connections are opened. All of them only read, whatever this says.
    pub postgres: PostgresOptions,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { wait: Duration::from_millis(100), rest: Duration::from_secs(5), postgres: PostgresOptions::default() }
    }
}

/// How many reads were answered by whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// By a replica.
    pub replica: u64,
    /// By the primary, because no replica was there, or far enough.
    pub primary: u64,
}

/// The reading half of a store, on replicas of it: for reports, readers of events, explanations and replays. It is a
/// [`Store`], so that whatever reads takes it; a write is refused with `store.read_only`, so no cap and no duplicate is ever
/// decided by what a replica knows.
///
/// ```no_run
/// use leadwright_postgres::{PostgresStore, ReadOptions, ReadStore};
/// let store = PostgresStore::open("postgres://router@db.internal/leads")?;
/// let replicas = ["postgres://reports@replica.internal/leads"];
/// let reads = ReadStore::open("postgres://reports@db.internal/leads", &replicas, ReadOptions::default())?;
/// // … a lead is decided in `store`, and then whoever saw the answer looks it up:
/// let mine = reads.after(store.since()?);
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Clone)]
pub struct ReadStore {
    servers: Arc<Servers>,
    since: Since,
}

struct Servers {
    primary: PostgresStore,
    replicas: Vec<Replica>,
    options: ReadOptions,
    begun: Instant,
    next: AtomicUsize,
    by_replica: AtomicU64,
    by_primary: AtomicU64,
}

struct Replica {
    store: PostgresStore,
    /// Until when nobody asks it, in milliseconds since the store was opened.
    away_until: AtomicU64,
}

/// What became of asking a replica.
enum Answer<T> {
    Done(T),
    /// It is not as far as it has to be.
    Behind,
    /// It cannot answer.
    Away,
}

/// How long to wait between two looks at how far a replica is.
const AGAIN: Duration = Duration::from_millis(1);

/// A replica that does not take a connection within this time is away.
const MOST_CONNECT: Duration = Duration::from_millis(500);

/// Asked before the question, in a statement of its own: a snapshot that is taken earlier than this may be older than it.
const IS_THERE: &str = "SELECT pg_is_in_recovery(), pg_last_wal_replay_lsn() >= $1::text::pg_lsn";

impl ReadStore {
    /// Connects to the primary, which answers when no replica can; to the replicas when they are first asked.
    ///
    /// # Errors
    /// As [`PostgresStore::with_options`]; a replica that cannot be reached is no error.
    ///
    /// ```no_run
    /// use leadwright_postgres::{ReadOptions, ReadStore};
    /// let replicas = ["postgres://reports@one.internal/leads", "postgres://reports@two.internal/leads"];
    /// let reads = ReadStore::open("postgres://reports@db.internal/leads", &replicas, ReadOptions::default())?;
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn open(primary: &str, replicas: &[&str], options: ReadOptions) -> Result<Self, Error> {
        let only_reads = PostgresOptions { read_only: true, ..options.postgres.clone() };
        let of_replicas =
            PostgresOptions { connect_wait: only_reads.connect_wait.min(MOST_CONNECT), ..only_reads.clone() };
        let replica = |url: &&str| {
            let store = PostgresStore::later(url, of_replicas.clone())?;
            Ok(Replica { store, away_until: AtomicU64::new(0) })
        };
        let servers = Servers {
            primary: PostgresStore::with_options(primary, only_reads)?,
            replicas: replicas.iter().map(replica).collect::<Result<_, Error>>()?,
            options,
            begun: Instant::now(),
            next: AtomicUsize::new(0),
            by_replica: AtomicU64::new(0),
            by_primary: AtomicU64::new(0),
        };
        Ok(Self { servers: Arc::new(servers), since: Since::default() })
    }

    /// The same replicas, for a reader who has seen what was committed up to there: it sees that, and whatever this one sees.
    ///
    /// ```no_run
    /// # use leadwright_postgres::{ReadStore, PostgresStore};
    /// # fn doc(reads: &ReadStore, store: &PostgresStore) -> Result<(), leadwright::model::Error> {
    /// let mine = reads.after(store.since()?);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn after(&self, since: Since) -> Self {
        Self { servers: self.servers.clone(), since: self.since.max(since) }
    }

    /// How many reads were answered by whom, of this store and all that were made of it.
    pub fn served(&self) -> Served {
        let Servers { by_replica, by_primary, .. } = &*self.servers;
        Served { replica: by_replica.load(Ordering::Relaxed), primary: by_primary.load(Ordering::Relaxed) }
    }

    /// Asks a replica that is there and far enough, or none.
    fn of_replica<T>(&self, ask: &mut dyn FnMut(&Link) -> Result<T, Error>) -> Result<Option<T>, Error> {
        let servers = &*self.servers;
        let until = Instant::now() + servers.options.wait;
        loop {
            let mut is_behind = false;
            let first = servers.next.fetch_add(1, Ordering::Relaxed);
            for n in 0..servers.replicas.len() {
                let place = first.wrapping_add(n) % servers.replicas.len();
                let Some(replica) = servers.replicas.get(place).filter(|one| !servers.is_away(one)) else { continue };
                match self.of_one(replica, ask)? {
                    Answer::Done(done) => {
                        servers.by_replica.fetch_add(1, Ordering::Relaxed);
                        return Ok(Some(done));
                    }
                    Answer::Behind => is_behind = true,
                    Answer::Away => servers.leave_alone(replica),
                }
            }
            if !is_behind || Instant::now() >= until {
                servers.by_primary.fetch_add(1, Ordering::Relaxed);
                return Ok(None);
            }
            std::thread::sleep(AGAIN);
        }
    }

    /// Looks how far a replica is, and asks on the same connection: behind an address there may be more than one server.
    fn of_one<T>(&self, replica: &Replica, ask: &mut dyn FnMut(&Link) -> Result<T, Error>) -> Result<Answer<T>, Error> {
        let mut fresh = false;
        loop {
            let done = self.of_connection(&replica.store, fresh, ask);
            match done {
                // One that was idle may be gone, and the server there.
                Err(error) if !fresh && error.code() == Code::StoreUnreachable => fresh = true,
                // It stops, has no tables yet, or what it replays took away what the question needed.
                Err(error) if is_away(error.code()) => return Ok(Answer::Away),
                done => return done,
            }
            replica.store.close_idle();
        }
    }

    fn of_connection<T>(
        &self,
        store: &PostgresStore,
        fresh: bool,
        ask: &mut dyn FnMut(&Link) -> Result<T, Error>,
    ) -> Result<Answer<T>, Error> {
        let lent = store.lend(fresh)?;
        let link = lent.link()?;
        let rows = link.rows(IS_THERE, &[&self.since.to_string()])?;
        let row = rows.first().ok_or_else(look::odd)?;
        // One that follows nobody, or nobody any more, has a log of its own, and a place in it says nothing.
        match (look::get::<bool>(row, 0)?, look::get::<Option<bool>>(row, 1)?) {
            (false, _) => Ok(Answer::Away),
            (true, Some(true)) => ask(link).map(Answer::Done),
            (true, _) => Ok(Answer::Behind),
        }
    }

    fn ask<T>(&self, mut ask: impl FnMut(&Link) -> Result<T, Error>) -> Result<T, Error> {
        match self.of_replica(&mut ask)? {
            Some(done) => Ok(done),
            None => self.servers.primary.ask(ask),
        }
    }
}

fn is_away(code: Code) -> bool {
    matches!(code, Code::StoreUnreachable | Code::StoreBusy | Code::StoreMissing)
}

impl Servers {
    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn is_away(&self, replica: &Replica) -> bool {
        replica.away_until.load(Ordering::Relaxed) > self.now()
    }

    fn leave_alone(&self, replica: &Replica) {
        let rest = u64::try_from(self.options.rest.as_millis()).unwrap_or(u64::MAX);
        replica.away_until.store(self.now().saturating_add(rest), Ordering::Relaxed);
    }

    fn all(&self) -> impl Iterator<Item = &PostgresStore> {
        std::iter::once(&self.primary).chain(self.replicas.iter().map(|replica| &replica.store))
    }
}

impl std::fmt::Debug for ReadStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReadStore({}, {} replicas)", self.servers.primary.place(), self.servers.replicas.len())
    }
}

impl Store for ReadStore {
    fn write(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error> {
        // The primary was opened to read, and says so.
        self.servers.primary.write(tenant, work)
    }

    fn read(&self, tenant: &TenantId, work: &mut dyn FnMut(&dyn View) -> Result<(), Error>) -> Result<(), Error> {
        // `work` runs once: what fails after it has begun is the caller's.
        let begun = self.of_replica(&mut |link| {
            link.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
            let view = Work::new(link, tenant);
            let done = work(&view);
            Ok(view.close(done))
        })?;
        match begun {
            Some(done) => done,
            None => self.servers.primary.read(tenant, work),
        }
    }

    fn decision(&self, tenant: &TenantId, id: &DecisionId) -> Result<Option<Stored>, Error> {
        self.ask(|link| read::decision(link, tenant, id))
    }

    fn find(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<DecisionId>, Error> {
        self.ask(|link| read::find(link, tenant, lead))
    }

    fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
        self.ask(|link| read::decisions(link, tenant, after, limit))
    }

    fn put_plan(&self, hash: &str, bundle: &str) -> Result<(), Error> {
        // What is there is kept; what is not may not be written here.
        match self.plan(hash)? {
            Some(_) => Ok(()),
            None => self.servers.primary.put_plan(hash, bundle),
        }
    }

    fn plan(&self, hash: &str) -> Result<Option<String>, Error> {
        self.ask(|link| read::plan(link, hash))
    }

    fn outbox(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, OutboxEntry)>, Error> {
        self.ask(|link| read::outbox(link, tenant, after, limit))
    }

    fn events(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
        self.ask(|link| read::events(link, tenant, after, limit))
    }

    fn queue(
        &self,
        tenant: &TenantId,
        due: Option<Timestamp>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Waiting)>, Error> {
        self.ask(|link| read::queue(link, tenant, due, after, limit))
    }

    fn history(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, HistoryLead)>, Error> {
        self.ask(|link| work::history(link, tenant, after, limit))
    }

    fn rollups(&self, tenant: &TenantId) -> Result<Vec<RollupAdd>, Error> {
        self.ask(|link| read::rollups(link, tenant))
    }

    fn problems(&self, tenant: &TenantId) -> Result<Vec<ProblemGroup>, Error> {
        self.ask(|link| read::problems(link, tenant))
    }

    fn sums(&self, tenant: &TenantId, query: &SumsQuery) -> Result<Vec<Sums>, Error> {
        self.ask(|link| work::sums(link, tenant.as_str(), query))
    }

    fn erased(&self, tenant: &TenantId) -> Result<u64, Error> {
        self.ask(|link| read::erased(link, tenant))
    }

    fn rest(&self) {
        self.servers.all().for_each(Store::rest);
    }

    fn wake(&self) {
        self.servers.all().for_each(Store::wake);
    }

    fn durability(&self) -> Durability {
        self.servers.primary.durability()
    }
}
