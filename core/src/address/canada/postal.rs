//! Postal codes: `K1A 0B1`, and the provinces that their first letters stand for.

use crate::address::token::Token;

/// A postal code as Canada Post gives them out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct PostalCode([u8; 6]);

impl PostalCode {
    /// From six letters and digits, with a dash or without: no D, F, I, O, Q or U, and neither W nor Z at the start.
    pub(super) fn parse(first: &str, last: &str) -> Option<Self> {
        let mut code = [0; 6];
        let mut slots = code.iter_mut();
        for byte in first.bytes().chain(last.bytes()).filter(|b| *b != b'-') {
            *slots.next()? = byte;
        }
        let fits = slots.next().is_none() && code.iter().enumerate().all(|(at, byte)| may_stand(at, *byte));
        fits.then_some(Self(code))
    }

    /// `K1A0B1`.
    pub(super) fn plain(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// `K1A 0B1`.
    pub(super) fn spaced(&self) -> String {
        let (first, last) = self.plain().split_at_checked(3).unwrap_or_default();
        [first, " ", last].concat()
    }

    /// The provinces and territories where it can be; the likeliest first.
    pub(super) fn provinces(&self) -> &'static [&'static str] {
        let [letter, digit, third, ..] = self.0;
        match (letter, digit, third) {
            (b'A', ..) => &["NL"],
            (b'B', ..) => &["NS"],
            (b'C', ..) => &["PE"],
            (b'E', ..) => &["NB"],
            (b'G' | b'H' | b'J', ..) => &["QC"],
            // Offices of the federal government, on both sides of the river.
            (b'K', b'1', b'A') => &["ON", "QC"],
            (b'K'..=b'P', ..) => &["ON"],
            (b'R', ..) => &["MB"],
            (b'S', ..) => &["SK"],
            (b'T', ..) => &["AB"],
            (b'V', ..) => &["BC"],
            (b'X', b'0', b'A'..=b'C') => &["NU"],
            (b'X', ..) => &["NT"],
            (b'Y', ..) => &["YT"],
            _ => &[],
        }
    }
}

fn may_stand(at: usize, byte: u8) -> bool {
    match at {
        1 | 3 | 5 => byte.is_ascii_digit(),
        0 => byte.is_ascii_uppercase() && !b"DFIOQUWZ".contains(&byte),
        _ => byte.is_ascii_uppercase() && !b"DFIOQU".contains(&byte),
    }
}

/// The postal code at the end, in one word or two, and what is before it.
pub(super) fn at_end<'t, 's>(words: &'t [Token<'s>]) -> Option<(PostalCode, &'t [Token<'s>])> {
    let (last, before) = words.split_last()?;
    if let Some(code) = PostalCode::parse(last.text, "") {
        return Some((code, before));
    }
    let (first, before) = before.split_last().filter(|(first, _)| first.text.len() == 3)?;
    PostalCode::parse(first.text, last.text).map(|code| (code, before))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_are_not_given_out() {
        for (text, fits) in [
            ("K1A0B1", true),
            ("K1A-0B1", true),
            ("V8X3W4", true),
            ("W1A0B1", false),
            ("Z1A0B1", false),
            ("K1D0B1", false),
            ("K1A0O1", false),
            ("K1A0B", false),
            ("K1A0B12", false),
            ("1KA0B1", false),
        ] {
            assert_eq!(PostalCode::parse(text, "").is_some(), fits, "{text}");
        }
    }

    #[test]
    fn first_letters_are_provinces() {
        for (text, province) in
            [("X0A0H0", "NU"), ("X1A2B3", "NT"), ("M5V2T6", "ON"), ("H2X1Y4", "QC"), ("Y1A1A1", "YT")]
        {
            assert_eq!(PostalCode::parse(text, "").and_then(|code| code.provinces().first().copied()), Some(province));
        }
    }
}
