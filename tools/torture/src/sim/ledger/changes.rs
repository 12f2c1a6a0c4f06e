//! What operations, reservations and money change, as it is entered.

use super::books::account_of;
use super::{Held, Ledger, broken, must};
use crate::sim::market::{Over, PREPAID, limits, refunds_cap};
use jiff::Timestamp;
use leadwright::model::{Event, EventKind, Money};
use leadwright::store::{Change, Erasure, MemoryStore, Store};
use serde_json::Value;

impl Ledger {
    pub(super) fn changed(&mut self, change: Change) -> Held {
        let at = change.at.millis();
        self.time(at, &"a change")?;
        for event in &change.events {
            let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
            self.event(event, &data, at)?;
        }
        if let Some(closed) = &change.statement {
            self.books.closes(closed)?;
        }
        self.events.extend(change.events);
        Ok(())
    }

    fn event(&mut self, event: &Event, data: &Value, at: i64) -> Held {
        let text = |name: &str| data[name].as_str().unwrap_or_default().to_owned();
        let units = |name: &str| text(name).parse::<Money>().map(Money::units).unwrap_or_default();
        let millis = |name: &str| text(name).parse::<Timestamp>().ok().map(Timestamp::as_millisecond);
        let contract = || event.subject.to_string().trim_start_matches("contract:").to_owned();
        match event.kind {
            EventKind::FundsChanged => self.funds(units("add"), units("balance"), at)?,
            EventKind::OverrideSet => {
                let said = (text("value"), millis("until"));
                self.said.insert((contract(), text("what")), said);
            }
            EventKind::OverrideCleared => drop(self.said.remove(&(contract(), text("what")))),
            EventKind::ConsentRevoked => self.revoked.extend(self.person.clone()),
            EventKind::ConsentRestored => self.revoked.retain(|phone| Some(phone) != self.person.as_ref()),
            EventKind::CapReserved => self.reserved(&text("key"), millis("until"), at)?,
            EventKind::CapConfirmed => self.rooms.confirmed(&text("key"))?,
            EventKind::CapReleased => self.released(&text("key"), &text("because"), at)?,
            EventKind::LeadReturned => self.returned(event, &text("buyer"), at)?,
            EventKind::MoneyAdjusted => {
                let (account, add) = (text("account"), units("add"));
                let day = self.day(at);
                self.books.adjusted(&account, add, &day)?;
                if account == account_of(PREPAID) {
                    self.deposits -= add;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn funds(&mut self, add: i64, balance: i64, at: i64) -> Held {
        self.deposits += add;
        let want = self.deposits - self.spent;
        must(balance == want, "I12", || format!("the log says that {PREPAID} has {balance}, and it has {want}"))?;
        let day = self.day(at);
        self.books.post(&account_of(PREPAID), &day, -add);
        self.touched_groups.insert(String::new());
        Ok(())
    }

    /// A lead came back: its price does, and places under caps that count in the same window still.
    fn returned(&mut self, event: &Event, buyer: &str, at: i64) -> Held {
        let id = event.subject.decision().ok_or_else(|| broken("I10", "what is returned is no lead"))?;
        let day = self.day(at);
        let given = self.books.returned(id, buyer, &day)?;
        if buyer == PREPAID {
            self.spent -= given.price;
        }
        if !refunds_cap(buyer) {
            return Ok(());
        }
        for owner in [format!("contract:{}", given.contract), format!("buyer:{buyer}")] {
            for limit in limits(&owner).iter().filter(|limit| !limit.is_spend) {
                let key = self.counter(&owner, limit, given.at);
                if !matches!(limit.over, Over::Rolling(_)) && key == self.counter(&owner, limit, at) {
                    *self.counters.entry(key.clone()).or_default() -= 1;
                    self.touched.insert(key);
                }
            }
        }
        Ok(())
    }

    /// Somebody was forgotten: of a lead of theirs nothing is left that could be read.
    pub(super) fn forgot(&mut self, erasure: Erasure, memory: &MemoryStore) -> Held {
        self.people.values_mut().for_each(|sales| sales.retain(|(_, by)| *by != erasure.id));
        self.erased.insert(erasure.id.clone());
        let left = self.is_unreadable(&erasure.id, memory);
        self.bodies.insert(erasure.id, erasure.body);
        left
    }

    pub(super) fn is_unreadable(&self, id: &leadwright::model::DecisionId, memory: &MemoryStore) -> Held {
        let stored = memory.decision(&self.tenant, id).map_err(super::unread)?;
        let stored = stored.ok_or_else(|| broken("I13", format!("{id} was forgotten, and is not there")))?;
        let record = &stored.record;
        let is_gone = stored.inner.is_some() && record.input.is_empty() && record.reads.is_empty();
        must(is_gone && leadwright::engine::verify_stored(&stored), "I13", || {
            format!("{id} was forgotten, and can be read, or is not what its digest says")
        })
    }
}
