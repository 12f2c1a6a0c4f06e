//! What a problem does to a lead, where a plan wants something else than usual.

use crate::model::{Code, CodeKind};
use crate::text::did_you_mean;
use std::collections::{BTreeMap, BTreeSet};

/// What is done about a problem, or about a repair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// It is repaired, and a correction says how.
    Fix,
    /// The lead passes with a warning.
    Warn,
    /// The lead is refused.
    Reject,
    /// The lead waits until it may pass.
    Hold,
}

impl Policy {
    /// All words, as a plan writes them.
    pub const WORDS: [&str; 4] = ["fix", "warn", "reject", "hold"];

    /// By its word in a plan.
    ///
    /// ```
    /// use leadwright::schema::Policy;
    /// assert_eq!(Policy::named("hold"), Some(Policy::Hold));
    /// assert_eq!(Policy::named("drop"), None);
    /// ```
    pub fn named(word: &str) -> Option<Self> {
        match word {
            "fix" => Some(Self::Fix),
            "warn" => Some(Self::Warn),
            "reject" => Some(Self::Reject),
            "hold" => Some(Self::Hold),
            _ => None,
        }
    }
}

/// Why a policy cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyMisfit {
    /// There is no such problem, repair or group; this one was probably meant.
    Unknown(Option<String>),
    /// No check of a lead's fields finds it: it is found before or after them.
    Elsewhere,
    /// It cannot be repaired.
    NotFixable,
}

/// What a policy is about: a code of its own comes before a group, a field before the lead.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct About {
    field: Option<String>,
    /// `email.disposable`, or the group `email`.
    code: String,
}

/// Policies by what they are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policies(BTreeMap<About, Policy>);

/// Groups that are no matter of a lead's fields: the text of the lead, its size, lists of people, earlier leads.
const ELSEWHERE: [&str; 4] = ["dedupe", "input", "json", "limit"];

/// Problems of the lead as a whole that a check of its fields finds; the others are found by the engine.
const OF_FIELDS: [Code; 5] = [
    Code::LeadBadReserved,
    Code::LeadFieldTwice,
    Code::LeadRepairNotAllowed,
    Code::LeadRepaired,
    Code::LeadUnknownField,
];

/// Problems that can be repaired, though it is not done unless somebody says so.
const FIXABLE: [Code; 2] = [Code::AddressZipStateMismatch, Code::EmailHostTypo];

impl Policies {
    /// Sets what is done about a code or a group of problems, of one field or of all. `about` is a problem like
    /// `email.disposable`, a repair like `address.city_typo`, or the group of problems `email`.
    ///
    /// # Errors
    /// Where there is no such code, or the policy does not fit it.
    ///
    /// ```
    /// use leadwright::{model::Code, schema::{Policies, Policy, PolicyMisfit}};
    /// let mut policies = Policies::default();
    /// policies.set(None, "email", Policy::Warn).map_err(|_| "it fits")?;
    /// policies.set(Some("email"), "email.disposable", Policy::Reject).map_err(|_| "it fits")?;
    /// assert_eq!(policies.of(Some("email"), Code::EmailDisposable), Some(Policy::Reject));
    /// assert_eq!(policies.of(Some("email2"), Code::EmailDisposable), Some(Policy::Warn));
    /// let wrong = policies.set(None, "email.disposible", Policy::Reject);
    /// assert_eq!(wrong, Err(PolicyMisfit::Unknown(Some("email.disposable".into()))));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn set(&mut self, field: Option<&str>, about: &str, policy: Policy) -> Result<(), PolicyMisfit> {
        let codes = codes_of(about);
        if codes.is_empty() {
            return Err(match about.parse::<Code>() {
                Ok(code) if matches!(code.kind(), CodeKind::Problem | CodeKind::Correction) => PolicyMisfit::Elsewhere,
                _ if ELSEWHERE.contains(&about) => PolicyMisfit::Elsewhere,
                _ => PolicyMisfit::Unknown(near(about)),
            });
        }
        let fixable = |code: &Code| code.kind() == CodeKind::Correction || FIXABLE.contains(code);
        if policy == Policy::Fix && !codes.iter().any(fixable) {
            return Err(PolicyMisfit::NotFixable);
        }
        self.0.insert(About { field: field.map(str::to_owned), code: about.to_owned() }, policy);
        Ok(())
    }

    /// What is done about a problem or a repair of a field, or of the lead; none where it is as usual.
    ///
    /// ```
    /// use leadwright::{model::Code, schema::Policies};
    /// assert_eq!(Policies::default().of(None, Code::EmailDisposable), None);
    /// ```
    pub fn of(&self, field: Option<&str>, code: Code) -> Option<Policy> {
        if self.is_empty() {
            return None;
        }
        let group = code.as_str().split_once('.').map(|(group, _)| group).filter(|_| code.kind() == CodeKind::Problem);
        let abouts = [Some(code.as_str()), group.filter(|_| codes_of_problem(code))];
        let fields = [field, None];
        let mut all =
            fields.into_iter().flat_map(|field| abouts.into_iter().flatten().map(move |about| (field, about)));
        all.find_map(|(field, about)| {
            self.0.get(&About { field: field.map(str::to_owned), code: about.to_owned() }).copied()
        })
    }

    /// Whether everything is as usual.
    ///
    /// ```
    /// assert!(leadwright::schema::Policies::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The codes that a policy may be about by this name.
