//! What `check` has to say about a plan.

use super::code::Code;
use super::node::Place;
use super::problem::{Severity, Span};
use super::value::Value;
use serde::Serialize;
use std::collections::BTreeMap;
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
    /// Edits of the file that mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// A lead that shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
}

/// A lead that shows what an issue says. It is made up, out of values that the plan and its schemas name: nobody's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Witness {
    /// Its fields in canonical form; what does not matter is left out.
    pub lead: BTreeMap<String, Value>,
    /// The lists that it is on, or not on, where that matters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, bool>,
    /// What happens to it.
    pub shows: String,
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lead = serde_json::to_string(&self.lead).unwrap_or_default();
        let on = |on: &bool| if *on { "on" } else { "not on" };
        let lists: Vec<String> =
            self.lists.iter().map(|(name, found)| format!("{} the list `{name}`", on(found))).collect();
        let lists = if lists.is_empty() { String::new() } else { format!(", {}", lists.join(", ")) };
        write!(f, "{lead}{lists}: {}", self.shows)
    }
}

/// Edits that mend what an issue is about. They touch nothing else: comments and the rest of the file stay.
///
/// ```
/// use leadwright::plan::{MemoryResolver, Plan};
/// let files = MemoryResolver::new([("plan.jsonc", r#"{"format": 1, "plan": "p", "currency": "usd", "timezone": "UTC"}"#)]);
/// let issues = Plan::check(&files, "plan.jsonc").issues;
/// let fix = issues[0].fix.as_ref().unwrap();
/// assert!(fix.safe);
/// assert_eq!(fix.edits[0].text, r#""USD""#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fix {
    /// Whether only the spelling changes and it says what was plainly meant. What is not safe is a guess: it takes
    /// something away, or fills something in that its author should look at.
    pub safe: bool,
    /// What to write where, in the order of the file, without overlaps. They belong together.
    pub edits: Vec<Edit>,
}

/// One edit of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Edit {
    /// The file, where it is another one than that of the issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Which bytes are replaced; none for an insertion.
    pub span: Span,
    /// By what.
    pub text: String,
}

impl Fix {
    /// One edit of which nobody is surprised.
    pub(crate) fn safe(span: Span, text: impl Into<String>) -> Self {
        Self { safe: true, edits: vec![Edit { file: None, span, text: text.into() }] }
    }

    /// One edit that is a guess.
    pub(crate) fn guess(span: Span, text: impl Into<String>) -> Self {
        Self { safe: false, ..Self::safe(span, text) }
    }
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
    /// Edits that mend it, where whoever found it knows them.
    pub fix: Option<Fix>,
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
            fix: None,
        }
    }

    /// The same with edits that mend it.
    #[must_use]
    pub(crate) fn fixed_by(mut self, fix: Option<Fix>) -> Self {
        self.fix = fix;
        self
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
