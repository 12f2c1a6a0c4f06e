//! The body of an answer as a tree: JSON, a form, XML or plain text, all read by JSON Pointer.

use super::Response;
use crate::model::{RawMap, RawValue, limits, read_value};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// Largest body that is read, in bytes.
const LARGEST: usize = 1024 * 1024;
/// The name that a text has which is no JSON, no form and no XML.
const TEXT: &str = "text";

/// The tree of a body; none where it is not what it says to be, so that nothing in it counts.
pub(super) fn tree(response: &Response) -> Option<RawValue> {
    if response.body.len() > LARGEST {
        return None;
    }
    let kind = response.header("content-type").unwrap_or_default().to_ascii_lowercase();
    let text = String::from_utf8_lossy(&response.body);
    let text = text.trim_start_matches('\u{feff}').trim();
    let looks_like = |marks: [char; 2]| text.starts_with(marks);
    if kind.contains("json") || looks_like(['{', '[']) {
        let read = read_value(text.as_bytes()).ok().filter(|read| read.problems.is_empty())?;
        return Some(match read.value {
            value @ (RawValue::Object(_) | RawValue::List(_)) => value,
            RawValue::Text(word) => only_text(&word),
            value => only_text(&super::filter::plain(&value).unwrap_or_default()),
        });
    }
    if kind.contains("x-www-form-urlencoded") {
        return Some(form(text));
    }
    let begins = |with: &str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    if kind.contains("html") || begins("<!doctype") || begins("<html") {
        return Some(only_text(text));
    }
    if kind.contains("xml") {
        return xml(text);
    }
    if text.starts_with('<') {
        return Some(xml(text).unwrap_or_else(|| only_text(text)));
    }
    Some(only_text(text))
}

fn only_text(text: &str) -> RawValue {
    RawValue::Object(RawMap(vec![(TEXT.to_owned(), RawValue::text(text))]))
}

fn form(text: &str) -> RawValue {
    let mut map = RawMap::default();
    for (key, value) in url::form_urlencoded::parse(text.as_bytes()) {
        add(&mut map, &key, RawValue::text(value));
    }
    RawValue::Object(map)
}

/// A second one of the same name makes a list.
fn add(map: &mut RawMap, name: &str, value: RawValue) {
    match map.0.iter_mut().find(|(known, _)| known == name) {
        None => map.0.push((name.to_owned(), value)),
        Some((_, RawValue::List(items))) => items.push(value),
        Some((_, known)) => {
            let first = std::mem::replace(known, RawValue::Null);
            *known = RawValue::List(vec![first, value]);
        }
    }
}

/// An element that is not closed yet.
struct Open {
    name: String,
    members: RawMap,
    text: String,
}

impl Open {
    fn new(start: &BytesStart<'_>) -> Option<Self> {
        let mut members = RawMap::default();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let name = format!("@{}", local(attribute.key.as_ref()));
            add(&mut members, &name, RawValue::text(unescaped(&attribute.value)?));
        }
        Some(Open { name: local(start.name().as_ref()), members, text: String::new() })
    }

    /// Its text where there is nothing else in it; else what is in it, with the text as `#text`.
    fn close(self) -> (String, RawValue) {
        let Open { name, mut members, text } = self;
        let text = text.trim();
        if members.0.is_empty() {
            return (name, RawValue::text(text));
        }
        if !text.is_empty() {
            add(&mut members, "#text", RawValue::text(text));
        }
        (name, RawValue::Object(members))
    }
}

/// The name without the prefix of its namespace.
fn local(name: &str) -> String {
    name.rsplit_once(':').map_or(name, |(_, local)| local).to_owned()
}

fn unescaped(text: &str) -> Option<Cow<'_, str>> {
    quick_xml::escape::unescape(text).ok()
}

