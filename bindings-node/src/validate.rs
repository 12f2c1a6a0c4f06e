//! Validation of one lead and of many, and leads for other eyes. Every answer is JSON.

use crate::answers::{Many, joined};
use crate::fault::{fault, guarded};
use crate::input::{Json, bytes};
use leadwright::redact::Redaction;
use leadwright_cli::Validator as Core;
use napi::bindgen_prelude::{AsyncTask, Buffer, Either, Uint8Array};
use napi::{Env, Result, Task};
use napi_derive::napi;
use std::sync::Arc;

/// A schema, options, and how a lead is written.
#[napi]
pub struct Validator {
    inner: Arc<Core>,
}

#[napi]
impl Validator {
    /// `options` are JSON; `redact` is raw, redacted or hashed.
    #[napi(constructor)]
    pub fn new(schema: String, options: String, redact: String, key: Option<Uint8Array>) -> Result<Self> {
        guarded(|| {
            let core = Core::named(&schema, options.as_bytes(), &redact, key.as_deref());
            Ok(Self { inner: Arc::new(core.map_err(|error| fault(&error))?) })
        })
    }

    /// Validates a lead.
    #[napi]
    pub fn one(&self, lead: Json<'_>) -> Result<Buffer> {
        guarded(|| Ok(self.inner.one(bytes(&lead)).into()))
    }

    /// Validates leads off the event loop. The first has the number `first`.
    #[napi]
    pub fn many(&self, leads: Vec<Either<String, Uint8Array>>, first: u32, threads: u32) -> Result<AsyncTask<Leads>> {
        guarded(|| {
            // Copied: JavaScript may write into its buffers meanwhile.
            let leads = leads.into_iter().map(|lead| match lead {
                Either::A(text) => text.into_bytes(),
                Either::B(bytes) => bytes.to_vec(),
            });
            let threads = usize::try_from(threads).unwrap_or(1);
            let (validator, leads) = (self.inner.clone(), leads.collect());
            Ok(AsyncTask::new(Leads { validator, leads, first: first.into(), threads }))
        })
    }
}

/// Leads that are to be validated.
pub struct Leads {
    validator: Arc<Core>,
    leads: Vec<Vec<u8>>,
    first: u64,
    threads: usize,
}

impl Task for Leads {
    type Output = (Vec<u8>, Vec<u32>);
    type JsValue = Many;

    fn compute(&mut self) -> Result<Self::Output> {
        guarded(|| Ok(joined(self.validator.many(&self.leads, self.first, self.threads))))
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> Result<Many> {
        Ok(output.into())
    }
}

/// A validated lead that is JSON already, for other eyes.
#[napi]
pub fn redact_validation(json: &[u8], redact: String, key: Option<Uint8Array>) -> Result<Buffer> {
    guarded(|| {
        let shown = leadwright_cli::redact_validation(json, &redact, key.as_deref());
        shown.map(Buffer::from).map_err(|error| fault(&error))
    })
}

/// One canonical value for other eyes.
#[napi]
pub fn redact_text(kind: String, value: String, redact: String, key: Option<Uint8Array>) -> Result<String> {
    guarded(|| {
        let how = Redaction::named(&redact, key.as_deref()).map_err(|error| fault(&error))?;
        Ok(how.text(&kind, &value))
    })
}
