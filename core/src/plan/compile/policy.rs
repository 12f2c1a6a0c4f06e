//! What the problems of a vertical's leads do.

use super::super::path::escape;
use super::{Compiler, declared};
use crate::model::{Code, Finding, Member, Node, NodeKind};
use crate::schema::{Policies, Policy, PolicyMisfit, Schema};
use crate::text::did_you_mean;

impl Compiler {
    pub(super) fn policies(&mut self, node: Option<&Node>, schema: &Schema, path: &str) -> Policies {
        let mut policies = Policies::default();
        for member in declared(node) {
            let path = format!("{path}/{}", escape(&member.key));
            match &member.value.kind {
                NodeKind::Text(word) => self.policy(member, None, word, &path, &mut policies),
                NodeKind::Object(_) => {
                    for field in declared(Some(&member.value)) {
                        let path = format!("{path}/{}", escape(&field.key));
                        if !self.field_of(schema, field, &path) {
                            continue;
                        }
                        if let Some(word) = field.value.as_text() {
                            self.policy(member, Some(&field.key), word, &path, &mut policies);
                        }
                    }
                }
                _ => {}
            }
        }
        policies
    }

    /// Whether the vertical has the field; what it has not is told.
    fn field_of(&mut self, schema: &Schema, field: &Member, path: &str) -> bool {
        if schema.field(&field.key).is_some() {
            return true;
        }
        let names = || schema.fields().iter().map(|field| field.name.as_str());
        let by_synonym = schema.find(&field.key).map(|field| field.name.as_str());
        let near = by_synonym.or_else(|| did_you_mean(&field.key, names()));
        let message = format!("the vertical `{}` has no field `{}`", schema.name(), field.key);
        let finding = Finding::new(Code::PlanUnknownName, field.place, path, message);
        self.find(finding.expected(format!("a field of `{}`", schema.name())).suggest(near));
        false
    }

    fn policy(&mut self, member: &Member, field: Option<&str>, word: &str, path: &str, policies: &mut Policies) {
        // Another word was reported by the check of the structure.
        let Some(policy) = Policy::named(word) else { return };
        let about = member.key.as_str();
        let Err(misfit) = policies.set(field, about, policy) else { return };
        let finding = |code, message: String| Finding::new(code, member.place, path, message);
        let found = match misfit {
            PolicyMisfit::Unknown(near) => finding(Code::PlanUnknownProblem, format!("there is no problem `{about}`"))
                .expected("a code of the reference, like \"email.disposable\", or its group \"email\"")
                .suggest(near.as_deref()),
            PolicyMisfit::Elsewhere => {
                finding(Code::PlanUnfitPolicy, format!("`{about}` is not found by the check of a lead's fields"))
                    .expected("a problem of a field, or a repair that changes what a value says")
            }
            PolicyMisfit::NotFixable => finding(Code::PlanUnfitPolicy, format!("`{about}` cannot be repaired"))
                .expected("`warn`, `reject` or `hold`"),
        };
        self.find(found);
    }
}
