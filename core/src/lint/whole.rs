//! What is declared for nothing, and leads that nobody buys.

use super::form::{self, Form};
use super::lead::Lead;
use super::solve::is_impossible;
use super::space::{STATES, Set, Space, state_of};
use super::{Linter, escape, some};
use crate::matching::Ask;
use crate::matching::attributes::Subject;
use crate::matching::runs::Runs;
use crate::model::{Code, Node, Value};
use crate::plan::compiled::{Contract, Route};
use crate::rules::Criteria;
use crate::rules::criteria::Line;
use std::collections::BTreeSet;

/// So many states are named.
const NAMED: usize = 12;

impl Linter<'_> {
    /// Names that are declared and used nowhere.
    pub(super) fn unused(&mut self) {
        let plan = self.plan;
        let mut lists: BTreeSet<String> = plan.intake.suppress.iter().cloned().collect();
        let mut areas = BTreeSet::new();
        for criteria in plan.contracts.iter().filter_map(|contract| contract.criteria.as_ref()) {
            named(criteria, &mut lists, &mut areas);
        }
        let mut hours = BTreeSet::new();
        for at in self.nodes.values() {
            hours.extend(at.member.value.get("hours").and_then(Node::as_text).map(str::to_owned));
        }
        let verticals: BTreeSet<String> =
            plan.sources.values().flat_map(|source| source.verticals.iter().cloned()).collect();
        self.unused_in("lists", &lists, "no condition and no suppression asks the list");
        self.unused_in("areas", &areas, "no condition asks about the area");
        self.unused_in("hours", &hours, "no contract is open by the hours");
        if !verticals.is_empty() {
            self.unused_in("verticals", &verticals, "no source sends leads of the vertical");
        }
    }

    fn unused_in(&mut self, section: &str, used: &BTreeSet<String>, says: &str) {
        let declared = self.root.get(section).map(Node::members).unwrap_or_default();
        for member in declared.iter().filter(|member| member.key != "note" && !used.contains(&member.key)) {
            let path = format!("/{section}/{}", escape(&member.key));
            self.find(Code::LintUnused, member.place, path, format!("{says} `{}`", member.key), None);
        }
    }

    /// States from which nobody buys.
    pub(super) fn gaps(&mut self, space: &Space<'_>, vertical: &str, route: &Route, members: &[(usize, &Contract)]) {
        let buys = |contract: &Contract| !contract.paused && contract.ends.is_none_or(|ends| ends >= self.today);
        // The house takes what nobody else does (rule 98).
        let house: Vec<(usize, &Contract)> =
            self.house(route).into_iter().filter(|(_, contract)| buys(contract)).collect();
        let buying: Vec<(usize, &Contract)> =
            members.iter().filter(|(_, contract)| buys(contract)).chain(&house).copied().collect();
        let forms: Vec<Form> = buying
            .iter()
            .map(|(_, contract)| contract.criteria.as_ref().map_or(Form::And(Vec::new()), |all| form::met(all, space)))
            .collect();
        let mut gaps = Vec::new();
        for state in STATES {
            let Some(there) = from_state(space, state) else { return };
            if forms.iter().all(|form| is_impossible(space, &[form, &there])) {
                gaps.push(state.to_owned());
            }
        }
        if gaps.is_empty() || gaps.len() == STATES.len() {
            return;
        }
        let bought = || -> Vec<String> {
            STATES.iter().map(|state| (*state).to_owned()).filter(|state| !gaps.contains(state)).collect()
        };
        let message = if gaps.len() * 2 > STATES.len() {
            format!("leads of `{vertical}` are bought only from {}", some(&bought(), NAMED))
        } else {
            format!("nobody buys leads of `{vertical}` from {}", some(&gaps, NAMED))
        };
        let mut lead = Lead::on(space.today);
        let first = gaps.first().map(String::as_str).unwrap_or_default();
        lead.fields.insert("state".into(), Value::text(first));
        lead.fields.extend(space.other_zip(first).map(|zip| ("zip".to_owned(), zip)));
        let may = route.matcher.find(&lead, Ask::NotFalse);
        let nobody = may.iter().all(|place| !buying.iter().any(|(other, _)| u32::try_from(*other) == Ok(*place)));
        // The index of the route does not hold the house.
        let nobody = nobody && !house.iter().any(|(_, contract)| lead.may_meet(contract.criteria.as_ref()));
        let witness = nobody.then(|| lead.shown("whatever else is in it, nobody wants it"));
        let Some(node) =
            self.root.get("routes").map(Node::members).unwrap_or_default().iter().find(|m| m.key == vertical)
        else {
            return;
        };
        self.find(Code::LintGap, node.place, format!("/routes/{}", escape(vertical)), message, witness);
    }
}

/// What a lead from a state is like; none where nobody asks where it is from.
fn from_state(space: &Space<'_>, state: &str) -> Option<Form> {
    let mut all = Vec::new();
    let mut buffer = String::new();
    if let Some(number) = space.number_of(Subject::Field("state")) {
        let class = space.attribute(number)?.domain.class(&Value::text(state), &mut buffer);
        all.push(Form::Is(number, Set { runs: Runs::span(class, class + 1), missing: false }));
    }
    if let Some(number) = space.number_of(Subject::Field("zip")) {
        let attribute = space.attribute(number)?;
        let is_there = |class: &u32| {
            let zip = space.zip(attribute, *class);
            zip.and_then(|zip| state_of(&zip)).is_none_or(|of| of == state)
        };
        let there = (0..attribute.domain.count()).filter(is_there).collect();
        all.push(Form::Is(number, Set { runs: Runs::of(there), missing: true }));
    }
    (!all.is_empty()).then_some(Form::And(all))
}

fn named(criteria: &Criteria, lists: &mut BTreeSet<String>, areas: &mut BTreeSet<String>) {
    for line in &criteria.lines {
        match line {
            Line::List { name, .. } => drop(lists.insert(name.clone())),
            Line::Any(inner) | Line::All(inner) => inner.iter().for_each(|each| named(each, lists, areas)),
            Line::Field(test) => areas.extend(test.areas.iter().cloned()),
        }
    }
}
