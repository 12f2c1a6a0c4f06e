//! Steps in a loop, with waiting between them.

use crate::{Fault, Relay, RelayError, Sink, Step};
use leadwright::model::Code;
use leadwright::store::Store;
use std::thread::sleep;
use std::time::Duration;

/// How long is waited.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// At the end of the log, until it is looked at again.
    pub nap: Duration,
    /// After a first fault; after each further one twice as long.
    pub retry: Duration,
    /// At most so long after a fault.
    pub retry_at_most: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        let millis = Duration::from_millis;
        Self { nap: millis(200), retry: millis(100), retry_at_most: millis(5_000) }
    }
}

/// Whoever waits longer asks in between whether to stop.
const SLICE: Duration = Duration::from_millis(100);

impl Relay {
    /// Relays until it is told to stop, whatever the broker does meanwhile; blocks the caller's thread. `told` hears of every
    /// step. `stop` is asked before each step, and ten times a second while there is nothing to do. Answers how many
    /// events were relayed.
    ///
    /// ```
    /// use leadwright::events::subscriber_name;
    /// use leadwright::{model::TenantId, store::{Begin, MemoryStore}};
    /// use leadwright_relay::{Message, Pace, Published, Relay, Sink, Step};
    ///
    /// struct Nowhere;
    /// impl Sink for Nowhere {
    ///     fn publish(&mut self, messages: &[Message]) -> Published {
    ///         Published::all(messages)
    ///     }
    /// }
    ///
    /// let (store, name) = (MemoryStore::new(), subscriber_name("nowhere")?);
    /// let mut relay = Relay::open(&store, &TenantId::default(), &name, &[], Begin::Start)?;
    /// let is_done = std::cell::Cell::new(false);
    /// let told = &mut |step: &Step| is_done.set(*step == Step::Idle);
    /// assert_eq!(relay.run(&store, &mut Nowhere, Pace::default(), &mut || is_done.get(), told)?, 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`step`](Relay::step), but a store that is busy is asked again.
    pub fn run(
        &mut self,
        store: &dyn Store,
        sink: &mut dyn Sink,
        pace: Pace,
        stop: &mut dyn FnMut() -> bool,
        told: &mut dyn FnMut(&Step),
    ) -> Result<u64, RelayError> {
        let (mut relayed, mut faults) = (0_u64, 0_u32);
        while !stop() {
            let step = match self.step(store, sink) {
                Err(RelayError::Store(busy)) if busy.code() == Code::StoreBusy => {
                    Step::Fault { relayed: 0, fault: Fault::Away(busy.to_string()) }
                }
                other => other?,
            };
            told(&step);
            let (count, wait) = match &step {
                Step::Relayed(count) => (*count, Duration::ZERO),
                Step::Idle => (0, pace.nap),
                Step::Fault { relayed, .. } => (*relayed, pace.after(faults)),
            };
            faults = if matches!(step, Step::Fault { .. }) { faults.saturating_add(1) } else { 0 };
            relayed = relayed.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
            rest(wait, stop);
        }
        Ok(relayed)
    }
}

impl Pace {
    /// How long to wait after so many faults before this one.
    #[must_use]
    pub fn after(self, faults: u32) -> Duration {
        self.retry.saturating_mul(1_u32.checked_shl(faults).unwrap_or(u32::MAX)).min(self.retry_at_most)
    }
}

/// Waits, unless it is told to stop meanwhile.
fn rest(wait: Duration, stop: &mut dyn FnMut() -> bool) {
    let mut left = wait;
    while !left.is_zero() && !stop() {
        let slice = left.min(SLICE);
        sleep(slice);
        left = left.saturating_sub(slice);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_waits_twice_as_long_after_each_fault_to_a_limit() {
        let waits: Vec<u128> = [0, 1, 2, 5, 6, 31, 32, u32::MAX].map(|n| Pace::default().after(n).as_millis()).to_vec();
        assert_eq!(waits, [100, 200, 400, 3_200, 5_000, 5_000, 5_000, 5_000]);
    }
}
