//! Many contracts in one route: what a decision costs beside the validation of the lead, and what "why not" of all
//! contracts costs.

use crate::{market, nanos};
use leadwright::engine::{Engine, ExplainOptions, WhyNot, WhyRoom, explain_lead, verify};
use leadwright::model::{Decision, Tick, read_raw};
use leadwright::schema::Schema;
use leadwright::store::MemoryStore;
use leadwright::validate::{ValidateOptions, validate_json};
use std::hint::black_box;

pub fn run(contracts: usize, leads: &[&[u8]]) {
    let leads = &leads[..leads.len().min(2_000)];
    let plan = market::plan(contracts, leads);
    let tick = Tick::at("2026-11-24T23:05:00Z".parse().expect("a time"));
    let engine = Engine::open(plan.clone(), MemoryStore::new()).expect("an engine");
    let schema = Schema::named("us/home-services@1").expect("it is in the catalogue");
    let options = ValidateOptions::default();
    let decisions: Vec<Decision> = leads
        .iter()
        .map(|lead| explain_lead(&plan, lead, tick, &ExplainOptions::default()).expect("it explains").decision)
        .collect();
    let bodies: usize = decisions.iter().map(|decision| serde_json::to_vec(decision).expect("JSON").len()).sum();
    let matched: u64 = decisions.iter().map(|decision| u64::from(decision.trace.funnel.matched)).sum();
    println!(
        "\n## {contracts} contracts in one route, {} leads of {} bytes, {:.1} matches a lead, decisions of {} bytes\n",
        leads.len(),
        leads.iter().map(|lead| lead.len()).sum::<usize>() / leads.len(),
        matched as f64 / leads.len() as f64,
        bodies / leads.len()
    );
    let read = nanos(leads.len(), || {
        leads.iter().for_each(|lead| drop(black_box(serde_json::from_slice::<serde_json::Value>(lead).expect("JSON"))));
    });
    let both = nanos(leads.len(), || {
        for lead in leads {
            let lead: serde_json::Value = serde_json::from_slice(lead).expect("JSON");
            black_box(serde_json::to_vec(&lead).expect("it is written"));
        }
    });
    println!("| stage | ns a lead | × serde_json read | × serde_json read and write |\n|---|---|---|---|");
    let say =
        |stage: &str, nanos: f64| println!("| {stage} | {nanos:.0} | {:.2} | {:.2} |", nanos / read, nanos / both);
    say("serde_json: read the lead", read);
    say("serde_json: read the lead and write it", both);

    let prepared: Vec<_> = leads.iter().map(|lead| engine.prepare(lead, tick)).collect();
    let (why_not, mut room) = (WhyNot::new(&plan), WhyRoom::default());
    let mut stopped = 0;
    let why = nanos(leads.len(), || {
        for lead in &prepared {
            let answer = why_not.ask(lead, &mut room).expect("a route");
            stopped += answer.considered() - answer.matched();
        }
    });
    say("why not, of all contracts, as numbers", why);
    let words = nanos(leads.len(), || {
        for lead in &prepared {
            let answer = why_not.ask(lead, &mut room).expect("a route");
            answer.each().for_each(|reason| {
                black_box(reason);
            });
        }
    });
    say("the same, each reason looked at: contract, code, check", words);
    say("… for each contract", words / contracts as f64);
    black_box(stopped);
    let few = &leads[..leads.len().min(100)];
    let whole = nanos(few.len(), || {
        few.iter().for_each(|lead| {
            drop(black_box(explain_lead(&plan, lead, tick, &ExplainOptions::default()).expect("it explains")));
        });
    });
    say("explain in words, with near misses, who came next and what decided", whole);

    let parse = nanos(leads.len(), || leads.iter().for_each(|lead| drop(black_box(read_raw(lead)))));
    let checked = nanos(leads.len(), || {
        leads.iter().for_each(|lead| drop(black_box(validate_json(lead, &schema, &options))));
    });
    let prepare = nanos(leads.len(), || leads.iter().for_each(|lead| drop(black_box(engine.prepare(lead, tick)))));
    let decide = nanos(leads.len(), || {
        leads.iter().for_each(|lead| drop(black_box(engine.dry_run(lead, tick).expect("it decides"))));
    });
    let verified = nanos(leads.len(), || assert!(decisions.iter().all(verify)));
    let write = nanos(leads.len(), || {
        decisions.iter().for_each(|decision| drop(black_box(serde_json::to_vec(decision).expect("JSON"))));
    });
    // To verify is to write it, and to hash what was written.
    let digest = verified - write;
    say("our reading of the JSON", parse);
    say("validate, the reading in it", checked);
    say("prepare: validate and match", prepare);
    say("JSON in to decision out, nothing recorded", decide);
    say("of it the digest, of what is written anyway", digest);
    say("of it writing the decision", write);
    say(
        "JSON in to decision out without the checks of fields and the digest (reckoned)",
        decide - (checked - parse) - digest,
    );
}
