//! Threads that wait for others.
//!
//! They are made when there is work and nobody is free, up to a bound, and end when there was nothing to do for a while. A
//! thread that hangs in a socket takes no time of a processor and little memory: its stack is touched where it is used only.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

type Job = Box<dyn FnOnce() + Send>;

/// For how long a thread without work stays.
const PATIENCE: Duration = Duration::from_secs(10);
/// A handshake of TLS in a build without optimisations needs a good part of it.
const STACK: usize = 1024 * 1024;

/// Threads of one process.
pub(crate) struct Crowd {
    shared: Arc<Shared>,
    most: usize,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
    is_over: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Crowd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Crowd({} at most)", self.most)
    }
}

impl Crowd {
    pub(crate) fn new(most: usize) -> Self {
        Self { shared: Arc::default(), most: most.max(1) }
    }

    /// Has it done as soon as somebody is free. Whoever wants it by a certain time says so to the job.
    pub(crate) fn run(&self, jobs: impl IntoIterator<Item = Job>) {
        let mut state = self.shared.lock();
        state.jobs.extend(jobs);
        let wanted = state.jobs.len().saturating_sub(state.idle).min(self.most.saturating_sub(state.threads));
        let started = (0..wanted).take_while(|_| self.start()).count();
        state.threads += started;
        drop(state);
        self.shared.work.notify_all();
    }

    fn start(&self) -> bool {
        let shared = self.shared.clone();
        let thread = std::thread::Builder::new().name("leadwright-http".into()).stack_size(STACK);
        thread.spawn(move || work(&shared)).is_ok()
    }

    /// The threads end when they are done with what they are at.
    pub(crate) fn end(&self) {
        let mut state = self.shared.lock();
        state.is_over = true;
        state.jobs.clear();
        drop(state);
        self.shared.work.notify_all();
    }

    /// As somebody who holds it at the time of a fork.
    #[cfg(test)]
    pub(crate) fn hold(&self) -> impl Sized + '_ {
        self.shared.lock()
    }

    #[cfg(test)]
    fn threads(&self) -> usize {
        self.shared.lock().threads
    }
}

fn work(shared: &Shared) {
    let mut state = shared.lock();
    loop {
        if let Some(job) = state.jobs.pop_front() {
            drop(state);
            // One that panics is one that never answers; the thread goes on.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
            state = shared.lock();
            continue;
        }
        if state.is_over {
            break;
        }
        state.idle += 1;
        let (woken, waited) = shared.work.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner);
        state = woken;
        state.idle -= 1;
        if waited.timed_out() && state.jobs.is_empty() {
            break;
        }
    }
    state.threads -= 1;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;
    use std::sync::mpsc;

    #[test]
    fn as_many_as_are_needed_work_at_once_and_no_more_than_may() {
        let crowd = Crowd::new(8);
        let meeting = Arc::new(Barrier::new(9));
        let jobs = (0..8).map(|_| {
            let meeting = meeting.clone();
            Box::new(move || {
                meeting.wait();
            }) as Job
        });
        crowd.run(jobs);
        meeting.wait();
        let (told, hears) = mpsc::channel();
        for n in 0..100 {
            let told = told.clone();
            crowd.run([Box::new(move || {
                let _ = told.send(n);
            }) as Job]);
        }
        drop(told);
        let mut heard: Vec<i32> = hears.iter().collect();
        heard.sort_unstable();
        assert_eq!(heard, (0..100).collect::<Vec<_>>());
        assert_eq!(crowd.threads(), 8);
    }

    #[test]
    fn a_panic_takes_no_thread_away() {
        let crowd = Crowd::new(1);
        let (told, hears) = mpsc::channel();
        crowd.run([Box::new(|| assert!(std::hint::black_box(false), "as if by mistake")) as Job]);
        crowd.run([Box::new(move || {
            let _ = told.send(1);
        }) as Job]);
        assert_eq!(hears.recv_timeout(Duration::from_secs(5)), Ok(1));
    }
}
