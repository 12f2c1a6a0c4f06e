//! What is another way in a second plan, as the people who make plans say it.
//!
//! Both sides are read from their canonical form: comments, the order of keys and which file a buyer stands in make no
//! difference.

mod lines;
mod words;

use super::compiled::Plan;
use super::document::Documents;
use super::list::{From, List};
use crate::model::{Member, Node, NodeKind, Place, Span};
use lines::lines;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What changes between two plans.
///
/// ```
/// use leadwright::plan::{MemoryResolver, Plan, PlanDiff};
/// let plan = |price: &str, zips: &str, cap: u32| {
///     let text = format!(r#"{{
///         "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
///         "verticals": {{ "roofing": {{ "extends": "us/home-services@1" }} }},
///         "routes": {{ "roofing": {{ "groups": [ {{ "id": "all", "select": "price" }} ], "on_unsold": {{ "then": "store" }} }} }},
///         "buyers": {{ "summit": {{ "contracts": {{ "summit-dfw": {{ "in": {{ "roofing/all": {{}} }},
///             "where": {{ "zip": [{zips}] }}, "caps": {{ "day": {cap} }}, "sell": {{ "exclusive": {{ "price": "{price}" }} }} }} }} }} }}
///     }}"#);
///     Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc")
/// };
/// let diff = PlanDiff::of(&plan("42.50", r#""75201","75202""#, 50)?, &plan("45.00", r#""75202","75203","75204""#, 80)?);
/// assert_eq!(diff.to_string(), "summit-dfw: price 42.50 -> 45.00, +2 -1 ZIPs, daily cap 50 -> 80\n");
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanDiff {
    /// Version of this format: 1.
    #[cfg_attr(feature = "schema", schemars(extend("const" = 1)))]
    pub v: u32,
    /// The hash of the plan before.
    pub old: String,
    /// The hash of the plan after.
    pub new: String,
    /// What changes: the plan itself, then verticals, sources, lists, areas, hours, routes, buyers, contracts.
    pub changes: Vec<PlanChange>,
}

/// What happens to one thing of the plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PlanChange {
    /// `plan`, `vertical`, `source`, `list`, `area`, `hours`, `route`, `buyer` or `contract`.
    pub kind: String,
    /// Its name.
    pub id: String,
    /// Whether it is new, gone, or another.
    pub change: ChangeKind,
    /// What is another; for what is new or gone, what it says.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<ChangeLine>,
    /// All of it as a person would say it: `summit-dfw: price 42.50 -> 45.00, daily cap 50 -> 80`.
    pub text: String,
}

/// Whether something is new, gone, or another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It was not there.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Changed,
}

/// One thing that is said in another way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangeLine {
    /// Where in the thing: `sell.exclusive.price`.
    pub path: String,
    /// What that is called: `price`.
    pub what: String,
    /// What it was; absent where it was not there, or where it is a set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it is; absent where it is gone, or where it is a set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// What came to a set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<String>,
    /// What left a set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// As a person would say it.
    pub text: String,
}

/// The sections of a plan that hold things by name.
const SECTIONS: [(&str, &str); 6] = [
    ("verticals", "vertical"),
    ("sources", "source"),
    ("lists", "list"),
    ("areas", "area"),
    ("hours", "hours"),
    ("routes", "route"),
];

impl PlanDiff {
    /// What changes from one plan to another.
    pub fn of(old: &Plan, new: &Plan) -> Self {
        let documents = [old, new].map(|plan| Documents::from_canonical(plan.canonical()).0);
        let empty = nothing();
        let [before, after] = documents.each_ref().map(|both| both.root().map_or(&empty, |root| &root.node));
        let mut changes = Vec::new();
        let own = [before, after]
            .map(|node| without(node, |key| key == "buyers" || SECTIONS.iter().any(|(name, _)| *name == key)));
        let [one, other] = &own;
        changes.extend(changed("plan", new.name(), one, other));
        for (section, kind) in SECTIONS {
            let [mut one, mut other] = [before, after].map(|node| things(node.get(section)));
            compare(&mut changes, kind, &mut one, &mut other);
            if kind == "list" {
                with_entries(&mut changes, lists(old, new));
            }
        }
        let [mut one, mut other] = [before, after].map(buyers);
        compare(&mut changes, "buyer", &mut one, &mut other);
        let [mut one, mut other] = [before, after].map(contracts);
        renamed(&mut one, &mut other);
        compare(&mut changes, "contract", &mut one, &mut other);
        Self { v: 1, old: old.hash().to_owned(), new: new.hash().to_owned(), changes }
    }
}

impl fmt::Display for PlanDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.changes.iter().try_for_each(|change| writeln!(f, "{}", change.text))
    }
}

impl PlanChange {
    fn new(kind: &str, id: &str, change: ChangeKind, lines: Vec<ChangeLine>) -> Self {
        let said: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        let said = said.join(", ");
        // Contracts are what plans are about, and known by their names.
        let of = if kind == "contract" { String::new() } else { format!("{kind} ") };
        let text = match change {
            ChangeKind::Added if said.is_empty() => format!("{of}{id}: new"),
            ChangeKind::Added => format!("{of}{id}: new: {said}"),
            ChangeKind::Removed => format!("{of}{id}: gone"),
            ChangeKind::Changed => format!("{of}{id}: {said}"),
        };
        Self { kind: kind.to_owned(), id: id.to_owned(), change, lines, text }
    }
}

