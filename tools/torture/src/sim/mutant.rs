//! Mistakes that somebody could make, each as something between the engine and its store. The simulator has to find every one
//! of them by the invariant that it breaks; none of them is in the engine.

use leadwright::model::Timestamp;
use leadwright::store::{Change, Effects, GroupTurns, Subscriber};

/// A mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mutant {
    pub(crate) name: &'static str,
    /// The invariant that it breaks.
    pub(crate) breaks: &'static str,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A counter as it was a sale ago.
    StaleCounter,
    /// What a rolling cap counted is forgotten.
    ForgottenMoments,
    /// Funds that nobody has.
    InventedFunds,
    /// The last counter of a sale is not counted.
    LostCount,
    /// Counters are counted twice.
    DoubleCount,
    /// An answer before the commit, which then fails.
    EarlyAnswer,
    /// Other bytes are kept than were answered.
    OtherBytes,
    /// A lead that was decided stays in the queue.
    StillWaits,
    /// Idempotency keys are not looked up.
    DeafToKeys,
    /// A sale is not put into the outbox.
    LostDelivery,
    /// A sale is put into it twice.
    DoubleDelivery,
    /// The node's clock is believed.
    ClockTrust,
    /// A write that fails is tried again, and again.
    NeverGivesUp,
    /// Some sales are not remembered.
    ForgottenClaims,
    /// Claims are remembered for a shorter time than the rule says.
    ShortMemory,
    /// What was read is kept otherwise than it was read.
    MangledReads,
    /// What came in is kept otherwise than it came.
    MangledInput,
    /// An event is not told.
    LostEvent,
    /// Events of a decision are told in another order.
    SwappedEvents,
    /// A cursor moves further than it was told.
    HastyCursor,
    /// Somebody new reads under the fence of before.
    OldFence,
    /// The rate of a contract is not kept.
    FreeRate,
    /// What operations said is not heard.
    DeafToPauses,
    /// Money is paid in twice.
    DoubleDeposit,
    /// A turn is not written down.
    LostTurn,
    /// A contract gets credit from nowhere.
    InventedCredit,
}

const fn mutant(name: &'static str, breaks: &'static str, kind: Kind) -> Mutant {
    Mutant { name, breaks, kind }
}

/// All of them; each invariant has one or more.
pub(crate) const ALL: [Mutant; 26] = [
    mutant("stale-counter", "I1", Kind::StaleCounter),
    mutant("forgotten-moments", "I1", Kind::ForgottenMoments),
    mutant("invented-funds", "I1", Kind::InventedFunds),
    mutant("lost-count", "I2", Kind::LostCount),
    mutant("double-count", "I2", Kind::DoubleCount),
    mutant("early-answer", "I3", Kind::EarlyAnswer),
    mutant("other-bytes", "I3", Kind::OtherBytes),
    mutant("still-waits", "I4", Kind::StillWaits),
    mutant("deaf-to-keys", "I4", Kind::DeafToKeys),
    mutant("lost-delivery", "I5", Kind::LostDelivery),
    mutant("double-delivery", "I5", Kind::DoubleDelivery),
    mutant("clock-trust", "I6", Kind::ClockTrust),
    mutant("never-gives-up", "I7", Kind::NeverGivesUp),
    mutant("forgotten-claims", "I8", Kind::ForgottenClaims),
    mutant("short-memory", "I8", Kind::ShortMemory),
    mutant("mangled-reads", "I9", Kind::MangledReads),
    mutant("mangled-input", "I9", Kind::MangledInput),
    mutant("lost-event", "I10", Kind::LostEvent),
    mutant("swapped-events", "I10", Kind::SwappedEvents),
    mutant("hasty-cursor", "I10", Kind::HastyCursor),
    mutant("old-fence", "I11", Kind::OldFence),
    mutant("free-rate", "I11", Kind::FreeRate),
    mutant("deaf-to-pauses", "I11", Kind::DeafToPauses),
    mutant("double-deposit", "I12", Kind::DoubleDeposit),
    mutant("lost-turn", "I12", Kind::LostTurn),
    mutant("invented-credit", "I12", Kind::InventedCredit),
];

