//! Who was first: the byte that left, or the time that was over.

use std::sync::atomic::{AtomicU8, Ordering};

/// How far an exchange is. It goes on to `SENT` or to `GIVEN_UP`, never to both: whoever waits gives up, whoever sends asks
/// before the first byte, and one of them is told no. So what was given up before it was sent is not sent afterwards.
#[derive(Debug, Default)]
pub(crate) struct Gate(AtomicU8);

const WAITING: u8 = 0;
const BEGUN: u8 = 1;
const SENT: u8 = 2;
const GIVEN_UP: u8 = 3;

/// How far it was when it was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reached {
    /// Nobody had begun with it.
    Nothing,
    /// It had no connection yet.
    Begun,
    /// Bytes of it may have left.
    Sent,
}

impl Gate {
    /// Whether to begin with it at all.
    pub(crate) fn begin(&self) -> bool {
        self.step(WAITING, BEGUN)
    }

    /// Before a byte of the request leaves: whether it may. Asked again, the answer is the same.
    pub(crate) fn pass(&self) -> bool {
        self.step(BEGUN, SENT) || self.is_sent()
    }

    pub(crate) fn is_sent(&self) -> bool {
        self.0.load(Ordering::Acquire) == SENT
    }

    /// The time is over. What was not sent by now never is.
    pub(crate) fn give_up(&self) -> Reached {
        if self.step(WAITING, GIVEN_UP) {
            Reached::Nothing
        } else if self.step(BEGUN, GIVEN_UP) {
            Reached::Begun
        } else {
            Reached::Sent
        }
    }

    fn step(&self, from: u8, to: u8) -> bool {
        self.0.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::Barrier;

    #[test]
    fn what_was_given_up_is_not_sent() {
        let gate = Gate::default();
        assert!(gate.begin() && !gate.begin(), "one begins");
        assert_eq!(gate.give_up(), Reached::Begun);
        assert!(!gate.pass() && !gate.is_sent());
    }

    #[test]
    fn what_was_sent_is_not_taken_back() {
        let gate = Gate::default();
        assert!(gate.begin() && gate.pass() && gate.pass());
        assert_eq!(gate.give_up(), Reached::Sent);
        assert!(gate.is_sent());
    }

    #[test]
    fn one_of_two_is_first() {
        for _ in 0..2000 {
            let (gate, barrier) = (Arc::new(Gate::default()), Arc::new(Barrier::new(2)));
            assert!(gate.begin());
            let (theirs, meeting) = (gate.clone(), barrier.clone());
            let sender = std::thread::spawn(move || {
                meeting.wait();
                theirs.pass()
            });
            barrier.wait();
            let reached = gate.give_up();
            let has_left = sender.join().expect("it ends");
            assert_eq!(has_left, reached == Reached::Sent, "{reached:?}");
        }
    }
}
