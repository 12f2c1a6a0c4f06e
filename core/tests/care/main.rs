//! Looking after a store: verify, backup, prune, forget.
#![allow(clippy::duplicate_mod, reason = "the same tests run on both kinds of store")]

/// What holds of every store, whether its leads are encrypted or not.
macro_rules! both {
    ($($sealed:literal $kind:ident),+) => { $(
        #[path = "."]
        mod $kind {
            pub(crate) use crate::{all_verify, main, plan, time};
            pub(crate) type Place = crate::Place<$sealed>;
            #[path = "backup.rs"]
            mod backup;
            #[path = "forget.rs"]
            mod forget;
            #[path = "prune.rs"]
            mod prune;
            #[path = "verify.rs"]
            mod verify;
        }
    )+ };
}

both!(false plain, true encrypted);
mod sealed;

use leadwright::care::verify_file;
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{Outcome, TenantId, Tick, Timestamp};
use leadwright::operate::Operation;
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{Keys, SqliteOptions, SqliteStore, Store};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Every kind of limit counts something, and values are remembered.
const PLAN: &str = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
  "verticals": { "roofing": { "extends": "us/home-services@1" } },
  "sources": { "web": { "verticals": ["roofing"], "payout": { "fixed": "5.00" } } },
  "intake": { "dedupe": [ { "any": ["phone", "email"], "within": "30d", "scope": "vertical", "against": "sold" } ],
              "test_zips": { "60699": "assigned" } },
  "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
  "buyers": { "acme": { "prepaid": true, "contracts": { "acme-il": { "in": { "roofing/all": {} }, "where": { "state": "IL" },
    "caps": { "day": 50, "month": 900, "total": 100000, "rolling": { "within": "24h", "count": 60 } },
    "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;

pub(crate) struct Place<const SEALED: bool> {
    folder: PathBuf,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) engine: Engine,
}

impl<const SEALED: bool> Place<SEALED> {
    pub(crate) fn new(name: &str) -> Self {
        let kind = if SEALED { "care-sealed" } else { "care" };
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(kind).join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("the folder for tests is writable");
        let options = SqliteOptions { keys: Self::keys(), ..SqliteOptions::default() };
        let store = Arc::new(SqliteStore::with_options(folder.join("leads.db"), options).expect("a store is made"));
        let engine = Engine::with_options(plan(), store.clone(), EngineOptions::default()).expect("an engine");
        Self { folder, store, engine }
    }

    pub(crate) const SEALED: bool = SEALED;

    pub(crate) fn keys() -> Option<Keys> {
        SEALED.then(|| Keys::new([("k1", [1; 32])]).expect("a key"))
    }

    /// The store that lies at a path, beside the keys of this one where it is a copy.
    pub(crate) fn open(&self, path: &Path) -> SqliteStore {
        self.lend_keys(path);
        let options = SqliteOptions { create: false, keys: Self::keys(), ..SqliteOptions::default() };
        SqliteStore::with_options(path, options).expect("it opens")
    }

    fn lend_keys(&self, path: &Path) {
        if SEALED && path != self.path() {
            let keys = |path: &Path| path.with_extension("db.keys");
            std::fs::copy(keys(&self.path()), keys(path)).expect("the keys are copied");
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("leads.db")
    }

    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn decide(&self, lead: &str, now: Timestamp) -> Outcome {
        self.engine.decide(lead.as_bytes(), Tick::at(now)).expect("it decides").outcome
    }

    /// Money for the buyer, and leads of every outcome: sold, repeated, unmatched, refused, no lead at all, tests with and
    /// without an answer, and one that comes again as another.
    pub(crate) fn fill(&self, now: Timestamp) {
        let funds = r#"{"op":"funds","buyer":"acme","add":"1000.00","by":"ann","reason":"wire"}"#;
        self.engine.operate(&Operation::read(funds).expect("an operation"), now).expect("it is done");
        let leads = [
            (
                r#"{"id":"L1","source":"web","idempotency_key":"k1","phone":"312-867-5301","zip":"60601"}"#,
                Outcome::Assigned,
            ),
            (
                r#"{"id":"L2","source":"web","phone":"312-867-5302","email":"two@example.com","zip":"60601"}"#,
                Outcome::Assigned,
            ),
            (r#"{"id":"L3","source":"web","phone":"312-867-5301","roof_age":4,"zip":"60601"}"#, Outcome::Duplicate),
            (r#"{"id":"L4","source":"web","phone":"512-867-5304","zip":"73301"}"#, Outcome::Unmatched),
            (r#"{"id":"L1","source":"web","phone":"312-867-5305","zip":"60601"}"#, Outcome::Rejected),
            ("no lead at all", Outcome::Rejected),
            (r#"{"id":"T1","source":"web","test":true,"phone":"312-867-5306","zip":"60601"}"#, Outcome::Test),
            (r#"{"id":"T2","source":"web","test":true,"phone":"312-867-5307","zip":"60699"}"#, Outcome::Assigned),
        ];
        for (lead, outcome) in leads {
            assert_eq!(self.decide(lead, now), outcome, "{lead}");
        }
    }

    /// What somebody did to the file who should not.
    pub(crate) fn damage(&self, sql: &str) {
        let connection = Connection::open(self.path()).expect("it opens");
        connection.execute_batch(&format!("PRAGMA foreign_keys=OFF; {sql}")).expect(sql);
    }

    pub(crate) fn findings(&self) -> Vec<String> {
        self.findings_of(&self.path())
    }

    /// The words of all that is wrong with a file, each once.
    pub(crate) fn findings_of(&self, path: &Path) -> Vec<String> {
        self.lend_keys(path);
        let verified = verify_file(path, Self::keys().as_ref(), &mut |_| {}).expect("it is read");
        let mut words: Vec<String> = verified.findings.iter().map(|finding| finding.kind.as_str().to_owned()).collect();
        words.sort();
        words.dedup();
        words
    }

    /// The lead of a decision is no text any more that anybody wrote.
    pub(crate) fn spoil(&self, lead: &str) {
        let sql = if SEALED { "sealed = zeroblob(length(sealed))" } else { "body = x'7b'" };
        self.damage(&format!("UPDATE decision SET {sql} WHERE lead = '{lead}'"));
    }

    /// How many decisions about a lead still have what came in.
    pub(crate) fn whole(&self, lead: &str) -> i64 {
        let column = if SEALED { "sealed" } else { "input" };
        self.number(&format!("SELECT count(*) FROM decision WHERE lead = '{lead}' AND length({column}) > 0"))
    }

    /// How many keys there are.
    pub(crate) fn key_count(&self) -> i64 {
        let connection = Connection::open(self.beside("leads.db.keys")).expect("it opens");
        connection.query_row("SELECT count(*) FROM lead_key", [], |row| row.get(0)).expect("it is read")
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        let connection = Connection::open(self.path()).expect("it opens");
        connection.query_row(sql, [], |row| row.get(0)).expect(sql)
    }
}

pub(crate) fn plan() -> Plan {
    Plan::load(&MemoryResolver::new([("plan.jsonc", PLAN)]), "plan.jsonc").expect("the plan is right")
}

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub(crate) fn main() -> TenantId {
    TenantId::default()
}

/// Whether every decision is what its digest says.
pub(crate) fn all_verify(store: &dyn Store) -> bool {
    let all = store.decisions(&main(), 0, 1_000).expect("read");
    !all.is_empty() && all.iter().all(leadwright::engine::verify_stored)
}
