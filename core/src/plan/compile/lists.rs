//! Lists, read from their files.

use super::super::list::{HashKind, List};
use super::super::path::escape;
use super::{Compiler, ReadList, declared, text_of};
use crate::field::FieldKind;
use crate::model::limits::LIST_BYTES;
use crate::model::{Code, Finding, Member, Node};
use std::collections::BTreeMap;

impl Compiler {
    pub(super) fn lists(&mut self, node: Option<&Node>, read: ReadList<'_>) -> BTreeMap<String, List> {
        let mut lists = BTreeMap::new();
        for member in declared(node) {
            if let Some(list) = self.list(member, read) {
                lists.insert(member.key.clone(), list);
            }
        }
        lists
    }

    fn list(&mut self, member: &Member, read: ReadList<'_>) -> Option<List> {
        let node = &member.value;
        let path = format!("/lists/{}", escape(&member.key));
        let of = node.get("of")?;
        self.known_field(of, &format!("{path}/of"));
        let (of, file) = (of.as_text()?, node.get("file")?);
        let hash = text_of(node, "hash").and_then(HashKind::named);
        let place = file.place;
        let file = file.as_text()?;
        let bytes = match read(&member.key, file) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Some(List { of: of.into(), hash, content: String::new(), entries: None }),
            Err(error) => {
                let message = format!("the file of the list `{}` cannot be read: {}", member.key, error.detail());
                self.find(Finding::new(Code::PlanFileMissing, place, format!("{path}/file"), message));
                return None;
            }
        };
        if bytes.len() > LIST_BYTES {
            let message = format!("the list `{}` has {} bytes", member.key, bytes.len());
            let finding = Finding::new(Code::PlanListTooLarge, place, format!("{path}/file"), message);
            self.find(finding.expected(format!("at most {LIST_BYTES}")));
            return None;
        }
        let (list, faults) = List::read(of, self.kind_of(of), hash, &bytes);
        if let Some(line) = faults.hash_of_empty {
            let message = format!(
                "line {line} of `{file}` is the hash of an empty text: it would hit every lead without the field"
            );
            self.find(Finding::new(Code::PlanListHashOfEmpty, place, format!("{path}/file"), message));
        }
        if faults.bad > 0 {
            let what = hash.map_or_else(|| format!("a value of `{of}`"), |_| "a hash of the right length".to_owned());
            let message = format!(
                "{} of the lines of `{file}` are not {what}, the first is line {}; they were left out",
                faults.bad, faults.first_bad
            );
            self.find(Finding::new(Code::PlanListBadEntry, place, format!("{path}/file"), message));
        }
        Some(list)
    }

    /// What the values of a list are; the same in every vertical that has the field.
    fn kind_of(&self, field: &str) -> FieldKind {
        let mut fields = self.names.verticals.values().filter_map(|schema| schema.field(field));
        fields.next().map_or(FieldKind::Text, |field| field.kind)
    }
}
