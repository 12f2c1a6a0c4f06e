//! Sends requests over HTTP/1.1: [`HttpTransport`] is a [`Transport`](leadwright::deliver::Transport) over `ureq` and rustls,
//! with blocking sockets and no runtime.
//!
//! What it is there for: that a time is kept, that it is always known whether anything was sent ([`Exchanged`]), that nothing
//! is ever sent twice, and that nobody is sent to who is not meant ([`Guard`]). docs/http.md has the whole of it.
//!
//! [`Exchanged`]: leadwright::deliver::Exchanged
#![forbid(unsafe_code)]
// Deadlines are kept by the clock of the host, and decide nothing; the ban on clocks is for the core.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

/// The Rust of docs/http.md is run as a test.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/http.md")]
struct HttpPage;

mod call;
mod crowd;
mod ended;
mod gate;
mod guard;
mod here;
mod line;
mod names;
mod options;
mod request;
mod tls;
mod transport;

pub use guard::{Allow, Denied, Guard, Net, Target, special};
pub use names::Names;
pub use options::{HttpOptions, Secrets};
pub use transport::HttpTransport;
