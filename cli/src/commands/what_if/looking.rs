//! `leadwright unlock` and `leadwright pressure`

use super::super::Failure;
use super::super::decide::load;
use super::past::{Item, each_batch, trial};
use super::{html, spared, tell, write_file};
use crate::args::Looking;
use crate::parallel::{in_order, threads};
use crate::{Exit, Streams};
use leadwright::engine::{OneCheck, Trial, Tried};
use leadwright::whatif::{Pressure, Unlock};

pub(crate) fn unlock(args: &Looking, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let Some(plan) = load(&args.plan, "tried", streams) else { return Ok(Exit::Usage) };
    spared(args.past.html.as_deref(), &args.past, &[&args.plan])?;
    let mut trial = trial(plan, &args.plan, &args.past)?;
    let mut unlock = Unlock::new(trial.plan());
    each_lead(args, &mut trial, true, streams, &mut |tried, near| unlock.add(tried, near))?;
    let report = unlock.report();
    if let Some(path) = &args.past.html {
        write_file(path, &html::unlock(&report, trial.plan().name()))?;
    }
    if args.past.json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&report).unwrap_or_default());
    } else {
        tell::unlock(&report, streams.out);
    }
    Ok(Exit::Ok)
}

pub(crate) fn pressure(args: &Looking, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let Some(plan) = load(&args.plan, "tried", streams) else { return Ok(Exit::Usage) };
    spared(args.past.html.as_deref(), &args.past, &[&args.plan])?;
    let mut trial = trial(plan, &args.plan, &args.past)?;
    let mut pressure = Pressure::new(trial.plan());
    each_lead(args, &mut trial, false, streams, &mut |tried, _| pressure.add(tried))?;
    let report = pressure.report();
    if let Some(path) = &args.past.html {
        write_file(path, &html::pressure(&report, trial.plan().name()))?;
    }
    if args.past.json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&report).unwrap_or_default());
    } else {
        tell::pressure(&report, streams.out);
    }
    Ok(Exit::Ok)
}

/// Every lead that was not decided before, in order; what else there was is counted and told.
fn each_lead(
    args: &Looking,
    trial: &mut Trial,
    with_near: bool,
    streams: &mut Streams<'_>,
    each: &mut dyn FnMut(&Tried, Vec<OneCheck>),
) -> Result<(), Failure> {
    let threads = threads(args.past.threads);
    let (mut no_lead, mut again) = (0_u64, 0_u64);
    each_batch(&args.past, streams, &mut |batch: Vec<Item>| {
        let prepared = in_order(&batch, threads, |item| item.prepare(trial));
        for lead in &prepared {
            let Some(lead) = lead else {
                no_lead += 1;
                continue;
            };
            let settled = match with_near {
                true => trial.settle_near(lead)?,
                false => trial.settle(lead)?.map(|tried| (tried, Vec::new())),
            };
            match settled {
                Some((tried, near)) => each(&tried, near),
                None => again += 1,
            }
        }
        Ok(())
    })?;
    if no_lead > 0 || again > 0 {
        let told = format!("{no_lead} lines were no lead, {again} requests came again and were answered before");
        let _ = writeln!(streams.err, "{told}");
    }
    Ok(())
}
