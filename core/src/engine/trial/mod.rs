//! Deciding without writing decisions: outcome, sales and reasons on a state in memory that forgets what no later lead
//! can be told apart by. For many leads of the past under another plan.

mod caps;
mod known;
mod near;
mod state;

pub use caps::{CapEvent, CapHappened};
pub use near::{OneCheck, Room};

use super::lists::{Given, fits};
use super::prepare::{Asked, LeadFacts, Prepared, prepare, prepare_past};
use super::settle::Settling;
use crate::lists::SuppressionList;
use crate::model::{
    Action, BuyerId, Code, ContractId, Error, LeadId, Money, Outcome, Sale, SourceId, TenantId, Tick, Timestamp,
    TraceEntry,
};
use crate::plan::Plan;
use crate::plan::compiled::{Contract, Intake, Source, SubId};
use crate::plan::list::From;
use known::Request;
use state::TrialState;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A plan that decides leads one after the other, as an engine on an empty store would, and keeps no decision.
///
/// It remembers what later leads depend on: caps within their windows, turns, the values of sold leads as long as a rule
/// looks for duplicates, and some 50 bytes a lead to know the same request again (by hashes of 64 bits, where a store
/// compares whole keys).
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
/// use leadwright::{engine::Trial, model::{Outcome, Tick}};
/// let mut trial = Trial::new(Plan::load(&files, "plan.jsonc")?)?;
/// let lead = br#"{"id":"L1","source":"web","received_at":"2026-11-24T15:30:00Z","phone":"312-867-5309","zip":"60601"}"#;
/// let prepared = trial.prepare(lead, Tick::at("2026-11-25T00:00:00Z".parse()?));
/// let tried = trial.settle(&prepared)?.ok_or("it was never decided before")?;
/// assert_eq!(tried.outcome, Outcome::Assigned);
/// assert_eq!(tried.sales[0].price.to_string(), "40.00");
/// assert!(trial.settle(&prepared)?.is_none(), "the same request again");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Trial {
    plan: Arc<Plan>,
    tenant: TenantId,
    lists: Given,
    state: TrialState,
}

impl std::fmt::Debug for Trial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Trial({:?})", self.plan)
    }
}

/// What became of a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The channel it came through.
    pub source: SourceId,
    /// The lead.
    pub lead: LeadId,
    /// The effective time.
    pub at: Timestamp,
    /// What became of it.
    pub outcome: Outcome,
    /// What ended its way before anybody was asked, or holds it.
    pub because: Option<Code>,
    /// Who got it.
    pub sales: Vec<TrialSale>,
    /// Why each contract did or did not get it, of those whose criteria it meets.
    pub entries: Vec<TraceEntry>,
    /// What happened to caps.
    pub caps: Vec<CapEvent>,
}

/// A sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialSale {
    /// Who gets the lead.
    pub buyer: BuyerId,
    /// Under which contract.
    pub contract: ContractId,
    /// The id that the contract was first known by.
    pub known_as: ContractId,
    /// Alone or with others.
    pub sale: Sale,
    /// What the buyer pays.
    pub price: Money,
    /// What the source gets of it.
    pub payout: Money,
}

impl Trial {
    /// A trial of a plan, for the tenant `main`.
    ///
    /// # Errors
    /// `plan.bundle_damaged` when the plan came without its lists.
    pub fn new(plan: Plan) -> Result<Self, Error> {
        let without = plan.lists.iter().find(|(_, list)| matches!(list.from, From::Plan(None)));
        if let Some((name, _)) = without {
            let what = format!("the entries of the list `{name}` are not included");
            return Err(Error::new(Code::PlanBundleDamaged, what));
        }
        let state = TrialState::new(&plan);
        Ok(Self { plan: Arc::new(plan), tenant: TenantId::default(), lists: Given::new(), state })
    }

