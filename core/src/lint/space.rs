//! What leads can be like: for each thing that contracts ask about, the classes that a lead may be in.

use super::sample;
use crate::geo::{counties, zip_info};
use crate::matching::attributes::{Attributes, Subject};
use crate::matching::domain::Domain;
use crate::matching::runs::Runs;
use crate::model::{Date, Value};
use crate::rules::Criteria;
use crate::rules::criteria::{FieldTest, Line};
use crate::rules::look::Look;
use crate::schema::Schema;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The states of the United States and the District of Columbia.
pub(super) const STATES: [&str; 51] = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA",
    "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR",
    "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
];

/// Some of what a lead may be like in one respect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Set {
    pub(super) runs: Runs,
    /// Whether it may be missing.
    pub(super) missing: bool,
}

impl Set {
    pub(super) fn and(&self, other: &Self) -> Self {
        Self { runs: self.runs.and(&other.runs), missing: self.missing && other.missing }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.missing && self.runs.is_empty()
    }
}

/// One respect.
pub(super) struct Attribute<'a> {
    pub(super) subject: Subject<'a>,
    pub(super) domain: Domain,
    /// Texts with classes of their own, from class 1 on.
    texts: Vec<String>,
    /// All that a lead may be like.
    pub(super) all: Set,
}

/// All respects in which contracts look at leads.
pub(super) struct Space<'a> {
    pub(super) attributes: Vec<Attribute<'a>>,
    known: BTreeMap<Subject<'a>, usize>,
    schema: &'a Schema,
    pub(super) today: Date,
    /// By the class of a ZIP code.
    state_of_zip: Vec<Option<u32>>,
    /// Whether all ZIP codes that nobody names and nobody can place have a class of their own.
    pub(super) has_nowhere: bool,
}

/// A ZIP code that lies nowhere, and stands for all such that nobody names: it comes after all that there are.
const NOWHERE: u32 = 99_999;

fn asks_for_areas(criteria: &Criteria) -> bool {
    criteria.lines.iter().any(|line| match line {
        Line::Field(test) => !test.areas.is_empty(),
        Line::Any(inner) | Line::All(inner) => inner.iter().any(asks_for_areas),
        Line::List { .. } => false,
    })
}

