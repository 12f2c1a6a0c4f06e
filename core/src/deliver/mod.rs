//! What follows from an attempt to deliver a lead. Pure rules: no clock, no socket, no store.
//!
//! Whoever sends says how it ended, as one of a closed set of [classes](crate::model::AttemptClass); [`follows`] says whether
//! it is done, tried again and when, kept because nobody knows, or given up and why.

mod answers;
mod auction;
mod backoff;
mod bid;
mod body;
mod breaker;
#[cfg(test)]
mod breaker_tests;
mod budget;
mod class;
mod desk;
pub(crate) mod endpoint;
mod exchange;
mod fair;
mod filter;
mod follows;
mod outgoing;
mod request;
mod responses;
mod secrets;
mod sent;
mod sign;
mod template;
mod window;
mod write;

pub use answers::{Answered, Asked, Meaning, read_answer};
pub(crate) use answers::{is_buyers_id, is_reason};
pub use auction::{Heard, HeardBid, Judge, hear};
pub use backoff::backoff_millis;
pub(crate) use bid::exchanged;
pub use bid::{BadBid, Bid, BidTerms, judge_bid};
pub use breaker::{Breaker, BreakerTerms, Called, Counts, open_millis};
pub use budget::{Budget, BudgetTerms};
pub use class::is_undelivered;
pub use desk::{Desk, DeskTerms, Forced};
pub use endpoint::Endpoint;
pub use exchange::{Exchanged, Lost, NotSent, Request, Response, Transport};
pub use fair::Fair;
pub(crate) use filter::Filter;
pub(crate) use follows::is_too_old;
pub use follows::{Follows, Policy, Tried, follows};
pub(crate) use outgoing::KNOWN;
pub use outgoing::Outgoing;
pub use request::{Unsendable, render};
pub(crate) use responses::{ANSWER_KNOWN, Responses};
pub use secrets::Secrets;
pub use sent::Sent;
pub use sign::{BadWebhook, WEBHOOK_TOLERANCE, sign_webhook, verify_webhook};
pub(crate) use template::{Escape, Template};
pub(crate) use write::is_xml_name;
