//! Plans from tables, for the bindings and for `init`.

use crate::files::Folder;
use leadwright::model::{Error, Issue, Severity};
use leadwright::plan::{CheckedRows, MemoryResolver, Plan, Rows};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The plan with all that does not stand in the tables.
#[derive(Clone, Copy, Debug)]
pub enum TablesBase<'a> {
    /// A file, with its lists beside it.
    File(&'a Path),
    /// Its text.
    Text(&'a [u8]),
}

#[derive(Serialize)]
struct Report<'a> {
    issues: &'a [Issue],
    files: &'a BTreeMap<String, String>,
}

/// What is wrong with tables, and the files that they stand for, as JSON: `{"issues","files"}`. The tables are JSON as
/// [`Rows::from_json`] takes it.
///
/// # Errors
/// `input.bad_option` when the tables are none.
///
/// ```
/// use leadwright_cli::{TablesBase, check_tables};
/// let base = br#"{"format": 1, "plan": "p", "currency": "USD", "timezone": "UTC"}"#;
/// let found = check_tables(TablesBase::Text(base), br#"{"buyers": [{"byer": "acme"}]}"#)?;
/// assert!(found.starts_with(r#"{"issues":[{"code":"rows.missing_cell""#), "{found}");
/// # Ok::<(), leadwright::model::Error>(())
/// ```
pub fn check_tables(base: TablesBase<'_>, tables: &[u8]) -> Result<String, Error> {
    let rows = Rows::from_json(tables)?;
    let CheckedRows { issues, files, .. } = check(base, &rows);
    Ok(serde_json::to_string(&Report { issues: &issues, files: &files }).unwrap_or_default())
}

/// The plan of tables.
///
/// # Errors
/// `input.bad_option` when the tables are none, `rows.*` and `plan.*` with all issues.
pub fn plan_of_tables(base: TablesBase<'_>, tables: &[u8]) -> Result<Plan, Error> {
    let rows = Rows::from_json(tables)?;
    match base {
        TablesBase::File(path) => {
            let (folder, name) = Folder::of(path);
            Plan::from_rows(&folder, &name, &rows)
        }
        TablesBase::Text(text) => Plan::from_rows(&in_memory(text), ROOT, &rows),
    }
}

const ROOT: &str = "plan.jsonc";

fn in_memory(text: &[u8]) -> MemoryResolver {
    MemoryResolver::new([(ROOT, text)])
}

pub(crate) fn check(base: TablesBase<'_>, rows: &Rows) -> CheckedRows {
    match base {
        TablesBase::File(path) => {
            let (folder, name) = Folder::of(path);
            Plan::check_rows(&folder, &name, rows)
        }
        TablesBase::Text(text) => Plan::check_rows(&in_memory(text), ROOT, rows),
    }
}

pub(crate) fn is_error(issue: &Issue) -> bool {
    issue.severity == Severity::Error
}
