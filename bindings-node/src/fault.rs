//! Errors on their way to JavaScript. A panic never crosses: it becomes `InternalError`.
//!
//! What is thrown here is an envelope, `{"code","message","issues"}` as the message of an error; `lib/errors.js` makes
//! the package's own error of it.

use leadwright::model::Error;

/// Runs the work of a call. What panics inside becomes an error with the place in our code, and without data.
pub(crate) fn guarded<T>(work: impl FnOnce() -> napi::Result<T>) -> napi::Result<T> {
    leadwright_cli::guarded(work).unwrap_or_else(|panic| Err(fault(&panic)))
}

/// An error of the core as an envelope.
pub(crate) fn fault(error: &Error) -> napi::Error {
    napi::Error::from_reason(envelope(error))
}

/// The envelope as text.
pub(crate) fn envelope(error: &Error) -> String {
    let (code, message) = (error.code().as_str(), error.to_string());
    serde_json::json!({ "code": code, "message": message, "issues": error.issues() }).to_string()
}
