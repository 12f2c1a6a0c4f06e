//! The options of a migration from JSON: all that is wrong with them is said at once.

use super::{Known, ParityOptions, Pattern, Rules};
use crate::model::{Code, Date, Error, RawMap, RawValue, read_value};
use crate::parity::class::Class;
use crate::parity::decimal::Decimal;
use crate::redact::HashKey;
use crate::text::did_you_mean;

/// Most patterns of a rule, known differences of a step, steps of a migration.
const MOST: usize = 1_000;
/// Longest name, reason or pattern, in bytes.
const LONGEST: usize = 500;

impl ParityOptions {
    /// From JSON.
    ///
    /// # Errors
    /// `parity.bad_rules` with every mistake, and what was probably meant.
    ///
    /// ```
    /// use leadwright::parity::ParityOptions;
    /// let options = br#"{"steps": {"decide": {"decision": true, "ignore": ["/debug/*"]}}}"#;
    /// assert!(ParityOptions::from_json(options)?.steps.contains_key("decide"));
    /// let wrong = br#"{"vlaues": true, "steps": {"decide": {"ingore": []}}}"#;
    /// let error = ParityOptions::from_json(wrong).unwrap_err().to_string();
    /// assert!(error.contains("did you mean `values`?") && error.contains("did you mean `ignore`?"), "{error}");
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let read = read_value(json).map_err(|error| Error::new(Code::ParityBadRules, error.to_string()))?;
        let mut reader = Reader::default();
        for problem in &read.problems {
            reader.wrong(&problem.path, problem.code.text());
        }
        let options = reader.options(&read.value);
        reader.done(options)
    }
}

impl Rules {
    /// The rules of one step, from JSON.
    ///
    /// # Errors
    /// `parity.bad_rules` with every mistake.
    ///
    /// ```
    /// use leadwright::parity::Rules;
    /// let rules = Rules::from_json(br#"{"tolerance": {"/score": "0.000001"}, "unordered": ["/tags"]}"#)?;
    /// assert!(rules.known().is_empty());
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let read = read_value(json).map_err(|error| Error::new(Code::ParityBadRules, error.to_string()))?;
        let mut reader = Reader::default();
        let rules = reader.rules(&read.value, "");
        reader.done(rules)
    }
}

/// What was found wrong so far.
#[derive(Default)]
struct Reader {
    wrong: Vec<String>,
}

impl Reader {
    fn done<T>(self, read: T) -> Result<T, Error> {
        match self.wrong.len() {
            0 => Ok(read),
            1 => Err(Error::new(Code::ParityBadRules, self.wrong.join(""))),
            n => Err(Error::new(Code::ParityBadRules, format!("{n} mistakes: {}", self.wrong.join("; ")))),
        }
    }

    fn wrong(&mut self, path: &str, what: &str) {
        self.wrong.push(format!("{}: {what}", if path.is_empty() { "the whole" } else { path }));
    }

    fn unknown(&mut self, path: &str, name: &str, names: &[&str]) {
        let near = did_you_mean(name, names.iter().copied()).map(|near| format!(": did you mean `{near}`?"));
        let what = near.unwrap_or_else(|| format!("; known are {}", names.join(", ")));
        self.wrong(&below(path, name), &format!("nothing has this name here{what}"));
    }

