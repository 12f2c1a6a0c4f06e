//! Which requests were answered before (rule 70), in few bytes a lead. What it says is what
//! [`request`](crate::engine::reads::request) and [`unless_held`](crate::engine::held::unless_held) say of a store; a law in
//! `core/tests/trial_laws.rs` holds the two together.

use crate::engine::prepare::Prepared;
use crate::model::{Code, Timestamp};
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher;

/// The window in which the same payload is the same request, in milliseconds.
const SAME_REQUEST: i64 = 60_000;

/// A decision, as far as a later request may need it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Known {
    payload: u64,
    /// Which decision about its lead, and in the lowest bit whether the lead was held.
    n_held: u32,
}

impl Known {
    fn n(self) -> u32 {
        self.n_held >> 1
    }

    fn is_held(self) -> bool {
        self.n_held & 1 == 1
    }
}

#[derive(Clone, Copy)]
struct OfLead {
    lead: u64,
    known: Known,
}

#[derive(Default)]
pub(super) struct KnownRequests {
    /// The latest decision, by lead.
    latest: FxHashMap<u64, Known>,
    /// The first decision, by idempotency key.
    keys: FxHashMap<u64, OfLead>,
    /// The latest decision, by payload; of the last minute only.
    recent: FxHashMap<u64, (Timestamp, OfLead)>,
}

pub(super) enum Request {
    Again,
    New { n: u32, ruling: Option<Code> },
}

impl KnownRequests {
    pub(super) fn ask(&self, lead: &Prepared, at: Timestamp) -> Request {
        let (id, payload) = (lead_of(lead), payload_of(lead));
        let by_key = lead.idempotency_key.as_deref().and_then(|key| self.keys.get(&key_of(lead, key))).copied();
        if let Some(known) = by_key.filter(|known| known.known.payload == payload) {
            return self.again(known, id, lead);
        }
        let by_lead = self.latest.get(&id).copied();
        if let Some(known) = by_lead.filter(|known| known.payload == payload) {
            return self.again(OfLead { lead: id, known }, id, lead);
        }
        let recent = self.recent.get(&recent_of(lead)).filter(|_| lead.idempotency_key.is_none());
        if let Some((_, known)) = recent.filter(|(then, _)| *then > at.plus_millis(-SAME_REQUEST)) {
            return self.again(*known, id, lead);
        }
        let ruling = match (by_key, by_lead) {
            (Some(_), _) => Some(Code::LeadIdempotencyKeyReused),
            (None, Some(_)) => Some(Code::LeadIdConflict),
            (None, None) => None,
        };
        Request::New { n: by_lead.map_or(1, |known| known.n().saturating_add(1)), ruling }
    }

    /// A lead that was held is decided anew, once, when nothing holds it any longer.
    fn again(&self, known: OfLead, id: u64, lead: &Prepared) -> Request {
        let waits = lead.is_held() || lead.lists.values().any(|read| read.hit.is_none());
        if known.lead != id || waits || !known.known.is_held() {
            return Request::Again;
        }
        match self.latest.get(&id) {
            Some(latest) if latest.n() != known.known.n() => Request::Again,
            _ => Request::New { n: known.known.n().saturating_add(1), ruling: None },
        }
    }

    pub(super) fn record(&mut self, lead: &Prepared, at: Timestamp, n: u32, held: bool) {
        let n_held = n.min(u32::MAX >> 1) << 1 | u32::from(held);
        let id = lead_of(lead);
        let known = Known { payload: payload_of(lead), n_held };
        self.latest.insert(id, known);
        if let Some(key) = &lead.idempotency_key {
            self.keys.entry(key_of(lead, key)).or_insert(OfLead { lead: id, known });
        }
        self.recent.insert(recent_of(lead), (at, OfLead { lead: id, known }));
    }

    pub(super) fn sweep(&mut self, at: Timestamp) {
        self.recent.retain(|_, (then, _)| *then > at.plus_millis(-SAME_REQUEST));
    }
}

fn hash(kind: u8, source: &str, text: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u8(kind);
    hasher.write(source.as_bytes());
    hasher.write_u8(0xFF);
    hasher.write(text);
    // Spread once more: the least bits of this hasher are its weakest.
    let x = hasher.finish();
    (x ^ (x >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

fn lead_of(lead: &Prepared) -> u64 {
    hash(b'l', lead.source.as_str(), lead.lead.as_str().as_bytes())
}

fn key_of(lead: &Prepared, key: &str) -> u64 {
    hash(b'k', lead.source.as_str(), key.as_bytes())
}

fn recent_of(lead: &Prepared) -> u64 {
    hash(b'p', lead.source.as_str(), &lead.payload)
}

/// The payload is a SHA-256 already; its first bytes are as good as any.
fn payload_of(lead: &Prepared) -> u64 {
    lead.payload.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}
