//! `leadwright import`: leads of the past into the history of a store.

mod cursor;
mod head;
mod judge;
mod tell;
mod writer;

use super::decide::load;
use super::{Failure, tenant};
use crate::args::{Import, Stream};
use crate::commands::operate::time;
use crate::ends::{same_file, with_ends};
use crate::parallel::{in_order, threads};
use crate::progress::{Progress, length};
use crate::records::Records;
use crate::{Exit, Streams, clock, stores};
use cursor::{Cursor, Seen};
use head::Names;
use judge::Judge;
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{Durability, Tick};
use leadwright::plan::units::duration_millis;
use leadwright::report::Ledger;
use std::sync::mpsc::sync_channel;
use writer::{Batch, Observing, Rejects, Writer};

/// So many leads are written in a transaction, or so many bytes of them.
const ROWS: usize = 20_000;
const BYTES: usize = 16 << 20;
/// So many are read at once.
const PART: usize = 1_000;

pub(crate) fn run(args: &Import, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let name = name(args)?;
    if let Some(rejects) = args.rejects.as_deref().filter(|rejects| same_file(&args.input, rejects)) {
        return Err(Failure::usage(format!("{}: this is the input; write to another file", rejects.display())));
    }
    let plan = match &args.plan {
        Some(path) => match load(path, "imported", streams) {
            Some(plan) => Some(plan),
            None => return Ok(Exit::Usage),
        },
        None => None,
    };
    let now = args.now.as_deref().map(|text| time("--now", text)).transpose()?.unwrap_or_else(clock::now);
    let tenant = tenant(&args.tenant)?;
    let durability = if args.relaxed { Durability::Relaxed } else { Durability::Full };
    let store = stores::open(&args.store, durability)?;
    if let Some(rejects) = args.rejects.as_deref().filter(|rejects| same_file(&args.store, rejects)) {
        return Err(Failure::usage(format!("{}: this is the store; write to another file", rejects.display())));
    }
    let begun = Cursor::of(&*store, &tenant, &name)?;
    if begun.is_some() && !args.resume && !args.again {
        let what = format!("{name} was begun before: --resume goes on with it, --again imports it anew");
        return Err(Failure::usage(what));
    }
    let begun = begun.filter(|_| args.resume).unwrap_or_default();
    let since = args.observe.as_deref().map(duration_millis).transpose();
    let since = since.map_err(|error| Failure::usage(format!("--observe: {} was expected", error.expected)))?;
    let engine = match (since, &plan) {
        (Some(_), Some(plan)) => {
            let options = EngineOptions { tenant: tenant.clone(), ..EngineOptions::default() };
            Some(Engine::with_options(plan.clone(), store.clone(), options)?)
        }
        _ => None,
    };
    let observing = engine.as_ref().zip(since).map(|(engine, span)| {
        let since = now.plus_millis(span.saturating_neg());
        Observing { engine, since, tick: Tick::at(now) }
    });
    let names = Names { buyer: args.buyer.clone(), contract: args.contract.clone(), price: args.price.clone() };
    let judge = Judge { plan: plan.filter(|_| !args.canonical), names, now };
    let rejects = args.rejects.as_deref().map(|path| Rejects::open(path, begun.rejects)).transpose()?;
    let Import { input, format, .. } = args;
    let ends = Stream { input: input.clone(), output: "-".into(), format: *format, strict: false };
    let progress = Progress::of(&ends, streams.is_terminal);
    let threads = threads(args.threads);
    let run = Run { args, ends, judge: &judge, begun: begun.clone(), progress: &progress, threads };
    let mut writer = Writer {
        store: &*store,
        tenant: &tenant,
        name: &name,
        cursor: begun.clone(),
        rejects,
        problems: Ledger::default(),
        observing,
    };
    let started = clock::monotonic();
    let done = run.all(&mut writer, streams);
    progress.end();
    let told = tell::Told {
        before: &begun,
        now: &writer.cursor,
        problems: &writer.problems,
        took: started.elapsed(),
        store: &args.store,
        rejects: args.rejects.as_deref(),
    };
    if args.json {
        tell::json(&told, streams.out);
    } else {
        tell::words(&told, streams.err);
    }
    done?;
    Ok(if args.strict && writer.cursor.refused > begun.refused { Exit::Findings } else { Exit::Ok })
}

