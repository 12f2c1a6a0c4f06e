//! What a supplier is answered in its own form: a template for each way in which a lead may end.

use super::Template;
use super::template::seen;
use crate::model::{RawMap, RawValue};
use std::collections::BTreeMap;

/// What templates of answers to suppliers may look at.
pub(crate) const ANSWER_KNOWN: [&str; 9] =
    ["answer", "because", "bid", "currency", "decision", "expires", "lead_id", "payout", "ping_id"];

/// What suppliers are answered with, by how a lead ended or what became of a ping.
#[derive(Clone, Default)]
pub(crate) struct Responses {
    pub(crate) of: BTreeMap<String, Template>,
    /// For all others.
    pub(crate) others: Option<Template>,
}

impl Responses {
    /// The text for this end. Values that there are none of here are there all the same, as nothing.
    pub(crate) fn write(&self, end: &str, values: Vec<(&str, RawValue)>) -> Option<String> {
        let template = self.of.get(end).or(self.others.as_ref())?;
        let mut all: BTreeMap<String, RawValue> =
            ANSWER_KNOWN.iter().map(|name| ((*name).to_owned(), RawValue::Null)).collect();
        all.extend(values.into_iter().map(|(name, value)| (name.to_owned(), value)));
        all.insert("answer".into(), RawValue::text(end));
        template.render(&seen(&RawValue::Object(RawMap(all.into_iter().collect())))).ok()
    }
}
