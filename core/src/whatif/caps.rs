//! When caps fill, and what they turn away.

use super::sums::plus;
use crate::engine::{CapEvent, CapHappened, Tried};
use crate::limits::Zone;
use crate::model::{Currency, Money, Outcome, Timestamp};
use crate::plan::Plan;
use serde::Serialize;
use std::collections::BTreeMap;

/// When the caps of a plan fill; leads stream through, one after the other.
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
/// use leadwright::{engine::Trial, whatif::Pressure};
/// let mut trial = Trial::new(plan("40.00", 1)?)?;
/// let mut pressure = Pressure::new(trial.plan());
/// for lead in &leads {
///     let lead = trial.prepare(lead.as_bytes(), late);
///     pressure.add(&trial.settle(&lead)?.ok_or("it was there before")?);
/// }
/// let cap = &pressure.report().caps[0];
/// assert_eq!((cap.owner.as_str(), cap.filled, cap.turned_away), ("contract:acme-il", 1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pressure {
    zone: Zone,
    currency: Currency,
    caps: BTreeMap<String, OfCap>,
    leads: u64,
    /// Room for the name of a cap.
    name: String,
}

#[derive(Clone, Debug, Default)]
struct OfCap {
    limit: i64,
    /// The window that is open now, and whether it is full.
    window: String,
    is_full: bool,
    /// When it last became full.
    full_since: Option<Timestamp>,
    filled: u64,
    first: Option<Timestamp>,
    /// How often it was full by each hour of the day.
    by_hour: [u32; 24],
    /// The minutes of the day at which it was full, added up.
    minutes: u64,
    turned_away: u64,
    asked: Money,
    unsold: u64,
    unsold_money: Money,
}

/// One cap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CapPressure {
    /// Whose: `contract:acme`, `buyer:summit`, `group:roofing/open`, `source:web`.
    pub owner: String,
    /// `hour`, `day`, `week`, `month` or `total`.
    pub window: String,
    /// `count` or `spend`.
    pub measure: String,
    /// Leads, or an amount of money.
    pub limit: String,
    /// In how many windows it was full.
    pub filled: u64,
    /// When it was full for the first time.
    pub first_filled: Option<Timestamp>,
    /// The time of day at which it was full, on average, on the plan's clock: `HH:MM`.
    pub usually_at: Option<String>,
    /// In how many windows it was full by each hour of the day: 24 numbers.
    pub by_hour: Vec<u32>,
    /// Leads that it kept from a contract. A lead counts once for each contract.
    pub turned_away: u64,
    /// What those contracts ask for them.
    pub asked: Money,
    /// Those of them that nobody got.
    pub unsold: u64,
    /// What those contracts ask for them.
    pub unsold_money: Money,
}

/// When the caps of a plan fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PressureReport {
    /// Version of this format: 1.
    pub v: u32,
    /// The plan's currency.
    pub currency: Currency,
    /// How many leads were decided.
    pub leads: u64,
    /// Caps that were full or turned leads away; the one that kept the most money from being made comes first.
    pub caps: Vec<CapPressure>,
}

impl Pressure {
    /// Nothing yet.
    pub fn new(plan: &Plan) -> Self {
        Self { zone: plan.zone.clone(), currency: plan.currency, caps: BTreeMap::new(), leads: 0, name: String::new() }
    }

    /// Adds a lead.
    pub fn add(&mut self, tried: &Tried) {
        self.leads += 1;
        let nobody = tried.outcome == Outcome::Unsold;
        for event in &tried.caps {
            self.event(event, tried.at, nobody);
        }
    }

    fn event(&mut self, event: &CapEvent, at: Timestamp, nobody: bool) {
        let window = split(&event.counter, &mut self.name);
        let zone = &self.zone;
        if !self.caps.contains_key(&self.name) {
            self.caps.insert(self.name.clone(), OfCap::default());
        }
        let Some(cap) = self.caps.get_mut(&self.name) else { return };
        cap.limit = event.limit;
        if cap.window != window {
            cap.window = window.to_owned();
            cap.is_full = false;
        }
        if let Some(span) = event.rolling {
            // What fills it had room before; after its span nothing of then is left in it.
            let is_over = cap.full_since.is_some_and(|since| at.millis() - since.millis() >= span);
            cap.is_full &= !is_over && event.what != CapHappened::Filled;
        }
        // A money cap is full as soon as it has no room for a sale.
        if !cap.is_full {
            cap.is_full = true;
            cap.full_since = Some(at);
            cap.filled += 1;
            cap.first = cap.first.or(Some(at));
            let quarter = usize::from(zone.slot(at).1);
            cap.minutes += quarter as u64 * 15;
            if let Some(hour) = cap.by_hour.get_mut(quarter / 4) {
                *hour += 1;
            }
        }
        if let CapHappened::TurnedAway { price, .. } = &event.what {
            cap.turned_away += 1;
            cap.asked = plus(cap.asked, *price);
            if nobody {
                cap.unsold += 1;
                cap.unsold_money = plus(cap.unsold_money, *price);
            }
        }
    }

    /// What there is to say.
    pub fn report(&self) -> PressureReport {
        let mut caps: Vec<CapPressure> = self.caps.iter().map(|(name, cap)| cap.pressure(name)).collect();
        caps.sort_by(|a, b| {
            let rank = |cap: &CapPressure| (cap.unsold_money, cap.asked, cap.filled);
            rank(b)
                .cmp(&rank(a))
                .then_with(|| (&a.owner, &a.window, &a.measure).cmp(&(&b.owner, &b.window, &b.measure)))
        });
        PressureReport { v: 1, currency: self.currency, leads: self.leads, caps }
    }
}

impl OfCap {
    fn pressure(&self, name: &str) -> CapPressure {
        let mut parts = name.split('|');
        let mut part = || parts.next().unwrap_or_default().to_owned();
        let (owner, window, measure) = (part(), part(), part());
        let limit = match measure.as_str() {
            "spend" => Money::from_units(self.limit).unwrap_or(Money::MAX).to_string(),
            _ => self.limit.to_string(),
        };
        let usual = self.minutes.checked_div(self.filled).filter(|_| window != "hour");
        CapPressure {
            owner,
            window,
            measure,
            limit,
            filled: self.filled,
            first_filled: self.first,
            usually_at: usual.map(|minutes| format!("{:02}:{:02}", minutes / 60, minutes % 60)),
            by_hour: self.by_hour.to_vec(),
            turned_away: self.turned_away,
            asked: self.asked,
            unsold: self.unsold,
            unsold_money: self.unsold_money,
        }
    }
}

/// `contract:a|day:2026-11-24|count|sold` is the cap `contract:a|day|count` in the window `day:2026-11-24`.
fn split<'a>(counter: &'a str, name: &mut String) -> &'a str {
    let mut parts = counter.split('|');
    let (owner, window) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let measure = parts.next().unwrap_or_default();
    let kind = window.split_once(':').map_or(window, |(kind, _)| kind);
    name.clear();
    for part in [owner, "|", kind, "|", measure] {
        name.push_str(part);
    }
    window
}
