//! `leadwright parity`

mod export;
mod junit;
mod page;
mod reconcile;
mod record;
mod replay;
mod tell;

use super::Failure;
use crate::args::{GateArgs, OfLedger, Parity, ParityForm};
use crate::{Exit, Streams, clock};
use leadwright::model::Timestamp;
use leadwright::parity::ledger::Ledger;
use leadwright::parity::{Check, Gate, Summary, since};
use std::path::Path;

pub(crate) fn run(args: &Parity, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    match args {
        Parity::Check { of, gate, json } => {
            let (_, check) = judged(of, gate)?;
            let told = if *json { line(&check) } else { tell::check(&check) };
            let _ = write!(streams.out, "{told}");
            Ok(if check.ready { Exit::Ok } else { Exit::Gate })
        }
        Parity::Report { of, gate, format, output } => {
            let (summary, check) = judged(of, gate)?;
            let text = match format {
                ParityForm::Text => tell::report(&summary, &check),
                ParityForm::Json => line(&Report { summary: &summary, gate: &check }),
                ParityForm::Junit => junit::report(&summary, &check),
                ParityForm::Html => page::report(&summary, &check),
            };
            write(output, &text, streams)
        }
        Parity::Record(args) => record::run(args, streams),
        Parity::Replay(args) => replay::run(args, streams),
        Parity::ExportTest(args) => export::run(args, streams),
        Parity::Reconcile(args) => reconcile::run(args, streams),
        Parity::Prune { ledger, before, lead } => {
            let ledger = Ledger::existing(ledger)?;
            let gone = match (lead, since(before.as_deref())?) {
                (Some(key), _) => ledger.forget(key)?,
                (None, Some(before)) => ledger.prune(before)?,
                (None, None) => return Err(Failure::usage("--before or --lead is required")),
            };
            let _ = writeln!(
                streams.out,
                "let go of {} counts, {} examples, {} pairs",
                gone.counts, gone.examples, gone.pairs
            );
            Ok(Exit::Ok)
        }
    }
}

/// A report as JSON: what was counted, and how the gate stands.
#[derive(serde::Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    summary: &'a Summary,
    gate: &'a Check,
}

fn line(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default() + "\n"
}

/// What was counted, and how the gate stands.
fn judged(of: &OfLedger, gate: &GateArgs) -> Result<(Summary, Check), Failure> {
    let ledger = Ledger::existing(&of.ledger)?;
    let migration = ledger.migration(of.migration.as_deref())?;
    let mut summary = ledger.summary(&migration, None, since(of.since.as_deref())?)?;
    if !of.step.is_empty() {
        summary.steps.retain(|name, _| of.step.contains(name));
    }
    let check = self::gate(of, gate)?.check(&summary, time("--as-of", gate.as_of.as_deref())?);
    Ok((summary, check))
}

fn gate(of: &OfLedger, args: &GateArgs) -> Result<Gate, Failure> {
    let json = serde_json::json!({
        "steps": of.step,
        "min_samples": args.min_samples,
        "max_mismatch": args.max_mismatch,
        "max_known": args.max_known,
        "max_unseen": args.max_unseen,
        "max_p99_ratio": args.max_p99_ratio,
        "max_unexplained_money": args.max_unexplained_money,
    });
    Ok(Gate::from_json(json.to_string().as_bytes())?)
}

/// The time that is given, or now.
fn time(name: &str, text: Option<&str>) -> Result<Timestamp, Failure> {
    let read =
        since(text).map_err(|_| Failure::usage(format!("{name}: a time is RFC 3339, or a day like 2026-11-28")))?;
    Ok(read.unwrap_or_else(clock::now))
}

fn write(path: &Path, text: &str, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    if path == Path::new("-") {
        let _ = streams.out.write_all(text.as_bytes());
    } else {
        std::fs::write(path, text).map_err(|error| failed(path, &error))?;
    }
    Ok(Exit::Ok)
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::input(format!("{}: {error}", path.display()))
}