fn codes_of(about: &str) -> Vec<Code> {
    let of_group = |code: &Code| code.as_str().split_once('.').is_some_and(|(group, _)| group == about);
    match about.parse::<Code>() {
        Ok(code) => Some(code).filter(|code| may_be(*code)).into_iter().collect(),
        Err(()) => Code::all().iter().copied().filter(of_group).filter(|code| codes_of_problem(*code)).collect(),
    }
}

/// Whether a policy may be about a code.
fn may_be(code: Code) -> bool {
    codes_of_problem(code) || code.kind() == CodeKind::Correction && code.is_repair()
}

/// Whether it is a problem that a check of fields finds.
fn codes_of_problem(code: Code) -> bool {
    let group = code.as_str().split_once('.').map_or("", |(group, _)| group);
    let of_fields = if group == "lead" { OF_FIELDS.contains(&code) } else { !ELSEWHERE.contains(&group) };
    code.kind() == CodeKind::Problem && of_fields
}

/// The code or group that was probably meant.
fn near(about: &str) -> Option<String> {
    let codes: Vec<&str> = Code::all().iter().filter(|code| may_be(**code)).map(|code| code.as_str()).collect();
    let groups: BTreeSet<&str> = Code::all()
        .iter()
        .filter(|code| codes_of_problem(**code))
        .filter_map(|code| code.as_str().split_once('.'))
        .map(|(group, _)| group)
        .collect();
    // Somebody who writes a dot means one code.
    let near = match about.contains('.') {
        true => did_you_mean(about, codes.iter().copied()),
        false => did_you_mean(about, groups.iter().copied()),
    };
    // `disposable` alone is the reason without its group.
    let reason = codes.iter().find(|code| code.split_once('.').is_some_and(|(_, reason)| reason == about));
    near.or(reason.copied()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_policy_counts() {
        let mut policies = Policies::default();
        policies.set(None, "phone", Policy::Warn).unwrap();
        policies.set(None, "phone.fictitious", Policy::Hold).unwrap();
        policies.set(Some("phone2"), "phone", Policy::Reject).unwrap();
        assert_eq!(policies.of(Some("phone"), Code::PhoneInvalid), Some(Policy::Warn));
        assert_eq!(policies.of(Some("phone"), Code::PhoneFictitious), Some(Policy::Hold));
        assert_eq!(policies.of(Some("phone2"), Code::PhoneFictitious), Some(Policy::Reject));
        // A group is one of problems: what was only written otherwise is none.
        assert_eq!(policies.of(Some("phone"), Code::PhoneStandardized), None);
        assert_eq!(policies.of(Some("email"), Code::EmailRole), None);
    }

    #[test]
    fn what_cannot_be_is_told() {
        let set = |about: &str, policy| Policies::default().set(None, about, policy);
        assert_eq!(set("disposable", Policy::Warn), Err(PolicyMisfit::Unknown(Some("email.disposable".into()))));
        assert_eq!(set("emial", Policy::Warn), Err(PolicyMisfit::Unknown(Some("email".into()))));
        for elsewhere in ["lead.suppressed", "json", "json.syntax", "dedupe.duplicate", "phone.standardized"] {
            assert_eq!(set(elsewhere, Policy::Warn), Err(PolicyMisfit::Elsewhere), "{elsewhere}");
        }
        for unknown in ["contract.caps", "plan.syntax", "zzzzz"] {
            assert!(matches!(set(unknown, Policy::Warn), Err(PolicyMisfit::Unknown(_))), "{unknown}");
        }
        assert_eq!(set("phone.invalid", Policy::Fix), Err(PolicyMisfit::NotFixable));
        for fixable in ["email.host_typo", "email", "address.city_typo", "lead.fields_swapped"] {
            assert_eq!(set(fixable, Policy::Fix), Ok(()), "{fixable}");
        }
    }
}
