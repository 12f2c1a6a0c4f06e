//! The digest of a decision. It verifies also when the members with personal data are gone: of those only a hash is in it.

use super::chance::{chance, hex};
use crate::model::{Correction, Decision, Value};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

#[derive(Serialize)]
struct Personal<'a> {
    canonical: &'a BTreeMap<String, Value>,
    corrections: &'a [Correction],
}

/// Seals a decision: SHA-256 over the members without personal data and the inner hash, 64 hex digits.
pub(super) fn seal(decision: &mut Decision) {
    let personal = Personal { canonical: &decision.canonical, corrections: &decision.corrections };
    let salt = chance(decision.seed, &decision.tenant, &decision.source, &decision.lead, "salt", decision.id.n);
    let mut inner = Sha256::new();
    inner.update(salt);
    inner.update(serde_json::to_vec(&personal).unwrap_or_default());
    // Set aside instead of copying all the rest.
    decision.digest.clear();
    let canonical = std::mem::take(&mut decision.canonical);
    let corrections = std::mem::take(&mut decision.corrections);
    let mut outer = Sha256::new();
    outer.update(serde_json::to_vec(&*decision).unwrap_or_default());
    outer.update(inner.finalize());
    (decision.canonical, decision.corrections) = (canonical, corrections);
    decision.digest = hex(&outer.finalize());
}

/// Whether a decision is what its digest says.
pub fn verify(decision: &Decision) -> bool {
    let mut anew = decision.clone();
    seal(&mut anew);
    anew.digest == decision.digest
}
