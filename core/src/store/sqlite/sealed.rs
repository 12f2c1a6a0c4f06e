//! Decisions whose leads are sealed: opened on their way out, and without keys once they are erased.

use super::fault::fault;
use super::keys::{Leads, Opened, Sealer};
use super::look::{self, CLEAR, Kept};
use super::process::{Connected, checkpoint};
use super::store::{SqliteStore, most, position};
use crate::model::{Code, DecisionId, Durability, Error, TenantId};
use crate::store::{ClaimHash, LeadIn, Stored};
use rusqlite::{Params, params};
use std::borrow::Cow;
use std::path::Path;

impl Connected {
    /// The keys; none where leads are not encrypted.
    pub(super) fn sealer(&self) -> Result<Option<&Sealer>, Error> {
        match &self.leads {
            Leads::Plain => Ok(None),
            Leads::Sealed(sealer) => Ok(Some(sealer)),
            Leads::Closed => Err(Error::new(Code::StoreKeyMissing, "it was opened without keys")),
        }
    }

    fn keys(&self) -> Result<&Sealer, Error> {
        self.sealer()?.ok_or_else(|| Error::new(Code::StoreKeyMissing, "its leads are not encrypted"))
    }

    /// The keys of a lead that is encrypted.
    pub(super) fn keys_of_lead(&self) -> Result<&Sealer, Error> {
        self.sealer()?.ok_or_else(|| Error::new(Code::StoreKeyMissing, "its leads are encrypted by now"))
    }

    /// Another process may have begun to encrypt leads since this one opened the file: then nothing more is written in clear.
    pub(super) fn still(&self, path: &Path) -> Result<(), Error> {
        if !matches!(self.leads, Leads::Plain) {
            return Ok(());
        }
        let asked = self.prepare_cached("SELECT EXISTS (SELECT 1 FROM sealing)");
        let began: bool =
            asked.and_then(|mut asked| asked.query_row([], |row| row.get(0))).map_err(|error| fault(path, &error))?;
        if began { Err(Error::new(Code::StoreKeyMissing, path.display().to_string())) } else { Ok(()) }
    }

    /// A decision as it was written. Once its key was destroyed it is one whose lead was erased. Where a lead is not what was
    /// written, what is left beside it shows what was decided, and neither its digest nor a replay agrees.
    pub(super) fn whole(&self, Kept { mut stored, sealed }: Kept) -> Result<Stored, Error> {
        let Some(sealed) = sealed else { return Ok(stored) };
        let record = &mut stored.record;
        match self.keys_of_lead()?.open(&record.tenant, &record.id, &record.body, &sealed)? {
            Opened::Whole(whole) => (record.input, record.reads, record.body) = (whole.input, whole.reads, whole.body),
            Opened::Erased(inner) => stored.inner = Some(inner),
            Opened::Damaged => {}
        }
        Ok(stored)
    }

    /// The same of the body alone; none of it where it is not what was written.
    pub(super) fn body(
        &self,
        tenant: &TenantId,
        id: &DecisionId,
        left: Vec<u8>,
        sealed: Option<&[u8]>,
    ) -> Result<Vec<u8>, Error> {
        let Some(sealed) = sealed else { return Ok(left) };
        Ok(match self.keys_of_lead()?.open(tenant, id, &left, sealed)? {
            Opened::Whole(whole) => whole.body,
            Opened::Erased(_) => left,
            Opened::Damaged => Vec::new(),
        })
    }

    /// A hash of a value as the file has it.
    pub(super) fn hash(&self, hash: &ClaimHash) -> Result<ClaimHash, Error> {
        Ok(self.sealer()?.map_or(*hash, |sealer| sealer.hash(hash)))
    }

    /// The name of a setting as the file has it.
    pub(super) fn name<'a>(&self, name: &'a str) -> Result<Cow<'a, str>, Error> {
        let kept = self.sealer()?.and_then(|sealer| sealer.name(name));
        Ok(kept.map_or(Cow::Borrowed(name), Cow::Owned))
    }
}

impl SqliteStore {
    /// The decisions that a statement finds.
    pub(super) fn leads(&self, sql: &str, params: impl Params, tenant: &TenantId) -> Result<Vec<Stored>, Error> {
        self.with(|connection| {
            let rows = || {
                let mut statement = connection.prepare_cached(sql)?;
                let rows = statement.query_map(params, |row| look::kept(row, tenant))?;
                rows.collect::<rusqlite::Result<Vec<Kept>>>()
            };
            let rows = rows().map_err(|error| fault(self.path(), &error))?;
            rows.into_iter().map(|row| connection.whole(row)).collect()
        })
    }

