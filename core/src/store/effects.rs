//! What a decision changes, as data.

use super::delivery::Delivery;
use super::ledger::{ClosedStatement, Entry, Posting};
use super::problems::GroupSaid;
use super::reservation::Reservation;
use super::view::ClaimHash;
use crate::model::{
    Attempt, BuyerId, ContractId, Date, DeadLetter, DecisionId, Event, EventKind, Money, Outcome, Seed, SourceId,
    SubscriberName, TenantId, Timestamp, Waiting,
};
use crate::report::Group;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// SHA-256 over a raw lead without its id, time of receipt and idempotency key.
pub type Payload = [u8; 32];

/// SHA-256 over the members of a decision with personal data: what stands for them in its digest.
pub type Inner = [u8; 32];

/// The row of a decision: immutable once written, but that its lead can be erased.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// `<source>/<lead>.<n>`.
    pub id: DecisionId,
    /// Whose.
    pub tenant: TenantId,
    /// The time of the decision.
    pub at: Timestamp,
    /// The time that the caller gave; earlier than `at` when its clock went back.
    pub requested_at: Timestamp,
    /// The seed.
    pub seed: Seed,
    /// The hash of the plan.
    pub plan: String,
    /// What became of the lead.
    pub outcome: Outcome,
    /// The caller's key, if it gave one.
    pub idempotency_key: Option<String>,
    /// What was decided.
    pub payload: Payload,
    /// The bytes as received, but for the digits of Social Security numbers. Personal data.
    pub input: Vec<u8>,
    /// What `settle` read of the state, as canonical JSON.
    pub reads: String,
    /// The decision, as answered. Personal data.
    pub body: Vec<u8>,
    /// The decision's digest, 64 hex digits; it verifies also when the body is gone.
    pub digest: String,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Record({} {} {})", self.id, self.outcome.as_str(), self.digest)
    }
}

impl std::fmt::Debug for super::Stored {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stored({} {:?})", self.seq, self.record)
    }
}

/// What stands for the canonical lead in a body without one.
pub(crate) const NO_CANONICAL: &str = "{}";
/// What stands for the corrections.
pub(crate) const NO_CORRECTIONS: &str = "[]";

/// Where the lead stands in the body of a decision, in bytes: a store that keeps leads apart from what is decided about them
/// cuts there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeadIn {
    /// The canonical lead, a JSON object.
    pub canonical: Range<usize>,
    /// The corrections, a JSON list behind it.
    pub corrections: Range<usize>,
    /// The hash that stands for both in the digest.
    pub inner: Inner,
}

/// A sum on a counter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CounterAdd {
    /// Owner, window, measure and what is counted.
    pub key: String,
    /// How much more.
    pub add: i64,
}

/// A sum at a moment: what rolling caps count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MomentAdd {
    /// Owner, window, measure and what is counted.
    pub key: String,
    /// When.
    pub at: Timestamp,
    /// How much more.
    pub add: i64,
}

/// Somebody's phone, email or address was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What the claim is about: `vertical:roofing|sold|phone`.
    pub scope: String,
    /// The value's hash.
    #[serde(with = "hex16")]
    pub hash: ClaimHash,
    /// When.
    pub at: Timestamp,
    /// By which decision.
    pub by: DecisionId,
}

/// Where one contract stands in its group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// How many leads it got here.
    pub served: u64,
    /// The group's lead number of the last one; 0 for none.
    pub last: u64,
    /// Its credit, where shares are weighted.
    pub credit: i64,
    /// What it missed while it was closed, where it may make up for that.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub owed: i64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// Where all contracts of a group stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupTurns {
    /// How many leads the group has placed.
    pub n: u64,
    /// The weights it has kept to since its first lead while all members were eligible; empty once that ended.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub steady: String,
    /// By contract.
    pub members: BTreeMap<ContractId, Turn>,
}

/// The new state of a group: its number of leads, and the members that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnRow {
    /// `route/group`.
    pub group: String,
    /// All of it, after this decision.
    pub after: GroupTurns,
}

/// An assignment to be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxEntry {
    /// The delivery key: 64 hex digits, unique.
    pub key: String,
    /// Of which decision.
    pub decision: DecisionId,
    /// To whom.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// What the buyer pays.
    pub price: Money,
    /// Not before.
    pub due_at: Timestamp,
}

/// A sum for reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RollupAdd {
    /// The civil date in the plan's zone.
    pub date: Date,
    /// Which quarter of an hour of it: 0 to 95.
    pub slot: u8,
    /// The source.
    pub source: SourceId,
    /// The contract; none for the lead itself.
    pub contract: Option<ContractId>,
    /// What became of the lead.
    pub outcome: Outcome,
    /// How many.
    pub leads: i64,
    /// What buyers pay.
    pub revenue: Money,
    /// What the source gets.
    pub payout: Money,
}

