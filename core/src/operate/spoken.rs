//! What people say about what they do: who they are, and why.

/// The longest name or reason.
const LONGEST: usize = 500;

/// Whoever changes what others rely on says it in as many words as fit into a log. `needed`: it may not be empty.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn one_line(name: &str, text: &str, needed: bool) -> Result<(), String> {
    if text.trim().is_empty() && needed {
        return Err(format!("`{name}` is empty"));
    }
    if text.len() > LONGEST || text.chars().any(char::is_control) {
        return Err(format!("`{name}` is longer than {LONGEST} bytes, or not one line"));
    }
    Ok(())
}
