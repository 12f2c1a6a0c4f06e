//! Leads that were held, because a list could not be asked or by a policy of the plan: they are decided anew once nothing
//! holds them any longer.

use super::prepare::Prepared;
use super::reads::Request;
use crate::model::{Action, Code, DecisionId, Error};
use crate::store::{Known, Payload, View};
use serde::Deserialize;

/// A lead that was held because a list gave no answer is decided anew when it comes again and all of them answer
/// (rule 75), and one that a policy held when the plan of now does not. The latest decision about it counts, so that it
/// is not sold twice.
pub(super) fn unless_held(view: &dyn View, id: DecisionId, lead: &Prepared) -> Result<Request, Error> {
    // It waited, and was decided meanwhile.
    if let Some(latest) = view.decided(&id.source, &id.lead)?.filter(|latest| latest.id != id) {
        return Ok(Request::Again(own(view, id, latest, &lead.payload)?));
    }
    if id.lead != lead.lead {
        return Ok(Request::Again(id));
    }
    let waits = lead.is_held() || lead.lists.values().any(|read| read.hit.is_none());
    // What another system decided, or already sold, does not wait for us.
    if waits || !is_held(view, &id)? {
        return Ok(Request::Again(id));
    }
    Ok(Request::New { n: id.n.saturating_add(1), parent: Some(id), ruling: None })
}

/// The latest decision about a lead of which one is known, where another one came last under its id.
pub(super) fn own(view: &dyn View, known: DecisionId, latest: Known, payload: &Payload) -> Result<DecisionId, Error> {
    if latest.payload == *payload { Ok(latest.id) } else { its_own(view, known, &latest.id) }
}

/// So many others may have come under its id before nobody looks further.
const NAMESAKES: usize = 64;

/// The latest decision about the lead, where what came last under its id was another lead, and was refused.
fn its_own(view: &dyn View, first: DecisionId, latest: &DecisionId) -> Result<DecisionId, Error> {
    let before = (first.n.saturating_add(1)..latest.n).rev().take(NAMESAKES);
    for n in before {
        let id = DecisionId { n, ..first.clone() };
        let was_refused = |problem: &OnlyProblem| {
            let is_of_the_id = matches!(problem.code, Code::LeadIdConflict | Code::LeadIdempotencyKeyReused);
            is_of_the_id && problem.action == Action::Rejected
        };
        if !read(view, &id)?.problems.iter().any(was_refused) {
            return Ok(id);
        }
    }
    Ok(first)
}

/// What of a decision says whether it was held, or refused.
#[derive(Deserialize)]
struct OnlyProblems {
    #[serde(default)]
    observed: bool,
    problems: Vec<OnlyProblem>,
}

#[derive(Deserialize)]
struct OnlyProblem {
    code: Code,
    action: Action,
}

fn is_held(view: &dyn View, id: &DecisionId) -> Result<bool, Error> {
    let read = read(view, id)?;
    Ok(!read.observed && read.problems.iter().any(|problem| problem.action == Action::Held))
}

fn read(view: &dyn View, id: &DecisionId) -> Result<OnlyProblems, Error> {
    let (_, body) = view.body(id)?.ok_or_else(|| Error::new(Code::StoreCorrupt, id.to_string()))?;
    let read: Result<OnlyProblems, _> = serde_json::from_slice(&body);
    read.map_err(|_| Error::new(Code::StoreCorrupt, "the body of a decision cannot be read"))
}
