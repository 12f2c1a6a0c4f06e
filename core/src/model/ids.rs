//! Identifiers. Each is its own type, so that a buyer is never passed where a contract is due.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Longest identifier, in bytes.
pub(crate) const MAX_ID_BYTES: usize = 64;

/// An identifier that is empty, longer than 64 bytes, or holds something outside `A-Z a-z 0-9 . _ : -`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdError;

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is 1 to 64 of A-Z a-z 0-9 . _ : -")
    }
}

impl std::error::Error for IdError {}

/// Whether a text may be an identifier.
pub(crate) fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= MAX_ID_BYTES
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b':' | b'-'))
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = r"^[A-Za-z0-9._:-]{1,64}$")))]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks a text and makes it an id.
            ///
            /// # Errors
            /// [`IdError`] when it is empty, longer than 64 bytes or holds another character.
            ///
            /// ```
            #[doc = concat!("use leadwright::model::", stringify!($name), ";")]
            #[doc = concat!("assert_eq!(", stringify!($name), "::new(\"a-17\")?.as_str(), \"a-17\");")]
            #[doc = concat!("assert!(", stringify!($name), "::new(\"a 17\").is_err());")]
            /// # Ok::<(), leadwright::model::IdError>(())
            /// ```
            pub fn new(text: impl AsRef<str>) -> Result<Self, IdError> {
                let text = text.as_ref();
                if is_id(text) { Ok(Self(text.into())) } else { Err(IdError) }
            }

            /// From a text that is known to be an id: a word of the code, or hex digits.
            #[allow(dead_code, reason = "not every kind of id is made by the code itself")]
            pub(crate) fn known(text: impl Into<Arc<str>>) -> Self {
                let text = text.into();
                debug_assert!(is_id(&text));
                Self(text)
            }

            /// The text of the id.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.as_ref().to_owned()
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
    };
}

id!(
    /// One customer of the host; the first part of every key in the store.
    TenantId
);
id!(
    /// A lead, unique within its tenant and source.
    LeadId
);
id!(
    /// The technical channel a lead came through.
    SourceId
);
id!(
    /// Who receives leads and pays for them.
    BuyerId
);
id!(
    /// Who is paid for the leads of a source.
    SupplierId
);
id!(
    /// One purchase rule of a buyer.
    ContractId
);
id!(
    /// The ordered groups of a vertical.
    RouteId
);
id!(
    /// Contracts of a route with a selection method.
    GroupId
);

id!(
    /// Under which name somebody reads the events.
    SubscriberName
);

impl Default for TenantId {
    fn default() -> Self {
        Self("main".into())
    }
}

/// `<source>/<lead>.<n>`: the n-th decision about a lead, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(extend("pattern" = r"^[A-Za-z0-9._:-]{1,64}/[A-Za-z0-9._:-]{1,64}\.[1-9][0-9]*$")))]
pub struct DecisionId {
    /// The lead's source.
    pub source: SourceId,
    /// The lead.
    pub lead: LeadId,
    /// Which decision about it, from 1.
    pub n: u32,
}

impl fmt::Display for DecisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.source, self.lead, self.n)
    }
}

impl FromStr for DecisionId {
    type Err = IdError;

    /// Reads `<source>/<lead>.<n>`.
    ///
    /// ```
    /// use leadwright::model::DecisionId;
    /// let id: DecisionId = "search-lp/L1.2.1".parse()?;
    /// assert_eq!((id.source.as_str(), id.lead.as_str(), id.n), ("search-lp", "L1.2", 1));
    /// # Ok::<(), leadwright::model::IdError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, IdError> {
        let (source, rest) = text.split_once('/').ok_or(IdError)?;
        let (lead, n) = rest.rsplit_once('.').ok_or(IdError)?;
        let n = n.parse().ok().filter(|n| *n > 0).ok_or(IdError)?;
        Ok(Self { source: SourceId::new(source)?, lead: LeadId::new(lead)?, n })
    }
}

impl TryFrom<String> for DecisionId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<DecisionId> for String {
    fn from(id: DecisionId) -> String {
        id.to_string()
    }
}
