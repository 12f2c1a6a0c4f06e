//! `leadwright decide`

use super::summary::Summary;
use super::{Failure, tenant};
use crate::args::Decide;
use crate::ends::{Output, with_ends};
use crate::files::Folder;
use crate::parallel::{in_order, threads};
use crate::progress::Progress;
use crate::records::{Record, Records};
use crate::{Exit, Streams, clock, stores};
use indicatif::{ProgressBar, ProgressStyle};
use leadwright::engine::{Engine, EngineOptions, PreparedLine};
use leadwright::lists::{ListFile, OpenFile, SuppressionList};
use leadwright::model::limits::BATCH;
use leadwright::model::{Durability, Error, Seed, Tick, Timestamp};
use leadwright::plan::{Plan, render};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) fn run(args: &Decide, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let Some(plan) = load(&args.plan, "decided", streams) else { return Ok(Exit::Usage) };
    let tick = tick(args)?;
    let durability = if args.relaxed { Durability::Relaxed } else { Durability::Full };
    let store = stores::open(&args.store, durability)?;
    let options = EngineOptions { tenant: tenant(&args.tenant)?, ..EngineOptions::default() };
    let engine = Engine::with_options(plan, store, options)?;
    give_lists(&engine, &args.plan, &args.list)?;
    let threads = threads(args.threads);
    let _ = writeln!(streams.err, "now {}, seed {}, plan {}", tick.now, tick.seed.get(), engine.plan().hash());
    let progress = Progress::of(&args.stream, streams.is_terminal);
    let started = clock::monotonic();
    let mut summary = Summary::default();
    let mut failure = None;
    let done = with_ends(&args.stream, streams, |records, out| {
        let mut run = Run { engine: &engine, tick, threads, summary: &mut summary, progress: &progress };
        run.all(records, out).or_else(|stop| match stop {
            Stop::Input(message) => Err(message),
            Stop::Engine(error) => {
                failure = Some(error);
                Ok(())
            }
        })
    });
    progress.end();
    summary.write(started.elapsed(), &args.store, streams.err);
    if let Some(error) = failure {
        return Err(error.into());
    }
    done.map_err(Failure::input)?;
    Ok(if args.stream.strict && summary.has_errors() { Exit::Findings } else { Exit::Ok })
}

/// The plan; what is wrong with it is told with its lines.
pub(crate) fn load(plan: &Path, what: &str, streams: &mut Streams<'_>) -> Option<Plan> {
    let (folder, name) = Folder::of(plan);
    let checked = Plan::check(&folder, &name);
    if checked.plan.is_none() {
        for issue in &checked.issues {
            let source = checked.documents.source_named(&issue.file);
            let text = source.map_or_else(|| issue.to_string(), |source| render(issue, source));
            let _ = writeln!(streams.err, "{}\n", text.trim_end());
        }
        let _ = writeln!(streams.err, "leadwright: {} cannot be {what} by", plan.display());
    }
    checked.plan
}

pub(super) fn give_lists(engine: &Engine, plan: &Path, named: &[String]) -> Result<(), Failure> {
    for (name, list) in open_lists(&engine.plan(), plan, named)? {
        engine.set_list(&name, list)?;
    }
    Ok(())
}

/// A list under the name that a plan has for it.
pub(crate) type NamedList = (String, Arc<dyn SuppressionList>);

/// Opens the lists that the plan keeps outside of it, and those that are named. One that nobody gives counts as missing.
pub(crate) fn open_lists(of_plan: &Plan, plan: &Path, named: &[String]) -> Result<Vec<NamedList>, Failure> {
    let folder = plan.parent().unwrap_or(Path::new(""));
    let beside = of_plan.outside_lists().filter_map(|(name, file)| Some((name.to_owned(), folder.join(file?))));
    let mut files: BTreeMap<String, PathBuf> = beside.collect();
    for word in named {
        let split = word.split_once('=').ok_or_else(|| Failure::usage("--list: write NAME=FILE"))?;
        files.insert(split.0.to_owned(), split.1.into());
    }
    let open = |(name, file): (String, PathBuf)| {
        let list: Arc<dyn SuppressionList> = Arc::new(ListFile::open(OpenFile::open(&file)?)?);
        Ok((name, list))
    };
    files.into_iter().map(open).collect()
}

fn tick(args: &Decide) -> Result<Tick, Failure> {
    let now = match &args.now {
        Some(text) => text.parse::<Timestamp>().map_err(|error| Failure::usage(format!("--now: {error}")))?,
        None => clock::now(),
    };
    let seed = Seed::new(args.seed).ok_or_else(|| Failure::usage("--seed: a seed is 0 to 2^53 - 1"))?;
    Ok(Tick { now, seed })
}

/// Shows how many `what` there were so far.
pub(super) fn bar(is_terminal: bool, what: &str) -> ProgressBar {
    if !is_terminal {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    let style = ProgressStyle::with_template(&format!("{{spinner}} {{human_pos}} {what}, {{per_sec}}"));
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}

enum Stop {
    Input(String),
    Engine(Error),
}

struct Run<'a> {
    engine: &'a Engine,
    tick: Tick,
    threads: usize,
    summary: &'a mut Summary,
    progress: &'a Progress,
}

impl Run<'_> {
    /// Batch after batch: validated and matched in all threads, settled in one transaction, then answered.
    fn all(&mut self, records: &mut Records<'_>, out: &mut Output<'_>) -> Result<(), Stop> {
        loop {
            let batch = records.batch(BATCH).map_err(|error| Stop::Input(format!("the input: {error}")))?;
            if batch.is_empty() || out.is_closed() {
                return Ok(());
            }
            let prepared = self.prepare(&batch);
            for answer in self.engine.settle_lines(prepared).map_err(Stop::Engine)? {
                self.summary.add(&answer);
                out.line(answer.bytes()).map_err(Stop::Input)?;
            }
            self.progress.add(&batch);
        }
    }

    fn prepare(&self, batch: &[(u64, Record)]) -> Vec<PreparedLine> {
        let one = |(number, record): &(u64, Record)| match record {
            Record::Json(line) => self.engine.prepare_line(line, *number, self.tick),
            Record::Bad(problem) => PreparedLine::refused(*number, problem.clone()),
        };
        in_order(batch, self.threads, one)
    }
}
