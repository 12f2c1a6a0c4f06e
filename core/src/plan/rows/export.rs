//! Back to files: for those who move from tables to a folder under version control.

use super::super::document::Documents;
use super::super::format::format;
use super::super::grammar::{BUYER_FILE, Is, ROOT, Shape};
use super::super::resolve::{Resolver, name_matches};
use super::documents_of;
use super::origin::Origins;
use super::source::Overlay;
use crate::model::{Member, Node, NodeKind, RawMap, RawValue, write_raw_as_it_came};
use std::collections::BTreeMap;

/// The pattern that includes the files of buyers.
const BUYERS: &str = "buyers/*.jsonc";

/// The files of the plan with one for each buyer of the tables. Comments of the base stay.
pub(super) fn files<R: Resolver + ?Sized>(
    overlay: &Overlay<'_, R>,
    root: &str,
    beside: &[(String, String)],
) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = overlay.lists.clone();
    if let Some(text) = overlay.read(root).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
        let text = if beside.is_empty() { text } else { including(&text) };
        files.insert(root.to_owned(), laid_out(text));
    }
    let folder = root.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    for (document, text) in beside {
        let Some(buyer) = Origins::buyer_of(document) else { continue };
        files.insert(format!("{folder}buyers/{buyer}.jsonc"), laid_out(text.clone()));
    }
    files
}

fn laid_out(text: String) -> String {
    format(&text).unwrap_or(text)
}

/// The text of a plan that includes the files of buyers.
fn including(text: &str) -> String {
    let documents = documents_of("plan.jsonc", text);
    let Some(root) = documents.root() else { return text.to_owned() };
    let put = |at: u32, piece: &str| {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let (before, after) = (text.get(..at).unwrap_or(text), text.get(at..).unwrap_or_default());
        format!("{before}{piece}{after}")
    };
    let Some(include) = root.node.get("include") else {
        // After the first members, which say what the file is.
        let first = root.node.members().iter().find(|member| {
            !matches!(member.key.as_str(), "$schema" | "format" | "plan" | "currency" | "timezone" | "note")
        });
        let piece = format!("\"include\": [\"{BUYERS}\"],\n");
        return match first {
            Some(member) => put(member.place.span.start, &piece),
            None => put(root.node.place.span.start.saturating_add(1), &piece),
        };
    };
    let covers = |item: &Node| item.as_text().is_some_and(|pattern| name_matches(pattern, "buyers/x.jsonc"));
    if include.items().iter().any(covers) {
        return text.to_owned();
    }
    put(include.place.span.start.saturating_add(1), &format!("\"{BUYERS}\", "))
}

/// A plan in its canonical form as files, with the keys in the order of the grammar.
pub(super) fn documents(canonical: &str) -> BTreeMap<String, String> {
    let (documents, _) = Documents::from_canonical(canonical);
    let mut files = BTreeMap::new();
    let Some(root) = documents.root() else { return files };
    let mut members = ordered(root.node.members(), &ROOT);
    let inline = members.iter().position(|(key, _)| key == "buyers").map(|at| members.remove(at));
    if inline.is_some() {
        let after = members.iter().position(|(key, _)| key == "timezone").map_or(0, |at| at + 1);
        let include = RawValue::List(vec![RawValue::text(BUYERS)]);
        members.insert(after, ("include".into(), include));
    }
    for buyer in documents.buyers() {
        let own = ("buyer".to_owned(), RawValue::text(buyer.id));
        let all = [vec![own], ordered(buyer.node.members(), &BUYER_FILE)].concat();
        files.insert(format!("buyers/{}.jsonc", buyer.id), text(all));
    }
    files.insert("plan.jsonc".into(), text(members));
    files
}

fn text(members: Vec<(String, RawValue)>) -> String {
    laid_out(write_raw_as_it_came(&RawValue::Object(RawMap(members))))
}

fn ordered(members: &[Member], shape: &'static Shape) -> Vec<(String, RawValue)> {
    let rank = |key: &str| shape.known().position(|known| known.name == key).unwrap_or(usize::MAX);
    let mut members: Vec<&Member> = members.iter().collect();
    members.sort_by_key(|member| rank(&member.key));
    let one = |member: &&Member| {
        let is = shape.key(&member.key).map(|key| key.is).or(shape.others.map(|others| others.is));
        (member.key.clone(), value(&member.value, is))
    };
    members.iter().map(one).collect()
}

fn value(node: &Node, is: Option<Is>) -> RawValue {
    let is = is.and_then(|is| is.chosen(&node.kind));
    match (&node.kind, is) {
        (NodeKind::Object(members), Some(Is::Object(shape))) => RawValue::Object(RawMap(ordered(members, shape))),
        (NodeKind::List(items), Some(Is::List(item) | Is::Set(item))) => {
            RawValue::List(items.iter().map(|node| value(node, Some(*item))).collect())
        }
        _ => node.to_raw(),
    }
}
