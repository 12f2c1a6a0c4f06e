//! Whether a lead that nobody takes now waits, for what, and until when.

use super::chance::hash;
use super::reads::State;
use super::settle::Settling;
use crate::model::{Action, Code, Next, Outcome, Problem, Timestamp, Waiting, WaitsFor};
use crate::plan::compiled::{Contract, OutsideCallWindow, Route};
use serde::{Deserialize, Serialize};

/// How often what waits is looked at, in milliseconds, and over how long the next look is spread by chance: what could
/// not be sold before a cap's new day is not all sold at its first instant (rule 24).
const EVERY: i64 = 5 * 60_000;
const SPREAD: i64 = 60_000;
/// Nobody waits longer than this for a person or a list.
const LONGEST: i64 = 30 * 86_400_000;
/// Every rule lets somebody call within a day or two; who comes too late for the hour waits for the next one.
const LONGEST_FOR_CALL: i64 = 7 * 86_400_000;

/// Nobody is kept longer than this, whatever for.
const LONGEST_KEPT: i64 = LONGEST;

/// Whether it is kept for somebody who may buy it.
fn is_kept(why: WaitsFor) -> bool {
    matches!(why, WaitsFor::CallWindow | WaitsFor::Retry)
}

/// What was known of a lead that had waited, kept with the reads of the decision that came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Waited {
    pub(super) why: WaitsFor,
    pub(super) received: Timestamp,
    pub(super) since: Timestamp,
    pub(super) until: Timestamp,
    /// What somebody said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) told: Option<Told>,
}

/// What somebody says about a lead that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    Release,
    Drop,
    /// To decide it again, after a mend.
    Again,
}

impl Waited {
    pub(super) fn of(row: &Waiting, told: Option<Told>) -> Self {
        Self { why: row.why, received: row.received, since: row.since, until: row.until, told }
    }
}

/// A lead that is to wait.
#[derive(Clone, Copy)]
pub(super) struct Wait {
    pub(super) why: WaitsFor,
    pub(super) since: Timestamp,
    pub(super) due: Timestamp,
    pub(super) until: Timestamp,
}

impl Wait {
    pub(super) fn next(&self) -> Next {
        match self.why {
            WaitsFor::Release => Next { action: "hold".into(), at: None, until: Some(self.until) },
            _ => Next { action: "retry".into(), at: Some(self.due), until: Some(self.until) },
        }
    }
}

impl<S: State> Settling<'_, S> {
    /// What is to become of a lead that waited, where that is known without asking anybody.
    pub(super) fn ended(&mut self) -> Option<Outcome> {
        let waited = self.waited.clone()?;
        let code = match (waited.told, waited.why) {
            (Some(Told::Drop), _) => Code::LeadDropped,
            (None, WaitsFor::Release) if self.lead.is_held() && self.at >= waited.until => Code::LeadHoldExpired,
            _ => return None,
        };
        self.problems.push(Problem::new(code, "").with_action(Action::Rejected));
        Some(Outcome::Rejected)
    }

    /// A policy holds it: somebody has to look at it.
    pub(super) fn waits_for_release(&mut self) {
        if self.lead.test {
            return;
        }
        self.wait = self.wait_for(WaitsFor::Release, None, LONGEST);
    }

    /// A list gave no answer: it will, once somebody has given it.
    pub(super) fn waits_for_list(&mut self) {
        if self.lead.test {
            return;
        }
        self.wait = self.wait_for(WaitsFor::List, Some(self.next_look()), LONGEST);
    }

    /// Remembers that a contract lets the lead wait until its consumer may be called.
    pub(super) fn may_hold(&mut self, contract: &Contract) {
        if contract.call_window == Some(OutsideCallWindow::Hold) {
            let next = self.must_wait(contract);
            self.opens = [self.opens, next].into_iter().flatten().min();
        }
    }

    /// Lets a lead wait that no group has placed: for the hour to call, or to be offered again. Only then the house is
    /// asked.
    pub(super) fn keep(&mut self, route: &Route) {
        if self.at_once || self.lead.test || !self.sales.is_empty() {
            return;
        }
        let for_call = self.opens.and_then(|opens| self.wait_for(WaitsFor::CallWindow, Some(opens), LONGEST_FOR_CALL));
        let passes = self.entries.iter().any(|entry| may_pass(entry.code));
        let within = route.retry.filter(|_| passes);
        let again = within.and_then(|within| self.wait_for(WaitsFor::Retry, Some(self.next_look()), within));
        self.wait = for_call.or(again);
    }

    /// `within` is counted from when it began to wait for this. What was said then holds, also where it waits for room by day
    /// and for the hour to call by night: each change of that does not begin anew.
    fn wait_for(&self, why: WaitsFor, due: Option<Timestamp>, within: i64) -> Option<Wait> {
        let anew = self.at.plus_millis(within);
        let (since, until) = match &self.waited {
            Some(waited) if waited.told.is_none() && waited.why == why => (waited.since, waited.until),
            Some(waited) if waited.told.is_none() && is_kept(why) && is_kept(waited.why) => {
                (waited.since, anew.min(waited.since.plus_millis(LONGEST_KEPT)))
            }
            _ => (self.at, anew),
        };
        let due = due.unwrap_or(until).min(until).min(self.too_old_at());
        (self.at < until).then_some(Wait { why, since, due, until })
    }

    /// When the plan takes the lead for too old (rule 88).
    fn too_old_at(&self) -> Timestamp {
        let received = self.lead.received_at.unwrap_or(self.at);
        let most = self.plan.intake.max_age.unwrap_or(i64::MAX);
        received.plus_millis(most.saturating_add(1))
    }

    fn next_look(&self) -> Timestamp {
        let [a, b, c, d, ..] = hash(&["lw1", self.lead.source.as_str(), self.lead.lead.as_str(), "retry"]);
        let spread = i64::from(u32::from_be_bytes([a, b, c, d])) % SPREAD;
        self.at.plus_millis(EVERY + spread)
    }
}

/// Whether time or operations may take this reason away. Whoever knows the person, or wants another price, will not change.
fn may_pass(code: Code) -> bool {
    use Code::{
        ContractBreakerOpen, ContractCallWindow, ContractCaps, ContractClosed, ContractFunds, ContractPace,
        ContractPaused, ContractRate,
    };
    matches!(
        code,
        ContractBreakerOpen
            | ContractCallWindow
            | ContractCaps
            | ContractClosed
            | ContractFunds
            | ContractPace
            | ContractPaused
            | ContractRate
    )
}
