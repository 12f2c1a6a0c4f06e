//! How much a field says about who somebody is.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The class of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pii {
    /// Nothing: may be shown everywhere.
    None,
    /// Little alone, something with others: a ZIP code, a date of birth.
    #[default]
    Quasi,
    /// Names the person: phone, email, name, street.
    Direct,
    /// Needs special care: health, money owed.
    Sensitive,
}

impl FromStr for Pii {
    type Err = ();
    fn from_str(word: &str) -> Result<Self, ()> {
        match word {
            "none" => Ok(Pii::None),
            "quasi" => Ok(Pii::Quasi),
            "direct" => Ok(Pii::Direct),
            "sensitive" => Ok(Pii::Sensitive),
            _ => Err(()),
        }
    }
}
