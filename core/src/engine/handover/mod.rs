//! Prepared leads as bytes: what many machines have prepared is settled by one, in a defined order. A row says which
//! version, tenant and plan it was prepared for, and is refused by any other.

mod read;
mod write;

use super::batch::{Line, PreparedLine, batches, no_line};
use super::doors::Engine;
use crate::model::limits::ROW_BYTES;
use crate::model::{Code, Error, Tick};
use crate::plan::Plan;
use read::Reader;
use write::Writer;
use xxhash_rust::xxh3::xxh3_64;

/// Every row begins so.
const MAGIC: &[u8] = b"LWP";
/// The form of what follows; another one is read by nobody but its own version.
const FORM: u8 = b'1';
/// Bytes of the checksum, which is over all that follows it.
const CHECKSUM: usize = 8;

const REFUSED: u8 = 0;
const LEAD: u8 = 1;

impl Engine {
    /// The pure half of [`decide_batch`](Self::decide_batch), for a machine that does not settle: a row of bytes for each
    /// line, for [`settle_batch`](Self::settle_batch) of an engine with the same plan, tenant and version, there or here.
    /// It asks for no state, so an engine with an empty store in memory does; lists that the plan keeps outside of itself
    /// have to be [given](Self::set_list) to it. Rows hold the lead: personal data.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": {
    /// #         "in": { "roofing/all": {} }, "where": { "state": "IL" }, "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// # }"#)]);
    /// use leadwright::{engine::Engine, model::Tick, store::MemoryStore};
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// let lines = b"{\"id\":\"L1\",\"source\":\"web\",\"zip\":\"60601\"}\n\n";
    /// let now = Tick::at("2026-11-24T15:30:00Z".parse()?);
    /// let worker = Engine::open(plan.clone(), MemoryStore::new())?;
    /// let rows = worker.prepare_batch(lines, now);
    ///
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let settled = engine.settle_batch(&rows, 1)?;
    /// let bytes: Vec<u8> = settled.iter().flat_map(|line| [line.bytes(), b"\n"].concat()).collect();
    /// assert_eq!(bytes, Engine::open(Plan::load(&files, "plan.jsonc")?, MemoryStore::new())?.decide_batch(lines, now)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn prepare_batch(&self, leads: &[u8], tick: Tick) -> Vec<Vec<u8>> {
        batches(leads).flat_map(|(_, lines)| lines).map(|line| self.prepare_row(line, tick)).collect()
    }

    /// The same for one line. What is none has a row, too: it is numbered where it is settled.
    pub fn prepare_row(&self, line: &[u8], tick: Tick) -> Vec<u8> {
        let plan = self.plan();
        let lead = no_line(line).map_or_else(|| Ok(self.prepare(line, tick)), Err);
        // What is known of a lead is about twice as much as what came in.
        let size = if lead.is_ok() { line.len().saturating_mul(3) } else { 0 };
        let mut row = Writer(Vec::with_capacity(size.saturating_add(256)));
        row.0.extend_from_slice(MAGIC);
        row.byte(FORM);
        row.0.extend_from_slice(&[0; CHECKSUM]);
        let of_plan = lead.as_ref().map_or(plan.hash(), |lead| &lead.plan);
        let texts = [&self.version.version, &self.version.data, self.tenant().as_str(), of_plan];
        texts.into_iter().for_each(|text| row.text(text));
        match &lead {
            Err(problem) => {
                row.byte(REFUSED);
                row.problem(problem);
            }
            Ok(lead) => {
                row.byte(LEAD);
                row.lead(lead);
            }
        }
        let mut row = row.0;
        if let Some((head, rest)) = row.split_at_mut_checked(MAGIC.len() + 1 + CHECKSUM) {
            let sum = xxh3_64(rest).to_le_bytes();
            head.iter_mut().skip(MAGIC.len() + 1).zip(sum).for_each(|(byte, of_sum)| *byte = of_sum);
        }
        row
    }

    /// Rows that were prepared elsewhere, ready for [`settle_lines`](Self::settle_lines); the first is the line of this
    /// number. A checksum finds damage, not intent: whoever may write rows says what a lead is and which criteria it meets.
    /// `replay` finds what they made up, for the row brings the lead as it came.
    ///
    /// # Errors
    /// `prepared.damaged`, `prepared.other_version`, `prepared.other_tenant`, `prepared.other_plan`, each with the number
    /// of the line.
    pub fn read_rows<R: AsRef<[u8]>>(&self, rows: &[R], line: u64) -> Result<Vec<PreparedLine>, Error> {
        let plan = self.plan();
        let one = |(number, row): (u64, &R)| {
            let read = self.read_row(&plan, row.as_ref(), number);
            read.map_err(|code| Error::new(code, format!("line {number}")))
        };
        (line..).zip(rows).map(one).collect()
    }

    fn read_row(&self, plan: &Plan, row: &[u8], number: u64) -> Result<PreparedLine, Code> {
        let damaged = || Code::PreparedDamaged;
        let rest = row.strip_prefix(MAGIC).filter(|_| row.len() <= ROW_BYTES).ok_or_else(damaged)?;
        let (form, rest) = rest.split_first().ok_or_else(damaged)?;
        if *form != FORM {
            return Err(if form.is_ascii_digit() { Code::PreparedOtherVersion } else { Code::PreparedDamaged });
        }
        let (sum, rest) = rest.split_first_chunk::<CHECKSUM>().ok_or_else(damaged)?;
        if u64::from_le_bytes(*sum) != xxh3_64(rest) {
            return Err(Code::PreparedDamaged);
        }
        let mut row = Reader(rest);
        let mut text = || row.text().ok_or_else(damaged);
        let (version, data, tenant, of_plan) = (text()?, text()?, text()?, text()?);
        if version != self.version.version || data != self.version.data {
            return Err(Code::PreparedOtherVersion);
        }
        if tenant != self.tenant().as_str() {
            return Err(Code::PreparedOtherTenant);
        }
        if of_plan != plan.hash() {
            return Err(Code::PreparedOtherPlan);
        }
        let line = match row.byte() {
            Some(REFUSED) => row.problem().map(|problem| PreparedLine::refused(number, problem)),
            Some(LEAD) => row.lead(plan).map(|lead| PreparedLine::Lead(Box::new(lead))),
            _ => None,
        };
        line.filter(|_| row.0.is_empty()).ok_or_else(damaged)
    }

    /// Settles rows in their order, and answers as [`decide_batch`](Self::decide_batch) does for the lines that they were
    /// prepared from, to the byte. The first is the line of this number. All are read before the first is settled.
    ///
    /// # Errors
    /// As [`read_rows`](Self::read_rows), and nothing was settled; `store.*` as [`settle`](Self::settle).
    pub fn settle_batch<R: AsRef<[u8]>>(&self, rows: &[R], line: u64) -> Result<Vec<Line>, Error> {
        self.settle_lines(self.read_rows(rows, line)?)
    }
}
