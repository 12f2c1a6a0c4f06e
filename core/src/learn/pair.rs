//! What was recorded: a lead, and what the legacy made of it.

use super::MOST_REFUSED;
use crate::limits::Window;
use crate::model::{BuyerId, ContractId, Money, RawMap, RawValue, RouteId, SourceId, Timestamp, read_raw, write_raw};
use crate::validate::{Envelope, reserved_name};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The name of what a lead does not name.
const UNNAMED_SOURCE: &str = "legacy";
const UNNAMED_VERTICAL: &str = "leads";

/// A pair, as the learner keeps it.
pub(super) struct Pair {
    /// The lead with an id, a source and a vertical, as an engine takes it.
    pub(super) lead: Vec<u8>,
    pub(super) at: Timestamp,
    pub(super) vertical: usize,
    /// The contract that got it.
    pub(super) sold: Option<usize>,
    /// Caps that the legacy looked at: contract, window, and whether there was room.
    pub(super) seen: Vec<(usize, Window, bool)>,
}

/// A contract of the legacy.
pub(super) struct Known {
    pub(super) id: String,
    pub(super) buyer: String,
    /// How often it was sold at which price.
    pub(super) prices: BTreeMap<Money, u64>,
    /// The limits that were seen.
    pub(super) limits: BTreeMap<Window, u64>,
}

/// Everything that was recorded.
#[derive(Default)]
pub(super) struct Recorded {
    pub(super) pairs: Vec<Pair>,
    pub(super) verticals: Vec<String>,
    pub(super) contracts: Vec<Known>,
    /// Contracts by their ids.
    places: FxHashMap<String, usize>,
    /// Sources with the verticals of their leads.
    pub(super) sources: BTreeMap<String, Vec<usize>>,
    /// Pairs that say nothing about routing, by the legacy's word for their outcome.
    pub(super) left_out: BTreeMap<String, u64>,
    /// Lines that are no pair: how many, and why the first ones are not.
    pub(super) bad: u64,
    pub(super) why_bad: Vec<(u64, String)>,
    lines: u64,
}

impl Recorded {
    /// Adds a line. One that is no pair is counted and told.
    pub(super) fn add(&mut self, line: &[u8]) {
        self.lines += 1;
        let done = match read_raw(line) {
            Ok(read) => self.pair(&read.map),
            Err(error) => Err(error.to_string()),
        };
        if let Err(why) = done {
            self.bad += 1;
            if self.why_bad.len() < MOST_REFUSED {
                self.why_bad.push((self.lines, why));
            }
        }
    }

    fn pair(&mut self, pair: &RawMap) -> Result<(), String> {
        let Some(RawValue::Object(lead)) = pair.get("lead") else { return Err("`lead` is not an object".into()) };
        let outcome = text(pair, "outcome").ok_or("`outcome` is missing")?;
        let sold = match outcome {
            "sold" | "assigned" | "accepted" => true,
            "refused" | "unsold" | "unmatched" => false,
            other => {
                *self.left_out.entry(other.to_owned()).or_default() += 1;
                return Ok(());
            }
        };
        let envelope = Envelope::read(lead);
        let at = match text(pair, "at") {
            Some(at) => at.parse().map_err(|_| "`at` is no RFC 3339 time with a zone".to_owned())?,
            None => envelope.received_at.ok_or("`at` is missing, and the lead does not say when it was received")?,
        };
        let sold = if sold { Some(self.sale(pair)?) } else { None };
        let seen = self.caps(pair.get("caps"))?;
        let named = text(pair, "vertical").or(envelope.vertical.as_deref()).filter(|name| RouteId::new(name).is_ok());
        let vertical = self.vertical(named.unwrap_or(UNNAMED_VERTICAL));
        let source = text(pair, "source").or(envelope.source.as_deref()).filter(|name| SourceId::new(name).is_ok());
        let source = source.unwrap_or(UNNAMED_SOURCE).to_owned();
        let of_source = self.sources.entry(source.clone()).or_default();
        if !of_source.contains(&vertical) {
            of_source.push(vertical);
        }
        let mut whole = RawMap(vec![
            ("id".to_owned(), RawValue::text(envelope.id.unwrap_or_else(|| format!("line-{}", self.lines)))),
            ("source".to_owned(), RawValue::text(source)),
            ("vertical".to_owned(), RawValue::text(self.verticals.get(vertical).map_or("", String::as_str))),
        ]);
        let said = |key: &str| matches!(reserved_name(key), Some("id" | "source" | "vertical"));
        whole.0.extend(lead.0.iter().filter(|(key, _)| !said(key)).cloned());
        let lead = write_raw(&RawValue::Object(whole)).into_bytes();
        self.pairs.push(Pair { lead, at, vertical, sold, seen });
        Ok(())
    }

