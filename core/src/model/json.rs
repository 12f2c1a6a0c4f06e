//! A lead from JSON: the text of numbers is kept, so that nothing is rounded before anybody has looked at it, and a
//! repeated key is kept as often as it came.

use super::code::Code;
use super::json_plain::read_plain;
use super::limits::DEPTH;
use super::problem::Problem;
use super::raw::{RawMap, RawValue};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue as Written;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;

/// A lead as read, and what was odd about its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawRead {
    /// The lead.
    pub map: RawMap,
    /// Repeated keys, text that was not UTF-8.
    pub problems: Vec<Problem>,
}

/// Any value as read, and what was odd about its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRead {
    /// The value.
    pub value: RawValue,
    /// Repeated keys, text that was not UTF-8.
    pub problems: Vec<Problem>,
}

/// A text that is not the JSON of a lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// What is wrong.
    pub code: Code,
    /// At which byte.
    pub offset: usize,
}

impl JsonError {
    /// The same as a problem of the lead as a whole.
    pub fn problem(self) -> Problem {
        Problem::new(self.code, "").with_span(self.offset, self.offset + 1)
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {} [{}]", self.code.text(), self.offset, self.code)
    }
}

impl std::error::Error for JsonError {}

/// Reads one JSON object. Bytes that are no UTF-8 and lone surrogates become U+FFFD with a problem.
///
/// # Errors
/// [`JsonError`]: `json.empty_line`, `json.syntax`, `json.too_deep` or `json.not_an_object`.
///
/// ```
/// use leadwright::model::{RawValue, read_raw};
/// let read = read_raw(br#"{"zip": 01234, "budget": 1e400}"#);
/// assert_eq!(read.unwrap_err().code.as_str(), "json.syntax");
/// let read = read_raw(br#"{"zip": "01234", "budget": 1e400}"#)?;
/// assert_eq!(read.map.get("budget"), Some(&RawValue::Number("1e400".into())));
/// # Ok::<(), leadwright::model::JsonError>(())
/// ```
pub fn read_raw(bytes: &[u8]) -> Result<RawRead, JsonError> {
    let ValueRead { value, problems } = read_value(bytes)?;
    match value {
        RawValue::Object(map) => Ok(RawRead { map, problems }),
        _ => Err(JsonError { code: Code::JsonNotAnObject, offset: 0 }),
    }
}

/// Reads one JSON value of any kind, as [`read_raw`] does.
///
/// # Errors
/// [`JsonError`]: `json.empty_line`, `json.syntax` or `json.too_deep`.
///
/// ```
/// use leadwright::model::{RawValue, read_value};
/// assert_eq!(read_value(b"12.50")?.value, RawValue::Number("12.50".into()));
/// # Ok::<(), leadwright::model::JsonError>(())
/// ```
pub fn read_value(bytes: &[u8]) -> Result<ValueRead, JsonError> {
    match read_plain(bytes) {
        Some(value) => Ok(ValueRead { value, problems: Vec::new() }),
        None => read_odd(bytes),
    }
}

