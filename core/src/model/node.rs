//! A plan document as read: values that remember where they stood, so that an error can point there.

use super::json::write_raw;
use super::problem::Span;
use super::raw::{RawMap, RawValue};

/// Which bytes of which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Index of the file in the order the files were read.
    pub file: u16,
    /// Which bytes.
    pub span: Span,
}

/// A value of a plan document and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Where.
    pub place: Place,
    /// What.
    pub kind: NodeKind,
}

/// A value of a plan document. Numbers keep the text that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as written.
    Number(String),
    /// A text.
    Text(String),
    /// An array.
    List(Vec<Node>),
    /// An object, keys in the order written.
    Object(Vec<Member>),
}

/// One key of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub place: Place,
    /// What stands under it.
    pub value: Node,
}

impl Node {
    /// The value as JSON, without comments and remarks' places.
    ///
    /// ```
    /// let parsed = leadwright::plan::parse("{ /* why */ \"a\": [1, true,], }", 0);
    /// assert_eq!(parsed.node.map(|node| node.to_json()).as_deref(), Some(r#"{"a":[1,true]}"#));
    /// ```
    pub fn to_json(&self) -> String {
        write_raw(&self.to_raw())
    }

    /// The same as a raw value.
    pub(crate) fn to_raw(&self) -> RawValue {
        match &self.kind {
            NodeKind::Null => RawValue::Null,
            NodeKind::Bool(yes) => RawValue::Bool(*yes),
            NodeKind::Number(text) => RawValue::Number(text.clone()),
            NodeKind::Text(text) => RawValue::Text(text.clone()),
            NodeKind::List(items) => RawValue::List(items.iter().map(Node::to_raw).collect()),
            NodeKind::Object(members) => RawValue::Object(RawMap(
                members.iter().map(|member| (member.key.clone(), member.value.to_raw())).collect(),
            )),
        }
    }

    /// The value under a key of an object.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.members().iter().find(|member| member.key == key).map(|member| &member.value)
    }

    /// The members of an object; none for anything else.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            NodeKind::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of a list; a single value counts as a list of one.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeKind::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind {
            NodeKind::Bool(yes) => Some(yes),
            _ => None,
        }
    }

    /// The whole number, if it is one within ±(2^53 − 1).
    pub fn as_int(&self) -> Option<i64> {
        match &self.kind {
            NodeKind::Number(text) => text.parse().ok().filter(|n: &i64| n.unsigned_abs() < 1 << 53),
            _ => None,
        }
    }

    /// What kind of value it is, as a person would say it.
    pub fn kind_name(&self) -> &'static str {
        match &self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "true or false",
            NodeKind::Number(_) => "a number",
            NodeKind::Text(_) => "a text",
            NodeKind::List(_) => "a list",
            NodeKind::Object(_) => "an object",
        }
    }
}
