//! What buyers have taken.

use serde::Serialize;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// A lead that a buyer has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Who has it.
    pub buyer: String,
    /// The lead's id as the request told it: the header `Lead-Id`, or `lead_id`, `lead` or `id` of a body in JSON.
    pub lead: String,
    /// The `Idempotency-Key`, empty where there was none.
    pub key: String,
    /// When it was taken first, in milliseconds since 1970.
    pub at: u64,
    /// How many requests came with this key, the ones after the first included.
    pub times: u64,
}

/// What is known of one buyer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Requests that came.
    pub requests: u64,
    /// Leads that it took.
    pub taken: u64,
    /// Requests with a key that it had.
    pub again: u64,
    /// Requests with another key than the first one that came for their lead.
    pub other_keys: u64,
}

/// All that was taken since the start or the last reset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// In the order in which they were taken.
    pub taken: Vec<Taken>,
    /// By buyer.
    pub buyers: BTreeMap<String, Count>,
}

#[derive(Default)]
struct Inner {
    ledger: Ledger,
    /// Where in the ledger a buyer's key is.
    places: BTreeMap<(String, String), usize>,
    /// The key under which a lead came first, by place of the script and lead.
    keys: BTreeMap<(String, String), String>,
}

#[derive(Default)]
pub(crate) struct Book(Mutex<Inner>);

impl Book {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more request for a buyer: how many it had before, and whether it is the first of its lead.
    pub(crate) fn comes(&self, buyer: &str, place: &str, lead: &str, key: &str) -> (u64, bool) {
        let mut inner = self.lock();
        let inner = &mut *inner;
        let count = inner.ledger.buyers.entry(buyer.to_owned()).or_default();
        count.requests += 1;
        let mut is_first = true;
        if !lead.is_empty() {
            let known = inner.keys.entry((place.to_owned(), lead.to_owned()));
            is_first = matches!(known, Entry::Vacant(_));
            count.other_keys += u64::from(known.or_insert_with(|| key.to_owned()) != key);
        }
        (count.requests - 1, is_first)
    }

    /// The buyer takes a lead: whether it had it already.
    pub(crate) fn takes(&self, buyer: &str, lead: &str, key: &str, knows_keys: bool) -> bool {
        let mut inner = self.lock();
        let inner = &mut *inner;
        let count = inner.ledger.buyers.entry(buyer.to_owned()).or_default();
        let place = (buyer.to_owned(), key.to_owned());
        if let Some(taken) = inner.places.get(&place).and_then(|at| inner.ledger.taken.get_mut(*at)) {
            taken.times += 1;
            count.again += 1;
            if knows_keys {
                return true;
            }
        }
        count.taken += 1;
        if !key.is_empty() {
            inner.places.entry(place).or_insert(inner.ledger.taken.len());
        }
        let at = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        let taken = Taken { buyer: buyer.to_owned(), lead: lead.to_owned(), key: key.to_owned(), at, times: 1 };
        inner.ledger.taken.push(taken);
        false
    }

    pub(crate) fn read(&self) -> Ledger {
        self.lock().ledger.clone()
    }

    pub(crate) fn reset(&self) {
        *self.lock() = Inner::default();
    }
}
