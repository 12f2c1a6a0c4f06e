//! `leadwright parity replay`: what a plan would have done with recorded calls.

use super::super::Failure;
use super::super::decide::{load, open_lists};
use super::failed;
use crate::args::Replay;
use crate::lines::{Line, Lines};
use crate::{Exit, Streams};
use leadwright::engine::{Trial, Tried};
use leadwright::model::{Code, RawMap, RawValue, Tick, Timestamp, read_raw, write_raw};
use leadwright::parity::ledger::Ledger;
use leadwright::parity::{Class, Compared, Observation, Rules, Side, StageName, Word, compare};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read as _, Write as _};
use std::path::Path;

/// So many pairs are read from a ledger at once.
const PAGE: usize = 1_000;

/// One recorded call of a step that decides.
pub(super) struct Call {
    pub(super) key: String,
    pub(super) at: Timestamp,
    /// The lead, as JSON.
    pub(super) input: String,
    pub(super) legacy: Side,
}

#[derive(Default, serde::Serialize)]
struct Counts {
    schema_version: u32,
    pairs: u64,
    #[serde(rename = "match")]
    matched: u64,
    known: u64,
    mismatch: u64,
    /// Pairs without a lead or an answer that could be read.
    unreadable: u64,
    classes: BTreeMap<Class, OfClass>,
}

#[derive(Default, serde::Serialize)]
struct OfClass {
    count: u64,
    money: leadwright::model::Money,
}

#[derive(serde::Serialize)]
struct Difference<'a> {
    key: &'a str,
    at: Timestamp,
    verdict: Word,
    classes: Vec<Class>,
}

pub(super) fn run(args: &Replay, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let rules = rules(args.rules.as_deref())?;
    let Some(plan) = load(&args.plan, "tried", streams) else { return Ok(Exit::Usage) };
    let lists = open_lists(&plan, &args.plan, &args.list)?;
    let mut trial = Trial::new(plan)?;
    for (name, list) in lists {
        trial.set_list(&name, list)?;
    }
    let mut file = match &args.differences {
        Some(path) => Some(BufWriter::new(File::create(path).map_err(|error| failed(path, &error))?)),
        None => None,
    };
    let mut counts = Counts { schema_version: 1, ..Counts::default() };
    each(args, &mut |call| {
        counts.pairs += 1;
        let Some(call) = call else {
            counts.unreadable += 1;
            return Ok(());
        };
        let (key, at) = (call.key.clone(), call.at);
        let compared = judged(&mut trial, call, &rules)?;
        counts.add(&compared);
        let Some((file, path)) = file.as_mut().zip(args.differences.as_ref()) else { return Ok(()) };
        if compared.verdict.verdict != Word::Match {
            let classes = compared.verdict.classes.into_iter().collect();
            let line = Difference { key: &key, at, verdict: compared.verdict.verdict, classes };
            let line = serde_json::to_string(&line).unwrap_or_default();
            writeln!(file, "{line}").map_err(|error| failed(path, &error))?;
        }
        Ok(())
    })?;
    if let Some((mut file, path)) = file.zip(args.differences.as_ref()) {
        file.flush().map_err(|error| failed(path, &error))?;
    }
    if args.json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&counts).unwrap_or_default());
    } else {
        counts.tell(streams);
    }
    Ok(if counts.mismatch == 0 { Exit::Ok } else { Exit::Gate })
}

impl Counts {
    fn add(&mut self, compared: &Compared) {
        match compared.verdict.verdict {
            Word::Match => self.matched += 1,
            Word::Known => self.known += 1,
            Word::Mismatch => self.mismatch += 1,
            Word::Recorded => self.unreadable += 1,
        }
        for (difference, _) in &compared.differences {
            let of = self.classes.entry(difference.class).or_default();
            of.count += 1;
            let sum = of.money.checked_add(difference.money.unwrap_or_default());
            of.money = sum.unwrap_or(leadwright::model::Money::MAX);
        }
    }

    fn tell(&self, streams: &mut Streams<'_>) {
        let Self { pairs, matched, known, mismatch, unreadable, .. } = self;
        let _ = writeln!(
            streams.out,
            "{pairs} pairs: {matched} match, {known} known, {mismatch} mismatch, {unreadable} could not be read"
        );
        for (class, of) in &self.classes {
            let _ = writeln!(streams.out, "  {class}: {}, money {}", of.count, of.money);
        }
    }
}

