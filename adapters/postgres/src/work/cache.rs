//! What is known of the tenant in this transaction, with what the transaction has changed itself.

use crate::leases::Held;
use leadwright::model::{DecisionId, Fingerprint, LeadId, SourceId, Timestamp};
use leadwright::store::{Claim, ClaimHash, GroupTurns, Known, Payload, ProblemGroup};
use std::collections::{BTreeMap, BTreeSet};

/// So many claims of one value are kept; of a value that comes more often the server is asked.
pub(super) const MOST_CLAIMS: i64 = 1_100;

/// So far behind the time that was asked for moments are kept one by one, in milliseconds.
pub(super) const NEAR: i64 = 60_000;

#[derive(Default)]
pub(super) struct Cache {
    /// The row of the clock, where the transaction has it.
    pub(super) clock: Option<Clock>,
    pub(super) counters: BTreeMap<String, i64>,
    /// What there is still of leased caps.
    pub(super) held: BTreeMap<String, Held>,
    /// From which of them this transaction has taken, and written that.
    pub(super) took: BTreeSet<String>,
    /// Whether this transaction may write.
    pub(super) is_writer: bool,
    pub(super) moments: BTreeMap<String, Moments>,
    pub(super) claims: BTreeMap<(String, ClaimHash), Claims>,
    /// Claims of this transaction, by (scope, hash).
    pub(super) claimed: BTreeMap<(String, ClaimHash), Vec<Claim>>,
    pub(super) turns: BTreeMap<String, GroupTurns>,
    pub(super) decided: BTreeMap<(SourceId, LeadId), Option<Known>>,
    pub(super) keys: BTreeMap<(SourceId, String), Option<Known>>,
    pub(super) payloads: BTreeMap<(SourceId, Payload), Payloads>,
    pub(super) settings: BTreeMap<String, Option<String>>,
    /// Whether all settings are in it that are not about a person.
    pub(super) has_settings: bool,
    /// When the first reservation that is held is over; unknown until it was asked.
    pub(super) first_held: Option<Option<Timestamp>>,
    pub(super) problems: BTreeMap<Fingerprint, Option<ProblemGroup>>,
    /// How many rows of problems there are, once that was asked.
    pub(super) problem_rows: Option<u64>,
    pub(super) bodies: BTreeMap<DecisionId, Option<(u64, Vec<u8>)>>,
}

/// The clock of the tenant, and what it counts up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Clock {
    pub(super) last_decided_at: Option<Timestamp>,
    pub(super) seq: u64,
    pub(super) position: u64,
    pub(super) outbox: u64,
    pub(super) waiting: u64,
    pub(super) entry: u64,
}

impl Clock {
    pub(super) fn note(&mut self, at: Timestamp) {
        self.last_decided_at = Some(self.last_decided_at.map_or(at, |last| last.max(at)));
    }
}

/// What was counted of a key after a time.
#[derive(Default)]
pub(super) struct Moments {
    /// Since when it is known.
    pub(super) after: i64,
    /// All of it, later than [`NEAR`] behind that.
    pub(super) far: i64,
    /// The moments before that.
    pub(super) near: BTreeMap<i64, i64>,
    /// What this transaction adds.
    pub(super) own: BTreeMap<i64, i64>,
}

impl Moments {
    /// The sum after a time, where that is known.
    pub(super) fn since(&self, after: i64) -> Option<i64> {
        if after < self.after || after > self.after.saturating_add(NEAR) {
            return None;
        }
        let later = |all: &BTreeMap<i64, i64>| {
            all.range(after.saturating_add(1)..).fold(0_i64, |sum, (_, much)| sum.saturating_add(*much))
        };
        Some(self.far.saturating_add(later(&self.near)).saturating_add(later(&self.own)))
    }
}

/// The claims of a value after a time, the latest first.
pub(super) struct Claims {
    pub(super) after: Timestamp,
    pub(super) found: Vec<(Timestamp, DecisionId)>,
    /// Whether there may be more of them.
    pub(super) cut: bool,
}

/// The latest decision about a payload after a time.
pub(super) struct Payloads {
    pub(super) after: Timestamp,
    pub(super) latest: Option<Known>,
}
