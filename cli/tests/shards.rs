//! `leadwright store move-shard`: what it moves, and when it does not.

mod common;

use common::{leadwright, text};
use leadwright::model::{TenantId, Timestamp};
use leadwright::store::{Change, CounterAdd, Store};
use leadwright_postgres::{PostgresOptions, PostgresStore, ShardMap};
use postgres::{Client, NoTls};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Two databases that are there as long as the test, and a map that says that all is in the first.
struct Shards {
    server: String,
    names: [String; 2],
    map: PathBuf,
}

impl Shards {
    fn new(test: &str) -> Option<Self> {
        let server = leadwright_servers::postgres_url();
        let server = server.inspect_err(|missing| leadwright_servers::skipped("store move-shard", missing)).ok()?;
        let names = ["a", "b"].map(|shard| format!("cli_{}_{test}_{shard}", std::process::id()));
        let mut client = Client::connect(&server, NoTls).expect("the server is there");
        for name in &names {
            client.batch_execute(&format!("CREATE DATABASE {name}")).expect("a database");
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shards").join(test);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("writable");
        let shards = Self { server, names, map: folder.join("shards.json") };
        let (a, b) = (shards.url(0), shards.url(1));
        let map = format!(
            r#"{{ "v": 1, "version": 7, "by": "tenant", "shards": {{ "a": "{a}", "b": "{b}" }},
                 "slots": [ {{ "to": 255, "shard": "a" }} ] }}"#
        );
        std::fs::write(&shards.map, map).expect("writable");
        Some(shards)
    }

    fn url(&self, shard: usize) -> String {
        let (before, _) = self.server.rsplit_once('/').expect("a database");
        format!("{before}/{}", self.names[shard])
    }

    fn store(&self, shard: usize) -> PostgresStore {
        PostgresStore::with_options(&self.url(shard), PostgresOptions::default()).expect("a store")
    }

    fn map(&self) -> ShardMap {
        ShardMap::parse(&std::fs::read_to_string(&self.map).expect("readable")).expect("a map")
    }

    /// Moves; gives the exit code and what was printed, in which there is no address.
    fn moves(&self, more: &[&str]) -> (i32, String) {
        let args = ["store", "move-shard", "--map", self.map.to_str().expect("UTF-8")];
        let output = leadwright(&[&args[..], more].concat(), b"");
        let printed = text(&output.stdout) + &text(&output.stderr);
        assert!(!printed.contains('@'), "{printed}");
        (output.status.code().expect("it ends"), printed)
    }
}

