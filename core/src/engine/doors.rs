//! The engine: a plan and a store.

use super::active::Active;
use super::beside::give_back_what_is_over;
use super::fall::Offers;
use super::held::unless_held;
use super::lists::{Given, fits};
use super::observe::Observers;
use super::prepare::{Asked, Prepared, prepare};
use super::reads::{Logged, Reads, Request, State, request, same_since};
use super::record::{Frame, Settled};
use super::scout::fetch_ahead;
use super::spans::span;
use super::together::{SettleCounts, Together, WAITING, Waiter};
use super::waits::Waited;
use crate::lists::SuppressionList;
use crate::model::limits::BATCH;
use crate::model::{
    Code, DecisionId, Durability, EngineVersion, Error, Money, Outcome, Receipt, TenantId, Tick, Timestamp, Waiting,
};
use crate::plan::Plan;
use crate::plan::list::From;
use crate::store::{Store, Transaction, View};
use std::borrow::Cow;
use std::sync::{Arc, PoisonError, RwLock};

/// An engine's settings.
#[derive(Clone, Debug, Default)]
pub struct EngineOptions {
    /// Whose leads these are; `main` by default.
    pub tenant: TenantId,
    /// What the decisions say about who made them; the library's own version by default. Golden vectors pin it.
    pub engine: Option<EngineVersion>,
    /// How many leads may wait for the transaction of others before [`decide`](Engine::decide) turns the next one away
    /// with `engine.busy`; 8,192 by default.
    pub waiting: Option<usize>,
}

/// Decides leads by a plan, on the state of a store. Share it between threads.
pub struct Engine {
    plan: RwLock<Arc<Plan>>,
    store: Arc<dyn Store>,
    /// The lists that do not belong to the plan.
    lists: RwLock<Arc<Given>>,
    /// Callers that decide at the same time.
    together: Together,
    /// The plan that the log was told of.
    active: Active,
    pub(super) observers: Observers,
    tenant: TenantId,
    pub(super) version: EngineVersion,
}

/// A decision as it was recorded.
#[derive(Clone, PartialEq, Eq)]
pub struct Decided {
    /// `<source>/<lead>.<n>`.
    pub id: DecisionId,
    /// What became of the lead.
    pub outcome: Outcome,
    /// The decision as JSON: the same bytes from every language. Personal data.
    pub body: Vec<u8>,
    /// What the store says.
    pub receipt: Receipt,
}

impl std::fmt::Debug for Decided {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Decided({} {} {:?})", self.id, self.outcome.as_str(), self.receipt)
    }
}

