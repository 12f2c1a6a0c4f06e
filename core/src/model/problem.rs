//! Problems and corrections: what was wrong with a lead, and what was changed.

use super::code::Code;
use serde::{Deserialize, Serialize};

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Info,
    /// Probably wrong; the value is still used.
    Warn,
    /// Wrong; the value is not used.
    Error,
}

/// What was done with the value that has the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Action {
    /// The value is used as it is.
    Kept,
    /// The value was repaired; the correction says how.
    Fixed,
    /// The value is not used; the lead goes on without it.
    Dropped,
    /// The lead waits for a person or a later try.
    Held,
    /// The lead is refused because of it.
    Rejected,
}

/// A range of bytes in the text that a problem is about: `start` is the first, `end` one past the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Something about a lead's data. It never carries the value itself, only its shape.
///
/// ```
/// use leadwright::model::{Code, Problem};
/// let problem = Problem::new(Code::PhoneTooShort, "/phone").with_shape("999-999");
/// assert_eq!(
///     serde_json::to_string(&problem)?,
///     r#"{"code":"phone.too_short","severity":"error","action":"dropped","path":"/phone","shape":"999-999"}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// What it is.
    #[cfg_attr(feature = "schema", schemars(with = "super::schema_of::ProblemCode"))]
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What was done with the value.
    pub action: Action,
    /// Where: a JSON Pointer (RFC 6901) into the lead; empty for the lead as a whole.
    pub path: String,
    /// The value's shape: digits as `9`, letters as `a` or `A`. Never the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<String>,
    /// What would have been right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// A likely right value, where it says nothing about the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
    /// Which bytes of the value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

impl Problem {
    /// A problem with its code's usual severity: an error drops the value, anything less keeps it.
    ///
    /// ```
    /// use leadwright::model::{Action, Code, Problem};
    /// assert_eq!(Problem::new(Code::PhoneTooShort, "/phone").action, Action::Dropped);
    /// ```
    pub fn new(code: Code, path: impl Into<String>) -> Self {
        let severity = code.severity();
        let action = if severity == Severity::Error { Action::Dropped } else { Action::Kept };
        Self { code, severity, action, path: path.into(), shape: None, expected: None, suggestion: None, span: None }
    }

    /// The same problem with the shape of the value.
    #[must_use]
    pub fn with_shape(mut self, shape: impl Into<String>) -> Self {
        self.shape = Some(shape.into());
        self
    }

    /// The same problem with what would have been right.
    #[must_use]
    pub fn with_expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// The same problem with a likely right value.
    #[must_use]
    pub fn with_suggestion(mut self, suggestion: impl Into<String>) -> Self {
        self.suggestion = Some(suggestion.into());
        self
    }

    /// The same problem with another action.
    #[must_use]
    pub fn with_action(mut self, action: Action) -> Self {
        self.action = action;
        self
    }

    /// The same problem with another severity.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same problem at a place inside the value.
    #[must_use]
    pub fn with_span(mut self, start: usize, end: usize) -> Self {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.span = Some(Span { start: clamp(start), end: clamp(end) });
        self
    }
}

/// A change that was made to a value. It holds the value, so it is personal data and redaction removes it.
///
/// `Debug` shows the code and the path only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Correction {
    /// Which change.
    #[cfg_attr(feature = "schema", schemars(with = "super::schema_of::CorrectionCode"))]
    pub code: Code,
    /// Where: a JSON Pointer into the lead.
    pub path: String,
    /// The text before.
    pub from: String,
    /// The text after.
    pub to: String,
}

impl Correction {
    /// A change from one text to another.
    ///
    /// ```
    /// use leadwright::model::{Code, Correction};
    /// let c = Correction::new(Code::TextTrimmed, "/city", " Waco", "Waco");
    /// assert_eq!(format!("{c:?}"), "Correction(text.trimmed at /city)");
    /// ```
    pub fn new(code: Code, path: impl Into<String>, from: impl Into<String>, to: impl Into<String>) -> Self {
        Self { code, path: path.into(), from: from.into(), to: to.into() }
    }
}

impl std::fmt::Debug for Correction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Correction({} at {})", self.code, self.path)
    }
}
