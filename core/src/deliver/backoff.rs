//! How long to wait before the next attempt: full jitter, drawn from the delivery key.

use sha2::{Digest, Sha256};

/// The longest wait after the first attempt, and after many.
const BASE: i64 = 2_000;
const LONGEST: i64 = 15 * 60_000;

/// How many milliseconds to wait after attempt `n`, the first being 1: anything from nothing to two seconds doubled with each
/// attempt, and to a quarter of an hour at most. It is drawn from the delivery key, so that the schedule of a delivery is the
/// same wherever it is worked out, and no two deliveries have the same one.
///
/// ```
/// use leadwright::deliver::backoff_millis;
/// let key = "9d0eeacf910d0abc062261a5df31a481a4448fcadd12eb91b66349d176c11810";
/// let waits: Vec<i64> = (1..=5).map(|n| backoff_millis(key, n)).collect();
/// assert_eq!(waits, [1_235, 1_019, 4_082, 4_241, 26_584]);
/// assert!((1..40).all(|n| backoff_millis(key, n) <= 15 * 60_000));
/// ```
pub fn backoff_millis(key: &str, n: u32) -> i64 {
    let doubled = 1_i64.checked_shl(n.saturating_sub(1)).filter(|times| *times > 0 && n < 32);
    let most = doubled.map_or(LONGEST, |times| BASE.saturating_mul(times).min(LONGEST));
    let digest = Sha256::digest(format!("lw1|backoff|{key}|{n}"));
    let drawn = digest.iter().take(8).fold(0_u128, |sum, byte| sum << 8 | u128::from(*byte));
    // 64 bits as a share of the span: the rest of a division would favour the lower half.
    let span = u128::from(most.unsigned_abs()).saturating_add(1);
    i64::try_from(drawn.saturating_mul(span) >> 64).unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_fill_their_span_evenly() {
        for n in [1, 4, 20] {
            let most = if n == 20 { LONGEST } else { BASE << (n - 1) };
            let waits: Vec<i64> = (0..4_000).map(|key| backoff_millis(&format!("{key:064x}"), n)).collect();
            assert!(waits.iter().all(|wait| (0..=most).contains(wait)));
            let sum: i64 = waits.iter().sum();
            let mean = sum / 4_000;
            assert!((most * 47 / 100..most * 53 / 100).contains(&mean), "{n}: {mean} of {most}");
            assert!(waits.iter().min().is_some_and(|wait| *wait < most / 100));
            assert!(waits.iter().max().is_some_and(|wait| *wait > most * 99 / 100));
        }
    }
}
