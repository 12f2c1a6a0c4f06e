//! Taking the lead out of a recorded decision.

use crate::engine::without_lead;
use crate::model::{Assignment, Code, Error};
use crate::store::{Erasure, Stored};
use serde::Deserialize;

#[derive(Deserialize)]
struct OnlyAssignments {
    assignments: Vec<Assignment>,
}

/// What is left of a decision once its lead is erased. One whose digest is wrong is not touched: what would be left could
/// not be told from what somebody made up.
pub(super) fn erasure(stored: &Stored, forget: bool) -> Result<Erasure, Error> {
    let record = &stored.record;
    let wrong = || Error::new(Code::StoreCorrupt, format!("{} is not what its digest says", record.id));
    let (body, inner) = match stored.inner {
        Some(inner) => (record.body.clone(), inner),
        None => without_lead(&record.body).map(|remains| (remains.body, remains.inner)).ok_or_else(wrong)?,
    };
    let read: OnlyAssignments = serde_json::from_slice(&body).map_err(|_| wrong())?;
    let deliveries = read.assignments.into_iter().map(|assignment| assignment.key).collect();
    Ok(Erasure { id: record.id.clone(), at: record.at, body, inner, forget, deliveries })
}

/// Whether an error is about one decision, and says nothing of the others.
pub(super) fn is_damaged(error: &Error) -> bool {
    matches!(error.code(), Code::StoreCorrupt | Code::ReplayPlanMissing)
}
