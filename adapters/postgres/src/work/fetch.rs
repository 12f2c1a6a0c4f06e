//! Fetches what is wanted in one flight, however much it is.

use super::Work;
use super::cache::{Claims, MOST_CLAIMS, Moments, NEAR, Payloads};
use super::problems::{GROUPS, group};
use crate::link::Bound;
use crate::look::{self, get, known, odd, parsed, time, whole};
use leadwright::model::{DecisionId, Error, Fingerprint, LeadId, SourceId, Timestamp};
use leadwright::store::{ClaimHash, Known, Payload, Record};
use std::collections::BTreeMap;
use tokio_postgres::Row;

/// What is to be known.
#[derive(Default)]
pub(super) struct Wanted<'a> {
    pub(super) counters: Vec<&'a str>,
    pub(super) moments: Vec<(&'a str, i64)>,
    pub(super) claims: Vec<(&'a str, &'a ClaimHash, Timestamp)>,
    pub(super) turns: Vec<&'a str>,
    pub(super) settings: Vec<&'a str>,
    pub(super) leads: Vec<(&'a SourceId, &'a LeadId)>,
    pub(super) keys: Vec<(&'a SourceId, &'a str)>,
    pub(super) payloads: Vec<(&'a SourceId, &'a Payload, Timestamp)>,
    pub(super) problems: Vec<Fingerprint>,
    pub(super) bodies: Vec<&'a DecisionId>,
}

const COUNTERS: &str = "SELECT key, used FROM counter WHERE tenant = $1 AND key = ANY($2)";

const MOMENTS: &str = "SELECT w.key, m.at, m.much FROM unnest($2::text[], $3::bigint[]) AS w(key, after), \
     LATERAL (SELECT at, much FROM moment WHERE tenant = $1 AND key = w.key AND at > w.after AND at <= w.after + $4 \
     UNION ALL SELECT NULL, sum(much)::bigint FROM moment WHERE tenant = $1 AND key = w.key AND at > w.after + $4) AS m";

const CLAIMS: &str = "SELECT w.scope, w.hash, c.at, c.source, c.lead, c.n \
     FROM unnest($2::text[], $3::bytea[], $4::bigint[]) AS w(scope, hash, after), LATERAL (SELECT at, source, lead, n FROM claim \
     WHERE tenant = $1 AND scope = w.scope AND hash = w.hash AND at > w.after AND at > $6 \
     ORDER BY at DESC, source DESC, lead DESC, n DESC LIMIT $5) AS c";

/// The claims of one value, as many as are asked for.
pub(super) const CLAIMS_OF: &str = "SELECT at, source, lead, n FROM claim WHERE tenant = $1 AND scope = $2 AND hash = $3 \
     AND at > $4 AND (source <> $5 OR lead <> $6) ORDER BY at DESC, source DESC, lead DESC, n DESC LIMIT $7";

const TURNS: &str = "SELECT route_group, turns FROM turn_group WHERE tenant = $1 AND route_group = ANY($2)";

const SETTINGS: &str = "SELECT key, value FROM setting WHERE tenant = $1 AND key = ANY($2)";

const LEADS: &str = "SELECT d.source, d.lead, d.n, d.payload, d.at FROM unnest($2::text[], $3::text[]) AS w(source, lead), \
     LATERAL (SELECT source, lead, n, payload, at FROM decided WHERE tenant = $1 AND lead = w.lead AND source = w.source \
     ORDER BY n DESC LIMIT 1) AS d";

const KEYS: &str = "SELECT k.source, k.lead, k.n, k.payload, k.at, k.key FROM unnest($2::text[], $3::text[]) AS w(source, key) \
     JOIN request_key k ON k.tenant = $1 AND k.source = w.source AND k.key = w.key";

const PAYLOADS: &str = "SELECT d.source, d.lead, d.n, d.payload, d.at \
     FROM unnest($2::text[], $3::bytea[], $4::bigint[]) AS w(source, payload, after), LATERAL (SELECT source, lead, n, payload, at \
     FROM decided WHERE tenant = $1 AND source = w.source AND payload = w.payload AND at > w.after \
     ORDER BY at DESC, seq DESC LIMIT 1) AS d";

