//! The digest of a decision. It verifies also when the members with personal data are gone: of those only a hash is in it.

use super::chance::{chance, hex};
use crate::model::{Decision, DecisionId, Seed, SourceId, TenantId};
use crate::store::{Inner, LeadIn, NO_CANONICAL, NO_CORRECTIONS, Stored};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// A decision as it is written, cut around what is left out of the digest: up to the canonical lead, between that and the
/// corrections, and from there to the digest. It is written once; what is hashed are its pieces.
///
/// None when it is not the text of a decision. The names of the members cannot stand in a text before them, where quotes
/// are escaped.
fn cut<'a>(whole: &'a str, canonical: &str, corrections: &str, digest: &str) -> Option<[&'a str; 3]> {
    let (head, rest) = whole.split_once(CANONICAL)?;
    let (middle, rest) = rest.strip_prefix(canonical)?.split_once(CORRECTIONS)?;
    let tail = rest.strip_prefix(corrections)?.strip_suffix(END)?.strip_suffix(digest)?;
    Some([head, middle, tail])
}

const CANONICAL: &str = r#","canonical":"#;
const CORRECTIONS: &str = r#","corrections":"#;
/// The digest is the last member.
const END: &str = "\"}";

/// SHA-256 over the salt and the members with personal data.
fn inner(salt: &[u8], canonical: &str, corrections: &str) -> Inner {
    let mut inner = Sha256::new();
    inner.update(salt);
    for piece in [r#"{"canonical":"#, canonical, CORRECTIONS, corrections, "}"] {
        inner.update(piece);
    }
    inner.finalize().into()
}

/// SHA-256 over the members without personal data and the inner hash, 64 hex digits.
fn outer([head, middle, tail]: [&str; 3], inner: &Inner) -> String {
    let mut outer = Sha256::new();
    for piece in [head, CANONICAL, NO_CANONICAL, middle, CORRECTIONS, NO_CORRECTIONS, tail, END] {
        outer.update(piece);
    }
    outer.update(inner);
    hex(&outer.finalize())
}

/// The digest, and where in the text the lead stands.
fn digest(decision: &Decision, whole: &str) -> Option<(String, LeadIn)> {
    let (canonical, corrections) = (json(&decision.canonical), json(&decision.corrections));
    let pieces = cut(whole, &canonical, &corrections, &decision.digest)?;
    let salt = chance(decision.seed, &decision.tenant, &decision.source, &decision.lead, "salt", decision.id.n);
    let inner = inner(&salt, &canonical, &corrections);
    Some((outer(pieces, &inner), stands(pieces, &canonical, &corrections, inner)))
}

/// Where the lead stands in a text that was cut around it.
fn stands([head, middle, _]: [&str; 3], canonical: &str, corrections: &str, inner: Inner) -> LeadIn {
    let after = |at: usize, name: &str| at.saturating_add(name.len());
    let first = after(head.len(), CANONICAL);
    let canonical = first..after(first, canonical);
    let second = after(after(canonical.end, middle), CORRECTIONS);
    LeadIn { canonical, corrections: second..after(second, corrections), inner }
}

/// What cannot be cut is all of it about the lead.
fn uncut(length: usize) -> LeadIn {
    LeadIn { canonical: 0..length, corrections: length..length, inner: Inner::default() }
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Gives a decision its digest; the answer is the whole as JSON, and where its lead stands in it.
pub(super) fn seal(decision: &mut Decision) -> (String, LeadIn) {
    decision.digest.clear();
    let mut whole = json(decision);
    let (digest, lead) = digest(decision, &whole).unwrap_or_else(|| (String::new(), uncut(whole.len())));
    decision.digest = digest;
    whole.truncate(whole.len().saturating_sub(END.len()));
    (whole + &decision.digest + END, lead)
}

/// Whether a decision is what its digest says. One whose lead was erased says so only with its row: [`verify_stored`].
pub fn verify(decision: &Decision) -> bool {
    digest(decision, &json(decision)).is_some_and(|(digest, _)| digest == decision.digest)
}

/// What of a decision's text its digest is made of; the members with personal data as they are written.
#[derive(Deserialize)]
struct Written<'a> {
    id: DecisionId,
    source: SourceId,
    tenant: TenantId,
    seed: Seed,
    #[serde(borrow)]
    canonical: &'a RawValue,
    #[serde(borrow)]
    corrections: &'a RawValue,
    digest: String,
}

/// A decision without its lead, and the hash that stands for what is gone.
pub(crate) struct Remains {
    pub(crate) body: Vec<u8>,
    pub(crate) inner: Inner,
}

/// Takes the members with personal data out of a decision. None when it is not the text of one, or its digest says
/// something else: what is wrong must not be made to look right.
pub(crate) fn without_lead(body: &[u8]) -> Option<Remains> {
    let (written, pieces, inner) = right(body)?;
    let [head, middle, tail] = pieces;
    let body =
        [head, CANONICAL, NO_CANONICAL, middle, CORRECTIONS, NO_CORRECTIONS, tail, &written.digest, END].concat();
    Some(Remains { body: body.into_bytes(), inner })
}