impl Engine {
    /// An engine for the tenant `main`.
    ///
    /// # Errors
    /// `store.*`; `plan.bundle_damaged` when the plan came without its lists.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": {
    /// #         "in": { "roofing/all": {} }, "where": { "state": "IL" }, "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// # }"#)]);
    /// use leadwright::{engine::Engine, model::{Outcome, Tick}, store::MemoryStore};
    /// let plan = Plan::load(&files, "plan.jsonc")?;
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let lead = br#"{"id":"L1","source":"web","phone":"312-867-5309","zip":"60601"}"#;
    /// let decided = engine.decide(lead, Tick::at("2026-11-24T15:30:00Z".parse()?))?;
    /// assert_eq!(decided.outcome, Outcome::Assigned);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(plan: Plan, store: impl Store + 'static) -> Result<Self, Error> {
        Self::with_options(plan, Arc::new(store), EngineOptions::default())
    }

    /// An engine with settings, on a store that others may share.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn with_options(plan: Plan, store: Arc<dyn Store>, options: EngineOptions) -> Result<Self, Error> {
        keep(&plan, &*store)?;
        Ok(Self {
            plan: RwLock::new(Arc::new(plan)),
            store,
            lists: RwLock::default(),
            together: Together::new(options.waiting.unwrap_or(WAITING)),
            active: Active::default(),
            observers: Observers::default(),
            tenant: options.tenant,
            version: options.engine.unwrap_or_else(EngineVersion::current),
        })
    }

    /// The plan that is decided by now.
    pub fn plan(&self) -> Arc<Plan> {
        self.plan.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Decides by another plan from now on, and gives the one of before. Counters and turns go by the ids of contracts
    /// and survive (rule 86).
    ///
    /// # Errors
    /// As [`open`](Self::open); the old plan then stays.
    pub fn swap(&self, plan: Plan) -> Result<Arc<Plan>, Error> {
        keep(&plan, &*self.store)?;
        let mut current = self.plan.write().unwrap_or_else(PoisonError::into_inner);
        Ok(std::mem::replace(&mut *current, Arc::new(plan)))
    }

    /// Gives the engine a list that its plan keeps outside of it (`compiled` or `host`), or another state of one that
    /// it has. Leads that are prepared from now on are looked up in it; nobody waits. Until it is given, the list
    /// counts as missing, and nothing is sold that it could suppress (rule 75).
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "lists": { "opt-outs": { "host": true, "of": "phone" } }, "intake": { "suppress": ["opt-outs"] },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } },
    /// #     "buyers": { "acme": { "contracts": { "acme-il": {
    /// #         "in": { "roofing/all": {} }, "sell": { "exclusive": { "price": "40.00" } } } } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::{engine::Engine, model::{Outcome, Tick}, store::MemoryStore};
    /// use leadwright::lists::{Entries, ListOf, MemoryList};
    /// use std::sync::Arc;
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// let now = Tick::at("2026-11-24T15:30:00Z".parse()?);
    /// let lead = |id: u32| format!(r#"{{"id":"L{id}","source":"web","phone":"312-867-530{id}"}}"#);
    /// assert_eq!(engine.decide(lead(1).as_bytes(), now)?.outcome, Outcome::Suppressed, "the list is not there yet");
    ///
    /// let entries = Entries::plain(ListOf::Phone);
    /// let list = MemoryList::new(entries.clone(), "2026-11-24", entries.digests("+13125550100"));
    /// engine.set_list("opt-outs", Arc::new(list))?;
    /// assert_eq!(engine.decide(lead(2).as_bytes(), now)?.outcome, Outcome::Assigned);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `list.unfit` when the plan has no such list, keeps it itself, or takes it for something else; the list of before
    /// then stays.
    pub fn set_list(&self, name: &str, list: Arc<dyn SuppressionList>) -> Result<(), Error> {
        let plan = self.plan();
        let unfit = |why: &str| Error::new(Code::ListUnfit, format!("`{name}`: {why}"));
        let known = plan.lists.get(name).ok_or_else(|| unfit("the plan has no such list"))?;
        if matches!(known.from, From::Plan(_)) {
            return Err(unfit("it belongs to the plan"));
        }
        let about = list.about();
        if let Some(of) = about.of.filter(|of| !fits(known, *of)) {
            return Err(unfit(&format!("it holds {}, and the plan says {}", of.as_str(), known.entries.of.as_str())));
        }
        let mut lists = self.lists.write().unwrap_or_else(PoisonError::into_inner);
        let mut changed = Given::clone(&lists);
        changed.insert(name.to_owned(), list);
        *lists = Arc::new(changed);
        Ok(())
    }

    /// The lists of now.
    pub(super) fn lists(&self) -> Arc<Given> {
        self.lists.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The store, for whoever does not keep it open.
    pub(super) fn shared_store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The store.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// Whose leads these are.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// The pure half of a decision: may run in many threads at once, and be given to [`settle`](Self::settle) later.
    pub fn prepare(&self, lead: &[u8], tick: Tick) -> Prepared {
        prepare(&self.plan(), &self.tenant, lead, tick, &Asked::Now(&self.lists()))
    }

    /// Settles prepared leads in their order, up to 256 in one transaction, and answers after the commit. One that was
    /// prepared before a [`swap`](Self::swap) is prepared again by the plan of now.
    ///
    /// # Errors
    /// `store.*`. What was committed before it stays; asking again with the same leads gives the same decisions. After
    /// `store.commit_unknown` that is the way to know what became of them.
    pub fn settle(&self, leads: &[Prepared]) -> Result<Vec<Decided>, Error> {
        let plan = self.plan();
        let mut all = Vec::with_capacity(leads.len());
        for chunk in leads.chunks(BATCH) {
            span!("settle", leads = chunk.len());
            let mut decided = self.settle_surely(&plan, chunk)?;
            self.committed(&plan, &decided);
            all.append(&mut decided);
        }
        Ok(all)
    }

    /// After the commit of these.
    pub(super) fn committed(&self, plan: &Plan, decided: &[Decided]) {
        if decided.iter().any(|decided| !decided.receipt.replayed) {
            self.active.told(plan);
        }
        if !decided.is_empty() {
            self.observers.committed(decided);
        }
    }

    /// Decides leads in one transaction: what was decided, and whether it was committed.
    pub(super) fn transact(&self, plan: &Plan, leads: &[&Prepared]) -> (Vec<Decided>, Result<(), Error>) {
        let mut decided = Vec::with_capacity(leads.len());
        let wanted = self.scout(plan, leads);
        let done = self.write(&mut |transaction| {
            decided.clear();
            fetch_ahead(&*transaction, wanted.as_ref())?;
            if let Some(first) = leads.first() {
                give_back_what_is_over(self, transaction, first.tick.now)?;
            }
            for lead in leads {
                let lead = self.prepared_by(plan, lead);
                decided.push(self.settle_one(plan, &lead, transaction)?);
            }
            Ok(())
        });
        (decided, done)
    }

    /// The lead as this plan reads it: another one's places of contracts would say nothing here.
    fn prepared_by<'a>(&self, plan: &Plan, lead: &'a Prepared) -> Cow<'a, Prepared> {
        match *lead.plan == *plan.hash() {
            true => Cow::Borrowed(lead),
            false => {
                let again = prepare(plan, &self.tenant, &lead.input, lead.tick, &Asked::Now(&self.lists()));
                Cow::Owned(Prepared { asked: lead.asked.clone(), ..again })
            }
        }
    }

    /// Decides one lead, given as JSON. A bad lead is no error: it is recorded, and its decision says what is wrong.
    ///
    /// # Errors
    /// `limit.line_bytes` beyond 1 MiB; `store.*`.
    pub fn decide(&self, lead: &[u8], tick: Tick) -> Result<Decided, Error> {
        super::batch::short_enough(lead)?;
        span!("decide");
        self.decide_prepared(self.prepare(lead, tick))
    }

    pub(super) fn decide_prepared(&self, lead: Prepared) -> Result<Decided, Error> {
        let lead = Waiter { lead, begun: self.observers.begun() };
        self.together.settle(lead, &|leads| {
            leads.iter().for_each(|waiter| self.observers.waited(waiter.begun));
            self.settle_each(&leads.into_iter().map(|waiter| waiter.lead).collect::<Vec<_>>())
        })
    }

    /// Before the process forks: whoever decides finishes first, and everybody else waits until [`wake`](Self::wake).
    /// Python's `os.fork` does it by itself; a host that forks in another way calls it.
    pub fn rest(&self) {
        self.store.rest();
    }

    /// After the fork, in the parent. The child needs nothing.
    pub fn wake(&self) {
        self.store.wake();
    }

    /// How often callers of [`decide`](Self::decide) shared a transaction, since this process opened the engine.
    ///
    /// ```
    /// # use leadwright::plan::{MemoryResolver, Plan};
    /// # let files = MemoryResolver::new([("plan.jsonc", r#"{
    /// #     "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
    /// #     "verticals": { "roofing": { "extends": "us/home-services@1" } },
    /// #     "sources": { "web": { "verticals": ["roofing"] } },
    /// #     "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } }
    /// # }"#)]);
    /// # let plan = Plan::load(&files, "plan.jsonc")?;
    /// use leadwright::{engine::Engine, model::Tick, store::MemoryStore};
    /// let engine = Engine::open(plan, MemoryStore::new())?;
    /// engine.decide(br#"{"id":"L1","source":"web"}"#, Tick::at("2026-11-24T15:30:00Z".parse()?))?;
    /// assert_eq!((engine.counts().leads, engine.counts().transactions), (1, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn counts(&self) -> SettleCounts {
        self.together.counts()
    }

    /// How many callers of [`decide`](Self::decide) wait for a transaction now.
    #[cfg(feature = "metrics")]
    pub(super) fn waiting(&self) -> u64 {
        u64::try_from(self.together.waiting()).unwrap_or(u64::MAX)
    }

    /// Settles leads of different callers. What is wrong with one of them is no matter of the others: where it is not the
    /// store as a whole that fails, each is settled by itself.
    fn settle_each(&self, leads: &[Prepared]) -> Vec<Result<Decided, Error>> {
        match self.settle(leads) {
            Ok(decided) => decided.into_iter().map(Ok).collect(),
            Err(error) if leads.len() == 1 || is_of_the_store(error.code()) => {
                leads.iter().map(|_| Err(error.clone())).collect()
            }
            Err(_) => leads.iter().map(|lead| self.settle_alone(lead)).collect(),
        }
    }

    fn settle_alone(&self, lead: &Prepared) -> Result<Decided, Error> {
        let mut decided = self.settle(std::slice::from_ref(lead))?;
        decided.pop().ok_or_else(|| Error::new(Code::InternalError, "no decision was made"))
    }

    /// Decides against the state of the store, and writes nothing.
    ///
    /// # Errors
    /// As [`decide`](Self::decide).
    pub fn dry_run(&self, lead: &[u8], tick: Tick) -> Result<Decided, Error> {
        super::batch::short_enough(lead)?;
        let plan = self.plan();
        let prepared = prepare(&plan, &self.tenant, lead, tick, &Asked::Now(&self.lists()));
        let mut decided = None;
        self.store.read(&self.tenant, &mut |view| {
            let at = effective(view, prepared.tick.now)?;
            let reads = Reads { at: Some(at), n: 1, ..Reads::default() };
            let (settled, _) = self.settle_new(&plan, &prepared, view, reads, at)?;
            decided = Some(Decided {
                id: settled.decision.id,
                outcome: settled.decision.outcome,
                body: settled.effects.record.body,
                receipt: Receipt { seq: 0, durability: Durability::None, replayed: false },
            });
            Ok(())
        })?;
        decided.ok_or_else(|| Error::new(Code::InternalError, "no decision was made"))
    }

    fn settle_one(&self, plan: &Plan, lead: &Prepared, transaction: &mut dyn Transaction) -> Result<Decided, Error> {
        let durability = self.store.durability();
        let at = effective(&*transaction, lead.tick.now)?;
        let key = lead.idempotency_key.as_deref();
        let asked = request(&*transaction, &lead.source, &lead.lead, key, &lead.payload, Some(same_since(at)))?;
        let asked = match (asked, self.posted_before(lead, &*transaction)?) {
            (Request::New { .. }, Some(id)) => Request::Again(id),
            (Request::Again(id), _) => unless_held(&*transaction, id, lead)?,
            (new, None) => new,
        };
        let (n, parent, ruling) = match asked {
            Request::Again(id) => {
                let (seq, body) =
                    transaction.body(&id)?.ok_or_else(|| Error::new(Code::StoreCorrupt, id.to_string()))?;
                let outcome = outcome_of(&body)?;
                return Ok(Decided { id, outcome, body, receipt: Receipt { seq, durability, replayed: true } });
            }
            Request::New { n, parent, ruling } => (n, parent, ruling),
        };
        // A test changes nothing but the log (rule 97).
        if !lead.test {
            self.free_what_was_held(lead, transaction, at)?;
        }
        let known = Reads { at: Some(at), n, parent, ruling, ..Reads::default() };
        let (settled, reads) = self.settle_promised(plan, lead, &*transaction, known, at)?;
        let decided = self.record_settled(plan, settled, &reads, transaction)?;
        self.keep_posted(lead, &decided.id, transaction, at)?;
        Ok(decided)
    }

    /// Settles a lead that waited: the next decision about it.
    pub(super) fn settle_waited(
        &self,
        plan: &Plan,
        lead: &Prepared,
        row: &Waiting,
        waited: &Waited,
        view: &dyn View,
        at: Timestamp,
    ) -> Result<(Settled, Reads), Error> {
        let DecisionId { source, lead: of, .. } = &row.decision;
        let last = view.decided(source, of)?.map_or(0, |latest| latest.id.n);
        // A first decision that waits has sold nothing.
        let offers = if last > 1 { self.offers(view, source, of, last)? } else { None };
        let (n, parent, waited) = (last.saturating_add(1), Some(row.decision.clone()), Some(waited.clone()));
        let reads = Reads { at: Some(at), n, parent, waited, offers, ..Reads::default() };
        self.settle_new(plan, lead, view, reads, at)
    }

    pub(super) fn record_settled(
        &self,
        plan: &Plan,
        mut settled: Settled,
        reads: &Reads,
        transaction: &mut dyn Transaction,
    ) -> Result<Decided, Error> {
        settled.effects.record.reads = serde_json::to_string(reads).unwrap_or_default();
        super::ledger::tell_news(&mut settled, &*transaction)?;
        self.active.tell(plan, &self.tenant, transaction, settled.decision.at)?;
        let seq = transaction.apply(&settled.effects)?;
        let receipt = Receipt { seq, durability: self.store.durability(), replayed: false };
        let (id, outcome) = (settled.decision.id, settled.decision.outcome);
        Ok(Decided { id, outcome, body: settled.effects.record.body, receipt })
    }

    /// Settles a lead whose supplier may have been promised something: it gets that, or the lead is not taken.
    pub(super) fn settle_promised(
        &self,
        plan: &Plan,
        lead: &Prepared,
        view: &dyn View,
        reads: Reads,
        at: Timestamp,
    ) -> Result<(Settled, Reads), Error> {
        let (settled, read) = self.settle_new(plan, lead, view, reads.clone(), at)?;
        let decision = &settled.decision;
        // Who shares it with those that have it already brings only its part.
        let is_alone = reads.offers.as_ref().is_none_or(Offers::nobody_has_it);
        let breaks = |least: Money| decision.outcome == Outcome::Assigned && is_alone && decision.money.payout < least;
        if lead.asked.least.is_some_and(breaks) {
            let known = Reads { ruling: Some(Code::PingNotHonoured), ..reads };
            return self.settle_new(plan, lead, view, known, at);
        }
        Ok((settled, read))
    }

    pub(super) fn settle_new(
        &self,
        plan: &Plan,
        lead: &Prepared,
        view: &dyn View,
        reads: Reads,
        at: Timestamp,
    ) -> Result<(Settled, Reads), Error> {
        let asked = lead.asked.clone();
        let (bids, ours_until, least) = (asked.bids, asked.ours_until, asked.least);
        let reads = Reads { lists: lead.lists.clone(), bids, ours_until, least, ..reads };
        let own = reads.parent.is_some().then_some((&lead.source, &lead.lead));
        let logged = Logged::new(view, own, reads.clone());
        let frame = Frame { plan, tenant: &self.tenant, engine: &self.version, lead };
        let settled = frame.settle(&logged, &reads, at)?;
        Ok((settled, logged.into_reads()))
    }
}

