//! Endpoints: where leads are delivered to.

use super::super::compiled::Endpoint;
use super::super::document::Documents;
use super::{Compiler, declared};
use crate::model::Node;
use std::collections::BTreeMap;

impl Compiler {
    /// The endpoints of the plan and of all its buyers.
    pub(super) fn endpoints(&mut self, documents: &Documents) -> BTreeMap<String, Endpoint> {
        let of_buyers = documents.buyers().map(|entry| (entry.node.get("endpoints"), entry.path));
        let of_all = documents.root().map(|root| (root.node.get("endpoints"), String::new()));
        let all: Vec<(Option<&Node>, String)> = of_all.into_iter().chain(of_buyers).collect();
        let mut endpoints = BTreeMap::new();
        for (node, _path) in all {
            for member in declared(node) {
                endpoints.insert(member.key.clone(), Endpoint { name: member.key.clone() });
            }
        }
        endpoints
    }
}
