//! The documents of a plan: the plan itself and the files of its buyers, as read.

use super::grammar::Form;
use super::path::escape;
use super::read::{parse, start_of};
use super::resolve::{MemoryResolver, Resolver};
use super::source_text::SourceText;
use crate::model::{Code, Error, Finding, Issue, Node, NodeKind, Place, limits};
use std::collections::BTreeMap;

/// The name of the one file of a plan that was read from its canonical form.
const CANONICAL_NAME: &str = "plan.json";
/// Files beside a plan that hold its tests.
const TESTS: &str = ".tests.jsonc";

/// One file of a plan as a tree.
#[derive(Clone, Debug)]
pub struct Document {
    /// Which file; [`Documents::source`] has its text.
    pub file: u16,
    /// Its tree.
    pub node: Node,
    /// Whether the tree has all that stands in the file.
    pub whole: bool,
}

/// All files of a plan. The first is the plan itself, the others are the files of buyers in the order of their names.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    sources: Vec<SourceText>,
    root: Option<Document>,
    buyers: Vec<Document>,
    /// Files that were included and are no buyer's.
    strangers: Vec<Document>,
}

/// A buyer, whether from a file or written into the plan itself.
#[derive(Clone, Debug)]
pub struct BuyerEntry<'a> {
    /// Its id as written.
    pub id: &'a str,
    /// Where the id stands.
    pub place: Place,
    /// What stands under it.
    pub node: &'a Node,
    /// JSON Pointer of `node` in its file.
    pub path: String,
}

impl Documents {
    /// Reads the plan and the files it includes. Lists are not read.
    ///
    /// Says what is wrong with the files as such (missing, not UTF-8, too large, not JSON with comments), in the order
    /// of the files; what is wrong with what they say is found by [`check_structure`](super::check_structure).
    ///
    /// ```
    /// use leadwright::plan::{Documents, MemoryResolver};
    /// let files = MemoryResolver::new([
    ///     ("plan.jsonc", r#"{ "format": 1, "include": ["buyers/*.jsonc"] }"#),
    ///     ("buyers/acme.jsonc", r#"{ "buyer": "acme" "contracts": {} }"#),
    /// ]);
    /// let (documents, findings) = Documents::load(&files, "plan.jsonc");
    /// assert_eq!(documents.buyers().map(|b| b.id).collect::<Vec<_>>(), ["acme"]);
    /// let issue = documents.locate(&findings[0]);
    /// assert_eq!((issue.file.as_str(), issue.line, issue.code.as_str()), ("buyers/acme.jsonc", 1, "plan.syntax"));
    /// ```
    pub fn load(resolver: &(impl Resolver + ?Sized), root_name: &str) -> (Self, Vec<Finding>) {
        Self::load_beside(resolver, root_name, &[])
    }

    /// The same with files of buyers that come from elsewhere: their names and texts, after those that are included.
    pub(super) fn load_beside(
        resolver: &(impl Resolver + ?Sized),
        root_name: &str,
        beside: &[(String, String)],
    ) -> (Self, Vec<Finding>) {
        let mut loader = Loader { resolver, documents: Documents::default(), findings: Vec::new() };
        loader.load(root_name);
        if loader.documents.root.is_some() {
            for (name, text) in beside {
                let document = loader.document(name, Ok(text.clone().into_bytes()), Some(start_of(0)));
                loader.documents.buyers.extend(document);
            }
        }
        let Loader { documents, mut findings, .. } = loader;
        findings.sort_by_key(|finding| finding.place);
        (documents, findings)
    }

    /// Reads a plan back from its [canonical form](super::canonical).
    ///
    /// ```
    /// use leadwright::plan::{Documents, canonical};
    /// let json = r#"{"buyers":{"acme":{"contracts":{}}},"format":1}"#;
    /// let (documents, findings) = Documents::from_canonical(json);
    /// assert!(findings.is_empty());
    /// assert_eq!(canonical(&documents), json);
    /// ```
    pub fn from_canonical(json: &str) -> (Self, Vec<Finding>) {
        Self::load(&MemoryResolver::new([(CANONICAL_NAME, json)]), CANONICAL_NAME)
    }

    /// The plan itself, unless it could not be read.
    pub fn root(&self) -> Option<&Document> {
        self.root.as_ref()
    }

    /// The files of the buyers.
    pub fn buyer_files(&self) -> &[Document] {
        &self.buyers
    }

