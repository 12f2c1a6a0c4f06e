//! A plan whose leads are divided among stores that do not see each other's counters: which of its limits would be counted
//! in more than one of them.

use super::compiled::{Calendar, Contract, Plan};
use super::load::Checked;
use crate::limits::Owner;
use crate::model::{Code, Finding, Issue, Node, Place};
use std::collections::BTreeSet;

/// By what leads are divided. Divided by tenant, no two shards have a limit in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DividedBy {
    /// By vertical, which is also by route.
    Vertical,
    /// By source.
    Source,
}

/// How leads are divided: the shard of each vertical or source, and the owners whose caps are shared by leases.
pub struct Division<'a> {
    /// By what.
    pub by: DividedBy,
    /// The shard of a vertical or of a source.
    pub shard_of: &'a dyn Fn(&str) -> String,
    /// Owners as their counters name them: `buyer:acme`, `source:web`.
    pub leased: &'a BTreeSet<String>,
}

impl Checked {
    /// The limits that would be counted in several shards, each for itself, so that more would be sold than they allow: caps
    /// that are not leased or cannot be, rates, and funds. Nothing for a plan with errors.
    ///
    /// ```
    /// use leadwright::plan::{DividedBy, Division, MemoryResolver, Plan};
    /// use std::collections::BTreeSet;
    /// let files = MemoryResolver::new([("plan.jsonc", r#"{
    ///     "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
    ///     "verticals": { "roofing": { "extends": "us/home-services@1" }, "solar": { "extends": "us/home-services@1" } },
    ///     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } },
    ///                 "solar": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    ///     "buyers": { "acme": { "caps": { "day": 25 }, "contracts": {
    ///         "r": { "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "40.00" } } },
    ///         "s": { "in": { "solar/all": {} }, "sell": { "exclusive": { "price": "40.00" } } } } } } }"#)]);
    /// let checked = Plan::check(&files, "plan.jsonc");
    /// let shard_of = |vertical: &str| vertical.to_owned();
    /// let division = |leased| Division { by: DividedBy::Vertical, shard_of: &shard_of, leased };
    /// let refused = checked.across_shards(&division(&BTreeSet::new()));
    /// assert_eq!((refused[0].code.as_str(), refused[0].path.as_str()), ("plan.cap_across_shards", "/buyers/acme/caps/day"));
    /// assert!(checked.across_shards(&division(&BTreeSet::from(["buyer:acme".into()]))).is_empty());
    /// ```
    pub fn across_shards(&self, division: &Division<'_>) -> Vec<Issue> {
        let (Some(plan), Some(root)) = (&self.plan, self.documents.root()) else { return Vec::new() };
        let mut found = Crossing { plan, division, findings: Vec::new() };
        for entry in self.documents.buyers() {
            found.buyer(entry.id, At { node: entry.node, place: entry.place, path: entry.path.clone() });
        }
        let root = At { node: &root.node, place: root.node.place, path: String::new() };
        found.sources(&root);
        found.routes(&root);
        found.findings.iter().map(|finding| self.documents.locate(finding)).collect()
    }
}

/// A place in a document.
#[derive(Clone)]
struct At<'a> {
    node: &'a Node,
    place: Place,
    path: String,
}

impl<'a> At<'a> {
    /// What stands under a key; the place itself where nothing does.
    fn under(&self, key: &str) -> At<'a> {
        let Some(member) = self.node.members().iter().find(|member| member.key == key) else { return self.clone() };
        let key = key.replace('~', "~0").replace('/', "~1");
        At { node: &member.value, place: member.place, path: format!("{}/{key}", self.path) }
    }

    fn item(&self, n: usize) -> At<'a> {
        let Some(node) = self.node.items().get(n) else { return self.clone() };
        At { node, place: node.place, path: format!("{}/{n}", self.path) }
    }
}

struct Crossing<'a> {
    plan: &'a Plan,
    division: &'a Division<'a>,
    findings: Vec<Finding>,
}

type Shards = BTreeSet<String>;

