//! What people say about what they do: who they are, and why.

use crate::model::{Code, Error};

/// The longest name or reason.
const LONGEST: usize = 500;

/// Whoever changes what others rely on says it in as many words as fit into a log. `needed`: it may not be empty.
///
/// # Errors
/// `operation.malformed`.
pub(crate) fn one_line(name: &str, text: &str, needed: bool) -> Result<(), Error> {
    let malformed = |why: String| Err(Error::new(Code::OperationMalformed, why));
    if text.trim().is_empty() && needed {
        return malformed(format!("`{name}` is empty"));
    }
    if text.len() > LONGEST || text.chars().any(char::is_control) {
        return malformed(format!("`{name}` is longer than {LONGEST} bytes, or not one line"));
    }
    Ok(())
}
