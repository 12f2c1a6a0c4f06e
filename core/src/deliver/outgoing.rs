//! A lead on its way to a buyer, and what of it is shown.

use super::{Filter, Sent};
use crate::model::{
    BuyerId, ContractId, Currency, Date, DecisionId, LeadId, Money, RawMap, RawValue, Sale, SourceId, Value,
};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fmt;

/// A lead on its way to a buyer: who gets it, and what is sent of it. `Debug` shows nothing of the lead.
#[derive(Clone)]
pub struct Outgoing<'a> {
    /// The delivery key: the same for every attempt.
    pub key: &'a str,
    /// The lead.
    pub lead: &'a LeadId,
    /// Where it came from.
    pub source: &'a SourceId,
    /// The decision that sold it, or that asks for bids.
    pub decision: &'a DecisionId,
    /// Who gets it.
    pub buyer: &'a BuyerId,
    /// Under which contract.
    pub contract: &'a ContractId,
    /// Alone or with others; what it would be, for a ping.
    pub sale: Sale,
    /// What the buyer pays; none while it is asked.
    pub price: Option<Money>,
    /// The currency of the plan.
    pub currency: Currency,
    /// The day that ages are reckoned for: that on which the lead came, in the zone of the plan.
    pub day: Date,
    /// The canonical lead. Personal data.
    pub fields: &'a BTreeMap<String, Json>,
    /// What of it is sent: that of the contract's `ping` or `post`; all fields of the vertical where there is none.
    pub send: &'a [Sent],
}

impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outgoing({} {})", self.key, self.contract)
    }
}

/// How the names begin of what a supplier sent and the vertical does not know: it is nothing for others.
const UNKNOWN: &str = "x_";

/// The address as it was read, with its parts and keys.
const ADDRESS: &str = "address";
/// The field of a street, which suppliers send and buyers want.
const STREET: &str = "address_line1";

/// Why a field cannot be written as it is wanted.
pub(super) struct Unfit<'a> {
    pub(super) field: &'a str,
    pub(super) filter: Filter,
}

impl Outgoing<'_> {
    /// What is shown, by our names.
    pub(super) fn shown(&self) -> Result<BTreeMap<String, RawValue>, Unfit<'_>> {
        if self.send.is_empty() {
            let is_sent = |name: &str| !name.starts_with(UNKNOWN) && name != ADDRESS;
            let known = self.fields.iter().filter(|(name, _)| is_sent(name));
            let known = known.map(|(name, value)| (name.clone(), raw(value)));
            return Ok(known.chain(self.street().map(|street| (STREET.to_owned(), street))).collect());
        }
        let mut shown = BTreeMap::new();
        for sent in self.send {
            shown.extend(self.value(sent)?.map(|value| (sent.name.clone(), value)));
        }
        Ok(shown)
    }

    /// Whether this may be looked at at all.
    pub(super) fn may_show(&self, wanted: &Sent) -> bool {
        let whole = |sent: &Sent| sent.path.is_none() && sent.filters.is_empty() && sent.field == wanted.field;
        self.send.is_empty() || self.send.iter().any(|sent| sent.name == wanted.name || whole(sent))
    }

    /// A field or a part of it, as it is wanted; none where the lead does not have it.
    pub(super) fn value<'s>(&'s self, sent: &'s Sent) -> Result<Option<RawValue>, Unfit<'s>> {
        let json = self.fields.get(&sent.field);
        let found = match &sent.path {
            None if json.is_none() && sent.field == STREET => self.street(),
            None => json.map(raw),
            Some(path) => json.and_then(|json| path.find(&value(json), self.day).map(|found| written(&found))),
        };
        let Some(mut found) = found.filter(|found| *found != RawValue::Null) else { return Ok(None) };
        for filter in &sent.filters {
            found = filter.apply(&found).ok_or(Unfit { field: &sent.name, filter: *filter })?;
        }
        Ok(Some(found))
    }

    /// The street with the unit: the lines of the address before that of the city. Validation reads a street into the address
    /// and leaves no field behind, and that is how buyers want it.
    fn street(&self) -> Option<RawValue> {
        if self.fields.contains_key(STREET) {
            return None;
        }
        let address = self.fields.get(ADDRESS)?;
        let lines: Vec<&str> = address.get("lines")?.as_array()?.iter().filter_map(Json::as_str).collect();
        let has_place =
            ["city", "state", "zip"].iter().any(|part| self.fields.contains_key(*part) || address.get(*part).is_some());
        let street = lines.get(..lines.len().saturating_sub(usize::from(has_place)))?;
        if street.is_empty() { None } else { Some(RawValue::text(street.join(", "))) }
    }

    /// What is told besides the lead, by the names that templates know it under.
    pub(super) fn envelope(&self) -> Vec<(&'static str, RawValue)> {
        vec![
            ("key", RawValue::text(self.key)),
            ("lead_id", RawValue::text(self.lead.as_str())),
            ("source", RawValue::text(self.source.as_str())),
            ("decision", RawValue::text(self.decision.to_string())),
            ("buyer", RawValue::text(self.buyer.as_str())),
            ("contract", RawValue::text(self.contract.as_str())),
            ("sale", RawValue::text(if self.sale == Sale::Exclusive { "exclusive" } else { "shared" })),
            ("price", self.price.map_or(RawValue::Null, |price| RawValue::text(price.to_string()))),
            ("currency", RawValue::text(self.currency.as_str())),
        ]
    }
}

/// The names of [`Outgoing::envelope`], and the lead.
pub(crate) const KNOWN: [&str; 10] =
    ["key", "lead_id", "source", "decision", "buyer", "contract", "sale", "price", "currency", "lead"];

/// A canonical value as it is sent.
fn raw(json: &Json) -> RawValue {
    match json {
        Json::Null => RawValue::Null,
        Json::Bool(yes) => RawValue::Bool(*yes),
        Json::Number(number) => RawValue::Number(number.to_string()),
        Json::String(text) => RawValue::text(text.as_str()),
        Json::Array(items) => RawValue::List(items.iter().map(raw).collect()),
        Json::Object(members) => {
            RawValue::Object(RawMap(members.iter().map(|(key, value)| (key.clone(), raw(value))).collect()))
        }
    }
}

/// A canonical value as ways lead through it: a text that is a date may be one.
fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::text(""),
        Json::Bool(yes) => Value::Bool(*yes),
        Json::Number(number) => number.as_i64().map_or_else(|| Value::text(number.to_string()), Value::Int),
        Json::String(text) => text.parse().map_or_else(|_| Value::text(text.as_str()), Value::Date),
        Json::Array(items) => Value::List(items.iter().map(value).collect()),
        Json::Object(members) => {
            Value::Record(members.iter().map(|(key, member)| (key.clone(), value(member))).collect())
        }
    }
}

fn written(value: &Value) -> RawValue {
    serde_json::to_value(value).map_or(RawValue::Null, |json| raw(&json))
}
