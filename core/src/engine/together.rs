//! Callers that decide at the same time share a transaction: whoever comes first settles what has come meanwhile, and the
//! others wait for it. No thread and no timer of ours is behind it; a caller alone waits for nobody.

use super::doors::Decided;
use super::prepare::Prepared;
use crate::model::limits::BATCH;
use crate::model::{Code, Error};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

/// So many leads may wait; the next one is told to come again, which is better than a queue that nobody sees the end of.
pub(super) const WAITING: usize = 8_192;

type Answer = Result<Decided, Error>;

/// A lead and when it came, where somebody wants to know.
pub(super) struct Waiter {
    pub(super) lead: Prepared,
    pub(super) begun: Option<u64>,
}

/// What callers share. After a fork the child has its own: a lock that was held then is never released there.
pub(super) struct Together {
    pid: u32,
    waiting: usize,
    shared: Mutex<Shared>,
    changed: Condvar,
    child: OnceLock<Box<Together>>,
}

#[derive(Default)]
struct Shared {
    next: u64,
    waiting: VecDeque<(u64, Waiter)>,
    answers: BTreeMap<u64, Answer>,
    /// Whether somebody settles.
    busy: bool,
    counts: SettleCounts,
}

/// How often callers came together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SettleCounts {
    /// Leads that were settled.
    pub leads: u64,
    /// In how many transactions.
    pub transactions: u64,
    /// The most leads of one transaction.
    pub most: usize,
    /// Leads that were turned away because too many waited.
    pub turned_away: u64,
}

impl Together {
    /// For callers of whom so many may wait.
    pub(super) fn new(waiting: usize) -> Self {
        let (shared, changed, child) = (Mutex::default(), Condvar::new(), OnceLock::new());
        Self { pid: std::process::id(), waiting, shared, changed, child }
    }

    /// Settles a lead with those of others, in the order in which they came.
    pub(super) fn settle(&self, lead: Waiter, settle: &dyn Fn(Vec<Waiter>) -> Vec<Answer>) -> Answer {
        let here = self.here();
        let mut shared = here.lock();
        if shared.waiting.len() >= self.waiting {
            shared.counts.turned_away += 1;
            return Err(Error::new(Code::EngineBusy, format!("{} leads wait", self.waiting)));
        }
        let ticket = shared.next;
        shared.next += 1;
        shared.waiting.push_back((ticket, lead));
        loop {
            if let Some(answer) = shared.answers.remove(&ticket) {
                return answer;
            }
            if shared.busy {
                shared = here.changed.wait(shared).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            shared.busy = true;
            let take = shared.waiting.len().min(BATCH);
            let (tickets, leads): (Vec<u64>, Vec<Waiter>) = shared.waiting.drain(..take).unzip();
            drop(shared);
            let mut work = Work { here, own: ticket, tickets, answers: Vec::new() };
            work.answers = settle(leads);
            drop(work);
            shared = here.lock();
        }
    }

    /// What was counted since this process opened the engine.
    pub(super) fn counts(&self) -> SettleCounts {
        self.here().lock().counts
    }

    /// How many wait now.
    #[cfg(feature = "metrics")]
    pub(super) fn waiting(&self) -> usize {
        self.here().lock().waiting.len()
    }

    fn here(&self) -> &Together {
        if self.pid == std::process::id() {
            return self;
        }
        self.child.get_or_init(|| Box::new(Self::new(self.waiting))).here()
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One transaction. Also when it ends by a panic the others get an answer, and somebody else goes on.
struct Work<'a> {
    here: &'a Together,
    /// The ticket of whoever does it.
    own: u64,
    tickets: Vec<u64>,
    answers: Vec<Answer>,
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        let mut shared = self.here.lock();
        shared.busy = false;
        shared.counts.transactions += 1;
        shared.counts.leads += u64::try_from(self.tickets.len()).unwrap_or(u64::MAX);
        shared.counts.most = shared.counts.most.max(self.tickets.len());
        let mut answers = self.answers.drain(..);
        let own = self.own;
        for ticket in self.tickets.drain(..) {
            // Nobody comes for the answer of one that panics.
            if ticket == own && std::thread::panicking() {
                continue;
            }
            // What became of it is not known: asking again tells, and decides nothing twice.
            let lost = || Err(Error::new(Code::InternalError, "the transaction was given up"));
            shared.answers.insert(ticket, answers.next().unwrap_or_else(lost));
        }
        drop(shared);
        self.here.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DecisionId, Durability, LeadId, Outcome, Receipt, SourceId, TenantId, Tick, Timestamp};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    fn lead(n: usize) -> Waiter {
        let lead = format!("{{\"id\":\"L{n}\"}}");
        let lead = Prepared::for_test(&TenantId::default(), lead.as_bytes(), Tick::at(Timestamp::EPOCH));
        Waiter { lead, begun: None }
    }

    fn decided(waiter: &Waiter) -> Decided {
        let Waiter { lead, .. } = waiter;
        Decided {
            id: DecisionId { source: SourceId::known("web"), lead: LeadId::known("L"), n: 1 },
            outcome: Outcome::Rejected,
            body: lead.input.to_vec(),
            receipt: Receipt { seq: 1, durability: Durability::Memory, replayed: false },
        }
    }

    #[test]
    fn everybody_gets_their_own_answer_and_transactions_are_shared() {
        let together = Together::new(WAITING);
        std::thread::scope(|scope| {
            for thread in 0..8 {
                let together = &together;
                scope.spawn(move || {
                    for n in 0..100 {
                        let lead = lead(thread * 1_000 + n);
                        let own = lead.lead.input.to_vec();
                        let settle = |leads: Vec<Waiter>| {
                            std::thread::sleep(Duration::from_micros(200));
                            leads.iter().map(|lead| Ok(decided(lead))).collect()
                        };
                        assert_eq!(together.settle(lead, &settle).unwrap().body, own);
                    }
                });
            }
        });
        let counts = together.counts();
        assert_eq!(counts.leads, 800);
        assert!(counts.transactions < 800 && counts.most > 1, "{counts:?}");
        assert!(together.lock().answers.is_empty() && together.lock().waiting.is_empty());
    }

    #[test]
    fn a_panic_of_one_is_no_end_for_the_others() {
        let together = Together::new(WAITING);
        let first = AtomicUsize::new(0);
        let settle = |leads: Vec<Waiter>| -> Vec<Answer> {
            std::thread::sleep(Duration::from_millis(2));
            assert!(first.fetch_add(1, Ordering::SeqCst) != 0, "the first one panics");
            leads.iter().map(|lead| Ok(decided(lead))).collect()
        };
        let answers: Vec<bool> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..6)
                .map(|n| {
                    scope.spawn({
                        let (together, settle) = (&together, &settle);
                        move || together.settle(lead(n), settle).is_ok()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap_or(false)).collect()
        });
        assert!(answers.iter().filter(|right| **right).count() >= 1, "{answers:?}");
        assert!(together.settle(lead(9), &settle).is_ok());
        assert!(!together.lock().busy && together.lock().answers.is_empty());
    }
}
