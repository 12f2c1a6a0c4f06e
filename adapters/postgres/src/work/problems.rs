//! The error ledger as rows. Of all decisions of a transaction each row is written once.

use super::Work;
use super::fetch::Wanted;
use crate::look::{get, odd, parsed, time, whole};
use leadwright::model::{Error, Fingerprint, Timestamp};
use leadwright::report::Group;
use leadwright::store::{GroupSaid, GroupState, MOST_GROUPS, ProblemGroup};
use serde::de::DeserializeOwned;
use tokio_postgres::Row;

/// The columns of [`group`].
pub(crate) const GROUPS: &str = "SELECT fingerprint, code, path, source, severity, count, actions, first_at, last_at, shape, \
                                 expected, sampled_at, state, since, said_by, reason, first_seq, last_seq FROM problem_group";

/// A value that is kept as the JSON that it is on the wire.
fn word<T: DeserializeOwned>(row: &Row, column: usize) -> Result<T, Error> {
    serde_json::from_str(get(row, column)?).map_err(|_| odd())
}

pub(crate) fn group(row: &Row) -> Result<ProblemGroup, Error> {
    let group = Group {
        fingerprint: parsed(row, 0)?,
        code: parsed(row, 1)?,
        path: get(row, 2)?,
        source: get(row, 3)?,
        severity: word(row, 4)?,
        count: whole(row, 5)?,
        actions: word(row, 6)?,
        first: time(row, 7)?,
        last: time(row, 8)?,
        shape: get(row, 9)?,
        expected: get(row, 10)?,
        sampled: time(row, 11)?,
    };
    Ok(ProblemGroup {
        group,
        state: parsed(row, 12)?,
        since: time(row, 13)?,
        by: get(row, 14)?,
        reason: get(row, 15)?,
        first_seq: whole(row, 16)?,
        last_seq: whole(row, 17)?,
    })
}

impl Work<'_> {
    /// The row as it is with what this transaction has met.
    pub(super) fn kept_problem(&self, fingerprint: &Fingerprint) -> Result<Option<ProblemGroup>, Error> {
        if let Some(known) = self.cache.borrow().problems.get(fingerprint) {
            return Ok(known.clone());
        }
        self.fetch(&Wanted { problems: vec![*fingerprint], ..Wanted::default() })?;
        Ok(self.cache.borrow().problems.get(fingerprint).cloned().flatten())
    }

    pub(super) fn problem_state(&self, fingerprint: &Fingerprint) -> Result<Option<GroupState>, Error> {
        Ok(self.kept_problem(fingerprint)?.map(|kept| kept.state))
    }

    pub(super) fn meet(&self, groups: &[Group<Timestamp>], position: u64) -> Result<(), Error> {
        for group in groups {
            let mut met = ProblemGroup::first(group.clone(), position);
            let mut kept = self.kept_problem(&met.group.fingerprint)?;
            if kept.is_none() && !self.has_room()? {
                met = met.anywhere();
                kept = self.kept_problem(&met.group.fingerprint)?;
            }
            let is_new = kept.is_none();
            let row = match kept {
                Some(mut row) => {
                    row.join(met);
                    row
                }
                None => met,
            };
            self.keep_problem(row, is_new);
        }
        Ok(())
    }

    fn keep_problem(&self, row: ProblemGroup, is_new: bool) {
        let fingerprint = row.group.fingerprint;
        let mut cache = self.cache.borrow_mut();
        cache.problem_rows = cache.problem_rows.map(|rows| rows.saturating_add(u64::from(is_new)));
        cache.problems.insert(fingerprint, Some(row.clone()));
        self.pending.borrow_mut().problems.insert(fingerprint, row);
    }

    fn has_room(&self) -> Result<bool, Error> {
        let known = self.cache.borrow().problem_rows;
        let rows = match known {
            Some(rows) => rows,
            None => {
                let sql = "SELECT count(*) FROM problem_group WHERE tenant = $1";
                let written: u64 = self.one(sql, &[&self.tenant()], |row| whole(row, 0))?.unwrap_or(0);
                let gathered = self.pending.borrow().problems.len();
                // Some of those that are gathered are written already: rather too few new ones than too many rows.
                let rows = written.saturating_add(u64::try_from(gathered).unwrap_or(0));
                self.cache.borrow_mut().problem_rows = Some(rows);
                rows
            }
        };
        Ok(usize::try_from(rows).unwrap_or(usize::MAX) < MOST_GROUPS)
    }

    pub(super) fn say_problem(&self, said: &GroupSaid, at: Timestamp) -> Result<(), Error> {
        let Some(mut kept) = self.kept_problem(&said.fingerprint)? else { return Ok(()) };
        kept.say(said, at);
        self.keep_problem(kept, false);
        Ok(())
    }
}
