//! `leadwright check`

use super::Failure;
use super::validate::judge::day;
use crate::args::{Check, Lint};
use crate::files::Folder;
use crate::{Exit, Streams};
use leadwright::engine::run_tests;
use leadwright::lint::with_lint;
use leadwright::model::{Issue, Severity};
use leadwright::plan::{Checked, Plan, Resolver, fix, render};
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

pub(crate) fn run(args: &Check, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (folder, name) = Folder::of(&args.plan);
    if !args.fix {
        let mut checked = Plan::check(&folder, &name);
        if args.lint {
            checked.issues = with_lint(&checked, day(args.as_of.as_deref())?);
        }
        return Ok(report(args, &folder, &checked, streams));
    }
    let fixed = fix(&folder, &name, args.guess);
    for (file, text) in &fixed.files {
        let before = folder.read(file).ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        // The lines of a list are people's phones and mail addresses.
        let shown = match fixed.checked.documents.source_named(file) {
            Some(_) => diff(file, &before, text),
            None => counts(file, &before, text),
        };
        let _ = write!(streams.out, "{shown}");
        if args.write {
            folder.write(file, text).map_err(|error| Failure::input(format!("{file}: {error}")))?;
        }
    }
    let done = if args.write { "mended" } else { "would be mended; --write does it" };
    let _ = writeln!(
        streams.err,
        "{} in {} {done}\n",
        counted(fixed.applied, "mistake"),
        counted(fixed.files.len(), "file")
    );
    Ok(report(args, &folder, &fixed.checked, streams))
}

/// `leadwright lint`: the same without what can be decided with, and without the tests.
pub(crate) fn lint(args: &Lint, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (folder, name) = Folder::of(&args.plan);
    let mut checked = Plan::check(&folder, &name);
    checked.issues = with_lint(&checked, day(args.as_of.as_deref())?);
    let count = |severity| checked.issues.iter().filter(|issue| issue.severity == severity).count();
    let (errors, warnings, infos) = (count(Severity::Error), count(Severity::Warn), count(Severity::Info));
    if args.json {
        let report = serde_json::json!({
            "plan": name, "hash": checked.plan.as_ref().map(Plan::hash), "errors": errors, "warnings": warnings,
            "infos": infos, "issues": checked.issues,
        });
        let _ = writeln!(streams.out, "{report}");
        return Ok(exit(errors, warnings));
    }
    say_issues(&checked, streams.err);
    let said = [(errors, "error"), (warnings, "warning"), (infos, "remark")];
    let said: Vec<String> = said.iter().filter(|(n, _)| *n > 0).map(|(n, word)| counted(*n, word)).collect();
    let said = if said.is_empty() { "nothing to say".to_owned() } else { said.join(", ") };
    let _ = writeln!(streams.err, "{}: {said}", args.plan.display());
    Ok(exit(errors, warnings))
}

/// A unified diff, as `patch` reads it.
fn diff(file: &str, before: &str, after: &str) -> String {
    let diff = similar::TextDiff::from_lines(before, after);
    diff.unified_diff().context_radius(1).header(&format!("a/{file}"), &format!("b/{file}")).to_string()
}

/// How many lines of a list change.
fn counts(file: &str, before: &str, after: &str) -> String {
    let changed = before.lines().zip(after.lines()).filter(|(before, after)| before != after).count();
    format!("{file}: {} of the list made a remark, not shown here\n", counted(changed, "line"))
}

fn report(args: &Check, folder: &Folder, checked: &Checked, streams: &mut Streams<'_>) -> Exit {
    let (plan, name) = (&args.plan, args.plan.file_name().unwrap_or_default().to_string_lossy());
    let tests = checked.plan.as_ref().map(|plan| run_all(plan, folder)).unwrap_or_default();
    let count = |severity| checked.issues.iter().filter(|issue| issue.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warn));
    if args.json {
        let hash = checked.plan.as_ref().map(Plan::hash);
        let report = Report { plan: &name, hash, errors, warnings, issues: &checked.issues, tests };
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&report).unwrap_or_default());
        return exit(errors, warnings + report.tests.failed.len());
    }
    say(plan, checked, &tests, streams.err);
    let safe = checked.issues.iter().filter(|issue| issue.fix.as_ref().is_some_and(|fix| fix.safe)).count();
    let mended = if safe > 0 { format!("; --fix mends {safe}") } else { String::new() };
    let (errors_said, warnings_said) = (counted(errors, "error"), counted(warnings, "warning"));
    let _ = writeln!(streams.err, "{}: {errors_said}, {warnings_said}{mended}", plan.display());
    exit(errors, warnings + tests.failed.len())
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
    say_issues(checked, err);
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

fn say_issues(checked: &Checked, err: &mut dyn Write) {
    for issue in &checked.issues {
        let source = checked.documents.source_named(&issue.file);
        let text = source.map_or_else(|| issue.to_string(), |source| render(issue, source));
        let _ = writeln!(err, "{}\n", text.trim_end());
    }
}

fn counted(n: usize, word: &str) -> String {
    if n == 1 { format!("1 {word}") } else { format!("{n} {word}s") }
}
