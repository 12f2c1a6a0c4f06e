//! The way from the top of a document to a value: as a JSON Pointer, and as a person would say it.

use std::fmt::Write as _;

/// A step of the way; the chain lives on the stack, so that a document without mistakes costs no allocation.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    up: Option<&'a At<'a>>,
    step: Step<'a>,
    /// What the value here is called, when it has a name of its own: `contract` and `acme-ca`.
    name: Option<(&'static str, &'a str)>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Top,
    Key(&'a str),
    Item(usize),
}

impl<'a> At<'a> {
    /// The top of a document, which is called `what name`.
    pub(super) fn top(what: &'static str, name: &'a str) -> Self {
        At { up: None, step: Step::Top, name: Some((what, name)) }
    }

    pub(super) fn key(&'a self, key: &'a str) -> At<'a> {
        At { up: Some(self), step: Step::Key(key), name: None }
    }

    /// A key that names a thing of its own.
    pub(super) fn named(&'a self, what: &'static str, key: &'a str) -> At<'a> {
        At { up: Some(self), step: Step::Key(key), name: Some((what, key)) }
    }

    pub(super) fn item(&'a self, n: usize) -> At<'a> {
        At { up: Some(self), step: Step::Item(n), name: None }
    }

    /// JSON Pointer (RFC 6901).
    pub(super) fn pointer(&self) -> String {
        let mut text = self.up.map(At::pointer).unwrap_or_default();
        match self.step {
            Step::Top => {}
            Step::Key(key) => {
                text.push('/');
                text.push_str(&escape(key));
            }
            Step::Item(n) => {
                let _ = write!(text, "/{n}");
            }
        }
        text
    }

    /// As a person would say it: ``contract `acme-ca` ``, or `` `caps.day` of contract `acme-ca` ``.
    pub(super) fn said(&self) -> String {
        let (inner, owner) = self.parts();
        match (inner.is_empty(), owner) {
            (true, Some((what, name))) => format!("{what} `{name}`"),
            (false, Some((what, name))) => format!("`{inner}` of {what} `{name}`"),
            (_, None) => format!("`{inner}`"),
        }
    }

    fn parts(&self) -> (String, Option<(&'static str, &'a str)>) {
        if self.name.is_some() {
            return (String::new(), self.name);
        }
        let (mut inner, owner) = self.up.map(At::parts).unwrap_or_default();
        match self.step {
            Step::Top => {}
            Step::Key(key) if inner.is_empty() => inner.push_str(key),
            Step::Key(key) => {
                let _ = write!(inner, ".{key}");
            }
            Step::Item(n) => {
                let _ = write!(inner, "[{n}]");
            }
        }
        (inner, owner)
    }
}

/// A key as a part of a JSON Pointer.
pub(super) fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_a_pointer_and_a_phrase() {
        let top = At::top("buyer", "summit");
        let (contracts, groups) = (top.key("contracts"), top.key("groups"));
        let contract = contracts.named("contract", "a/b~c");
        let caps = contract.key("caps");
        assert_eq!(caps.key("day").pointer(), "/contracts/a~1b~0c/caps/day");
        assert_eq!(caps.key("day").said(), "`caps.day` of contract `a/b~c`");
        assert_eq!(contract.said(), "contract `a/b~c`");
        assert_eq!(groups.item(2).said(), "`groups[2]` of buyer `summit`");
        assert_eq!((top.pointer(), top.said()), (String::new(), "buyer `summit`".to_owned()));
    }
}
