//! Leads that are encrypted in the file.

use super::{all_verify, main, plan, time};
use leadwright::care::{Retention, forget, prune, seal, verify};
use leadwright::engine::{Engine, EngineOptions, explain, replay, verify_stored};
use leadwright::model::{Code, DecisionId, Outcome, Tick};
use leadwright::operate::{Operation, Person};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{Keys, SqliteOptions, SqliteStore, Store};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

type Place = super::Place<true>;

const NOW: &str = "2026-11-24T15:30:00Z";

const LEAD: &str = r#"{"id":"P1","source":"web","first_name":"Qvenzalia","last_name":"Brockwunder","phone":"(312) 867-9417","email":"plover.quokka@example.com","street":"4417 Wexford Yttrius Ave","zip":"60601","comments":"please ring the goat"}"#;

const PLANTED: [&str; 8] = [
    "Qvenzalia",
    "Brockwunder",
    "867-9417",
    "3128679417",
    "plover.quokka",
    "Yttrius",
    "YTTRIUS",
    "please ring the goat",
];

fn keys(keys: &[(&str, u8)]) -> Option<Keys> {
    Some(Keys::new(keys.iter().map(|(id, byte)| (*id, [*byte; 32]))).unwrap())
}

fn open(path: &Path, keys: Option<Keys>) -> Result<SqliteStore, Code> {
    let options = SqliteOptions { create: false, keys, ..SqliteOptions::default() };
    SqliteStore::with_options(path, options).map_err(|error| error.code())
}

fn id(text: &str) -> DecisionId {
    text.parse().unwrap()
}

fn forget_phone(store: &SqliteStore) -> u64 {
    let person = Person {
        phone: Some("312 867 9417".into()),
        by: Some("ann".into()),
        reason: Some("letter of Nov 23".into()),
        ..Person::default()
    };
    forget(store, &main(), &person, time(NOW), &mut |_| {}).unwrap().erased
}

fn shown(place: &Place) -> Vec<String> {
    shown_beside(&place.path())
}

/// Every file beside the store, the store too.
fn shown_beside(path: &Path) -> Vec<String> {
    let mut shown = Vec::new();
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for planted in PLANTED {
            if bytes.windows(planted.len()).any(|window| window == planted.as_bytes()) {
                shown.push(format!("{planted} in {}", path.display()));
            }
        }
    }
    shown
}

/// The file, its write-ahead log, what lies between, the keys, and a backup: the lead is in none of them.
#[test]
fn no_lead_is_in_clear() {
    let place = Place::new("clear");
    place.fill(time(NOW));
    assert_eq!(place.decide(LEAD, time(NOW)), Outcome::Assigned);
    assert!(fs::metadata(place.beside("leads.db-wal")).unwrap().len() > 10_000, "it is all still in the log");
    assert_eq!(shown(&place), [""; 0]);
    place.store.backup(place.beside("copy.db")).unwrap();
    place.store.vacuum().unwrap();
    assert_eq!(shown(&place), [""; 0]);
    // It is there for whoever has the keys, to the byte.
    assert_eq!(place.store.decision(&main(), &id("web/P1.1")).unwrap().unwrap().record.input, LEAD.as_bytes());
    assert!(replay(&*place.store, &main(), &id("web/P1.1")).unwrap().same);
    assert!(explain(&*place.store, &main(), &id("web/P1.1")).is_ok());
}

