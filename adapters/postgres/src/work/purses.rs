//! Caps of which this store has a part: what is left of it is asked, and what is sold is taken from it.

use super::Work;
use crate::leases::{Held, Leases};
use crate::store::PostgresStore;
use leadwright::model::Error;
use leadwright::store::CounterAdd;

/// The leases of a store.
#[derive(Clone, Copy)]
pub(crate) struct Purses<'a> {
    pub(crate) own: &'a PostgresStore,
    pub(crate) leases: &'a Leases,
}

impl Work<'_> {
    fn purses_of(&self, key: &str) -> Option<Purses<'_>> {
        self.purses.filter(|purses| purses.leases.covers(key))
    }

    /// How much of a shared cap is left here; none for a cap that is not shared.
    pub(super) fn left_of(&self, key: &str, limit: i64) -> Result<Option<i64>, Error> {
        let Some(purses) = self.purses_of(key) else { return Ok(None) };
        let known = self.cache.borrow().held.get(key).copied();
        // What is written in this transaction is locked by it, and whoever puts more in would wait for it.
        let may_ask = {
            let cache = self.cache.borrow();
            cache.is_writer && !cache.took.contains(key)
        };
        let held = match known {
            Some(held) if held.remaining >= purses.leases.grain(key, limit) || !may_ask => held,
            Some(held) => {
                let spent = self.pending.borrow().taken.get(key).map_or(0, |(_, much)| *much);
                let more = purses.leases.hold(purses.own, self.link, self.tenant(), key, limit, spent)?;
                // Of another lease than was taken from nothing more can be taken here.
                if spent == 0 || more.fence == held.fence { more } else { held }
            }
            None if may_ask => purses.leases.hold(purses.own, self.link, self.tenant(), key, limit, 0)?,
            None => Leases::look(self.link, self.tenant(), key)?,
        };
        self.cache.borrow_mut().held.insert(key.to_owned(), held);
        Ok(Some(held.remaining))
    }

    /// Takes a sum from a lease, or gives it back.
    pub(super) fn take(&self, add: &CounterAdd) -> Result<(), Error> {
        let Some(purses) = self.purses_of(&add.key) else { return Ok(()) };
        purses.leases.note_price(&add.key, add.add);
        let known = self.cache.borrow().held.get(&add.key).copied();
        let held = match known {
            Some(held) => held,
            // Sold by somebody who did not ask for room.
            None => Leases::look(self.link, self.tenant(), &add.key)?,
        };
        let left = Held { remaining: held.remaining.saturating_sub(add.add), ..held };
        self.cache.borrow_mut().held.insert(add.key.clone(), left);
        let mut pending = self.pending.borrow_mut();
        let (fence, much) = pending.taken.entry(add.key.clone()).or_default();
        *fence = held.fence;
        *much = much.saturating_add(add.add);
        Ok(())
    }
}
