//! The values of a lead in the making: those of the schema by their place, the others beside them.

use crate::model::Value;
use crate::schema::Schema;
use std::collections::BTreeMap;
use std::iter::Peekable;

/// Values by name, as the schema knows the names.
pub(super) struct Canonical<'a> {
    schema: &'a Schema,
    /// By the place of the field.
    known: Vec<Option<Value>>,
    /// Parts of values, the address, and what the schema does not know.
    more: Vec<(String, Value)>,
}

impl<'a> Canonical<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        let mut known = Vec::new();
        known.resize_with(schema.fields().len(), || None);
        Self { schema, known, more: Vec::with_capacity(24) }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        match self.schema.place(name) {
            Some(place) => self.at(place),
            None => self.more.iter().find(|(other, _)| other == name).map(|(_, value)| value),
        }
    }

    /// The value of a field by its place in the schema.
    pub(super) fn at(&self, place: usize) -> Option<&Value> {
        self.known.get(place)?.as_ref()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Puts a value in, or in the place of the one with its name.
    pub(super) fn insert(&mut self, name: String, value: Value) {
        if let Some(slot) = self.schema.place(&name).and_then(|place| self.known.get_mut(place)) {
            *slot = Some(value);
            return;
        }
        match self.more.iter_mut().find(|(other, _)| *other == name) {
            Some((_, old)) => *old = value,
            None => self.more.push((name, value)),
        }
    }

    /// The same for a field of the schema.
    pub(super) fn put_at(&mut self, place: usize, value: Value) {
        if let Some(slot) = self.known.get_mut(place) {
            *slot = Some(value);
        }
    }

    /// All of them in the order of their names.
    pub(super) fn into_map(mut self) -> BTreeMap<String, Value> {
        self.more.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        let Self { schema, mut known, more } = self;
        let known = schema.by_name().filter_map(|(name, place)| Some((name.to_owned(), known.get_mut(place)?.take()?)));
        Merged { known: known.peekable(), more: more.into_iter().peekable() }.collect()
    }
}

/// Two rows in the order of their names, as one: what comes in order is put into a map at once.
struct Merged<K: Iterator<Item = (String, Value)>, M: Iterator<Item = (String, Value)>> {
    known: Peekable<K>,
    more: Peekable<M>,
}

impl<K: Iterator<Item = (String, Value)>, M: Iterator<Item = (String, Value)>> Iterator for Merged<K, M> {
    type Item = (String, Value);

    fn next(&mut self) -> Option<Self::Item> {
        match (self.known.peek(), self.more.peek()) {
            (Some((known, _)), Some((more, _))) if more < known => self.more.next(),
            (Some(_), _) => self.known.next(),
            (None, _) => self.more.next(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_out_in_the_order_of_their_names() {
        let schema = Schema::named("contact@1").unwrap();
        let mut canonical = Canonical::new(&schema);
        for (at, name) in ["zip", "x_note", "email", "phone.type", "phone", "a", "zz", "email"].into_iter().enumerate()
        {
            canonical.insert(name.into(), Value::Int(i64::try_from(at).unwrap()));
        }
        assert!(canonical.get("email") == Some(&Value::Int(7)) && canonical.get("city").is_none());
        assert!(canonical.has("x_note") && !canonical.has("x_other"));
        let names: Vec<String> = canonical.into_map().into_keys().collect();
        assert_eq!(names, ["a", "email", "phone", "phone.type", "x_note", "zip", "zz"]);
    }
}
