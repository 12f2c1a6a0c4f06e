//! Writes batches: first what was refused, then the leads with the cursor behind them in one transaction.

use super::cursor::Cursor;
use crate::commands::Failure;
use leadwright::engine::Engine;
use leadwright::model::{Code, Error, Outcome, Problem, TenantId, Tick, Timestamp};
use leadwright::operate::{Observation, ObservedSale};
use leadwright::report::Ledger;
use leadwright::store::{Change, HistoryLead, Store};
use serde::Serialize;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::Path;

/// Records that were judged, in their order, and where that leaves the import.
pub(super) struct Batch {
    pub(super) leads: Vec<(u64, HistoryLead)>,
    pub(super) refused: Vec<(u64, Vec<Problem>)>,
    pub(super) records: u64,
    pub(super) line: u64,
    pub(super) sha256: String,
}

pub(super) struct Writer<'a> {
    pub(super) store: &'a dyn Store,
    pub(super) tenant: &'a TenantId,
    pub(super) name: &'a str,
    pub(super) cursor: Cursor,
    pub(super) rejects: Option<Rejects>,
    pub(super) problems: Ledger<u64>,
    pub(super) observing: Option<Observing<'a>>,
}

/// Sales since a time are taken down, too.
pub(super) struct Observing<'a> {
    pub(super) engine: &'a Engine,
    pub(super) since: Timestamp,
    pub(super) tick: Tick,
}

#[derive(Serialize)]
struct Refused<'a> {
    line: u64,
    #[serde(flatten)]
    problem: &'a Problem,
}

impl Writer<'_> {
    pub(super) fn write(&mut self, batch: Batch) -> Result<(), Failure> {
        for (line, problems) in &batch.refused {
            self.cursor.refused += 1;
            problems.iter().try_for_each(|problem| self.tell(*line, problem))?;
        }
        self.observe(&batch.leads)?;
        if let Some(rejects) = &mut self.rejects {
            self.cursor.rejects = rejects.flush()?;
        }
        (self.cursor.records, self.cursor.line, self.cursor.sha256) = (batch.records, batch.line, batch.sha256);
        self.cursor.imported += batch.leads.len() as u64;
        let leads: Vec<HistoryLead> = batch.leads.into_iter().map(|(_, lead)| lead).collect();
        self.commit(&leads)
    }

    fn tell(&mut self, line: u64, problem: &Problem) -> Result<(), Failure> {
        self.problems.add(problem, None, line);
        self.rejects.as_mut().map_or(Ok(()), |rejects| rejects.add(&Refused { line, problem }))
    }

    fn commit(&self, leads: &[HistoryLead]) -> Result<(), Failure> {
        match self.once(leads) {
            // Nobody knows whether it happened, but that the cursor says it.
            Err(error) if error.code() == Code::StoreCommitUnknown => {
                let found = Cursor::of(self.store, self.tenant, self.name)?;
                if found.as_ref() == Some(&self.cursor) { Ok(()) } else { Ok(self.once(leads)?) }
            }
            done => Ok(done?),
        }
    }

    fn once(&self, leads: &[HistoryLead]) -> Result<(), Error> {
        self.store.write(self.tenant, &mut |transaction| {
            transaction.put_history(leads)?;
            // The clock of the store stays: nothing was decided.
            let at = transaction.last_decided_at()?.unwrap_or(Timestamp::EPOCH);
            transaction.change(&Change { settings: vec![self.cursor.setting(self.name)], ..Change::at(at) })
        })
    }

    /// Taken down before the cursor is behind them: whoever is stopped in between tells the same again, which changes nothing.
    fn observe(&mut self, leads: &[(u64, HistoryLead)]) -> Result<(), Failure> {
        let Some(Observing { engine, since, tick }) = &self.observing else { return Ok(()) };
        let (engine, since, tick) = (*engine, *since, *tick);
        for (line, lead) in leads.iter().filter(|(_, lead)| lead.at >= since) {
            let sales: Vec<ObservedSale> = lead.sales.iter().flatten().map(sale).collect();
            if sales.is_empty() {
                continue;
            }
            let seen = Observation { outcome: Outcome::Assigned, sales, at: Some(lead.at), compare: false };
            match engine.observe(&lead.input, &seen, tick) {
                Ok(_) => self.cursor.observed += 1,
                Err(error) if matches!(error.code(), Code::OperationUnknownName | Code::OperationConflict) => {
                    self.tell(*line, &Problem::new(error.code(), ""))?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

fn sale(sale: &leadwright::store::HistorySale) -> ObservedSale {
    let price = Some(sale.price).filter(|price| price.units() > 0);
    ObservedSale { contract: sale.contract.clone(), price, sale: None, group: None, reservation: None }
}

/// The file of refused leads.
pub(super) struct Rejects {
    name: String,
    file: BufWriter<File>,
    length: u64,
    synced: u64,
}

impl Rejects {
    /// Begins the file, or goes on where the store says that it was: what came after that is told again.
    pub(super) fn open(path: &Path, length: u64) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let failed = |error: std::io::Error| Failure::input(format!("{name}: {error}"));
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(path).map_err(failed)?;
        if file.metadata().map_err(failed)?.len() < length {
            return Err(Failure::usage(format!("{name}: this is not the file of refused leads of before")));
        }
        file.set_len(length).map_err(failed)?;
        file.seek(SeekFrom::Start(length)).map_err(failed)?;
        Ok(Self { name, file: BufWriter::new(file), length, synced: length })
    }

    fn add(&mut self, refused: &impl Serialize) -> Result<(), Failure> {
        let mut line = serde_json::to_vec(refused).unwrap_or_default();
        line.push(b'\n');
        self.length += line.len() as u64;
        self.file.write_all(&line).map_err(|error| Failure::input(format!("{}: {error}", self.name)))
    }

    /// On disk before the store says so.
    fn flush(&mut self) -> Result<u64, Failure> {
        if self.synced < self.length {
            let done = self.file.flush().and_then(|()| self.file.get_ref().sync_data());
            done.map_err(|error| Failure::input(format!("{}: {error}", self.name)))?;
            self.synced = self.length;
        }
        Ok(self.length)
    }
}