fn compare(
    changes: &mut Vec<PlanChange>,
    kind: &str,
    old: &mut BTreeMap<String, Node>,
    new: &mut BTreeMap<String, Node>,
) {
    let names: BTreeSet<String> = old.keys().chain(new.keys()).cloned().collect();
    for id in names {
        match (old.remove(&id), new.remove(&id)) {
            (Some(before), Some(after)) => changes.extend(changed(kind, &id, &before, &after)),
            (None, Some(after)) => {
                changes.push(PlanChange::new(kind, &id, ChangeKind::Added, lines(kind, &nothing(), &after)));
            }
            (Some(_), None) => changes.push(PlanChange::new(kind, &id, ChangeKind::Removed, Vec::new())),
            (None, None) => {}
        }
    }
}

fn changed(kind: &str, id: &str, before: &Node, after: &Node) -> Option<PlanChange> {
    let lines = lines(kind, before, after);
    (!lines.is_empty()).then(|| PlanChange::new(kind, id, ChangeKind::Changed, lines))
}

/// Entries that came to a list of the plan and left it: how many, they are nobody's business.
fn lists(old: &Plan, new: &Plan) -> BTreeMap<String, ChangeLine> {
    let entries = |list: &List| match &list.from {
        From::Plan(Some(entries)) => Some(entries.digests().map(|digest| digest.to_string()).collect::<BTreeSet<_>>()),
        _ => None,
    };
    let mut lines = BTreeMap::new();
    for (name, list) in &new.lists {
        let Some(before) = old.lists.get(name).filter(|before| before.content != list.content) else { continue };
        let text = match (entries(before), entries(list)) {
            (Some(before), Some(after)) => {
                format!("+{} -{} entries", after.difference(&before).count(), before.difference(&after).count())
            }
            _ => "other entries".to_owned(),
        };
        let line = ChangeLine { path: "file".into(), what: "entries".into(), text, ..ChangeLine::default() };
        lines.insert(name.clone(), line);
    }
    lines
}

/// Adds to the lists that are said to change what changes in their files.
fn with_entries(changes: &mut Vec<PlanChange>, entries: BTreeMap<String, ChangeLine>) {
    for (name, line) in entries {
        let at = changes.iter().position(|change| change.kind == "list" && change.id == name);
        let mut lines = at.map(|at| changes.remove(at).lines).unwrap_or_default();
        lines.push(line);
        let change = PlanChange::new("list", &name, ChangeKind::Changed, lines);
        changes.insert(at.unwrap_or(changes.len()), change);
    }
}

fn things(node: Option<&Node>) -> BTreeMap<String, Node> {
    let members = node.map(Node::members).unwrap_or_default();
    members.iter().map(|member| (member.key.clone(), member.value.clone())).collect()
}

/// The buyers without their contracts.
fn buyers(root: &Node) -> BTreeMap<String, Node> {
    let all = things(root.get("buyers")).into_iter();
    all.map(|(id, buyer)| (id, without(&buyer, |key| key == "contracts"))).collect()
}

/// The contracts of all buyers, each with its buyer's name.
fn contracts(root: &Node) -> BTreeMap<String, Node> {
    let mut all = BTreeMap::new();
    for buyer in root.get("buyers").map(Node::members).unwrap_or_default() {
        for (id, contract) in things(buyer.value.get("contracts")) {
            all.insert(id, with(contract, "buyer", buyer.key.clone()));
        }
    }
    all
}

/// A contract with another id that says which it `was` is compared with that one.
fn renamed(old: &mut BTreeMap<String, Node>, new: &mut BTreeMap<String, Node>) {
    let names: Vec<(String, String)> = new
        .iter()
        .filter_map(|(id, contract)| Some((id.clone(), contract.get("was")?.as_text()?.to_owned())))
        .filter(|(id, was)| !old.contains_key(id) && old.contains_key(was) && !new.contains_key(was))
        .collect();
    for (id, was) in names {
        let Some(before) = old.remove(&was) else { continue };
        old.insert(id.clone(), with(before, "renamed", was));
        if let Some(after) = new.remove(&id) {
            new.insert(id.clone(), with(without(&after, |key| key == "was"), "renamed", id));
        }
    }
}

fn with(mut node: Node, key: &str, text: String) -> Node {
    let value = Node { place: node.place, kind: NodeKind::Text(text) };
    if let NodeKind::Object(members) = &mut node.kind {
        members.push(Member { key: key.to_owned(), place: node.place, value });
    }
    node
}

fn without(node: &Node, left_out: impl Fn(&str) -> bool) -> Node {
    let members = node.members().iter().filter(|member| !left_out(&member.key)).cloned().collect();
    Node { place: node.place, kind: NodeKind::Object(members) }
}

fn nothing() -> Node {
    let place = Place { file: 0, span: Span { start: 0, end: 0 } };
    Node { place, kind: NodeKind::Object(Vec::new()) }
}
