//! `leadwright profile` tells what a file holds, and none of its values.

use leadwright_cli::{Streams, run};

fn profile(input: &str, args: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut bytes = input.as_bytes();
    let all = ["leadwright", "profile", "--as-of", "2026-11-24"].iter().chain(args).copied();
    let code = run(all, &mut Streams { input: &mut bytes, out: &mut out, err: &mut err, is_terminal: false });
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

const LEADS: &str =
    "Best Phone,Emial,Zip\n(312) 867-5309,canary@example.com,60601\n312-867-5310,canary2@example.com,2108\n";

#[test]
fn a_csv_file_is_described_and_validated() {
    let (code, out, err) = profile(LEADS, &["--format", "csv"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for part in ["2 leads, 3 columns", "Best Phone is phone", "Emial is email", "good once something was repaired"] {
        assert!(out.contains(part), "{part} is not in\n{out}");
    }
}

#[test]
fn the_json_says_the_same() {
    let (code, out, _) = profile(LEADS, &["--format", "csv", "--json"]);
    assert_eq!(code, 0);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["v"], 1);
    assert_eq!(report["columns"][0]["kind"], "phone");
    assert_eq!(report["validation"]["leads"]["all"], 2);
}

#[test]
fn no_value_is_shown_not_even_where_there_is_no_header() {
    let headless = LEADS.split_once('\n').unwrap().1;
    // The name of a field that is nearly one of the schema is told, and here it is somebody's town.
    let nearly = "Canary,canary@example.com,fhone\nx,y@example.com,z\n";
    for input in [LEADS, headless, nearly] {
        for json in [&["--format", "csv"][..], &["--format", "csv", "--json"]] {
            let (_, out, err) = profile(input, json);
            for value in ["canary", "Canary", "fhone", "867-5309", "60601", "2108"] {
                assert!(!out.contains(value) && !err.contains(value), "{value} is in\n{out}{err}");
            }
        }
    }
}

#[test]
fn only_so_many_rows_are_looked_at() {
    let (_, out, _) = profile(LEADS, &["--format", "csv", "--rows", "1"]);
    assert!(out.starts_with("the first 1 leads"), "{out}");
}

#[test]
fn an_empty_input_is_no_mistake() {
    let (code, out, _) = profile("", &[]);
    assert_eq!(code, 0);
    assert!(out.starts_with("0 leads, 0 columns"), "{out}");
}
