//! Reading the events: page after page, and under a name each event at least once.

use super::render;
use crate::model::{Code, Error, EventKind, SubscriberName, TenantId};
use crate::store::{self, Begin, Store, Subscriber, View};
use crate::text::did_you_mean;
use std::process;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// An event as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// Its position in the log: what [`Subscription::ack`] takes.
    pub position: u64,
    /// The CloudEvent, as JSON without spaces.
    pub bytes: Vec<u8>,
}

/// Somebody who reads the events. It does not keep the store open: once the engine is gone, its calls say `engine.closed`.
///
/// What was handed out and not acknowledged when it ends is handed out again to whoever reads on under the name.
///
/// ```
/// use leadwright::events::{Subscription, subscriber_name};
/// use leadwright::{model::TenantId, store::{Begin, MemoryStore, Store}};
/// use std::sync::Arc;
/// let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
/// let crm = Subscription::open(&store, &TenantId::default(), &subscriber_name("crm")?, &[], Begin::Start)?;
/// while let Some(last) = crm.poll(100)?.last() {
///     crm.ack(last.position)?;
/// }
/// crm.seek(Begin::Now)?;
/// # Ok::<(), leadwright::model::Error>(())
/// ```
pub struct Subscription {
    store: Weak<dyn Store>,
    tenant: TenantId,
    name: SubscriberName,
    kinds: Vec<EventKind>,
    fence: u64,
    /// A fork makes two of what is one: only this process reads on.
    pid: u32,
    read: Mutex<Read>,
}

/// How far it has read.
#[derive(Clone, Copy)]
struct Read {
    /// Up to where, with all that it does not want.
    upto: u64,
    /// The last event that was handed out, or that it began after.
    delivered: u64,
}

/// Some events, and up to where they are all that was wanted.
pub struct Page {
    /// The events, in the order of the log.
    pub events: Vec<Delivered>,
    /// After which position to read on: that of the last event, or a later one where nothing else is wanted up to there.
    pub upto: u64,
}

/// Reads up to `limit` events of these kinds after a position, without a name and a cursor; no kinds are all.
///
/// ```
/// use leadwright::{events::read, model::TenantId, store::MemoryStore};
/// let page = read(&MemoryStore::new(), &TenantId::default(), &[], 0, 100)?;
/// assert!(page.events.is_empty());
/// # Ok::<(), leadwright::model::Error>(())
/// ```
///
/// # Errors
/// `store.*`.
pub fn read(
    store: &dyn Store,
    tenant: &TenantId,
    kinds: &[EventKind],
    after: u64,
    limit: usize,
) -> Result<Page, Error> {
    page(store, tenant, kinds, after, limit, &|_| Ok(()))
}

/// The same on a state that has passed a check.
fn page(
    store: &dyn Store,
    tenant: &TenantId,
    kinds: &[EventKind],
    after: u64,
    limit: usize,
    check: &dyn Fn(&dyn View) -> Result<(), Error>,
) -> Result<Page, Error> {
    let (mut found, mut last) = (Vec::new(), 0);
    store.read(tenant, &mut |view| {
        check(view)?;
        last = view.last_event()?;
        found = view.events(kinds, after, limit)?;
        Ok(())
    })?;
    let mut events = Vec::with_capacity(found.len());
    for (position, event) in &found {
        events.push(Delivered { position: *position, bytes: render(*position, event)? });
    }
    // A page that is not full says that nothing else is wanted of what is there.
    let read = if events.len() < limit { last } else { events.last().map_or(0, |event| event.position) };
    Ok(Page { events, upto: read.max(after) })
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Subscription({} {})", self.tenant, self.name)
    }
}

impl Subscription {
    /// Reads on under a name from where its cursor is; a new one begins at `begin`. No kinds are all. Whoever read under
    /// the name before is out: its calls say `events.fenced`.
    ///
    /// # Errors
    /// `store.*`.
    pub fn open(
        store: &Arc<dyn Store>,
        tenant: &TenantId,
        name: &SubscriberName,
        kinds: &[EventKind],
        begin: Begin,
    ) -> Result<Self, Error> {
        let Subscriber { kinds, position, fence, .. } = store::join(&**store, tenant, name, kinds, begin)?;
        let upto = position.unwrap_or(0);
        Ok(Self {
            store: Arc::downgrade(store),
            tenant: tenant.clone(),
            name: name.clone(),
            kinds,
            fence,
            pid: process::id(),
            read: Mutex::new(Read { upto, delivered: upto }),
        })
    }

