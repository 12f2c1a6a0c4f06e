//! One line of JSON Lines in, one out.

use super::{CanonicalAddress, Canonicalizer, ReadWord};
use crate::model::{Code, Problem, RawMap, RawValue, limits};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue as Json;

/// Canonicalizes one line `{"id":…,"raw":…}`, where `raw` is a text or an object of parts as in
/// [`canonicalize_raw`](super::canonicalize_raw). `number` is that of the line, from 1.
///
/// The answer is one line of JSON without its line end: the `id` as it came (text or number, else `null`),
/// `components`, `lines`, `key`, `building_key`, `confidence`,
/// `confidence_by_part`, `needs_review`, `corrections` and `problems`; paths start at `/raw`. A line that
/// is blank, too long or not such an object comes back as
/// `{"id":null,"line":N,"valid":false,"problems":[…]}` with `address.line_invalid`.
///
/// ```
/// use leadwright::address::canonicalize_line;
/// let out = canonicalize_line(br#"{"id":7,"raw":"PO Box 12, Kalona IA 52247"}"#, 1);
/// assert!(out.starts_with(br#"{"id":7,"components":{"po_box":"12","city":"KALONA","state":"IA","zip":"52247"},"lines":["PO BOX 12","KALONA IA 52247"],"key":"k1-"#));
/// assert!(canonicalize_line(b"", 2).starts_with(br#"{"id":null,"line":2,"valid":false,"#));
/// ```
pub fn canonicalize_line(line: &[u8], number: u64) -> Vec<u8> {
    Canonicalizer::default().line(line, number).answer()
}

/// The same as [`canonicalize_line`] with `words` at the end: the words that were read and the part that each was
/// taken for.
///
/// ```
/// use leadwright::address::explain_line;
/// let out = explain_line(br#"{"id":7,"raw":"PO Box 12"}"#, 1);
/// assert!(out.ends_with(br#""words":[{"text":"PO","part":"box"},{"text":"BOX","part":"box"},{"text":"12","part":"po_box"}]}"#));
/// ```
pub fn explain_line(line: &[u8], number: u64) -> Vec<u8> {
    Canonicalizer::default().explained_line(line, number).answer()
}

/// A line that was read, and what it came to. `Debug` shows nothing of the address.
///
/// ```
/// use leadwright::address::Canonicalizer;
/// let mut canonicalizer = Canonicalizer::default();
/// let line = canonicalizer.line(br#"{"id":7,"raw":"PO Box 12, Kalona IA 52247"}"#, 1);
/// assert_eq!(line.address().unwrap().lines, ["PO BOX 12", "KALONA IA 52247"]);
/// assert_eq!(canonicalizer.line(b"", 2).problems()[0].code.as_str(), "address.line_invalid");
/// ```
#[derive(Clone)]
pub struct AddressLine {
    /// The number of the line.
    pub number: u64,
    /// The id as JSON.
    id: String,
    /// The address, or why there is none.
    read: Result<CanonicalAddress, Box<[Problem; 1]>>,
    words: Option<Vec<ReadWord>>,
}

impl AddressLine {
    /// A line that is no address.
    pub fn refused(number: u64, problem: Problem) -> Self {
        Self { number, id: String::new(), read: Err(Box::new([problem])), words: None }
    }

    /// The address; `None` where the line held none.
    pub fn address(&self) -> Option<&CanonicalAddress> {
        self.read.as_ref().ok()
    }

    /// What is wrong with the address or the line.
    pub fn problems(&self) -> &[Problem] {
        match &self.read {
            Ok(address) => &address.problems,
            Err(problem) => problem.as_slice(),
        }
    }

    /// The same with lines in the letters that people read, as [`title_case`](super::title_case) makes them.
    #[must_use]
    pub fn titled(mut self) -> Self {
        if let Ok(address) = &mut self.read {
            address.lines = super::title_case(&address.lines);
        }
        self
    }

    /// The line that answers it, as [`canonicalize_line`] gives it.
    pub fn answer(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        match &self.read {
            Err(problem) => {
                let problem = serde_json::to_string(&**problem).unwrap_or_default();
                let start = format!("{{\"id\":null,\"line\":{},\"valid\":false,\"problems\":", self.number);
                out.extend([start.as_bytes(), problem.as_bytes(), b"}"].concat());
            }
            Ok(address) => {
                out.extend([b"{\"id\":", self.id.as_bytes(), b","].concat());
                add_members(&mut out, address);
                if let Some(words) = &self.words {
                    out.pop();
                    out.push(b',');
                    add_members(&mut out, &Words { words });
                }
            }
        }
        out
    }
}