    /// The same for another tenant.
    #[must_use]
    pub fn of_tenant(mut self, tenant: TenantId) -> Self {
        self.tenant = tenant;
        self
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Gives it a list that its plan keeps outside of it. Until then the list counts as missing.
    ///
    /// # Errors
    /// `list.unfit` as [`Engine::set_list`](super::Engine::set_list).
    pub fn set_list(&mut self, name: &str, list: Arc<dyn SuppressionList>) -> Result<(), Error> {
        let unfit = |why: &str| Error::new(Code::ListUnfit, format!("`{name}`: {why}"));
        let known = self.plan.lists.get(name).ok_or_else(|| unfit("the plan has no such list"))?;
        if matches!(known.from, From::Plan(_)) {
            return Err(unfit("it belongs to the plan"));
        }
        if let Some(of) = list.about().of.filter(|of| !fits(known, *of)) {
            return Err(unfit(&format!("it holds {}, and the plan says {}", of.as_str(), known.entries.of.as_str())));
        }
        self.lists.insert(name.to_owned(), list);
        Ok(())
    }

    /// The pure half; many threads may do it at once. The lead's time is when it was received, where it says so and that
    /// is not later than the tick; else that of the tick.
    pub fn prepare(&self, lead: &[u8], tick: Tick) -> Prepared {
        prepare_past(&self.plan, &self.tenant, lead, tick, &Asked::Now(&self.lists))
    }

    /// The same at exactly the time of the tick, as an engine does it.
    pub fn prepare_at(&self, lead: &[u8], tick: Tick) -> Prepared {
        prepare(&self.plan, &self.tenant, lead, tick, &Asked::Now(&self.lists))
    }

    /// A lead that another plan prepared, for this one and at the same time: read anew only where this plan reads it in
    /// another way.
    pub fn prepare_as(&self, same: &SameReading, lead: &Prepared, input: &[u8]) -> Prepared {
        if same.holds_for(lead) {
            lead.under(&self.plan, &Asked::Now(&self.lists))
        } else {
            self.prepare_at(input, lead.tick)
        }
    }

    /// Decides a prepared lead; none when it is a request that was answered before.
    ///
    /// # Errors
    /// None that a state in memory has.
    pub fn settle(&mut self, lead: &Prepared) -> Result<Option<Tried>, Error> {
        Ok(self.decide(lead, false)?.map(|(tried, _)| tried))
    }

    /// The same; of a lead that nobody got also the contracts that would have got it, had a single check been no check.
    ///
    /// # Errors
    /// As [`settle`](Self::settle).
    pub fn settle_near(&mut self, lead: &Prepared) -> Result<Option<(Tried, Vec<OneCheck>)>, Error> {
        self.decide(lead, true)
    }

    /// What would become of a lead now, and who would get it first. Nothing is remembered of it.
    ///
    /// # Errors
    /// As [`settle`](Self::settle).
    pub fn would(&self, lead: &Prepared) -> Result<(Outcome, Option<ContractId>), Error> {
        let nothing = BTreeMap::new();
        let mut settling = Settling::new(&self.plan, lead, &self.state, &nothing, self.state.at(lead.tick.now));
        settling.at_once = true;
        let outcome = settling.run(None)?;
        Ok((outcome, settling.sales.first().map(|sold| sold.contract.clone())))
    }

    fn decide(&mut self, lead: &Prepared, with_near: bool) -> Result<Option<(Tried, Vec<OneCheck>)>, Error> {
        let at = self.state.at(lead.tick.now);
        let Request::New { n, ruling } = self.state.known.ask(lead, at) else { return Ok(None) };
        let plan = self.plan.clone();
        let nothing = BTreeMap::new();
        let mut settling = Settling::new(&plan, lead, &self.state, &nothing, at);
        settling.at_once = true;
        let outcome = settling.run(ruling)?;
        let nobody = matches!(outcome, Outcome::Unmatched | Outcome::Unsold);
        let near = if with_near && nobody { settling.near()? } else { Vec::new() };
        let problems = || lead.problems.iter().chain(&settling.problems);
        let with = |action: Action| problems().find(|problem| problem.action == action).map(|problem| problem.code);
        let (rejected, held) = (with(Action::Rejected), with(Action::Held));
        // What is kept of a test changes nothing (rule 97).
        let is_test = outcome == Outcome::Test;
        let caps = if is_test { Vec::new() } else { settling.cap_events()? };
        let claims = if is_test { BTreeSet::new() } else { settling.claims(outcome) };
        let sale = |sold: &super::settle::Sold| {
            let known_as = plan.contract(sold.place).map_or_else(|| sold.contract.clone(), |c| c.state_id.clone());
            TrialSale {
                buyer: sold.buyer.clone(),
                contract: sold.contract.clone(),
                known_as,
                sale: sold.sale,
                price: sold.price,
                payout: sold.payout,
            }
        };
        let tried = Tried {
            source: lead.source.clone(),
            lead: lead.lead.clone(),
            at,
            outcome,
            because: rejected.or(held).filter(|_| !matches!(outcome, Outcome::Assigned) && !nobody && !is_test),
            sales: settling.sales.iter().map(sale).collect(),
            entries: std::mem::take(&mut settling.entries),
            caps,
        };
        let (booked, turns) = (std::mem::take(&mut settling.booked), std::mem::take(&mut settling.turns));
        if !is_test {
            self.state.apply(booked, turns, claims, at);
        }
        self.state.pass(at);
        self.state.known.record(lead, at, n, held.is_some());
        Ok(Some((tried, near)))
    }

    /// The id that a contract of the plan was first known by.
    pub(crate) fn known_as(&self, contract: &ContractId) -> Option<&ContractId> {
        Some(&self.plan.contract(self.place(contract)?)?.state_id)
    }

    /// What the contract is called now that was first known by this id.
    pub(crate) fn now_called(&self, known_as: &ContractId) -> Option<&ContractId> {
        let is_it = |contract: &&Contract| contract.state_id == *known_as;
        let same = self.place(known_as).and_then(|place| self.plan.contract(place)).filter(is_it);
        same.or_else(|| self.plan.contracts.iter().find(is_it)).map(|contract| &contract.id)
    }

    fn place(&self, contract: &ContractId) -> Option<usize> {
        self.plan.contracts.binary_search_by(|other| other.id.cmp(contract)).ok()
    }

    /// Why a contract of the plan does not want the lead, by its criteria; none where they are met, or there is no such
    /// contract in the lead's route.
    pub fn unmet(&self, lead: &Prepared, contract: &ContractId) -> Option<TraceEntry> {
        let route = self.plan.routes.get(lead.vertical.as_deref()?)?;
        let place = self.place(contract)?;
        let group = route.groups.iter().find(|group| group.members.iter().any(|member| member.contract == place))?;
        let criteria = self.plan.contract(place)?.criteria.as_ref()?;
        let failing = criteria.evaluate(&LeadFacts::new(&self.plan, lead)).failing?;
        Some(TraceEntry {
            contract: contract.clone(),
            group: group.id.clone(),
            code: failing.code,
            check: Some(failing.check),
            found: failing.found,
            wanted: Some(failing.wanted),
        })
    }
}

/// For which leads two plans read fields in the same way: those of sources and verticals that are the same in both.
#[derive(Clone, Debug, Default)]
pub struct SameReading {
    sources: BTreeSet<SourceId>,
    verticals: BTreeSet<String>,
}

impl SameReading {
    /// Compares two plans.
    pub fn of(a: &Plan, b: &Plan) -> Self {
        if a.zone != b.zone
            || a.consents != b.consents
            || a.verticals.len() != b.verticals.len()
            || !reads_alike(&a.intake, &b.intake)
        {
            return Self::default();
        }
        let sources =
            a.sources.iter().filter(|(id, source)| b.sources.get(id).is_some_and(|b| admits_alike(source, b)));
        let verticals = a.verticals.iter().filter(|(name, schema)| b.verticals.get(*name) == Some(schema));
        Self {
            sources: sources.map(|(id, _)| id.clone()).collect(),
            verticals: verticals.map(|(name, _)| name.clone()).collect(),
        }
    }

