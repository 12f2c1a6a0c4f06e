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

/// A store in a schema that is known.
pub fn open_in(url: &str, schema: &str) -> PostgresStore {
    PostgresStore::with_options(url, options(schema)).expect("the server is there")
}

/// A session of a tool beside the store, in the schema of a test.
pub fn client(url: &str, schema: &str) -> postgres::Client {
    let mut client = postgres::Client::connect(url, postgres::NoTls).expect("the server is there");
    client.batch_execute(&format!("SET search_path = {schema}; SET timezone = 'UTC'")).expect("a schema");
    client
}

/// A plan that sells each lead to one buyer, dedupes for 30 days, and takes leads back for so many days.
pub fn plan(returns: u32) -> leadwright::plan::Plan {
    use leadwright::plan::{MemoryResolver, Plan};
    let text = format!(
        r#"{{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
            "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
            "sources": {{ "web": {{ "verticals": ["roofing"] }} }},
            "intake": {{ "dedupe": [ {{ "any": ["phone"], "within": "30d" }} ] }},
            "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
            "buyers": {{ "acme": {{ "returns": {{ "within": "{returns}d" }}, "contracts": {{ "acme-il": {{ "in": {{ "roofing/all": {{}} }},
                "caps": {{ "day": 100000, "rolling": {{ "within": "24h", "count": 100000 }} }}, "sell": {{ "exclusive": {{ "price": "40.00" }} }} }} }} }} }} }}"#
    );
    Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap_or_else(|error| panic!("{error}"))
}

pub fn lead(n: u32) -> String {
    format!(r#"{{"id":"L{n}","source":"web","phone":"312-867-{:04}","email":"a{n}@example.com"}}"#, 1_000 + n)
}
