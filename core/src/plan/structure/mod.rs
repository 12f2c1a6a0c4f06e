//! Tree → findings: every document against the grammar, all mistakes in one pass.

mod criteria;
mod names;
mod object;
mod value;

use super::MAX_FINDINGS;
use super::document::{Document, Documents};
use super::grammar::{BUYER_FILE, ROOT, Shape};
use super::path::At;
use crate::model::{Code, Finding, Place};

/// The format of plans that this version reads.
const FORMAT: i64 = 1;

/// Checks all documents of a plan against the grammar: keys, types, forms, ranges, and names declared twice.
///
/// Finds everything at once, ordered by file and position. Where a file could not be read to its end, what is missing
/// in it is not reported. Whether a name that is used is declared anywhere is not a question of structure.
///
/// ```
/// use leadwright::plan::{Documents, MemoryResolver, check_structure};
/// let files = MemoryResolver::new([(
///     "plan.jsonc",
///     r#"{ "format": 1, "plan": "a", "currency": "USD", "timezone": "UTC", "sorces": {} }"#,
/// )]);
/// let (documents, _) = Documents::load(&files, "plan.jsonc");
/// let findings = check_structure(&documents);
/// assert_eq!(findings[0].code.as_str(), "plan.unknown_field");
/// assert_eq!(findings[0].suggestion.as_deref(), Some("sources"));
/// ```
pub fn check_structure(documents: &Documents) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(root) = documents.root() else { return findings };
    if let Some(finding) = other_format(root) {
        return vec![finding];
    }
    let name = root.node.get("plan").and_then(|node| node.as_text()).unwrap_or("?");
    findings.extend(document(root, &ROOT, &At::top("plan", name)));
    for file in documents.buyer_files() {
        let name = file.node.get("buyer").and_then(|node| node.as_text()).unwrap_or("?");
        findings.extend(document(file, &BUYER_FILE, &At::top("buyer", name)));
    }
    findings.extend(names::declared_twice(documents));
    findings.sort_by_key(|finding| finding.place);
    findings
}

/// Another format has another grammar: nothing else can be said about the plan.
fn other_format(root: &Document) -> Option<Finding> {
    let node = root.node.get("format")?;
    let format = node.as_int().filter(|n| *n != FORMAT)?;
    let message = format!("the plan is written in format {format}");
    Some(Finding::new(Code::PlanWrongFormat, node.place, "/format", message).expected(FORMAT.to_string()))
}

fn document(document: &Document, shape: &'static Shape, top: &At<'_>) -> Vec<Finding> {
    let mut checker = Checker { findings: Vec::new(), whole: document.whole, full: false };
    checker.object(&document.node, shape, top, false);
    checker.findings
}

/// Collects the findings about one document.
struct Checker {
    findings: Vec<Finding>,
    /// Whether the tree has all that stands in the file.
    whole: bool,
    full: bool,
}

impl Checker {
    fn find(&mut self, finding: Finding) {
        if self.full {
            return;
        }
        if self.findings.len() == MAX_FINDINGS {
            self.full = true;
            let code = Code::PlanTooManyFindings;
            self.findings.push(Finding::new(code, finding.place, finding.path, code.text()));
            return;
        }
        self.findings.push(finding);
    }

    fn say(&mut self, code: Code, place: Place, at: &At<'_>, message: impl Into<String>) {
        self.find(Finding::new(code, place, at.pointer(), message));
    }
}