/// The mutant of a name.
pub(crate) fn named(name: &str) -> Result<Mutant, String> {
    let names = || ALL.map(|mutant| mutant.name).join(", ");
    ALL.into_iter()
        .find(|mutant| mutant.name == name)
        .ok_or_else(|| format!("there is no mutant `{name}`; there are {}", names()))
}

/// What a decision changes, as the mutant has it; `n` says the how manieth it is.
pub(crate) fn effects(kind: Kind, effects: &Effects, n: u64) -> Effects {
    let mut changed = effects.clone();
    match kind {
        Kind::LostCount => drop(changed.counters.pop()),
        Kind::DoubleCount => changed.counters.iter_mut().for_each(|add| add.add *= 2),
        Kind::OtherBytes if n.is_multiple_of(16) => changed.record.body.push(b' '),
        Kind::StillWaits => changed.ends_wait = false,
        Kind::LostDelivery if n.is_multiple_of(8) => drop(changed.outbox.pop()),
        Kind::DoubleDelivery if n.is_multiple_of(8) => {
            let again = changed.outbox.last().cloned();
            changed.outbox.extend(again.map(|mut entry| {
                entry.key = entry.key.chars().rev().collect();
                entry
            }));
        }
        Kind::ForgottenClaims if n.is_multiple_of(4) => changed.claims.clear(),
        Kind::MangledReads if n.is_multiple_of(16) => {
            changed.record.reads = changed.record.reads.replacen("\"n\":1", "\"n\":2", 1);
        }
        Kind::MangledInput if n.is_multiple_of(16) => {
            let text = String::from_utf8_lossy(&changed.record.input).replace("Ada Brown", "Ada Browne");
            changed.record.input = text.into_bytes();
        }
        Kind::LostEvent if n.is_multiple_of(16) => drop(changed.events.pop()),
        Kind::SwappedEvents => changed.events.reverse(),
        Kind::LostTurn if n.is_multiple_of(8) => changed.turns.clear(),
        Kind::InventedCredit => changed.turns.iter_mut().for_each(|row| credit(&mut row.after)),
        _ => {}
    }
    changed
}

fn credit(turns: &mut GroupTurns) {
    if let Some(turn) = turns.members.values_mut().next() {
        turn.credit += 1;
    }
}

/// A change, as the mutant has it.
pub(crate) fn change(kind: Kind, change: &Change) -> Change {
    let mut changed = change.clone();
    if kind == Kind::DoubleDeposit {
        changed.counters.iter_mut().for_each(|add| add.add *= 2);
    }
    changed
}

/// Where a subscriber is, as the mutant has it. One who moves its cursor has been there before.
pub(crate) fn subscriber(kind: Kind, before: Option<&Subscriber>, subscriber: &Subscriber, last: u64) -> Subscriber {
    let mut changed = subscriber.clone();
    let joins = before.is_none_or(|before| before.fence != subscriber.fence);
    match kind {
        Kind::OldFence if joins => changed.fence = before.map_or(changed.fence, |before| before.fence),
        Kind::HastyCursor if !joins => changed.position = changed.position.map(|position| (position + 1).min(last)),
        _ => {}
    }
    changed
}

/// A counter, as the mutant has it.
pub(crate) fn counter(kind: Kind, key: &str, used: i64) -> i64 {
    match kind {
        Kind::StaleCounter if key.ends_with("|count|sold") => (used - 1).max(0),
        Kind::FreeRate if key.starts_with("contract:") && key.ends_with("|rate|arrival|sold") => 0,
        Kind::InventedFunds if key.ends_with("|funds") => used + 1_000_000,
        _ => used,
    }
}

/// After when claims are looked for, as the mutant has it.
pub(crate) fn after(kind: Kind, after: Timestamp) -> Timestamp {
    after.plus_millis(if kind == Kind::ShortMemory { 3_600_000 } else { 0 })
}
