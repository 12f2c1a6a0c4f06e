//! Parity of two systems: the ledger of a migration, and what its wrappers ask of it. Every answer is JSON.

use crate::fault::{fault, guarded};
use crate::input::{Json, bytes};
use leadwright::engine::Clock as _;
use leadwright::model::{Error, Timestamp};
use leadwright::parity::{Gate, Observation, ParityOptions, counts_from_json, ledger};
use napi::Result;
use napi::bindgen_prelude::Buffer;
use napi_derive::napi;

/// The bucket of a lead, 0 to 9,999.
#[napi]
pub fn bucket(migration: String, step: String, key: String) -> Result<u32> {
    guarded(|| Ok(leadwright::parity::bucket(&migration, &step, &key)))
}

/// Compares observations by rules; all of it is JSON, and nothing is written.
#[napi]
pub fn compare_parity(observations: Json<'_>, rules: Json<'_>) -> Result<String> {
    let done = leadwright::parity::compare_json(bytes(&observations), bytes(&rules));
    guarded(|| done.map_err(|error| fault(&error)))
}

/// A stage of a migration.
#[napi(object, object_from_js = false)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// Its share in ten-thousandths.
    pub share: u32,
}

/// Reads `canary 5`.
#[napi]
pub fn parse_stage(text: String) -> Result<Stage> {
    guarded(|| {
        let stage: leadwright::parity::Stage = text.parse().map_err(|error| fault(&error))?;
        Ok(Stage { name: stage.name.to_string(), share: stage.share })
    })
}

/// The record of a migration. Its file is opened when something is written or asked, in the process that does.
#[napi]
pub struct Parity {
    inner: ledger::Parity,
}

#[napi]
impl Parity {
    /// `options` is JSON.
    #[napi(constructor)]
    pub fn new(path: String, migration: String, options: String) -> Result<Self> {
        guarded(|| {
            let options = ParityOptions::from_json(options.as_bytes()).map_err(|error| fault(&error))?;
            Ok(Self { inner: ledger::Parity::new(path, migration, options) })
        })
    }

    /// Observations in, verdicts out.
    #[napi]
    pub fn record(&self, observations: Json<'_>) -> Result<Buffer> {
        json(|| self.inner.record(&Observation::list(bytes(&observations))?))
    }

    /// Adds to the counts of steps.
    #[napi]
    pub fn count(&self, counts: Json<'_>) -> Result<()> {
        json(|| self.inner.count(&counts_from_json(bytes(&counts))?, now())).map(drop)
    }

    /// What was counted.
    #[napi]
    pub fn summary(&self, step: Option<String>, since: Option<String>) -> Result<Buffer> {
        json(|| self.inner.summary(step.as_deref(), leadwright::parity::since(since.as_deref())?))
    }

    /// Ready or not, now.
    #[napi]
    pub fn check(&self, gate: Json<'_>, since: Option<String>) -> Result<Buffer> {
        let check = |gate: &[u8]| {
            self.inner.check(&Gate::from_json(gate)?, now(), leadwright::parity::since(since.as_deref())?)
        };
        json(|| check(bytes(&gate)))
    }
}

fn json<T: serde::Serialize>(work: impl FnOnce() -> std::result::Result<T, Error>) -> Result<Buffer> {
    guarded(|| {
        let done = work().map_err(|error| fault(&error))?;
        Ok(serde_json::to_vec(&done).unwrap_or_default().into())
    })
}

fn now() -> Timestamp {
    leadwright_cli::SystemClock.now()
}
