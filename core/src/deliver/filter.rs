//! The closed set of ways in which buyers want values written.

use crate::model::{Date, RawValue, Timestamp};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// A way to write a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Only the digits of a text.
    Digits,
    /// The ten digits of a North American phone number.
    TenDigits,
    /// `(214) 555-0101`.
    UsPhone,
    /// `MM/DD/YYYY`.
    Mdy,
    /// `DD/MM/YYYY`.
    Dmy,
    /// `YYYYMMDD`.
    CompactDate,
    /// Seconds since 1970.
    Epoch,
    /// `yes` or `no`.
    YesNo,
    /// `Y` or `N`.
    YN,
    /// `1` or `0`.
    OneZero,
    /// The first five digits of a ZIP Code.
    Zip5,
    /// Capital letters.
    Upper,
    /// Small letters.
    Lower,
    /// A text of a number.
    Text,
    /// A number of a text that is one.
    Number,
    /// Lower-case hex digits of SHA-256 over the canonical text.
    Sha256,
    /// Of SHA-1.
    Sha1,
    /// Of MD5.
    Md5,
}

impl Filter {
    /// All of them.
    pub(crate) const ALL: [Filter; 18] = [
        Filter::Digits,
        Filter::TenDigits,
        Filter::UsPhone,
        Filter::Mdy,
        Filter::Dmy,
        Filter::CompactDate,
        Filter::Epoch,
        Filter::YesNo,
        Filter::YN,
        Filter::OneZero,
        Filter::Zip5,
        Filter::Upper,
        Filter::Lower,
        Filter::Text,
        Filter::Number,
        Filter::Sha256,
        Filter::Sha1,
        Filter::Md5,
    ];

    /// Its word.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Filter::Digits => "digits",
            Filter::TenDigits => "ten_digits",
            Filter::UsPhone => "us_phone",
            Filter::Mdy => "mdy",
            Filter::Dmy => "dmy",
            Filter::CompactDate => "compact_date",
            Filter::Epoch => "epoch",
            Filter::YesNo => "yes_no",
            Filter::YN => "y_n",
            Filter::OneZero => "one_zero",
            Filter::Zip5 => "zip5",
            Filter::Upper => "upper",
            Filter::Lower => "lower",
            Filter::Text => "text",
            Filter::Number => "number",
            Filter::Sha256 => "sha256",
            Filter::Sha1 => "sha1",
            Filter::Md5 => "md5",
        }
    }

    /// The filter of this word.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|filter| filter.as_str() == word)
    }

    /// The hash of this name.
    pub(crate) fn hash(word: &str) -> Option<Self> {
        Self::named(word).filter(|filter| filter.is_hash())
    }

    /// Whether it hides what it is given.
    pub(crate) fn is_hash(self) -> bool {
        matches!(self, Filter::Sha256 | Filter::Sha1 | Filter::Md5)
    }
}

impl Filter {
    /// The value as it is wanted; none where it is nothing that could be written so.
    pub(crate) fn apply(self, value: &RawValue) -> Option<RawValue> {
        let text = |text: String| Some(RawValue::Text(text));
        match self {
            Filter::Digits => text(digits(&plain(value)?)),
            Filter::TenDigits => text(national(value)?),
            Filter::UsPhone => {
                let digits = national(value)?;
                let (area, rest) = digits.split_at_checked(3)?;
                let (office, line) = rest.split_at_checked(3)?;
                text(format!("({area}) {office}-{line}"))
            }
            Filter::Mdy => date(value).and_then(|d| text(format!("{:02}/{:02}/{:04}", d.month(), d.day(), d.year()))),
            Filter::Dmy => date(value).and_then(|d| text(format!("{:02}/{:02}/{:04}", d.day(), d.month(), d.year()))),
            Filter::CompactDate => {
                date(value).and_then(|d| text(format!("{:04}{:02}{:02}", d.year(), d.month(), d.day())))
            }
            Filter::Epoch => {
                let at: Timestamp = plain(value)?.parse().ok()?;
                Some(RawValue::Number(at.millis().div_euclid(1_000).to_string()))
            }
            Filter::YesNo => either(value, "yes", "no"),
            Filter::YN => either(value, "Y", "N"),
            Filter::OneZero => either(value, "1", "0"),
            Filter::Zip5 => {
                let zip: String = plain(value)?.chars().take(5).collect();
                if zip.len() == 5 && zip.bytes().all(|b| b.is_ascii_digit()) { text(zip) } else { None }
            }
            Filter::Upper => text(plain(value)?.to_uppercase()),
            Filter::Lower => text(plain(value)?.to_lowercase()),
            Filter::Text => text(plain(value)?),
            Filter::Number => {
                let plain = plain(value)?;
                let found = serde_json::from_str::<serde_json::Number>(&plain).is_ok();
                if found { Some(RawValue::Number(plain)) } else { None }
            }
            Filter::Sha256 => text(hex(&Sha256::digest(plain(value)?))),
            Filter::Sha1 => text(hex(&sha1::Sha1::digest(plain(value)?))),
            Filter::Md5 => text(hex(&md5::Md5::digest(plain(value)?))),
        }
    }
}

