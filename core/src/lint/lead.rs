//! From what a lead may be like to a lead that shows it.

use super::space::{Set, Space};
use crate::matching::attributes::Subject;
use crate::matching::{Ask, Index, Scratch};
use crate::model::{Date, Value, Witness};
use crate::rules::{Criteria, Facts};
use std::collections::BTreeMap;

/// A lead as criteria see it.
#[derive(Clone, Debug)]
pub(super) struct Lead {
    pub(super) fields: BTreeMap<String, Value>,
    pub(super) lists: BTreeMap<String, bool>,
    pub(super) today: Date,
}

impl Facts for Lead {
    fn value(&self, field: &str) -> Option<&Value> {
        self.fields.get(field)
    }

    fn each(&self, visit: &mut dyn FnMut(&str, &Value)) {
        self.fields.iter().for_each(|(name, value)| visit(name, value));
    }

    fn in_list(&self, list: &str) -> Option<bool> {
        self.lists.get(list).copied()
    }

    fn today(&self) -> Date {
        self.today
    }
}

impl Lead {
    /// A lead without anything.
    pub(super) fn on(today: Date) -> Self {
        Self { fields: BTreeMap::new(), lists: BTreeMap::new(), today }
    }

    /// Some lead of those that may be like this. What does not matter is left out.
    pub(super) fn of(space: &Space<'_>, left: &[Set]) -> Option<Self> {
        let mut lead = Self::on(space.today);
        let (zip, state) = space.zip_and_state(left)?;
        for (number, (attribute, set)) in space.attributes.iter().zip(left).enumerate() {
            let first = set.runs.classes().next();
            let class = match attribute.subject {
                Subject::Field("zip") => zip,
                Subject::Field("state") => state,
                _ => first,
            };
            if *set == attribute.all && attribute.all.missing {
                continue;
            }
            let Some(class) = class else { continue };
            let value = match attribute.subject {
                Subject::Field("zip") if class == 0 => {
                    let state = state.and_then(|state| space.state(state));
                    let there = state.as_ref().and_then(Value::as_text).and_then(|state| space.other_zip(state));
                    there.or_else(|| space.sample(number, class))?
                }
                _ => space.sample(number, class)?,
            };
            match attribute.subject {
                Subject::List(name) => drop(lead.lists.insert(name.to_owned(), value == Value::Bool(true))),
                // A date of birth that the age asks for, where its own class does not forbid it.
                Subject::Field(name) | Subject::Age(name) => {
                    lead.fields.entry(name.to_owned()).or_insert(value);
                }
                Subject::Place(_) | Subject::Inside(..) => {}
            }
        }
        Some(lead)
    }

    /// The lead as it is shown. `shows` is what happens to it.
    pub(super) fn shown(self, shows: impl Into<String>) -> Witness {
        Witness { lead: self.fields, lists: self.lists, shows: shows.into() }
    }

    /// Whether it may meet criteria, whatever else is in it.
    pub(super) fn may_meet(&self, criteria: Option<&Criteria>) -> bool {
        !Index::new(&[(0, criteria)]).find(self, Ask::NotFalse, &mut Scratch::default()).is_empty()
    }

    /// Whether it meets criteria: asked through the index, as the engine does.
    pub(super) fn meets(&self, criteria: Option<&Criteria>) -> bool {
        Index::new(&[(0, criteria)]).find(self, Ask::IsTrue, &mut Scratch::default()).len() == 1
    }
}
