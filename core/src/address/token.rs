//! Text → words in upper case, with the breaks between them and what each word can be.

use crate::geo::lexicon::{self, Kind, Letters, Word};
use crate::geo::usps;
use std::borrow::Cow;

/// What stands between a word and the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// White space, or nothing.
    #[default]
    None,
    /// A comma, semicolon, parenthesis or lone dash.
    Comma,
    /// The end of a line.
    Line,
}

/// A word of an address: letters and digits in upper case without accents, or `#`, `&` or `@` alone.
#[derive(Clone, Copy, Default)]
pub(super) struct Token<'s> {
    /// The folded word.
    pub(super) text: &'s str,
    /// The folded text from this word on, one space between words.
    rest: &'s str,
    /// What follows it.
    pub(super) gap: Gap,
    at: u16,
    shape: Shape,
    word: Word,
}

/// What the letters of a word are like.
#[derive(Clone, Copy, Default)]
struct Shape {
    has_digit: bool,
    is_digits: bool,
    is_letters: bool,
    is_ordinal: bool,
    /// It ends a street's name, slips included.
    is_ending: bool,
    /// A suffix was meant.
    has_slip: bool,
}

impl<'s> Token<'s> {
    fn new(text: &'s str, rest: &'s str, gap: Gap) -> Self {
        let (word, letters) = lexicon::word_and_letters(text);
        Self { text, rest, gap, at: u16::MAX, shape: Shape::of(text, word, letters), word }
    }

    /// Its place among the words of the address.
    pub(super) fn at(&self) -> usize {
        self.at.into()
    }

    pub(super) fn has_digit(&self) -> bool {
        self.shape.has_digit
    }

    pub(super) fn is_digits(&self) -> bool {
        self.shape.is_digits
    }

    pub(super) fn is_letters(&self) -> bool {
        self.shape.is_letters
    }

    /// A letter alone.
    pub(super) fn is_letter(&self) -> bool {
        self.text.len() == 1 && self.shape.is_letters
    }

    /// The standard abbreviation as a street suffix, from any usual spelling.
    pub(super) fn suffix(&self) -> Option<&'static str> {
        self.word.suffix()
    }

    /// The standard abbreviation of the suffix that was meant.
    pub(super) fn suffix_with_a_slip(&self) -> Option<&'static str> {
        if self.shape.has_slip { usps::suffix_with_a_slip(self.text) } else { None }
    }

    pub(super) fn directional(&self) -> Option<&'static str> {
        self.word.directional()
    }

    pub(super) fn unit(&self) -> Option<&'static str> {
        self.word.unit()
    }

    pub(super) fn state(&self) -> Option<&'static str> {
        self.word.state()
    }

    pub(super) fn is(&self, kind: Kind) -> bool {
        self.word.is(kind)
    }

    /// Whether it nearly always ends a street's name, slips included.
    pub(super) fn is_ending(&self) -> bool {
        self.shape.is_ending
    }

    /// `5TH`, `FIFTH`.
    pub(super) fn is_ordinal(&self) -> bool {
        self.shape.is_ordinal
    }

    /// Whether it is one of a few words.
    pub(super) fn is_one_of(&self, words: &[&str]) -> bool {
        words.contains(&self.text)
    }
}

impl Shape {
    fn of(text: &str, word: Word, letters: Letters) -> Self {
        let Letters { digit, letter, other } = letters;
        let is_letters = !digit && (!other || !text.is_ascii() && text.chars().all(char::is_alphabetic));
        let slip = usps::suffix_with_a_slip(text);
        let is_ending = match word.suffix() {
            Some(_) => word.is(Kind::ENDING),
            None => is_letters && slip.is_some_and(usps::ends_a_street),
        };
        Self {
            has_digit: digit,
            is_digits: digit && !(letter || other),
            is_letters,
            is_ordinal: word.is(Kind::ORDINAL) || digit && letter && ordinal_digits(text).is_some(),
            is_ending,
            has_slip: slip.is_some(),
        }
    }
}

