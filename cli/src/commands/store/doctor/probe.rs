//! How quickly leads are decided on this machine and this disk, or that server: the last ones of the store, once more, in a
//! store of their own beside it that goes again.

use super::By;
use crate::clock;
use leadwright::engine::{Engine, EngineOptions, PreparedLine, validate_line_by};
use leadwright::model::{Code, Error, TenantId, Tick};
use leadwright::store::{MemoryStore, SqliteStore, Store};
use serde::Serialize;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// So many leads are tried, at most.
const LEADS: u64 = 1_024;
/// So many are settled in one transaction, and so many one after the other.
const BATCH: usize = 256;
const ALONE: usize = 32;
/// So often the disk is asked to have what was written.
const SYNCS: u32 = 16;

/// What was measured, for one lead in microseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Probe {
    /// How many leads were tried.
    pub(super) leads: u64,
    /// Until the disk has 4 KiB, in microseconds; of a server with the way to it.
    pub(super) sync_micros: u64,
    /// In batches of 256: what takes how long, in the order of a lead's way, and how many in a hundred of all that is.
    pub(super) stages: Vec<Stage>,
    /// So many leads a second in batches of 256, one thread.
    pub(super) per_second: u64,
    /// So many a second one after the other, each on disk before the next.
    pub(super) alone_per_second: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Stage {
    pub(super) stage: &'static str,
    pub(super) micros: u64,
    pub(super) percent: u64,
}

pub(super) enum Stop {
    /// Nothing can be written beside the store.
    Folder(std::io::Error),
    Store(Error),
}

impl Stop {
    /// Why it was not tried, where that is no failure.
    pub(super) fn left_out(self) -> Result<String, Error> {
        let why = match self {
            Stop::Folder(why) => format!("the folder cannot be written: {why}"),
            Stop::Store(error) if error.code() == Code::StoreKeyMissing => {
                "its leads are encrypted, and no keys were given".into()
            }
            Stop::Store(error) if error.code() == Code::PlanBundleDamaged => {
                "the store has not the lists of its plan; give it with --plan".into()
            }
            Stop::Store(error) => return Err(error),
        };
        Ok(format!("{HOW}: {why}"))
    }
}

/// What is not looked at then.
pub(super) const HOW: &str = "how quickly it decides";

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Store(error)
    }
}

/// A lead as it was decided.
pub(super) type Lead = (Vec<u8>, Tick);

/// The last leads of a store that are there.
pub(super) fn last(store: &dyn Store, tenant: &TenantId, last_seq: u64) -> Result<Vec<Lead>, Error> {
    let page = store.decisions(tenant, last_seq.saturating_sub(LEADS), usize::try_from(LEADS).unwrap_or(1))?;
    let records = page.into_iter().filter(|stored| stored.inner.is_none()).map(|stored| stored.record);
    Ok(records.map(|record| (record.input, Tick { now: record.requested_at, seed: record.seed })).collect())
}

/// Opens a store in which nothing of this tenant is yet.
pub(super) type Open<'a> = &'a dyn Fn(&TenantId) -> Result<Arc<dyn Store>, Error>;

/// Where it is tried.
pub(super) struct Ground<'a> {
    pub(super) open: Open<'a>,
    pub(super) sync: Duration,
}

impl Probe {
    /// In files beside that of the store; none where no lead is left.
    pub(super) fn beside(file: &Path, tenant: &TenantId, by: &By, leads: &[Lead]) -> Result<Option<Self>, Stop> {
        if leads.is_empty() {
            return Ok(None);
        }
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let place = tempfile::Builder::new().prefix(".leadwright-doctor-").tempdir_in(folder).map_err(Stop::Folder)?;
        let sync = sync(place.path()).map_err(Stop::Folder)?;
        let open = |tenant: &TenantId| -> Result<Arc<dyn Store>, Error> {
            Ok(Arc::new(SqliteStore::open(place.path().join(format!("{tenant}.db")))?))
        };
        Self::on(&Ground { open: &open, sync }, tenant, by, leads)
    }

