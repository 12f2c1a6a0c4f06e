//! Deciding again what was not sold, once what was wrong has been mended (rule 88).

use super::Engine;
use super::beside::give_back_what_is_over;
use super::doors::{Decided, effective};
use super::identity::UNKNOWN_SOURCE;
use super::prepare::{Asked, Before, Prepared, prepare_again};
use super::reads::Reads;
use super::record::Settled;
use super::waits::{Told, Waited};
use crate::model::{Code, DecisionId, Error, Fingerprint, Outcome, Problem, Tick, Timestamp, Waiting, WaitsFor};
use crate::plan::Plan;
use crate::report::Group;
use crate::store::{Stored, View};
use serde::{Deserialize, Serialize, Serializer};

/// So many decisions are looked at in one transaction.
const PAGE: usize = 256;
/// A lead is not tried for ever: so many decisions about it are enough.
const MOST: u32 = 8;

/// What came of looking at a decision again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Retried {
    /// The decision that had the problem.
    pub was: DecisionId,
    /// What had become of the lead.
    pub before: Outcome,
    /// What becomes of it now; the same where nothing has changed, and then nothing is recorded.
    pub now: Outcome,
    /// The new decision, by its id on the wire; none where nothing changed, or nothing was to be written.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "only_id")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<DecisionId>"))]
    pub decided: Option<Decided>,
    /// Whether what was recorded of the lead is damaged: nothing became of it, and the others were looked at.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "schema", schemars(default))]
    pub damaged: bool,
}

fn only_id<S: Serializer>(decided: &Option<Decided>, out: S) -> Result<S::Ok, S::Error> {
    decided.as_ref().map(|decided| &decided.id).serialize(out)
}

/// The problems of a decision's body.
#[derive(Deserialize)]
struct OnlyProblems {
    problems: Vec<Problem>,
}

fn problems(body: &[u8], id: &DecisionId) -> Result<Vec<Problem>, Error> {
    let read: Result<OnlyProblems, _> = serde_json::from_slice(body);
    read.map(|read| read.problems).map_err(|_| Error::new(Code::StoreCorrupt, id.to_string()))
}

impl Engine {
    /// Decides again every lead with this problem of the error ledger that was not sold, by the plan of now and as old as it
    /// is. Nothing is recorded of one for which nothing has changed, so that it may be said again; with `dry` nothing is
    /// recorded at all. Leads that were decided too often, or that somebody else bought meanwhile, are left out. One whose
    /// row is damaged is named, for it may have the problem, and keeps nobody from the others.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let text = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1", "problems": { "email.disposable": "reject" } } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": { "in": { "roofing/all": {} },
    /// #         "sell": { "exclusive": { "price": "40.00" } } } } } } }"#;
    /// # let plan = |text: &str| Plan::load(&MemoryResolver::new([("plan.jsonc", text.to_owned())]), "plan.jsonc");
    /// use leadwright::{engine::Engine, model::{Outcome, Tick}, store::{MemoryStore, Store}};
    /// let engine = Engine::open(plan(text)?, MemoryStore::new())?;
    /// let now = Tick::at("2026-11-24T15:30:00Z".parse()?);
    /// let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309","email":"ada@mailinator.com"}"#;
    /// assert_eq!(engine.decide(lead, now)?.outcome, Outcome::Rejected);
    ///
    /// // The plan was too strict.
    /// engine.swap(plan(&text.replace("reject", "warn"))?)?;
    /// let group = engine.problems()?.into_iter().find(|row| row.group.path == "/email").ok_or("no such problem")?;
    /// let tried = engine.retry(&group.group.fingerprint, now, true)?;
    /// assert_eq!((tried[0].before, tried[0].now), (Outcome::Rejected, Outcome::Assigned));
    /// assert!(engine.retry(&group.group.fingerprint, now, false)?[0].decided.is_some());
    /// assert!(engine.retry(&group.group.fingerprint, now, false)?.is_empty(), "it is sold");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `operation.unknown_name` for a problem that the ledger does not have; `store.*`. What was decided before it stays.
    pub fn retry(&self, problem: &Fingerprint, tick: Tick, dry: bool) -> Result<Vec<Retried>, Error> {
        let unknown = || Error::new(Code::OperationUnknownName, "the ledger has no such problem");
        let group = self.problems()?.into_iter().find(|row| row.group.fingerprint == *problem).ok_or_else(unknown)?;
        let (first, last) = (group.first_seq, group.last_seq);
        let plan = self.plan();
        let (mut after, mut all) = (first.saturating_sub(1), Vec::new());
        while after < last {
            let page = self.store().decisions(self.tenant(), after, PAGE)?;
            let Some(end) = page.last().map(|stored| stored.seq) else { break };
            after = end;
            let mut ready = Vec::new();
            for stored in page.iter().filter(|stored| stored.seq <= last && may_change(stored)) {
                match self.ready(&plan, &group.group, stored, tick) {
                    Ok(again) => ready.extend(again),
                    Err(error) if error.code() == Code::StoreCorrupt => all.push(damaged(stored)),
                    Err(error) => return Err(error),
                }
            }
            if ready.is_empty() {
                continue;
            }
            all.extend(self.retry_page(&plan, &group.group, &ready, dry)?);
        }
        Ok(all)
    }

    /// The same for a problem as it is written.
    ///
    /// # Errors
    /// As [`retry`](Self::retry).
    pub fn retry_named(&self, problem: &str, tick: Tick, dry: bool) -> Result<Vec<Retried>, Error> {
        let unread = |_| Error::new(Code::OperationUnknownName, "a problem is like lwp1: and 32 digits");
        self.retry(&problem.parse().map_err(unread)?, tick, dry)
    }

