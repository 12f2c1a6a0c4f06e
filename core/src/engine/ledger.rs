//! The error ledger: what it knows, and what it tells whoever listens.

use super::Engine;
use super::record::Settled;
use crate::events::{ProblemMet, written};
use crate::model::{Error, Event, EventKind, Subject};
use crate::store::{GroupState, ProblemGroup, View};
use std::collections::BTreeSet;

impl Engine {
    /// The error ledger: every problem that is more than worth knowing, with its count, when it was first and last met, and
    /// what people said about it. By fingerprint.
    ///
    /// # Errors
    /// `store.*`.
    pub fn problems(&self) -> Result<Vec<ProblemGroup>, Error> {
        self.store().problems(self.tenant())
    }
}

/// Adds events for problems that nobody has met, or that came again after somebody had resolved them.
pub(super) fn tell_news(settled: &mut Settled, view: &dyn View) -> Result<(), Error> {
    let mut told = BTreeSet::new();
    for group in &settled.effects.problems {
        let kind = match view.problem(&group.fingerprint)? {
            // Where the ledger is full it is counted with others, which were told of.
            None if view.problem(&group.clone().anywhere().fingerprint)?.is_some() => continue,
            None => EventKind::ProblemNew,
            Some(GroupState::Resolved) => EventKind::ProblemRegressed,
            Some(_) => continue,
        };
        if !told.insert(group.fingerprint) {
            continue;
        }
        let (code, path, problem) = (group.code, group.path.clone(), group.fingerprint);
        settled.effects.events.push(Event {
            kind,
            tenant: settled.decision.tenant.clone(),
            subject: Subject::Decision(settled.decision.id.clone()),
            at: settled.decision.at,
            data: written(&ProblemMet { code, path, problem }),
        });
    }
    Ok(())
}
