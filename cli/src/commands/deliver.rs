//! `leadwright outbox`, `leadwright breakers` and `leadwright dead`

use super::Failure;
use super::operate::open;
use crate::args::{Breakers, Dead, DeadLetters, Outbox, Redriving};
use crate::{Exit, Streams};
use leadwright::engine::Engine;
use leadwright::model::{Attempt, BreakerState, Code, DeadReason, DeliveryState, Error, Timestamp};
use leadwright::operate::{BreakerSeen, DeliverySeen, Redrive};
use serde::Serialize;

/// So many rows are read at once.
const PAGE: usize = 1_000;

pub(crate) fn outbox(args: &Outbox, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (engine, now) = open(&args.on)?;
    let rows = engine.outbox()?;
    let breakers = engine.breakers(now)?;
    for row in &rows {
        let (buyer, state) = (&row.buyer, row.state.as_str());
        let held = breakers.iter().find(|seen| seen.buyer == *buyer && row.state == DeliveryState::Ready);
        let held = held.and_then(|seen| held_back(seen, now)).unwrap_or_default();
        let said = format!("{:>9}  {state:<7}  {buyer}, the oldest for {}{held}", row.count, age(row.oldest, now));
        line(row, args.json, &said, streams);
    }
    if !args.json && rows.is_empty() {
        let _ = writeln!(streams.out, "all is delivered");
    }
    Ok(Exit::Ok)
}

/// Why nothing goes out to a buyer.
fn held_back(seen: &BreakerSeen, now: Timestamp) -> Option<String> {
    match (seen.state, seen.until) {
        (BreakerState::ForcedOpen, _) => Some("; held back: breaker forced open".to_owned()),
        (BreakerState::Open, Some(until)) if now < until => Some(format!("; held back: breaker open until {until}")),
        _ => None,
    }
}

pub(crate) fn breakers(args: &Breakers, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (engine, now) = open(&args.on)?;
    let all = engine.breakers(now)?;
    for seen in &all {
        let BreakerSeen { buyer, channel, failures, calls, slow, on_the_way, .. } = seen;
        let since = seen.since.map(|since| format!(" for {}", age(since, now))).unwrap_or_default();
        let again = seen.until.map(|until| format!(", tries again at {until}")).unwrap_or_default();
        let by = match (&seen.by, &seen.reason) {
            (Some(by), Some(reason)) => format!(", by {by}: {reason}"),
            _ => String::new(),
        };
        let counts = format!("{failures} of {calls} failed, {slow} slow, {on_the_way} on the way");
        let said = format!("{:<12}  {buyer} {}{since}: {counts}{again}{by}", seen.state.as_str(), channel.as_str());
        line(seen, args.json, &said, streams);
    }
    if !args.json && all.is_empty() {
        let _ = writeln!(streams.out, "nobody was called yet");
    }
    Ok(Exit::Ok)
}

pub(crate) fn dead(args: &Dead, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (engine, now) = open(&args.on)?;
    match &args.what {
        DeadLetters::List { unknown } => list(&engine, *unknown, args.json, streams),
        DeadLetters::Show { key } => {
            let seen = engine.delivery(key)?.ok_or_else(|| Error::new(Code::DeliveryNotFound, ""))?;
            show(&seen, args.json, streams);
            Ok(Exit::Ok)
        }
        DeadLetters::Redrive(which) => redrive(&engine, args, which, now, streams),
    }
}