impl std::fmt::Debug for AddressLine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddressLine").field("number", &self.number).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Words<'a> {
    words: &'a [ReadWord],
}

/// Adds the members of an object and its last brace.
fn add_members(out: &mut Vec<u8>, object: &impl Serialize) {
    let start = out.len();
    let _ = serde_json::to_writer(&mut *out, object);
    if out.get(start) == Some(&b'{') {
        out.remove(start);
    }
}

/// Reads a line, with its words where they are asked for.
pub(super) fn read_address_line(
    canonicalizer: &mut Canonicalizer,
    line: &[u8],
    number: u64,
    explained: bool,
) -> AddressLine {
    let Some((id, raw)) = read_line(line) else {
        return AddressLine::refused(number, Problem::new(Code::AddressLineInvalid, ""));
    };
    let address = canonicalizer.raw(&raw, "/raw");
    let words = explained.then(|| canonicalizer.words());
    AddressLine { number, id, read: Ok(address), words }
}

/// The id as JSON, and the address.
fn read_line(line: &[u8]) -> Option<(String, RawValue)> {
    if line.len() > limits::LINE_BYTES {
        return None;
    }
    let members: Members = serde_json::from_slice(line).ok()?;
    let first = |name: &str| members.0.iter().find(|(key, _)| key == name).map(|(_, json)| json.get());
    let id = first("id").filter(|json| json.starts_with(|c: char| c == '"' || c == '-' || c.is_ascii_digit()));
    let raw = first("raw").map_or(Some(RawValue::Null), raw_value)?;
    Some((id.unwrap_or("null").to_owned(), raw))
}

/// A value as it was written. Deeper values are only counted: nothing of them is read.
fn raw_value(json: &str) -> Option<RawValue> {
    Some(match json.as_bytes().first()? {
        b'{' => {
            let members: Members = serde_json::from_str(json).ok()?;
            let value = |(key, json): (String, Box<Json>)| Some((key, flat_value(json.get())?));
            RawValue::Object(RawMap(members.0.into_iter().map(value).collect::<Option<_>>()?))
        }
        _ => flat_value(json)?,
    })
}

fn flat_value(json: &str) -> Option<RawValue> {
    Some(match json.as_bytes().first()? {
        b'"' => RawValue::Text(serde_json::from_str(json).ok()?),
        b'n' => RawValue::Null,
        b't' | b'f' => RawValue::Bool(json == "true"),
        b'[' => RawValue::List(vec![RawValue::Null; serde_json::from_str::<Vec<&Json>>(json).ok()?.len()]),
        b'{' => {
            let members: Members = serde_json::from_str(json).ok()?;
            RawValue::Object(RawMap(members.0.into_iter().map(|(key, _)| (key, RawValue::Null)).collect()))
        }
        _ => RawValue::Number(json.to_owned()),
    })
}

/// The members of an object in their order, a repeated name as often as it came.
struct Members(Vec<(String, Box<Json>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn out(line: &str) -> String {
        String::from_utf8(canonicalize_line(line.as_bytes(), 3)).unwrap()
    }

    #[test]
    fn what_is_no_such_line_is_said_with_its_number() {
        let want = r#"{"id":null,"line":3,"valid":false,"problems":[{"code":"address.line_invalid","severity":"error","action":"dropped","path":""}]}"#;
        for line in ["", " ", "[]", "7", "{", r#"{"id":1,"raw":"a"} x"#, r#"{"id":1,"raw":"\ud800"}"#] {
            assert_eq!(out(line), want, "{line}");
        }
        assert!(canonicalize_line(&[0xff; 10], 1).starts_with(b"{\"id\":null,"));
        assert_eq!(out(&" ".repeat(limits::LINE_BYTES + 1)), want);
    }

    #[test]
    fn ids_come_back_as_they_came() {
        for (id, want) in
            [(r#""a\u0062""#, r#""a\u0062""#), ("1e3", "1e3"), ("-1", "-1"), ("[1]", "null"), ("true", "null")]
        {
            assert!(out(&format!(r#"{{"raw":null,"id": {id} }}"#)).starts_with(&format!(r#"{{"id":{want},"#)), "{id}");
        }
        assert!(out("{}").contains(r#""code":"address.missing","severity":"error","action":"dropped","path":"/raw""#));
    }

    #[test]
    fn deep_values_are_odd_types() {
        let deep = format!(r#"{{"id":1,"raw":{{"city":{}{}}}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert!(out(&deep).starts_with("{\"id\":"));
    }
}
