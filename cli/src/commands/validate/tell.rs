//! The summary in words.

use super::summary::{Field, Leads, Source, Told};
use leadwright::report::Ledger;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::Write;

/// More rows than this are left out of a table.
const ROWS: usize = 12;

pub(super) fn head(leads: &Leads, told: &Told<'_>, err: &mut dyn Write) {
    let seconds = told.took.as_secs_f64().max(0.001);
    let rate = leads.all as f64 / seconds;
    let _ = writeln!(
        err,
        "\n{} leads in {seconds:.1} s, {rate:.0} a second; by {} as of {}",
        grouped(leads.all),
        told.judge.name(),
        told.judge.as_of()
    );
    let rows = [
        (leads.clean, "good as they came, or with only their form changed"),
        (leads.mended, "good once something was repaired"),
        (leads.refused - leads.no_lead, "refused"),
        (leads.no_lead, "lines that were no lead"),
    ];
    for (count, what) in rows.iter().filter(|(count, _)| *count > 0) {
        let _ = writeln!(err, "  {:>9}  {:>6}  {what}", grouped(*count), share(*count, leads.all));
    }
}

/// The sources with the greatest share of refused leads, those with few leads behind.
pub(super) fn sources(sources: &BTreeMap<String, Source>, err: &mut dyn Write) {
    let mut rows: Vec<_> = sources.iter().collect();
    // One refused lead of one is no news beside a hundred of a thousand: a lead more of each is assumed to be good.
    let weight = |source: &Source| source.refused * 1_000_000 / (source.leads + 10);
    rows.sort_by_key(|(name, source)| (Reverse(weight(source)), *name));
    rows.retain(|(_, source)| source.refused > 0);
    if rows.is_empty() || (rows.len() == 1 && sources.contains_key("(none)")) {
        return;
    }
    let _ = writeln!(err, "\n  worst sources                leads   refused          mended   most often refused for");
    for (name, source) in rows.iter().take(ROWS) {
        let top = source.reasons.iter().max_by_key(|(code, count)| (**count, Reverse(**code)));
        let top = top.map(|(code, _)| code.as_str()).unwrap_or_default();
        let line = format!(
            "    {name:<22}  {:>8}  {:>8}  {:>6}  {:>8}   {top}",
            grouped(source.leads),
            grouped(source.refused),
            share(source.refused, source.leads),
            grouped(source.mended)
        );
        let _ = writeln!(err, "{}", line.trim_end());
    }
    more(rows.len(), err);
}

/// The fields that cost the most leads.
pub(super) fn fields(fields: &BTreeMap<String, Field>, err: &mut dyn Write) {
    let mut rows: Vec<_> = fields.iter().collect();
    rows.sort_by_key(|(name, field)| (Reverse((field.refused, field.dropped, field.warned, field.mended)), *name));
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(err, "\n  worst fields            refused  left out    warned    mended");
    for (name, field) in rows.iter().take(ROWS) {
        let Field { refused, dropped, warned, mended } = field;
        let [refused, dropped, warned, mended] = [refused, dropped, warned, mended].map(|count| grouped(*count));
        let _ = writeln!(err, "    {name:<20}  {refused:>7}  {dropped:>8}  {warned:>8}  {mended:>8}");
    }
    more(rows.len(), err);
}

/// Leads whose values came before in the file.
pub(super) fn repeats(leads: &BTreeMap<&'static str, u64>, err: &mut dyn Write) {
    if leads.is_empty() {
        return;
    }
    let _ = writeln!(err, "\n  came before in this file");
    for (field, leads) in leads {
        let _ = writeln!(err, "  {:>9}  leads with the same {field} as one before", grouped(*leads));
    }
}

/// The problems that were met most, each with the shape of a value that had it.
pub(crate) fn problems(ledger: &Ledger<u64>, err: &mut dyn Write) {
    let rows = ledger.worst();
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(err, "\n  problems");
    for group in rows.iter().take(ROWS) {
        let path = if group.path.is_empty() { "the lead" } else { &group.path };
        let _ = writeln!(err, "  {:>9}  {} at {path}: {}", grouped(group.count), group.code, group.code.text());
        let seen = group.shape.as_ref().map(|shape| format!("like {shape}, ")).unwrap_or_default();
        let remedy = Some(group.code.remedy()).filter(|remedy| !remedy.is_empty());
        let remedy = remedy.map(|remedy| format!("; {remedy}")).unwrap_or_default();
        let _ = writeln!(err, "             {seen}first in line {}{remedy}", group.first);
    }
    more(rows.len(), err);
}

pub(super) fn tail(leads: &Leads, told: &Told<'_>, err: &mut dyn Write) {
    let good = leads.clean + leads.mended;
    if let Some(path) = told.clean {
        let _ = writeln!(err, "\n{} good leads are in {}", grouped(good), path.display());
    }
    if !told.left_out.is_empty() {
        let values: u64 = told.left_out.values().sum();
        let _ = writeln!(
            err,
            "{} values of {} fields had no column there; a .jsonl file keeps them",
            grouped(values),
            told.left_out.len()
        );
    }
}

fn more(rows: usize, err: &mut dyn Write) {
    if rows > ROWS {
        let _ = writeln!(err, "    … and {} more; --json has all", rows - ROWS);
    }
}

pub(super) fn share(part: u64, all: u64) -> String {
    format!("{:.1}%", part as f64 * 100.0 / all.max(1) as f64)
}

/// `12,345`
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_grouped() {
        for (n, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(super::grouped(n), text);
        }
    }
}
