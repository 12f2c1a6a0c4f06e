//! The canonical form of a plan: one JSON text for all files together, the same for every way to write it down.

use super::document::Documents;
use super::grammar::{BUYER_FILE, Is, NOTE, OUTSIDE, ROOT, Shape};
use crate::model::{Member, Node, NodeKind};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The plan as one line of JSON: keys in the order of their UTF-8 bytes, sets sorted and without repetitions,
/// comments, notes and `include` left out, every buyer under `buyers`; nothing is filled in.
///
/// Defined for whatever could be read; it means something for a plan without errors.
///
/// ```
/// use leadwright::plan::{Documents, MemoryResolver, canonical};
/// let files = MemoryResolver::new([
///     ("plan.jsonc", r#"{ "plan": "a", "format": 1, "include": ["*.jsonc"], "note": "ours" } // end"#),
///     ("b.jsonc", r#"{ "buyer": "b", "contracts": { "c": { "where": { "state": ["TX", "OK", "TX"] } } } }"#),
/// ]);
/// let (documents, _) = Documents::load(&files, "plan.jsonc");
/// assert_eq!(
///     canonical(&documents),
///     r#"{"buyers":{"b":{"contracts":{"c":{"where":{"state":["OK","TX"]}}}}},"format":1,"plan":"a"}"#
/// );
/// ```
pub fn canonical(documents: &Documents) -> String {
    let mut out = String::new();
    let Some(root) = documents.root() else { return "{}".to_owned() };
    let kept = |member: &&Member| member.key != "buyers" && !OUTSIDE.contains(&member.key.as_str());
    let mut parts: BTreeMap<&str, String> = root
        .node
        .members()
        .iter()
        .filter(kept)
        .filter(|member| member.key != NOTE)
        .map(|member| (member.key.as_str(), text_of(&member.value, ROOT.key(&member.key).map(|key| key.is))))
        .collect();
    if root.node.get("buyers").is_some() || !documents.buyer_files().is_empty() {
        parts.insert("buyers", buyers(documents));
    }
    object(&mut out, parts.iter().map(|(key, text)| (*key, text.as_str())));
    out
}

/// The hash of a plan: SHA-256 of `{"lists":{name: hash, …},"plan":…}` with the canonical form as `plan` and the
/// SHA-256 of each list that belongs to it, in hexadecimal digits, as `lists`.
///
/// ```
/// use leadwright::plan::hash;
/// let one = hash("{}", &[("a", "00"), ("b", "11")]);
/// assert_eq!(one, hash("{}", &[("b", "11"), ("a", "00")]));
/// assert!(one.starts_with("sha256:") && one.len() == 7 + 64);
/// ```
pub fn hash(canonical: &str, lists: &[(&str, &str)]) -> String {
    let lists: BTreeMap<&str, String> = lists.iter().map(|(name, hash)| (*name, quoted(hash))).collect();
    let mut bundle = String::from("{\"lists\":");
    object(&mut bundle, lists.iter().map(|(name, hash)| (*name, hash.as_str())));
    let _ = write!(bundle, ",\"plan\":{canonical}}}");
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(bundle.as_bytes()) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

fn buyers(documents: &Documents) -> String {
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    for buyer in documents.buyers().filter(|buyer| buyer.id != NOTE) {
        // The check refuses a second buyer of the same id.
        texts.entry(buyer.id).or_insert_with(|| {
            let mut out = String::new();
            let outside = |key: &str| buyer.path.is_empty() && matches!(key, "buyer" | "$schema");
            match &buyer.node.kind {
                NodeKind::Object(members) => shaped(&mut out, members, &BUYER_FILE, outside),
                _ => write_value(&mut out, buyer.node, None),
            }
            out
        });
    }
    let mut out = String::new();
    object(&mut out, texts.iter().map(|(id, text)| (*id, text.as_str())));
    out
}

fn text_of(node: &Node, is: Option<Is>) -> String {
    let mut out = String::new();
    write_value(&mut out, node, is);
    out
}

/// Writes a value; what the grammar does not know is written as it stands, with its keys sorted.
fn write_value(out: &mut String, node: &Node, is: Option<Is>) {
    let is = is.and_then(|is| is.chosen(&node.kind));
    match (&node.kind, is) {
        (NodeKind::Null, _) => out.push_str("null"),
        (NodeKind::Bool(yes), _) => out.push_str(if *yes { "true" } else { "false" }),
        (NodeKind::Number(text), _) => match node.as_int() {
            Some(n) => drop(write!(out, "{n}")),
            None => out.push_str(text),
        },
        (NodeKind::Text(text), _) => out.push_str(&quoted(text)),
        (NodeKind::List(items), Some(Is::Set(item))) => set(out, items, Some(*item)),
        (NodeKind::List(items), Some(Is::List(item))) => list(out, items, Some(*item)),
        (NodeKind::List(items), _) => list(out, items, None),
        (NodeKind::Object(members), Some(Is::Object(shape))) => shaped(out, members, shape, |_| false),
        (NodeKind::Object(members), Some(Is::Criteria)) => criteria(out, members),
        (NodeKind::Object(members), _) => {
            sorted(out, members.iter(), |out, member| write_value(out, &member.value, None));
        }
    }
}

fn shaped(out: &mut String, members: &[Member], shape: &'static Shape, outside: impl Fn(&str) -> bool) {
    let noted = |key: &str| key == NOTE && shape.takes_note();
    let kept = members.iter().filter(|member| !noted(&member.key) && !outside(&member.key));
    sorted(out, kept, |out, member| {
        let is = shape.key(&member.key).map(|key| key.is).or(shape.others.map(|others| others.is));
        write_value(out, &member.value, is);
    });
}

/// Conditions: lists of values are sets, lists of conditions keep the order in which they explain themselves.
fn criteria(out: &mut String, members: &[Member]) {
    let kept = members.iter().filter(|member| member.key != NOTE);
    sorted(out, kept, |out, member| match (member.key.as_str(), &member.value.kind) {
        ("any" | "all", NodeKind::List(items)) => list(out, items, Some(Is::Criteria)),
        (_, NodeKind::Object(operators)) => criteria(out, operators),
        (_, NodeKind::List(items)) => set(out, items, None),
        _ => write_value(out, &member.value, None),
    });
}

fn list(out: &mut String, items: &[Node], is: Option<Is>) {
    out.push('[');
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        write_value(out, item, is);
    }
    out.push(']');
}

