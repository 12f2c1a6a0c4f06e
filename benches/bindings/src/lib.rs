//! The passes of the core: JSON in, JSON out, over the leads of the example in memory.

use bench_common::example;
use cpu_time::ProcessTime;
use leadwright::engine::Engine;
use leadwright::plan::Plan;
use leadwright::store::MemoryStore;
use leadwright_cli::SystemStopwatch;
use std::hint::black_box;
use std::sync::Arc;

/// One pass over all leads, in nanoseconds of CPU time.
pub type Pass = Box<dyn FnMut() -> Result<f64, String>>;

/// The engine of the bindings: it counts, and knows the time.
fn engine(plan: &Plan) -> Engine {
    let engine = Engine::open(plan.clone(), MemoryStore::new()).expect("an engine");
    engine.timed_by(Arc::new(SystemStopwatch::default())).counted()
}

/// Lead by lead.
pub fn one_by_one(leads: Vec<Vec<u8>>) -> Pass {
    let (plan, tick) = (example::plan(), example::tick());
    Box::new(move || {
        let engine = engine(&plan);
        let start = ProcessTime::now();
        for lead in &leads {
            black_box(engine.decide(lead, tick).map_err(|error| error.to_string())?.body);
        }
        Ok(start.elapsed().as_nanos() as f64)
    })
}

/// All of them at once.
pub fn batch(leads: Vec<u8>) -> Pass {
    let (plan, tick) = (example::plan(), example::tick());
    Box::new(move || {
        let engine = engine(&plan);
        let start = ProcessTime::now();
        black_box(engine.decide_batch(&leads, tick).map_err(|error| error.to_string())?);
        Ok(start.elapsed().as_nanos() as f64)
    })
}
