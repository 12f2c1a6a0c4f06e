//! `leadwright errors`

use super::operate::{open, tell};
use super::{Failure, tenant};
use crate::args::{Erring, Errors};
use crate::{Exit, Streams, stores};
use leadwright::engine::Retried;
use leadwright::model::{Fingerprint, Tick};
use leadwright::operate::{Noted, Operation};
use leadwright::store::{GroupState, ProblemGroup};
use std::collections::BTreeMap;

pub(crate) fn run(args: &Errors, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let rows = rows(args)?;
    match &args.what {
        Erring::List { state } => list(&rows, state, args.json, streams),
        Erring::Show { problem } => {
            let row = one(&rows, problem)?;
            match args.json {
                true => drop(writeln!(streams.out, "{}", serde_json::to_string(row).unwrap_or_default())),
                false => show(row, streams),
            }
            Ok(Exit::Ok)
        }
        Erring::Acknowledge { problem } => say(args, &rows, problem, Operation::Acknowledge, streams),
        Erring::Resolve { problem } => say(args, &rows, problem, Operation::Resolve, streams),
        Erring::Retry { problem, yes } => retry(args, &one(&rows, problem)?.group.fingerprint, *yes, streams),
    }
}

/// The ledger, the worst first.
fn rows(args: &Errors) -> Result<Vec<ProblemGroup>, Failure> {
    let path = args.on.store.as_deref().ok_or_else(|| Failure::usage("--store is required"))?;
    let mut rows = stores::reading(path)?.problems(&tenant(&args.on.tenant)?)?;
    rows.sort_by(|a, b| a.group.worse(&b.group));
    Ok(rows)
}

/// The problem that somebody means.
fn one<'a>(rows: &'a [ProblemGroup], text: &str) -> Result<&'a ProblemGroup, Failure> {
    let digits = text.strip_prefix("lwp1:").unwrap_or(text);
    let is_it = |row: &&ProblemGroup| digits_of(&row.group.fingerprint).starts_with(digits);
    let found: Vec<&ProblemGroup> = rows.iter().filter(is_it).collect();
    match found.as_slice() {
        [only] if !digits.is_empty() => Ok(only),
        [] => Err(Failure::usage(format!("no problem begins with `{digits}`; `leadwright errors list` names them"))),
        all => Err(Failure::usage(format!("{} problems begin with `{digits}`; give more of its digits", all.len()))),
    }
}

fn digits_of(fingerprint: &Fingerprint) -> String {
    fingerprint.to_string().trim_start_matches("lwp1:").to_owned()
}

fn list(rows: &[ProblemGroup], states: &[String], json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let wanted: Vec<GroupState> = states.iter().map(|word| state(word)).collect::<Result<_, _>>()?;
    let shown: Vec<_> = rows.iter().filter(|row| wanted.is_empty() || wanted.contains(&row.state)).collect();
    for row in &shown {
        let _ = match json {
            true => writeln!(streams.out, "{}", serde_json::to_string(row).unwrap_or_default()),
            false => line(row, streams),
        };
    }
    if !json && shown.is_empty() {
        let _ = writeln!(streams.out, "no such problem");
    }
    Ok(Exit::Ok)
}

fn state(word: &str) -> Result<GroupState, Failure> {
    let known = || GroupState::ALL.map(GroupState::as_str).join(", ");
    word.parse().map_err(|()| Failure::usage(format!("--state: `{word}` is none of {}", known())))
}

fn line(row: &ProblemGroup, streams: &mut Streams<'_>) -> std::io::Result<()> {
    let group = &row.group;
    let digits: String = digits_of(&group.fingerprint).chars().take(8).collect();
    let source = group.source.as_deref().unwrap_or("-");
    let (count, state, code, path) = (group.count, row.state.as_str(), group.code, &group.path);
    writeln!(streams.out, "{digits}  {count:>7}  {state:<9}  {source}: {code} at {path}, last {}", group.last)
}

fn show(row: &ProblemGroup, streams: &mut Streams<'_>) {
    let group = &row.group;
    let mut tell = |name: &str, value: &str| drop(writeln!(streams.out, "{name:<10}{value}"));
    tell("problem", &group.fingerprint.to_string());
    tell("code", group.code.as_str());
    tell("means", group.code.text());
    tell("to do", group.code.remedy());
    tell("place", &group.path);
    tell("source", group.source.as_deref().unwrap_or("-"));
    tell("like", group.shape.as_deref().unwrap_or("-"));
    tell("expected", group.expected.as_deref().unwrap_or("-"));
    tell("met", &format!("{} times, from {} to {}", group.count, group.first, group.last));
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let actions = group
        .actions
        .iter()
        .map(|(action, count)| format!("{count} {}", serde_json::to_value(action).map(word).unwrap_or_default()));
    tell("done", &actions.collect::<Vec<_>>().join(", "));
    let by = row.by.as_ref().map(|by| format!(", by {by}")).unwrap_or_default();
    let reason = row.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    tell("state", &format!("{} since {}{by}{reason}", row.state.as_str(), row.since));
}

fn say(
    args: &Errors,
    rows: &[ProblemGroup],
    problem: &str,
    what: fn(Noted) -> Operation,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let problem = one(rows, problem)?.group.fingerprint;
    let noted = Noted { problem, by: args.said.by()?, reason: args.said.reason()?, key: None };
    let (engine, now) = open(&args.on)?;
    tell(&engine.operate(&what(noted), now)?, args.json, streams);
    Ok(Exit::Ok)
}

fn retry(args: &Errors, problem: &Fingerprint, yes: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (engine, now) = open(&args.on)?;
    let (damaged, retried): (Vec<Retried>, Vec<Retried>) =
        engine.retry(problem, Tick::at(now), !yes)?.into_iter().partition(|one| one.damaged);
    for one in &damaged {
        let _ = writeln!(streams.err, "{} is damaged; look at it with `leadwright store verify`", one.was);
    }
    let exit = if damaged.is_empty() { Exit::Ok } else { Exit::Findings };
    if args.json {
        for one in damaged.iter().chain(&retried) {
            let _ = writeln!(streams.out, "{}", serde_json::to_string(one).unwrap_or_default());
        }
        return Ok(exit);
    }
    let mut counts: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for Retried { before, now, .. } in &retried {
        *counts.entry((before.as_str(), now.as_str())).or_default() += 1;
    }
    for ((before, now), count) in counts {
        let _ = match before == now {
            true => writeln!(streams.out, "{count:>7}  {before} as before"),
            false => writeln!(streams.out, "{count:>7}  {before} -> {now}"),
        };
    }
    let _ = match (retried.is_empty(), yes) {
        (true, _) => writeln!(streams.out, "no lead with this problem could come out otherwise"),
        (false, true) => {
            writeln!(streams.out, "{} decided again", retried.iter().filter(|one| one.decided.is_some()).count())
        }
        (false, false) => writeln!(streams.out, "nothing was recorded; with --yes it is"),
    };
    Ok(exit)
}
