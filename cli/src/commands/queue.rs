//! `leadwright queue`

use super::Failure;
use super::operate::open;
use crate::args::{Queue, Queueing};
use crate::{Exit, Streams};
use leadwright::engine::{Decided, Engine};
use leadwright::model::{Seed, Tick, Waiting};
use leadwright::operate::{Release, ReleaseDo};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// So many rows are read at once.
const PAGE: usize = 1_000;

pub(crate) fn run(args: &Queue, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (engine, now) = open(&args.on)?;
    let seed = Seed::new(args.seed).ok_or_else(|| Failure::usage("--seed: a seed is 0 to 2^53 - 1"))?;
    let tick = Tick { now, seed };
    let said = |lead: &String, what, with| release(args, lead, what, with);
    let said = match &args.what {
        Queueing::List => return list(&engine, args.json, streams),
        Queueing::Work { most } => return work(&engine, tick, *most, args.json, streams),
        Queueing::Release { lead } => said(lead, ReleaseDo::Release, BTreeMap::new()),
        Queueing::Drop { lead } => said(lead, ReleaseDo::Drop, BTreeMap::new()),
        Queueing::Fix { lead, with } => said(lead, ReleaseDo::Fix, values(with, streams)?),
    };
    let decided = engine.release(&said?, tick)?;
    tell(&decided, args.json, streams);
    Ok(Exit::Ok)
}

fn release(args: &Queue, lead: &str, what: ReleaseDo, with: BTreeMap<String, Json>) -> Result<Release, Failure> {
    let (by, reason) = (args.said.by()?, args.said.reason()?);
    Ok(Release { lead: lead.to_owned(), r#do: what, with, by, reason })
}

/// The values of a lead. What is wrong with them is said without them.
fn values(with: &[String], streams: &mut Streams<'_>) -> Result<BTreeMap<String, Json>, Failure> {
    if let [only] = with
        && only == "-"
    {
        let mut text = String::new();
        let read = streams.input.read_to_string(&mut text);
        read.map_err(|error| Failure::input(format!("standard input: {error}")))?;
        let wrong = |error: serde_json::Error| format!("the values are no JSON object, at column {}", error.column());
        return serde_json::from_str(&text).map_err(|error| Failure::usage(wrong(error)));
    }
    let each = with.iter().enumerate().map(|(n, pair)| {
        let (name, value) = pair
            .split_once('=')
            .ok_or_else(|| Failure::usage(format!("value {} has no `=`: a value is like first_name=Ada", n + 1)))?;
        let value = if value.is_empty() { Json::Null } else { Json::from(value) };
        Ok((name.to_owned(), value))
    });
    each.collect()
}

fn list(engine: &Engine, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (mut after, mut count) = (0, 0_u64);
    loop {
        let rows = engine.queue(after, PAGE)?;
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        for (_, row) in &rows {
            count += 1;
            let _ = match json {
                true => writeln!(streams.out, "{}", serde_json::to_string(row).unwrap_or_default()),
                false => writeln!(streams.out, "{}", words(row)),
            };
        }
    }
    if !json && count == 0 {
        let _ = writeln!(streams.out, "nobody waits");
    }
    Ok(Exit::Ok)
}

/// A lead that waits, on a line.
fn words(row: &Waiting) -> String {
    use leadwright::model::WaitsFor::{CallWindow, List, Release, Retry};
    let id = &row.decision;
    let (what, due) = match row.why {
        Release => ("somebody to look at it", String::new()),
        List => ("a list", format!(", again at {}", row.due)),
        CallWindow => ("the hour to call", format!(", again at {}", row.due)),
        Retry => ("room", format!(", again at {}", row.due)),
    };
    format!("{}/{} waits for {what} since {}{due}, at the latest until {}", id.source, id.lead, row.since, row.until)
}

fn work(engine: &Engine, tick: Tick, most: usize, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let worked = engine.work_queue(tick, most)?;
    worked.decided.iter().for_each(|decided| tell(decided, json, streams));
    for (id, error) in &worked.damaged {
        let _ = writeln!(streams.err, "{id} cannot be decided, and is put off for an hour: {error}");
    }
    let _ = writeln!(streams.err, "{} decided, {} wait on", worked.decided.len(), worked.waiting);
    Ok(Exit::Ok)
}

fn tell(decided: &Decided, json: bool, streams: &mut Streams<'_>) {
    let _ = match json {
        true => writeln!(streams.out, "{}", String::from_utf8_lossy(&decided.body)),
        false => writeln!(streams.out, "{} {}", decided.id, decided.outcome.as_str()),
    };
}
