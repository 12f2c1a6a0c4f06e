//! `leadwright explain`

mod html;
mod text;

use super::decide::{load, open_lists};
use super::{Failure, tenant};
use crate::args::Explain;
use crate::{Exit, Streams, clock, stores};
use leadwright::engine::{ExplainOptions, Explanation, explain_lead, explain_with};
use leadwright::model::{Code, DecisionId, Error, LeadId, TenantId, Tick, Timestamp};
use leadwright::store::Store;
use std::io::Read as _;
use std::path::Path;

pub(crate) fn run(args: &Explain, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let options = ExplainOptions { all: args.all, contract: args.contract.clone(), ..ExplainOptions::default() };
    let explained = match (&args.store, &args.id, &args.plan, &args.lead) {
        (Some(store), Some(id), ..) => recorded(store, id, &args.tenant, &options)?,
        (_, _, Some(plan), Some(lead)) => match without_store(args, plan, lead, options, streams)? {
            Some(explained) => explained,
            None => return Ok(Exit::Usage),
        },
        _ => return Err(Failure::usage("name a store and a decision, or a plan and a lead")),
    };
    if let Some(path) = &args.html {
        let page = html::page(&explained);
        std::fs::write(path, page).map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    }
    if args.json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&explained).unwrap_or_default());
    } else {
        text::say(&explained, streams.out);
    }
    Ok(Exit::Ok)
}

fn recorded(path: &Path, id: &str, whose: &str, options: &ExplainOptions) -> Result<Explanation, Failure> {
    let tenant = tenant(whose)?;
    let store = stores::existing(path)?;
    let id = find(&*store, &tenant, id)?;
    explain_with(&*store, &tenant, &id, options).map_err(told)
}

/// Nothing where the plan is refused, which was told then.
fn without_store(
    args: &Explain,
    path: &Path,
    lead: &Path,
    mut options: ExplainOptions,
    streams: &mut Streams<'_>,
) -> Result<Option<Explanation>, Failure> {
    let Some(plan) = load(path, "explained", streams) else { return Ok(None) };
    options.lists = open_lists(&plan, path, &args.list)?.into_iter().collect();
    let now = match &args.at {
        Some(text) => text.parse::<Timestamp>().map_err(|error| Failure::usage(format!("--at: {error}")))?,
        None => clock::now(),
    };
    let bytes = read(lead, streams)?;
    let lead = one_lead(&bytes, args.line).map_err(|why| Failure::usage(format!("{}: {why}", lead.display())))?;
    explain_lead(&plan, lead, Tick::at(now), &options).map(Some).map_err(told)
}

/// A name that was mistyped needs no code beside it.
fn told(error: Error) -> Failure {
    match error.code() {
        Code::InputBadOption => Failure::usage(error.detail()),
        _ => error.into(),
    }
}

fn read(path: &Path, streams: &mut Streams<'_>) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let done = match path == Path::new("-") {
        true => streams.input.read_to_end(&mut bytes).map(drop),
        false => std::fs::File::open(path).and_then(|mut file| file.read_to_end(&mut bytes)).map(drop),
    };
    done.map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    Ok(bytes)
}

/// The lead of a file: the one that is named by its line, or the only one.
fn one_lead(bytes: &[u8], line: Option<usize>) -> Result<&[u8], String> {
    let lines = || bytes.split(|byte| *byte == b'\n');
    if let Some(number) = line {
        let found = number.checked_sub(1).and_then(|place| lines().nth(place)).filter(|line| !line.is_empty());
        return found.ok_or_else(|| format!("there is nothing in line {number}"));
    }
    let is_json = |text: &[u8]| serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok();
    let more = lines().filter(|line| !line.trim_ascii().is_empty()).count();
    if more > 1 && !is_json(bytes) && lines().next().is_some_and(is_json) {
        return Err(format!("there are {more} leads; name one with --line"));
    }
    Ok(bytes.trim_ascii())
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