/// The same, of any bytes.
fn read_odd(bytes: &[u8]) -> Result<ValueRead, JsonError> {
    let fail = |code, offset| JsonError { code, offset };
    let text = String::from_utf8_lossy(bytes);
    let mut problems = Vec::new();
    if matches!(text, Cow::Owned(_)) {
        problems.push(Problem::new(Code::JsonInvalidUtf8, ""));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if text.trim().is_empty() {
        return Err(fail(Code::JsonEmptyLine, 0));
    }
    if let Some(offset) = too_deep(text) {
        return Err(fail(Code::JsonTooDeep, offset));
    }
    let text = without_lone_surrogates(text);
    if matches!(text, Cow::Owned(_)) && problems.is_empty() {
        problems.push(Problem::new(Code::JsonInvalidUtf8, ""));
    }
    let written: &Written = serde_json::from_str(&text).map_err(|e| fail(Code::JsonSyntax, offset_of(&text, &e)))?;
    let value = value(written, "", &mut problems).map_err(|e| fail(Code::JsonSyntax, offset_of(&text, &e)))?;
    Ok(ValueRead { value, problems })
}

/// Writes a value as canonical JSON: keys by their bytes, no spaces, numbers as they were written.
///
/// ```
/// use leadwright::model::{RawValue, read_raw, write_raw};
/// let read = read_raw(br#"{ "b": 1.50, "a": ["\u00e9", null] }"#)?;
/// assert_eq!(write_raw(&RawValue::Object(read.map)), r#"{"a":["é",null],"b":1.50}"#);
/// # Ok::<(), leadwright::model::JsonError>(())
/// ```
pub fn write_raw(value: &RawValue) -> String {
    let mut out = String::new();
    write_into(value, true, &mut out);
    out
}

/// The same with the keys in the order they came: of a field that is there twice the first counts.
pub(crate) fn write_raw_as_it_came(value: &RawValue) -> String {
    let mut out = String::new();
    write_into(value, false, &mut out);
    out
}

fn write_into(value: &RawValue, sorted: bool, out: &mut String) {
    match value {
        RawValue::Null => out.push_str("null"),
        RawValue::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
        RawValue::Number(text) => out.push_str(text),
        RawValue::Text(text) => out.push_str(&quoted(text)),
        RawValue::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write_into(item, sorted, out);
            }
            out.push(']');
        }
        RawValue::Object(map) => {
            let mut members: Vec<_> = map.0.iter().collect();
            if sorted {
                members.sort_by(|a, b| a.0.cmp(&b.0));
            }
            out.push('{');
            for (at, (key, item)) in members.into_iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                out.push_str(&quoted(key));
                out.push(':');
                write_into(item, sorted, out);
            }
            out.push('}');
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// The values of one level; those below are read from their text in turn. The depth was counted before, so the
/// recursion is bounded.
fn value(written: &Written, path: &str, problems: &mut Vec<Problem>) -> serde_json::Result<RawValue> {
    let text = written.get();
    Ok(match text.as_bytes().first() {
        Some(b'"') => RawValue::Text(serde_json::from_str(text)?),
        Some(b't') => RawValue::Bool(true),
        Some(b'f') => RawValue::Bool(false),
        Some(b'n') => RawValue::Null,
        Some(b'[') => {
            let items: Vec<&Written> = serde_json::from_str(text)?;
            let item = |(at, item): (usize, &&Written)| value(item, &format!("{path}/{at}"), problems);
            RawValue::List(items.iter().enumerate().map(item).collect::<Result<_, _>>()?)
        }
        Some(b'{') => RawValue::Object(object(text, path, problems)?),
        _ => RawValue::Number(text.to_owned()),
    })
}

fn object(text: &str, path: &str, problems: &mut Vec<Problem>) -> serde_json::Result<RawMap> {
    let members: Members<'_> = serde_json::from_str(text)?;
    let mut seen = BTreeSet::new();
    let mut map = Vec::with_capacity(members.0.len());
    let mut hide = None;
    for (key, written) in &members.0 {
        let place = format!("{path}/{}", key.replace('~', "~0").replace('/', "~1"));
        if !seen.insert(key.as_str()) {
            // One name that is a value: then there was no header, and they all are.
            let hide = *hide.get_or_insert_with(|| members.0.iter().any(|(key, _)| super::looks_like_a_value(key)));
            problems.push(Problem::new(Code::JsonDuplicateKey, super::shown_path(&place, hide)));
        }
        map.push((key.clone(), value(written, &place, problems)?));
    }
    Ok(RawMap(map))
}

struct Members<'a>(Vec<(String, &'a Written)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        input.deserialize_map(Collect)
    }
}

/// Where lists and objects stand deeper in each other than a lead may. Brackets inside of texts do not count.
fn too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH {
            return Some(at);
        }
    }
    None
}