    fn sale(&mut self, pair: &RawMap) -> Result<usize, String> {
        let (contract, buyer) = (text(pair, "contract"), text(pair, "buyer"));
        let id = contract.or(buyer).ok_or("a sold lead without `contract` and `buyer`")?;
        let place = self.contract(id, buyer)?;
        let price = match pair.get("price") {
            Some(RawValue::Text(text) | RawValue::Number(text)) => {
                Some(text.parse::<Money>().map_err(|_| "`price` is no amount, like \"40.00\"".to_owned())?)
            }
            _ => None,
        };
        if let (Some(price), Some(known)) = (price, self.contracts.get_mut(place)) {
            *known.prices.entry(price).or_default() += 1;
        }
        Ok(place)
    }

    fn contract(&mut self, id: &str, buyer: Option<&str>) -> Result<usize, String> {
        if let Some(place) = self.places.get(id).copied() {
            if let (Some(buyer), Some(known)) = (buyer, self.contracts.get_mut(place))
                && known.buyer.is_empty()
            {
                buyer.clone_into(&mut known.buyer);
            }
            return Ok(place);
        }
        ContractId::new(id).map_err(|error| format!("a contract: {error}"))?;
        if let Some(buyer) = buyer {
            BuyerId::new(buyer).map_err(|error| format!("a buyer: {error}"))?;
        }
        let buyer = buyer.unwrap_or_default().to_owned();
        let known = Known { id: id.to_owned(), buyer, prices: BTreeMap::new(), limits: BTreeMap::new() };
        self.places.insert(id.to_owned(), self.contracts.len());
        self.contracts.push(known);
        Ok(self.contracts.len() - 1)
    }

    /// `{"acme-tx": {"day": {"used": 12, "limit": 25}}}`
    fn caps(&mut self, caps: Option<&RawValue>) -> Result<Vec<(usize, Window, bool)>, String> {
        let Some(RawValue::Object(caps)) = caps else { return Ok(Vec::new()) };
        let mut seen = Vec::new();
        for (id, windows) in &caps.0 {
            let place = self.contract(id, None)?;
            let RawValue::Object(windows) = windows else { return Err("`caps` names no windows".into()) };
            for (word, count) in &windows.0 {
                let window = Window::named(word).ok_or("a window of `caps` is hour, day, week, month or total")?;
                let RawValue::Object(count) = count else {
                    return Err("a cap is { \"used\": 12, \"limit\": 25 }".into());
                };
                let (used, limit) = (number(count, "used"), number(count, "limit"));
                let (Some(used), Some(limit)) = (used, limit) else {
                    return Err("a cap is { \"used\": 12, \"limit\": 25 }".into());
                };
                seen.push((place, window, used < limit));
                if let Some(known) = self.contracts.get_mut(place) {
                    // The latest: what was changed meanwhile is as it is now.
                    known.limits.insert(window, limit);
                }
            }
        }
        Ok(seen)
    }

    fn vertical(&mut self, name: &str) -> usize {
        if let Some(place) = self.verticals.iter().position(|known| known == name) {
            return place;
        }
        self.verticals.push(name.to_owned());
        self.verticals.len() - 1
    }

    /// Who buys under a contract: whoever was named with it, else the contract itself.
    pub(super) fn buyer(&self, contract: usize) -> &str {
        let Some(known) = self.contracts.get(contract) else { return "" };
        if known.buyer.is_empty() { &known.id } else { &known.buyer }
    }

    pub(super) fn id(&self, contract: usize) -> &str {
        self.contracts.get(contract).map_or("", |known| known.id.as_str())
    }
}

fn text<'a>(map: &'a RawMap, key: &str) -> Option<&'a str> {
    match map.get(key)? {
        RawValue::Text(text) | RawValue::Number(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        _ => None,
    }
}

fn number(map: &RawMap, key: &str) -> Option<u64> {
    text(map, key)?.parse().ok()
}
