//! Field kinds: one file each, raw value → canonical value, corrections, problems.

mod address_line;
mod boolean;
mod choice;
mod consent;
mod date;
mod domain;
mod email;
mod input;
mod jsonl;
mod kind;
mod name;
mod number;
mod options;
mod outcome;
mod phone;
mod text;
mod trustedform;

pub use jsonl::check_line;
pub use kind::{FieldKind, check};
pub use options::{EnumValue, FieldOptions, Idn, NamePart, Reading};
pub use outcome::FieldOutcome;
pub use phone::AreaCode;
