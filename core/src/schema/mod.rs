//! Verticals: which fields a kind of lead has, what each holds, and what suppliers call them.

mod catalogue;
pub(crate) mod derived;
mod entry;
mod key;
pub(crate) mod path;
mod pii;
mod policy;
mod resolve;
mod walk;

pub use entry::{Field, Schema};
pub(crate) use key::plain_form;
pub use key::plain_key;
pub use pii::Pii;
pub use policy::{Policies, Policy, PolicyMisfit};
