//! Which kinds there are.

use super::{
    FieldOptions, FieldOutcome, address_line, boolean, choice, consent, credit, date, domain, email, ip, list, name,
    number, phone, ssn, state, text, timestamp, trustedform, url, user_agent, uuid, vehicle, vin, zip,
};
use crate::model::RawValue;
use std::str::FromStr;

/// What a field is meant to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FieldKind {
    /// A postal address in one text.
    AddressLine,
    /// Yes or no in the words people use.
    Boolean,
    /// Whether somebody agreed: only a word that affirms counts.
    Consent,
    /// Credit in a word, also from a score: excellent, good, fair, poor.
    CreditBand,
    /// A credit score, 300 to 850.
    CreditScore,
    /// A calendar date, also a date of birth.
    Date,
    /// A number with up to four decimals.
    Decimal,
    /// An email address.
    Email,
    /// One of a closed set of words.
    Enum,
    /// A whole number.
    Integer,
    /// An internet address, version 4 or 6.
    Ip,
    /// A LeadiD token.
    Leadid,
    /// Several values, each checked by itself.
    List,
    /// An amount of money.
    Money,
    /// The name of a person, or its first or last part.
    Name,
    /// A percentage: `6.5` is six and a half per cent.
    Percent,
    /// A telephone number of any country.
    Phone,
    /// Values with names.
    Record,
    /// The part of a domain that somebody registered.
    RegistrableDomain,
    /// A Social Security number, of which nothing is kept but that there was one.
    Ssn,
    /// The last four digits of a Social Security number.
    SsnLast4,
    /// A state of the United States or a province of Canada.
    State,
    /// Any text.
    Text,
    /// A point in time, with its zone.
    Timestamp,
    /// The web address of a TrustedForm certificate.
    TrustedformUrl,
    /// A link.
    Url,
    /// What a browser says it is.
    UserAgent,
    /// A UUID, of any version.
    Uuid,
    /// The make of a vehicle.
    VehicleMake,
    /// The model of a vehicle.
    VehicleModel,
    /// The model year of a vehicle.
    VehicleYear,
    /// A vehicle identification number.
    Vin,
    /// A ZIP code of the United States or a postal code of Canada.
    Zip,
}

impl FieldKind {
    /// All kinds, by name.
    pub const ALL: [FieldKind; 33] = [
        FieldKind::AddressLine,
        FieldKind::Boolean,
        FieldKind::Consent,
        FieldKind::CreditBand,
        FieldKind::CreditScore,
        FieldKind::Date,
        FieldKind::Decimal,
        FieldKind::Email,
        FieldKind::Enum,
        FieldKind::Integer,
        FieldKind::Ip,
        FieldKind::Leadid,
        FieldKind::List,
        FieldKind::Money,
        FieldKind::Name,
        FieldKind::Percent,
        FieldKind::Phone,
        FieldKind::Record,
        FieldKind::RegistrableDomain,
        FieldKind::Ssn,
        FieldKind::SsnLast4,
        FieldKind::State,
        FieldKind::Text,
        FieldKind::Timestamp,
        FieldKind::TrustedformUrl,
        FieldKind::Url,
        FieldKind::UserAgent,
        FieldKind::Uuid,
        FieldKind::VehicleMake,
        FieldKind::VehicleModel,
        FieldKind::VehicleYear,
        FieldKind::Vin,
        FieldKind::Zip,
    ];