impl Drop for Shards {
    fn drop(&mut self) {
        let Ok(mut client) = Client::connect(&self.server, NoTls) else { return };
        for name in &self.names {
            let _ = client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}

fn tenant(name: &str) -> TenantId {
    name.parse().expect("a name")
}

fn add(store: &dyn Store, name: &str, keys: usize) -> Result<(), leadwright::model::Error> {
    let counters = (0..keys).map(|n| CounterAdd { key: format!("contract:c{n}|total|count|sold"), add: 1 }).collect();
    let change = Change { counters, ..Change::at(Timestamp::EPOCH) };
    store.write(&tenant(name), &mut |transaction| transaction.change(&change))
}

fn counter(store: &dyn Store, name: &str) -> i64 {
    let mut found = 0;
    store
        .read(&tenant(name), &mut |view| {
            found = view.counter("contract:c0|total|count|sold")?;
            Ok(())
        })
        .expect("read");
    found
}

#[test]
fn a_tenant_is_moved_and_the_map_says_so() {
    let Some(shards) = Shards::new("name") else { return };
    let (a, b) = (shards.store(0), shards.store(1));
    add(&a, "acme", 500).expect("written");
    let before = std::fs::read(&shards.map).expect("readable");
    let (code, printed) = shards.moves(&["--name", "acme", "--to", "b", "--dry-run"]);
    assert_eq!(code, 0, "{printed}");
    assert!(printed.contains("501  rows of acme\n") && printed.contains("nothing was changed"), "{printed}");
    assert!(std::fs::read(&shards.map).expect("readable") == before && counter(&b, "acme") == 0);
    add(&a, "acme", 1).expect("nobody is told that it moved");
    for (more, code, why) in [
        (["--name", "acme", "--to", "a"], 2, "the shard that it is in"),
        (["--name", "acme", "--to", "nowhere"], 2, "no shard is called `nowhere`"),
        (["--slot", "300", "--to", "b"], 2, "300"),
    ] {
        let (found, printed) = shards.moves(&more);
        assert!(found == code && printed.contains(why), "{printed}");
    }
    let (code, printed) = shards.moves(&["--name", "acme", "--to", "b"]);
    assert_eq!(code, 0, "{printed}");
    assert!(printed.contains("1 tenant, 501 rows from a to b, compared") && printed.contains("version 8"), "{printed}");
    assert_eq!((shards.map().version(), shards.map().shard_of("acme").expect("one")), (8, "b"));
    assert_eq!(counter(&b, "acme"), 2);
    assert_eq!(add(&a, "acme", 1).expect_err("it went").code().as_str(), "store.moved");
    add(&b, "acme", 1).expect("it is here");
}

#[test]
fn a_slot_is_moved_with_all_that_are_in_it() {
    let Some(shards) = Shards::new("slot") else { return };
    let (a, b) = (shards.store(0), shards.store(1));
    let slot = ShardMap::slot("acme");
    let others: Vec<String> = (0..2_000).map(|n| format!("t{n}")).filter(|name| ShardMap::slot(name) == slot).collect();
    let elsewhere = (0..99).map(|n| format!("t{n}")).find(|name| ShardMap::slot(name) != slot).expect("one");
    for name in others.iter().chain([&"acme".to_owned(), &elsewhere]) {
        add(&a, name, 3).expect("written");
    }
    let number = slot.to_string();
    let (code, printed) = shards.moves(&["--slot", &number, "--to", "b", "--json"]);
    assert_eq!(code, 0, "{printed}");
    let told: Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!((&told["moved"], &told["rows"]), (&true.into(), &(4 * (others.len() + 1)).into()));
    assert_eq!(told["tenants"].as_array().map(Vec::len), Some(others.len() + 1));
    let map = shards.map();
    for name in others.iter().chain([&"acme".to_owned()]) {
        assert_eq!((map.shard_of(name).expect("one"), counter(&b, name)), ("b", 1), "{name}");
    }
    assert_eq!((map.shard_of(&elsewhere).expect("one"), counter(&b, &elsewhere)), ("a", 0));
}

#[test]
fn nothing_is_moved_while_others_write() {
    let Some(shards) = Shards::new("busy") else { return };
    let (a, b) = (shards.store(0), shards.store(1));
    add(&a, "acme", 5).expect("written");
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // A transaction now and then.
        let writer = scope.spawn(|| {
            let mut written = 0;
            while !is_over.load(Ordering::Relaxed) {
                match add(&a, "acme", 1) {
                    Ok(()) => written += 1,
                    Err(error) => return (written, Some(error.code().as_str())),
                }
                std::thread::sleep(Duration::from_millis(300));
            }
            (written, None)
        });
        let (code, printed) = shards.moves(&["--name", "acme", "--to", "b"]);
        assert!(code == 4 && printed.contains("somebody writes for acme"), "{printed}");
        assert!(printed.contains("--while-others-write"), "{printed}");
        assert_eq!((shards.map().version(), counter(&b, "acme")), (7, 0), "nothing was done");
        let (code, printed) = shards.moves(&["--name", "acme", "--to", "b", "--while-others-write"]);
        assert_eq!(code, 0, "{printed}");
        is_over.store(!printed.contains("compared"), Ordering::Relaxed);
        let (written, told) = writer.join().expect("it ends");
        assert_eq!(told, Some("store.moved"));
        assert_eq!(counter(&b, "acme"), written + 1, "nothing that was acknowledged is lost");
    });
    // Somebody is in the middle of one.
    add(&b, "globex", 1).expect("written");
    add(&a, "globex", 1).expect("written");
    let mut client = Client::connect(&shards.url(0), NoTls).expect("the server is there");
    client.batch_execute("BEGIN; SELECT 1 FROM leadwright.clock WHERE tenant = 'globex' FOR UPDATE").expect("a lock");
    let (code, printed) = shards.moves(&["--name", "globex", "--to", "b"]);
    assert!(code == 4 && printed.contains("somebody writes for globex"), "{printed}");
    client.batch_execute("ROLLBACK").expect("over");
    // What somebody else wrote in the new shard is not written over, and the map stays.
    add(&b, "globex", 7).expect("written");
    let (code, printed) = shards.moves(&["--name", "globex", "--to", "b"]);
    assert!(code == 4 && printed.contains("store.exists"), "{printed}");
    assert_eq!((shards.map().version(), counter(&b, "globex")), (8, 2));
}
