//! Two plans side by side.

use super::basis::{Basis, History, PastSale};
use super::caps::{CapPressure, Pressure};
use super::changes::{Change, Changes, Ledger};
use super::sums::{Sums, Total};
use crate::engine::{Prepared, Trial, TrialSale, Tried};
use crate::limits::Zone;
use crate::model::{BuyerId, ContractId, Currency, Outcome, SourceId, Timestamp};
use crate::plan::Plan;
use serde::Serialize;
use std::collections::BTreeMap;

/// More points in time than this go into the last one.
const POINTS: usize = 20_000;

/// Something by the old plan and by the new one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pair<T> {
    /// By the old plan.
    pub old: T,
    /// By the new plan.
    pub new: T,
}

/// A plan by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PlanName {
    /// The name that it gives itself.
    pub name: String,
    /// Its hash.
    pub hash: String,
}

/// The leads that streamed through.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Leads {
    /// How many there were.
    pub read: u64,
    /// Lines that were none.
    pub no_lead: u64,
    /// Requests that came again and were answered before, by both plans.
    pub again: u64,
    /// The time of the first.
    pub first: Option<Timestamp>,
    /// The time of the last.
    pub last: Option<Timestamp>,
}

/// How often something became of a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OutcomeCount {
    /// What.
    pub outcome: Outcome,
    /// How often by each plan.
    #[serde(flatten)]
    pub count: Pair<u64>,
}

/// What a contract, buyer or source comes to by both plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Contracts<T> {
    /// Its id.
    pub id: String,
    /// By each plan.
    #[serde(flatten)]
    pub sums: Pair<T>,
}

/// An hour of the plan's clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Point {
    /// `2026-11-24T09`.
    pub hour: String,
    /// What was sold in it.
    #[serde(flatten)]
    pub sums: Pair<Sums>,
}

/// Two plans over the same leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WhatIfReport {
    /// Version of this format: 1.
    pub v: u32,
    /// Which plans.
    pub plans: Pair<PlanName>,
    /// The currency of the new plan.
    pub currency: Currency,
    /// The leads.
    pub leads: Leads,
    /// What became of them.
    pub outcomes: Vec<OutcomeCount>,
    /// All of them together.
    pub total: Pair<Total>,
    /// What is known, and what is assumed.
    pub basis: Basis,
    /// By contract; those with the greatest difference first.
    pub contracts: Vec<Contracts<Sums>>,
    /// By buyer.
    pub buyers: Vec<Contracts<Sums>>,
    /// By source.
    pub sources: Vec<Contracts<Total>>,
    /// When caps fill.
    pub caps: Pair<Vec<CapPressure>>,
    /// Leads of which something else becomes.
    pub changes: Changes,
    /// By hour.
    pub hours: Vec<Point>,
}

