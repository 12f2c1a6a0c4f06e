//! Where a delivery stands, how an attempt ended, and why one was given up.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Where the delivery of a sale stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DeliveryState {
    /// It waits for somebody to claim it, at its time.
    Ready,
    /// Somebody has claimed it, and tries.
    Claimed,
    /// Nobody knows whether the buyer has it: it is kept until somebody finds out, or says that it is tried again.
    Unknown,
    /// It was given up: there is a dead letter.
    Dead,
    /// The buyer has it, or nobody has to deliver it any more.
    Done,
}

impl DeliveryState {
    /// All of them.
    pub const ALL: [DeliveryState; 5] = [
        DeliveryState::Ready,
        DeliveryState::Claimed,
        DeliveryState::Unknown,
        DeliveryState::Dead,
        DeliveryState::Done,
    ];

    /// The word on the wire.
    ///
    /// ```
    /// use leadwright::model::DeliveryState;
    /// assert_eq!("unknown".parse(), Ok(DeliveryState::Unknown));
    /// assert_eq!(DeliveryState::Unknown.as_str(), "unknown");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            DeliveryState::Ready => "ready",
            DeliveryState::Claimed => "claimed",
            DeliveryState::Unknown => "unknown",
            DeliveryState::Dead => "dead",
            DeliveryState::Done => "done",
        }
    }
}

impl FromStr for DeliveryState {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|state| state.as_str() == word).ok_or(())
    }
}

/// How an attempt to deliver ended. What follows from each is said by the rules of [`deliver`](crate::deliver).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum AttemptClass {
    /// The buyer said that it takes the lead.
    Accepted,
    /// The buyer said that it has this very delivery already, by its key.
    DuplicateOfOurs,
    /// The buyer said that it does not want the lead: it has it from elsewhere, its filter, its cap, its price.
    Rejected,
    /// The buyer said that it knows the person: it does not want the lead, nor another one of them soon.
    Duplicate,
    /// The buyer could not read the request.
    Invalid,
    /// The buyer does not know us, or not any more.
    Auth,
    /// There is nothing at the address.
    NotFound,
    /// The buyer said that it is too much now.
    RateLimited,
    /// The buyer said that it cannot take leads now.
    Unavailable,
    /// No byte of the lead left us: no such host, a connection refused, no TLS.
    NotSent,
    /// It was sent, and nobody knows what became of it: no answer in time, none that can be read, a crash.
    Unknown,
    /// It cannot be sent at all: no request can be made of it, or its address is not allowed.
    Unsendable,
    /// Whoever claimed it gave it back untried.
    NotTried,
}

impl AttemptClass {
    /// All of them.
    pub const ALL: [AttemptClass; 13] = [
        AttemptClass::Accepted,
        AttemptClass::DuplicateOfOurs,
        AttemptClass::Rejected,
        AttemptClass::Duplicate,
        AttemptClass::Invalid,
        AttemptClass::Auth,
        AttemptClass::NotFound,
        AttemptClass::RateLimited,
        AttemptClass::Unavailable,
        AttemptClass::NotSent,
        AttemptClass::Unknown,
        AttemptClass::Unsendable,
        AttemptClass::NotTried,
    ];

    /// The word on the wire.
    ///
    /// ```
    /// use leadwright::model::AttemptClass;
    /// assert_eq!("duplicate_of_ours".parse(), Ok(AttemptClass::DuplicateOfOurs));
    /// assert_eq!(AttemptClass::NotSent.as_str(), "not_sent");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            AttemptClass::Accepted => "accepted",
            AttemptClass::DuplicateOfOurs => "duplicate_of_ours",
            AttemptClass::Rejected => "rejected",
            AttemptClass::Duplicate => "duplicate",
            AttemptClass::Invalid => "invalid",
            AttemptClass::Auth => "auth",
            AttemptClass::NotFound => "not_found",
            AttemptClass::RateLimited => "rate_limited",
            AttemptClass::Unavailable => "unavailable",
            AttemptClass::NotSent => "not_sent",
            AttemptClass::Unknown => "unknown",
            AttemptClass::Unsendable => "unsendable",
            AttemptClass::NotTried => "not_tried",
        }
    }
}

