//! PostgreSQL as the store of leadwright: many machines, one truth, the same decisions to the byte.
//!
//! ```no_run
//! use leadwright::engine::Engine;
//! use leadwright::plan::{MemoryResolver, Plan};
//! use leadwright_postgres::PostgresStore;
//! # let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", "{}")]), "plan.jsonc")?;
//! let store = PostgresStore::open("postgres://router@db.internal/leads?sslmode=require")?;
//! let engine = Engine::open(plan, store)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A transaction of a tenant locks the row of the tenant's clock first, so writers of one tenant come one after the other,
//! whichever machine they are on; tenants do not wait for each other. All of a batch is read in one flight and written in one.
#![forbid(unsafe_code)]
// How long a server is waited for is counted by the clock of the host, and decides nothing; the ban on clocks is for the core.
#![allow(clippy::disallowed_methods)]

/// The Rust of docs/postgres.md is run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/postgres.md")]
struct PostgresPage;

/// The Rust of docs/leases.md is run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/leases.md")]
struct LeasesPage;

/// The Rust of docs/replicas.md is run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/replicas.md")]
struct ReplicasPage;

/// The Rust of docs/shards.md is run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/shards.md")]
struct ShardsPage;

mod checkup;
mod copy;
mod fault;
mod keep;
mod leases;
mod link;
mod look;
mod options;
mod pool;
mod read;
mod replica;
mod roles;
mod schema;
mod shards;
mod since;
mod store;
mod tls;
mod work;

pub use checkup::{Checkup, Churn, Connections, Promises, Replica, Scratch, Shared, Slot, Standing, Times, Waits};
pub use keep::{Astray, Dropped, Every, Held, Keep, Kept, Made};
pub use leases::Leasing;
pub use options::{Password, PostgresOptions, is_url, shown};
pub use replica::{ReadOptions, ReadStore, Served};
pub use roles::roles;
pub use shards::{Ahead, Moved, Moving, ShardMap, ShardedBy, ShardedStore, TenantAhead};
pub use since::Since;
pub use store::PostgresStore;
