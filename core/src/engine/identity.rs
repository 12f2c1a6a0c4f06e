//! Who a lead is: (tenant, source, id).

use super::chance::{hash, hex};
use crate::model::{Code, LeadId, Problem, RawMap, RawValue, SourceId, TenantId, write_raw};
use crate::validate::Envelope;
use sha2::{Digest, Sha256};

/// The source of leads whose own is missing or no id.
pub(super) const UNKNOWN_SOURCE: &str = "unknown";

/// The host's id where it is one, else a hash over the idempotency key, or over all that came in.
pub(super) fn lead_id(
    envelope: &Envelope,
    raw: &RawMap,
    tenant: &TenantId,
    source: &SourceId,
    problems: &mut Vec<Problem>,
) -> LeadId {
    let given = envelope.id.as_deref();
    if let Some(id) = given.and_then(|id| LeadId::new(id).ok()) {
        return id;
    }
    if let Some(given) = given {
        let problem = Problem::new(Code::LeadBadId, "/id").with_shape(RawValue::text(given).shape());
        problems.push(problem.with_expected("1 to 64 of A-Z a-z 0-9 . _ : -"));
    }
    match &envelope.idempotency_key {
        Some(key) => made(&[tenant.as_str(), source.as_str(), "key", key]),
        None => {
            let all = write_raw(&RawValue::Object(raw.clone()));
            made(&[tenant.as_str(), source.as_str(), "raw", &hex(&Sha256::digest(all))])
        }
    }
}

/// The id of something that is no lead at all.
pub(super) fn id_of_bytes(bytes: &[u8], tenant: &TenantId, source: &SourceId) -> LeadId {
    made(&[tenant.as_str(), source.as_str(), "bytes", &hex(&Sha256::digest(bytes))])
}

fn made(parts: &[&str]) -> LeadId {
    LeadId::known(hex(&hash(parts)))
}
