//! Buyers that are asked while somebody waits.

use crate::engine::Engine;
use crate::fault::{fault, guarded};
use crate::input::{Json, bytes, tick};
use leadwright::deliver::Secrets;
use leadwright::model::{Code, Error};
use leadwright_cli::{Asking, GivenSecrets, HttpBuyers};
use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Buyers behind HTTP, with the connections that are kept.
#[napi]
pub struct Buyers(Arc<HttpBuyers>);

#[napi]
impl Buyers {
    #[napi(constructor)]
    #[allow(missing_docs, reason = "a constructor")]
    pub fn new(secrets: HashMap<String, String>, allow: Vec<String>) -> Result<Self> {
        guarded(|| {
            let secrets: Arc<dyn Secrets + Send + Sync> = Arc::new(secrets.into_iter().collect::<GivenSecrets>());
            HttpBuyers::new(secrets, allow).map(|buyers| Buyers(Arc::new(buyers))).map_err(|error| fault(&error))
        })
    }
}

#[napi]
impl Engine {
    /// `submit`, `ping` or `post`, in a thread of its own; the answer as JSON.
    #[napi(ts_return_type = "Promise<string>")]
    #[allow(clippy::too_many_arguments, reason = "only `lib/engine.js` calls it")]
    pub fn ask<'env>(
        &self,
        env: &'env Env,
        asking: String,
        buyers: &Buyers,
        lead: Json<'_>,
        within_ms: u32,
        now: Option<f64>,
        seed: f64,
    ) -> Result<Object<'env>> {
        let (engine, asking, tick) = guarded(|| {
            let none = || fault(&Error::new(Code::InternalError, "no such call"));
            let tick = tick(now, seed).map_err(|error| fault(&error))?;
            Ok((self.engine()?, Asking::named(&asking).ok_or_else(none)?, tick))
        })?;
        let (buyers, lead, within) = (buyers.0.clone(), bytes(&lead).to_vec(), Duration::from_millis(within_ms.into()));
        let (deferred, promise) = env.create_deferred()?;
        // Not one of libuv's few: it waits as long as buyers do.
        let run = move || {
            let told = guarded(|| buyers.ask(&engine, asking, &lead, tick, within).map_err(|error| fault(&error)));
            drop(engine);
            match told {
                Ok(told) => deferred.resolve(move |_| Ok(String::from_utf8_lossy(&told).into_owned())),
                Err(error) => deferred.reject(error),
            }
        };
        let started = std::thread::Builder::new().name("leadwright".into()).spawn(run);
        started
            .map_err(|error| fault(&Error::new(Code::InternalError, format!("no thread can be started: {error}"))))?;
        Ok(promise)
    }
}
