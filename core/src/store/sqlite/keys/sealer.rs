//! Seals the leads of decisions on their way into the file, and opens them on their way out.

use super::cipher::{Key, about, seal, unseal};
use super::file::{BLOCK, Found, KeyFile, StoreId};
use super::row::{Whole, cut, join};
use crate::model::{Code, DecisionId, Error, TenantId};
use crate::store::{ClaimHash, HistoryLead, Inner, LeadIn, Record};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::cell::RefCell;
use std::path::Path;

/// How a sealed lead begins: the form of what follows, the number of its key, and the hash that stands for it.
const FORM: u8 = 1;
const KEY_AT: std::ops::Range<usize> = 1..9;
const HEAD: usize = 1 + 8 + 32;

/// How a sealed lead of the past begins: the form of what follows, and the number of its key.
const PAST: u8 = 2;
const PAST_HEAD: usize = 1 + 8;

/// So many keys are made at first, and twice as many each time: who writes little leaves few that nobody used.
const FIRST: u32 = 32;

/// Names of settings that end with a hash of somebody's phone or email address.
const NAMES: &str = "revoked|";

/// What is sealed, opened.
pub(in super::super) enum Opened {
    Whole(Whole),
    /// Its key was destroyed: the hash stands for it.
    Erased(Inner),
    /// It is not what was written.
    Damaged,
}

/// How an open store keeps its leads.
pub(in super::super) enum Leads {
    Plain,
    Sealed(Box<Sealer>),
    /// Encrypted, and opened without keys, to read what is about no lead.
    Closed,
}

/// The keys of one open store.
pub(in super::super) struct Sealer {
    file: KeyFile,
    hashes: Hmac<Sha256>,
    pool: RefCell<Pool>,
}

/// Keys that are on disk and that nothing was locked with yet. Of this connection alone: no two processes use the same one.
struct Pool {
    keys: Vec<(i64, Key)>,
    next: u32,
}

impl Sealer {
    pub(super) fn new(file: KeyFile) -> Result<Self, Error> {
        let unusable = |_| Error::new(Code::InternalError, "a key cannot be used");
        let hashes = Hmac::<Sha256>::new_from_slice(&*file.root()?).map_err(unusable)?;
        let pool = RefCell::new(Pool { keys: Vec::new(), next: FIRST });
        Ok(Self { file, hashes, pool })
    }

    /// A key that nothing was locked with, and nothing else will be.
    fn take(&self) -> Result<(i64, Key), Error> {
        let mut pool = self.pool.borrow_mut();
        if pool.keys.is_empty() {
            pool.keys = self.file.make(pool.next)?;
            pool.keys.reverse();
            pool.next = pool.next.saturating_mul(2).min(u32::try_from(BLOCK).unwrap_or(u32::MAX));
        }
        pool.keys.pop().ok_or_else(|| Error::new(Code::InternalError, "no key was made"))
    }

    /// The body without its lead, and the lead with input and reads as nobody can read them without its key.
    pub(in super::super) fn seal(&self, record: &Record, lead: &LeadIn) -> Result<(Vec<u8>, Vec<u8>), Error> {
        let nowhere = || Error::new(Code::InternalError, "the lead does not stand where it is said to");
        let (body, text) = cut(record, lead).ok_or_else(nowhere)?;
        let (id, key) = self.take()?;
        let mut sealed = vec![FORM];
        sealed.extend(id.to_be_bytes());
        sealed.extend(lead.inner);
        let mut text = seal(&key, &about_row(&record.tenant, &record.id, &sealed), text)?;
        sealed.append(&mut text);
        Ok((body, sealed))
    }

    /// What was sealed of a decision whose body is what was left.
    pub(in super::super) fn open(
        &self,
        tenant: &TenantId,
        id: &DecisionId,
        left: &[u8],
        sealed: &[u8],
    ) -> Result<Opened, Error> {
        let Some((head, text)) = sealed.split_at_checked(HEAD).filter(|(head, _)| head.first() == Some(&FORM)) else {
            return Ok(Opened::Damaged);
        };
        let (Some(key), Some(inner)) = (key_of(sealed), head.last_chunk::<32>()) else { return Ok(Opened::Damaged) };
        let key = match self.file.key(key)? {
            Found::Key(key) => key,
            Found::Destroyed => return Ok(Opened::Erased(*inner)),
            Found::Damaged => return Ok(Opened::Damaged),
        };
        let text = unseal(&key, &about_row(tenant, id, head), text);
        let whole = text.and_then(|text| join(left, &text));
        Ok(whole.map_or(Opened::Damaged, Opened::Whole))
    }

