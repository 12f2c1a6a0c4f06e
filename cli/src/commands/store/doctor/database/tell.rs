//! The report in words.

use super::{MOST, Report};
use crate::commands::store::doctor::tell::{advised, busiest, bytes, caps, outbox, probed};
use crate::commands::validate::grouped;
use leadwright::model::Timestamp;
use leadwright_postgres::Checkup;
use std::io::Write;

pub(super) fn words(place: &str, report: &Report, now: Timestamp, out: &mut dyn Write) {
    let line = &mut |text: String| {
        let _ = writeln!(out, "{text}");
    };
    let database = &report.database;
    server(place, database, line);
    let standing = &database.tenant;
    let last = standing.last.map(|last| format!(", the last at {last}")).unwrap_or_default();
    line(format!("{} decisions{last}; {} leads wait", grouped(standing.decisions), grouped(standing.waiting)));
    tables(database, line);
    caps(&report.caps, line);
    leases(database, line);
    outbox(&report.outbox, &report.subscribers, now, line);
    busiest(report.busiest_hour.as_ref(), line);
    if let Some(away) = report.round_trip_micros {
        line(format!("the server answers after {} µs", grouped(away)));
    }
    if let Some(probe) = &report.probe {
        probed(probe, ("this machine and that server", "a commit of 4 KiB needs"), line);
    }
    advised(&report.left_out, &report.advice, line);
}

fn server(place: &str, database: &Checkup, line: &mut dyn FnMut(String)) {
    let Checkup { promises, connections, waits, .. } = database;
    let replica = if promises.is_replica { ", a replica" } else { "" };
    line(format!("{place}: {}; PostgreSQL {}{replica}", bytes(database.bytes), promises.version));
    line(format!(
        "fsync {}, synchronous_commit {}, full_page_writes {}, autovacuum {}",
        promises.fsync, promises.synchronous_commit, promises.full_page_writes, promises.autovacuum
    ));
    line(format!(
        "{} of {} connections; the oldest transaction looks back {} s; of {} looks {} sessions waited for a lock, {} at most",
        connections.used, connections.most, connections.oldest_seconds, waits.looks, waits.sum, waits.most
    ));
    for replica in &database.replicas {
        let (behind, millis) = (bytes(replica.behind_bytes), grouped(replica.behind_millis));
        let (name, state, sync) = (&replica.name, &replica.state, &replica.sync);
        line(format!("the replica {name} ({state}, {sync}) is {behind} and {millis} ms behind"));
    }
    for slot in &database.slots {
        let read = if slot.is_active { "is read" } else { "nobody reads" };
        line(format!("{} of the log are kept for the slot {}, which {read}", bytes(slot.bytes), slot.name));
    }
}

fn tables(database: &Checkup, line: &mut dyn FnMut(String)) {
    line("\nwhat takes the room, and what of it is dead".into());
    for table in database.tables.iter().take(MOST) {
        let (size, rows, dead) = (bytes(table.bytes), grouped(table.rows), grouped(table.dead));
        line(format!("  {size:>12}  {rows:>12} rows  {dead:>9} dead  {}", table.name));
    }
    line("\npartitions".into());
    for times in &database.partitions {
        let hours = times.ahead_millis / 3_600_000;
        let astray = times.astray.map(|rows| format!(", {} rows in none", grouped(rows))).unwrap_or_default();
        line(format!("  {:>4}  for {hours} hours from now on{astray}  {}", times.count, times.table));
    }
}

fn leases(database: &Checkup, line: &mut dyn FnMut(String)) {
    if !database.leases.is_empty() {
        line("\ncaps that are shared, those that are asked for most first".into());
    }
    for lease in &database.leases {
        let (key, account) = (&lease.key, &lease.account);
        line(format!(
            "  {:>6} leases, {} of {} used and {} out with {} holders  {key} of {account}",
            lease.leases, lease.used, lease.most, lease.leased, lease.holders
        ));
    }
}
