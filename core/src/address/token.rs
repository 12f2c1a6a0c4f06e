//! Text → words in upper case, with the breaks between them.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What stands between a word and the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// White space, or nothing.
    None,
    /// A comma, semicolon, parenthesis or lone dash.
    Comma,
    /// The end of a line.
    Line,
}

/// A word of an address: letters and digits in upper case without accents, or `#`, `&` or `@` alone.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// The folded word.
    pub(super) text: String,
    /// What follows it.
    pub(super) gap: Gap,
}

impl Token {
    pub(super) fn has_digit(&self) -> bool {
        self.text.bytes().any(|b| b.is_ascii_digit())
    }

    pub(super) fn is_digits(&self) -> bool {
        is_digits(&self.text)
    }

    pub(super) fn is_letters(&self) -> bool {
        self.text.chars().all(char::is_alphabetic)
    }
}

pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// The words of a text.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader { tokens: Vec::new(), word: String::new() };
    let folded: Vec<char> = fold(&unescape(text)).collect();
    let mut before = None;
    for (at, c) in folded.iter().enumerate() {
        let after = folded.get(at + 1).copied();
        reader.read(before, *c, after, &folded, at);
        before = Some(*c);
    }
    reader.end_word();
    reader.tokens
}

struct Reader {
    tokens: Vec<Token>,
    word: String,
}

impl Reader {
    fn read(&mut self, before: Option<char>, c: char, after: Option<char>, all: &[char], at: usize) {
        match c {
            c if c.is_alphanumeric() => self.word.push(c),
            '\'' | '`' | '"' => {}
            '.' => self.dot(before, after, all, at),
            '-' if self.word.is_empty() || !after.is_some_and(char::is_alphanumeric) => self.dash(after),
            '-' | '/' if !self.word.is_empty() && after.is_some_and(char::is_alphanumeric) => self.word.push(c),
            '#' | '&' | '@' | '/' => self.mark(c),
            '\n' | '\r' => self.gap(Gap::Line),
            ',' | ';' | '(' | ')' | '[' | ']' | '|' | '\t' | ':' => self.gap(Gap::Comma),
            _ => self.end_word(),
        }
    }

    /// A dot belongs to its word, unless it stands where a space was forgotten: `st.springfield`, `Ste.400`.
    fn dot(&mut self, before: Option<char>, after: Option<char>, all: &[char], at: usize) {
        let letter = before.is_some_and(char::is_alphabetic);
        let digit = before.is_some_and(|c| c.is_ascii_digit());
        match after {
            Some(c) if c.is_ascii_digit() && digit => self.word.push('.'),
            Some(c) if c.is_ascii_digit() && letter => self.end_word(),
            Some(_) if letter && self.word.len() >= 2 && letters_from(all, at + 1) >= 3 => self.end_word(),
            _ => {}
        }
    }

    /// A dash at the edge of a word: with space on both sides it parts two things.
    fn dash(&mut self, after: Option<char>) {
        let lone = self.word.is_empty() && after.is_none_or(char::is_whitespace);
        if lone { self.gap(Gap::Comma) } else { self.end_word() }
    }

    fn mark(&mut self, c: char) {
        self.end_word();
        self.tokens.push(Token { text: c.into(), gap: Gap::None });
    }

    fn gap(&mut self, gap: Gap) {
        self.end_word();
        if let Some(last) = self.tokens.last_mut() {
            last.gap = last.gap.max(gap);
        }
    }

    fn end_word(&mut self) {
        if !self.word.is_empty() {
            self.tokens.push(Token { text: std::mem::take(&mut self.word), gap: Gap::None });
        }
    }
}

fn letters_from(all: &[char], start: usize) -> usize {
    all.get(start..).unwrap_or_default().iter().take(3).take_while(|c| c.is_alphabetic()).count()
}

/// The two ways an ampersand is written in web pages, undone.
fn unescape(text: &str) -> Cow<'_, str> {
    if text.contains("&amp;") || text.contains("&#38;") {
        return text.replace("&amp;", "&").replace("&#38;", "&").into();
    }
    text.into()
}

/// Upper case, compatibility forms resolved, accents and invisible characters gone.
fn fold(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(spaced_fraction).nfkd().filter(|c| !is_combining_mark(*c) && !is_invisible(*c)).flat_map(
        |c| {
            let plain = match c {
                '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' => '\'',
                '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
                '\u{2044}' | '\u{2215}' => '/',
                'ø' | 'Ø' => 'O',
                'ł' | 'Ł' => 'L',
                other => other,
            };
            plain.to_uppercase()
        },
    )
}

/// `½` reads as one and a half unless a space keeps it from the number before.
fn spaced_fraction(c: char) -> impl Iterator<Item = char> {
    let fraction = matches!(c, '\u{bc}'..='\u{be}' | '\u{2150}'..='\u{215e}');
    fraction.then_some(' ').into_iter().chain([c])
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        tokens(text).iter().map(|t| t.text.clone() + [" ", ", ", "\n"][t.gap as usize]).collect::<String>()
    }

    #[test]
    fn words_and_breaks() {
        assert_eq!(words("123 main st.springfield,il.62701"), "123 MAIN ST SPRINGFIELD, IL 62701 ");
        assert_eq!(words("P.O.Box 7, U.S.17"), "PO BOX 7, US 17 ");
        assert_eq!(words("apt#4-B - O\u{2019}Fallon\r\nD.C."), "APT # 4-B, OFALLON\nDC ");
        assert_eq!(words("39.2 Rd"), "39.2 RD ");
        assert_eq!(words("Tom&amp;Jo / x"), "TOM & JO / X ");
    }

    #[test]
    fn letters_fold() {
        assert_eq!(words("12½ Cañon\u{a0}Ｓｔ\u{200b}"), "12 1/2 CANON ST ");
        assert_eq!(words("Straße"), "STRASSE ");
        assert_eq!(words(" \u{301} "), "");
    }
}
