//! The books of the engine beside those of the buyers: what its log says of every sale, and what must be true of them together.

use super::buyers::Buyers;
use super::market::{Market, Silent};
use leadwright::engine::Engine;
use leadwright::events::{DeliveryAccepted, DeliveryUnknown, LeadDecided, SaleFell};
use leadwright::model::{DecisionId, DeliveryState, Event, EventKind, Sale, Subject, Timestamp};
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong, and by which of the words of [`WORDS`].
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) word: &'static str,
    pub(crate) said: String,
}

/// What may be found.
pub(crate) const WORDS: [&str; 7] = ["double", "silent", "lost", "key", "caps", "stuck", "error"];

pub(crate) type Held<T = ()> = Result<T, Broken>;

pub(crate) fn broken(word: &'static str, said: impl Into<String>) -> Broken {
    debug_assert!(WORDS.contains(&word));
    Broken { word, said: said.into() }
}

/// Something of the store or the engine that should not fail here.
pub(crate) fn odd(error: impl std::fmt::Display) -> Broken {
    broken("error", error.to_string())
}

/// A sale, as the log tells of it.
pub(crate) struct Row {
    pub(crate) decision: DecisionId,
    pub(crate) place: usize,
    pub(crate) is_alone: bool,
    sold_at: Timestamp,
    /// Whether it did not fall.
    pub(crate) stands: bool,
    /// It fell because nobody answered for so long: that the buyer does not have it was never proven.
    pub(crate) released: bool,
    /// It counts as sold because nobody answered for so long.
    counted: bool,
    /// What was in the way of a late acceptance.
    pub(crate) conflict: Option<String>,
}

/// What was counted of a world.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) leads: u64,
    pub(crate) deliveries: u64,
    pub(crate) posts: u64,
    pub(crate) posts_again: u64,
    pub(crate) has_it: u64,
    pub(crate) dead: u64,
    pub(crate) unknown: u64,
    pub(crate) fell: u64,
    pub(crate) counted: u64,
    pub(crate) conflicts: u64,
    pub(crate) doubles_told: u64,
    pub(crate) entered_twice: u64,
    pub(crate) crashes: u64,
    pub(crate) late: u64,
    pub(crate) twice_told: u64,
    pub(crate) redriven: u64,
    pub(crate) faults: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, other: &Counts) {
        let Counts { leads, deliveries, posts, posts_again, has_it, dead, unknown, fell, counted, .. } = other;
        let Counts { conflicts, doubles_told, entered_twice, crashes, late, twice_told, redriven, faults, .. } = other;
        for (sum, add) in [
            (&mut self.leads, leads),
            (&mut self.deliveries, deliveries),
            (&mut self.posts, posts),
            (&mut self.posts_again, posts_again),
            (&mut self.has_it, has_it),
            (&mut self.dead, dead),
            (&mut self.unknown, unknown),
            (&mut self.fell, fell),
            (&mut self.counted, counted),
            (&mut self.conflicts, conflicts),
            (&mut self.doubles_told, doubles_told),
            (&mut self.entered_twice, entered_twice),
            (&mut self.crashes, crashes),
            (&mut self.late, late),
            (&mut self.twice_told, twice_told),
            (&mut self.redriven, redriven),
            (&mut self.faults, faults),
        ] {
            *sum += add;
        }
    }
}

#[derive(Default)]
pub(crate) struct Account {
    pub(crate) rows: BTreeMap<String, Row>,
    by_lead: BTreeMap<String, Vec<String>>,
    /// By lead, the last decision about it, and whether it sold.
    last: BTreeMap<String, (u32, bool)>,
    position: u64,
    /// Windows of caps in which something was sold: the counter, and how much fits.
    windows: BTreeMap<String, i64>,
}

fn read<T: DeserializeOwned>(event: &Event) -> Held<T> {
    serde_json::from_str(&event.data).map_err(odd)
}

/// The windows of a contract's caps at a time, as counters are called.
fn windows(contract: &str, at: Timestamp) -> [String; 2] {
    let text = at.to_string();
    let (day, hour) = (text.get(..10).unwrap_or_default(), text.get(..13).unwrap_or_default());
    [format!("contract:{contract}|day:{day}|count|sold"), format!("contract:{contract}|hour:{hour}+0000|count|sold")]
}

