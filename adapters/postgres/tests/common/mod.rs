//! A server for the tests. Each test has a schema of its own, which is dropped with it.
#![allow(dead_code, clippy::expect_used, reason = "shared by tests")]

use leadwright::model::{Durability, Error};
use leadwright_postgres::{PostgresOptions, PostgresStore};
use std::sync::atomic::{AtomicU32, Ordering};

/// The server that the tests are given, or a loud line that there is none.
pub fn server() -> Option<String> {
    let url = std::env::var("LEADWRIGHT_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        eprintln!("SKIPPED: no PostgreSQL: set LEADWRIGHT_TEST_POSTGRES to its URL, or run `cargo xtask test`");
    }
    url
}

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A name that no other test has.
pub fn schema() -> String {
    format!("t_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

pub fn options(schema: &str) -> PostgresOptions {
    PostgresOptions { schema: schema.into(), durability: Durability::Relaxed, ..PostgresOptions::default() }
}

pub fn open(url: &str) -> Result<PostgresStore, Error> {
    PostgresStore::with_options(url, options(&schema()))
}
