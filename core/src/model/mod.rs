//! The wire types: what goes in, what comes out, and the words for both.
//!
//! These types are the format. The JSON Schemas, the TypeScript types and the Python stubs are made
//! from them.

mod account;
mod attempt;
mod breaker;
mod code;
mod decision;
mod delivery;
mod error;
mod event;
mod fingerprint;
mod ids;
mod issue;
mod json;
mod json_plain;
pub mod limits;
mod money;
mod names;
mod node;
mod problem;
mod quality;
mod raw;
mod reservation;
#[cfg(feature = "schema")]
pub(crate) mod schema_of;
mod standing;
mod time;
mod value;
mod waiting;

pub use account::{Account, Party, PostingKind};
pub use attempt::{Attempt, Backlog, DeadLetter};
pub use breaker::{BreakerState, Channel};
pub use code::{Code, CodeKind};
pub use decision::{
    Assignment, AssignmentState, Decision, DecisionMoney, Durability, EngineVersion, Funnel, ListRead, ListUnavailable,
    Next, Outcome, Receipt, Sale, Trace, TraceBid, TraceEntry, TraceGroup,
};
pub use delivery::{AttemptClass, DeadEnd, DeadReason, DeliveryState};
pub use error::Error;
pub use event::{Event, EventKind, Subject};
pub use fingerprint::Fingerprint;
pub(crate) use fingerprint::general_path;
pub use ids::{
    BuyerId, ContractId, DecisionId, GroupId, IdError, LeadId, RouteId, SourceId, SubscriberName, SupplierId, TenantId,
};
pub use issue::{Edit, Finding, Fix, Issue, Witness};
pub(crate) use json::write_raw_as_it_came;
pub use json::{JsonError, RawRead, ValueRead, read_raw, read_value, write_raw};
pub use money::{Currency, Money, MoneyError};
pub(crate) use names::shown_path;
pub use names::{looks_like_a_value, shown_name};
pub use node::{Member, Node, NodeKind, Place};
pub use problem::{Action, Correction, Problem, Severity, Span};
pub use quality::{Quality, QualityReason};
pub(crate) use raw::text_shape;
pub use raw::{RawMap, RawValue};
pub use reservation::ReservationState;
pub use standing::{Standing, Standings};
pub use time::{Seed, Tick, TimeError, Timestamp};
pub use value::{Date, Value};
pub use waiting::{Waiting, WaitsFor};
