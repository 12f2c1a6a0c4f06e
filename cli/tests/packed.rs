//! Inputs that are packed by gzip: read, gone on with and refused like those that are not.

mod common;

use common::{leadwright, text};
use flate2::{Compression, write::GzEncoder};
use leadwright::model::TenantId;
use leadwright::store::{SqliteStore, Store};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/home-services/plan.jsonc");
const NOW: &str = "2026-06-01T15:30:00Z";

fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packed").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    folder
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn packed(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes()).expect("into memory");
    packer.finish().expect("into memory")
}

/// Canonical leads; one in a thousand is refused.
fn canonical(count: usize) -> String {
    let mut lines = String::new();
    for n in 0..count {
        let source = if n % 1_000 == 7 { "" } else { "web" };
        let at = format!("2026-01-05T{:02}:{:02}:{:02}.000Z", n / 3_600, n / 60 % 60, n % 60);
        writeln!(lines, r#"{{"id":"C{n}","source":"{source}","received_at":"{at}","x_note":"{:x}"}}"#, n * n * 7_919)
            .expect("into memory");
    }
    lines
}

fn history(store: &Path) -> Vec<Vec<u8>> {
    let store = SqliteStore::open_existing(store).expect("a store");
    let leads = store.history(&TenantId::default(), 0, usize::MAX).expect("read");
    leads.into_iter().map(|(_, lead)| lead.input).collect()
}

fn import(store: &Path, file: &Path, more: &[&str]) -> (Option<i32>, String) {
    let args = ["import", path(file), "--store", path(store), "--now", NOW];
    let output = leadwright(&[&args[..], more].concat(), b"");
    (output.status.code(), text(&output.stderr))
}

#[test]
fn packed_leads_are_those_that_were_packed() {
    let folder = place("same");
    let lines = canonical(2_500);
    let rows = "id,source,vertical,received_at,phone,zip\n\
                H1,search-lp,roofing,2026-01-05T10:00:00Z,312-867-5301,60601\n\
                H2,search-lp,roofing,2026-01-05T10:00:01Z,\"312-867\n-5302\",60601\n";
    let cases = [("old.jsonl", &lines, &["--canonical"][..]), ("old.csv", &rows.to_owned(), &["--plan", PLAN])];
    for (name, leads, how) in cases {
        let plain = folder.join(name);
        std::fs::write(&plain, leads).expect("writable");
        let store = folder.join(format!("{name}.db"));
        assert_eq!(import(&store, &plain, how).0, Some(0));
        let want = history(&store);
        assert!(want.len() > 1, "{name}");
        // By its name, and by its first bytes.
        let format = ["--format", &name[4..]];
        for (called, format) in [(format!("{name}.gz"), &[][..]), (format!("{name}-packed"), &format)] {
            let file = folder.join(&called);
            std::fs::write(&file, packed(leads)).expect("writable");
            let store = folder.join(format!("{called}.db"));
            let (code, told) = import(&store, &file, &[how, format].concat());
            assert_eq!(code, Some(0), "{told}");
            assert_eq!(history(&store), want, "{called}");
        }
        let store = folder.join(format!("{name}-piped.db"));
        let args = ["import", "-", "--name", "piped", "--store", path(&store), "--now", NOW];
        let output = leadwright(&[&args[..], how, &format].concat(), &packed(leads));
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_eq!(history(&store), want, "piped");
    }
    let odd = folder.join("odd.jsonl.gz");
    std::fs::write(&odd, &lines).expect("writable");
    let (code, told) = import(&folder.join("odd.db"), &odd, &["--canonical"]);
    assert_eq!(code, Some(5), "{told}");
    assert!(told.contains("it is called .gz, and is not packed by gzip"), "{told}");
}

#[test]
fn an_import_of_what_was_cut_is_gone_on_with() {
    let folder = place("cut");
    let (file, store, rejects) = (folder.join("old.jsonl.gz"), folder.join("leads.db"), folder.join("rejects.jsonl"));
    let lines = canonical(50_000);
    let whole = packed(&lines);
    std::fs::write(&file, &whole[..whole.len() * 2 / 3]).expect("writable");
    let how = ["--canonical", "--resume", "--rejects", path(&rejects)];
    let (code, told) = import(&store, &file, &how);
    assert_eq!(code, Some(5), "{told}");
    let first = history(&store).len();
    assert!((20_000..40_000).contains(&first), "what came before the cut is there: {first}");
    std::fs::write(&file, &whole).expect("writable");
    let (code, told) = import(&store, &file, &how);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("gone on after"), "{told}");
    let kept = |n: &usize| n % 1_000 != 7;
    let want: Vec<&[u8]> =
        lines.lines().enumerate().filter(|(n, _)| kept(n)).map(|(_, line)| line.as_bytes()).collect();
    assert!(history(&store).iter().eq(&want), "none is lost and none is there twice");
    let told = std::fs::read_to_string(&rejects).expect("readable");
    let numbers: Vec<u64> = told
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON")["line"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers, (0..50).map(|n| n * 1_000 + 8).collect::<Vec<u64>>());
    // How the leads are packed is no part of them: those of the file as it was are the same.
    let plain = folder.join("old.jsonl");
    std::fs::write(&plain, &lines).expect("writable");
    let (code, told) = import(&store, &plain, &[&how[..], &["--name", "old.jsonl.gz"]].concat());
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("gone on after 50,000 leads, line 50000") && history(&store).len() == want.len(), "{told}");
}
