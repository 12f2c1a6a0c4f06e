//! The grammar of a plan as data: one table that the check, the canonical form and the JSON Schema are made from.
//!
//! A key that a plan may hold but that this version cannot act upon is in the table too, marked [`Key::planned`]: it
//! is checked like the others, and reported as `plan.not_in_this_version`.

mod buyer;
mod deliver;
mod delivery;
mod form;
mod mend;
mod root;
mod shared;

pub(crate) use buyer::BUYER_FILE;
pub(crate) use form::Form;
pub(crate) use root::ROOT;

/// What may stand at a place.
#[derive(Clone, Copy)]
pub(crate) enum Is {
    /// A text written in a certain form.
    Text(Form),
    /// One of a few words.
    Word(&'static [Word]),
    /// A whole number from the first to the second.
    Whole(i64, i64),
    /// `true` or `false`.
    Flag,
    /// A text, a whole number or a truth value.
    Scalar,
    /// An array whose order is meaning.
    List(&'static Is),
    /// An array whose order has no meaning; sorted and without repetitions before it is hashed.
    Set(&'static Is),
    /// An object.
    Object(&'static Shape),
    /// The conditions of a contract.
    Criteria,
    /// Any of these, told apart by their JSON type.
    OneOf(&'static [Is]),
}

/// A word of a closed set.
#[derive(Clone, Copy)]
pub(crate) struct Word {
    /// As it is written.
    pub(crate) name: &'static str,
    /// Whether this version can act upon it.
    pub(crate) built: bool,
}

/// A kind of object.
pub(crate) struct Shape {
    /// What one is called; the name of its definition in the JSON Schema.
    pub(crate) name: &'static str,
    /// What it is for.
    pub(crate) says: &'static str,
    /// The keys it knows by name, in groups that objects share.
    pub(crate) keys: &'static [&'static [Key]],
    /// What other keys stand for, where the keys are names.
    pub(crate) others: Option<Others>,
    /// What must hold between the keys.
    pub(crate) rules: &'static [Rule],
}

/// The keys of an object that are names.
#[derive(Clone, Copy)]
pub(crate) struct Others {
    /// How a name is written.
    pub(crate) form: Form,
    /// What stands under it.
    pub(crate) is: Is,
    /// What the thing so named is called in a message, if it is one of its own.
    pub(crate) what: Option<&'static str>,
    /// Whether there must be at least one.
    pub(crate) some: bool,
}

/// A key of an object.
pub(crate) struct Key {
    /// As it is written.
    pub(crate) name: &'static str,
    /// What stands under it.
    pub(crate) is: Is,
    /// Whether it must be there.
    pub(crate) required: bool,
    /// Whether this version can act upon it.
    pub(crate) built: bool,
    /// What it is for, in one line.
    pub(crate) says: &'static str,
}

/// What must hold between the keys of an object.
#[derive(Clone, Copy)]
pub(crate) enum Rule {
    /// Exactly one of these keys.
    One(&'static [&'static str]),
    /// At least one of these keys.
    Some(&'static [&'static str]),
    /// The first key only beside the second.
    Needs(&'static str, &'static str),
    /// Keys that are days name each day once.
    DaysOnce,
}

/// The key that holds a remark for people wherever the keys of an object are ours to choose.
pub(crate) const NOTE: &str = "note";

/// Keys of a document that say nothing about the plan.
pub(crate) const OUTSIDE: [&str; 2] = ["$schema", "include"];

/// An optional key.
const fn key(name: &'static str, is: Is, says: &'static str) -> Key {
    Key { name, is, required: false, built: true, says }
}

/// A key that must be there.
const fn required(name: &'static str, is: Is, says: &'static str) -> Key {
    Key { name, is, required: true, built: true, says }
}

/// An optional key that this version cannot act upon.
const fn planned(name: &'static str, is: Is, says: &'static str) -> Key {
    Key { name, is, required: false, built: false, says }
}

const fn word(name: &'static str) -> Word {
    Word { name, built: true }
}

const fn planned_word(name: &'static str) -> Word {
    Word { name, built: false }
}

/// An object whose keys are names of things.
const fn names(name: &'static str, says: &'static str, form: Form, is: Is, what: Option<&'static str>) -> Shape {
    Shape { name, says, keys: &[], others: Some(Others { form, is, what, some: false }), rules: &[] }
}

impl Shape {
    /// The keys it knows by name.
    pub(crate) fn known(&self) -> impl Iterator<Item = &'static Key> + use<> {
        self.keys.iter().flat_map(|group| group.iter())
    }

    /// The key of this name.
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.known().find(|key| key.name == name)
    }

