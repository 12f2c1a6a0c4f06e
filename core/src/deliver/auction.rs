//! An auction as data: who is asked, for how long, and what each answer is taken for. It has no clock and no socket.

use super::{Answered, BadBid, Bid, BidTerms, Exchanged, Lost, NotSent, judge_bid};
use crate::model::{AttemptClass, Currency, Money, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long a bid holds that does not say so itself, in milliseconds.
const HOLDS: i64 = 5 * 60_000;

/// What was heard of a contract that was asked for a bid. Only [`Bid`](Heard::Bid) sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// It bids.
    Bid,
    /// It does not want it, or not for the least that counts.
    NoBid,
    /// What it bids is a mistake (rules 55 to 57).
    Bad(BadBid),
    /// It answered after its time (rule 53).
    Late,
    /// It did not answer.
    Timeout,
    /// It answered something that is no answer to a ping.
    Error,
    /// Nothing was sent to it.
    NotSent,
    /// Its bid ran out before it could be used (rule 54).
    Expired,
}

impl Heard {
    /// Its word.
    ///
    /// ```
    /// assert_eq!(leadwright::deliver::Heard::NoBid.as_str(), "no_bid");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Heard::Bid => "bid",
            Heard::NoBid => "no_bid",
            Heard::Bad(BadBid::NoAmount) => "bad_bid.no_amount",
            Heard::Bad(BadBid::OverMax) => "bad_bid.over_max",
            Heard::Bad(BadBid::Currency) => "bad_bid.currency",
            Heard::Late => "late",
            Heard::Timeout => "timeout",
            Heard::Error => "error",
            Heard::NotSent => "not_sent",
            Heard::Expired => "expired",
        }
    }

    /// How the call ended, for the breaker of who was asked: a bid that is a mistake is a failure (rule 55).
    pub fn class(self) -> AttemptClass {
        match self {
            Heard::Bid | Heard::Expired => AttemptClass::Accepted,
            Heard::NoBid => AttemptClass::Rejected,
            Heard::Bad(_) | Heard::Error => AttemptClass::Unavailable,
            Heard::Late | Heard::Timeout => AttemptClass::Unknown,
            Heard::NotSent => AttemptClass::NotSent,
        }
    }
}

/// What is needed to judge an answer to a ping.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    /// Which bids count.
    pub terms: &'a BidTerms,
    /// The currency of the plan.
    pub currency: Currency,
    /// What one unit of other currencies is worth in it.
    pub rates: &'a BTreeMap<Currency, Money>,
}

/// What an answer to a ping comes to: what was heard, the price of a bid, and until when it holds.
///
/// `late` says whether it came after the time of the contract or of the auction: it is recorded, and never used.
///
/// ```
/// use leadwright::deliver::{Answered, BidTerms, Exchanged, Heard, Judge, Response, hear};
/// use leadwright::model::{Currency, Timestamp};
/// let judge = Judge { terms: &BidTerms::default(), currency: Currency::USD, rates: &[].into() };
/// let (exchanged, now) = (Exchanged::Answered(Response::default()), Timestamp::EPOCH);
/// let bid = Answered::bid(Some("12.50".parse()?), None);
/// let heard = hear(&judge, &exchanged, &bid, false, now);
/// assert_eq!((heard.is, heard.price), (Heard::Bid, Some("12.50".parse()?)));
/// assert_eq!(heard.until, Some(now.plus_millis(300_000)), "as long as nothing else is said");
/// assert_eq!(hear(&judge, &exchanged, &bid, true, now).is, Heard::Late);
/// # Ok::<(), leadwright::model::MoneyError>(())
/// ```
pub fn hear(judge: &Judge<'_>, exchanged: &Exchanged, answered: &Answered, late: bool, now: Timestamp) -> HeardBid {
    let (is, price) = match (exchanged, late) {
        (Exchanged::NotSent(NotSent::TooLate) | Exchanged::Lost(Lost::Timeout), _) => (Heard::Timeout, None),
        (Exchanged::NotSent(_), _) => (Heard::NotSent, None),
        (Exchanged::Lost(_), _) => (Heard::Error, None),
        (Exchanged::Answered(_), true) => (Heard::Late, answered.price),
        (Exchanged::Answered(_), false) => match judge_bid(judge.terms, answered, judge.currency, judge.rates) {
            Bid::Good(price) => (Heard::Bid, Some(price)),
            Bid::None => (Heard::NoBid, None),
            Bid::Bad(bad) => (Heard::Bad(bad), answered.price),
            Bid::Error => (Heard::Error, None),
        },
    };
    let holds = || answered.expires.unwrap_or_else(|| now.plus_millis(HOLDS));
    HeardBid { is, price, until: (is == Heard::Bid).then(holds), id: answered.id.clone() }
}

/// What was heard, with what goes with a bid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardBid {
    /// What it is.
    pub is: Heard,
    /// The price, in the currency of the plan; of what is no bid what it said.
    pub price: Option<Money>,
    /// Until when a bid holds.
    pub until: Option<Timestamp>,
    /// What the buyer calls it.
    pub id: Option<String>,
}
