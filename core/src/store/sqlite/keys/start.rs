//! Whether the leads of a store are encrypted, and how they begin to be.

use super::file::{KeyFile, StoreId};
use super::sealer::{Leads, Sealer};
use crate::model::{Code, Error};
use crate::store::ClaimHash;
use crate::store::sqlite::fault::fault;
use crate::store::sqlite::process::{begin, patiently};
use crate::store::sqlite::store::SqliteOptions;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::path::Path;

/// How a store that was just opened keeps its leads.
///
/// With keys given for a store that has none, its leads are encrypted from now on. To only read it, it is left as it is, and
/// who has no keys may read what is about no lead.
pub(in super::super) fn leads(connection: &Connection, path: &Path, options: &SqliteOptions) -> Result<Leads, Error> {
    // As long as the file has no write-ahead log, who reads waits for who writes.
    let belongs = patiently(options, || belongs(connection)).map_err(|error| fault(path, &error))?;
    let (keys, store) = match (&options.keys, belongs) {
        (None, None) => return Ok(Leads::Plain),
        (Some(_), None) if options.read_only => return Ok(Leads::Plain),
        (None, Some(_)) if options.read_only => return Ok(Leads::Closed),
        (None, Some(_)) => return Err(Error::new(Code::StoreKeyMissing, path.display().to_string())),
        (Some(keys), None) => {
            begin(connection, path, options)?;
            let started = start(connection, path, keys, options);
            let end = if started.is_ok() { "COMMIT" } else { "ROLLBACK" };
            connection.execute_batch(end).map_err(|error| fault(path, &error))?;
            return Ok(Leads::Sealed(Box::new(started?)));
        }
        (Some(keys), Some(store)) => (keys, store),
    };
    let file = KeyFile::open(path, keys, options, false)?;
    if file.store != store {
        return Err(of_another(path));
    }
    Ok(Leads::Sealed(Box::new(Sealer::new(file)?)))
}

fn of_another(path: &Path) -> Error {
    Error::new(Code::StoreKeyWrong, format!("{}.keys: it is of another store", path.display()))
}

/// Which file of keys belongs to a store. A file that is only read may be of a version that knew of none.
fn belongs(connection: &Connection) -> rusqlite::Result<Option<StoreId>> {
    let known =
        connection.query_row("SELECT 1 FROM sqlite_master WHERE name = 'sealing'", [], |_| Ok(())).optional()?;
    match known {
        Some(()) => connection.query_row("SELECT store FROM sealing", [], |row| row.get(0)).optional(),
        None => Ok(None),
    }
}

/// Within a write transaction: the file of the keys is there first, and hashes that anybody could try values out on get a
/// key. A file of keys that is there already was made for this store: by whoever was stopped here, or before an older
/// state of it was restored.
fn start(connection: &Connection, path: &Path, keys: &super::Keys, options: &SqliteOptions) -> Result<Sealer, Error> {
    let wrong = |error: rusqlite::Error| fault(path, &error);
    let others = belongs(connection).map_err(wrong)?;
    let sealer = Sealer::new(KeyFile::open(path, keys, options, true)?)?;
    match others {
        // Somebody else was quicker.
        Some(store) if store == sealer.store() => return Ok(sealer),
        Some(_) => return Err(of_another(path)),
        None => {}
    }
    connection.execute("INSERT INTO sealing(store) VALUES (?1)", [sealer.store()]).map_err(wrong)?;
    let hasher = sealer.hasher();
    let run = || {
        connection.create_scalar_function("lw_keyed", 1, FunctionFlags::SQLITE_DETERMINISTIC, move |context| {
            Ok(hasher(&context.get::<ClaimHash>(0)?).to_vec())
        })?;
        connection.execute("UPDATE claim SET hash = lw_keyed(hash)", [])?;
        connection.remove_function("lw_keyed", 1)?;
        let mut names = connection.prepare("SELECT tenant, key FROM setting WHERE key LIKE 'revoked|%'")?;
        let names = names.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let names: Vec<(String, String)> = names.collect::<Result<_, _>>()?;
        for (tenant, name) in names {
            let sql = "UPDATE setting SET key = ?3 WHERE tenant = ?1 AND key = ?2";
            connection.execute(sql, params![tenant, name, sealer.name(&name).unwrap_or_else(|| name.clone())])?;
        }
        Ok(())
    };
    run().map_err(wrong)?;
    Ok(sealer)
}
