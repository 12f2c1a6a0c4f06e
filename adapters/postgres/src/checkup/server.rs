//! The server.

use super::{Checkup, Connections, Promises, Replica, Slot};
use crate::link::Link;
use crate::look::{get, odd, whole};
use leadwright::model::Error;
use std::time::Duration;

const PROMISES: &str = "SELECT current_setting('server_version'), current_setting('server_version_num')::bigint, \
     pg_is_in_recovery(), current_setting('fsync'), current_setting('synchronous_commit'), \
     current_setting('full_page_writes'), current_setting('autovacuum'), \
     current_setting('max_locks_per_transaction')::bigint, pg_database_size(current_database()), \
     (SELECT age(datfrozenxid)::bigint FROM pg_database WHERE datname = current_database()), \
     (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()), \
     current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint, \
     (SELECT coalesce(sum(numbackends), 0)::bigint FROM pg_stat_database), \
     pg_has_role(current_user, 'pg_monitor', 'USAGE')";

/// Who vacuums holds nobody back.
const OLDEST: &str = "SELECT coalesce(max(floor(extract(epoch FROM clock_timestamp() - xact_start))), 0)::bigint \
     FROM pg_stat_activity WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid() \
     AND backend_type IS DISTINCT FROM 'autovacuum worker'";

/// Where the log is: on a replica what it has received.
const HERE: &str = "CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END";

const WAITING: &str = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' \
     AND datname = current_database() AND pid <> pg_backend_pid()";

/// So often it is looked who waits, and so long in between.
const LOOKS: u32 = 10;
const BETWEEN: Duration = Duration::from_millis(20);

pub(super) fn look(link: &Link, found: &mut Checkup) -> Result<(), Error> {
    let rows = link.rows(PROMISES, &[])?;
    let row = rows.first().ok_or_else(odd)?;
    found.promises = Promises {
        version: get(row, 0)?,
        version_number: whole(row, 1)?,
        is_replica: get(row, 2)?,
        fsync: get(row, 3)?,
        synchronous_commit: get(row, 4)?,
        full_page_writes: get(row, 5)?,
        autovacuum: get(row, 6)?,
        locks_each: whole(row, 7)?,
        unfrozen: whole(row, 9)?,
    };
    found.bytes = whole(row, 8)?;
    found.waits.deadlocks = whole(row, 10)?;
    found.connections =
        Connections { most: whole(row, 11)?, used: whole(row, 12)?, oldest_seconds: one(link, OLDEST)? };
    if !get::<bool>(row, 13)? {
        let unseen = "who else waits and since when, and replicas: this role is no member of pg_monitor";
        found.unseen.push(unseen.to_owned());
    }
    waits(link, found)?;
    replicas(link, found)
}

fn one(link: &Link, sql: &str) -> Result<u64, Error> {
    link.rows(sql, &[])?.first().map_or(Ok(0), |row| whole(row, 0))
}

/// One look says little: a lock is held for milliseconds.
fn waits(link: &Link, found: &mut Checkup) -> Result<(), Error> {
    for look in 0..LOOKS {
        if look > 0 {
            std::thread::sleep(BETWEEN);
        }
        let waiting = one(link, WAITING)?;
        let waits = &mut found.waits;
        waits.looks += 1;
        waits.sum += waiting;
        waits.most = waits.most.max(waiting);
    }
    Ok(())
}

fn replicas(link: &Link, found: &mut Checkup) -> Result<(), Error> {
    let sql = format!(
        "SELECT coalesce(application_name, ''), coalesce(state, ''), coalesce(sync_state, ''), \
         coalesce(greatest(pg_wal_lsn_diff({HERE}, replay_lsn), 0), 0)::bigint, \
         coalesce(floor(extract(epoch FROM replay_lag) * 1000), 0)::bigint FROM pg_stat_replication ORDER BY 4 DESC, 1"
    );
    for row in link.rows(&sql, &[])? {
        found.replicas.push(Replica {
            name: get(&row, 0)?,
            state: get(&row, 1)?,
            sync: get(&row, 2)?,
            behind_bytes: whole(&row, 3)?,
            behind_millis: whole(&row, 4)?,
        });
    }
    let sql = format!(
        "SELECT slot_name::text, active, greatest(pg_wal_lsn_diff({HERE}, restart_lsn), 0)::bigint \
         FROM pg_replication_slots WHERE restart_lsn IS NOT NULL ORDER BY 3 DESC, 1"
    );
    for row in link.rows(&sql, &[])? {
        found.slots.push(Slot { name: get(&row, 0)?, is_active: get(&row, 1)?, bytes: whole(&row, 2)? });
    }
    Ok(())
}
