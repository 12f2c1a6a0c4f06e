//! Decisions as they are entered: what was sold, by us or beside us, and under which limits.

use super::rooms::State;
use super::{Held, Ledger, Sold, broken, must};
use crate::sim::market::{CREDIT, DEDUPE, Limit, Over, PREPAID, limits};
use leadwright::model::{DecisionId, EventKind, Money, Outcome};
use leadwright::store::Effects;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Body {
    assignments: Vec<Sale>,
    #[serde(default)]
    canonical: Canonical,
    #[serde(default)]
    observed: bool,
}

/// A sale, as the decision's text has it.
#[derive(Clone, Deserialize)]
struct Sale {
    buyer: String,
    contract: String,
    group: String,
    sale: String,
    price: String,
    key: String,
}

impl Sale {
    fn price(&self) -> i64 {
        self.price.parse::<Money>().map(Money::units).unwrap_or_default()
    }
}

#[derive(Default, Deserialize)]
struct Canonical {
    phone: Option<String>,
}

/// What uses limits.
pub(super) struct Use<'a> {
    pub(super) contract: &'a str,
    pub(super) buyer: &'a str,
    pub(super) group: &'a str,
    pub(super) source: Option<&'a str>,
    pub(super) price: i64,
    pub(super) at: i64,
    /// Whether it is the first sale of its lead: another one is no second lead of the source and the route.
    pub(super) is_first: bool,
}

impl Use<'_> {
    /// Whose limits count it.
    fn owners(&self) -> Vec<String> {
        let mut owners = vec![
            format!("contract:{}", self.contract),
            format!("buyer:{}", self.buyer),
            format!("group:{}", self.group),
        ];
        if self.is_first {
            owners.extend(self.source.map(|source| format!("source:{source}")));
            owners.push("route:roofing".into());
        }
        owners
    }
}

impl Ledger {
    pub(super) fn decided(&mut self, effects: Effects) -> Held {
        let record = effects.record;
        let at = record.at.millis();
        for event in effects.events.iter().filter(|event| event.kind == EventKind::CapConfirmed) {
            self.rooms.confirmed_by(event, &record.id)?;
        }
        self.events.extend(effects.events);
        if record.outcome == Outcome::Assigned {
            let body: Body = serde_json::from_slice(&record.body)
                .map_err(|error| broken("I3", format!("the body of {}: {error}", record.id)))?;
            if body.observed {
                self.observed(&record.id, at, &body)?;
            } else {
                self.on_time(at, &record.id)?;
                self.bought(&record.id, at, body, usize::from(record.plan == self.second))?;
            }
        } else if !record.reads.contains(OBSERVED) {
            self.on_time(at, &record.id)?;
        }
        self.bodies.insert(record.id, record.body);
        Ok(())
    }

    /// What we decide is never of a time before, and nothing is held any longer whose time was over then.
    fn on_time(&mut self, at: i64, id: &DecisionId) -> Held {
        self.time(at, id)?;
        let over = self.rooms.over(at);
        must(over.is_none(), "I7", || {
            let (key, until) = over.expect("there is one");
            format!("{id} of {at} ms is decided, and {key} is held, whose time was over at {until} ms")
        })
    }

    fn bought(&mut self, id: &DecisionId, at: i64, body: Body, plan: usize) -> Held {
        let is_exclusive = body.assignments.iter().any(|sale| sale.sale == "exclusive");
        must(!is_exclusive || body.assignments.len() == 1, "I4", || {
            format!("{id} was sold exclusively, and not alone")
        })?;
        self.sold_once(id, is_exclusive)?;
        if let Some(phone) = body.canonical.phone {
            must(!self.revoked.contains(&phone), "I11", || format!("{id} is sold, and its consent was taken back"))?;
            let sales = self.people.entry(phone).or_default();
            let before = sales.iter().rev().find(|(then, by)| at - then < DEDUPE && by.lead != id.lead);
            must(before.is_none(), "I8", || {
                let (then, by) = before.expect("there is one");
                format!("{id} is sold, and {by} with the same phone was {} ms before", at - then)
            })?;
            sales.push((at, id.clone()));
        }
        for (n, sale) in body.assignments.iter().enumerate() {
            self.sale(id, at, sale, n == 0, plan)?;
            self.outbox.push((sale.key.clone(), id.clone()));
        }
        Ok(())
    }

    /// A lead is sold by one decision, ours or what another system told.
    fn sold_once(&mut self, id: &DecisionId, is_exclusive: bool) -> Held {
        let lead = (id.source.to_string(), id.lead.to_string());
        let before = self.sold.insert(lead, Sold { is_exclusive, received: BTreeMap::new() });
        must(before.is_none(), "I4", || format!("{id} is sold, and was sold by a decision before"))
    }

