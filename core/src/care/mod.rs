//! Looking after a store: is all of it true, letting go of what is old, and forgetting somebody.
//!
//! What is about the file alone, its size, a copy of it, giving room back, is asked of
//! [`SqliteStore`](crate::store::SqliteStore).

#[cfg(feature = "sqlite")]
mod account;
mod caps;
mod erase;
mod forget;
#[cfg(feature = "sqlite")]
mod prune;
#[cfg(feature = "sqlite")]
mod seal;
mod theirs;
#[cfg(feature = "sqlite")]
mod verify;

pub use caps::{CapUsed, caps_used};
pub use forget::{Forgotten, forget};
#[cfg(feature = "sqlite")]
pub use prune::{Retention, prunable, prune};
#[cfg(feature = "sqlite")]
pub use seal::seal;
#[cfg(feature = "sqlite")]
pub use verify::{Verified, verify, verify_file};

/// So many decisions are read at once.
const PAGE: usize = 256;
