//! The reports in words.

use leadwright::model::Money;
use leadwright::whatif::{CapPressure, History, PressureReport, Sums, UnlockReport, WhatIfReport};
use std::io::Write;

/// More rows than this are left out.
const ROWS: usize = 15;

/// `+12`, `-3`, and nothing where nothing changes.
pub(super) fn apart(old: u64, new: u64) -> String {
    match new.cmp(&old) {
        std::cmp::Ordering::Less => format!("-{}", old - new),
        std::cmp::Ordering::Equal => String::new(),
        std::cmp::Ordering::Greater => format!("+{}", new - old),
    }
}

/// The same for money.
pub(super) fn money_apart(old: Money, new: Money) -> String {
    match new.checked_sub(old).unwrap_or(Money::MAX) {
        Money::ZERO => String::new(),
        more => signed(more),
    }
}

/// With its sign.
pub(super) fn signed(money: Money) -> String {
    if money > Money::ZERO { format!("+{money}") } else { money.to_string() }
}

pub(super) fn what_if(report: &WhatIfReport, out: &mut dyn Write) {
    let leads = report.leads;
    let time = |at: Option<leadwright::model::Timestamp>| at.map_or_else(|| "-".into(), |at| at.to_string());
    let _ = writeln!(out, "{} leads from {} to {}", leads.read, time(leads.first), time(leads.last));
    if leads.again > 0 {
        let _ = writeln!(out, "{} of them came again and were answered before", leads.again);
    }
    if leads.no_lead > 0 {
        let _ = writeln!(out, "{} lines were no lead", leads.no_lead);
    }
    let mut row = |name: &str, old: String, new: String, apart: String| {
        let _ = writeln!(out, "{}", format!("  {name:<12} {old:>14} {new:>14} {apart:>14}").trim_end());
    };
    row("", "old".into(), "new".into(), "difference".into());
    for count in &report.outcomes {
        let pair = count.count;
        row(count.outcome.as_str(), pair.old.to_string(), pair.new.to_string(), apart(pair.old, pair.new));
    }
    let (old, new) = (report.total.old.sums, report.total.new.sums);
    row("sales", old.sales.to_string(), new.sales.to_string(), apart(old.sales, new.sales));
    for (name, old, new) in
        [("revenue", old.revenue, new.revenue), ("payout", old.payout, new.payout), ("margin", old.margin, new.margin)]
    {
        row(name, old.to_string(), new.to_string(), money_apart(old, new));
    }
    basis(report, out);
    sums("contract", &report.contracts, out);
    sums("source", &report.sources.iter().map(of_source).collect::<Vec<_>>(), out);
    both_caps(&report.caps.old, &report.caps.new, out);
    let changes = &report.changes;
    let _ = writeln!(
        out,
        "\n{} leads change: {} are sold that were not, {} no longer, {} to others or at other prices",
        changes.leads, changes.won, changes.lost, changes.moved
    );
    if !changes.reasons.is_empty() {
        let _ = writeln!(out, "  {:>7} {:>12}  contract: old -> new, and a lead", "leads", "revenue");
    }
    for reason in changes.reasons.iter().take(ROWS) {
        let example = reason.examples.first().map(String::as_str).unwrap_or_default();
        let (leads, revenue, contract) = (reason.leads, signed(reason.revenue), &reason.contract);
        let _ = writeln!(out, "  {leads:>7} {revenue:>12}  {contract}: {} -> {} ({example})", reason.old, reason.new);
    }
    more(changes.reasons.len(), "ways", out);
}

fn basis(report: &WhatIfReport, out: &mut dyn Write) {
    let basis = &report.basis;
    let history = match basis.history {
        History::Store => "what the store recorded",
        History::OldPlan => "what the old plan decides, for no store was given",
    };
    let _ = writeln!(
        out,
        "\nThe difference in revenue is {}. It is {} if every sale fails that is only assumed.\n\
         The new plan's sales, held against {history}:",
        signed(basis.difference),
        signed(basis.without_assumed)
    );
    let parts = [
        ("observed", basis.observed, "bought by the same contract, in the same form, for as much or more"),
        ("assumed", basis.other_terms, "the buyer bought the lead, but for less, in another form or contract"),
        ("assumed", basis.never_offered, "the buyer was never offered the lead"),
    ];
    for (word, part, meaning) in parts {
        let _ = writeln!(out, "  {word:<9} {:>7} {:>14}  {meaning}", part.sales, part.revenue.to_string());
    }
    let (given_up, revenue) = (basis.given_up.sales, basis.given_up.revenue.to_string());
    let _ = writeln!(
        out,
        "  given up  {given_up:>7} {revenue:>14}  sales that happened and that the new plan does not make"
    );
    if basis.unlike_history > 0 {
        let _ = writeln!(
            out,
            "The old plan decides {} leads in another way than the store recorded.",
            basis.unlike_history
        );
    }
}

