//! What a tenant has in a file, in a few numbers.

use crate::model::{Error, TenantId, Timestamp};
use crate::store::SqliteStore;
use rusqlite::{OptionalExtension as _, params};
use serde::Serialize;

/// What a tenant has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Census {
    /// How many decisions.
    pub decisions: u64,
    /// When the first of those that are there was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Timestamp>,
    /// And the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// Its position in the log; 0 where there is none.
    pub last_seq: u64,
    /// The plan that decided it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// How many leads wait to be decided again.
    pub waiting: u64,
    /// How many leads of the past there are.
    pub history: u64,
}

impl SqliteStore {
    /// What a tenant has, in a few numbers.
    ///
    /// # Errors
    /// `store.*`.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("leadwright-census-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// use leadwright::{model::TenantId, store::SqliteStore};
    /// let store = SqliteStore::open(folder.join("leads.db"))?;
    /// assert_eq!(store.census(&TenantId::default())?.decisions, 0);
    /// # drop(store);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn census(&self, tenant: &TenantId) -> Result<Census, Error> {
        let tenant = tenant.as_str();
        self.ask(|connection| {
            let number = |sql: &str| connection.query_row(sql, [tenant], |row| row.get::<_, u64>(0));
            let edge = |order: &str| {
                let sql = format!("SELECT seq, at, plan FROM decision WHERE tenant = ?1 ORDER BY seq {order} LIMIT 1");
                let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
                connection.query_row(&sql, params![tenant], read).optional()
            };
            let at =
                |edge: &Option<(u64, i64, String)>| edge.as_ref().map(|(_, at, _)| Timestamp::EPOCH.plus_millis(*at));
            // A file that is only read may be older.
            let has_history = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'history')";
            let has_history: bool = connection.query_row(has_history, [], |row| row.get(0))?;
            let (first, last) = (edge("ASC")?, edge("DESC")?);
            Ok(Census {
                decisions: number("SELECT count(*) FROM decision WHERE tenant = ?1")?,
                first: at(&first),
                last: at(&last),
                last_seq: last.as_ref().map_or(0, |(seq, ..)| *seq),
                plan: last.map(|(.., plan)| plan),
                waiting: number("SELECT count(*) FROM waiting WHERE tenant = ?1")?,
                history: if has_history { number("SELECT count(*) FROM history WHERE tenant = ?1")? } else { 0 },
            })
        })
    }
}
