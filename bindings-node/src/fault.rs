//! Errors on their way to JavaScript. A panic never crosses: it becomes `InternalError`.
//!
//! What is thrown here is an envelope, `{"code","message","issues"}` as the message of an error; `lib/errors.js` makes
//! the package's own error of it.

use leadwright::model::{Code, Error};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, Once, PoisonError};

/// Where the last panic was, in our code.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

/// Runs the work of a call. What panics inside becomes an error with the place in our code, and without data.
pub(crate) fn guarded<T>(work: impl FnOnce() -> napi::Result<T>) -> napi::Result<T> {
    static HOOK: Once = Once::new();
    // The message of a panic may quote a lead, so it is not printed. This library has a panic hook of its own.
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line()));
            *PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place;
        }));
    });
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        drop(panic);
        let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
        Err(fault(&Error::new(Code::InternalError, place)))
    })
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
