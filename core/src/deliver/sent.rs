//! What of a lead is sent: a field or a part of it, as the buyer wants it written.

use super::Filter;
use crate::schema::path::Path;

/// A field as it is sent: the plan makes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// As the plan writes it, without filters: `phone`, `drivers.primary.age`, `phone.sha256`.
    pub(crate) name: String,
    /// The field of the lead that it begins at.
    pub(crate) field: String,
    /// The way to a part of it.
    pub(crate) path: Option<Path>,
    /// One after the other.
    pub(crate) filters: Vec<Filter>,
}
