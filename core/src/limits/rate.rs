//! Rates: no faster than so many in a span of time, spread evenly (rule 24).
//!
//! This is GCRA without a burst. The state is one number, the earliest arrival of the next lead in microseconds since
//! 1970; it is kept on a counter, and as a counter is a sum, a sale adds what it moves the arrival by.

use super::cap::Owner;
use crate::model::Timestamp;

/// So many in a span of time.
///
/// ```
/// use leadwright::limits::Rate;
/// let rate = Rate { count: 3, within: 60_000 };
/// let start = "2026-11-24T15:30:00Z".parse()?;
/// let next = rate.arrival_after(0, start);
/// assert_eq!(rate.opens_at(next).to_string(), "2026-11-24T15:30:20.000Z");
/// assert!(rate.is_open(0, start) && !rate.is_open(next, start));
/// # Ok::<(), leadwright::model::TimeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub count: i64,
    /// In how many milliseconds.
    pub within: i64,
}

const ARRIVAL: &str = "|rate|arrival|sold";

impl Rate {
    /// The key of the counter that holds the next arrival. The rate is not in it, so a changed one goes on from there.
    pub fn counter(owner: &Owner) -> String {
        format!("{owner}{ARRIVAL}")
    }

    /// Whether a counter is one of those: what it holds is a time, and cannot be given back.
    pub(crate) fn is_counter(key: &str) -> bool {
        key.ends_with(ARRIVAL)
    }

    /// Microseconds from one lead to the next, rounded up: never faster than the rate.
    fn interval(self) -> i64 {
        let (within, count) = (self.within.max(0).saturating_mul(1_000), self.count.max(1));
        (within / count).saturating_add(i64::from(within % count > 0)).max(1)
    }

    /// Whether a lead may come now.
    pub fn is_open(self, arrival: i64, at: Timestamp) -> bool {
        micros(at) >= arrival
    }

    /// When the next lead may come, rounded up to the millisecond.
    pub fn opens_at(self, arrival: i64) -> Timestamp {
        let millis = arrival.div_euclid(1_000).saturating_add(i64::from(arrival.rem_euclid(1_000) > 0));
        Timestamp::EPOCH.plus_millis(millis)
    }

    /// The next arrival after a lead that comes now.
    pub fn arrival_after(self, arrival: i64, at: Timestamp) -> i64 {
        arrival.max(micros(at)).saturating_add(self.interval())
    }
}

fn micros(at: Timestamp) -> i64 {
    at.millis().saturating_mul(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn rule_024_in_no_span_are_there_more_than_the_rate(
            count in 1i64..50,
            within in 1i64..100_000,
            waits in prop::collection::vec(0i64..4_000, 1..200),
        ) {
            let rate = Rate { count, within };
            let (mut arrival, mut at) = (0, "2026-11-24T15:30:00Z".parse::<Timestamp>().unwrap());
            let mut taken: Vec<i64> = Vec::new();
            for wait in waits {
                at = at.plus_millis(wait);
                if rate.is_open(arrival, at) {
                    arrival = rate.arrival_after(arrival, at);
                    taken.push(at.millis());
                    prop_assert!(rate.opens_at(arrival) > at);
                }
            }
            prop_assert!(!taken.is_empty());
            for (n, from) in taken.iter().enumerate() {
                let in_span = taken.iter().skip(n).take_while(|at| **at < from + within).count();
                prop_assert!(in_span <= usize::try_from(count).unwrap());
            }
            // Evenly: never two closer than an interval, whole milliseconds of it.
            prop_assert!(taken.windows(2).all(|pair| (pair[1] - pair[0]) * 1_000 >= rate.interval()));
        }
    }

    #[test]
    fn rule_024_a_waiting_queue_is_let_go_one_by_one() {
        let rate = Rate { count: 7, within: 1_000 };
        let start: Timestamp = "2026-11-24T06:00:00Z".parse().unwrap();
        let mut arrival = 0;
        let open = (0..10_000).filter(|millis| {
            let at = start.plus_millis(*millis);
            let open = rate.is_open(arrival, at);
            if open {
                arrival = rate.arrival_after(arrival, at);
            }
            open
        });
        // At 143 ms, as time is in whole milliseconds: a little slower than 7 a second, never faster.
        assert_eq!(open.count(), 70);
    }

    #[test]
    fn odd_rates_end_nowhere() {
        for rate in [Rate { count: i64::MAX, within: 0 }, Rate { count: 0, within: i64::MAX }] {
            let end = "9999-12-30T22:00:00Z".parse().unwrap();
            assert!(rate.arrival_after(0, end) > 0);
            assert!(rate.arrival_after(i64::MAX, end) == i64::MAX);
        }
    }
}
