//! The codes: one stable name for everything the library can find, decide or refuse.
//!
//! `codes.toml` is the only place where a code is declared; the enum, the reference page and the
//! types of the bindings are made from it.

use super::problem::Severity;
use std::fmt;
use std::str::FromStr;

/// What a code is about, which also says where it can appear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// Something about a lead's data; appears in `problems`.
    Problem,
    /// A change that was made to a value; appears in `corrections`.
    Correction,
    /// Why a contract did or did not get a lead; appears in `trace`.
    Reason,
    /// Something about a plan; appears in the report of `check`.
    Plan,
    /// Why a call failed as a whole.
    Error,
}

struct Row {
    code: &'static str,
    kind: CodeKind,
    severity: Severity,
    text: &'static str,
    remedy: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/codes.rs"));

impl Code {
    /// Whether a correction of this code changed what a value says, and not only how it is written.
    ///
    /// ```
    /// use leadwright::model::Code;
    /// assert!(Code::AddressCityTypo.is_repair());
    /// assert!(!Code::TextTrimmed.is_repair());
    /// ```
    pub fn is_repair(self) -> bool {
        let (domain, reason) = self.as_str().split_once('.').unwrap_or_default();
        let form = domain == "text" || reason.ends_with("standardized") || matches!(reason, "name_split" | "recased");
        !form
    }

    /// All codes, in the order of their names.
    ///
    /// ```
    /// use leadwright::model::Code;
    /// assert!(Code::all().iter().any(|c| c.as_str() == "phone.too_short"));
    /// ```
    pub fn all() -> &'static [Code] {
        ALL
    }

    #[expect(clippy::indexing_slicing, reason = "ROWS and the enum are made from the same list")]
    fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The stable name, `domain.reason`.
    ///
    /// ```
    /// use leadwright::model::Code;
    /// assert_eq!(Code::PhoneTooShort.as_str(), "phone.too_short");
    /// ```
    pub fn as_str(self) -> &'static str {
        self.row().code
    }

    /// Where this code can appear.
    ///
    /// ```
    /// use leadwright::model::{Code, CodeKind};
    /// assert_eq!(Code::PhoneTooShort.kind(), CodeKind::Problem);
    /// ```
    pub fn kind(self) -> CodeKind {
        self.row().kind
    }

    /// How bad it is unless the place that reports it says otherwise.
    ///
    /// ```
    /// use leadwright::model::{Code, Severity};
    /// assert_eq!(Code::PhoneTooShort.severity(), Severity::Error);
    /// ```
    pub fn severity(self) -> Severity {
        self.row().severity
    }

    /// One English sentence without the final dot.
    ///
    /// ```
    /// use leadwright::model::Code;
    /// assert!(!Code::PhoneTooShort.text().is_empty());
    /// ```
    pub fn text(self) -> &'static str {
        self.row().text
    }

    /// What to do about it; empty where nothing needs doing.
    ///
    /// ```
    /// use leadwright::model::Code;
    /// assert!(!Code::PhoneTooShort.remedy().is_empty());
    /// ```
    pub fn remedy(self) -> &'static str {
        self.row().remedy
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Code {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        let at = ROWS.binary_search_by(|row| row.code.cmp(name)).map_err(|_| ())?;
        ALL.get(at).copied().ok_or(())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(input)?;
        name.parse().map_err(|()| serde::de::Error::custom(format_args!("unknown code `{name}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_are_well_formed() {
        for code in Code::all() {
            assert_eq!(code.as_str().parse(), Ok(*code));
            let (domain, reason) = code.as_str().split_once('.').unwrap();
            for part in [domain, reason] {
                assert!(part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{code}");
            }
            assert!(!code.text().ends_with('.') && !code.text().is_empty(), "{code}");
        }
    }
}
