//! One operation: what it changes.

use super::{malformed, standings};
use crate::engine::Engine;
use crate::events::{ConsentChanged, OverrideCleared, OverrideSet, ProblemNoted, written};
use crate::model::{
    Code, ContractId, DecisionId, Error, Event, EventKind, LeadId, SourceId, Standing, Standings, Subject,
};
use crate::operate::{
    Clear, Noted, OVERRIDDEN, OVERRIDES, Override, Person, keys_of, override_key, permitted, person_keys, recorded_lead,
};
use crate::plan::Plan;
use crate::plan::compiled::Contract;
use crate::store::{Change, GroupSaid, GroupState, Setting, Transaction};
use crate::text::did_you_mean;
use std::collections::BTreeSet;

/// One operation, in its transaction.
pub(super) struct Doing<'a> {
    pub(super) engine: &'a Engine,
    pub(super) plan: &'a Plan,
    pub(super) transaction: &'a mut dyn Transaction,
    pub(super) change: &'a mut Change,
}

impl Doing<'_> {
    pub(super) fn tell(&mut self, kind: EventKind, subject: Subject, data: String) {
        self.change.events.push(Event {
            kind,
            tenant: self.engine.tenant().clone(),
            subject,
            at: self.change.at,
            data,
        });
    }

    pub(super) fn consent(&mut self, person: &Person, revoked: bool) -> Result<(), Error> {
        let read = person_keys(person.phone.as_deref(), person.email.as_deref());
        let unread = |word| Error::new(Code::OperationNoPerson, format!("`{word}` cannot be read"));
        let mut keys = read.map_err(unread)?;
        if let Some(lead) = &person.lead {
            keys.extend(self.keys_of_lead(lead)?);
        }
        if keys.is_empty() {
            let wanted = "one of `phone`, `email`, `lead` was expected";
            return Err(Error::new(Code::OperationNoPerson, wanted));
        }
        let mut already = 0;
        for key in &keys {
            already += usize::from(self.transaction.setting(key)?.is_some() == revoked);
        }
        let data = written(&ConsentChanged {
            already: Some(already).filter(|already| *already > 0).map(|already| already.to_string()),
            by: person.by.clone(),
            reason: person.reason.clone(),
            values: keys.len().to_string(),
        });
        let value = revoked.then(|| serde_json::json!({ "at": self.change.at }).to_string());
        self.change.settings.extend(keys.into_iter().map(|key| Setting { key, value: value.clone() }));
        let kind = if revoked { EventKind::ConsentRevoked } else { EventKind::ConsentRestored };
        self.tell(kind, Subject::Person, data);
        Ok(())
    }

    /// The phones and email addresses of a lead that was decided.
    ///
    /// Of a lead it is the first decision: whoever came later under its id with other data was refused, and may be
    /// somebody else.
    fn keys_of_lead(&self, text: &str) -> Result<BTreeSet<String>, Error> {
        let unknown = || Error::new(Code::OperationNoPerson, "no such lead was decided");
        let of_decision = match text.parse::<DecisionId>() {
            Ok(id) => self.transaction.body(&id)?,
            Err(_) => None,
        };
        let found = match of_decision {
            None => {
                let (source, lead) = text.split_once('/').ok_or_else(unknown)?;
                let source = SourceId::new(source).map_err(|_| unknown())?;
                let lead = LeadId::new(lead).map_err(|_| unknown())?;
                self.transaction.body(&DecisionId { source, lead, n: 1 })?
            }
            found => found,
        };
        let (_, body) = found.ok_or_else(unknown)?;
        let canonical = recorded_lead(&body)
            .ok_or_else(|| Error::new(Code::StoreCorrupt, "the body of a decision cannot be read"))?;
        // A lead was of one vertical; those of all verticals that have such fields are the same person's.
        let keys = self.plan.verticals.values().flat_map(|schema| keys_of(schema, &canonical).into_keys());
        Ok(keys.collect())
    }

    fn contract(&self, id: &ContractId) -> Result<&Contract, Error> {
        let found = self.plan.contracts.iter().find(|contract| contract.id == *id);
        found.ok_or_else(|| {
            let known = self.plan.contracts.iter().map(|contract| contract.id.as_str());
            unknown("contract", id.as_str(), known)
        })
    }

    pub(super) fn set(&mut self, set: &Override) -> Result<(), Error> {
        let contract = self.contract(&set.contract)?;
        let mut sets: Vec<(String, String)> = Vec::new();
        sets.extend(set.set.status.map(|status| ("status".into(), status.as_str().to_owned())));
        sets.extend(set.set.caps.iter().map(|(window, limit)| (format!("caps.{window}"), limit.to_string())));
        if let Some(price) = set.set.price {
            for (form, price, offered) in [
                ("exclusive", price.exclusive, contract.exclusive.is_some()),
                ("shared", price.shared, contract.shared.is_some()),
            ] {
                let Some(price) = price else { continue };
                if !offered {
                    let why = format!("`{}` does not buy {form} leads at a price", set.contract);
                    return Err(Error::new(Code::OperationNotPermitted, why));
                }
                sets.push((format!("price.{form}"), price.to_string()));
            }
        }
        if sets.is_empty() {
            return Err(malformed("`set` is empty: one of `status`, `caps`, `price` was expected"));
        }
        if set.until.is_some_and(|until| until <= self.change.at) {
            return Err(malformed("`until` is not after now"));
        }
        for (what, value) in &sets {
            let why = |why| format!("`{what}` of contract `{}` to {value}: {why}", set.contract);
            permitted(&contract.may, what, value).map_err(|no| Error::new(Code::OperationNotPermitted, why(no)))?;
        }
        let (state_id, at) = (contract.state_id.clone(), self.change.at);
        let mut standings = self.standings(&state_id)?;
        let was = Some(&state_id).filter(|was| **was != set.contract).cloned();
        for (what, value) in sets {
            let standing = Standing {
                value: value.clone(),
                by: set.by.clone(),
                reason: set.reason.clone(),
                since: at,
                until: set.until,
            };
            standings.insert(what.clone(), standing);
            let (by, reason, until, was) = (set.by.clone(), set.reason.clone(), set.until, was.clone());
            let data = written(&OverrideSet { by, reason, until, value, was, what });
            self.tell(EventKind::OverrideSet, Subject::Contract(set.contract.clone()), data);
        }
        self.keep(&state_id, &standings)
    }

    fn standings(&self, state_id: &ContractId) -> Result<Standings, Error> {
        standings(self.transaction.setting(&override_key(state_id))?.as_deref())
    }

    pub(super) fn clear(&mut self, clear: &Clear) -> Result<(), Error> {
        // One that the plan has no more can be cleared all the same.
        let state_id = self.contract(&clear.contract).map(|contract| contract.state_id.clone());
        let state_id = match state_id {
            Err(_) if !self.standings(&clear.contract)?.is_empty() => clear.contract.clone(),
            known => known?,
        };
        let mut standings = self.standings(&state_id)?;
        let named: Vec<String> = match clear.what.is_empty() {
            true => standings.keys().cloned().collect(),
            false => clear.what.clone(),
        };
        for what in &named {
            if standings.remove(what).is_none() {
                let known: Vec<&str> = standings.keys().map(String::as_str).collect();
                return Err(unknown("override", what, known.into_iter()));
            }
            let was = Some(&state_id).filter(|was| **was != clear.contract).cloned();
            let (by, reason, what) = (clear.by.clone(), clear.reason.clone(), what.clone());
            let data = written(&OverrideCleared { by, reason, was, what });
            self.tell(EventKind::OverrideCleared, Subject::Contract(clear.contract.clone()), data);
        }
        self.keep(&state_id, &standings)
    }

    fn keep(&mut self, state_id: &ContractId, standings: &Standings) -> Result<(), Error> {
        let key = override_key(state_id);
        let text = serde_json::to_string(standings).map_err(|_| Error::new(Code::InternalError, "overrides"))?;
        let others = || self.transaction.settings(OVERRIDES).map(|all| all.keys().any(|other| *other != key));
        let any = !standings.is_empty() || others()?;
        let value = Some(text).filter(|_| !standings.is_empty());
        self.change.settings.push(Setting { key, value });
        self.change.settings.push(Setting { key: OVERRIDDEN.into(), value: any.then(|| "true".to_owned()) });
        Ok(())
    }

    pub(super) fn note(&mut self, noted: &Noted, state: GroupState) -> Result<(), Error> {
        if self.transaction.problem(&noted.problem)?.is_none() {
            let why = format!("there is no problem `{}`", noted.problem);
            return Err(Error::new(Code::OperationUnknownName, why));
        }
        let (fingerprint, by, reason) = (noted.problem, noted.by.clone(), noted.reason.clone());
        let data = written(&ProblemNoted { by: by.clone(), reason: reason.clone() });
        self.change.problems.push(GroupSaid { fingerprint, state, by, reason });
        let is_resolved = state == GroupState::Resolved;
        let kind = if is_resolved { EventKind::ProblemResolved } else { EventKind::ProblemAcknowledged };
        self.tell(kind, Subject::Problem(fingerprint), data);
        Ok(())
    }
}

pub(super) fn unknown<'a>(what: &str, id: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let near = did_you_mean(id, known);
    let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    Error::new(Code::OperationUnknownName, format!("there is no {what} `{id}`{hint}"))
}