impl FromStr for AttemptClass {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|class| class.as_str() == word).ok_or(())
    }
}

/// Why a delivery was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DeadReason {
    /// The buyer does not want it.
    Rejected,
    /// The buyer cannot read it.
    Invalid,
    /// The buyer does not know us.
    Auth,
    /// There is nothing at the address.
    NotFound,
    /// It cannot be sent at all.
    Unsendable,
    /// It was tried as often as it may be.
    TooManyTries,
    /// It is older than it may be.
    TooOld,
    /// The lead is not there any more: it was erased, or cannot be read.
    NoLead,
    /// Nobody found out whether the buyer has it while it was kept, and the contract does not count it as sold then.
    NoAnswer,
}

impl DeadReason {
    /// All of them.
    pub const ALL: [DeadReason; 9] = [
        DeadReason::Rejected,
        DeadReason::Invalid,
        DeadReason::Auth,
        DeadReason::NotFound,
        DeadReason::Unsendable,
        DeadReason::TooManyTries,
        DeadReason::TooOld,
        DeadReason::NoLead,
        DeadReason::NoAnswer,
    ];

    /// The word, and what to do about it.
    fn words(self) -> [&'static str; 2] {
        match self {
            DeadReason::Rejected => {
                ["rejected", "give the sale back with `return`, or redrive it once the buyer agrees"]
            }
            DeadReason::Invalid => ["invalid", "make the request as the buyer reads it, and redrive"],
            DeadReason::Auth => ["auth", "renew what the buyer knows us by, and redrive"],
            DeadReason::NotFound => ["not_found", "ask the buyer for its address, and redrive"],
            DeadReason::Unsendable => ["unsendable", "mend the endpoint of the buyer, and redrive"],
            DeadReason::TooManyTries => ["too_many_tries", "see that the buyer answers again, and redrive"],
            DeadReason::TooOld => {
                ["too_old", "ask whether the buyer still wants it; redrive it, or give the sale back"]
            }
            DeadReason::NoLead => ["no_lead", "there is nothing to send any more: give the sale back"],
            DeadReason::NoAnswer => ["no_answer", "ask the buyer whether it has the lead, and report what it says"],
        }
    }

    /// The word on the wire.
    ///
    /// ```
    /// use leadwright::model::DeadReason;
    /// assert_eq!("too_old".parse(), Ok(DeadReason::TooOld));
    /// assert!(DeadReason::ALL.iter().all(|reason| !reason.remedy().is_empty()));
    /// ```
    pub fn as_str(self) -> &'static str {
        let [word, _] = self.words();
        word
    }

    /// What to do about it.
    pub fn remedy(self) -> &'static str {
        let [_, remedy] = self.words();
        remedy
    }
}

impl FromStr for DeadReason {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word).ok_or(())
    }
}

/// How a dead letter came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DeadEnd {
    /// It was given out again, under the same key.
    Redriven,
    /// The buyer had taken it after all.
    Accepted,
    /// Its person was forgotten.
    Forgotten,
}

impl DeadEnd {
    /// The word on the wire.
    ///
    /// ```
    /// use leadwright::model::DeadEnd;
    /// assert_eq!("redriven".parse(), Ok(DeadEnd::Redriven));
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            DeadEnd::Redriven => "redriven",
            DeadEnd::Accepted => "accepted",
            DeadEnd::Forgotten => "forgotten",
        }
    }
}

impl FromStr for DeadEnd {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        [DeadEnd::Redriven, DeadEnd::Accepted, DeadEnd::Forgotten]
            .into_iter()
            .find(|end| end.as_str() == word)
            .ok_or(())
    }
}
