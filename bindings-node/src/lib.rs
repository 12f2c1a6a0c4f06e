//! The native half of the Node package: it converts values and hands them on. No decision is made here.

mod answers;
mod batch;
mod engine;
mod fault;
mod input;
mod plan;
mod pure;

use napi_derive::napi;

/// The version of the package.
#[napi]
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
