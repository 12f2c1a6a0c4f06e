//! Names that must be declared once: buyers, and contracts and endpoints over all buyers.

use super::super::document::Documents;
use super::super::grammar::NOTE;
use super::super::path::escape;
use crate::model::{Code, Finding, Node, Place};
use std::collections::BTreeMap;

/// Finds every second declaration of a buyer, a contract or an endpoint and names the place of the first.
pub(super) fn declared_twice(documents: &Documents) -> Vec<Finding> {
    let mut buyers = Once::new("buyer", documents);
    let mut contracts = Once::new("contract", documents);
    let mut endpoints = Once::new("endpoint", documents);
    let of_all = documents.root().map(|root| &root.node);
    endpoints.declare_all(of_all, "");
    for buyer in documents.buyers() {
        let own = if buyer.path.is_empty() { "/buyer" } else { &buyer.path };
        buyers.declare(buyer.id, buyer.place, || own.to_owned());
        let declared = buyer.node.get("contracts").map(Node::members).unwrap_or_default();
        for member in declared.iter().filter(|member| member.key != NOTE) {
            let path = || format!("{}/contracts/{}", buyer.path, escape(&member.key));
            contracts.declare(&member.key, member.place, path);
        }
        endpoints.declare_all(Some(buyer.node), &buyer.path);
    }
    buyers.findings.append(&mut contracts.findings);
    buyers.findings.append(&mut endpoints.findings);
    buyers.findings
}

struct Once<'a> {
    what: &'static str,
    documents: &'a Documents,
    places: BTreeMap<String, Place>,
    findings: Vec<Finding>,
}

impl<'a> Once<'a> {
    fn new(what: &'static str, documents: &'a Documents) -> Self {
        Once { what, documents, places: BTreeMap::new(), findings: Vec::new() }
    }

    /// The endpoints of a document or a buyer.
    fn declare_all(&mut self, node: Option<&Node>, path: &str) {
        let declared = node.and_then(|node| node.get("endpoints")).map(Node::members).unwrap_or_default();
        for member in declared.iter().filter(|member| member.key != NOTE) {
            self.declare(&member.key, member.place, || format!("{path}/endpoints/{}", escape(&member.key)));
        }
    }

    fn declare(&mut self, name: &str, place: Place, path: impl FnOnce() -> String) {
        let Some(first) = self.places.get(name) else {
            self.places.insert(name.to_owned(), place);
            return;
        };
        let first = self.documents.said(*first);
        let message = format!("{} `{name}` is declared twice, first in {first}", self.what);
        self.findings.push(Finding::new(Code::PlanDeclaredTwice, place, path(), message));
    }
}
