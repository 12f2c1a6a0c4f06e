//! The engine.

use crate::events::Subscription;
use crate::fault::{fault, guarded};
use crate::input;
use crate::lists::SuppressionList;
use crate::plan::Plan;
use leadwright::books::{StatementQuery, party_of};
use leadwright::care::forget;
use leadwright::engine::{Decided, EngineOptions, ExplainOptions, Line, Replay, explain_with, replay};
use leadwright::events::subscriber_name;
use leadwright::model::{Code, DecisionId, Durability, EngineVersion, Error, TenantId};
use leadwright::operate::{
    ClaimDeliveries, DeliveryOutcome, Observation, Operation, Person, Redrive, Release, Reserve, state_of,
};
use leadwright::parity::ledger::Parity;
use leadwright::store::{Keys, MemoryStore, SqliteOptions, SqliteStore, Store, SumsQuery};
use leadwright_cli::SystemStopwatch;
use leadwright_postgres::{PostgresOptions, PostgresStore, is_url};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::sync::{Arc, PoisonError, RwLock};

type Core = leadwright::engine::Engine;

/// Decides leads by a plan, on the state of a store.
#[pyclass(frozen, weakref, module = "leadwright._leadwright")]
pub(crate) struct Engine {
    inner: RwLock<Option<Arc<Core>>>,
}

