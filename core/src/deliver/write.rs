//! Their names and values, written as JSON, as a form or as XML.

use super::filter::plain;
use super::template::escape_xml;
use crate::model::{RawMap, RawValue, write_raw};
use std::collections::BTreeMap;

/// The fields as a buyer gets them: by the names that are written, whether those nest or not.
#[derive(Default)]
pub(super) struct Written {
    /// Names of ours, with their dots, and names of theirs.
    pub(super) fields: BTreeMap<String, RawValue>,
    /// Which of them are theirs: their dots make objects.
    pub(super) theirs: std::collections::BTreeSet<String>,
}

impl Written {
    /// With the objects that the dots of their names make; none where a name is a value and an object.
    fn tree(&self) -> Option<RawValue> {
        let mut root = RawMap::default();
        for (name, value) in &self.fields {
            let parts: Vec<&str> =
                if self.theirs.contains(name) { name.split('.').collect() } else { vec![name.as_str()] };
            put(&mut root, &parts, value.clone())?;
        }
        Some(RawValue::Object(root))
    }

    pub(super) fn json(&self) -> Option<String> {
        self.tree().map(|tree| write_raw(&tree))
    }

    pub(super) fn xml(&self) -> Option<String> {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        element("lead", &self.tree()?, &mut out)?;
        Some(out)
    }

    /// `a=1&b=2`: of a list each value, of a record its members by dots.
    pub(super) fn form(&self) -> String {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.fields {
            pairs(name, value, &mut |name, value| {
                form.append_pair(name, value);
            });
        }
        form.finish()
    }
}

fn put(map: &mut RawMap, parts: &[&str], value: RawValue) -> Option<()> {
    let (first, rest) = parts.split_first()?;
    let known = map.0.iter().position(|(key, _)| key == first);
    if rest.is_empty() {
        if known.is_some() {
            return None;
        }
        map.0.push(((*first).to_owned(), value));
        return Some(());
    }
    let at = known.unwrap_or_else(|| {
        map.0.push(((*first).to_owned(), RawValue::Object(RawMap::default())));
        map.0.len().saturating_sub(1)
    });
    match map.0.get_mut(at) {
        Some((_, RawValue::Object(inner))) => put(inner, rest, value),
        _ => None,
    }
}

fn pairs(name: &str, value: &RawValue, each: &mut dyn FnMut(&str, &str)) {
    match value {
        RawValue::Null => each(name, ""),
        RawValue::List(items) => {
            let has_parts = |item: &RawValue| matches!(item, RawValue::List(_) | RawValue::Object(_));
            for (n, item) in items.iter().enumerate() {
                if has_parts(item) { pairs(&format!("{name}.{n}"), item, each) } else { pairs(name, item, each) }
            }
        }
        RawValue::Object(members) => {
            members.0.iter().for_each(|(key, value)| pairs(&format!("{name}.{key}"), value, each));
        }
        value => each(name, &plain(value).unwrap_or_default()),
    }
}

/// An element; a list is as many of them. None where the name is none of XML.
fn element(name: &str, value: &RawValue, out: &mut String) -> Option<()> {
    if !is_xml_name(name) {
        return None;
    }
    match value {
        RawValue::List(items) => items.iter().try_for_each(|item| element(name, item, out)),
        RawValue::Null => {
            out.push_str(&format!("<{name}/>"));
            Some(())
        }
        RawValue::Object(members) => {
            out.push_str(&format!("<{name}>"));
            let mut sorted: Vec<_> = members.0.iter().collect();
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            sorted.into_iter().try_for_each(|(key, value)| element(key, value, out))?;
            out.push_str(&format!("</{name}>"));
            Some(())
        }
        value => {
            out.push_str(&format!("<{name}>{}</{name}>", escape_xml(&plain(value)?)));
            Some(())
        }
    }
}

/// Those of ASCII, which everybody reads.
pub(crate) fn is_xml_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
        && !name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("xml"))
}
