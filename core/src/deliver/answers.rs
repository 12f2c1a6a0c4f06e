//! What a buyer answered: the table of the endpoint, first match.

use super::body::{at, tree};
use super::endpoint::{Answer, Endpoint, Look};
use super::filter::plain;
use super::{Exchanged, NotSent, Response};
use crate::model::{AttemptClass, Currency, Money, RawValue, Timestamp, looks_like_a_value};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The longest that a buyer may make us wait, and the longest that a bid holds, in milliseconds.
const DAY: i64 = 24 * 3_600_000;
/// Longest id of a buyer that is kept, in bytes.
const ID: usize = 128;
/// Longest reason of a buyer that is kept as it came.
const REASON: usize = 64;
/// What a reason is called that says too much.
const OTHER: &str = "other";

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// For a bid.
    Ping,
    /// To take the lead.
    Post,
}

/// What an answer means, by the table of the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Meaning {
    /// The buyer has the lead.
    Accepted,
    /// The buyer does not want it.
    Rejected,
    /// The buyer had it from somebody else (rule 50).
    Duplicate,
    /// The buyer had it from us, by this key.
    DuplicateOfOurs,
    /// The buyer will say later.
    Queued,
    /// The buyer would pay.
    Bid,
    /// The buyer would not.
    NoBid,
    /// Something is wrong at the buyer.
    Error,
}

impl Meaning {
    /// All of them.
    pub const ALL: [Meaning; 8] = [
        Meaning::Accepted,
        Meaning::Rejected,
        Meaning::Duplicate,
        Meaning::DuplicateOfOurs,
        Meaning::Queued,
        Meaning::Bid,
        Meaning::NoBid,
        Meaning::Error,
    ];

    /// Its word in the plan.
    ///
    /// ```
    /// assert_eq!(leadwright::deliver::Meaning::NoBid.as_str(), "no_bid");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Meaning::Accepted => "accepted",
            Meaning::Rejected => "rejected",
            Meaning::Duplicate => "duplicate",
            Meaning::DuplicateOfOurs => "duplicate_of_ours",
            Meaning::Queued => "queued",
            Meaning::Bid => "bid",
            Meaning::NoBid => "no_bid",
            Meaning::Error => "error",
        }
    }

    /// The meaning of this word.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|meaning| meaning.as_str() == word)
    }

    /// The class of an attempt that was answered so.
    fn class(self, status: u16) -> AttemptClass {
        match self {
            Meaning::Accepted | Meaning::Bid => AttemptClass::Accepted,
            Meaning::DuplicateOfOurs => AttemptClass::DuplicateOfOurs,
            Meaning::Rejected | Meaning::NoBid => AttemptClass::Rejected,
            Meaning::Duplicate => AttemptClass::Duplicate,
            // What comes of it is said later: until then nobody knows.
            Meaning::Queued => AttemptClass::Unknown,
            // It failed in the middle of something, and said so.
            Meaning::Error if (200..300).contains(&status) => AttemptClass::Unavailable,
            Meaning::Error => AttemptClass::of_status(status),
        }
    }
}

/// What came of an exchange, in our words. `Debug` does not show what the buyer wrote.
#[derive(Clone, PartialEq, Eq)]
pub struct Answered {
    /// How the attempt ended.
    pub class: AttemptClass,
    /// What the table says; none where no row fits, or nothing was answered.
    pub meaning: Option<Meaning>,
    /// Which row of the table, the first being 0.
    pub row: Option<usize>,
    /// The status of the answer.
    pub status: Option<u16>,
    /// The price, where the row says where it stands and it is an amount (rule 55).
    pub price: Option<Money>,
    /// Something stands where the price should, and it is no amount: too many decimals, a comma, no number, less than
    /// nothing. Or nothing stands there.
    pub bad_price: bool,
    /// The currency of the price, where the row says where it stands.
    pub currency: Option<Currency>,
    /// Something stands where the currency should, and it is none.
    pub bad_currency: bool,
    /// What the buyer calls it.
    pub id: Option<String>,
    /// Why, as the plan maps it; `other` where it is not mapped and says more than a word.
    pub reason: Option<String>,
    /// Until when a bid holds.
    pub expires: Option<Timestamp>,
    /// How long the buyer asks us to wait, in milliseconds, at most a day.
    pub retry_after: Option<i64>,
}