/// Whether an error would meet the next lead too: trying each would only take longer.
pub(super) fn is_of_the_store(code: Code) -> bool {
    use Code::{
        StoreBusy, StoreCommitUnknown, StoreFull, StoreIo, StoreKeyFileMissing, StoreKeyMissing, StoreKeyWrong,
        StoreReadOnly, StoreUnreachable,
    };
    let of_its_disk =
        matches!(code, StoreBusy | StoreCommitUnknown | StoreFull | StoreIo | StoreReadOnly | StoreUnreachable);
    of_its_disk || matches!(code, StoreKeyFileMissing | StoreKeyMissing | StoreKeyWrong)
}

/// The clock of a store never goes back: a lease that has expired stays so (rule 96).
pub(super) fn effective(view: &dyn View, now: Timestamp) -> Result<Timestamp, Error> {
    Ok(view.last_decided_at()?.map_or(now, |last| last.max(now)))
}

#[derive(serde::Deserialize)]
struct OnlyOutcome {
    outcome: Outcome,
}

fn outcome_of(body: &[u8]) -> Result<Outcome, Error> {
    let read: Result<OnlyOutcome, _> = serde_json::from_slice(body);
    read.map(|read| read.outcome).map_err(|_| Error::new(Code::StoreCorrupt, "the body of a decision cannot be read"))
}

/// Keeps the plan beside the decisions that it will make.
fn keep(plan: &Plan, store: &dyn Store) -> Result<(), Error> {
    if let Some(name) = plan.lists.iter().find(|(_, list)| matches!(list.from, From::Plan(None))).map(|(name, _)| name)
    {
        return Err(Error::new(Code::PlanBundleDamaged, format!("the entries of the list `{name}` are not included")));
    }
    store.put_plan(plan.hash(), &plan.bundle(false))
}

/// Lets the compiler see that an engine may be shared.
const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Engine>();
    let _ = <Reads as State>::counter;
};
