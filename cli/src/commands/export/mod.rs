//! `leadwright export`: rows since a cursor.

mod cells;
mod rows;

use super::{Failure, tenant};
use crate::args::{Export, Table};
use crate::ends::same_file;
use crate::{Exit, Streams, stores};
use cells::Sheet;
use leadwright::model::TenantId;
use leadwright::store::Store;
use rows::{columns, history, of_decision, of_event};
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write as _};
use std::path::Path;

/// So much is read at once.
const PAGE: usize = 512;

pub(crate) fn run(args: &Export, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (tenant, table) = (tenant(&args.tenant)?, args.what.table());
    let after = match (args.after, &args.cursor_file) {
        (Some(after), _) => after,
        (None, Some(path)) => kept(path, table)?,
        (None, None) => 0,
    };
    if same_file(&args.store, &args.output) {
        return Err(Failure::usage(format!("{}: this is the store; write to another file", args.output.display())));
    }
    // What leads say needs the keys of a store that is encrypted; and an older file has no history yet.
    let needs_more = args.personal || table == Table::History;
    let store = if needs_more { stores::existing(&args.store)? } else { stores::reading(&args.store)? };
    let mut file;
    let writer: &mut dyn std::io::Write = if args.output.as_os_str() == "-" {
        &mut *streams.out
    } else {
        let failed = |error| Failure::input(format!("{}: {error}", args.output.display()));
        file = BufWriter::new(File::create(&args.output).map_err(failed)?);
        &mut file
    };
    let columns = columns(table, args.personal);
    let mut sheet = Sheet::new(writer, columns, args.form.csv);
    let run = Run { store: &*store, tenant: &tenant, table, personal: args.personal };
    let done = run.all(after, args.limit.unwrap_or(usize::MAX), &mut sheet);
    let (rows, ended) = (sheet.rows(), sheet.finish());
    let after = match (done, ended) {
        (Ok(after), Ok(())) => after,
        // Whoever reads has gone: what it read, nobody knows.
        (_, Err(error)) | (Err(Stop::Output(error)), _) if error.kind() == ErrorKind::BrokenPipe => {
            return Ok(Exit::Ok);
        }
        (Err(Stop::Output(error)), _) | (Ok(_), Err(error)) => {
            return Err(Failure::input(format!("the output: {error}")));
        }
        (Err(Stop::Store(failure)), _) => return Err(failure),
    };
    if let Some(path) = &args.cursor_file {
        keep(path, table, after)?;
    }
    let rows = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
    let _ = writeln!(streams.err, "{rows}; what comes next is --{} --after {after}", word(table));
    Ok(Exit::Ok)
}

enum Stop {
    Store(Failure),
    Output(std::io::Error),
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Stop::Output(error)
    }
}

impl From<leadwright::model::Error> for Stop {
    fn from(error: leadwright::model::Error) -> Self {
        Stop::Store(error.into())
    }
}

struct Run<'a> {
    store: &'a dyn Store,
    tenant: &'a TenantId,
    table: Table,
    personal: bool,
}

impl Run<'_> {
    /// Page after page, until there is no more or enough; the cursor behind the last.
    fn all(&self, mut after: u64, limit: usize, sheet: &mut Sheet<'_>) -> Result<u64, Stop> {
        let mut left = limit;
        while left > 0 {
            let (last, count) = self.page(after, left.min(PAGE), sheet)?;
            let Some(last) = last else { break };
            (after, left) = (last, left.saturating_sub(count));
        }
        Ok(after)
    }

    fn page(&self, after: u64, limit: usize, sheet: &mut Sheet<'_>) -> Result<(Option<u64>, usize), Stop> {
        Ok(match self.table {
            Table::Events => {
                let page = self.store.events(self.tenant, after, limit)?;
                for (position, event) in &page {
                    sheet.row(&of_event(*position, event)?)?;
                }
                (page.last().map(|(position, _)| *position), page.len())
            }
            Table::History => {
                let page = self.store.history(self.tenant, after, limit)?;
                for (position, lead) in &page {
                    history(*position, lead, self.personal).into_iter().try_for_each(|row| sheet.row(&row))?;
                }
                (page.last().map(|(position, _)| *position), page.len())
            }
            Table::Decisions | Table::Sales | Table::Problems => {
                let page = self.store.decisions(self.tenant, after, limit)?;
                for stored in &page {
                    let rows = of_decision(self.table, stored, self.personal);
                    let rows = rows.map_err(Stop::Store)?;
                    rows.into_iter().try_for_each(|row| sheet.row(&row))?;
                }
                (page.last().map(|stored| stored.seq), page.len())
            }
        })
    }
}

fn word(table: Table) -> &'static str {
    match table {
        Table::Decisions => "decisions",
        Table::Sales => "sales",
        Table::Problems => "problems",
        Table::Events => "events",
        Table::History => "history",
    }
}

/// The cursor of a file; 0 where there is none yet.
fn kept(path: &Path, table: Table) -> Result<u64, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
        Err(error) => return Err(Failure::input(format!("{}: {error}", path.display()))),
    };
    let read = text.trim().split_once(' ').filter(|(of, _)| *of == word(table));
    let cursor = read.and_then(|(_, number)| number.parse().ok());
    cursor.ok_or_else(|| Failure::usage(format!("{}: this is no cursor of {}", path.display(), word(table))))
}

/// As a whole or not at all.
fn keep(path: &Path, table: Table, after: u64) -> Result<(), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        writeln!(file, "{} {after}", word(table))?;
        file.as_file().sync_all()?;
        file.persist(path).map(drop).map_err(|error| error.error)
    };
    write().map_err(|error: std::io::Error| Failure::input(format!("{}: {error}", path.display())))
}
