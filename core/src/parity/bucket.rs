//! Which leads the candidate answers for: a number that every language finds for a lead, at every time.

use xxhash_rust::xxh3::xxh3_64;

/// So many buckets there are; a share is a count of them.
pub const BUCKETS: u32 = 10_000;

/// The bucket of a lead in a step of a migration, 0 to 9,999. The candidate has the lead where the bucket is below its share
/// in ten-thousandths, so that a higher share adds leads and takes none away. Two migrations, and two steps, have buckets
/// that know nothing of each other.
///
/// ```
/// use leadwright::parity::bucket;
/// assert_eq!(bucket("routing", "validate", "lead-0"), 4_422);
/// let in_canary = |share| (0..1_000).filter(|n| bucket("routing", "decide", &format!("L{n}")) < share).count();
/// assert_eq!((in_canary(0), in_canary(10_000)), (0, 1_000));
/// ```
pub fn bucket(migration: &str, step: &str, key: &str) -> u32 {
    let hash = xxh3_64(format!("v1|{migration}|{step}|{key}").as_bytes());
    u32::try_from(((hash >> 32) * u64::from(BUCKETS)) >> 32).unwrap_or(BUCKETS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_spread_evenly() {
        let mut tenths = [0_u32; 10];
        for n in 0..20_000 {
            tenths[bucket("m", "s", &format!("lead-{n}")) as usize / 1_000] += 1;
        }
        // 2,000 each; six standard deviations are 255.
        assert!(tenths.iter().all(|count| (1_745..2_255).contains(count)), "{tenths:?}");
    }

    proptest::proptest! {
        #[test]
        fn a_higher_share_only_adds_leads(key in "\\PC{0,40}", low in 0..=10_000_u32, more in 0..=10_000_u32) {
            let bucket = bucket("routing", "decide", &key);
            proptest::prop_assert!(bucket < BUCKETS);
            let high = (low + more).min(BUCKETS);
            proptest::prop_assert!(bucket >= low || bucket < high);
        }
    }
}
