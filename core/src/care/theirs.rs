//! Which decisions are about a person: by what canonical leads say, and, for a lead that could not be read, by what came in.

use crate::field::FieldKind;
use crate::model::{Code, DecisionId, Error, LeadId, SourceId, TenantId, Value};
use crate::operate::{Person, read_email, read_phone, recorded_lead};
use crate::plan::Plan;
use crate::store::{HistoryLead, Store, Stored};
use std::collections::{BTreeMap, BTreeSet};

/// Who is looked for. Personal data.
pub(super) struct Sought {
    phones: BTreeSet<String>,
    /// In small letters (rule 73).
    emails: BTreeSet<String>,
    /// All decisions about this lead are meant, whatever they say.
    lead: Option<(SourceId, LeadId)>,
}

impl Sought {
    /// Reads what a person is known by.
    ///
    /// Of a lead it is the first decision that says who it is, as where a consent is taken back: whoever came later under
    /// its id with other data may be somebody else.
    pub(super) fn new(store: &dyn Store, tenant: &TenantId, plans: &mut Plans, person: &Person) -> Result<Self, Error> {
        let unread = |word| Error::new(Code::OperationNoPerson, format!("`{word}` cannot be read"));
        let phone = person.phone.as_deref().map(read_phone).transpose().map_err(unread)?;
        let email = person.email.as_deref().map(read_email).transpose().map_err(unread)?;
        let mut sought = Self {
            phones: phone.into_iter().collect(),
            emails: email.map(|text| text.to_lowercase()).into_iter().collect(),
            lead: None,
        };
        if let Some(text) = &person.lead {
            sought.add_lead(store, tenant, plans, text)?;
        }
        if sought.phones.is_empty() && sought.emails.is_empty() && sought.lead.is_none() {
            return Err(Error::new(Code::OperationNoPerson, "one of `phone`, `email`, `lead` was expected"));
        }
        Ok(sought)
    }

    fn add_lead(&mut self, store: &dyn Store, tenant: &TenantId, plans: &mut Plans, text: &str) -> Result<(), Error> {
        let unknown = || Error::new(Code::OperationNoPerson, "no such lead was decided");
        let of_decision = text.parse::<DecisionId>().ok();
        let of_decision = of_decision.map(|id| store.decision(tenant, &id)).transpose()?.flatten();
        let stored = match of_decision {
            Some(stored) => stored,
            None => {
                let (source, lead) = text.split_once('/').ok_or_else(unknown)?;
                let source = SourceId::new(source).map_err(|_| unknown())?;
                let lead = LeadId::new(lead).map_err(|_| unknown())?;
                let id = DecisionId { source, lead, n: 1 };
                match store.decision(tenant, &id)? {
                    Some(stored) => stored,
                    None => return self.add_past(store, tenant, id),
                }
            }
        };
        let (phones, emails) = (&mut self.phones, &mut self.emails);
        plans.each_name(store, &stored, &mut |kind, text| match kind {
            FieldKind::Phone => drop(phones.insert(text.to_owned())),
            _ => drop(emails.insert(text.to_lowercase())),
        })?;
        self.lead = Some((stored.record.id.source, stored.record.id.lead));
        Ok(())
    }

    /// A lead that was imported and never decided here. Its values are canonical, so that what is a phone or an address can be
    /// told without a plan.
    fn add_past(&mut self, store: &dyn Store, tenant: &TenantId, id: DecisionId) -> Result<(), Error> {
        let unknown = || Error::new(Code::OperationNoPerson, "no such lead was decided");
        let (mut after, mut found) = (0, None);
        while found.is_none() {
            let page = store.history(tenant, after, super::PAGE)?;
            after = page.last().map(|(position, _)| *position).ok_or_else(unknown)?;
            found =
                page.into_iter().map(|(_, lead)| lead).find(|lead| lead.source == id.source && lead.lead == id.lead);
        }
        let input = found.map(|lead| lead.input).unwrap_or_default();
        let members: BTreeMap<String, serde_json::Value> = serde_json::from_slice(&input).unwrap_or_default();
        for text in members.values().filter_map(serde_json::Value::as_str) {
            if text.starts_with('+') && read_phone(text).is_ok_and(|read| read == text) {
                self.phones.insert(text.to_owned());
            } else if text.contains('@') && read_email(text).is_ok_and(|read| read == text) {
                self.emails.insert(text.to_lowercase());
            }
        }
        self.lead = Some((id.source, id.lead));
        Ok(())
    }

    /// Whether a lead of the past is about the person.
    pub(super) fn is_theirs_of_past(&self, lead: &HistoryLead) -> bool {
        let is_named = self.lead.as_ref().is_some_and(|(source, id)| *source == lead.source && *id == lead.lead);
        is_named || self.came_in(&lead.input)
    }

