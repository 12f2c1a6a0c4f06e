//! A plan from tables: buyers and contracts as rows of a spreadsheet or a database, beside a plan that has everything else.
//!
//! Each row becomes what a file of a buyer would say; it is checked and compiled as such, and what is found is told by
//! table, row and column.

mod buyer;
mod cell;
mod column;
mod contract;
mod export;
mod fields;
mod hours;
mod origin;
mod read;
mod source;
mod test;

use super::compiled::Plan;
use super::document::Documents;
use super::resolve::{MemoryResolver, Resolver};
use crate::model::{Code, Error, Issue, RawMap, RawValue, read_value};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of tables. A row is what stands under its columns, in their order; what each column may be called, and how a cell
/// is read, is described in `docs/tables.md`.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// One row a buyer. Without any, the buyers are those that the contracts name.
    pub buyers: Vec<RawMap>,
    /// One row a contract.
    pub contracts: Vec<RawMap>,
    /// The entries of lists that the plan reads from files, by the names of the lists.
    pub lists: BTreeMap<String, Vec<RawValue>>,
    /// Columns that say nothing about the plan.
    pub ignore: BTreeSet<String>,
}

/// What rows came to.
pub struct CheckedRows {
    /// The plan; none when there is an error, or something this version cannot do yet.
    pub plan: Option<Plan>,
    /// Everything found. Of a cell, `file` is the table (`buyers`, `contracts`, `lists.NAME`), `line` the row and `column`
    /// the column, both from 1 without the header, and `path` the name of the column after a `/`.
    pub issues: Vec<Issue>,
    /// The same plan as files: the plan itself, one file for each buyer of the rows, and those of the lists.
    pub files: BTreeMap<String, String>,
}

impl Rows {
    /// From JSON: `{"buyers":[{…}],"contracts":[{…}],"lists":{"name":[…]},"ignore":["column"]}`.
    ///
    /// # Errors
    /// `input.bad_option` when it is no such object.
    ///
    /// ```
    /// use leadwright::plan::Rows;
    /// let rows = Rows::from_json(br#"{"contracts": [{"contract": "a", "buyer": "b", "price": 42.5}]}"#)?;
    /// assert_eq!((rows.buyers.len(), rows.contracts.len()), (0, 1));
    /// assert!(Rows::from_json(br#"{"contracts": [7]}"#).is_err());
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let bad = |why: String| Error::new(Code::InputBadOption, why);
        let read = read_value(json).map_err(|error| bad(format!("the tables are no JSON: {error}")))?;
        let RawValue::Object(tables) = read.value else { return Err(bad("the tables are an object".into())) };
        let mut rows = Self::default();
        for (name, value) in tables.0 {
            match (name.as_str(), value) {
                ("buyers", value) => rows.buyers = maps(value, "buyers")?,
                ("contracts", value) => rows.contracts = maps(value, "contracts")?,
                ("lists", RawValue::Object(lists)) => {
                    for (name, entries) in lists.0 {
                        let RawValue::List(entries) = entries else {
                            return Err(bad(format!("the entries of the list `{name}` are a list")));
                        };
                        rows.lists.insert(name, entries);
                    }
                }
                ("ignore", RawValue::List(names)) => rows.ignore.extend(names.iter().filter_map(cell::text)),
                (_, RawValue::Null) => {}
                (name, _) => return Err(bad(format!("`{name}` of the tables is unknown or of the wrong kind"))),
            }
        }
        Ok(rows)
    }
}

fn maps(value: RawValue, table: &str) -> Result<Vec<RawMap>, Error> {
    let bad = |what: String| Error::new(Code::InputBadOption, what);
    let rows = match value {
        RawValue::Null => Vec::new(),
        RawValue::List(rows) => rows,
        _ => return Err(bad(format!("`{table}` are rows"))),
    };
    let row = |(at, row): (usize, RawValue)| match row {
        RawValue::Object(row) => Ok(row),
        _ => Err(bad(format!("row {} of `{table}` has no columns with names", at + 1))),
    };
    rows.into_iter().enumerate().map(row).collect()
}

