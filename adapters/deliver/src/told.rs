//! Who hears what happens.

use leadwright::engine::NoRequest;
use leadwright::model::Error;
use leadwright::operate::{DeliveryReported, Sending};
use std::time::Duration;

/// Hears what happens, from the threads in which it does. What it does has no effect on the deliveries; where it panics, that
/// is as if it had not been told.
pub trait Told: Send + Sync {
    /// An attempt was reported, and what follows.
    fn reported(&self, _sending: &Sending, _reported: &DeliveryReported) {}

    /// There is no request of a delivery.
    fn no_request(&self, _sending: &Sending, _why: &NoRequest) {}

    /// The store failed, and is asked again after so long.
    fn store_failed(&self, _error: &Error, _again: Duration) {}

    /// How an attempt ended could not be reported.
    fn unreported(&self, _sending: &Sending, _error: &Error) {}
}

/// Nobody.
impl Told for () {}
