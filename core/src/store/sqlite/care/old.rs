//! Letting go of rows that are old, a bounded number in a transaction. It can be stopped and begun again at any time.
//!
//! Leads are erased from their decisions in [`crate::care`], which knows how a decision is written; here are the rows
//! around them.

use crate::model::{DecisionId, Error, TenantId, Timestamp};
use crate::store::sqlite::fault::fault;
use crate::store::sqlite::look::STORED;
use crate::store::sqlite::store::{most, position};
use crate::store::{SqliteStore, Stored};
use rusqlite::{Connection, ToSql, named_params, params};
use serde::Serialize;

/// The setting that says up to when was let go of what is old: what is older is not expected any more.
pub(crate) const PRUNED: &str = "pruned";

/// So many rows go in one transaction: others write in between.
const ROWS: usize = 10_000;

/// What is old. Rows at exactly these times stay.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Horizon {
    /// Decisions, their events and what was delivered.
    pub(crate) decided: Timestamp,
    /// Windows of counters that ended before.
    pub(crate) counted: Timestamp,
    /// Values to dedupe by.
    pub(crate) claims: Timestamp,
    /// What rolling caps count.
    pub(crate) moments: Timestamp,
}

/// How much was let go of, or would be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// Decisions whose lead is erased.
    pub decisions: u64,
    /// Of these, assignments that the outbox still has as not delivered: nobody can deliver them any more.
    pub undelivered: u64,
    /// Values to dedupe by that no rule asks for any more.
    pub claims: u64,
    /// What rolling caps counted.
    pub moments: u64,
    /// Events about decisions. Those about operations stay.
    pub events: u64,
    /// Counters of windows that are over.
    pub counters: u64,
    /// Rows of the outbox that are done, with their attempts and dead letters.
    pub outbox: u64,
    /// Reservations of other systems that were confirmed or released.
    pub reservations: u64,
    /// Leads of the past that another system had.
    pub history: u64,
    /// Decisions that are damaged and keep their lead: nothing of them was touched. They are met when it is done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<DecisionId>,
}

/// Rows to let go of: of which table, by which key, and which of them. `:tenant` and `:before` are given.
struct Old {
    table: &'static str,
    key: &'static str,
    which: &'static str,
}

const CLAIMS: Old = Old {
    table: "claim",
    key: "tenant, bucket, scope, hash, at, source, lead, n",
    // 30 days, as the buckets are; so the rows are found by the key.
    which: "tenant = :tenant AND bucket <= :before / 2592000000 AND at < :before",
};

/// The last moment before stays: what comes after it is the difference to it.
const MOMENTS: Old = Old {
    table: "moment",
    key: "tenant, key, at",
    which: "tenant = :tenant AND at < (SELECT max(of.at) FROM moment of \
            WHERE of.tenant = moment.tenant AND of.key = moment.key AND of.at < :before)",
};

/// Who said what beside the plan stays, and what some subscriber has not read yet.
const EVENTS: Old = Old {
    table: "event",
    key: "position",
    which: "tenant = :tenant AND about IS NULL AND at < :before AND NOT EXISTS (SELECT 1 FROM subscriber s \
            WHERE s.tenant = event.tenant AND s.position IS NOT NULL AND s.position < event.position)",
};

/// With them go their attempts and dead letters. The last row stays, so that its number is not given anew.
const OUTBOX: Old = Old {
    table: "outbox",
    key: "id",
    which: "tenant = :tenant AND state = 'done' AND due_at < :before AND id < (SELECT max(id) FROM outbox)",
};

/// What is held is given back first.
const RESERVATIONS: Old =
    Old { table: "reservation", key: "tenant, key", which: "tenant = :tenant AND state <> 'held' AND at < :before" };

impl Old {
    fn count(&self, connection: &Connection, tenant: &TenantId, before: Timestamp) -> rusqlite::Result<u64> {
        let sql = format!("SELECT count(*) FROM {} WHERE {}", self.table, self.which);
        let params = named_params! { ":tenant": tenant.as_str(), ":before": before.millis() };
        connection.query_row(&sql, params, |row| row.get(0))
    }

