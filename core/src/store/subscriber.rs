//! Who reads the events, and up to where. A cursor only moves forward, unless it is told to read again.

use super::{Begin, Store, Subscriber, SubscriberLag, Transaction};
use crate::model::{Code, Error, EventKind, SubscriberName, TenantId};

/// Reads on under a name from where its cursor is, or for a new name from `begin`; whoever read under it before is out from now on.
/// No kinds are all.
///
/// ```
/// use leadwright::model::{SubscriberName, TenantId};
/// use leadwright::store::{Begin, MemoryStore, ack, join, leave, seek, subscribers};
/// let (store, tenant, crm) = (MemoryStore::new(), TenantId::default(), SubscriberName::new("crm")?);
/// let first = join(&store, &tenant, &crm, &[], Begin::Start)?;
/// let second = join(&store, &tenant, &crm, &[], Begin::Start)?;
/// assert!(ack(&store, &tenant, &crm, first.fence, 0).is_err(), "somebody else reads now");
/// assert_eq!(seek(&store, &tenant, &crm, second.fence, Begin::Now)?, 0);
/// assert_eq!(subscribers(&store, &tenant)?.len(), 1);
/// assert!(leave(&store, &tenant, &crm)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `store.*`.
pub fn join(
    store: &dyn Store,
    tenant: &TenantId,
    name: &SubscriberName,
    kinds: &[EventKind],
    begin: Begin,
) -> Result<Subscriber, Error> {
    let mut kinds = kinds.to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    let mut joined = None;
    store.write(tenant, &mut |transaction| {
        let before = transaction.subscriber(name)?;
        let fence = before.as_ref().map_or(0, |before| before.fence).saturating_add(1);
        let position = match before.and_then(|before| before.position) {
            Some(position) => position,
            None => place(transaction, begin)?,
        };
        let (name, kinds) = (name.clone(), kinds.clone());
        let now = Subscriber { name, kinds, position: Some(position), fence, updated_at: None };
        joined = Some(put(transaction, now)?);
        Ok(())
    })?;
    joined.ok_or_else(|| Error::new(Code::InternalError, "nobody joined"))
}

/// Moves the cursor up to a position that was worked off. One that it has passed already changes nothing.
///
/// # Errors
/// `events.fenced`; `input.bad_option` beyond the last event; `store.*`.
pub fn ack(
    store: &dyn Store,
    tenant: &TenantId,
    name: &SubscriberName,
    fence: u64,
    position: u64,
) -> Result<(), Error> {
    store.write(tenant, &mut |transaction| {
        let held = held(transaction.subscriber(name)?, name, fence)?;
        if held.position >= Some(position) {
            return Ok(());
        }
        if position > transaction.last_event()? {
            return Err(Error::new(Code::InputBadOption, format!("there is no event {position} yet")));
        }
        put(transaction, Subscriber { position: Some(position), ..held }).map(drop)
    })
}

/// Sets the cursor anew, back or forward: the one way to read again what was worked off. Answers with the cursor.
///
/// # Errors
/// `events.fenced`; `store.*`.
pub fn seek(
    store: &dyn Store,
    tenant: &TenantId,
    name: &SubscriberName,
    fence: u64,
    begin: Begin,
) -> Result<u64, Error> {
    let mut set = 0;
    store.write(tenant, &mut |transaction| {
        let held = held(transaction.subscriber(name)?, name, fence)?;
        set = place(transaction, begin)?;
        put(transaction, Subscriber { position: Some(set), ..held }).map(drop)
    })?;
    Ok(set)
}

/// Forgets a subscriber. Answers whether there was one.
///
/// # Errors
/// `store.*`.
pub fn leave(store: &dyn Store, tenant: &TenantId, name: &SubscriberName) -> Result<bool, Error> {
    let mut was = false;
    store.write(tenant, &mut |transaction| {
        let Some(here) = transaction.subscriber(name)?.filter(|here| here.position.is_some()) else { return Ok(()) };
        was = true;
        put(transaction, Subscriber { position: None, ..here }).map(drop)
    })?;
    Ok(was)
}

/// All subscribers by their names, and how far each is behind.
///
/// # Errors
/// `store.*`.
pub fn subscribers(store: &dyn Store, tenant: &TenantId) -> Result<Vec<SubscriberLag>, Error> {
    let mut all = Vec::new();
    store.read(tenant, &mut |view| {
        for Subscriber { name, kinds, position, updated_at, .. } in view.subscribers()? {
            let Some(position) = position else { continue };
            let behind = view.count_events(&kinds, position)?;
            all.push(SubscriberLag { name, types: kinds, position, behind, updated_at });
        }
        Ok(())
    })?;
    Ok(all)
}

/// The subscriber as this reader holds it.
///
/// # Errors
/// `events.fenced` when somebody else reads under the name, or it was dropped.
pub(crate) fn held(found: Option<Subscriber>, name: &SubscriberName, fence: u64) -> Result<Subscriber, Error> {
    let held = found.filter(|found| found.fence == fence && found.position.is_some());
    held.ok_or_else(|| Error::new(Code::EventsFenced, format!("`{name}`")))
}

/// The cursor is at the last event that was worked off: the one before the first to read.
fn place(transaction: &dyn Transaction, begin: Begin) -> Result<u64, Error> {
    Ok(match begin {
        Begin::Start => 0,
        Begin::Now => transaction.last_event()?,
        Begin::At(position) => transaction.last_event()?.min(position.saturating_sub(1)),
    })
}

fn put(transaction: &mut dyn Transaction, subscriber: Subscriber) -> Result<Subscriber, Error> {
    let subscriber = Subscriber { updated_at: transaction.last_decided_at()?, ..subscriber };
    transaction.put_subscriber(&subscriber)?;
    Ok(subscriber)
}
