//! Why each contract did or did not get a lead: recomputed from what was kept, or decided for the purpose.
//!
//! The decision comes first and is the same however much is explained (rule 99); everything else is found beside it.

mod beside;
mod checks;
mod doors;
mod entries;
mod near;
mod state;
mod types;
mod why_not;

pub use doors::{explain, explain_lead, explain_with};
pub(super) use entries::entries_of;
pub use types::{
    CapSaid, ConditionSaid, Decisive, ExplainOptions, Explained, ExplainedReturn, ExplainedSale, ExplainedState,
    Explanation, FailingCheck, InFull, NearMiss, RunnerUp,
};
pub use why_not::{WhyNot, WhyNotAnswer, WhyRoom};
