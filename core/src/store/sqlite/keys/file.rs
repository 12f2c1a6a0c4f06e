//! The file of the keys, beside the store: `leads.db.keys`.
//!
//! It is no part of a backup, and what is taken out of it is overwritten. A key is on disk there before anything is locked
//! with it: a power cut leaves keys that nobody used, and never the other way round.

use super::cipher::{Key, about, new_key, random, seal, unseal_key};
use super::given::Keys;
use crate::model::{Code, Error};
use crate::store::sqlite::fault::{damaged, fault};
use crate::store::sqlite::half;
use crate::store::sqlite::store::SqliteOptions;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// "LEKS".
const APPLICATION_ID: u32 = 0x4C45_4B53;

/// The host's key locks a master key, and that the key of each decision: another key of the host's is one row written anew.
const TABLES: &str = "
CREATE TABLE store(id BLOB NOT NULL) STRICT;
CREATE TABLE master(id INTEGER PRIMARY KEY, host_key TEXT NOT NULL, sealed BLOB NOT NULL) STRICT;
CREATE TABLE lead_key(id INTEGER PRIMARY KEY, master INTEGER NOT NULL REFERENCES master(id),
  sealed BLOB NOT NULL) STRICT;
";

/// So many keys are made at most at once; a power of two.
pub(super) const BLOCK: i64 = 2_048;

/// Which file of keys belongs to which store.
pub(super) type StoreId = [u8; 16];

/// What is known of a key.
pub(super) enum Found {
    Key(Key),
    Destroyed,
    /// It is not what was written.
    Damaged,
}

/// SQLite counts no longer.
const LONGEST_WAIT: Duration = Duration::from_secs(86_400);

/// A master key, and its number.
type Master = (i64, Key);

pub(super) struct KeyFile {
    path: PathBuf,
    connection: Connection,
    pub(super) store: StoreId,
    keys: Keys,
    /// The newest one locks what is new.
    masters: RefCell<Vec<Master>>,
}

/// Where the keys of a store lie.
pub(super) fn place(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".keys");
    PathBuf::from(name)
}

