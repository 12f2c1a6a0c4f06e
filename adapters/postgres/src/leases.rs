//! Caps that this store has only a part of.

use crate::link::Link;
use crate::look::get;
use crate::store::PostgresStore;
use leadwright::model::{Error, TenantId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Which caps a store shares with others, and where the whole of them is kept. See `docs/leases.md`.
///
/// Caps are named by their owner, `buyer:acme` or `contract:acme-tx`: all caps of that owner over fixed windows are leased,
/// of leads and of money.
///
/// ```no_run
/// use leadwright_postgres::{Leasing, PostgresStore};
/// use std::sync::Arc;
/// let home = Arc::new(PostgresStore::open("postgres://router@home.internal/leads")?);
/// let leasing = Leasing::new("east", ["buyer:acme"]).at(home);
/// let store = PostgresStore::open("postgres://router@east.internal/leads")?.leasing(leasing);
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Leasing {
    shard: String,
    owners: BTreeSet<String>,
    account: String,
    home: Option<Arc<PostgresStore>>,
    shards: BTreeMap<String, Arc<PostgresStore>>,
    time: Duration,
}

impl Leasing {
    /// Shares the caps of these owners, as this shard; no two databases have the same name. Home is the database itself, the
    /// account `main`, and a lease lasts 10 s.
    pub fn new<'o>(shard: &str, owners: impl IntoIterator<Item = &'o str>) -> Self {
        Self {
            shard: shard.into(),
            owners: owners.into_iter().map(str::to_owned).collect(),
            account: TenantId::default().as_str().to_owned(),
            home: None,
            shards: BTreeMap::new(),
            time: Duration::from_secs(10),
        }
    }

    /// Keeps the whole of the caps in another database.
    #[must_use]
    pub fn at(mut self, home: Arc<PostgresStore>) -> Self {
        self.home = Some(home);
        self
    }

    /// Keeps them under another name: who does not share them has another one.
    #[must_use]
    pub fn account(mut self, account: &str) -> Self {
        self.account = account.into();
        self
    }

    /// Knows where another shard is, so that what it left when its time was over can be fetched from there.
    #[must_use]
    pub fn with_shard(mut self, name: &str, store: Arc<PostgresStore>) -> Self {
        self.shards.insert(name.into(), store);
        self
    }

    /// How long a part lasts that nobody takes from.
    #[must_use]
    pub fn lasting(mut self, time: Duration) -> Self {
        self.time = time;
        self
    }
}

/// The leases of a store, and what it remembers of them. All that counts is in the databases.
#[derive(Debug)]
pub(crate) struct Leases {
    of: Leasing,
    /// Caps of which nothing was free, and until when nobody asks again.
    dry: Mutex<BTreeMap<(String, String), Instant>>,
    /// The most that one sale has taken of the money of each owner.
    dearest: Mutex<BTreeMap<String, i64>>,
}

/// A lease as a transaction sees it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Held {
    pub(crate) fence: i64,
    pub(crate) remaining: i64,
}

/// For so long nobody asks for more of what nothing was free of.
const DRY: Duration = Duration::from_millis(50);

/// A decision that does not sell again within this many keys forgets which of them were dry.
const MOST_DRY: usize = 10_000;

const PURSE: &str =
    "SELECT fence, granted - spent, is_open, until - cap_now(), back > 0 FROM cap_purse WHERE tenant = $1 AND key = $2";

impl Leases {
    pub(crate) fn new(of: Leasing) -> Self {
        Self { of, dry: Mutex::default(), dearest: Mutex::default() }
    }

    /// Whether a counter is that of a cap which is shared.
    pub(crate) fn covers(&self, key: &str) -> bool {
        // Rates and funds are no caps, and what rolls is counted by moments.
        key.split('|').count() == 4 && key.ends_with("|sold") && self.of.owners.contains(owner(key))
    }

    /// Of money a lease has so much at least that a lead can be sold for it: a part that is less than a price and not asked
    /// to be more would be kept for ever, and nothing sold. Until a price is known it is a quarter of the limit.
    pub(crate) fn grain(&self, key: &str, limit: i64) -> i64 {
        if !is_money(key) {
            return 1;
        }
        let dearest = self.dearest.lock().unwrap_or_else(PoisonError::into_inner).get(owner(key)).copied();
        let part = |of: i64| limit.checked_div(of).unwrap_or(1);
        dearest.map_or(part(4), |price| price.max(part(64))).max(1)
    }