    /// Its name.
    pub fn name(&self) -> &SubscriberName {
        &self.name
    }

    /// Up to `limit` events after those that it handed out before, in the order of the log; none when there are none now.
    ///
    /// # Errors
    /// `events.fenced`, `engine.closed`, `store.*`. The same events then come with the next call.
    pub fn poll(&self, limit: usize) -> Result<Vec<Delivered>, Error> {
        let store = self.store()?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let held = |view: &dyn View| store::held(view.subscriber(&self.name)?, &self.name, self.fence).map(drop);
        let page = page(&*store, &self.tenant, &self.kinds, read.upto, limit, &held)?;
        if let Some(last) = page.events.last() {
            read.delivered = last.position;
        }
        read.upto = page.upto;
        Ok(page.events)
    }

    /// Says that everything up to a position is worked off. It may be said again, and for less than before.
    ///
    /// # Errors
    /// `events.fenced`, `engine.closed`; `input.bad_option` beyond the last event; `store.*`.
    pub fn ack(&self, position: u64) -> Result<(), Error> {
        let store = self.store()?;
        let read = *self.read.lock().unwrap_or_else(PoisonError::into_inner);
        // What comes between the last that it wanted and the next needs not be looked through again.
        let position = if position == read.delivered { read.upto.max(position) } else { position };
        store::ack(&*store, &self.tenant, &self.name, self.fence, position)
    }

    /// Reads on from somewhere else, back or forward; the cursor is moved at once.
    ///
    /// # Errors
    /// As [`ack`](Self::ack).
    pub fn seek(&self, begin: Begin) -> Result<(), Error> {
        let store = self.store()?;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let upto = store::seek(&*store, &self.tenant, &self.name, self.fence, begin)?;
        *read = Read { upto, delivered: upto };
        Ok(())
    }

    fn store(&self) -> Result<Arc<dyn Store>, Error> {
        if self.pid != process::id() {
            return Err(Error::new(Code::EventsFenced, format!("`{}` was opened before a fork", self.name)));
        }
        self.store.upgrade().ok_or_else(|| Error::new(Code::EngineClosed, ""))
    }
}

/// The kinds of these types.
///
/// ```
/// use leadwright::events::kinds_of;
/// assert_eq!(kinds_of(["lead.decided.v1"])?.len(), 1);
/// assert!(kinds_of(["lead.decided"]).is_err_and(|error| error.to_string().contains("did you mean `lead.decided.v1`?")));
/// # Ok::<(), leadwright::model::Error>(())
/// ```
///
/// # Errors
/// `input.bad_option` for a type that no event has.
pub fn kinds_of<'a>(types: impl IntoIterator<Item = &'a str>) -> Result<Vec<EventKind>, Error> {
    let unknown = |word: &str| {
        let near = did_you_mean(word, EventKind::ALL.iter().map(|kind| kind.as_str()));
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        Error::new(Code::InputBadOption, format!("no event is of the type `{word}`{hint}"))
    };
    types.into_iter().map(|word| word.parse().map_err(|()| unknown(word))).collect()
}

/// A subscriber's name as somebody wrote it.
///
/// ```
/// use leadwright::events::subscriber_name;
/// assert_eq!(subscriber_name("crm")?.as_str(), "crm");
/// assert!(subscriber_name("the crm").is_err());
/// # Ok::<(), leadwright::model::Error>(())
/// ```
///
/// # Errors
/// `input.bad_option` for what is no id.
pub fn subscriber_name(text: &str) -> Result<SubscriberName, Error> {
    SubscriberName::new(text)
        .map_err(|error| Error::new(Code::InputBadOption, format!("the subscriber's name: {error}")))
}

/// Where to begin, as somebody wrote it: `start`, `now`, or the position of the first event.
///
/// ```
/// use leadwright::{events::begin_of, store::Begin};
/// assert_eq!((begin_of("now")?, begin_of("17")?), (Begin::Now, Begin::At(17)));
/// assert!(begin_of("later").is_err());
/// # Ok::<(), leadwright::model::Error>(())
/// ```
///
/// # Errors
/// `input.bad_option` for anything else.
pub fn begin_of(text: &str) -> Result<Begin, Error> {
    let unknown = || Error::new(Code::InputBadOption, "where to begin is `start`, `now`, or the position of an event");
    match text {
        "start" => Ok(Begin::Start),
        "now" => Ok(Begin::Now),
        position => position.parse().map(Begin::At).map_err(|_| unknown()),
    }
}
