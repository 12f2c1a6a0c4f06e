//! `leadwright deliver`

use super::Failure;
use super::deliver::age;
use super::operate::open;
use crate::args::Deliver as Args;
use crate::clock::{monotonic, now};
use crate::progress::spinner;
use crate::{Exit, GivenSecrets, HttpDelivery, Streams};
use indicatif::ProgressBar;
use leadwright::deliver::Secrets;
use leadwright::engine::{Clock, Engine, NoRequest};
use leadwright::model::{Error, Timestamp};
use leadwright::operate::{DeliveryReported, Sending};
use leadwright::plan::units::duration_millis;
use leadwright_deliver::{Delivered, DeliveryOptions, Told};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::{SigId, flag, low_level};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What the variables of secrets begin with.
const PREFIX: &str = "LEADWRIGHT_SECRET_";
/// How often the status is looked up.
const STATUS: Duration = Duration::from_secs(1);
/// The same words are said so often at most.
const SAID: usize = 20;
/// What is left of a claim is for the report: a shorter one would send nothing.
const SHORTEST_HOLD: Duration = Duration::from_secs(2);

pub(crate) fn run(args: &Args, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (engine, at) = open(&args.on)?;
    let secrets: Arc<dyn Secrets + Send + Sync> = Arc::new(secrets(args.secrets.as_deref())?);
    let options = DeliveryOptions {
        worker: args.worker.clone(),
        workers: args.workers,
        hold: args.hold.as_deref().map(hold).transpose()?,
        until_empty: args.until_empty,
        ..DeliveryOptions::default()
    };
    let delivery = HttpDelivery { options, allow: args.allow.clone() };
    let clock = args.on.now.as_ref().map(|_| GoesOn { at, begun: monotonic() });
    let clock = clock.as_ref().map(|clock| clock as &(dyn Clock + Sync));
    let interrupted = Interrupted::heard()?;
    let heard = Heard::default();
    let mut status = Status { bar: spinner(streams.is_terminal), looked: None };
    let mut stop = || {
        let said = heard.take();
        if !said.is_empty() {
            status.bar.suspend(|| said.iter().for_each(|line| drop(writeln!(streams.err, "{line}"))));
        }
        let time = clock.map_or_else(now, |clock| clock.now());
        status.show(&engine, &heard, time);
        interrupted.is_so()
    };
    let done = delivery.run(&engine, &secrets, clock, &heard, &mut stop);
    stop();
    status.bar.finish_and_clear();
    let done = done?;
    say(&done, args.json, interrupted.is_so(), streams);
    Ok(Exit::Ok)
}

/// How long a claim lasts. An exchange never lasts longer, whatever the plan says.
fn hold(text: &str) -> Result<Duration, Failure> {
    let millis =
        duration_millis(text).map_err(|error| Failure::usage(format!("--hold: {} was expected", error.expected)))?;
    let hold = Duration::from_millis(u64::try_from(millis).unwrap_or_default());
    if hold < SHORTEST_HOLD {
        return Err(Failure::usage("--hold: 2s or more was expected"));
    }
    Ok(hold)
}

/// A file with an object of names and texts, and the environment.
pub(super) fn secrets(file: Option<&Path>) -> Result<GivenSecrets, Failure> {
    let Some(path) = file else { return Ok(GivenSecrets::default().or_environment(PREFIX)) };
    let text = std::fs::read_to_string(path).map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    // What a parser says of it may quote it.
    let wrong = |_| Failure::usage(format!("{}: an object of names and texts is expected", path.display()));
    let read: BTreeMap<String, String> = serde_json::from_str(&text).map_err(wrong)?;
    Ok(read.into_iter().collect::<GivenSecrets>().or_environment(PREFIX))
}

