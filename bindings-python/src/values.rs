//! Python's values as JSON: the same bytes go in as from every language. `vectors/domain` has the table.

use crate::opened::{is_keyed, opened};
use leadwright::model::limits::{LEAD_BYTES, LINE_BYTES};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{
    PyBool, PyByteArray, PyBytes, PyDict, PyFloat, PyFrozenSet, PyInt, PyList, PySet, PyString, PyTuple, PyType,
};

/// Objects nest no deeper than this on their way in; the core says what is wrong with a lead long before.
const DEEPEST: usize = 64;

/// A value as JSON.
pub(crate) fn json(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let mut writer = Writer { out: Vec::with_capacity(512), path: Vec::new(), around: Vec::new() };
    writer.value(value)?;
    Ok(writer.out)
}

/// JSON given as text. Half a surrogate pair stands for no character; escaped, the core finds it and says so.
pub(crate) fn well_formed(text: &Bound<'_, PyString>) -> PyResult<Vec<u8>> {
    match text.to_str() {
        Ok(text) => Ok(text.as_bytes().to_vec()),
        Err(_) => with_halves(text, |part, out| out.extend_from_slice(part.as_bytes())),
    }
}

/// The names and positions on the way to a value.
enum Step {
    Name(Vec<u8>),
    At(usize),
}

struct Writer<'py> {
    out: Vec<u8>,
    path: Vec<Step>,
    /// What the value stands in, to see a circle.
    around: Vec<Bound<'py, PyAny>>,
}

impl<'py> Writer<'py> {
    fn value(&mut self, value: &Bound<'py, PyAny>) -> PyResult<()> {
        if value.is_none() {
            self.out.extend_from_slice(b"null");
        } else if let Ok(yes) = value.cast::<PyBool>() {
            self.out.extend_from_slice(if yes.is_true() { b"true" } else { b"false" });
        } else if let Ok(text) = value.cast::<PyString>() {
            self.out.append(&mut quoted(text)?);
        } else if value.is_instance_of::<PyInt>() {
            // Also beyond 64 bits: numbers travel as text. `__int__` goes around the names of an enumeration.
            self.integer(&value.call_method0("__int__")?)?;
        } else if let Ok(number) = value.cast::<PyFloat>() {
            self.out.extend_from_slice(float(number.value()).as_bytes());
        } else if let Ok(bytes) = value.cast::<PyBytes>() {
            self.bytes(bytes.as_bytes());
        } else if let Ok(bytes) = value.cast::<PyByteArray>() {
            self.bytes(&bytes.to_vec());
        } else {
            self.container(value)?;
        }
        Ok(())
    }

