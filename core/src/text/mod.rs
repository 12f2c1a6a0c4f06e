//! Scanners over text: cleaning, distance. They know nothing of leads.

mod clean;
mod mend;
mod near;

pub use clean::{Cleaned, clean};
pub(crate) use mend::{reencoded, unescaped};
pub use near::did_you_mean;
