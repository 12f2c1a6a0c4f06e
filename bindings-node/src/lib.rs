//! The native half of the Node package: it converts values and hands them on. No decision is made here.

// As a test the macros of napi export nothing, so nothing is used.
#![cfg_attr(test, allow(dead_code))]

mod answers;
mod batch;
mod buyers;
mod delivery;
mod ends;
mod engine;
mod events;
mod fault;
mod input;
mod lists;
mod messages;
mod parity;
mod plan;
mod pure;
mod validate;

use napi_derive::napi;

/// The version of the package.
#[napi]
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
