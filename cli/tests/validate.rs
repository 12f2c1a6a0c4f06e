//! `leadwright validate` as somebody would type it.

mod common;

use common::text;
use std::path::PathBuf;
use std::process::Output;

fn leadwright(args: &[&str]) -> Output {
    common::leadwright(args, b"")
}

const HEADER: &str = "Lead ID,source,Full Name,Tel,E-Mail,addr1,Zip,homeowner,Fancy Thing\n";

fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("the folder for tests is writable");
    path
}

fn name(path: &std::path::Path) -> &str {
    path.to_str().expect("a plain path")
}

/// Good, good with a repair, refused, refused: ragged, and many good ones so that there is more than one batch.
fn leads() -> String {
    let mut csv = HEADER.to_owned();
    csv += "a,web,Ann Lee,(312) 867-5309,ann@example.com,5 North Elm Street,60601,Yes,blue\n";
    csv += "b,web,Bo Ray,312.867.5310,bo@example.com,\"7 Oak Ave, Boston MA\",2108,no,\n";
    csv += "c,affil-17,Cy Poe,312-867,cy@example.com,,60601,no,\n";
    csv += "d,affil-17,too few columns\n";
    for n in 0..5_000 {
        csv += &format!("n{n},web,Di Day,312-867-{n:04},di{n}@example.com,{n} Elm St,60601,Y,\n");
    }
    csv
}

fn validated(place: &std::path::Path, threads: &str) -> (Output, String, String) {
    let (input, clean, out) = (place.join("leads.csv"), place.join("clean.csv"), place.join("answers.jsonl"));
    std::fs::write(&input, leads()).expect("writable");
    let files = [name(&input), "--clean", name(&clean), "-o", name(&out)];
    let more = ["--schema", "us/home-services@1", "--as-of", "2026-11-24", "--threads", threads];
    let output = leadwright(&[&["validate"], &files[..], &more[..]].concat());
    let read = |path| std::fs::read_to_string(path).expect("it was written");
    (output, read(out), read(clean))
}

#[test]
fn every_line_is_answered_in_order_and_the_good_ones_are_in_the_cleaned_file() {
    let place = folder("validate");
    let (output, answers, clean) = validated(&place, "3");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let starts: Vec<String> = answers.lines().take(4).map(|line| line.chars().take(76).collect()).collect();
    assert_eq!(
        starts,
        [
            r#"{"id":"a","line":2,"v":1,"schema":"us/home-services@1","valid":true,"canonic"#,
            r#"{"id":"b","line":3,"v":1,"schema":"us/home-services@1","valid":true,"canonic"#,
            r#"{"id":"c","line":4,"v":1,"schema":"us/home-services@1","valid":false,"canoni"#,
            r#"{"id":null,"line":5,"valid":false,"problems":[{"code":"input.ragged_row","se"#,
        ]
    );
    assert_eq!(answers.lines().count(), 5_004);
    let mut rows = clean.lines();
    assert_eq!(
        rows.next(),
        Some(
            "id,source,first_name,last_name,full_name,phone,email,address_line1,city,state,zip,homeowner,x_fancy_thing"
        )
    );
    for want in [
        "a,web,Ann,Lee,Ann Lee,+13128675309,ann@example.com,5 N ELM ST,CHICAGO,IL,60601,true,blue",
        "b,web,Bo,Ray,Bo Ray,+13128675310,bo@example.com,7 OAK AVE,BOSTON,MA,02108,false,",
    ] {
        assert_eq!(rows.next(), Some(want));
    }
    assert_eq!(rows.count(), 5_000);

    let (_, alone, clean_alone) = validated(&place, "1");
    assert_eq!((alone, clean_alone), (answers, clean), "threads change nothing");
}

#[test]
fn the_summary_names_sources_fields_and_problems_and_nobody() {
    let (output, ..) = validated(&folder("validate-summary"), "2");
    let err = text(&output.stderr);
    for part in [
        "5,004 leads in ",
        "by us/home-services@1 as of 2026-11-24",
        // All of them lack the state, which is taken from the ZIP code.
        "5,002  100.0%  good once something was repaired",
        "affil-17",
        "phone.too_short at /Tel: the phone number has too few digits",
        "like 999-999, first in line 4; ask for the whole number",
        "5,002 good leads are in",
    ] {
        assert!(err.contains(part), "{part} in {err}");
    }
    for person in ["Ann", "Poe", "867", "cy@", "Elm"] {
        assert!(!err.contains(person), "{person} in {err}");
    }
}