/// Body, position in the log, durability, replayed; for a line that was none only the body.
type Answer<'py> = (Bound<'py, PyBytes>, Option<(u64, &'static str, bool)>);

/// What stops a batch.
enum Stop {
    Core(Error),
    Python(PyErr),
}

impl Stop {
    fn raised(self, py: Python<'_>) -> PyErr {
        match self {
            Stop::Core(error) => fault(py, &error),
            Stop::Python(error) => error,
        }
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Core(error)
    }
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(signature = (plan, store, tenant, relaxed, keys, version))]
    fn new(
        py: Python<'_>,
        plan: &Plan,
        store: Option<&str>,
        tenant: &str,
        relaxed: bool,
        keys: Option<Vec<(String, Vec<u8>)>>,
        version: Option<(String, String)>,
    ) -> PyResult<Self> {
        guarded(py, || {
            let wrong = |error| Error::new(Code::InputBadOption, format!("`tenant`: {error}"));
            let tenant = TenantId::new(tenant).map_err(|error| fault(py, &wrong(error)))?;
            let engine = version.map(|(version, data)| EngineVersion { version, data });
            let options = EngineOptions { tenant, engine, ..EngineOptions::default() };
            let plan = plan.inner.clone();
            let open = || -> Result<Core, Error> {
                let store: Arc<dyn Store> = match store {
                    None => Arc::new(MemoryStore::new()),
                    Some(url) if is_url(url) && keys.is_none() => {
                        let durability = if relaxed { Durability::Relaxed } else { Durability::Full };
                        let options = PostgresOptions { durability, ..PostgresOptions::default() };
                        Arc::new(PostgresStore::with_options(url, options)?)
                    }
                    Some(url) if is_url(url) => {
                        return Err(Error::new(Code::InputBadOption, "`keys`: leads are encrypted in a file only"));
                    }
                    Some(path) => {
                        let durability = if relaxed { Durability::Relaxed } else { Durability::Full };
                        let keys = keys.map(Keys::new).transpose()?;
                        Arc::new(SqliteStore::with_options(
                            path,
                            SqliteOptions { durability, keys, ..SqliteOptions::default() },
                        )?)
                    }
                };
                let engine = Core::with_options(plan, store, options)?;
                Ok(engine.timed_by(Arc::new(SystemStopwatch::default())).counted())
            };
            let engine = py.detach(open).map_err(|error| fault(py, &error))?;
            Ok(Self { inner: RwLock::new(Some(Arc::new(engine))) })
        })
    }

    fn close(&self) {
        drop(self.inner.write().unwrap_or_else(PoisonError::into_inner).take());
    }

    #[pyo3(signature = (lead, now, seed, dry))]
    fn decide<'py>(
        &self,
        py: Python<'py>,
        lead: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        seed: &Bound<'_, PyAny>,
        dry: bool,
    ) -> PyResult<Answer<'py>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let (lead, tick) = (input::lead(lead)?, input::tick(now, seed)?);
            let decided = py.detach(|| if dry { engine.dry_run(&lead, tick) } else { engine.decide(&lead, tick) });
            Ok(answer(py, decided.map_err(|error| fault(py, &error))?))
        })
    }

    /// JSON Lines in and out; the GIL is free between the batches, and Ctrl-C is heard.
    #[pyo3(signature = (leads, now, seed, threads))]
    fn decide_batch<'py>(
        &self,
        py: Python<'py>,
        leads: &[u8],
        now: Option<&Bound<'py, PyAny>>,
        seed: &Bound<'_, PyAny>,
        threads: usize,
    ) -> PyResult<Vec<Answer<'py>>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let tick = input::tick(now, seed)?;
            let mut lines = Vec::new();
            let done = py.detach(|| {
                leadwright_cli::decide_lines(&engine, leads, tick, threads, |answers| {
                    lines.extend(answers);
                    Python::attach(|py| py.check_signals()).map_err(Stop::Python)
                })
            });
            done.map_err(|stop| stop.raised(py))?;
            Ok(lines.into_iter().map(|line| answer_to_line(py, line)).collect())
        })
    }

    /// JSON Lines in, rows of bytes out; the GIL is free between the batches, and Ctrl-C is heard.
    #[pyo3(signature = (leads, now, seed, threads))]
    fn prepare_batch<'py>(
        &self,
        py: Python<'py>,
        leads: &[u8],
        now: Option<&Bound<'py, PyAny>>,
        seed: &Bound<'_, PyAny>,
        threads: usize,
    ) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let tick = input::tick(now, seed)?;
            let mut rows = Vec::new();
            py.detach(|| {
                leadwright_cli::prepare_rows(&engine, leads, tick, threads, |some| {
                    rows.extend(some);
                    Python::attach(|py| py.check_signals())
                })
            })?;
            Ok(rows.into_iter().map(|row| PyBytes::new(py, &row)).collect())
        })
    }

    /// Settles rows; the first is the line of this number. The GIL is free between the batches, and Ctrl-C is heard.
    fn settle_batch<'py>(
        &self,
        py: Python<'py>,
        rows: Vec<Bound<'py, PyBytes>>,
        line: u64,
    ) -> PyResult<Vec<Answer<'py>>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let rows: Vec<&[u8]> = rows.iter().map(|row| row.as_bytes()).collect();
            let mut lines = Vec::with_capacity(rows.len());
            let done = py.detach(|| {
                leadwright_cli::settle_rows(&engine, &rows, line, |answers| {
                    lines.extend(answers);
                    Python::attach(|py| py.check_signals()).map_err(Stop::Python)
                })
            });
            done.map_err(|stop| stop.raised(py))?;
            Ok(lines.into_iter().map(|line| answer_to_line(py, line)).collect())
        })
    }

    /// Gives it a list that its plan keeps outside of it.
    fn set_list(&self, py: Python<'_>, name: &str, list: &SuppressionList) -> PyResult<()> {
        guarded(py, || self.open(py)?.set_list(name, list.inner.shared()).map_err(|error| fault(py, &error)))
    }

    /// Before a fork; a closed engine has nothing to let go of.
    fn rest(&self, py: Python<'_>) -> Option<Resting> {
        let engine = self.inner.read().unwrap_or_else(PoisonError::into_inner).clone()?;
        py.detach(|| engine.rest());
        Some(Resting(Rests::Engine(engine)))
    }

    /// Leads, transactions, the most leads of one, and how many were turned away.
    fn counts(&self, py: Python<'_>) -> PyResult<(u64, u64, usize, u64)> {
        let counts = self.open(py)?.counts();
        Ok((counts.leads, counts.transactions, counts.most, counts.turned_away))
    }

    /// What was counted since the engine was opened, as JSON.
    fn metrics(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        guarded(py, || Ok(serde_json::to_vec(&self.open(py)?.metrics()).unwrap_or_default()))
    }

    /// The same as Prometheus scrapes it.
    fn prometheus(&self, py: Python<'_>) -> PyResult<String> {
        guarded(py, || Ok(self.open(py)?.metrics().to_prometheus()))
    }

    fn swap(&self, py: Python<'_>, plan: &Plan) -> PyResult<()> {
        guarded(py, || {
            let engine = self.open(py)?;
            let plan = plan.inner.clone();
            py.detach(|| engine.swap(plan)).map(drop).map_err(|error| fault(py, &error))
        })
    }

    /// The hash of the plan that is decided by now.
    fn plan_hash(&self, py: Python<'_>) -> PyResult<String> {
        Ok(self.open(py)?.plan().hash().to_owned())
    }

    /// An operation, a dict or JSON; what was written into the log, as JSON.
    fn operate(
        &self,
        py: Python<'_>,
        operation: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let (operation, now) = (input::operation(operation)?, input::time(now)?);
            let done = py.detach(|| engine.operate(&Operation::read(&operation)?, now));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// Takes down what another system did with a lead; the decision that says so, and ours where that is asked for.
    fn observe<'py>(
        &self,
        py: Python<'py>,
        lead: &Bound<'py, PyAny>,
        seen: &Bound<'_, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        seed: &Bound<'_, PyAny>,
    ) -> PyResult<(Answer<'py>, Option<Answer<'py>>)> {
        guarded(py, || {
            let engine = self.open(py)?;
            let (lead, seen, tick) = (input::lead(lead)?, input::operation(seen)?, input::tick(now, seed)?);
            let done = py.detach(|| engine.observe(&lead, &Observation::read(&seen)?, tick));
            let done = done.map_err(|error| fault(py, &error))?;
            Ok((answer(py, done.told), done.ours.map(|ours| answer(py, ours))))
        })
    }

    /// Takes room from limits for another system, named in a dict or JSON; what became of it, as JSON.
    fn reserve_external(
        &self,
        py: Python<'_>,
        reserve: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let (reserve, now) = (input::operation(reserve)?, input::time(now)?);
            let done = py.detach(|| engine.reserve_external(&Reserve::read(&reserve)?, now));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// What was reserved is sold; as JSON.
    fn confirm_external(&self, py: Python<'_>, key: &str, now: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let (engine, now) = (self.open(py)?, input::time(now)?);
            let done = py.detach(|| engine.confirm_external(key, now));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// What was reserved is given back; as JSON, `null` where nothing was.
    fn release_external(&self, py: Python<'_>, key: &str, now: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let (engine, now) = (self.open(py)?, input::time(now)?);
            let done = py.detach(|| engine.release_external(key, now));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// Erases the leads of a person, named in a dict or JSON; how many, as JSON.
    fn forget(&self, py: Python<'_>, person: &Bound<'_, PyAny>, now: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let (person, now) = (input::operation(person)?, input::time(now)?);
            let done = py.detach(|| {
                let person = Person::read(&person)?;
                forget(engine.store(), engine.tenant(), &person, now, &mut |_| {})
            });
            Ok(serde_json::to_vec(&done.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// The error ledger, as JSON.
    fn errors(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let rows = py.detach(|| engine.problems()).map_err(|error| fault(py, &error))?;
            Ok(serde_json::to_vec(&rows).unwrap_or_default())
        })
    }

    /// Leads with a problem, decided again; as JSON.
    fn retry(
        &self,
        py: Python<'_>,
        problem: &str,
        now: Option<&Bound<'_, PyAny>>,
        seed: &Bound<'_, PyAny>,
        dry: bool,
    ) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let tick = input::tick(now, seed)?;
            let done = py.detach(|| engine.retry_named(problem, tick, dry)).map_err(|error| fault(py, &error))?;
            Ok(serde_json::to_vec(&done).unwrap_or_default())
        })
    }

    /// A report, asked and answered in JSON.
    fn report(&self, py: Python<'_>, query: &str) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let rows = py.detach(|| engine.store().sums(engine.tenant(), &SumsQuery::read(query)?));
            Ok(serde_json::to_vec(&rows.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// A statement, asked and answered in JSON.
    fn statement(&self, py: Python<'_>, query: &str) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let found = py.detach(|| engine.statement(&StatementQuery::read(query)?));
            Ok(serde_json::to_vec(&found.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// The closed statements of a party, or of all, as JSON.
    fn statements(&self, py: Python<'_>, party: Option<&str>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let found = py.detach(|| engine.statements(party_of(party)?.as_ref()));
            Ok(serde_json::to_vec(&found.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// What every account stands at, as JSON.
    fn balances(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let found = py.detach(|| engine.balances()).map_err(|error| fault(py, &error))?;
            Ok(serde_json::to_vec(&found).unwrap_or_default())
        })
    }

    /// Leads that wait, each behind its place, as JSON.
    fn queue(&self, py: Python<'_>, after: u64, limit: usize) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let rows = py.detach(|| engine.queue(after, limit)).map_err(|error| fault(py, &error))?;
            Ok(serde_json::to_vec(&rows).unwrap_or_default())
        })
    }

    /// Hands out leads to send, as JSON; what is asked for is JSON.
    fn claim(&self, py: Python<'_>, claim: &Bound<'_, PyAny>, now: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let (claim, now) = (input::operation(claim)?, input::time(now)?);
            let done = py.detach(|| engine.claim(&ClaimDeliveries::read(&claim)?, now));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// How an attempt ended, named in JSON; what becomes of the delivery, as JSON.
    fn delivered(
        &self,
        py: Python<'_>,
        id: &str,
        outcome: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let (outcome, now) = (input::operation(outcome)?, input::time(now)?);
            let done = py.detach(|| engine.delivered(id, &DeliveryOutcome::read(&outcome)?, now));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// How much is still to be delivered, as JSON.
    fn outbox(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let rows = py.detach(|| engine.outbox()).map_err(|error| fault(py, &error))?;
            Ok(serde_json::to_vec(&rows).unwrap_or_default())
        })
    }

    /// Where the breakers of buyers stand, as JSON.
    fn breakers(&self, py: Python<'_>, now: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let now = input::time(now)?;
            let rows = py.detach(|| engine.breakers(now)).map_err(|error| fault(py, &error))?;
            Ok(serde_json::to_vec(&rows).unwrap_or_default())
        })
    }

    /// Deliveries in a state, as JSON; without one all that are not done.
    fn deliveries(&self, py: Python<'_>, state: Option<&str>, after: u64, limit: usize) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let state = state.map(state_of).transpose().map_err(|error| fault(py, &error))?;
            let rows = py.detach(|| engine.deliveries(state, after, limit)).map_err(|error| fault(py, &error))?;
            Ok(serde_json::to_vec(&rows).unwrap_or_default())
        })
    }

    /// One delivery by its key, as JSON; `null` where there is none.
    fn delivery(&self, py: Python<'_>, key: &str) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let found = py.detach(|| engine.delivery(key)).map_err(|error| fault(py, &error))?;
            Ok(serde_json::to_vec(&found).unwrap_or_default())
        })
    }

    /// Lets what was given up be tried again, named in JSON; what, as JSON.
    fn redrive(&self, py: Python<'_>, said: &Bound<'_, PyAny>, now: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let (said, now) = (input::operation(said)?, input::time(now)?);
            let done = py.detach(|| engine.redrive(&Redrive::read(&said)?, now));
            Ok(serde_json::to_vec(&done.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// Decides leads whose time has come.
    fn work_queue<'py>(
        &self,
        py: Python<'py>,
        now: Option<&Bound<'py, PyAny>>,
        seed: &Bound<'_, PyAny>,
        most: usize,
    ) -> PyResult<Vec<Answer<'py>>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let tick = input::tick(now, seed)?;
            let worked = py.detach(|| engine.work_queue(tick, most)).map_err(|error| fault(py, &error))?;
            Ok(worked.decided.into_iter().map(|decided| answer(py, decided)).collect())
        })
    }

    /// Decides a lead that waits, as somebody says: a dict or JSON.
    fn release<'py>(
        &self,
        py: Python<'py>,
        said: &Bound<'py, PyAny>,
        now: Option<&Bound<'py, PyAny>>,
        seed: &Bound<'_, PyAny>,
    ) -> PyResult<Answer<'py>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let (said, tick) = (input::operation(said)?, input::tick(now, seed)?);
            let decided = py.detach(|| engine.release(&Release::read(&said)?, tick));
            Ok(answer(py, decided.map_err(|error| fault(py, &error))?))
        })
    }

    fn drift(&self, py: Python<'_>, now: Option<&Bound<'_, PyAny>>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let now = input::time(now)?;
            let found = py.detach(|| engine.drift(now));
            Ok(serde_json::to_vec(&found.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// No types are all; `start` is `start`, `now`, or a position.
    fn subscribe(&self, py: Python<'_>, name: &str, types: Vec<String>, start: &str) -> PyResult<Subscription> {
        guarded(py, || {
            let engine = self.open(py)?;
            py.detach(|| Subscription::open(&engine, name, &types, start)).map_err(|error| fault(py, &error))
        })
    }

    /// Who reads the events, as JSON.
    fn subscribers(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let all = py.detach(|| engine.subscribers());
            Ok(serde_json::to_vec(&all.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    fn unsubscribe(&self, py: Python<'_>, name: &str) -> PyResult<bool> {
        guarded(py, || {
            let engine = self.open(py)?;
            let gone = py.detach(|| engine.unsubscribe(&subscriber_name(name)?));
            gone.map_err(|error| fault(py, &error))
        })
    }

    fn explain(&self, py: Python<'_>, id: &str, all: bool, contract: Option<String>) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let id = decision_id(py, id)?;
            let options = ExplainOptions { all, contract, ..ExplainOptions::default() };
            let explained = py.detach(|| explain_with(engine.store(), engine.tenant(), &id, &options));
            Ok(serde_json::to_vec(&explained.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// What would become of a lead now; nothing is recorded.
    fn explain_lead(
        &self,
        py: Python<'_>,
        lead: &Bound<'_, PyAny>,
        now: Option<&Bound<'_, PyAny>>,
        seed: &Bound<'_, PyAny>,
        all: bool,
        contract: Option<String>,
    ) -> PyResult<Vec<u8>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let (lead, tick) = (input::lead(lead)?, input::tick(now, seed)?);
            let options = ExplainOptions { all, contract, ..ExplainOptions::default() };
            let explained = py.detach(|| engine.explain_lead(&lead, tick, &options));
            Ok(serde_json::to_vec(&explained.map_err(|error| fault(py, &error))?).unwrap_or_default())
        })
    }

    /// One decision, or the page after a position: (position, id, same) for each.
    #[pyo3(signature = (id, after, limit))]
    fn replay(&self, py: Python<'_>, id: Option<&str>, after: u64, limit: usize) -> PyResult<Vec<(u64, String, bool)>> {
        guarded(py, || {
            let engine = self.open(py)?;
            let id = id.map(|id| decision_id(py, id)).transpose()?;
            let done = py.detach(|| -> Result<Vec<(u64, Replay)>, Error> {
                match id {
                    Some(id) => Ok(vec![(0, replay(engine.store(), engine.tenant(), &id)?)]),
                    None => Core::replay_all(engine.store(), engine.tenant(), after, limit),
                }
            });
            let pages = done.map_err(|error| fault(py, &error))?;
            Ok(pages.into_iter().map(|(seq, replay)| (seq, replay.id.to_string(), replay.same)).collect())
        })
    }
}

/// An engine or a ledger that waits for a fork, also when it is closed meanwhile: somebody may still be about to use it.
#[pyclass(frozen, module = "leadwright._leadwright")]
pub(crate) struct Resting(pub(crate) Rests);

/// What rests.
pub(crate) enum Rests {
    Engine(Arc<Core>),
    Parity(Arc<Parity>),
}

#[pymethods]
impl Resting {
    /// After the fork, in the parent.
    fn wake(&self, py: Python<'_>) {
        py.detach(|| match &self.0 {
            Rests::Engine(engine) => engine.wake(),
            Rests::Parity(parity) => parity.ledger().wake(),
        });
    }
}

impl Engine {
    pub(crate) fn open(&self, py: Python<'_>) -> PyResult<Arc<Core>> {
        let engine = self.inner.read().unwrap_or_else(PoisonError::into_inner).clone();
        engine.ok_or_else(|| fault(py, &Error::new(Code::EngineClosed, "")))
    }
}

fn decision_id(py: Python<'_>, text: &str) -> PyResult<DecisionId> {
    text.parse().map_err(|_| fault(py, &Error::new(Code::ReplayNotFound, text)))
}

fn answer_to_line(py: Python<'_>, line: Line) -> Answer<'_> {
    match line {
        Line::Decided(decided) => answer(py, decided),
        Line::Refused(bytes) => (PyBytes::new(py, &bytes), None),
    }
}

fn answer(py: Python<'_>, decided: Decided) -> Answer<'_> {
    let durability = match decided.receipt.durability {
        Durability::Full => "full",
        Durability::Relaxed => "relaxed",
        Durability::Memory => "memory",
        Durability::None => "none",
    };
    (PyBytes::new(py, &decided.body), Some((decided.receipt.seq, durability, decided.receipt.replayed)))
}
