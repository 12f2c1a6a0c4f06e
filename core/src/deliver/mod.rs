//! What follows from an attempt to deliver a lead. Pure rules: no clock, no socket, no store.
//!
//! Whoever sends says how it ended, as one of a closed set of [classes](crate::model::AttemptClass); [`follows`] says whether
//! it is done, tried again and when, kept because nobody knows, or given up and why.

mod backoff;
mod breaker;
#[cfg(test)]
mod breaker_tests;
mod budget;
mod class;
mod desk;
mod exchange;
mod fair;
mod filter;
mod follows;
mod sent;
mod window;

pub use backoff::backoff_millis;
pub use breaker::{Breaker, BreakerTerms, Called, Counts, open_millis};
pub use budget::{Budget, BudgetTerms};
pub use class::is_undelivered;
pub use desk::{Desk, DeskTerms, Forced};
pub use exchange::{Exchanged, Lost, NotSent, Request, Response, Transport};
pub use fair::Fair;
pub(crate) use filter::Filter;
pub(crate) use follows::is_too_old;
pub use follows::{Follows, Policy, Tried, follows};
pub(crate) use sent::Sent;
