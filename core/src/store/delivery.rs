//! What becomes of the rows of the outbox.

use super::effects::OutboxEntry;
use crate::model::{Attempt, Backlog, BuyerId, DeadLetter, DeliveryState, Error, Timestamp};

/// A row of the outbox, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its place in the outbox.
    pub position: u64,
    /// What is to be delivered; `due_at` is when it may be claimed next.
    pub entry: OutboxEntry,
    /// Where it stands.
    pub state: DeliveryState,
    /// When it was sold, or redriven: its age is counted from there.
    pub since: Timestamp,
    /// It grows with every claim: whoever reports names the one that it has.
    pub fence: u64,
    /// How many attempts there are.
    pub attempts: u32,
    /// Who claimed it last.
    pub worker: Option<String>,
    /// Until when it is claimed, or kept where nobody knows how it ended; none where it is kept for good.
    pub until: Option<Timestamp>,
}

impl Delivery {
    /// One that nobody has claimed yet.
    pub fn new(position: u64, entry: OutboxEntry) -> Self {
        let since = entry.due_at;
        Self { position, entry, state: DeliveryState::Ready, since, fence: 0, attempts: 0, worker: None, until: None }
    }
}

/// What is known of the deliveries of one tenant.
pub trait Deliveries {
    /// One by its key.
    ///
    /// # Errors
    /// `store.*`.
    fn delivery(&self, key: &str) -> Result<Option<Delivery>, Error>;

    /// The next buyer, in the order of their names, for whom something is ready or will be, and when its first is due.
    ///
    /// # Errors
    /// `store.*`.
    fn next_due(&self, after: Option<&BuyerId>) -> Result<Option<(BuyerId, Timestamp)>, Error>;

    /// Up to `limit` deliveries to a buyer that are ready and due by then, those first that are due first.
    ///
    /// # Errors
    /// `store.*`.
    fn due(&self, buyer: &BuyerId, by: Timestamp, limit: usize) -> Result<Vec<Delivery>, Error>;

    /// Up to `limit` deliveries whose claim is over then, or the time for which one of unknown outcome is kept, in the order of
    /// that time.
    ///
    /// # Errors
    /// `store.*`.
    fn claims_over(&self, at: Timestamp, limit: usize) -> Result<Vec<Delivery>, Error>;

    /// Up to `limit` deliveries in this state after the position `after`; without a state all that are not done.
    ///
    /// # Errors
    /// `store.*`.
    fn deliveries(&self, state: Option<DeliveryState>, after: u64, limit: usize) -> Result<Vec<Delivery>, Error>;

    /// The attempts of a delivery, in their order.
    ///
    /// # Errors
    /// `store.*`.
    fn attempts(&self, delivery: u64) -> Result<Vec<Attempt>, Error>;

    /// The dead letters of a delivery, in their order.
    ///
    /// # Errors
    /// `store.*`.
    fn dead_letters(&self, delivery: u64) -> Result<Vec<DeadLetter>, Error>;

    /// How much is not done, by buyer and state.
    ///
    /// # Errors
    /// `store.*`.
    fn backlog(&self) -> Result<Vec<Backlog>, Error>;
}
