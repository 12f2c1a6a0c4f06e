//! The error ledger as rows. Of all decisions of a transaction each row is written once.

use super::look::{Row, odd, parsed, time};
use super::work::Work;
use crate::model::{Error, Fingerprint, Timestamp};
use crate::report::Group;
use crate::store::{GroupSaid, GroupState, MOST_GROUPS, ProblemGroup};
use rusqlite::params;
use std::collections::BTreeMap;

/// What a transaction has met.
pub(super) type Met = BTreeMap<Fingerprint, ProblemGroup>;

/// The columns of [`group`].
pub(super) const GROUPS: &str = "SELECT fingerprint, code, path, source, severity, count, actions, first_at, last_at, shape, \
                                 expected, sampled_at, state, since, said_by, reason, first_seq, last_seq FROM problem_group";

/// A value that is kept as the JSON that it is on the wire.
fn word<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|_| odd(column))
}

fn as_word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

pub(super) fn group(row: &Row<'_>) -> rusqlite::Result<ProblemGroup> {
    let group = Group {
        fingerprint: parsed(row, 0)?,
        code: parsed(row, 1)?,
        path: row.get(2)?,
        source: row.get(3)?,
        severity: word(row, 4)?,
        count: row.get(5)?,
        actions: word(row, 6)?,
        first: time(row.get(7)?),
        last: time(row.get(8)?),
        shape: row.get(9)?,
        expected: row.get(10)?,
        sampled: time(row.get(11)?),
    };
    Ok(ProblemGroup {
        group,
        state: parsed(row, 12)?,
        since: time(row.get(13)?),
        by: row.get(14)?,
        reason: row.get(15)?,
        first_seq: row.get(16)?,
        last_seq: row.get(17)?,
    })
}

impl Work<'_> {
    pub(super) fn kept_problem(&self, fingerprint: &Fingerprint) -> Result<Option<ProblemGroup>, Error> {
        let sql = format!("{GROUPS} WHERE tenant = ?1 AND fingerprint = ?2");
        self.one(&sql, params![self.tenant(), fingerprint.to_string()], group)
    }

    /// As it is with what this transaction has met.
    pub(super) fn problem_state(&self, fingerprint: &Fingerprint) -> Result<Option<GroupState>, Error> {
        let kept = self.kept_problem(fingerprint)?.map(|kept| kept.state);
        let met = self.met.contains_key(fingerprint);
        Ok(if met { Some(kept.unwrap_or_default().met_again()) } else { kept })
    }

    pub(super) fn meet(&mut self, groups: &[Group<Timestamp>], position: u64) {
        for group in groups {
            let first = ProblemGroup::first(group.clone(), position);
            match self.met.get_mut(&group.fingerprint) {
                Some(met) => met.join(first),
                None => drop(self.met.insert(group.fingerprint, first)),
            }
        }
    }

    /// Writes what was met.
    pub(super) fn write_problems(&mut self) -> Result<(), Error> {
        for (fingerprint, met) in std::mem::take(&mut self.met) {
            match self.kept_problem(&fingerprint)? {
                Some(kept) => self.join_problem(kept, met)?,
                None if self.has_room()? => self.keep_problem(&met)?,
                None => {
                    let met = met.anywhere();
                    match self.kept_problem(&met.group.fingerprint)? {
                        Some(kept) => self.join_problem(kept, met)?,
                        None => self.keep_problem(&met)?,
                    }
                }
            }
        }
        Ok(())
    }

    fn has_room(&self) -> Result<bool, Error> {
        let sql = "SELECT count(*) FROM problem_group WHERE tenant = ?1";
        let count: Option<u64> = self.one(sql, params![self.tenant()], |row| row.get(0))?;
        Ok(count.unwrap_or(0) < MOST_GROUPS as u64)
    }

    fn join_problem(&self, mut kept: ProblemGroup, met: ProblemGroup) -> Result<(), Error> {
        kept.join(met);
        self.keep_problem(&kept)
    }

    fn keep_problem(&self, row: &ProblemGroup) -> Result<(), Error> {
        let sql = "INSERT OR REPLACE INTO problem_group(tenant, fingerprint, code, path, source, severity, count, actions, \
                   first_at, last_at, shape, expected, sampled_at, state, since, said_by, reason, first_seq, last_seq) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)";
        let group = &row.group;
        let params = params![
            self.tenant(),
            group.fingerprint.to_string(),
            group.code.as_str(),
            group.path,
            group.source,
            as_word(&group.severity),
            group.count,
            as_word(&group.actions),
            group.first.millis(),
            group.last.millis(),
            group.shape,
            group.expected,
            group.sampled.millis(),
            row.state.as_str(),
            row.since.millis(),
            row.by,
            row.reason,
            row.first_seq,
            row.last_seq,
        ];
        self.run(sql, params)
    }

    pub(super) fn say_problem(&self, said: &GroupSaid, at: Timestamp) -> Result<(), Error> {
        let Some(mut kept) = self.kept_problem(&said.fingerprint)? else { return Ok(()) };
        kept.say(said, at);
        self.keep_problem(&kept)
    }
}
