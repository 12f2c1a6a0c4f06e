//! How a buyer is delivered to.

use super::super::units::duration_millis;
use super::{count_of, text_of};
use crate::deliver::{BreakerTerms, BudgetTerms, DeskTerms};
use crate::model::Node;

/// What the plan does not say is as usual.
pub(super) fn deliver(node: Option<&Node>) -> DeskTerms {
    let usual = DeskTerms::default();
    let Some(node) = node else { return usual };
    let breaker = match text_of(node, "breaker") {
        Some("off") => None,
        _ => Some(node.get("breaker").map(breaker).unwrap_or_default()),
    };
    let retries = node.get("retries").map(|retries| BudgetTerms {
        percent: count_of(retries, "percent").unwrap_or(usual.retries.percent),
        per_minute: count_of(retries, "per_minute").unwrap_or(usual.retries.per_minute),
    });
    DeskTerms {
        at_once: count_of(node, "at_once").unwrap_or(usual.at_once),
        weight: count_of(node, "weight").unwrap_or(usual.weight),
        breaker,
        retries: retries.unwrap_or(usual.retries),
    }
}

fn breaker(node: &Node) -> BreakerTerms {
    let usual = BreakerTerms::default();
    let count = |key: &str, usual: u32| count_of(node, key).unwrap_or(usual);
    let time = |key: &str| text_of(node, key).and_then(|text| duration_millis(text).ok());
    BreakerTerms {
        of: count("of", usual.of),
        within: time("within"),
        min: count("min", usual.min),
        failures: count("failures", usual.failures),
        slow_rate: count("slow_rate", usual.slow_rate),
        slow: time("slow").unwrap_or(usual.slow),
        open: time("open").unwrap_or(usual.open),
        permits: count("permits", usual.permits),
    }
}
