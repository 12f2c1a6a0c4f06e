//! How deliveries of a contract are tried: what the plan says, and what whoever delivers says instead.

use super::super::doors::Engine;
use super::asks::SOON;
use crate::deliver::Policy;
use crate::model::{ContractId, Error};
use crate::operate::DeliveryTerms;
use crate::plan::compiled::{AfterNoAnswer, Contract, NoAnswer};

/// The terms of one contract.
pub(super) struct Terms {
    pub(super) policy: Policy,
    /// Whether a refusal makes the sale fall: the plan says how the contract gets its leads, so the sale was none until then.
    /// Of others the host sold, and knows what to do.
    pub(super) falls: bool,
    /// How long a lead of which nobody knows is kept, in milliseconds.
    pub(super) hold: Option<i64>,
}

impl Engine {
    pub(super) fn terms_of(&self, contract: &ContractId, said: &DeliveryTerms) -> Result<Terms, Error> {
        let plan = self.plan();
        let found = plan.contracts.binary_search_by(|known| known.id.cmp(contract)).ok();
        let found = found.and_then(|place| plan.contract(place));
        let mut policy = said.policy()?;
        let post = found.and_then(|contract| contract.post.as_ref());
        if let Some(post) = post {
            policy.tries = post.tries.filter(|_| said.tries.is_none()).unwrap_or(policy.tries);
            policy.give_up_after =
                post.give_up_after.filter(|_| said.give_up_after.is_none()).unwrap_or(policy.give_up_after);
        }
        let no_answer = found.and_then(|contract| contract.no_answer.as_ref());
        if no_answer.is_some_and(|no_answer| no_answer.then == AfterNoAnswer::Retry)
            && !said.no_answer.contains_key(contract)
        {
            policy.retry_unknown.insert(contract.clone());
        }
        let asked_soon = |no_answer: &NoAnswer| no_answer.then.asks().map(|_| SOON);
        let hold = no_answer.and_then(|no_answer| no_answer.hold_at_most.or_else(|| asked_soon(no_answer)));
        Ok(Terms { policy, falls: post.is_some(), hold })
    }

    /// What is done about a lead that was kept long enough; none where it is kept until somebody finds out.
    pub(super) fn after_no_answer(&self, contract: &ContractId) -> Option<NoAnswer> {
        let plan = self.plan();
        let found = plan.contracts.binary_search_by(|known| known.id.cmp(contract)).ok()?;
        plan.contract(found).and_then(|contract: &Contract| contract.no_answer.clone())
    }
}
