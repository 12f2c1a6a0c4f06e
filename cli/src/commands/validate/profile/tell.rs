//! A profile in words.

use super::super::tell::{grouped, share};
use leadwright::profile::{ColumnProfile, Profile};
use std::io::Write;

/// Schemas that are shown.
const SCHEMAS: usize = 3;

pub(super) fn profile(profile: &Profile, more: bool, out: &mut dyn Write) {
    let of = if more { "the first " } else { "" };
    let columns = profile.columns.len() as u64 + profile.columns_beyond;
    let _ = writeln!(out, "{of}{} leads, {} columns", grouped(profile.leads), grouped(columns));
    if profile.header_missing {
        let _ = writeln!(out, "the first line looks like a lead: the file seems to have no header; put one in");
    }
    schemas(profile, out);
    let _ = writeln!(
        out,
        "\n  column                  holds         filled    as it is  repaired   refused  field               like"
    );
    profile.columns.iter().for_each(|column| row(column, profile.leads, out));
    for column in profile.columns.iter().filter(|column| !column.problems.is_empty() || !column.repairs.is_empty()) {
        let counts = column.repairs.iter().chain(&column.problems);
        let told: Vec<String> = counts.map(|(code, count)| format!("{code} {}", grouped(*count))).collect();
        let _ = writeln!(out, "  {}: {}", column.name, told.join(", "));
    }
    proposals(profile, out);
    plan(profile, out);
}

fn schemas(profile: &Profile, out: &mut dyn Write) {
    let _ = writeln!(out, "\n  schema                     columns known   required and not there");
    for candidate in profile.schemas.iter().take(SCHEMAS) {
        let missing = candidate.missing.join(", ");
        let line = format!("  {:<25}  {:>13}   {missing}", candidate.schema, candidate.known);
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn row(column: &ColumnProfile, leads: u64, out: &mut dyn Write) {
    let kind = column.kind.map_or("nothing", |kind| kind.as_str());
    let checked = |count| if column.checked == 0 { String::new() } else { share(count, column.checked) };
    let like = column.shapes.first().map(|(shape, _)| shape.as_str()).unwrap_or_default();
    let line = format!(
        "  {:<22}  {kind:<12}  {:>6}    {:>8}  {:>8}  {:>8}  {:<18}  {like}",
        column.name,
        share(column.filled, leads),
        checked(column.good),
        checked(column.mended),
        checked(column.refused),
        column.field.as_deref().unwrap_or_default(),
    );
    let _ = writeln!(out, "{}", line.trim_end());
}

fn proposals(profile: &Profile, out: &mut dyn Write) {
    if profile.proposals.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n  proposed: rename these columns, or declare the names as synonyms");
    for proposal in &profile.proposals {
        let _ = writeln!(out, "    {} is {}: {}", proposal.column, proposal.field, proposal.because.text());
    }
}

/// What to paste into a plan.
fn plan(profile: &Profile, out: &mut dyn Write) {
    let Some(piece) = profile.plan_piece() else { return };
    let _ = writeln!(out, "\n  to take it up, paste this into the plan under `verticals`:\n");
    piece.lines().for_each(|line| drop(writeln!(out, "    {line}")));
}
