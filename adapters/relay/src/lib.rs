//! Relays the events of a store to a broker: NATS JetStream, Redis Streams, or whatever implements [`Sink`].
//!
//! A [`Relay`] reads the log under a subscriber's name. [`Relay::step`] publishes what comes next and moves the cursor once
//! the broker has acknowledged it, never before; a host calls it in a loop of its own, or lets [`Relay::run`] do that.
//! No thread is started. Each event reaches the broker at least once, in the order of the log, under its own id; in the two
//! brokers of this crate it is kept once (docs/relay.md says how, and what is not promised).
//!
//! ```
//! use leadwright::events::subscriber_name;
//! use leadwright::{model::TenantId, store::{Begin, MemoryStore}};
//! use leadwright_relay::{Message, Published, Relay, Sink, Step};
//!
//! /// A broker that takes everything.
//! struct Lines(Vec<String>);
//! impl Sink for Lines {
//!     fn publish(&mut self, messages: &[Message]) -> Published {
//!         self.0.extend(messages.iter().map(|message| message.id.clone()));
//!         Published::all(messages)
//!     }
//! }
//!
//! let (store, mut lines) = (MemoryStore::new(), Lines(Vec::new()));
//! let mut relay = Relay::open(&store, &TenantId::default(), &subscriber_name("lines")?, &[], Begin::Start)?;
//! assert!(matches!(relay.step(&store, &mut lines)?, Step::Idle));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

/// The Rust of docs/relay.md is run as a test.
#[cfg(all(doctest, feature = "nats"))]
#[doc = include_str!("../../../docs/relay.md")]
struct RelayPage;

mod error;
mod message;
#[cfg(feature = "nats")]
pub mod nats;
#[cfg(feature = "redis")]
pub mod redis;
mod relay;
mod run;
mod sink;

pub use error::RelayError;
pub use message::{Mark, Message};
pub use relay::{BATCH, Relay, Step};
pub use run::Pace;
pub use sink::{Fault, Published, Sink};
