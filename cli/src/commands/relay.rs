//! `leadwright relay`

use super::{Failure, tenant};
use crate::args::Relay as Args;
use crate::{Exit, Streams, stores};
use leadwright::events::{begin_of, kinds_of, subscriber_name};
use leadwright::model::TenantId;
use leadwright_relay::{Fault, Pace, Relay, RelayError, Sink, Step, nats, redis};
use std::cell::Cell;

const VARIABLE: &str = "LEADWRIGHT_RELAY_TO";

/// With `--once` it ends when the broker was away so often in a row.
const TRIES: u32 = 5;

pub(crate) fn run(args: &Args, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let tenant = tenant(&args.log.tenant)?;
    let kinds = kinds_of(args.types.iter().map(String::as_str))?;
    let begin = args.from.as_deref().map(begin_of).transpose()?.unwrap_or_default();
    let name = subscriber_name(&args.name)?;
    let mut sink = sink(args, &tenant)?;
    let store = stores::existing(&args.log.store)?;
    let mut relay = Relay::open(&*store, &tenant, &name, &kinds, begin)?.with_batch(args.batch);
    let (faults, is_over) = (Cell::new(0_u32), Cell::new(false));
    let relayed = relay.run(&*store, &mut *sink, Pace::default(), &mut || is_over.get(), &mut |step| match step {
        Step::Relayed(_) => faults.set(0),
        Step::Idle => {
            faults.set(0);
            is_over.set(args.once);
        }
        Step::Fault { fault, .. } => {
            // One that is away for an hour is told of once.
            if faults.replace(faults.get().saturating_add(1)) == 0 {
                let _ = writeln!(streams.err, "{name} tries again: {fault}");
            }
            is_over.set(args.once && faults.get() >= TRIES);
        }
    })?;
    if faults.get() > 0 {
        return Err(Failure::input(format!(
            "the broker was away {TRIES} times in a row; {relayed} events were relayed"
        )));
    }
    let _ = writeln!(streams.err, "{name}: {relayed} events relayed; the log up to {} is there", relay.position());
    Ok(Exit::Ok)
}

fn sink(args: &Args, tenant: &TenantId) -> Result<Box<dyn Sink>, Failure> {
    let named = args.to.clone().or_else(|| std::env::var(VARIABLE).ok());
    let to = named.ok_or_else(|| Failure::usage(format!("neither --to nor {VARIABLE} names a broker")))?;
    let refused = |fault: Fault| Failure::usage(format!("--to: {fault}"));
    match to.split_once("://").map(|(scheme, _)| scheme) {
        Some("nats" | "tls") => {
            let nats::Options { stream, subject, wait, .. } = nats::Options::of(tenant);
            let (stream, subject) = (args.stream.clone().unwrap_or(stream), args.subject.clone().unwrap_or(subject));
            let options = nats::Options { stream, subject, keep: args.keep, wait };
            Ok(Box::new(nats::Nats::new(&to, options).map_err(refused)?))
        }
        Some("redis" | "rediss") if args.subject.is_some() => Err(Failure::usage("--subject is for NATS")),
        Some("redis" | "rediss") => {
            let redis::Options { stream, wait, .. } = redis::Options::of(tenant);
            let options = redis::Options { stream: args.stream.clone().unwrap_or(stream), keep: args.keep, wait };
            Ok(Box::new(redis::Redis::new(&to, options).map_err(refused)?))
        }
        _ => Err(Failure::usage("a broker is named by a URL that begins with nats://, tls://, redis:// or rediss://")),
    }
}

impl From<RelayError> for Failure {
    fn from(error: RelayError) -> Self {
        match error {
            RelayError::Store(error) => error.into(),
            refused => Self::input(refused.to_string()),
        }
    }
}