    /// A lead that has the problem, ready to be decided again.
    fn ready(
        &self,
        plan: &Plan,
        problem: &Group<Timestamp>,
        stored: &Stored,
        tick: Tick,
    ) -> Result<Option<Again>, Error> {
        let record = &stored.record;
        let found = problems(&record.body, &record.id)?;
        let has_it = found.iter().any(|found| is_it(problem, found, &record.id)) && !is_over(&found);
        if has_it { self.again(plan, stored, tick) } else { Ok(None) }
    }

    /// None for a request that was refused for what it said it was: it is another lead than the one of its id. None either
    /// for what another system decided.
    fn again(&self, plan: &Plan, stored: &Stored, tick: Tick) -> Result<Option<Again>, Error> {
        let record = &stored.record;
        let reads: Reads = serde_json::from_str(&record.reads)
            .map_err(|_| Error::new(Code::StoreCorrupt, format!("the reads of {}", record.id)))?;
        if reads.ruling.is_some() || reads.observed.is_some() {
            return Ok(None);
        }
        let received = reads.waited.map_or(record.at, |waited| waited.received);
        let row = Waiting {
            decision: record.id.clone(),
            why: WaitsFor::Retry,
            received,
            since: tick.now,
            due: tick.now,
            until: tick.now,
            tries: 0,
        };
        let waited = Waited::of(&row, Some(Told::Again));
        let before =
            Before { source: &record.id.source, lead: &record.id.lead, payload: record.payload, waited: &waited };
        let lead = prepare_again(plan, self.tenant(), &record.input, tick, &Asked::Now(&self.lists()), &before);
        Ok(Some(Again { row, waited, lead, outcome: record.outcome, body: record.body.clone() }))
    }

    fn retry_page(
        &self,
        plan: &Plan,
        problem: &Group<Timestamp>,
        ready: &[Again],
        dry: bool,
    ) -> Result<Vec<Retried>, Error> {
        let mut all = Vec::new();
        if dry {
            self.store().read(self.tenant(), &mut |view| {
                for again in ready {
                    let tried = self.try_again(plan, problem, again, view)?;
                    all.extend(tried.map(|(retried, _)| retried));
                }
                Ok(())
            })?;
            return Ok(all);
        }
        self.write(&mut |transaction| {
            all.clear();
            if let Some(again) = ready.first() {
                give_back_what_is_over(self, transaction, again.lead.tick.now)?;
            }
            for again in ready {
                let tried = self.try_again(plan, problem, again, &*transaction)?;
                let Some((mut retried, settled)) = tried else { continue };
                if let Some((settled, reads)) = settled {
                    retried.decided = Some(self.record_settled(plan, settled, &reads, transaction)?);
                }
                all.push(retried);
            }
            Ok(())
        })?;
        let decided: Vec<Decided> = all.iter().filter_map(|retried| retried.decided.clone()).collect();
        self.committed(plan, &decided);
        Ok(all)
    }

    /// What would become of the lead on this state; none where somebody has decided it meanwhile.
    fn try_again(
        &self,
        plan: &Plan,
        problem: &Group<Timestamp>,
        again: &Again,
        view: &dyn View,
    ) -> Result<Option<Tried>, Error> {
        let was = &again.row.decision;
        let latest = view.decided(&was.source, &was.lead)?;
        // Or erased: a person who was forgotten meanwhile does not come back.
        let is_there = || Ok(view.body(was)?.is_some_and(|(_, body)| body == again.body));
        if latest.is_none_or(|latest| latest.id != *was) || !is_there()? {
            return Ok(None);
        }
        let at = effective(view, again.lead.tick.now)?;
        let (settled, reads) = self.settle_waited(plan, &again.lead, &again.row, &again.waited, view, at)?;
        let still = settled.decision.problems.iter().any(|found| is_it(problem, found, was));
        let now = settled.decision.outcome;
        let retried = Retried { was: was.clone(), before: again.outcome, now, decided: None, damaged: false };
        let is_news = now != again.outcome || !still;
        Ok(Some((retried, is_news.then_some((settled, reads)))))
    }
}

/// What is said of a lead whose row cannot be read.
fn damaged(stored: &Stored) -> Retried {
    let outcome = stored.record.outcome;
    Retried { was: stored.record.id.clone(), before: outcome, now: outcome, decided: None, damaged: true }
}

/// What would become of a lead, and what is then to be recorded.
type Tried = (Retried, Option<(Settled, Reads)>);

/// A lead that is ready to be decided again.
struct Again {
    row: Waiting,
    waited: Waited,
    lead: Prepared,
    outcome: Outcome,
    /// The decision as it was read.
    body: Vec<u8>,
}

/// Whether another decision could come out: what was sold stays sold. A lead of which the source was not known is under a name
/// that is not its own; it is to be sent again.
fn may_change(stored: &Stored) -> bool {
    let is_final = matches!(stored.record.outcome, Outcome::Assigned | Outcome::Duplicate | Outcome::Test);
    let is_named = stored.record.id.source.as_str() != UNKNOWN_SOURCE;
    !is_final && is_named && stored.inner.is_none() && stored.record.id.n < MOST
}

/// Whether somebody has taken the lead out for good.
fn is_over(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.code == Code::LeadDropped)
}

/// Whether it is the problem of this row; one that is counted wherever it was found has no place.
fn is_it(row: &Group<Timestamp>, found: &Problem, id: &DecisionId) -> bool {
    let found = Group::of(found, Some(id.source.as_str()), row.first);
    found.fingerprint == row.fingerprint || found.anywhere().fingerprint == row.fingerprint
}