    fn holds_for(&self, lead: &Prepared) -> bool {
        let vertical = lead.vertical.as_deref();
        self.sources.contains(&lead.source) && vertical.is_some_and(|vertical| self.verticals.contains(vertical))
    }
}

/// Every member is named, so that a new one has to be thought about here.
fn reads_alike(a: &Intake, b: &Intake) -> bool {
    // What the state or the time decides is asked of each plan by itself.
    let Intake { repairs, conflict, honeypots, consent_max_age, consent, .. } = a;
    let Intake { max_age: _, suppress: _, dedupe: _, repeats: _, test_zips: _, .. } = a;
    *repairs == b.repairs
        && *conflict == b.conflict
        && *honeypots == b.honeypots
        && *consent_max_age == b.consent_max_age
        && *consent == b.consent
}

fn admits_alike(a: &Source, b: &Source) -> bool {
    let Source { verticals, payout: _, supplier: _, max_sales: _, caps: _, require, consent, sub_ids, responses: _ } =
        a;
    let blocked = |parts: &BTreeMap<String, SubId>| -> Vec<String> {
        parts.iter().filter(|(_, part)| part.blocked).map(|(name, _)| name.clone()).collect()
    };
    let same_parts = blocked(sub_ids) == blocked(&b.sub_ids);
    *verticals == b.verticals && *require == b.require && *consent == b.consent && same_parts
}
