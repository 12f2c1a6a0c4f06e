//! From documents of the right shape to a compiled plan: every name resolved, and everything said that is wrong.
//!
//! Works on documents with mistakes too, so that one run reports them all: what the check of the structure has reported
//! is passed over in silence here.

mod answers;
mod area;
mod buyer;
mod calendar;
mod condition;
mod consent;
mod dedupe;
mod deliver;
mod delivery;
mod derive;
mod endpoint;
mod house;
mod intake;
mod lists;
mod may;
mod policy;
mod responses;
mod route;
mod source;
mod together;
mod vertical;

use super::canonical::{canonical, hash};
use super::compiled::{Plan, Route};
use super::document::Documents;
use super::grammar::NOTE;
use super::list::{From, List};
use super::path::escape;
use crate::limits::{CallRules, Schedule, Starts, Zone};
use crate::model::{BuyerId, Code, Currency, Error, Finding, Member, Money, Node, Place};
use crate::rules::Area;
use crate::schema::Schema;
use crate::text::did_you_mean;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Gives the bytes of a list by its name and file; `None` where lists are not at hand.
pub(super) type ReadList<'a> = &'a dyn Fn(&str, &str) -> Result<Option<Vec<u8>>, Error>;

/// Compiles what can be compiled. The plan is whole only when there is no finding of the severity `error`.
pub(super) fn compile(documents: &Documents, read_list: ReadList<'_>) -> (Option<Plan>, Vec<Finding>) {
    let Some(root) = documents.root() else { return (None, Vec::new()) };
    let mut compiler = Compiler { findings: Vec::new(), zone: None, names: Names::default() };
    let plan = compiler.plan(&root.node, documents, read_list);
    let mut findings = compiler.findings;
    findings.sort_by_key(|finding| finding.place);
    (plan, findings)
}

/// What was declared.
#[derive(Default)]
struct Names {
    verticals: BTreeMap<String, Schema>,
    lists: BTreeSet<String>,
    areas: BTreeMap<String, Area>,
    /// Fields whose values are counted.
    repeats: BTreeSet<String>,
    hours: BTreeMap<String, Schedule>,
    /// Endpoints, and the buyer whose they are; none for those of everybody.
    endpoints: BTreeMap<String, Option<BuyerId>>,
    /// The verticals of house contracts.
    houses: BTreeMap<String, String>,
    /// Not declared: it comes with the library.
    call_rules: Option<Arc<CallRules>>,
}

struct Compiler {
    findings: Vec<Finding>,
    /// The zone of the plan.
    zone: Option<Zone>,
    names: Names,
}

impl Compiler {
    fn plan(&mut self, root: &Node, documents: &Documents, read_list: ReadList<'_>) -> Option<Plan> {
        self.zone = zone(root);
        let zone = self.zone.clone()?;
        self.names.areas = self.areas(root.get("areas"));
        self.names.lists = declared(root.get("lists")).map(|member| member.key.clone()).collect();
        self.hours(root.get("hours"));
        self.verticals(root.get("verticals"));
        let lists = self.lists(root.get("lists"), read_list);
        let starts = starts(root, Starts::default());
        let sources = self.sources(root.get("sources"), starts);
        let intake = self.intake(root.get("intake"));
        let mut routes = self.routes(root.get("routes"), starts);
        self.names.houses = declared(root.get("routes"))
            .filter_map(|route| Some((house::named(&route.value)?.as_text()?.to_owned(), route.key.clone())))
            .collect();
        self.names.endpoints = delivery::declared_endpoints(documents);
        let endpoints = self.endpoints(documents);
        let (buyers, contracts) = self.buyers(documents, starts, &mut routes);
        self.houses(root, &mut routes, &contracts);
        self.nobody_there(root, &routes);
        self.whole_shares(root, &routes);
        self.no_route(root, &routes);
        let text = canonical(documents);
        let hash = hash(&text, &hashes(&lists));
        Some(Plan {
            name: text_of(root, "plan").unwrap_or_default().to_owned(),
            hash: hash.into(),
            canonical: text,
            currency: text_of(root, "currency").and_then(|code| code.parse().ok()).unwrap_or(Currency::USD),
            zone,
            consents: declared(root.get("verticals"))
                .filter_map(|member| Some((member.key.clone(), consent::consent(&member.value)?)))
                .collect(),
            verticals: std::mem::take(&mut self.names.verticals),
            sources,
            intake,
            lists,
            routes,
            buyers: buyers.into_iter().collect(),
            contracts,
            endpoints,
            rates: declared(root.get("rates"))
                .filter_map(|member| Some((member.key.parse().ok()?, member.value.as_text()?.parse().ok()?)))
                .collect(),
            call_rules: self.names.call_rules.clone(),
        })
    }

