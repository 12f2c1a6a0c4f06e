//! Patterns of postal codes: the part of regular expressions that the table of countries uses.
//!
//! Letters, digits, `\d`, classes, groups, `|`, `?`, `{2}` and `{2,4}`. A text is matched as a whole, by the set of the
//! places that can be reached: in time that only grows with pattern and text.

/// Longest text that can fit.
const LONGEST: usize = 24;

/// Whether a whole text fits a pattern.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let mut reader = Reader { pattern: pattern.as_bytes(), at: 0, text: text.as_bytes() };
    reader.alternatives(Places(1)).has(text.len())
}

/// A set of places in the text.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Places(u32);

impl Places {
    const NONE: Self = Self(0);

    fn has(self, at: usize) -> bool {
        self.0 >> at & 1 == 1
    }

    fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

struct Reader<'p> {
    pattern: &'p [u8],
    at: usize,
    text: &'p [u8],
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.pattern.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek();
        self.at += 1;
        byte
    }

    fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn alternatives(&mut self, from: Places) -> Places {
        let mut all = self.sequence(from);
        while self.eat(b'|') {
            all = all.or(self.sequence(from));
        }
        all
    }

    fn sequence(&mut self, from: Places) -> Places {
        let mut places = from;
        while self.peek().is_some_and(|byte| byte != b'|' && byte != b')') {
            places = self.repeated(places);
        }
        places
    }

    fn repeated(&mut self, from: Places) -> Places {
        let start = self.at;
        let mut places = self.one(from);
        let (least, most) = self.times();
        let end = self.at;
        let mut all = if least == 0 { from.or(places) } else { Places::NONE };
        for time in 1..=most {
            if time > 1 {
                self.at = start;
                places = self.one(places);
            }
            if time >= least {
                all = all.or(places);
            }
        }
        self.at = end;
        all
    }

    /// How often what is before may stand.
    fn times(&mut self) -> (u32, u32) {
        if self.eat(b'?') {
            return (0, 1);
        }
        if !self.eat(b'{') {
            return (1, 1);
        }
        let least = self.digits();
        let most = if self.eat(b',') { self.digits() } else { least };
        self.eat(b'}');
        (least, most)
    }

    fn digits(&mut self) -> u32 {
        let mut value = 0;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            value = value * 10 + u32::from(digit - b'0');
            self.at += 1;
        }
        value
    }

    fn one(&mut self, from: Places) -> Places {
        match self.next() {
            Some(b'(') => {
                if self.eat(b'?') {
                    self.eat(b':');
                }
                let places = self.alternatives(from);
                self.eat(b')');
                places
            }
            Some(b'[') => {
                let start = self.at;
                self.step(from, |reader, byte| {
                    reader.at = start;
                    reader.class_has(byte)
                })
            }
            Some(b'\\') => match self.next() {
                Some(b'd') => self.step(from, |_, byte| byte.is_ascii_digit()),
                letter => self.step(from, |_, byte| Some(byte) == letter),
            },
            letter => self.step(from, |_, byte| Some(byte) == letter),
        }
    }

    /// One place on, where the byte fits.
    fn step(&mut self, from: Places, mut is: impl FnMut(&mut Self, u8) -> bool) -> Places {
        // Always once, so that the reader is past a class also where no place is left.
        is(self, 0);
        let text = self.text;
        let mut places = Places::NONE;
        for (at, byte) in text.iter().enumerate().filter(|(at, _)| from.has(*at)) {
            if is(self, *byte) {
                places = places.or(Places(2 << at));
            }
        }
        places
    }

    /// Whether the class that starts here has a byte; the reader is past the class afterwards.
    fn class_has(&mut self, byte: u8) -> bool {
        let mut has = false;
        while let Some(first) = self.next().filter(|first| *first != b']') {
            let first = if first == b'\\' { self.next().unwrap_or_default() } else { first };
            if first == b'd' && self.pattern.get(self.at.wrapping_sub(2)) == Some(&b'\\') {
                has |= byte.is_ascii_digit();
            } else if self.peek() == Some(b'-') && self.pattern.get(self.at + 1) != Some(&b']') {
                self.at += 1;
                has |= (first..=self.next().unwrap_or_default()).contains(&byte);
            } else {
                has |= first == byte;
            }
        }
        has
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_texts() {
        for (pattern, text, wanted) in [
            (r"\d{5}", "12345", true),
            (r"\d{5}", "1234", false),
            (r"\d{5}", "123456", false),
            (r"\d{4,5}|\d{3}-\d{4}", "123-4567", true),
            (r"\d{4,5}|\d{3}-\d{4}", "1234", true),
            (r"[1-9]\d{3} ?(?:[A-RT-Z][A-Z]|S[BCE-RT-Z])", "1012 AB", true),
            (r"[1-9]\d{3} ?(?:[A-RT-Z][A-Z]|S[BCE-RT-Z])", "1012SA", false),
            (r"[\dA-Z]{3} ?[\dA-Z]{4}", "D02AF30", true),
            (r"(\d{5})(?:[ \-](\d{4}))?", "12345-6789", true),
            (r"(\d{5})(?:[ \-](\d{4}))?", "123456789", false),
            (r"AD[1-7]0\d", "AD501", true),
            ("", "", true),
            ("A", "", false),
        ] {
            assert_eq!(fits(pattern, text), wanted, "{pattern} {text}");
        }
    }
}
