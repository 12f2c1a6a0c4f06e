//! What a decision asks.

use super::Work;
use super::ask::is_of_many;
use super::cache::Payloads;
use super::deliveries::most;
use super::fetch::{CLAIMS_OF, Wanted};
use crate::look::{self, EVENT, SUBSCRIBER, get, signed, whole};
use leadwright::model::{
    DecisionId, Error, Event, EventKind, Fingerprint, LeadId, Party, SourceId, SubscriberName, Timestamp, Waiting,
};
use leadwright::store::{
    self, But, Claim, ClaimHash, ClosedStatement, Entry, EntryQuery, GroupState, GroupTurns, Known, Payload,
    PostingQuery, PostingSum, Reservation, Subscriber, View,
};
use std::collections::BTreeMap;

impl View for Work<'_> {
    fn expect(&self, wanted: &store::Wanted) -> Result<(), Error> {
        self.fetch(&Wanted {
            counters: wanted.counters.iter().map(String::as_str).collect(),
            moments: wanted.moments.iter().map(|(key, after)| (key.as_str(), after.millis())).collect(),
            claims: wanted.claims.iter().map(|((scope, hash), after)| (scope.as_str(), hash, *after)).collect(),
            turns: wanted.turns.iter().map(String::as_str).collect(),
            settings: wanted.settings.iter().map(String::as_str).filter(|key| is_of_many(key)).collect(),
            leads: wanted.leads.iter().map(|(source, lead)| (source, lead)).collect(),
            keys: wanted.keys.iter().map(|(source, key)| (source, key.as_str())).collect(),
            payloads: wanted.payloads.iter().map(|((source, payload), after)| (source, payload, *after)).collect(),
            problems: wanted.problems.iter().copied().collect(),
            bodies: Vec::new(),
        })
    }

    fn counter(&self, key: &str) -> Result<i64, Error> {
        if let Some(known) = self.cache.borrow().counters.get(key) {
            return Ok(*known);
        }
        self.fetch(&Wanted { counters: vec![key], ..Wanted::default() })?;
        Ok(self.cache.borrow().counters.get(key).copied().unwrap_or(0))
    }

    fn counter_within(&self, key: &str, limit: i64) -> Result<i64, Error> {
        match self.left_of(key, limit)? {
            Some(left) => Ok(limit.saturating_sub(left).max(0)),
            None => self.counter(key),
        }
    }

    fn since(&self, key: &str, after: Timestamp) -> Result<i64, Error> {
        let after = after.millis();
        let known = |work: &Self| work.cache.borrow().moments.get(key).and_then(|moments| moments.since(after));
        if let Some(known) = known(self) {
            return Ok(known);
        }
        self.fetch(&Wanted { moments: vec![(key, after)], ..Wanted::default() })?;
        Ok(known(self).unwrap_or(0))
    }

    fn claim(&self, scope: &str, hash: &ClaimHash, after: Timestamp, but: But<'_>) -> Result<Option<Claim>, Error> {
        let found = self.claims_of(scope, hash, after, but, 1)?;
        Ok(found.into_iter().next().map(|(at, by)| Claim { scope: scope.to_owned(), hash: *hash, at, by }))
    }

    fn claims(&self, scope: &str, hash: &ClaimHash, after: Timestamp, but: But<'_>, most: u32) -> Result<u32, Error> {
        let found = self.claims_of(scope, hash, after, but, usize::try_from(most).unwrap_or(usize::MAX))?;
        Ok(u32::try_from(found.len()).unwrap_or(u32::MAX))
    }

    fn turns(&self, group: &str) -> Result<GroupTurns, Error> {
        if let Some(known) = self.cache.borrow().turns.get(group) {
            return Ok(known.clone());
        }
        self.fetch(&Wanted { turns: vec![group], ..Wanted::default() })?;
        Ok(self.cache.borrow().turns.get(group).cloned().unwrap_or_default())
    }

    fn setting(&self, key: &str) -> Result<Option<String>, Error> {
        {
            let cache = self.cache.borrow();
            match cache.settings.get(key) {
                Some(known) => return Ok(known.clone()),
                None if cache.has_settings && !is_of_many(key) => return Ok(None),
                None => {}
            }
        }
        self.fetch(&Wanted { settings: vec![key], ..Wanted::default() })?;
        Ok(self.cache.borrow().settings.get(key).cloned().flatten())
    }

    fn settings(&self, begin: &str) -> Result<BTreeMap<String, String>, Error> {
        self.flush()?;
        let sql = "SELECT key, value FROM setting WHERE tenant = $1 AND starts_with(key, $2) ORDER BY key";
        let all = self.all(sql, &[&self.tenant(), &begin], |row| Ok((get(row, 0)?, get(row, 1)?)))?;
        Ok(all.into_iter().collect())
    }

    fn last_decided_at(&self) -> Result<Option<Timestamp>, Error> {
        Ok(self.clock()?.last_decided_at)
    }

    fn decided(&self, source: &SourceId, lead: &LeadId) -> Result<Option<Known>, Error> {
        let key = (source.clone(), lead.clone());
        if let Some(known) = self.cache.borrow().decided.get(&key) {
            return Ok(known.clone());
        }
        self.fetch(&Wanted { leads: vec![(source, lead)], ..Wanted::default() })?;
        Ok(self.cache.borrow().decided.get(&key).cloned().flatten())
    }

    fn by_idempotency_key(&self, source: &SourceId, key: &str) -> Result<Option<Known>, Error> {
        let place = (source.clone(), key.to_owned());
        if let Some(known) = self.cache.borrow().keys.get(&place) {
            return Ok(known.clone());
        }
        self.fetch(&Wanted { keys: vec![(source, key)], ..Wanted::default() })?;
        Ok(self.cache.borrow().keys.get(&place).cloned().flatten())
    }

    fn by_payload(&self, source: &SourceId, payload: &Payload, after: Timestamp) -> Result<Option<Known>, Error> {
        let place = (source.clone(), *payload);
        let known = |work: &Self| match work.cache.borrow().payloads.get(&place) {
            Some(Payloads { after: since, latest }) if *since <= after => {
                Some(latest.clone().filter(|known| known.at > after))
            }
            _ => None,
        };
        if let Some(known) = known(self) {
            return Ok(known);
        }
        self.fetch(&Wanted { payloads: vec![(source, payload, after)], ..Wanted::default() })?;
        Ok(known(self).flatten())
    }

    fn waiting(&self, source: &SourceId, lead: &LeadId) -> Result<Option<Waiting>, Error> {
        self.flush()?;
        let sql = format!("{} WHERE tenant = $1 AND source = $2 AND lead = $3", look::WAITING);
        let found = self.one(&sql, &[&self.tenant(), &source.as_str(), &lead.as_str()], look::waiting)?;
        Ok(found.map(|(_, waiting)| waiting))
    }

    fn reservation(&self, key: &str) -> Result<Option<Reservation>, Error> {
        self.reserved(key)
    }

    fn held_until(&self, at: Timestamp, limit: usize) -> Result<Vec<Reservation>, Error> {
        self.held(at, limit)
    }

    fn problem(&self, fingerprint: &Fingerprint) -> Result<Option<GroupState>, Error> {
        self.problem_state(fingerprint)
    }

    fn postings(&self, query: &PostingQuery) -> Result<Vec<PostingSum>, Error> {
        self.posted_sums(query)
    }

    fn entries(&self, query: &EntryQuery) -> Result<Vec<Entry>, Error> {
        self.ledger_entries(query)
    }

    fn statements(&self, party: Option<&Party>) -> Result<Vec<ClosedStatement>, Error> {
        self.closed_statements(party)
    }

    fn body(&self, id: &DecisionId) -> Result<Option<(u64, Vec<u8>)>, Error> {
        {
            let pending = self.pending.borrow();
            if let Some((seq, record)) = pending.ids.get(id).and_then(|place| pending.decisions.get(*place)) {
                return Ok(Some((*seq, record.body.clone())));
            }
        }
        if let Some(known) = self.cache.borrow().bodies.get(id) {
            return Ok(known.clone());
        }
        // What was decided does not change with what is gathered here.
        self.fetch(&Wanted { bodies: vec![id], ..Wanted::default() })?;
        Ok(self.cache.borrow().bodies.get(id).cloned().flatten())
    }

    fn events(&self, kinds: &[EventKind], after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
        self.flush()?;
        let sql = format!("{EVENT} WHERE tenant = $1 AND position > $2 AND {OF_KINDS} ORDER BY position LIMIT $4");
        let bound = (self.tenant(), signed(after), words(kinds), most(limit));
        self.all(&sql, &[&bound.0, &bound.1, &bound.2, &bound.3], |row| look::event(row, self.tenant))
    }

    fn count_events(&self, kinds: &[EventKind], after: u64) -> Result<u64, Error> {
        self.flush()?;
        let sql = format!("SELECT count(*) FROM event WHERE tenant = $1 AND position > $2 AND {OF_KINDS}");
        let bound = (self.tenant(), signed(after), words(kinds));
        Ok(self.one(&sql, &[&bound.0, &bound.1, &bound.2], |row| whole(row, 0))?.unwrap_or(0))
    }

    fn last_event(&self) -> Result<u64, Error> {
        Ok(self.clock()?.position)
    }

    fn subscriber(&self, name: &SubscriberName) -> Result<Option<Subscriber>, Error> {
        let sql = format!("{SUBSCRIBER} WHERE tenant = $1 AND name = $2");
        self.one(&sql, &[&self.tenant(), &name.as_str()], look::subscriber)
    }

    fn subscribers(&self) -> Result<Vec<Subscriber>, Error> {
        self.all(&format!("{SUBSCRIBER} WHERE tenant = $1 ORDER BY name"), &[&self.tenant()], look::subscriber)
    }
}

