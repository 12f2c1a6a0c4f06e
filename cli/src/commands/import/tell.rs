//! What an import came to.

use super::cursor::Cursor;
use crate::commands::validate::{grouped, problems};
use leadwright::report::{Group, Ledger};
use serde::Serialize;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

pub(super) struct Told<'a> {
    pub(super) before: &'a Cursor,
    pub(super) now: &'a Cursor,
    pub(super) problems: &'a Ledger<u64>,
    pub(super) took: Duration,
    pub(super) store: &'a Path,
    pub(super) rejects: Option<&'a Path>,
}

pub(super) fn words(told: &Told<'_>, err: &mut dyn Write) {
    let Told { before, now, .. } = told;
    let leads = now.records - before.records;
    let seconds = told.took.as_secs_f64().max(0.001);
    if before.records > 0 {
        let _ = writeln!(err, "gone on after {} leads, line {}", grouped(before.records), before.line);
    }
    let _ = writeln!(err, "\n{} leads in {seconds:.1} s, {:.0} a second", grouped(leads), leads as f64 / seconds);
    let rows = [
        (now.imported - before.imported, "imported"),
        (now.observed - before.observed, "of these taken down as sold, for duplicates, caps and reports"),
        (now.refused - before.refused, "refused"),
    ];
    for (count, what) in rows.iter().filter(|(count, _)| *count > 0) {
        let _ = writeln!(err, "  {:>9}  {what}", grouped(*count));
    }
    problems(told.problems, err);
    let _ = writeln!(err, "\nhistory of {}, up to line {}", crate::stores::shown(told.store), now.line);
    if let Some(rejects) = told.rejects.filter(|_| now.refused > 0) {
        let _ = writeln!(err, "{} refused leads are in {}", grouped(now.refused), rejects.display());
    }
}

#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    cursor: &'a Cursor,
    /// Since it was begun or gone on with.
    problems: Vec<&'a Group<u64>>,
    problems_without_a_row: u64,
}

pub(super) fn json(told: &Told<'_>, out: &mut dyn Write) {
    let Told { now, problems, .. } = told;
    let report = Report { cursor: now, problems: problems.worst(), problems_without_a_row: problems.beyond() };
    let _ = writeln!(out, "{}", serde_json::to_string(&report).unwrap_or_default());
}