    fn object<'v>(&mut self, value: &'v RawValue, path: &str) -> &'v [(String, RawValue)] {
        match value {
            RawValue::Object(RawMap(members)) if members.len() <= MOST => members,
            RawValue::Object(_) => {
                self.wrong(path, "it has more than 1,000 members");
                &[]
            }
            _ => {
                self.wrong(path, "it is an object");
                &[]
            }
        }
    }

    fn list<'v>(&mut self, value: &'v RawValue, path: &str) -> &'v [RawValue] {
        match value {
            RawValue::List(items) if items.len() <= MOST => items,
            RawValue::List(_) => {
                self.wrong(path, "it has more than 1,000 items");
                &[]
            }
            _ => {
                self.wrong(path, "it is a list");
                &[]
            }
        }
    }

    fn yes(&mut self, value: &RawValue, path: &str) -> bool {
        match value {
            RawValue::Bool(yes) => *yes,
            _ => {
                self.wrong(path, "it is true or false");
                false
            }
        }
    }

    fn text<'v>(&mut self, value: &'v RawValue, path: &str) -> Option<&'v str> {
        match value {
            RawValue::Text(text) if (1..=LONGEST).contains(&text.len()) => Some(text),
            RawValue::Text(_) => {
                self.wrong(path, "it is a text of 1 to 500 bytes");
                None
            }
            _ => {
                self.wrong(path, "it is a text");
                None
            }
        }
    }

    fn options(&mut self, value: &RawValue) -> ParityOptions {
        const NAMES: [&str; 4] = ["ids", "key", "steps", "values"];
        let mut options = ParityOptions::default();
        for (name, value) in self.object(value, "") {
            let path = below("", name);
            match (name.as_str(), value) {
                ("key", RawValue::Null) => {}
                ("key", _) => options.key = self.key(value, &path),
                ("values", _) => options.values = self.yes(value, &path),
                ("ids", _) => options.ids = self.yes(value, &path),
                ("steps", _) => {
                    for (step, rules) in self.object(value, &path) {
                        let rules = self.rules(rules, &below(&path, step));
                        options.steps.insert(step.clone(), rules);
                    }
                }
                _ => self.unknown("", name, &NAMES),
            }
        }
        options
    }

    /// What is wrong about a key is said without the key.
    fn key(&mut self, value: &RawValue, path: &str) -> Option<HashKey> {
        let text = self.text(value, path)?;
        let digit = |at: usize| text.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
        let bytes: Option<Vec<u8>> = (0..text.len()).step_by(2).map(digit).collect();
        let key = bytes.and_then(|bytes| HashKey::new(&bytes).ok());
        if key.is_none() {
            self.wrong(path, "it is 16 bytes or more, in hexadecimal digits");
        }
        key
    }

    fn rules(&mut self, value: &RawValue, path: &str) -> Rules {
        const NAMES: [&str; 6] = ["decision", "ignore", "known", "money", "tolerance", "unordered"];
        let mut rules = Rules::default();
        for (name, value) in self.object(value, path) {
            let here = below(path, name);
            match name.as_str() {
                "ignore" => rules.ignore = self.patterns(value, &here),
                "unordered" => rules.unordered = self.patterns(value, &here),
                "money" => rules.money = self.patterns(value, &here),
                "decision" => rules.decision = self.yes(value, &here),
                "tolerance" => {
                    for (place, most) in self.object(value, &here) {
                        let path = below(&here, place);
                        let pattern = self.pattern(place, &path);
                        let most = self.tolerance(most, &path);
                        rules.tolerance.extend(pattern.zip(most));
                    }
                }
                "known" => {
                    for (at, known) in self.list(value, &here).iter().enumerate() {
                        let known = self.known(known, &format!("{here}/{at}"));
                        rules.known.extend(known);
                    }
                    self.twice(&rules.known, &here);
                }
                _ => self.unknown(path, name, &NAMES),
            }
        }
        rules
    }

    fn twice(&mut self, known: &[Known], path: &str) {
        for (at, one) in known.iter().enumerate() {
            if known.iter().take(at).any(|other| other.id == one.id) {
                self.wrong(path, &format!("the id `{}` is there twice", one.id));
            }
        }
    }

    fn patterns(&mut self, value: &RawValue, path: &str) -> Vec<Pattern> {
        let mut patterns = Vec::new();
        for (at, item) in self.list(value, path).iter().enumerate() {
            let path = format!("{path}/{at}");
            match item {
                RawValue::Text(text) => patterns.extend(self.pattern(text, &path)),
                _ => self.wrong(&path, "it is a JSON Pointer"),
            }
        }
        patterns
    }

    fn pattern(&mut self, text: &str, path: &str) -> Option<Pattern> {
        let pattern = Pattern::new(text).filter(|_| text.len() <= LONGEST);
        if pattern.is_none() {
            self.wrong(
                path,
                &format!("it is a JSON Pointer, like `/{}`", text.trim_start_matches('$').replace('.', "/")),
            );
        }
        pattern
    }

    fn tolerance(&mut self, value: &RawValue, path: &str) -> Option<Decimal> {
        let number = match value {
            RawValue::Text(text) | RawValue::Number(text) => Decimal::read(text),
            _ => None,
        };
        let number = number.filter(|number| !number.is_negative());
        if number.is_none() {
            self.wrong(path, "it is a number that is not negative, like \"0.000001\"");
        }
        number
    }

    fn known(&mut self, value: &RawValue, path: &str) -> Option<Known> {
        const NAMES: [&str; 6] = ["class", "expires", "id", "owner", "path", "reason"];
        let (mut id, mut reason, mut owner, mut expires, mut class, mut place) = (None, None, None, None, None, None);
        let before = self.wrong.len();
        for (name, value) in self.object(value, path) {
            let here = below(path, name);
            match name.as_str() {
                "id" => id = self.text(value, &here),
                "reason" => reason = self.text(value, &here),
                "owner" => owner = self.text(value, &here),
                "expires" => expires = self.date(value, &here),
                "class" => class = self.class(value, &here),
                "path" => place = self.text(value, &here).and_then(|text| self.pattern(text, &here)),
                _ => self.unknown(path, name, &NAMES),
            }
        }
        // What is there and wrong was said already.
        let given = |name: &str| matches!(value, RawValue::Object(map) if map.get(name).is_some());
        for name in ["id", "reason", "owner", "expires"] {
            if matches!(value, RawValue::Object(_)) && !given(name) {
                self.wrong(path, &format!("a known difference has `{name}`"));
            }
        }
        if matches!(value, RawValue::Object(_)) && !given("class") && !given("path") {
            self.wrong(path, "a known difference has `class` or `path`, or everything would be known");
        }
        if self.wrong.len() > before {
            return None;
        }
        let (id, reason, owner) = (id?.to_owned(), reason?.to_owned(), owner?.to_owned());
        Some(Known { id, reason, owner, expires: expires?, class, path: place })
    }

    fn date(&mut self, value: &RawValue, path: &str) -> Option<Date> {
        let date = self.text(value, path)?.parse().ok();
        if date.is_none() {
            self.wrong(path, "it is a day, like \"2027-03-01\"");
        }
        date
    }

    fn class(&mut self, value: &RawValue, path: &str) -> Option<Class> {
        let text = self.text(value, path)?;
        let class = text.parse().ok();
        if class.is_none() {
            let names: Vec<&str> = Class::ALL.iter().map(|class| class.as_str()).collect();
            let near = did_you_mean(text, names).map(|near| format!(": did you mean `{near}`?")).unwrap_or_default();
            self.wrong(path, &format!("there is no such class{near}"));
        }
        class
    }
}

