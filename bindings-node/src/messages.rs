//! Words for people about problems.

use crate::fault::{fault, guarded};
use leadwright::model::{Code, Error, Problem};
use napi::Result;
use napi_derive::napi;

/// The texts of a host.
#[napi]
pub struct Messages {
    inner: leadwright::report::Messages,
}

#[napi]
impl Messages {
    /// Texts by code, as JSON.
    #[napi(constructor)]
    pub fn new(texts: String) -> Result<Self> {
        guarded(|| {
            let inner = leadwright::report::Messages::from_json(texts.as_bytes());
            Ok(Self { inner: inner.map_err(|error| fault(&error))? })
        })
    }

    /// The words for a problem, which is JSON.
    #[napi]
    pub fn of(&self, problem: String) -> Result<String> {
        guarded(|| {
            let problem: Problem = serde_json::from_str(&problem)
                .map_err(|_| fault(&Error::new(Code::InputBadOption, "this is no problem of an answer")))?;
            Ok(self.inner.of(&problem))
        })
    }
}
