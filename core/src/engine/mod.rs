//! The way of a lead: prepare, settle, record; and looking back: explain, replay.
//!
//! [`prepare`](Engine::prepare) is pure and runs outside of any transaction. [`settle`](Engine::settle) runs inside the
//! write transaction, on exactly the state that it asks for, and what it read is kept beside the decision. An answer is
//! given after the commit, never before.

mod active;
mod auction;
mod batch;
mod beside;
mod books;
mod calling;
mod chance;
mod deliver;
mod digest;
mod doors;
mod explain;
mod fall;
mod handover;
mod held;
mod host;
mod identity;
mod ledger;
mod lists;
#[cfg(feature = "metrics")]
mod metrics;
mod observe;
mod operate;
mod plan_tests;
mod prepare;
mod queue;
mod reads;
mod record;
mod redacted;
mod replay;
mod retry;
mod room;
mod scout;
mod select;
mod sell;
mod sell_best;
mod settle;
mod spans;
#[cfg(all(test, feature = "tracing"))]
mod spans_tests;
mod standing;
mod subscribe;
mod together;
mod trial;
mod unknown;
#[cfg(test)]
mod unknown_tests;
mod waits;

pub use batch::{Line, PreparedLine, batches};
pub use beside::ObservedLead;
pub use deliver::{NoRequest, Posting};
#[cfg(feature = "sqlite")]
pub(crate) use digest::lead_in;
pub(crate) use digest::without_lead;
pub use digest::{verify, verify_stored};
pub use doors::{Decided, Engine, EngineOptions};
pub use explain::{
    CapSaid, ConditionSaid, Decisive, ExplainOptions, Explained, ExplainedReturn, ExplainedSale, ExplainedState,
    Explanation, FailingCheck, InFull, NearMiss, RunnerUp, WhyNot, WhyNotAnswer, WhyRoom, explain, explain_lead,
    explain_with,
};
pub use host::{Clock, Observer, Outside, Secrets, Stopwatch};
#[cfg(feature = "metrics")]
pub use metrics::{Histogram, Metrics, SoldTo};
pub use plan_tests::{TestFailure, TestReport, run_tests};
pub use prepare::{Prepared, validate_line_by};
pub use queue::Worked;
pub use redacted::redact_decision;
#[cfg(feature = "sqlite")]
pub(crate) use replay::changed_then;
pub use replay::{Replay, replay};
pub use retry::Retried;
pub use together::SettleCounts;
pub use trial::{CapEvent, CapHappened, OneCheck, Room, SameReading, Trial, TrialSale, Tried};
