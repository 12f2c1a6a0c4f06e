//! `leadwright check`

use crate::files::Folder;
use crate::{Exit, Streams};
use leadwright::engine::run_tests;
use leadwright::model::{Issue, Severity};
use leadwright::plan::{Checked, Plan, Resolver, render};
use std::io::Write;
use std::path::Path;

/// What `--json` prints.
#[derive(serde::Serialize)]
struct Report<'a> {
    plan: &'a str,
    hash: Option<&'a str>,
    errors: usize,
    warnings: usize,
    issues: &'a [Issue],
    tests: Tests,
}

/// How the plan's own tests came out.
#[derive(Default, serde::Serialize)]
struct Tests {
    count: usize,
    failed: Vec<Failed>,
}

#[derive(serde::Serialize)]
struct Failed {
    file: String,
    name: String,
    lines: Vec<String>,
}

pub(crate) fn run(plan: &Path, json: bool, streams: &mut Streams<'_>) -> Exit {
    let (folder, name) = Folder::of(plan);
    let checked = Plan::check(&folder, &name);
    let tests = checked.plan.as_ref().map(|plan| run_all(plan, &folder)).unwrap_or_default();
    let count = |severity| checked.issues.iter().filter(|issue| issue.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warn));
    if json {
        let hash = checked.plan.as_ref().map(Plan::hash);
        let report = Report { plan: &name, hash, errors, warnings, issues: &checked.issues, tests };
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&report).unwrap_or_default());
        return exit(errors, checked.issues.len() + report.tests.failed.len());
    }
    say(plan, &checked, &tests, streams.err);
    let _ = writeln!(streams.err, "{}: {}, {}", plan.display(), counted(errors, "error"), counted(warnings, "warning"));
    exit(errors, checked.issues.len() + tests.failed.len())
}

fn exit(errors: usize, findings: usize) -> Exit {
    match (errors, findings) {
        (0, 0) => Exit::Ok,
        (0, _) => Exit::Findings,
        _ => Exit::Usage,
    }
}

fn run_all(plan: &Plan, folder: &Folder) -> Tests {
    let mut tests = Tests::default();
    for file in folder.expand("*.tests.jsonc").unwrap_or_default() {
        let bytes = folder.read(&file).map_err(|error| error.to_string());
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "the file is not UTF-8".to_owned()));
        match text.and_then(|text| run_tests(plan, &text)) {
            Ok(report) => {
                tests.count += report.count;
                let failed = report.failures.into_iter();
                tests.failed.extend(failed.map(|f| Failed { file: file.clone(), name: f.name, lines: f.lines }));
            }
            Err(message) => tests.failed.push(Failed { file, name: "the file".into(), lines: vec![message] }),
        }
    }
    tests
}

fn say(plan: &Path, checked: &Checked, tests: &Tests, err: &mut dyn Write) {
    for issue in &checked.issues {
        let source = checked.documents.source_named(&issue.file);
        let text = source.map_or_else(|| issue.to_string(), |source| render(issue, source));
        let _ = writeln!(err, "{}\n", text.trim_end());
    }
    for failed in &tests.failed {
        let _ = writeln!(err, "failed: {} ({})\n  {}\n", failed.name, failed.file, failed.lines.join("\n  "));
    }
    if let Some(compiled) = &checked.plan {
        let (buyers, contracts) = (compiled.buyer_count(), compiled.contracts().count());
        let _ = writeln!(
            err,
            "{}: {}, {}, {}, {} failed; {}",
            plan.display(),
            counted(buyers, "buyer"),
            counted(contracts, "contract"),
            counted(tests.count, "test"),
            tests.failed.len(),
            compiled.hash()
        );
    }
}

fn counted(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}
