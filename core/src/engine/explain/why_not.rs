//! Why not, for very many contracts: the first criterion of each that is not met, as a number. Nothing is put into words
//! before somebody reads it.

use crate::engine::Prepared;
use crate::engine::prepare::LeadFacts;
use crate::matching;
use crate::model::{Code, ContractId};
use crate::plan::Plan;
use crate::plan::compiled::Route;
use crate::rules::{Criteria, Truth};
use std::collections::BTreeMap;

/// A plan that says for every contract of a route why a lead does not meet it, at about the cost of reading the lead's
/// JSON. What [`explain`](super::explain()) says of criteria, in the shortest form.
///
/// ```
/// # use leadwright::plan::{MemoryResolver, Plan};
/// # let files = MemoryResolver::new([("plan.jsonc", r#"{
/// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
/// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
/// #     "sources": { "web": { "verticals": ["roofing"] } },
/// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
/// #     "buyers": { "acme": { "contracts": { "acme-il": {
/// #         "in": { "roofing/all": {} }, "where": { "state": "IL" }, "sell": { "exclusive": { "price": "40.00" } } } } } }
/// # }"#)]);
/// use leadwright::{engine::{Engine, WhyNot, WhyRoom}, model::{Code, Tick}, store::MemoryStore};
/// let plan = Plan::load(&files, "plan.jsonc")?;
/// let engine = Engine::open(plan.clone(), MemoryStore::new())?;
/// let lead = br#"{"id":"L1","source":"web","phone":"214-867-5309","state":"TX"}"#;
/// let lead = engine.prepare(lead, Tick::at("2026-11-24T15:30:00Z".parse()?));
/// let (why_not, mut room) = (WhyNot::new(&plan), WhyRoom::default());
/// let answer = why_not.ask(&lead, &mut room).ok_or("the lead has a route")?;
/// let reasons: Vec<_> = answer.each().map(|(contract, why)| (contract.as_str(), why)).collect();
/// assert_eq!(reasons, [("acme-il", Some((Code::CriteriaNotMet, "where.state")))]);
/// assert_eq!((answer.considered(), answer.matched()), (1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct WhyNot<'p> {
    plan: &'p Plan,
    routes: BTreeMap<&'p str, (&'p Route, matching::WhyNot)>,
}

/// Room for the answers, kept by who asks again and again.
pub type WhyRoom = matching::WhyScratch;

/// Why each contract of the route of a lead does not meet it.
pub struct WhyNotAnswer<'a> {
    plan: &'a Plan,
    lead: &'a Prepared,
    reasons: matching::Reasons<'a>,
}

impl<'p> WhyNot<'p> {
    /// Compiles a plan for it: some milliseconds for a thousand contracts.
    pub fn new(plan: &'p Plan) -> Self {
        let routes = plan.routes.iter().map(|(name, route)| {
            let criteria: Vec<(u32, Option<&Criteria>)> = route
                .contracts()
                .into_iter()
                .filter_map(|place| Some((u32::try_from(place).ok()?, plan.contract(place)?.criteria.as_ref())))
                .collect();
            (name.as_str(), (route, matching::WhyNot::new(route.matcher.index(), &criteria)))
        });
        Self { plan, routes: routes.collect() }
    }

    /// Asks about a lead that was prepared by this plan. None for one that has no route.
    pub fn ask<'s>(&'s self, lead: &'s Prepared, room: &'s mut WhyRoom) -> Option<WhyNotAnswer<'s>> {
        let (route, why_not) = self.routes.get(lead.vertical.as_deref()?)?;
        let facts = LeadFacts::new(self.plan, lead);
        let criteria = |place: u32| self.plan.contract(usize::try_from(place).ok()?)?.criteria.as_ref();
        let reasons = why_not.ask(route.matcher.index(), &facts, &criteria, room);
        Some(WhyNotAnswer { plan: self.plan, lead, reasons })
    }
}

impl<'a> WhyNotAnswer<'a> {
    /// How many contracts the route has.
    pub fn considered(&self) -> usize {
        self.reasons.considered()
    }

    /// How many of them have their criteria met.
    pub fn matched(&self) -> usize {
        self.reasons.matched()
    }

    /// How many contracts each condition is the first in the way of, in the order in which conditions are judged.
    pub fn counts(&self) -> impl Iterator<Item = (&'a str, u32)> {
        self.reasons.counts()
    }

    /// Each contract with the first condition that is not met; none where all are. In no order that means anything.
    pub fn each(&self) -> impl Iterator<Item = (&'a ContractId, Option<(Code, &'a str)>)> {
        let (plan, lead) = (self.plan, self.lead);
        let code = move |check: &str, truth: Truth| match truth {
            Truth::Unknown => {
                let list = check.strip_prefix("where.list.").and_then(|list| lead.lists.get(list));
                match list.is_some_and(|read| read.hit.is_none()) {
                    true => Code::CriteriaListUnavailable,
                    false => Code::CriteriaUnknownMissingField,
                }
            }
            _ => Code::CriteriaNotMet,
        };
        self.reasons.each().filter_map(move |(place, why)| {
            let contract = plan.contract(usize::try_from(place).ok()?)?;
            Some((&contract.id, why.map(|(check, truth)| (code(check, truth), check))))
        })
    }
}
