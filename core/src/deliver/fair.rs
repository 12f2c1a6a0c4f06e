//! Whose turn it is: buyers share those who send by their weights, and a backlog keeps nobody else waiting.

use crate::model::BuyerId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far a send moves a buyer of weight 1.
const STEP: u64 = 1 << 20;

/// A clock that runs by what was handed out, and how far each buyer is ahead of it: start-time fair queueing. Who was idle
/// comes back at the time of the clock, so it is next, and has saved nothing up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fair {
    now: u64,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    ahead: BTreeMap<BuyerId, u64>,
}

impl Fair {
    /// Whose turn it is among those that wait: who is least ahead, and of two the first by name.
    ///
    /// ```
    /// use leadwright::{deliver::Fair, model::BuyerId};
    /// let (acme, best): (BuyerId, BuyerId) = ("acme".parse()?, "best".parse()?);
    /// let mut fair = Fair::default();
    /// let mut turns = Vec::new();
    /// for _ in 0..6 {
    ///     let next = fair.next([&acme, &best]).ok_or("somebody waits")?.clone();
    ///     fair.sent(&next, if next == acme { 2 } else { 1 });
    ///     turns.push(next.to_string());
    /// }
    /// assert_eq!(turns.join(" "), "acme best acme acme best acme");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next<'a>(&self, waiting: impl IntoIterator<Item = &'a BuyerId>) -> Option<&'a BuyerId> {
        waiting.into_iter().min_by_key(|buyer| (self.place(buyer), *buyer))
    }

    /// Something of this buyer was handed out.
    pub fn sent(&mut self, buyer: &BuyerId, weight: u32) {
        let place = self.place(buyer);
        self.now = self.now.max(place);
        let step = STEP.checked_div(u64::from(weight.max(1))).unwrap_or(STEP).max(1);
        self.ahead.insert(buyer.clone(), place.saturating_add(step));
    }

    /// Forgets who is not ahead any more: they stand at the clock.
    pub fn tidied(mut self) -> Self {
        self.ahead.retain(|_, place| *place > self.now);
        self
    }

    fn place(&self, buyer: &BuyerId) -> u64 {
        self.ahead.get(buyer).map_or(self.now, |place| (*place).max(self.now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// While all wait, nobody is a whole send away from its share by weight, plus one for each of the others.
        #[test]
        fn shares_are_by_weight(weights in proptest::collection::vec(1_u32..8, 1..6)) {
            let buyers: Vec<BuyerId> = (0..weights.len()).map(|n| BuyerId::known(format!("b{n}"))).collect();
            let (mut fair, mut got) = (Fair::default(), vec![0_u32; weights.len()]);
            let all: u32 = weights.iter().sum();
            for _ in 0..all * 20 {
                let next = fair.next(&buyers).expect("all wait").clone();
                let place = buyers.iter().position(|buyer| *buyer == next).expect("one of them");
                fair.sent(&next, weights[place]);
                fair = fair.tidied();
                got[place] += 1;
            }
            for (got, weight) in got.iter().zip(&weights) {
                prop_assert!(got.abs_diff(weight * 20) <= *weight.max(&1) + 1, "{got} of {}", weight * 20);
            }
        }

        /// Who comes after any time alone is served next, however much the others have waiting.
        #[test]
        fn who_was_idle_is_next_and_has_saved_nothing(before in 1_usize..500) {
            let (busy, idle) = (BuyerId::known("busy"), BuyerId::known("idle"));
            let mut fair = Fair::default();
            for _ in 0..before {
                fair.sent(&busy, 1);
                fair = fair.tidied();
            }
            let mut turns = Vec::new();
            for _ in 0..4 {
                let next = fair.next([&busy, &idle]).expect("both wait").clone();
                fair.sent(&next, 1);
                turns.push(next == idle);
            }
            prop_assert_eq!(turns, vec![true, false, true, false]);
        }
    }
}
