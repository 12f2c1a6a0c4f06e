//! Leads that wait, as rows.

use super::look::{Row, decision_id, parsed, time};
use super::work::Work;
use crate::model::{DecisionId, Error, LeadId, SourceId, Waiting};
use rusqlite::params;

/// Columns in the order of [`waiting`], behind the place.
pub(super) const WAITING: &str = "SELECT id, source, lead, n, why, received, since, due, until, tries FROM waiting";

pub(super) fn waiting(row: &Row<'_>) -> rusqlite::Result<(u64, Waiting)> {
    let waiting = Waiting {
        decision: decision_id(row, 1)?,
        why: parsed(row, 4)?,
        received: time(row.get(5)?),
        since: time(row.get(6)?),
        due: time(row.get(7)?),
        until: time(row.get(8)?),
        tries: row.get(9)?,
    };
    Ok((row.get(0)?, waiting))
}

impl Work<'_> {
    pub(super) fn in_queue(&self, source: &SourceId, lead: &LeadId) -> Result<Option<Waiting>, Error> {
        let sql = format!("{WAITING} WHERE tenant = ?1 AND source = ?2 AND lead = ?3");
        let found = self.one(&sql, params![self.tenant(), source.as_str(), lead.as_str()], waiting)?;
        Ok(found.map(|(_, waiting)| waiting))
    }

    pub(super) fn leave_queue(&self, source: &SourceId, lead: &LeadId) -> Result<(), Error> {
        let sql = "DELETE FROM waiting WHERE tenant = ?1 AND source = ?2 AND lead = ?3";
        self.run(sql, params![self.tenant(), source.as_str(), lead.as_str()])
    }

    /// Without its lead nothing can be decided again; a namesake goes on waiting.
    pub(super) fn leave_queue_as(&self, id: &DecisionId) -> Result<(), Error> {
        let sql = "DELETE FROM waiting WHERE tenant = ?1 AND source = ?2 AND lead = ?3 AND n = ?4";
        self.run(sql, params![self.tenant(), id.source.as_str(), id.lead.as_str(), id.n])
    }

    /// Puts it at the end, or changes the row that it has.
    pub(super) fn put_in_queue(&self, waiting: &Waiting) -> Result<(), Error> {
        let sql = "INSERT INTO waiting(tenant, source, lead, n, why, received, since, due, until, tries) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT(tenant, source, lead) DO UPDATE SET \
                   n = excluded.n, why = excluded.why, received = excluded.received, since = excluded.since, \
                   due = excluded.due, until = excluded.until, tries = excluded.tries";
        let id = &waiting.decision;
        let params = params![
            self.tenant(),
            id.source.as_str(),
            id.lead.as_str(),
            id.n,
            waiting.why.as_str(),
            waiting.received.millis(),
            waiting.since.millis(),
            waiting.due.millis(),
            waiting.until.millis(),
            waiting.tries,
        ];
        self.run(sql, params)
    }
}
