//! What a browser says it is: only the shape is looked at.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Problem, RawValue, Value};

/// What programs without a person in front of them call themselves, in small letters.
const MACHINES: [&str; 16] = [
    "bot",
    "crawler",
    "curl/",
    "go-http-client",
    "headless",
    "httpclient",
    "java/",
    "libwww",
    "node-fetch",
    "okhttp",
    "phantomjs",
    "python",
    "scrapy",
    "selenium",
    "spider",
    "wget/",
];

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let text = (*input.text).to_owned();
    let shaped = text.chars().any(char::is_alphabetic) && !text.contains('<');
    if !shaped {
        return FieldOutcome::refused(Problem::new(Code::UserAgentNotOne, path).with_shape(raw.shape()));
    }
    let machine = is_machine(&text);
    let mut outcome = input.found(Value::Text(text));
    if machine {
        outcome.problems.push(Problem::new(Code::UserAgentMachine, path).with_shape(raw.shape()));
    }
    outcome
}

/// Whether a program without a person in front of it says so.
fn is_machine(text: &str) -> bool {
    if !words_of_machines(text.as_bytes()) {
        return false;
    }
    // cubot is a make of phones.
    let lower = text.to_ascii_lowercase();
    !lower.contains("cubot") || {
        let rest = lower.replace("cubot", "");
        MACHINES.iter().any(|word| rest.contains(word))
    }
}

/// Whether one of the words stands anywhere: one pass, for only few letters begin one.
fn words_of_machines(text: &[u8]) -> bool {
    let begins =
        |byte: &u8| matches!(byte | 0x20, b'b' | b'c' | b'g' | b'h' | b'j' | b'l' | b'n' | b'o' | b'p' | b's' | b'w');
    text.iter().enumerate().filter(|(_, byte)| begins(byte)).any(|(at, _)| {
        let rest = text.get(at..).unwrap_or_default();
        let starts =
            |word: &&str| rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()));
        MACHINES
            .iter()
            .filter(|word| word.as_bytes().first() == rest.first().map(u8::to_ascii_lowercase).as_ref())
            .any(starts)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_pass_and_machines_are_told() {
        let code =
            |text: &str| check(&RawValue::text(text), "/ua", &FieldOptions::default()).problems.first().map(|p| p.code);
        assert_eq!(code("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/140.0"), None);
        assert_eq!(code("Mozilla/5.0 HeadlessChrome/120.0"), Some(Code::UserAgentMachine));
        assert_eq!(code("curl/8.1"), Some(Code::UserAgentMachine));
        assert_eq!(code("<script>"), Some(Code::UserAgentNotOne));
        assert_eq!(code("12345"), Some(Code::UserAgentNotOne));
    }
}
