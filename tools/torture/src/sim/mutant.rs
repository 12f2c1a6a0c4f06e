//! Mistakes that somebody could make, each as something between the engine and its store. The simulator has to find every one
//! of them by the invariant that it breaks; none of them is in the engine.

use leadwright::model::{BuyerId, ContractId, DecisionId, Error, EventKind, Money, Outcome, Timestamp};
use leadwright::store::{Change, Effects, GroupTurns, Known, OutboxEntry, Subscriber, View};

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
    /// Room that others hold is not seen.
    UnseenRooms,
    /// Room that is reserved is not counted.
    LostRoom,
    /// Room that is given back stays counted.
    KeptRoom,
    /// What was not confirmed in its time is held on.
    EternalHold,
    /// Reservations are not looked up.
    DeafToRooms,
    /// A reservation is not written down.
    LostReservation,
    /// What another system told of a lead is not looked up.
    DeafToReports,
    /// What another system sold is delivered, too.
    DeliveredReport,
    /// A sale is not posted.
    LostPosting,
    /// What comes back is posted on one side of the lead only.
    LostReturn,
    /// What came back may come back again.
    ReturnedTwice,
    /// A closed statement is kept otherwise than it was told.
    RewrittenStatement,
    /// Somebody is said to be forgotten, and is not.
    HalfForgotten,
    /// What is sold by a lease that is over is sold all the same.
    LateLease,
    /// What comes back of a shared cap is not given back to it.
    ForgottenReturn,
}

const fn mutant(name: &'static str, breaks: &'static str, kind: Kind) -> Mutant {
    Mutant { name, breaks, kind }
}

/// All of them; each invariant has one or more.
pub(crate) const ALL: [Mutant; 41] = [
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
    mutant("unseen-rooms", "I1", Kind::UnseenRooms),
    mutant("lost-room", "I2", Kind::LostRoom),
    mutant("kept-room", "I2", Kind::KeptRoom),
    mutant("eternal-hold", "I7", Kind::EternalHold),
    mutant("deaf-to-rooms", "I4", Kind::DeafToRooms),
    mutant("lost-reservation", "I10", Kind::LostReservation),
    mutant("deaf-to-reports", "I4", Kind::DeafToReports),
    mutant("delivered-report", "I5", Kind::DeliveredReport),
    mutant("lost-posting", "I12", Kind::LostPosting),
    mutant("lost-return", "I12", Kind::LostReturn),
    mutant("returned-twice", "I12", Kind::ReturnedTwice),
    mutant("rewritten-statement", "I12", Kind::RewrittenStatement),
    mutant("half-forgotten", "I13", Kind::HalfForgotten),
    mutant("late-lease", "I14", Kind::LateLease),
    mutant("forgotten-return", "I14", Kind::ForgottenReturn),
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
        Kind::DeliveredReport => changed.outbox.extend(report(effects)),
        Kind::LostPosting if n.is_multiple_of(8) => drop(changed.postings.pop()),
        Kind::InventedCredit => changed.turns.iter_mut().for_each(|row| credit(&mut row.after)),
        _ => {}
    }
    changed
}

/// What is known of a lead: nothing of what another system said that it sold.
pub(crate) fn known(known: Option<Known>, view: &dyn View) -> Result<Option<Known>, Error> {
    let Some(known) = known else { return Ok(None) };
    if !is_report(&known.id) {
        return Ok(Some(known));
    }
    let is_sold = |body: &[u8]| body.windows(ASSIGNED.len()).any(|part| part == ASSIGNED);
    let is_sold = view.body(&known.id)?.is_some_and(|(_, body)| is_sold(&body));
    Ok(Some(known).filter(|_| !is_sold))
}

/// A decision about a lead that is not known to be there, where no other one has its id.
pub(crate) fn namesake(effects: &Effects, view: &dyn View) -> Result<Effects, Error> {
    let mut changed = effects.clone();
    let id = &mut changed.record.id;
    if let Some(known) = view.decided(&id.source, &id.lead)?.filter(|known| known.id.n >= id.n) {
        id.n = known.id.n + 1;
    }
    Ok(changed)
}

const ASSIGNED: &[u8] = br#""outcome":"assigned""#;

/// Leads of the other system have ids of their own.
fn is_report(id: &DecisionId) -> bool {
    id.lead.as_str().starts_with('O')
}

/// A delivery of what another system sold.
fn report(effects: &Effects) -> Option<OutboxEntry> {
    let record = &effects.record;
    let is_report = is_report(&record.id) && record.outcome == Outcome::Assigned;
    (is_report && effects.outbox.is_empty()).then(|| OutboxEntry {
        key: format!("{:064}", record.at.millis()),
        decision: record.id.clone(),
        buyer: BuyerId::new("eel").expect("a buyer"),
        contract: ContractId::new("eel-1").expect("a contract"),
        price: Money::ZERO,
        due_at: record.at,
    })
}

fn credit(turns: &mut GroupTurns) {
    if let Some(turn) = turns.members.values_mut().next() {
        turn.credit += 1;
    }
}

/// A change, as the mutant has it.
pub(crate) fn change(kind: Kind, change: &Change) -> Change {
    let mut changed = change.clone();
    let tells = |kind: EventKind| change.events.iter().any(|event| event.kind == kind);
    let is_return = change.entries.iter().any(|entry| entry.sale.is_some());
    match kind {
        Kind::DoubleDeposit if tells(EventKind::FundsChanged) => {
            changed.counters.iter_mut().for_each(|add| add.add *= 2);
        }
        Kind::LostRoom if tells(EventKind::CapReserved) => changed.counters.clear(),
        Kind::KeptRoom if tells(EventKind::CapReleased) => changed.counters.clear(),
        Kind::LostReservation => drop(changed.reservations.pop()),
        Kind::LostReturn if is_return => drop(changed.entries.pop()),
        Kind::RewrittenStatement => changed.statement.iter_mut().for_each(|closed| closed.body.push(' ')),
        _ => {}
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
