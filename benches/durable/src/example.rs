//! Engines over the example's plan.

pub use bench_common::example::{leads, plan, tick};
use leadwright::engine::Engine;
use leadwright::model::Durability;
use leadwright::store::{SqliteOptions, SqliteStore};
use std::path::Path;

pub fn engine(path: &Path, durability: Durability) -> Engine {
    engine_with(path, SqliteOptions { durability, ..SqliteOptions::default() })
}

pub fn engine_with(path: &Path, options: SqliteOptions) -> Engine {
    Engine::open(plan(), SqliteStore::with_options(path, options).expect("a store")).expect("an engine")
}