    /// Every buyer: those written into the plan itself, then those of the files. An id that is declared twice comes twice.
    pub fn buyers(&self) -> impl Iterator<Item = BuyerEntry<'_>> {
        let inline = self.root.iter().filter_map(|root| root.node.get("buyers")).flat_map(Node::members);
        let inline = inline.filter(|member| member.key != super::grammar::NOTE).map(|member| BuyerEntry {
            id: &member.key,
            place: member.place,
            node: &member.value,
            path: format!("/buyers/{}", escape(&member.key)),
        });
        inline.chain(self.buyers.iter().filter_map(|document| {
            let id = document.node.get("buyer")?;
            Some(BuyerEntry { id: id.as_text()?, place: id.place, node: &document.node, path: String::new() })
        }))
    }

    /// The text of a file by its name.
    pub fn source_named(&self, name: &str) -> Option<&SourceText> {
        self.sources.iter().find(|source| source.name() == name)
    }

    /// The number of a file by its name, in the order the files were read.
    pub fn place_of(&self, name: &str) -> Option<usize> {
        self.sources.iter().position(|source| source.name() == name)
    }

    /// The text of a file; `None` for a number that no file has.
    pub fn source(&self, file: u16) -> Option<&SourceText> {
        self.sources.get(usize::from(file))
    }

    /// The tree of a file. One that is no buyer's is kept too, to be mended.
    pub(super) fn node(&self, file: u16) -> Option<&Node> {
        let known = self.root.iter().chain(&self.buyers).chain(&self.strangers);
        known.into_iter().find(|document| document.file == file).map(|document| &document.node)
    }

    /// Looks up the file, the line and the column of a finding.
    pub fn locate(&self, finding: &Finding) -> Issue {
        let source = self.source(finding.place.file);
        let (line, column) = source.map_or((1, 1), |source| source.position(finding.place.span.start));
        Issue {
            code: finding.code,
            severity: finding.severity,
            file: source.map(|source| source.name().to_owned()).unwrap_or_default(),
            line,
            column,
            span: finding.place.span,
            path: finding.path.clone(),
            message: finding.message.clone(),
            expected: finding.expected.clone(),
            suggestion: finding.suggestion.clone(),
            fix: finding.fix.clone().or_else(|| super::fix::of(finding, self)),
            witness: None,
        }
    }

    /// `file:line` of a place, for messages that name a second place.
    pub(super) fn said(&self, place: Place) -> String {
        let source = self.source(place.file);
        source.map(|source| format!("{}:{}", source.name(), source.position(place.span.start).0)).unwrap_or_default()
    }
}

struct Loader<'a, R: ?Sized> {
    resolver: &'a R,
    documents: Documents,
    findings: Vec<Finding>,
}

impl<R: Resolver + ?Sized> Loader<'_, R> {
    fn load(&mut self, root_name: &str) {
        let read = self.resolver.read(root_name);
        let Some(root) = self.document(root_name, read, None) else { return };
        let names = self.included(&root, root_name);
        if root.node.get("format").is_none() && root.node.get("buyer").is_some() {
            let message = "this is the file of a buyer; read the plan that includes it";
            return self.find(Code::PlanNotAPlan, start_of(0), message.to_owned());
        }
        self.documents.root = Some(root);
        for (name, place) in names {
            let read = self.resolver.read(&name);
            let Some(document) = self.document(&name, read, Some(place)) else { continue };
            if document.whole && document.node.get("buyer").is_none() {
                let message = format!("the included file `{name}` has no `buyer`");
                self.find(Code::PlanNotABuyer, start_of(document.file), message);
                self.documents.strangers.push(document);
                continue;
            }
            self.documents.buyers.push(document);
        }
    }

    /// The names of the included files in their order, each with the place that includes it.
    fn included(&mut self, root: &Document, root_name: &str) -> BTreeMap<String, Place> {
        let mut names = BTreeMap::new();
        let patterns = root.node.get("include").map(Node::items).unwrap_or_default();
        for node in patterns {
            // What is no pattern is reported by the check of the structure.
            let Some(pattern) = node.as_text().filter(|text| Form::Pattern.check(text).is_ok()) else { continue };
            if !pattern.contains('*') {
                names.entry(pattern.to_owned()).or_insert(node.place);
                continue;
            }
            match self.resolver.expand(pattern) {
                Ok(found) => {
                    let found: Vec<_> = found.into_iter().filter(|n| n != root_name && !n.ends_with(TESTS)).collect();
                    if found.is_empty() {
                        let message = format!("no file matches `{pattern}`");
                        self.find(Code::PlanIncludeMatchesNothing, node.place, message);
                    }
                    for name in found {
                        names.entry(name).or_insert(node.place);
                    }
                }
                Err(error) => self.find(Code::PlanFileMissing, node.place, unreadable(pattern, &error)),
            }
        }
        names
    }

    fn document(&mut self, name: &str, read: Result<Vec<u8>, Error>, from: Option<Place>) -> Option<Document> {
        let Ok(file) = u16::try_from(self.documents.sources.len()) else {
            if !self.findings.iter().any(|f| f.code == Code::PlanTooLarge && Some(f.place) == from) {
                self.find(Code::PlanTooLarge, from.unwrap_or(start_of(0)), "a plan has at most 65,535 files".into());
            }
            return None;
        };
        let bytes = match read {
            Ok(bytes) => bytes,
            Err(error) => {
                if from.is_none() {
                    self.documents.sources.push(SourceText::new(name, ""));
                }
                self.find(Code::PlanFileMissing, from.unwrap_or(start_of(0)), unreadable(name, &error));
                return None;
            }
        };
        let text = self.text(file, bytes);
        let parsed = text.as_deref().map(|text| parse(text, file));
        self.documents.sources.push(SourceText::new(name, text.unwrap_or_default()));
        let parsed = parsed?;
        self.findings.extend(parsed.findings);
        let node = parsed.node?;
        if !matches!(node.kind, NodeKind::Object(_)) {
            let code = if from.is_none() { Code::PlanNotAPlan } else { Code::PlanNotABuyer };
            if parsed.whole {
                self.find(code, node.place, format!("`{name}` is {}, not an object", node.kind_name()));
            }
            return None;
        }
        Some(Document { file, node, whole: parsed.whole })
    }

    fn text(&mut self, file: u16, bytes: Vec<u8>) -> Option<String> {
        if bytes.len() > limits::PLAN_BYTES {
            self.find(Code::PlanTooLarge, start_of(file), format!("the file has {} bytes", bytes.len()));
            return None;
        }
        match String::from_utf8(bytes) {
            Ok(text) => Some(text),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let message = format!("byte {} of the file is not UTF-8", at + 1);
                self.find(Code::PlanNotUtf8, start_of(file), message);
                None
            }
        }
    }

    fn find(&mut self, code: Code, place: Place, message: String) {
        self.findings.push(Finding::new(code, place, "", message));
    }
}