/// A single value as text; none of what has parts, and of nothing.
pub(crate) fn plain(value: &RawValue) -> Option<String> {
    match value {
        RawValue::Bool(yes) => Some(yes.to_string()),
        RawValue::Number(text) | RawValue::Text(text) => Some(text.clone()),
        RawValue::Null | RawValue::List(_) | RawValue::Object(_) => None,
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Of a number of the North American plan.
fn national(value: &RawValue) -> Option<String> {
    let text = plain(value)?;
    let all = digits(&text);
    let ten = if text.starts_with('+') { all.strip_prefix('1')? } else { all.as_str() };
    if ten.len() == 10 { Some(ten.to_owned()) } else { None }
}

/// A date, or that of a time as it is written.
fn date(value: &RawValue) -> Option<Date> {
    let text = plain(value)?;
    text.get(..10).filter(|_| text.len() == 10 || text.as_bytes().get(10) == Some(&b'T'))?.parse().ok()
}

fn either(value: &RawValue, yes: &str, no: &str) -> Option<RawValue> {
    match value {
        RawValue::Bool(is) => Some(RawValue::text(if *is { yes } else { no })),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_filter_writes_what_it_says() {
        let text = |value: &str| RawValue::text(value);
        for (filter, value, wanted) in [
            (Filter::Digits, text("+1 (214) 555-0101"), Some(text("12145550101"))),
            (Filter::TenDigits, text("+12145550101"), Some(text("2145550101"))),
            (Filter::TenDigits, text("+442079460000"), None),
            (Filter::UsPhone, text("+12145550101"), Some(text("(214) 555-0101"))),
            (Filter::Mdy, text("1990-05-02"), Some(text("05/02/1990"))),
            (Filter::Dmy, text("1990-05-02T10:00:00Z"), Some(text("02/05/1990"))),
            (Filter::CompactDate, text("1990-05-02"), Some(text("19900502"))),
            (Filter::CompactDate, text("soon"), None),
            (Filter::Epoch, text("1970-01-02T00:00:00.500Z"), Some(RawValue::Number("86400".into()))),
            (Filter::YesNo, RawValue::Bool(true), Some(text("yes"))),
            (Filter::YN, RawValue::Bool(false), Some(text("N"))),
            (Filter::OneZero, RawValue::Bool(true), Some(text("1"))),
            (Filter::YesNo, text("true"), None),
            (Filter::Zip5, text("75201-1234"), Some(text("75201"))),
            (Filter::Zip5, text("M5V 2T6"), None),
            (Filter::Upper, text("tx"), Some(text("TX"))),
            (Filter::Lower, text("TX"), Some(text("tx"))),
            (Filter::Text, RawValue::Number("7".into()), Some(text("7"))),
            (Filter::Number, text("32.00"), Some(RawValue::Number("32.00".into()))),
            (Filter::Number, text("032"), None),
            (Filter::Md5, text("a"), Some(text("0cc175b9c0f1b6a831c399e269772661"))),
            (Filter::Sha1, text("a"), Some(text("86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"))),
            (Filter::Text, RawValue::List(vec![]), None),
        ] {
            assert!(filter.apply(&value) == wanted, "{}", filter.as_str());
        }
        let sha = Filter::Sha256.apply(&text("a"));
        assert!(sha == Some(text("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb")));
        for filter in Filter::ALL {
            assert_eq!(Filter::named(filter.as_str()), Some(filter));
        }
    }
}
