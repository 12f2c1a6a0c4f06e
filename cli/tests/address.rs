//! `leadwright address` as somebody would type it.

mod common;

use common::leadwright;
use std::process::Output;

fn address(args: &[&str], input: &str) -> Output {
    leadwright(&[&["address"], args].concat(), input.as_bytes())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the command writes UTF-8")
}

/// More than one batch, with bad lines between.
fn many() -> String {
    let line = |n: u32| match n % 5 {
        0 => "not json\n".to_owned(),
        1 => format!("{{\"id\":{n},\"raw\":{{\"street\":\"{n} north elm street\",\"zip\":\"52247\"}}}}\n"),
        _ => format!("{{\"id\":{n},\"raw\":\"{n} Elm St Apt {n}, Kalona IA 52247\"}}\n"),
    };
    (0..4_200).map(line).collect()
}

#[test]
fn the_answers_do_not_depend_on_the_threads_and_keep_their_order() {
    let input = many();
    let one = address(&["--threads", "1"], &input);
    let three = address(&["--threads", "3"], &input);
    assert_eq!(text(&one.stderr), "4200 addresses, 840 with an error\n");
    assert!(one.stdout == three.stdout);
    for (n, line) in (1..).zip(text(&one.stdout).lines()) {
        let id = if n % 5 == 1 { "null".to_owned() } else { (n - 1).to_string() };
        assert!(line.starts_with(&format!("{{\"id\":{id},")), "{line}");
    }
}

const FEW: &str = r#"{"id":1,"raw":"9 Elm Street, Kalona IA 52247"}
{"id":2,"raw":"9 Elm Street, Kalona IA 00001"}
{"id":3,"raw":"Zyxwv 4Q, Ottawa, Canada"}
{"id":4}
nothing
{"id":6,"raw":"10 Elm Street, Kalona IA 52247"}
"#;

#[test]
fn the_summary_counts_and_shows_nothing_of_anybody() {
    let output = address(&["--summary"], FEW);
    let said = text(&output.stderr);
    for want in [
        "\n6 addresses in ",
        "          2   33.3%  good",
        "          4   66.7%  to be looked at",
        "          1   16.7%  of them lines that were no address",
        "  address.suffix_standardized: the street suffix was abbreviated",
        "             like AAAAAA to AA, first in line 1",
        "          1  address.missing: there is no address",
    ] {
        assert!(said.contains(want), "{want}\n{said}");
    }
    for hidden in ["Kalona", "KALONA", "Zyxwv", "00001", "Elm", "ELM"] {
        assert!(!said.contains(hidden), "{said}");
    }
}

#[test]
fn the_summary_as_json() {
    let output = address(&["--json"], FEW);
    let said: serde_json::Value = serde_json::from_slice(&output.stderr).expect("JSON");
    assert_eq!((&said["addresses"], &said["no_address"]), (&6.into(), &1.into()));
    assert_eq!(said["corrections"]["address.suffix_standardized"]["count"], 3);
    assert_eq!(said["to_review"], 4);
    let codes: Vec<_> = said["problems"].as_array().expect("a list").iter().map(|row| row["code"].clone()).collect();
    assert!(codes.contains(&"address.line_invalid".into()), "{said}");
}

#[test]
fn lines_come_in_the_letters_that_people_read() {
    let input = "{\"id\":1,\"raw\":\"12 north elm st apt 4b, springfield il 62704\"}\n";
    let upper = address(&[], input);
    let title = address(&["--casing", "title"], input);
    let text = |output: &std::process::Output| String::from_utf8(output.stdout.clone()).unwrap();
    assert!(text(&upper).contains(r#""lines":["12 N ELM ST APT 4B","SPRINGFIELD IL 62704"]"#));
    let titled = text(&upper).replace(
        r#"["12 N ELM ST APT 4B","SPRINGFIELD IL 62704"]"#,
        r#"["12 N Elm St Apt 4B","Springfield IL 62704"]"#,
    );
    assert_eq!(text(&title), titled, "nothing else changes");
}
