//! Fields of a vertical that are reckoned from others.

use super::super::path::escape;
use super::{Compiler, declared, text_of};
use crate::model::{Code, Finding, Member};
use crate::schema::Schema;
use crate::schema::derived::{Derived, Reckoning};

impl Compiler {
    /// Adds those of a vertical, when all others are known.
    pub(super) fn derived(&mut self, fields: &[&Member], schema: &mut Schema, path: &str) {
        let mut found = Vec::new();
        for member in fields {
            found.extend(self.one_derived(member, fields, schema, &format!("{path}/{}", escape(&member.key))));
        }
        for (derived, field) in found {
            schema.put_derived(derived, field);
        }
    }

    fn one_derived(
        &mut self,
        member: &Member,
        all: &[&Member],
        schema: &Schema,
        path: &str,
    ) -> Option<(Derived, crate::schema::Field)> {
        let node = &member.value;
        let derive = node.get("derive")?;
        if schema.field(&member.key).is_some() {
            let message = format!("leads have a field `{}`, so it cannot be derived", member.key);
            self.find(Finding::new(Code::PlanDeclaredTwice, member.place, path, message).expected("another name"));
            return None;
        }
        for other in declared(Some(node)).filter(|other| !matches!(other.key.as_str(), "derive" | "pii")) {
            let message = format!("`{}` does not fit a field that is derived", other.key);
            let path = format!("{path}/{}", other.key);
            self.find(
                Finding::new(Code::PlanWrongType, other.value.place, path, message).expected("only `derive` and `pii`"),
            );
        }
        let how = declared(Some(derive)).find_map(|how| Some((how.key.parse::<Reckoning>().ok()?, how)));
        let (how, from) = how.map(|(how, from)| (how, &from.value)).filter(|(_, from)| from.as_text().is_some())?;
        if all.iter().any(|other| Some(other.key.as_str()) == from.as_text()) {
            let message = format!("`{}` of `{}` asks for a field that is derived itself", how.as_str(), member.key);
            let path = format!("{path}/derive/{}", how.as_str());
            self.find(
                Finding::new(Code::PlanUnknownName, from.place, path, message).expected("a field that leads have"),
            );
            return None;
        }
        match Derived::new(schema, &member.key, how, from.as_text()?) {
            Ok((derived, mut field)) => {
                field.pii = text_of(node, "pii").and_then(|word| word.parse().ok()).unwrap_or(field.pii);
                Some((derived, field))
            }
            Err(lost) => {
                let message = format!("`{}` of `{}`: {}", how.as_str(), member.key, lost.says);
                let path = format!("{path}/derive/{}", how.as_str());
                let finding = Finding::new(Code::PlanUnknownName, from.place, path, message);
                self.find(finding.expected(lost.expected).suggest(lost.near));
                None
            }
        }
    }
}
