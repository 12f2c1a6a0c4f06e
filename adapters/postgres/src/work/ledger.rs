//! The money ledger.

use super::Work;
use super::pending::PostingKey;
use crate::fault::damaged;
use crate::look::{get, odd, parsed, perhaps, time, unless_empty, whole};
use leadwright::model::{DecisionId, Error, Party, PostingKind, SourceId};
use leadwright::store::{ClosedStatement, Entry, EntryQuery, EntrySale, Posting, PostingQuery, PostingSum};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

/// Conditions, and what is bound to them. Only words of ours are in the text.
struct Wanted {
    text: String,
    bound: Vec<Box<dyn ToSql + Sync>>,
}

impl Wanted {
    fn of(tenant: &str, query: &PostingQuery) -> Self {
        let mut wanted = Self { text: "tenant = $1".into(), bound: vec![Box::new(tenant.to_owned())] };
        if !query.accounts.is_empty() {
            let accounts: Vec<String> = query.accounts.iter().map(ToString::to_string).collect();
            wanted.bind("account = ANY(", accounts);
            wanted.text.push(')');
        }
        wanted.and("date >=", query.from.as_ref());
        wanted.and("date <=", query.to.as_ref());
        wanted
    }

    fn bind(&mut self, condition: &str, value: impl ToSql + Sync + 'static) {
        self.bound.push(Box::new(value));
        self.text += &format!(" AND {condition} ${}", self.bound.len());
    }

    fn and<T: ToString>(&mut self, condition: &str, value: Option<&T>) {
        if let Some(value) = value {
            self.bind(condition, value.to_string());
        }
    }

    fn bound(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.bound.iter().map(AsRef::as_ref).collect()
    }
}

const ENTRY: &str = "SELECT at, account, date, kind, contract, source, count, debit, lead, n, key, sold, refers_to, counters, \
                     said_by, reason FROM ledger_entry";

fn entry(row: &Row) -> Result<Entry, Error> {
    let source: Option<SourceId> = unless_empty(row, 5)?;
    let key: Option<String> = get(row, 10)?;
    let sale = match (key, &source) {
        (Some(key), Some(source)) => {
            let decision = DecisionId { source: source.clone(), lead: parsed(row, 8)?, n: whole(row, 9)? };
            Some(EntrySale { decision, key, sold: parsed(row, 11)? })
        }
        _ => None,
    };
    let sum = PostingSum {
        account: parsed(row, 1)?,
        kind: parsed(row, 3)?,
        contract: unless_empty(row, 4)?,
        source,
        count: get(row, 6)?,
        debit: get(row, 7)?,
    };
    Ok(Entry {
        at: time(row, 0)?,
        posting: Posting { date: parsed(row, 2)?, sum },
        sale,
        refers_to: get(row, 12)?,
        counters: serde_json::from_str(get(row, 13)?).map_err(|_| odd())?,
        by: get(row, 14)?,
        reason: get(row, 15)?,
    })
}

impl Work<'_> {
    pub(super) fn post(&self, posting: &Posting) {
        let PostingSum { account, kind, contract, source, count, debit } = posting.sum.clone();
        let key: PostingKey = (account, posting.date, kind, contract, source);
        let mut pending = self.pending.borrow_mut();
        let sum = pending.posted.entry(key).or_default();
        *sum = (sum.0.saturating_add(count), sum.1.saturating_add(debit));
    }

    pub(super) fn posted_sums(&self, query: &PostingQuery) -> Result<Vec<PostingSum>, Error> {
        self.flush()?;
        let wanted = Wanted::of(self.tenant(), query);
        let sql = format!(
            "SELECT account, kind, contract, source, sum(count)::bigint, sum(debit)::bigint FROM ledger_day WHERE {} \
             GROUP BY account, kind, contract, source",
            wanted.text
        );
        let mut sums = self.all(&sql, &wanted.bound(), |row| {
            Ok(PostingSum {
                account: parsed(row, 0)?,
                kind: parsed(row, 1)?,
                contract: unless_empty(row, 2)?,
                source: unless_empty(row, 3)?,
                count: get(row, 4)?,
                debit: get(row, 5)?,
            })
        })?;
        // The order of the texts is not that of our types.
        sums.sort();
        Ok(sums)
    }

    pub(super) fn ledger_entries(&self, query: &EntryQuery) -> Result<Vec<Entry>, Error> {
        self.flush()?;
        let mut wanted = Wanted::of(self.tenant(), &query.postings);
        wanted.and("kind =", query.kind.map(PostingKind::as_str).as_ref());
        wanted.and("sold >=", query.sold_from.as_ref());
        wanted.and("sold <=", query.sold_to.as_ref());
        if let Some(DecisionId { source, lead, n }) = &query.decision {
            wanted.and("lead =", Some(lead));
            wanted.and("source =", Some(source));
            wanted.bind("n =", i64::from(*n));
        }
        self.all(&format!("{ENTRY} WHERE {} ORDER BY id", wanted.text), &wanted.bound(), entry)
    }

    pub(super) fn closed_statements(&self, party: Option<&Party>) -> Result<Vec<ClosedStatement>, Error> {
        self.flush()?;
        let mut wanted = Wanted::of(self.tenant(), &PostingQuery::default());
        wanted.and("party =", party);
        let sql = format!("SELECT party, n, first, last, body FROM statement WHERE {} ORDER BY party, n", wanted.text);
        let mut all = self.all(&sql, &wanted.bound(), |row| {
            Ok(ClosedStatement {
                party: parsed(row, 0)?,
                n: whole(row, 1)?,
                from: perhaps(row, 2)?,
                to: parsed(row, 3)?,
                body: get(row, 4)?,
            })
        })?;
        all.sort_by(|a, b| (&a.party, a.n).cmp(&(&b.party, b.n)));
        Ok(all)
    }

    pub(super) fn put_entry(&self, entry: &Entry) {
        self.post(&entry.posting);
        let id = self.tick(|clock| {
            clock.entry = clock.entry.saturating_add(1);
            clock.entry
        });
        self.pending.borrow_mut().entries.push((id, entry.clone()));
    }

    pub(super) fn put_statement(&self, closed: &ClosedStatement) -> Result<(), Error> {
        let there = self.closed_statements(Some(&closed.party))?;
        if there.iter().any(|other| other.n == closed.n) {
            return Err(damaged(&self.link.place, "a closed statement is there already"));
        }
        self.pending.borrow_mut().statements.push(closed.clone());
        Ok(())
    }
}
