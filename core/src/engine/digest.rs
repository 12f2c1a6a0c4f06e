//! The digest of a decision. It verifies also when the members with personal data are gone: of those only a hash is in it.

use super::chance::{chance, hex};
use crate::model::Decision;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A decision as it is written, cut around what is left out of the digest: up to the canonical lead, between that and the
/// corrections, and from there to the digest. It is written once; what is hashed are its pieces.
///
/// None when it is not the text of a decision. The names of the members cannot stand in a text before them, where quotes
/// are escaped.
fn cut<'a>(whole: &'a str, canonical: &str, corrections: &str, digest: &str) -> Option<[&'a str; 3]> {
    let (head, rest) = whole.split_once(r#","canonical":"#)?;
    let (middle, rest) = rest.strip_prefix(canonical)?.split_once(r#","corrections":"#)?;
    let tail = rest.strip_prefix(corrections)?.strip_suffix(END)?.strip_suffix(digest)?;
    Some([head, middle, tail])
}

/// The digest is the last member.
const END: &str = "\"}";

/// SHA-256 over the members without personal data and the inner hash, 64 hex digits.
fn digest(decision: &Decision, whole: &str) -> Option<String> {
    let (canonical, corrections) = (json(&decision.canonical), json(&decision.corrections));
    let [head, middle, tail] = cut(whole, &canonical, &corrections, &decision.digest)?;
    let salt = chance(decision.seed, &decision.tenant, &decision.source, &decision.lead, "salt", decision.id.n);
    let mut inner = Sha256::new();
    inner.update(salt);
    for piece in [r#"{"canonical":"#, &canonical, r#","corrections":"#, &corrections, "}"] {
        inner.update(piece);
    }
    let mut outer = Sha256::new();
    for piece in [head, r#","canonical":{}"#, middle, r#","corrections":[]"#, tail, END] {
        outer.update(piece);
    }
    outer.update(inner.finalize());
    Some(hex(&outer.finalize()))
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Gives a decision its digest; the answer is the whole as JSON.
pub(super) fn seal(decision: &mut Decision) -> String {
    decision.digest.clear();
    let mut whole = json(decision);
    decision.digest = digest(decision, &whole).unwrap_or_default();
    whole.truncate(whole.len().saturating_sub(END.len()));
    whole + &decision.digest + END
}

/// Whether a decision is what its digest says.
pub fn verify(decision: &Decision) -> bool {
    digest(decision, &json(decision)).is_some_and(|digest| digest == decision.digest)
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
        assert_eq!(seal(&mut decision), serde_json::to_string(&decision).unwrap());
        assert!(verify(&decision));
        decision.problems.pop();
        assert!(!verify(&decision));
    }
}
