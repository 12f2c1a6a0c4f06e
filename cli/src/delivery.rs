//! The outbox worked off over HTTP, as the command and the bindings do it.

use leadwright::deliver::{Asked, Endpoint, Exchanged, Request, Response, Secrets};
use leadwright::engine::{Clock, Engine, NoRequest};
use leadwright::model::{Code, Error, Timestamp};
use leadwright::operate::Sending;
use leadwright_deliver::{Delivered, Delivery, DeliveryOptions, Told};
use leadwright_http::{Allow, Guard, HttpOptions, HttpTransport};
use std::sync::Arc;

/// How it is done.
#[derive(Clone, Debug, Default)]
pub struct HttpDelivery {
    /// How many leads are sent at the same time, and when it ends.
    pub options: DeliveryOptions,
    /// What may be reached beside the public internet, as docs/http.md has it.
    pub allow: Vec<String>,
}

impl HttpDelivery {
    /// Works the outbox off until `stop` says so, or nothing is due where that is asked for. Nothing is left running.
    ///
    /// # Errors
    /// As [`Delivery::run`]; `input.bad_option` for an `allow` that is not understood, or that a buyer's address is missing in.
    pub fn run(
        &self,
        engine: &Engine,
        secrets: &Arc<dyn Secrets + Send + Sync>,
        clock: Option<&(dyn Clock + Sync)>,
        told: &dyn Told,
        stop: &mut dyn FnMut() -> bool,
    ) -> Result<Delivered, Error> {
        self.allows(engine)?;
        let known = secrets.clone();
        let identities = move |name: &str| known.secret(name).ok().map(String::into_bytes);
        let allow = self.allow.clone();
        let http = HttpOptions { allow, secrets: Some(Arc::new(identities)), ..HttpOptions::default() };
        let transport = HttpTransport::new(http)?;
        let delivery = Delivery::of(engine, &transport, &**secrets).told(told);
        let delivery = clock.map_or(delivery, |clock| delivery.at(clock));
        delivery.run(&self.options, stop)
    }

    /// Where an address is forgotten nothing is sent: a lead that may not be sent goes to the next buyer, and at the end to nobody.
    fn allows(&self, engine: &Engine) -> Result<(), Error> {
        let guard = Guard::new(Allow::parse_all(&self.allow)?);
        let plan = engine.plan();
        let posts = |endpoint: &&Endpoint| plan.contracts_at(endpoint.name()).any(|(_, asked)| asked == Asked::Post);
        for endpoint in plan.endpoints().filter(posts) {
            if let Err(denied) = guard.url(endpoint.origin()) {
                let why = format!("`allow`: the endpoint `{}` may not be sent to: {denied}", endpoint.name());
                return Err(Error::new(Code::InputBadOption, why));
            }
        }
        Ok(())
    }
}

/// The request of a delivery that was handed out, for a host with a client of its own, as JSON: `endpoint`, `method`, `url`,
/// `headers`, `body`, `identity` and `wait_ms`. Where there is none it is `class` and `says`: what to report, and why.
///
/// # Errors
/// `delivery.malformed` for a delivery that was not handed out.
pub fn request_json(engine: &Engine, sending: &str, now: Timestamp, secrets: &dyn Secrets) -> Result<Vec<u8>, Error> {
    let posting = match engine.request_of(&Sending::read(sending)?, now, secrets) {
        Ok(posting) => posting,
        Err(NoRequest { class, says }) => {
            return Ok(serde_json::json!({ "class": class, "says": says }).to_string().into_bytes());
        }
    };
    let wait = u64::try_from(posting.wait.as_millis()).unwrap_or(u64::MAX);
    let Request { endpoint, method, url, headers, body, identity } = posting.request;
    // Whatever is written is a text.
    let body = String::from_utf8_lossy(&body);
    let request = serde_json::json!({
        "endpoint": endpoint, "method": method, "url": url, "headers": headers, "body": body, "identity": identity,
        "wait_ms": wait,
    });
    Ok(request.to_string().into_bytes())
}

/// What to report of a delivery that was answered so, as JSON: what `delivered` takes.
///
/// # Errors
/// As [`request_json`]; `store.*`.
pub fn outcome_json(
    engine: &Engine,
    sending: &str,
    response: Response,
    took_ms: Option<u32>,
    now: Timestamp,
) -> Result<Vec<u8>, Error> {
    let headers = response.headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    let exchanged = Exchanged::Answered(Response { headers, ..response });
    let outcome = engine.outcome_of(&Sending::read(sending)?, &exchanged, took_ms, now)?;
    Ok(serde_json::to_vec(&outcome).unwrap_or_default())
}
