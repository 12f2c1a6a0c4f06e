//! What a validation may be told.

use super::consent::{ConsentTerms, Evidence};
use crate::model::{Code, Date, Error, Timestamp};
use crate::schema::{Policies, Policy, PolicyMisfit, plain_key};
use std::collections::BTreeMap;

/// What may be mended without asking (rule 81).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repairs {
    /// The zero that a spreadsheet ate: `2134` is `02134`.
    pub zip_leading_zero: bool,
    /// The letter O for a zero, if the ZIP code then exists in the state.
    pub zip_letter_o: bool,
    /// A missing state is that of the ZIP code.
    pub state_from_zip: bool,
}

impl Default for Repairs {
    fn default() -> Self {
        Self { zip_leading_zero: true, zip_letter_o: true, state_from_zip: true }
    }
}

/// What to do when ZIP code and state disagree (rule 80). A lead is never routed on the state that was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ZipStateConflict {
    /// The lead is rejected.
    Reject,
    /// The state is that of the ZIP code.
    ZipWins,
    /// The state is unknown; the ZIP code is kept.
    #[default]
    Warn,
}

/// How a lead is validated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValidateOptions {
    /// Today where the lead is judged; without it a date of birth is not compared with today.
    pub as_of: Option<Date>,
    /// The moment at which the lead is judged, where more than the day is known.
    pub now: Option<Timestamp>,
    /// How old consent may be, in milliseconds; any age when absent.
    pub consent_max_age: Option<i64>,
    /// What its consent must have; all of these terms hold.
    pub consent: Vec<ConsentTerms>,
    /// The country of the lead's IP address by two letters, where the host looked it up; without it the lead's own
    /// `ip_country` counts.
    pub ip_country: Option<String>,
    /// Fields of forms that people do not see, besides the usual names of such fields; in plain form.
    pub honeypots: Vec<String>,
    /// What may be mended.
    pub repairs: Repairs,
    /// When ZIP code and state disagree.
    pub conflict: ZipStateConflict,
    /// Fields that must be there besides those that the schema requires.
    pub require: Vec<String>,
    /// What is done about problems, before what the schema says.
    pub policies: Policies,
}

/// The options as they come from another language.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    #[serde(default)]
    as_of: Option<String>,
    #[serde(default)]
    repair: Option<Vec<String>>,
    #[serde(default)]
    on_zip_state_conflict: Option<String>,
    #[serde(default)]
    require: Vec<String>,
    #[serde(default)]
    now: Option<Timestamp>,
    #[serde(default)]
    consent_max_age_days: Option<u32>,
    #[serde(default)]
    consent: Option<ConsentWire>,
    #[serde(default)]
    ip_country: Option<String>,
    #[serde(default)]
    honeypots: Vec<String>,
    #[serde(default)]
    problems: BTreeMap<String, PolicyWire>,
}

/// The terms of a consent.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct ConsentWire {
    given: bool,
    has: Vec<String>,
    max_age_days: Option<u32>,
    certificate_max_age_hours: Option<u32>,
    sellers: Vec<String>,
    texts: Vec<String>,
}

/// A word for every field, or one for each.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum PolicyWire {
    All(String),
    ByField(BTreeMap<String, String>),
}

