//! The report in words.

use super::advice::Advice;
use super::probe::Probe;
use super::{Hour, MOST, Report};
use crate::commands::validate::grouped;
use leadwright::care::CapUsed;
use leadwright::model::{Backlog, Timestamp};
use leadwright::store::SubscriberLag;
use std::io::Write;
use std::path::Path;

pub(super) fn words(file: &Path, report: &Report, now: Timestamp, out: &mut dyn Write) {
    let Report { size, census, .. } = report;
    let line = &mut |text: String| {
        let _ = writeln!(out, "{text}");
    };
    let free = if size.free > 0 { format!(", {} of them free", bytes(size.free)) } else { String::new() };
    line(format!("{}: {}{free}; write-ahead log {}", file.display(), bytes(size.bytes), bytes(size.wal)));
    let between = match (census.first, census.last) {
        (Some(first), Some(last)) => format!(" from {first} to {last}"),
        _ => String::new(),
    };
    line(format!("{} decisions{between}; {} leads wait", grouped(census.decisions), grouped(census.waiting)));
    if census.history > 0 {
        line(format!("{} leads of the past", grouped(census.history)));
    }
    if let Some(processes) = report.processes {
        line(format!("{processes} other processes have it open"));
    }
    line("\nwhat takes the room".into());
    for table in size.tables.iter().take(MOST) {
        line(format!("  {:>12}  {:>12} rows  {}", bytes(table.bytes), grouped(table.rows), table.name));
    }
    caps(&report.caps, line);
    outbox(&report.outbox, &report.subscribers, now, line);
    busiest(report.busiest_hour.as_ref(), line);
    if let Some(probe) = &report.probe {
        probed(probe, ("this machine", "the disk has 4 KiB after"), line);
    }
    advised(&report.left_out, &report.advice, line);
}

pub(super) fn caps(caps: &[CapUsed], line: &mut dyn FnMut(String)) {
    if !caps.is_empty() {
        line("\nthe fullest caps, as the plan has them".into());
    }
    for cap in caps {
        line(format!("  {:>3} %  {} of {}  {}", cap.percent, cap.used, cap.limit, cap.cap));
    }
}

pub(super) fn outbox(outbox: &[Backlog], subscribers: &[SubscriberLag], now: Timestamp, line: &mut dyn FnMut(String)) {
    line("\nwhat is to be delivered".into());
    if outbox.is_empty() {
        line("  nothing".into());
    }
    for row in outbox.iter().take(MOST) {
        let minutes = now.millis().saturating_sub(row.oldest.millis()).max(0) / 60_000;
        let count = grouped(row.count);
        line(format!("  {count:>9}  {} for {}, the oldest for {minutes} minutes", row.state.as_str(), row.buyer));
    }
    for of in subscribers.iter().take(MOST) {
        line(format!("  {:>9}  events behind: {}", grouped(of.behind), of.name));
    }
}

pub(super) fn busiest(hour: Option<&Hour>, line: &mut dyn FnMut(String)) {
    if let Some(hour) = hour {
        let each = hour.leads as f64 / 3_600.0;
        let leads = grouped(u64::try_from(hour.leads).unwrap_or(0));
        line(format!("\nthe busiest hour: {} {:02}:00, {leads} leads, {each:.2} a second", hour.date, hour.hour));
    }
}

/// `names` say what was measured: the machine, and what waits for its disk.
pub(super) fn probed(probe: &Probe, names: (&str, &str), line: &mut dyn FnMut(String)) {
    let (many, one) = (grouped(probe.per_second), grouped(probe.alone_per_second));
    line(format!(
        "{}: {many} a second in batches of 256, {one} one after the other; the last {} leads tried",
        names.0, probe.leads
    ));
    line(format!("{} {} µs", names.1, grouped(probe.sync_micros)));
    line("\nwhat a lead of a batch takes".into());
    for stage in &probe.stages {
        line(format!("  {:>7} µs  {:>3} %  {}", grouped(stage.micros), stage.percent, stage.stage));
    }
}

pub(super) fn advised(left_out: &[String], advice: &[Advice], line: &mut dyn FnMut(String)) {
    for what in left_out {
        line(format!("not looked at: {what}"));
    }
    line(String::new());
    if advice.is_empty() {
        line("nothing to do".into());
    }
    for advice in advice {
        line(format!("{}; {} [{}]", advice.found, advice.remedy, advice.word));
    }
}

pub(super) fn bytes(count: u64) -> String {
    match count {
        0..10_000 => format!("{count} bytes"),
        10_000..10_000_000 => format!("{} KiB", count >> 10),
        10_000_000..10_000_000_000 => format!("{} MiB", count >> 20),
        _ => format!("{} GiB", count >> 30),
    }
}