impl Plan {
    /// Reads a plan with the rows of tables for its buyers and contracts, and reports everything at once. `base` and
    /// `root` are a plan with all that does not stand in tables, as [`Plan::check`] reads it.
    pub fn check_rows(base: &(impl Resolver + ?Sized), root: &str, rows: &Rows) -> CheckedRows {
        let known = read::Known::of(base, root);
        let made = read::made(&known, rows);
        let overlay = source::Overlay { base, lists: made.list_files(&known, root) };
        let beside: Vec<(String, String)> = made.files().collect();
        let checked = Self::check_beside(&overlay, root, &beside);
        let mut issues = made.issues;
        let told = issues.clone();
        for issue in checked.issues {
            let issue = made.origins.locate(issue, &made.lists);
            if !origin::is_told(&issue, &told) {
                issues.push(issue);
            }
        }
        issues.sort_by_cached_key(origin::order);
        let refused = issues.iter().any(origin::refuses);
        let files = export::files(&overlay, root, &beside);
        CheckedRows { plan: checked.plan.filter(|_| !refused), issues, files }
    }

    /// Reads a plan whose buyers and contracts stand in tables.
    ///
    /// # Errors
    /// `rows.*` and `plan.*` with all issues, those of cells by table, row and column.
    ///
    /// ```
    /// use leadwright::plan::{MemoryResolver, Plan, Rows};
    /// let base = MemoryResolver::new([("plan.jsonc", r#"{
    ///     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    ///     "verticals": { "mortgage": { "extends": "us/mortgage@1" } },
    ///     "sources": { "web": { "verticals": ["mortgage"] } },
    ///     "routes": { "mortgage": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } }
    /// }"#)]);
    /// let rows = Rows::from_json(br#"{"contracts": [
    ///     {"contract": "acme-tx", "buyer": "acme", "states": "TX, OK", "credit_score_min": 620, "price": "$42.50", "daily_cap": ""}
    /// ]}"#)?;
    /// let plan = Plan::from_rows(&base, "plan.jsonc", &rows)?;
    /// assert!(plan.canonical().contains(r#""where":{"credit_score":{"gte":620},"state":["OK","TX"]}"#));
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn from_rows(base: &(impl Resolver + ?Sized), root: &str, rows: &Rows) -> Result<Self, Error> {
        let CheckedRows { plan, mut issues, .. } = Self::check_rows(base, root, rows);
        super::load::raise_what_is_ahead(&mut issues);
        plan.ok_or_else(|| Error::plan(issues))
    }

    /// The plan as files, one for each buyer: by their names, laid out. Comments, remarks and the entries of lists are
    /// not in a compiled plan, so they are not here.
    ///
    /// ```
    /// use leadwright::plan::{MemoryResolver, Plan};
    /// let files = MemoryResolver::new([("plan.jsonc", r#"{
    ///     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    ///     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    ///     "sources": { "web": { "verticals": ["roofing"] } },
    ///     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    ///     "buyers": { "acme": { "contracts": { "acme-il": {
    ///         "in": { "roofing/all": {} }, "where": { "state": "IL" }, "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// }"#)]);
    /// let plan = Plan::load(&files, "plan.jsonc")?;
    /// let files = plan.to_documents();
    /// assert_eq!(files.keys().collect::<Vec<_>>(), ["buyers/acme.jsonc", "plan.jsonc"]);
    /// let again = Plan::load(&MemoryResolver::new(files), "plan.jsonc")?;
    /// assert_eq!(again.hash(), plan.hash());
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn to_documents(&self) -> BTreeMap<String, String> {
        export::documents(&self.canonical)
    }
}

/// The documents of a text alone.
fn documents_of(name: &str, text: &str) -> Documents {
    Documents::load(&MemoryResolver::new([(name, text)]), name).0
}
