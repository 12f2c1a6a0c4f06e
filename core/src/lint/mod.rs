//! What a plan says and hardly means: contracts that never buy, that others leave nothing to, gaps, limits that no lead
//! can pass. Each finding that a lead can show has one, and that lead was asked through the index before it was named.
//!
//! What is said never to happen is proven: criteria become sets of classes (`space`), and a search (`solve`) goes through
//! all ways to meet them. Where the search would be too long, nothing is said. A proof knows the fields of the vertical,
//! their values and bounds, and that the state of a lead is that of its ZIP code.

mod criteria;
mod form;
#[cfg(test)]
mod laws;
mod lead;
mod limits;
mod overlap;
mod sample;
mod solve;
mod space;
mod whole;

use crate::model::{Code, Date, Finding, Issue, Member, Node, Place, Witness};
use crate::plan::Checked;
use crate::plan::compiled::{Contract, Plan, Route};
use std::collections::{BTreeMap, BTreeSet};

/// Looks at a plan that was checked and has no error; without one there is nothing to say. `today` is the day on which
/// what has ended is said to have, and for which ages are reckoned.
///
/// What [`Plan::check`] has said comes again where there is a lead to show it by.
///
/// ```
/// use leadwright::{lint::lint, plan::{MemoryResolver, Plan}};
/// let files = MemoryResolver::new([("plan.jsonc", r#"{
///     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
///     "verticals": { "roofing": { "extends": "us/home-services@1" } },
///     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
///     "buyers": { "acme": { "contracts": { "acme-tx": { "in": { "roofing/all": {} },
///         "where": { "state": "TX", "zip": ["75201", "90210"] }, "sell": { "exclusive": { "price": "40.00" } } } } } }
/// }"#)]);
/// let issues = lint(&Plan::check(&files, "plan.jsonc"), "2026-11-24".parse()?);
/// let outside = issues.iter().find(|issue| issue.code.as_str() == "lint.zip_outside_states").ok_or("not found")?;
/// assert_eq!(outside.message, "1 of 2 ZIP codes of contract `acme-tx` lies outside its states: 90210 in CA");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lint(checked: &Checked, today: Date) -> Vec<Issue> {
    let (Some(plan), Some(root)) = (&checked.plan, checked.documents.root()) else { return Vec::new() };
    let mut nodes = BTreeMap::new();
    for entry in checked.documents.buyers() {
        for member in entry.node.get("contracts").map(Node::members).unwrap_or_default() {
            let path = format!("{}/contracts/{}", entry.path, escape(&member.key));
            nodes.insert(member.key.as_str(), At { member, path });
        }
    }
    let buyers = checked.documents.buyers().map(|entry| (entry.id, (entry.node, entry.path.clone()))).collect();
    let mut linter = Linter {
        plan,
        today,
        root: &root.node,
        issues: &checked.issues,
        nodes,
        buyers,
        findings: Vec::new(),
        shown: Vec::new(),
    };
    for (vertical, route) in &plan.routes {
        linter.route(vertical, route);
    }
    linter.limits();
    linter.unused();
    let located = linter.findings.into_iter().map(|(finding, witness)| {
        let issue = checked.documents.locate(&finding);
        Issue { witness, ..issue }
    });
    in_order(located.chain(linter.shown).collect(), checked)
}

/// Everything that the check has said and everything that [`lint`] says, in the order of the files. What both say comes
/// once, with its lead.
///
/// ```
/// use leadwright::{lint::with_lint, plan::{MemoryResolver, Plan}};
/// let checked = Plan::check(&MemoryResolver::new([("plan.jsonc", "{}")]), "plan.jsonc");
/// assert_eq!(with_lint(&checked, "2026-11-24".parse()?), checked.issues);
/// # Ok::<(), leadwright::model::TimeError>(())
/// ```
pub fn with_lint(checked: &Checked, today: Date) -> Vec<Issue> {
    let found = lint(checked, today);
    let key = |issue: &Issue| (issue.code, issue.file.clone(), issue.path.clone());
    let again: BTreeSet<_> = found.iter().map(key).collect();
    let mut issues: Vec<Issue> = checked.issues.iter().filter(|old| !again.contains(&key(old))).cloned().collect();
    issues.extend(found);
    in_order(issues, checked)
}

fn in_order(mut issues: Vec<Issue>, checked: &Checked) -> Vec<Issue> {
    issues.sort_by_cached_key(|issue| (checked.documents.place_of(&issue.file), issue.span, issue.code));
    issues
}

/// Where a contract stands.
struct At<'a> {
    member: &'a Member,
    path: String,
}

struct Linter<'a> {
    plan: &'a Plan,
    today: Date,
    root: &'a Node,
    /// What the check has said.
    issues: &'a [Issue],
    nodes: BTreeMap<&'a str, At<'a>>,
    buyers: BTreeMap<&'a str, (&'a Node, String)>,
    findings: Vec<(Finding, Option<Witness>)>,
    /// Those of the check, each with a lead.
    shown: Vec<Issue>,
}

impl<'a> Linter<'a> {
    fn route(&mut self, vertical: &str, route: &Route) {
        let Some(schema) = self.plan.verticals.get(vertical) else { return };
        let members: Vec<(usize, &Contract)> =
            route.contracts().into_iter().filter_map(|place| Some((place, self.plan.contract(place)?))).collect();
        // What the house tells apart counts, too.
        let house = self.house(route);
        let all: Vec<&crate::rules::Criteria> =
            members.iter().chain(&house).filter_map(|(_, contract)| contract.criteria.as_ref()).collect();
        let space = space::Space::of(&all, schema, self.today);
        let never = self.criteria(&space, &members, route);
        let alive: Vec<(usize, &Contract)> =
            members.iter().filter(|(place, _)| !never.contains(place)).copied().collect();
        self.overlap(&space, route, &alive);
        self.gaps(&space, vertical, route, &alive);
    }

    /// Who gets what nobody else takes (rule 98), with its place in the plan.
    fn house(&self, route: &Route) -> Vec<(usize, &'a Contract)> {
        let plan = self.plan;
        let members = route.house.iter().flat_map(|house| &house.members);
        members.filter_map(|member| Some((member.contract, plan.contract(member.contract)?))).collect()
    }

    /// A finding at a contract, or at a part of it.
    fn at_contract(
        &mut self,
        code: Code,
        contract: &Contract,
        part: &[&str],
        message: String,
        witness: Option<Witness>,
    ) {
        let Some(at) = self.nodes.get(contract.id.as_str()) else { return };
        let (mut place, mut node, mut path) = (at.member.place, &at.member.value, at.path.clone());
        for key in part {
            let Some(member) = node.members().iter().find(|member| member.key == *key) else { break };
            (place, node) = (member.place, &member.value);
            path = format!("{path}/{}", escape(key));
        }
        self.find(code, place, path, message, witness);
    }

    fn find(&mut self, code: Code, place: Place, path: String, message: String, witness: Option<Witness>) {
        self.findings.push((Finding::new(code, place, path, message), witness));
    }
}

/// RFC 6901.
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// `1 lead`, `2 leads`.
fn counted(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}

/// The first few of some names, and how many more there are.
fn some(names: &[String], most: usize) -> String {
    match names.get(most..) {
        Some(rest) if !rest.is_empty() => {
            let first = names.get(..most).unwrap_or_default().join(", ");
            format!("{first} and {} more", rest.len())
        }
        _ => names.join(", "),
    }
}