type Row = leadwright::whatif::Contracts<Sums>;

fn of_source(row: &leadwright::whatif::Contracts<leadwright::whatif::Total>) -> Row {
    let sums = leadwright::whatif::Pair { old: row.sums.old.sums, new: row.sums.new.sums };
    Row { id: row.id.clone(), sums }
}

fn sums(what: &str, rows: &[Row], out: &mut dyn Write) {
    if rows.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "\n  {what:<24} {:>8} {:>8} {:>13} {:>13} {:>13} {:>13}",
        "old sold", "new sold", "old revenue", "new revenue", "revenue +/-", "margin +/-"
    );
    for row in rows.iter().take(ROWS) {
        let (old, new) = (row.sums.old, row.sums.new);
        let line = format!(
            "  {:<24} {:>8} {:>8} {:>13} {:>13} {:>13} {:>13}",
            row.id,
            old.sold,
            new.sold,
            old.revenue.to_string(),
            new.revenue.to_string(),
            money_apart(old.revenue, new.revenue),
            money_apart(old.margin, new.margin)
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
    more(rows.len(), "more", out);
}

fn more(count: usize, what: &str, out: &mut dyn Write) {
    if count > ROWS {
        let what = if what == "more" { String::new() } else { format!(" {what}") };
        let _ = writeln!(out, "  and {} more{what}; --json has all of them", count - ROWS);
    }
}

fn both_caps(old: &[CapPressure], new: &[CapPressure], out: &mut dyn Write) {
    for (name, caps) in [("the old plan", old), ("the new plan", new)] {
        let _ = writeln!(out, "\nCaps that fill under {name}{}", if caps.is_empty() { ": none" } else { "" });
        self::caps(caps, out);
    }
}

fn caps(caps: &[CapPressure], out: &mut dyn Write) {
    if caps.is_empty() {
        return;
    }
    let _ = writeln!(
        out,
        "  {:<36} {:>10} {:>5}  {:<17} {:>7} {:>8} {:>12}",
        "cap", "limit", "full", "first / usually", "turned", "unsold", "their price"
    );
    for cap in caps.iter().take(ROWS) {
        let measure = if cap.measure == "spend" { " spend" } else { "" };
        let first = cap.first_filled.map(|at| at.to_string());
        let when = cap.usually_at.clone().filter(|_| cap.filled > 1);
        let when =
            when.map(|at| format!("about {at}")).or(first.map(|at| at.chars().take(16).chain("Z".chars()).collect()));
        let _ = writeln!(
            out,
            "  {:<36} {:>10} {:>5}  {:<17} {:>7} {:>8} {:>12}",
            format!("{} {}{measure}", cap.owner, cap.window),
            cap.limit,
            cap.filled,
            when.unwrap_or_default(),
            cap.turned_away,
            cap.unsold,
            cap.unsold_money.to_string()
        );
    }
    more(caps.len(), "caps", out);
}

pub(super) fn pressure(report: &PressureReport, out: &mut dyn Write) {
    let _ = match report.caps.len() {
        1 => writeln!(out, "{} leads; 1 cap was full or turned leads away", report.leads),
        count => writeln!(out, "{} leads; {count} caps were full or turned leads away", report.leads),
    };
    caps(&report.caps, out);
}

pub(super) fn unlock(report: &UnlockReport, out: &mut dyn Write) {
    let nobody = report.unmatched + report.unsold;
    let _ = writeln!(
        out,
        "{} leads; nobody got {nobody}: {} that no contract wanted, {} that none could take",
        report.leads, report.unmatched, report.unsold
    );
    if report.rows.is_empty() {
        let _ = writeln!(out, "No single check kept a lead from being sold.");
        return;
    }
    let _ = writeln!(
        out,
        "  {:>7} {:>8} {:>12} {:>12}  check that is alone in the way",
        "leads", "no room", "revenue", "margin"
    );
    for row in report.rows.iter().take(ROWS) {
        let wanted = row.wanted.as_ref().map(|wanted| format!(", which wants {}", short(wanted))).unwrap_or_default();
        let (revenue, margin) = (row.revenue.to_string(), row.margin.to_string());
        let (leads, no_room) = (row.leads, row.no_room);
        let _ = writeln!(
            out,
            "  {leads:>7} {no_room:>8} {revenue:>12} {margin:>12}  {}: {}{wanted}",
            row.contract, row.check
        );
    }
    more(report.rows.len(), "checks", out);
    let _ = writeln!(out, "A lead may stand in several rows: they are not to be added up.");
}

/// A long list of wanted values is no help in a row.
pub(super) fn short(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { text.chars().take(57).chain("...".chars()).collect() }
}
