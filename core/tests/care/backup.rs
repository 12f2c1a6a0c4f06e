//! A copy while others write.

use super::{Place, time};
use leadwright::care::verify;
use leadwright::model::Tick;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn a_copy_while_others_write_is_whole() {
    let place = Place::new("backup");
    let now = time("2026-11-24T15:30:00Z");
    place.fill(now);
    let (done, written) = (AtomicBool::new(false), place.path());
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut count = 0_u32;
            while !done.load(Ordering::SeqCst) {
                let lead = format!(r#"{{"id":"W{count}","source":"web","phone":"773-867-{count:04}","zip":"60601"}}"#);
                place.engine.decide(lead.as_bytes(), Tick::at(now)).unwrap();
                count += 1;
            }
            count
        });
        // Opened a second time: callers of the first go on deciding.
        let second = place.open(&written);
        for n in 0..10 {
            std::thread::sleep(std::time::Duration::from_millis(20));
            second.backup(place.beside(&format!("copy-{n}.db"))).unwrap();
        }
        done.store(true, Ordering::SeqCst);
        assert!(writer.join().unwrap() > 10);
    });
    let mut before = 0;
    for n in 0..10 {
        let copy = place.open(&place.beside(&format!("copy-{n}.db")));
        let verified = verify(&copy, &mut |_| {}).unwrap();
        assert_eq!((verified.findings.as_slice(), verified.decisions), (&[][..], verified.replayed));
        assert!(verified.decisions >= before.max(8), "each copy has what the one before had");
        before = verified.decisions;
    }
    assert_eq!(place.findings(), [""; 0]);
    assert_eq!(halves(&place), [""; 0]);
}

/// Halves of copies beside the store.
fn halves(place: &Place) -> Vec<String> {
    let files = std::fs::read_dir(place.path().parent().unwrap()).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.contains("partial")).collect()
}

/// What somebody else has there is not taken away, whatever it is called; nobody may read the copy who may not read the store.
#[test]
#[cfg(unix)]
fn a_copy_takes_nothing_away_and_shows_nobody_more() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Place::new("backup-mode");
    place.fill(time("2026-11-24T15:30:00Z"));
    let theirs = [place.beside("copy.db.partial"), place.beside(&format!("copy.db.{}-0.partial", std::process::id()))];
    theirs.iter().for_each(|file| std::fs::write(file, "theirs").unwrap());
    std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    place.store.backup(place.beside("copy.db")).unwrap();
    assert!(theirs.iter().all(|file| std::fs::read(file).unwrap() == b"theirs"));
    assert_eq!(halves(&place).len(), 2);
    let mode = std::fs::metadata(place.beside("copy.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(place.findings_of(&place.beside("copy.db")), [""; 0]);
}

#[test]
fn no_file_is_overwritten_and_what_is_damaged_gets_no_name() {
    let place = Place::new("backup-refused");
    place.fill(time("2026-11-24T15:30:00Z"));
    std::fs::write(place.beside("mine"), "notes").unwrap();
    assert_eq!(place.store.backup(place.beside("mine")).unwrap_err().code().as_str(), "store.exists");
    assert_eq!(std::fs::read(place.beside("mine")).unwrap(), b"notes");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", place.beside("link")).unwrap();
        assert_eq!(place.store.backup(place.beside("link")).unwrap_err().code().as_str(), "store.exists");
    }
    let nowhere = place.beside("no-such-folder").join("copy.db");
    assert_eq!(place.store.backup(nowhere).unwrap_err().code().as_str(), "store.io");
    place.damage("DELETE FROM plan");
    assert_eq!(place.store.backup(place.beside("copy.db")).unwrap_err().code().as_str(), "store.corrupt");
    assert_eq!(halves(&place), [""; 0]);
    assert!(!place.beside("copy.db").exists());
    assert!(place.findings_of(&place.path()).contains(&"file.foreign_key".to_owned()));
}