    fn delete(&self, connection: &Connection, tenant: &TenantId, before: Timestamp) -> rusqlite::Result<usize> {
        let Old { table, key, which } = self;
        let sql =
            format!("DELETE FROM {table} WHERE ({key}) IN (SELECT {key} FROM {table} WHERE {which} LIMIT {ROWS})");
        let params = named_params! { ":tenant": tenant.as_str(), ":before": before.millis() };
        connection.prepare_cached(&sql)?.execute(params)
    }
}

impl SqliteStore {
    /// What is older than the horizon, without the counters.
    pub(crate) fn count_old(&self, tenant: &TenantId, horizon: Horizon) -> Result<Pruned, Error> {
        let params: &[(&str, &dyn ToSql)] =
            named_params! { ":tenant": tenant.as_str(), ":before": horizon.decided.millis() };
        let history = self.count_history(tenant, horizon.decided)?;
        self.ask(|connection| {
            let number = |sql: &str| connection.query_row(sql, params, |row| row.get(0));
            Ok(Pruned {
                decisions: number(
                    "SELECT count(*) FROM decision WHERE tenant = :tenant AND inner IS NULL AND at < :before",
                )?,
                undelivered: number(
                    "SELECT count(*) FROM outbox o JOIN decision d USING (tenant, source, lead, n) \
                     WHERE tenant = :tenant AND o.state <> 'done' AND d.inner IS NULL AND d.at < :before",
                )?,
                claims: CLAIMS.count(connection, tenant, horizon.claims)?,
                moments: MOMENTS.count(connection, tenant, horizon.moments)?,
                events: EVENTS.count(connection, tenant, horizon.decided)?,
                counters: 0,
                outbox: OUTBOX.count(connection, tenant, horizon.decided)?,
                reservations: RESERVATIONS.count(connection, tenant, horizon.decided)?,
                history,
                damaged: Vec::new(),
            })
        })
    }

    /// Lets go of the rows that are older than the horizon, a bounded number in a transaction.
    pub(crate) fn prune_rows(&self, tenant: &TenantId, horizon: Horizon) -> Result<(), Error> {
        let all = [
            (&CLAIMS, horizon.claims),
            (&MOMENTS, horizon.moments),
            (&EVENTS, horizon.decided),
            (&OUTBOX, horizon.decided),
            (&RESERVATIONS, horizon.decided),
        ];
        for (old, before) in all {
            let some = || self.change(|connection| old.delete(connection, tenant, before));
            while some()? == ROWS {}
        }
        self.prune_history(tenant, horizon.decided, ROWS)
    }

    /// Takes counters out, by their keys.
    pub(crate) fn drop_counters(&self, tenant: &TenantId, keys: &[String]) -> Result<(), Error> {
        self.change(|connection| {
            let mut statement = connection.prepare_cached("DELETE FROM counter WHERE tenant = ?1 AND key = ?2")?;
            keys.iter().try_for_each(|key| statement.execute([tenant.as_str(), key]).map(drop))
        })
    }

    fn change<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        self.transact(|connection| work(connection).map_err(|error| fault(self.path(), &error)))
    }

    /// The first decisions after a position and before a time whose lead was not erased yet.
    pub(crate) fn old_decisions(
        &self,
        tenant: &TenantId,
        after: u64,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Stored>, Error> {
        let sql =
            format!("{STORED} WHERE tenant = ?1 AND seq > ?2 AND inner IS NULL AND at < ?3 ORDER BY seq LIMIT ?4");
        let params = params![tenant.as_str(), position(after), before.millis(), most(limit)];
        self.leads(&sql, params, tenant)
    }

    /// The keys of all counters.
    pub(crate) fn counter_keys(&self, tenant: &TenantId) -> Result<Vec<String>, Error> {
        self.all("SELECT key FROM counter WHERE tenant = ?1 ORDER BY key", [tenant.as_str()], |row| row.get(0))
    }

    /// The bundles of all plans that decided here, or are about to.
    pub(crate) fn bundles(&self) -> Result<Vec<String>, Error> {
        self.all("SELECT bundle FROM plan ORDER BY hash", [], |row| row.get(0))
    }
}