impl Account {
    /// Reads on in the log.
    pub(crate) fn read_on(&mut self, engine: &Engine, market: &Market) -> Held {
        loop {
            let events = engine.store().events(engine.tenant(), self.position, 256).map_err(odd)?;
            let Some((last, _)) = events.last() else { return Ok(()) };
            self.position = *last;
            for (_, event) in &events {
                self.enter(event, market)?;
            }
        }
    }

    fn enter(&mut self, event: &Event, market: &Market) -> Held {
        let Subject::Decision(decision) = &event.subject else { return Ok(()) };
        match event.kind {
            EventKind::LeadDecided => {
                let data: LeadDecided = read(event)?;
                self.last.insert(decision.lead.to_string(), (decision.n, !data.assignments.is_empty()));
                for sold in data.assignments {
                    let place = Market::place(sold.buyer.as_str());
                    let contract = &market.contracts[place];
                    let [day, hour] = windows(&contract.id, event.at);
                    self.windows.extend([(day, contract.day), (hour, contract.hour)]);
                    self.by_lead.entry(decision.lead.to_string()).or_default().push(sold.key.clone());
                    let row = Row {
                        decision: decision.clone(),
                        place,
                        is_alone: sold.sale == Sale::Exclusive,
                        sold_at: event.at,
                        stands: true,
                        released: false,
                        counted: false,
                        conflict: None,
                    };
                    if self.rows.insert(sold.key.clone(), row).is_some() {
                        return Err(broken("key", format!("{decision} has a key that there was before")));
                    }
                }
            }
            EventKind::SaleFell | EventKind::SaleHonored => {
                let data: SaleFell = read(event)?;
                let row = self.row(&data.key)?;
                row.stands = event.kind == EventKind::SaleHonored;
                row.released |= data.because == "no_answer";
            }
            EventKind::DeliveryAccepted => {
                let data: DeliveryAccepted = read(event)?;
                let row = self.row(&data.key)?;
                row.conflict = data.conflict.or(row.conflict.take());
            }
            EventKind::DeliveryUnknown => {
                let data: DeliveryUnknown = read(event)?;
                self.row(&data.key)?.counted |= data.because == "counted_as_sold";
            }
            _ => {}
        }
        Ok(())
    }

    fn row(&mut self, key: &str) -> Held<&mut Row> {
        self.rows.get_mut(key).ok_or_else(|| broken("lost", format!("the log tells of {key}, which nobody sold")))
    }

    /// Nobody has what another one has alone, and no more have a lead than may. What fell because nobody answered, and was had
    /// by its buyer after all, is counted, and is to be told as a conflict.
    pub(crate) fn one_owner(&self, lead: &str, buyers: &Buyers) -> Held<bool> {
        let keys = self.by_lead.get(lead).map(Vec::as_slice).unwrap_or_default();
        let owners: Vec<&Row> =
            keys.iter().filter(|key| buyers.held.contains_key(*key)).filter_map(|key| self.rows.get(key)).collect();
        let is_double = owners.len() > 2 || owners.len() > 1 && owners.iter().any(|row| row.is_alone);
        if is_double && !owners.iter().any(|row| row.released) {
            let who: Vec<String> = owners.iter().map(|row| format!("b{} by {}", row.place, row.decision)).collect();
            return Err(broken("double", format!("{lead} is with {}", who.join(" and "))));
        }
        Ok(is_double)
    }

    /// No cap is oversold, by its counters.
    pub(crate) fn caps(&self, engine: &Engine) -> Held<BTreeMap<String, i64>> {
        let mut counters = BTreeMap::new();
        let mut look = |view: &dyn leadwright::store::View| {
            for key in self.windows.keys() {
                counters.insert(key.clone(), view.counter(key)?);
            }
            Ok(())
        };
        engine.store().read(engine.tenant(), &mut look).map_err(odd)?;
        for (key, most) in &self.windows {
            let used = counters.get(key).copied().unwrap_or_default();
            if !(0..=*most).contains(&used) {
                return Err(broken("caps", format!("{key} is {used} of {most}")));
            }
        }
        Ok(counters)
    }

