//! Lists: those that belong to the plan are read from their files.

use super::super::list::{From, List, list_of};
use super::super::path::escape;
use super::super::units::duration_millis;
use super::{Compiler, ReadList, declared, text_of};
use crate::field::FieldKind;
use crate::lists::{Entries, Form, ListHash};
use crate::model::limits::LIST_BYTES;
use crate::model::{Code, Finding, Member, Node, Place};
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
        self.telling_field(of, &format!("{path}/of"));
        let of = of.as_text()?;
        let kind = self.kind_of(of);
        let hash: Option<ListHash> = text_of(node, "hash").and_then(|word| word.parse().ok());
        let mut list = List {
            of: of.to_owned(),
            kind,
            entries: self.entries(node, kind, hash, &path),
            content: String::new(),
            from: From::Host,
            may_be_empty: node.get("may_be_empty").and_then(Node::as_bool).unwrap_or(false),
            max_age: text_of(node, "max_age").and_then(|text| duration_millis(text).ok()),
        };
        if let Some(compiled) = text_of(node, "compiled") {
            list.from = From::Compiled(compiled.to_owned());
        } else if let Some(file) = node.get("file") {
            self.read_list(&mut list, member, file, (hash, read))?;
            self.text_has_no_age(node, &path);
        }
        Some(list)
    }

    fn entries(&mut self, node: &Node, kind: FieldKind, hash: Option<ListHash>, path: &str) -> Entries {
        let of = list_of(kind);
        let Some(hash) = hash else { return Entries::plain(of) };
        let form: Option<Form> = text_of(node, "form").and_then(|word| word.parse().ok());
        if let Some((form, at)) = form.zip(node.get("form")).filter(|(form, _)| !of.forms().contains(form)) {
            let message = format!("`{}` is no form of what `of` names", form.as_str());
            let words: Vec<&str> = of.forms().iter().map(|form| form.as_str()).collect();
            let finding = Finding::new(Code::PlanListBadForm, at.place, format!("{path}/form"), message);
            self.find(finding.expected(format!("one of {}", words.join(", "))));
        }
        Entries::hashed(of, hash, form)
    }

    fn read_list(
        &mut self,
        list: &mut List,
        member: &Member,
        file: &Node,
        (hash, read): (Option<ListHash>, ReadList<'_>),
    ) -> Option<()> {
        let (place, path) = (file.place, format!("/lists/{}/file", escape(&member.key)));
        let file = file.as_text()?;
        let bytes = match read(&member.key, file) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                list.from = From::Plan(None);
                return Some(());
            }
            Err(error) => {
                let message = format!("the file of the list `{}` cannot be read: {}", member.key, error.detail());
                self.find(Finding::new(Code::PlanFileMissing, place, path, message));
                return None;
            }
        };
        if bytes.len() > LIST_BYTES {
            let message = format!("the list `{}` has {} bytes", member.key, bytes.len());
            let finding = Finding::new(Code::PlanListTooLarge, place, path, message);
            self.find(finding.expected(format!("at most {LIST_BYTES}")));
            return None;
        }
        self.read_lines(list, (hash, &bytes), (file, place, path));
        Some(())
    }

    fn read_lines(
        &mut self,
        list: &mut List,
        (hash, bytes): (Option<ListHash>, &[u8]),
        (file, place, path): (&str, Place, String),
    ) {
        let faults = list.read(hash, bytes);
        if let Some(line) = faults.hash_of_empty {
            let message = format!(
                "line {line} of `{file}` is the hash of an empty text: it would hit every lead without the field"
            );
            let fix = faults.remarks(file, faults.empty_begins.as_slice());
            self.find(Finding::new(Code::PlanListHashOfEmpty, place, path.clone(), message).fixed_by(fix));
        }
        if faults.bad > 0 {
            let what =
                hash.map_or_else(|| format!("a value of `{}`", list.of), |_| "a hash of the right length".to_owned());
            let message = format!(
                "{} of the lines of `{file}` are not {what}, the first is line {}; they were left out",
                faults.bad, faults.first_bad
            );
            let fix = faults.remarks(file, &faults.begin);
            self.find(Finding::new(Code::PlanListBadEntry, place, path.clone(), message).fixed_by(fix));
        }
        let empty = matches!(&list.from, From::Plan(Some(list)) if list.is_empty());
        if empty && !list.may_be_empty && faults.hash_of_empty.is_none() {
            let message = format!("`{file}` has no entry");
            let finding = Finding::new(Code::PlanListEmpty, place, path, message);
            self.find(finding.expected("at least one entry, or \"may_be_empty\": true"));
        }
    }

    /// A text file does not say when it was made.
    fn text_has_no_age(&mut self, node: &Node, path: &str) {
        let Some(age) = node.get("max_age") else { return };
        let message = "a list in text does not say how old it is".to_owned();
        let finding = Finding::new(Code::PlanListBadForm, age.place, format!("{path}/max_age"), message);
        self.find(finding.expected("a list under `compiled` or of the `host`"));
    }

    /// What the values of a list are; the same in every vertical that has the field.
    fn kind_of(&self, field: &str) -> FieldKind {
        let mut fields = self.names.verticals.values().filter_map(|schema| schema.field(field));
        fields.next().map_or(FieldKind::Text, |field| field.kind)
    }
}
