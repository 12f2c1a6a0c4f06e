//! leadwright: the lead-distribution engine you import.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::unreachable)
)]

pub mod address;
pub mod books;
pub mod care;
pub mod dedupe;
pub mod engine;
pub mod events;
pub mod field;
pub mod geo;
pub mod limits;
pub mod lint;
pub mod lists;
pub mod matching;
pub mod model;
pub mod operate;
pub mod parity;
pub mod plan;
pub mod profile;
pub mod quality;
pub mod redact;
pub mod report;
pub mod rules;
pub mod schema;
pub mod select;
pub mod store;
pub mod text;
pub mod validate;
pub mod whatif;
