//! Buyers that are asked over HTTP while somebody waits, as the bindings do it.

use crate::clock::monotonic;
use leadwright::deliver::Secrets;
use leadwright::engine::{Clock, Engine, Outside};
use leadwright::model::{Error, Tick, Timestamp};
use leadwright_http::{HttpOptions, HttpTransport};
use serde::Serialize;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What is asked of the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// A lead is decided and placed.
    Submit,
    /// What would be paid for it.
    Ping,
    /// A lead that was pinged before, or not.
    Post,
}

impl Asking {
    /// The asking of this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "submit" => Some(Asking::Submit),
            "ping" => Some(Asking::Ping),
            "post" => Some(Asking::Post),
            _ => None,
        }
    }
}

/// Buyers behind HTTP: connections that are kept, and the secrets that requests need. Share it between threads.
pub struct HttpBuyers {
    transport: HttpTransport,
    secrets: Arc<dyn Secrets + Send + Sync>,
}

impl std::fmt::Debug for HttpBuyers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HttpBuyers")
    }
}

/// The time that was given, and how long it is ago.
struct Since(Timestamp, Instant);

impl Clock for Since {
    fn now(&self) -> Timestamp {
        self.0.plus_millis(i64::try_from(self.1.elapsed().as_millis()).unwrap_or(i64::MAX))
    }
}

impl HttpBuyers {
    /// `allow` says what may be reached beside the public internet.
    ///
    /// # Errors
    /// `input.bad_option` for an `allow` that is not understood.
    pub fn new(secrets: Arc<dyn Secrets + Send + Sync>, allow: Vec<String>) -> Result<Self, Error> {
        let known = secrets.clone();
        let identities = move |name: &str| known.secret(name).ok().map(String::into_bytes);
        let http = HttpOptions { allow, secrets: Some(Arc::new(identities)), ..HttpOptions::default() };
        Ok(Self { transport: HttpTransport::new(http)?, secrets })
    }

    /// The answer as JSON.
    ///
    /// # Errors
    /// As those of [`Engine::submit`].
    pub fn ask(
        &self,
        engine: &Engine,
        asking: Asking,
        lead: &[u8],
        tick: Tick,
        within: Duration,
    ) -> Result<Vec<u8>, Error> {
        let clock = Since(tick.now, monotonic());
        let outside = Outside { transport: &self.transport, secrets: &*self.secrets, clock: &clock };
        match asking {
            Asking::Submit => engine.submit(lead, tick, within, &outside).map(|told| json(&told)),
            Asking::Post => engine.post(lead, tick, within, &outside).map(|told| json(&told)),
            Asking::Ping => engine.ping(lead, tick, within, &outside).map(|told| json(&told)),
        }
    }
}

fn json(told: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(told).unwrap_or_default()
}
