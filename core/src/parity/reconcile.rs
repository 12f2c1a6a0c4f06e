//! What was written down in the end: for each lead in the legacy's table and in ours, and in money by buyer and day. Calls
//! that agree are no proof of it, as outcomes are also written later, by other jobs.

use super::class::Class;
use super::decimal::Decimal;
use crate::model::{Code, Date, Error, Money, RawMap, RawValue, Timestamp};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// So many leads of a class are named.
const NAMED: usize = 10;

/// What became of a lead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Final {
    /// When it was written down, the latest time.
    pub at: Option<Timestamp>,
    /// Who has it, and for how much.
    pub sales: BTreeMap<String, Money>,
    /// Whether somebody gave it back.
    pub returned: bool,
}

impl Final {
    /// Adds what one row of the legacy's table says of a lead: `status`, `buyer`, `price`, `at`. Gives the lead.
    ///
    /// # Errors
    /// `input.bad_option` for a row without a lead, or with a price or a time that is none.
    ///
    /// ```
    /// use leadwright::{model::read_raw, parity::Final};
    /// let row = read_raw(br#"{"lead": "L1", "status": "sold", "buyer": "acme", "price": "$40.00", "at": "2026-11-28T12:00:00Z"}"#)?;
    /// let mut leads = std::collections::BTreeMap::new();
    /// Final::add_row(&mut leads, &row.map)?;
    /// assert_eq!(leads["L1"].sales["acme"].to_string(), "40.00");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_row(leads: &mut BTreeMap<String, Self>, row: &RawMap) -> Result<(), Error> {
        let text = |name: &str| match row.get(name) {
            Some(RawValue::Text(text) | RawValue::Number(text)) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        };
        let bad = |what: &str| Error::new(Code::InputBadOption, what.to_owned());
        let lead = text("lead").ok_or_else(|| bad("a row has no `lead`"))?;
        let price = text("price").map(|text| Decimal::amount(text).and_then(Decimal::money));
        let price = price.unwrap_or(Some(Money::ZERO)).ok_or_else(|| bad("a `price` is no amount"))?;
        let at = text("at").map(str::parse).transpose();
        let at: Option<Timestamp> = at.map_err(|_| bad("an `at` is no time of RFC 3339 with a zone"))?;
        let found = leads.entry(lead.to_owned()).or_default();
        found.at = found.at.max(at);
        let status = text("status").map(str::to_ascii_lowercase).unwrap_or_default();
        match status.as_str() {
            "returned" | "refunded" | "credited" => found.returned = true,
            "" | "sold" | "assigned" | "accepted" | "delivered" => {
                if let Some(buyer) = text("buyer") {
                    found.sell(buyer, price);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Adds a sale.
    pub fn sell(&mut self, buyer: &str, price: Money) {
        let sum = self.sales.entry(buyer.to_owned()).or_default();
        *sum = sum.checked_add(price).unwrap_or(Money::MAX);
    }

    fn total(&self) -> Money {
        self.sales.values().fold(Money::ZERO, |sum, price| sum.checked_add(*price).unwrap_or(Money::MAX))
    }

    fn day(&self) -> Option<Date> {
        super::rules::day_of(self.at?)
    }
}

/// Both tables side by side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Reconciled {
    /// Of this shape.
    pub schema_version: u32,
    /// Leads in both tables.
    pub both: u64,
    /// Of those, without a difference.
    pub same: u64,
    /// Leads that are too young to say.
    pub too_young: u64,
    /// The differences, by class: `missing` are leads that only the legacy has, `extra` those that only we have.
    pub classes: BTreeMap<Class, ClassOfFinals>,
    /// Money by buyer and day, where it differs.
    pub totals: Vec<Total>,
    /// Money of all leads in the legacy's table.
    pub legacy_money: Money,
    /// Money of all leads in ours.
    pub our_money: Money,
}

/// Leads that differ in one way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ClassOfFinals {
    /// How many.
    pub count: u64,
    /// What ours takes more.
    pub money: Money,
    /// Some of them.
    pub leads: Vec<String>,
}

/// One buyer on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Total {
    /// Who.
    pub buyer: String,
    /// On which day, in UTC; of leads without a time none.
    pub day: Option<Date>,
    /// By the legacy's table.
    pub legacy: Money,
    /// By ours.
    pub ours: Money,
}

