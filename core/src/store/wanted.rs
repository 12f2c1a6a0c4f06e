//! What will probably be asked: a store that is far away fetches it at once.

use super::effects::Payload;
use super::view::ClaimHash;
use crate::model::{Fingerprint, LeadId, SourceId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// What leads will probably ask of the state. To fetch it ahead changes no answer, only how often a store is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Counters.
    pub counters: BTreeSet<String>,
    /// What rolling caps count, and after which time.
    pub moments: BTreeMap<String, Timestamp>,
    /// Claims by scope and hash, and after which time.
    pub claims: BTreeMap<(String, ClaimHash), Timestamp>,
    /// Turns of groups.
    pub turns: BTreeSet<String>,
    /// Settings.
    pub settings: BTreeSet<String>,
    /// The latest decisions about leads.
    pub leads: BTreeSet<(SourceId, LeadId)>,
    /// What idempotency keys stand for.
    pub keys: BTreeSet<(SourceId, String)>,
    /// The latest decisions about payloads, and after which time.
    pub payloads: BTreeMap<(SourceId, Payload), Timestamp>,
    /// What is known of problems.
    pub problems: BTreeSet<Fingerprint>,
}

impl Wanted {
    /// Notes a claim; of two times the earlier one counts.
    pub fn claim(&mut self, scope: &str, hash: &ClaimHash, after: Timestamp) {
        let since = self.claims.entry((scope.to_owned(), *hash)).or_insert(after);
        *since = (*since).min(after);
    }

    /// Notes what a rolling cap counts.
    pub fn since(&mut self, key: &str, after: Timestamp) {
        let since = self.moments.entry(key.to_owned()).or_insert(after);
        *since = (*since).min(after);
    }

    /// Notes a payload.
    pub fn payload(&mut self, source: &SourceId, payload: &Payload, after: Timestamp) {
        let since = self.payloads.entry((source.clone(), *payload)).or_insert(after);
        *since = (*since).min(after);
    }
}