impl<'a> Space<'a> {
    pub(super) fn of(criteria: &[&'a Criteria], schema: &'a Schema, today: Date) -> Self {
        let (attributes, numbers) = Attributes::of(criteria, Subject::of_fields);
        let known: BTreeMap<Subject<'a>, usize> =
            numbers.iter().filter_map(|(subject, number)| Some((*subject, usize::try_from(*number).ok()?))).collect();
        let mut by_number: Vec<(usize, Subject<'a>)> =
            known.iter().map(|(subject, number)| (*number, *subject)).collect();
        by_number.sort();
        let mut space =
            Self { attributes: Vec::new(), known, schema, today, state_of_zip: Vec::new(), has_nowhere: false };
        let areas = criteria.iter().any(|each| asks_for_areas(each));
        for ((_, subject), mut domain) in by_number.into_iter().zip(attributes.domains) {
            if areas && subject == Subject::Field("zip") {
                let before = domain.count();
                domain.add_last_zip(NOWHERE);
                space.has_nowhere = domain.count() > before;
            }
            let texts = domain.texts();
            let mut attribute = Attribute {
                subject,
                domain,
                texts,
                all: Set { runs: Runs::default(), missing: space.may_miss(subject) },
            };
            let classes = 0..attribute.domain.count();
            let is_whole = matches!(subject, Subject::Field("zip"));
            let real = classes.filter(|class| is_whole || space.sample_of(&attribute, *class).is_some()).collect();
            attribute.all.runs = Runs::of(real);
            space.attributes.push(attribute);
        }
        let of = |name| space.attribute(space.number_of(Subject::Field(name))?);
        space.state_of_zip =
            of("zip").zip(of("state")).map_or_else(Vec::new, |(zips, states)| states_of_zips(zips, states));
        space
    }

    fn may_miss(&self, subject: Subject<'_>) -> bool {
        match subject {
            Subject::Field(name) | Subject::Age(name) | Subject::Place(name) | Subject::Inside(name, _) => {
                self.is_optional(name)
            }
            Subject::List(_) => true,
        }
    }

    /// Whether a lead may be without a field.
    pub(super) fn is_optional(&self, field: &str) -> bool {
        self.schema.field(field).is_none_or(|field| !field.required)
    }

    pub(super) fn number_of(&self, subject: Subject<'_>) -> Option<usize> {
        self.known.get(&subject).copied()
    }

    pub(super) fn number_of_test(&self, test: &FieldTest) -> Option<usize> {
        self.number_of(Subject::of_fields(test)?)
    }

    pub(super) fn attribute(&self, number: usize) -> Option<&Attribute<'a>> {
        self.attributes.get(number)
    }

    /// What a lead may be like in every respect.
    pub(super) fn all(&self) -> Vec<Set> {
        self.attributes.iter().map(|attribute| attribute.all.clone()).collect()
    }

    /// A value of a class; of an age, a date of birth.
    pub(super) fn sample(&self, number: usize, class: u32) -> Option<Value> {
        self.sample_of(self.attributes.get(number)?, class)
    }

    fn sample_of(&self, attribute: &Attribute<'_>, class: u32) -> Option<Value> {
        match attribute.subject {
            Subject::List(_) => Some(Value::Bool(class == 1)),
            // Neither is asked here: an area is a set of ZIP codes.
            Subject::Place(_) | Subject::Inside(..) => None,
            Subject::Age(_) => sample::of_age(&attribute.domain, class, self.today).map(Value::Date),
            Subject::Field(name) => {
                sample::of_field(self.schema.field(name)?, &attribute.domain, &attribute.texts, class)
            }
        }
    }

    /// A ZIP code of a state that no contract names.
    pub(super) fn other_zip(&self, state: &str) -> Option<Value> {
        let zips = self.attribute(self.number_of(Subject::Field("zip"))?)?;
        // All of them have five digits, and their classes are in their order.
        let free = |zip: &String| zips.texts.binary_search(zip).is_err();
        let there = counties().filter(|county| county.state() == state).flat_map(|county| county.zips());
        there.map(|info| info.zip().as_str().to_owned()).find(free).map(Value::Text)
    }

    /// The state of a class.
    pub(super) fn state(&self, class: u32) -> Option<Value> {
        self.sample(self.number_of(Subject::Field("state"))?, class)
    }

    /// The classes of ZIP codes of which it is not known where they lie, and that an area does not name; without that of
    /// all the codes that nobody names.
    pub(super) fn unplaced(&self, zips: &Attribute<'_>, also: &Arc<[u32]>) -> Runs {
        let look = Look::Place(Arc::clone(also));
        let is_placed = |zip: &String| look.find(&Value::text(zip), self.today).is_some();
        Runs::of((1..).zip(&zips.texts).filter(|(_, zip)| !is_placed(zip)).map(|(class, _)| class).collect())
    }

    /// The ZIP code that a class is, if it is one.
    pub(super) fn zip(&self, zips: &Attribute<'_>, class: u32) -> Option<String> {
        class.checked_sub(1).and_then(|place| zips.texts.get(place as usize)).cloned()
    }

    /// A ZIP code and a state that go together, out of what is left of both; none where there are none. A lead has the
    /// state of its ZIP code, or is without one of them: validation sees to that. `None` of the inner values is missing.
    pub(super) fn zip_and_state(&self, left: &[Set]) -> Option<(Option<u32>, Option<u32>)> {
        let set = |name| self.number_of(Subject::Field(name)).and_then(|number| left.get(number));
        let first = |set: Option<&Set>| set.and_then(|set| set.runs.classes().next());
        let (zips, states) = (set("zip"), set("state"));
        let (Some(zips), Some(states)) = (zips, states) else { return Some((first(zips), first(states))) };
        let state = first(Some(states));
        let some_state = state.is_some() || states.missing;
        if zips.missing && some_state {
            return Some((None, state));
        }
        // Some ZIP code that nobody names.
        if first(Some(zips)) == Some(0) && some_state {
            return Some((Some(0), state));
        }
        for class in zips.runs.classes() {
            match self.state_of_zip.get(class as usize).copied().flatten() {
                None if some_state => return Some((Some(class), state)),
                Some(of) if states.runs.contains(of) => return Some((Some(class), Some(of))),
                _ => {}
            }
        }
        // A ZIP code whose state was left out, as the lead wrote another one.
        let zip = zips.runs.classes().next().filter(|_| states.missing)?;
        Some((Some(zip), None))
    }
}

/// The state of a ZIP code that the table has. Validation knows no other: a lead may write any state beside the rest.
pub(super) fn state_of(zip: &str) -> Option<&'static str> {
    zip_info(zip).map(|info| info.state())
}

/// The class of the state of each ZIP code that has a class; none where the state is not known.
fn states_of_zips(zips: &Attribute<'_>, states: &Attribute<'_>) -> Vec<Option<u32>> {
    let mut buffer = String::new();
    let of = |zip: &String| Some(states.domain.class(&Value::text(state_of(zip)?), &mut buffer));
    std::iter::once(None).chain(zips.texts.iter().map(of)).collect()
}
