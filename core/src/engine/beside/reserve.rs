//! Room that another system takes from our limits before it sells: reserve, then confirm or release.
//!
//! A reservation adds to the same counters as a sale of ours, in a transaction that has read them: the two together never
//! oversell. Whoever dies in between loses nothing: what was not confirmed in its time is given back.

use super::told::{group_of, offered};
use crate::engine::doors::{Engine, effective};
use crate::engine::prepare::{Prepared, no_lead};
use crate::engine::reads::{Logged, Reads};
use crate::engine::record::overridden_for;
use crate::engine::settle::Settling;
use crate::engine::standing::{Bears, Why};
use crate::engine::unknown::Repeated;
use crate::events::{CapConfirmed, CapExhausted, CapReleased, CapReserved, written};
use crate::model::{Code, Error, Event, EventKind, ReservationState, Subject, Tick, Timestamp, Value};
use crate::operate::{Reserve, Reserved, one_line};
use crate::plan::Plan;
use crate::plan::compiled::{Contract, Group, Route, SUB_ID};
use crate::plan::units::duration_millis;
use crate::store::{Change, CounterAdd, MomentAdd, Reservation, Took, Transaction, View};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long room is kept where nothing is said, and at most, in milliseconds.
const HOLD: i64 = 15 * 60_000;
const LONGEST: i64 = 24 * 3_600_000;
/// So many whose time is over are given back in one go.
const PAGE: usize = 256;

impl Engine {
    /// Takes room from the limits of a contract, its buyer, group, route and source before another system sells. Asked are
    /// its status, its hours, caps, pace, rate and funds; not its criteria, for the lead is not here. No room is no error: the
    /// answer says why, as a decision does. The same key again is the same request.
    ///
    /// What is not confirmed within `hold` is given back, with the next decision or reservation after that.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} }, "caps": { "day": 1 },
    /// #         "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::{engine::Engine, model::{Outcome, Tick, Timestamp}, operate::Reserve, store::MemoryStore};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let now: Timestamp = "2026-11-24T15:30:00Z".parse()?;
    /// let of = |key: &str| Reserve::read(&format!(r#"{{"contract":"acme-il","key":"{key}"}}"#));
    /// assert!(engine.reserve_external(&of("old-1")?, now)?.granted());
    /// let refused = engine.reserve_external(&of("old-2")?, now)?;
    /// assert_eq!(refused.why.ok_or("there is no room")?.check.as_deref(), Some("caps.contract.day"));
    /// assert_eq!(engine.decide(br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#, Tick::at(now))?.outcome, Outcome::Unsold);
    ///
    /// engine.release_external("old-1", now)?;
    /// assert!(engine.reserve_external(&of("old-2")?, now)?.granted());
    /// assert!(engine.confirm_external("old-2", now)?.granted());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `operation.unknown_name` for a contract, vertical, source or group that the plan does not have, `operation.malformed`,
    /// `operation.key_reused`, `store.*`.
    pub fn reserve_external(&self, reserve: &Reserve, now: Timestamp) -> Result<Reserved, Error> {
        one_line("key", &reserve.key, true).map_err(malformed)?;
        let hold = hold_of(reserve)?;
        let plan = self.plan();
        let way = Way::find(&plan, reserve)?;
        self.once_or_again(&mut |transaction| {
            let at = give_back_what_is_over(self, transaction, now)?;
            let before = transaction.reservation(&reserve.key)?;
            if before.as_ref().is_some_and(is_sold_elsewhere) {
                return Err(Error::new(
                    Code::OperationConflict,
                    "it was sold after its time, and is counted with its decision",
                ));
            }
            if let Some(found) = before.as_ref().filter(|found| found.state != ReservationState::Released) {
                let same = found.asked == written(reserve);
                return if same {
                    Ok(answer(&plan, found, true))
                } else {
                    Err(Error::new(Code::OperationKeyReused, ""))
                };
            }
            self.take(&way, at, (at.plus_millis(hold), ReservationState::Held), before, transaction)
        })
    }

