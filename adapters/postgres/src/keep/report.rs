//! What the keeper did.

use leadwright::model::Timestamp;
use serde::Serialize;

/// What was done, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// Whether nothing was done because another node does it now.
    pub by_another: bool,
    /// Whether it only says what would be done. Rows that partitions still hold are not counted then.
    pub dry_run: bool,
    /// What is older goes; none where all is kept.
    pub before: Option<Timestamp>,
    /// Partitions that were made.
    pub made: Vec<Made>,
    /// Partitions that are gone.
    pub dropped: Vec<Dropped>,
    /// Partitions that would be gone, or made, and could not.
    pub held: Vec<Held>,
    /// Decisions that are gone, with their ids.
    pub decisions: u64,
    /// Idempotency keys of these.
    pub request_keys: u64,
    /// Decisions, events and attempts that are older and still needed: they lie in the DEFAULT partition now.
    pub needed: u64,
    /// Rows that went from DEFAULT partitions.
    pub rest: u64,
    /// What was delivered and is gone from the outbox, with its dead letters.
    pub outbox: u64,
    /// Reservations of other systems that were done.
    pub reservations: u64,
    /// What rolling caps counted.
    pub moments: u64,
    /// Counters of windows that are over.
    pub counters: u64,
    /// The alarm: rows in DEFAULT partitions that a partition of their time should have.
    pub astray: Vec<Astray>,
}

/// A partition that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Made {
    /// Its name.
    pub partition: String,
    /// Rows that lay in the DEFAULT partition before.
    pub rows: u64,
}

/// A partition that is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Dropped {
    /// Its name.
    pub partition: String,
    /// The room that it gave back, with its indexes.
    pub bytes: u64,
}

/// A partition that nothing was done to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Its name.
    pub partition: String,
    /// `unread`: a subscriber has not read its events. `locked`: somebody uses the table for so long that writers would
    /// have had to wait; the others of the table were not tried.
    pub why: &'static str,
}

/// Rows that lie in a DEFAULT partition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Astray {
    /// The table.
    pub table: &'static str,
    /// How many rows.
    pub rows: u64,
}
