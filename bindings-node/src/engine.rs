//! The engine.

use crate::answers::Answer;
use crate::batch::{Calls, Lines, Preparing, Settling, Stop, call};
use crate::events::Subscription;
use crate::fault::{fault, guarded};
use crate::input::{Json, bytes, tick};
use crate::lists::SuppressionList;
use crate::plan::Plan;
use leadwright::books::{StatementQuery, party_of};
use leadwright::care::forget;
use leadwright::engine::{EngineOptions, ExplainOptions, Replay, explain_with, replay};
use leadwright::events::subscriber_name;
use leadwright::model::{Code, DecisionId, Durability, EngineVersion, Error, TenantId};
use leadwright::operate::{
    ClaimDeliveries, DeliveryOutcome, Observation, Operation, Person, Redrive, Release, Reserve, state_of,
};
use leadwright::store::{Keys, MemoryStore, SqliteOptions, SqliteStore, Store, SumsQuery};
use leadwright_cli::SystemStopwatch;
use leadwright_postgres::{PostgresOptions, PostgresStore, is_url};
use napi::Result;
use napi::bindgen_prelude::{AsyncTask, Buffer, Either, Uint8Array};
use napi_derive::napi;
use std::sync::{Arc, PoisonError, RwLock};

pub(crate) type Core = leadwright::engine::Engine;

/// Decides leads by a plan, on the state of a store.
#[napi]
pub struct Engine {
    inner: RwLock<Option<Arc<Core>>>,
}

/// A key that leads are encrypted with.
#[napi(object, object_to_js = false)]
pub struct HostKey {
    /// Under which it is known.
    pub id: String,
    /// 32 bytes.
    pub key: Uint8Array,
}

/// One page of a replay.
#[napi(object, object_from_js = false)]
pub struct Replayed {
    /// Position in the log.
    pub seq: f64,
    /// The decision.
    pub id: String,
    /// Whether it came out the same to the byte.
    pub same: bool,
}

/// What was taken down of a lead of another system.
#[napi(object, object_from_js = false)]
pub struct Observed {
    /// The decision that says what the other system did.
    pub told: Answer,
    /// What would have been decided here.
    pub ours: Option<Answer>,
}

#[napi]
impl Engine {
    /// `store` is a path, or nothing for memory; `version` is what golden vectors pin.
    #[napi(constructor)]
    pub fn new(
        plan: &Plan,
        store: Option<String>,
        tenant: String,
        relaxed: bool,
        keys: Option<Vec<HostKey>>,
        version: Option<Vec<String>>,
    ) -> Result<Self> {
        guarded(|| {
            let wrong = |error| Error::new(Code::InputBadOption, format!("`tenant`: {error}"));
            let tenant = TenantId::new(tenant).map_err(|error| fault(&wrong(error)))?;
            let engine = version.and_then(|parts| match <[String; 2]>::try_from(parts) {
                Ok([version, data]) => Some(EngineVersion { version, data }),
                Err(_) => None,
            });
            let store = open(store.as_deref(), relaxed, keys).map_err(|error| fault(&error))?;
            let options = EngineOptions { tenant, engine, ..EngineOptions::default() };
            let engine = Core::with_options(plan.inner.clone(), store, options).map_err(|error| fault(&error))?;
            let engine = engine.timed_by(Arc::new(SystemStopwatch::default())).counted();
            Ok(Self { inner: RwLock::new(Some(Arc::new(engine))) })
        })
    }

    /// The same engine in another hand: the queue's, which may close it later.
    #[napi]
    pub fn share(&self) -> Result<Engine> {
        guarded(|| Ok(Self { inner: RwLock::new(Some(self.engine()?)) }))
    }

    /// Fails when it was closed.
    #[napi]
    pub fn check_open(&self) -> Result<()> {
        guarded(|| self.engine().map(drop))
    }

    /// Lets go of the store; work that runs still finishes.
    #[napi]
    pub fn close(&self) -> Result<()> {
        guarded(|| {
            drop(self.inner.write().unwrap_or_else(PoisonError::into_inner).take());
            Ok(())
        })
    }

    /// Decides one lead, and records it unless it is `dry`.
    #[napi]
    pub fn decide(&self, lead: Json<'_>, now: Option<f64>, seed: f64, dry: bool) -> Result<Answer> {
        guarded(|| {
            let engine = self.engine()?;
            let tick = tick(now, seed).map_err(|error| fault(&error))?;
            let lead = bytes(&lead);
            let decided = if dry { engine.dry_run(lead, tick) } else { engine.decide(lead, tick) };
            decided.map(Answer::from).map_err(|error| fault(&error))
        })
    }

