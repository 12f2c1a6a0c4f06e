//! What is another way in a second plan, as the people who make plans say it.
//!
//! Both sides are read from their canonical form: comments, the order of keys and which file a buyer stands in make no
//! difference.

mod lines;
mod words;

use super::compiled::Plan;
use super::document::Documents;
use super::list::{From, List};
use crate::model::{Node, Place, Span};
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
        let root = |side: &'static str| {
            let documents = if side == "old" { documents.first() } else { documents.last() };
            documents.and_then(Documents::root).map_or(&empty, |root| &root.node)
        };
        let (before, after) = (root("old"), root("new"));
        let mut changes = Vec::new();
        let own = [before, after]
            .map(|node| without(node, |key| key == "buyers" || SECTIONS.iter().any(|(name, _)| *name == key)));
        let [one, other] = &own;
        changes.extend(changed("plan", new.name(), one, other));
        for (section, kind) in SECTIONS {
            let [mut one, mut other] = [before, after].map(|node| things(node.get(section)));
            compare(&mut changes, kind, &mut one, &mut other);
        }
        lists(&mut changes, old, new);
        let [mut one, mut other] = [before, after].map(|node| buyers(node));
        compare(&mut changes, "buyer", &mut one, &mut other);
        let [mut one, mut other] = [before, after].map(contracts);
        compare(&mut changes, "contract", &mut one, &mut other);
        Self { v: 1, old: old.hash().to_owned(), new: new.hash().to_owned(), changes }
    }
}

impl fmt::Display for PlanDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            if change.kind != "contract" {
                write!(f, "{} ", change.kind)?;
            }
            let said: Vec<&str> = change.lines.iter().map(|line| line.text.as_str()).collect();
            let said = said.join(", ");
            match change.change {
                ChangeKind::Added if said.is_empty() => writeln!(f, "{}: new", change.id)?,
                ChangeKind::Added => writeln!(f, "{}: new: {said}", change.id)?,
                ChangeKind::Removed => writeln!(f, "{}: gone", change.id)?,
                ChangeKind::Changed => writeln!(f, "{}: {said}", change.id)?,
            }
        }
        Ok(())
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
        let change = |change, lines| PlanChange { kind: kind.to_owned(), id: id.clone(), change, lines };
        match (old.remove(&id), new.remove(&id)) {
            (Some(before), Some(after)) => changes.extend(changed(kind, &id, &before, &after)),
            (None, Some(after)) => changes.push(change(ChangeKind::Added, lines(kind, &nothing(), &after))),
            (Some(_), None) => changes.push(change(ChangeKind::Removed, Vec::new())),
            (None, None) => {}
        }
    }
}

fn changed(kind: &str, id: &str, before: &Node, after: &Node) -> Option<PlanChange> {
    let lines = lines(kind, before, after);
    let change = PlanChange { kind: kind.to_owned(), id: id.to_owned(), change: ChangeKind::Changed, lines };
    Some(change).filter(|change| !change.lines.is_empty())
}

/// Entries that came to a list of the plan and left it: how many, they are nobody's business.
fn lists(changes: &mut Vec<PlanChange>, old: &Plan, new: &Plan) {
    let entries = |list: &List| match &list.from {
        From::Plan(Some(entries)) => Some(entries.digests().map(|digest| digest.to_string()).collect::<BTreeSet<_>>()),
        _ => None,
    };
    for (name, list) in &new.lists {
        let Some(before) = old.lists.get(name).filter(|before| before.content != list.content) else { continue };
        let text = match (entries(before), entries(list)) {
            (Some(before), Some(after)) => {
                format!("+{} -{} entries", after.difference(&before).count(), before.difference(&after).count())
            }
            _ => "other entries".to_owned(),
        };
        let line = ChangeLine { path: "file".into(), what: "entries".into(), text, ..ChangeLine::default() };
        match changes.iter_mut().find(|change| change.kind == "list" && change.id == *name) {
            Some(change) => change.lines.push(line),
            None => changes.push(PlanChange {
                kind: "list".into(),
                id: name.clone(),
                change: ChangeKind::Changed,
                lines: vec![line],
            }),
        }
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
        for (id, mut contract) in things(buyer.value.get("contracts")) {
            let name = Node { place: contract.place, kind: crate::model::NodeKind::Text(buyer.key.clone()) };
            if let crate::model::NodeKind::Object(members) = &mut contract.kind {
                members.push(crate::model::Member { key: "buyer".into(), place: name.place, value: name });
            }
            all.insert(id, contract);
        }
    }
    all
}

fn without(node: &Node, left_out: impl Fn(&str) -> bool) -> Node {
    let members = node.members().iter().filter(|member| !left_out(&member.key)).cloned().collect();
    Node { place: node.place, kind: crate::model::NodeKind::Object(members) }
}

fn nothing() -> Node {
    let place = Place { file: 0, span: Span { start: 0, end: 0 } };
    Node { place, kind: crate::model::NodeKind::Object(Vec::new()) }
}