fn list(engine: &Engine, unknown: bool, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let state = if unknown { DeliveryState::Unknown } else { DeliveryState::Dead };
    let (mut after, mut count) = (0, 0_u64);
    loop {
        let page = engine.deliveries(Some(state), after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.position;
        for seen in &page {
            count += 1;
            line(seen, json, &words(seen), streams);
        }
    }
    if !json && count == 0 {
        let _ = writeln!(streams.out, "there are none");
    }
    Ok(Exit::Ok)
}

/// A delivery on a line: why it is here, and what to do about it.
fn words(seen: &DeliverySeen) -> String {
    let DeliverySeen { decision, contract, key, .. } = seen;
    let why = match (seen.dead, &seen.remedy) {
        (Some(reason), Some(remedy)) => format!("{}; {remedy}", reason.as_str()),
        _ => seen.state.as_str().to_owned(),
    };
    format!("{decision} to {contract}: {why}\n  {key}")
}

fn show(seen: &DeliverySeen, json: bool, streams: &mut Streams<'_>) {
    line(seen, json, &words(seen), streams);
    if json {
        return;
    }
    for attempt in &seen.attempts {
        let Attempt { n, worker, started_at, .. } = attempt;
        let end = match (attempt.class, attempt.ended_at) {
            (Some(class), Some(at)) => format!("{} at {at}", class.as_str()),
            _ => "goes on".to_owned(),
        };
        let status = attempt.status.map(|status| format!(", status {status}")).unwrap_or_default();
        let _ = writeln!(streams.out, "  {n}. {started_at} by {worker}: {end}{status}");
    }
    let proof = match (seen.state, seen.undelivered) {
        (DeliveryState::Done, _) => "it is done",
        (_, true) => "the buyer does not have it",
        (_, false) => "the buyer may have it",
    };
    let _ = writeln!(streams.out, "  {proof}");
}

fn redrive(
    engine: &Engine,
    args: &Dead,
    which: &Redriving,
    now: Timestamp,
    streams: &mut Streams<'_>,
) -> Result<Exit, Failure> {
    let Redriving { key, buyer, contract, why, unknown, limit, dry_run } = which;
    let said = Redrive {
        key: key.clone(),
        buyer: buyer.as_deref().map(|text| named("--buyer", text)).transpose()?,
        contract: contract.as_deref().map(|text| named("--contract", text)).transpose()?,
        why: why.as_deref().map(reason).transpose()?,
        unknown: *unknown,
        limit: Some(*limit),
        dry_run: *dry_run,
        by: args.said.by()?,
        reason: args.said.reason()?,
    };
    let done = engine.redrive(&said, now)?;
    for one in &done.deliveries {
        let why = one.why.map_or("unknown", DeadReason::as_str);
        line(one, args.json, &format!("{} to {}: {why}\n  {}", one.decision, one.contract, one.key), streams);
    }
    for one in &done.left_out {
        let text =
            format!("{} to {}: left out, {} is in the way\n  {}", one.decision, one.contract, one.conflict, one.key);
        line(one, args.json, &text, streams);
    }
    let verb = if done.dry_run { "would be tried again; nothing was changed" } else { "are tried again" };
    let more = if done.more { ", and there are more" } else { "" };
    let _ = writeln!(streams.err, "{} {verb}{more}", done.deliveries.len());
    Ok(Exit::Ok)
}

fn named<T: std::str::FromStr>(option: &str, text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::usage(format!("{option}: it is no name of one")))
}

fn reason(word: &str) -> Result<DeadReason, Failure> {
    let known = DeadReason::ALL.map(DeadReason::as_str).join(", ");
    word.parse().map_err(|()| Failure::usage(format!("--why: a reason is one of {known}")))
}

fn line(row: &impl Serialize, json: bool, words: &str, streams: &mut Streams<'_>) {
    let _ = match json {
        true => writeln!(streams.out, "{}", serde_json::to_string(row).unwrap_or_default()),
        false => writeln!(streams.out, "{words}"),
    };
}

/// How old something is, in its two largest units.
pub(super) fn age(since: Timestamp, now: Timestamp) -> String {
    let seconds = now.millis().saturating_sub(since.millis()).max(0) / 1_000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        (0, 0, _) => format!("{minutes}m {}s", seconds % 60),
        (0, ..) => format!("{hours}h {}m", minutes % 60),
        _ => format!("{days}d {}h", hours % 24),
    }
}
