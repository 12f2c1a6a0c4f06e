//! Letters that a program on the way escaped, or read in the wrong encoding.

use std::borrow::Cow;

/// A text that was damaged twice is mended twice; more was never seen, and the time stays bounded.
const ROUNDS: usize = 2;

/// The text without escapes of HTML; borrowed when there are none.
pub(crate) fn unescaped(text: &str) -> Cow<'_, str> {
    mended(text, |text| {
        let plain = if text.contains('&') { html_escape::decode_html_entities(text) } else { return None };
        (plain != text).then(|| plain.into_owned())
    })
}

/// The text with the bytes of UTF-8 that were taken for Windows-1252 put together again; borrowed when there are none.
pub(crate) fn reencoded(text: &str) -> Cow<'_, str> {
    mended(text, once)
}

/// Round after round, until nothing is wrong any more. What is still wrong after the last round was not damaged but
/// written so, and stays as it came: half of it mended, it would come out otherwise the next time.
fn mended(text: &str, round: impl Fn(&str) -> Option<String>) -> Cow<'_, str> {
    let mut now = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        match round(&now) {
            Some(right) => now = Cow::Owned(right),
            None => return now,
        }
    }
    if round(&now).is_some() { Cow::Borrowed(text) } else { now }
}

/// One round; none if nothing was wrong.
fn once(text: &str) -> Option<String> {
    // Every damaged letter starts with the byte of a leading one.
    if !text.chars().any(|c| matches!(c, 'Â'..='ô')) {
        return None;
    }
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut found = false;
    let mut rest = letters.as_slice();
    while let Some((c, after)) = rest.split_first() {
        match damaged(rest) {
            Some((right, length)) => {
                out.push(right);
                found = true;
                rest = rest.get(length..).unwrap_or_default();
            }
            None => {
                out.push(*c);
                rest = after;
            }
        }
    }
    found.then_some(out)
}

/// The letter whose bytes stand at the start, and how many they are.
fn damaged(letters: &[char]) -> Option<(char, usize)> {
    let lead = windows_1252(*letters.first()?)?;
    let length = match lead {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let bytes: Vec<u8> = letters.get(..length)?.iter().map(|c| windows_1252(*c)).collect::<Option<_>>()?;
    let right = std::str::from_utf8(&bytes).ok()?.chars().next()?;
    // Two are few: `É’` is what somebody wrote, and no phonetic sign. Of two only what Latin names are made of counts.
    (length > 2 || matches!(right, '\u{a0}'..='\u{17f}')).then_some((right, length))
}

/// The byte of a character in Windows-1252 as browsers read it, where the five unused bytes are control characters.
fn windows_1252(c: char) -> Option<u8> {
    const UPPER: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match c {
        '\u{80}'..='\u{ff}' => u8::try_from(u32::from(c)).ok(),
        _ => UPPER.iter().position(|other| *other == c).and_then(|at| u8::try_from(at + 0x80).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_wrong_is_read_right() {
        for (text, right) in [
            ("JosÃ©", "José"),
            ("GÃ¶del", "Gödel"),
            ("Oâ€™Dea", "O’Dea"),
            ("Å\u{81}ucja", "Łucja"),
            ("FranÃƒÂ§ois", "François"),
            ("ðŸ˜€", "😀"),
            ("Ã\u{a0} la", "à la"),
        ] {
            assert_eq!(reencoded(text), right, "{text}");
        }
    }

    #[test]
    fn what_is_right_is_borrowed() {
        for text in ["", "José", "JOSÉ’S", "São Tomé", "ÂÃ", "Ó’Dea", "À “la”", "Łódź"] {
            assert!(matches!(reencoded(text), Cow::Borrowed(_)), "{text}");
        }
        for text in ["", "AT&T", "a & b", "&;", "&unknown;"] {
            assert!(matches!(unescaped(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn what_would_never_come_to_an_end_stays_as_it_came() {
        for text in ["ÂÂÂ©", "ÂÂÂÂ© Ã©"] {
            assert_eq!(reencoded(text), text);
        }
        assert_eq!(unescaped("&amp;amp;amp;#39;"), "&amp;amp;amp;#39;");
    }

    #[test]
    fn escapes_are_read_also_twice() {
        for (text, right) in
            [("O&#39;Dea", "O'Dea"), ("&amp;#x27;", "'"), ("Zo&euml;", "Zoë"), ("a&nbsp;b", "a\u{a0}b")]
        {
            assert_eq!(unescaped(text), right, "{text}");
        }
    }
}
