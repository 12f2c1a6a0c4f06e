//! A host that delivers over sockets: it claims, writes requests, sends them, reads the answers and reports. A process of it may
//! be killed at any moment.

use super::market::Market;
use super::naive::{self, Kind};
use crate::worker::{ready, surely};
use leadwright::deliver::{Asked, Exchanged, Outgoing, Request, Secrets, Transport as _, read_answer, render};
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{AttemptClass, Code, Error, Timestamp};
use leadwright::operate::{ClaimDeliveries, DeliveryOutcome, Sending};
use leadwright::plan::Plan;
use leadwright::store::SqliteStore;
use leadwright_http::{HttpOptions, HttpTransport};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How long an answer is waited for, and how long a claim is held.
pub(super) const WAIT: Duration = Duration::from_millis(300);
pub(super) const HOLD: &str = "3s";
/// How many leads a process sends at the same time.
const AT_ONCE: u32 = 32;

pub(super) fn now() -> Timestamp {
    let millis = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    Timestamp::EPOCH.plus_millis(i64::try_from(millis).unwrap_or_default())
}

pub(super) fn plan(market: &Market, port: u16) -> Result<Plan, String> {
    market.plan(&format!("http://127.0.0.1:{port}"))
}

pub(super) fn engine(plan: Plan, path: &Path) -> Result<Engine, String> {
    let store = SqliteStore::open(path).map_err(|error| error.to_string())?;
    Engine::with_options(plan, Arc::new(store), EngineOptions::default()).map_err(|error| error.to_string())
}

/// Nothing here has a secret.
struct NoSecrets;

impl Secrets for NoSecrets {
    fn secret(&self, name: &str) -> Result<String, Error> {
        Err(Error::new(Code::InternalError, name.to_owned()))
    }
}

/// What a process is told.
#[derive(clap::Args)]
pub(crate) struct Host {
    path: std::path::PathBuf,
    port: u16,
    market: String,
    process: u64,
    #[arg(long)]
    mutant: Option<String>,
}

impl Host {
    /// The words that start such a process.
    pub(super) fn words(path: &Path, port: u16, market: &str, process: u64, naive: Option<&str>) -> Vec<String> {
        let words =
            ["deliver".into(), path.display().to_string(), port.to_string(), market.into(), process.to_string()];
        let mutant = naive.into_iter().flat_map(|name| ["--mutant".to_owned(), name.to_owned()]);
        words.into_iter().chain(mutant).collect()
    }

    /// Delivers until it is killed.
    pub(crate) fn run(&self) -> Result<(), String> {
        let naive = self.mutant.as_deref().map(naive::named).transpose()?.map(|naive| naive.kind);
        let engine = engine(plan(&Market::named(&self.market)?, self.port)?, &self.path)?;
        let allow = vec!["127.0.0.0/8".into(), format!("http://127.0.0.1:{}", self.port)];
        let http = HttpTransport::new(HttpOptions { allow, ..HttpOptions::default() });
        let http = http.map_err(|error| error.to_string())?;
        let worker = format!("w{}", self.process);
        let claim =
            ClaimDeliveries { worker, limit: Some(AT_ONCE), hold: Some(HOLD.into()), ..ClaimDeliveries::default() };
        ready();
        loop {
            let sendings = surely(|| engine.claim(&claim, now()))?;
            if sendings.is_empty() {
                std::thread::sleep(Duration::from_millis(20));
            }
            deliver(&engine, &http, &sendings, naive)?;
        }
    }
}

fn deliver(engine: &Engine, http: &HttpTransport, sendings: &[Sending], naive: Option<Kind>) -> Result<(), String> {
    let plan = engine.plan();
    let hub = plan.endpoint("hub").ok_or("the plan has no hub")?;
    let mut requests = Vec::new();
    for sending in sendings {
        let request = render(hub, &outgoing(sending)?, now(), &NoSecrets).map_err(|error| error.to_string())?;
        requests.push((changed(request, sending, naive), WAIT));
    }
    let mut failed = None;
    http.send_all(&requests, &mut |place, exchanged| {
        let Some(sending) = sendings.get(place) else { return };
        let answered = read_answer(hub, Asked::Post, &exchanged, now());
        let class = match (naive, &exchanged) {
            (Some(Kind::TimeoutIsNo), Exchanged::Lost(_)) => AttemptClass::Rejected,
            (Some(Kind::TimeoutIsNotSent), Exchanged::Lost(_)) => AttemptClass::NotSent,
            _ => answered.class,
        };
        let retry_after = answered.retry_after.and_then(|millis| u32::try_from(millis / 1_000).ok());
        let outcome = DeliveryOutcome { status: answered.status, retry_after, ..DeliveryOutcome::of(class) };
        failed = failed.take().or(report(engine, &sending.id, &outcome).err());
    });
    failed.map_or(Ok(()), Err)
}

/// Who has it no more is told so, and that is all.
pub(super) fn report(engine: &Engine, id: &str, outcome: &DeliveryOutcome) -> Result<(), String> {
    surely(|| match engine.delivered(id, outcome, now()) {
        Err(error) if error.code() == Code::DeliveryFenced => Ok(()),
        told => told.map(drop),
    })
}

fn outgoing(sending: &Sending) -> Result<Outgoing<'_>, String> {
    Ok(Outgoing {
        key: &sending.key,
        lead: &sending.lead,
        source: &sending.source,
        decision: &sending.decision,
        buyer: &sending.buyer,
        contract: &sending.contract,
        sale: sending.sale,
        price: Some(sending.price),
        currency: sending.currency,
        day: sending.since.to_string().get(..10).unwrap_or_default().parse().map_err(|_| "a day")?,
        fields: &sending.fields,
        send: &[],
    })
}

/// The request as the mistake has it.
fn changed(mut request: Request, sending: &Sending, naive: Option<Kind>) -> Request {
    if naive == Some(Kind::NewKey) && sending.attempt > 1 {
        for (name, value) in &mut request.headers {
            if name.eq_ignore_ascii_case("idempotency-key") {
                value.push_str(&format!("-{}", sending.attempt));
            }
        }
    }
    request
}
