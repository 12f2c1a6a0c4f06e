//! A dedupe rule, and the keys that a lead has under it.

use crate::model::{BuyerId, SourceId, Timestamp, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Among which leads a duplicate is looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All of the plan.
    Plan,
    /// Those of the same vertical.
    Vertical,
    /// Those of the same source.
    Source,
    /// Those that this buyer got (rule 71).
    Buyer(BuyerId),
}

/// Which leads are remembered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Against {
    /// Those that were sold, from the time of the sale (rule 67).
    #[default]
    Sold,
    /// All that were good enough to be offered.
    Seen,
    /// All that could be read, duplicates too: counted, and no reason to refuse one.
    Came,
}

impl Against {
    fn as_str(self) -> &'static str {
        match self {
            Against::Sold => "sold",
            Against::Seen => "seen",
            Against::Came => "came",
        }
    }
}

/// When a lead is a duplicate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DedupeRule {
    /// The fields that are compared.
    pub fields: Vec<String>,
    /// Whether all of them must agree, or any (rule 72).
    pub all: bool,
    /// How long a lead is remembered, in milliseconds; exactly that old is no duplicate (rule 66).
    pub within: i64,
    /// Which leads are remembered.
    pub against: Against,
    /// Among which leads.
    pub scope: Scope,
}

/// What a lead claims, or is compared with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DedupeKey {
    /// `vertical:roofing|sold|phone`.
    pub scope: String,
    /// The field, or the fields joined by `+`.
    pub field: String,
    /// 128 bits of a SHA-256 over the value.
    pub hash: [u8; 16],
}

impl DedupeRule {
    /// The keys of a lead. A field that is empty gives none: nothing never equals nothing (rule 65).
    pub fn keys(&self, lead: &BTreeMap<String, Value>, vertical: &str, source: &SourceId) -> Vec<DedupeKey> {
        let owner = match &self.scope {
            Scope::Plan => "plan".to_owned(),
            Scope::Vertical => format!("vertical:{vertical}"),
            Scope::Source => format!("source:{source}"),
            Scope::Buyer(buyer) => format!("buyer:{buyer}"),
        };
        let key = |fields: &[&str], values: &[String]| DedupeKey {
            scope: format!("{owner}|{}|{}", self.against.as_str(), fields.join("+")),
            field: fields.join("+"),
            hash: hash(fields, values),
        };
        let found = self.fields.iter().map(|field| (field.as_str(), comparable(lead, field)));
        if self.all {
            let whole: Option<Vec<(&str, String)>> = found.map(|(field, value)| Some((field, value?))).collect();
            let (fields, values): (Vec<_>, Vec<_>) = whole.unwrap_or_default().into_iter().unzip();
            return if fields.is_empty() { Vec::new() } else { vec![key(&fields, &values)] };
        }
        found.filter_map(|(field, value)| Some(key(&[field], &[value?]))).collect()
    }

    /// A claim counts when it was made after this.
    pub fn remembers_after(&self, now: Timestamp) -> Timestamp {
        now.plus_millis(self.within.saturating_neg())
    }
}

/// The value as it is compared: the key of an address, small letters (rules 72, 73).
fn comparable(lead: &BTreeMap<String, Value>, field: &str) -> Option<String> {
    let text = match lead.get(field)? {
        Value::Record(parts) => parts.get("key")?.as_text()?.to_owned(),
        Value::Text(text) => text.to_lowercase(),
        other => serde_json::to_string(other).ok()?,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// Lengths go in too, so that no two lists of values run together.
fn hash(fields: &[&str], values: &[String]) -> [u8; 16] {
    let mut sha = Sha256::new();
    sha.update("lw1|dedupe");
    for text in fields.iter().copied().chain(values.iter().map(String::as_str)) {
        sha.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        sha.update(text);
    }
    let whole: [u8; 32] = sha.finalize().into();
    let mut first = [0; 16];
    first.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(fields: &[(&str, &str)]) -> BTreeMap<String, Value> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), Value::text(*value))).collect()
    }

    fn rule(fields: &[&str], all: bool) -> DedupeRule {
        DedupeRule {
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            all,
            within: 1_000,
            against: Against::Sold,
            scope: Scope::Vertical,
        }
    }

    fn keys(rule: &DedupeRule, fields: &[(&str, &str)]) -> Vec<DedupeKey> {
        rule.keys(&lead(fields), "roofing", &SourceId::new("s").unwrap())
    }

    #[test]
    fn rule_065_nothing_never_equals_nothing() {
        assert!(keys(&rule(&["phone"], false), &[]).is_empty());
        assert!(keys(&rule(&["phone"], false), &[("phone", "")]).is_empty());
        assert!(keys(&rule(&["phone", "email"], true), &[("phone", "+1")]).is_empty());
    }

    #[test]
    fn rule_066_exactly_as_old_as_the_window_is_no_duplicate() {
        let now: Timestamp = "2026-11-24T00:00:10Z".parse().unwrap();
        // A view finds claims made after this, and not at it.
        assert_eq!(rule(&["phone"], false).remembers_after(now).to_string(), "2026-11-24T00:00:09.000Z");
    }

    #[test]
    fn rule_072_any_has_a_key_for_each_field_and_all_has_one() {
        let both = [("phone", "+1"), ("email", "a@b.c")];
        let any = keys(&rule(&["phone", "email"], false), &both);
        assert_eq!(
            any.iter().map(|key| key.scope.as_str()).collect::<Vec<_>>(),
            ["vertical:roofing|sold|phone", "vertical:roofing|sold|email"]
        );
        let all = keys(&rule(&["phone", "email"], true), &both);
        assert_eq!(all.len(), 1);
        assert_ne!(all[0].hash, any[0].hash);
    }

    #[test]
    fn rule_073_letters_of_an_email_address_do_not_matter() {
        let email = rule(&["email"], false);
        assert_eq!(keys(&email, &[("email", "A@B.C")]), keys(&email, &[("email", "a@b.c")]));
        assert_ne!(keys(&email, &[("email", "a.b@c.d")]), keys(&email, &[("email", "ab@c.d")]), "dots are kept");
    }
}
