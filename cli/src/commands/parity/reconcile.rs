//! `leadwright parity reconcile`: what was written down in the end, here and there.

use super::super::{Failure, tenant};
use super::time;
use crate::args::{Reconcile, Stream};
use crate::ends::with_ends;
use crate::records::Record;
use crate::{Exit, Streams, stores};
use leadwright::model::{Assignment, EventKind, Money, Outcome, Subject, TenantId, read_raw};
use leadwright::parity::{Final, Reconciled, since};
use leadwright::store::Store;
use serde::Deserialize;
use std::collections::BTreeMap;

const PAGE: usize = 1_000;

/// More rows of money than this are left out of the words.
const TOTALS: usize = 20;

type Leads = BTreeMap<String, Final>;

pub(super) fn run(args: &Reconcile, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let settle = settle(&args.settle).ok_or_else(|| Failure::usage("--settle: write 30m, 6h or 2d"))?;
    let until = time("--now", args.now.as_deref())?.plus_millis(-settle);
    let from = since(args.since.as_deref())?;
    let mut legacy = table(args, streams)?;
    let mut ours = recorded(args, &tenant(&args.tenant)?)?;
    if let Some(from) = from {
        let old = |lead: &Final| lead.at.is_none_or(|at| at >= from);
        legacy.retain(|_, lead| old(lead));
        ours.retain(|_, lead| old(lead));
    }
    let found = Reconciled::of(&legacy, &ours, until);
    if args.json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&found).unwrap_or_default());
    } else {
        tell(&found, streams);
    }
    Ok(if found.is_same() { Exit::Ok } else { Exit::Gate })
}

/// `30m`, `6h`, `2d` in milliseconds.
fn settle(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let minutes = match unit {
        "m" => 1,
        "h" => 60,
        "d" => 1_440,
        _ => return None,
    };
    let number: u32 = number.parse().ok()?;
    i64::from(number).checked_mul(minutes * 60_000)
}

fn table(args: &Reconcile, streams: &mut Streams<'_>) -> Result<Leads, Failure> {
    let ends = Stream { input: args.legacy.clone(), output: "-".into(), format: args.format, strict: false };
    let read = with_ends(&ends, streams, |records, _| {
        let mut leads = Leads::new();
        while let Some((number, record)) = records.next().map_err(|error| format!("the table: {error}"))? {
            let line = match &record {
                Record::Json(line) if line.trim_ascii().is_empty() => continue,
                Record::Json(line) => line,
                Record::Bad(problem) => return Err(format!("line {number}: {}", problem.code.text())),
            };
            let row = read_raw(line).map_err(|error| format!("line {number}: {error}"))?;
            Final::add_row(&mut leads, &row.map).map_err(|error| format!("line {number}: {}", error.detail()))?;
        }
        Ok(leads)
    });
    read.map_err(Failure::input)
}

#[derive(Deserialize)]
struct Body {
    outcome: Outcome,
    assignments: Vec<Assignment>,
    #[serde(default)]
    observed: bool,
}

#[derive(Deserialize)]
struct Returned {
    buyer: String,
}

/// What the store says became of each lead: its decisions, and what was given back. What was observed of the other system
/// is no decision of ours.
fn recorded(args: &Reconcile, tenant: &TenantId) -> Result<Leads, Failure> {
    let store = stores::existing(&args.store)?;
    let mut leads = Leads::new();
    let mut after = 0;
    loop {
        let page = store.decisions(tenant, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        for stored in &page {
            let Ok(body) = serde_json::from_slice::<Body>(&stored.record.body) else { continue };
            if body.observed || matches!(body.outcome, Outcome::Test | Outcome::Duplicate) {
                continue;
            }
            let lead = leads.entry(stored.record.id.lead.to_string()).or_default();
            lead.at = lead.at.max(Some(stored.record.at));
            body.assignments.iter().for_each(|sold| lead.sell(sold.buyer.as_str(), sold.price));
        }
    }
    returned(&*store, tenant, &mut leads)?;
    Ok(leads)
}

fn returned(store: &dyn Store, tenant: &TenantId, leads: &mut Leads) -> Result<(), Failure> {
    let mut after = 0;
    loop {
        let page = store.events(tenant, after, PAGE)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = *last;
        for (_, event) in &page {
            let (EventKind::LeadReturned, Subject::Decision(id)) = (event.kind, &event.subject) else { continue };
            let (Some(lead), Ok(gone)) =
                (leads.get_mut(id.lead.as_str()), serde_json::from_str::<Returned>(&event.data))
            else {
                continue;
            };
            lead.sales.remove(&gone.buyer);
            lead.returned = true;
            lead.at = lead.at.max(Some(event.at));
        }
    }
}

fn tell(found: &Reconciled, streams: &mut Streams<'_>) {
    let Reconciled { both, same, too_young, legacy_money, our_money, .. } = found;
    let _ = writeln!(
        streams.out,
        "{both} leads in both, {same} the same, {too_young} too young to say; money {legacy_money} there, {our_money} here"
    );
    for (class, of) in &found.classes {
        let some = if of.leads.len() as u64 == of.count { "" } else { " …" };
        let _ =
            writeln!(streams.out, "  {class}: {}, money {}: {}{some}", of.count, signed(of.money), of.leads.join(" "));
    }
    for total in found.totals.iter().take(TOTALS) {
        let day = total.day.map_or_else(|| "without a day".into(), |day| day.to_string());
        let _ = writeln!(streams.out, "  {} {day}: {} there, {} here", total.buyer, total.legacy, total.ours);
    }
    if found.totals.len() > TOTALS {
        let _ = writeln!(streams.out, "  and {} more", found.totals.len() - TOTALS);
    }
}

fn signed(money: Money) -> String {
    if money > Money::ZERO { format!("+{money}") } else { money.to_string() }
}

#[cfg(test)]
mod tests {
    use super::settle;

    #[test]
    fn a_delay_has_a_unit() {
        assert_eq!(["30m", "6h", "2d"].map(settle), [Some(1_800_000), Some(21_600_000), Some(172_800_000)]);
        assert!(["", "h", "-1h", "6", "6s", "6ä"].iter().all(|text| settle(text).is_none()));
    }
}