/// The digits of `5TH`.
pub(super) fn ordinal_digits(text: &str) -> Option<&str> {
    let (digits, ending) = text.split_at_checked(text.len().checked_sub(2)?)?;
    (matches!(ending, "ST" | "ND" | "RD" | "TH") && is_digits(digits)).then_some(digits)
}

pub(super) fn is_digits(text: &str) -> bool {
    are_digits(text.as_bytes())
}

fn are_digits(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit)
}

/// Words with single spaces between them; words that stood side by side are not copied.
pub(super) fn joined<'s>(words: &[Token<'s>]) -> Cow<'s, str> {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return "".into() };
    let follows = |pair: &[Token<'s>]| match pair {
        [a, b] => a.rest.len() == a.text.len() + 1 + b.rest.len(),
        _ => true,
    };
    if words.windows(2).all(follows) {
        let length = first.rest.len() - last.rest.len() + last.text.len();
        return first.rest.get(..length).unwrap_or_default().into();
    }
    let mut text = String::with_capacity(words.iter().map(|word| word.text.len() + 1).sum());
    for (at, word) in words.iter().enumerate() {
        text.push_str(if at > 0 { " " } else { "" });
        text.push_str(word.text);
    }
    text.into()
}

/// Room for the words of texts, used again for the next address.
#[derive(Default)]
pub(super) struct Sheet {
    folded: String,
    spaced: String,
    spans: Vec<Span>,
}

#[derive(Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    gap: Gap,
}

impl Sheet {
    /// Forgets the last address.
    pub(super) fn clear(&mut self) {
        self.spaced.clear();
        self.spans.clear();
    }

    /// Adds the words of a text; the answer is how many words there are now.
    pub(super) fn write(&mut self, text: &str) -> usize {
        self.folded.clear();
        super::fold::fold(&super::fold::mended(text).0, &mut self.folded);
        let Self { folded, spaced, spans } = self;
        let (first, start) = (spans.len(), spaced.len());
        Reader { spaced, spans, start }.read_all(folded);
        self.part_grid(first);
        self.join_initials(first);
        self.spans.len()
    }

    /// The initials of a numbered road as one word: `C R 850`.
    fn join_initials(&mut self, first: usize) {
        let Self { spaced, spans, .. } = self;
        let single = |span: &Span| span.end == span.start + 1 && span.gap == Gap::None;
        let is_road = |window: &[Span]| {
            let [one, other, number] = window else { return None };
            if !(single(one) && single(other)) {
                return None;
            }
            let letters = ["CR", "FM", "IH", "SH", "SR", "US"].into_iter();
            let text = spaced.get(one.start..number.end)?;
            letters.clone().find(|road| {
                let mut words = text.split(' ');
                let same = road.chars().all(|letter| words.next().is_some_and(|word| word.chars().eq([letter])));
                same && words.next().is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
            })
        };
        let windows = spans.get(first..).unwrap_or_default().windows(3);
        let Some((at, road)) = windows.enumerate().find_map(|(at, window)| Some((first + at, is_road(window)?))) else {
            return;
        };
        let start = spaced.len();
        spaced.push_str(road);
        spaced.push(' ');
        spans.remove(at);
        if let Some(span) = spans.get_mut(at) {
            (span.start, span.end) = (start, start + road.len());
        }
    }