impl Reconciled {
    /// Compares what both tables say of leads that were written down until a time.
    ///
    /// ```
    /// use leadwright::{model::{Money, Timestamp}, parity::{Class, Final, Reconciled}};
    /// let lead = |buyer: &str, price: &str| -> Result<Final, Box<dyn std::error::Error>> {
    ///     let mut lead = Final { at: Some(Timestamp::EPOCH), ..Final::default() };
    ///     lead.sell(buyer, price.parse()?);
    ///     Ok(lead)
    /// };
    /// let (legacy, ours) = ([("L1".to_owned(), lead("acme", "40")?)], [("L1".to_owned(), lead("acme", "38")?)]);
    /// let found = Reconciled::of(&legacy.into(), &ours.into(), Timestamp::EPOCH);
    /// assert_eq!(found.classes[&Class::SameBuyerOtherPrice].money.to_string(), "-2.00");
    /// assert!(!found.is_same());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn of(legacy: &BTreeMap<String, Final>, ours: &BTreeMap<String, Final>, until: Timestamp) -> Self {
        let mut found = Self { schema_version: 1, ..Self::default() };
        let mut totals: BTreeMap<(String, Option<Date>), (Money, Money)> = BTreeMap::new();
        for lead in legacy.keys().chain(ours.keys()).collect::<BTreeSet<_>>() {
            let (a, b) = (legacy.get(lead), ours.get(lead));
            let at = a.and_then(|lead| lead.at).max(b.and_then(|lead| lead.at));
            if at.is_some_and(|at| at > until) {
                found.too_young += 1;
                continue;
            }
            found.add(lead, a, b);
            // One day for both: each side has its own moment of the same sale.
            let day = a.or(b).and_then(Final::day);
            for (buyer, price) in a.into_iter().flat_map(|lead| &lead.sales) {
                let sum = &mut totals.entry((buyer.clone(), day)).or_default().0;
                *sum = sum.checked_add(*price).unwrap_or(Money::MAX);
            }
            for (buyer, price) in b.into_iter().flat_map(|lead| &lead.sales) {
                let sum = &mut totals.entry((buyer.clone(), day)).or_default().1;
                *sum = sum.checked_add(*price).unwrap_or(Money::MAX);
            }
        }
        let differ = totals.into_iter().filter(|(_, (legacy, ours))| legacy != ours);
        found.totals = differ.map(|((buyer, day), (legacy, ours))| Total { buyer, day, legacy, ours }).collect();
        found
    }

    /// Whether every lead is the same in both.
    pub fn is_same(&self) -> bool {
        self.classes.is_empty()
    }

    fn add(&mut self, lead: &str, a: Option<&Final>, b: Option<&Final>) {
        let total = |lead: Option<&Final>| lead.map_or(Money::ZERO, Final::total);
        let plus = |a: Money, b: Money| a.checked_add(b).unwrap_or(Money::MAX);
        self.legacy_money = plus(self.legacy_money, total(a));
        self.our_money = plus(self.our_money, total(b));
        self.both += u64::from(a.is_some() && b.is_some());
        let Some(class) = class(a, b) else {
            self.same += 1;
            return;
        };
        let of = self.classes.entry(class).or_default();
        of.count += 1;
        of.money = plus(of.money, total(b).checked_sub(total(a)).unwrap_or(Money::MAX));
        if of.leads.len() < NAMED {
            of.leads.push(lead.to_owned());
        }
    }
}

fn class(a: Option<&Final>, b: Option<&Final>) -> Option<Class> {
    let (Some(a), Some(b)) = (a, b) else {
        return Some(if a.is_some() { Class::Missing } else { Class::Extra });
    };
    match (a.sales.is_empty(), b.sales.is_empty()) {
        (false, true) => Some(Class::LegacySoldNewNot),
        (true, false) => Some(Class::LegacyNotNewSold),
        // Nobody has it: given back here, and never sold there.
        (true, true) => (a.returned != b.returned).then_some(Class::Value),
        _ if a.sales == b.sales => None,
        _ if a.sales.keys().eq(b.sales.keys()) => Some(Class::SameBuyerOtherPrice),
        _ if a.total() == b.total() => Some(Class::OtherBuyerSamePrice),
        _ => Some(Class::OtherBuyerOtherPrice),
    }
}
