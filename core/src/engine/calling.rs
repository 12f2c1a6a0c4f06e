//! Whether the consumer may be called now.

use super::reads::State;
use super::settle::Settling;
use super::standing::Why;
use crate::field::FieldKind;
use crate::model::{Code, Timestamp, Value};
use crate::plan::compiled::Contract;

impl<S: State> Settling<'_, S> {
    /// Since when a contract that asks may have the consumer called; none where that is now.
    pub(super) fn must_wait(&self, contract: &Contract) -> Option<Timestamp> {
        contract.call_window?;
        let rules = self.plan.call_rules.as_ref()?;
        let text = |name: &str| self.lead.canonical.get(name).and_then(Value::as_text);
        let mut phones = Vec::new();
        if let Some(schema) = self.plan.verticals.get(self.vertical()) {
            schema.each_of(FieldKind::Phone, &self.lead.canonical, &mut |_, phone| phones.push(phone));
        }
        let times = rules.times(text("state"), text("zip"), phones);
        (!times.is_open(self.at)).then(|| times.next_open(self.at))
    }

    /// What is said of a contract that got the lead: also when the consumer may be called, where that is later.
    pub(super) fn sold(&self, contract: &Contract) -> Why {
        let why = Why::new(Code::ContractSold);
        match self.must_wait(contract) {
            Some(next) => why.check("call_window").wanted(format!("a call at {next} or later")),
            None => why,
        }
    }
}