/// Where the lead stands in a decision that was written before. One that is not what its digest says is all of it about the
/// lead: it is kept as it is.
#[cfg(feature = "sqlite")]
pub(crate) fn lead_in(body: &[u8]) -> LeadIn {
    let found = right(body).map(|(written, pieces, inner)| {
        let Written { canonical, corrections, .. } = written;
        stands(pieces, canonical.get(), corrections.get(), inner)
    });
    found.unwrap_or_else(|| uncut(body.len()))
}

/// The text of a decision that is what its digest says, cut around its lead.
fn right(body: &[u8]) -> Option<(Written<'_>, [&str; 3], Inner)> {
    let whole = std::str::from_utf8(body).ok()?;
    let written: Written<'_> = serde_json::from_str(whole).ok()?;
    let pieces = cut(whole, written.canonical.get(), written.corrections.get(), &written.digest)?;
    let salt = chance(written.seed, &written.tenant, &written.source, &written.id.lead, "salt", written.id.n);
    let inner = inner(&salt, written.canonical.get(), written.corrections.get());
    (outer(pieces, &inner) == written.digest).then_some((written, pieces, inner))
}

/// Whether a decision of a store is what its digest says, also when its lead was erased: then the kept hash stands for
/// it.
///
/// ```
/// # use leadwright::plan::{MemoryResolver, Plan};
/// # let files = MemoryResolver::new([("plan.jsonc", r#"{
/// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
/// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
/// #     "sources": { "web": { "verticals": ["roofing"] } },
/// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } }
/// # }"#)]);
/// # let plan = Plan::load(&files, "plan.jsonc")?;
/// use leadwright::{engine::{Engine, verify_stored}, model::Tick, store::MemoryStore};
/// let engine = Engine::open(plan, MemoryStore::new())?;
/// let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309"}"#;
/// let id = engine.decide(lead, Tick::at("2026-11-24T15:30:00Z".parse()?))?.id;
/// let mut stored = engine.store().decision(engine.tenant(), &id)?.expect("it was decided");
/// assert!(verify_stored(&stored));
/// stored.record.body[1] = b'x';
/// assert!(!verify_stored(&stored));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_stored(stored: &Stored) -> bool {
    let Some(kept) = &stored.inner else {
        return without_lead(&stored.record.body).is_some() && says(&stored.record.body, &stored.record.digest);
    };
    let pieces = || {
        let whole = std::str::from_utf8(&stored.record.body).ok()?;
        let pieces = cut(whole, NO_CANONICAL, NO_CORRECTIONS, &stored.record.digest)?;
        Some(outer(pieces, kept) == stored.record.digest)
    };
    pieces().unwrap_or(false)
}

/// Whether the digest within the text is the one beside it.
fn says(body: &[u8], digest: &str) -> bool {
    body.strip_suffix(END.as_bytes()).is_some_and(|body| body.ends_with(digest.as_bytes()))
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{ExplainOptions, explain_lead};
    use crate::model::{Code, Correction, Problem, Tick};
    use crate::plan::{MemoryResolver, Plan};

    fn decision() -> Decision {
        let text = r#"{ "format": 1, "plan": "p", "currency": "USD", "timezone": "America/Chicago",
            "verticals": { "roofing": { "extends": "us/home-services@1" } },
            "sources": { "web": { "verticals": ["roofing"] } },
            "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } } }"#;
        let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap();
        let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309","first_name":",\"corrections\":[]"}"#;
        let tick = Tick::at("2026-11-24T15:30:00Z".parse().unwrap());
        explain_lead(&plan, lead, tick, &ExplainOptions::default()).unwrap().decision
    }

    #[test]
    fn what_is_written_is_the_decision_and_names_within_texts_cut_nothing() {
        let mut decision = decision();
        assert!(verify(&decision));
        let odd = r#","canonical":{},"corrections":[],"digest":""}"#;
        decision.engine.version = odd.into();
        decision.problems.push(Problem::new(Code::LeadTooOld, "/x").with_shape(odd));
        decision.corrections.push(Correction { from: odd.into(), ..decision.corrections[0].clone() });
        let (whole, lead) = seal(&mut decision);
        assert_eq!(whole, serde_json::to_string(&decision).unwrap());
        assert_eq!(whole[lead.canonical], serde_json::to_string(&decision.canonical).unwrap());
        assert_eq!(whole[lead.corrections], serde_json::to_string(&decision.corrections).unwrap());
        assert!(verify(&decision));
        decision.problems.pop();
        assert!(!verify(&decision));
    }

    #[test]
    fn without_its_lead_a_decision_verifies_by_the_hash_that_was_kept() {
        let mut decision = decision();
        let (whole, lead) = seal(&mut decision);
        let remains = without_lead(whole.as_bytes()).unwrap();
        assert_eq!(remains.inner, lead.inner);
        let body = String::from_utf8(remains.body.clone()).unwrap();
        assert!(whole.contains("3128675309") && !body.contains("3128675309"));
        decision.canonical.clear();
        decision.corrections.clear();
        assert_eq!(serde_json::to_string(&decision).unwrap(), body);
        let pieces = cut(&body, NO_CANONICAL, NO_CORRECTIONS, &decision.digest).unwrap();
        assert_eq!(outer(pieces, &remains.inner), decision.digest);
        // What was changed before is not taken for whole.
        assert!(without_lead(whole.replace("3128675309", "3128675308").as_bytes()).is_none());
        assert!(without_lead(&remains.body).is_none());
    }
}
