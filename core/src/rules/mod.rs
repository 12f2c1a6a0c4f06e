//! Criteria: which leads a contract wants.
//!
//! Three-valued: a test on a field that is missing is *unknown*, also under `not`, and a contract matches only on *true*
//! (rule 76). There is no user code, nothing that can throw, and nothing that runs long (rule 85).

mod area;
mod area_line;
mod compile;
mod conditions;
pub(crate) mod criteria;
mod facts;
pub(crate) mod look;
mod operand;
mod truth;
pub(crate) mod values;
mod words;

pub use area::{Area, AreaParts};
pub use compile::{Names, compile};
pub use conditions::Condition;
pub use criteria::{Criteria, Failing, Miss, Verdict};
pub use facts::{Facts, QUALITY};
pub use truth::Truth;
