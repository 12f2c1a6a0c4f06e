//! How much a field says about who somebody is.

use crate::field::{FieldKind, FieldOptions};
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

impl Pii {
    /// The name on the wire.
    ///
    /// ```
    /// assert_eq!(leadwright::schema::Pii::Sensitive.as_str(), "sensitive");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Pii::None => "none",
            Pii::Quasi => "quasi",
            Pii::Direct => "direct",
            Pii::Sensitive => "sensitive",
        }
    }

    /// The class of a field of a kind where nobody named one; of lists and records that of the most telling value inside.
    ///
    /// ```
    /// use leadwright::{field::{FieldKind, FieldOptions}, schema::Pii};
    /// assert_eq!(Pii::of(FieldKind::SsnLast4, &FieldOptions::default()), Pii::Sensitive);
    /// assert_eq!(Pii::of(FieldKind::Vin, &FieldOptions::default()), Pii::Quasi);
    /// ```
    pub fn of(kind: FieldKind, options: &FieldOptions) -> Self {
        use FieldKind::{
            AddressLine, Consent, CreditBand, CreditScore, Date, Email, List, Name, Phone, Record, Ssn, SsnLast4,
            State, VehicleMake, VehicleModel, VehicleYear,
        };
        match kind {
            Consent | State | VehicleMake | VehicleModel | VehicleYear => Pii::None,
            AddressLine | Email | Name | Phone => Pii::Direct,
            Date if options.birth => Pii::Direct,
            CreditBand | CreditScore | Ssn | SsnLast4 => Pii::Sensitive,
            List | Record => {
                let inside = options.members.iter().chain(options.items.as_deref());
                inside.map(|member| Self::of(member.kind, &member.options)).max().unwrap_or_default()
            }
            _ => Pii::Quasi,
        }
    }
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
