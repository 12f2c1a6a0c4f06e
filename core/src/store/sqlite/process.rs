//! One connection for each process. After `fork` the child opens its own and leaves the inherited one alone: it shares
//! file locks with the parent, and to close it would drop them.
//!
//! SQLite also remembers, for the whole process, which locks it has on which file, and a child inherits that memory and
//! not the locks. So whoever forks says so first: then nothing is open at that moment.

use super::fault::{busy, damaged, fault, is_busy};
use super::header::{Found, look};
use super::keys::{Leads, leads};
use super::opened::{Opened, look_once};
use super::schema::{Form, migrate};
use super::store::SqliteOptions;
use crate::model::{Code, Durability, Error};
use rusqlite::{Connection, OpenFlags};
use std::io::Read as _;
use std::ops::Deref;
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

/// How long to sleep before a locked file is tried again.
const POLL: Duration = Duration::from_micros(200);
/// Another process may be in the middle of making the file: so many polls until what looks foreign is.
const POLLS_WHILE_MADE: u32 = 250;

/// The connection of a process, and of the processes forked from it.
pub(crate) struct Process {
    form: &'static Form,
    pid: u32,
    /// Whether a connection that is opened late may make the file.
    late: bool,
    open: Mutex<Open>,
    woken: Condvar,
    child: OnceLock<Box<Process>>,
}

/// The connection, where it is open, and how many forks it waits for.
pub(crate) struct Open {
    pub(crate) connection: Option<Connected>,
    resting: u32,
    /// Whether a commit failed since the file was last in order.
    doubtful: bool,
}

impl Open {
    /// Gives the connection up after a commit that failed: what it remembers need not be what the file says.
    pub(crate) fn doubt(&mut self) {
        self.doubtful = true;
        drop(self.connection.take());
    }
}

impl Process {
    pub(super) fn open(path: &Path, options: &SqliteOptions, form: &'static Form) -> Result<Self, Error> {
        Ok(Self::of_this(Some(open(path, options, form)?), form, false))
    }

    /// Opens nothing before somebody asks, in the process that does.
    pub(crate) fn late(form: &'static Form) -> Self {
        Self::of_this(None, form, true)
    }

    /// Of this process, whichever made the store.
    fn of_this(connection: Option<Connected>, form: &'static Form, late: bool) -> Self {
        let open = Open { connection, resting: 0, doubtful: false };
        let (pid, open) = (std::process::id(), Mutex::new(open));
        Self { form, pid, late, open, woken: Condvar::new(), child: OnceLock::new() }
    }

    /// Closes the connection once nobody is in a transaction, and keeps it closed.
    pub(crate) fn rest(&self) {
        if self.pid == std::process::id() {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.resting += 1;
            drop(open.connection.take());
        } else if let Some(child) = self.child.get() {
            child.rest();
        }
    }

    pub(crate) fn wake(&self) {
        if self.pid == std::process::id() {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            open.resting = open.resting.saturating_sub(1);
            drop(open);
            self.woken.notify_all();
        } else if let Some(child) = self.child.get() {
            child.wake();
        }
    }

    /// The connection of this process. The process is compared before any lock is taken: a lock that was held at the
    /// time of the fork is never released in the child.
    pub(crate) fn lock(&self, path: &Path, options: &SqliteOptions) -> Result<MutexGuard<'_, Open>, Error> {
        if self.pid == std::process::id() {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            while open.resting > 0 {
                open = self.woken.wait(open).unwrap_or_else(PoisonError::into_inner);
            }
            if open.connection.is_none() {
                // A file that was there and is gone is not made anew.
                let create = options.create && self.late;
                let connection = self::open(path, &SqliteOptions { create, ..options.clone() }, self.form)?;
                if open.doubtful {
                    settled(&connection, path, options)?;
                    open.doubtful = false;
                }
                open.connection = Some(connection);
            }
            return Ok(open);
        }
        // It opens the file as any other whose connection is closed: what fails now may go well the next time.
        self.child.get_or_init(|| Box::new(Self::of_this(None, self.form, self.late))).lock(path, options)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.pid != std::process::id() {
            let inherited = self.open.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::forget(inherited.connection.take());
        }
    }
}

/// What the file is; nothing where this process has it open, and knows.
fn look_patiently(path: &Path, form: &Form) -> Option<Result<Found, Error>> {
    let look = || {
        let found = look(path, form);
        let is_foreign = matches!(&found, Err(error) if error.code() == Code::StoreForeign);
        (found, is_foreign && !path.is_dir() && !is_text(path))
    };
    let (mut found, mut may_change) = look_once(path, look)?;
    for _ in 0..POLLS_WHILE_MADE {
        if !may_change {
            break;
        }
        std::thread::sleep(POLL);
        (found, may_change) = look_once(path, look)?;
    }
    Some(found)
}

