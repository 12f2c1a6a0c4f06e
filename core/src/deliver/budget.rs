//! How many second tries a buyer gets: a buyer that fails does not get more calls than one that works.

use crate::model::Timestamp;
use serde::{Deserialize, Serialize};

/// A try again costs as much as comes in within a minute at one a minute, or of a hundred sends at one in a hundred.
const ONE: i64 = 6_000_000;
/// What comes in a millisecond, for each try a minute; and with a send, for each in a hundred.
const PER_MILLI: i64 = ONE / 60_000;
const PER_SEND: i64 = ONE / 100;
/// Where time brings none, it is looked at again after this, in milliseconds.
const LATER: i64 = 60_000;

/// How many tries again there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BudgetTerms {
    /// So many for a hundred leads that are sent for the first time,
    pub percent: u32,
    /// and so many a minute.
    pub per_minute: u32,
}

impl Default for BudgetTerms {
    /// 10 in a hundred, and 10 a minute.
    fn default() -> Self {
        Self { percent: 10, per_minute: 10 }
    }
}

/// What is left of it: a bucket of what one minute and a hundred sends bring at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// In parts of a try; absent in one that nobody has used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left: Option<i64>,
    /// When that was so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    /// What has to wait got this as its time last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last: Option<Timestamp>,
}

impl Budget {
    /// A lead is sent for the first time.
    pub fn sent(&mut self, terms: BudgetTerms, now: Timestamp) {
        let more = i64::from(terms.percent).saturating_mul(PER_SEND);
        self.left = Some(self.left(terms, now).saturating_add(more).min(most(terms)));
        self.at = Some(now);
    }

    /// One more try.
    ///
    /// ```
    /// use leadwright::{deliver::{Budget, BudgetTerms}, model::Timestamp};
    /// let (mut budget, terms) = (Budget::default(), BudgetTerms { percent: 10, per_minute: 2 });
    /// let now: Timestamp = "2026-11-24T15:30:00Z".parse()?;
    /// assert!(budget.take(terms, now).is_ok() && budget.take(terms, now).is_ok());
    /// assert_eq!(budget.take(terms, now), Err(now.plus_millis(30_000)));
    /// assert_eq!(budget.take(terms, now), Err(now.plus_millis(60_000)), "the next one comes after that");
    /// (0..10).for_each(|_| budget.sent(terms, now));
    /// assert!(budget.take(terms, now).is_ok(), "ten leads bring one");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When to ask again, where there is none: each that is sent away gets a time of its own.
    pub fn take(&mut self, terms: BudgetTerms, now: Timestamp) -> Result<(), Timestamp> {
        let left = self.left(terms, now);
        (self.left, self.at) = (Some(left), Some(now));
        if left >= ONE {
            self.left = Some(left.saturating_sub(ONE));
            return Ok(());
        }
        let step = 60_000_u32
            .checked_add(terms.per_minute.saturating_sub(1))
            .and_then(|sum| sum.checked_div(terms.per_minute));
        let step = step.map_or(LATER, i64::from);
        let then = self.last.map_or(now, |last| last.max(now)).plus_millis(step.max(1));
        self.last = Some(then);
        Err(then)
    }

    /// Whether there is one.
    pub fn has(&self, terms: BudgetTerms, now: Timestamp) -> bool {
        self.left(terms, now) >= ONE
    }

    /// Full at first, for a minute.
    fn left(&self, terms: BudgetTerms, now: Timestamp) -> i64 {
        let per_minute = i64::from(terms.per_minute);
        let (Some(left), Some(at)) = (self.left, self.at) else { return per_minute.saturating_mul(ONE) };
        let passed = now.millis().saturating_sub(at.millis()).max(0);
        let came = passed.saturating_mul(per_minute).saturating_mul(PER_MILLI);
        left.saturating_add(came).min(most(terms))
    }
}

fn most(terms: BudgetTerms) -> i64 {
    i64::from(terms.per_minute).saturating_add(i64::from(terms.percent)).saturating_mul(ONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// In all, no more tries than the leads, the minutes and the first minute bring.
        #[test]
        fn there_are_never_more_than_it_says(
            percent in 0_u32..=100, per_minute in 0_u32..60,
            steps in proptest::collection::vec((0_i64..20_000, any::<bool>()), 0..400),
        ) {
            let (terms, mut budget) = (BudgetTerms { percent, per_minute }, Budget::default());
            let (mut now, mut sent, mut again) = (Timestamp::EPOCH, 0_i64, 0_i64);
            for (wait, is_again) in steps {
                now = now.plus_millis(wait);
                match is_again {
                    true => again += i64::from(budget.take(terms, now).is_ok()),
                    false => { budget.sent(terms, now); sent += 1; }
                }
                let brought = sent * i64::from(percent) * PER_SEND + now.millis() * i64::from(per_minute) * PER_MILLI;
                prop_assert!(again * ONE <= brought + i64::from(per_minute) * ONE);
            }
        }

        /// Whoever comes at the time that it was told gets its try.
        #[test]
        fn who_waits_as_long_as_told_gets_its_try(per_minute in 1_u32..60, count in 1_usize..200) {
            let (terms, mut budget) = (BudgetTerms { percent: 0, per_minute }, Budget::default());
            let told: Vec<Timestamp> =
                (0..count).filter_map(|_| budget.take(terms, Timestamp::EPOCH).err()).collect();
            for then in told {
                prop_assert!(budget.take(terms, then).is_ok(), "{then}");
            }
        }
    }
}
