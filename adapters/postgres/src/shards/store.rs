//! A store over several databases.

use super::map::ShardMap;
use crate::leases::Leasing;
use crate::options::PostgresOptions;
use crate::store::PostgresStore;
use leadwright::model::{Code, DecisionId, Durability, Error, Event, LeadId, TenantId, Timestamp, Waiting};
use leadwright::store::{
    HistoryLead, OutboxEntry, ProblemGroup, RollupAdd, Store, Stored, Sums, SumsQuery, Transaction, View,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Several databases as one store: whatever is asked names a tenant, and its tenant is in one of them. A transaction is of
/// one tenant, so it never spans two databases.
///
/// ```no_run
/// use leadwright_postgres::{PostgresOptions, ShardMap, ShardedStore};
/// let map = ShardMap::parse(&std::fs::read_to_string("shards.json").map_err(|_| "no map")?)?;
/// let store = ShardedStore::open(map, &PostgresOptions::default())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ShardedStore {
    map: ShardMap,
    shards: BTreeMap<String, Arc<PostgresStore>>,
    /// The same databases without leases, for what goes from one to another.
    plain: BTreeMap<String, Arc<PostgresStore>>,
}

impl ShardedStore {
    /// Connects to all shards. Caps that the map leases are shared by them.
    ///
    /// # Errors
    /// As [`PostgresStore::with_options`].
    pub fn open(map: ShardMap, options: &PostgresOptions) -> Result<Self, Error> {
        let open = |url: &str| PostgresStore::with_options(url, options.clone());
        let plain: BTreeMap<String, Arc<PostgresStore>> = map
            .shards()
            .map(|(name, url)| Ok((name.to_owned(), Arc::new(open(url)?))))
            .collect::<Result<_, Error>>()?;
        let home = map.home().and_then(|home| plain.get(home)).filter(|_| !map.leased().is_empty());
        let Some(home) = home else { return Ok(Self { map, shards: plain, plain: BTreeMap::new() }) };
        let mut shards = BTreeMap::new();
        for (name, url) in map.shards() {
            let leasing = Leasing::new(name, map.leased().iter().map(String::as_str)).at(home.clone());
            let others = plain.iter().filter(|(other, _)| *other != name);
            let leasing = others.fold(leasing, |leasing, (other, store)| leasing.with_shard(other, store.clone()));
            let store = PostgresStore::later(url, options.clone())?.leasing(leasing);
            shards.insert(name.to_owned(), Arc::new(store));
        }
        Ok(Self { map, shards, plain })
    }

    /// The map.
    pub fn map(&self) -> &ShardMap {
        &self.map
    }

    /// One shard.
    ///
    /// # Errors
    /// `input.bad_option` where the map has none of that name.
    pub fn shard(&self, name: &str) -> Result<&PostgresStore, Error> {
        let found = self.shards.get(name).map(|store| &**store);
        found.ok_or_else(|| Error::new(Code::InputBadOption, format!("no shard is called `{name}`")))
    }

    /// The shard of a tenant.
    ///
    /// # Errors
    /// `input.bad_option` where the map says nothing of it.
    pub fn of(&self, tenant: &TenantId) -> Result<&PostgresStore, Error> {
        self.shard(self.map.shard_of(tenant.as_str())?)
    }
}

impl std::fmt::Debug for ShardedStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ShardedStore({:?})", self.map)
    }
}

impl Store for ShardedStore {
    fn write(
        &self,
        tenant: &TenantId,
        work: &mut dyn FnMut(&mut dyn Transaction) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.of(tenant)?.write(tenant, work)
    }

    fn read(&self, tenant: &TenantId, work: &mut dyn FnMut(&dyn View) -> Result<(), Error>) -> Result<(), Error> {
        self.of(tenant)?.read(tenant, work)
    }

    fn decision(&self, tenant: &TenantId, id: &DecisionId) -> Result<Option<Stored>, Error> {
        self.of(tenant)?.decision(tenant, id)
    }

    fn find(&self, tenant: &TenantId, lead: &LeadId) -> Result<Vec<DecisionId>, Error> {
        self.of(tenant)?.find(tenant, lead)
    }

    fn decisions(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<Stored>, Error> {
        self.of(tenant)?.decisions(tenant, after, limit)
    }

    /// Plans are of no tenant: every shard has them.
    fn put_plan(&self, hash: &str, bundle: &str) -> Result<(), Error> {
        self.shards.values().try_for_each(|shard| shard.put_plan(hash, bundle))
    }

    fn plan(&self, hash: &str) -> Result<Option<String>, Error> {
        for shard in self.shards.values() {
            if let Some(found) = shard.plan(hash)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn outbox(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, OutboxEntry)>, Error> {
        self.of(tenant)?.outbox(tenant, after, limit)
    }

    fn events(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, Event)>, Error> {
        self.of(tenant)?.events(tenant, after, limit)
    }

    fn queue(
        &self,
        tenant: &TenantId,
        due: Option<Timestamp>,
        after: u64,
        limit: usize,
    ) -> Result<Vec<(u64, Waiting)>, Error> {
        self.of(tenant)?.queue(tenant, due, after, limit)
    }

    fn history(&self, tenant: &TenantId, after: u64, limit: usize) -> Result<Vec<(u64, HistoryLead)>, Error> {
        self.of(tenant)?.history(tenant, after, limit)
    }

    fn rollups(&self, tenant: &TenantId) -> Result<Vec<RollupAdd>, Error> {
        self.of(tenant)?.rollups(tenant)
    }

    fn problems(&self, tenant: &TenantId) -> Result<Vec<ProblemGroup>, Error> {
        self.of(tenant)?.problems(tenant)
    }

    fn sums(&self, tenant: &TenantId, query: &SumsQuery) -> Result<Vec<Sums>, Error> {
        self.of(tenant)?.sums(tenant, query)
    }

    fn erased(&self, tenant: &TenantId) -> Result<u64, Error> {
        self.of(tenant)?.erased(tenant)
    }

    fn fetches_ahead(&self) -> bool {
        true
    }

    fn rest(&self) {
        self.shards.values().chain(self.plain.values()).for_each(|shard| shard.rest());
    }

    fn wake(&self) {
        self.shards.values().chain(self.plain.values()).for_each(|shard| shard.wake());
    }

    fn durability(&self) -> Durability {
        let is_relaxed = self.shards.values().any(|shard| shard.durability() == Durability::Relaxed);
        if is_relaxed { Durability::Relaxed } else { Durability::Full }
    }
}
