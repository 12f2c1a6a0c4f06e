//! A schema: the fields of one kind of lead, found by any of their names.

use super::catalogue;
use super::derived::Derived;
use super::key::{plain_form, plain_key};
use super::pii::Pii;
use super::policy::Policies;
use crate::field::{Condition, FieldKind, FieldOptions, Member};
use crate::model::Value;
use crate::text::did_you_mean;
use rustc_hash::FxHashMap;

/// One field of a lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name in canonical leads and criteria.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether a lead without it is rejected.
    pub required: bool,
    /// When a lead without it is rejected although it is not `required`: when all of these hold, of which there are some.
    pub required_if: Vec<Condition>,
    /// Its value where a lead has none.
    pub default: Option<Value>,
    /// How much it says about who somebody is.
    pub pii: Pii,
    /// What its check is told.
    pub options: FieldOptions,
    /// Other names that suppliers give it, in plain form.
    pub synonyms: Vec<String>,
    /// The least number, amount or date.
    pub min: Option<Value>,
    /// The greatest.
    pub max: Option<Value>,
}

/// The fields of one kind of lead, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    name: String,
    fields: Vec<Field>,
    /// Field by its own name.
    places: FxHashMap<String, usize>,
    /// The fields in the order of their names.
    sorted: Vec<usize>,
    /// Field by plain name or synonym.
    names: FxHashMap<String, usize>,
    policies: Policies,
    /// Fields that are reckoned, each of which is among the fields too, but without a name that suppliers could give it.
    derived: Vec<Derived>,
}

impl Schema {
    /// A schema without fields.
    ///
    /// ```
    /// use leadwright::schema::Schema;
    /// assert_eq!(Schema::empty("own").fields().len(), 0);
    /// ```
    pub fn empty(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            fields: Vec::new(),
            places: FxHashMap::default(),
            sorted: Vec::new(),
            names: FxHashMap::default(),
            policies: Policies::default(),
            derived: Vec::new(),
        }
    }

    /// A schema of the catalogue, by name and version.
    ///
    /// ```
    /// use leadwright::schema::Schema;
    /// let schema = Schema::named("us/home-services@1").ok_or("no such schema")?;
    /// assert_eq!(schema.find("First Name").map(|field| field.name.as_str()), Some("first_name"));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        let mut schema = Self::empty(name);
        catalogue::fields_of(name)?.into_iter().for_each(|field| schema.put(field));
        Some(schema)
    }

    /// The names of the catalogue.
    pub fn catalogue() -> impl Iterator<Item = &'static str> {
        catalogue::NAMES.iter().copied()
    }

    /// Its name: of the catalogue, or of the vertical that a plan declares.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The same under another name.
    #[must_use]
    pub fn renamed(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Adds a field, or puts it in the place of the one with its name. A synonym that another field has stays there.
    pub fn put(&mut self, field: Field) {
        let place = self.places.get(&field.name).copied().unwrap_or(self.fields.len());
        self.places.insert(field.name.clone(), place);
        self.names.insert(plain_key(&field.name), place);
        for synonym in &field.synonyms {
            self.names.entry(plain_key(synonym)).or_insert(place);
        }
        match self.fields.get_mut(place) {
            Some(old) => *old = field,
            None => {
                self.sort_in(place, &field.name);
                self.fields.push(field);
            }
        }
    }

    /// Puts the place of a new field where its name belongs.
    fn sort_in(&mut self, place: usize, name: &str) {
        let before = |other: &usize| self.fields.get(*other).is_some_and(|other| other.name.as_str() < name);
        self.sorted.insert(self.sorted.partition_point(before), place);
    }

    /// Adds a field that is reckoned from others.
    pub(crate) fn put_derived(&mut self, derived: Derived, field: Field) {
        let place = self.fields.len();
        self.places.insert(field.name.clone(), place);
        self.sort_in(place, &field.name);
        self.fields.push(field);
        self.derived.push(derived);
    }

    /// The fields that are reckoned.
    pub(crate) fn derived(&self) -> &[Derived] {
        &self.derived
    }

    /// Whether a field is reckoned, and not sent.
    pub(crate) fn is_derived(&self, name: &str) -> bool {
        self.derived.iter().any(|derived| derived.name == name)
    }

    /// Says when a field may not be missing.
    pub(crate) fn set_required_if(&mut self, name: &str, conditions: Vec<Condition>) {
        if let Some(field) = self.places.get(name).and_then(|place| self.fields.get_mut(*place)) {
            field.required_if = conditions;
        }
    }

    /// The same with policies for its problems.
    #[must_use]
    pub fn with_policies(mut self, policies: Policies) -> Self {
        self.policies = policies;
        self
    }

    /// What is done about problems where it is not as usual.
    pub fn policies(&self) -> &Policies {
        &self.policies
    }

    /// All fields in order.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Whether a field, or a value inside of one, is a Social Security number or the end of one.
    pub(crate) fn asks_for_ssn(&self) -> bool {
        self.fields.iter().any(|field| has_ssn(field.kind, &field.options))
    }

    /// A field by its own name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.places.get(name).and_then(|place| self.fields.get(*place))
    }

    /// A field by any name that a supplier may give it.
    pub fn find(&self, raw_name: &str) -> Option<&Field> {
        self.find_plain(&plain_form(raw_name)).map(|(_, field)| field)
    }

    /// The same by a name in plain form, with its place among the fields.
    pub(crate) fn find_plain(&self, plain: &str) -> Option<(usize, &Field)> {
        let place = *self.names.get(plain)?;
        Some((place, self.fields.get(place)?))
    }

    /// The own name of a field that was probably meant by a name that the schema does not know.
    pub(crate) fn near(&self, plain: &str) -> Option<&str> {
        let sent = self.fields.iter().filter(|field| !self.is_derived(&field.name));
        did_you_mean(plain, sent.map(|field| field.name.as_str()))
    }

    /// The place of a field among the fields, by its own name.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }

    /// Names and places of all fields, in the order of the names.
    pub(crate) fn by_name(&self) -> impl Iterator<Item = (&str, usize)> {
        self.sorted.iter().filter_map(|place| Some((self.fields.get(*place)?.name.as_str(), *place)))
    }
}

