//! Events as others read them: CloudEvents 1.0, and subscribers with a cursor each.
//!
//! The store keeps an event as position, kind, subject, time and data. It is written out when somebody reads, so that a
//! stored event of years ago comes out in the form of now. See docs/events.md.

mod data;
mod render;
mod subscription;

pub(crate) use data::written;
pub use data::{
    BreakerChanged, CapConfirmed, CapExhausted, CapReleased, CapReserved, ConsentChanged, DeliveryAccepted,
    DeliveryAttempted, DeliveryDeadLettered, DeliveryRedriven, DeliveryRejected, DeliveryUnknown, FundsChanged,
    LeadAssigned, LeadDecided, LeadHeld, LeadReleased, LeadReturned, MoneyAdjusted, OverrideCleared, OverrideSet,
    PersonForgotten, PlanActivated, ProblemMet, ProblemNoted, SaleFell, Sold, StatementWasClosed,
};
pub use render::render;
pub use subscription::{Delivered, Page, Subscription, begin_of, kinds_of, read, subscriber_name};