    /// Remembers what a sale took.
    pub(crate) fn note_price(&self, key: &str, price: i64) {
        if !is_money(key) || price <= 0 {
            return;
        }
        let mut dearest = self.dearest.lock().unwrap_or_else(PoisonError::into_inner);
        match dearest.get_mut(owner(key)) {
            Some(known) => *known = price.max(*known),
            None => drop(dearest.insert(owner(key).to_owned(), price)),
        }
    }

    fn holder(&self, tenant: &str) -> String {
        format!("{}/{tenant}", self.of.shard)
    }

    fn lasts(&self) -> i64 {
        i64::try_from(self.of.time.as_millis()).unwrap_or(i64::MAX / 4).max(1)
    }

    fn home<'h>(&'h self, own: &'h PostgresStore) -> &'h PostgresStore {
        self.of.home.as_deref().unwrap_or(own)
    }

    /// What the purse has, as long as that lasts.
    pub(crate) fn look(link: &Link, tenant: &str, key: &str) -> Result<Held, Error> {
        Ok(Self::purse(link, tenant, key)?.0.filter(|(_, left)| *left > 0).map(|(held, _)| held).unwrap_or_default())
    }

    /// What the purse has, and for how many milliseconds still; none where it is closed. And whether something was given
    /// back since.
    fn purse(link: &Link, tenant: &str, key: &str) -> Result<(Option<(Held, i64)>, bool), Error> {
        let rows = link.rows(PURSE, &[&tenant, &key])?;
        let Some(row) = rows.first() else { return Ok((None, false)) };
        let held = Held { fence: get(row, 0)?, remaining: get(row, 1)? };
        Ok((get::<bool>(row, 2)?.then_some((held, get(row, 3)?)), get(row, 4)?))
    }

    /// What a decision may take now: what is in the purse, and where that is less than the grain, more from home. That is
    /// asked on connections of its own, so that it stays when the decision is given up; the purse is looked at on that of the
    /// decision. `spent` is what the decision has taken already and not written.
    pub(crate) fn hold(
        &self,
        own: &PostgresStore,
        link: &Link,
        tenant: &str,
        key: &str,
        limit: i64,
        spent: i64,
    ) -> Result<Held, Error> {
        let grain = self.grain(key, limit);
        let lasts = self.lasts();
        let (found, has_back) = Self::purse(link, tenant, key)?;
        let mut held = Held::default();
        if let Some((there, left)) = found.filter(|(there, _)| there.remaining > spent) {
            // Near its end it could be over before the decision is written.
            held = if left > lasts / 2 { there } else { self.renewed(own, tenant, key, there.fence)? };
            held.remaining = held.remaining.saturating_sub(spent).max(0);
        }
        if held.remaining >= grain || self.is_dry(tenant, key) {
            return Ok(held);
        }
        let mut looked = false;
        for _ in 0..MOST_ROUNDS {
            match self.granted(own, tenant, key, Asks { limit, grain, has_back })? {
                Granted::Put(more) => {
                    return Ok(Held { remaining: more.remaining.saturating_sub(spent).max(0), ..more });
                }
                Granted::Settled => {}
                Granted::Nothing if looked => break,
                Granted::Nothing => {
                    looked = true;
                    self.fetch_back(own, key)?;
                }
            }
        }
        self.note_dry(tenant, key);
        Ok(held)
    }

    fn renewed(&self, own: &PostgresStore, tenant: &str, key: &str, fence: i64) -> Result<Held, Error> {
        let sql = "SELECT fence, remaining FROM cap_renew($1, $2, $3, $4)";
        let lasts = self.lasts();
        let rows = own.ask(|link| link.rows(sql, &[&tenant, &key, &fence, &lasts]))?;
        let row = rows.first();
        row.map_or(Ok(Held::default()), |row| Ok(Held { fence: get(row, 0)?, remaining: get(row, 1)? }))
    }

