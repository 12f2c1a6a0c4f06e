//! `leadwright learn`: pairs of a lead and what became of it in, a plan out.

use super::{Failure, init};
use crate::args::{Learn, Stream};
use crate::ends::with_ends;
use crate::records::Record;
use crate::{Exit, Streams};
use leadwright::learn::{Agreement, ContractLearned, LearnOptions, Learned, Learner, Summary};
use std::collections::BTreeMap;
use std::io::Write;

/// So many lines are read at once.
const BATCH: usize = 2_048;
/// So many contracts that could not be told apart are named.
const NAMED: usize = 20;

pub(crate) fn run(args: &Learn, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let options =
        LearnOptions { schema: args.schema.clone(), timezone: args.timezone.clone(), currency: args.currency.clone() };
    let mut learner = Learner::new(options).map_err(|error| Failure::usage(error.to_string()))?;
    let ends = Stream {
        input: args.pairs.clone(),
        output: "-".into(),
        format: Some(crate::args::Format::Jsonl),
        strict: false,
    };
    let read = with_ends(&ends, streams, |records, _| {
        loop {
            let batch = records.batch(BATCH).map_err(|error| format!("the pairs: {error}"))?;
            if batch.is_empty() {
                return Ok(());
            }
            for (_, record) in batch {
                match record {
                    Record::Json(line) if line.trim_ascii().is_empty() => {}
                    Record::Json(line) => learner.add(&line),
                    // It is counted as a line that is no pair.
                    Record::Bad(_) => learner.add(b""),
                }
            }
        }
    });
    read.map_err(Failure::input)?;
    let learned = learner.learn()?;
    let mut files: BTreeMap<String, String> = learned.files.clone();
    let unexplained: String =
        learned.unexplained.iter().map(|one| serde_json::to_string(one).unwrap_or_default() + "\n").collect();
    files.insert("unexplained.jsonl".to_owned(), unexplained);
    init::write(&args.out, &files)?;
    if args.json {
        let _ = writeln!(streams.out, "{}", serde_json::to_string(&learned.summary).unwrap_or_default());
    } else {
        tell(args, &learned, streams.out);
    }
    Ok(Exit::Ok)
}

fn tell(args: &Learn, learned: &Learned, out: &mut dyn Write) {
    let summary = &learned.summary;
    let contracts = &summary.contracts;
    let _ = writeln!(out, "{} pairs, {} contracts, {} criteria", summary.pairs, contracts.len(), summary.criteria);
    strange(summary, out);
    let _ = writeln!(out, "\nThe plan, decided by the engine:");
    agreement(&summary.kept_back, "leads that nothing was learned from", out);
    agreement(&summary.taught, "leads that it was learned from", out);
    let _ = writeln!(out);
    table(contracts, out);
    let mixed: Vec<&ContractLearned> = contracts.iter().filter(|contract| contract.not_told_apart > 0).collect();
    if !mixed.is_empty() {
        let _ = writeln!(out, "\nNo field tells apart:");
    }
    for contract in mixed.iter().take(NAMED) {
        let (id, n) = (&contract.contract, contract.not_told_apart);
        let _ = writeln!(out, "  {id}: {n} that meet its criteria and went elsewhere, from those that it got");
    }
    if let Some(more) = mixed.len().checked_sub(NAMED).filter(|more| *more > 0) {
        let _ = writeln!(out, "  and of {more} more contracts");
    }
    let dir = args.out.display();
    let kinds = learned.unexplained.len();
    let leads: usize = learned.unexplained.iter().map(|one| one.leads).sum();
    let _ = writeln!(out, "\nwrote {dir}/plan.jsonc and {} files of buyers", learned.files.len() - 1);
    let _ = writeln!(out, "wrote {dir}/unexplained.jsonl: {leads} leads, {kinds} kinds of difference");
}

/// What is no pair, and what says nothing about routing.
fn strange(summary: &Summary, out: &mut dyn Write) {
    for (outcome, count) in &summary.left_out {
        let _ = writeln!(out, "  left out: {count} with the outcome {outcome}");
    }
    if summary.bad_lines > 0 {
        let _ = writeln!(out, "  no pairs: {} lines", summary.bad_lines);
    }
    for (line, why) in &summary.why_bad {
        let _ = writeln!(out, "    line {line}: {why}");
    }
}

fn agreement(seen: &Agreement, of: &str, out: &mut dyn Write) {
    let points = seen.basis_points();
    let turns =
        if seen.other_turn > 0 { format!(", {} to whoever else takes turns", seen.other_turn) } else { String::new() };
    let (leads, same) = (seen.leads, seen.same);
    let _ =
        writeln!(out, "  {}.{:02} % as the app did: {leads} {of}, {same} the same{turns}", points / 100, points % 100);
}

fn table(contracts: &[ContractLearned], out: &mut dyn Write) {
    let row = |cells: [&str; 6]| {
        let [contract, group, sold, criteria, caps, turns] = cells;
        let text = format!("{contract:<24} {group:<16} {sold:>8} {criteria:>8}  {caps:<18} {turns}");
        text.trim_end().to_owned()
    };
    let _ = writeln!(out, "{}", row(["contract", "group", "sold", "criteria", "caps", "takes turns with"]));
    for contract in contracts {
        let caps: Vec<String> = contract.caps.iter().map(|(window, limit)| format!("{window} {limit}")).collect();
        let (sold, criteria) = (contract.sold.to_string(), contract.criteria.to_string());
        let cells =
            [&contract.contract, &contract.group, &sold, &criteria, &caps.join(", "), &contract.turns_with.join(", ")];
        let _ = writeln!(out, "{}", row(cells.map(String::as_str)));
    }
}
