//! Golden vectors of auctions: what is answered, and the decisions to the byte, for buyers that answer as the vector says.

#[path = "support/market.rs"]
mod market;
mod support;

use leadwright::engine::{Clock, Engine, EngineOptions, Outside};
use leadwright::model::{EngineVersion, Tick};
use leadwright::plan::{MemoryResolver, Plan};
use leadwright::store::{MemoryStore, View};
use market::{Does, World};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Auction {
    /// A file beside the vectors.
    plan: String,
    /// What stands at an address: after how many milliseconds what is answered, `hangs` or `fails`.
    market: BTreeMap<String, Buyer>,
    steps: Vec<Step>,
    /// The decisions that are wanted.
    decisions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Buyer {
    Says(i64, Value),
    Word(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Step {
    Submit(Value),
    Ping(Value),
    /// With the id of the last ping.
    Post(Value),
    /// Milliseconds.
    Wait(i64),
}

fn answer(given: &RawValue) -> String {
    let given: Auction = serde_json::from_str(given.get()).expect("an auction");
    let text = fs::read_to_string(support::folder("auction").join(&given.plan)).expect("a plan");
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").expect("a plan");
    let version = EngineVersion { version: "0.0.0".into(), data: "vectors".into() };
    let options = EngineOptions { engine: Some(version), ..EngineOptions::default() };
    let engine = Engine::with_options(plan, Arc::new(MemoryStore::new()), options).expect("an engine");
    let does = |buyer: &Buyer| match buyer {
        Buyer::Says(after, body) => Does::Says(*after, body.to_string().into()),
        Buyer::Word(word) if word == "hangs" => Does::Hangs,
        Buyer::Word(_) => Does::Fails,
    };
    let market: Vec<(&str, Does)> = given.market.iter().map(|(url, buyer)| (url.as_str(), does(buyer))).collect();
    let world = World::new(&market);
    let outside = Outside { transport: &world, secrets: &world, clock: &world };
    let within = Duration::from_secs(2);
    let mut ping = String::new();
    let mut told = Vec::new();
    for step in given.steps {
        let now = Tick::at(world.now());
        told.push(match step {
            Step::Submit(lead) => {
                let lead = lead.to_string();
                serde_json::to_string(&engine.submit(lead.as_bytes(), now, within, &outside).expect("an answer"))
            }
            Step::Ping(lead) => {
                let pinged = engine.ping(lead.to_string().as_bytes(), now, within, &outside).expect("an answer");
                ping.clone_from(&pinged.ping_id);
                serde_json::to_string(&pinged)
            }
            Step::Post(mut lead) => {
                lead["ping_id"] = ping.clone().into();
                let lead = lead.to_string();
                serde_json::to_string(&engine.post(lead.as_bytes(), now, within, &outside).expect("an answer"))
            }
            Step::Wait(millis) => {
                world.pass(millis);
                continue;
            }
        });
    }
    let mut decisions = Vec::new();
    for id in &given.decisions {
        let mut look = |view: &dyn View| {
            decisions.extend(view.body(&id.parse().expect("an id"))?.map(|(_, body)| body));
            Ok(())
        };
        engine.store().read(engine.tenant(), &mut look).expect("it is read");
    }
    let told: Vec<String> = told.into_iter().map(|told| told.expect("JSON")).collect();
    let decisions: Vec<String> = decisions.into_iter().map(|body| String::from_utf8(body).expect("text")).collect();
    for (_, replayed) in Engine::replay_all(engine.store(), engine.tenant(), 0, 100).expect("they are replayed") {
        assert!(replayed.then == replayed.now, "{replayed:?}");
    }
    format!(r#"{{"told":[{}],"decisions":[{}]}}"#, told.join(","), decisions.join(","))
}

#[test]
fn every_vector_of_an_auction_comes_out_byte_for_byte() {
    support::run("auction", answer);
}
