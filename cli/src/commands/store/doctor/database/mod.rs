//! The same of a PostgreSQL database: what the server promises and what waits there, beside what a file is asked for, too.

mod advice;
mod tell;

use super::advice::Advice;
use super::probe::{Ground, HOW, Lead, Probe, Stop, last};
use super::{By, Hour, MOST, NOTHING_YET, backlog, busiest, plan, told};
use crate::args::Doctor;
use crate::commands::Failure;
use crate::commands::store::{as_json, of};
use crate::{Exit, Streams, stores};
use leadwright::care::{CapUsed, caps_used};
use leadwright::model::{Backlog, Code, Error, TenantId, Timestamp};
use leadwright::store::{Store, SubscriberLag, subscribers};
use leadwright_postgres::{Checkup, PostgresStore};
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;

/// All that is told.
#[derive(Serialize)]
struct Report {
    database: Checkup,
    #[serde(skip_serializing_if = "Option::is_none")]
    busiest_hour: Option<Hour>,
    /// The fullest.
    caps: Vec<CapUsed>,
    outbox: Vec<Backlog>,
    subscribers: Vec<SubscriberLag>,
    /// How long a question to the server and its answer need, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    round_trip_micros: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    probe: Option<Probe>,
    /// What could not be looked at, and why.
    left_out: Vec<String>,
    advice: Vec<Advice>,
}

pub(super) fn run(args: &Doctor, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let (tenant, now) = of(&args.of)?;
    let store = stores::reading_database(&args.file)?;
    let mut database = store.checkup(&tenant)?;
    let left_out = std::mem::take(&mut database.unseen);
    let mut report = Report {
        busiest_hour: busiest(&store.rollups(&tenant)?),
        caps: Vec::new(),
        outbox: backlog(&store, &tenant)?,
        subscribers: subscribers(&store, &tenant)?,
        round_trip_micros: None,
        probe: None,
        left_out,
        advice: Vec::new(),
        database,
    };
    report.subscribers.sort_by_key(|of| std::cmp::Reverse(of.behind));
    let by = match &args.plan {
        None => plan(&store, report.database.tenant.plan.as_deref()).map(|plan| (plan, Vec::new())),
        Some(path) => {
            let Some(by) = told(path, streams)? else { return Ok(Exit::Usage) };
            Some(by)
        }
    };
    match by {
        Some(by) => looked(args, &store, &tenant, (&by, now), &mut report)?,
        None => report.left_out.push(NOTHING_YET.into()),
    }
    report.caps.retain(|cap| cap.percent > 0);
    report.caps.truncate(MOST);
    report.advice = advice::of(&report, now);
    if args.of.json {
        as_json(&report, streams);
    } else {
        tell::words(store.place(), &report, now, streams.out);
    }
    Ok(Exit::Ok)
}

/// What needs the plan.
fn looked(
    args: &Doctor,
    store: &PostgresStore,
    tenant: &TenantId,
    (by, now): (&By, Timestamp),
    report: &mut Report,
) -> Result<(), Failure> {
    report.caps = caps_used(store, tenant, &by.0, now)?;
    if args.no_probe {
        report.left_out.push(format!("{HOW}: --no-probe"));
        return Ok(());
    }
    report.round_trip_micros = Some(micros(store.round_trip()?));
    let leads = match last(store, tenant, report.database.tenant.decisions) {
        Ok(leads) => leads,
        Err(error) if error.code() == Code::StoreReadOnly => {
            report.left_out.push(format!("{HOW}: this role may not read leads"));
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    match probe(store, tenant, by, &leads) {
        Ok(Tried::Probe(probe)) => report.probe = Some(*probe),
        Ok(Tried::Not(why)) => report.left_out.push(format!("{HOW}: {why}")),
        Err(stop) => report.left_out.push(stop.left_out()?),
    }
    Ok(())
}

enum Tried {
    Probe(Box<Probe>),
    Not(&'static str),
}

/// In a schema beside that of the store, on the same server.
fn probe(store: &PostgresStore, tenant: &TenantId, by: &By, leads: &[Lead]) -> Result<Tried, Stop> {
    if leads.is_empty() {
        return Ok(Tried::Not("no lead is left to try it with"));
    }
    let scratch = match store.scratch() {
        Ok(Some(scratch)) => scratch,
        Ok(None) => return Ok(Tried::Not("somebody else measures it now")),
        Err(error) if error.code() == Code::StoreReadOnly => {
            return Ok(Tried::Not("this role may make no schema to try it in; the owner may"));
        }
        Err(error) => return Err(error.into()),
    };
    let open = |_: &TenantId| -> Result<Arc<dyn Store>, Error> { Ok(scratch.store()) };
    let ground = Ground { open: &open, sync: scratch.commit()? };
    let probe = Probe::on(&ground, tenant, by, leads)?;
    Ok(probe.map_or(Tried::Not("no lead is left to try it with"), |probe| Tried::Probe(Box::new(probe))))
}

fn micros(took: Duration) -> u64 {
    u64::try_from(took.as_micros()).unwrap_or(u64::MAX)
}
