//! How good a lead looks: a score with its reasons.

use super::code::Code;
use serde::{Deserialize, Serialize};

/// The score of a lead, made of signals. It refuses nobody by itself; criteria may ask about it as `quality`.
///
/// ```
/// use leadwright::model::Quality;
/// assert_eq!(Quality::default().score, Quality::BEST);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Quality {
    /// From 0 to 1000: 1000 where nothing speaks against the lead.
    #[cfg_attr(feature = "schema", schemars(extend("maximum" = 1000)))]
    pub score: u32,
    /// What the score is made of, the weightiest first; empty where nothing speaks against
    /// the lead, and where there is none.
    pub reasons: Vec<QualityReason>,
}

/// A signal and what it adds to the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct QualityReason {
    /// The signal.
    #[cfg_attr(feature = "schema", schemars(with = "super::schema_of::ProblemCode"))]
    pub code: Code,
    /// Its points: less than zero where it speaks against the lead.
    pub points: i32,
}

impl Quality {
    /// The score of a lead that nothing speaks against.
    pub const BEST: u32 = 1000;

    /// That of what is no lead at all.
    pub const NONE: Quality = Quality { score: 0, reasons: Vec::new() };

    /// Whether nothing speaks against the lead.
    ///
    /// ```
    /// assert!(leadwright::model::Quality::default().is_best());
    /// ```
    pub fn is_best(&self) -> bool {
        self.reasons.is_empty() && self.score == Self::BEST
    }
}

impl Default for Quality {
    fn default() -> Self {
        Self { score: Self::BEST, reasons: Vec::new() }
    }
}
