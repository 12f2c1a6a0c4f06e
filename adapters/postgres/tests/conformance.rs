//! What every store must do, done by PostgreSQL: by the server that the tests share, which is Debian's where there is one, and
//! by the newest that comes as a package.

mod common;

use leadwright::store::testkit::conformance;
use leadwright_servers::{Postgres, Version, skipped};
use std::sync::Arc;

#[test]
fn it_does_what_every_store_must_do() {
    let Some(url) = common::server() else { return };
    conformance(&|| Arc::new(common::open(&url).expect("the server is there")));
}

#[test]
fn the_newest_version_does_it_too() {
    match Postgres::start(Version::Packaged) {
        Ok(server) => {
            let url = server.url("postgres");
            conformance(&|| Arc::new(common::open(&url).expect("the server is there")));
        }
        Err(missing) => skipped("the newest PostgreSQL", &missing),
    }
}