fn unreadable(name: &str, error: &Error) -> String {
    match error.detail() {
        detail if detail.is_empty() || detail == name => format!("`{name}` cannot be read"),
        detail => format!("`{name}` cannot be read: {detail}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(files: &[(&str, &str)]) -> Vec<(Code, String)> {
        let (documents, findings) = Documents::load(&MemoryResolver::new(files.to_vec()), "plan.jsonc");
        findings.iter().map(|f| (f.code, documents.locate(f).file)).collect()
    }

    #[test]
    fn files_come_once_in_the_order_of_their_names() {
        let files = MemoryResolver::new([
            ("plan.jsonc", r#"{"format": 1, "include": ["b.jsonc", "*.jsonc", "a.jsonc"]}"#),
            ("b.jsonc", r#"{"buyer": "b"}"#),
            ("a.jsonc", r#"{"buyer": "a"}"#),
            ("plan.tests.jsonc", "not read"),
        ]);
        let (documents, findings) = Documents::load(&files, "plan.jsonc");
        assert_eq!(findings, []);
        assert_eq!(documents.buyers().map(|b| b.id).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(documents.source(1).unwrap().name(), "a.jsonc");
    }

    #[test]
    fn what_is_wrong_with_files_is_found() {
        let plan = |include: &str| format!(r#"{{"format": 1, "include": ["{include}"]}}"#);
        assert_eq!(codes(&[]), [(Code::PlanFileMissing, "plan.jsonc".into())]);
        assert_eq!(codes(&[("plan.jsonc", &plan("a.jsonc"))]), [(Code::PlanFileMissing, "plan.jsonc".into())]);
        assert_eq!(codes(&[("plan.jsonc", &plan("a/*"))]), [(Code::PlanIncludeMatchesNothing, "plan.jsonc".into())]);
        assert_eq!(codes(&[("plan.jsonc", "[]")]), [(Code::PlanNotAPlan, "plan.jsonc".into())]);
        assert_eq!(codes(&[("plan.jsonc", r#"{"buyer": "a"}"#)]), [(Code::PlanNotAPlan, "plan.jsonc".into())]);
        let files = [("plan.jsonc", plan("a.jsonc")), ("a.jsonc", plan("b"))];
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!(codes(&files), [(Code::PlanNotABuyer, "a.jsonc".into())]);
    }

    #[test]
    fn a_file_that_is_not_utf_8_is_one_finding() {
        let files = MemoryResolver::new([("plan.jsonc", b"{\xff}".to_vec())]);
        let (documents, findings) = Documents::load(&files, "plan.jsonc");
        assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), [Code::PlanNotUtf8]);
        assert!(documents.root().is_none());
    }

    #[test]
    fn a_plan_has_a_largest_number_of_files() {
        let mut files = MemoryResolver::new([("plan.jsonc", r#"{"format": 1, "include": ["b/*"]}"#)]);
        for n in 0..65_540 {
            files.insert(format!("b/{n:05}"), format!("{{\"buyer\": \"b{n}\"}}"));
        }
        let (documents, findings) = Documents::load(&files, "plan.jsonc");
        assert_eq!(findings.iter().map(|f| f.code).collect::<Vec<_>>(), [Code::PlanTooLarge]);
        assert_eq!(documents.buyers().count(), 65_535);
    }
}
