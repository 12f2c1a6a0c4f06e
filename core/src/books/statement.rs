//! What a buyer owes or a supplier is owed, over a period.

use super::balances::money;
use crate::model::{
    Code, ContractId, Currency, Date, DecisionId, Error, Money, Party, PostingKind, SourceId, Timestamp,
};
use crate::store::{ClosedStatement, Entry, EntryQuery, PostingQuery, PostingSum, View};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What is asked for: one party, and the days of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatementQuery {
    /// Whose.
    pub party: Party,
    /// The number of a closed one; then no days are asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u32>,
    /// The first day; the one after the last closed statement when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day; all there is when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

impl StatementQuery {
    /// The open period of a party.
    pub fn open(party: Party) -> Self {
        Self { party, n: None, from: None, to: None }
    }

    /// Reads a query.
    ///
    /// ```
    /// use leadwright::books::StatementQuery;
    /// let query = StatementQuery::read(r#"{"party":"buyer:acme","to":"2026-11-30"}"#)?;
    /// assert_eq!(query.party.to_string(), "buyer:acme");
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// `input.bad_option`.
    pub fn read(json: &str) -> Result<Self, Error> {
        // What serde says of it may hold what was given.
        let unread =
            "a statement is asked for by its `party`, as `buyer:acme`, and `n`, a number, or `from` and `to`, dates";
        serde_json::from_str(json).map_err(|_| Error::new(Code::InputBadOption, unread))
    }
}

/// Reads whose statements are asked for; none for all.
///
/// ```
/// assert!(leadwright::books::party_of(Some("buyer:acme"))?.is_some());
/// # Ok::<(), leadwright::model::Error>(())
/// ```
///
/// # Errors
/// `input.bad_option`.
pub fn party_of(text: Option<&str>) -> Result<Option<Party>, Error> {
    let read = text.map(str::parse).transpose();
    read.map_err(|_| Error::new(Code::InputBadOption, "a party is like `buyer:acme` or `supplier:web`"))
}

/// What a party owes or is owed, over a period of civil days in the plan's zone. Amounts of a buyer say what it owes, those
/// of a supplier what it is owed; less than zero is the other way round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Statement {
    /// Version of this format: 1.
    #[cfg_attr(feature = "schema", schemars(extend("const" = 1)))]
    pub v: u32,
    /// Whose.
    pub party: Party,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The first day; absent where it has all that was before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day; absent where it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// What was open before.
    pub opening: Money,
    /// What was added, by kind, contract and source.
    pub lines: Vec<StatementLine>,
    /// What of that people did, one by one.
    pub entries: Vec<StatementEntry>,
    /// What is open after it: the opening and all lines.
    pub closing: Money,
    /// Who closed it; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<StatementClosed>,
}

/// A statement that does not change any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatementClosed {
    /// `buyer:acme.1`: the party, and the number of the statement.
    pub id: String,
    /// When it was closed.
    pub at: Timestamp,
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
    /// SHA-256 over all of it but this, and the hash of the statement before; 64 hex digits.
    #[cfg_attr(feature = "schema", schemars(extend("pattern" = "^[0-9a-f]{64}$")))]
    pub hash: String,
}

/// Postings of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatementLine {
    /// Why.
    pub kind: PostingKind,
    /// Under which contract; absent where it is about no lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// Through which source; absent where it is about no lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// How many.
    pub count: i64,
    /// How much.
    pub amount: Money,
}

/// What somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatementEntry {
    /// When.
    pub at: Timestamp,
    /// The day it is posted on.
    pub date: Date,
    /// Why.
    pub kind: PostingKind,
    /// How much.
    pub amount: Money,
    /// Who said so.
    pub by: String,
    /// Why, in their words.
    pub reason: String,
    /// The sale that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sale: Option<StatementSale>,
    /// The closed statement that has that sale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refers_to: Option<String>,
}

/// The sale that an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StatementSale {
    /// The decision.
    pub decision: DecisionId,
    /// Under which contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<ContractId>,
    /// The day it was sold on.
    pub sold: Date,
}

/// The day after.
pub(super) fn day_after(date: Date) -> Option<Date> {
    Date::of_epoch_day(date.epoch_day().saturating_add(1))
}

