//! Why a call failed as a whole. A bad lead is never an error: it is a decision with problems.

use super::code::Code;
use super::issue::Issue;
use std::fmt;

/// A stable code, a sentence, and for a plan all of its issues. Never holds personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    code: Code,
    detail: String,
    issues: Vec<Issue>,
}

impl Error {
    /// An error with what is particular about this case.
    ///
    /// ```
    /// use leadwright::model::{Code, Error};
    /// let error = Error::new(Code::PlanFileMissing, "plan.jsonc");
    /// assert_eq!(error.code().as_str(), "plan.file_missing");
    /// assert!(error.to_string().contains("plan.jsonc"));
    /// ```
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner { code, detail: detail.into(), issues: Vec::new() }))
    }

    /// The refusal of a plan, with everything found in it. The first error gives the code.
    pub fn plan(issues: Vec<Issue>) -> Self {
        let errors = issues.iter().filter(|i| i.severity == super::Severity::Error).count();
        let first = issues.iter().find(|i| i.severity == super::Severity::Error);
        let code = first.map_or(Code::PlanSyntax, |issue| issue.code);
        let detail = match (first, errors) {
            (Some(issue), 1) => issue.to_string(),
            (Some(issue), n) => format!("{n} errors in the plan, the first: {issue}"),
            (None, _) => "the plan is refused".into(),
        };
        Self(Box::new(Inner { code, detail, issues }))
    }

    /// The stable code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What is particular about this case.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// For a plan: all that was found, in the order of the files.
    pub fn issues(&self) -> &[Issue] {
        &self.0.issues
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { code, detail, issues } = &*self.0;
        if !issues.is_empty() {
            return write!(f, "{detail}");
        }
        write!(f, "{}", code.text())?;
        if !detail.is_empty() {
            write!(f, ": {detail}")?;
        }
        if !code.remedy().is_empty() {
            write!(f, "; {}", code.remedy())?;
        }
        write!(f, " [{code}]")
    }
}

impl std::error::Error for Error {}
