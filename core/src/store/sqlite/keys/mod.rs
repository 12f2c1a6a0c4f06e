//! Leads that are encrypted in the file, each under a key of its own.
//!
//! The keys lie in a second file, which is not in a backup of the first: whoever erases a lead destroys its key, and it is
//! gone from every copy. That file holds them under a master key, and the master key under a key of the host's.

mod cipher;
mod file;
mod given;
mod row;
mod sealer;
mod start;

pub use given::Keys;
pub(super) use sealer::{Leads, Opened, Sealer, key_of};
pub(super) use start::leads;