impl fmt::Debug for Answered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let meaning = self.meaning.map_or("nothing", Meaning::as_str);
        write!(f, "Answered({meaning}, {}, {:?})", self.class.as_str(), self.status)
    }
}

impl Answered {
    /// A bid of so much, for who simulates buyers: none is one that is no amount.
    ///
    /// ```
    /// use leadwright::deliver::{Answered, Meaning};
    /// assert_eq!(Answered::bid(Some("12.50".parse()?), None).meaning, Some(Meaning::Bid));
    /// # Ok::<(), leadwright::model::MoneyError>(())
    /// ```
    pub fn bid(price: Option<Money>, currency: Option<Currency>) -> Self {
        let meaning = Some(Meaning::Bid);
        let bad_price = price.is_none();
        Answered { meaning, price, bad_price, currency, status: Some(200), ..Self::of(AttemptClass::Accepted) }
    }

    fn of(class: AttemptClass) -> Self {
        Answered {
            class,
            meaning: None,
            row: None,
            status: None,
            price: None,
            bad_price: false,
            currency: None,
            bad_currency: false,
            id: None,
            reason: None,
            expires: None,
            retry_after: None,
        }
    }
}

/// What an exchange came to: the first row of the endpoint's table that fits.
///
/// Where none fits, a lead that was posted has no answer, whatever the status of success says (rule 47), and a ping was
/// answered with an error. Of other statuses their own class is taken.
///
/// ```
/// use leadwright::deliver::{Asked, Exchanged, Meaning, Response, read_answer};
/// use leadwright::model::{AttemptClass, Timestamp};
/// use leadwright::plan::{MemoryResolver, Plan};
/// let files = MemoryResolver::new([("plan.jsonc", r#"{
///     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
///     "endpoints": { "hub": { "url": "https://hub.example/in", "answers": [
///         { "if": { "/status": "ok" }, "is": "accepted", "price": "/price" },
///         { "if": { "http": "4xx" }, "is": "rejected", "reason": "/error" } ] } }
/// }"#)]);
/// let plan = Plan::load(&files, "plan.jsonc")?;
/// let hub = plan.endpoint("hub").unwrap();
/// let read = |status, body: &str| {
///     let response = Response { status, headers: vec![], body: body.into() };
///     read_answer(hub, Asked::Post, &Exchanged::Answered(response), Timestamp::EPOCH)
/// };
/// let yes = read(200, r#"{"status":"ok","price":12.5}"#);
/// assert_eq!((yes.class, yes.price), (AttemptClass::Accepted, Some("12.50".parse()?)));
/// assert_eq!(read(422, r#"{"error":"caps"}"#).reason.as_deref(), Some("caps"));
/// assert_eq!(read(200, r#"{"status":"fail"}"#).class, AttemptClass::Unknown);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_answer(endpoint: &Endpoint, asked: Asked, exchanged: &Exchanged, now: Timestamp) -> Answered {
    let response = match exchanged {
        Exchanged::Answered(response) => response,
        Exchanged::NotSent(NotSent::Blocked | NotSent::Unsendable) => return Answered::of(AttemptClass::Unsendable),
        Exchanged::NotSent(NotSent::TooLate) => return Answered::of(AttemptClass::NotTried),
        Exchanged::NotSent(_) => return Answered::of(AttemptClass::NotSent),
        Exchanged::Lost(_) => return Answered::of(AttemptClass::Unknown),
    };
    let body = tree(response);
    let mut answered = Answered::of(AttemptClass::of_status(response.status));
    answered.status = Some(response.status);
    answered.retry_after = response.header("retry-after").and_then(|text| retry_after(text, now));
    let fits = |answer: &Answer| answer.looks.iter().all(|look| fits(look, response, body.as_ref()));
    let Some((row, answer)) = endpoint.answers.iter().enumerate().find(|(_, answer)| fits(answer)) else {
        answered.meaning = if asked == Asked::Ping { Some(Meaning::Error) } else { None };
        return answered;
    };
    answered.class = answer.is.class(response.status);
    answered.meaning = Some(answer.is);
    answered.row = Some(row);
    let found = |pointer: &Option<String>| body.as_ref().and_then(|body| at(body, pointer.as_deref()?));
    let text = |pointer: &Option<String>| found(pointer).and_then(plain);
    if answer.price.is_some() {
        answered.price = text(&answer.price).and_then(|text| price(&text));
        answered.bad_price = answered.price.is_none();
    }
    if let Some(written) = text(&answer.currency) {
        answered.currency = written.trim().to_ascii_uppercase().parse().ok();
        answered.bad_currency = answered.currency.is_none();
    }
    answered.id = text(&answer.id).filter(|id| is_buyers_id(id));
    answered.reason = text(&answer.reason).map(|reason| called(endpoint, &reason));
    answered.expires = text(&answer.expires).and_then(|text| until(&text, now));
    answered
}

