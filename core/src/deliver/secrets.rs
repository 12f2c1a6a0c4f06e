//! Secrets by name: a plan holds only `secret://name`.

use crate::model::Error;

/// Secrets by name: a plan holds only `secret://name`.
pub trait Secrets {
    /// The secret.
    ///
    /// # Errors
    /// When there is none of this name.
    fn secret(&self, name: &str) -> Result<String, Error>;
}
