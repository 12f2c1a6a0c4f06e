//! Many databases as one store: each tenant is in one of them, and a map says in which.

mod ahead;
mod fence;
mod map;
mod store;
mod table;
mod transfer;

pub use ahead::{Ahead, Moving, TenantAhead};
pub(crate) use fence::{MOVED, newcomer};
pub use map::{ShardMap, ShardedBy};
pub use store::ShardedStore;
pub use transfer::Moved;
