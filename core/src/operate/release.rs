//! What somebody says about a lead that waits.

use crate::model::{Code, DecisionId, Error, LeadId, SourceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What is to become of a lead in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ReleaseDo {
    /// It is decided now, as it is: what a policy held it for counts no more.
    Release,
    /// Some of its values are replaced, and it is decided now, by the policies of the plan.
    Fix,
    /// It is taken out and sold to nobody.
    Drop,
}

/// What somebody says about a lead that waits.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Release {
    /// The lead, as `SOURCE/LEAD`, or the decision that put it into the queue.
    pub lead: String,
    /// What to do.
    pub r#do: ReleaseDo,
    /// For `fix`: the values to replace, under the names that the lead has them under; null takes one out. Personal data.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, Option<crate::model::Value>>"))]
    pub with: BTreeMap<String, serde_json::Value>,
    /// Who says so.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl fmt::Debug for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Release({:?} {})", self.r#do, self.lead)
    }
}

impl Release {
    /// Reads one from JSON.
    ///
    /// ```
    /// use leadwright::operate::{Release, ReleaseDo};
    /// let text = r#"{"lead":"web/L1","do":"fix","with":{"phone":"312-867-5309"},"by":"ann","reason":"called"}"#;
    /// assert_eq!(Release::read(text)?.r#do, ReleaseDo::Fix);
    /// assert!(Release::read(r#"{"lead":"web/L1","do":"fix","by":"ann","reason":"called"}"#).is_err());
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// `queue.malformed`.
    pub fn read(text: &str) -> Result<Self, Error> {
        let read: Self = serde_json::from_str(text).map_err(|error| malformed(super::words::said(&error)))?;
        read.checked()
    }

    /// The same, if it says all that is needed.
    ///
    /// # Errors
    /// `queue.malformed`.
    pub fn checked(self) -> Result<Self, Error> {
        for (name, text) in [("by", &self.by), ("reason", &self.reason)] {
            super::one_line(name, text, true).map_err(malformed)?;
        }
        match (self.r#do, self.with.is_empty()) {
            (ReleaseDo::Fix, true) => Err(malformed("`fix` needs `with`: the values to replace")),
            (ReleaseDo::Release | ReleaseDo::Drop, false) => Err(malformed("`with` is for `fix` only")),
            _ => Ok(self),
        }
    }

    /// Which lead it may be about: one of that name, for ids may have dots, else the one that this decision put there.
    pub(crate) fn names(&self) -> impl Iterator<Item = (SourceId, LeadId, Option<u32>)> {
        let lead = || {
            let (source, lead) = self.lead.split_once('/')?;
            Some((SourceId::new(source).ok()?, LeadId::new(lead).ok()?, None))
        };
        let decision = self.lead.parse::<DecisionId>().ok().map(|id| (id.source, id.lead, Some(id.n)));
        lead().into_iter().chain(decision)
    }
}

fn malformed(why: impl Into<String>) -> Error {
    Error::new(Code::QueueMalformed, why)
}