/// Elements as objects, attributes as `@name`, several of a name as a list. Entities of its own, which a document may
/// declare, are not resolved: one that names any is not read at all.
fn xml(text: &str) -> Option<RawValue> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Open> = Vec::new();
    let mut root = RawMap::default();
    loop {
        let closed = match reader.read_event().ok()? {
            Event::Start(start) => {
                if open.len() >= limits::DEPTH || !root.0.is_empty() {
                    return None;
                }
                open.push(Open::new(&start)?);
                continue;
            }
            Event::Empty(start) => Open::new(&start)?.close(),
            Event::End(_) => open.pop()?.close(),
            Event::Text(part) => {
                write(&mut open, &unescaped(&part)?)?;
                continue;
            }
            Event::CData(part) => {
                write(&mut open, &part)?;
                continue;
            }
            Event::GeneralRef(part) => {
                write(&mut open, &unescaped(&format!("&{};", &*part))?)?;
                continue;
            }
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => continue,
        };
        let (name, value) = closed;
        match open.last_mut() {
            Some(parent) => add(&mut parent.members, &name, value),
            None if root.0.is_empty() => root.0.push((name, value)),
            None => return None,
        }
    }
    if open.is_empty() && !root.0.is_empty() { Some(RawValue::Object(root)) } else { None }
}

/// Text outside of the root is none.
fn write(open: &mut [Open], text: &str) -> Option<()> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return None,
    }
    Some(())
}

/// What stands at a place.
pub(super) fn at<'v>(tree: &'v RawValue, pointer: &str) -> Option<&'v RawValue> {
    let mut at = tree;
    for part in pointer.split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        at = match at {
            RawValue::Object(map) => map.get(&part)?,
            RawValue::List(items) => {
                let is_place = part == "0" || !part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit());
                items.get(part.parse::<usize>().ok().filter(|_| is_place)?)?
            }
            _ => return None,
        };
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::write_raw;

    fn read(kind: &str, body: &str) -> Option<String> {
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        tree(&Response { status: 200, headers, body: body.into() }).map(|tree| write_raw(&tree))
    }

    #[test]
    fn each_kind_of_body_is_a_tree() {
        for (kind, body, wanted) in [
            ("application/json; charset=utf-8", r#" {"a":[1,{"b":2.50}]}"#, Some(r#"{"a":[1,{"b":2.50}]}"#)),
            ("text/plain", r#"{"a":1}"#, Some(r#"{"a":1}"#)),
            ("application/json", r#""OK""#, Some(r#"{"text":"OK"}"#)),
            ("application/json", "OK", None),
            ("", "Lead accepted\n", Some(r#"{"text":"Lead accepted"}"#)),
            ("application/x-www-form-urlencoded", "ok=1&why=a+b&why=c", Some(r#"{"ok":"1","why":["a b","c"]}"#)),
            (
                "text/xml",
                "<?xml version='1.0'?><r id='7'><ok>yes</ok><e>a &amp; b</e><e><![CDATA[<c>]]></e></r>",
                Some(r#"{"r":{"@id":"7","e":["a & b","<c>"],"ok":"yes"}}"#),
            ),
            ("", "<s:Env xmlns:s='x'><s:Body><ok/></s:Body></s:Env>", Some(r#"{"Env":{"@s":"x","Body":{"ok":""}}}"#)),
            ("text/html", "<html><body>Thank you", Some(r#"{"text":"<html><body>Thank you"}"#)),
            ("application/json", r#"{"ok":true,"ok":false}"#, None),
            ("text/xml", "<a><b></a>", None),
            ("text/xml", "<a>&mine;</a>", None),
            ("text/xml", "<a/><b/>", None),
            ("text/xml", "<a/> and more", None),
        ] {
            assert_eq!(read(kind, body).as_deref(), wanted, "{kind} {body}");
        }
        assert_eq!(read("text/xml", &"<a>".repeat(1_000)), None);
    }

    #[test]
    fn a_pointer_leads_to_one_place() {
        let tree = read_value(br#"{"a/b":[{"c~d":1}],"":2}"#).unwrap().value;
        let found = |pointer: &str| at(&tree, pointer).map(write_raw);
        assert_eq!(found("/a~1b/0/c~0d").as_deref(), Some("1"));
        assert_eq!(found("/").as_deref(), Some("2"));
        for lost in ["/a", "/a~1b/1", "/a~1b/00", "/a~1b/-", "/a~1b/0/c~0d/x"] {
            assert_eq!(found(lost), None, "{lost}");
        }
    }
}
