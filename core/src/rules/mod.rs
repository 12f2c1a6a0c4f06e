//! Criteria: which leads a contract wants.
//!
//! Three-valued: a test on a field that is missing is *unknown*, also under `not`, and a contract matches only on *true*
//! (rule 76). There is no user code, nothing that can throw, and nothing that runs long (rule 85).

mod compile;
mod criteria;
mod operand;
mod words;

pub use compile::{Names, compile};
pub use criteria::{Criteria, Facts, Failing, Truth, Verdict};
