//! What a file of addresses came to: how many are good, what was changed and what is wrong, and nothing of anybody.

use crate::commands::validate::grouped;
use leadwright::address::AddressLine;
use leadwright::model::{Code, RawValue, Severity};
use leadwright::report::{Group, Ledger};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;

/// More rows than this are left out of a table.
const ROWS: usize = 12;

#[derive(Default, Serialize)]
pub(super) struct Summary {
    addresses: u64,
    /// Those with a problem of severity error.
    with_errors: u64,
    /// Those that somebody should look at: no key, read with doubt, or at odds with itself.
    to_review: u64,
    /// Those with a key: mail could be delivered there.
    with_key: u64,
    /// Lines that were no address at all.
    no_address: u64,
    corrections: BTreeMap<Code, Changes>,
    #[serde(skip)]
    problems: Ledger<u64>,
}

/// A kind of correction.
#[derive(Serialize)]
struct Changes {
    /// How many addresses have it.
    count: u64,
    /// The line that had it first.
    first: u64,
    /// The shapes of the texts before and after, there; empty where there was none.
    from: String,
    to: String,
}

#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    counts: &'a Summary,
    problems: Vec<&'a Group<u64>>,
}

impl Summary {
    pub(super) fn add(&mut self, line: &AddressLine) {
        self.addresses += 1;
        let problems = line.problems();
        let has = |severity| problems.iter().any(|problem| problem.severity == severity);
        let keyed = line.address().is_some_and(|address| address.key.is_some());
        self.with_errors += u64::from(has(Severity::Error));
        let sure = line.address().is_some_and(|address| !address.needs_review);
        self.to_review += u64::from(!keyed || !sure || has(Severity::Error));
        self.with_key += u64::from(keyed);
        self.no_address += u64::from(line.address().is_none());
        for problem in problems {
            self.problems.add(problem, None, line.number);
        }
        self.add_corrections(line);
    }

    fn add_corrections(&mut self, line: &AddressLine) {
        let corrections = line.address().map_or(&[][..], |address| &address.corrections);
        for (at, correction) in corrections.iter().enumerate() {
            let again = corrections.iter().take(at).any(|before| before.code == correction.code);
            let shape = |text: &str| if text.is_empty() { String::new() } else { RawValue::text(text).shape() };
            let changes = self.corrections.entry(correction.code).or_insert_with(|| Changes {
                count: 0,
                first: line.number,
                from: shape(&correction.from),
                to: shape(&correction.to),
            });
            changes.count += u64::from(!again);
        }
    }

    pub(super) fn has_errors(&self) -> bool {
        self.with_errors > 0
    }

    /// The shortest summary, which is always said.
    pub(super) fn write_line(&self, err: &mut dyn Write) {
        let _ = writeln!(err, "{} addresses, {} with an error", self.addresses, self.with_errors);
    }

    pub(super) fn write_json(&self, err: &mut dyn Write) {
        let report = Report { counts: self, problems: self.problems.worst() };
        let _ = writeln!(err, "{}", serde_json::to_string(&report).unwrap_or_default());
    }

    pub(super) fn write(&self, took: Duration, err: &mut dyn Write) {
        let seconds = took.as_secs_f64().max(0.001);
        let rate = self.addresses as f64 / seconds;
        let _ = writeln!(err, "\n{} addresses in {seconds:.1} s, {rate:.0} a second", grouped(self.addresses));
        let rows = [
            (self.addresses - self.to_review, "good: a key, and read with confidence"),
            (self.to_review, "to be looked at"),
            (self.with_errors, "of them with an error"),
            (self.no_address, "of them lines that were no address"),
        ];
        for (count, what) in rows.iter().filter(|(count, _)| *count > 0) {
            let share = *count as f64 * 100.0 / self.addresses.max(1) as f64;
            let _ = writeln!(err, "  {:>9}  {share:>5.1}%  {what}", grouped(*count));
        }
        self.write_problems(err);
        self.write_corrections(err);
    }

    fn write_problems(&self, err: &mut dyn Write) {
        let rows = self.problems.worst();
        if rows.is_empty() {
            return;
        }
        let _ = writeln!(err, "\n  problems");
        for group in rows.iter().take(ROWS) {
            let _ = writeln!(err, "  {:>9}  {}: {}", grouped(group.count), group.code, group.code.text());
            let seen = group.shape.as_ref().map(|shape| format!("like {shape}, ")).unwrap_or_default();
            let remedy = Some(group.code.remedy()).filter(|remedy| !remedy.is_empty());
            let remedy = remedy.map(|remedy| format!("; {remedy}")).unwrap_or_default();
            let _ = writeln!(err, "             {seen}first in line {}{remedy}", group.first);
        }
        more(rows.len(), err);
    }

    fn write_corrections(&self, err: &mut dyn Write) {
        let mut rows: Vec<_> = self.corrections.iter().collect();
        rows.sort_by_key(|(code, changes)| (Reverse(changes.count), **code));
        if rows.is_empty() {
            return;
        }
        let _ = writeln!(err, "\n  corrections");
        for (code, Changes { count, first, from, to }) in rows.iter().take(ROWS) {
            let _ = writeln!(err, "  {:>9}  {code}: {}", grouped(*count), code.text());
            let change = match (from.as_str(), to.as_str()) {
                ("", to) => format!("{to} added"),
                (from, "") => format!("{from} removed"),
                (from, to) => format!("{from} to {to}"),
            };
            let _ = writeln!(err, "             like {change}, first in line {first}");
        }
        more(rows.len(), err);
    }
}

fn more(rows: usize, err: &mut dyn Write) {
    if rows > ROWS {
        let _ = writeln!(err, "    … and {} more; --json has all", rows - ROWS);
    }
}
