//! How sure a count of mismatches makes us. Square roots are exact to the last bit everywhere, and what is shown is rounded:
//! the same counts are the same bytes.

use serde::{Deserialize, Serialize};

/// 1.96 standard deviations: 95 %.
const Z: f64 = 1.959_963_984_540_054;

/// So many decimals of a rate are shown and compared.
const STEPS: f64 = 1e6;

/// A rate, and the interval that holds the true one in 95 of 100 cases.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rate {
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// The share.
    pub rate: f64,
    /// At least.
    pub low: f64,
    /// At most.
    pub high: f64,
}

impl Rate {
    /// With Wilson's interval, which holds for rates near zero too. Of nothing the rate is unknown: 0 to 1.
    ///
    /// ```
    /// use leadwright::parity::Rate;
    /// let rate = Rate::of(50, 10_000);
    /// assert_eq!((rate.rate, rate.low, rate.high), (0.005, 0.003795, 0.006585));
    /// assert_eq!(Rate::of(0, 0).high, 1.0);
    /// ```
    pub fn of(count: u64, of: u64) -> Self {
        let (rate, low, high) = wilson(count, of);
        Self { count, of, rate: rounded(rate), low: rounded(low), high: rounded(high) }
    }

    /// The interval of how much higher this rate is than another one (Newcombe's method 10).
    ///
    /// ```
    /// use leadwright::parity::Rate;
    /// let (low, high) = Rate::of(60, 10_000).above(Rate::of(10, 10_000));
    /// assert!(low > 0.003 && high < 0.007);
    /// ```
    pub fn above(self, other: Rate) -> (f64, f64) {
        let (p, l, u) = wilson(self.count, self.of);
        let (q, m, v) = wilson(other.count, other.of);
        let square = |x: f64| x * x;
        let low = p - q - (square(p - l) + square(v - q)).sqrt();
        let high = p - q + (square(u - p) + square(q - m)).sqrt();
        (rounded(low), rounded(high))
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
fn wilson(count: u64, of: u64) -> (f64, f64, f64) {
    if of == 0 {
        return (0.0, 0.0, 1.0);
    }
    let (count, n) = (count.min(of) as f64, of as f64);
    let (p, z2) = (count / n, Z * Z);
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    (p, (middle - half).max(0.0), (middle + half).min(1.0))
}

fn rounded(x: f64) -> f64 {
    // Zero has no sign.
    (x * STEPS).round() / STEPS + 0.0
}

/// Where nothing was found in so many samples: the rate that is then excluded at 95 %, three in them all.
///
/// ```
/// assert_eq!(leadwright::parity::rule_of_three(3_000), 0.001);
/// ```
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub fn rule_of_three(samples: u64) -> f64 {
    if samples < 3 { 1.0 } else { rounded(3.0 / samples as f64) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out again with forty digits (Python's decimal module); 15 of 148 is the example of Newcombe (1998), who has 0.0624
    /// to 0.1605.
    #[test]
    fn intervals_are_wilsons() {
        for (count, of, low, high) in [
            (0, 10, 0.0, 0.277_533),
            (10, 10, 0.722_467, 1.0),
            (5, 10, 0.236_593, 0.763_407),
            (15, 148, 0.062_386, 0.160_487),
        ] {
            let rate = Rate::of(count, of);
            assert!((rate.low - low).abs() < 2e-6 && (rate.high - high).abs() < 2e-6, "{rate:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_rate_lies_in_its_interval(count in 0..10_000_u64, more in 0..10_000_u64) {
            let rate = Rate::of(count, count + more);
            proptest::prop_assert!(0.0 <= rate.low && rate.low <= rate.high && rate.high <= 1.0);
            proptest::prop_assert!(count + more == 0 || (rate.low <= rate.rate && rate.rate <= rate.high));
        }
    }
}
