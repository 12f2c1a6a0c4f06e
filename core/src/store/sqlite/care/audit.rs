//! One unchanging state of a file, what its tables should say beside the decisions, and what they do say.
//!
//! What is expected is written into temporary tables of the same form as the real ones, so that millions of decisions need
//! little memory, and the two are compared by SQL.

use super::compare;
use super::finding::Finding;
use super::finding::FindingKind::HistoryDamaged;
use super::old::PRUNED;
use crate::model::{DecisionId, Error, Outcome, TenantId, Timestamp};
use crate::store::sqlite::fault::{damaged, fault};
use crate::store::sqlite::history::damaged_of;
use crate::store::sqlite::look::{Kept, STORED, decision_id, kept, parsed};
use crate::store::sqlite::process::Connected;
use crate::store::sqlite::store::{most, position};
use crate::store::sqlite::work::{BUCKET, Work};
use crate::store::{
    Claim, Entry, EntryQuery, OutboxEntry, Posting, PostingSum, Reservation, RollupAdd, SqliteStore, Stored, View,
};
use rusqlite::{Connection, OptionalExtension, Params, params};
use std::path::Path;

/// The setting of a file that is older than the ledger: the last decision that it has not. Written by the migration.
const LEDGER_AFTER: &str = "ledger_after";

/// A read transaction on the file.
pub(crate) struct Audit<'a> {
    connection: &'a Connected,
    path: &'a Path,
}

/// How far the decisions that were looked at account for all that the tables hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reach {
    /// Since when all is there; before it nothing is expected.
    pub(crate) since: Option<Timestamp>,
    /// Whether what each of them took is known. Else counters must hold at least what is.
    pub(crate) exact: bool,
    /// Whether sums for reports are expected.
    pub(crate) sums: bool,
    /// Whether all that was posted in the ledger is known.
    pub(crate) posted: bool,
}

impl SqliteStore {
    /// Runs `work` on one unchanging state. Others may write meanwhile.
    pub(crate) fn audit<T>(&self, work: impl FnOnce(&Audit<'_>) -> Result<T, Error>) -> Result<T, Error> {
        self.with(|connection| {
            connection.execute_batch("BEGIN").map_err(|error| fault(self.path(), &error))?;
            let done = work(&Audit { connection, path: self.path() });
            // The temporary tables go with it.
            connection.execute_batch("ROLLBACK").map_err(|error| fault(self.path(), &error))?;
            done
        })
    }
}

impl Audit<'_> {
    fn run<T>(&self, run: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        run(self.connection).map_err(|error| fault(self.path, &error))
    }

    fn write(&self, sql: &str, params: impl Params) -> Result<(), Error> {
        self.run(|connection| connection.prepare_cached(sql)?.execute(params).map(drop))
    }

    pub(crate) fn tenants(&self) -> Result<Vec<TenantId>, Error> {
        let sql = "SELECT tenant FROM decision UNION SELECT tenant FROM counter UNION SELECT tenant FROM rollup \
                   UNION SELECT tenant FROM outbox UNION SELECT tenant FROM event UNION SELECT tenant FROM reservation \
                   UNION SELECT tenant FROM ledger_day UNION SELECT tenant FROM ledger_entry \
                   UNION SELECT tenant FROM statement UNION SELECT tenant FROM history ORDER BY 1";
        self.run(|connection| connection.prepare(sql)?.query_map([], |row| parsed(row, 0))?.collect())
    }

    pub(crate) fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
        let sql = format!("{STORED} WHERE tenant = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
        let rows: Vec<Kept> = self.run(|connection| {
            let mut statement = connection.prepare_cached(&sql)?;
            let rows =
                statement.query_map(params![tenant.as_str(), position(after), most(limit)], |row| kept(row, tenant))?;
            rows.collect()
        })?;
        rows.into_iter().map(|row| self.connection.whole(row)).collect()
    }

    /// How many leads of the past there are after a position, up to a limit; those that are damaged are told of.
    pub(crate) fn history(
        &self,
        tenant: &TenantId,
        after: u64,
        limit: usize,
        findings: &mut Vec<Finding>,
    ) -> Result<(Option<u64>, u64), Error> {
        let (last, count, wrong) = damaged_of(self.connection, self.path, tenant, after, limit)?;
        let left = compare::MOST.saturating_sub(findings.iter().filter(|of| of.kind == HistoryDamaged).count());
        findings.extend(wrong.into_iter().take(left).map(|place| Finding::new(HistoryDamaged, place, "")));
        Ok((last, count))
    }

