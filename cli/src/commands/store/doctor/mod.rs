//! `leadwright store doctor`: where a store stands, and what to do. Nothing of it is changed.

mod advice;
mod database;
mod probe;
mod tell;

use super::{as_json, of};
use crate::args::Doctor;
use crate::commands::Failure;
use crate::commands::decide::{NamedList, load, open_lists};
use crate::{Exit, Streams, stores};
use advice::Advice;
use leadwright::care::{CapUsed, caps_used};
use leadwright::model::{Backlog, Date, TenantId, Timestamp};
use leadwright::plan::Plan;
use leadwright::store::{Census, RollupAdd, Size, SqliteStore, Store, SubscriberLag, subscribers};
use probe::{HOW, Probe, last};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// So many of a kind are told.
const MOST: usize = 8;

/// All that is told.
#[derive(Serialize)]
pub(super) struct Report {
    size: Size,
    census: Census,
    #[serde(skip_serializing_if = "Option::is_none")]
    busiest_hour: Option<Hour>,
    /// The fullest.
    caps: Vec<CapUsed>,
    outbox: Vec<Backlog>,
    subscribers: Vec<SubscriberLag>,
    /// Other processes that have the file open, where the system tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    processes: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probe: Option<Probe>,
    /// What could not be looked at, and why.
    left_out: Vec<String>,
    advice: Vec<Advice>,
}

/// The hour with the most leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Hour {
    date: Date,
    hour: u8,
    leads: i64,
}

pub(super) fn run(args: &Doctor, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    if stores::is_database(&args.file) {
        return database::run(args, streams);
    }
    let (tenant, now) = of(&args.of)?;
    let processes = processes(&args.file);
    let store = stores::reading_file(&args.file)?;
    let census = store.census(&tenant)?;
    let mut report = Report {
        size: store.size()?,
        busiest_hour: busiest(&store.rollups(&tenant)?),
        caps: Vec::new(),
        outbox: backlog(&store, &tenant)?,
        subscribers: subscribers(&store, &tenant)?,
        processes,
        probe: None,
        left_out: Vec::new(),
        advice: Vec::new(),
        census,
    };
    report.subscribers.sort_by_key(|of| std::cmp::Reverse(of.behind));
    let by = match &args.plan {
        None => plan(&store, report.census.plan.as_deref()).map(|plan| (plan, Vec::new())),
        Some(path) => {
            let Some(by) = told(path, streams)? else { return Ok(Exit::Usage) };
            Some(by)
        }
    };
    match by {
        Some(by) => looked(args, &store, &tenant, (&by, now), &mut report)?,
        None => report.left_out.push(NOTHING_YET.into()),
    }
    // What nothing is used of tells nothing.
    report.caps.retain(|cap| cap.percent > 0);
    report.caps.truncate(MOST);
    report.advice = advice::of(&report, now);
    if args.of.json {
        as_json(&report, streams);
    } else {
        tell::words(&args.file, &report, now, streams.out);
    }
    Ok(Exit::Ok)
}

/// A plan, and the lists that it keeps outside.
pub(super) type By = (Plan, Vec<NamedList>);

/// The plan that decided last.
fn plan(store: &dyn Store, hash: Option<&str>) -> Option<Plan> {
    let bundle = store.plan(hash?).ok()??;
    Plan::from_bundle(&bundle).ok()
}

/// The plan of a file, with its lists; none where it is told what is wrong with it.
fn told(path: &Path, streams: &mut Streams<'_>) -> Result<Option<By>, Failure> {
    let Some(plan) = load(path, "looked at", streams) else { return Ok(None) };
    let lists = open_lists(&plan, path, &[])?;
    Ok(Some((plan, lists)))
}

/// What is not looked at where there is no plan to look by.
const NOTHING_YET: &str = "caps and how quickly it decides: nothing was decided yet";

/// What needs the plan.
fn looked(
    args: &Doctor,
    store: &SqliteStore,
    tenant: &TenantId,
    (by, now): (&By, Timestamp),
    report: &mut Report,
) -> Result<(), Failure> {
    report.caps = caps_used(store, tenant, &by.0, now)?;
    if args.no_probe {
        report.left_out.push(format!("{HOW}: --no-probe"));
        return Ok(());
    }
    let leads = last(store, tenant, report.census.last_seq);
    match leads.map_err(probe::Stop::from).and_then(|leads| Probe::beside(&args.file, tenant, by, &leads)) {
        Ok(Some(probe)) => report.probe = Some(probe),
        Ok(None) => report.left_out.push(format!("{HOW}: no lead is left to try it with")),
        Err(stop) => report.left_out.push(stop.left_out()?),
    }
    Ok(())
}

/// The hour in which the most leads came.
fn busiest(rollups: &[RollupAdd]) -> Option<Hour> {
    let mut hours: BTreeMap<(Date, u8), i64> = BTreeMap::new();
    for row in rollups.iter().filter(|row| row.contract.is_none()) {
        *hours.entry((row.date, row.slot / 4)).or_default() += row.leads;
    }
    let most = hours.into_iter().max_by_key(|((date, hour), leads)| (*leads, std::cmp::Reverse((*date, *hour))))?;
    let ((date, hour), leads) = most;
    Some(Hour { date, hour, leads })
}

fn backlog(store: &dyn Store, tenant: &TenantId) -> Result<Vec<Backlog>, Failure> {
    let mut all = Vec::new();
    store.read(tenant, &mut |view| {
        all = view.backlog()?;
        Ok(())
    })?;
    Ok(all)
}

/// How many other processes have the file open: each of them has a lock on the memory that they share.
#[cfg(target_os = "linux")]
fn processes(file: &Path) -> Option<usize> {
    use std::os::unix::fs::MetadataExt as _;
    let mut shared = file.as_os_str().to_owned();
    shared.push("-shm");
    let Ok(shared) = std::fs::metadata(shared) else { return Some(0) };
    let inode = format!(":{} ", shared.ino());
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let of = locks.lines().filter(|line| line.contains(&inode)).filter_map(|line| line.split_whitespace().nth(4));
    let own = std::process::id().to_string();
    let others: std::collections::BTreeSet<&str> = of.filter(|pid| *pid != own).collect();
    Some(others.len())
}

#[cfg(not(target_os = "linux"))]
fn processes(_: &Path) -> Option<usize> {
    None
}