/// `\ud800` alone stands for no character. It is replaced as bytes that are no UTF-8 are.
fn without_lone_surrogates(text: &str) -> Cow<'_, str> {
    if !text.contains("\\u") && !text.contains("\\U") {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let (mut kept, mut at) = (0, 0);
    while let Some(escape) = text.get(at..).and_then(|rest| rest.find('\\')).map(|found| at + found) {
        let unit = unit_at(text, escape);
        at = match unit {
            Some(0xd800..=0xdbff) if matches!(unit_at(text, escape + 6), Some(0xdc00..=0xdfff)) => escape + 12,
            Some(0xd800..=0xdfff) => {
                out.push_str(text.get(kept..escape).unwrap_or_default());
                out.push('\u{fffd}');
                kept = escape + 6;
                kept
            }
            Some(_) => escape + 6,
            // Any other escape is two characters; what follows the backslash may be wide, then it is no JSON anyway.
            None => escape + 1 + text.get(escape + 1..).and_then(|t| t.chars().next()).map_or(0, char::len_utf8),
        };
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(out)
}

/// The number of an escape `\uXXXX`.
fn unit_at(text: &str, at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
    digits.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

/// The byte that the reader complained about.
fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let line = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    (line + error.column().saturating_sub(1)).min(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> &'static str {
        read_raw(bytes).unwrap_err().code.as_str()
    }

    #[test]
    fn what_is_no_lead_has_a_code() {
        for text in ["{", "{\"a\":NaN}", "{\"a\":01}", "{'a':1}", "{\"a\":1,}", "{} {}", "{\"a\":\"\u{1}\"}"] {
            assert_eq!(code(text.as_bytes()), "json.syntax", "{text}");
        }
        for text in ["[]", "7", "\"a\"", "null", "true"] {
            assert_eq!(code(text.as_bytes()), "json.not_an_object", "{text}");
        }
        assert_eq!(code(b" \t"), "json.empty_line");
        assert_eq!(code("[".repeat(1 << 20).as_bytes()), "json.too_deep");
        assert_eq!(code("{\"a\":".repeat(1 << 18).as_bytes()), "json.too_deep");
    }

    #[test]
    fn brackets_in_texts_are_not_depth() {
        let text = format!("{{\"a\":\"{}\\\"{}\"}}", "[".repeat(99), "{".repeat(99));
        assert!(read_raw(text.as_bytes()).is_ok());
        let deepest = format!("{{\"a\":{}{}}}", "[".repeat(DEPTH - 1), "]".repeat(DEPTH - 1));
        assert!(read_raw(deepest.as_bytes()).is_ok());
    }

    #[test]
    fn a_usual_lead_is_read_at_once() {
        for json in [
            r#"{"a":"b","c":-0.5e+7,"d":[true,false,null,{}],"e":{"f":[]}}"#,
            "  { \"a\" :\t1 ,\r\n \"b\" : \"\u{e9}\\u00e9\\ud83d\\ude00 \\\"\\n\" } ",
            "7",
            r#""x""#,
        ] {
            let value = read_plain(json.as_bytes()).expect(json);
            assert!(read_odd(json.as_bytes()) == Ok(ValueRead { value, problems: Vec::new() }), "{json}");
        }
        for odd in [
            "",
            "{",
            "{}x",
            "[1,]",
            "{\"a\":01}",
            "{\"a\":1,\"a\":2}",
            "\u{feff}{}",
            "{\"a\":\"\\ud800\"}",
            "1.",
            "-",
            "1e",
        ] {
            assert!(read_plain(odd.as_bytes()).is_none(), "{odd}");
        }
        assert!(read_plain(b"\"\xff\"").is_none() && read_plain(b"\"\x1f\"").is_none());
    }

    #[test]
    fn odd_text_is_kept_with_a_problem() {
        let lead = |bytes: &[u8]| {
            let read = read_raw(bytes).unwrap();
            (write_raw(&RawValue::Object(read.map)), read.problems.iter().map(|p| p.code.as_str()).collect::<Vec<_>>())
        };
        assert_eq!(lead(b"{\"a\":\"x\xff\"}"), ("{\"a\":\"x\u{fffd}\"}".into(), vec!["json.invalid_utf8"]));
        assert_eq!(lead(br#"{"a":"\ud83d\ude00"}"#), ("{\"a\":\"😀\"}".into(), vec![]));
        for lone in [r"\ud83d", r"\ude00", r"\ud83d\u0041", r"\ud83dx", r"\ud83d\ud83d"] {
            let (_, problems) = lead(format!(r#"{{"a":"{lone}"}}"#).as_bytes());
            assert_eq!(problems, ["json.invalid_utf8"], "{lone}");
        }
        assert_eq!(lead(br#"{"a":"\\ud83d"}"#).1, Vec::<&str>::new());
        assert_eq!(lead(br#"{"b":1,"a/b":2,"b":3}"#), (r#"{"a/b":2,"b":1,"b":3}"#.into(), vec!["json.duplicate_key"]));
    }

    proptest::proptest! {
        #[test]
        fn what_is_read_at_once_is_read_the_same_the_long_way(
            json in r#"[ \t]?(\{("[ab\\]{0,3}" ?: ?("[a-z\\/"bnu0-9dé]{0,9}"|-?[0-9.eE+]{1,5}|true|null|\[[0-9],"x"\]),?){0,4}\}|[\[\]{}"0-9,:]{0,9}) ?"#
        ) {
            if let Some(value) = read_plain(json.as_bytes()) {
                let read = read_odd(json.as_bytes());
                proptest::prop_assert!(read == Ok(ValueRead { value, problems: Vec::new() }), "{}", json);
            }
        }

        #[test]
        fn no_bytes_panic_and_what_is_written_reads_back(bytes in proptest::collection::vec(0_u8..=255, 0..200)) {
            let _ = read_raw(&bytes);
        }

        #[test]
        fn canonical_json_reads_back(text in "\\PC*", other in "[\\x00-\\x7f]*") {
            let map = RawMap(vec![(text, RawValue::text(other)), ("n".into(), RawValue::Number("-0.50e7".into()))]);
            let json = write_raw(&RawValue::Object(map));
            let read = read_raw(json.as_bytes()).unwrap();
            proptest::prop_assert_eq!(write_raw(&RawValue::Object(read.map)), json);
        }
    }
}
