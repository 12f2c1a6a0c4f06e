//! Looking names up, in time.
//!
//! The system's resolver cannot be stopped once it was asked, so it is asked in a thread of its own, one for each name at a
//! time; whoever wants the name waits for that thread as long as it may. A name server that hangs costs one thread, not one
//! for each lead.

use std::collections::HashMap;
use std::fmt;
use std::net::{IpAddr, ToSocketAddrs as _};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// For how long an answer is used. Every connection is checked anyway, whatever the answer is.
const FRESH: Duration = Duration::from_secs(10);
/// For how long it is believed that a name has no address.
const FRESH_NOTHING: Duration = Duration::from_millis(500);
/// So many names are looked up at the same time.
const LOOKUPS: usize = 64;

/// What a name stands for.
pub trait Names: Send + Sync {
    /// All addresses of a name; none where it has none. It may take its time.
    fn addresses(&self, name: &str) -> Vec<IpAddr>;
}

/// The system's resolver.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SystemNames;

impl Names for SystemNames {
    fn addresses(&self, name: &str) -> Vec<IpAddr> {
        // The dot keeps the system from trying the name within our own domain.
        let found = (format!("{name}."), 0).to_socket_addrs();
        // Names that only `/etc/hosts` knows are known there without a dot.
        let found = found.or_else(|_| (name, 0).to_socket_addrs());
        found.map(|found| found.map(|address| address.ip()).collect()).unwrap_or_default()
    }
}

/// Names that were looked up a moment ago or are being looked up.
pub(crate) struct Known {
    names: Arc<dyn Names>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    known: Mutex<HashMap<String, Entry>>,
    changed: Condvar,
}

enum Entry {
    Asked,
    /// And until when it holds.
    Answered(Arc<[IpAddr]>, Instant),
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Known")
    }
}

impl Known {
    pub(crate) fn new(names: Arc<dyn Names>) -> Self {
        Self { names, shared: Arc::default() }
    }

    /// The addresses of a name; none where it has none, nothing where nobody said so in time.
    pub(crate) fn addresses(&self, name: &str, until: Instant) -> Option<Arc<[IpAddr]>> {
        let mut known = self.shared.known.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let now = Instant::now();
            match known.get(name) {
                Some(Entry::Answered(addresses, fresh)) if now < *fresh => return Some(addresses.clone()),
                Some(Entry::Asked) => {}
                _ if asked(&known) >= LOOKUPS => {}
                _ => {
                    known.insert(name.to_owned(), Entry::Asked);
                    self.ask(name.to_owned(), &mut known);
                    continue;
                }
            }
            let left = until.saturating_duration_since(now);
            if left.is_zero() {
                return None;
            }
            let waited = self.shared.changed.wait_timeout(known, left);
            known = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Asks in a thread. Where there is none to be had, the name stays unknown for now.
    fn ask(&self, name: String, known: &mut HashMap<String, Entry>) {
        let (names, shared, asked) = (self.names.clone(), self.shared.clone(), name.clone());
        let thread = std::thread::Builder::new().name("leadwright-names".into()).stack_size(512 * 1024);
        let started = thread.spawn(move || {
            let mut answer = Answer { shared, name, addresses: Vec::new() };
            answer.addresses = names.addresses(&answer.name);
        });
        if started.is_err() {
            known.insert(asked, Entry::Answered(Arc::default(), Instant::now() + FRESH_NOTHING));
        }
    }
}

fn asked(known: &HashMap<String, Entry>) -> usize {
    known.values().filter(|entry| matches!(entry, Entry::Asked)).count()
}

/// What one thread owes to those who wait. It is given when it is dropped: a resolver of the host that panics leaves nobody
/// waiting.
struct Answer {
    shared: Arc<Shared>,
    name: String,
    addresses: Vec<IpAddr>,
}

impl Drop for Answer {
    fn drop(&mut self) {
        let now = Instant::now();
        let fresh = now + if self.addresses.is_empty() { FRESH_NOTHING } else { FRESH };
        let addresses = std::mem::take(&mut self.addresses).into();
        let mut known = self.shared.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, entry| !matches!(entry, Entry::Answered(_, fresh) if *fresh <= now));
        known.insert(std::mem::take(&mut self.name), Entry::Answered(addresses, fresh));
        drop(known);
        self.shared.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    struct Slow(Duration, AtomicUsize);

    impl Names for Slow {
        fn addresses(&self, name: &str) -> Vec<IpAddr> {
            self.1.fetch_add(1, Ordering::Relaxed);
            std::thread::sleep(self.0);
            assert!(name != "panics.example", "as if by mistake");
            if name == "none.example" { Vec::new() } else { vec![[192, 0, 2, 1].into()] }
        }
    }

    fn within(millis: u64) -> Instant {
        Instant::now() + Duration::from_millis(millis)
    }

    #[test]
    fn nobody_waits_longer_than_they_may() {
        let known = Known::new(Arc::new(Slow(Duration::from_millis(400), AtomicUsize::new(0))));
        let begun = Instant::now();
        assert!(known.addresses("slow.example", within(60)).is_none());
        assert!(begun.elapsed() < Duration::from_millis(300), "{:?}", begun.elapsed());
        // The look-up went on, and what it found is there.
        assert_eq!(known.addresses("slow.example", within(5000)).map(|found| found.len()), Some(1));
    }

    #[test]
    fn one_look_up_is_for_all() {
        let slow = Arc::new(Slow(Duration::from_millis(50), AtomicUsize::new(0)));
        let known = Known::new(slow.clone());
        std::thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| assert!(known.addresses("one.example", within(5000)).is_some()));
            }
        });
        assert_eq!(slow.1.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn no_address_is_an_answer_and_so_is_a_panic() {
        let known = Known::new(Arc::new(Slow(Duration::ZERO, AtomicUsize::new(0))));
        for name in ["none.example", "panics.example"] {
            let begun = Instant::now();
            assert_eq!(known.addresses(name, within(5000)).map(|found| found.len()), Some(0), "{name}");
            assert!(begun.elapsed() < Duration::from_secs(2));
        }
    }
}