fn say(done: &Delivered, json: bool, interrupted: bool, streams: &mut Streams<'_>) {
    if json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(done).unwrap_or_default());
        return;
    }
    for (class, count) in &done.ended {
        let _ = writeln!(streams.out, "{count:>9}  {}", class.as_str());
    }
    let besides = [
        (done.found_out, "of which nobody knew, found out by asking"),
        (done.fell, "sales fell, and their leads went on"),
        (done.dead, "given up: see leadwright dead list"),
        (done.unreported, "could not be reported: nobody knows how they ended"),
    ];
    for (count, what) in besides.into_iter().filter(|(count, _)| *count > 0) {
        let _ = writeln!(streams.out, "{count:>9}  {what}");
    }
    if done.ended.is_empty() {
        let _ = writeln!(streams.out, "nothing was due");
    }
    if interrupted {
        let _ = writeln!(streams.err, "stopped; what was on its way was waited for");
    }
}

/// A clock that goes on from a time that was given.
pub(super) struct GoesOn {
    pub(super) at: Timestamp,
    pub(super) begun: Instant,
}

impl Clock for GoesOn {
    fn now(&self) -> Timestamp {
        self.at.plus_millis(i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX))
    }
}

/// What the threads of a run say, until somebody prints it.
#[derive(Default)]
struct Heard(Mutex<Said>);

#[derive(Default)]
struct Said {
    lines: Vec<String>,
    classes: BTreeMap<&'static str, u64>,
    times: BTreeMap<String, usize>,
}

impl Heard {
    fn put(&self, line: String) {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = said.times.entry(line.clone()).or_default();
        *times += 1;
        if *times <= SAID && said.times.len() <= 1_000 {
            said.lines.push(line);
        }
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).lines)
    }

    fn classes(&self) -> String {
        let said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let words: Vec<String> = said.classes.iter().map(|(class, count)| format!("{count} {class}")).collect();
        words.join(", ")
    }
}

impl Told for Heard {
    fn reported(&self, _: &Sending, reported: &DeliveryReported) {
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *said.classes.entry(reported.class.as_str()).or_default() += 1;
    }

    fn no_request(&self, sending: &Sending, why: &NoRequest) {
        self.put(format!("{} to {}: {}: {why}", sending.decision, sending.contract, why.class.as_str()));
    }

    fn store_failed(&self, error: &Error, _: Duration) {
        self.put(format!("tried again: {error}"));
    }

    fn unreported(&self, sending: &Sending, error: &Error) {
        self.put(format!("{} to {}: not reported: {error}", sending.decision, sending.contract));
    }
}

/// How much is left, for how long, and how attempts ended, where somebody looks.
struct Status {
    bar: ProgressBar,
    looked: Option<Instant>,
}

impl Status {
    fn show(&mut self, engine: &Engine, heard: &Heard, now: Timestamp) {
        if self.bar.is_hidden() || self.looked.is_some_and(|at| at.elapsed() < STATUS) {
            return;
        }
        self.looked = Some(monotonic());
        let Ok(rows) = engine.outbox() else { return };
        let mut left: BTreeMap<&str, (u64, Timestamp)> = BTreeMap::new();
        for row in &rows {
            let (count, oldest) = left.entry(row.state.as_str()).or_insert((0, row.oldest));
            (*count, *oldest) = (count.saturating_add(row.count), row.oldest.min(*oldest));
        }
        let left = left.iter().map(|(state, (count, oldest))| format!("{count} {state} for {}", age(*oldest, now)));
        let left: Vec<String> = left.collect();
        self.bar.set_message(format!("{}; {}", left.join(", "), heard.classes()));
        self.bar.tick();
    }
}

/// Whether somebody wants it to end: the first time it ends by itself, the second time at once.
struct Interrupted {
    flag: Arc<AtomicBool>,
    heard: Vec<SigId>,
}

impl Interrupted {
    fn heard() -> Result<Self, Failure> {
        let flag = Arc::new(AtomicBool::new(false));
        let mut heard = Vec::new();
        for signal in [SIGINT, SIGTERM] {
            let both =
                [flag::register_conditional_shutdown(signal, 130, flag.clone()), flag::register(signal, flag.clone())];
            for registered in both {
                heard.push(registered.map_err(|error| Failure::input(format!("signals cannot be heard: {error}")))?);
            }
        }
        Ok(Self { flag, heard })
    }

    fn is_so(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }
}

impl Drop for Interrupted {
    fn drop(&mut self) {
        for id in self.heard.drain(..) {
            low_level::unregister(id);
        }
    }
}
