//! The money ledger. Of all decisions of a transaction each row of a day is written once.

use super::fault::{damaged, fault};
use super::look::{Row, odd, parsed, time};
use super::work::Work;
use crate::model::{Account, ContractId, Date, DecisionId, Error, Party, PostingKind, SourceId};
use crate::store::{ClosedStatement, Entry, EntryQuery, EntrySale, Posting, PostingQuery, PostingSum};
use rusqlite::types::Value;
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;
use std::str::FromStr;

type Key = (Account, Date, PostingKind, Option<ContractId>, Option<SourceId>);

/// What a transaction posts: how many, and how much.
#[derive(Default)]
pub(super) struct Posted(BTreeMap<Key, (i64, i64)>);

impl Posted {
    pub(super) fn add(&mut self, posting: &Posting) {
        let PostingSum { account, kind, contract, source, count, debit } = posting.sum.clone();
        let sum = self.0.entry((account, posting.date, kind, contract, source)).or_default();
        *sum = (sum.0.saturating_add(count), sum.1.saturating_add(debit));
    }
}

fn text<T: ToString>(it: Option<&T>) -> String {
    it.map(ToString::to_string).unwrap_or_default()
}

/// An id of a column that is empty for none.
fn unless_empty<T: FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let text: String = row.get(column)?;
    if text.is_empty() { Ok(None) } else { parsed(row, column).map(Some) }
}

/// Conditions, and what is bound to them. Only words of ours are in the text.
struct Wanted {
    text: String,
    bound: Vec<Value>,
}

impl Wanted {
    fn of(tenant: &str, query: &PostingQuery) -> Self {
        let mut wanted = Self { text: "tenant = ?1".into(), bound: vec![Value::from(tenant.to_owned())] };
        if !query.accounts.is_empty() {
            let places = (2..).take(query.accounts.len()).map(|place| format!("?{place}"));
            wanted.text += &format!(" AND account IN ({})", places.collect::<Vec<_>>().join(", "));
            wanted.bound.extend(query.accounts.iter().map(|account| Value::from(account.to_string())));
        }
        wanted.and("date >=", query.from.as_ref());
        wanted.and("date <=", query.to.as_ref());
        wanted
    }

    fn and<T: ToString>(&mut self, condition: &str, value: Option<&T>) {
        let Some(value) = value else { return };
        self.bound.push(Value::from(value.to_string()));
        self.text += &format!(" AND {condition} ?{}", self.bound.len());
    }
}