    /// The grid numbers of `48S 400E` as two words each, where a text begins with them.
    fn part_grid(&mut self, first: usize) {
        let directional = |at: usize| {
            let span = self.spans.get(at)?;
            let (number, letter) =
                self.spaced.get(span.start..span.end)?.split_at_checked(span.end - span.start - 1)?;
            (is_digits(number) && ["N", "S", "E", "W"].contains(&letter)).then_some(span.end - 1)
        };
        let Some((one, other)) = directional(first).zip(directional(first + 1)) else { return };
        for (at, part) in [(first + 1, other), (first, one)] {
            if let Some(span) = self.spans.get_mut(at) {
                let letter = Span { start: part, ..*span };
                (span.end, span.gap) = (part, Gap::None);
                self.spans.insert(at + 1, letter);
            }
        }
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// A word, empty past the end.
    pub(super) fn word(&self, at: usize) -> &str {
        self.spans.get(at).and_then(|span| self.spaced.get(span.start..span.end)).unwrap_or_default()
    }

    /// Takes a word off the sheet.
    pub(super) fn forget(&mut self, at: usize) {
        if at < self.spans.len() {
            self.spans.remove(at);
        }
    }

    /// Makes the last word end a line.
    pub(super) fn end_line(&mut self) {
        if let Some(last) = self.spans.last_mut() {
            last.gap = Gap::Line;
        }
    }

    /// The words, put into `tokens`.
    pub(super) fn read<'s>(&'s self, tokens: &mut Vec<Token<'s>>) {
        tokens.clear();
        tokens.extend(self.spans.iter().map(|span| {
            let rest = self.spaced.get(span.start..).unwrap_or_default();
            Token::new(rest.get(..span.end - span.start).unwrap_or_default(), rest, span.gap)
        }));
    }
}

/// Gives each word its place.
pub(super) fn number(words: &mut [Token<'_>]) {
    for (at, word) in words.iter_mut().enumerate() {
        word.at = u16::try_from(at).unwrap_or(u16::MAX);
    }
}

/// An empty vector that keeps the room of another.
pub(super) fn recycled<'b>(mut tokens: Vec<Token<'_>>) -> Vec<Token<'b>> {
    tokens.clear();
    // Collecting in place keeps the allocation; there is nothing to collect.
    tokens.into_iter().map(|_| Token::default()).collect()
}

struct Reader<'r> {
    spaced: &'r mut String,
    spans: &'r mut Vec<Span>,
    /// Where the word that is being read begins.
    start: usize,
}

impl Reader<'_> {
    fn read_all(&mut self, folded: &str) {
        let (mut before, mut rest) = (None, folded);
        loop {
            let run = rest.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(rest.len());
            if let Some((word, after)) = rest.split_at_checked(run).filter(|(word, _)| !word.is_empty()) {
                self.spaced.push_str(word);
                before = word.chars().next_back();
                rest = after;
            }
            let mut chars = rest.chars();
            let Some(c) = chars.next() else { break };
            rest = chars.as_str();
            self.read(before, c, rest);
            before = Some(c);
        }
        self.end_word();
    }

    fn read(&mut self, before: Option<char>, c: char, rest: &str) {
        let after = || rest.chars().next();
        match c {
            c if c.is_alphanumeric() => self.spaced.push(c),
            ' ' => self.end_word(),
            '\'' | '`' | '"' => {}
            '.' => self.dot(before, rest),
            '-' if self.in_word() && after().is_some_and(char::is_alphanumeric) => self.spaced.push(c),
            '-' => self.dash(after()),
            '/' if self.in_word() && after().is_some_and(char::is_alphanumeric) => self.spaced.push(c),
            '#' | '&' | '@' | '/' => self.mark(c),
            '\n' | '\r' => self.gap(Gap::Line),
            ',' | ';' | '(' | ')' | '[' | ']' | '|' | '\t' | ':' => self.gap(Gap::Comma),
            _ => self.end_word(),
        }
    }

    fn in_word(&self) -> bool {
        self.spaced.len() > self.start
    }

    /// A dot belongs to its word, unless it stands where a space was forgotten: `st.springfield`, `Ste.400`.
    fn dot(&mut self, before: Option<char>, rest: &str) {
        let letter = before.is_some_and(char::is_alphabetic);
        let digit = before.is_some_and(|c| c.is_ascii_digit());
        match rest.chars().next() {
            Some(c) if c.is_ascii_digit() && digit => self.spaced.push('.'),
            Some(c) if c.is_ascii_digit() && letter => self.end_word(),
            Some(_) if letter && self.spaced.len() >= self.start + 2 && opens_with_letters(rest) => self.end_word(),
            _ => {}
        }
    }

    /// A dash at the edge of a word: with space on both sides it parts two things.
    fn dash(&mut self, after: Option<char>) {
        let lone = !self.in_word() && after.is_none_or(char::is_whitespace);
        if lone { self.gap(Gap::Comma) } else { self.end_word() }
    }

    fn mark(&mut self, c: char) {
        self.end_word();
        self.spaced.push(c);
        self.end_word();
    }

    fn gap(&mut self, gap: Gap) {
        self.end_word();
        if let Some(last) = self.spans.last_mut() {
            last.gap = last.gap.max(gap);
        }
    }

    fn end_word(&mut self) {
        if self.in_word() {
            let (start, end) = (self.start, self.spaced.len());
            // `RR2` is two words.
            let word = self.spaced.as_bytes().get(start..).unwrap_or_default();
            let is_route = matches!(word, [b'H', b'C', id @ ..] | [b'R', b'R', id @ ..] if are_digits(id));
            let part = if is_route { start + 2 } else { start };
            if part > start {
                self.spans.push(Span { start, end: part, gap: Gap::None });
            }
            self.spans.push(Span { start: part, end, gap: Gap::None });
            self.spaced.push(' ');
            self.start = self.spaced.len();
        }
    }
}

