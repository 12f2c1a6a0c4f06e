//! Which plan the leads of a store are decided by: the log says when that changes.

use crate::events::{PlanActivated, written};
use crate::model::{Code, Error, Event, EventKind, Subject, TenantId, Timestamp};
use crate::plan::Plan;
use crate::store::{Change, Setting, Transaction};
use std::sync::atomic::{AtomicU64, Ordering};

/// Under which name the store keeps the hash of the plan that began to decide last.
const ACTIVE: &str = "plan";

/// Under which name the store keeps the currency of its amounts: they are whole numbers that do not say what of.
const CURRENCY: &str = "currency";

/// The plan by which an engine has decided, as the first bits of its hash; 0 for none. It says once that it begins: where
/// engines of two plans share a store, as while a new one is rolled out, they do not take turns in saying so. No lock: a
/// forked child would inherit it.
#[derive(Default)]
pub(super) struct Active(AtomicU64);

fn first_bits(plan: &Plan) -> u64 {
    let digits = plan.hash().rsplit(':').next().and_then(|digits| digits.get(..16));
    digits.and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0)
}

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
        if self.0.load(Ordering::Relaxed) == first_bits(plan) {
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
        let mut settings = vec![Setting { key: ACTIVE.into(), value: Some(hash.to_owned()) }];
        settings.extend(same_currency(plan, &*transaction)?);
        transaction.change(&Change { settings, events: vec![event], ..Change::at(at) })
    }

    /// What was told is committed.
    pub(super) fn told(&self, plan: &Plan) {
        self.0.store(first_bits(plan), Ordering::Relaxed);
    }
}

/// What to take down of the currency of a plan before amounts in it are written: nothing where it is that of the store.
pub(super) fn same_currency(plan: &Plan, transaction: &dyn Transaction) -> Result<Option<Setting>, Error> {
    let ours = plan.currency.to_string();
    match transaction.setting(CURRENCY)? {
        None => Ok(Some(Setting { key: CURRENCY.into(), value: Some(ours) })),
        Some(theirs) if theirs == ours => Ok(None),
        Some(theirs) => {
            let said = format!("the store counts in {theirs}, the plan in {ours}");
            Err(Error::new(Code::StoreOtherCurrency, said))
        }
    }
}