    fn container(&mut self, value: &Bound<'py, PyAny>) -> PyResult<()> {
        if self.around.iter().any(|outer| outer.is(value)) {
            return Err(PyTypeError::new_err(format!("the value at {} holds itself", self.pointer())));
        }
        if let Ok(dict) = value.cast::<PyDict>() {
            return self.within(value, |writer| writer.members(dict));
        }
        if is_record(value)? {
            return self.other(value);
        }
        if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
            return self.within(value, |writer| writer.items(value));
        }
        if value.is_instance_of::<PySet>() || value.is_instance_of::<PyFrozenSet>() {
            return self.within(value, |writer| writer.set(value));
        }
        if !value.is_instance_of::<PyType>() && is_keyed(value)? {
            let dict = value.py().get_type::<PyDict>().call1((value,))?;
            return self.within(value, |writer| writer.members(dict.cast::<PyDict>()?));
        }
        self.other(value)
    }

    fn within(&mut self, value: &Bound<'py, PyAny>, write: impl FnOnce(&mut Self) -> PyResult<()>) -> PyResult<()> {
        if self.around.len() == DEEPEST {
            self.out.extend_from_slice(b"null");
            return Ok(());
        }
        self.around.push(value.clone());
        write(self)?;
        self.around.pop();
        Ok(())
    }

    fn members(&mut self, dict: &Bound<'py, PyDict>) -> PyResult<()> {
        let mut before = b'{';
        // A copy: what a member is asked for its text may change the dict.
        for (key, member) in dict.copy()? {
            let name = self.name(&key)?;
            self.out.push(before);
            self.out.extend_from_slice(&name);
            self.out.push(b':');
            before = b',';
            self.path.push(Step::Name(name));
            self.value(&member)?;
            self.path.pop();
        }
        self.out.extend_from_slice(if before == b'{' { b"{}" } else { b"}" });
        Ok(())
    }

    fn items(&mut self, items: &Bound<'py, PyAny>) -> PyResult<()> {
        self.out.push(b'[');
        for (at, item) in items.try_iter()?.enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            self.path.push(Step::At(at));
            self.value(&item?)?;
            self.path.pop();
        }
        self.out.push(b']');
        Ok(())
    }

    /// A set has no order, and a decision must not have one by accident: by the bytes of the JSON.
    fn set(&mut self, items: &Bound<'py, PyAny>) -> PyResult<()> {
        let outer = std::mem::take(&mut self.out);
        let mut texts = Vec::new();
        for (at, item) in items.try_iter()?.enumerate() {
            self.path.push(Step::At(at));
            self.value(&item?)?;
            self.path.pop();
            texts.push(std::mem::take(&mut self.out));
        }
        texts.sort();
        self.out = outer;
        self.out.push(b'[');
        self.out.extend_from_slice(&texts.join(&b","[..]));
        self.out.push(b']');
        Ok(())
    }

    /// The name of a member, quoted; what is no text is written as JSON would write it.
    fn name(&self, key: &Bound<'py, PyAny>) -> PyResult<Vec<u8>> {
        if let Ok(text) = key.cast::<PyString>() {
            return quoted(text);
        }
        if !(key.is_none() || key.is_instance_of::<PyInt>() || key.is_instance_of::<PyFloat>()) {
            let (kind, place) = (kind(key), self.pointer());
            return Err(PyTypeError::new_err(format!("{kind} cannot be the name of a member, at {place}")));
        }
        let name = json(key)?;
        Ok(if name.starts_with(b"\"") { name } else { [b"\"", &name[..], b"\""].concat() })
    }

    fn bytes(&mut self, bytes: &[u8]) {
        quote(&String::from_utf8_lossy(bytes), &mut self.out);
    }

    /// All digits; `str` refuses to say more than a few thousand of them.
    fn integer(&mut self, value: &Bound<'py, PyAny>) -> PyResult<()> {
        let digits = match value.str() {
            Ok(digits) => digits,
            Err(error) if error.is_instance_of::<PyValueError>(value.py()) => {
                let bits = value.call_method0("bit_length")?.extract::<usize>()?;
                if bits / 4 > LEAD_BYTES {
                    // Longer than any lead, and refused for that: nobody reads these digits, and to find them takes long.
                    let about = (bits / 100_000).saturating_mul(30_103).clamp(LEAD_BYTES, LINE_BYTES) + 1;
                    self.out.extend(std::iter::repeat_n(b'9', about));
                    return Ok(());
                }
                value.py().import("decimal")?.getattr("Decimal")?.call1((value,))?.str()?
            }
            Err(error) => return Err(error),
        };
        self.out.extend_from_slice(digits.to_str()?.as_bytes());
        Ok(())
    }

    /// Dates and times by their usual text, what counts as an integer, and what stands for something plain.
    fn other(&mut self, value: &Bound<'py, PyAny>) -> PyResult<()> {
        if value.is_instance_of::<PyType>() {
            return Err(self.refused(value));
        }
        if let Some(plain) = opened(value)? {
            return self.within(value, |writer| writer.value(&plain));
        }
        if value.hasattr("isoformat")? {
            self.out.append(&mut quoted(&time(value)?)?);
        } else if value.hasattr("__index__")? {
            self.integer(&value.call_method0("__index__")?)?;
        } else {
            return Err(self.refused(value));
        }
        Ok(())
    }

    /// Names what cannot be said and where; never the value, which is somebody's.
    fn refused(&self, value: &Bound<'_, PyAny>) -> PyErr {
        PyTypeError::new_err(format!("{} cannot be a value of a lead, at {}", kind(value), self.pointer()))
    }

    /// RFC 6901, with names cut: they may be as long as a value.
    fn pointer(&self) -> String {
        let step = |step: &Step| match step {
            Step::At(at) => format!("/{at}"),
            Step::Name(quoted) => {
                let name: String = serde_json::from_slice(quoted).unwrap_or_default();
                let short: String = name.chars().take(64).collect();
                format!("/{}", short.replace('~', "~0").replace('/', "~1"))
            }
        };
        if self.path.is_empty() { "the top".into() } else { self.path.iter().map(step).collect() }
    }
}

