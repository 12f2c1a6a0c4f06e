//! What each class of outcome means for what may be done next.

use super::breaker::Counts;
use crate::model::{AttemptClass, DeadReason};

impl AttemptClass {
    /// Whether the buyer has the lead.
    ///
    /// ```
    /// use leadwright::model::AttemptClass;
    /// assert!(AttemptClass::DuplicateOfOurs.is_taken() && !AttemptClass::Unknown.is_taken());
    /// ```
    pub fn is_taken(self) -> bool {
        matches!(self, AttemptClass::Accepted | AttemptClass::DuplicateOfOurs)
    }

    /// Whether it is tried again by itself. After [`AttemptClass::Unknown`] it is only where the buyer is known to know its
    /// deliveries by their keys.
    pub fn is_retried(self) -> bool {
        use AttemptClass::{NotSent, NotTried, RateLimited, Unavailable};
        matches!(self, NotSent | NotTried | RateLimited | Unavailable)
    }

    /// Why a delivery is given up that ends so; none where it is not.
    pub fn dead_reason(self) -> Option<DeadReason> {
        match self {
            AttemptClass::Rejected | AttemptClass::Duplicate => Some(DeadReason::Rejected),
            AttemptClass::Invalid => Some(DeadReason::Invalid),
            AttemptClass::Auth => Some(DeadReason::Auth),
            AttemptClass::NotFound => Some(DeadReason::NotFound),
            AttemptClass::Unsendable => Some(DeadReason::Unsendable),
            _ => None,
        }
    }

    /// Whether it proves that the buyer did not get the lead by this attempt: only then may another buyer have one that was
    /// sold exclusively. A buyer that fails in the middle of its work (`unavailable`) may have kept it.
    ///
    /// ```
    /// use leadwright::model::AttemptClass::{NotSent, Rejected, Unavailable, Unknown};
    /// assert!(NotSent.proves_undelivered() && Rejected.proves_undelivered());
    /// assert!(!Unknown.proves_undelivered() && !Unavailable.proves_undelivered());
    /// ```
    pub fn proves_undelivered(self) -> bool {
        !self.is_taken() && !matches!(self, AttemptClass::Unknown | AttemptClass::Unavailable)
    }

    /// What it says about whether the buyer works: one that answers works, whatever it says. That it does not know us, or that
    /// there is nothing at its address, is nothing that waiting mends, and so no failure of that kind.
    ///
    /// ```
    /// use leadwright::{deliver::Counts, model::AttemptClass};
    /// assert_eq!(AttemptClass::Rejected.counts_for_breaker(), Counts::Success);
    /// assert_eq!(AttemptClass::Unknown.counts_for_breaker(), Counts::Failure);
    /// assert_eq!(AttemptClass::NotTried.counts_for_breaker(), Counts::Ignored);
    /// ```
    pub fn counts_for_breaker(self) -> Counts {
        use AttemptClass as Is;
        match self {
            Is::Accepted | Is::DuplicateOfOurs | Is::Rejected | Is::Duplicate | Is::Invalid => Counts::Success,
            Is::Unavailable | Is::NotSent | Is::Unknown => Counts::Failure,
            Is::Auth | Is::NotFound | Is::RateLimited | Is::Unsendable | Is::NotTried => Counts::Ignored,
        }
    }

    /// What an HTTP status says by itself. No status says that the buyer took the lead: only what it answers in its own words
    /// does (rule 47), so one of success is [`AttemptClass::Unknown`] until somebody has read the answer. A gateway does not
    /// know what became of it either.
    ///
    /// ```
    /// use leadwright::model::AttemptClass;
    /// assert_eq!(AttemptClass::of_status(429), AttemptClass::RateLimited);
    /// assert_eq!(AttemptClass::of_status(200), AttemptClass::Unknown);
    /// assert_eq!(AttemptClass::of_status(504), AttemptClass::Unknown);
    /// ```
    pub fn of_status(status: u16) -> Self {
        match status {
            401 | 403 | 407 => AttemptClass::Auth,
            404 | 405 | 410 => AttemptClass::NotFound,
            408 | 409 => AttemptClass::Unknown,
            425 | 429 => AttemptClass::RateLimited,
            400..=499 => AttemptClass::Invalid,
            500 | 503 => AttemptClass::Unavailable,
            _ => AttemptClass::Unknown,
        }
    }
}

/// Whether the attempts prove together that the buyer does not have the lead; one that has not ended proves nothing.
///
/// ```
/// use leadwright::{deliver::is_undelivered, model::AttemptClass::{NotSent, Rejected, Unknown}};
/// assert!(is_undelivered([Some(NotSent), Some(Rejected)]));
/// assert!(!is_undelivered([Some(Unknown), Some(Rejected)]), "the first may have come through");
/// assert!(!is_undelivered([None]));
/// ```
pub fn is_undelivered(attempts: impl IntoIterator<Item = Option<AttemptClass>>) -> bool {
    attempts.into_iter().all(|class| class.is_some_and(AttemptClass::proves_undelivered))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_047_no_status_says_that_a_lead_was_taken() {
        for status in 0..1_000 {
            let class = AttemptClass::of_status(status);
            assert!(!class.is_taken(), "{status}");
            assert!(!(200..300).contains(&status) || class == AttemptClass::Unknown, "{status}");
        }
    }

    #[test]
    fn each_class_is_one_thing() {
        for class in AttemptClass::ALL {
            let ways = [class.is_taken(), class.is_retried(), class.dead_reason().is_some()];
            let count = ways.into_iter().filter(|way| *way).count();
            assert_eq!(count, usize::from(class != AttemptClass::Unknown), "{}", class.as_str());
        }
    }
}
