//! Looking after a file: is it whole, how large is it, a copy of it, and letting go of what is old.
//!
//! What needs to know leads and plans lies in [`crate::care`]; here are only rows.

mod audit;
mod backup;
mod census;
mod compare;
mod file;
mod finding;
mod old;
mod size;
mod vacuum;

pub(crate) use audit::{Audit, Reach};
pub use census::Census;
pub use finding::{Finding, FindingKind};
pub use old::Pruned;
pub(crate) use old::{Horizon, PRUNED};
pub use size::{Size, TableSize};
