//! What to do about a database: each with a word that stays, and the bound that was passed.

use super::Report;
use crate::commands::store::doctor::advice::{Advice, of_both};
use crate::commands::validate::grouped;
use leadwright::model::Timestamp;

/// The oldest server that is tested.
const VERSION: u64 = 150_000;
/// So many of the connections in a hundred.
const FULL_PERCENT: u64 = 80;
/// So far ahead partitions have to be made at least, in milliseconds: the keeper makes seven days, and runs once a day.
const AHEAD: i64 = 2 * 86_400_000;
/// So many rows of a table are dead, and so many in a hundred of those that live.
const DEAD: u64 = 10_000;
const DEAD_PERCENT: u64 = 50;
/// A transaction that looks at what was so many seconds ago.
const OLD: u64 = 300;
/// So far a replica is behind: bytes, and milliseconds.
const BEHIND_BYTES: u64 = 64 << 20;
const BEHIND_MILLIS: u64 = 10_000;
/// So much of the log is kept for a slot that nobody reads.
const SLOT: u64 = 1 << 30;
/// So many transactions without freezing: half of where the server stops.
const UNFROZEN: u64 = 1_000_000_000;
/// So many sessions wait at a time, on average.
const WAITING: u64 = 4;
/// A server that is further away, in microseconds.
const FAR: u64 = 5_000;
/// A commit that takes longer, in microseconds.
const SLOW_COMMIT: u64 = 20_000;
/// So many partitions with their indexes does a lead look into; twice that a connection should have locks for.
const LOCKS: u64 = 2;

pub(super) fn of(report: &Report, now: Timestamp) -> Vec<Advice> {
    let mut all = Vec::new();
    promises(report, &mut all);
    connections(report, &mut all);
    partitions(report, &mut all);
    tables(report, &mut all);
    others(report, &mut all);
    of_both(&report.outbox, &report.subscribers, &report.caps, now, &mut all);
    all
}

fn say(all: &mut Vec<Advice>, word: &'static str, found: String, remedy: &'static str) {
    all.push(Advice { word, found, remedy });
}

fn promises(report: &Report, all: &mut Vec<Advice>) {
    let promises = &report.database.promises;
    if promises.version_number < VERSION {
        let found = format!("the server is PostgreSQL {}; 15 and later are tested", promises.version);
        say(all, "server.old", found, "bring it up to date");
    }
    for (word, setting, value, lost, remedy) in [
        (
            "durability.fsync",
            "fsync",
            &promises.fsync,
            "a crash of the machine may lose everything",
            "turn it on: stores refuse such a server unless they are opened as relaxed",
        ),
        (
            "durability.commit",
            "synchronous_commit",
            &promises.synchronous_commit,
            "a crash may lose the last answers",
            "turn it on for the roles that decide: ALTER ROLE … SET synchronous_commit = on",
        ),
        (
            "durability.pages",
            "full_page_writes",
            &promises.full_page_writes,
            "a page that a crash tears stays torn",
            "turn it on, unless the file system writes pages whole",
        ),
        (
            "autovacuum.off",
            "autovacuum",
            &promises.autovacuum,
            "what is dead is never cleared away",
            "turn it on: the clock and the outbox live on it",
        ),
    ] {
        if value == "off" {
            say(all, word, format!("{setting} is off: {lost}"), remedy);
        }
    }
    if promises.unfrozen >= UNFROZEN {
        let found = format!("{} transactions without freezing", grouped(promises.unfrozen));
        say(all, "freeze.late", found, "let VACUUM run: at two thousand million the server stops");
    }
}

fn connections(report: &Report, all: &mut Vec<Advice>) {
    let (connections, waits) = (&report.database.connections, &report.database.waits);
    if connections.used.saturating_mul(100) >= connections.most.saturating_mul(FULL_PERCENT) {
        let found = format!("{} of {} connections are used", connections.used, connections.most);
        let remedy = "each engine keeps `idle` open, four by default: fewer engines, or a larger max_connections";
        say(all, "connections.full", found, remedy);
    }
    if connections.oldest_seconds >= OLD {
        let found = format!("a transaction has been open for {} minutes", connections.oldest_seconds / 60);
        let remedy = "see pg_stat_activity, and end it: what is dead since then is not cleared away";
        say(all, "snapshot.old", found, remedy);
    }
    if waits.sum >= waits.looks.saturating_mul(WAITING).max(1) {
        let each = waits.sum.checked_div(waits.looks).unwrap_or(0);
        let found = format!("{each} sessions at a time wait for a lock of another one");
        let remedy = "writers of one tenant come one after the other: send leads in batches, divide them among tenants or \
                      shards, and lease the caps that they share (docs/leases.md)";
        say(all, "tenant.hot", found, remedy);
    }
    if waits.deadlocks > 0 {
        let found = format!("the server broke {} deadlocks", grouped(waits.deadlocks));
        let remedy = "the store takes its locks in one order: see in the server's log who else writes to its tables";
        say(all, "locks.circle", found, remedy);
    }
    if let Some(away) = report.round_trip_micros.filter(|away| *away >= FAR) {
        let found = format!("the server answers after {} ms", away / 1_000);
        let remedy = "decide near it: a transaction asks it two or three times";
        say(all, "server.far", found, remedy);
    }
    if let Some(probe) = report.probe.as_ref().filter(|probe| probe.sync_micros >= SLOW_COMMIT) {
        let found = format!("the server needs {} ms for a commit", probe.sync_micros / 1_000);
        let remedy = "look at its disk, and at synchronous_standby_names; until then send leads in batches";
        say(all, "disk.slow", found, remedy);
    }
}

