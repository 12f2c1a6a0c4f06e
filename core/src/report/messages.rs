//! Words for people about problems: English, unless the host has its own.

use crate::model::{Code, CodeKind, Error, Problem};
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Stands for every code that has no text of its own.
const ANY: &str = "*";

/// The texts of a host for problems, by their codes. A code without one is told in English.
///
/// A text may name what a problem says in braces: `{code}`, `{severity}`, `{action}`, `{path}`, `{field}` (the last name
/// of the path), `{shape}`, `{expected}`, `{suggestion}`, and the English `{text}` and `{remedy}`; `{{` and `}}` are
/// braces. None of them holds a value of the lead.
///
/// ```
/// use leadwright::{model::{Code, Problem}, report::Messages};
/// let texts = r#"{
///     "email.host_typo": "Meinten Sie {suggestion}?",
///     "date.too_young": ["{field}: frühestens mit {expected}", "{field}: zu jung"]
/// }"#;
/// let messages = Messages::from_json(texts.as_bytes())?;
/// let typo = Problem::new(Code::EmailHostTypo, "/email").with_suggestion("gmail.com");
/// assert_eq!(messages.of(&typo), "Meinten Sie gmail.com?");
/// assert_eq!(messages.of(&Problem::new(Code::DateTooYoung, "/dob")), "dob: zu jung");
/// let short = Problem::new(Code::PhoneTooShort, "/phone");
/// assert_eq!(
///     messages.of(&short),
///     "the phone number has too few digits; ask for the whole number with its area code"
/// );
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages {
    own: BTreeMap<Code, Vec<Template>>,
    any: Vec<Template>,
}

/// One text, or several of which the first counts whose parts are all there.
#[derive(Deserialize)]
#[serde(untagged)]
enum Texts {
    One(String),
    Several(Vec<String>),
}

/// A text in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Field(Said),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Code,
    Severity,
    Action,
    Path,
    Name,
    Shape,
    Expected,
    Suggestion,
    Text,
    Remedy,
}

const FIELDS: [(&str, Said); 10] = [
    ("code", Said::Code),
    ("severity", Said::Severity),
    ("action", Said::Action),
    ("path", Said::Path),
    ("field", Said::Name),
    ("shape", Said::Shape),
    ("expected", Said::Expected),
    ("suggestion", Said::Suggestion),
    ("text", Said::Text),
    ("remedy", Said::Remedy),
];

impl Messages {
    /// From an object of texts by code, `*` for all others. In place of one text there may be a list: the first counts
    /// of which the problem has all parts, and English where it has those of none.
    ///
    /// # Errors
    /// `input.bad_option` for a code that no problem has, a part that is not known, or a brace without its other half.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let bad = |detail: String| Error::new(Code::InputBadOption, detail);
        let read: BTreeMap<String, Texts> = serde_json::from_slice(json)
            .map_err(|_| bad("messages are an object with a text, or a list of texts, for each code".into()))?;
        let mut messages = Self::default();
        for (name, texts) in read {
            let texts = match texts {
                Texts::One(text) => vec![text],
                Texts::Several(texts) => texts,
            };
            let templates = texts.iter().map(|text| Template::parse(text)).collect::<Result<Vec<_>, String>>();
            let templates = templates.map_err(|why| bad(format!("the message of `{name}`: {why}")))?;
            if name == ANY {
                messages.any = templates;
                continue;
            }
            let code = name.parse().ok().filter(|code: &Code| code.kind() == CodeKind::Problem);
            let code = code.ok_or_else(|| bad(format!("no problem has the code `{name}`")))?;
            messages.own.insert(code, templates);
        }
        Ok(messages)
    }

    /// The words for a problem.
    pub fn of(&self, problem: &Problem) -> String {
        let own = self.own.get(&problem.code).unwrap_or(&self.any);
        own.iter().find_map(|template| template.filled(problem)).unwrap_or_else(|| english(problem))
    }
}

impl Template {
    fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut letters = text.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '{' | '}' if letters.next_if_eq(&letter).is_some() => plain.push(letter),
                '{' => {
                    let mut name = String::new();
                    loop {
                        match letters.next() {
                            Some('}') => break,
                            Some(letter) if letter != '{' => name.push(letter),
                            _ => return Err("a `{` has no `}`; write {{ for a brace".into()),
                        }
                    }
                    if !plain.is_empty() {
                        parts.push(Part::Text(std::mem::take(&mut plain)));
                    }
                    let known = FIELDS.iter().find(|(known, _)| *known == name);
                    let (_, field) = known.ok_or_else(|| {
                        let known: Vec<&str> = FIELDS.iter().map(|(name, _)| *name).collect();
                        format!("a problem has no `{name}`; it has {}", known.join(", "))
                    })?;
                    parts.push(Part::Field(*field));
                }
                '}' => return Err("a `}` has no `{`; write }} for a brace".into()),
                other => plain.push(other),
            }
        }
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self(parts))
    }

    /// None where the problem lacks a part.
    fn filled(&self, problem: &Problem) -> Option<String> {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Field(field) => out.push_str(&field.of(problem)?),
            }
        }
        Some(out)
    }
}

