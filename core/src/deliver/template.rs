//! Templates: texts with places in them, checked when the plan is loaded.
//!
//! What a template may do is small: print values, ask `if`, go over lists with `for`, and use a closed set of filters. It
//! loads nothing, sets nothing, and has fuel, so that whatever it is given it ends soon. A value that is missing is an
//! error, never an empty text.

use super::Filter;
use super::filter::plain;
use crate::model::{RawMap, RawValue};
use crate::text::did_you_mean;
use minijinja::value::{Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// Longest template, in bytes.
const LONGEST: usize = 64 * 1024;
/// How many steps it may take.
const FUEL: u64 = 200_000;
/// Longest text that lists are joined to, in bytes.
const JOINED: usize = 64 * 1024;
/// What may stand in `{% … %}`.
const WORDS: [&str; 8] = ["if", "elif", "else", "endif", "for", "endfor", "raw", "endraw"];

/// For what a text is: how values are written into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escape {
    /// A JSON value with its quotes.
    Json,
    /// A part of a form.
    Form,
    /// A part of a URL.
    Url,
    /// Text between tags or quotes.
    Xml,
    /// As it is: a header, plain text, a value that is written later.
    Plain,
}

impl Escape {
    fn name(self) -> &'static str {
        match self {
            Escape::Json => "json",
            Escape::Form => "form",
            Escape::Url => "url",
            Escape::Xml => "xml",
            Escape::Plain => "plain",
        }
    }

    fn named(name: &str) -> Self {
        match name {
            "json" => Escape::Json,
            "form" => Escape::Form,
            "url" => Escape::Url,
            "xml" => Escape::Xml,
            _ => Escape::Plain,
        }
    }

    /// A value as it stands in such a text.
    fn write(self, value: &Value) -> Result<String, Error> {
        let value = raw(value)?;
        if self == Escape::Json {
            return Ok(crate::model::write_raw(&value));
        }
        let text = match &value {
            RawValue::Null => String::new(),
            value => plain(value).ok_or_else(|| Error::from(ErrorKind::NonPrimitive))?,
        };
        Ok(match self {
            Escape::Form => url::form_urlencoded::byte_serialize(text.as_bytes()).collect(),
            Escape::Url => {
                let form: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
                form.replace('+', "%20")
            }
            Escape::Xml => escape_xml(&text),
            Escape::Json | Escape::Plain => text,
        })
    }
}

/// Text between tags or quotes. What XML 1.0 cannot hold at all is left out.
pub(crate) fn escape_xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c if c < ' ' || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// A text with places in it.
#[derive(Clone)]
pub(crate) enum Template {
    /// One without.
    Fixed(String),
    Compiled(Arc<Environment<'static>>, Escape),
}

/// What is wrong with a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadTemplate {
    /// The line of the template, the first being 1.
    pub(crate) line: usize,
    pub(crate) says: String,
}

impl Template {
    /// Checks and compiles it.
    pub(crate) fn compile(text: &str, escape: Escape) -> Result<Self, BadTemplate> {
        if !["{{", "{%", "{#"].iter().any(|mark| text.contains(mark)) {
            return Ok(Template::Fixed(text.to_owned()));
        }
        if text.len() > LONGEST {
            return Err(BadTemplate { line: 1, says: format!("it is longer than {LONGEST} bytes") });
        }
        only_known_words(text)?;
        only_known_filters(text)?;
        let mut environment = environment();
        environment.add_template_owned(escape.name(), text.to_owned()).map_err(|error| bad(&error))?;
        Ok(Template::Compiled(Arc::new(environment), escape))
    }

    /// The text for these values.
    pub(crate) fn render(&self, values: &Value) -> Result<String, BadTemplate> {
        match self {
            Template::Fixed(text) => Ok(text.clone()),
            Template::Compiled(environment, escape) => {
                let template = environment.get_template(escape.name()).map_err(|error| bad(&error))?;
                template.render(values.clone()).map_err(|error| bad(&error))
            }
        }
    }

    /// What it looks at, with dots: `lead.phone`, `key`.
    pub(crate) fn looks_at(&self) -> Vec<String> {
        let Template::Compiled(environment, escape) = self else { return Vec::new() };
        let Ok(template) = environment.get_template(escape.name()) else { return Vec::new() };
        let mut names: Vec<String> = template.undeclared_variables(true).into_iter().collect();
        names.sort();
        names
    }
}

