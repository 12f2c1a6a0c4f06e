//! The page of the codes.

use leadwright::model::{Code, CodeKind, Severity};
use std::fmt::Write as _;

const HEAD: &str = "\
<!-- Made by `cargo xtask generate` from core/codes.toml; do not edit. -->

# Codes

Everything that leadwright finds, changes, decides or refuses has a code `domain.reason`. A code is never renamed and
never gets another meaning once it was released; a later version may have more of them.

| kind | what it is about | where it appears |
|---|---|---|
| problem | the data of a lead | `problems` of decisions, validations, addresses, fields |
| correction | a change that was made to a value; holds personal data | `corrections` beside them |
| reason | why a contract did or did not get a lead | `trace.entries`, and what `explain` says |
| plan | a plan | what `check` says |
| error | a call that failed as a whole | the code of an error, and what the command prints |

The severity is the usual one; a place that reports a code may say otherwise, as for a field that is required.
";

/// All codes by domain.
pub(crate) fn page() -> String {
    let mut text = HEAD.to_owned();
    let mut domain = "";
    for code in Code::all() {
        let (own, _) = code.as_str().split_once('.').unwrap_or((code.as_str(), ""));
        if own != domain {
            domain = own;
            let _ = write!(
                text,
                "\n## {domain}\n\n| code | kind | severity | it says | what to do |\n|---|---|---|---|---|\n"
            );
        }
        let (kind, severity) = (kind(code.kind()), severity(code.severity()));
        let (says, remedy) = (cell(code.text()), cell(code.remedy()));
        let _ = writeln!(text, "| `{code}` | {kind} | {severity} | {says} | {remedy} |");
    }
    text
}

fn kind(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Problem => "problem",
        CodeKind::Correction => "correction",
        CodeKind::Reason => "reason",
        CodeKind::Plan => "plan",
        CodeKind::Error => "error",
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warn => "warn",
        Severity::Error => "error",
    }
}

/// A text inside of a table.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}
