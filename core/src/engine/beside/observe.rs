//! The door for what another system did with a lead.

use super::reserve::confirmed_data;
use super::told::{Observed, Seen, group_of};
use crate::engine::doors::{Decided, Engine, effective};
use crate::engine::held::own;
use crate::engine::lists::Given;
use crate::engine::prepare::{Asked, Prepared, prepare};
use crate::engine::reads::{Reads, Request, request};
use crate::model::{
    Assignment, Code, ContractId, DecisionId, Durability, Error, EventKind, Money, Outcome, Receipt, ReservationState,
    Tick, Timestamp,
};
use crate::operate::{Observation, ObservedSale, Reserve};
use crate::plan::Plan;
use crate::store::{Reservation, Transaction, View};
use serde::Deserialize;

/// What was taken down.
#[derive(Clone, Debug)]
pub struct ObservedLead {
    /// The decision that says what the other system did.
    pub told: Decided,
    /// What we would have decided, where that was asked for: nothing of it is recorded. None for what was taken down before.
    pub ours: Option<Decided>,
}

impl Engine {
    /// Takes down what another system did with a lead, given as for [`decide`](Self::decide) and with the id that both know
    /// it by, so that our limits, duplicates, turns and reports count it: a shadow
    /// decides on the same state, and whoever sends the lead here too is told that it is sold. It is a decision like every
    /// other, marked `observed`; it holds whatever our limits and criteria say, nothing of it is delivered, and no
    /// `lead.assigned.v1` is told.
    ///
    /// The same report again changes nothing. Reports may come late and in any order: caps and windows to dedupe by count
    /// them at their time. A lead that was told as not sold may later be told as sold.
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
    /// use leadwright::{engine::Engine, model::{Outcome, Tick}, operate::Observation, store::MemoryStore};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let now = Tick::at("2026-11-24T15:30:00Z".parse()?);
    /// let seen = Observation::read(r#"{"outcome":"assigned","sales":[{"contract":"acme-il"}],"compare":true}"#)?;
    /// let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#;
    /// let observed = engine.observe(lead, &seen, now)?;
    /// assert_eq!(observed.ours.ok_or("it was compared")?.outcome, Outcome::Assigned, "we would have sold it too");
    /// // The cap is used up.
    /// let next = br#"{"id":"L2","source":"web","phone":"312-867-5310"}"#;
    /// assert_eq!(engine.decide(next, now)?.outcome, Outcome::Unsold);
    /// assert!(engine.observe(lead, &seen, now)?.told.receipt.replayed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `operation.unknown_name` for a contract, group or reservation that there is not, `operation.conflict` where something
    /// else is recorded of the lead already, `limit.line_bytes`, `store.*`. Nothing has then happened; after
    /// `store.commit_unknown` saying it again tells.
    pub fn observe(&self, lead: &[u8], observation: &Observation, tick: Tick) -> Result<ObservedLead, Error> {
        crate::engine::batch::short_enough(lead)?;
        let (plan, lists) = (self.plan(), self.lists());
        let told = Told { engine: self, plan: &plan, observation, input: lead, tick, lists: &lists };
        let mut ours = None;
        let decided = self.surely(&mut |transaction| Ok(vec![told.take_down(transaction, &mut ours)?]))?;
        self.committed(&plan, &decided);
        let nothing = || Error::new(Code::InternalError, "nothing was taken down");
        Ok(ObservedLead { told: decided.into_iter().next_back().ok_or_else(nothing)?, ours })
    }
}

/// A report that is to be taken down.
struct Told<'a> {
    engine: &'a Engine,
    plan: &'a Plan,
    observation: &'a Observation,
    input: &'a [u8],
    tick: Tick,
    lists: &'a Given,
}

/// What a decision says it did.
#[derive(Deserialize)]
struct Did {
    outcome: Outcome,
    #[serde(default)]
    observed: bool,
    assignments: Vec<Assignment>,
}

