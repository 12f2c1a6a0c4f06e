//! What operations say beside the plan: pauses, caps and prices that hold until somebody takes them back, money paid in
//! for buyers, and consents that people took back. Dozens a day, from support or a buyer's portal; none of them is a new
//! plan, and every decision that one bears on names it.

mod apply;
mod drift;
mod person;
mod release;
mod words;

pub(crate) use apply::{Overridden, overridden, permitted};
pub use drift::{Drift, DriftIs, drift};
pub(crate) use person::{keys_of, person_keys};
pub use release::{Release, ReleaseDo};
pub use words::{Clear, Funds, Noted, Operated, Operation, Override, Person, Prices, Set, Status};

/// The longest name or reason.
const LONGEST: usize = 500;

/// Whoever changes what others rely on says who they are, and why; in as many words as fit into a log.
pub(crate) fn one_line(name: &str, text: &str, needed: bool) -> Result<(), String> {
    if text.trim().is_empty() && needed {
        return Err(format!("`{name}` is empty"));
    }
    if text.len() > LONGEST || text.chars().any(char::is_control) {
        return Err(format!("`{name}` is longer than {LONGEST} bytes, or not one line"));
    }
    Ok(())
}

/// Whether there is any override at all.
pub(crate) const OVERRIDDEN: &str = "overridden";

/// What the names of all overrides begin with.
pub(crate) const OVERRIDES: &str = "override|";

/// Under which name the store keeps the overrides of a contract, which is known by the id it was first known by.
pub(crate) fn override_key(contract: &crate::model::ContractId) -> String {
    format!("{OVERRIDES}{contract}")
}

/// The counter of what a buyer has paid in and not spent.
pub(crate) fn funds_counter(buyer: &crate::model::BuyerId) -> String {
    format!("buyer:{buyer}{FUNDS}")
}

/// Whether a counter is one of those.
pub(crate) fn is_funds_counter(key: &str) -> bool {
    key.ends_with(FUNDS)
}

const FUNDS: &str = "|funds";
