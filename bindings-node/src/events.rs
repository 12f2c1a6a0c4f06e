//! Reading the events.

use crate::answers::{joined, number};
use crate::fault::{fault, guarded};
use leadwright::engine::Engine;
use leadwright::events::{self, Delivered, begin_of, kinds_of, subscriber_name};
use leadwright::model::Error;
use napi::bindgen_prelude::{AsyncTask, Buffer, Float64Array, Uint32Array};
use napi::{Env, Result, Task};
use napi_derive::napi;
use std::sync::Arc;

/// Somebody who reads the events under a name.
#[napi]
pub struct Subscription {
    inner: Arc<events::Subscription>,
}

impl Subscription {
    pub(crate) fn open(engine: &Engine, name: &str, types: &[String], start: &str) -> std::result::Result<Self, Error> {
        let (name, begin) = (subscriber_name(name)?, begin_of(start)?);
        let kinds = kinds_of(types.iter().map(String::as_str))?;
        Ok(Self { inner: Arc::new(engine.subscribe(&name, &kinds, begin)?) })
    }
}

#[napi]
impl Subscription {
    /// Up to so many events, read off the event loop.
    #[napi]
    pub fn poll(&self, limit: u32) -> Result<AsyncTask<Poll>> {
        guarded(|| Ok(AsyncTask::new(Poll { of: self.inner.clone(), limit: usize::try_from(limit).unwrap_or(1) })))
    }

    /// Everything up to a position is worked off; written off the event loop.
    #[napi]
    pub fn ack(&self, position: f64) -> Result<AsyncTask<Say>> {
        guarded(|| {
            Ok(AsyncTask::new(Say { of: self.inner.clone(), what: What::Ack(crate::engine::position(position)) }))
        })
    }

    /// Reads on from `start`, `now`, or a position.
    #[napi]
    pub fn seek(&self, start: String) -> Result<AsyncTask<Say>> {
        guarded(|| Ok(AsyncTask::new(Say { of: self.inner.clone(), what: What::Seek(start) })))
    }
}

/// Some events in one piece.
#[napi(object, object_from_js = false)]
pub struct Events {
    /// All CloudEvents, one after the other.
    pub bytes: Buffer,
    /// Where each ends.
    pub ends: Uint32Array,
    /// Their positions in the log.
    pub positions: Float64Array,
}

/// A page that is read.
pub struct Poll {
    of: Arc<events::Subscription>,
    limit: usize,
}

impl Task for Poll {
    type Output = Vec<Delivered>;
    type JsValue = Events;

    fn compute(&mut self) -> Result<Self::Output> {
        guarded(|| self.of.poll(self.limit).map_err(|error| fault(&error)))
    }

    fn resolve(&mut self, _: Env, events: Self::Output) -> Result<Events> {
        let positions: Vec<f64> = events.iter().map(|event| number(event.position)).collect();
        let (bytes, ends) = joined(events.into_iter().map(|event| event.bytes).collect());
        Ok(Events { bytes: bytes.into(), ends: ends.into(), positions: positions.into() })
    }
}

/// Something that moves the cursor.
pub struct Say {
    of: Arc<events::Subscription>,
    what: What,
}

enum What {
    Ack(u64),
    Seek(String),
}

impl Task for Say {
    type Output = ();
    type JsValue = ();

    fn compute(&mut self) -> Result<()> {
        guarded(|| {
            let done = match &self.what {
                What::Ack(position) => self.of.ack(*position),
                What::Seek(start) => begin_of(start).and_then(|begin| self.of.seek(begin)),
            };
            done.map_err(|error| fault(&error))
        })
    }

    fn resolve(&mut self, _: Env, (): ()) -> Result<()> {
        Ok(())
    }
}