impl Told<'_> {
    fn take_down(&self, transaction: &mut dyn Transaction, ours: &mut Option<Decided>) -> Result<Decided, Error> {
        super::give_back_what_is_over(self.engine, transaction, self.tick.now)?;
        let now = effective(&*transaction, self.tick.now)?;
        let at = self.observation.at.map_or(now, |told| told.min(now));
        // As old as it was then.
        let tick = Tick { now: at, ..self.tick };
        let lead = prepare(self.plan, self.engine.tenant(), self.input, tick, &Asked::Now(self.lists));
        let (n, parent) = match self.before(&lead, &*transaction)? {
            Before::Same(decided) => return Ok(decided),
            Before::New { n, parent } => (n, parent),
        };
        self.check(&lead)?;
        let known = Reads { at: Some(at), n, parent, ..Reads::default() };
        if self.observation.compare {
            *ours = Some(self.ours(&lead, &*transaction, known.clone(), at)?);
        }
        let mut used = Vec::new();
        let sales = self.observation.sales.iter();
        let id = DecisionId { source: lead.source.clone(), lead: lead.lead.clone(), n };
        let sales = sales.map(|sale| seen(sale, &id, &*transaction, &mut used)).collect::<Result<_, _>>()?;
        let observed = Observed { outcome: self.observation.outcome, sales };
        let reads = Reads { observed: Some(observed), ..known };
        let (mut settled, reads) = self.engine.settle_new(self.plan, &lead, &*transaction, reads, at)?;
        // A test changes nothing but the log (rule 97).
        if !lead.test {
            let confirmed = used.iter().filter(|of| of.state == ReservationState::Confirmed);
            let told = |of| self.engine.told(of, at, EventKind::CapConfirmed, confirmed_data(of));
            settled.effects.events.extend(confirmed.map(told));
            settled.effects.reservations = used;
        }
        self.engine.record_settled(self.plan, settled, &reads, transaction)
    }

    /// Whether the plan has what was sold, on the way of this lead.
    fn check(&self, lead: &Prepared) -> Result<(), Error> {
        let unknown = |what: String| Error::new(Code::OperationUnknownName, what);
        let route = lead.vertical.as_ref().and_then(|vertical| self.plan.routes.get(vertical));
        let route = route.filter(|_| self.plan.sources.contains_key(&lead.source));
        for sale in &self.observation.sales {
            let route = route.ok_or_else(|| unknown("the lead is of no source and vertical of the plan".into()))?;
            if group_of(self.plan, route, &sale.contract, sale.group.as_deref()).is_none() {
                return Err(unknown(format!("`{}` is in no such group of the lead's route", sale.contract)));
            }
        }
        Ok(())
    }

    /// What is known of the lead already.
    ///
    /// Never by its payload alone: the same person may have sent the same form again, and been sold twice.
    fn before(&self, lead: &Prepared, view: &dyn View) -> Result<Before, Error> {
        let conflict = |why: &str| Error::new(Code::OperationConflict, why.to_owned());
        let key = lead.idempotency_key.as_deref();
        let id = match request(view, &lead.source, &lead.lead, key, &lead.payload, None)? {
            Request::New { ruling: Some(_), .. } => {
                return Err(conflict("another lead was decided under this id or key"));
            }
            Request::New { n, parent, ruling: None } => return Ok(Before::New { n, parent }),
            Request::Again(id) => id,
        };
        // A key stands for the first decision about the lead; what was told since counts, and what comes is behind it.
        let mut last = id.n;
        let id = match view.decided(&id.source, &id.lead)?.filter(|latest| latest.id != id) {
            Some(latest) => {
                last = latest.id.n;
                own(view, id, latest, &lead.payload)?
            }
            None => id,
        };
        let damaged = || Error::new(Code::StoreCorrupt, id.to_string());
        let (seq, body) = view.body(&id)?.ok_or_else(damaged)?;
        let did: Did = serde_json::from_slice(&body).map_err(|_| damaged())?;
        if !did.observed {
            return Err(conflict("the lead was decided here"));
        }
        let outcome = if lead.test { Outcome::Test } else { self.observation.outcome };
        if did.outcome == outcome && self.same_sales(&did.assignments) {
            let receipt = Receipt { seq, durability: self.durability(), replayed: true };
            return Ok(Before::Same(Decided { id, outcome, body, receipt }));
        }
        if !did.assignments.is_empty() {
            return Err(conflict("another sale of the lead was told before"));
        }
        Ok(Before::New { n: last.saturating_add(1), parent: Some(id) })
    }

    fn durability(&self) -> Durability {
        self.engine.store().durability()
    }

    /// Whether these are the sales that were told before; what the report leaves open is as it was.
    fn same_sales(&self, before: &[Assignment]) -> bool {
        let sales = &self.observation.sales;
        let same = |(sale, before): (&ObservedSale, &Assignment)| {
            let (contract, price): (&ContractId, Option<Money>) = (&sale.contract, sale.price);
            *contract == before.contract
                && price.is_none_or(|price| price == before.price)
                && sale.sale.is_none_or(|sale| sale == before.sale)
        };
        sales.len() == before.len() && sales.iter().zip(before).all(same)
    }

    fn ours(&self, lead: &Prepared, view: &dyn View, reads: Reads, at: Timestamp) -> Result<Decided, Error> {
        let (settled, _) = self.engine.settle_new(self.plan, lead, view, reads, at)?;
        let receipt = Receipt { seq: 0, durability: Durability::None, replayed: false };
        let (id, outcome) = (settled.decision.id, settled.decision.outcome);
        Ok(Decided { id, outcome, body: settled.effects.record.body, receipt })
    }
}

enum Before {
    /// The same was told before.
    Same(Decided),
    New {
        n: u32,
        parent: Option<DecisionId>,
    },
}

/// A sale, and the reservation that it was made under: whether its room is taken already.
fn seen(sale: &ObservedSale, id: &DecisionId, view: &dyn View, used: &mut Vec<Reservation>) -> Result<Seen, Error> {
    let mut sale = sale.clone();
    let Some(key) = &sale.reservation else { return Ok(Seen { sale, reserved: false }) };
    let unknown = || Error::new(Code::OperationUnknownName, format!("`{}` has no such reservation", sale.contract));
    let found = view.reservation(key)?.filter(|found| found.contract == sale.contract).ok_or_else(unknown)?;
    if found.by.as_ref().is_some_and(|by| (&by.source, &by.lead) != (&id.source, &id.lead)) {
        return Err(Error::new(Code::OperationConflict, "the reservation was another lead's"));
    }
    let asked: Reserve = serde_json::from_str(&found.asked)
        .map_err(|_| Error::new(Code::StoreCorrupt, "a reservation cannot be read"))?;
    let differs =
        |said: bool, why: &str| if said { Err(Error::new(Code::OperationConflict, why.to_owned())) } else { Ok(()) };
    differs(
        asked.price.zip(sale.price).is_some_and(|(asked, sold)| asked != sold),
        "it was reserved at another price",
    )?;
    let groups = asked.group.as_ref().zip(sale.group.as_ref());
    differs(groups.is_some_and(|(asked, sold)| asked != sold), "it was reserved through another group")?;
    sale.price = sale.price.or(asked.price);
    sale.group = sale.group.or(asked.group);
    // One whose time was over is counted now, as any sale that has happened, and takes no room a second time.
    let reserved = found.state != ReservationState::Released;
    let state = if reserved { ReservationState::Confirmed } else { found.state };
    used.push(Reservation { state, by: Some(id.clone()), ..found });
    Ok(Seen { sale, reserved })
}
