//! Names of people: taken apart, in the right letters, and doubted where they look made up.

mod case;
mod doubt;
mod split;
mod tokens;
mod words;

use super::options::NamePart;
use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};
use crate::text::lowered;
use doubt::NoName;
pub(crate) use doubt::is_mash;
use split::{Split, is_one_case};
use tokens::is_initial;
use unicode_normalization::char::is_combining_mark;

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let found = once(raw, path, options);
    // What has digits in it is an address more often than a name, and by parts or written anew it may be read otherwise.
    let has_digits = found.problems.iter().any(|problem| problem.code == Code::NameDigits);
    if !has_digits || is_stable(&found, options) {
        return found;
    }
    FieldOutcome::refused(Problem::new(Code::NameNotAName, path).with_shape(raw.shape()))
}

/// Whether a name, and each part of it by itself, is what it is also when it is read again.
fn is_stable(found: &FieldOutcome, options: &FieldOptions) -> bool {
    let stays = |value: &Value, part| {
        let Some(text) = value.as_text() else { return true };
        let again = once(&RawValue::text(text), "", &FieldOptions { part, ..options.clone() });
        // Null and Test are families, too, beside a first name; alone they are none, or no answer at all.
        let alone = [Code::NamePlaceholder, Code::NameTest];
        match again.value {
            Some(again) => again == *value,
            None => again.problems.iter().all(|problem| alone.contains(&problem.code)),
        }
    };
    let parts = [("first", NamePart::First), ("last", NamePart::Last)];
    found.value.as_ref().is_none_or(|value| stays(value, options.part))
        && parts.iter().all(|(name, part)| found.parts.get(name).is_none_or(|value| stays(value, *part)))
}

fn once(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let refuse = |code| FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()));
    let tidy = Tidy::of(&input.text);
    if tidy.is_no_name() {
        return refuse(Code::NameNotAName);
    }
    match doubt::no_name(&tidy.text) {
        Some(NoName::Test) => return refuse(Code::NameTest),
        Some(NoName::Placeholder) => return refuse(Code::NamePlaceholder),
        None => {}
    }
    let mut split = match options.part {
        NamePart::Whole => split::split(&tidy.text),
        NamePart::First => split::given(&tidy.text),
        NamePart::Last => split::surname(&tidy.text),
    };
    split.extra |= tidy.signs > 0;
    let recased = split.recase(is_one_case(&tidy.text));
    Found { split, recased, digits: tidy.digits }.outcome(input, raw, path, options)
}

/// A text with only what can stand in a name.
struct Tidy {
    text: String,
    letters: usize,
    digits: bool,
    /// Signs that were left out: emoji, stars.
    signs: usize,
    /// An @, or the start of a link.
    net: bool,
}

impl Tidy {
    fn of(text: &str) -> Self {
        let mut tidy =
            Self { text: String::with_capacity(text.len()), letters: 0, digits: false, signs: 0, net: false };
        let may_be_link = text.contains([':', '.']);
        let link = |lower: &str| ["http:", "https:", "www."].iter().any(|start| lower.contains(start));
        tidy.net = text.contains('@') || may_be_link && link(&lowered(text));
        for c in text.chars().map(folded) {
            match c {
                Ok(c) if is_letter(c) => {
                    tidy.letters += 1;
                    tidy.text.push(c);
                }
                Ok(c) if c.is_numeric() => {
                    tidy.digits = true;
                    tidy.text.push(c);
                }
                Ok('_') => tidy.text.push(' '),
                Ok('/') => tidy.text.push_str(" & "),
                Ok(c) if is_combining_mark(c) || is_mark(c) => tidy.text.push(c),
                Ok(_) => tidy.signs += 1,
                Err(letters) => {
                    tidy.letters += 1;
                    tidy.text.push_str(letters);
                }
            }
        }
        tidy
    }

    fn is_no_name(&self) -> bool {
        self.letters == 0 || self.net || self.signs * 2 > self.letters || self.has_no_sound()
    }

    /// No word has a vowel, so nobody could say the name. Ng is said.
    fn has_no_sound(&self) -> bool {
        let words = || self.text.split(|c: char| !is_letter(c)).filter(|word| word.chars().count() > 1);
        let silent = |word: &str| {
            word.bytes().all(|b| b.is_ascii_alphabetic() && !doubt::is_vowel(char::from(b.to_ascii_lowercase())))
        };
        words().count() > 1 && words().all(|word| silent(word) && !word.eq_ignore_ascii_case("ng"))
    }
}

/// A letter for one of its printed forms: `ﬂ`, full-width letters.
fn folded(c: char) -> Result<char, &'static str> {
    match c {
        'ﬀ' => Err("ff"),
        'ﬁ' => Err("fi"),
        'ﬂ' => Err("fl"),
        'ﬃ' => Err("ffi"),
        'ﬄ' => Err("ffl"),
        'ﬅ' | 'ﬆ' => Err("st"),
        '！'..='～' => Ok(u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c)),
        c => Ok(c),
    }
}

