//! What to do about it: each with a word that stays, and the bound that was passed.

use super::Report;
use leadwright::care::CapUsed;
use leadwright::model::{Backlog, Timestamp};
use leadwright::store::SubscriberLag;
use serde::Serialize;

/// Of what the machine decides in batches, the busiest hour may take so much: within an hour there are minutes with three
/// times its mean, and whoever leaves SQLite needs time to do it.
const BUSY_PERCENT: u64 = 25;
/// A larger file takes long to copy and to write anew.
const LARGE: u64 = 50 << 30;
/// More processes wait for each other's transactions.
const PROCESSES: usize = 8;
/// So many pages of the file in a hundred that nothing lies on.
const FREE_PERCENT: u64 = 30;
/// And so many bytes of them at least.
const FREE: u64 = 64 << 20;
/// So long a delivery may be due, in milliseconds.
const LATE: i64 = 3_600_000;
/// So far a subscriber may be behind.
const BEHIND: u64 = 100_000;
/// So full a cap may be.
const FULL_PERCENT: i64 = 90;
/// A disk that needs longer is no disk for a store, in microseconds.
const SLOW_SYNC: u64 = 20_000;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Advice {
    /// A word that stays.
    pub(super) word: &'static str,
    /// What was found.
    pub(super) found: String,
    /// What to do.
    pub(super) remedy: &'static str,
}

const LEAVE: &str =
    "plan to leave SQLite: PostgreSQL takes many machines and more writers; until then send leads in batches";

pub(super) fn of(report: &Report, now: Timestamp) -> Vec<Advice> {
    let mut all = Vec::new();
    let mut say = |word, found, remedy| all.push(Advice { word, found, remedy });
    if let (Some(hour), Some(probe)) = (&report.busiest_hour, &report.probe) {
        let most = probe.per_second.saturating_mul(3_600).max(1);
        let percent = u64::try_from(hour.leads).unwrap_or(0).saturating_mul(100) / most;
        if percent >= BUSY_PERCENT {
            let found = format!(
                "the busiest hour took {percent} % of what this machine decides in batches; {BUSY_PERCENT} % is the bound"
            );
            say("leave.busy", found, LEAVE);
        }
    }
    if report.size.bytes >= LARGE {
        say("leave.large", format!("the file has {} GiB; 50 is the bound", report.size.bytes >> 30), LEAVE);
    }
    if let Some(processes) = report.processes.filter(|processes| *processes >= PROCESSES) {
        let found = format!("{processes} processes have the file open; {PROCESSES} is the bound");
        say("leave.writers", found, LEAVE);
    }
    if let Some(probe) = report.probe.as_ref().filter(|probe| probe.sync_micros >= SLOW_SYNC) {
        let found = format!("the disk needs {} ms for each transaction", probe.sync_micros / 1_000);
        say("disk.slow", found, "put the store on a disk of this machine, and not on one across the network");
    }
    if report.size.free >= FREE
        && report.size.free.saturating_mul(100) >= report.size.bytes.saturating_mul(FREE_PERCENT)
    {
        let found = format!("nothing lies on {} MiB of the file", report.size.free >> 20);
        say("file.free", found, "`leadwright store vacuum` gives them back");
    }
    of_both(&report.outbox, &report.subscribers, &report.caps, now, &mut all);
    all
}

/// What is the same wherever the store is.
pub(super) fn of_both(
    outbox: &[Backlog],
    subscribers: &[SubscriberLag],
    caps: &[CapUsed],
    now: Timestamp,
    all: &mut Vec<Advice>,
) {
    let mut say = |word, found, remedy| all.push(Advice { word, found, remedy });
    let is_late = |at: &Timestamp| now.millis().saturating_sub(at.millis()) >= LATE;
    let late: u64 = outbox.iter().filter(|row| is_late(&row.oldest)).map(|row| row.count).sum();
    if late > 0 {
        say(
            "outbox.late",
            format!("{late} to be delivered to buyers whose oldest has waited for an hour or more"),
            "see `leadwright outbox` and `leadwright dead`",
        );
    }
    if let Some(last) = subscribers.first().filter(|last| last.behind >= BEHIND) {
        let found = format!("{} is {} events behind", last.name, last.behind);
        say(
            "subscriber.behind",
            found,
            "see whether it runs; one that nobody needs holds events back that could go: drop it",
        );
    }
    let full = caps.iter().filter(|cap| cap.percent >= FULL_PERCENT).count();
    if full > 0 {
        say(
            "caps.full",
            format!("{full} caps are used up to {FULL_PERCENT} % or more"),
            "see `leadwright pressure` for what they turn away",
        );
    }
}