/// The error in our words: those of the library may show a value.
fn bad(error: &Error) -> BadTemplate {
    let says = match error.kind() {
        ErrorKind::SyntaxError | ErrorKind::BadEscape => {
            // Speaks of the template only: it was not rendered.
            format!("it cannot be read: {}", error.detail().unwrap_or("something is missing"))
        }
        ErrorKind::UndefinedError => {
            "it prints what the lead does not have; ask `is defined`, or give a `default`".to_owned()
        }
        ErrorKind::UnknownFilter => {
            format!("it names a filter that there is not; one of {}", filter_names().join(", "))
        }
        ErrorKind::UnknownTest | ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => {
            "it names a test or a function that there is not".to_owned()
        }
        ErrorKind::OutOfFuel => "it does not come to an end soon enough".to_owned(),
        _ => "it does something with a value that the value is not made for".to_owned(),
    };
    BadTemplate { line: error.line().unwrap_or(1), says }
}

fn filter_names() -> Vec<&'static str> {
    Filter::ALL.map(Filter::as_str).into_iter().chain(["default", "join", "length", "trim"]).collect()
}

/// A template neither sets nor defines anything: what it prints is what it is given.
fn only_known_words(text: &str) -> Result<(), BadTemplate> {
    let mut line = 1;
    let mut parts = text.split("{%");
    line += parts.next().map_or(0, |part| part.matches('\n').count());
    for part in parts {
        let inner = part.trim_start_matches(['-', '+']).trim_start();
        let word: String = inner.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if !WORDS.contains(&word.as_str()) {
            let word: String = word.chars().take(20).collect();
            return Err(BadTemplate { line, says: format!("`{word}` may not stand in it; `if` and `for` may") });
        }
        line += part.matches('\n').count();
    }
    Ok(())
}

/// The library looks filters and tests up when they are needed; a mistake is told before.
fn only_known_filters(text: &str) -> Result<(), BadTemplate> {
    let known = filter_names();
    let mut line = 1;
    let mut rest = text;
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let (before, inside) = rest.split_at_checked(at).unwrap_or((rest, ""));
        line += before.matches('\n').count();
        let end = inside.find("}}").into_iter().chain(inside.find("%}")).min().unwrap_or(inside.len());
        let (code, after) = inside.split_at_checked(end).unwrap_or((inside, ""));
        let bare = without_texts(code);
        for part in bare.split('|').skip(1) {
            let name: String = part.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if !known.contains(&name.as_str()) {
                let near = did_you_mean(&name, known.iter().copied()).map(|near| format!(", perhaps `{near}`"));
                let name: String = name.chars().take(20).collect();
                let says = format!("there is no filter `{name}`{}", near.unwrap_or_default());
                return Err(BadTemplate { line, says });
            }
        }
        line += code.matches('\n').count();
        rest = after;
    }
    Ok(())
}

/// Without what stands in quotes.
fn without_texts(code: &str) -> String {
    let mut bare = String::with_capacity(code.len());
    let mut quote = None;
    for c in code.chars() {
        match quote {
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None => bare.push(c),
            Some(open) if c == open => quote = None,
            Some(_) => {}
        }
    }
    bare
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment.set_auto_escape_callback(|name| AutoEscape::Custom(name.to_owned().into()));
    environment.set_formatter(|out, state, value| {
        if value.is_undefined() {
            return Err(Error::from(ErrorKind::UndefinedError));
        }
        let escape = match state.auto_escape() {
            AutoEscape::Custom(name) => Escape::named(name),
            _ => Escape::Plain,
        };
        out.write_str(&escape.write(value)?).map_err(Error::from)
    });
    for filter in Filter::ALL {
        environment.add_filter(filter.as_str(), move |value: Value| -> Result<Value, Error> {
            let wrong = || Error::new(ErrorKind::InvalidOperation, "a filter does not fit its value");
            filter.apply(&raw(&value)?).map(|value| seen(&value)).ok_or_else(wrong)
        });
    }
    environment.add_filter("default", minijinja::filters::default);
    environment.add_filter("length", minijinja::filters::length);
    environment.add_filter("trim", |value: String| value.trim().to_owned());
    environment.add_filter("join", join);
    environment.add_test("defined", minijinja::tests::is_defined);
    environment.add_test("undefined", minijinja::tests::is_undefined);
    environment.add_test("none", minijinja::tests::is_none);
    environment
}

