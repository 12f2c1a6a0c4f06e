//! Who is told what happens, and how long it took. An engine that nobody observes asks no clock.

use super::doors::{Decided, Engine};
use super::host::{Observer, Stopwatch};
#[cfg(feature = "metrics")]
use super::metrics::{Counters, Metrics};
use super::spans::span;
use crate::model::Error;
use crate::store::Transaction;
use std::sync::Arc;

/// Those who are told.
#[derive(Default)]
pub(super) struct Observers {
    all: Vec<Arc<dyn Observer>>,
    watch: Option<Arc<dyn Stopwatch>>,
    #[cfg(feature = "metrics")]
    counters: Option<Arc<Counters>>,
}

impl Observers {
    /// The time now, where there is a clock and somebody who wants to know.
    pub(super) fn begun(&self) -> Option<u64> {
        self.watch.as_ref().filter(|_| !self.all.is_empty()).map(|watch| watch.micros())
    }

    fn since(&self, begun: Option<u64>) -> Option<u64> {
        begun.and_then(|begun| Some(self.begun()?.saturating_sub(begun)))
    }

    pub(super) fn waited(&self, begun: Option<u64>) {
        if let Some(micros) = self.since(begun) {
            self.all.iter().for_each(|observer| observer.waited(micros));
        }
    }

    pub(super) fn committed(&self, decided: &[Decided]) {
        self.all.iter().for_each(|observer| observer.committed(decided));
    }
}

impl Engine {
    /// The same with one more who is told of every decision.
    #[must_use]
    pub fn observed_by(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observers.all.push(observer);
        self
    }

    /// The same with a clock, so that observers hear how long something took. No decision asks it.
    #[must_use]
    pub fn timed_by(mut self, watch: Arc<dyn Stopwatch>) -> Self {
        self.observers.watch = Some(watch);
        self
    }

    /// A write transaction, of which observers are told.
    pub(super) fn write(&self, work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>) -> Result<(), Error> {
        span!("commit");
        let begun = self.observers.begun();
        let done = self.store().write(self.tenant(), work);
        let failed = done.as_ref().err().map(Error::code);
        let micros = self.observers.since(begun);
        self.observers.all.iter().for_each(|observer| observer.written(micros, failed));
        done
    }
}

#[cfg(feature = "metrics")]
impl Engine {
    /// The same, and it counts what it does: see [`metrics`](Self::metrics).
    #[must_use]
    pub fn counted(mut self) -> Self {
        let counters = Arc::new(Counters::default());
        self.observers.counters = Some(counters.clone());
        self.observed_by(counters)
    }

    /// What happened since this process opened the engine, for a page that Prometheus scrapes. Without
    /// [`counted`](Self::counted) only who waits and who was turned away is known; without [`timed_by`](Self::timed_by)
    /// the histograms of times are empty.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::{engine::Engine, model::Tick, store::MemoryStore};
    /// let engine = Engine::open(plan, MemoryStore::new())?.counted();
    /// engine.decide(br#"{"id":"L1","source":"nobody"}"#, Tick::at("2026-11-24T15:30:00Z".parse()?))?;
    /// let text = engine.metrics().to_prometheus();
    /// assert!(text.contains("leadwright_decisions_total{outcome=\"rejected\"} 1\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn metrics(&self) -> Metrics {
        let mut metrics = self.observers.counters.as_ref().map(|counters| counters.snapshot()).unwrap_or_default();
        metrics.busy = self.counts().turned_away;
        metrics.waiting = self.waiting();
        metrics
    }
}