/// Nobody can try phones out on what is remembered of them.
#[test]
fn hashes_of_values_have_a_key() {
    let (sealed, plain) = (Place::new("hashes"), super::Place::<false>::new("hashes"));
    let revoke = r#"{"op":"revoke","phone":"312-867-9417","by":"ann","reason":"she said so"}"#;
    sealed.fill(time(NOW));
    plain.fill(time(NOW));
    for engine in [&sealed.engine, &plain.engine] {
        engine.decide(LEAD.as_bytes(), Tick::at(time(NOW))).unwrap();
        engine.operate(&Operation::read(revoke).unwrap(), time(NOW)).unwrap();
    }
    let all = |path: &Path, sql: &str| -> Vec<String> {
        let connection = rusqlite::Connection::open(path).unwrap();
        let mut statement = connection.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    for sql in ["SELECT hex(hash) FROM claim", "SELECT key FROM setting WHERE key LIKE 'revoked|%'"] {
        let (hidden, open) = (all(&sealed.path(), sql), all(&plain.path(), sql));
        assert!(!hidden.is_empty() && hidden.len() == open.len());
        assert!(hidden.iter().all(|hash| !open.contains(hash)), "{hidden:?} {open:?}");
    }
    // And they are found all the same.
    let again = r#"{"id":"P2","source":"web","phone":"312-867-9417","zip":"60601"}"#;
    assert_eq!(
        (sealed.decide(again, time(NOW)), plain.decide(again, time(NOW))),
        (Outcome::Suppressed, Outcome::Suppressed)
    );
    assert_eq!(sealed.findings(), [""; 0]);
}

/// A backup of before, beside the keys of now: the lead is gone from it, and its digest still verifies.
#[test]
fn who_is_forgotten_is_gone_from_backups() {
    let place = Place::new("backups");
    place.fill(time(NOW));
    place.decide(LEAD, time(NOW));
    let copy = place.beside("copy.db");
    place.store.backup(&copy).unwrap();
    let before = place.open(&copy);
    assert!(before.decision(&main(), &id("web/P1.1")).unwrap().unwrap().inner.is_none(), "it is in the backup");
    drop(before);
    let keys = || place.key_count();
    let all = keys();
    assert_eq!(forget_phone(&place.store), 1);
    assert_eq!(keys(), all - 1);

    let restored = place.open(&copy);
    let stored = restored.decision(&main(), &id("web/P1.1")).unwrap().unwrap();
    assert!(stored.inner.is_some() && stored.record.input.is_empty() && verify_stored(&stored));
    assert_eq!(replay(&restored, &main(), &id("web/P1.1")).unwrap_err().code(), Code::ReplayErased);
    assert_eq!(explain(&restored, &main(), &id("web/P1.1")).unwrap_err().code(), Code::ReplayErased);
    assert!(replay(&restored, &main(), &id("web/L1.1")).unwrap().same, "others are there");
    assert!(all_verify(&restored));
    let verified = verify(&restored, &mut |_| {}).unwrap();
    assert_eq!((verified.findings.as_slice(), verified.erased, verified.replayed), (&[][..], 1, 8));
    // It is decided on as on any other.
    let restored = Arc::new(restored);
    let engine = Engine::with_options(plan(), restored.clone(), EngineOptions::default()).unwrap();
    let again = engine.decide(LEAD.as_bytes(), Tick::at(time(NOW))).unwrap();
    assert!(again.receipt.replayed && !String::from_utf8(again.body).unwrap().contains("9417"));
    // What lost its key alone becomes a row like any other that was erased.
    let retention = Retention { older_than: 1, now: time(NOW).plus_millis(1_000) };
    prune(&restored, &main(), retention, &mut |_| {}).unwrap();
    assert!(all_verify(&*restored));
    assert_eq!(verify(&restored, &mut |_| {}).unwrap().findings, []);
}

/// What is erased because it is old is gone from backups too.
#[test]
fn what_is_pruned_is_gone_from_backups() {
    let place = Place::new("backups-pruned");
    place.decide(LEAD, time(NOW));
    place.store.backup(place.beside("copy.db")).unwrap();
    let retention = Retention { older_than: 1, now: time(NOW).plus_millis(1_000) };
    assert_eq!(prune(&place.store, &main(), retention, &mut |_| {}).unwrap().decisions, 1);
    let restored = place.open(&place.beside("copy.db"));
    assert!(restored.decision(&main(), &id("web/P1.1")).unwrap().unwrap().inner.is_some());
}

/// Between the erasure and the end of its key.
#[test]
fn who_was_stopped_before_the_key_was_destroyed_comes_back_to_it() {
    let place = Place::new("stopped");
    place.decide(LEAD, time(NOW));
    let copy = place.beside("copy.db");
    place.store.backup(&copy).unwrap();
    // As if the process had ended after the commit: the row is erased, and the key is still to be destroyed.
    let connection = rusqlite::Connection::open(place.path()).unwrap();
    let sealed: Vec<u8> = connection.query_row("SELECT sealed FROM decision", [], |row| row.get(0)).unwrap();
    drop(connection);
    let key = i64::from_be_bytes(sealed[1..9].try_into().unwrap());
    place.damage(&format!("INSERT INTO key_gone(key) VALUES ({key})"));
    let there = |store: &SqliteStore| store.decision(&main(), &id("web/P1.1")).unwrap().unwrap().inner.is_none();
    assert!(there(&place.store));
    drop(place.open(&place.path()));
    assert!(!there(&place.store) && !there(&place.open(&copy)));
    assert_eq!(place.number("SELECT count(*) FROM key_gone"), 0);
}

/// Who makes reports and backups needs no keys.
#[test]
fn without_keys_what_is_about_no_lead_can_be_read() {
    let place = Place::new("reports");
    place.fill(time(NOW));
    place.decide(LEAD, time(NOW));
    let options = SqliteOptions { read_only: true, create: false, ..SqliteOptions::default() };
    let read = SqliteStore::with_options(place.path(), options).unwrap();
    assert_eq!(read.rollups(&main()).unwrap(), place.store.rollups(&main()).unwrap());
    assert_eq!(read.size().unwrap().decisions, 9);
    assert_eq!(read.check_file().unwrap(), []);
    read.backup(place.beside("copy.db")).unwrap();
    assert!(place.open(&place.beside("copy.db")).decision(&main(), &id("web/P1.1")).unwrap().unwrap().inner.is_none());
    assert_eq!(read.decision(&main(), &id("web/P1.1")).unwrap_err().code(), Code::StoreKeyMissing);
    let claimed = read.read(&main(), &mut |view| view.claim("x", &[0; 16], time(NOW), None).map(drop));
    assert_eq!(claimed.unwrap_err().code(), Code::StoreKeyMissing);
}

#[test]
fn without_its_keys_a_store_is_not_opened() {
    let place = Place::new("refused");
    place.decide(LEAD, time(NOW));
    let path = place.path();
    assert_eq!(open(&path, None).unwrap_err(), Code::StoreKeyMissing);
    assert_eq!(open(&path, keys(&[("k1", 2)])).unwrap_err(), Code::StoreKeyWrong, "the same id and another key");
    assert_eq!(open(&path, keys(&[("k2", 1)])).unwrap_err(), Code::StoreKeyWrong, "the same key and another id");
    let moved = place.beside("moved.keys");
    fs::rename(place.beside("leads.db.keys"), &moved).unwrap();
    assert_eq!(open(&path, keys(&[("k1", 1)])).unwrap_err(), Code::StoreKeyFileMissing);
    assert!(!place.beside("leads.db.keys").exists(), "nothing is made in its place");
    // Of another store.
    let other = Place::new("refused-other");
    fs::copy(other.beside("leads.db.keys"), place.beside("leads.db.keys")).unwrap();
    assert_eq!(open(&path, keys(&[("k1", 1)])).unwrap_err(), Code::StoreKeyWrong);
    fs::remove_file(place.beside("leads.db.keys")).unwrap();
    fs::rename(moved, place.beside("leads.db.keys")).unwrap();
    assert!(open(&path, keys(&[("k1", 1)])).is_ok());
}

/// Another key of the host's: no lead is written anew, and the old key opens nothing.
#[test]
fn keys_of_the_host_are_changed() {
    let place = Place::new("rekey");
    place.fill(time(NOW));
    let path = place.path();
    let sealed = |place: &Place| place.number("SELECT sum(length(sealed)) FROM decision");
    let before = sealed(&place);
    let both = open(&path, keys(&[("k2", 2), ("k1", 1)])).unwrap();
    both.rekey().unwrap();
    assert_eq!(sealed(&place), before);
    assert_eq!(open(&path, keys(&[("k1", 1)])).unwrap_err(), Code::StoreKeyWrong);
    let engine = |store: SqliteStore| Engine::open(plan(), store).unwrap();
    let new = engine(open(&path, keys(&[("k2", 2)])).unwrap());
    assert!(replay(new.store(), &main(), &id("web/L1.1")).unwrap().same);
    new.decide(LEAD.as_bytes(), Tick::at(time(NOW))).unwrap();
    // Who was there before goes on, and so does who has both.
    let other = r#"{"id":"P9","source":"web","phone":"312-867-9499","zip":"60601"}"#;
    assert_eq!(place.decide(other, time(NOW)), Outcome::Assigned);
    assert!(replay(&both, &main(), &id("web/P1.1")).unwrap().same);
    assert!(replay(new.store(), &main(), &id("web/P9.1")).unwrap().same);
    assert_eq!(shown(&place), [""; 0]);
    for n in 0..3 {
        both.rekey().unwrap();
        assert!(replay(&both, &main(), &id("web/P1.1")).unwrap().same, "{n}");
    }
}

/// A store that was not encrypted is from then on; what is in it already stays readable, and what is remembered of people
/// gets a key.
#[test]
fn a_store_is_encrypted_from_some_day_on() {
    let place = super::Place::<false>::new("later");
    place.fill(time(NOW));
    let path = place.path();
    let store = Arc::new(open(&path, keys(&[("k1", 1)])).unwrap());
    let engine = Engine::with_options(plan(), store.clone(), EngineOptions::default()).unwrap();
    let again = r#"{"id":"L9","source":"web","phone":"312-867-5301","roof_age":9,"zip":"60601"}"#;
    assert_eq!(engine.decide(again.as_bytes(), Tick::at(time(NOW))).unwrap().outcome, Outcome::Duplicate);
    engine.decide(LEAD.as_bytes(), Tick::at(time(NOW))).unwrap();
    assert_eq!(place.number("SELECT count(*) FROM decision WHERE sealed IS NULL"), 8);
    assert_eq!(place.number("SELECT count(*) FROM decision WHERE sealed IS NOT NULL"), 2);
    let verified = verify(&store, &mut |_| {}).unwrap();
    assert_eq!((verified.findings.as_slice(), verified.replayed), (&[][..], 10));
    assert_eq!(open(&path, None).unwrap_err(), Code::StoreKeyMissing);
    // Who had it open before writes nothing more in clear.
    let late = br#"{"id":"L8","source":"web","phone":"312-867-5388","zip":"60601"}"#;
    let refused = place.engine.decide(late, Tick::at(time(NOW))).unwrap_err();
    assert_eq!(refused.code(), Code::StoreKeyMissing);
    // To look at a store with keys that it does not have changes nothing.
    let other = super::Place::<false>::new("later-read");
    other.fill(time(NOW));
    let options =
        SqliteOptions { read_only: true, create: false, keys: keys(&[("k1", 1)]), ..SqliteOptions::default() };
    let read = SqliteStore::with_options(other.path(), options).unwrap();
    assert!(all_verify(&read) && !other.beside("leads.db.keys").exists());
}

/// What was written before there were keys is encrypted too, a page at a time, and no byte of it is left. All that is asked of
/// it is as before; what was damaged stays so.
#[test]
fn what_was_written_before_there_were_keys_is_encrypted() {
    let place = super::Place::<false>::new("seal");
    place.fill(time(NOW));
    assert_eq!(place.decide(LEAD, time(NOW)), Outcome::Assigned);
    for n in 0..300 {
        let lead =
            format!(r#"{{"id":"M{n}","source":"web","phone":"773-867-{n:04}","zip":"73301","comments":"Yttrius"}}"#);
        place.decide(&lead, time(NOW));
    }
    place.spoil("M7");
    let before = place.store.decisions(&main(), 0, 1_000).unwrap();
    assert_eq!(seal(&place.store, &mut |_| {}).unwrap_err().code(), Code::StoreKeyMissing);
    let path = place.path();
    assert_ne!(shown_beside(&path), [""; 0], "it lies in clear");

    let store = open(&path, keys(&[("k1", 1)])).unwrap();
    let stopped = catch_unwind(AssertUnwindSafe(|| seal(&store, &mut |_| panic!("somebody stops it"))));
    assert!(stopped.is_err());
    assert_eq!(place.number("SELECT count(*) FROM decision WHERE sealed IS NULL"), 309 - 256);
    assert_eq!(store.decisions(&main(), 0, 1_000).unwrap(), before, "some in clear, some not");
    let mut seen = Vec::new();
    assert_eq!(seal(&store, &mut |sealed| seen.push(sealed)).unwrap(), 309 - 256);
    assert_eq!(seen, [309 - 256]);
    assert_eq!(seal(&store, &mut |_| panic!("nothing is left")).unwrap(), 0);
    assert_eq!(store.decisions(&main(), 0, 1_000).unwrap(), before);

    drop(place.engine);
    drop(place.store);
    store.vacuum().unwrap();
    assert_eq!(shown_beside(&path), [""; 0]);
    // Each has a key of its own, which goes with it.
    assert_eq!(forget_phone(&store), 1);
    let stored = store.decision(&main(), &id("web/P1.1")).unwrap().unwrap();
    assert!(stored.inner.is_some() && verify_stored(&stored));
    let findings = verify(&store, &mut |_| {}).unwrap().findings;
    assert!(findings.iter().all(|finding| finding.place.contains("M7")) && !findings.is_empty(), "{findings:?}");
}

/// Processes and threads write at once; no key locks two leads.
#[test]
fn every_lead_has_a_key_of_its_own() {
    let place = Place::new("own");
    let second = Engine::open(plan(), place.open(&place.path())).unwrap();
    std::thread::scope(|scope| {
        for (name, engine) in [("a", &place.engine), ("b", &second), ("c", &second)] {
            scope.spawn(move || {
                for n in 0..60 {
                    let lead = format!(r#"{{"id":"{name}{n}","source":"web","phone":"773-867-{n:04}","zip":"73301","comments":"{name}"}}"#);
                    engine.decide(lead.as_bytes(), Tick::at(time(NOW))).unwrap();
                }
            });
        }
    });
    let sql = "SELECT count(*) FROM (SELECT DISTINCT substr(hex(sealed), 3, 16) FROM decision)";
    assert_eq!(place.number(sql), 180);
    assert_eq!(place.findings(), [""; 0]);
}

#[test]
#[cfg(unix)]
fn nobody_may_read_the_keys_who_may_not_read_the_store() {
    use std::os::unix::fs::PermissionsExt as _;
    let plain = super::Place::<false>::new("mode");
    fs::set_permissions(plain.path(), fs::Permissions::from_mode(0o600)).unwrap();
    let store = open(&plain.path(), keys(&[("k1", 1)])).unwrap();
    store.backup_keys(plain.beside("copy.keys")).unwrap();
    for name in ["leads.db.keys", "copy.keys"] {
        assert_eq!(fs::metadata(plain.beside(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert_eq!(store.backup_keys(plain.beside("copy.keys")).unwrap_err().code(), Code::StoreExists);
    let halves = |name: &std::ffi::OsStr| name.to_string_lossy().contains("partial");
    assert!(fs::read_dir(plain.beside("")).unwrap().all(|file| !halves(&file.unwrap().file_name())));
    let nobody = super::Place::<false>::new("mode-plain");
    assert_eq!(nobody.store.backup_keys(nobody.beside("copy.keys")).unwrap_err().code(), Code::StoreKeyMissing);
}

/// An older copy of the keys has no number of a later key to give again: what was locked with one looks erased, not damaged.
#[test]
fn no_key_stands_for_two_leads_whatever_copy_is_put_back() {
    let place = Place::new("older-keys");
    let copy = place.beside("older.keys");
    place.store.backup_keys(&copy).unwrap();
    place.decide(LEAD, time(NOW));
    let (path, kept) = (place.path(), place.beside("leads.db.keys"));
    let super::Place { store, engine, .. } = place;
    drop((store, engine));
    fs::copy(&copy, kept).unwrap();
    let store = Arc::new(open(&path, Place::keys()).unwrap());
    let engine = Engine::with_options(plan(), store.clone(), EngineOptions::default()).unwrap();
    for n in 0..40 {
        let lead = format!(r#"{{"id":"N{n}","source":"web","phone":"312-867-54{n:02}","zip":"60601"}}"#);
        engine.decide(lead.as_bytes(), Tick::at(time(NOW))).unwrap();
    }
    let stored = store.decision(&main(), &id("web/P1.1")).unwrap().unwrap();
    assert!(stored.inner.is_some() && verify_stored(&stored));
    assert!(all_verify(&*store));
}

/// A lead that waits and whose key is gone was not refused: nobody could look at it.
#[test]
fn a_lead_that_waits_and_cannot_be_read_is_put_off() {
    let place = Place::new("queue");
    let text = super::PLAN.replace(r#"{ "then": "store" }"#, r#"{ "retry_for": "4h", "then": "store" }"#);
    let waits =
        Plan::load(&MemoryResolver::new([("plan.jsonc", text.replace(r#""day": 50"#, r#""day": 0"#))]), "plan.jsonc");
    place.engine.swap(waits.unwrap()).unwrap();
    assert_eq!(place.decide(LEAD, time(NOW)), Outcome::Queued);
    place.store.backup(place.beside("copy.db")).unwrap();
    assert_eq!(forget_phone(&place.store), 1);
    let store = Arc::new(place.open(&place.beside("copy.db")));
    let engine = Engine::with_options(plan(), store.clone(), EngineOptions::default()).unwrap();
    let worked = engine.work_queue(Tick::at(time("2026-11-24T16:30:00Z")), 10).unwrap();
    assert_eq!((worked.decided.len(), worked.damaged.len()), (0, 1));
    assert_eq!(engine.queue(0, 10).unwrap().len(), 1, "it waits on, for whoever finds its key");
    let person = Person {
        lead: Some("web/P1".into()),
        by: Some("ann".into()),
        reason: Some("letter".into()),
        ..Person::default()
    };
    forget(&*store, &main(), &person, time(NOW), &mut |_| {}).unwrap();
    assert!(engine.queue(0, 10).unwrap().is_empty());
}

/// A file of somebody else's that has the name of the keys is left as it is.
#[test]
fn a_foreign_file_is_not_touched() {
    let place = super::Place::<false>::new("foreign-keys");
    let theirs = place.beside("leads.db.keys");
    let connection = rusqlite::Connection::open(&theirs).unwrap();
    connection.execute_batch("PRAGMA journal_mode=WAL; CREATE TABLE notes(text TEXT)").unwrap();
    connection.close().unwrap();
    let before = fs::read(&theirs).unwrap();
    assert_eq!(open(&place.path(), keys(&[("k1", 1)])).map(drop), Err(Code::StoreForeign));
    assert_eq!(fs::read(&theirs).unwrap(), before);
}
