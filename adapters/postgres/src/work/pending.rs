//! What is to be written at the end of the transaction.

use leadwright::model::{
    Account, Attempt, ContractId, Date, DeadLetter, DecisionId, Event, Fingerprint, LeadId, Outcome, PostingKind,
    SourceId, Waiting,
};
use leadwright::store::{Claim, ClosedStatement, Delivery, Entry, GroupTurns, ProblemGroup, Record, Reservation};
use std::collections::{BTreeMap, BTreeSet};

/// Leads, revenue, payout.
pub(super) type Sum = (i64, i64, i64);
pub(super) type RollupKey = (Date, u8, SourceId, Option<ContractId>, Outcome);
pub(super) type PostingKey = (Account, Date, PostingKind, Option<ContractId>, Option<SourceId>);

#[derive(Default)]
pub(super) struct Pending {
    pub(super) decisions: Vec<(u64, Record)>,
    pub(super) ids: BTreeMap<DecisionId, usize>,
    pub(super) keys: BTreeMap<(SourceId, String), usize>,
    pub(super) counters: BTreeMap<String, i64>,
    /// What is taken from leases, with the fence that was looked at.
    pub(super) taken: BTreeMap<String, (i64, i64)>,
    pub(super) moments: BTreeMap<(String, i64), i64>,
    pub(super) claims: Vec<Claim>,
    pub(super) turns: BTreeMap<String, GroupTurns>,
    pub(super) outbox: Vec<Delivery>,
    pub(super) outbox_keys: BTreeSet<String>,
    pub(super) events: Vec<(u64, Event)>,
    pub(super) rollups: BTreeMap<RollupKey, Sum>,
    pub(super) posted: BTreeMap<PostingKey, (i64, i64)>,
    pub(super) problems: BTreeMap<Fingerprint, ProblemGroup>,
    pub(super) reservations: BTreeMap<String, Reservation>,
    pub(super) settings: BTreeMap<String, (Option<String>, i64)>,
    /// Leads that leave the queue, and then those that are in it, in the order in which they came.
    pub(super) leaves: BTreeSet<(SourceId, LeadId)>,
    pub(super) enters: Vec<(u64, Waiting)>,
    pub(super) entries: Vec<(u64, Entry)>,
    pub(super) statements: Vec<ClosedStatement>,
    pub(super) deliveries: BTreeMap<u64, Delivery>,
    pub(super) attempts: BTreeMap<(u64, u32), Attempt>,
    pub(super) dead_letters: BTreeMap<(u64, u32), DeadLetter>,
    /// Whether the row of the clock has changed.
    pub(super) clock: bool,
}

impl Pending {
    pub(super) fn is_empty(&self) -> bool {
        // Whatever is written moves the clock, or one of these.
        !self.clock
            && self.settings.is_empty()
            && self.enters.is_empty()
            && self.leaves.is_empty()
            && self.reservations.is_empty()
            && self.counters.is_empty()
            && self.deliveries.is_empty()
            && self.dead_letters.is_empty()
    }
}

pub(super) fn plus(sum: &mut Sum, (leads, revenue, payout): Sum) {
    sum.0 = sum.0.saturating_add(leads);
    sum.1 = sum.1.saturating_add(revenue);
    sum.2 = sum.2.saturating_add(payout);
}
