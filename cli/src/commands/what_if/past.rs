//! Leads of the past in batches: from a file, or from a decision store with what came of them.

use super::super::decide::open_lists;
use super::super::{Failure, tenant};
use crate::args::{Past, Stream};
use crate::ends::with_ends;
use crate::records::Record;
use crate::{Streams, clock, stores};
use indicatif::{ProgressBar, ProgressStyle};
use leadwright::engine::{Prepared, Trial};
use leadwright::model::{Assignment, Seed, Tick, Timestamp};
use leadwright::plan::Plan;
use leadwright::store::Stored;
use leadwright::whatif::PastSale;
use serde::Deserialize;
use std::path::Path;

/// So many leads are prepared at once.
const BATCH: usize = 2_048;

/// A lead, or a line that is none.
pub(super) struct Item {
    pub(super) lead: Option<Vec<u8>>,
    tick: Tick,
    /// Its sales, where the history knows them; the time of the tick is then exact.
    pub(super) past: Option<Vec<PastSale>>,
}

impl Item {
    pub(super) fn prepare(&self, trial: &Trial) -> Option<Prepared> {
        let lead = self.lead.as_deref()?;
        Some(if self.past.is_some() { trial.prepare_at(lead, self.tick) } else { trial.prepare(lead, self.tick) })
    }
}

/// Hands batch after batch to `work`.
pub(super) fn each_batch(
    args: &Past,
    streams: &mut Streams<'_>,
    work: &mut dyn FnMut(Vec<Item>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let tick = tick(args)?;
    let bar = bar(args, streams.is_terminal);
    let done = match &args.store {
        Some(store) => from_store(args, store, &bar, work),
        None => {
            let _ = writeln!(streams.err, "now {}, seed {}", tick.now, tick.seed.get());
            from_file(args, tick, &bar, streams, work)
        }
    };
    bar.finish_and_clear();
    done
}

fn from_file(
    args: &Past,
    tick: Tick,
    bar: &ProgressBar,
    streams: &mut Streams<'_>,
    work: &mut dyn FnMut(Vec<Item>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let ends = Stream { input: args.leads.clone(), output: "-".into(), format: args.format, strict: false };
    let mut failure = None;
    let done = with_ends(&ends, streams, |records, _| {
        loop {
            let batch = records.batch(BATCH).map_err(|error| format!("the leads: {error}"))?;
            if batch.is_empty() {
                return Ok(());
            }
            let mut bytes = 0;
            let item = |(_, record): (u64, Record)| {
                let lead = match record {
                    Record::Json(line) => {
                        bytes += line.len() as u64 + 1;
                        Some(line).filter(|line| !line.trim_ascii().is_empty())
                    }
                    Record::Bad(_) => None,
                };
                Item { lead, tick, past: None }
            };
            let items = batch.into_iter().map(item).collect();
            if let Err(error) = work(items) {
                failure = Some(error);
                return Ok(());
            }
            bar.inc(if bar.length().is_some() { bytes } else { BATCH as u64 });
        }
    });
    done.map_err(Failure::input)?;
    failure.map_or(Ok(()), Err)
}

fn from_store(
    args: &Past,
    path: &Path,
    bar: &ProgressBar,
    work: &mut dyn FnMut(Vec<Item>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let tenant = tenant(&args.tenant)?;
    let store = stores::existing(path)?;
    let mut after = 0;
    loop {
        let page = store.decisions(&tenant, after, BATCH)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.seq;
        bar.inc(page.len() as u64);
        work(page.into_iter().map(item_of).collect())?;
    }
}

#[derive(Deserialize)]
struct Body {
    assignments: Vec<Assignment>,
}

fn item_of(stored: Stored) -> Item {
    let record = stored.record;
    let body: Option<Body> = serde_json::from_slice(&record.body).ok();
    let sale =
        |sold: Assignment| PastSale { buyer: sold.buyer, contract: sold.contract, sale: sold.sale, price: sold.price };
    let past = body.map(|body| body.assignments.into_iter().map(sale).collect()).unwrap_or_default();
    // A lead that was erased cannot be read.
    let lead = Some(record.input).filter(|_| stored.inner.is_none());
    Item { lead, tick: Tick { now: record.requested_at, seed: record.seed }, past: Some(past) }
}

fn tick(args: &Past) -> Result<Tick, Failure> {
    let now = match &args.now {
        Some(text) => text.parse::<Timestamp>().map_err(|error| Failure::usage(format!("--now: {error}")))?,
        None => clock::now(),
    };
    let seed = Seed::new(args.seed).ok_or_else(|| Failure::usage("--seed: a seed is 0 to 2^53 - 1"))?;
    Ok(Tick { now, seed })
}

/// A bar by bytes where the size of the input is known, else the number of leads so far.
fn bar(args: &Past, is_terminal: bool) -> ProgressBar {
    if !is_terminal {
        return ProgressBar::hidden();
    }
    let is_plain = args.store.is_none() && args.leads.extension().is_none_or(|end| !end.eq_ignore_ascii_case("csv"));
    let size = std::fs::metadata(&args.leads).ok().filter(|file| file.is_file() && is_plain);
    let (bar, look) = match size {
        Some(file) => (ProgressBar::new(file.len()), "{bar:40} {percent}%  {elapsed}, {eta} left"),
        None => (ProgressBar::no_length(), "{spinner} {human_pos} leads, {per_sec}"),
    };
    bar.with_style(ProgressStyle::with_template(look).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A trial of a plan with the lists that the plan keeps outside of it.
pub(super) fn trial(plan: Plan, path: &Path, args: &Past) -> Result<Trial, Failure> {
    let outside: Vec<String> = plan.outside_lists().map(|(name, _)| name.to_owned()).collect();
    let named = |word: &&String| word.split_once('=').is_none_or(|(name, _)| outside.iter().any(|other| other == name));
    let lists = open_lists(&plan, path, &args.list.iter().filter(named).cloned().collect::<Vec<_>>())?;
    let mut trial = Trial::new(plan)?.of_tenant(tenant(&args.tenant)?);
    for (name, list) in lists {
        trial.set_list(&name, list)?;
    }
    Ok(trial)
}
