//! What a worker does with one delivery: make the request, send it once, report how it ended.

use crate::clock::{may_pass, pause};
use crate::desk::{Desk, Job};
use crate::options::DeliveryOptions;
use crate::run::Delivery;
use leadwright::engine::Posting;
use leadwright::model::{AttemptClass, Code, Error};
use leadwright::operate::{DeliveryOutcome, Sending};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

/// What is left of a claim for the report.
const SPARE: Duration = Duration::from_secs(1);
/// So often it is tried to report something once the run is to end: some seconds.
const LAST_TRIES: u32 = 7;

/// A worker, in its thread.
pub(crate) struct Work<'a> {
    pub(crate) delivery: &'a Delivery<'a>,
    pub(crate) desk: &'a Desk,
    pub(crate) options: &'a DeliveryOptions,
}

/// A panic is the end of one attempt and not of its thread. Its message may hold a lead: it goes nowhere from here.
fn guarded<T>(what: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(what)).ok()
}

impl Work<'_> {
    pub(crate) fn run(&self) {
        while let Some(job) = self.desk.next() {
            // What panics here is after all that could be lost.
            let _ = guarded(|| match job {
                Job::Post(sending) => self.post(&sending),
                Job::Ask(sending) => self.ask(&sending),
            });
            self.desk.finished();
        }
    }

    fn post(&self, sending: &Sending) {
        let outcome = self.sent(sending);
        self.report(sending, &DeliveryOutcome { policy: self.options.policy.clone(), ..outcome });
    }

    fn sent(&self, sending: &Sending) -> DeliveryOutcome {
        let Delivery { engine, clock, secrets, .. } = *self.delivery;
        let posting = match guarded(|| engine.request_of(sending, clock.now(), secrets)) {
            Some(Ok(posting)) => posting,
            Some(Err(why)) => {
                self.delivery.hear(|told| told.no_request(sending, &why));
                return DeliveryOutcome::of(why.class);
            }
            // It would panic the next time too.
            None => return DeliveryOutcome::of(AttemptClass::Unsendable),
        };
        let left = sending.until.millis().saturating_sub(clock.now().millis());
        let left = Duration::from_millis(u64::try_from(left).unwrap_or_default()).saturating_sub(SPARE);
        if left.is_zero() {
            return DeliveryOutcome::of(AttemptClass::NotTried);
        }
        // Whatever goes wrong from here on, it may have been sent.
        guarded(|| self.exchanged(&posting, left)).unwrap_or_else(|| DeliveryOutcome::of(AttemptClass::Unknown))
    }

    fn exchanged(&self, posting: &Posting, left: Duration) -> DeliveryOutcome {
        let begun = Instant::now();
        let exchanged = self.delivery.transport.send(&posting.request, posting.wait.min(left));
        let took = u32::try_from(begun.elapsed().as_millis()).ok();
        posting.ended(&exchanged, took, self.delivery.clock.now())
    }

    /// What the buyer does not say in so many words is asked again, and nothing is reported.
    fn ask(&self, sending: &Sending) {
        let Delivery { engine, transport, clock, secrets, .. } = *self.delivery;
        let posting = match engine.question_of(sending, clock.now(), secrets) {
            Ok(posting) => posting,
            Err(why) => return self.delivery.hear(|told| told.no_request(sending, &why)),
        };
        let exchanged = transport.send(&posting.request, posting.wait);
        let Some(outcome) = posting.found_out(&exchanged, clock.now()) else { return };
        if self.report(sending, &outcome) {
            self.desk.count(|counts| counts.found_out += 1);
        }
    }

    /// Reports how an attempt ended, for as long as the store may come back; whether it did. The same report again is the same.
    pub(crate) fn report(&self, sending: &Sending, outcome: &DeliveryOutcome) -> bool {
        let Delivery { engine, clock, .. } = *self.delivery;
        let (mut failures, mut last) = (0, 0);
        loop {
            let none = || Err(Error::new(Code::InternalError, "the report of an attempt panicked"));
            let done = guarded(|| engine.delivered(&sending.id, outcome, clock.now())).unwrap_or_else(none);
            let error = match done {
                Ok(reported) => {
                    self.desk.count(|counts| counts.add(&reported));
                    self.delivery.hear(|told| told.reported(sending, &reported));
                    return true;
                }
                Err(error) => error,
            };
            failures += 1;
            last += u32::from(self.desk.is_closed());
            let again = may_pass(&error) || error.code() == Code::InternalError && failures < 2;
            if !again || last > LAST_TRIES {
                self.desk.count(|counts| counts.unreported += 1);
                self.delivery.hear(|told| told.unreported(sending, &error));
                return false;
            }
            self.delivery.hear(|told| told.store_failed(&error, pause(failures)));
            std::thread::sleep(pause(if last > 0 { last } else { failures }));
        }
    }
}
