//! `leadwright submit`

use super::decide::{give_lists, load};
use super::deliver_now::{GoesOn, secrets};
use super::operate::time;
use super::{Failure, tenant};
use crate::args::Submit;
use crate::buyers::{Asking, HttpBuyers};
use crate::ends::{Output, with_ends};
use crate::records::{Record, Records};
use crate::{Exit, Streams, clock, stores};
use leadwright::engine::{Clock, Engine, EngineOptions, PreparedLine};
use leadwright::model::{Durability, Error, Seed, Tick};
use leadwright::plan::units::duration_millis;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;

/// How many lines are read at a time: the input of a pipe is answered as it comes.
const AT_A_TIME: usize = 1;

pub(crate) fn run(args: &Submit, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let Some(plan) = load(&args.plan, "submitted", streams) else { return Ok(Exit::Usage) };
    let store = stores::open(&args.store, Durability::Full)?;
    let options = EngineOptions { tenant: tenant(&args.tenant)?, ..EngineOptions::default() };
    let engine = Engine::with_options(plan, store, options)?;
    give_lists(&engine, &args.plan, &args.list)?;
    let at = args.now.as_deref().map(|text| time("--now", text)).transpose()?;
    let millis = duration_millis(&args.within).ok().and_then(|millis| u64::try_from(millis).ok());
    let within = millis.ok_or_else(|| Failure::usage("--within: a time is like 800ms or 2s"))?;
    let asked = Asked {
        engine: &engine,
        buyers: HttpBuyers::new(Arc::new(secrets(args.secrets.as_deref())?), args.allow.clone())?,
        asking: if args.ping { Asking::Ping } else { Asking::Post },
        within: Duration::from_millis(within),
        seed: Seed::new(args.seed).ok_or_else(|| Failure::usage("--seed: a seed is 0 to 2^53 - 1"))?,
        clock: at.map(|at| GoesOn { at, begun: clock::monotonic() }),
    };
    let mut failed = None;
    let done = with_ends(&args.stream, streams, |records, out| asked.all(records, out, &mut failed));
    match failed {
        Some(error) => Err(error.into()),
        None => done.map(|refused| exit(args.stream.strict && refused)).map_err(Failure::input),
    }
}

fn exit(found: bool) -> Exit {
    if found { Exit::Findings } else { Exit::Ok }
}

/// Whether a line was no lead, or its lead was rejected.
fn is_refused(record: &Record, answer: &[u8]) -> bool {
    let ended = serde_json::from_slice::<Ended>(answer).is_ok_and(|told| told.ended == "rejected");
    matches!(record, Record::Bad(_)) || ended
}

/// How an answer says that it ended.
#[derive(Deserialize)]
struct Ended {
    ended: String,
}

struct Asked<'a> {
    engine: &'a Engine,
    buyers: HttpBuyers,
    asking: Asking,
    within: Duration,
    seed: Seed,
    clock: Option<GoesOn>,
}

impl Asked<'_> {
    /// Lead after lead, each answered before the next is read; whether any was refused.
    fn all(&self, records: &mut Records<'_>, out: &mut Output<'_>, failed: &mut Option<Error>) -> Result<bool, String> {
        let mut refused = false;
        loop {
            let batch = records.batch(AT_A_TIME).map_err(|error| format!("the input: {error}"))?;
            if batch.is_empty() || out.is_closed() {
                return Ok(refused);
            }
            for (number, record) in batch {
                match self.answer(number, &record) {
                    Ok(answer) => {
                        refused |= is_refused(&record, &answer);
                        out.line(&answer).and_then(|()| out.flush())?;
                    }
                    Err(error) => {
                        *failed = Some(error);
                        return Ok(refused);
                    }
                }
            }
        }
    }

    /// What is no lead is answered as `decide` answers it.
    fn answer(&self, number: u64, record: &Record) -> Result<Vec<u8>, Error> {
        let now = self.clock.as_ref().map_or_else(clock::now, Clock::now);
        match record {
            Record::Json(lead) => {
                let tick = Tick { now, seed: self.seed };
                self.buyers.ask(self.engine, self.asking, lead, tick, self.within)
            }
            Record::Bad(problem) => {
                let refused = self.engine.settle_lines(vec![PreparedLine::refused(number, problem.clone())])?;
                Ok(refused.first().map(|answer| answer.bytes().to_vec()).unwrap_or_default())
            }
        }
    }
}