    pub(super) fn on(
        Ground { open, sync }: &Ground<'_>,
        tenant: &TenantId,
        (plan, lists): &By,
        leads: &[Lead],
    ) -> Result<Option<Self>, Stop> {
        let engine = |tenant: &TenantId, store: Arc<dyn Store>| -> Result<Engine, Error> {
            let options = EngineOptions { tenant: tenant.clone(), ..EngineOptions::default() };
            let engine = Engine::with_options(plan.clone(), store, options)?;
            lists.iter().try_for_each(|(name, list)| engine.set_list(name, list.clone()))?;
            Ok(engine)
        };
        let open = |name: &str| {
            let tenant = TenantId::new(name).map_err(|error| Error::new(Code::InternalError, error.to_string()))?;
            engine(&tenant, open(&tenant)?)
        };
        let validated = timed(|| {
            for (lead, tick) in leads {
                std::hint::black_box(validate_line_by(plan, lead, 1, *tick));
            }
        });
        let (prepared, settled) = batches(&engine(tenant, Arc::new(MemoryStore::new()))?, leads)?;
        let (_, written) = batches(&open("batches")?, leads)?;
        let alone = leads.get(leads.len().saturating_sub(ALONE)..).unwrap_or_default();
        let engine = open("alone")?;
        let mut failed = Ok(());
        let took = timed(|| {
            failed = alone.iter().try_for_each(|(lead, tick)| engine.decide(lead, *tick).map(drop));
        });
        failed?;
        // Three engines wrote into it: what they leave open goes before the folder does.
        drop(engine);
        let synced = *sync * u32::try_from(leads.len().div_ceil(BATCH)).unwrap_or(u32::MAX);
        let all = prepared + written;
        let parts = [
            ("validate", validated.min(prepared)),
            ("match", prepared.saturating_sub(validated)),
            ("settle", settled.min(written)),
            ("write", written.saturating_sub(settled).saturating_sub(synced)),
            ("sync", synced.min(written.saturating_sub(settled))),
        ];
        let count = leads.len() as u64;
        let stage = |(stage, took): (&'static str, Duration)| Stage {
            stage,
            micros: micros(took) / count,
            percent: micros(took) * 100 / micros(all).max(1),
        };
        let rate = |count: u64, took: Duration| count * 1_000_000 / micros(took).max(1);
        Ok(Some(Self {
            leads: count,
            sync_micros: micros(*sync),
            stages: parts.into_iter().map(stage).collect(),
            per_second: rate(count, all),
            alone_per_second: rate(alone.len() as u64, took),
        }))
    }
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}

fn timed(work: impl FnOnce()) -> Duration {
    let started = clock::monotonic();
    work();
    started.elapsed()
}

/// How long all of it took: the pure half, and the other one.
fn batches(engine: &Engine, leads: &[Lead]) -> Result<(Duration, Duration), Error> {
    let (mut prepared, mut settled) = (Duration::ZERO, Duration::ZERO);
    for batch in leads.chunks(BATCH) {
        let mut lines: Vec<PreparedLine> = Vec::with_capacity(batch.len());
        prepared += timed(|| lines.extend(batch.iter().map(|(lead, tick)| engine.prepare_line(lead, 1, *tick))));
        let mut done = Ok(Vec::new());
        settled += timed(|| done = engine.settle_lines(lines));
        done?;
    }
    Ok((prepared, settled))
}

/// Until the disk has 4 KiB: the middle of several.
fn sync(folder: &Path) -> std::io::Result<Duration> {
    let mut file = tempfile::tempfile_in(folder)?;
    let mut took = Vec::new();
    for _ in 0..SYNCS {
        file.write_all(&[0; 4_096])?;
        let started = clock::monotonic();
        file.sync_data()?;
        took.push(started.elapsed());
    }
    took.sort_unstable();
    Ok(took.get(took.len() / 2).copied().unwrap_or_default())
}
