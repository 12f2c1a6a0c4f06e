//! What every store must do, done by PostgreSQL.

mod common;

use leadwright::store::testkit::conformance;
use std::sync::Arc;

#[test]
fn it_does_what_every_store_must_do() {
    let Some(url) = common::server() else { return };
    conformance(&|| Arc::new(common::open(&url).expect("the server is there")));
}
