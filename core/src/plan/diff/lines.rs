//! Two nodes side by side: leaf by leaf, sets as sets.

use super::ChangeLine;
use super::words::said;
use crate::model::{Node, NodeKind};
use std::collections::{BTreeMap, BTreeSet};

/// What can stand at the end of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Leaf {
    One(String),
    Set(BTreeSet<String>),
    /// The names of items that are asked in order.
    Order(Vec<String>),
}

/// Items that came or went are told by themselves; what is left to tell is whether those of both stand in another order.
fn is_other_order(before: Option<&Leaf>, after: Option<&Leaf>) -> bool {
    match (before, after) {
        (Some(Leaf::Order(before)), Some(Leaf::Order(after))) => {
            let stayed = before.iter().filter(|name| after.contains(name));
            !stayed.eq(after.iter().filter(|name| before.contains(name)))
        }
        (Some(Leaf::Order(_)), _) | (_, Some(Leaf::Order(_))) => false,
        _ => true,
    }
}

/// The differences of a thing, prices and caps first.
pub(super) fn lines(kind: &str, old: &Node, new: &Node) -> Vec<ChangeLine> {
    let [old, new] = [old, new].map(|node| {
        let mut leaves = BTreeMap::new();
        flatten(node, &mut Vec::new(), &mut leaves);
        leaves
    });
    let paths: BTreeSet<&Vec<String>> = old.keys().chain(new.keys()).collect();
    let mut lines: Vec<(u8, ChangeLine)> = Vec::new();
    for path in paths {
        let (before, after) = (old.get(path), new.get(path));
        if before != after && is_other_order(before, after) {
            lines.push((rank(path), line(kind, path, before, after)));
        }
    }
    lines.sort_by_key(|(rank, _)| *rank);
    lines.into_iter().map(|(_, line)| line).collect()
}

fn line(kind: &str, path: &[String], before: Option<&Leaf>, after: Option<&Leaf>) -> ChangeLine {
    let mut line = ChangeLine { path: path.join("."), ..ChangeLine::default() };
    let as_set = |leaf: Option<&Leaf>| match leaf {
        Some(Leaf::Set(set)) => set.clone(),
        Some(Leaf::One(text)) => BTreeSet::from([text.clone()]),
        Some(Leaf::Order(_)) | None => BTreeSet::new(),
    };
    let sets = [before, after].iter().any(|leaf| matches!(leaf, Some(Leaf::Set(_))));
    if sets {
        let (old, new) = (as_set(before), as_set(after));
        line.added = new.difference(&old).cloned().collect();
        line.removed = old.difference(&new).cloned().collect();
    } else {
        let one = |leaf: Option<&Leaf>| match leaf {
            Some(Leaf::One(text)) => Some(text.clone()),
            Some(Leaf::Order(names)) => Some(names.join(", ")),
            _ => None,
        };
        (line.from, line.to) = (one(before), one(after));
    }
    said(kind, path, (before.is_some(), after.is_some()), &mut line);
    line
}

fn flatten(node: &Node, path: &mut Vec<String>, leaves: &mut BTreeMap<Vec<String>, Leaf>) {
    match &node.kind {
        NodeKind::Object(members) if !members.is_empty() || path.is_empty() => {
            for member in members {
                path.push(member.key.clone());
                flatten(&member.value, path, leaves);
                path.pop();
            }
        }
        NodeKind::List(items)
            if items.iter().all(|item| !matches!(item.kind, NodeKind::Object(_) | NodeKind::List(_))) =>
        {
            leaves.insert(bare(path), Leaf::Set(items.iter().map(plain).collect()));
        }
        NodeKind::List(items) => {
            let names: Option<Vec<String>> =
                items.iter().map(|item| item.get("id")?.as_text().map(str::to_owned)).collect();
            // Groups are asked in turn; elsewhere the order is a matter of writing.
            let names = names.filter(|_| path.as_slice() == ["groups"]);
            leaves.extend(names.map(|names| (with(path, "order"), Leaf::Order(names))));
            for (n, item) in items.iter().enumerate() {
                // Groups have names; what has none is told by its place.
                let id = item.get("id").and_then(Node::as_text).map_or_else(|| place(n, items.len()), str::to_owned);
                path.push(id);
                flatten(item, path, leaves);
                path.pop();
            }
        }
        // A cap that is a number counts, as `{"count": …}` does; `in` is a list.
        _ if is_cap(path) => drop(leaves.insert(with(path, "count"), Leaf::One(plain(node)))),
        _ => {
            let (path, value) = match path.as_slice() {
                [before @ .., list, not] if list.starts_with("list.") && not == "not" => {
                    (with(before, list), (node.as_bool() != Some(true)).to_string())
                }
                path => (bare(path), plain(node)),
            };
            leaves.insert(path, Leaf::One(value));
        }
    }
}

/// How an item without a name is called: one of two is not the first of three.
fn place(n: usize, of: usize) -> String {
    if of == 1 { "1".to_owned() } else { format!("{} of {of}", n + 1) }
}

/// `{"eq": …}` and `{"in": …}` say what the bare value says.
fn bare(path: &[String]) -> Vec<String> {
    match path {
        [first, field @ .., last] if first == "where" && !field.is_empty() && matches!(last.as_str(), "eq" | "in") => {
            [std::slice::from_ref(first), field].concat()
        }
        path => path.to_vec(),
    }
}

fn is_cap(path: &[String]) -> bool {
    path.iter().rev().nth(1).is_some_and(|key| key == "caps")
}

fn with(path: &[String], key: &str) -> Vec<String> {
    path.iter().cloned().chain([key.to_owned()]).collect()
}

fn plain(node: &Node) -> String {
    node.as_text().map_or_else(|| node.to_json(), str::to_owned)
}

/// Money first, then who and where, then how many, then the rest.
fn rank(path: &[String]) -> u8 {
    match path.first().map(String::as_str) {
        Some("buyer" | "status") => 0,
        Some("sell") => 1,
        Some("in") => 2,
        Some("where") => 3,
        Some("caps") => 4,
        _ => 5,
    }
}