    /// Whether `note` is a remark here; where the keys are somebody else's names it is one of them.
    pub(crate) fn takes_note(&self) -> bool {
        self.others.is_none_or(|others| !others.form.is_foreign())
    }
}

impl Is {
    /// Whether a value of this JSON type may stand here.
    pub(crate) fn takes(&self, kind: &crate::model::NodeKind) -> bool {
        use crate::model::NodeKind;
        match self {
            Is::Text(_) | Is::Word(_) => matches!(kind, NodeKind::Text(_)),
            Is::Whole(..) => matches!(kind, NodeKind::Number(_)),
            Is::Flag => matches!(kind, NodeKind::Bool(_)),
            Is::Scalar => matches!(kind, NodeKind::Text(_) | NodeKind::Number(_) | NodeKind::Bool(_)),
            Is::List(_) | Is::Set(_) => matches!(kind, NodeKind::List(_)),
            Is::Object(_) | Is::Criteria => matches!(kind, NodeKind::Object(_)),
            Is::OneOf(choices) => choices.iter().any(|is| is.takes(kind)),
        }
    }

    /// The choice of a [`Is::OneOf`] for a value of this JSON type; itself for anything else.
    pub(crate) fn chosen(&self, kind: &crate::model::NodeKind) -> Option<Is> {
        match self {
            Is::OneOf(choices) => choices.iter().find(|is| is.takes(kind)).copied(),
            is => is.takes(kind).then_some(*is),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn shapes() -> BTreeMap<&'static str, &'static Shape> {
        fn visit(is: &Is, found: &mut BTreeMap<&'static str, &'static Shape>) {
            match is {
                Is::List(is) | Is::Set(is) => visit(is, found),
                Is::OneOf(choices) => choices.iter().for_each(|is| visit(is, found)),
                Is::Object(shape) => {
                    if let Some(known) = found.insert(shape.name, shape) {
                        assert!(std::ptr::eq(known, *shape), "two shapes are called {}", shape.name);
                        return;
                    }
                    shape.known().for_each(|key| visit(&key.is, found));
                    shape.others.iter().for_each(|others| visit(&others.is, found));
                }
                _ => {}
            }
        }
        let mut found = BTreeMap::new();
        visit(&Is::Object(&ROOT), &mut found);
        visit(&Is::Object(&BUYER_FILE), &mut found);
        found
    }

    #[test]
    fn every_shape_has_its_name_and_no_key_twice() {
        for (name, shape) in shapes() {
            let mut keys: Vec<_> = shape.known().map(|key| key.name).collect();
            keys.sort_unstable();
            let count = keys.len();
            keys.dedup();
            assert_eq!(keys.len(), count, "{name}");
            assert!(!keys.contains(&NOTE), "{name}");
            assert!(!shape.says.is_empty() && shape.known().all(|key| !key.says.is_empty()), "{name}");
        }
    }

    #[test]
    fn rules_name_keys_that_exist() {
        for (name, shape) in shapes() {
            let known = |key: &&str| shape.key(key).is_some();
            for rule in shape.rules {
                match rule {
                    Rule::One(keys) | Rule::Some(keys) => assert!(keys.iter().all(known), "{name}"),
                    Rule::Needs(key, other) => assert!(known(key) && known(other), "{name}"),
                    Rule::DaysOnce => assert!(shape.others.is_some(), "{name}"),
                }
            }
        }
    }

    #[test]
    fn what_is_required_is_built() {
        for (name, shape) in shapes() {
            assert!(shape.known().all(|key| key.built || !key.required), "{name}");
        }
    }

    #[test]
    fn choices_are_told_apart_by_their_type() {
        use crate::model::NodeKind;
        let kinds = [
            NodeKind::Bool(true),
            NodeKind::Number("1".into()),
            NodeKind::Text(String::new()),
            NodeKind::List(vec![]),
            NodeKind::Object(vec![]),
        ];
        for (name, shape) in shapes() {
            for key in shape.known() {
                let Is::OneOf(choices) = key.is else { continue };
                for kind in &kinds {
                    assert!(choices.iter().filter(|is| is.takes(kind)).count() <= 1, "{name}.{}", key.name);
                }
            }
        }
    }
}
