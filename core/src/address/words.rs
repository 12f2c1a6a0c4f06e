//! The words of a delivery line while parts are being taken out of them.

use super::label::{Label, Labels};
use super::token::{Gap, Token};
use std::ops::Range;

/// The words that are left.
pub(super) struct Words<'w, 's>(pub(super) &'w mut Vec<Token<'s>>);

impl<'s> Words<'_, 's> {
    pub(super) fn all(&self) -> &[Token<'s>] {
        self.0
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token<'s>> {
        self.0.get(at)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The first answer, going through the places from the left.
    pub(super) fn find_map<T>(&self, answer: impl FnMut(usize) -> Option<T>) -> Option<T> {
        (0..self.0.len()).find_map(answer)
    }

    /// Whether a word is the first, or the first after a break.
    pub(super) fn opens_segment(&self, at: usize) -> bool {
        at.checked_sub(1).and_then(|before| self.0.get(before)).is_none_or(|word| word.gap != Gap::None)
    }

    /// Whether a word is the last, or the last before a break.
    pub(super) fn closes_segment(&self, at: usize) -> bool {
        at + 1 >= self.0.len() || self.0.get(at).is_none_or(|word| word.gap != Gap::None)
    }

    /// Takes a word out that means nothing; its neighbours stay together.
    pub(super) fn remove(&mut self, at: usize) {
        let mut next = Token::default();
        for word in self.0.get_mut(at..).unwrap_or_default().iter_mut().rev() {
            std::mem::swap(word, &mut next);
        }
        if at < self.0.len() {
            self.0.pop();
        }
    }

    /// Labels words.
    pub(super) fn mark(&self, range: Range<usize>, label: Label, labels: &mut Labels) {
        labels.mark(self.0.get(range).unwrap_or_default(), label);
    }

    /// Takes words out and leaves a break in their place.
    pub(super) fn cut(&mut self, range: Range<usize>) {
        let end = range.end.min(self.0.len());
        let start = range.start.min(end);
        self.0.drain(start..end);
        if let Some(before) = start.checked_sub(1).and_then(|at| self.0.get_mut(at)) {
            before.gap = before.gap.max(Gap::Comma);
        }
    }
}

/// What stands before and after the first `mark`, which is a character of ASCII.
pub(super) fn parted(text: &str, mark: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == mark)?;
    text.get(..at).zip(text.get(at + 1..))
}

/// A text cut at some of ` `, `-` and other ASCII characters.
pub(super) fn pieces(text: &str, ends: impl Fn(u8) -> bool) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.bytes().position(&ends);
        rest = end.and_then(|end| text.get(end + 1..));
        text.get(..end.unwrap_or(text.len()))
    })
}

/// The text of a word, empty past the end.
pub(super) fn text<'s>(words: &Words<'_, 's>, at: usize) -> &'s str {
    words.get(at).map_or("", |word| word.text)
}