impl KeyFile {
    /// Opens the file of a store, or makes it where it may.
    pub(super) fn open(store: &Path, keys: &Keys, options: &SqliteOptions, make: bool) -> Result<Self, Error> {
        let path = place(store);
        if path.symlink_metadata().is_err() {
            if !make {
                return Err(Error::new(Code::StoreKeyFileMissing, path.display().to_string()));
            }
            // Another process may be about to make it, too.
            match half::empty(&path, store) {
                Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(half::failed(&path, &error)),
                _ => {}
            }
        }
        let wrong = |error: rusqlite::Error| fault(&path, &error);
        let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
        flags |= if options.read_only { OpenFlags::SQLITE_OPEN_READ_ONLY } else { OpenFlags::SQLITE_OPEN_READ_WRITE };
        let connection = Connection::open_with_flags(&path, flags).map_err(wrong)?;
        // Only who has the write lock of the store writes here, so nobody waits long.
        connection.busy_timeout(options.busy_wait.min(LONGEST_WAIT)).map_err(wrong)?;
        let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, u32>(0)).map_err(wrong);
        // Before anything of it is changed.
        let is_ours = number("PRAGMA application_id")? == APPLICATION_ID;
        if !is_ours && number("SELECT count(*) FROM sqlite_master")? > 0 {
            return Err(Error::new(Code::StoreForeign, path.display().to_string()));
        }
        if !options.read_only {
            let settings = "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON; \
                            PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;";
            connection.execute_batch(settings).map_err(wrong)?;
        }
        if make {
            make_tables(&connection, &path, keys)?;
        }
        if number("PRAGMA application_id")? != APPLICATION_ID {
            return Err(Error::new(Code::StoreForeign, path.display().to_string()));
        }
        if number("PRAGMA user_version")? > 1 {
            return Err(Error::new(Code::StoreNewer, path.display().to_string()));
        }
        let store = connection.query_row("SELECT id FROM store", [], |row| row.get(0)).map_err(wrong)?;
        let masters = RefCell::new(masters(&connection, &path, keys, &store)?);
        Ok(Self { path, connection, store, keys: keys.clone(), masters })
    }

    fn wrong(&self) -> impl Fn(rusqlite::Error) -> Error {
        |error| fault(&self.path, &error)
    }

    /// The first master key: what has to be found again as long as the store is there is made of it.
    pub(super) fn root(&self) -> Result<Key, Error> {
        let first = self.masters.borrow().first().map(|(_, key)| key.clone());
        first.ok_or_else(|| damaged(&self.path, "it has no master key"))
    }

    /// So many new keys, at most [`BLOCK`], with their numbers. They are on disk when this returns. The numbers follow each
    /// other from a random one: also in an older copy of this file no number of a later key is given again.
    pub(super) fn make(&self, count: u32) -> Result<Vec<(i64, Key)>, Error> {
        let count = i64::from(count).min(BLOCK);
        let (made, all) = self.change(|connection| {
            // Another process may have made another master key.
            let all = masters(connection, &self.path, &self.keys, &self.store)?;
            let (master, locks) = all.last().ok_or_else(|| damaged(&self.path, "it has no master key"))?;
            let first = i64::from_be_bytes(random()?) & (i64::MAX - (BLOCK - 1));
            let sql = "INSERT INTO lead_key(id, master, sealed) VALUES (?1, ?2, ?3)";
            let mut statement = connection.prepare_cached(sql).map_err(self.wrong())?;
            let mut made = Vec::new();
            for n in 0..count {
                let (id, key) = (first | n, new_key()?);
                let sealed = seal(locks, &about_lead(&self.store, id), key.to_vec())?;
                statement.execute(params![id, master, sealed]).map_err(self.wrong())?;
                made.push((id, key));
            }
            drop(statement);
            Ok((made, all))
        })?;
        self.masters.replace(all);
        Ok(made)
    }

    /// Looks a key up.
    pub(super) fn key(&self, id: i64) -> Result<Found, Error> {
        let found = self.connection.prepare_cached("SELECT master, sealed FROM lead_key WHERE id = ?1");
        let found = found.and_then(|mut statement| {
            statement.query_row([id], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))).optional()
        });
        let Some((master, sealed)) = found.map_err(self.wrong())? else { return Ok(Found::Destroyed) };
        let key = unseal_key(&self.master(master)?, &about_lead(&self.store, id), &sealed);
        Ok(key.map_or(Found::Damaged, Found::Key))
    }

    /// A master key; also one that another process made since the file was opened.
    fn master(&self, id: i64) -> Result<Key, Error> {
        let known = || self.masters.borrow().iter().find(|(known, _)| *known == id).map(|(_, key)| key.clone());
        if let Some(key) = known() {
            return Ok(key);
        }
        let all = masters(&self.connection, &self.path, &self.keys, &self.store)?;
        self.masters.replace(all);
        known().ok_or_else(|| damaged(&self.path, "a master key is not there"))
    }

    /// Takes keys out for good.
    pub(super) fn destroy(&self, keys: &[i64]) -> Result<(), Error> {
        self.change(|connection| {
            let mut statement =
                connection.prepare_cached("DELETE FROM lead_key WHERE id = ?1").map_err(self.wrong())?;
            keys.iter().try_for_each(|key| statement.execute([key]).map(drop)).map_err(self.wrong())
        })
    }

    /// Locks the master keys with the first of the host's keys, and makes another one for what comes from now on: whoever
    /// has the key of before, and no copy of this file of before, opens nothing.
    pub(super) fn rekey(&self) -> Result<(), Error> {
        let keys = &self.keys;
        let all = self.change(|connection| {
            let mut all = masters(connection, &self.path, keys, &self.store)?;
            let next = all.last().map_or(1, |(id, _)| id.saturating_add(1));
            all.push((next, new_key()?));
            all.iter().try_for_each(|master| put_master(connection, &self.path, keys, &self.store, master))?;
            Ok(all)
        })?;
        self.masters.replace(all);
        Ok(())
    }

    /// A copy of the file as it is now, under a name that nothing has.
    pub(super) fn copy(&self, to: &Path) -> Result<(), Error> {
        half::whole(to, &self.path, |half| {
            let copy = || {
                let mut copy = Connection::open(half)?;
                rusqlite::backup::Backup::new(&self.connection, &mut copy)?.run_to_completion(
                    i32::MAX,
                    Duration::ZERO,
                    None,
                )?;
                copy.close().map_err(|(_, error)| error)
            };
            copy().map_err(|error| fault(half, &error))
        })
    }

    fn change<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
        in_transaction(&self.connection, &self.path, work)
    }
}

