//! Criteria that no lead meets, or every lead; ZIP codes outside of the states; leads that a negation loses.

use super::form::{self, Form};
use super::lead::Lead;
use super::solve::{Found, is_impossible, solve};
use super::space::{Space, state_of};
use super::{Linter, counted, some};
use crate::model::{Code, Issue, Value, Witness};
use crate::plan::compiled::{Contract, Route};
use crate::rules::criteria::{Criteria, Line, Operator};
use crate::rules::{Truth, values::Values};
use std::collections::BTreeSet;

/// So many ZIP codes are named.
const NAMED: usize = 3;

impl Linter<'_> {
    /// Looks at the criteria of each contract of a route. Returns the places of those that no lead meets.
    pub(super) fn criteria(
        &mut self,
        space: &Space<'_>,
        members: &[(usize, &Contract)],
        route: &Route,
    ) -> BTreeSet<usize> {
        let mut never = BTreeSet::new();
        for (place, contract) in members {
            let Some(criteria) = &contract.criteria else { continue };
            if self.never(space, contract, criteria) {
                never.insert(*place);
                continue;
            }
            self.always(space, contract, criteria);
            self.zips_and_states(space, contract, criteria, route, *place);
            self.loses(space, contract, criteria);
        }
        never
    }

    /// No lead meets them. The fewest lines that exclude each other are named, and a lead that meets all but one.
    fn never(&mut self, space: &Space<'_>, contract: &Contract, criteria: &Criteria) -> bool {
        let forms: Vec<Form> = criteria.lines.iter().map(|line| form::line_met(line, space)).collect();
        if !is_impossible(space, &forms.iter().collect::<Vec<_>>()) {
            return false;
        }
        let mut core: Vec<usize> = (0..forms.len()).collect();
        let of = |core: &[usize]| core.iter().filter_map(|n| forms.get(*n)).collect::<Vec<_>>();
        for line in 0..forms.len() {
            let without: Vec<usize> = core.iter().copied().filter(|n| *n != line).collect();
            if is_impossible(space, &of(&without)) {
                core = without;
            }
        }
        let name = |n: &usize| criteria.lines.get(*n).map(key).unwrap_or_default();
        let keys: Vec<String> = core.iter().map(name).collect();
        let told = keys.as_slice();
        let message = match told {
            [one] => format!("no lead meets `{one}` of contract `{}`", contract.id),
            _ => format!("no lead meets contract `{}`: {} exclude each other", contract.id, ticked(told)),
        };
        // A lead that meets everything but one of them.
        let near = core.iter().rev().find_map(|left_out| {
            let rest: Vec<&Form> =
                forms.iter().enumerate().filter(|(n, _)| n != left_out).map(|(_, form)| form).collect();
            let Found::Some(left) = solve(space, &rest) else { return None };
            let lead = Lead::of(space, &left)?;
            let failing = criteria.evaluate(&lead).failing?;
            (!lead.meets(Some(criteria)) && failing.check == format!("where.{}", name(left_out))).then(|| {
                let shows = format!("it meets everything but {}", failing.check);
                lead.shown(shows)
            })
        });
        let part = told.first().map_or("", String::as_str);
        // What a single condition excludes was said at its place by the check.
        let prefix = self.nodes.get(contract.id.as_str()).map(|at| format!("{}/where/", at.path)).unwrap_or_default();
        let was_said = self.issues.iter().any(|issue| {
            let rest = issue.path.strip_prefix(&prefix);
            issue.code == Code::CriteriaNeverTrue && rest.is_some_and(|rest| !rest.contains('/'))
        });
        if !was_said {
            self.at_contract(Code::LintNeverMatches, contract, &["where", part], message, near);
        }
        true
    }

    /// Every lead meets them, or everyone that has the field meets one of them.
    fn always(&mut self, space: &Space<'_>, contract: &Contract, criteria: &Criteria) {
        if criteria.lines.is_empty() {
            return;
        }
        let opposite = form::not_met(criteria, space);
        if is_impossible(space, &[&opposite]) {
            let message = format!("every lead meets contract `{}`", contract.id);
            return self.at_contract(Code::LintAlwaysMatches, contract, &["where"], message, None);
        }
        for line in &criteria.lines {
            let Line::Field(test) = line else { continue };
            let Some(attribute) = space.number_of_test(test).and_then(|number| space.attribute(number)) else {
                continue;
            };
            let refused = attribute.domain.meets(&test.operators).not(attribute.domain.count());
            if attribute.all.runs.and(&refused).is_empty() && !is_whole(&test.operators) {
                let name = key(line);
                let but = match (space.is_optional(&test.field), test.missing_ok) {
                    (true, false) => " that has it; only leads without it are refused",
                    _ => "",
                };
                let message = format!("every lead meets `{name}` of contract `{}`{but}", contract.id);
                self.at_contract(Code::LintAlwaysMatches, contract, &["where", &name], message, None);
            }
        }
    }

    /// ZIP codes that lie in none of the states.
    fn zips_and_states(
        &mut self,
        space: &Space<'_>,
        contract: &Contract,
        criteria: &Criteria,
        route: &Route,
        place: usize,
    ) {
        let line = |name: &str| {
            criteria.lines.iter().find_map(|line| match line {
                Line::Field(test) if test.name() == name => match test.operators.as_slice() {
                    [Operator::In(values)] => Some(values),
                    _ => None,
                },
                _ => None,
            })
        };
        let (Some(zips), Some(states)): (Option<&Values>, Option<&Values>) = (line("zip"), line("state")) else {
            return;
        };
        let mut outside: Vec<(String, &'static str)> = Vec::new();
        for zip in zips.iter() {
            let Some(text) = zip.as_text() else { continue };
            let Some(state) = state_of(text) else { continue };
            if !states.contains(&Value::text(state)) {
                outside.push((text.to_owned(), state));
            }
        }
        let Some((zip, state)) = outside.first().cloned() else { return };
        let named: Vec<String> = outside.iter().map(|(zip, state)| format!("{zip} in {state}")).collect();
        let lie = if outside.len() == 1 { "lies outside its states" } else { "lie outside its states" };
        let message = format!(
            "{} of {} of contract `{}` {lie}: {}",
            outside.len(),
            counted(zips.len(), "ZIP code"),
            contract.id,
            some(&named, NAMED)
        );
        // A lead from there that meets everything else, and gets no further.
        let others = criteria.lines.iter().filter(|line| !matches!(key(line).as_str(), "zip" | "state"));
        let forms: Vec<Form> = others.map(|line| form::line_met(line, space)).collect();
        let witness = match solve(space, &forms.iter().collect::<Vec<_>>()) {
            Found::Some(left) => Lead::of(space, &left),
            _ => None,
        };
        let witness = witness.and_then(|mut lead| {
            lead.fields.insert("zip".into(), Value::text(zip));
            lead.fields.insert("state".into(), Value::text(state));
            let found = route.matcher.find(&lead, crate::matching::Ask::IsTrue);
            let failing = criteria.evaluate(&lead).failing?;
            let place = u32::try_from(place).ok()?;
            (!found.contains(&place) && failing.check == "where.state")
                .then(|| lead.shown(format!("it is refused by {}", failing.check)))
        });
        self.at_contract(Code::LintZipOutsideStates, contract, &["where", "zip"], message, witness);
    }

    /// What the check has said of a negated condition on an optional field, with a lead that it loses.
    fn loses(&mut self, space: &Space<'_>, contract: &Contract, criteria: &Criteria) {
        let Some(prefix) = self.nodes.get(contract.id.as_str()).map(|at| format!("{}/where/", at.path)) else { return };
        let said: Vec<_> = self
            .issues
            .iter()
            .filter(|issue| issue.code == Code::CriteriaNegatedOptional && issue.path.starts_with(&prefix))
            .collect();
        if said.is_empty() {
            return;
        }
        let form = form::met(criteria, space);
        for issue in said {
            let name = issue.path.rsplit('/').next().unwrap_or_default();
            let witness = lost(space, criteria, &form, field_of(name));
            if witness.is_some() {
                self.shown.push(Issue { witness, ..issue.clone() });
            }
        }
    }
}