/// What the store calls the input.
fn name(args: &Import) -> Result<String, Failure> {
    let of_file = args.input.file_name().filter(|name| *name != "-").map(|name| name.to_string_lossy().into_owned());
    let name = args.name.clone().or(of_file);
    name.ok_or_else(|| Failure::usage("--name: standard input has no name of its own; give it one"))
}

struct Run<'a> {
    args: &'a Import,
    ends: Stream,
    judge: &'a Judge,
    begun: Cursor,
    progress: &'a Progress,
    threads: usize,
}

impl Run<'_> {
    /// One thread reads and judges, with helpers; one writes.
    fn all(&self, writer: &mut Writer<'_>, streams: &mut Streams<'_>) -> Result<(), Failure> {
        std::thread::scope(|scope| {
            let (send, receive) = sync_channel::<Batch>(1);
            // Where writing fails the other end is closed, and reading ends.
            let written = scope.spawn(move || receive.into_iter().try_for_each(|batch| writer.write(batch)));
            let mut differs = None;
            let read = with_ends(&self.ends, streams, |records, _| {
                let whole = records.hash().map_err(|error| format!("the leads: {error}"))?;
                let mut seen = Seen::of(whole);
                if let Err(failure) = self.skip(records, &mut seen)? {
                    differs = Some(failure);
                    return Ok(());
                }
                while let Some(batch) = self.batch(records, &mut seen)? {
                    if send.send(batch).is_err() {
                        break;
                    }
                }
                Ok(())
            });
            drop(send);
            let written = written.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            written?;
            differs.map_or(Ok(()), Err)?;
            read.map_err(Failure::input)
        })
    }

    /// Goes over what was imported before, which has to be the same.
    fn skip(&self, records: &mut Records<'_>, seen: &mut Seen) -> Result<Result<(), Failure>, String> {
        let Cursor { records: before, line, sha256, .. } = &self.begun;
        let is_same = seen.whole.as_ref() == Some(sha256);
        if *before > 0 && is_same && records.skip(*before).map_err(|error| format!("the leads: {error}"))? {
            (seen.records, seen.line) = (*before, *line);
            return Ok(Ok(()));
        }
        while seen.records < *before {
            let left = usize::try_from(before - seen.records).unwrap_or(PART);
            let part = records.batch(left.min(PART)).map_err(|error| format!("the leads: {error}"))?;
            if part.is_empty() {
                break;
            }
            part.iter().for_each(|record| seen.add(record));
            self.progress.add(&part);
        }
        if *before == 0 || (seen.records == *before && seen.hash() == *sha256) {
            return Ok(Ok(()));
        }
        let file = self.args.input.display();
        let what =
            format!("{file}: its first {before} leads are not those that were imported; --again imports it anew");
        Ok(Err(Failure::usage(what)))
    }

    fn batch(&self, records: &mut Records<'_>, seen: &mut Seen) -> Result<Option<Batch>, String> {
        let (mut leads, mut refused, mut bytes) = (Vec::new(), Vec::new(), 0);
        while leads.len() + refused.len() < ROWS && bytes < BYTES {
            let part = match records.batch(PART) {
                Ok(part) if part.is_empty() => break,
                Ok(part) => part,
                Err(error) if leads.is_empty() && refused.is_empty() => return Err(format!("the leads: {error}")),
                // What came before it is written first.
                Err(error) => {
                    records.fail(error);
                    break;
                }
            };
            part.iter().for_each(|record| seen.add(record));
            bytes += part.iter().map(|(_, record)| length(record)).sum::<usize>();
            let judged = in_order(&part, self.threads, |record| self.judge.lead(record));
            for ((line, _), judged) in part.iter().zip(judged) {
                match judged {
                    Ok(lead) => leads.push((*line, lead)),
                    Err(problems) => refused.push((*line, problems)),
                }
            }
            self.progress.add(&part);
        }
        if leads.is_empty() && refused.is_empty() {
            return Ok(None);
        }
        Ok(Some(Batch { leads, refused, records: seen.records, line: seen.line, sha256: seen.hash() }))
    }
}
