//! What is to be done, between the one who fetches it and those who do it.

use crate::counts::Delivered;
use leadwright::operate::Sending;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Something to do.
pub(crate) enum Job {
    /// Send a lead.
    Post(Sending),
    /// Ask what became of one.
    Ask(Sending),
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// How many are being worked on.
    busy: usize,
    /// How many were finished so far.
    finished: u64,
    closed: bool,
    counts: Delivered,
}

/// Shared by all threads of a run.
#[derive(Default)]
pub(crate) struct Desk {
    state: Mutex<State>,
    changed: Condvar,
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn put(&self, jobs: Vec<Job>) {
        self.state().jobs.extend(jobs);
        self.changed.notify_all();
    }

    /// The next job, for as long as there are to be some.
    pub(crate) fn next(&self) -> Option<Job> {
        let mut state = self.state();
        loop {
            if state.closed {
                return None;
            }
            if let Some(job) = state.jobs.pop_front() {
                state.busy += 1;
                return Some(job);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    pub(crate) fn finished(&self) {
        let mut state = self.state();
        state.busy = state.busy.saturating_sub(1);
        state.finished += 1;
        drop(state);
        self.changed.notify_all();
    }

    pub(crate) fn count(&self, what: impl FnOnce(&mut Delivered)) {
        what(&mut self.state().counts);
    }

    pub(crate) fn counts(&self) -> Delivered {
        self.state().counts.clone()
    }

    /// How many of so many workers have something to do.
    pub(crate) fn taken(&self) -> usize {
        let state = self.state();
        state.busy + state.jobs.len()
    }

    pub(crate) fn finished_so_far(&self) -> u64 {
        self.state().finished
    }

    /// Waits until more are finished than were, for so long at most.
    pub(crate) fn wait(&self, finished: u64, longest: Duration) {
        let still = |state: &mut State| state.finished == finished && !state.closed;
        drop(self.changed.wait_timeout_while(self.state(), longest, still));
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// Nothing more is begun; what was not is given out.
    pub(crate) fn close(&self) -> VecDeque<Job> {
        let mut state = self.state();
        state.closed = true;
        let rest = std::mem::take(&mut state.jobs);
        drop(state);
        self.changed.notify_all();
        rest
    }
}

/// Closes a desk however its run ends: nobody waits for ever for those who wait at it.
pub(crate) struct Closing<'a>(pub(crate) &'a Desk);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        drop(self.0.close());
    }
}