/// The field that a key of criteria asks about.
fn field_of(key: &str) -> &str {
    match key {
        "age" => "dob",
        "area" => "zip",
        key => key,
    }
}

/// A lead that meets the criteria, and no longer does without a field.
fn lost(space: &Space<'_>, criteria: &Criteria, form: &Form, field: &str) -> Option<Witness> {
    let Found::Some(left) = solve(space, &[form]) else { return None };
    let with = Lead::of(space, &left)?;
    let mut without = with.clone();
    without.fields.remove(field)?;
    let verdict = criteria.evaluate(&without);
    let failing = verdict.failing?;
    let lost = with.meets(Some(criteria)) && verdict.truth == Truth::Unknown && !without.meets(Some(criteria));
    lost.then(|| without.shown(format!("it is refused, as {} cannot be judged", failing.check)))
}

/// The key of a line in the plan.
pub(super) fn key(line: &Line) -> String {
    match line {
        Line::Field(test) => test.name().to_owned(),
        Line::List { name, .. } => format!("list.{name}"),
        Line::Any(_) => "any".to_owned(),
        Line::All(_) => "all".to_owned(),
    }
}

/// Whether the operators only ask that the field is there.
fn is_whole(operators: &[Operator]) -> bool {
    operators.is_empty()
}

/// Names in ticks: "`a` and `b`".
fn ticked(names: &[String]) -> String {
    let ticked: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match ticked.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => ticked.join(""),
    }
}
