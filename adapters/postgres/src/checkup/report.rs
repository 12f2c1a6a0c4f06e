//! What was found.

use leadwright::model::Timestamp;
use serde::Serialize;

/// Where a database stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checkup {
    /// What the server is, and what it promises.
    pub promises: Promises,
    /// Its connections.
    pub connections: Connections,
    /// Who waits for whom.
    pub waits: Waits,
    /// What streams from it.
    pub replicas: Vec<Replica>,
    /// What it keeps its log for.
    pub slots: Vec<Slot>,
    /// Bytes of the database.
    pub bytes: u64,
    /// Our tables, the largest first; partitions are counted to theirs.
    pub tables: Vec<Churn>,
    /// Tables in partitions, and how far ahead they are made.
    pub partitions: Vec<Times>,
    /// Caps that several stores share, those that are asked for most first.
    pub leases: Vec<Shared>,
    /// What the tenant has.
    pub tenant: Standing,
    /// Schemas that a [`Scratch`](super::Scratch) left which was killed.
    pub left: Vec<String>,
    /// What could not be seen, and why.
    pub unseen: Vec<String>,
}

/// What the server is, and what its answers are worth: settings as the server names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Promises {
    /// `15.14 (Debian …)`.
    pub version: String,
    /// `150014`.
    pub version_number: u64,
    /// Whether it is a replica.
    pub is_replica: bool,
    /// Off: a crash of the machine may lose or damage everything.
    pub fsync: String,
    /// Off: a crash may lose the last answers.
    pub synchronous_commit: String,
    /// Off: a page that was torn by a crash stays so.
    pub full_page_writes: String,
    /// Off: what is dead is never cleared away.
    pub autovacuum: String,
    /// Locks that each connection may have on average.
    pub locks_each: u64,
    /// Transactions since the oldest row was frozen; at two thousand million it stops.
    pub unfrozen: u64,
}

/// Connections to the server, whoever has them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Connections {
    /// How many there are.
    pub used: u64,
    /// How many there may be, without those that are for operations.
    pub most: u64,
    /// For how many seconds the oldest transaction has looked at what it began with: what was changed since is not cleared away.
    pub oldest_seconds: u64,
}

/// Sessions of this database that waited for a lock of somebody else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Waits {
    /// How often it was looked.
    pub looks: u64,
    /// How many waited in all of these together.
    pub sum: u64,
    /// And in the worst of them.
    pub most: u64,
    /// Circles that the server broke since its statistics began.
    pub deadlocks: u64,
}

/// A replica that streams.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Replica {
    /// As it calls itself.
    pub name: String,
    /// `streaming`, `catchup`, …
    pub state: String,
    /// `async`, `sync`, `quorum`, …
    pub sync: String,
    /// How many bytes of the log it has not applied.
    pub behind_bytes: u64,
    /// How long it was until the last were, in milliseconds.
    pub behind_millis: u64,
}

/// A replication slot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// Its name.
    pub name: String,
    /// Whether somebody reads it now.
    pub is_active: bool,
    /// How many bytes of the log are kept for it.
    pub bytes: u64,
}

/// A table, and what of it is dead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Churn {
    /// Its name.
    pub name: String,
    /// Bytes with its indexes.
    pub bytes: u64,
    /// Rows, as the server estimates them.
    pub rows: u64,
    /// Rows that are dead and not cleared away.
    pub dead: u64,
    /// When it was cleared away last by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vacuumed: Option<Timestamp>,
}

/// The partitions of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Times {
    /// The table.
    pub table: &'static str,
    /// How many partitions it has beside the DEFAULT one.
    pub count: u64,
    /// For how many milliseconds from now on they are made.
    pub ahead_millis: i64,
    /// Rows in the DEFAULT one that a partition of their time should have, up to 100,000; none where that may not be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub astray: Option<u64>,
}

/// A cap that several stores share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shared {
    /// Under which account.
    pub account: String,
    /// Its counter.
    pub key: String,
    /// The limit.
    pub most: i64,
    /// What was used by leases that are settled.
    pub used: i64,
    /// What is out in leases.
    pub leased: i64,
    /// How many have a part now.
    pub holders: u64,
    /// Of these, whose time was over a minute ago and more.
    pub late: u64,
    /// How many leases there were.
    pub leases: u64,
}

/// What a tenant has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// How many decisions were made, with those that are gone.
    pub decisions: u64,
    /// When the last was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// The plan that decided it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// How many leads wait to be decided again.
    pub waiting: u64,
}
