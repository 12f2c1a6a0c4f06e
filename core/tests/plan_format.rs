//! Laying out a plan file: the same meaning, the same comments, and nothing changes the second time.

use leadwright::plan::{format, parse};
use proptest::prelude::*;

/// White space and comments between two tokens.
fn gap() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => Just(String::new()),
        3 => Just(" ".to_owned()),
        2 => Just("\n".to_owned()),
        1 => Just("\n\n\n".to_owned()),
        1 => Just("\r\n\t".to_owned()),
        1 => "[a-z]{1,5}".prop_map(|word| format!(" // {word}\n")),
        1 => "[a-z]{1,5}".prop_map(|word| format!("\n// {word}\n")),
        1 => "[a-z]{1,5}".prop_map(|word| format!("/* {word} */")),
        1 => "[a-z]{1,5}".prop_map(|word| format!("\n/* {word}\n  {word} */ ")),
    ]
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("true".to_owned()),
        Just("null".to_owned()),
        "[1-9][0-9]{0,6}",
        "\"[a-z /]{0,50}\"",
        Just("[]".to_owned()),
        Just("{}".to_owned()),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let item = (gap(), inner.clone(), gap()).prop_map(|(before, value, after)| format!("{before}{value}{after}"));
        let member =
            (gap(), gap(), gap(), inner, gap()).prop_map(|(a, b, c, value, d)| (a, format!("{b}:{c}{value}{d}")));
        prop_oneof![
            (prop::collection::vec(item, 0..6), any::<bool>(), gap()).prop_map(|(items, comma, last)| {
                let comma = if comma && !items.is_empty() { "," } else { "" };
                format!("[{}{comma}{last}]", items.join(","))
            }),
            (prop::collection::vec(member, 0..6), gap()).prop_map(|(members, last)| {
                let named = members.iter().enumerate().map(|(n, (before, rest))| format!("{before}\"k{n}\"{rest}"));
                format!("{{{}{last}}}", named.collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

/// The words in comments, in their order.
fn comments(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['"', '/']) {
        let (from, end) = match &rest[at..] {
            text if text.starts_with('"') => (at, rest[at + 1..].find('"').unwrap() + at + 2),
            text if text.starts_with("//") => (at, rest[at..].find('\n').map_or(rest.len(), |end| at + end)),
            _ => (at, rest[at..].find("*/").unwrap() + at + 2),
        };
        if !rest[from..].starts_with('"') {
            let inside = rest[from..end].split(|c: char| !c.is_ascii_lowercase()).filter(|word| !word.is_empty());
            words.extend(inside.map(str::to_owned));
        }
        rest = &rest[end..];
    }
    words.sort();
    words
}

proptest! {
    #[test]
    fn nothing_that_a_file_says_is_lost_and_twice_is_once(before in gap(), value in value(), after in gap()) {
        let text = format!("{before}{value}{after}");
        let json = |text: &str| parse(text, 0).node.map(|node| node.to_json());
        prop_assume!(parse(&text, 0).findings.is_empty());
        let once = format(&text);
        prop_assert!(once.is_some(), "{text}");
        let once = once.unwrap();
        prop_assert_eq!(json(&once), json(&text));
        prop_assert_eq!(comments(&once), comments(&text), "{}\n→\n{}", text, once);
        prop_assert_eq!(format(&once), Some(once.clone()), "{}\n→\n{}", text, once);
    }
}

#[test]
fn what_stands_together_stays_together() {
    let text = r#"{
      // what it is
      "format":1,"plan" : "p", // its name


      "list": [1,2 , 3], "nested": [{"a":1},
         {"b":2}],
      "open": {
        "x": 1 },
      "long": ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "cccccccccccccccccccccc"]
      ,"zips": ["75201", "75202", "75203", "75204", "75205", "75206", "75207", "75208", "75209", "75210", "75211", "75212", "75213", "75214",
         "75215",

         "75216"]
      // the end
    }"#;
    let want = r#"{
  // what it is
  "format": 1,
  "plan": "p", // its name

  "list": [1, 2, 3],
  "nested": [ { "a": 1 }, { "b": 2 } ],
  "open": {
    "x": 1
  },
  "long": [
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    "cccccccccccccccccccccc"
  ],
  "zips": [
    "75201", "75202", "75203", "75204", "75205", "75206", "75207", "75208", "75209", "75210", "75211", "75212", "75213",
    "75214", "75215",

    "75216"
  ]
  // the end
}
"#;
    assert_eq!(format(text).as_deref(), Some(want));
}