fn day_before(date: Date) -> Option<Date> {
    Date::of_epoch_day(date.epoch_day().saturating_sub(1))
}

/// Whether a day is over in every time zone: the farthest behind ends it 12 hours after UTC does. The clock of a store never
/// goes back, so nothing is ever posted on such a day again, whatever the zone of the next plan.
pub(crate) fn is_over(date: Date, at: Timestamp) -> bool {
    const DAY: i64 = 86_400_000;
    at.millis() >= date.epoch_day().saturating_add(1).saturating_mul(DAY).saturating_add(DAY / 2)
}

/// A statement of a party: a closed one by its number, or one over the days that are asked for.
///
/// # Errors
/// `input.bad_option` for a number that no closed statement has, or days that end before they begin; `store.*`.
pub fn statement(view: &dyn View, currency: Currency, query: &StatementQuery) -> Result<Statement, Error> {
    let closed = view.statements(Some(&query.party))?;
    if let Some(n) = query.n {
        if query.from.is_some() || query.to.is_some() {
            return Err(Error::new(
                Code::InputBadOption,
                "a closed statement has its own days: `from` and `to` are for the others",
            ));
        }
        let found = closed.iter().find(|closed| closed.n == n);
        let unknown = || Error::new(Code::InputBadOption, format!("there is no closed statement {}.{n}", query.party));
        return read(found.ok_or_else(unknown)?);
    }
    let from = query.from.or_else(|| day_after(closed.last()?.to));
    if from.zip(query.to).is_some_and(|(from, to)| to < from) {
        return Err(Error::new(Code::InputBadOption, "the statement ends before it begins"));
    }
    over(view, currency, &query.party, from, query.to)
}

/// The closed statements of a party, or of all.
///
/// # Errors
/// `store.*`.
pub fn statements(view: &dyn View, party: Option<&Party>) -> Result<Vec<Statement>, Error> {
    view.statements(party)?.iter().map(read).collect()
}

fn read(closed: &ClosedStatement) -> Result<Statement, Error> {
    let damaged = |_| Error::new(Code::StoreCorrupt, format!("the statement {} cannot be read", closed.id()));
    serde_json::from_str(&closed.body).map_err(damaged)
}

fn over(
    view: &dyn View,
    currency: Currency,
    party: &Party,
    from: Option<Date>,
    to: Option<Date>,
) -> Result<Statement, Error> {
    let accounts: Vec<_> = party.accounts().collect();
    // Before the first day that there is lies nothing.
    let before = match from.and_then(day_before) {
        None => Vec::new(),
        to => view.postings(&PostingQuery { accounts: accounts.clone(), from: None, to })?,
    };
    let opening = sum(party, &before);
    let query = PostingQuery { accounts, from, to };
    let postings = view.postings(&query)?;
    let closing = opening.saturating_add(sum(party, &postings));
    let entries = view.entries(&EntryQuery { postings: query, ..EntryQuery::default() })?;
    Ok(Statement {
        v: 1,
        party: party.clone(),
        currency,
        from,
        to,
        opening: money(opening),
        lines: lines(party, postings),
        entries: entries.into_iter().map(|entry| shown(party, entry)).collect(),
        closing: money(closing),
        closed: None,
    })
}

fn sum(party: &Party, postings: &[PostingSum]) -> i64 {
    postings.iter().fold(0, |sum: i64, posting| sum.saturating_add(party.balance(posting.debit)))
}

/// A line for each kind, contract and source: whether a lead was paid from funds makes no line of its own.
fn lines(party: &Party, mut postings: Vec<PostingSum>) -> Vec<StatementLine> {
    postings.sort_by(|a, b| (a.kind, &a.contract, &a.source).cmp(&(b.kind, &b.contract, &b.source)));
    let same = |a: &PostingSum, b: &PostingSum| (a.kind, &a.contract, &a.source) == (b.kind, &b.contract, &b.source);
    let line = |group: &[PostingSum]| {
        let first = group.first()?;
        let count = group.iter().fold(0, |count: i64, posting| count.saturating_add(posting.count));
        let (contract, source) = (first.contract.clone(), first.source.clone());
        Some(StatementLine { kind: first.kind, contract, source, count, amount: money(sum(party, group)) })
    };
    postings.chunk_by(same).filter_map(line).collect()
}