fn in_transaction<T>(
    connection: &Connection,
    path: &Path,
    work: impl FnOnce(&Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    let run = |sql: &str| connection.execute_batch(sql).map_err(|error| fault(path, &error));
    run("BEGIN IMMEDIATE")?;
    let done = work(connection).and_then(|done| run("COMMIT").map(|()| done));
    if !connection.is_autocommit() {
        let _ = run("ROLLBACK");
    }
    done
}

/// A file that was begun is finished; one that is there is left as it is.
fn make_tables(connection: &Connection, path: &Path, keys: &Keys) -> Result<(), Error> {
    let wrong = |error: rusqlite::Error| fault(path, &error);
    in_transaction(connection, path, |connection| {
        let tables = connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0));
        if tables.map_err(wrong)? > 0 {
            return Ok(());
        }
        connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(wrong)?;
        connection.pragma_update(None, "user_version", 1).map_err(wrong)?;
        connection.execute_batch(TABLES).map_err(wrong)?;
        let store: StoreId = random()?;
        connection.execute("INSERT INTO store(id) VALUES (?1)", [store]).map_err(wrong)?;
        put_master(connection, path, keys, &store, &(1, new_key()?))
    })
}

fn about_master(store: &StoreId, id: i64, host_key: &str) -> Vec<u8> {
    about(&[b"master", store, &id.to_be_bytes(), host_key.as_bytes()])
}

fn about_lead(store: &StoreId, id: i64) -> Vec<u8> {
    about(&[b"lead", store, &id.to_be_bytes()])
}

fn put_master(
    connection: &Connection,
    path: &Path,
    keys: &Keys,
    store: &StoreId,
    (id, key): &Master,
) -> Result<(), Error> {
    let (name, locks) = keys.first().ok_or_else(|| Error::new(Code::StoreKeyMalformed, "there is none"))?;
    let sealed = seal(locks, &about_master(store, *id, name), key.to_vec())?;
    let sql = "INSERT INTO master(id, host_key, sealed) VALUES (?1, ?2, ?3) \
               ON CONFLICT(id) DO UPDATE SET host_key = excluded.host_key, sealed = excluded.sealed";
    connection.execute(sql, params![id, name, sealed]).map(drop).map_err(|error| fault(path, &error))
}

/// The master keys in their order.
fn masters(connection: &Connection, path: &Path, keys: &Keys, store: &StoreId) -> Result<Vec<Master>, Error> {
    let wrong = |error: rusqlite::Error| fault(path, &error);
    let mut statement = connection.prepare("SELECT id, host_key, sealed FROM master ORDER BY id").map_err(wrong)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(wrong)?;
    let rows: Vec<(i64, String, Vec<u8>)> = rows.collect::<Result<_, _>>().map_err(wrong)?;
    let open = |(id, name, sealed): (i64, String, Vec<u8>)| {
        let told = |what: &str| Error::new(Code::StoreKeyWrong, format!("{}: {what} `{name}`", path.display()));
        let locks = keys.of(&name).ok_or_else(|| told("it is locked with the key"))?;
        let key = unseal_key(locks, &about_master(store, id, &name), &sealed);
        key.map(|key| (id, key)).ok_or_else(|| told("it is locked with another key of the id"))
    };
    rows.into_iter().map(open).collect()
}
