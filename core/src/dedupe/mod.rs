//! When two leads are the same person: keys out of canonical values, and how long they are remembered.

mod rule;

pub use rule::{Against, DedupeKey, DedupeRule, Scope};