const BODIES: &str = "SELECT d.source, d.lead, d.n, d.seq, d.body FROM unnest($2::text[], $3::text[], $4::bigint[]) AS w(source, lead, n) \
     JOIN decided i ON i.tenant = $1 AND i.lead = w.lead AND i.source = w.source AND i.n = w.n \
     JOIN decision d ON d.tenant = $1 AND d.seq = i.seq AND d.at = i.at";

/// A decision of this transaction, as others will know it.
pub(super) fn known_of(record: &Record) -> Known {
    Known { id: record.id.clone(), payload: record.payload, at: record.at }
}

type Read<'a> = Box<dyn FnOnce(&Work<'_>, &[Row]) -> Result<(), Error> + 'a>;

impl Work<'_> {
    /// Fetches what is wanted, and keeps it.
    pub(super) fn fetch(&self, wanted: &Wanted<'_>) -> Result<(), Error> {
        let tenant = self.tenant();
        let claimed_since = wanted.claims.iter().map(|(.., after)| after.millis()).min().unwrap_or(0);
        let moment_keys: Vec<&str> = wanted.moments.iter().map(|(key, _)| *key).collect();
        let moment_after: Vec<i64> = wanted.moments.iter().map(|(_, after)| *after).collect();
        let scopes: Vec<&str> = wanted.claims.iter().map(|(scope, ..)| *scope).collect();
        let hashes: Vec<&[u8]> = wanted.claims.iter().map(|(_, hash, _)| hash.as_slice()).collect();
        let claim_after: Vec<i64> = wanted.claims.iter().map(|(.., after)| after.millis()).collect();
        let lead_sources: Vec<&str> = wanted.leads.iter().map(|(source, _)| source.as_str()).collect();
        let leads: Vec<&str> = wanted.leads.iter().map(|(_, lead)| lead.as_str()).collect();
        let key_sources: Vec<&str> = wanted.keys.iter().map(|(source, _)| source.as_str()).collect();
        let keys: Vec<&str> = wanted.keys.iter().map(|(_, key)| *key).collect();
        let payload_sources: Vec<&str> = wanted.payloads.iter().map(|(source, ..)| source.as_str()).collect();
        let payloads: Vec<&[u8]> = wanted.payloads.iter().map(|(_, payload, _)| payload.as_slice()).collect();
        let payload_after: Vec<i64> = wanted.payloads.iter().map(|(.., after)| after.millis()).collect();
        let problems: Vec<String> = wanted.problems.iter().map(ToString::to_string).collect();
        let body_sources: Vec<&str> = wanted.bodies.iter().map(|id| id.source.as_str()).collect();
        let body_leads: Vec<&str> = wanted.bodies.iter().map(|id| id.lead.as_str()).collect();
        let body_ns: Vec<i64> = wanted.bodies.iter().map(|id| i64::from(id.n)).collect();
        let groups = format!("{GROUPS} WHERE tenant = $1 AND fingerprint = ANY($2)");

        let bound: [(&str, bool, Bound<'_>, Read<'_>); 10] = [
            (
                COUNTERS,
                wanted.counters.is_empty(),
                &[&tenant, &wanted.counters],
                Box::new(|work, rows| work.keep_counters(rows, wanted)),
            ),
            (
                MOMENTS,
                wanted.moments.is_empty(),
                &[&tenant, &moment_keys, &moment_after, &NEAR],
                Box::new(|work, rows| work.keep_moments(rows, wanted)),
            ),
            (
                CLAIMS,
                wanted.claims.is_empty(),
                &[&tenant, &scopes, &hashes, &claim_after, &MOST_CLAIMS, &claimed_since],
                Box::new(|work, rows| work.keep_claims(rows, wanted)),
            ),
            (
                TURNS,
                wanted.turns.is_empty(),
                &[&tenant, &wanted.turns],
                Box::new(|work, rows| work.keep_turns(rows, wanted)),
            ),
            (
                SETTINGS,
                wanted.settings.is_empty(),
                &[&tenant, &wanted.settings],
                Box::new(|work, rows| work.keep_settings(rows, wanted)),
            ),
            (
                LEADS,
                wanted.leads.is_empty(),
                &[&tenant, &lead_sources, &leads],
                Box::new(|work, rows| work.keep_leads(rows, wanted)),
            ),
            (
                KEYS,
                wanted.keys.is_empty(),
                &[&tenant, &key_sources, &keys],
                Box::new(|work, rows| work.keep_keys(rows, wanted)),
            ),
            (
                PAYLOADS,
                wanted.payloads.is_empty(),
                &[&tenant, &payload_sources, &payloads, &payload_after],
                Box::new(|work, rows| work.keep_payloads(rows, wanted)),
            ),
            (
                &groups,
                wanted.problems.is_empty(),
                &[&tenant, &problems],
                Box::new(|work, rows| work.keep_problems(rows, wanted)),
            ),
            (
                BODIES,
                wanted.bodies.is_empty(),
                &[&tenant, &body_sources, &body_leads, &body_ns],
                Box::new(|work, rows| work.keep_bodies(rows, wanted)),
            ),
        ];
        let asked: Vec<_> = bound.into_iter().filter(|(_, none, ..)| !none).collect();
        let flight: Vec<(&str, Bound<'_>)> = asked.iter().map(|(sql, _, bound, _)| (*sql, *bound)).collect();
        let rows = self.link.flight(&flight).map_err(|error| self.fault(&error))?;
        asked.into_iter().zip(rows).try_for_each(|((.., keep), rows)| keep(self, &rows))
    }

    fn keep_counters(&self, rows: &[Row], wanted: &Wanted<'_>) -> Result<(), Error> {
        let found: BTreeMap<&str, i64> =
            rows.iter().map(|row| Ok((get(row, 0)?, get(row, 1)?))).collect::<Result<_, Error>>()?;
        let (mut cache, pending) = (self.cache.borrow_mut(), self.pending.borrow());
        for key in &wanted.counters {
            let added = pending.counters.get(*key).copied().unwrap_or(0);
            let used = found.get(key).copied().unwrap_or(0).saturating_add(added);
            cache.counters.entry((*key).to_owned()).or_insert(used);
        }
        Ok(())
    }

    fn keep_moments(&self, rows: &[Row], wanted: &Wanted<'_>) -> Result<(), Error> {
        let mut cache = self.cache.borrow_mut();
        for (key, after) in &wanted.moments {
            // What was written before is found; what is gathered is not yet there.
            let own = self.own_moments(key);
            cache.moments.insert((*key).to_owned(), Moments { after: *after, own, ..Moments::default() });
        }
        for row in rows {
            let Some(moments) = cache.moments.get_mut(get::<&str>(row, 0)?) else { continue };
            let much: Option<i64> = get(row, 2)?;
            match get::<Option<i64>>(row, 1)? {
                Some(at) => drop(moments.near.insert(at, much.unwrap_or(0))),
                None => moments.far = much.unwrap_or(0),
            }
        }
        Ok(())
    }

    /// What is gathered for a key and not written yet.
    fn own_moments(&self, key: &str) -> BTreeMap<i64, i64> {
        let pending = self.pending.borrow();
        let all = pending.moments.iter().filter(|((of, _), _)| of == key);
        all.map(|((_, at), much)| (*at, *much)).collect()
    }

    fn keep_claims(&self, rows: &[Row], wanted: &Wanted<'_>) -> Result<(), Error> {
        let mut cache = self.cache.borrow_mut();
        for (scope, hash, after) in &wanted.claims {
            let claims = Claims { after: *after, found: Vec::new(), cut: false };
            cache.claims.insert(((*scope).to_owned(), **hash), claims);
        }
        for row in rows {
            let key = (get::<String>(row, 0)?, look::hash(row, 1)?);
            let Some(claims) = cache.claims.get_mut(&key) else { continue };
            claims.found.push((time(row, 2)?, look::decision_id(row, 3)?));
            claims.cut = i64::try_from(claims.found.len()).unwrap_or(i64::MAX) >= MOST_CLAIMS;
        }
        // What is gathered is kept apart; what is written already has come with the rows.
        let gathered: Vec<_> = self.pending.borrow().claims.clone();
        for (scope, hash, _) in &wanted.claims {
            let key = ((*scope).to_owned(), **hash);
            let own = gathered.iter().filter(|claim| claim.scope == key.0 && claim.hash == key.1).cloned().collect();
            cache.claimed.insert(key, own);
        }
        Ok(())
    }

    fn keep_turns(&self, rows: &[Row], wanted: &Wanted<'_>) -> Result<(), Error> {
        let mut cache = self.cache.borrow_mut();
        for row in rows {
            let turns = serde_json::from_str(get(row, 1)?).map_err(|_| odd())?;
            cache.turns.entry(get(row, 0)?).or_insert(turns);
        }
        for group in &wanted.turns {
            cache.turns.entry((*group).to_owned()).or_default();
        }
        Ok(())
    }

    fn keep_settings(&self, rows: &[Row], wanted: &Wanted<'_>) -> Result<(), Error> {
        let mut cache = self.cache.borrow_mut();
        for row in rows {
            cache.settings.entry(get(row, 0)?).or_insert(Some(get(row, 1)?));
        }
        for key in &wanted.settings {
            cache.settings.entry((*key).to_owned()).or_default();
        }
        Ok(())
    }

    fn keep_leads(&self, rows: &[Row], wanted: &Wanted<'_>) -> Result<(), Error> {
        let mut cache = self.cache.borrow_mut();
        for row in rows {
            let found = known(row, 0)?;
            cache.decided.entry((found.id.source.clone(), found.id.lead.clone())).or_insert(Some(found));
        }
        for (source, lead) in &wanted.leads {
            cache.decided.entry(((*source).clone(), (*lead).clone())).or_default();
        }
        Ok(())
    }

    fn keep_keys(&self, rows: &[Row], wanted: &Wanted<'_>) -> Result<(), Error> {
        let mut cache = self.cache.borrow_mut();
        for row in rows {
            cache.keys.entry((parsed(row, 0)?, get(row, 5)?)).or_insert(Some(known(row, 0)?));
        }
        for (source, key) in &wanted.keys {
            cache.keys.entry(((*source).clone(), (*key).to_owned())).or_default();
        }
        Ok(())
    }

    fn keep_payloads(&self, rows: &[Row], wanted: &Wanted<'_>) -> Result<(), Error> {
        let mut found = BTreeMap::new();
        for row in rows {
            let known = known(row, 0)?;
            found.insert((known.id.source.clone(), known.payload), known);
        }
        let (mut cache, pending) = (self.cache.borrow_mut(), self.pending.borrow());
        for (source, payload, after) in &wanted.payloads {
            let key = ((*source).clone(), **payload);
            // What is gathered is later than whatever is written.
            let own = pending.decisions.iter().rev();
            let mut own = own.filter(|(_, record)| record.id.source == key.0 && record.payload == key.1);
            let own = own.next().map(|(_, record)| known_of(record)).filter(|known| known.at > *after);
            let latest = own.or_else(|| found.remove(&key));
            cache.payloads.insert(key, Payloads { after: *after, latest });
        }
        Ok(())
    }

    fn keep_problems(&self, rows: &[Row], wanted: &Wanted<'_>) -> Result<(), Error> {
        let mut cache = self.cache.borrow_mut();
        for row in rows {
            let found = group(row)?;
            cache.problems.entry(found.group.fingerprint).or_insert(Some(found));
        }
        for fingerprint in &wanted.problems {
            cache.problems.entry(*fingerprint).or_default();
        }
        Ok(())
    }

    fn keep_bodies(&self, rows: &[Row], wanted: &Wanted<'_>) -> Result<(), Error> {
        let mut cache = self.cache.borrow_mut();
        for row in rows {
            cache.bodies.insert(look::decision_id(row, 0)?, Some((whole(row, 3)?, get(row, 4)?)));
        }
        for id in &wanted.bodies {
            cache.bodies.entry((*id).clone()).or_default();
        }
        Ok(())
    }
}