    fn sale(&mut self, id: &DecisionId, at: i64, sale: &Sale, is_first: bool, plan: usize) -> Held {
        let price = sale.price();
        let used = Use {
            contract: &sale.contract,
            buyer: &sale.buyer,
            group: &sale.group,
            source: Some(id.source.as_str()),
            price,
            at,
            is_first,
        };
        self.takes(id, &used, plan)?;
        let day = self.day(at);
        self.books.sale(id, (&sale.buyer, &sale.contract, price), at, &day);
        self.turn(&sale.group, &sale.contract);
        Ok(())
    }

    /// Room is taken, where there is any: by a sale of ours, or before another system sells.
    pub(super) fn takes(&mut self, by: &dyn std::fmt::Display, used: &Use<'_>, plan: usize) -> Held {
        let (contract, at) = (used.contract, used.at);
        must(!self.is_paused(contract, at), "I11", || format!("{by} went to {contract}, which is paused"))?;
        if contract == "cool-1" {
            let early = self.last_of_rate.filter(|last| at - last < 600_000);
            must(early.is_none(), "I11", || format!("{by} went to cool-1 faster than its rate"))?;
            self.last_of_rate = Some(at);
        }
        self.counts(by, used, Some(plan))?;
        let left = self.deposits - self.spent + CREDIT;
        must(used.buyer != PREPAID || left >= 0, "I1", || format!("{by} costs {} more than {PREPAID} has", -left))
    }

    /// Limits count it; by a plan they are held, too.
    pub(super) fn counts(&mut self, by: &dyn std::fmt::Display, used: &Use<'_>, plan: Option<usize>) -> Held {
        for owner in used.owners() {
            for limit in limits(&owner) {
                let most = plan.map_or(i64::MAX, |plan| self.most(&owner, limit, used.at, plan));
                self.count(by, &owner, limit, used.at, if limit.is_spend { used.price } else { 1 }, most)?;
            }
        }
        if used.buyer == PREPAID {
            self.spent += used.price;
        }
        Ok(())
    }

    /// The room goes back into the windows that it was taken from.
    pub(super) fn gives_back(&mut self, used: &Use<'_>) {
        for owner in used.owners() {
            for limit in limits(&owner) {
                let key = self.counter(&owner, limit, used.at);
                let add = if limit.is_spend { used.price } else { 1 };
                match limit.over {
                    Over::Rolling(_) => {
                        let moments = self.moments.entry(key).or_default();
                        let place = moments.iter().position(|then| *then == used.at);
                        place.map(|place| moments.remove(place));
                    }
                    _ => {
                        *self.counters.entry(key.clone()).or_default() -= add;
                        self.touched.insert(key);
                    }
                }
            }
        }
        if used.buyer == PREPAID {
            self.spent -= used.price;
        }
    }

    /// What another system sold: it has happened, whatever our limits say, and they count it at its own time.
    fn observed(&mut self, id: &DecisionId, at: i64, body: &Body) -> Held {
        self.sold_once(id, false)?;
        if let Some(phone) = &body.canonical.phone {
            self.people.entry(phone.clone()).or_default().push((at, id.clone()));
        }
        let under = self.telling.clone();
        for (n, sale) in body.assignments.iter().enumerate() {
            let covered =
                under.as_ref().and_then(|key| self.rooms.state(key)).is_some_and(|state| state != State::Released);
            if let Some(key) = &under {
                self.rooms.sold_under(key, id);
            }
            if !covered {
                let used = Use {
                    contract: &sale.contract,
                    buyer: &sale.buyer,
                    group: &sale.group,
                    source: Some(id.source.as_str()),
                    price: sale.price(),
                    at,
                    is_first: n == 0,
                };
                self.counts(id, &used, None)?;
            }
            self.turn(&sale.group, &sale.contract);
        }
        self.last_at = self.last_at.max(at);
        Ok(())
    }

    fn turn(&mut self, group: &str, contract: &str) {
        *self.turns.entry(group.to_owned()).or_default().entry(contract.to_owned()).or_default() += 1;
        self.touched_groups.insert(group.to_owned());
    }

    fn count(&mut self, by: &dyn std::fmt::Display, owner: &str, limit: &Limit, at: i64, add: i64, most: i64) -> Held {
        let key = self.counter(owner, limit, at);
        let used = match limit.over {
            Over::Rolling(span) => {
                let moments = self.moments.entry(key.clone()).or_default();
                moments.push_back(at);
                // What comes late is of a time before others.
                let now = self.last_at.max(at);
                moments.retain(|then| *then > now - span);
                i64::try_from(moments.len()).unwrap_or(i64::MAX)
            }
            _ => {
                let used = self.counters.entry(key.clone()).or_default();
                *used += add;
                let used = *used;
                self.touched.insert(key.clone());
                used
            }
        };
        must(used <= most, "I1", || format!("{key} is at {used} with {by}, and its limit is {most}"))
    }

    pub(super) fn counter(&mut self, owner: &str, limit: &Limit, at: i64) -> String {
        let measure = if limit.is_spend { "spend" } else { "count" };
        format!("{owner}|{}|{measure}|sold", self.window(limit.over, at))
    }
}

/// How the reads of a decision begin that takes down what another system did.
const OBSERVED: &str = r#""observed":{"#;
