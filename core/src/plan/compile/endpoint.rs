//! Endpoints: where leads are delivered to, how they are written there, and how answers are read.

use super::super::document::Documents;
use super::super::path::escape;
use super::{Compiler, buyer_id, declared, text_of};
use crate::deliver::endpoint::{Auth, Besides, Endpoint, Method, Writes};
use crate::deliver::{Escape, KNOWN, Sent, Template, is_xml_name};
use crate::model::{BuyerId, Code, Finding, Member, Node, NodeKind, RawValue};
use crate::text::did_you_mean;
use std::collections::{BTreeMap, BTreeSet};

impl Compiler {
    /// The endpoints of the plan and of all its buyers.
    pub(super) fn endpoints(&mut self, documents: &Documents) -> BTreeMap<String, Endpoint> {
        let mut endpoints = BTreeMap::new();
        let of_all = documents.root().map(|root| (root.node.get("endpoints"), String::new(), None));
        let of_buyers = documents.buyers().map(|entry| (entry.node.get("endpoints"), entry.path, buyer_id(entry.id)));
        for (node, path, owner) in of_all.into_iter().chain(of_buyers) {
            for member in declared(node) {
                let path = format!("{path}/endpoints/{}", escape(&member.key));
                let endpoint = self.endpoint(member, owner.clone(), &path);
                endpoints.extend(endpoint.map(|endpoint| (member.key.clone(), endpoint)));
            }
        }
        endpoints
    }

    fn endpoint(&mut self, member: &Member, buyer: Option<BuyerId>, path: &str) -> Option<Endpoint> {
        let node = &member.value;
        let url = node.get("url")?;
        let origin = url.as_text()?.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let origin = origin.split(['?', '#']).next().unwrap_or_default().to_owned();
        let writes = text_of(node, "send").and_then(Writes::named).unwrap_or_default();
        self.body_fits(node, writes, path);
        let body = node.get("body").and_then(|body| self.template(body, of(writes), format!("{path}/body")));
        let headers = declared(node.get("headers")).filter_map(|header| {
            let path = format!("{path}/headers/{}", escape(&header.key));
            Some((header.key.clone(), self.template(&header.value, Escape::Plain, path)?))
        });
        let headers = sorted(headers.collect());
        let map = self.map(node.get("map"), path);
        let with = self.with(node.get("with"), path);
        self.names_fit(node, writes, path);
        Some(Endpoint {
            name: member.key.clone(),
            buyer,
            method: text_of(node, "method").and_then(Method::named).unwrap_or_default(),
            url: self.template(url, Escape::Url, format!("{path}/url"))?,
            origin,
            writes,
            body,
            key_header: text_of(node, "key_header").unwrap_or("Idempotency-Key").to_owned(),
            headers,
            values: self.values(node, path),
            map,
            with,
            auth: node.get("auth").map(|auth| self.auth(auth, path)).unwrap_or_default(),
            answers: self.answers(node, path),
            reasons: declared(node.get("reasons"))
                .filter_map(|reason| Some((reason.key.clone(), reason.value.as_text()?.to_owned())))
                .collect(),
        })
    }

    /// A template that can be read, and that looks at nothing but what there is.
    fn template(&mut self, node: &Node, escape: Escape, path: String) -> Option<Template> {
        let text = node.as_text()?;
        let template = match Template::compile(text, escape) {
            Ok(template) => template,
            Err(bad) => {
                let message = format!("the template has a mistake in line {}: {}", bad.line, bad.says);
                self.find(Finding::new(Code::PlanBadTemplate, node.place, path, message));
                return None;
            }
        };
        for name in template.looks_at() {
            let mut parts = name.split('.');
            let first = parts.next().unwrap_or_default();
            if !KNOWN.contains(&first) {
                let is_field = self.fields_of_all().any(|field| field == first);
                let near = if is_field {
                    Some(format!("lead.{first}"))
                } else {
                    did_you_mean(first, KNOWN).map(str::to_owned)
                };
                let message = format!("the template looks at `{first}`, and there is no such thing");
                let finding = Finding::new(Code::PlanBadTemplate, node.place, path.clone(), message);
                self.find(finding.expected(format!("one of {}", KNOWN.join(", "))).suggest(near));
            } else if let Some(field) = parts.next().filter(|_| first == "lead") {
                let starts = |known: &str| known == field || known.split('.').next() == Some(field);
                if self.fields_of_all().any(starts) {
                    continue;
                }
                let near = did_you_mean(field, self.fields_of_all()).map(|near| format!("lead.{near}"));
                let message = format!("the template looks at `lead.{field}`, and no vertical has the field `{field}`");
                let finding = Finding::new(Code::PlanBadTemplate, node.place, path.clone(), message);
                self.find(finding.expected("a field of a vertical").suggest(near));
            }
        }
        Some(template)
    }

    fn fields_of_all(&self) -> impl Iterator<Item = &str> {
        self.names.verticals.values().flat_map(|schema| schema.fields()).map(|field| field.name.as_str())
    }

    fn map(&mut self, node: Option<&Node>, path: &str) -> Vec<(String, Sent)> {
        let mut map = Vec::new();
        for member in declared(node) {
            let path = format!("{path}/map/{}", escape(&member.key));
            let Some(text) = member.value.as_text() else { continue };
            map.extend(self.sent_of_any(text, &member.value, path).map(|sent| (member.key.clone(), sent)));
        }
        sorted(map)
    }

