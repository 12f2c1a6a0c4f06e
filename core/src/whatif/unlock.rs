//! Which single check, had it been none, would have sold the most leads that nobody got.

use super::sums::{minus, plus};
use crate::engine::{OneCheck, Room, Tried};
use crate::model::{BuyerId, ContractId, Currency, Money, Outcome, Timestamp};
use crate::plan::Plan;
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};

/// More rows than this are not kept apart.
const ROWS: usize = 50_000;

/// Adds up near misses; leads stream through.
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
/// use leadwright::{engine::Trial, whatif::Unlock};
/// let mut trial = Trial::new(plan("40.00", 1)?)?;
/// let mut unlock = Unlock::new(trial.plan());
/// for lead in &leads {
///     let lead = trial.prepare(lead.as_bytes(), late);
///     let (tried, near) = trial.settle_near(&lead)?.ok_or("it was there before")?;
///     unlock.add(&tried, near);
/// }
/// let row = &unlock.report().rows[0];
/// assert_eq!((row.check.as_str(), row.leads, row.revenue.to_string().as_str()), ("caps.contract.day", 1, "40.00"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Unlock {
    currency: Currency,
    leads: u64,
    unmatched: u64,
    unsold: u64,
    rows: BTreeMap<(ContractId, String), Row>,
    left_out: u64,
}

#[derive(Clone, Debug)]
struct Row {
    buyer: BuyerId,
    wanted: Option<String>,
    leads: u64,
    no_room: u64,
    revenue: Money,
    payout: Money,
    /// What this row would use of the caps, by cap.
    used: BTreeMap<String, Used>,
}

/// What a row would use of a cap, in the window that is open now.
#[derive(Clone, Debug, Default)]
struct Used {
    window: String,
    sum: i64,
    /// What the sum is made of, the oldest first, where the window is a rolling one.
    moments: VecDeque<(Timestamp, i64)>,
}

impl Used {
    /// Lets go of what the window does not hold any more.
    fn pass(&mut self, window: &str, rolling: Option<i64>, at: Timestamp) {
        if self.window != window {
            *self = Used { window: window.to_owned(), ..Used::default() };
        }
        let Some(span) = rolling else { return };
        while let Some((_, much)) = self.moments.front().filter(|(then, _)| at.millis() - then.millis() >= span) {
            self.sum = self.sum.saturating_sub(*much);
            self.moments.pop_front();
        }
    }
}

/// One check of one contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnlockRow {
    /// The contract.
    pub contract: ContractId,
    /// Its buyer.
    pub buyer: BuyerId,
    /// The check: `where.roof_age`, `caps.contract.day`, `hours`, `floor`, `min_margin` …
    pub check: String,
    /// What it wants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wanted: Option<String>,
    /// Leads that nobody got and that this contract would have got without the check.
    pub leads: u64,
    /// More such leads, for which its other caps would have had no room.
    pub no_room: u64,
    /// What the contract would have paid.
    pub revenue: Money,
    /// What would have stayed of it.
    pub margin: Money,
}

/// The checks, the one that would have brought the most comes first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnlockReport {
    /// Version of this format: 1.
    pub v: u32,
    /// The plan's currency.
    pub currency: Currency,
    /// How many leads were decided.
    pub leads: u64,
    /// Of these, no contract wanted so many.
    pub unmatched: u64,
    /// Of these, some wanted so many and none could take them.
    pub unsold: u64,
    /// A row for each check. Rows are not to be added: a lead may be in several.
    pub rows: Vec<UnlockRow>,
    /// Near misses that had no row left.
    #[serde(skip_serializing_if = "is_zero")]
    pub left_out: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Unlock {
    /// Nothing yet.
    pub fn new(plan: &Plan) -> Self {
        Self { currency: plan.currency, leads: 0, unmatched: 0, unsold: 0, rows: BTreeMap::new(), left_out: 0 }
    }

    /// Adds a lead with its near misses.
    pub fn add(&mut self, tried: &Tried, near: Vec<OneCheck>) {
        self.leads += 1;
        self.unmatched += u64::from(tried.outcome == Outcome::Unmatched);
        self.unsold += u64::from(tried.outcome == Outcome::Unsold);
        for miss in near {
            self.miss(miss, tried.at);
        }
    }

    fn miss(&mut self, miss: OneCheck, at: Timestamp) {
        let key = (miss.contract, miss.check);
        if self.rows.len() >= ROWS && !self.rows.contains_key(&key) {
            self.left_out += 1;
            return;
        }
        let row = self.rows.entry(key).or_insert_with(|| Row {
            buyer: miss.buyer,
            wanted: miss.wanted,
            leads: 0,
            no_room: 0,
            revenue: Money::ZERO,
            payout: Money::ZERO,
            used: BTreeMap::new(),
        });
        if !row.takes(&miss.room, at) {
            row.no_room += 1;
            return;
        }
        row.leads += 1;
        row.revenue = plus(row.revenue, miss.price);
        row.payout = plus(row.payout, miss.payout);
    }

    /// What there is to say.
    pub fn report(&self) -> UnlockReport {
        let row = |((contract, check), row): (&(ContractId, String), &Row)| UnlockRow {
            contract: contract.clone(),
            buyer: row.buyer.clone(),
            check: check.clone(),
            wanted: row.wanted.clone(),
            leads: row.leads,
            no_room: row.no_room,
            revenue: row.revenue,
            margin: minus(row.revenue, row.payout),
        };
        let mut rows: Vec<UnlockRow> = self.rows.iter().map(row).collect();
        rows.sort_by(|a, b| {
            let rank = |row: &UnlockRow| (row.margin, row.leads);
            rank(b).cmp(&rank(a)).then_with(|| (&a.contract, &a.check).cmp(&(&b.contract, &b.check)))
        });
        let Self { currency, leads, unmatched, unsold, left_out, .. } = *self;
        UnlockReport { v: 1, currency, leads, unmatched, unsold, rows, left_out }
    }
}

impl Row {
    /// Whether the caps have room for one more of this row; if so it is taken.
    fn takes(&mut self, room: &[Room], at: Timestamp) -> bool {
        let mut fits = true;
        for room in room {
            let (cap, window) = cap_and_window(&room.counter);
            let used = self.used.entry(cap).or_default();
            used.pass(window, room.rolling, at);
            fits &= used.sum.saturating_add(room.cost) <= room.left;
        }
        for room in room.iter().filter(|_| fits) {
            let used = self.used.entry(cap_and_window(&room.counter).0).or_default();
            used.sum = used.sum.saturating_add(room.cost);
            if room.rolling.is_some() {
                used.moments.push_back((at, room.cost));
            }
        }
        fits
    }
}

/// The counter of a window as its cap, whose windows come one after the other, and the window.
fn cap_and_window(counter: &str) -> (String, &str) {
    let window = counter.split('|').nth(1).unwrap_or_default();
    let kind = window.split_once(':').map_or(window, |(kind, _)| kind);
    (counter.replacen(window, kind, 1), window)
}