    /// What was reserved is sold: the room stays taken. A reservation whose time is over, or that was released, takes its
    /// room anew where there is any; else the answer says why not, and nothing is counted.
    ///
    /// # Errors
    /// `operation.unknown_name` for a key that nothing was reserved under, or whose contract is gone; `store.*`.
    pub fn confirm_external(&self, key: &str, now: Timestamp) -> Result<Reserved, Error> {
        let plan = self.plan();
        self.once_or_again(&mut |transaction| {
            let at = give_back_what_is_over(self, transaction, now)?;
            let found = transaction.reservation(key)?;
            let found =
                found.ok_or_else(|| Error::new(Code::OperationUnknownName, "nothing was reserved under this key"))?;
            let reserve: Reserve = serde_json::from_str(&found.asked).map_err(|_| damaged())?;
            let way = Way::find(&plan, &reserve);
            match found.state {
                ReservationState::Confirmed => Ok(answer(&plan, &found, true)),
                ReservationState::Released if is_sold_elsewhere(&found) => {
                    Ok(Reserved { state: Some(ReservationState::Confirmed), ..answer(&plan, &found, true) })
                }
                ReservationState::Held => {
                    let sold = Reservation { state: ReservationState::Confirmed, ..found };
                    let events = vec![self.told(&sold, at, EventKind::CapConfirmed, confirmed_data(&sold))];
                    transaction.change(&Change { reservations: vec![sold.clone()], events, ..Change::at(at) })?;
                    Ok(answer(&plan, &sold, false))
                }
                ReservationState::Released => {
                    self.take(&way?, at, (at, ReservationState::Confirmed), Some(found), transaction)
                }
            }
        })
    }

    /// Gives back what was reserved, into the windows where it was taken. Of a key that nothing was reserved under nothing
    /// has to be given back.
    ///
    /// # Errors
    /// `operation.conflict` for one that was confirmed: what was sold and comes back is a return; `store.*`.
    pub fn release_external(&self, key: &str, now: Timestamp) -> Result<Option<Reserved>, Error> {
        let plan = self.plan();
        self.once_or_again(&mut |transaction| {
            let at = give_back_what_is_over(self, transaction, now)?;
            let Some(found) = transaction.reservation(key)? else { return Ok(None) };
            match found.state {
                ReservationState::Released if !is_sold_elsewhere(&found) => Ok(Some(answer(&plan, &found, true))),
                ReservationState::Released | ReservationState::Confirmed => {
                    Err(Error::new(Code::OperationConflict, "the reservation was confirmed"))
                }
                ReservationState::Held => {
                    let mut change = Change::at(at);
                    let released = self.give_back(found, "released", &mut change);
                    transaction.change(&change)?;
                    Ok(Some(answer(&plan, &released, false)))
                }
            }
        })
    }

    /// Takes the room, if there is any.
    pub(super) fn take(
        &self,
        way: &Way<'_>,
        at: Timestamp,
        (until, state): (Timestamp, ReservationState),
        before: Option<Reservation>,
        transaction: &mut dyn Transaction,
    ) -> Result<Reserved, Error> {
        let room = match self.room(way, &*transaction, at)? {
            Ok(room) => room,
            Err(why) => return Ok(way.refused(why)),
        };
        let mut took = room.took;
        for (key, kept) in before.map(|before| before.took.kept).unwrap_or_default() {
            let sum = took.kept.entry(key).or_insert(0);
            *sum = sum.saturating_add(kept);
        }
        let Reserve { key, contract, .. } = way.reserve;
        let (key, contract, asked) = (key.clone(), contract.clone(), written(way.reserve));
        let reservation = Reservation { key, contract, state, at, until, asked, took, by: None };
        let mut change = Change::at(at);
        add(&mut change, &room.added, at, 1);
        let data = CapReserved {
            counters: room.added.counters,
            key: reservation.key.clone(),
            moments: room.added.moments,
            until: Some(until).filter(|_| state == ReservationState::Held),
        };
        change.events.push(self.told(&reservation, at, EventKind::CapReserved, written(&data)));
        for (counter, (cap, limit)) in room.filled {
            let data = written(&CapExhausted { cap, counter, limit });
            change.events.push(self.told(&reservation, at, EventKind::CapExhausted, data));
        }
        change.reservations.push(reservation.clone());
        transaction.change(&change)?;
        Ok(answer(way.plan, &reservation, false))
    }

