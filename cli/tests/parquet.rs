//! Leads of Parquet files: like those of a CSV, and gone on with by groups of rows.
#![cfg(feature = "parquet")]

mod common;

use common::{leadwright, text};
use leadwright::model::TenantId;
use leadwright::store::{SqliteStore, Store};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const PLAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/home-services/plan.jsonc");
const NOW: &str = "2026-06-01T15:30:00Z";
/// 2026-01-05T10:00:00Z.
const AT: i64 = 1_767_607_200_000;
const GROUP: usize = 7_000;

fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("parquet").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("writable");
    folder
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A file of groups, whose columns a function writes.
fn write(file: &Path, schema: &str, groups: usize, group: &dyn Fn(usize, &mut SerializedRowGroupWriter<'_, File>)) {
    let schema = Arc::new(parse_message_type(&format!("message leads {{ {schema} }}")).expect("a schema"));
    let mut writer =
        SerializedFileWriter::new(File::create(file).expect("writable"), schema, Arc::default()).expect("a writer");
    for n in 0..groups {
        let mut rows = writer.next_row_group().expect("a group");
        group(n, &mut rows);
        rows.close().expect("written");
    }
    writer.close().expect("written");
}

/// Writes the next column; what is missing is null.
macro_rules! column {
    ($group:expr, $type:ty, $values:expr) => {{
        let values: Vec<_> = $values;
        let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
        let values: Vec<_> = values.into_iter().flatten().collect();
        let mut column = $group.next_column().expect("writable").expect("one more column");
        column.typed::<$type>().write_batch(&values, Some(&levels), None).expect("written");
        column.close().expect("written");
    }};
}

fn bytes(text: &str) -> Option<ByteArray> {
    Some(text).filter(|text| !text.is_empty()).map(ByteArray::from)
}

/// Canonical leads in five groups; one in a thousand has no source.
fn canonical(file: &Path) {
    let schema = "optional binary id (utf8); optional binary source (utf8); \
                  optional int64 received_at (timestamp(micros, true)); optional double x_score; optional boolean x_new;";
    write(file, schema, 5, &|group, rows| {
        let numbers = || (0..GROUP).map(|n| group * GROUP + n);
        column!(rows, ByteArrayType, numbers().map(|n| bytes(&format!("C{n}"))).collect());
        column!(rows, ByteArrayType, numbers().map(|n| bytes(if n % 1_000 == 7 { "" } else { "web" })).collect());
        column!(rows, Int64Type, numbers().map(|n| Some((AT + n as i64 * 1_000) * 1_000)).collect());
        column!(rows, DoubleType, numbers().map(|n| [Some(f64::NAN), Some(n as f64), None][n % 3]).collect());
        column!(rows, BoolType, numbers().map(|n| Some(n % 2 == 0)).collect());
    });
}

fn import(store: &Path, file: &Path, more: &[&str]) -> (Option<i32>, String) {
    let args = ["import", path(file), "--store", path(store), "--now", NOW];
    let output = leadwright(&[&args[..], more].concat(), b"");
    (output.status.code(), text(&output.stderr))
}

fn history(store: &Path) -> Vec<String> {
    let store = SqliteStore::open_existing(store).expect("a store");
    let leads = store.history(&TenantId::default(), 0, usize::MAX).expect("read");
    leads.into_iter().map(|(_, lead)| String::from_utf8(lead.input).expect("UTF-8")).collect()
}

#[test]
fn canonical_rows_are_leads_and_gone_on_with_by_groups() {
    let folder = place("canonical");
    let (file, store, rejects) = (folder.join("old.parquet"), folder.join("leads.db"), folder.join("rejects.jsonl"));
    canonical(&file);
    // The last groups cannot be read: a page of each is damaged.
    let whole = std::fs::read(&file).expect("readable");
    let mut damaged = whole.clone();
    let (from, to) = (whole.len() / 2, whole.len() * 9 / 10);
    damaged[from..to].fill(0xff);
    let how = ["--canonical", "--resume", "--rejects", path(&rejects)];
    std::fs::write(&file, &damaged).expect("writable");
    let (code, told) = import(&store, &file, &how);
    assert_eq!(code, Some(5), "{told}");
    assert!(told.contains("this is no Parquet file, or it is damaged") || told.contains("ends too early"), "{told}");
    let (code, told) = import(&store, &file, &["--canonical", "--resume"]);
    assert_eq!(code, Some(5), "what was imported is not read again: {told}");
    std::fs::write(&file, &whole).expect("writable");
    let (code, told) = import(&store, &file, &how);
    assert_eq!(code, Some(2), "it is another file: {told}");
    assert!(told.contains("are not those that were imported"), "{told}");
    std::fs::remove_file(&store).expect("there");
    std::fs::remove_file(&rejects).expect("there");
    let (code, told) = import(&store, &file, &how);
    assert_eq!(code, Some(0), "{told}");
    let leads = history(&store);
    let total = 5 * GROUP;
    assert_eq!(leads.len(), total - total / 1_000);
    assert_eq!(leads[0], r#"{"id":"C0","received_at":"2026-01-05T10:00:00.000Z","source":"web","x_new":true}"#);
    let second = r#"{"id":"C1","received_at":"2026-01-05T10:00:01.000Z","source":"web","x_new":false,"x_score":1}"#;
    assert_eq!(leads[1], second, "a number is one, and what is missing is left out");
    let told = std::fs::read_to_string(&rejects).expect("readable");
    assert_eq!(told.lines().count(), total / 1_000);
    assert!(told.lines().next().expect("a line").starts_with(r#"{"line":8,"code":"lead.source_missing""#), "{told}");
    let (code, told) = import(&store, &file, &how);
    assert_eq!((code, history(&store).len()), (Some(0), leads.len()), "{told}");
}

#[test]
fn a_killed_import_goes_on_and_nothing_is_lost_or_there_twice() {
    let folder = place("killed");
    let (file, store, whole) = (folder.join("old.parquet"), folder.join("leads.db"), folder.join("whole.db"));
    canonical(&file);
    assert_eq!(import(&whole, &file, &["--canonical"]).0, Some(0));
    let mut kills = 0;
    for round in 0..40_u64 {
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_leadwright"))
            .args(["import", path(&file), "--store", path(&store), "--canonical", "--resume", "--now", NOW])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("the command was built");
        std::thread::sleep(std::time::Duration::from_millis(30 + 25 * round));
        child.kill().expect("it is killed, or was done");
        if child.wait().expect("it ends").success() {
            break;
        }
        kills += 1;
    }
    assert!(kills > 2, "it was killed {kills} times");
    assert_eq!(import(&store, &file, &["--canonical", "--resume"]).0, Some(0));
    assert!(history(&store) == history(&whole));
}

#[test]
fn raw_rows_are_those_of_a_csv() {
    let folder = place("raw");
    let (file, csv) = (folder.join("old.parquet"), folder.join("old.csv"));
    let rows = [
        ["H1", "search-lp", "roofing", "2026-01-05T10:00:00Z", "(312) 867-9417", "60601", "Homefront Roofing", "42.50"],
        ["H2", "nobody", "roofing", "2026-01-05T10:00:01Z", "312-867-5301", "60601", "", ""],
        ["H3", "search-lp", "roofing", "2026-01-06T10:00:00Z", "312-867-5303", "60601", "", ""],
    ];
    let names = ["id", "source", "vertical", "received_at", "phone", "zip", "sold to", "paid"];
    let lines: Vec<String> = [names].iter().chain(&rows).map(|row| row.join(",")).collect();
    std::fs::write(&csv, lines.join("\n")).expect("writable");
    // The parser of schemas knows no name with a blank.
    let schema: String =
        names.iter().map(|name| format!("optional binary {} (utf8); ", name.replace(' ', "_"))).collect();
    write(&file, &schema, 1, &|_, group| {
        for at in 0..names.len() {
            column!(group, ByteArrayType, rows.iter().map(|row| bytes(row[at])).collect());
        }
    });
    let stores = [(&csv, "sold to"), (&file, "sold_to")].map(|(file, buyer)| {
        let store = folder.join(format!("{}.db", file.extension().and_then(|end| end.to_str()).expect("one")));
        let (code, told) = import(&store, file, &["--plan", PLAN, "--buyer", buyer, "--price", "paid"]);
        assert_eq!(code, Some(0), "{told}");
        assert!(told.contains("2  imported") && told.contains("lead.unknown_source"), "{told}");
        let store = SqliteStore::open_existing(&store).expect("a store");
        store.history(&TenantId::default(), 0, 9).expect("read").into_iter().map(|(_, lead)| lead).collect::<Vec<_>>()
    });
    assert!(stores[0] == stores[1], "to the byte");
    // The other commands read it, too.
    let answers = [&csv, &file].map(|file| leadwright(&["validate", path(file), "--plan", PLAN], b""));
    assert!(answers.iter().all(|answer| answer.status.success()), "{}", text(&answers[1].stderr));
    assert_eq!(text(&answers[0].stdout).lines().count(), 3);
}

#[test]
fn a_file_with_a_column_that_no_lead_has_is_refused_as_a_whole() {
    let folder = place("columns");
    let (file, store) = (folder.join("old.parquet"), folder.join("leads.db"));
    let vector: serde_json::Value =
        serde_json::from_str(include_str!("../../vectors/input/003-bad-column.json")).expect("JSON");
    let want = |key: &str| vector["want"][key].as_str().expect("a text").to_owned();
    let id = "required binary id (utf8);";
    let cases = [
        (
            format!("{id} optional group tags (list) {{ repeated group list {{ optional binary element (utf8); }} }}"),
            want("shape"),
            want("path"),
        ),
        (format!("{id} optional group home {{ optional binary zip (utf8); }}"), "a group".into(), "/home".into()),
        (format!("{id} repeated binary tags (utf8);"), "a list".into(), "/tags".into()),
        (format!("{id} optional int96 at;"), "a time of 96 bits".into(), "/at".into()),
        (format!("{id} optional int32 at (time_millis);"), "another type".into(), "/at".into()),
        (format!("{id} optional fixed_len_byte_array (12) at (interval);"), "another type".into(), "/at".into()),
    ];
    for (schema, shape, at) in cases {
        write(&file, &schema, 0, &|_, _| ());
        let (code, told) = import(&store, &file, &["--canonical"]);
        assert_eq!(code, Some(5), "{told}");
        for what in [&want("code"), &shape, &format!(" at {at}:")] {
            assert!(told.contains(what.as_str()), "{what}: {told}");
        }
    }
    // A moment without a zone is read, and no time of a lead.
    let schema = "required binary id (utf8); required binary source (utf8); required int64 received_at (timestamp(nanos, false));";
    write(&file, schema, 1, &|_, group| {
        for text in ["a", "web"] {
            let mut column = group.next_column().expect("writable").expect("one more column");
            column.typed::<ByteArrayType>().write_batch(&[ByteArray::from(text)], None, None).expect("written");
            column.close().expect("written");
        }
        let mut column = group.next_column().expect("writable").expect("one more column");
        column.typed::<Int64Type>().write_batch(&[AT * 1_000_000], None, None).expect("written");
        column.close().expect("written");
    });
    let (code, told) = import(&store, &file, &["--canonical"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("lead.bad_reserved at /received_at"), "{told}");
    std::fs::write(&file, "no such file").expect("writable");
    assert_eq!(import(&store, &file, &["--canonical", "--again"]).0, Some(5));
}
