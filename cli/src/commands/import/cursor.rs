//! How far an import is. It stands in the store, written with the leads that it is behind.

use crate::records::Record;
use leadwright::model::{Code, Error};
use leadwright::store::Store;
use leadwright::{model::TenantId, store::Setting};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Records of an input up to somewhere, and what became of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// How many.
    pub(super) records: u64,
    /// The line of the last one.
    pub(super) line: u64,
    /// A hash over all of them, or over a file of row groups as a whole: another input is not taken for this one.
    pub(super) sha256: String,
    pub(super) imported: u64,
    pub(super) refused: u64,
    /// Of those that were imported, sales that were taken down.
    pub(super) observed: u64,
    /// So long the file of refused leads is.
    pub(super) rejects: u64,
}

impl Cursor {
    pub(super) fn of(store: &dyn Store, tenant: &TenantId, name: &str) -> Result<Option<Self>, Error> {
        let mut found = None;
        store.read(tenant, &mut |view| {
            found = view.setting(&key(name))?;
            Ok(())
        })?;
        // One that cannot be read is of a later version, or damaged: from where to go on is not known.
        let unread = |_| Error::new(Code::StoreCorrupt, format!("how far the import of {name} is, cannot be read"));
        found.map(|text| serde_json::from_str(&text).map_err(unread)).transpose()
    }

    pub(super) fn setting(&self, name: &str) -> Setting {
        Setting { key: key(name), value: serde_json::to_string(self).ok() }
    }
}

fn key(name: &str) -> String {
    format!("import|{name}")
}

/// The records that were read so far.
#[derive(Default)]
pub(super) struct Seen {
    sha: Sha256,
    pub(super) records: u64,
    pub(super) line: u64,
    /// A hash over the input that they are of, where it is known by that.
    pub(super) whole: Option<String>,
}

impl Seen {
    pub(super) fn of(whole: Option<String>) -> Self {
        Self { whole, ..Self::default() }
    }

    pub(super) fn add(&mut self, (line, record): &(u64, Record)) {
        match record {
            _ if self.whole.is_some() => {}
            Record::Json(json) => self.sha.update(json),
            // What was too long, or a row with too few columns, was not kept.
            Record::Bad(problem) => self.sha.update(problem.code.as_str()),
        }
        if self.whole.is_none() {
            self.sha.update(b"\n");
        }
        self.records += 1;
        self.line = *line;
    }

    pub(super) fn hash(&self) -> String {
        if let Some(whole) = &self.whole {
            return whole.clone();
        }
        self.sha.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
