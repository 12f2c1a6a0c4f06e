//! The classes of differences: what somebody declares as known, counts and looks at.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What kind of difference it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Class {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Class {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The name.
            ///
            /// ```
            /// use leadwright::parity::Class;
            /// assert_eq!(Class::LegacySoldNewNot.as_str(), "legacy_sold_new_not");
            /// ```
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

classes! {
    // Of values.
    /// The candidate lacks what the legacy has.
    Missing = "missing",
    /// The candidate has what the legacy lacks.
    Extra = "extra",
    /// A text here, a number there.
    Type = "type",
    /// Another value.
    Value = "value",
    /// The same items in another order.
    Order = "order",
    /// Numbers that differ by no more than the rules allow. No mismatch.
    WithinTolerance = "within_tolerance",
    /// Texts that differ in spaces or capitals only.
    WhitespaceOrCase = "whitespace_or_case",
    /// The same letters in another form of Unicode.
    UnicodeForm = "unicode_form",
    /// The same time in another zone, or the same wall clock with another zone or none.
    TimeZone = "time_zone",
    /// Amounts that are no more than a cent apart.
    MoneyRounding = "money_rounding",
    /// The same id with other separators, capitals or leading zeros.
    IdFormat = "id_format",
    // Of decisions.
    /// The same buyers pay another price.
    SameBuyerOtherPrice = "same_buyer_other_price",
    /// Others get it, for the same money.
    OtherBuyerSamePrice = "other_buyer_same_price",
    /// Others get it, for other money.
    OtherBuyerOtherPrice = "other_buyer_other_price",
    /// The legacy sold it, the candidate did not.
    LegacySoldNewNot = "legacy_sold_new_not",
    /// The legacy did not sell it, the candidate did.
    LegacyNotNewSold = "legacy_not_new_sold",
    /// The candidate found some of the problems that the legacy found.
    OtherProblemsFewer = "other_problems_fewer",
    /// The candidate found all problems that the legacy found, and others.
    OtherProblemsMore = "other_problems_more",
    /// The candidate found other problems.
    OtherProblemsOther = "other_problems_other",
    // Of calls.
    /// Both raised an exception of the same class. No mismatch.
    SameError = "same_error",
    /// Both raised, and not the same.
    OtherError = "other_error",
    /// The legacy raised, the candidate answered.
    LegacyRaised = "legacy_raised",
    /// The candidate raised, the legacy answered.
    CandidateRaised = "candidate_raised",
    /// The legacy was not done in time.
    LegacyTimeout = "legacy_timeout",
    /// The candidate was not done in time.
    CandidateTimeout = "candidate_timeout",
    /// A value that cannot be compared: nested too deep, or no JSON. No mismatch, and no match.
    Unreadable = "unreadable",
}

impl Class {
    /// Whether it is the case with no mismatch.
    pub fn is_harmless(self) -> bool {
        matches!(self, Self::WithinTolerance | Self::SameError | Self::Unreadable)
    }

    /// The class where legacy and candidate change sides.
    ///
    /// ```
    /// use leadwright::parity::Class;
    /// assert_eq!(Class::Missing.mirrored(), Class::Extra);
    /// assert_eq!(Class::Value.mirrored(), Class::Value);
    /// ```
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Missing => Self::Extra,
            Self::Extra => Self::Missing,
            Self::LegacySoldNewNot => Self::LegacyNotNewSold,
            Self::LegacyNotNewSold => Self::LegacySoldNewNot,
            Self::OtherProblemsFewer => Self::OtherProblemsMore,
            Self::OtherProblemsMore => Self::OtherProblemsFewer,
            Self::LegacyRaised => Self::CandidateRaised,
            Self::CandidateRaised => Self::LegacyRaised,
            Self::LegacyTimeout => Self::CandidateTimeout,
            Self::CandidateTimeout => Self::LegacyTimeout,
            other => other,
        }
    }
}

impl FromStr for Class {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|class| class.as_str() == text).ok_or(())
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