/// The rules of a file; without one a decision is compared as a decision.
pub(super) fn rules(path: Option<&Path>) -> Result<Rules, Failure> {
    let json = match path {
        None => br#"{"decision": true}"#.to_vec(),
        Some(path) => std::fs::read(path).map_err(|error| failed(path, &error))?,
    };
    Ok(Rules::from_json(&json)?)
}

/// Decides the lead of a call, on what the trial decided before, and compares.
pub(super) fn judged(trial: &mut Trial, call: Call, rules: &Rules) -> Result<Compared, Failure> {
    let prepared = trial.prepare_at(call.input.as_bytes(), Tick::at(call.at));
    let problems: Vec<Code> = prepared.problems().iter().map(|problem| problem.code).collect();
    // A request that came again is decided once; its answer is that of then, which is not kept here.
    let candidate = trial.settle(&prepared)?.map(|tried| Side::Value(value(&tried, &problems)));
    Ok(compare(
        &Observation {
            step: String::new(),
            key: call.key,
            at: call.at,
            stage: StageName::Shadow,
            candidate_answered: false,
            legacy: call.legacy,
            candidate,
            legacy_ns: None,
            candidate_ns: None,
            input: None,
            noise: false,
        },
        rules,
    ))
}

/// What became of a lead, as both sides of a step that decides say it.
fn value(tried: &Tried, problems: &[Code]) -> RawValue {
    let text = |name: &str, text: &str| (name.to_owned(), RawValue::text(text));
    let sales = tried.sales.iter().map(|sale| {
        RawValue::Object(RawMap(vec![
            text("contract", sale.contract.as_str()),
            text("buyer", sale.buyer.as_str()),
            text("price", &sale.price.to_string()),
        ]))
    });
    let problems = problems.iter().map(|code| RawValue::text(code.as_str())).collect();
    RawValue::Object(RawMap(vec![
        text("outcome", tried.outcome.as_str()),
        ("sales".into(), RawValue::List(sales.collect())),
        ("problems".into(), RawValue::List(problems)),
    ]))
}

type Each<'a> = &'a mut dyn FnMut(Option<Call>) -> Result<(), Failure>;

/// Hands out the calls in the order they came; none for one that cannot be read.
fn each(args: &Replay, work: Each<'_>) -> Result<(), Failure> {
    let mut file = File::open(&args.pairs).map_err(|error| failed(&args.pairs, &error))?;
    let mut start = [0; 16];
    let read = file.read(&mut start).map_err(|error| failed(&args.pairs, &error))?;
    if start.get(..read).is_some_and(|start| start.starts_with(b"SQLite format 3")) {
        drop(file);
        return from_ledger(args, work);
    }
    let file = File::open(&args.pairs).map_err(|error| failed(&args.pairs, &error))?;
    let mut reader = BufReader::new(file);
    let mut lines = Lines::new(&mut reader);
    loop {
        let line = lines.next().map_err(|error| failed(&args.pairs, &error))?;
        match line {
            None => return Ok(()),
            Some((_, Line::Whole(line))) if line.trim_ascii().is_empty() => {}
            Some((_, Line::Whole(line))) => work(call(line, &args.step))?,
            Some((_, Line::TooLong)) => work(None)?,
        }
    }
}

fn from_ledger(args: &Replay, work: Each<'_>) -> Result<(), Failure> {
    let ledger = Ledger::existing(&args.pairs)?;
    let migration = ledger.migration(args.migration.as_deref())?;
    let mut after = 0;
    loop {
        let page = ledger.pairs(&migration, &args.step, after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id;
        for pair in &page {
            let line = serde_json::to_vec(pair).unwrap_or_default();
            work(call(&line, &args.step))?;
        }
    }
}

/// A call from its JSON. Lines of another step are read too where they do not say of which they are.
pub(super) fn call(line: &[u8], step: &str) -> Option<Call> {
    let read = read_raw(line).ok()?.map;
    let text = |name: &str| match read.get(name) {
        Some(RawValue::Text(text)) => Some(text.clone()),
        _ => None,
    };
    if text("step").is_some_and(|of| of != step) {
        return None;
    }
    let input = read.get("input").filter(|input| matches!(input, RawValue::Object(_)))?;
    let RawValue::Object(legacy) = read.get("legacy")? else { return None };
    let legacy = match (legacy.get("value"), legacy.get("raised"), legacy.get("timeout")) {
        (Some(value), ..) => Side::Value(value.clone()),
        (None, Some(RawValue::Text(class)), _) => Side::Raised(class.clone()),
        (None, _, Some(_)) => Side::Timeout,
        _ => return None,
    };
    let at = text("at")?.parse().ok()?;
    Some(Call { key: text("key").unwrap_or_default(), at, input: write_raw(input), legacy })
}
