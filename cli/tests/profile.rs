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

/// The piece of a plan that a profile prints, in a plan: `check` has nothing to say about it, and leads are read by it.
#[test]
fn what_is_to_be_pasted_is_a_plan() {
    let csv = "Best Phone,Emial,Zip,Roof Pitch,Tax No,Lead ID,note,2nd,Moved In\n\
        (312) 867-5309,canary@example.com,60601,7,123-45-6789,a,x,y,2020-01-02\n\
        312-867-5310,canary2@example.com,60602,9,123-45-6780,b,x,y,2021-02-03\n";
    let (_, out, _) = profile(csv, &["--format", "csv"]);
    let (_, piece) = out.split_once("under `verticals`:\n").expect("there is a piece");
    let piece: Vec<&str> = piece.lines().skip(1).take_while(|line| !line.is_empty()).collect();
    let piece = piece.join("\n");
    for part in
        [r#""phone": { "synonyms": ["Best Phone"] }"#, r#""moved_in": { "is": "date""#, r#""tax_no": { "is": "ssn""#]
    {
        assert!(piece.contains(part), "{part} is not in\n{piece}");
    }
    let route = r#"{ "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } }"#;
    let name = piece.split('"').nth(1).expect("the vertical has a name");
    let plan = format!(
        r#"{{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
  "verticals": {{
{piece} }},
  "sources": {{ "web": {{ "verticals": ["{name}"] }} }},
  "routes": {{ "{name}": {route} }},
  "buyers": {{ "acme": {{ "contracts": {{ "acme-all": {{ "in": {{ "{name}/all": {{}} }}, "sell": {{ "exclusive": {{ "price": "1.00" }} }} }} }} }} }} }}"#
    );
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("profile-plan");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("plan.jsonc");
    std::fs::write(&file, &plan).unwrap();
    let file = file.to_str().unwrap();
    let command = |args: &[&str], input: &str| {
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut bytes = input.as_bytes();
        let code = run(
            ["leadwright"].iter().chain(args).copied(),
            &mut Streams { input: &mut bytes, out: &mut out, err: &mut err, is_terminal: false },
        );
        (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
    };
    let (code, out, err) = command(&["check", file], "");
    assert_eq!(code, 0, "{plan}\n{out}{err}");
    let csv = csv.replacen("Lead ID", "Lead ID,source", 1).replace(",a,", ",a,web,").replace(",b,", ",b,web,");
    let (code, out, err) = command(&["validate", "--plan", file, "--format", "csv", "--as-of", "2026-11-24"], &csv);
    assert_eq!(code, 0, "{out}{err}");
    for part in
        [r#""phone":"+13128675309""#, r#""email":"canary@example.com""#, r#""roof_pitch":7"#, r#""tax_no":true"#]
    {
        assert!(out.contains(part), "{part} is not in\n{out}");
    }
    assert!(!out.contains("6789") && !err.contains("6789"), "{out}{err}");
}