fn is_letter(c: char) -> bool {
    // The half-width sound marks of Japanese are called letters, but stand in ornaments here.
    c.is_alphabetic() && !matches!(c, 'ﾞ' | 'ﾟ')
}

fn is_mark(c: char) -> bool {
    " .,;:'’‘`´ʻʼ-‐–&+\"“”„«»()[]{}<>·，".contains(c)
}

impl Split {
    /// Sets the letters, and says whether any was wrong; particles stay small in surnames and in names like María del
    /// Carmen.
    fn recase(&mut self, one_case: bool) -> bool {
        let mut changed = case::recase(&mut self.initials, one_case, false);
        changed |= self.first.as_mut().is_some_and(|first| case::recase(std::slice::from_mut(first), one_case, false));
        changed |= case::recase(&mut self.middle, one_case, true);
        changed |= case::recase(&mut self.last, one_case, true);
        changed | case::recase(&mut self.title, one_case, true)
    }

    /// The name as it is written on a letter, without title.
    fn shown(&self) -> String {
        let words = self.initials.iter().chain(&self.first).chain(&self.middle).chain(&self.last).map(String::as_str);
        words.chain(self.suffix).collect::<Vec<_>>().join(" ")
    }
}

struct Found {
    split: Split,
    recased: bool,
    digits: bool,
}

impl Found {
    fn outcome(self, mut input: input::Input<'_>, raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
        let split = &self.split;
        let problem = |code| Problem::new(code, path).with_shape(raw.shape());
        let value = match options.part {
            NamePart::Whole => split.shown(),
            NamePart::First => split.initials.iter().chain(&split.first).cloned().collect::<Vec<_>>().join(" "),
            NamePart::Last => split.last.join(" "),
        };
        let missing = match options.part {
            NamePart::Whole => self.missing(),
            NamePart::First if !split.first.as_deref().is_some_and(has_letter) => Some(Code::NameFirstMissing),
            NamePart::Last => Some(Code::NameLastMissing).filter(|_| !is_surname(&split.last)),
            NamePart::First => None,
        };
        if let Some(code) = missing {
            return FieldOutcome { parts: self.parts(options), ..FieldOutcome::refused(problem(code)) };
        }
        if value != input.text {
            let code = self.change();
            input.corrections.push(Correction::new(code, path, &*input.text, &value));
        }
        let mut outcome = input.found(Value::text(value));
        outcome.parts = self.parts(options);
        outcome.problems = self.doubts().into_iter().map(problem).collect();
        outcome
    }

    fn missing(&self) -> Option<Code> {
        let split = &self.split;
        match (split.first.as_deref().is_some_and(has_letter), is_surname(&split.last)) {
            (false, _) => Some(Code::NameFirstMissing),
            (true, false) => Some(Code::NameLastMissing),
            (true, true) => None,
        }
    }

    fn change(&self) -> Code {
        match () {
            () if self.split.turned => Code::NameReordered,
            () if self.split.extra || self.split.company || self.split.two_people || !self.split.title.is_empty() => {
                Code::NameExtraRemoved
            }
            () if self.recased => Code::NameRecased,
            () => Code::NameExtraRemoved,
        }
    }

    fn parts(&self, options: &FieldOptions) -> std::collections::BTreeMap<&'static str, Value> {
        let split = &self.split;
        let joined = |words: &[String]| Some(words.join(" ")).filter(|text| !text.is_empty());
        let whole = options.part == NamePart::Whole;
        let all = [
            ("first", split.first.clone().filter(|first| whole && has_letter(first))),
            ("initial", joined(&split.initials).filter(|_| whole)),
            ("last", joined(&split.last).filter(|last| whole && has_letter(last))),
            ("middle", joined(&split.middle)),
            ("suffix", split.suffix.map(str::to_owned)),
            ("title", joined(&split.title)),
        ];
        all.into_iter().filter_map(|(name, text)| Some((name, Value::Text(text?)))).collect()
    }

    fn doubts(&self) -> Vec<Code> {
        let split = &self.split;
        let words = || split.first.iter().chain(&split.middle).chain(&split.last);
        let all = [
            (split.company, Code::NameCompany),
            (self.digits, Code::NameDigits),
            (words().any(|word| doubt::is_mash(word)), Code::NameGibberish),
            (words().any(|word| words::is_odd_alone(word)), Code::NamePlaceholderPart),
            (split.two_people, Code::NameTwoPeople),
        ];
        all.into_iter().filter(|(is, _)| *is).map(|(_, code)| code).collect()
    }
}

/// More than initials.
fn is_surname(words: &[String]) -> bool {
    words.iter().any(|word| !is_initial(word) && has_letter(word))
}

/// The number of a house is no name, and would be refused by itself.
fn has_letter(word: &str) -> bool {
    word.chars().any(is_letter)
}

#[cfg(test)]
mod tests;