    /// Whether it is about this lead by its id: then also where nothing of it is left to read.
    pub(super) fn is_named(&self, stored: &Stored) -> bool {
        let id = &stored.record.id;
        self.lead.as_ref().is_some_and(|(source, lead)| *source == id.source && *lead == id.lead)
    }

    /// Whether a decision is about the person.
    pub(super) fn is_theirs(&self, store: &dyn Store, plans: &mut Plans, stored: &Stored) -> Result<bool, Error> {
        if self.is_named(stored) {
            return Ok(true);
        }
        if self.phones.is_empty() && self.emails.is_empty() {
            return Ok(false);
        }
        let mut found = self.came_in(&stored.record.input);
        if !found {
            plans.each_name(store, stored, &mut |kind, text| {
                found |= match kind {
                    FieldKind::Phone => self.phones.contains(text),
                    _ => self.emails.contains(&text.to_lowercase()),
                };
            })?;
        }
        Ok(found)
    }

    /// Whether the person stands in what came in, in whatever field: a lead that was refused has no canonical form, and
    /// people write numbers into remarks.
    fn came_in(&self, input: &[u8]) -> bool {
        match serde_json::from_slice::<serde_json::Value>(input) {
            Ok(json) => self.stands_within(&json),
            Err(_) => self.stands_in(&String::from_utf8_lossy(input)),
        }
    }

    fn stands_within(&self, json: &serde_json::Value) -> bool {
        use serde_json::Value as Json;
        match json {
            Json::String(text) => self.stands_in(text),
            Json::Number(number) => self.stands_in(&number.to_string()),
            Json::Array(items) => items.iter().any(|item| self.stands_within(item)),
            Json::Object(members) => {
                members.iter().any(|(name, value)| self.stands_in(name) || self.stands_within(value))
            }
            Json::Null | Json::Bool(_) => false,
        }
    }

    /// Whether a text names the person.
    pub(super) fn stands_in(&self, text: &str) -> bool {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let has_phone = |phone: &String| {
            let whole = phone.trim_start_matches('+');
            // At home the country is left out.
            let short = whole.strip_prefix('1').filter(|short| short.len() == 10).unwrap_or(whole);
            short.len() >= SHORTEST && digits.contains(short) || digits == whole
        };
        self.phones.iter().any(has_phone) || self.emails.iter().any(|email| has_email(text, email))
    }
}

/// Whether the address, in small letters, stands in a text by itself: not as the end or the start of a longer one. In a
/// link its `@` may be written `%40`.
fn has_email(text: &str, email: &str) -> bool {
    let text = text.to_lowercase().replace("%40", "@");
    let goes_on = |c: char| c.is_alphanumeric() || "._+-".contains(c);
    let before = |at: usize| text.get(..at).and_then(|text| text.chars().next_back());
    let after = |at: usize| text.get(at..).unwrap_or_default().trim_start_matches('.').chars().next();
    let mut found = text.match_indices(email).map(|(at, _)| (before(at), after(at + email.len())));
    found.any(|(before, after)| !before.is_some_and(goes_on) && !after.is_some_and(goes_on))
}

/// Fewer digits may stand anywhere by chance.
const SHORTEST: usize = 9;

/// The plans that decided, each read once.
#[derive(Default)]
pub(super) struct Plans(BTreeMap<String, Plan>);

impl Plans {
    /// Shows every phone and email address of a decision's lead. It was of one vertical; those of all verticals that have
    /// such fields are the same person's.
    fn each_name(
        &mut self,
        store: &dyn Store,
        stored: &Stored,
        see: &mut dyn FnMut(FieldKind, &str),
    ) -> Result<(), Error> {
        if stored.inner.is_some() {
            return Ok(());
        }
        let wrong = || Error::new(Code::StoreCorrupt, format!("the body of {} cannot be read", stored.record.id));
        // Every decision has read something: here what was about the lead cannot be opened.
        if stored.record.reads.is_empty() {
            return Err(wrong());
        }
        let lead: BTreeMap<String, Value> = recorded_lead(&stored.record.body).ok_or_else(wrong)?;
        let plan = self.of(store, &stored.record.plan)?;
        for schema in plan.verticals.values() {
            for kind in [FieldKind::Phone, FieldKind::Email] {
                schema.each_of(kind, &lead, &mut |_, text| see(kind, text));
            }
        }
        Ok(())
    }

    fn of(&mut self, store: &dyn Store, hash: &str) -> Result<&Plan, Error> {
        let missing = || Error::new(Code::ReplayPlanMissing, hash);
        if !self.0.contains_key(hash) {
            let bundle = store.plan(hash)?.ok_or_else(missing)?;
            let unread = |_| Error::new(Code::StoreCorrupt, format!("the plan {hash} cannot be read"));
            self.0.insert(hash.to_owned(), Plan::from_bundle(&bundle).map_err(unread)?);
        }
        self.0.get(hash).ok_or_else(missing)
    }
}
