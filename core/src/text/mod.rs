//! Scanners over text: cleaning, distance. They know nothing of leads.

mod amount;
mod clean;
mod fold;
mod mend;
mod near;

pub(crate) use amount::plain_amount;
pub(crate) use clean::cleaned;
pub use clean::{Cleaned, clean};
pub(crate) use fold::{composed, lowered};
pub(crate) use mend::{reencoded, unescaped};
pub use near::did_you_mean;
pub(crate) use near::nearest;
