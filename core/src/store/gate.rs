//! Who is inside while a process forks: nobody. A lock that is held at that moment is never released in the child.

use std::process;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

/// Lets people in, but for the time in which somebody forks. A child has a gate of its own: what it inherited may be held
/// by a thread that it does not have.
pub(super) struct Gate {
    pid: u32,
    state: Mutex<State>,
    changed: Condvar,
    child: OnceLock<Box<Gate>>,
}

#[derive(Default)]
struct State {
    inside: u32,
    resting: u32,
}

impl Default for Gate {
    fn default() -> Self {
        let (state, changed, child) = Default::default();
        Self { pid: process::id(), state, changed, child }
    }
}

/// Somebody who is inside.
pub(super) struct Pass<'a>(&'a Gate);

impl Gate {
    /// The gate of this process. The process is compared before any lock is taken.
    fn own(&self) -> &Gate {
        if self.pid == process::id() { self } else { self.child.get_or_init(Box::default).own() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&'a self, until: impl Fn(&State) -> bool) -> MutexGuard<'a, State> {
        let waited = self.changed.wait_while(self.lock(), |state| !until(state));
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn enter(&self) -> Pass<'_> {
        let gate = self.own();
        gate.wait(|state| state.resting == 0).inside += 1;
        Pass(gate)
    }

    /// Waits until nobody is inside, and lets nobody in.
    pub(super) fn rest(&self) {
        let gate = self.own();
        gate.lock().resting += 1;
        drop(gate.wait(|state| state.inside == 0));
    }

    pub(super) fn wake(&self) {
        let gate = self.own();
        let mut state = gate.lock();
        state.resting = state.resting.saturating_sub(1);
        drop(state);
        gate.changed.notify_all();
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.inside = state.inside.saturating_sub(1);
        drop(state);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn nobody_is_inside_while_somebody_rests() {
        let (gate, inside) = (Gate::default(), AtomicU32::new(0));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..2_000 {
                        let _pass = gate.enter();
                        inside.fetch_add(1, Ordering::SeqCst);
                        std::hint::spin_loop();
                        inside.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
            for _ in 0..2 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        gate.rest();
                        assert_eq!(inside.load(Ordering::SeqCst), 0);
                        gate.wake();
                    }
                });
            }
        });
        drop(gate.enter());
    }
}
