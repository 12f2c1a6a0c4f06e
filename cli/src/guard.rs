//! A panic is a mistake of ours and not the end of somebody's process.

use leadwright::model::{Code, Error};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, Once, PoisonError};

/// Where the last panic was, in our code.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

/// Runs the work of a call. A panic becomes an error with the place in our code, and without data.
///
/// The message of a panic may quote a lead, so from the first call on none is printed. A library that another program
/// loads has a panic hook of its own; the program's stays as it is.
///
/// # Errors
/// `internal.error` for a panic.
///
/// ```
/// let stopped = leadwright_cli::guarded(|| panic!("of 555-0100")).map(|()| 1).unwrap_err();
/// assert_eq!(stopped.code().as_str(), "internal.error");
/// assert!(!stopped.to_string().contains("555-0100"));
/// assert_eq!(leadwright_cli::guarded(|| 7), Ok(7));
/// ```
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Error> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line()));
            *PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place;
        }));
    });
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        drop(panic);
        let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner).take();
        Error::new(Code::InternalError, place.unwrap_or_default())
    })
}