    fn with(&mut self, node: Option<&Node>, path: &str) -> Vec<(String, Besides)> {
        let mut with = Vec::new();
        for member in declared(node) {
            let path = format!("{path}/with/{}", escape(&member.key));
            let besides = match member.value.kind {
                NodeKind::Text(_) => self.template(&member.value, Escape::Plain, path).map(Besides::Template),
                _ => Some(Besides::Fixed(member.value.to_raw())),
            };
            with.extend(besides.map(|besides| (member.key.clone(), besides)));
        }
        sorted(with)
    }

    /// What they call our values: of names that are sent.
    fn values(&mut self, node: &Node, path: &str) -> BTreeMap<String, BTreeMap<String, RawValue>> {
        let mut values = BTreeMap::new();
        for member in declared(node.get("values")) {
            let theirs = ["map", "with"].into_iter().flat_map(|key| declared(node.get(key)));
            let theirs: Vec<&str> = theirs.map(|member| member.key.as_str()).collect();
            if !theirs.contains(&member.key.as_str()) && !self.fields_of_all().any(|field| field == member.key) {
                let known: Vec<String> = theirs
                    .into_iter()
                    .chain(self.fields_of_all())
                    .map(str::to_owned)
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .collect();
                let path = format!("{path}/values/{}", escape(&member.key));
                self.unknown("name", &member.key, member.place, path, known.iter().map(String::as_str));
                continue;
            }
            let known = declared(Some(&member.value)).map(|value| (value.key.clone(), value.value.to_raw()));
            values.insert(member.key.clone(), known.collect());
        }
        values
    }

    /// A body of its own is all that is sent; plain text has no fields.
    fn body_fits(&mut self, node: &Node, writes: Writes, path: &str) {
        if node.get("body").is_none() && writes == Writes::Text {
            let finding = Finding::new(Code::PlanMissingField, node.place, path, "a plain text has no fields");
            self.find(finding.expected("`body`: the text as a template"));
        }
        let beside = ["map", "values", "with"].into_iter().filter(|_| node.get("body").is_some());
        let beside: Vec<&Member> =
            beside.filter_map(|key| node.members().iter().find(|member| member.key == key)).collect();
        for member in beside {
            let message = format!("`{}` says nothing beside `body`, which is all that is sent", member.key);
            let path = format!("{path}/{}", member.key);
            self.find(Finding::new(Code::PlanChooseOne, member.place, path, message).expected("one of the two"));
        }
    }

    /// A name is not a value and an object at once, and one that XML can hold.
    fn names_fit(&mut self, node: &Node, writes: Writes, path: &str) {
        let of = |key: &'static str| declared(node.get(key)).map(move |member| (key, member));
        let mut all: Vec<(&str, &Member)> = of("map").chain(of("with")).collect();
        all.sort_by(|a, b| a.1.key.cmp(&b.1.key));
        let names: BTreeSet<&str> = all.iter().map(|(_, member)| member.key.as_str()).collect();
        let mut seen = BTreeSet::new();
        for (key, member) in all {
            let path = format!("{path}/{key}/{}", escape(&member.key));
            let parts: Vec<&str> = member.key.split('.').collect();
            let above = (1..parts.len()).filter_map(|n| Some(parts.get(..n)?.join(".")));
            let above: Vec<String> = above.filter(|above| names.contains(above.as_str())).collect();
            let is_twice = !seen.insert(member.key.as_str());
            if !above.is_empty() || is_twice && writes != Writes::Form {
                let message = match above.first() {
                    Some(above) => format!("`{}` lies in `{above}`, which has a value of its own", member.key),
                    None => format!("`{}` stands in `map` and in `with`", member.key),
                };
                let finding = Finding::new(Code::PlanDeclaredTwice, member.place, path.clone(), message);
                self.find(finding.expected("each name once; the dots of a name make objects"));
            }
            let is_name = |part: &&str| !part.is_empty() && (writes != Writes::Xml || is_xml_name(part));
            if !parts.iter().all(is_name) {
                let message = format!("`{}` is no name that can be written so", member.key);
                let finding = Finding::new(Code::PlanBadReference, member.place, path, message);
                self.find(finding.expected("letters, digits, _ and -, with dots where it lies in something"));
            }
        }
    }

    fn auth(&mut self, node: &Node, path: &str) -> Auth {
        let name = |node: &Node| Some(node.as_text()?.strip_prefix("secret://")?.to_owned());
        let named = |key: &str| node.get(key).and_then(name);
        if let (Some(_), Some(second)) = (node.get("bearer"), node.get("basic")) {
            let message = "one header cannot hold `bearer` and `basic`";
            let path = format!("{path}/auth/basic");
            self.find(Finding::new(Code::PlanChooseOne, second.place, path, message).expected("one of the two"));
        }
        let headers =
            declared(node.get("header")).filter_map(|member| Some((member.key.clone(), name(&member.value)?)));
        Auth {
            bearer: named("bearer"),
            basic: named("basic"),
            headers: sorted(headers.collect()),
            sign: node.get("sign").map(Node::items).unwrap_or_default().iter().filter_map(name).collect(),
            identity: named("identity"),
        }
    }
}

/// How values stand in a body.
fn of(writes: Writes) -> Escape {
    match writes {
        Writes::Json => Escape::Json,
        Writes::Form => Escape::Form,
        Writes::Xml => Escape::Xml,
        Writes::Text => Escape::Plain,
    }
}

/// Names have no order in a plan, and one when they are sent.
fn sorted<T>(mut named: Vec<(String, T)>) -> Vec<(String, T)> {
    named.sort_by(|a, b| a.0.cmp(&b.0));
    named
}