fn partitions(report: &Report, all: &mut Vec<Advice>) {
    const KEEP: &str = "run `leadwright store keep` once a day";
    let partitions = &report.database.partitions;
    if let Some(least) = partitions.iter().min_by_key(|times| times.ahead_millis) {
        let found = match (least.count, least.ahead_millis / 3_600_000) {
            (0, _) => format!("{} has no partitions, and nothing of it can go as a whole", least.table),
            (_, 0) => format!("{} has no partition for now", least.table),
            (_, hours) => format!("{} has partitions for {hours} hours from now on", least.table),
        };
        if least.ahead_millis < AHEAD {
            say(all, "partitions.ahead", found, KEEP);
        }
    }
    for times in partitions.iter().filter(|times| times.astray.is_some_and(|rows| rows > 0)) {
        let rows = times.astray.unwrap_or(0);
        let found = format!("{}_rest has {} rows that a partition should have", times.table, grouped(rows));
        let remedy = "run `leadwright store keep`, which moves them; where it cannot, see which clock is wrong";
        say(all, "partitions.rest", found, remedy);
    }
    // A table, its primary key, and of some another index.
    let most = partitions.iter().map(|times| times.count.saturating_mul(2)).max().unwrap_or(0);
    let locks = report.database.promises.locks_each;
    if most >= locks.saturating_mul(LOCKS) {
        let found = format!(
            "a reader of all partitions locks {most} tables and indexes, and max_locks_per_transaction is {locks}"
        );
        say(all, "locks.few", found, "set it to 256 or more, or keep by month");
    }
}

fn tables(report: &Report, all: &mut Vec<Advice>) {
    for table in &report.database.tables {
        let bound = (table.rows.saturating_mul(DEAD_PERCENT) / 100).max(DEAD);
        if table.dead >= bound {
            let (dead, rows) = (grouped(table.dead), grouped(table.rows));
            let found = format!("{} has {dead} dead rows beside {rows}", table.name);
            let remedy =
                "autovacuum does not keep up: see snapshot.old, and autovacuum_vacuum_cost_limit of the server";
            say(all, "table.dead", found, remedy);
        }
    }
    for schema in &report.database.left {
        let found = format!("the schema {schema} was left by a doctor that was killed, unless one runs now");
        say(all, "schema.left", found, "the next doctor with a role that may removes it");
    }
}

