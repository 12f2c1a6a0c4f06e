//! Work off the event loop, in a thread of libuv's pool.

use crate::answers::{Answers, Joined, Many, joined};
use crate::engine::Core;
use crate::fault::{envelope, fault, guarded};
use crate::input::tick;
use leadwright::engine::Line;
use leadwright::model::limits::LINE_BYTES;
use leadwright::model::{Code, Error, Tick};
use napi::bindgen_prelude::{Either, Uint8Array};
use napi::{Env, Result, Task};
use napi_derive::napi;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Stops a batch that runs: after the transaction it is in.
#[napi]
#[derive(Default)]
pub struct Stop {
    pub(crate) flag: Arc<AtomicBool>,
}

#[napi]
impl Stop {
    #[napi(constructor)]
    #[allow(missing_docs, reason = "a constructor")]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for it.
    #[napi]
    pub fn set(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }
}

/// JSON Lines.
pub struct Lines {
    pub(crate) engine: Arc<Core>,
    pub(crate) leads: Vec<u8>,
    pub(crate) first: u64,
    pub(crate) tick: Tick,
    pub(crate) threads: usize,
    pub(crate) stop: Arc<AtomicBool>,
}

/// What ends a batch before its end.
enum End {
    Fault(Error),
    Asked,
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        End::Fault(error)
    }
}

impl Task for Lines {
    type Output = Option<Vec<Joined>>;
    type JsValue = Option<Vec<Answers>>;

    /// The answers batch by batch; nothing when it was stopped.
    fn compute(&mut self) -> Result<Self::Output> {
        guarded(|| {
            let mut all = Vec::new();
            let each = |answers| portion(answers, &mut all, &self.stop);
            let done =
                leadwright_cli::decide_lines_from(&self.engine, &self.leads, self.first, self.tick, self.threads, each);
            ended(done, || all)
        })
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(output.map(|all| all.into_iter().map(Answers::from).collect()))
    }
}

/// JSON Lines whose rows somebody else settles.
pub struct Preparing {
    pub(crate) engine: Arc<Core>,
    pub(crate) leads: Vec<u8>,
    pub(crate) tick: Tick,
    pub(crate) threads: usize,
    pub(crate) stop: Arc<AtomicBool>,
}

impl Task for Preparing {
    type Output = Option<Vec<(Vec<u8>, Vec<u32>)>>;
    type JsValue = Option<Vec<Many>>;

    /// The rows batch by batch; nothing when it was stopped.
    fn compute(&mut self) -> Result<Self::Output> {
        guarded(|| {
            let mut all = Vec::new();
            let done = leadwright_cli::prepare_rows(&self.engine, &self.leads, self.tick, self.threads, |rows| {
                all.push(joined(rows));
                if self.stop.load(Ordering::Relaxed) { Err(()) } else { Ok(()) }
            });
            Ok(done.is_ok().then_some(all))
        })
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(output.map(|all| all.into_iter().map(Many::from).collect()))
    }
}

/// Rows that were prepared elsewhere.
pub struct Settling {
    pub(crate) engine: Arc<Core>,
    pub(crate) rows: Vec<Vec<u8>>,
    pub(crate) first: u64,
    pub(crate) stop: Arc<AtomicBool>,
}

impl Task for Settling {
    type Output = Option<Vec<Joined>>;
    type JsValue = Option<Vec<Answers>>;

    /// The answers batch by batch; nothing when it was stopped.
    fn compute(&mut self) -> Result<Self::Output> {
        guarded(|| {
            let mut all = Vec::new();
            let each = |answers| portion(answers, &mut all, &self.stop);
            ended(leadwright_cli::settle_rows(&self.engine, &self.rows, self.first, each), || all)
        })
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Self::JsValue> {
        Ok(output.map(|all| all.into_iter().map(Answers::from).collect()))
    }
}

/// Takes the answers of a batch in, and says whether the run goes on.
fn portion(answers: Vec<Line>, all: &mut Vec<Joined>, stop: &AtomicBool) -> std::result::Result<(), End> {
    let mut joined = Joined::default();
    answers.iter().for_each(|line| joined.line(line));
    all.push(joined);
    if stop.load(Ordering::Relaxed) { Err(End::Asked) } else { Ok(()) }
}

/// What a run comes to: nothing when it was stopped.
fn ended<T>(done: std::result::Result<(), End>, all: impl FnOnce() -> T) -> Result<Option<T>> {
    match done {
        Ok(()) => Ok(Some(all())),
        Err(End::Asked) => Ok(None),
        Err(End::Fault(error)) => Err(fault(&error)),
    }
}

/// Calls of `decide()` that came in one turn of the event loop: one transaction for all.
pub struct Calls {
    pub(crate) engine: Arc<Core>,
    pub(crate) calls: Vec<Call>,
}

/// A lead with its time and seed, or what is wrong with them.
pub(crate) type Call = std::result::Result<(Vec<u8>, Tick), Error>;

/// Checks a call: what is wrong with it is its own affair and not that of the others.
pub(crate) fn call(lead: Either<String, Uint8Array>, now: Option<f64>, seed: f64) -> Call {
    let lead = match lead {
        Either::A(text) => text.into_bytes(),
        Either::B(bytes) => bytes.to_vec(),
    };
    if lead.len() > LINE_BYTES {
        return Err(Error::new(Code::LimitLineBytes, format!("{} bytes", lead.len())));
    }
    Ok((lead, tick(now, seed)?))
}

impl Task for Calls {
    type Output = Joined;
    type JsValue = Answers;

    fn compute(&mut self) -> Result<Joined> {
        guarded(|| {
            let good = self.calls.iter().flatten();
            let prepared: Vec<_> = good.map(|(lead, tick)| self.engine.prepare(lead, *tick)).collect();
            let mut decided = self.engine.settle(&prepared).map_err(|error| fault(&error))?.into_iter();
            let mut joined = Joined::default();
            for call in &self.calls {
                match call {
                    Err(error) => joined.fault(&envelope(error)),
                    Ok(_) => {
                        let missing = || fault(&Error::new(Code::InternalError, "no decision was made"));
                        joined.decided(&decided.next().ok_or_else(missing)?);
                    }
                }
            }
            Ok(joined)
        })
    }

    fn resolve(&mut self, _: Env, output: Joined) -> Result<Answers> {
        Ok(output.into())
    }
}
