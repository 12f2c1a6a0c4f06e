//! What forms, spreadsheets and phones leave in a text without anybody having typed it.

use super::mend;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// A text without its dirt, and what was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// The text: composed (NFC), white space of any kind as single spaces, none at the ends.
    pub text: String,
    /// White space was removed or replaced.
    pub trimmed: bool,
    /// Control, zero-width or direction characters were removed.
    pub invisible: bool,
    /// Escapes of HTML were read: `&#39;` is an apostrophe.
    pub unescaped: bool,
    /// Letters that were read in the wrong encoding were mended: `JosÃ©` is José.
    pub mended: bool,
}

/// Removes what cannot be seen, makes white space plain, and undoes what programs on the way did to letters. Letters
/// and digits that are right are left alone.
///
/// ```
/// use leadwright::text::clean;
/// let cleaned = clean("\u{feff} Ann\u{a0} O&#39;Dea\u{200b}\t");
/// assert_eq!(cleaned.text, "Ann O'Dea");
/// assert!(cleaned.trimmed && cleaned.invisible && cleaned.unescaped);
/// assert_eq!(clean("ZoÃ«").text, "Zoë");
/// ```
pub fn clean(text: &str) -> Cleaned {
    cleaned(text).unwrap_or_else(|| Cleaned { text: text.to_owned(), ..Cleaned::default() })
}

/// What is taken out may have hidden something else; so often it is looked for.
const ROUNDS: usize = 8;

/// The same; none where there is nothing to remove for sure, as there mostly is not.
pub(crate) fn cleaned(text: &str) -> Option<Cleaned> {
    let mut done = once(text)?;
    for _ in 0..ROUNDS {
        let Some(again) = once(&done.text).filter(|again| again.text != done.text) else { break };
        done = Cleaned {
            text: again.text,
            trimmed: done.trimmed | again.trimmed,
            invisible: done.invisible | again.invisible,
            unescaped: done.unescaped | again.unescaped,
            mended: done.mended | again.mended,
        };
    }
    Some(done)
}

fn once(text: &str) -> Option<Cleaned> {
    if is_clean(text) {
        return None;
    }
    let plain = mend::unescaped(text);
    let unescaped = matches!(plain, Cow::Owned(_));
    // Composed first: the mending knows letters by one spelling.
    let composed: String = plain.nfc().collect();
    let right = mend::reencoded(&composed);
    let mended = matches!(right, Cow::Owned(_));
    let mut out = String::with_capacity(right.len());
    let mut invisible = false;
    for c in right.nfc() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if is_invisible(c) {
            invisible = true;
        } else {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    let visible = right.nfc().filter(|c| !is_invisible(*c));
    let trimmed = !visible.eq(out.chars());
    Some(Cleaned { text: out, trimmed, invisible, unescaped, mended })
}

/// Whether nothing can be wrong with a text: printable ASCII with single spaces inside and no escape.
fn is_clean(text: &str) -> bool {
    let bytes = text.as_bytes();
    let ends = bytes.first() != Some(&b' ') && bytes.last() != Some(&b' ');
    // Without a way out in the middle both are done many bytes at a time.
    let plain = bytes.iter().fold(true, |all, b| all & (b' '..=b'~').contains(b) & (*b != b'&'));
    let next = bytes.get(1..).unwrap_or_default();
    ends && plain && bytes.iter().zip(next).fold(true, |all, (b, next)| all & ((*b != b' ') | (*next != b' ')))
}

/// Control characters, zero-width characters and marks of direction.
fn is_invisible(c: char) -> bool {
    let control = c.is_control() && !c.is_whitespace();
    control
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clean_text_stays_as_it_is() {
        for text in ["", "Ann Lee", "Zoë", "日本"] {
            assert_eq!(clean(text), Cleaned { text: text.into(), ..Cleaned::default() });
        }
    }

    #[test]
    fn each_kind_of_dirt_is_told() {
        assert_eq!(clean("a\0b"), Cleaned { text: "ab".into(), invisible: true, ..Cleaned::default() });
        assert_eq!(clean(" \r\n"), Cleaned { trimmed: true, ..Cleaned::default() });
        assert_eq!(clean("a  b").text, "a b");
        assert_eq!(clean("A&amp;B"), Cleaned { text: "A&B".into(), unescaped: true, ..Cleaned::default() });
        assert_eq!(clean("NÃºÃ±ez"), Cleaned { text: "Núñez".into(), mended: true, ..Cleaned::default() });
    }

    #[test]
    fn what_was_hidden_by_dirt_is_cleaned_too() {
        assert_eq!(clean("ÂÂÂ\u{a0}â™™").text, "ÂÂÂ ♙");
        assert_eq!(clean("O&\u{200b}#39;Dea").text, "O'Dea");
    }

    proptest::proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in "\\PC*|[\\x00-\\x20\u{200b}\u{feff}a]*|[ÂÃâ€™\u{a0}&#x39;amp©]*") {
            let once = clean(&text).text;
            proptest::prop_assert_eq!(clean(&once).text, once);
        }
    }
}
