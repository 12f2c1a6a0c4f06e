//! What a host may choose.

use leadwright::model::{Code, Error};
use leadwright::operate::DeliveryTerms;
use std::time::Duration;

/// So many threads at most.
const MOST: usize = 512;

/// How the outbox is worked off.
///
/// ```
/// use leadwright_deliver::DeliveryOptions;
/// let options = DeliveryOptions { workers: 4, until_empty: true, ..DeliveryOptions::default() };
/// assert_eq!(options.worker, "leadwright");
/// ```
#[derive(Clone, Debug)]
pub struct DeliveryOptions {
    /// Who it is, for people who look at attempts.
    pub worker: String,
    /// How many leads are sent at the same time, each in a thread. More than a buyer may have on their way (`at_once`, 8 where
    /// the plan says nothing), or one that hangs holds all of them.
    pub workers: usize,
    /// How long a claim lasts; the longest `wait` of the plan and a minute where nothing is said.
    pub hold: Option<Duration>,
    /// After how long it is looked again where nothing was due.
    pub idle: Duration,
    /// Whether it ends when nothing is due any more. What is tried again later is not waited for.
    pub until_empty: bool,
    /// How often and how long is tried, where the plan does not say.
    pub policy: DeliveryTerms,
}

impl Default for DeliveryOptions {
    fn default() -> Self {
        Self {
            worker: "leadwright".to_owned(),
            workers: 16,
            hold: None,
            idle: Duration::from_millis(500),
            until_empty: false,
            policy: DeliveryTerms::default(),
        }
    }
}

impl DeliveryOptions {
    pub(crate) fn checked(&self) -> Result<(), Error> {
        if (1..=MOST).contains(&self.workers) {
            return Ok(());
        }
        Err(Error::new(Code::InputBadOption, format!("`workers`: it is 1 to {MOST}")))
    }
}
