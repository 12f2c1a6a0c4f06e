//! A raw lead as it came in: every key in order, numbers as the text that was written.

use std::fmt::Write as _;

/// A value as it came in, before anything was decided about it. `Debug` shows its shape only.
#[derive(Clone, PartialEq, Eq)]
pub enum RawValue {
    /// `null`, or the host's word for it.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as the text that was written: `7`, `1e400`, `12.50`.
    Number(String),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<RawValue>),
    /// An object.
    Object(RawMap),
}

/// Keys and values in the order they came, a repeated key as often as it came.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct RawMap(pub Vec<(String, RawValue)>);

impl RawMap {
    /// The first value under a key.
    ///
    /// ```
    /// use leadwright::model::{RawMap, RawValue};
    /// let map = RawMap(vec![("zip".into(), RawValue::Text("78701".into()))]);
    /// assert_eq!(map.get("zip"), Some(&RawValue::Text("78701".into())));
    /// ```
    pub fn get(&self, key: &str) -> Option<&RawValue> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }
}

impl RawValue {
    /// Text from anything like text.
    pub fn text(text: impl Into<String>) -> Self {
        RawValue::Text(text.into())
    }

    /// What the value looks like, without saying what it is: digits as `9`, letters as `a` or `A`.
    ///
    /// ```
    /// use leadwright::model::RawValue;
    /// assert_eq!(RawValue::text("(512) 555-01x").shape(), "(999) 999-99a");
    /// assert_eq!(RawValue::Number("12".into()).shape(), "number 99");
    /// assert_eq!(RawValue::List(vec![]).shape(), "list of 0");
    /// ```
    pub fn shape(&self) -> String {
        match self {
            RawValue::Null => "null".into(),
            RawValue::Bool(_) => "boolean".into(),
            RawValue::Number(text) => format!("number {}", text_shape(text)),
            RawValue::Text(text) => text_shape(text),
            RawValue::List(items) => format!("list of {}", items.len()),
            RawValue::Object(map) => format!("object of {}", map.0.len()),
        }
    }
}

impl std::fmt::Debug for RawValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RawValue({})", self.shape())
    }
}

/// Not even the names: in a file without a header they are values.
impl std::fmt::Debug for RawMap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RawMap({} fields)", self.0.len())
    }
}

const LONGEST_SHAPE: usize = 40;

/// The shape of a text; a long one is cut and its length given.
pub(crate) fn text_shape(text: &str) -> String {
    if text.is_empty() {
        return "empty".into();
    }
    let length = text.chars().count();
    let told = if length > LONGEST_SHAPE { "… ( characters)".len() + 20 } else { 0 };
    let mut shape = String::with_capacity(length.min(LONGEST_SHAPE) + told);
    shape.extend(text.chars().take(LONGEST_SHAPE).map(letter_shape));
    if length > LONGEST_SHAPE {
        // A string takes all that is written.
        let _ = write!(shape, "… ({length} characters)");
    }
    shape
}

fn letter_shape(c: char) -> char {
    match c {
        c if c.is_numeric() => '9',
        c if c.is_uppercase() => 'A',
        c if c.is_alphabetic() => 'a',
        c if c.is_ascii_graphic() || c == ' ' => c,
        c if c.is_whitespace() => '_',
        c if c.is_control() => '^',
        _ => '?',
    }
}