impl ValidateOptions {
    /// From JSON: `{"as_of","repair","on_zip_state_conflict","require","problems","now","consent_max_age_days",
    /// "consent","ip_country","honeypots"}`, all of them optional, in the words of a plan's `intake` and of `problems` of its verticals.
    ///
    /// # Errors
    /// `input.bad_option` for a name or a value that is none of these.
    ///
    /// ```
    /// use leadwright::validate::{ValidateOptions, ZipStateConflict};
    /// let options = ValidateOptions::from_json(br#"{"on_zip_state_conflict":"zip_wins"}"#)?;
    /// assert_eq!(options.conflict, ZipStateConflict::ZipWins);
    /// assert!(ValidateOptions::from_json(br#"{"repairs":[]}"#).is_err());
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let bad = |detail: String| Error::new(Code::InputBadOption, detail);
        let wire: Wire = serde_json::from_slice(json).map_err(|error| bad(error.to_string()))?;
        let mut options = Self { require: wire.require, now: wire.now, ip_country: wire.ip_country, ..Self::default() };
        options.honeypots = wire.honeypots.iter().map(|name| plain_key(name)).collect();
        options.consent_max_age = wire.consent_max_age_days.map(|days| i64::from(days) * 86_400_000);
        options.consent.extend(wire.consent.map(terms).transpose().map_err(bad)?);
        if let Some(date) = wire.as_of {
            options.as_of = Some(date.parse().map_err(|_| bad("`as_of` is a date, like 2026-11-24".into()))?);
        }
        if let Some(words) = wire.repair {
            options.repairs = Repairs::of(words.iter().map(String::as_str)).map_err(|word| {
                bad(format!("`{word}` is no repair; there are zip_leading_zero, zip_letter_o, state_from_zip and none"))
            })?;
        }
        if let Some(word) = wire.on_zip_state_conflict {
            let unknown = || bad(format!("`{word}` is none of reject, zip_wins and warn"));
            options.conflict = ZipStateConflict::named(&word).ok_or_else(unknown)?;
        }
        for (about, said) in wire.problems {
            let rows = match said {
                PolicyWire::All(word) => vec![(None, word)],
                PolicyWire::ByField(words) => words.into_iter().map(|(field, word)| (Some(field), word)).collect(),
            };
            for (field, word) in rows {
                options.policy(field.as_deref(), &about, &word).map_err(bad)?;
            }
        }
        Ok(options)
    }
}

fn terms(wire: ConsentWire) -> Result<ConsentTerms, String> {
    let named = |word: &String| {
        let all = || Evidence::ALL.map(|(word, _)| word).join(", ");
        Evidence::named(word).ok_or_else(|| format!("`{word}` is no evidence of a consent; there are {}", all()))
    };
    let mut has = wire.has.iter().map(named).collect::<Result<Vec<_>, _>>()?;
    has.sort();
    Ok(ConsentTerms {
        given: wire.given,
        has,
        max_age: wire.max_age_days.map(|days| i64::from(days) * 86_400_000),
        certificate_max_age: wire.certificate_max_age_hours.map(|hours| i64::from(hours) * 3_600_000),
        sellers: wire.sellers,
        texts: wire.texts,
    })
}

impl ValidateOptions {
    fn policy(&mut self, field: Option<&str>, about: &str, word: &str) -> Result<(), String> {
        let unknown = || format!("`{word}` is none of {}", Policy::WORDS.join(", "));
        let policy = Policy::named(word).ok_or_else(unknown)?;
        self.policies.set(field, about, policy).map_err(|misfit| match misfit {
            PolicyMisfit::Unknown(Some(near)) => format!("there is no problem `{about}`; did you mean `{near}`?"),
            PolicyMisfit::Unknown(None) => format!("there is no problem `{about}`"),
            PolicyMisfit::Elsewhere => format!("`{about}` is not found by the check of a lead's fields"),
            PolicyMisfit::NotFixable => format!("`{about}` cannot be repaired"),
        })
    }
}

impl Repairs {
    /// Nothing is mended.
    pub const NONE: Repairs = Repairs { zip_leading_zero: false, zip_letter_o: false, state_from_zip: false };

    /// Those that are named; `none` names nothing.
    ///
    /// # Errors
    /// The first word that is no repair.
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, &'a str> {
        let mut repairs = Self::NONE;
        for word in words {
            match word {
                "zip_leading_zero" => repairs.zip_leading_zero = true,
                "zip_letter_o" => repairs.zip_letter_o = true,
                "state_from_zip" => repairs.state_from_zip = true,
                "none" => {}
                other => return Err(other),
            }
        }
        Ok(repairs)
    }
}

impl ZipStateConflict {
    /// By its word in a plan.
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "reject" => Some(Self::Reject),
            "zip_wins" => Some(Self::ZipWins),
            "warn" => Some(Self::Warn),
            _ => None,
        }
    }
}
