//! One step after the other: read, publish, move the cursor.

use crate::{Fault, Mark, Message, Published, RelayError, Sink};
use leadwright::events::read;
use leadwright::model::{Code, Error, EventKind, SubscriberName, TenantId};
use leadwright::store::{Begin, Store, ack, join, seek};

/// So many events are published before the first of them must be acknowledged, unless something else is said.
pub const BATCH: usize = 256;

/// Who relays the events of a tenant, under a subscriber's name. Whoever opens one under the same name takes over, and the
/// one before ends with `events.fenced`.
#[derive(Debug)]
pub struct Relay {
    tenant: TenantId,
    name: SubscriberName,
    kinds: Vec<EventKind>,
    fence: u64,
    batch: usize,
    /// Up to where it has read and published.
    upto: u64,
    /// Whether the broker has said what it has.
    agreed: bool,
}

/// What a step came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many events are with the broker now; there may be more.
    Relayed(usize),
    /// There is nothing to relay now.
    Idle,
    /// The broker did not take all, or, in a [`run`](Relay::run), the store was busy. What the broker did take is counted, and
    /// the cursor was moved for it; the rest comes with the next step.
    Fault {
        /// So many were taken.
        relayed: usize,
        /// Why no more.
        fault: Fault,
    },
}

impl Relay {
    /// Reads on under a name: from where its cursor is, or for a new name from `begin`. No kinds are all.
    ///
    /// # Errors
    /// [`RelayError::Store`] with `store.*`.
    pub fn open(
        store: &dyn Store,
        tenant: &TenantId,
        name: &SubscriberName,
        kinds: &[EventKind],
        begin: Begin,
    ) -> Result<Self, RelayError> {
        let joined = join(store, tenant, name, kinds, begin)?;
        let (tenant, name, upto) = (tenant.clone(), name.clone(), joined.position.unwrap_or(0));
        Ok(Self { tenant, name, kinds: joined.kinds, fence: joined.fence, batch: BATCH, upto, agreed: false })
    }

    /// The same with another number of events on the way at once; at least one.
    #[must_use]
    pub fn with_batch(self, events: usize) -> Self {
        Self { batch: events.max(1), ..self }
    }

    /// Up to where the log was relayed.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.upto
    }

    /// Reads on from somewhere else, back or forward. A sink that knows what it has goes on behind that all the same.
    ///
    /// # Errors
    /// [`RelayError::Store`] with `events.fenced`, `store.*`.
    pub fn seek(&mut self, store: &dyn Store, begin: Begin) -> Result<(), RelayError> {
        self.upto = seek(store, &self.tenant, &self.name, self.fence, begin)?;
        self.agreed = false;
        Ok(())
    }

    /// Publishes what comes next, and moves the cursor for what the broker acknowledged.
    ///
    /// # Errors
    /// [`RelayError::Store`] with `events.fenced` when another one relays under the name now, or `store.*`;
    /// [`RelayError::Refused`], [`RelayError::Conflict`].
    pub fn step(&mut self, store: &dyn Store, sink: &mut dyn Sink) -> Result<Step, RelayError> {
        let mut cursor = self.cursor(store)?;
        if !self.agreed {
            match sink.last() {
                Ok(Some(mark)) => cursor = self.agree(store, &mark, cursor)?,
                Ok(None) => {}
                Err(fault) => return self.stopped(0, fault),
            }
            self.agreed = true;
        }
        let page = read(store, &self.tenant, &self.kinds, self.upto, self.batch)?;
        if page.events.is_empty() {
            // Nothing of what came is wanted: the next look begins behind it.
            self.moved(store, page.upto, cursor)?;
            sink.idle();
            return Ok(Step::Idle);
        }
        let messages = page.events.into_iter().map(Message::of).collect::<Result<Vec<_>, _>>()?;
        let Published { count, fault } = sink.publish(&messages);
        if count >= messages.len() {
            self.moved(store, page.upto, cursor)?;
            return fault.map_or(Ok(Step::Relayed(messages.len())), |fault| self.stopped(messages.len(), fault));
        }
        if let Some(last) = count.checked_sub(1).and_then(|last| messages.get(last)) {
            self.moved(store, last.position, cursor)?;
        }
        self.stopped(count, fault.unwrap_or_else(|| Fault::Away("it did not take all".to_owned())))
    }

    /// Where the store has us, if it is still us that relay under the name.
    fn cursor(&self, store: &dyn Store) -> Result<u64, Error> {
        let mut found = None;
        store.read(&self.tenant, &mut |view| {
            found = view.subscriber(&self.name)?.filter(|found| found.fence == self.fence);
            Ok(())
        })?;
        let position = found.and_then(|found| found.position);
        position.ok_or_else(|| Error::new(Code::EventsFenced, format!("`{}`", self.name)))
    }

    /// Goes on behind what the broker has, once that is known to be of this log. Answers where the cursor is then.
    fn agree(&mut self, store: &dyn Store, mark: &Mark, cursor: u64) -> Result<u64, RelayError> {
        match self.told_at(store, mark.position())? {
            Some(id) if mark.is_of(&id) => {
                if mark.position() != cursor {
                    let behind = Begin::At(mark.position().saturating_add(1));
                    seek(store, &self.tenant, &self.name, self.fence, behind)?;
                }
                self.upto = mark.position();
                Ok(mark.position())
            }
            // What everybody has read, `prune` may have taken from the log.
            None if mark.position() <= cursor => Ok(cursor),
            _ => Err(RelayError::Conflict(mark.position())),
        }
    }

    /// The id of the event at a position, of whatever kind.
    fn told_at(&self, store: &dyn Store, position: u64) -> Result<Option<String>, Error> {
        let Some(before) = position.checked_sub(1) else { return Ok(None) };
        let next = read(store, &self.tenant, &[], before, 1)?.events.pop().filter(|event| event.position == position);
        next.map(|event| Message::of(event).map(|message| message.id)).transpose()
    }

    fn moved(&mut self, store: &dyn Store, upto: u64, cursor: u64) -> Result<(), Error> {
        if upto > cursor {
            ack(store, &self.tenant, &self.name, self.fence, upto)?;
        }
        self.upto = upto;
        Ok(())
    }

    fn stopped(&mut self, relayed: usize, fault: Fault) -> Result<Step, RelayError> {
        // What became of the rest, the broker is asked before anything else is published.
        self.agreed = false;
        match fault {
            Fault::Refused(why) => Err(RelayError::Refused(why)),
            Fault::Away(_) => Ok(Step::Fault { relayed, fault }),
        }
    }
}