/// A named tuple, which is no list: its items have names.
fn is_record(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(value.is_instance_of::<PyTuple>() && !value.is_exact_instance_of::<PyTuple>() && value.hasattr("_fields")?)
}

/// A time in UTC that has no more than milliseconds is written as JavaScript writes a `Date`; the others as Python does:
/// a zone tells which day it was where somebody was born.
fn time<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
    let text = value.call_method0("isoformat")?.str()?;
    let Some(utc) = text.to_str()?.strip_suffix("+00:00").map(str::to_owned) else { return Ok(text) };
    let rfc = match utc.split_once('.') {
        None => format!("{utc}.000Z"),
        Some((second, micros)) => match micros.strip_suffix("000") {
            Some(millis) if millis.len() == 3 => format!("{second}.{millis}Z"),
            _ => return Ok(text),
        },
    };
    Ok(PyString::new(value.py(), &rfc))
}

/// A number as `JSON.stringify` prints it: the shortest digits that read back as the same number, a whole one without
/// a fraction. What is no number is text.
pub(crate) fn float(number: f64) -> String {
    if !number.is_finite() {
        let word = if number.is_nan() { "NaN" } else { "Infinity" };
        return format!("\"{}{word}\"", if number < 0.0 { "-" } else { "" });
    }
    if number == 0.0 {
        return "0".into();
    }
    // ECMAScript's Number::toString: plain digits from 1e-6 up to below 1e21.
    if (1e-6..1e21).contains(&number.abs()) {
        return number.to_string();
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

fn quoted(text: &Bound<'_, PyString>) -> PyResult<Vec<u8>> {
    if let Ok(plain) = text.to_str() {
        let mut out = Vec::with_capacity(plain.len() + 2);
        quote(plain, &mut out);
        return Ok(out);
    }
    let inner = with_halves(text, |part, out| {
        let start = out.len();
        quote(part, out);
        out.pop();
        out.remove(start);
    })?;
    Ok([b"\"", &inner[..], b"\""].concat())
}

fn quote(text: &str, out: &mut Vec<u8>) {
    // Writing text into memory does not fail.
    let _ = serde_json::to_writer(out, text);
}

/// Writes the parts of a text that are one, and an escape for each half of a surrogate pair between them.
fn with_halves(text: &Bound<'_, PyString>, write: impl Fn(&str, &mut Vec<u8>)) -> PyResult<Vec<u8>> {
    let bytes = text.call_method1("encode", ("utf-16-le", "surrogatepass"))?;
    let bytes = bytes.cast::<PyBytes>()?.as_bytes();
    let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    let (mut out, mut part) = (Vec::new(), String::new());
    for unit in char::decode_utf16(units) {
        match unit {
            Ok(letter) => part.push(letter),
            Err(half) => {
                write(&std::mem::take(&mut part), &mut out);
                out.extend_from_slice(format!("\\u{:04x}", half.unpaired_surrogate()).as_bytes());
            }
        }
    }
    write(&part, &mut out);
    Ok(out)
}

/// What a value is called.
pub(crate) fn kind(value: &Bound<'_, PyAny>) -> String {
    value.get_type().name().map(|name| name.to_string()).unwrap_or_default()
}
