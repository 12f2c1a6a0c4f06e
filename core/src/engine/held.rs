//! Leads that were held, because a list could not be asked or by a policy of the plan: they are decided anew once nothing
//! holds them any longer.

use super::prepare::Prepared;
use super::reads::Request;
use crate::model::{Action, Code, DecisionId, Error};
use crate::store::View;
use serde::Deserialize;

/// A lead that was held because a list gave no answer is decided anew when it comes again and all of them answer
/// (rule 75), and one that a policy held when the plan of now does not. The latest decision about it counts, so that it
/// is not sold twice.
pub(super) fn unless_held(view: &dyn View, id: DecisionId, lead: &Prepared) -> Result<Request, Error> {
    match view.decided(&id.source, &id.lead)? {
        // It waited, and was decided meanwhile.
        Some(latest) if latest.id != id && latest.payload == lead.payload => return Ok(Request::Again(latest.id)),
        Some(latest) if latest.id != id => return Ok(Request::Again(id)),
        _ => {}
    }
    if id.lead != lead.lead {
        return Ok(Request::Again(id));
    }
    let waits = lead.is_held() || lead.lists.values().any(|read| read.hit.is_none());
    if waits || !is_held(view, &id)? {
        return Ok(Request::Again(id));
    }
    Ok(Request::New { n: id.n.saturating_add(1), parent: Some(id), ruling: None })
}

/// What of a decision says whether it was held.
#[derive(Deserialize)]
struct OnlyProblems {
    problems: Vec<OnlyAction>,
}

#[derive(Deserialize)]
struct OnlyAction {
    action: Action,
}

fn is_held(view: &dyn View, id: &DecisionId) -> Result<bool, Error> {
    let (_, body) = view.body(id)?.ok_or_else(|| Error::new(Code::StoreCorrupt, id.to_string()))?;
    let read: Result<OnlyProblems, _> = serde_json::from_slice(&body);
    let read = read.map_err(|_| Error::new(Code::StoreCorrupt, "the body of a decision cannot be read"))?;
    Ok(read.problems.iter().any(|problem| problem.action == Action::Held))
}