/// Adds both plans up, lead after lead.
///
/// ```
/// # use leadwright::plan::{MemoryResolver, Plan};
/// # let plan = |price: &str, cap: u32| {
/// #     let text = format!(r#"{{
/// #         "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
/// #         "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
/// #         "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
/// #         "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
/// #         "buyers": {{ "acme": {{ "contracts": {{ "acme-il": {{ "in": {{ "roofing/all": {{}} }}, "caps": {{ "day": {cap} }},
/// #             "sell": {{ "exclusive": {{ "price": "{price}" }} }} }} }} }} }} }}"#);
/// #     Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc")
/// # };
/// # let leads = ["5309", "5310"].map(|end| format!(r#"{{"source":"web","received_at":"2026-11-24T15:30:00Z","phone":"312-867-{end}"}}"#));
/// # let late = leadwright::model::Tick::at("2026-11-25T00:00:00Z".parse()?);
/// use leadwright::{engine::{SameReading, Trial}, whatif::{History, WhatIf}};
/// let (old, new) = (plan("40.00", 1)?, plan("42.00", 2)?);
/// let same = SameReading::of(&old, &new);
/// let mut what_if = WhatIf::new(&old, &new, History::OldPlan);
/// let (mut old, mut new) = (Trial::new(old)?, Trial::new(new)?);
/// for lead in &leads {
///     let by_old = old.prepare(lead.as_bytes(), late);
///     let by_new = new.prepare_as(&same, &by_old, lead.as_bytes());
///     let (a, b) = (old.settle(&by_old)?, new.settle(&by_new)?);
///     what_if.add((&old, &new), (&by_old, &by_new), (a.as_ref(), b.as_ref()), None);
/// }
/// let report = what_if.report();
/// assert_eq!(report.basis.difference.to_string(), "44.00");
/// assert_eq!(report.basis.without_assumed.to_string(), "-40.00", "it never paid 42.00, and never had the second lead");
/// assert_eq!(report.changes.reasons[0].old, "contract.caps: caps.contract.day");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct WhatIf {
    plans: Pair<PlanName>,
    currency: Currency,
    zone: Zone,
    leads: Leads,
    outcomes: BTreeMap<Outcome, Pair<u64>>,
    total: Pair<Total>,
    basis: Basis,
    contracts: BTreeMap<ContractId, Pair<Sums>>,
    buyers: BTreeMap<BuyerId, Pair<Sums>>,
    sources: BTreeMap<SourceId, Pair<Total>>,
    caps: Pair<Pressure>,
    changes: Ledger,
    hours: BTreeMap<String, Pair<Sums>>,
}

impl WhatIf {
    /// Nothing yet.
    pub fn new(old: &Plan, new: &Plan, history: History) -> Self {
        let name = |plan: &Plan| PlanName { name: plan.name().to_owned(), hash: plan.hash().to_owned() };
        Self {
            plans: Pair { old: name(old), new: name(new) },
            currency: new.currency,
            zone: new.zone.clone(),
            leads: Leads::default(),
            outcomes: BTreeMap::new(),
            total: Pair::default(),
            basis: Basis { history, ..Basis::default() },
            contracts: BTreeMap::new(),
            buyers: BTreeMap::new(),
            sources: BTreeMap::new(),
            caps: Pair { old: Pressure::new(old), new: Pressure::new(new) },
            changes: Ledger::default(),
            hours: BTreeMap::new(),
        }
    }

    /// Counts a line that is no lead at all.
    pub fn add_no_lead(&mut self) {
        self.leads.no_lead += 1;
    }

    /// Adds a lead with what both plans made of it, none for a request that was answered before. `past` are the sales
    /// that the history knows; without a history those of the old plan. Gives the change, if there is one.
    pub fn add(
        &mut self,
        trials: (&Trial, &Trial),
        prepared: (&Prepared, &Prepared),
        (old, new): (Option<&Tried>, Option<&Tried>),
        past: Option<&[PastSale]>,
    ) -> Option<Change> {
        self.leads.read += 1;
        let times = [old, new].into_iter().flatten().map(|tried| tried.at);
        for at in times {
            self.leads.first = Some(self.leads.first.map_or(at, |first| first.min(at)));
            self.leads.last = Some(self.leads.last.map_or(at, |last| last.max(at)));
        }
        if let Some(old) = old {
            self.side(old, |pair| &mut pair.old, |pair| &mut pair.old, |pair| &mut pair.old);
            self.caps.old.add(old);
        }
        if let Some(new) = new {
            self.side(new, |pair| &mut pair.new, |pair| &mut pair.new, |pair| &mut pair.new);
            self.caps.new.add(new);
        }
        let (Some(old), Some(new)) = (old, new) else {
            self.leads.again += u64::from(old.is_none() && new.is_none());
            // Only one plan held the lead when it came first.
            if let Some(new) = new.filter(|new| new.outcome != Outcome::Test) {
                self.basis.add(past.unwrap_or_default(), new);
            }
            return None;
        };
        if new.outcome == Outcome::Test || old.outcome == Outcome::Test {
            return None;
        }
        match past {
            Some(past) => {
                let happened = |sale: &TrialSale| past.iter().any(|past| alike(past, sale));
                let same = past.len() == old.sales.len() && old.sales.iter().all(happened);
                self.basis.unlike_history += u64::from(!same);
                self.basis.add(past, new);
            }
            None => self.basis.add(&old.sales.iter().map(PastSale::from).collect::<Vec<_>>(), new),
        }
        let change = Change::of(trials, prepared, (old, new))?;
        self.changes.add(&change);
        Some(change)
    }

