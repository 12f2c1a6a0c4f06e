//! Which problems are the same problem again.

use super::code::Code;
use super::ids::IdError;
use super::problem::Problem;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};
use std::str::FromStr;

/// What makes two problems the same: code, path and source. The version is part of it, so that another way of grouping
/// never adds to rows of this one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// `1`: the code, the path without the numbers of list entries, the source.
    const VERSION: &'static str = "lwp1";

    /// The fingerprint of a problem of a source.
    ///
    /// ```
    /// use leadwright::model::{Code, Fingerprint, Problem};
    /// let of = |path: &str| Fingerprint::of(&Problem::new(Code::DateInFuture, path), Some("web"));
    /// assert_eq!(of("/drivers/0/dob"), of("/drivers/3/dob"));
    /// assert_ne!(of("/drivers/0/dob"), of("/dob"));
    /// assert!(of("/dob").to_string().starts_with("lwp1:"));
    /// ```
    pub fn of(problem: &Problem, source: Option<&str>) -> Self {
        Self::over(problem.code, &general_path(&problem.path), source)
    }

    pub(crate) fn over(code: Code, path: &str, source: Option<&str>) -> Self {
        let mut hash = Sha256::new();
        for part in [Self::VERSION, code.as_str(), path, source.unwrap_or_default()] {
            hash.update(part);
            hash.update([0]);
        }
        let mut first = [0; 16];
        first.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
        Self(first)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:032x}", Self::VERSION, u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Fingerprint {
    type Err = IdError;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Self, IdError> {
        let digits = text.strip_prefix(Self::VERSION).and_then(|rest| rest.strip_prefix(':')).ok_or(IdError)?;
        let right = digits.len() == 32 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let number = u128::from_str_radix(digits, 16).ok().filter(|_| right);
        number.map(|number| Self(number.to_be_bytes())).ok_or(IdError)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        text.parse()
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> String {
        fingerprint.to_string()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Fingerprint {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Fingerprint".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Which problem: its code, place and source, hashed.",
            "type": "string",
            "pattern": "^lwp1:[0-9a-f]{32}$",
        })
    }
}

/// A path without the numbers of list entries.
pub(crate) fn general_path(path: &str) -> String {
    let mut general = String::with_capacity(path.len());
    for (at, step) in path.split('/').enumerate() {
        let number = !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
        let slash = if at == 0 { "" } else { "/" };
        let _ = write!(general, "{slash}{}", if number { "*" } else { step });
    }
    general
}