    /// A lead of the past as nobody can read it without its key.
    pub(in super::super) fn seal_past(&self, tenant: &TenantId, lead: &HistoryLead) -> Result<Vec<u8>, Error> {
        let (id, key) = self.take()?;
        let mut sealed = vec![PAST];
        sealed.extend(id.to_be_bytes());
        let mut text = seal(&key, &about_past(tenant, lead, &sealed), lead.input.clone())?;
        sealed.append(&mut text);
        Ok(sealed)
    }

    /// What was sealed of a lead of the past, whose other columns are these: empty once its key was destroyed, none where it
    /// is not what was written.
    pub(in super::super) fn open_past(
        &self,
        tenant: &TenantId,
        lead: &HistoryLead,
        sealed: &[u8],
    ) -> Result<Option<Vec<u8>>, Error> {
        let split = sealed.split_at_checked(PAST_HEAD).filter(|(head, _)| head.first() == Some(&PAST));
        let (Some((head, text)), Some(key)) = (split, key_of(sealed)) else { return Ok(None) };
        Ok(match self.file.key(key)? {
            Found::Key(key) => unseal(&key, &about_past(tenant, lead, head), text),
            Found::Destroyed => Some(Vec::new()),
            Found::Damaged => None,
        })
    }

    /// A hash of a value under a key: nobody else can try values out.
    pub(in super::super) fn hash(&self, hash: &ClaimHash) -> ClaimHash {
        keyed(&self.hashes, hash)
    }

    /// The same of a name that ends with one; none of any other name.
    pub(in super::super) fn name(&self, name: &str) -> Option<String> {
        let (begin, hash) = name.strip_prefix(NAMES)?.rsplit_once('|')?;
        let hash = u128::from_str_radix(hash, 16).ok().filter(|_| hash.len() == 32)?;
        let hash = u128::from_be_bytes(self.hash(&hash.to_be_bytes()));
        Some(format!("{NAMES}{begin}|{hash:032x}"))
    }

    pub(in super::super) fn destroy(&self, keys: &[i64]) -> Result<(), Error> {
        self.file.destroy(keys)
    }

    pub(in super::super) fn rekey(&self) -> Result<(), Error> {
        // Those that were made ahead are locked as before.
        self.pool.borrow_mut().keys.clear();
        self.file.rekey()
    }

    pub(in super::super) fn copy(&self, to: &Path) -> Result<(), Error> {
        self.file.copy(to)
    }

    pub(super) fn store(&self) -> StoreId {
        self.file.store
    }

    /// The same hashes for SQLite, which asks from within a statement.
    pub(super) fn hasher(&self) -> impl Fn(&ClaimHash) -> ClaimHash + Send + Sync + 'static {
        let hashes = self.hashes.clone();
        move |hash| keyed(&hashes, hash)
    }
}

/// The number of the key that a lead is sealed with.
pub(in super::super) fn key_of(sealed: &[u8]) -> Option<i64> {
    Some(i64::from_be_bytes(sealed.get(KEY_AT)?.try_into().ok()?))
}

fn keyed(key: &Hmac<Sha256>, hash: &ClaimHash) -> ClaimHash {
    let mut mac = key.clone();
    mac.update(&about(&[b"hash", hash]));
    let whole: [u8; 32] = mac.finalize().into_bytes().into();
    let mut first = ClaimHash::default();
    first.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    first
}

/// Nobody can put one lead of the past into the place of another.
fn about_past(tenant: &TenantId, lead: &HistoryLead, head: &[u8]) -> Vec<u8> {
    let (source, id, at) = (lead.source.as_str(), lead.lead.as_str(), lead.at.millis());
    about(&[b"past", tenant.as_str().as_bytes(), source.as_bytes(), id.as_bytes(), &at.to_be_bytes(), head])
}

/// Nobody can put the lead of one decision into another.
fn about_row(tenant: &TenantId, id: &DecisionId, head: &[u8]) -> Vec<u8> {
    let DecisionId { source, lead, n } = id;
    about(&[
        b"row",
        tenant.as_str().as_bytes(),
        source.as_str().as_bytes(),
        lead.as_str().as_bytes(),
        &n.to_be_bytes(),
        head,
    ])
}