    /// Decides calls that came together, off the event loop.
    #[napi]
    pub fn decide_many(
        &self,
        leads: Vec<Either<String, Uint8Array>>,
        nows: Vec<Option<f64>>,
        seeds: Vec<f64>,
    ) -> Result<AsyncTask<Calls>> {
        guarded(|| {
            let engine = self.engine()?;
            let calls = leads.into_iter().zip(nows).zip(seeds).map(|((lead, now), seed)| call(lead, now, seed));
            Ok(AsyncTask::new(Calls { engine, calls: calls.collect() }))
        })
    }

    /// Decides JSON Lines, off the event loop. The first has the number `first`.
    #[napi]
    #[allow(clippy::too_many_arguments, reason = "only `lib/batch.js` calls it")]
    pub fn decide_batch(
        &self,
        leads: Json<'_>,
        first: u32,
        now: Option<f64>,
        seed: f64,
        threads: u32,
        stop: &Stop,
    ) -> Result<AsyncTask<Lines>> {
        guarded(|| {
            let engine = self.engine()?;
            let tick = tick(now, seed).map_err(|error| fault(&error))?;
            // Copied: JavaScript may write into its buffer while the batch runs.
            let leads = bytes(&leads).to_vec();
            let threads = usize::try_from(threads).unwrap_or(1);
            let stop = stop.flag.clone();
            Ok(AsyncTask::new(Lines { engine, leads, first: first.into(), tick, threads, stop }))
        })
    }

    /// Prepares JSON Lines for an engine that settles elsewhere, off the event loop.
    #[napi]
    pub fn prepare_batch(
        &self,
        leads: Json<'_>,
        now: Option<f64>,
        seed: f64,
        threads: u32,
        stop: &Stop,
    ) -> Result<AsyncTask<Preparing>> {
        guarded(|| {
            let engine = self.engine()?;
            let tick = tick(now, seed).map_err(|error| fault(&error))?;
            let (leads, stop) = (bytes(&leads).to_vec(), stop.flag.clone());
            let threads = usize::try_from(threads).unwrap_or(1);
            Ok(AsyncTask::new(Preparing { engine, leads, tick, threads, stop }))
        })
    }

    /// Settles rows that were prepared elsewhere, off the event loop. The first is the line of this number.
    #[napi]
    pub fn settle_batch(&self, rows: Vec<Uint8Array>, line: u32, stop: &Stop) -> Result<AsyncTask<Settling>> {
        guarded(|| {
            let engine = self.engine()?;
            let rows = rows.iter().map(|row| row.to_vec()).collect();
            Ok(AsyncTask::new(Settling { engine, rows, first: line.into(), stop: stop.flag.clone() }))
        })
    }

    /// Gives it a list that its plan keeps outside of it.
    #[napi]
    pub fn set_list(&self, name: String, list: &SuppressionList) -> Result<()> {
        guarded(|| self.engine()?.set_list(&name, list.inner.shared()).map_err(|error| fault(&error)))
    }

    /// Decides by another plan from now on.
    #[napi]
    pub fn swap(&self, plan: &Plan) -> Result<()> {
        guarded(|| self.engine()?.swap(plan.inner.clone()).map(drop).map_err(|error| fault(&error)))
    }

    /// The hash of the plan that is decided by now.
    #[napi]
    pub fn plan_hash(&self) -> Result<String> {
        guarded(|| Ok(self.engine()?.plan().hash().to_owned()))
    }

    /// What was counted since the engine was opened, as JSON.
    #[napi]
    pub fn metrics(&self) -> Result<Buffer> {
        guarded(|| Ok(serde_json::to_vec(&self.engine()?.metrics()).unwrap_or_default().into()))
    }

    /// The same as Prometheus scrapes it.
    #[napi]
    pub fn prometheus(&self) -> Result<String> {
        guarded(|| Ok(self.engine()?.metrics().to_prometheus()))
    }