    /// Whether what is found depends on the day: only then has the check of a lead to be told which day it is.
    pub(crate) fn asks_the_day(self) -> bool {
        use FieldKind::{Date, List, Record, Timestamp, TrustedformUrl, VehicleYear};
        matches!(self, Date | List | Record | Timestamp | TrustedformUrl | VehicleYear)
    }

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            FieldKind::AddressLine => "address_line",
            FieldKind::Boolean => "boolean",
            FieldKind::Consent => "consent",
            FieldKind::CreditBand => "credit_band",
            FieldKind::CreditScore => "credit_score",
            FieldKind::Date => "date",
            FieldKind::Decimal => "decimal",
            FieldKind::Email => "email",
            FieldKind::Enum => "enum",
            FieldKind::Integer => "integer",
            FieldKind::Ip => "ip",
            FieldKind::Leadid => "leadid",
            FieldKind::List => "list",
            FieldKind::Money => "money",
            FieldKind::Name => "name",
            FieldKind::Percent => "percent",
            FieldKind::Phone => "phone",
            FieldKind::Record => "record",
            FieldKind::RegistrableDomain => "registrable_domain",
            FieldKind::Ssn => "ssn",
            FieldKind::SsnLast4 => "ssn_last4",
            FieldKind::State => "state",
            FieldKind::Text => "text",
            FieldKind::Timestamp => "timestamp",
            FieldKind::TrustedformUrl => "trustedform_url",
            FieldKind::Url => "url",
            FieldKind::UserAgent => "user_agent",
            FieldKind::Uuid => "uuid",
            FieldKind::VehicleMake => "vehicle_make",
            FieldKind::VehicleModel => "vehicle_model",
            FieldKind::VehicleYear => "vehicle_year",
            FieldKind::Vin => "vin",
            FieldKind::Zip => "zip",
        }
    }
}

impl FromStr for FieldKind {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or(())
    }
}

/// The same as [`check`] without the parts of a value that a lead does not keep.
pub(crate) fn check_alone(kind: FieldKind, raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    match kind {
        FieldKind::Email => email::check_alone(raw, path, options),
        FieldKind::Phone => phone::check_alone(raw, path, options),
        _ => check(kind, raw, path, options),
    }
}

/// Checks one value. `path` is the JSON Pointer that problems and corrections name.
///
/// ```
/// use leadwright::field::{FieldKind, FieldOptions, check};
/// use leadwright::model::{RawValue, Value};
/// let found = check(FieldKind::Phone, &RawValue::text("(512) 555-0143"), "/phone", &FieldOptions::default());
/// assert_eq!(found.value, Some(Value::text("+15125550143")));
/// let found = check(FieldKind::Boolean, &RawValue::text("Yes"), "/homeowner", &FieldOptions::default());
/// assert_eq!(found.value, Some(Value::Bool(true)));
/// ```
pub fn check(kind: FieldKind, raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    match kind {
        FieldKind::AddressLine => address_line::check(raw, path, options),
        FieldKind::Boolean => boolean::check(raw, path, options),
        FieldKind::Consent => consent::check(raw, path, options),
        FieldKind::CreditBand => credit::band(raw, path, options),
        FieldKind::CreditScore => credit::score(raw, path, options),
        FieldKind::Date => date::check(raw, path, options),
        FieldKind::Decimal => number::decimal(raw, path, options),
        FieldKind::Email => email::check(raw, path, options),
        FieldKind::Enum => choice::check(raw, path, options),
        FieldKind::Integer => number::integer(raw, path, options),
        FieldKind::Ip => ip::check(raw, path, options),
        FieldKind::Leadid => uuid::leadid(raw, path, options),
        FieldKind::List => list::list(raw, path, options),
        FieldKind::Money => number::money(raw, path, options),
        FieldKind::Name => name::check(raw, path, options),
        FieldKind::Percent => number::percent(raw, path, options),
        FieldKind::Phone => phone::check(raw, path, options),
        FieldKind::Record => list::record(raw, path, options),
        FieldKind::RegistrableDomain => domain::check(raw, path, options),
        FieldKind::Ssn => ssn::whole(raw, path, options),
        FieldKind::SsnLast4 => ssn::last_four(raw, path, options),
        FieldKind::State => state::check(raw, path, options),
        FieldKind::Text => text::check(raw, path, options),
        FieldKind::Timestamp => timestamp::check(raw, path, options),
        FieldKind::TrustedformUrl => trustedform::check(raw, path, options),
        FieldKind::Url => url::check(raw, path, options),
        FieldKind::UserAgent => user_agent::check(raw, path, options),
        FieldKind::Uuid => uuid::uuid(raw, path, options),
        FieldKind::VehicleMake => vehicle::make(raw, path, options),
        FieldKind::VehicleModel => vehicle::model(raw, path, options),
        FieldKind::VehicleYear => vehicle::year(raw, path, options),
        FieldKind::Vin => vin::check(raw, path, options),
        FieldKind::Zip => zip::check(raw, path, options),
    }
}
