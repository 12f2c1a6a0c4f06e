//! Leads of the past: written by COPY, which is the quickest way into the server.

use super::Work;
use crate::copy::Rows;
use crate::fault::damaged;
use crate::link::Link;
use crate::look::{get, odd, parsed, signed, time, whole};
use leadwright::model::{Error, TenantId};
use leadwright::store::HistoryLead;
use tokio_postgres::Row;

const COPY: &str = "COPY history(tenant, seq, source, lead, at, input, sales) FROM STDIN BINARY";
const COLUMNS: i16 = 7;

impl Work<'_> {
    /// Under the row of the tenant's clock, as all that is written: nobody else counts up meanwhile.
    pub(super) fn copy_history(&self, leads: &[HistoryLead]) -> Result<(), Error> {
        if leads.is_empty() {
            return Ok(());
        }
        let tenant = self.tenant();
        let found = self.rows("SELECT seq FROM history_end WHERE tenant = $1", &[&tenant])?;
        let mut seq: i64 = found.first().map_or(Ok(0), |row| get(row, 0))?;
        let place = self.link.place.clone();
        let (mut rows, mut left, mut is_over) = (Rows::new(COLUMNS), leads.iter(), false);
        // Piece by piece, each while the server works at the one before.
        self.link.copy_in(COPY, || {
            for lead in left.by_ref() {
                seq = seq.saturating_add(1);
                add(&mut rows, tenant, seq, lead).map_err(|_| damaged(&place, "a sale cannot be written"))?;
                if let Some(piece) = rows.full() {
                    return Ok(Some(piece));
                }
            }
            let last = (!is_over).then(|| rows.last());
            is_over = true;
            Ok(last)
        })?;
        let sql = "INSERT INTO history_end(tenant, seq) VALUES ($1, $2) \
                   ON CONFLICT (tenant) DO UPDATE SET seq = excluded.seq";
        self.rows(sql, &[&tenant, &seq]).map(drop)
    }

    pub(super) fn empty_history(&self, positions: &[u64]) -> Result<(), Error> {
        let positions: Vec<i64> = positions.iter().map(|position| signed(*position)).collect();
        let sql = "UPDATE history SET input = ''::bytea WHERE tenant = $1 AND seq = ANY($2)";
        self.rows(sql, &[&self.tenant(), &positions]).map(drop)
    }
}

fn add(rows: &mut Rows, tenant: &str, seq: i64, lead: &HistoryLead) -> Result<(), serde_json::Error> {
    let sales = lead.sales.as_ref().map(serde_json::to_vec).transpose()?;
    rows.begin();
    rows.field(tenant.as_bytes());
    rows.field(&seq.to_be_bytes());
    rows.field(lead.source.as_str().as_bytes());
    rows.field(lead.lead.as_str().as_bytes());
    rows.field(&lead.at.millis().to_be_bytes());
    rows.field(&lead.input);
    match sales {
        Some(sales) => rows.field(&sales),
        None => rows.none(),
    }
    Ok(())
}

/// A page of leads.
pub(crate) fn history(
    link: &Link,
    tenant: &TenantId,
    after: u64,
    limit: usize,
) -> Result<Vec<(u64, HistoryLead)>, Error> {
    let sql = "SELECT seq, source, lead, at, input, sales FROM history \
               WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    link.rows(sql, &[&tenant.as_str(), &signed(after), &signed(limit)])?.iter().map(lead).collect()
}

fn lead(row: &Row) -> Result<(u64, HistoryLead), Error> {
    let sales: Option<&str> = get(row, 5)?;
    let lead = HistoryLead {
        source: parsed(row, 1)?,
        lead: parsed(row, 2)?,
        at: time(row, 3)?,
        input: get(row, 4)?,
        sales: sales.map(|text| serde_json::from_str(text).map_err(|_| odd())).transpose()?,
    };
    Ok((whole(row, 0)?, lead))
}