    fn granted(&self, own: &PostgresStore, tenant: &str, key: &str, asks: Asks) -> Result<Granted, Error> {
        let (holder, lasts) = (self.holder(tenant), self.lasts());
        let sql = "SELECT fence, granted FROM cap_grant($1, $2, $3, $4, $5, $6, $7)";
        // Asked again where the answer was lost, it is granted more: the ticket is of all that was.
        let bound = (self.of.account.as_str(), lasts);
        let rows = self.home(own).ask(|link| {
            link.rows(sql, &[&bound.0, &key, &holder, &asks.limit, &asks.grain, &bound.1, &asks.has_back])
        })?;
        let Some(row) = rows.first() else { return Ok(Granted::Nothing) };
        let (fence, granted): (i64, i64) = (get(row, 0)?, get(row, 1)?);
        let sql = "SELECT fence, remaining FROM cap_put($1, $2, $3, $4, $5)";
        let rows = own.ask(|link| link.rows(sql, &[&tenant, &key, &fence, &granted, &lasts]))?;
        if let Some(row) = rows.first() {
            return Ok(Granted::Put(Held { fence: get(row, 0)?, remaining: get(row, 1)? }));
        }
        // Somebody closed it, and home does not know that yet.
        self.closed(own, own, tenant, &holder, key, fence, true)?;
        Ok(Granted::Settled)
    }

    /// Closes a lease where it is kept, and tells home.
    #[allow(clippy::too_many_arguments, reason = "the two places, and the four words that name a lease")]
    fn closed(
        &self,
        own: &PostgresStore,
        at: &PostgresStore,
        tenant: &str,
        holder: &str,
        key: &str,
        fence: i64,
        wished: bool,
    ) -> Result<bool, Error> {
        let sql = "SELECT fence, spent FROM cap_close($1, $2, $3, $4)";
        let rows = at.ask(|link| link.rows(sql, &[&tenant, &key, &fence, &wished]))?;
        let Some(row) = rows.first() else { return Ok(false) };
        let (fence, spent): (i64, i64) = (get(row, 0)?, get(row, 1)?);
        let sql = "SELECT cap_settle($1, $2, $3, $4, $5)";
        let account = self.of.account.as_str();
        self.home(own).ask(|link| link.rows(sql, &[&account, &key, &holder, &fence, &spent]))?;
        Ok(true)
    }

    /// Fetches what others left of this cap when their time was over.
    fn fetch_back(&self, own: &PostgresStore, key: &str) -> Result<(), Error> {
        let sql = "SELECT holder, fence FROM cap_lease \
                   WHERE account = $1 AND key = $2 AND is_out AND due_at <= cap_now() ORDER BY holder";
        let rows = self.home(own).ask(|link| link.rows(sql, &[&self.of.account.as_str(), &key]))?;
        for row in &rows {
            let (holder, fence): (&str, i64) = (get(row, 0)?, get(row, 1)?);
            let Some((shard, tenant)) = holder.split_once('/') else { continue };
            let at = if shard == self.of.shard { Some(own) } else { self.of.shards.get(shard).map(|at| &**at) };
            if let Some(at) = at {
                // A shard that cannot be reached keeps what it has: nobody knows what it took.
                drop(self.closed(own, at, tenant, holder, key, fence, false));
            }
        }
        Ok(())
    }

    /// Gives back all that a tenant has: it will not decide for a while.
    pub(crate) fn give_back(&self, own: &PostgresStore, tenant: &str) -> Result<(), Error> {
        let sql = "SELECT key, fence FROM cap_lease WHERE account = $1 AND holder = $2 AND is_out ORDER BY key";
        let holder = self.holder(tenant);
        let rows = self.home(own).ask(|link| link.rows(sql, &[&self.of.account.as_str(), &holder]))?;
        for row in &rows {
            self.closed(own, own, tenant, &holder, get(row, 0)?, get(row, 1)?, true)?;
        }
        Ok(())
    }

    fn is_dry(&self, tenant: &str, key: &str) -> bool {
        let dry = self.dry.lock().unwrap_or_else(PoisonError::into_inner);
        dry.get(&(tenant.to_owned(), key.to_owned())).is_some_and(|until| *until > Instant::now())
    }

    fn note_dry(&self, tenant: &str, key: &str) {
        let mut dry = self.dry.lock().unwrap_or_else(PoisonError::into_inner);
        if dry.len() > MOST_DRY {
            dry.clear();
        }
        dry.insert((tenant.to_owned(), key.to_owned()), Instant::now() + DRY);
    }
}

fn owner(key: &str) -> &str {
    key.split('|').next().unwrap_or_default()
}

fn is_money(key: &str) -> bool {
    key.contains("|spend|")
}

/// Granted, closed meanwhile, settled, and granted anew is all that can come one after the other.
const MOST_ROUNDS: usize = 4;

/// What home is asked for.
#[derive(Clone, Copy)]
struct Asks {
    limit: i64,
    grain: i64,
    has_back: bool,
}

/// What became of asking home.
enum Granted {
    Put(Held),
    /// The lease was closed; a new one can be had.
    Settled,
    Nothing,
}
