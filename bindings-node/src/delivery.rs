//! The outbox worked off, and what a host with a client of its own needs for it.

use crate::batch::Stop;
use crate::ends;
use crate::engine::{Core, Engine};
use crate::fault::{fault, guarded};
use crate::input::tick;
use leadwright::deliver::{Response, Secrets, verify_webhook as verify};
use leadwright::model::{Code, Error};
use leadwright_cli::{GivenSecrets, HttpDelivery, outcome_json, request_json};
use leadwright_deliver::{Delivered, DeliveryOptions};
use napi::bindgen_prelude::{Buffer, Object, Uint8Array};
use napi::{Env, Result};
use napi_derive::napi;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// What comes back from somebody who was sent a lead.
#[napi(object, object_to_js = false)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<Vec<String>>,
    /// What was read.
    pub body: Uint8Array,
    /// How long it took.
    pub took_ms: Option<u32>,
}

fn pairs(headers: Vec<Vec<String>>) -> Vec<(String, String)> {
    headers.into_iter().filter_map(|pair| <[String; 2]>::try_from(pair).ok().map(Into::into)).collect()
}

fn work(engine: &Core, delivery: &HttpDelivery, secrets: GivenSecrets, stop: &Stop) -> Result<Delivered> {
    let secrets: Arc<dyn Secrets + Send + Sync> = Arc::new(secrets);
    let mut ends = || stop.flag.load(Ordering::Relaxed);
    guarded(|| delivery.run(engine, &secrets, None, &(), &mut ends).map_err(|error| fault(&error)))
}

#[napi]
impl Engine {
    /// Works the outbox off, in a thread of its own; what was done, as JSON.
    #[napi(ts_return_type = "Promise<string>")]
    #[allow(clippy::too_many_arguments, reason = "only `lib/engine.js` calls it")]
    pub fn run_delivery<'env>(
        &self,
        env: &'env Env,
        workers: u32,
        secrets: HashMap<String, String>,
        allow: Vec<String>,
        until_empty: bool,
        worker: String,
        stop: &Stop,
    ) -> Result<Object<'env>> {
        let engine = guarded(|| self.engine())?;
        let workers = usize::try_from(workers).unwrap_or_default();
        let options = DeliveryOptions { workers, until_empty, worker, ..DeliveryOptions::default() };
        let delivery = HttpDelivery { options, allow };
        let (secrets, stop) = (secrets.into_iter().collect(), Stop { flag: stop.flag.clone() });
        ends::with(env, &stop.flag)?;
        let (deferred, promise) = env.create_deferred()?;
        // Not one of libuv's few: it may run for as long as the program does.
        let run = move || match work(&engine, &delivery, secrets, &stop) {
            Ok(done) => {
                drop(engine);
                deferred.resolve(move |_| Ok(serde_json::to_string(&done).unwrap_or_default()));
            }
            Err(error) => deferred.reject(error),
        };
        let started = std::thread::Builder::new().name("leadwright".into()).spawn(run);
        started
            .map_err(|error| fault(&Error::new(Code::InternalError, format!("no thread can be started: {error}"))))?;
        Ok(promise)
    }

    /// The request of a delivery, as JSON.
    #[napi]
    pub fn request_of(&self, sending: String, secrets: HashMap<String, String>, now: Option<f64>) -> Result<Buffer> {
        guarded(|| {
            let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
            let secrets: GivenSecrets = secrets.into_iter().collect();
            let done = request_json(&*self.engine()?, &sending, now, &secrets);
            Ok(done.map_err(|error| fault(&error))?.into())
        })
    }

    /// What to report of a delivery that was answered so, as JSON.
    #[napi]
    pub fn outcome_of(&self, sending: String, answered: Answered, now: Option<f64>) -> Result<Buffer> {
        guarded(|| {
            let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
            let Answered { status, headers, body, took_ms } = answered;
            let response = Response { status, headers: pairs(headers), body: body.to_vec() };
            let done = outcome_json(&*self.engine()?, &sending, response, took_ms, now);
            Ok(done.map_err(|error| fault(&error))?.into())
        })
    }
}

/// The id of a message that one of the secrets signed; nothing of another one.
#[napi]
pub fn verify_webhook(
    secrets: Vec<String>,
    headers: Vec<Vec<String>>,
    body: Uint8Array,
    now: Option<f64>,
    tolerance: i64,
) -> Result<Option<String>> {
    guarded(|| {
        let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
        let (secrets, headers) = (secrets.iter().map(String::as_str).collect::<Vec<_>>(), pairs(headers));
        Ok(verify(&secrets, &headers, &body, now, tolerance).ok().map(str::to_owned))
    })
}
