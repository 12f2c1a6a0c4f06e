//! What was done.

use leadwright::model::AttemptClass;
use leadwright::operate::DeliveryReported;
use serde::Serialize;
use std::collections::BTreeMap;

/// What became of the leads that were claimed.
///
/// ```
/// use leadwright_deliver::Delivered;
/// assert_eq!(Delivered::default().sent(), 0);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// How attempts ended that were reported, by class.
    pub ended: BTreeMap<AttemptClass, u64>,
    /// Those of which nobody knew until their buyers were asked; they are counted in `ended` too.
    pub found_out: u64,
    /// Sales that fell, and whose leads went on where they could.
    pub fell: u64,
    /// Deliveries that were given up.
    pub dead: u64,
    /// What could not be reported: somebody else has the delivery, or the store failed until the end. Nobody knows then how
    /// the attempt ended.
    pub unreported: u64,
}

impl Delivered {
    /// How many attempts were made.
    pub fn sent(&self) -> u64 {
        let made = self.ended.iter().filter(|(class, _)| **class != AttemptClass::NotTried);
        made.map(|(_, count)| *count).sum()
    }

    /// How many of them ended so.
    pub fn of(&self, class: AttemptClass) -> u64 {
        self.ended.get(&class).copied().unwrap_or_default()
    }

    pub(crate) fn add(&mut self, reported: &DeliveryReported) {
        *self.ended.entry(reported.class).or_default() += 1;
        self.fell += u64::from(reported.fell);
        self.dead += u64::from(reported.dead.is_some());
    }
}
