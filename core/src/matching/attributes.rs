//! What contracts ask about, and the class that a lead has in each.

use super::domain::{Constants, Domain};
use crate::rules::criteria::{Criteria, FieldTest, Line};
use crate::rules::look::{Look, Path};
use crate::rules::{Facts, QUALITY};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The class of a lead that does not have the attribute.
pub(super) const MISSING: u32 = u32::MAX;

/// Something that a lead has one value of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject<'a> {
    Field(&'a str),
    /// The age of who was born at the date of a field.
    Age(&'a str),
    /// The ZIP code in a field, if it is known where it lies.
    Place(&'a str),
    /// What a way into a field leads to.
    Inside(&'a str, &'a Path),
    /// Whether the lead is on a list.
    List(&'a str),
}

impl<'a> Subject<'a> {
    /// What a test is about; none where leads cannot be put into classes by it.
    pub(crate) fn of(test: &'a FieldTest) -> Option<Self> {
        let of = match &test.look {
            Look::Itself => Subject::Field(&test.field),
            Look::Age => Subject::Age(&test.field),
            Look::Place(_) => Subject::Place(&test.field),
            Look::Inside(path) => Subject::Inside(&test.field, path),
        };
        test.look.has_classes().then_some(of)
    }

    /// The same of whole fields only, and an area is a set of ZIP codes like any other.
    pub(crate) fn of_fields(test: &'a FieldTest) -> Option<Self> {
        match test.look {
            Look::Inside(_) => None,
            Look::Place(_) => Some(Subject::Field(&test.field)),
            _ => Self::of(test),
        }
    }
}

/// All attributes of an index.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attributes {
    pub(crate) domains: Vec<Domain>,
    /// In the order of names.
    fields: Vec<Asked>,
    lists: Vec<(Box<str>, u32)>,
}

/// A field of the lead that is an attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Asked {
    /// The first bytes of its name, which mostly tell it from others.
    start: u64,
    name: Box<str>,
    attribute: u32,
    /// What of it is the attribute.
    look: Look,
}

impl Asked {
    fn new(name: &str, attribute: u32, look: Look) -> Self {
        Self { start: start_of(name), name: name.into(), attribute, look }
    }

    /// Whether a name that starts alike is its name.
    fn is(&self, name: &str) -> bool {
        self.name.len() == name.len() && (name.len() <= 8 || *self.name == *name)
    }
}

/// The first eight bytes of a name as a number: compared as names are.
fn start_of(name: &str) -> u64 {
    let bytes = name.as_bytes();
    match bytes.first_chunk() {
        Some(first) => u64::from_be_bytes(*first),
        None => (0..8).fold(0, |start, n| start << 8 | u64::from(bytes.get(n).copied().unwrap_or(0))),
    }
}

/// Attributes by what they are about.
pub(crate) type Known<'a> = FxHashMap<Subject<'a>, u32>;

impl Attributes {
    /// Everything that the criteria ask about and that has classes; `subject` says what a test is about.
    pub(crate) fn of<'a>(contracts: &[&'a Criteria], subject: SubjectOf<'a>) -> (Self, Known<'a>) {
        let mut constants = FxHashMap::default();
        contracts.iter().for_each(|criteria| gather(criteria, subject, &mut constants));
        let mut all = Self::default();
        let mut known = Known::default();
        // By name, so that the same contracts make the same index.
        let constants: BTreeMap<Subject<'a>, Constants<'a>> = constants.into_iter().collect();
        for (subject, constants) in constants {
            let domain = match subject {
                Subject::List(_) => Some(Domain::of_flags()),
                _ => constants.domain(),
            };
            let Some(domain) = domain else { continue };
            let number = all.domains.len() as u32;
            all.domains.push(domain);
            known.insert(subject, number);
            match subject {
                Subject::Field(name) => all.fields.push(Asked::new(name, number, Look::Itself)),
                Subject::Age(name) => all.fields.push(Asked::new(name, number, Look::Age)),
                Subject::Place(name) => all.fields.push(Asked::new(name, number, Look::Place([].into()))),
                Subject::Inside(name, path) => all.fields.push(Asked::new(name, number, Look::Inside(path.clone()))),
                Subject::List(name) => all.lists.push((name.into(), number)),
            }
        }
        all.fields.sort();
        (all, known)
    }

    /// The attributes by the names of the conditions that ask about them.
    pub(super) fn named(&self) -> impl Iterator<Item = (String, u32)> {
        let name = |field: &Asked| match (&field.look, &*field.name) {
            (Look::Age, "dob") => Some("where.age".to_owned()),
            (Look::Itself, QUALITY) => Some("where.quality".to_owned()),
            (Look::Itself, name) => Some(format!("where.{name}")),
            // Who asks about these is judged by the criteria.
            _ => None,
        };
        let fields = self.fields.iter().filter_map(move |field| Some((name(field)?, field.attribute)));
        fields.chain(self.lists.iter().map(|(name, attribute)| (format!("where.list.{name}"), *attribute)))
    }

    /// The classes of a lead, by attribute.
    pub(super) fn observe(&self, facts: &dyn Facts, classes: &mut Vec<u32>, buffer: &mut String) {
        classes.clear();
        classes.resize(self.domains.len(), MISSING);
        let mut next = 0;
        let mut last = 0;
        facts.each(&mut |name, value| {
            let start = start_of(name);
            // Both sides are in the order of names; who is shown them in another order starts anew.
            next = if start < last { 0 } else { next };
            last = start;
            while self.fields.get(next).is_some_and(|field| field.start < start) {
                next += 1;
            }
            let alike = self.fields[next.min(self.fields.len())..].iter().take_while(|field| field.start == start);
            for field in alike.filter(|field| field.is(name)) {
                let domain = &self.domains[field.attribute as usize];
                classes[field.attribute as usize] = match field.look {
                    Look::Itself => domain.class(value, buffer),
                    _ => {
                        let found = field.look.find(value, facts.today());
                        found.map_or(MISSING, |value| domain.class(&value, buffer))
                    }
                };
            }
        });
        for (list, attribute) in &self.lists {
            classes[*attribute as usize] = facts.in_list(list).map_or(MISSING, u32::from);
        }
    }
}

/// What a test is about.
pub(crate) type SubjectOf<'a> = fn(&'a FieldTest) -> Option<Subject<'a>>;

fn gather<'a>(criteria: &'a Criteria, subject: SubjectOf<'a>, constants: &mut FxHashMap<Subject<'a>, Constants<'a>>) {
    for line in &criteria.lines {
        match line {
            Line::Field(test) => {
                if let Some(subject) = subject(test) {
                    constants.entry(subject).or_default().add(&test.operators);
                }
            }
            Line::List { name, .. } => drop(constants.entry(Subject::List(name)).or_default()),
            Line::Any(inner) | Line::All(inner) => {
                inner.iter().for_each(|each| gather(each, subject, constants));
            }
        }
    }
}
