//! The connections of this process. A child that was forked opens its own, and leaves those of its parent alone.

use crate::link::Link;
use crate::options::{Address, PostgresOptions};
use leadwright::model::Error;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

pub(crate) struct Pool {
    pid: u32,
    state: Mutex<State>,
    changed: Condvar,
    child: OnceLock<Box<Pool>>,
}

#[derive(Default)]
struct State {
    idle: Vec<Link>,
    /// How many are used now.
    used: usize,
    /// How many forks they wait for.
    resting: u32,
}

/// A connection that somebody uses; it goes back when they are done, unless it is broken.
pub(crate) struct Lent<'a> {
    pool: &'a Pool,
    link: Option<Link>,
    most: usize,
}

impl Pool {
    pub(crate) fn new() -> Self {
        Self { pid: std::process::id(), state: Mutex::default(), changed: Condvar::new(), child: OnceLock::new() }
    }

    /// The process is compared before any lock is taken: one that was held at the time of a fork is never released there.
    fn here(&self) -> &Pool {
        if self.pid == std::process::id() { self } else { self.child.get_or_init(|| Box::new(Self::new())).here() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection, an idle one where there is one. `fresh` is one that was opened now.
    pub(crate) fn lend(&self, address: &Address, options: &PostgresOptions, fresh: bool) -> Result<Lent<'_>, Error> {
        let here = self.here();
        let mut state = here.lock();
        while state.resting > 0 {
            state = here.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let found = if fresh { None } else { state.idle.pop() };
        state.used += 1;
        drop(state);
        let mut lent = Lent { pool: here, link: found.filter(|link| !link.is_gone()), most: options.idle };
        if lent.link.is_none() {
            lent.link = Some(Link::open(address, options)?);
        }
        Ok(lent)
    }

    /// Closes all connections once nobody uses one, and keeps them closed.
    pub(crate) fn rest(&self) {
        let here = self.here();
        let mut state = here.lock();
        state.resting += 1;
        while state.used > 0 {
            state = here.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.idle.clear();
    }

    pub(crate) fn wake(&self) {
        let here = self.here();
        let mut state = here.lock();
        state.resting = state.resting.saturating_sub(1);
        drop(state);
        here.changed.notify_all();
    }

    pub(crate) fn statements(&self) -> Vec<String> {
        self.here().lock().idle.iter().flat_map(Link::texts).collect()
    }

    /// Closes what nobody uses.
    pub(crate) fn clear(&self) {
        self.here().lock().idle.clear();
    }
}

impl Lent<'_> {
    /// The connection.
    ///
    /// # Errors
    /// Never while it is lent.
    pub(crate) fn link(&self) -> Result<&Link, Error> {
        self.link
            .as_ref()
            .ok_or_else(|| Error::new(leadwright::model::Code::InternalError, "the connection is given back"))
    }

    /// It is not to be used again.
    pub(crate) fn give_up(&self) {
        if let Some(link) = &self.link {
            link.broken.set(true);
        }
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        // Somebody who panicked in the middle of a transaction left it open; the server ends it with the connection.
        let link = self.link.take().filter(|link| !link.is_gone() && !std::thread::panicking());
        let mut state = self.pool.lock();
        state.used = state.used.saturating_sub(1);
        if let Some(link) = link.filter(|_| state.idle.len() < self.most && state.resting == 0) {
            state.idle.push(link);
        }
        drop(state);
        self.pool.changed.notify_all();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        if self.pid != std::process::id() {
            // To close them here would end the sessions of the parent.
            let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut state.idle).into_iter().for_each(std::mem::forget);
        }
    }
}
