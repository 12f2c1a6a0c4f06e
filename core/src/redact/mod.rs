//! What of a lead other eyes may see: values by their class, and keyed hashes in their place.
//!
//! A field's class ([`Pii`](crate::schema::Pii)) says how much it tells. Of class `none` everything is kept; of
//! `sensitive` nothing remains; of the two between as much as people need to recognise a mistake ([`remains`]).

mod key;
mod lead;
mod remains;

pub use key::HashKey;
pub(crate) use lead::canonical;
pub use remains::{HIDDEN, remains};

use crate::model::{Code, Error};

/// How a lead is written down.
///
/// ```
/// use leadwright::redact::Redaction;
/// assert_eq!(Redaction::named("redacted", None)?.text("phone", "+13128675309"), "+*********09");
/// let hashed = Redaction::named("hashed", Some(b"sixteen bytes or more"))?;
/// assert_eq!(hashed.text("phone", "+13128675309").len(), 35);
/// assert!(Redaction::named("hashed", None).is_err(), "hashes without a key can be guessed");
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub enum Redaction {
    /// As it is. Personal data.
    #[default]
    Raw,
    /// With what of each value other eyes may see, and without corrections, which hold values.
    Redacted,
    /// With keyed hashes in the place of values: equal where the values are equal, and nothing else can be told from
    /// them without the key.
    Hashed(HashKey),
}

impl Redaction {
    /// By its word: `raw`, `redacted`, or `hashed` with a key.
    ///
    /// # Errors
    /// `input.bad_option` for another word, a key without `hashed`, or `hashed` without a key of 16 bytes or more.
    pub fn named(word: &str, key: Option<&[u8]>) -> Result<Self, Error> {
        let bad = |detail: &str| Error::new(Code::InputBadOption, detail);
        match (word, key) {
            ("raw", None) => Ok(Self::Raw),
            ("redacted", None) => Ok(Self::Redacted),
            ("hashed", Some(key)) => HashKey::new(key).map(Self::Hashed),
            ("hashed", None) => Err(bad("`hashed` takes a key")),
            ("raw" | "redacted", Some(_)) => Err(bad("only `hashed` takes a key")),
            _ => Err(bad("a lead is written as one of raw, redacted and hashed")),
        }
    }

    /// One canonical value of a kind (`phone`, `email`, `name`, `date`, `zip` …) that says who somebody is.
    pub fn text(&self, kind: &str, value: &str) -> String {
        match self {
            Self::Raw => value.to_owned(),
            Self::Redacted => remains(kind, value),
            Self::Hashed(key) => key.hash(kind, value),
        }
    }
}
