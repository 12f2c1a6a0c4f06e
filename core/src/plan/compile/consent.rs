//! What the consent of a lead must have.

use super::super::units::duration_millis;
use super::{set, text_of, texts};
use crate::model::{Node, NodeKind};
use crate::validate::{ConsentTerms, Evidence};

/// The terms under `consent` of what they are for.
pub(super) fn consent(owner: &Node) -> Option<ConsentTerms> {
    let node = owner.get("consent")?;
    let span = |key: &str| text_of(node, key).and_then(|text| duration_millis(text).ok());
    let mut has: Vec<Evidence> =
        texts(node, "has").into_iter().filter_map(|word| Evidence::named(word.as_text()?)).collect();
    has.sort();
    Some(ConsentTerms {
        given: node.get("given").is_some_and(|flag| matches!(flag.kind, NodeKind::Bool(true))),
        has,
        max_age: span("max_age"),
        certificate_max_age: span("certificate_max_age"),
        sellers: set(&texts(node, "sellers")),
        texts: set(&texts(node, "texts")),
    })
}