fn shown(party: &Party, entry: Entry) -> StatementEntry {
    let (contract, posting) = (entry.posting.sum.contract.clone(), &entry.posting);
    StatementEntry {
        at: entry.at,
        date: posting.date,
        kind: posting.sum.kind,
        amount: money(party.balance(posting.sum.debit)),
        by: entry.by,
        reason: entry.reason,
        sale: entry.sale.map(|sale| StatementSale { decision: sale.decision, contract, sold: sale.sold }),
        refers_to: entry.refers_to,
    }
}

/// Closes the open period of a party with a day.
///
/// # Errors
/// `operation.bad_period` where the day is not over everywhere, or an earlier statement has it; `store.*`.
pub(crate) fn close(
    view: &dyn View,
    currency: Currency,
    (party, to): (&Party, Date),
    (at, by, reason): (Timestamp, &str, &str),
) -> Result<(Statement, ClosedStatement), Error> {
    let refused = |why: String| Error::new(Code::OperationBadPeriod, why);
    let before = view.statements(Some(party))?;
    let last = before.last();
    if let Some(last) = last.filter(|last| to <= last.to) {
        return Err(refused(format!("{} has the days up to {}", last.id(), last.to)));
    }
    if !is_over(to, at) {
        return Err(refused(format!("{to} is not over in every time zone before 12:00 UTC of the day after")));
    }
    let n = last.map_or(1, |last| last.n.saturating_add(1));
    let from = last.and_then(|last| day_after(last.to));
    let mut statement = over(view, currency, party, from, Some(to))?;
    let (by, reason) = (by.to_owned(), reason.to_owned());
    let id = format!("{party}.{n}");
    statement.closed = Some(StatementClosed { id, at, by, reason, hash: String::new() });
    let hash = hash_of(&statement, hash_before(last)?.as_deref());
    if let Some(closed) = &mut statement.closed {
        closed.hash = hash;
    }
    let body = serde_json::to_string(&statement).map_err(|_| Error::new(Code::InternalError, "a statement"))?;
    let closed = ClosedStatement { party: party.clone(), n, from, to, body };
    Ok((statement, closed))
}

fn hash_before(before: Option<&ClosedStatement>) -> Result<Option<String>, Error> {
    let before = before.map(read).transpose()?;
    Ok(before.and_then(|before| Some(before.closed?.hash)))
}

/// Over all of the statement but its own hash, which has to be empty, and the hash of the one before: who changes an old
/// one would have to change all after it.
fn hash_of(statement: &Statement, before: Option<&str>) -> String {
    let mut sha = Sha256::new();
    sha.update("lw1|statement|");
    sha.update(before.unwrap_or_default());
    sha.update("|");
    sha.update(serde_json::to_string(statement).unwrap_or_default());
    sha.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a closed statement is what its hash says, follows the one before, and says what the ledger says; the first thing
/// that is wrong.
///
/// # Errors
/// `store.*`.
#[cfg(feature = "sqlite")]
pub(crate) fn is_right(
    view: &dyn View,
    closed: &ClosedStatement,
    before: Option<&ClosedStatement>,
) -> Result<Result<(), &'static str>, Error> {
    let Ok(mut statement) = read(closed) else { return Ok(Err("it cannot be read")) };
    let Some(of) = statement.closed.as_mut() else { return Ok(Err("it is not closed")) };
    let said = std::mem::take(&mut of.hash);
    let follows = of.id == closed.id()
        && closed.n == before.map_or(1, |before| before.n.saturating_add(1))
        && closed.from == before.and_then(|before| day_after(before.to));
    let hash = before.map(read).transpose().ok().flatten().and_then(|before| Some(before.closed?.hash));
    if said != hash_of(&statement, hash.as_deref()) {
        return Ok(Err("it is not what its hash says"));
    }
    let columns = (&statement.party, statement.from, statement.to) == (&closed.party, closed.from, Some(closed.to));
    if !follows || !columns {
        return Ok(Err("it does not follow the one before"));
    }
    statement.closed = None;
    let now = over(view, statement.currency, &closed.party, closed.from, Some(closed.to))?;
    Ok(if now == statement { Ok(()) } else { Err("it is not what the ledger says") })
}
