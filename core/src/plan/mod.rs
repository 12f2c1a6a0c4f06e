//! The plan: documents → tree → checked structure → findings with their place.
//!
//! [`check_structure`] reads everything and says everything that can be said without knowing what names mean; what is
//! made of the names comes after it.

mod canonical;
mod compile;
pub(crate) mod compiled;
mod diff;
mod document;
mod fix;
mod format;
mod grammar;
pub(crate) mod list;
mod load;
#[cfg(feature = "sqlite")]
mod memory;
mod path;
mod read;
mod render;
mod resolve;
mod rows;
mod schema_json;
mod shards;
mod source_text;
mod structure;
mod tokens;
pub mod units;

pub use canonical::{canonical, hash};
pub use compiled::Plan;
pub use diff::{ChangeKind, ChangeLine, PlanChange, PlanDiff};
pub use document::{Document, Documents};
pub use fix::{Fixed, fix};
pub use format::format;
pub use load::Checked;
pub use memory::LooksBack;
pub use read::{Parsed, parse};
pub use render::render;
pub use resolve::{MemoryResolver, Resolver, name_matches};
pub use rows::{CheckedRows, Rows};
pub use schema_json::plan_schema;
pub use shards::{DividedBy, Division};
pub use source_text::SourceText;
pub use structure::check_structure;

/// Most findings about one file; who gets a thousand reads the first ten.
const MAX_FINDINGS: usize = 1_000;
