//! How long calls take: counts by sixteenths of powers of two, so that a quantile is at most 6 % too high.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// So many parts has a power of two: 2^4.
const BITS: u32 = 4;

/// Counts of calls by their time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram(pub(super) BTreeMap<u32, u64>);

/// Quantiles of a histogram, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latency {
    /// Of so many calls.
    pub count: u64,
    /// Half of them took no longer.
    pub p50_ns: u64,
    /// Nine of ten took no longer.
    pub p90_ns: u64,
    /// 99 of 100 took no longer.
    pub p99_ns: u64,
}

impl Histogram {
    /// Counts a call.
    ///
    /// ```
    /// let mut histogram = leadwright::parity::Histogram::default();
    /// (1..=100).for_each(|n| histogram.add(n * 1_000, 1));
    /// let latency = histogram.quantiles();
    /// assert!((50_000..=53_200).contains(&latency.p50_ns) && (99_000..=105_300).contains(&latency.p99_ns));
    /// ```
    pub fn add(&mut self, nanoseconds: u64, count: u64) {
        self.add_part(part(nanoseconds), count);
    }

    pub(super) fn add_part(&mut self, part: u32, count: u64) {
        let sum = self.0.entry(part).or_default();
        *sum = sum.saturating_add(count);
    }

    /// The quantiles; each is the longest time of its part.
    pub fn quantiles(&self) -> Latency {
        let count = self.0.values().fold(0_u64, |sum, count| sum.saturating_add(*count));
        let at = |percent: u64| {
            let rank = u64::try_from((u128::from(count) * u128::from(percent)).div_ceil(100)).unwrap_or(count);
            let mut seen = 0_u64;
            let mut longest = 0;
            for (part, count) in &self.0 {
                longest = longest_of(*part);
                seen = seen.saturating_add(*count);
                if seen >= rank {
                    break;
                }
            }
            longest
        };
        Latency { count, p50_ns: at(50), p90_ns: at(90), p99_ns: at(99) }
    }
}

/// Times below 16 have parts of their own.
fn part(nanoseconds: u64) -> u32 {
    let exponent = nanoseconds.max(1).ilog2();
    match exponent.checked_sub(BITS) {
        None => u32::try_from(nanoseconds).unwrap_or(0),
        Some(shift) => {
            let step = u32::try_from((nanoseconds >> shift) & ((1 << BITS) - 1)).unwrap_or(0);
            ((shift + 1) << BITS) + step
        }
    }
}

fn longest_of(part: u32) -> u64 {
    match (part >> BITS).checked_sub(1) {
        None => u64::from(part),
        Some(shift) => {
            let steps = u128::from((part & ((1 << BITS) - 1)) + (1 << BITS) + 1);
            u64::try_from((steps << shift) - 1).unwrap_or(u64::MAX)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn a_part_ends_within_a_sixteenth(nanoseconds in proptest::prelude::any::<u64>()) {
            let longest = longest_of(part(nanoseconds));
            proptest::prop_assert!(longest >= nanoseconds && longest - nanoseconds <= nanoseconds / 16, "{} {}", nanoseconds, longest);
        }
    }
}