    /// A group that no contract belongs to is worth a word.
    fn nobody_there(&mut self, root: &Node, routes: &BTreeMap<String, Route>) {
        for member in declared(root.get("routes")) {
            let Some(route) = routes.get(&member.key) else { continue };
            let groups = member.value.get("groups").map(Node::items).unwrap_or_default();
            for (n, node) in groups.iter().enumerate() {
                let id = format!("{}/{}", member.key, text_of(node, "id").unwrap_or_default());
                let empty = route.groups.iter().any(|group| group.id == id && group.members.is_empty());
                if empty {
                    let message = format!("no contract belongs to the group `{id}`");
                    let path = format!("/routes/{}/groups/{n}", escape(&member.key));
                    self.find(Finding::new(Code::PlanEmptyGroup, node.place, path, message));
                }
            }
        }
    }

    /// A vertical that leads come in for and that has no route.
    fn no_route(&mut self, root: &Node, routes: &BTreeMap<String, Route>) {
        for member in declared(root.get("verticals")) {
            if !routes.contains_key(&member.key) {
                let message = format!("the vertical `{}` has no route", member.key);
                let path = format!("/verticals/{}", escape(&member.key));
                let finding = Finding::new(Code::PlanNoRoute, member.place, path, message);
                self.find(finding.expected(format!("`{}` under `routes`", member.key)));
            }
        }
    }

    fn find(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// A name that is used and declared nowhere.
    fn unknown<'a>(
        &mut self,
        what: &str,
        name: &str,
        place: Place,
        path: String,
        declared: impl IntoIterator<Item = &'a str>,
    ) {
        let declared: Vec<&str> = declared.into_iter().collect();
        let near = did_you_mean(name, declared.iter().copied());
        let finding =
            Finding::new(Code::PlanUnknownName, place, path, format!("the {what} `{name}` is declared nowhere"));
        let finding = if declared.is_empty() || declared.len() > 12 {
            finding
        } else {
            finding.expected(format!("one of {}", declared.join(", ")))
        };
        self.find(finding.suggest(near));
    }
}

/// The hashes of the lists that belong to the plan.
pub(super) fn hashes(lists: &BTreeMap<String, List>) -> Vec<(&str, &str)> {
    let inside = lists.iter().filter(|(_, list)| matches!(list.from, From::Plan(_)));
    inside.map(|(name, list)| (name.as_str(), list.content.as_str())).collect()
}

/// The members of an object of names, without remarks.
fn declared(node: Option<&Node>) -> impl Iterator<Item = &Member> {
    node.map(Node::members).unwrap_or_default().iter().filter(|member| member.key != NOTE)
}

fn text_of<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key)?.as_text()
}

fn money_of(node: &Node, key: &str) -> Option<Money> {
    text_of(node, key)?.parse().ok()
}

/// A whole number that is not negative.
fn count_of(node: &Node, key: &str) -> Option<u32> {
    node.get(key)?.as_int().and_then(|n| u32::try_from(n).ok())
}

fn texts<'a>(node: &'a Node, key: &str) -> Vec<&'a Node> {
    let items = node.get(key).map(Node::items).unwrap_or_default();
    items.iter().filter(|item| item.as_text().is_some()).collect()
}

/// The members of a set: their order says nothing, so it must decide nothing.
fn set(nodes: &[&Node]) -> Vec<String> {
    let texts: BTreeSet<&str> = nodes.iter().filter_map(|node| node.as_text()).collect();
    texts.into_iter().map(str::to_owned).collect()
}

fn zone(node: &Node) -> Option<Zone> {
    text_of(node, "timezone")?.parse().ok()
}

/// What weeks and months begin with, where they are not said to begin otherwise.
fn starts(node: &Node, or: Starts) -> Starts {
    Starts {
        sunday: text_of(node, "week_starts").map_or(or.sunday, |day| day == "sun"),
        month_day: count_of(node, "billing_day").and_then(|day| day.try_into().ok()).unwrap_or(or.month_day),
    }
}

fn buyer_id(text: &str) -> Option<BuyerId> {
    BuyerId::new(text).ok()
}
