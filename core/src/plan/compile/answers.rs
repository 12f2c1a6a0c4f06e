//! The table of answers of an endpoint.

use super::super::path::escape;
use super::{Compiler, declared, text_of};
use crate::deliver::Meaning;
use crate::deliver::endpoint::{Answer, Look, StatusIs};
use crate::model::{Code, Finding, Member, Node, NodeKind};

impl Compiler {
    /// The rows in their order.
    pub(super) fn answers(&mut self, endpoint: &Node, path: &str) -> Vec<Answer> {
        let Some(rows) = endpoint.get("answers") else { return Vec::new() };
        let NodeKind::List(rows) = &rows.kind else { return Vec::new() };
        let mut answers = Vec::new();
        for (n, row) in rows.iter().enumerate() {
            answers.extend(self.answer(row, &format!("{path}/answers/{n}")));
        }
        answers
    }

    fn answer(&mut self, row: &Node, path: &str) -> Option<Answer> {
        let mut looks = Vec::new();
        for member in declared(row.get("if")) {
            let path = format!("{path}/if/{}", escape(&member.key));
            looks.extend(self.look(member, path));
        }
        let is = Meaning::named(text_of(row, "is")?)?;
        let pointer = |key: &str| text_of(row, key).map(str::to_owned);
        if is == Meaning::Bid && row.get("price").is_none() {
            let finding = Finding::new(Code::PlanMissingField, row.place, path, "a bid without a price is none");
            self.find(finding.expected("`price`: where the price stands, like \"/price\""));
        }
        Some(Answer {
            looks,
            is,
            price: pointer("price"),
            currency: pointer("currency"),
            id: pointer("id"),
            reason: pointer("reason"),
            expires: pointer("expires"),
        })
    }

    fn look(&mut self, member: &Member, path: String) -> Option<Look> {
        let node = &member.value;
        if let NodeKind::Object(_) = node.kind {
            let look = match (text_of(node, "contains"), node.get("there").and_then(Node::as_bool)) {
                (Some(part), _) => Look::Contains(member.key.clone(), part.to_owned()),
                (None, there) => Look::There(member.key.clone(), there?),
            };
            if member.key == "http" {
                self.no_status(node, path);
                return None;
            }
            return Some(look);
        }
        let texts: Vec<String> = node.items().iter().filter_map(text).collect();
        if member.key != "http" {
            return Some(Look::Is(member.key.clone(), texts));
        }
        let statuses: Vec<Option<StatusIs>> = texts.iter().map(|text| StatusIs::read(text)).collect();
        if statuses.iter().any(Option::is_none) {
            self.no_status(node, path);
        }
        Some(Look::Status(statuses.into_iter().flatten().collect()))
    }

    fn no_status(&mut self, node: &Node, path: String) {
        let finding = Finding::new(Code::PlanBadReference, node.place, path, "this is no status of HTTP");
        self.find(finding.expected("a status like 404, or a hundred of them like \"5xx\""));
    }
}

fn text(node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Text(text) | NodeKind::Number(text) => Some(text.clone()),
        NodeKind::Bool(yes) => Some(yes.to_string()),
        _ => None,
    }
}