impl Work<'_> {
    fn rows<T>(
        &self,
        sql: &str,
        bound: &[Value],
        read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        let run = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            let rows = statement.query_map(rusqlite::params_from_iter(bound), |row| read(row))?;
            rows.collect::<Result<_, _>>()
        };
        run().map_err(|error| fault(self.path, &error))
    }

    /// Writes what was gathered. What is asked in this transaction before that does not have it.
    pub(super) fn write_ledger(&mut self) -> Result<(), Error> {
        let Posted(rows) = std::mem::take(&mut self.posted);
        for ((account, date, kind, contract, source), (count, debit)) in rows {
            let sql = "INSERT INTO ledger_day(tenant, account, date, kind, contract, source, count, debit) \
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
                       ON CONFLICT(tenant, account, date, kind, contract, source) DO UPDATE SET \
                       count = count + excluded.count, debit = debit + excluded.debit";
            let (account, date, kind) = (account.to_string(), date.to_string(), kind.as_str());
            let (contract, source) = (text(contract.as_ref()), text(source.as_ref()));
            self.run(sql, params![self.tenant(), account, date, kind, contract, source, count, debit])?;
        }
        Ok(())
    }

    pub(super) fn posted_sums(&self, query: &PostingQuery) -> Result<Vec<PostingSum>, Error> {
        let Wanted { text, bound } = Wanted::of(self.tenant(), query);
        let sql = format!(
            "SELECT account, kind, contract, source, sum(count), sum(debit) FROM ledger_day WHERE {text} \
             GROUP BY account, kind, contract, source"
        );
        let mut sums = self.rows(&sql, &bound, |row| {
            Ok(PostingSum {
                account: parsed(row, 0)?,
                kind: parsed(row, 1)?,
                contract: unless_empty(row, 2)?,
                source: unless_empty(row, 3)?,
                count: row.get(4)?,
                debit: row.get(5)?,
            })
        })?;
        // The order of the texts is not that of our types.
        sums.sort();
        Ok(sums)
    }

    pub(super) fn put_entry(&mut self, entry: &Entry) -> Result<(), Error> {
        self.posted.add(&entry.posting);
        let Entry { at, posting: Posting { date, sum }, sale, refers_to, counters, by, reason } = entry;
        let sql = "INSERT INTO ledger_entry(tenant, at, account, date, kind, contract, source, count, debit, lead, n, key, \
                   sold, refers_to, counters, said_by, reason) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
        let params = params![
            self.tenant(),
            at.millis(),
            sum.account.to_string(),
            date.to_string(),
            sum.kind.as_str(),
            text(sum.contract.as_ref()),
            text(sum.source.as_ref()),
            sum.count,
            sum.debit,
            sale.as_ref().map(|sale| sale.decision.lead.as_str()),
            sale.as_ref().map(|sale| sale.decision.n),
            sale.as_ref().map(|sale| sale.key.as_str()),
            sale.as_ref().map(|sale| sale.sold.to_string()),
            refers_to,
            serde_json::to_string(counters).unwrap_or_default(),
            by,
            reason,
        ];
        self.run(sql, params)
    }

    pub(super) fn ledger_entries(&self, query: &EntryQuery) -> Result<Vec<Entry>, Error> {
        let mut wanted = Wanted::of(self.tenant(), &query.postings);
        wanted.and("kind =", query.kind.map(PostingKind::as_str).as_ref());
        wanted.and("sold >=", query.sold_from.as_ref());
        wanted.and("sold <=", query.sold_to.as_ref());
        if let Some(DecisionId { source, lead, n }) = &query.decision {
            wanted.and("lead =", Some(lead));
            wanted.and("source =", Some(source));
            wanted.text += &format!(" AND n = {n}");
        }
        let sql = format!("{ENTRY} WHERE {} ORDER BY id", wanted.text);
        self.rows(&sql, &wanted.bound, entry)
    }

    pub(super) fn closed_statements(&self, party: Option<&Party>) -> Result<Vec<ClosedStatement>, Error> {
        let mut wanted = Wanted::of(self.tenant(), &PostingQuery::default());
        wanted.and("party =", party);
        let sql = format!("SELECT party, n, first, last, body FROM statement WHERE {} ORDER BY party, n", wanted.text);
        let mut all = self.rows(&sql, &wanted.bound, |row| {
            let first: Option<String> = row.get(2)?;
            let from = first.map(|first| first.parse().map_err(|_| odd(2))).transpose()?;
            Ok(ClosedStatement { party: parsed(row, 0)?, n: row.get(1)?, from, to: parsed(row, 3)?, body: row.get(4)? })
        })?;
        all.sort_by(|a, b| (&a.party, a.n).cmp(&(&b.party, b.n)));
        Ok(all)
    }

    pub(super) fn put_statement(&self, closed: &ClosedStatement) -> Result<(), Error> {
        let sql = "SELECT 1 FROM statement WHERE tenant = ?1 AND party = ?2 AND n = ?3";
        let (party, first, last) = (closed.party.to_string(), closed.from.map(|date| date.to_string()), &closed.to);
        let there = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            statement.query_row(params![self.tenant(), party, closed.n], |_| Ok(())).optional()
        };
        if there().map_err(|error| fault(self.path, &error))?.is_some() {
            return Err(damaged(self.path, "a closed statement is there already"));
        }
        let sql = "INSERT INTO statement(tenant, party, n, first, last, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.run(sql, params![self.tenant(), party, closed.n, first, last.to_string(), closed.body])
    }
}

const ENTRY: &str = "SELECT at, account, date, kind, contract, source, count, debit, lead, n, key, sold, refers_to, counters, \
                     said_by, reason FROM ledger_entry";

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let source: Option<SourceId> = unless_empty(row, 5)?;
    let key: Option<String> = row.get(10)?;
    let sale = match (key, &source) {
        (Some(key), Some(source)) => {
            let decision = DecisionId { source: source.clone(), lead: parsed(row, 8)?, n: row.get(9)? };
            Some(EntrySale { decision, key, sold: parsed(row, 11)? })
        }
        _ => None,
    };
    let counters: String = row.get(13)?;
    let sum = PostingSum {
        account: parsed(row, 1)?,
        kind: parsed(row, 3)?,
        contract: unless_empty(row, 4)?,
        source,
        count: row.get(6)?,
        debit: row.get(7)?,
    };
    Ok(Entry {
        at: time(row.get(0)?),
        posting: Posting { date: parsed(row, 2)?, sum },
        sale,
        refers_to: row.get(12)?,
        counters: serde_json::from_str(&counters).map_err(|_| odd(13))?,
        by: row.get(14)?,
        reason: row.get(15)?,
    })
}