    /// What a sale would take now; why it cannot.
    fn room(&self, way: &Way<'_>, view: &dyn View, at: Timestamp) -> Result<Result<Room, Why>, Error> {
        let lead = way.lead(self, at);
        let state = Logged::new(view, None, Reads::default());
        let overridden = overridden_for(way.plan, &lead, &state, at, &[])?;
        let mut settling = Settling::new(way.plan, &lead, &state, &overridden, at);
        settling.any_margin = true;
        let contract = settling.contract(way.place).unwrap_or(way.contract);
        if let Some(why) = settling.paused(contract).or_else(|| settling.out_of_hours(contract)) {
            return Ok(Err(why));
        }
        let (_, price) = offered(contract, None, way.reserve.price);
        if let Some(why) = settling.blocked(contract, way.group, price, Bears::ItsOwn)? {
            return Ok(Err(why));
        }
        settling.take_room(contract, way.group, price)?;
        let mut booked = std::mem::take(&mut settling.booked);
        if way.is_bid {
            booked.counters.retain(|key, _| !crate::limits::Rate::is_counter(key));
        }
        let added = Took { counters: booked.counters, moments: booked.moments, kept: BTreeMap::new() };
        let (kept, counters) =
            added.counters.clone().into_iter().partition(|(key, _)| crate::limits::Rate::is_counter(key));
        let took = Took { counters, moments: added.moments.clone(), kept };
        Ok(Ok(Room { added, took, filled: booked.filled }))
    }

    pub(super) fn give_back(&self, reservation: Reservation, because: &str, change: &mut Change) -> Reservation {
        let released = Reservation { state: ReservationState::Released, ..reservation };
        add(change, &Took { kept: BTreeMap::new(), ..released.took.clone() }, released.at, -1);
        let data = CapReleased {
            at: released.at,
            because: because.to_owned(),
            counters: released.took.counters.clone(),
            key: released.key.clone(),
            moments: released.took.moments.clone(),
        };
        change.events.push(self.told(&released, change.at, EventKind::CapReleased, written(&data)));
        change.reservations.push(released.clone());
        released
    }

    pub(super) fn told(&self, of: &Reservation, at: Timestamp, kind: EventKind, data: String) -> Event {
        Event { kind, tenant: self.tenant().clone(), subject: Subject::Contract(of.contract.clone()), at, data }
    }
}

pub(super) fn confirmed_data(of: &Reservation) -> String {
    written(&CapConfirmed { key: of.key.clone() })
}

/// Gives back what was reserved and not confirmed in its time. The clock of the store, which it gives as well.
pub(in crate::engine) fn give_back_what_is_over(
    engine: &Engine,
    transaction: &mut dyn Transaction,
    now: Timestamp,
) -> Result<Timestamp, Error> {
    let at = effective(&*transaction, now)?;
    loop {
        let over = transaction.held_until(at, PAGE)?;
        if over.is_empty() {
            return Ok(at);
        }
        let mut change = Change::at(at);
        for reservation in over {
            engine.give_back(reservation, "expired", &mut change);
        }
        transaction.change(&change)?;
    }
}

impl Repeated for Reserved {
    fn repeated(&self) -> Self {
        Reserved { replayed: true, ..self.clone() }
    }
}

impl Repeated for Option<Reserved> {
    fn repeated(&self) -> Self {
        self.as_ref().map(Repeated::repeated)
    }
}

/// What a sale takes.
struct Room {
    added: Took,
    took: Took,
    filled: BTreeMap<String, (String, String)>,
}

/// Where a contract sells: its route and group.
pub(super) struct Way<'a> {
    plan: &'a Plan,
    reserve: &'a Reserve,
    /// Whether it is for a bid of ours, and takes places alone.
    pub(super) is_bid: bool,
    vertical: &'a str,
    group: &'a Group,
    place: usize,
    contract: &'a Contract,
}

