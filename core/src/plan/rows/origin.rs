//! Which cell a part of a plan comes from, so that what is found there is told to whoever filled the cell in.

use crate::model::{Code, Issue, Severity, Span};
use std::collections::BTreeMap;

/// What the documents of buyers are called before they are files.
const TABLES: &str = "tables/";

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) table: String,
    /// From 1, without the header.
    pub(super) row: u32,
    /// From 1.
    pub(super) column: u32,
    /// The column as it is called in the row.
    pub(super) name: String,
}

impl At {
    /// Something that is wrong with the cell.
    pub(super) fn issue(&self, code: Code, message: String) -> Issue {
        Issue {
            code,
            severity: code.severity(),
            file: self.table.clone(),
            line: self.row,
            column: self.column,
            span: Span { start: 0, end: 0 },
            path: format!("/{}", super::super::path::escape(&self.name)),
            message,
            expected: None,
            suggestion: None,
            fix: None,
            witness: None,
        }
    }
}

/// Cells by the document of their buyer and the place in it.
#[derive(Clone, Debug, Default)]
pub(super) struct Origins(BTreeMap<String, BTreeMap<String, At>>);

impl Origins {
    /// The name of the document of a buyer.
    pub(super) fn document(buyer: &str) -> String {
        format!("{TABLES}{buyer}")
    }

    pub(super) fn buyer_of(document: &str) -> Option<&str> {
        document.strip_prefix(TABLES)
    }

    pub(super) fn put(&mut self, buyer: &str, pointer: impl Into<String>, at: &At) {
        self.0.entry(Self::document(buyer)).or_default().entry(pointer.into()).or_insert_with(|| at.clone());
    }

    /// The issue at its cell, where it is about one. Edits of a text that nobody has written mend nothing.
    pub(super) fn locate(&self, issue: Issue, lists: &BTreeMap<String, Vec<String>>) -> Issue {
        if let Some(name) = list_of(&issue.path).filter(|name| lists.contains_key(*name)) {
            let at =
                At { table: format!("lists.{name}"), row: line_of(&issue.message), column: 1, name: name.to_owned() };
            return moved(issue, &at);
        }
        let Some(places) = self.0.get(&issue.file) else { return issue };
        let mut pointer = issue.path.as_str();
        let at = loop {
            if let Some(at) = places.get(pointer) {
                break Some(at);
            }
            match pointer.rsplit_once('/') {
                Some((up, _)) => pointer = up,
                None => break None,
            }
        };
        match at.or_else(|| places.values().next()) {
            Some(at) => moved(issue, at),
            None => issue,
        }
    }
}

fn list_of(path: &str) -> Option<&str> {
    path.strip_prefix("/lists/")?.strip_suffix("/file")
}

/// An entry a line: the line that a message about the text of a list names is the row.
fn line_of(message: &str) -> u32 {
    let after = message.split_once("line ").map_or("", |(_, after)| after);
    let digits = after.find(|c: char| !c.is_ascii_digit()).and_then(|end| after.get(..end));
    digits.and_then(|digits| digits.parse().ok()).unwrap_or(1)
}

/// Whether an issue of the compiler says no more than those of the tables do: that something is missing in a row that
/// was not understood, and groups that nobody is in because of that.
pub(super) fn is_told(issue: &Issue, told: &[Issue]) -> bool {
    match issue.code {
        // What the pattern would match are the rows.
        Code::PlanIncludeMatchesNothing => true,
        Code::PlanEmptyGroup => told.iter().any(refuses),
        Code::PlanChooseOne | Code::PlanEmptyList | Code::PlanMissingField => {
            told.iter().any(|other| refuses(other) && (&other.file, other.line) == (&issue.file, issue.line))
        }
        _ => false,
    }
}

fn moved(issue: Issue, at: &At) -> Issue {
    let Issue { code, severity, message, expected, suggestion, .. } = issue;
    // A cell names lists by their names alone.
    let bare = |text: String| text.strip_prefix("list.").map(str::to_owned).unwrap_or(text);
    let suggestion = suggestion.map(bare);
    Issue { severity, expected, suggestion, ..at.issue(code, message) }
}

/// Tables after the files of the plan, by row and column.
pub(super) fn order(issue: &Issue) -> (u8, String, u32, u32, u32, Code) {
    let rank = match issue.file.as_str() {
        "buyers" => 1,
        "contracts" => 2,
        file if file.starts_with("lists.") => 3,
        _ => 0,
    };
    (rank, issue.file.clone(), issue.line, issue.column, issue.span.start, issue.code)
}

/// Whether an issue refuses the plan.
pub(super) fn refuses(issue: &Issue) -> bool {
    issue.severity == Severity::Error
}
