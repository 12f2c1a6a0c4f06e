//! What operations may change without a new plan.

use super::super::compiled::May;
use super::money_of;
use crate::limits::Window;
use crate::model::{Node, NodeKind};

/// The bounds of a contract; nothing may be changed that it does not name.
pub(super) fn may(node: Option<&Node>) -> May {
    let Some(node) = node else { return May::default() };
    let caps = node.get("caps");
    let bounds = |window: &Window| {
        let bounds = caps?.get(window.as_str())?;
        let bound = |key: &str| bounds.get(key).and_then(Node::as_int);
        Some((*window, (bound("gte"), bound("lte"))))
    };
    May {
        pause: node.get("pause").is_some_and(|flag| matches!(flag.kind, NodeKind::Bool(true))),
        caps: Window::ALL.iter().filter_map(bounds).collect(),
        price: node.get("price").map(|price| (money_of(price, "gte"), money_of(price, "lte"))),
    }
}