fn join(value: &Value, between: Option<String>) -> Result<String, Error> {
    let between = between.unwrap_or_default();
    let mut text = String::new();
    for (n, item) in value.try_iter()?.enumerate() {
        if n > 0 {
            text.push_str(&between);
        }
        text.push_str(&Escape::Plain.write(&item)?);
        if text.len() > JOINED {
            return Err(Error::new(ErrorKind::InvalidOperation, "the joined text is too long"));
        }
    }
    Ok(text)
}

/// A number that is no whole one keeps the text it was written with.
#[derive(Debug)]
struct Written(String);

impl minijinja::value::Object for Written {
    fn repr(self: &Arc<Self>) -> minijinja::value::ObjectRepr {
        minijinja::value::ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A value as templates see it.
pub(crate) fn seen(value: &RawValue) -> Value {
    match value {
        RawValue::Null => Value::from(()),
        RawValue::Bool(yes) => Value::from(*yes),
        RawValue::Number(text) => match text.parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) => Value::from_object(Written(text.clone())),
        },
        RawValue::Text(text) => Value::from(text.as_str()),
        RawValue::List(items) => Value::from(items.iter().map(seen).collect::<Vec<_>>()),
        RawValue::Object(RawMap(members)) => {
            let members = members.iter().map(|(key, value)| (key.clone(), seen(value)));
            Value::from(members.collect::<BTreeMap<String, Value>>())
        }
    }
}

/// The other way round.
fn raw(value: &Value) -> Result<RawValue, Error> {
    let no = || Error::new(ErrorKind::InvalidOperation, "this is no value of a lead");
    if let Some(written) = value.downcast_object_ref::<Written>() {
        return Ok(RawValue::Number(written.0.clone()));
    }
    match value.kind() {
        ValueKind::None => Ok(RawValue::Null),
        ValueKind::Bool => Ok(RawValue::Bool(value.is_true())),
        ValueKind::Number => Ok(RawValue::Number(value.as_i64().ok_or_else(no)?.to_string())),
        ValueKind::String => Ok(RawValue::text(value.as_str().ok_or_else(no)?)),
        ValueKind::Seq => value.try_iter()?.map(|item| raw(&item)).collect::<Result<_, _>>().map(RawValue::List),
        ValueKind::Map => {
            let member = |key: Value| Ok((key.as_str().ok_or_else(no)?.to_owned(), raw(&value.get_item(&key)?)?));
            let members = value.try_iter()?.map(member).collect::<Result<_, Error>>()?;
            Ok(RawValue::Object(RawMap(members)))
        }
        _ => Err(no()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str) -> Result<String, BadTemplate> {
        let lead = RawMap(vec![
            ("many".to_owned(), RawValue::List(vec![RawValue::text("x"); 500])),
            ("long".to_owned(), RawValue::text("y".repeat(60_000))),
        ]);
        let values = RawValue::Object(RawMap(vec![("lead".to_owned(), RawValue::Object(lead))]));
        Template::compile(text, Escape::Plain)?.render(&seen(&values))
    }

    #[test]
    fn a_template_ends_soon_and_writes_little_whatever_it_is() {
        for text in [
            "{{ 'a' * 2000000000 }}",
            "{{ lead.long * 100000 }}",
            "{{ lead.many * 100000000 }}",
            "{% for a in lead.many %}{{ lead.long }}{% endfor %}",
            "{% for a in lead.many %}{% for b in lead.many %}{% for c in lead.many %}{% endfor %}{% endfor %}{% endfor %}",
        ] {
            assert!(rendered(text).is_err(), "{text}");
        }
        assert_eq!(rendered("{% for a in lead.many %}{{ a }}{% endfor %}").map(|text| text.len()), Ok(500));
        assert_eq!(rendered("{{ lead.long }}").map(|text| text.len()), Ok(60_000));
    }
}
