//! `leadwright what-if`: two plans over leads of the past.

mod chart;
mod html;
pub(super) mod looking;
mod past;
mod tell;

/// What other pages are made of, too.
pub(super) use {
    chart::{escape, stack, swing},
    html::{count, page, signed},
};

use super::Failure;
use super::decide::load;
use crate::args::{Past, WhatIf as Args};
use crate::ends::same_file;
use crate::parallel::{in_order, threads};
use crate::{Exit, Streams};
use leadwright::engine::{Prepared, SameReading, Trial, Tried};
use leadwright::model::Error;
use leadwright::whatif::{History, WhatIf};
use past::{Item, each_batch, trial};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

pub(crate) fn run(args: &Args, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let Some(old) = load(&args.old, "tried", streams) else { return Ok(Exit::Usage) };
    let Some(new) = load(&args.new, "tried", streams) else { return Ok(Exit::Usage) };
    let plans = [args.old.as_path(), args.new.as_path()];
    spared(args.changes.as_deref(), &args.past, &plans)?;
    spared(args.past.html.as_deref(), &args.past, &plans)?;
    let same = SameReading::of(&old, &new);
    let history = if past::is_told(&args.past)? { History::Store } else { History::OldPlan };
    let mut what_if = WhatIf::new(&old, &new, history);
    let mut old = trial(old, &args.old, &args.past)?;
    let mut new = trial(new, &args.new, &args.past)?;
    let mut changes = match &args.changes {
        Some(path) => Some(BufWriter::new(File::create(path).map_err(|error| failed(path, &error))?)),
        None => None,
    };
    let threads = threads(args.past.threads);
    each_batch(&args.past, streams, &mut |batch: Vec<Item>| {
        let both = |item: &Item| {
            let lead = item.prepare(&old)?;
            let again = new.prepare_as(&same, &lead, item.lead.as_deref()?);
            Some((lead, again))
        };
        let prepared: Vec<Option<(Prepared, Prepared)>> = in_order(&batch, threads, both);
        let (by_old, by_new) = settle(&mut old, &mut new, &prepared, threads)?;
        let mut settled = by_old.iter().zip(&by_new);
        for (item, prepared) in batch.iter().zip(&prepared) {
            let Some((first, second)) = prepared else {
                what_if.add_no_lead();
                continue;
            };
            let Some((a, b)) = settled.next() else { continue };
            let past = item.past.as_deref();
            let change = what_if.add((&old, &new), (first, second), (a.as_ref(), b.as_ref()), past);
            if let (Some(change), Some(file), Some(path)) = (change, &mut changes, &args.changes) {
                let line = serde_json::to_string(&change).unwrap_or_default();
                writeln!(file, "{line}").map_err(|error| failed(path, &error))?;
            }
        }
        Ok(())
    })?;
    if let (Some(mut file), Some(path)) = (changes, &args.changes) {
        file.flush().map_err(|error| failed(path, &error))?;
    }
    let report = what_if.report();
    if let Some(path) = &args.past.html {
        write_file(path, &html::what_if(&report))?;
    }
    if args.past.json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&report).unwrap_or_default());
    } else {
        tell::what_if(&report, streams.out);
    }
    Ok(Exit::Ok)
}

type Settled = Vec<Option<Tried>>;

/// Each plan on its own state: where there are two threads, both at once.
fn settle(
    old: &mut Trial,
    new: &mut Trial,
    prepared: &[Option<(Prepared, Prepared)>],
    threads: usize,
) -> Result<(Settled, Settled), Error> {
    let pairs = || prepared.iter().flatten();
    let all = |trial: &mut Trial, of: fn(&(Prepared, Prepared)) -> &Prepared| -> Result<Settled, Error> {
        pairs().map(|pair| trial.settle(of(pair))).collect()
    };
    if threads < 2 {
        return Ok((all(old, |pair| &pair.0)?, all(new, |pair| &pair.1)?));
    }
    std::thread::scope(|scope| {
        let by_old = scope.spawn(|| all(old, |pair| &pair.0));
        let by_new = all(new, |pair| &pair.1);
        let by_old = by_old.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((by_old?, by_new?))
    })
}

/// What is read must not be written over.
fn spared(output: Option<&Path>, past: &Past, plans: &[&Path]) -> Result<(), Failure> {
    let Some(output) = output else { return Ok(()) };
    let read = plans.iter().copied().chain([past.leads.as_path()]).chain(past.store.as_deref());
    for input in read {
        if same_file(input, output) {
            let what = format!("{}: this is the input; write to another file", output.display());
            return Err(Failure::input(what));
        }
    }
    Ok(())
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("{}: {error}", path.display()))
}

fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| failed(path, &error))
}
