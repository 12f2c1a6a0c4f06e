//! `leadwright check`

use crate::files::Folder;
use crate::{Exit, Streams};
use leadwright::model::{Issue, Severity};
use leadwright::plan::{Documents, check_structure, render};
use std::path::Path;

/// What `--json` prints.
#[derive(serde::Serialize)]
struct Report<'a> {
    plan: &'a str,
    errors: usize,
    warnings: usize,
    issues: Vec<&'a Issue>,
}

pub(crate) fn run(plan: &Path, json: bool, streams: &mut Streams<'_>) -> Exit {
    let (folder, name) = Folder::of(plan);
    let (documents, mut findings) = Documents::load(&folder, &name);
    findings.extend(check_structure(&documents));
    findings.sort_by_key(|finding| (finding.place, finding.code));
    let issues: Vec<(Issue, u16)> = findings.iter().map(|f| (documents.locate(f), f.place.file)).collect();
    let count = |severity| issues.iter().filter(|(issue, _)| issue.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warn));
    if json {
        let list: Vec<&Issue> = issues.iter().map(|(issue, _)| issue).collect();
        let report = Report { plan: &name, errors, warnings, issues: list };
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&report).unwrap_or_default());
    } else {
        for (issue, file) in &issues {
            let text = documents.source(*file).map_or_else(|| issue.to_string(), |source| render(issue, source));
            let _ = writeln!(streams.err, "{}\n", text.trim_end());
        }
        let _ =
            writeln!(streams.err, "{}: {}, {}", plan.display(), counted(errors, "error"), counted(warnings, "warning"));
    }
    match (errors, issues.len()) {
        (0, 0) => Exit::Ok,
        (0, _) => Exit::Findings,
        _ => Exit::Usage,
    }
}

fn counted(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}
