//! Letters folded: upper case, without accents, compatibility forms resolved.

use crate::model::Code;
use crate::text::{reencoded, unescaped};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text with what programs on the way did to it undone, and what that was.
pub(super) fn mended(text: &str) -> (Cow<'_, str>, Option<Code>) {
    if text.is_ascii() && !text.contains('&') {
        return (text.into(), None);
    }
    let plain = unescaped(text);
    if let Cow::Owned(right) = reencoded(&plain) {
        return (right.into(), Some(Code::TextReencoded));
    }
    let code = matches!(plain, Cow::Owned(_)).then_some(Code::TextUnescaped);
    (plain, code)
}

/// Adds a text to `folded`, in upper case, without accents and invisible characters.
pub(super) fn fold(text: &str, folded: &mut String) {
    if text.is_ascii() {
        let start = folded.len();
        folded.push_str(text);
        if let Some(added) = folded.get_mut(start..) {
            added.make_ascii_uppercase();
        }
        return;
    }
    folded.extend(plain(text));
}

fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
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
