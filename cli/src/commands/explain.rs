//! `leadwright explain`

use super::{Failure, tenant};
use crate::{Exit, Streams};
use leadwright::engine::{Explained, Explanation, explain};
use leadwright::model::{Code, DecisionId, Error, LeadId, TenantId};
use leadwright::store::{SqliteStore, Store};
use std::io::Write;
use std::path::Path;

pub(crate) fn run(path: &Path, id: &str, whose: &str, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let tenant = tenant(whose)?;
    let store = SqliteStore::open_existing(path)?;
    let id = find(&store, &tenant, id)?;
    let explanation = explain(&store, &tenant, &id)?;
    if json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&explanation).unwrap_or_default());
    } else {
        say(&explanation, streams.out);
    }
    Ok(Exit::Ok)
}

/// A decision by its id, or the latest one of a lead.
fn find(store: &dyn Store, tenant: &TenantId, text: &str) -> Result<DecisionId, Failure> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let name = text.rsplit_once('/').map_or(text, |(_, lead)| lead);
    let lead = LeadId::new(name).map_err(|error| Failure::usage(format!("{text}: {error}")))?;
    let found = store.find(tenant, &lead)?;
    let source = text.rsplit_once('/').map(|(source, _)| source);
    let latest = found.into_iter().rfind(|id| source.is_none_or(|source| id.source.as_str() == source));
    latest.ok_or_else(|| Error::new(Code::ReplayNotFound, text).into())
}

fn say(explanation: &Explanation, out: &mut dyn Write) {
    let decision = &explanation.decision;
    let _ = writeln!(out, "{}: {}, decided at {}", decision.id, decision.outcome.as_str(), decision.at);
    for problem in &decision.problems {
        let shape = problem.shape.as_ref().map(|shape| format!(" ({shape})")).unwrap_or_default();
        let expected = problem.expected.as_ref().map(|expected| format!("; expected {expected}")).unwrap_or_default();
        let _ = writeln!(out, "  {} {}: {}{shape}{expected}", problem.code, problem.path, problem.code.text());
    }
    if let Some(quality) = &decision.quality {
        let reasons = quality.reasons.iter().map(|reason| format!("{} {:+}", reason.code, reason.points));
        let _ = writeln!(out, "  quality {} of 1000: {}", quality.score, reasons.collect::<Vec<_>>().join(", "));
    }
    for sold in &decision.assignments {
        let form = if sold.sale == leadwright::model::Sale::Exclusive { "alone" } else { "shared" };
        let _ = writeln!(out, "  sold to {} under {} for {}, {form}", sold.buyer, sold.contract, sold.price);
    }
    let funnel = &decision.trace.funnel;
    if funnel.considered == 0 {
        return;
    }
    let _ = writeln!(
        out,
        "  {} contracts, {} whose criteria are met, {} open, {} able to take it, {} got it",
        funnel.considered, funnel.matched, funnel.open, funnel.eligible, funnel.sold
    );
    let mut group = "";
    for explained in &explanation.entries {
        if explained.entry.group != group {
            group = &explained.entry.group;
            let method = decision.trace.groups.iter().find(|asked| asked.group == group);
            let _ = writeln!(out, "\n  {group}, by {}", method.map_or("?", |asked| asked.select.as_str()));
        }
        let _ = writeln!(out, "    {:<24} {}", explained.entry.contract.as_str(), why(explained));
    }
}

/// `not eligible: where.roof_age is 9, wanted 10 or more`
fn why(explained: &Explained) -> String {
    let entry = &explained.entry;
    let word = match entry.code {
        Code::ContractSold => "sold",
        Code::ContractCaps => "capped",
        Code::ContractClosed => "closed",
        Code::ContractPaused => "paused",
        Code::ContractOutranked => "outranked",
        Code::ContractDuplicate => "duplicate",
        Code::CriteriaNotMet => "not eligible",
        Code::CriteriaUnknownMissingField => "not eligible, the field is missing",
        code => code.text(),
    };
    let mut text = word.to_owned();
    if let Some(check) = &entry.check {
        text.push_str(&format!(": {check}"));
    }
    if let Some(found) = &entry.found {
        text.push_str(&format!(" is {found}"));
    }
    if let Some(wanted) = &entry.wanted {
        text.push_str(&format!(", wanted {wanted}"));
    }
    text
}