impl<'a> Way<'a> {
    pub(super) fn find(plan: &'a Plan, reserve: &'a Reserve) -> Result<Self, Error> {
        let unknown = |what: String| Error::new(Code::OperationUnknownName, what);
        if let Some(source) = reserve.source.as_ref().filter(|source| !plan.sources.contains_key(*source)) {
            return Err(unknown(format!("there is no source `{source}`")));
        }
        let named = |vertical: &str| reserve.vertical.as_deref().is_none_or(|named| named == vertical);
        let sells = |(vertical, route): (&'a String, &'a Route)| {
            let (group, place) = group_of(plan, route, &reserve.contract, reserve.group.as_deref())?;
            Some(Way { plan, reserve, is_bid: false, vertical, group, place, contract: plan.contract(place)? })
        };
        let mut ways = plan.routes.iter().filter(|(vertical, _)| named(vertical)).filter_map(sells);
        let none = || unknown(format!("no route has a contract `{}` in such a group", reserve.contract));
        let way = ways.next().ok_or_else(none)?;
        match ways.next() {
            Some(_) => Err(malformed(format!("`{}` is in several routes: `vertical` is needed", reserve.contract))),
            None => Ok(way),
        }
    }

    /// A lead of which only the way is known.
    fn lead(&self, engine: &Engine, at: Timestamp) -> Prepared {
        let mut lead = no_lead(&self.plan.hash, engine.tenant(), self.reserve.key.as_bytes(), Tick::at(at), Vec::new());
        if let Some(source) = &self.reserve.source {
            lead.source = source.clone();
        }
        lead.vertical = Some(self.vertical.to_owned());
        let part = self.reserve.sub_id.as_ref().map(|part| (SUB_ID.to_owned(), Value::Text(part.clone())));
        lead.canonical = Arc::new(part.into_iter().collect());
        lead.candidates = u32::try_from(self.place).ok().into_iter().collect();
        lead
    }

    fn refused(&self, why: Why) -> Reserved {
        Reserved {
            v: 1,
            key: self.reserve.key.clone(),
            contract: self.contract.id.clone(),
            buyer: Some(self.contract.buyer.clone()),
            state: None,
            until: None,
            why: Some(why.of(&self.contract.id, &self.group.id)),
            replayed: false,
        }
    }
}

/// Whether it was sold once its time was over, and is counted with the decision that says so.
fn is_sold_elsewhere(of: &Reservation) -> bool {
    of.state == ReservationState::Released && of.by.is_some()
}

fn answer(plan: &Plan, of: &Reservation, replayed: bool) -> Reserved {
    let until = Some(of.until).filter(|_| of.state == ReservationState::Held);
    let (key, contract) = (of.key.clone(), of.contract.clone());
    let buyer = plan.contracts.iter().find(|known| known.id == contract).map(|known| known.buyer.clone());
    Reserved { v: 1, key, contract, buyer, state: Some(of.state), until, why: None, replayed }
}

fn add(change: &mut Change, took: &Took, at: Timestamp, times: i64) {
    let counters = took.counters.iter().map(|(key, add)| (key.clone(), add.saturating_mul(times)));
    change.counters.extend(counters.map(|(key, add)| CounterAdd { key, add }));
    let moments = took.moments.iter().map(|(key, add)| (key.clone(), add.saturating_mul(times)));
    change.moments.extend(moments.map(|(key, add)| MomentAdd { key, at, add }));
}

fn hold_of(reserve: &Reserve) -> Result<i64, Error> {
    let Some(text) = &reserve.hold else { return Ok(HOLD) };
    let hold = duration_millis(text).ok().filter(|hold| (1..=LONGEST).contains(hold));
    hold.ok_or_else(|| malformed("`hold` is a time like `15m`, and at most `24h`"))
}

fn malformed(why: impl Into<String>) -> Error {
    Error::new(Code::OperationMalformed, why)
}

fn damaged() -> Error {
    Error::new(Code::StoreCorrupt, "a reservation cannot be read")
}
