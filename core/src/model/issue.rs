//! What `check` has to say about a plan.

use super::code::Code;
use super::node::Place;
use super::problem::{Severity, Span};
use serde::Serialize;
use std::fmt;

/// Something about a plan, with the place to look at. A plan holds no personal data, so the text found is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Issue {
    /// What it is.
    #[cfg_attr(feature = "schema", schemars(with = "super::schema_of::PlanCode"))]
    pub code: Code,
    /// How bad: an error refuses the plan.
    pub severity: Severity,
    /// The file, as the plan names it.
    pub file: String,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
    /// Which bytes of the file.
    pub span: Span,
    /// JSON Pointer into the file's document.
    pub path: String,
    /// One sentence that names what was found.
    pub message: String,
    /// What would have been right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// A near name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        if let Some(expected) = &self.expected {
            write!(f, "; expected {expected}")?;
        }
        if let Some(suggestion) = &self.suggestion {
            write!(f, ": did you mean `{suggestion}`?")?;
        }
        write!(f, " [{}]", self.code)
    }
}

/// An issue before its file, line and column are looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is.
    pub code: Code,
    /// How bad.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// JSON Pointer into the file's document.
    pub path: String,
    /// One sentence that names what was found.
    pub message: String,
    /// What would have been right.
    pub expected: Option<String>,
    /// A near name.
    pub suggestion: Option<String>,
}

impl Finding {
    /// A finding with its code's usual severity.
    pub fn new(code: Code, place: Place, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            place,
            path: path.into(),
            message: message.into(),
            expected: None,
            suggestion: None,
        }
    }

    /// The same with what would have been right.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// The same with a near name, if there is one.
    #[must_use]
    pub fn suggest(mut self, suggestion: Option<impl Into<String>>) -> Self {
        self.suggestion = suggestion.map(Into::into);
        self
    }
}