impl Crossing<'_> {
    /// The shards that sell leads of a vertical.
    fn of_vertical(&self, vertical: &str) -> Shards {
        let Division { by, shard_of, .. } = self.division;
        match by {
            DividedBy::Vertical => BTreeSet::from([shard_of(vertical)]),
            DividedBy::Source => {
                let has = |verticals: &[String]| verticals.iter().any(|one| one == vertical);
                let sources = self.plan.sources.iter().filter(|(_, source)| has(&source.verticals));
                sources.map(|(id, _)| shard_of(id.as_str())).collect()
            }
        }
    }

    /// The shards that may sell to a contract.
    fn of_contract(&self, contract: &Contract) -> Shards {
        let place = self.plan.contracts.iter().position(|one| one.id == contract.id);
        let routes = self.plan.routes.iter().filter(|(_, route)| {
            let groups = route.groups.iter().chain(&route.house);
            groups.flat_map(|group| &group.members).any(|member| Some(member.contract) == place)
        });
        routes.flat_map(|(vertical, _)| self.of_vertical(vertical)).collect()
    }

    fn buyer(&mut self, id: &str, at: At<'_>) {
        let plan = self.plan;
        let own: Vec<&Contract> = plan.contracts.iter().filter(|contract| contract.buyer.as_str() == id).collect();
        let all: Shards = own.iter().flat_map(|contract| self.of_contract(contract)).collect();
        if let Some((_, buyer)) = plan.buyers.iter().find(|(buyer, _)| buyer.as_str() == id) {
            self.caps(&Owner::Buyer(id.to_owned()), &buyer.caps, false, &all, &at);
            if buyer.funds.is_some() && all.len() > 1 {
                self.refuse(&at.under("prepaid"), format!("the funds of buyer `{id}`"), &all);
            }
        }
        for contract in own {
            let at = at.under("contracts").under(contract.id.as_str());
            let shards = self.of_contract(contract);
            let owner = Owner::Contract(contract.state_id.to_string());
            self.caps(&owner, &contract.caps, contract.pace, &shards, &at);
            if contract.rate.is_some() && shards.len() > 1 {
                self.refuse(&at.under("rate"), format!("the rate of contract `{}`", contract.id), &shards);
            }
        }
    }

    fn sources(&mut self, root: &At<'_>) {
        // Divided by source, each source is in one shard.
        if self.division.by == DividedBy::Source {
            return;
        }
        for (id, source) in &self.plan.sources {
            let at = root.under("sources").under(id.as_str());
            let shards = source.verticals.iter().flat_map(|vertical| self.of_vertical(vertical)).collect();
            self.caps(&Owner::Source(id.to_string()), &source.caps, false, &shards, &at);
            for (part, sub_id) in &source.sub_ids {
                let at = at.under("sub_ids").under(part);
                self.caps(&Owner::SubId(format!("{id}/{part}")), &sub_id.caps, false, &shards, &at);
            }
        }
    }

    fn routes(&mut self, root: &At<'_>) {
        for (vertical, route) in &self.plan.routes {
            let (at, shards) = (root.under("routes").under(vertical), self.of_vertical(vertical));
            self.caps(&Owner::Route(vertical.clone()), &route.caps, false, &shards, &at);
            for (n, group) in route.groups.iter().enumerate() {
                self.caps(&Owner::Group(group.id.clone()), &group.caps, false, &shards, &at.under("groups").item(n));
            }
            if route.retry_rate.is_some() && shards.len() > 1 {
                self.refuse(&at.under("on_unsold"), format!("the rate of the route `{vertical}`"), &shards);
            }
        }
    }

    /// Refuses caps that several shards count, but those that are leased and can be.
    fn caps(&mut self, owner: &Owner, calendar: &Calendar, paced: bool, shards: &Shards, at: &At<'_>) {
        if shards.len() < 2 {
            return;
        }
        let is_leased = self.division.leased.contains(&owner.to_string());
        for cap in &calendar.caps {
            // A part says nothing of the whole: of what was sold by now, of the last hours, or whether something is left.
            let can_be = cap.window.rolling_millis().is_none() && !cap.overshoot && !paced;
            if is_leased && can_be {
                continue;
            }
            let which = cap.window.as_str();
            let why = if is_leased { ", which cannot be leased" } else { "" };
            self.refuse(&at.under("caps").under(which), format!("the cap `{which}` of {owner}{why}"), shards);
        }
    }

    fn refuse(&mut self, at: &At<'_>, what: String, shards: &Shards) {
        let named = shards.iter().map(|shard| format!("`{shard}`")).collect::<Vec<_>>().join(", ");
        let message = format!("{what}: each of {named} would count it for itself");
        self.findings.push(Finding::new(Code::PlanCapAcrossShards, at.place, at.path.clone(), message));
    }
}
