//! `leadwright events`

use super::{Failure, tenant};
use crate::args::{Events, Log, OfSubscribers};
use crate::ends::Output;
use crate::{Exit, Streams, stores};
use leadwright::events::{Delivered, Subscription, begin_of, kinds_of, read, subscriber_name};
use leadwright::model::{Error, EventKind, TenantId};
use leadwright::store::{self, Begin, Store, SubscriberLag};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// So many events are read at once.
const PAGE: usize = 256;

/// So long it waits at the end of the log before it looks again.
const NAP: Duration = Duration::from_millis(200);

pub(crate) fn run(args: &Events, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    match &args.what {
        Some(OfSubscribers::Subscribers { log, json }) => subscribers(log, *json, streams),
        Some(OfSubscribers::Drop { name, log }) => forget(log, name, streams),
        None => print(args, streams),
    }
}

fn open(path: &Path) -> Result<Arc<dyn Store>, Failure> {
    stores::existing(path)
}

fn print(args: &Events, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let tenant = tenant(&args.tenant)?;
    let kinds = kinds_of(args.types.iter().map(String::as_str))?;
    let begin = args.from.as_deref().map(begin_of).transpose()?;
    let name = args.subscriber.as_deref().map(subscriber_name).transpose()?;
    let store = open(args.store.as_deref().ok_or_else(|| Failure::usage("--store is missing"))?)?;
    let mut log = match name {
        None => Reading::Log { after: first(&*store, &tenant, begin)?, kinds },
        Some(name) => {
            let subscription = Subscription::open(&store, &tenant, &name, &kinds, begin.unwrap_or_default())?;
            // Whoever says where to begin means it, also where there is a cursor.
            begin.map(|begin| subscription.seek(begin)).transpose()?;
            Reading::Named(subscription)
        }
    };
    let mut out = Output::new(streams.out);
    let mut left = args.limit.unwrap_or(usize::MAX);
    while left > 0 && !out.is_closed() {
        let page = log.page(&*store, &tenant, left.min(PAGE))?;
        if page.is_empty() && !args.follow {
            break;
        }
        if page.is_empty() {
            std::thread::sleep(NAP);
        }
        left = left.saturating_sub(page.len());
        log.print(&page, &mut out)?;
    }
    Ok(Exit::Ok)
}

/// The position before the first event that is wanted.
fn first(store: &dyn Store, tenant: &TenantId, begin: Option<Begin>) -> Result<u64, Error> {
    let mut last = 0;
    store.read(tenant, &mut |view| {
        last = view.last_event()?;
        Ok(())
    })?;
    Ok(match begin.unwrap_or_default() {
        Begin::Start => 0,
        Begin::At(position) => position.saturating_sub(1),
        Begin::Now => last,
    })
}

/// How events are read.
enum Reading {
    /// Under a name.
    Named(Subscription),
    /// Without one.
    Log { after: u64, kinds: Vec<EventKind> },
}

impl Reading {
    fn page(&mut self, store: &dyn Store, tenant: &TenantId, limit: usize) -> Result<Vec<Delivered>, Error> {
        match self {
            Reading::Named(subscription) => subscription.poll(limit),
            Reading::Log { after, kinds } => {
                let page = read(store, tenant, kinds, *after, limit)?;
                *after = page.upto;
                Ok(page.events)
            }
        }
    }

    /// What was not taken was not printed, and comes again.
    fn print(&self, page: &[Delivered], out: &mut Output<'_>) -> Result<(), Failure> {
        page.iter().try_for_each(|event| out.line(&event.bytes)).map_err(Failure::input)?;
        out.flush().map_err(Failure::input)?;
        match (self, page.last()) {
            (Reading::Named(subscription), Some(last)) if !out.is_closed() => Ok(subscription.ack(last.position)?),
            _ => Ok(()),
        }
    }
}

fn subscribers(log: &Log, json: bool, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let all = store::subscribers(&*open(&log.store)?, &tenant(&log.tenant)?)?;
    for each in &all {
        let line = if json { serde_json::to_string(each).unwrap_or_default() } else { shown(each) };
        let _ = writeln!(streams.out, "{line}");
    }
    if all.is_empty() && !json {
        let _ = writeln!(streams.out, "nobody reads the events under a name");
    }
    Ok(Exit::Ok)
}

fn shown(subscriber: &SubscriberLag) -> String {
    let SubscriberLag { name, types, position, behind, updated_at } = subscriber;
    let types: Vec<&str> = types.iter().map(|kind| kind.as_str()).collect();
    let types = if types.is_empty() { "all types".to_owned() } else { types.join(", ") };
    let since = updated_at.map(|at| format!(", moved {at}")).unwrap_or_default();
    format!("{name}: at {position}, {behind} behind{since}; {types}")
}

fn forget(log: &Log, name: &str, streams: &mut Streams<'_>) -> Result<Exit, Failure> {
    let name = subscriber_name(name)?;
    if !store::leave(&*open(&log.store)?, &tenant(&log.tenant)?, &name)? {
        return Err(Failure::usage(format!("there is no subscriber `{name}`")));
    }
    let _ = writeln!(streams.out, "{name}: forgotten");
    Ok(Exit::Ok)
}
