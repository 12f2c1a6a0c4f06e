//! How large the file is, and what takes the room.

use crate::model::Error;
use crate::store::SqliteStore;
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a file takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Bytes of the file without its write-ahead log.
    pub bytes: u64,
    /// Bytes of pages that nothing lies on; `vacuum` gives them back.
    pub free: u64,
    /// Bytes of the write-ahead log.
    pub wal: u64,
    /// How many decisions there are.
    pub decisions: u64,
    /// Of how many of them the lead was erased.
    pub erased: u64,
    /// Bytes of the file without free pages, shared out among the decisions, rounded down; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes_per_decision: Option<u64>,
    /// Each table, the largest first.
    pub tables: Vec<TableSize>,
}

/// What a table takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TableSize {
    /// Its name.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// Bytes of its pages, those of its indexes too.
    pub bytes: u64,
}

impl SqliteStore {
    /// How large the file is, by table. It reads all of it.
    ///
    /// ```
    /// # let folder = std::env::temp_dir().join(format!("leadwright-size-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// use leadwright::store::SqliteStore;
    /// let store = SqliteStore::open(folder.join("leads.db"))?;
    /// let size = store.size()?;
    /// assert_eq!(size.bytes - size.free, size.tables.iter().map(|table| table.bytes).sum::<u64>());
    /// # drop(store);
    /// # std::fs::remove_dir_all(folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `store.*`.
    pub fn size(&self) -> Result<Size, Error> {
        let mut wal = self.path().as_os_str().to_owned();
        wal.push("-wal");
        let wal = std::fs::metadata(wal).map_or(0, |file| file.len());
        self.ask(|connection| {
            let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, u64>(0));
            let page = number("PRAGMA page_size")?;
            let bytes = number("PRAGMA page_count")?.saturating_mul(page);
            let free = number("PRAGMA freelist_count")?.saturating_mul(page);
            let decisions = number("SELECT count(*) FROM decision")?;
            Ok(Size {
                bytes,
                free,
                wal,
                decisions,
                erased: number("SELECT count(*) FROM decision WHERE inner IS NOT NULL")?,
                bytes_per_decision: bytes.saturating_sub(free).checked_div(decisions),
                tables: tables(connection)?,
            })
        })
    }
}

/// An index is its table's; what SQLite keeps for itself is a table of that name.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<TableSize>> {
    let sql = "SELECT coalesce(m.tbl_name, s.name), sum(s.pgsize) FROM dbstat('main', 1) s \
               LEFT JOIN sqlite_master m ON m.name = s.name GROUP BY 1";
    let mut statement = connection.prepare(sql)?;
    let sizes = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let sizes: BTreeMap<String, u64> = sizes.collect::<Result<_, _>>()?;
    let size = |(name, bytes): (String, u64)| {
        let sql = format!("SELECT count(*) FROM \"{name}\"");
        let rows = connection.query_row(&sql, [], |row| row.get(0))?;
        Ok(TableSize { name, rows, bytes })
    };
    let mut tables = sizes.into_iter().map(size).collect::<rusqlite::Result<Vec<_>>>()?;
    tables.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
    Ok(tables)
}
