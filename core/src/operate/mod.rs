//! What operations say beside the plan: pauses, caps and prices that hold until somebody takes them back, money paid in
//! for buyers, and consents that people took back. Dozens a day, from support or a buyer's portal; none of them is a new
//! plan, and every decision that one bears on names it.

mod apply;
mod beside;
mod breaker;
mod delivery;
mod drift;
mod money;
mod person;
mod recorded;
mod release;
mod spoken;
mod submit;
mod words;

pub(crate) use apply::{Overridden, overridden, permitted};
pub use beside::{Observation, ObservedSale, Reserve, Reserved};
pub use breaker::{BreakerSeen, BreakerTo, SetBreaker};
pub(crate) use breaker::{DESKS, DESKS_OPEN, Opens, desk_key, desk_name, desk_of, opens};
pub use delivery::{
    ClaimDeliveries, DeliveryOutcome, DeliveryReported, DeliverySeen, DeliveryTerms, NoAnswer, Redrive, RedriveLeftOut,
    Redriven, RedrivenOne, Sending, state_of,
};
pub use drift::{Drift, DriftIs, drift};
pub use money::{Adjust, Close, Funds, Payment, Return};
pub(crate) use person::{keys_of, person_keys, read_email, read_phone};
pub(crate) use recorded::recorded_lead;
pub use release::{Release, ReleaseDo};
pub(crate) use spoken::one_line;
pub use submit::{PingUse, Pinged, SubmitEnd, Submitted, SubmittedSale};
pub use words::{Clear, Noted, Operated, Operation, Override, Person, Prices, Set, Status};

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
