//! Which plan the leads of a store are decided by: the log says when that changes.

use crate::events::{PlanActivated, written};
use crate::model::{Error, Event, EventKind, Subject, TenantId, Timestamp};
use crate::plan::Plan;
use crate::store::{Change, Setting, Transaction};
use std::sync::{Mutex, PoisonError};

/// Under which name the store keeps the hash of the plan that began to decide last.
const ACTIVE: &str = "plan";

/// The plan by which an engine has decided. It says once that it begins: where engines of two plans share a store, as
/// while a new one is rolled out, they do not take turns in saying so.
#[derive(Default)]
pub(super) struct Active(Mutex<Option<String>>);

impl Active {
    /// Writes into the log that this plan decides from now on, before its first decision, unless it was the last anyway.
    pub(super) fn tell(
        &self,
        plan: &Plan,
        tenant: &TenantId,
        transaction: &mut dyn Transaction,
        at: Timestamp,
    ) -> Result<(), Error> {
        let hash = plan.hash();
        if self.0.lock().unwrap_or_else(PoisonError::into_inner).as_deref() == Some(hash) {
            return Ok(());
        }
        let before = transaction.setting(ACTIVE)?;
        if before.as_deref() == Some(hash) {
            return Ok(());
        }
        let data = PlanActivated { before, name: plan.name().to_owned(), plan: hash.to_owned() };
        let event = Event {
            kind: EventKind::PlanActivated,
            tenant: tenant.clone(),
            subject: Subject::Plan(hash.to_owned()),
            at,
            data: written(&data),
        };
        transaction.change(&Change {
            at,
            counters: Vec::new(),
            settings: vec![Setting { key: ACTIVE.into(), value: Some(hash.to_owned()) }],
            events: vec![event],
        })
    }

    /// What was told is committed.
    pub(super) fn told(&self, plan: &Plan) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.as_deref() != Some(plan.hash()) {
            *told = Some(plan.hash().to_owned());
        }
    }
}