fn below(path: &str, name: &str) -> String {
    format!("{path}/{}", crate::model::shown_name(name).replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_said_at_once() {
        let json = br#"{"key": "beef", "values": 1, "steps": {
            "a": {"ignore": ["debug.x"], "tolerance": {"/s": "-1"}, "unorderd": []},
            "b": {"known": [
                {"id": "K", "reason": "r", "owner": "o", "expires": "soon", "class": "whitespace"},
                {"id": "L", "reason": "r", "owner": "o", "expires": "2027-01-01"},
                {"id": "M", "path": "/x", "expires": "2027-01-01", "why": "x"}
            ]}}}"#;
        let error = ParityOptions::from_json(json).unwrap_err();
        assert_eq!(error.code(), Code::ParityBadRules);
        let text = error.to_string();
        for says in [
            "/key: it is 16 bytes or more",
            "/values: it is true or false",
            "/steps/a/ignore/0: it is a JSON Pointer, like `/debug/x`",
            "/steps/a/tolerance/~1s: it is a number that is not negative",
            "did you mean `unordered`?",
            "/steps/b/known/0/expires: it is a day",
            "/steps/b/known/0/class: there is no such class",
            "/steps/b/known/1: a known difference has `class` or `path`",
            "/steps/b/known/2: a known difference has `reason`",
            "/steps/b/known/2/why",
        ] {
            assert!(text.contains(says), "{says}: {text}");
        }
        assert!(!text.contains("beef"), "a key is never shown");
    }

    #[test]
    fn an_id_is_there_once() {
        let one = r#"{"id": "K", "reason": "r", "owner": "o", "expires": "2027-01-01", "class": "value"}"#;
        let error = Rules::from_json(format!(r#"{{"known": [{one}, {one}]}}"#).as_bytes()).unwrap_err();
        assert!(error.to_string().contains("the id `K` is there twice"), "{error}");
    }
}