/// Everything that one decision changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effects {
    /// The decision itself.
    pub record: Record,
    /// Where its lead stands in its body.
    pub lead: LeadIn,
    /// Sums on counters.
    pub counters: Vec<CounterAdd>,
    /// Sums at moments.
    pub moments: Vec<MomentAdd>,
    /// Dedupe values used.
    pub claims: Vec<Claim>,
    /// Turns taken.
    pub turns: Vec<TurnRow>,
    /// What is to be delivered.
    pub outbox: Vec<OutboxEntry>,
    /// What happened.
    pub events: Vec<Event>,
    /// Sums for reports.
    pub rollups: Vec<RollupAdd>,
    /// What is posted in the money ledger.
    pub postings: Vec<Posting>,
    /// What was wrong, for the error ledger.
    pub problems: Vec<Group<Timestamp>>,
    /// Reservations that its sales had made before.
    pub reservations: Vec<Reservation>,
    /// Whether the lead had waited, and does not any longer.
    pub ends_wait: bool,
    /// What it waits for now.
    pub waiting: Option<Waiting>,
}

/// A value that holds until it is changed, under a name: what operations say, and who took a consent back.
#[derive(Clone, PartialEq, Eq)]
pub struct Setting {
    /// `overrides`, `revoked|phone|…`.
    pub key: String,
    /// JSON; none takes it away.
    pub value: Option<String>,
}

impl std::fmt::Debug for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Setting({})", self.key)
    }
}

/// A change of the state that no lead made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// Sums on counters.
    pub counters: Vec<CounterAdd>,
    /// Sums at moments.
    pub moments: Vec<MomentAdd>,
    /// Reservations as they are now.
    pub reservations: Vec<Reservation>,
    /// What holds from now on.
    pub settings: Vec<Setting>,
    /// Groups in which a turn was given back.
    pub turns: Vec<TurnRow>,
    /// Claims that are taken back: of these values nobody is a duplicate any more, as far as these go.
    pub unclaimed: Vec<Claim>,
    /// Sums for reports.
    pub rollups: Vec<RollupAdd>,
    /// What was said about problems.
    pub problems: Vec<GroupSaid>,
    /// What is posted in the money ledger.
    pub entries: Vec<Entry>,
    /// A statement that is closed.
    pub statement: Option<ClosedStatement>,
    /// Rows of the outbox as they are now.
    pub deliveries: Vec<Delivery>,
    /// Attempts that begin, and attempts that end.
    pub attempts: Vec<Attempt>,
    /// What was given up, and what is no longer.
    pub dead_letters: Vec<DeadLetter>,
    /// What happened.
    pub events: Vec<Event>,
}

/// The lead of a decision is erased.
#[derive(Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Which decision.
    pub id: DecisionId,
    /// When it was decided.
    pub at: Timestamp,
    /// The decision without its lead.
    pub body: Vec<u8>,
    /// The hash that stands for the lead.
    pub inner: Inner,
    /// Whether the person is to be forgotten: then what could lead to them goes too, the caller's idempotency key and the
    /// hashes to dedupe by, and nothing of it is delivered any more.
    pub forget: bool,
    /// The delivery keys of its assignments.
    pub deliveries: Vec<String>,
}

impl std::fmt::Debug for Erasure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Erasure({})", self.id)
    }
}

/// Somebody who reads the events, as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscriber {
    /// Under which name.
    pub name: SubscriberName,
    /// Which kinds; none for all.
    pub kinds: Vec<EventKind>,
    /// The last event that was worked off; 0 before the first. None for one that was dropped.
    pub position: Option<u64>,
    /// Who reads under the name: it grows with everybody who does, and only the last one may move the cursor.
    pub fence: u64,
    /// What the clock of the store was when the cursor was moved last.
    pub updated_at: Option<Timestamp>,
}

/// Somebody who reads the events, and how far it is behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SubscriberLag {
    /// Under which name.
    pub name: SubscriberName,
    /// Which types of events; none for all.
    pub types: Vec<EventKind>,
    /// The last event that was worked off; 0 before the first.
    pub position: u64,
    /// How many events of these types came after it.
    pub behind: u64,
    /// What the clock of the store was when the cursor was moved last; absent before the first decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

/// Where somebody new begins to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Begin {
    /// At the first event that the store has.
    #[default]
    Start,
    /// At the next event that comes.
    Now,
    /// At the event of this position.
    At(u64),
}

impl Change {
    /// A change at this time, so far of nothing.
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            counters: Vec::new(),
            moments: Vec::new(),
            reservations: Vec::new(),
            settings: Vec::new(),
            turns: Vec::new(),
            unclaimed: Vec::new(),
            rollups: Vec::new(),
            problems: Vec::new(),
            entries: Vec::new(),
            statement: None,
            deliveries: Vec::new(),
            attempts: Vec::new(),
            dead_letters: Vec::new(),
            events: Vec::new(),
        }
    }
}

/// 16 bytes as 32 hex digits.
mod hex16 {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(hash: &[u8; 16], out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&format_args!("{:032x}", u128::from_be_bytes(*hash)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 16], D::Error> {
        let text = String::deserialize(from)?;
        let right = text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit());
        let number = u128::from_str_radix(&text, 16).ok().filter(|_| right);
        number.map(u128::to_be_bytes).ok_or_else(|| D::Error::custom("a hash is 32 hex digits"))
    }
}
