//! What suppliers are answered with.

use super::super::path::escape;
use super::{Compiler, text_of};
use crate::deliver::{ANSWER_KNOWN, Escape, Responses, Template};
use crate::model::{Code, Finding, Node};
use crate::text::did_you_mean;

/// The member that says how values are written.
const AS: &str = "as";
/// The member for all others.
const OTHERS: &str = "others";

impl Compiler {
    pub(super) fn responses(&mut self, node: Option<&Node>, path: &str) -> Responses {
        let mut responses = Responses::default();
        let Some(node) = node else { return responses };
        let way = match text_of(node, AS) {
            Some("xml") => Escape::Xml,
            Some("form") => Escape::Form,
            Some("text") => Escape::Plain,
            _ => Escape::Json,
        };
        for member in node.members().iter().filter(|member| member.key != AS) {
            let path = format!("{path}/{}", escape(&member.key));
            let Some(template) = self.response(&member.value, way, path) else { continue };
            match member.key.as_str() {
                OTHERS => responses.others = Some(template),
                end => drop(responses.of.insert(end.to_owned(), template)),
            }
        }
        responses
    }

    fn response(&mut self, node: &Node, way: Escape, path: String) -> Option<Template> {
        let template = match Template::compile(node.as_text()?, way) {
            Ok(template) => template,
            Err(bad) => {
                let message = format!("the template has a mistake in line {}: {}", bad.line, bad.says);
                self.find(Finding::new(Code::PlanBadTemplate, node.place, path, message));
                return None;
            }
        };
        for name in template.looks_at() {
            let first = name.split('.').next().unwrap_or_default();
            if !ANSWER_KNOWN.contains(&first) {
                let near = did_you_mean(first, ANSWER_KNOWN).map(str::to_owned);
                let message = format!("the template looks at `{first}`, and there is no such thing");
                let finding = Finding::new(Code::PlanBadTemplate, node.place, path.clone(), message);
                self.find(finding.expected(format!("one of {}", ANSWER_KNOWN.join(", "))).suggest(near));
            }
        }
        Some(template)
    }
}