fn others(report: &Report, all: &mut Vec<Advice>) {
    let database = &report.database;
    for replica in &database.replicas {
        if replica.behind_bytes >= BEHIND_BYTES || replica.behind_millis >= BEHIND_MILLIS {
            let found = format!(
                "the replica {} is {} MiB and {} s behind",
                replica.name,
                replica.behind_bytes >> 20,
                replica.behind_millis / 1_000
            );
            let remedy =
                "readers of it wait, or are answered by the primary (docs/replicas.md): see its disk and its queries";
            say(all, "replica.behind", found, remedy);
        }
    }
    for slot in database.slots.iter().filter(|slot| !slot.is_active && slot.bytes >= SLOT) {
        let found =
            format!("{} GiB of the log are kept for the slot {}, which nobody reads", slot.bytes >> 30, slot.name);
        say(all, "slot.idle", found, "drop it, or bring its reader back, before the disk is full");
    }
    let late: u64 = database.leases.iter().map(|lease| lease.late).sum();
    if late > 0 {
        let found = format!("{late} parts of shared caps are out for a minute longer than they last");
        let remedy = "nobody needed them since, or their shard cannot be reached: docs/leases.md";
        say(all, "lease.late", found, remedy);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leadwright_postgres::{Checkup, Churn, Replica, Shared, Slot, Times};

    /// A database of which nothing is to be said.
    fn well() -> Checkup {
        let mut found = Checkup::default();
        let promises = &mut found.promises;
        (promises.version_number, promises.locks_each) = (180_000, 64);
        for setting in [
            &mut promises.fsync,
            &mut promises.synchronous_commit,
            &mut promises.full_page_writes,
            &mut promises.autovacuum,
        ] {
            *setting = "on".into();
        }
        (found.connections.used, found.connections.most, found.waits.looks) = (10, 97, 10);
        found.partitions.push(Times { table: "decision", count: 8, ahead_millis: 7 * 86_400_000, astray: Some(0) });
        found
    }

    fn words(change: impl FnOnce(&mut Checkup), round_trip_micros: u64) -> Vec<&'static str> {
        let mut database = well();
        change(&mut database);
        let report = Report {
            database,
            busiest_hour: None,
            caps: Vec::new(),
            outbox: Vec::new(),
            subscribers: Vec::new(),
            round_trip_micros: Some(round_trip_micros),
            probe: None,
            left_out: Vec::new(),
            advice: Vec::new(),
        };
        of(&report, Timestamp::EPOCH).into_iter().map(|advice| advice.word).collect()
    }

    #[test]
    fn each_word_has_its_bound() {
        type Change = fn(&mut Checkup);
        let off = || "off".to_owned();
        assert_eq!(words(|_| {}, 4_999), [""; 0]);
        assert_eq!(words(|_| {}, 5_000), ["server.far"]);
        assert_eq!(words(|of| of.promises.fsync = off(), 0), ["durability.fsync"]);
        assert_eq!(words(|of| of.promises.synchronous_commit = off(), 0), ["durability.commit"]);
        assert_eq!(words(|of| of.promises.full_page_writes = off(), 0), ["durability.pages"]);
        assert_eq!(words(|of| of.promises.autovacuum = off(), 0), ["autovacuum.off"]);
        let all: [(&str, Change, Change); 9] = [
            ("server.old", |of| of.promises.version_number = 150_000, |of| of.promises.version_number = 149_999),
            ("freeze.late", |of| of.promises.unfrozen = 999_999_999, |of| of.promises.unfrozen = 1_000_000_000),
            ("connections.full", |of| of.connections.used = 77, |of| of.connections.used = 78),
            ("snapshot.old", |of| of.connections.oldest_seconds = 299, |of| of.connections.oldest_seconds = 300),
            ("tenant.hot", |of| of.waits.sum = 39, |of| of.waits.sum = 40),
            ("locks.circle", |_| {}, |of| of.waits.deadlocks = 1),
            ("locks.few", |of| of.partitions[0].count = 63, |of| of.partitions[0].count = 64),
            (
                "partitions.ahead",
                |of| of.partitions[0].ahead_millis = 2 * 86_400_000,
                |of| of.partitions[0].ahead_millis = 2 * 86_400_000 - 1,
            ),
            ("partitions.rest", |of| of.partitions[0].astray = None, |of| of.partitions[0].astray = Some(1)),
        ];
        for (word, within, passed) in all {
            assert_eq!(words(within, 0), [""; 0], "{word}");
            assert_eq!(words(passed, 0), [word]);
        }
    }

    #[test]
    fn so_has_each_word_of_others() {
        let table = |rows, dead| Churn { name: "outbox".into(), bytes: 1, rows, dead, vacuumed: None };
        assert_eq!(words(|of| of.tables = vec![table(100, 9_999), table(40_000, 19_999)], 0), [""; 0]);
        assert_eq!(words(|of| of.tables = vec![table(100, 10_000)], 0), ["table.dead"]);
        assert_eq!(words(|of| of.left.push("leadwright_doctor".into()), 0), ["schema.left"]);
        let replica = |behind_bytes, behind_millis| {
            let (name, state, sync) = ("east".into(), "streaming".into(), "async".into());
            Replica { name, state, sync, behind_bytes, behind_millis }
        };
        assert_eq!(words(|of| of.replicas = vec![replica((64 << 20) - 1, 9_999)], 0), [""; 0]);
        for late in [replica(64 << 20, 0), replica(0, 10_000)] {
            assert_eq!(words(|of| of.replicas = vec![late], 0), ["replica.behind"]);
        }
        let slot = |is_active, bytes| Slot { name: "east".into(), is_active, bytes };
        assert_eq!(words(|of| of.slots = vec![slot(true, 1 << 30), slot(false, 1)], 0), [""; 0]);
        assert_eq!(words(|of| of.slots = vec![slot(false, 1 << 30)], 0), ["slot.idle"]);
        let lease = |late| {
            let (account, key) = ("main".into(), "buyer:acme|total|count|sold".into());
            Shared { account, key, most: 10, used: 1, leased: 2, holders: 1, late, leases: 3 }
        };
        assert_eq!(words(|of| of.leases = vec![lease(0)], 0), [""; 0]);
        assert_eq!(words(|of| of.leases = vec![lease(1)], 0), ["lease.late"]);
    }
}