    fn side(
        &mut self,
        tried: &Tried,
        count: fn(&mut Pair<u64>) -> &mut u64,
        sums: fn(&mut Pair<Sums>) -> &mut Sums,
        total: fn(&mut Pair<Total>) -> &mut Total,
    ) {
        *count(self.outcomes.entry(tried.outcome).or_default()) += 1;
        if tried.outcome == Outcome::Test {
            return;
        }
        total(&mut self.total).add(tried);
        match self.sources.get_mut(&tried.source) {
            Some(pair) => total(pair).add(tried),
            None => total(self.sources.entry(tried.source.clone()).or_default()).add(tried),
        }
        for sold in &tried.sales {
            // A contract that has another id in the new plan is the same one.
            let rows = [entry(&mut self.contracts, &sold.known_as), entry(&mut self.buyers, &sold.buyer)];
            for pair in rows.into_iter().flatten() {
                sums(pair).sold += 1;
                sums(pair).add_sale(sold.price, sold.payout);
            }
        }
        if tried.sales.is_empty() {
            return;
        }
        let (date, quarter) = self.zone.slot(tried.at);
        let hour = format!("{date}T{:02}", quarter / 4);
        let is_full = self.hours.len() >= POINTS && !self.hours.contains_key(&hour);
        let point =
            if is_full { self.hours.values_mut().next_back() } else { Some(self.hours.entry(hour).or_default()) };
        if let Some(point) = point {
            sums(point).add(tried);
        }
    }

    /// What there is to say.
    pub fn report(&self) -> WhatIfReport {
        let mut contracts: Vec<_> = self.contracts.iter().map(|(id, sums)| row(id.as_str(), *sums)).collect();
        let mut buyers: Vec<_> = self.buyers.iter().map(|(id, sums)| row(id.as_str(), *sums)).collect();
        let apart = |row: &Contracts<Sums>| {
            let units = |sums: &Sums| sums.revenue.units();
            std::cmp::Reverse((units(&row.sums.new) - units(&row.sums.old)).unsigned_abs())
        };
        contracts.sort_by_key(apart);
        buyers.sort_by_key(apart);
        WhatIfReport {
            v: 1,
            plans: self.plans.clone(),
            currency: self.currency,
            leads: self.leads,
            outcomes: self
                .outcomes
                .iter()
                .map(|(outcome, count)| OutcomeCount { outcome: *outcome, count: *count })
                .collect(),
            total: self.total,
            basis: self.basis.finished(self.total.old.sums.revenue, self.total.new.sums.revenue),
            contracts,
            buyers,
            sources: self.sources.iter().map(|(id, sums)| row(id.as_str(), *sums)).collect(),
            caps: Pair { old: self.caps.old.report().caps, new: self.caps.new.report().caps },
            changes: self.changes.changes(),
            hours: self.hours.iter().map(|(hour, sums)| Point { hour: hour.clone(), sums: *sums }).collect(),
        }
    }
}

/// The entry of an id, which is copied the first time only.
fn entry<'a, K: Ord + Clone>(rows: &'a mut BTreeMap<K, Pair<Sums>>, id: &K) -> Option<&'a mut Pair<Sums>> {
    if !rows.contains_key(id) {
        rows.insert(id.clone(), Pair::default());
    }
    rows.get_mut(id)
}

fn row<T>(id: &str, sums: Pair<T>) -> Contracts<T> {
    Contracts { id: id.to_owned(), sums }
}

fn alike(past: &PastSale, sold: &TrialSale) -> bool {
    let contract = past.contract == sold.contract || past.contract == sold.known_as;
    contract && past.sale == sold.sale && past.price == sold.price
}