/// No kinds are all.
const OF_KINDS: &str = "(cardinality($3::text[]) = 0 OR kind = ANY($3))";

fn words(kinds: &[EventKind]) -> Vec<&'static str> {
    kinds.iter().map(|kind| kind.as_str()).collect()
}

impl Work<'_> {
    /// The claims of a value, the latest first, so many at most.
    fn claims_of(
        &self,
        scope: &str,
        hash: &ClaimHash,
        after: Timestamp,
        but: But<'_>,
        most: usize,
    ) -> Result<Vec<(Timestamp, DecisionId)>, Error> {
        let key = (scope.to_owned(), *hash);
        let is_known = |work: &Self| work.cache.borrow().claims.get(&key).is_some_and(|claims| claims.after <= after);
        if !is_known(self) {
            self.fetch(&Wanted { claims: vec![(scope, hash, after)], ..Wanted::default() })?;
        }
        let others = |by: &DecisionId| but.is_none_or(|(source, lead)| by.source != *source || by.lead != *lead);
        let mut found: Vec<(Timestamp, DecisionId)> = Vec::new();
        let cache = self.cache.borrow();
        let own = cache.claimed.get(&key).into_iter().flatten().map(|claim| (claim.at, claim.by.clone()));
        found.extend(own.filter(|(at, by)| *at > after && others(by)));
        let kept = cache.claims.get(&key);
        let there = kept.into_iter().flat_map(|claims| &claims.found).filter(|(at, by)| *at > after && others(by));
        found.extend(there.cloned());
        let is_cut = kept.is_some_and(|claims| claims.cut) && found.len() < most;
        drop(cache);
        if is_cut {
            self.flush()?;
            let (source, lead) = but.map_or(("", ""), |(source, lead)| (source.as_str(), lead.as_str()));
            let bound = (self.tenant(), hash.as_slice(), after.millis(), signed(most));
            found = self.all(CLAIMS_OF, &[&bound.0, &scope, &bound.1, &bound.2, &source, &lead, &bound.3], |row| {
                Ok((look::time(row, 0)?, look::decision_id(row, 1)?))
            })?;
        }
        // As the index of every store has them.
        let order = |(at, by): &(Timestamp, DecisionId)| (*at, by.source.clone(), by.lead.clone(), by.n);
        found.sort_by_key(|claim| std::cmp::Reverse(order(claim)));
        found.truncate(most);
        Ok(found)
    }
}
