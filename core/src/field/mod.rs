//! Field kinds: one file each, raw value → canonical value, corrections, problems.

mod address_line;
mod boolean;
mod choice;
mod consent;
mod credit;
mod date;
mod domain;
mod email;
mod input;
mod ip;
mod jsonl;
mod kind;
mod list;
mod name;
mod number;
mod options;
mod outcome;
mod phone;
mod ssn;
mod state;
mod text;
mod trustedform;
mod timestamp;
mod url;
mod user_agent;
mod uuid;
mod vehicle;
mod vin;
mod zip;

pub use jsonl::check_line;
pub use kind::{FieldKind, check};
pub use options::{EnumValue, FieldOptions, Idn, Member, NamePart, Reading};
pub use outcome::FieldOutcome;
pub use phone::AreaCode;