    /// An operation as JSON; what was written into the log, as JSON.
    #[napi]
    pub fn operate(&self, operation: String, now: Option<f64>) -> Result<Buffer> {
        guarded(|| {
            let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
            let engine = self.engine()?;
            let done = Operation::read(&operation).and_then(|operation| engine.operate(&operation, now));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// Takes down what another system did with a lead; the decision that says so, and ours where that is asked for.
    #[napi]
    pub fn observe(&self, lead: Json<'_>, seen: String, now: Option<f64>, seed: f64) -> Result<Observed> {
        guarded(|| {
            let engine = self.engine()?;
            let tick = tick(now, seed).map_err(|error| fault(&error))?;
            let lead = bytes(&lead);
            let done = Observation::read(&seen).and_then(|seen| engine.observe(lead, &seen, tick));
            let done = done.map_err(|error| fault(&error))?;
            Ok(Observed { told: done.told.into(), ours: done.ours.map(Answer::from) })
        })
    }

    /// Takes room from limits for another system, named in JSON; what became of it, as JSON.
    #[napi]
    pub fn reserve_external(&self, reserve: String, now: Option<f64>) -> Result<Buffer> {
        guarded(|| {
            let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
            let engine = self.engine()?;
            let done = Reserve::read(&reserve).and_then(|reserve| engine.reserve_external(&reserve, now));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// What was reserved is sold; as JSON.
    #[napi]
    pub fn confirm_external(&self, key: String, now: Option<f64>) -> Result<Buffer> {
        guarded(|| {
            let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
            let done = self.engine()?.confirm_external(&key, now).map_err(|error| fault(&error))?;
            Ok(serde_json::to_vec(&done).unwrap_or_default().into())
        })
    }

    /// What was reserved is given back; as JSON, `null` where nothing was.
    #[napi]
    pub fn release_external(&self, key: String, now: Option<f64>) -> Result<Buffer> {
        guarded(|| {
            let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
            let done = self.engine()?.release_external(&key, now).map_err(|error| fault(&error))?;
            Ok(serde_json::to_vec(&done).unwrap_or_default().into())
        })
    }

    /// Erases the leads of a person, named in JSON; how many, as JSON.
    #[napi]
    pub fn forget(&self, person: String, now: Option<f64>) -> Result<Buffer> {
        guarded(|| {
            let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
            let engine = self.engine()?;
            let person = Person::read(&person);
            let done = person.and_then(|person| forget(engine.store(), engine.tenant(), &person, now, &mut |_| {}));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// The error ledger, as JSON.
    #[napi]
    pub fn errors(&self) -> Result<Buffer> {
        guarded(|| {
            let rows = self.engine()?.problems().map_err(|error| fault(&error))?;
            Ok(serde_json::to_vec(&rows).unwrap_or_default().into())
        })
    }

    /// Leads with a problem, decided again; as JSON.
    #[napi]
    pub fn retry(&self, problem: String, now: Option<f64>, seed: f64, dry: bool) -> Result<Buffer> {
        guarded(|| {
            let tick = tick(now, seed).map_err(|error| fault(&error))?;
            let done = self.engine()?.retry_named(&problem, tick, dry).map_err(|error| fault(&error))?;
            Ok(serde_json::to_vec(&done).unwrap_or_default().into())
        })
    }

    /// A report, asked and answered in JSON.
    #[napi]
    pub fn report(&self, query: String) -> Result<Buffer> {
        guarded(|| {
            let engine = self.engine()?;
            let rows = SumsQuery::read(&query).and_then(|query| engine.store().sums(engine.tenant(), &query));
            Ok(serde_json::to_vec(&rows.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// A statement, asked and answered in JSON.
    #[napi]
    pub fn statement(&self, query: String) -> Result<Buffer> {
        guarded(|| {
            let engine = self.engine()?;
            let found = StatementQuery::read(&query).and_then(|query| engine.statement(&query));
            Ok(serde_json::to_vec(&found.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// The closed statements of a party, or of all, as JSON.
    #[napi]
    pub fn statements(&self, party: Option<String>) -> Result<Buffer> {
        guarded(|| {
            let engine = self.engine()?;
            let found = party_of(party.as_deref()).and_then(|party| engine.statements(party.as_ref()));
            Ok(serde_json::to_vec(&found.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// What every account stands at, as JSON.
    #[napi]
    pub fn balances(&self) -> Result<Buffer> {
        guarded(|| {
            let found = self.engine()?.balances().map_err(|error| fault(&error))?;
            Ok(serde_json::to_vec(&found).unwrap_or_default().into())
        })
    }

    /// Leads that wait, each behind its place, as JSON.
    #[napi]
    pub fn queue(&self, after: f64, limit: u32) -> Result<Buffer> {
        guarded(|| {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place came from us")]
            let rows = self.engine()?.queue(after as u64, usize::try_from(limit).unwrap_or(1));
            Ok(serde_json::to_vec(&rows.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// Hands out leads to send, as JSON; what is asked for is JSON.
    #[napi]
    pub fn claim(&self, claim: String, now: Option<f64>) -> Result<Buffer> {
        guarded(|| {
            let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
            let engine = self.engine()?;
            let done = ClaimDeliveries::read(&claim).and_then(|claim| engine.claim(&claim, now));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// How an attempt ended, named in JSON; what becomes of the delivery, as JSON.
    #[napi]
    pub fn delivered(&self, id: String, outcome: String, now: Option<f64>) -> Result<Buffer> {
        guarded(|| {
            let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
            let engine = self.engine()?;
            let done = DeliveryOutcome::read(&outcome).and_then(|outcome| engine.delivered(&id, &outcome, now));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// How much is still to be delivered, as JSON.
    #[napi]
    pub fn outbox(&self) -> Result<Buffer> {
        guarded(|| {
            let rows = self.engine()?.outbox().map_err(|error| fault(&error))?;
            Ok(serde_json::to_vec(&rows).unwrap_or_default().into())
        })
    }

    /// Where the breakers of buyers stand, as JSON.
    #[napi]
    pub fn breakers(&self, now: Option<f64>) -> Result<Buffer> {
        guarded(|| {
            let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
            let rows = self.engine()?.breakers(now).map_err(|error| fault(&error))?;
            Ok(serde_json::to_vec(&rows).unwrap_or_default().into())
        })
    }

    /// Deliveries in a state, as JSON; without one all that are not done.
    #[napi]
    pub fn deliveries(&self, state: Option<String>, after: f64, limit: u32) -> Result<Buffer> {
        guarded(|| {
            let state = state.as_deref().map(state_of).transpose().map_err(|error| fault(&error))?;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place came from us")]
            let rows = self.engine()?.deliveries(state, after as u64, usize::try_from(limit).unwrap_or(1));
            Ok(serde_json::to_vec(&rows.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// One delivery by its key, as JSON; `null` where there is none.
    #[napi]
    pub fn delivery(&self, key: String) -> Result<Buffer> {
        guarded(|| {
            let found = self.engine()?.delivery(&key).map_err(|error| fault(&error))?;
            Ok(serde_json::to_vec(&found).unwrap_or_default().into())
        })
    }

    /// Lets what was given up be tried again, named in JSON; what, as JSON.
    #[napi]
    pub fn redrive(&self, said: String, now: Option<f64>) -> Result<Buffer> {
        guarded(|| {
            let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
            let engine = self.engine()?;
            let done = Redrive::read(&said).and_then(|said| engine.redrive(&said, now));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// Decides leads whose time has come.
    #[napi]
    pub fn work_queue(&self, now: Option<f64>, seed: f64, most: u32) -> Result<Vec<Answer>> {
        guarded(|| {
            let tick = tick(now, seed).map_err(|error| fault(&error))?;
            let worked = self.engine()?.work_queue(tick, usize::try_from(most).unwrap_or(1));
            Ok(worked.map_err(|error| fault(&error))?.decided.into_iter().map(Answer::from).collect())
        })
    }

    /// Decides a lead that waits, as somebody says, in JSON.
    #[napi]
    pub fn release(&self, said: String, now: Option<f64>, seed: f64) -> Result<Answer> {
        guarded(|| {
            let tick = tick(now, seed).map_err(|error| fault(&error))?;
            let engine = self.engine()?;
            let decided = Release::read(&said).and_then(|said| engine.release(&said, tick));
            decided.map(Answer::from).map_err(|error| fault(&error))
        })
    }

    /// What operations have changed beside the plan, as JSON.
    #[napi]
    pub fn drift(&self, now: Option<f64>) -> Result<Buffer> {
        guarded(|| {
            let now = tick(now, 0.0).map_err(|error| fault(&error))?.now;
            let found = self.engine()?.drift(now).map_err(|error| fault(&error))?;
            Ok(serde_json::to_vec(&found).unwrap_or_default().into())
        })
    }

    /// Reads the events under a name. No types are all; `start` is `start`, `now`, or a position.
    #[napi]
    pub fn subscribe(&self, name: String, types: Vec<String>, start: String) -> Result<Subscription> {
        guarded(|| Subscription::open(&*self.engine()?, &name, &types, &start).map_err(|error| fault(&error)))
    }

    /// Who reads the events, as JSON.
    #[napi]
    pub fn subscribers(&self) -> Result<Buffer> {
        guarded(|| {
            let all = self.engine()?.subscribers().map_err(|error| fault(&error))?;
            Ok(serde_json::to_vec(&all).unwrap_or_default().into())
        })
    }

    /// Forgets a subscriber; whether there was one.
    #[napi]
    pub fn unsubscribe(&self, name: String) -> Result<bool> {
        guarded(|| {
            let engine = self.engine()?;
            let gone = subscriber_name(&name).and_then(|name| engine.unsubscribe(&name));
            gone.map_err(|error| fault(&error))
        })
    }

    /// Why each contract did or did not get a lead, as JSON.
    #[napi]
    pub fn explain(&self, id: String, all: bool, contract: Option<String>) -> Result<Buffer> {
        guarded(|| {
            let engine = self.engine()?;
            let options = ExplainOptions { all, contract, ..ExplainOptions::default() };
            let explained = explain_with(engine.store(), engine.tenant(), &decision_id(&id)?, &options);
            Ok(serde_json::to_vec(&explained.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// What would become of a lead now, and why, as JSON; nothing is recorded.
    #[napi]
    pub fn explain_lead(
        &self,
        lead: Json<'_>,
        now: Option<f64>,
        seed: f64,
        all: bool,
        contract: Option<String>,
    ) -> Result<Buffer> {
        guarded(|| {
            let engine = self.engine()?;
            let tick = tick(now, seed).map_err(|error| fault(&error))?;
            let options = ExplainOptions { all, contract, ..ExplainOptions::default() };
            let explained = engine.explain_lead(bytes(&lead), tick, &options);
            Ok(serde_json::to_vec(&explained.map_err(|error| fault(&error))?).unwrap_or_default().into())
        })
    }

    /// One decision, or the page after a position.
    #[napi]
    pub fn replay(&self, id: Option<String>, after: f64, limit: u32) -> Result<Vec<Replayed>> {
        guarded(|| {
            let engine = self.engine()?;
            let (store, tenant) = (engine.store(), engine.tenant());
            let page = match id {
                Some(id) => replay(store, tenant, &decision_id(&id)?).map(|replay| vec![(0, replay)]),
                None => Core::replay_all(store, tenant, position(after), usize::try_from(limit).unwrap_or(1)),
            };
            Ok(page.map_err(|error| fault(&error))?.into_iter().map(replayed).collect())
        })
    }
}

impl Engine {
    pub(crate) fn engine(&self) -> Result<Arc<Core>> {
        let engine = self.inner.read().unwrap_or_else(PoisonError::into_inner).clone();
        engine.ok_or_else(|| fault(&Error::new(Code::EngineClosed, "")))
    }
}

fn open(path: Option<&str>, relaxed: bool, keys: Option<Vec<HostKey>>) -> std::result::Result<Arc<dyn Store>, Error> {
    let Some(path) = path else { return Ok(Arc::new(MemoryStore::new())) };
    if is_url(path) && keys.is_some() {
        return Err(Error::new(Code::InputBadOption, "`keys`: leads are encrypted in a file only"));
    }
    if is_url(path) {
        let durability = if relaxed { Durability::Relaxed } else { Durability::Full };
        let options = PostgresOptions { durability, ..PostgresOptions::default() };
        return Ok(Arc::new(PostgresStore::with_options(path, options)?));
    }
    let keys = keys.map(|keys| Keys::new(keys.into_iter().map(|given| (given.id, given.key)))).transpose()?;
    let durability = if relaxed { Durability::Relaxed } else { Durability::Full };
    let options = SqliteOptions { durability, keys, ..SqliteOptions::default() };
    Ok(Arc::new(SqliteStore::with_options(path, options)?))
}

fn decision_id(text: &str) -> Result<DecisionId> {
    text.parse().map_err(|_| fault(&Error::new(Code::ReplayNotFound, text)))
}

fn replayed((seq, replay): (u64, Replay)) -> Replayed {
    Replayed { seq: crate::answers::number(seq), id: replay.id.to_string(), same: replay.same }
}

/// A position that `replay` or an event gave.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it came from a u64 below 2^53")]
pub(crate) fn position(seq: f64) -> u64 {
    seq as u64
}
