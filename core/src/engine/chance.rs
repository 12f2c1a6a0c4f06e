//! Chance and keys: functions of what identifies a lead, so that a replay has the same.

use super::prepare::Prepared;
use crate::model::{BuyerId, ContractId, LeadId, Sale, Seed, SourceId, TenantId};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// SHA-256 over parts with a bar between them.
pub(super) fn hash(parts: &[&str]) -> [u8; 32] {
    let mut sha = Sha256::new();
    for (n, part) in parts.iter().enumerate() {
        if n > 0 {
            sha.update(b"|");
        }
        sha.update(part);
    }
    sha.finalize().into()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// What chance says for a purpose (rule 33).
pub(super) fn chance(
    seed: Seed,
    tenant: &TenantId,
    source: &SourceId,
    lead: &LeadId,
    purpose: &str,
    n: u32,
) -> [u8; 32] {
    let (seed, n) = (seed.get().to_string(), n.to_string());
    hash(&["lw1", &seed, tenant.as_str(), source.as_str(), lead.as_str(), purpose, &n])
}

/// The delivery key, the same for every attempt (rule 45): 64 hex digits.
pub(super) fn delivery_key(
    tenant: &TenantId,
    source: &SourceId,
    lead: &LeadId,
    buyer: &BuyerId,
    sale: usize,
) -> String {
    let sale = sale.to_string();
    hex(&hash(&["lw1", tenant.as_str(), source.as_str(), lead.as_str(), buyer.as_str(), &sale]))
}

/// What a ping goes by: the same each time the contract is asked about this lead.
pub(super) fn ping_key(tenant: &TenantId, lead: &Prepared, contract: &ContractId, sale: Sale) -> String {
    let [source, lead, contract] = [lead.source.as_str(), lead.lead.as_str(), contract.as_str()];
    hex(&hash(&["lw1", tenant.as_str(), source, lead, contract, "ping", sale.as_str()]))
}