    /// Destroys the keys of leads that were erased: first in their own file, for good, and then nobody has to think of it.
    /// Whoever is stopped in between comes back to it with the next one, or when the file is opened.
    pub(super) fn destroy_keys(&self) -> Result<(), Error> {
        let gone = self.with(|connection| {
            let Some(sealer) = connection.sealer()? else { return Ok(Vec::new()) };
            let keys = || {
                let mut statement = connection.prepare_cached("SELECT key FROM key_gone ORDER BY key")?;
                statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()
            };
            let keys = keys().map_err(|error| fault(self.path(), &error))?;
            if !keys.is_empty() {
                // What a power cut takes back must not be an erasure whose key is gone.
                if self.options().durability == Durability::Relaxed {
                    checkpoint(connection, "FULL", self.options()).map_err(|error| fault(self.path(), &error))?;
                }
                sealer.destroy(&keys)?;
            }
            Ok(keys)
        })?;
        if gone.is_empty() {
            return Ok(());
        }
        self.transact(|connection| {
            let run = || {
                let mut statement = connection.prepare_cached("DELETE FROM key_gone WHERE key = ?1")?;
                gone.iter().try_for_each(|key| statement.execute(params![key]).map(drop))
            };
            run().map_err(|error| fault(self.path(), &error))
        })
    }

    /// The first decisions after a position whose leads lie in clear, of all tenants, where leads are encrypted by now.
    ///
    /// # Errors
    /// `store.key_missing` where they are not; `store.*`.
    pub(crate) fn clear_leads(&self, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
        let sql = format!("{CLEAR} WHERE seq > ?1 AND sealed IS NULL AND inner IS NULL ORDER BY seq LIMIT ?2");
        self.with(|connection| {
            connection.keys()?;
            let rows = || {
                let mut statement = connection.prepare_cached(&sql)?;
                let rows = statement.query_map(params![position(after), most(limit)], |row| {
                    let tenant = look::parsed(row, look::COLUMNS)?;
                    look::kept(row, &tenant).map(|kept| kept.stored)
                })?;
                rows.collect::<rusqlite::Result<Vec<Stored>>>()
            };
            rows().map_err(|error| fault(self.path(), &error))
        })
    }

    /// Encrypts leads that lie in clear, in one transaction. One that somebody erased or encrypted meanwhile is left alone.
    pub(crate) fn seal_leads(&self, leads: &[(Stored, LeadIn)]) -> Result<(), Error> {
        self.transact(|connection| {
            let sealer = connection.keys()?;
            for (Stored { seq, record, .. }, lead) in leads {
                let (left, sealed) = sealer.seal(record, lead)?;
                let sql = "UPDATE decision SET input = x'', reads = '', body = ?2, sealed = ?3 \
                           WHERE seq = ?1 AND sealed IS NULL AND inner IS NULL";
                let run = || connection.prepare_cached(sql)?.execute(params![position(*seq), left, sealed]);
                run().map_err(|error| fault(self.path(), &error))?;
            }
            Ok(())
        })
    }

    /// Locks the keys of all leads with the first of the host's keys, so that the others are not needed any more. No lead is
    /// written anew.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("leadwright-rekey-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// use leadwright::store::{Keys, SqliteOptions, SqliteStore};
    /// let open = |keys: &[(&str, [u8; 32])]| {
    ///     let keys = Some(Keys::new(keys.iter().copied())?);
    ///     SqliteStore::with_options(folder.join("leads.db"), SqliteOptions { keys, ..SqliteOptions::default() })
    /// };
    /// drop(open(&[("k1", [1; 32])])?);
    /// open(&[("k2", [2; 32]), ("k1", [1; 32])])?.rekey()?;
    /// assert_eq!(open(&[("k1", [1; 32])]).unwrap_err().code().as_str(), "store.key_wrong");
    /// open(&[("k2", [2; 32])])?;
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `store.key_missing` where leads are not encrypted; `store.*`.
    pub fn rekey(&self) -> Result<(), Error> {
        // Whoever makes keys meanwhile has the write lock.
        self.transact(|connection| connection.keys()?.rekey())
    }

    /// Writes a copy of the file of the keys. A backup of the store is worth nothing without it, and what is forgotten comes
    /// back with an old one: keep the newest alone.
    ///
    /// # Errors
    /// `store.key_missing` where leads are not encrypted, `store.exists`, `store.full`, `store.io`.
    pub fn backup_keys(&self, to: impl AsRef<Path>) -> Result<(), Error> {
        self.transact(|connection| connection.keys()?.copy(to.as_ref()))
    }
}
