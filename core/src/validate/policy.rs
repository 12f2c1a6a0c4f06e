//! What the problems that were found do to the lead, where a schema or a plan has a policy for them.

use super::lead::Draft;
use super::raw::RawField;
use crate::field::check;
use crate::model::{Action, Code, CodeKind, Correction, Problem, RawValue, Severity, Value};
use crate::schema::{Policies, Policy, Schema};

/// Policies in the order in which they are asked: those of the call, then those of the schema.
pub(super) struct Treatments<'a> {
    policies: [&'a Policies; 2],
    schema: &'a Schema,
}

impl<'a> Treatments<'a> {
    pub(super) fn new(of_call: &'a Policies, schema: &'a Schema) -> Self {
        Self { policies: [of_call, schema.policies()], schema }
    }

    pub(super) fn of(&self, field: Option<&str>, code: Code) -> Option<Policy> {
        self.policies.iter().find_map(|policies| policies.of(field, code))
    }

    /// Treats everything that was found; what nobody has a policy for stays.
    pub(super) fn apply(&self, found: &[RawField<'a>], draft: &mut Draft<'_>) {
        if self.policies.iter().all(|policies| policies.is_empty()) {
            return;
        }
        let repairs: Vec<Problem> =
            draft.corrections.iter().filter_map(|correction| self.of_repair(correction, found)).collect();
        self.fix(found, draft);
        let mut problems = std::mem::take(&mut draft.problems);
        for problem in &mut problems {
            let field = self.field_at(&problem.path, found);
            match self.of(field, problem.code) {
                None | Some(Policy::Fix) => {}
                Some(Policy::Warn) => warn(problem),
                Some(Policy::Reject) => {
                    problem.severity = Severity::Error;
                    problem.action = Action::Rejected;
                }
                Some(Policy::Hold) => {
                    problem.severity = problem.severity.max(Severity::Warn);
                    problem.action = Action::Held;
                }
            }
        }
        problems.extend(repairs);
        draft.problems = problems;
    }

    /// Makes the repairs that are made only where somebody asks for them: near misses of great mail hosts.
    fn fix(&self, found: &[RawField<'a>], draft: &mut Draft<'_>) {
        let wanted =
            draft.problems.iter().filter(|problem| problem.code == Code::EmailHostTypo).filter_map(|problem| {
                let field = self.schema.field(self.field_at(&problem.path, found)?)?;
                let asked = self.of(Some(&field.name), problem.code) == Some(Policy::Fix);
                Some((field, problem.path.clone(), problem.suggestion.clone()?)).filter(|_| asked)
            });
        for (field, path, host) in wanted.collect::<Vec<_>>() {
            let Some(Value::Text(address)) = draft.canonical.get(&field.name) else { continue };
            let Some((local, _)) = address.rsplit_once('@') else { continue };
            let mended = format!("{local}@{host}");
            draft.corrections.push(Correction::new(Code::EmailHostRepaired, &path, address.as_str(), &mended));
            // What was said of the host was said of another one.
            let again = check(field.kind, &RawValue::text(mended.as_str()), &path, &field.options);
            let about_host = |problem: &Problem| problem.path == path && problem.code == Code::EmailDisposable;
            let same = |problem: &Problem| again.problems.iter().any(|other| other.code == problem.code);
            draft.problems.retain(|problem| !about_host(problem) || same(problem));
            let typo = |problem: &&mut Problem| problem.path == path && problem.code == Code::EmailHostTypo;
            draft.problems.iter_mut().filter(typo).for_each(|problem| problem.action = Action::Fixed);
            draft.canonical.insert(field.name.clone(), Value::Text(mended));
        }
    }

    /// What is said about a repair that is more than a correction.
    fn of_repair(&self, correction: &Correction, found: &[RawField<'a>]) -> Option<Problem> {
        let code = correction.code;
        if code.kind() != CodeKind::Correction || !code.is_repair() {
            return None;
        }
        let field = self.field_at(&correction.path, found);
        let problem = Problem::new(Code::LeadRepaired, &correction.path).with_expected(format!("no `{code}`"));
        match self.of(field, code)? {
            Policy::Fix => None,
            Policy::Warn => Some(problem.with_action(Action::Fixed)),
            Policy::Reject => Some(problem.with_severity(Severity::Error).with_action(Action::Rejected)),
            Policy::Hold => Some(problem.with_action(Action::Held)),
        }
    }

    /// The field that a problem is about, by the name that the lead gave it or by its own.
    fn field_at(&self, path: &str, found: &[RawField<'a>]) -> Option<&'a str> {
        let came = found.iter().find(|field| field.path == path);
        let own = || self.schema.field(path.strip_prefix('/')?);
        came.map_or_else(own, |field| field.field()).map(|field| field.name.as_str())
    }
}

/// A value that was refused stays refused; the lead goes on without it.
fn warn(problem: &mut Problem) {
    if problem.action == Action::Rejected {
        problem.action = if problem.severity == Severity::Error { Action::Dropped } else { Action::Kept };
    }
    problem.severity = Severity::Warn;
}
