//! A server for the tests. Each test has a schema of its own, which is dropped with it.
#![allow(dead_code, unreachable_pub, clippy::expect_used, reason = "shared by tests")]

use leadwright::model::{Durability, Error};
use leadwright_postgres::{PostgresOptions, PostgresStore};
use std::sync::atomic::{AtomicU32, Ordering};

/// The server that all tests share, or a loud line that there is none.
pub(crate) fn server() -> Option<String> {
    let url = leadwright_servers::postgres_url();
    url.inspect_err(|missing| leadwright_servers::skipped("a test of PostgreSQL", missing)).ok()
}

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A name that no other test has.
pub(crate) fn schema() -> String {
    format!("t_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn options(schema: &str) -> PostgresOptions {
    PostgresOptions { schema: schema.into(), durability: Durability::Relaxed, ..PostgresOptions::default() }
}

pub(crate) fn open(url: &str) -> Result<PostgresStore, Error> {
    PostgresStore::with_options(url, options(&schema()))
}