    /// Hash and bundle of every plan.
    pub(crate) fn plans(&self) -> Result<Vec<(String, String)>, Error> {
        let sql = "SELECT hash, bundle FROM plan ORDER BY hash";
        self.run(|connection| connection.prepare(sql)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect())
    }

    /// Since when nothing was let go of; none where nothing ever was.
    pub(crate) fn kept_since(&self, tenant: &TenantId) -> Result<Option<Timestamp>, Error> {
        let text = Work::on(self.connection, self.path, tenant).setting(PRUNED)?;
        let read =
            |text: String| serde_json::from_str(&text).map_err(|_| damaged(self.path, "a setting cannot be read"));
        text.map(read).transpose()
    }

    /// What the events of one kind that are about no decision are about, and what they say.
    pub(crate) fn data_of(&self, tenant: &TenantId, kind: &str) -> Result<Vec<(String, String)>, Error> {
        let sql =
            "SELECT about, data FROM event WHERE tenant = ?1 AND kind = ?2 AND about IS NOT NULL ORDER BY position";
        let params = params![tenant.as_str(), kind];
        self.run(|connection| {
            connection.prepare(sql)?.query_map(params, |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
    }

    /// The sales that fell, and those that came about after all: their decisions, which of both, and what is said of them.
    pub(crate) fn fell(&self, tenant: &TenantId) -> Result<Vec<(DecisionId, String, String)>, Error> {
        let sql = "SELECT source, lead, n, kind, data FROM event WHERE tenant = ?1 AND kind IN ('sale.fell.v1', \
                   'sale.honored.v1') ORDER BY position";
        self.run(|connection| {
            let mut statement = connection.prepare(sql)?;
            let rows =
                statement.query_map([tenant.as_str()], |row| Ok((decision_id(row, 0)?, row.get(3)?, row.get(4)?)))?;
            rows.collect()
        })
    }

    /// Of a sale that fell nobody is a duplicate.
    pub(crate) fn expect_no_claims_of_fallen(&self, tenant: &TenantId) -> Result<(), Error> {
        let sql = "DELETE FROM temp.claim_wanted AS w WHERE EXISTS (SELECT 1 FROM main.event e WHERE e.tenant = ?1 AND \
                   e.kind = 'sale.fell.v1' AND e.source = w.source AND e.lead = w.lead AND e.n = w.n)";
        self.write(sql, [tenant.as_str()])
    }

    /// The position of the last decision that the ledger has not; 0 where it has all.
    pub(crate) fn ledger_after(&self, tenant: &TenantId) -> Result<u64, Error> {
        let text = Work::on(self.connection, self.path, tenant).setting(LEDGER_AFTER)?;
        let read = |text: String| text.parse().map_err(|_| damaged(self.path, "a setting cannot be read"));
        text.map_or(Ok(0), read)
    }

    /// Asks this state as decisions do.
    pub(crate) fn view<T>(
        &self,
        tenant: &TenantId,
        ask: impl FnOnce(&dyn View) -> Result<T, Error>,
    ) -> Result<T, Error> {
        ask(&Work::on(self.connection, self.path, tenant))
    }

    /// All that operations posted.
    pub(crate) fn entries(&self, tenant: &TenantId) -> Result<Vec<Entry>, Error> {
        self.view(tenant, |view| view.entries(&EntryQuery::default()))
    }

    pub(crate) fn reservations(&self, tenant: &TenantId) -> Result<Vec<Reservation>, Error> {
        Work::on(self.connection, self.path, tenant).reservations()
    }

    /// Begins with a tenant: nothing is expected yet, and its events are looked through.
    pub(crate) fn begin(&self, tenant: &TenantId, since: Option<Timestamp>) -> Result<(), Error> {
        self.run(|connection| connection.execute_batch(compare::TABLES))?;
        let since = since.map_or(i64::MIN, Timestamp::millis);
        self.write(compare::EVENTS, params![tenant.as_str(), since])
    }

    /// Whether the event of a decision says that the lead was a test.
    pub(crate) fn was_test(&self, id: &DecisionId) -> Result<bool, Error> {
        let sql =
            "SELECT test FROM temp.event_found WHERE source = ?1 AND lead = ?2 AND n = ?3 AND kind = 'lead.decided.v1'";
        let params = params![id.source.as_str(), id.lead.as_str(), id.n];
        let found =
            self.run(|connection| connection.prepare_cached(sql)?.query_row(params, |row| row.get(0)).optional())?;
        Ok(found.unwrap_or(false))
    }

    pub(crate) fn expect_event(&self, id: &DecisionId, kind: &str, contract: &str) -> Result<(), Error> {
        let sql = "INSERT OR IGNORE INTO temp.event_wanted VALUES (?1, ?2, ?3, ?4, ?5)";
        self.write(sql, params![id.source.as_str(), id.lead.as_str(), id.n, kind, contract])
    }

    pub(crate) fn expect_delivery(&self, entry: &OutboxEntry) -> Result<(), Error> {
        let sql = "INSERT OR IGNORE INTO temp.outbox_wanted VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let id = &entry.decision;
        let (buyer, contract) = (entry.buyer.as_str(), entry.contract.as_str());
        let params =
            params![entry.key, id.source.as_str(), id.lead.as_str(), id.n, buyer, contract, entry.price.units()];
        self.write(sql, params)
    }

    /// `payout` is absent where it is not known.
    pub(crate) fn expect_rollup(&self, add: &RollupAdd, payout_known: bool) -> Result<(), Error> {
        let sql = "INSERT INTO temp.rollup_wanted VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO UPDATE SET \
                   leads = leads + excluded.leads, revenue = revenue + excluded.revenue, payout = payout + excluded.payout";
        let contract = add.contract.as_ref().map(|contract| contract.as_str()).unwrap_or_default();
        let (source, outcome) = (add.source.as_str(), Outcome::as_str(add.outcome));
        let payout = payout_known.then_some(add.payout.units());
        let (date, revenue) = (add.date.to_string(), add.revenue.units());
        self.write(sql, params![date, add.slot, source, contract, outcome, add.leads, revenue, payout])
    }

    pub(crate) fn expect_counter(&self, key: &str, add: i64) -> Result<(), Error> {
        self.expect_sum("counter_wanted", key, add)
    }

    pub(crate) fn expect_posting(&self, posting: &Posting) -> Result<(), Error> {
        let sql = "INSERT INTO temp.posting_wanted VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET \
                   count = count + excluded.count, debit = debit + excluded.debit";
        let PostingSum { account, kind, contract, source, count, debit } = &posting.sum;
        let contract = contract.as_ref().map(|contract| contract.as_str()).unwrap_or_default();
        let source = source.as_ref().map(|source| source.as_str()).unwrap_or_default();
        let (account, date, kind) = (account.to_string(), posting.date.to_string(), kind.as_str());
        self.write(sql, params![account, date, kind, contract, source, count, debit])
    }

    /// What other systems took from funds: the ledger does not have it.
    pub(crate) fn expect_elsewhere(&self, key: &str, add: i64) -> Result<(), Error> {
        self.expect_sum("elsewhere", key, add)
    }

    pub(crate) fn expect_moment(&self, key: &str, add: i64) -> Result<(), Error> {
        self.expect_sum("moment_wanted", key, add)
    }

    fn expect_sum(&self, table: &str, key: &str, add: i64) -> Result<(), Error> {
        let sql =
            format!("INSERT INTO temp.{table} VALUES (?1, ?2) ON CONFLICT DO UPDATE SET used = used + excluded.used");
        self.write(&sql, params![key, add])
    }

    pub(crate) fn expect_claim(&self, claim: &Claim) -> Result<(), Error> {
        let sql = "INSERT OR IGNORE INTO temp.claim_wanted VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let (at, by) = (claim.at.millis(), &claim.by);
        let (source, lead) = (by.source.as_str(), by.lead.as_str());
        let hash = self.connection.hash(&claim.hash)?;
        self.write(sql, params![at.div_euclid(BUCKET), claim.scope, hash, at, source, lead, by.n])
    }

    /// Where the tables say something else than what is expected of this tenant.
    pub(crate) fn compare(&self, tenant: &TenantId, reach: Reach, findings: &mut Vec<Finding>) -> Result<(), Error> {
        self.run(|connection| compare::all(connection, tenant, reach, findings))
    }
}
