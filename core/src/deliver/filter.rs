//! The closed set of ways in which buyers want values written.

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
