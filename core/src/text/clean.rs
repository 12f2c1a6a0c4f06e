//! What forms, spreadsheets and phones leave in a text without anybody having typed it.

use unicode_normalization::UnicodeNormalization;

/// A text without its dirt, and what was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    /// The text: composed (NFC), white space of any kind as single spaces, none at the ends.
    pub text: String,
    /// White space was removed or replaced.
    pub trimmed: bool,
    /// Control, zero-width or direction characters were removed.
    pub invisible: bool,
}

/// Removes what cannot be seen and makes white space plain. Letters and digits are left alone.
///
/// ```
/// use leadwright::text::clean;
/// let cleaned = clean("\u{feff} Ann\u{a0} Lee\u{200b}\t");
/// assert_eq!(cleaned.text, "Ann Lee");
/// assert!(cleaned.trimmed && cleaned.invisible);
/// ```
pub fn clean(text: &str) -> Cleaned {
    let mut out = String::with_capacity(text.len());
    let mut invisible = false;
    for c in text.nfc() {
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
    let visible = text.nfc().filter(|c| !is_invisible(*c));
    let trimmed = !visible.eq(out.chars());
    Cleaned { text: out, trimmed, invisible }
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
            assert_eq!(clean(text), Cleaned { text: text.into(), trimmed: false, invisible: false });
        }
    }

    #[test]
    fn each_kind_of_dirt_is_told() {
        assert_eq!(clean("a\0b"), Cleaned { text: "ab".into(), trimmed: false, invisible: true });
        assert_eq!(clean(" \r\n"), Cleaned { text: String::new(), trimmed: true, invisible: false });
        assert_eq!(clean("a  b").text, "a b");
    }

    proptest::proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in "\\PC*|[\\x00-\\x20\u{200b}\u{feff}a]*") {
            let once = clean(&text).text;
            proptest::prop_assert_eq!(clean(&once).text, once);
        }
    }
}