fn fits(look: &Look, response: &Response, body: Option<&RawValue>) -> bool {
    let found = |pointer: &str| body.and_then(|body| at(body, pointer));
    match look {
        Look::Status(statuses) => statuses.iter().any(|status| status.fits(response.status)),
        Look::Is(pointer, texts) => found(pointer).and_then(plain).is_some_and(|text| texts.contains(&text)),
        Look::Contains(pointer, part) => {
            let text = found(pointer).and_then(plain);
            text.is_some_and(|text| text.to_lowercase().contains(&part.to_lowercase()))
        }
        // Of a body that cannot be read it is not known what is missing.
        Look::There(pointer, there) => {
            body.is_some() && *there == found(pointer).is_some_and(|value| *value != RawValue::Null)
        }
    }
}

/// An amount that is not less than nothing, with at most 4 decimals (rule 55).
fn price(text: &str) -> Option<Money> {
    text.trim().parse().ok().filter(|price| *price >= Money::ZERO)
}

/// What a buyer may call a lead.
pub(crate) fn is_buyers_id(id: &str) -> bool {
    (1..=ID).contains(&id.len()) && !id.contains(|c: char| c.is_control()) && !id.contains('@')
}

/// As the plan maps it. What is not mapped may tell of the lead: it is kept only where it is a word.
fn called(endpoint: &Endpoint, reason: &str) -> String {
    let reason = reason.trim();
    if let Some(known) = endpoint.reasons.get(reason) {
        return known.clone();
    }
    if is_reason(reason) { reason.to_owned() } else { OTHER.to_owned() }
}

/// Whether a reason is a word, which tells of no lead.
pub(crate) fn is_reason(reason: &str) -> bool {
    (1..=REASON).contains(&reason.len())
        && reason.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':'))
        && !looks_like_a_value(reason)
}

/// Seconds from now, or a time; never longer than a day.
fn until(text: &str, now: Timestamp) -> Option<Timestamp> {
    let last = now.plus_millis(DAY);
    if let Ok(seconds) = text.parse::<i64>() {
        return Some(now.plus_millis(seconds.saturating_mul(1_000).clamp(0, DAY)));
    }
    text.parse().ok().map(|at: Timestamp| at.clamp(now, last))
}

/// Seconds, or a date of HTTP; between nothing and a day, in milliseconds.
fn retry_after(text: &str, now: Timestamp) -> Option<i64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than a number has are very long.
        return Some(text.parse::<i64>().map_or(DAY, |seconds| seconds.saturating_mul(1_000).clamp(0, DAY)));
    }
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(at.as_millisecond().saturating_sub(now.millis()).clamp(0, DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_of_http_say_when_to_come_back() {
        let now: Timestamp = "1994-11-06T08:49:00Z".parse().unwrap();
        for (text, wanted) in [
            ("30", Some(30_000)),
            ("0", Some(0)),
            ("999999999999999999999999", Some(DAY)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(37_000)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("Fri, 06 Nov 2026 08:00:00 GMT", Some(DAY)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(text, now), wanted, "{text}");
        }
    }

    #[test]
    fn a_bid_holds_for_seconds_or_until_a_time() {
        let now: Timestamp = "2026-11-24T15:30:00Z".parse().unwrap();
        for (text, wanted) in [
            ("90", Some(90_000)),
            ("-5", Some(0)),
            ("2026-11-24T15:31:00Z", Some(60_000)),
            ("2025-11-24T15:31:00Z", Some(0)),
            ("2027-11-24T15:31:00Z", Some(DAY)),
            ("a while", None),
        ] {
            let found = until(text, now).map(|at| at.millis() - now.millis());
            assert_eq!(found, wanted, "{text}");
        }
    }
}
