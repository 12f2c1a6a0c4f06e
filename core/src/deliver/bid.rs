//! Whether a bid counts.

use super::{Answered, Meaning};
use crate::model::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which bids count (rules 55 and 56).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BidTerms {
    /// The least.
    pub min: Option<Money>,
    /// The most; more is a mistake.
    pub max: Option<Money>,
    /// Whether a bid of 0 is one.
    pub accept_zero: bool,
}

/// What a bid comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bid {
    /// It counts: the amount in the currency of the plan.
    Good(Money),
    /// There is none, or it is less than the least.
    None,
    /// It is a mistake; the breaker hears of it.
    Bad(BadBid),
    /// What came is no answer to a ping.
    Error,
}

/// Why a bid is a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadBid {
    /// It is no amount (rule 55).
    NoAmount,
    /// It is more than the contract ever pays (rule 56).
    OverMax,
    /// It is in a currency that the plan has no rate for (rule 57).
    Currency,
}

/// Whether a bid counts. `rates` say what one unit of a currency is worth in that of the plan; there are no others, and none
/// is ever looked up.
///
/// ```
/// use leadwright::deliver::{Answered, BadBid, Bid, BidTerms, Meaning, judge_bid};
/// use leadwright::model::{AttemptClass, Currency};
/// let terms = BidTerms { min: Some("8.00".parse()?), max: Some("120.00".parse()?), accept_zero: false };
/// let bid = |price: &str| {
///     let answered = Answered::bid(price.parse().ok(), None);
///     judge_bid(&terms, &answered, Currency::USD, &[].into())
/// };
/// assert_eq!(bid("12.50"), Bid::Good("12.50".parse()?));
/// assert_eq!(bid("1250"), Bid::Bad(BadBid::OverMax));
/// assert_eq!(bid("7.99"), Bid::None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn judge_bid(terms: &BidTerms, answered: &Answered, currency: Currency, rates: &BTreeMap<Currency, Money>) -> Bid {
    match answered.meaning {
        Some(Meaning::Bid) => {}
        Some(Meaning::NoBid | Meaning::Rejected | Meaning::Duplicate | Meaning::DuplicateOfOurs) => return Bid::None,
        _ => return Bid::Error,
    }
    let Some(price) = answered.price else { return Bid::Bad(BadBid::NoAmount) };
    let theirs = answered.currency.unwrap_or(currency);
    let price = match rates.get(&theirs) {
        _ if answered.bad_currency => None,
        _ if theirs == currency => Some(price),
        Some(rate) => exchanged(price, *rate),
        None => None,
    };
    let Some(price) = price else { return Bid::Bad(BadBid::Currency) };
    if terms.max.is_some_and(|max| price > max) {
        return Bid::Bad(BadBid::OverMax);
    }
    let is_none = price == Money::ZERO && !terms.accept_zero || terms.min.is_some_and(|min| price < min);
    if is_none { Bid::None } else { Bid::Good(price) }
}

/// Rounded down: what is less than the smallest step is nobody's.
pub(crate) fn exchanged(price: Money, rate: Money) -> Option<Money> {
    let units = i128::from(price.units()) * i128::from(rate.units()) / i128::from(Money::SCALE);
    i64::try_from(units).ok().and_then(Money::from_units)
}