/// Three letters: the beginning of a word of its own.
fn opens_with_letters(rest: &str) -> bool {
    let mut letters = rest.chars();
    (0..3).all(|_| letters.next().is_some_and(char::is_alphabetic))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The words of a text, for tests of other modules.
    pub(in crate::address) fn with_tokens<T>(text: &str, then: impl FnOnce(&[Token<'_>]) -> T) -> T {
        let (mut sheet, mut tokens) = (Sheet::default(), Vec::new());
        sheet.write(text);
        sheet.read(&mut tokens);
        number(&mut tokens);
        then(&tokens)
    }

    fn words(text: &str) -> String {
        let word = |t: &Token<'_>| t.text.to_owned() + [" ", ", ", "\n"][t.gap as usize];
        with_tokens(text, |tokens| tokens.iter().map(word).collect::<String>())
    }

    #[test]
    fn words_and_breaks() {
        assert_eq!(words("123 main st.springfield,il.62701"), "123 MAIN ST SPRINGFIELD, IL 62701 ");
        assert_eq!(words("P.O.Box 7, U.S.17"), "PO BOX 7, US 17 ");
        assert_eq!(words("apt#4-B - O\u{2019}Fallon\r\nD.C."), "APT # 4-B, OFALLON\nDC ");
        assert_eq!(words("39.2 Rd"), "39.2 RD ");
        assert_eq!(words("Tom&amp;Jo / x"), "TOM & JO / X ");
        assert_eq!(words("RR2, 48S 400E"), "RR 2, 48S 400E ");
        assert_eq!(words("48S 400E, x"), "48 S 400 E, X ");
        assert_eq!(words("9 E C R 850 N"), "9 E CR 850 N ");
    }

    #[test]
    fn letters_fold() {
        assert_eq!(words("12½ Cañon\u{a0}Ｓｔ\u{200b}"), "12 1/2 CANON ST ");
        assert_eq!(words("Straße"), "STRASSE ");
        assert_eq!(words(" \u{301} "), "");
    }

    #[test]
    fn words_side_by_side_are_joined_without_a_copy() {
        with_tokens("12  Main, St", |tokens| {
            assert!(matches!(joined(tokens), Cow::Borrowed("12 MAIN ST")));
            assert!(matches!(joined(&[tokens[0], tokens[2]]), Cow::Owned(text) if text == "12 ST"));
        });
    }

    #[test]
    fn room_is_used_again() {
        let tokens: Vec<Token<'_>> = Vec::with_capacity(100);
        assert!(recycled(tokens).capacity() >= 100);
    }
}
