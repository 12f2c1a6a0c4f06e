//! From a raw lead to a canonical one: every field a typed value or a problem, the address in standard form.
//!
//! Needs no plan, no store and no engine.

mod address;
mod canonical;
mod consent;
mod cross;
mod derive;
mod envelope;
mod lead;
mod line;
mod moment;
mod options;
mod policy;
mod raw;
mod record;
mod redacted;
mod signals;
mod ssn;
mod swap;

pub use consent::{ConsentLack, ConsentNow, ConsentTerms, Evidence};
pub use envelope::Envelope;
pub(crate) use envelope::reserved_name;
pub use lead::{Validated, validate, validate_json};
pub use line::{ValidatedLine, validate_line, validate_raw_line};
pub use options::{Repairs, ValidateOptions, ZipStateConflict};
pub use raw::{each_field, payload};
pub use record::{RESERVED, columns, record};
pub use redacted::redact_json;
pub(crate) use ssn::{may_be_ssn, may_hold_ssn, without_ssn};
