//! Where decisions are kept: the trait [`Store`], and what goes in and comes out as plain data.
//!
//! A store decides nothing. [`View`] answers what `settle` asks; [`Effects`] says what a decision changes. Everything
//! of one decision is written in one transaction, or nothing of it.

mod delivery;
mod effects;
mod gate;
mod ledger;
mod memory;
mod problems;
mod reservation;
#[cfg(feature = "sqlite")]
mod sqlite;
mod subscriber;
mod sums;
#[cfg(any(test, feature = "testkit"))]
pub mod testkit;
mod view;
mod wanted;

pub use delivery::{Deliveries, Delivery};
pub use effects::{
    Begin, Change, Claim, CounterAdd, Effects, Erasure, GroupTurns, Inner, LeadIn, MomentAdd, OutboxEntry, Payload,
    Record, RollupAdd, Setting, Subscriber, SubscriberLag, Turn, TurnRow,
};
pub(crate) use effects::{NO_CANONICAL, NO_CORRECTIONS};
pub use ledger::{ClosedStatement, Entry, EntryQuery, EntrySale, Posting, PostingQuery, PostingSum};
pub use memory::MemoryStore;
pub use problems::{GroupSaid, GroupState, MOST_GROUPS, ProblemGroup};
pub use reservation::{Reservation, Took};
#[cfg(feature = "sqlite")]
pub(crate) use sqlite::{
    Audit, Connected, Form, Horizon, PRUNED, Process, Reach, at_commit, begin, checkpoint, damaged, fault,
};
#[cfg(feature = "sqlite")]
pub use sqlite::{Finding, FindingKind, Keys, Pruned, Size, SqliteOptions, SqliteStore, TableSize};
pub(crate) use subscriber::held;
pub use subscriber::{ack, join, leave, seek, subscribers};
pub use sums::{Sums, SumsBy, SumsQuery};
pub use view::{But, ClaimHash, Known, View};
pub use wanted::Wanted;

use crate::model::{DecisionId, Durability, Error, Event, LeadId, SourceId, TenantId, Timestamp, Waiting};

/// A recorded decision, with everything that a replay needs.
#[derive(Clone, PartialEq, Eq)]
pub struct Stored {
    /// Position in the log, counted from 1 over all tenants.
    pub seq: u64,
    /// What was written; once the lead was erased, what is left of it.
    pub record: Record,
    /// Once the lead was erased: the hash that stands for it in the digest.
    pub inner: Option<Inner>,
}

/// One write transaction: a view of the state that no other writer can change, and the way to change it.
pub trait Transaction: View {
    /// Writes everything of one decision; later reads of this transaction see it. Returns the position in the log.
    ///
    /// # Errors
    /// `store.*`; the whole transaction is then to be given up.
    fn apply(&mut self, effects: &Effects) -> Result<u64, Error>;

    /// Writes a change that no lead made; later reads of this transaction see it.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    fn change(&mut self, change: &Change) -> Result<(), Error>;

    /// Erases the lead of a decision: its input and reads are emptied, and its body becomes what is left of it. Later
    /// reads of this transaction see that. A decision that is not there is none to erase.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    fn erase(&mut self, erasure: &Erasure) -> Result<(), Error>;

    /// Writes where a subscriber is; later reads of this transaction see it. What that may be, `join`, `ack`, `seek` and
    /// `leave` know.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    fn put_subscriber(&mut self, subscriber: &Subscriber) -> Result<(), Error>;

    /// Lets a lead that waits wait on in its place: another time, another reason, another count.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    fn wait_on(&mut self, waiting: &Waiting) -> Result<(), Error>;
}