/// A connection. Its file counts as open until it is closed.
pub(crate) struct Connected {
    connection: Connection,
    pub(super) leads: Leads,
    _opened: Opened,
}

impl Deref for Connected {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.connection
    }
}

fn open(path: &Path, options: &SqliteOptions, form: &Form) -> Result<Connected, Error> {
    let found = look_patiently(path, form).unwrap_or(Ok(Found::Ours));
    if found? == Found::Nothing && !options.create {
        return Err(Error::new(Code::StoreMissing, path.display().to_string()));
    }
    let wrong = |error: rusqlite::Error| fault(path, &error);
    let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    flags |= if options.read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
    if options.create && !options.read_only {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(path, flags).map_err(wrong)?;
    let mut connection = Connected { connection, leads: Leads::Plain, _opened: Opened::new(path) };
    // Waiting is ours: SQLite's own way of it lets writers starve.
    connection.busy_timeout(Duration::ZERO).map_err(wrong)?;
    connection.set_prepared_statement_cache_capacity(64);
    if options.read_only {
        if form.is_store {
            connection.leads = leads(&connection, path, options)?;
        }
        return Ok(connection);
    }
    if connection.is_readonly("main").map_err(wrong)? {
        return Err(Error::new(Code::StoreReadOnly, path.display().to_string()));
    }
    begin(&connection, path, options)?;
    let made = migrate(&connection, path, form);
    let end = if made.is_ok() { "COMMIT" } else { "ROLLBACK" };
    // As long as the file has no write-ahead log, a commit waits for whoever reads.
    made.and(patiently(options, || connection.execute_batch(end)).map_err(wrong))?;
    settings(&connection, path, options)?;
    if form.is_store {
        connection.leads = leads(&connection, path, options)?;
    }
    Ok(connection)
}

/// A file that does not even begin like a database is not about to become one.
fn is_text(path: &Path) -> bool {
    const START: &[u8] = b"SQLite format 3";
    let mut start = Vec::with_capacity(START.len());
    let read = std::fs::File::open(path).and_then(|file| file.take(START.len() as u64).read_to_end(&mut start));
    read.is_ok() && !start.starts_with(START)
}

fn settings(connection: &Connection, path: &Path, options: &SqliteOptions) -> Result<(), Error> {
    let synchronous = if options.durability == Durability::Relaxed { "NORMAL" } else { "FULL" };
    let settings = format!(
        "PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; \
         PRAGMA mmap_size=0; PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864;"
    );
    let mode =
        patiently(options, || connection.query_row("PRAGMA journal_mode=WAL", [], |row| row.get::<_, String>(0)));
    let mode = mode.map_err(|error| fault(path, &error))?;
    if mode != "wal" {
        return Err(damaged(path, "it cannot have a write-ahead log here"));
    }
    connection.execute_batch(&settings).map_err(|error| fault(path, &error))
}

/// Brings what the write-ahead log holds into the file, and that to disk: a commit that failed may be seen in the log and
/// not be on disk, and a disk that failed to write once need not say so a second time.
fn settled(connection: &Connection, path: &Path, options: &SqliteOptions) -> Result<(), Error> {
    checkpoint(connection, "FULL", options).map_err(|error| fault(path, &error))
}

/// Brings what the write-ahead log holds into the file.
pub(crate) fn checkpoint(connection: &Connection, mode: &str, options: &SqliteOptions) -> rusqlite::Result<()> {
    let sql = format!("PRAGMA wal_checkpoint({mode})");
    patiently(options, || {
        // A log that others keep from its end is told in the answer, and is no error.
        let kept: bool = connection.query_row(&sql, [], |row| row.get(0))?;
        if kept { Err(busy()) } else { Ok(()) }
    })
}

/// Takes the write lock.
pub(crate) fn begin(connection: &Connection, path: &Path, options: &SqliteOptions) -> Result<(), Error> {
    patiently(options, || connection.execute_batch("BEGIN IMMEDIATE")).map_err(|error| fault(path, &error))
}

/// Tries until the file is free. The time is counted in polls: the core has no clock.
pub(super) fn patiently<T>(
    options: &SqliteOptions,
    mut attempt: impl FnMut() -> Result<T, rusqlite::Error>,
) -> Result<T, rusqlite::Error> {
    let mut polls = options.busy_wait.as_micros() / POLL.as_micros();
    loop {
        match attempt() {
            Err(error) if is_busy(&error) && polls > 0 => {
                polls -= 1;
                std::thread::sleep(POLL);
            }
            done => return done,
        }
    }
}

#[cfg(test)]
mod tests {

    use crate::store::SqliteStore;

    /// The first transaction is in a file without a write-ahead log: there a commit has to wait for whoever reads.
    #[test]
    fn many_open_a_file_that_is_not_there_yet() {
        let folder = std::env::temp_dir().join(format!("leadwright-open-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        for round in 0..40 {
            let path = folder.join(format!("{round}.db"));
            std::thread::scope(|scope| {
                for _ in 0..8 {
                    scope.spawn(|| SqliteStore::open(&path).unwrap());
                }
            });
        }
        std::fs::remove_dir_all(folder).unwrap();
    }

    /// Run by the test below in processes of their own: asks for a plan, and closes the store.
    #[test]
    fn another_process_asks() {
        use crate::store::Store;
        if let Some(path) = std::env::var_os("LEADWRIGHT_TEST_STORE") {
            println!("plan: {:?}", SqliteStore::open(path).unwrap().plan("b").unwrap());
        }
    }

    /// What another process reads.
    fn asked_by_another(path: &std::path::Path) -> String {
        let mut other = std::process::Command::new(std::env::current_exe().unwrap());
        other.args(["--exact", "store::sqlite::process::tests::another_process_asks", "--nocapture"]);
        let output = other.env("LEADWRIGHT_TEST_STORE", path).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let answer = text.lines().find_map(|line| line.split_once("plan: "));
        answer.unwrap_or_else(|| panic!("no answer: {text}{}", String::from_utf8_lossy(&output.stderr))).1.to_owned()
    }

    #[test]
    fn a_second_store_of_a_process_does_not_cost_the_first_its_locks() {
        use crate::store::Store;
        let folder = std::env::temp_dir().join(format!("leadwright-second-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("leads.db");
        let store = SqliteStore::open(&path).unwrap();
        store.put_plan("a", "1").unwrap();
        drop(SqliteStore::open(&path).unwrap());
        assert_eq!(asked_by_another(&path), "None");
        // The one that asked has closed the store, and was not the last one.
        assert!(folder.join("leads.db-wal").exists(), "the log is still written to");
        store.put_plan("b", "2").unwrap();
        assert_eq!(asked_by_another(&path), "Some(\"2\")");
        drop(store);
        std::fs::remove_dir_all(folder).unwrap();
    }

    /// To close the file anywhere in the process gives up all of its locks. SQLite looks at those of the shared memory too,
    /// since 3.51, but whoever else closes the file may be older, and take the log away that is still written to.
    #[test]
    #[cfg(target_os = "linux")]
    fn to_open_a_second_store_gives_up_no_lock_of_the_first() {
        use crate::store::Store;
        use std::os::unix::fs::MetadataExt as _;
        let folder = std::env::temp_dir().join(format!("leadwright-locks-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("leads.db");
        let store = SqliteStore::open(&path).unwrap();
        store.put_plan("a", "1").unwrap();
        let file = format!(":{} ", std::fs::metadata(&path).unwrap().ino());
        let own = format!(" {} ", std::process::id());
        let is_locked = || {
            let locks = std::fs::read_to_string("/proc/locks").unwrap();
            locks.lines().any(|line| line.contains(&own) && line.contains(&file))
        };
        assert!(is_locked());
        drop(SqliteStore::open(&path).unwrap());
        assert!(is_locked());
        // What would happen if it were looked at.
        super::look(&path, &crate::store::sqlite::schema::STORE).unwrap();
        assert!(!is_locked());
        drop(store);
        std::fs::remove_dir_all(folder).unwrap();
    }

    /// While it rests nobody has the file open; who comes meanwhile waits, and goes on.
    #[test]
    fn a_store_at_rest_has_nothing_open() {
        use crate::store::Store;
        let folder = std::env::temp_dir().join(format!("leadwright-rest-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("leads.db");
        let store = SqliteStore::open(&path).unwrap();
        store.put_plan("a", "1").unwrap();
        store.rest();
        // With the last connection the write-ahead log is gone.
        assert!(!folder.join("leads.db-wal").exists());
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| store.plan("a").unwrap());
            std::thread::sleep(std::time::Duration::from_millis(50));
            assert!(!waits.is_finished() && !folder.join("leads.db-wal").exists());
            store.wake();
            assert_eq!(waits.join().unwrap().as_deref(), Some("1"));
        });
        store.put_plan("b", "2").unwrap();
        assert_eq!(store.plan("b").unwrap().as_deref(), Some("2"));
        drop(store);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
