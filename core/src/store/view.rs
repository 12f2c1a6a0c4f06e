//! What a decision may ask about the state.

use super::delivery::Deliveries;
use super::effects::{Claim, GroupTurns, Payload, Subscriber};
use super::ledger::{ClosedStatement, Entry, EntryQuery, PostingQuery, PostingSum};
use super::problems::GroupState;
use super::reservation::Reservation;
use super::wanted::Wanted;
use crate::model::{
    DecisionId, Error, Event, EventKind, Fingerprint, LeadId, Party, SourceId, SubscriberName, Timestamp, Waiting,
};
use std::collections::BTreeMap;

/// The first 128 bits of a SHA-256 over a dedupe value: the store holds no phone number and no email address.
pub type ClaimHash = [u8; 16];

/// A lead whose own claims do not count: one that is decided again is no duplicate of itself.
pub type But<'a> = Option<(&'a SourceId, &'a LeadId)>;

/// A decision that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub id: DecisionId,
    /// The payload that it decided.
    pub payload: Payload,
    /// When it was decided.
    pub at: Timestamp,
}

/// The state of one tenant, as one moment shows it.
pub trait View: Deliveries {
    /// Says what will probably be asked. No answer depends on it.
    ///
    /// # Errors
    /// `store.*`.
    fn expect(&self, _wanted: &Wanted) -> Result<(), Error> {
        Ok(())
    }

    /// How much of a cap's window is used; 0 when nothing is.
    ///
    /// # Errors
    /// `store.*`.
    fn counter(&self, key: &str) -> Result<i64, Error>;

    /// The same, for a cap of this limit. A store that has only a part of the cap, because other stores share it, answers the
    /// limit without its part, so that whoever asks sees exactly the room that may be taken here.
    ///
    /// # Errors
    /// `store.*`.
    fn counter_within(&self, key: &str, _limit: i64) -> Result<i64, Error> {
        self.counter(key)
    }

    /// The sum of what was added to this key after `after`; what was added exactly then is not in it (rule 12).
    ///
    /// # Errors
    /// `store.*`.
    fn since(&self, key: &str, after: Timestamp) -> Result<i64, Error>;

    /// The latest claim of this value in this scope, made after `after` (a claim made exactly then is not one: rule 66), and
    /// not by `but`.
    ///
    /// # Errors
    /// `store.*`.
    fn claim(&self, scope: &str, hash: &ClaimHash, after: Timestamp, but: But<'_>) -> Result<Option<Claim>, Error>;

    /// How many claims of this value there are in this scope, made after `after` and not by `but`; at `most` counting ends.
    ///
    /// # Errors
    /// `store.*`.
    fn claims(&self, scope: &str, hash: &ClaimHash, after: Timestamp, but: But<'_>, most: u32) -> Result<u32, Error>;

    /// Whose turn it is in a group; empty when it has never sold.
    ///
    /// # Errors
    /// `store.*`.
    fn turns(&self, group: &str) -> Result<GroupTurns, Error>;

    /// What was last set under this name.
    ///
    /// # Errors
    /// `store.*`.
    fn setting(&self, key: &str) -> Result<Option<String>, Error>;

    /// All that is set under names that begin so, in the order of the names.
    ///
    /// # Errors
    /// `store.*`.
    fn settings(&self, begin: &str) -> Result<BTreeMap<String, String>, Error>;

    /// The time of the latest decision or change: the clock of the store never goes back.
    ///
    /// # Errors
    /// `store.*`.
    fn last_decided_at(&self) -> Result<Option<Timestamp>, Error>;

    /// The latest decision about a lead.
    ///
    /// # Errors
    /// `store.*`.
    fn decided(&self, source: &SourceId, lead: &LeadId) -> Result<Option<Known>, Error>;

    /// The decision that this idempotency key led to.
    ///
    /// # Errors
    /// `store.*`.
    fn by_idempotency_key(&self, source: &SourceId, key: &str) -> Result<Option<Known>, Error>;

    /// The latest decision about this very payload, made after `after`.
    ///
    /// # Errors
    /// `store.*`.
    fn by_payload(&self, source: &SourceId, payload: &Payload, after: Timestamp) -> Result<Option<Known>, Error>;

    /// Where a lead stands in the queue, if it waits.
    ///
    /// # Errors
    /// `store.*`.
    fn waiting(&self, source: &SourceId, lead: &LeadId) -> Result<Option<Waiting>, Error>;

    /// A reservation, whatever became of it.
    ///
    /// # Errors
    /// `store.*`.
    fn reservation(&self, key: &str) -> Result<Option<Reservation>, Error>;

    /// Up to `limit` reservations that are held and whose time is over then, in the order of that time and their keys.
    ///
    /// # Errors
    /// `store.*`.
    fn held_until(&self, at: Timestamp, limit: usize) -> Result<Vec<Reservation>, Error>;

    /// What is known of a problem, also of what this transaction has met; none of one that nobody has.
    ///
    /// # Errors
    /// `store.*`.
    fn problem(&self, fingerprint: &Fingerprint) -> Result<Option<GroupState>, Error>;

    /// What was posted in the money ledger, summed over the days, by account, kind, contract and source. What decisions of
    /// this transaction post may be missing from it.
    ///
    /// # Errors
    /// `store.*`.
    fn postings(&self, query: &PostingQuery) -> Result<Vec<PostingSum>, Error>;

    /// What operations posted, in the order in which they did.
    ///
    /// # Errors
    /// `store.*`.
    fn entries(&self, query: &EntryQuery) -> Result<Vec<Entry>, Error>;

    /// The closed statements of a party, or of all, in the order of parties and then of periods.
    ///
    /// # Errors
    /// `store.*`.
    fn statements(&self, party: Option<&Party>) -> Result<Vec<ClosedStatement>, Error>;

    /// The decision's body, as it was answered.
    ///
    /// # Errors
    /// `store.*`.
    fn body(&self, id: &DecisionId) -> Result<Option<(u64, Vec<u8>)>, Error>;

    /// Up to `limit` events of these kinds after the position `after`; no kinds are all.
    ///
    /// # Errors
    /// `store.*`.
    fn events(&self, kinds: &[EventKind], after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error>;

    /// How many events of these kinds there are after a position.
    ///
    /// # Errors
    /// `store.*`.
    fn count_events(&self, kinds: &[EventKind], after: u64) -> Result<u64, Error>;

    /// A position that no event of this state is after, and that every later one is after; 0 before the first.
    ///
    /// # Errors
    /// `store.*`.
    fn last_event(&self) -> Result<u64, Error>;

    /// A subscriber, also one that was dropped.
    ///
    /// # Errors
    /// `store.*`.
    fn subscriber(&self, name: &SubscriberName) -> Result<Option<Subscriber>, Error>;

    /// All of them, in the order of their names.
    ///
    /// # Errors
    /// `store.*`.
    fn subscribers(&self) -> Result<Vec<Subscriber>, Error>;
}