fn has_ssn(kind: FieldKind, options: &FieldOptions) -> bool {
    let inside = |member: &Member| has_ssn(member.kind, &member.options);
    matches!(kind, FieldKind::Ssn | FieldKind::SsnLast4)
        || options.members.iter().any(inside)
        || options.items.as_deref().is_some_and(inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Wanted;

    #[test]
    fn conditions_of_the_catalogue_can_hold() {
        let mut conditions = 0;
        for schema in Schema::catalogue().filter_map(Schema::named) {
            for field in schema.fields() {
                for condition in &field.required_if {
                    conditions += 1;
                    let other = schema.field(&condition.field).unwrap();
                    let Wanted::OneOf(values) = &condition.is else { continue };
                    assert!(!values.is_empty() && other.name != field.name, "{}", field.name);
                    for value in values {
                        let fits = match value {
                            Value::Bool(_) => other.kind == FieldKind::Boolean,
                            value => other.options.values.iter().any(|word| Some(word.id.as_str()) == value.as_text()),
                        };
                        assert!(fits, "{}: {}", schema.name(), field.name);
                    }
                }
            }
        }
        assert!(conditions > 5);
    }

    #[test]
    fn names_of_the_catalogue_are_unambiguous() {
        for name in Schema::catalogue() {
            let schema = Schema::named(name).unwrap();
            for field in schema.fields() {
                assert_eq!(schema.find(&field.name), Some(field), "{name}: {}", field.name);
                assert_eq!(plain_key(&field.name), field.name, "{name}");
                for synonym in &field.synonyms {
                    assert_eq!(schema.find(synonym), Some(field), "{name}: {} as {synonym}", field.name);
                    assert_eq!(&plain_key(synonym), synonym, "{name}: {}", field.name);
                }
            }
        }
    }
}