impl Said {
    fn of(self, problem: &Problem) -> Option<Cow<'_, str>> {
        let given = |text: &'_ Option<String>| text.clone().map(Cow::Owned);
        match self {
            Said::Code => Some(Cow::Borrowed(problem.code.as_str())),
            Said::Severity => word(&problem.severity),
            Said::Action => word(&problem.action),
            Said::Path => Some(Cow::Borrowed(&problem.path)),
            Said::Name => field(&problem.path).map(Cow::Owned),
            Said::Shape => given(&problem.shape),
            Said::Expected => given(&problem.expected),
            Said::Suggestion => given(&problem.suggestion),
            Said::Text => Some(Cow::Borrowed(problem.code.text())),
            Said::Remedy => Some(problem.code.remedy()).filter(|remedy| !remedy.is_empty()).map(Cow::Borrowed),
        }
    }
}

/// The word on the wire.
fn word(value: &impl serde::Serialize) -> Option<Cow<'static, str>> {
    let text = serde_json::to_string(value).ok()?;
    Some(Cow::Owned(text.trim_matches('"').to_owned()))
}

/// The last name of a path: a place in a list is none. Nothing for the lead as a whole.
fn field(path: &str) -> Option<String> {
    let is_name = |step: &&str| !step.is_empty() && !step.bytes().all(|byte| byte.is_ascii_digit());
    path.rsplit('/').find(is_name).map(|name| name.replace("~1", "/").replace("~0", "~"))
}

/// What is wrong, then what would have been right, else what to do.
fn english(problem: &Problem) -> String {
    let text = problem.code.text();
    match (&problem.suggestion, &problem.expected, problem.code.remedy()) {
        (Some(suggestion), _, _) => format!("{text}; did you mean `{suggestion}`?"),
        (None, Some(expected), _) => format!("{text}; expected {expected}"),
        (None, None, "") => text.to_owned(),
        (None, None, remedy) => format!("{text}; {remedy}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, problem: &Problem) -> String {
        let json = serde_json::json!({ problem.code.as_str(): text }).to_string();
        Messages::from_json(json.as_bytes()).unwrap().of(problem)
    }

    #[test]
    fn every_part_is_filled_in() {
        let problem =
            Problem::new(Code::NumberOutOfRange, "/drivers/0/age").with_shape("999").with_expected("16 to 99");
        let problem = problem.with_suggestion("55");
        let all = "{code} {severity} {action} {path} {field} {shape} {expected} {suggestion} {{{text}}}";
        let text = Code::NumberOutOfRange.text();
        assert_eq!(
            told(all, &problem),
            format!("number.out_of_range error dropped /drivers/0/age age 999 16 to 99 55 {{{text}}}")
        );
    }

    #[test]
    fn every_problem_has_english_words() {
        for code in Code::all().iter().filter(|code| code.kind() == CodeKind::Problem) {
            let said = Messages::default().of(&Problem::new(*code, "/a"));
            assert!(said.starts_with(code.text()), "{said}");
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        for json in [
            "[]",
            r#"{"phone.too_short": 7}"#,
            r#"{"phone.short": "a"}"#,
            r#"{"text.trimmed": "a correction"}"#,
            r#"{"phone.too_short": "{value}"}"#,
            r#"{"phone.too_short": "{"}"#,
            r#"{"phone.too_short": "{path"}"#,
            r#"{"phone.too_short": "a } b"}"#,
            r#"{"*": ["a", "{{}"]}"#,
        ] {
            let error = Messages::from_json(json.as_bytes()).unwrap_err();
            assert_eq!(error.code(), Code::InputBadOption, "{json}");
        }
    }

    #[test]
    fn names_are_shown_as_they_are() {
        assert_eq!(field("/a~1b~0c"), Some("a/b~c".into()));
        assert_eq!(field("/drivers/0"), Some("drivers".into()));
        assert_eq!(field(""), None);
    }

    proptest::proptest! {
        #[test]
        fn a_text_without_braces_is_said_as_it_is(text in "[^{}]*") {
            proptest::prop_assert_eq!(told(&text, &Problem::new(Code::PhoneTooShort, "")), text);
        }
    }
}
