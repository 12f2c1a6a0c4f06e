//! Writes what was gathered: one statement a table, whatever the number of rows, all in one flight, each in the order of its
//! keys.

use super::Work;
use super::columns::Write;
use super::write::{Sorted, writes};
use crate::fault::at_commit;
use crate::link::{Bound, Ended};
use leadwright::model::{Code, Error};
use tokio_postgres::types::ToSql;

impl Work<'_> {
    /// Writes what is gathered so far, so that whoever asks the server finds it.
    pub(super) fn flush(&self) -> Result<(), Error> {
        if self.pending.borrow().is_empty() {
            return Ok(());
        }
        let pending = self.pending.take();
        let clock = self.clock()?;
        let sorted = Sorted::of(&pending);
        let writes = writes(self.tenant, &pending, &sorted, &clock);
        let bound = bound(&writes);
        self.link.flight(&flight(&writes, &bound)).map_err(|error| self.fault(&error))?;
        // What is kept apart from what is written would be counted twice.
        let mut cache = self.cache.borrow_mut();
        cache.took.extend(pending.taken.keys().cloned());
        cache.moments.clear();
        cache.claims.clear();
        cache.claimed.clear();
        cache.payloads.clear();
        Ok(())
    }
}

/// Ends a transaction: writes what is gathered, and commits, in one flight.
pub(crate) fn end(work: &Work<'_>) -> Result<(), Error> {
    if work.link.spoilt.get() {
        // Whoever went on after a statement that failed is not told that it was committed.
        return Err(Error::new(Code::StoreIo, format!("{}: a statement of the transaction failed", work.link.place)));
    }
    let pending = work.pending.take();
    let clock = work.clock()?;
    let sorted = Sorted::of(&pending);
    let writes = writes(work.tenant, &pending, &sorted, &clock);
    let bound = bound(&writes);
    let done = work.link.flight_and_commit(&flight(&writes, &bound)).map_err(|ended| match ended {
        Ended::Before(error) => work.fault(&error),
        Ended::Unknown(error) => {
            work.link.broken.set(true);
            at_commit(&work.link.place, &error)
        }
    });
    work.committed.set(done.is_ok());
    done
}

fn bound<'b>(writes: &'b [Write<'_>]) -> Vec<Vec<&'b (dyn ToSql + Sync)>> {
    writes.iter().map(|write| write.bound.iter().map(|column| &**column as &(dyn ToSql + Sync)).collect()).collect()
}

fn flight<'b>(writes: &'b [Write<'_>], bound: &'b [Vec<&'b (dyn ToSql + Sync)>]) -> Vec<(&'static str, Bound<'b>)> {
    writes.iter().zip(bound).map(|(write, bound)| (write.sql, bound.as_slice())).collect()
}