    /// Everything at the end of a world, when nobody has anything to do any more.
    pub(crate) fn close(&self, engine: &Engine, buyers: &Buyers, market: &Market, counts: &mut Counts) -> Held {
        let counters = self.caps(engine)?;
        let (mut stand, mut have) = (BTreeMap::new(), BTreeMap::new());
        for (key, row) in &self.rows {
            self.close_row(key, row, engine, buyers, market, counts)?;
            let has_it = buyers.held.contains_key(key);
            for window in windows(&market.contracts[row.place].id, row.sold_at) {
                *stand.entry(window.clone()).or_insert(0) += i64::from(row.stands);
                *have.entry(window).or_insert(0) += i64::from(row.stands && has_it);
            }
        }
        for (key, used) in &counters {
            let of = |sums: &BTreeMap<String, i64>| sums.get(key).copied().unwrap_or_default();
            if *used != of(&stand) || of(&have) > *used {
                let said = format!("{key} is {used}, {} sales stand, buyers have {}", of(&stand), of(&have));
                return Err(broken("caps", said));
            }
        }
        for lead in self.by_lead.keys() {
            counts.doubles_told += u64::from(self.one_owner(lead, buyers)?);
            self.goes_on(lead)?;
        }
        let known: BTreeSet<&String> = self.rows.keys().collect();
        match buyers.held.keys().find(|key| !known.contains(key)) {
            Some(key) => Err(broken("key", format!("a buyer has {key}, which nobody sold"))),
            None => Ok(()),
        }
    }

    fn close_row(
        &self,
        key: &str,
        row: &Row,
        engine: &Engine,
        buyers: &Buyers,
        market: &Market,
        counts: &mut Counts,
    ) -> Held {
        let has_it = buyers.held.contains_key(key);
        let seen = engine.delivery(key).map_err(odd)?;
        let seen = seen.ok_or_else(|| broken("lost", format!("{} has no delivery", row.decision)))?;
        // What is done may have one of which nobody told the end: the buyer told late, and whoever was at it died.
        let goes_on = seen.attempts.iter().any(|attempt| attempt.class.is_none());
        if goes_on && seen.state != DeliveryState::Done {
            return Err(broken("stuck", format!("an attempt of {} goes on", row.decision)));
        }
        let is_host = market.contracts[row.place].silent == Silent::Host;
        let of = |what: &str| format!("{} to b{}: {what}", row.decision, row.place);
        counts.deliveries += 1;
        counts.has_it += u64::from(has_it);
        counts.fell += u64::from(!row.stands);
        counts.counted += u64::from(row.counted && !has_it);
        counts.conflicts += u64::from(row.conflict.is_some());
        match seen.state {
            DeliveryState::Ready | DeliveryState::Claimed => return Err(broken("stuck", of(seen.state.as_str()))),
            DeliveryState::Unknown => counts.unknown += 1,
            DeliveryState::Dead if seen.dead.is_none() => return Err(broken("lost", of("dead without a reason"))),
            DeliveryState::Dead => counts.dead += 1,
            DeliveryState::Done if row.stands && !has_it && !row.counted => {
                return Err(broken("lost", of("it is said to be delivered, and the buyer does not have it")));
            }
            DeliveryState::Done => {}
        }
        // Of a contract without `post` the host knows what it sold.
        if seen.state == DeliveryState::Dead && row.stands && !is_host {
            return Err(broken("caps", of("given up, and its sale stands")));
        }
        if has_it && !row.stands && row.conflict.is_none() {
            return Err(broken("silent", of("the buyer has what fell, and nobody is told")));
        }
        Ok(())
    }

    /// A lead that nobody has was offered on until nobody was left.
    fn goes_on(&self, lead: &str) -> Held {
        let rows = || self.by_lead.get(lead).into_iter().flatten().filter_map(|key| self.rows.get(key));
        let (n, sold) = self.last.get(lead).copied().unwrap_or_default();
        // What was to be had alone goes to nobody else as long as its buyer may have it.
        let ended = rows().filter(|row| row.decision.n == n).any(|row| row.released && row.is_alone);
        if sold && n < 64 && !rows().any(|row| row.stands) && !ended {
            return Err(broken("lost", format!("{lead} was sold to nobody who took it, and not offered on")));
        }
        Ok(())
    }
}