fn set(out: &mut String, items: &[Node], is: Option<Is>) {
    let mut texts: Vec<String> = items.iter().map(|item| text_of(item, is)).collect();
    texts.sort_unstable();
    texts.dedup();
    out.push('[');
    out.push_str(&texts.join(","));
    out.push(']');
}

fn sorted<'a>(out: &mut String, members: impl Iterator<Item = &'a Member>, write: impl Fn(&mut String, &Member)) {
    let mut members: Vec<&Member> = members.collect();
    members.sort_unstable_by(|a, b| a.key.cmp(&b.key));
    out.push('{');
    for (n, member) in members.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        out.push_str(&quoted(&member.key));
        out.push(':');
        write(out, member);
    }
    out.push('}');
}

fn object<'a>(out: &mut String, parts: impl Iterator<Item = (&'a str, &'a str)>) {
    out.push('{');
    for (n, (key, text)) in parts.enumerate() {
        if n > 0 {
            out.push(',');
        }
        let _ = write!(out, "{}:{text}", quoted(key));
    }
    out.push('}');
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::resolve::MemoryResolver;
    use super::*;

    fn of(files: &[(&str, &str)]) -> String {
        canonical(&Documents::load(&MemoryResolver::new(files.to_vec()), "p").0)
    }

    #[test]
    fn the_way_of_writing_leaves_no_trace() {
        let one = of(&[
            (
                "p",
                "\u{feff}{\"format\":1, /* c */ \"include\": [\"b/*\"], \"intake\": {\"suppress\": [\"b\", \"a\", \"b\"]},}",
            ),
            (
                "b/x",
                "{\"buyer\": \"x\", \"note\": \"n\", \"contracts\": {\"c\": {\"note\": \"n\", \"in\": {\"r/g\": {}}}}}",
            ),
        ]);
        let other = of(&[(
            "p",
            "{\"intake\":{\"suppress\":[\"a\",\"\\u0062\"]},\"buyers\":{\"x\":{\"contracts\":{\"c\":{\"in\":{\"r/g\":{}}}}}},\"format\":1}",
        )]);
        assert_eq!(one, other);
    }

    #[test]
    fn order_that_is_meaning_stays() {
        let text = r#"{"routes":{"r":{"groups":[{"id":"b"},{"id":"a"}]}}}"#;
        assert_eq!(of(&[("p", text)]), text);
        let text = r#"{"buyers":{"b":{"contracts":{"c":{"where":{"any":[{"z":1},{"a":1}]}}}}}}"#;
        assert_eq!(of(&[("p", text)]), text);
    }

    #[test]
    fn a_note_among_names_of_others_is_a_name() {
        let text = r#"{"endpoints":{"e":{"map":{"note":"comments"},"note":"gone"}}}"#;
        assert_eq!(of(&[("p", text)]), r#"{"endpoints":{"e":{"map":{"note":"comments"}}}}"#);
    }

    #[test]
    fn numbers_are_whole_and_keys_sort_by_bytes() {
        assert_eq!(of(&[("p", r#"{"é":-0,"z":70,"Z":1}"#)]), r#"{"Z":1,"z":70,"é":0}"#);
    }

    #[test]
    fn the_hash_knows_plan_and_lists() {
        let hashes = [hash("{}", &[]), hash("{\"a\":1}", &[]), hash("{}", &[("a", "00")]), hash("{}", &[("a", "01")])];
        let distinct: std::collections::BTreeSet<_> = hashes.iter().collect();
        assert_eq!(distinct.len(), 4);
        assert_eq!(hash("{}", &[]), "sha256:5a44086fb15075cc8e38960d47910908cdbf3874e130cdb30a8eb5c79c224012");
    }
}