/// Keeps decisions, counters, claims, turns and the outbox. Safe to share between threads.
pub trait Store: Send + Sync {
    /// Runs `work` once in a write transaction. Commits when it returns `Ok`, before this call returns; otherwise
    /// nothing has happened.
    ///
    /// # Errors
    /// What `work` returned, or `store.busy`, `store.full`, `store.io` and the like: nothing has happened.
    /// `store.commit_unknown`: it may have happened or not, and what is read from then on says which.
    fn write(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error>;

    /// Runs `work` once on one unchanging state, and writes nothing.
    ///
    /// # Errors
    /// What `work` returned, or `store.*`.
    fn read(&self, tenant: &TenantId, work: &mut dyn FnMut(&dyn View) -> Result<(), Error>) -> Result<(), Error>;

    /// One decision.
    ///
    /// # Errors
    /// `store.*`.
    fn decision(&self, tenant: &TenantId, id: &DecisionId) -> Result<Option<Stored>, Error>;

    /// The ids of all decisions about leads of this name, from every source, oldest first.
    ///
    /// # Errors
    /// `store.*`.
    fn find(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<DecisionId>, Error>;

    /// Up to `limit` decisions after the position `after`, in the order of the log.
    ///
    /// # Errors
    /// `store.*`.
    fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error>;

    /// Keeps the bundle of a plan under its hash; keeping it again is nothing.
    ///
    /// # Errors
    /// `store.*`.
    fn put_plan(&self, hash: &str, bundle: &str) -> Result<(), Error>;

    /// The bundle of a plan.
    ///
    /// # Errors
    /// `store.*`.
    fn plan(&self, hash: &str) -> Result<Option<String>, Error>;

    /// Up to `limit` assignments after the position `after` that are still to be delivered: neither done nor given up.
    ///
    /// # Errors
    /// `store.*`.
    fn outbox(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, OutboxEntry)>, Error>;

    /// Up to `limit` events after the position `after`.
    ///
    /// # Errors
    /// `store.*`.
    fn events(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error>;

    /// Up to `limit` leads that wait, after the position `after`, in the order in which they came into the queue; with
    /// `due` only those that are to be looked at by then.
    ///
    /// # Errors
    /// `store.*`.
    fn queue(
        &self,
        tenant: &TenantId,
        due: Option<Timestamp>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Waiting)>, Error>;

    /// The sums for reports, by (date, slot, source, contract, outcome).
    ///
    /// # Errors
    /// `store.*`.
    fn rollups(&self, tenant: &TenantId) -> Result<Vec<RollupAdd>, Error>;

    /// The error ledger, by fingerprint.
    ///
    /// # Errors
    /// `store.*`.
    fn problems(&self, tenant: &TenantId) -> Result<Vec<ProblemGroup>, Error>;

    /// A report, its rows in the order of their columns.
    ///
    /// # Errors
    /// `store.*`.
    fn sums(&self, tenant: &TenantId, query: &SumsQuery) -> Result<Vec<Sums>, Error> {
        Ok(query.over(&self.rollups(tenant)?))
    }

    /// Of how many decisions of a tenant the lead was erased.
    ///
    /// # Errors
    /// `store.*`.
    fn erased(&self, tenant: &TenantId) -> Result<u64, Error> {
        let (mut after, mut count) = (0, 0);
        loop {
            let page = self.decisions(tenant, after, 1_000)?;
            let Some(last) = page.last() else { return Ok(count) };
            after = last.seq;
            count += page.iter().fold(0, |count, stored| count + u64::from(stored.inner.is_some()));
        }
    }

    /// Whether it is worth to tell a transaction ahead what will be asked ([`View::expect`]): for a store that is far away.
    fn fetches_ahead(&self) -> bool {
        false
    }

    /// Before a `fork`: lets go of what two processes cannot share, and lets everybody wait who wants to use it, until
    /// [`wake`](Self::wake). A store that has nothing of the kind does nothing.
    fn rest(&self) {}

    /// After the `fork`, in the parent. The child needs nothing: it opens its own when it first asks.
    fn wake(&self) {}

    /// How safe an acknowledged decision is here.
    fn durability(&self) -> Durability;
}

/// The decision asked for by source and lead, the latest one.
///
/// # Errors
/// `store.*`.
pub fn latest(store: &dyn Store, tenant: &TenantId, source: &SourceId, lead: &LeadId) -> Result<Option<Stored>, Error> {
    let mut found = None;
    store.read(tenant, &mut |view| {
        found = view.decided(source, lead)?;
        Ok(())
    })?;
    match found {
        Some(known) => store.decision(tenant, &known.id),
        None => Ok(None),
    }
}