#[test]
fn cleaning_twice_is_cleaning_once() {
    let place = folder("validate-twice");
    let (_, _, clean) = validated(&place, "2");
    for end in ["csv", "jsonl"] {
        let (once, twice) = (place.join(format!("once.{end}")), place.join(format!("twice.{end}")));
        let again = |from: &std::path::Path, to: &std::path::Path| {
            let args =
                ["validate", name(from), "--schema", "us/home-services@1", "-o", "/dev/null", "--json", "--clean"];
            let output = leadwright(&[&args[..], &[name(to)]].concat());
            serde_json::from_slice::<serde_json::Value>(&output.stderr).expect("the summary is JSON")
        };
        let summary = again(&place.join("clean.csv"), &once);
        assert_eq!((&summary["leads"]["clean"], &summary["leads"]["all"]), (&5_002.into(), &5_002.into()), "{end}");
        assert_eq!(again(&once, &twice)["leads"]["clean"], 5_002, "{end}");
        let read = |path| std::fs::read_to_string(path).expect("it was written");
        assert_eq!(read(&twice), read(&once), "{end}");
        if end == "csv" {
            assert_eq!(read(&once).lines().skip(1).collect::<Vec<_>>(), clean.lines().skip(1).collect::<Vec<_>>());
        }
    }
}

#[test]
fn exit_codes_and_files_that_are_not_overwritten() {
    let place = folder("validate-exits");
    let input = place.join("leads.csv");
    std::fs::write(&input, leads()).expect("writable");
    let run = |more: &[&str]| {
        let args = [&["validate", name(&input), "--schema", "us/home-services@1"], more].concat();
        leadwright(&args).status.code()
    };
    assert_eq!(run(&["-o", "/dev/null"]), Some(0));
    assert_eq!(run(&["-o", "/dev/null", "--strict"]), Some(1));
    assert_eq!(run(&["-o", "/dev/null", "--as-of", "yesterday"]), Some(2));
    assert_eq!(run(&["-o", name(&input)]), Some(5));
    assert_eq!(run(&["-o", "/dev/null", "--clean", name(&input)]), Some(5));
    assert_eq!(run(&["-o", "/dev/null", "--clean", "clean.xlsx"]), Some(5));
    assert_eq!(std::fs::read_to_string(&input).expect("it is there"), leads());
    let unknown = leadwright(&["validate", name(&input), "--schema", "us/home-service@1"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("did you mean us/home-services@1?"), "{}", text(&unknown.stderr));
    assert_eq!(leadwright(&["validate", name(&input)]).status.code(), Some(2));
}

/// The plan of the example says the same about its leads as its decisions do.
#[test]
fn a_plan_validates_as_it_decides() {
    let place = folder("validate-plan");
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/home-services/plan.jsonc");
    let leads = [
        r#"{"id":"1","source":"search-lp","vertical":"roofing","phone":"(773) 555-0123","zip":"60606","homeowner":"Yes","name":"Ann Lee","timeframe":"ASAP"}"#,
        r#"{"id":"2","source":"search-lp","vertical":"roofing","phone":"555-01","zip":"2108"}"#,
        r#"{"id":"3","source":"nobody","phone":"(773) 555-0123"}"#,
        r#"{"id":"4","source":"search-lp","vertical":"boats"}"#,
        "no lead",
    ];
    let input = place.join("leads.jsonl");
    std::fs::write(&input, leads.join("\n")).expect("writable");
    let store = place.join("store.db");
    let validated = leadwright(&["validate", name(&input), "--plan", plan, "--as-of", "2026-11-24"]);
    let now = "2026-11-24T12:00:00Z";
    let decided = leadwright(&["decide", name(&input), "--plan", plan, "--store", name(&store), "--now", now]);
    assert_eq!((validated.status.code(), decided.status.code()), (Some(0), Some(0)), "{}", text(&decided.stderr));
    let read = |bytes: &[u8]| -> Vec<serde_json::Value> {
        text(bytes).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };
    let (validated, decided) = (read(&validated.stdout), read(&decided.stdout));
    assert_eq!(validated.len(), leads.len());
    for (one, other) in validated.iter().zip(&decided) {
        assert_eq!(one["problems"], other["problems"]);
        assert_eq!(one["valid"] == false, other["outcome"] == "rejected");
        if one["schema"].is_string() {
            assert_eq!((&one["canonical"], &one["corrections"]), (&other["canonical"], &other["corrections"]));
        }
    }
}
