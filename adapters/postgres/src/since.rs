//! A place in the log of the server: whoever wrote carries it to where they read.

use leadwright::model::{Code, Error};
use std::fmt;
use std::str::FromStr;

/// A place in the write-ahead log that lies behind a commit. A reader that carries it sees what was committed before it.
///
/// As text it is what PostgreSQL shows, so a host may keep it in a cookie or a header.
///
/// ```
/// use leadwright_postgres::Since;
/// let since: Since = "16/B374D848".parse()?;
/// assert_eq!(since.to_string(), "16/B374D848");
/// assert!(since > "16/B374D847".parse()?);
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Since(u64);

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:X}/{:X}", self.0 >> 32, self.0 & 0xFFFF_FFFF)
    }
}

impl FromStr for Since {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::new(Code::InputBadOption, "since: two hex numbers are expected, 16/B374D848");
        let half = |text: &str| {
            let is_hex = (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
            u64::from_str_radix(text, 16).ok().filter(|_| is_hex).ok_or_else(wrong)
        };
        let (high, low) = text.split_once('/').ok_or_else(wrong)?;
        Ok(Self((half(high)? << 32) | half(low)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_place_is_refused() {
        for text in ["", "16", "16/", "/16", "16/123456789", "+1/2", "1/2/3", "g/1"] {
            assert_eq!(text.parse::<Since>().map_err(|error| error.code()), Err(Code::InputBadOption), "{text}");
        }
    }

    #[test]
    fn places_are_ordered_by_both_halves() {
        let at = |text: &str| text.parse::<Since>().unwrap();
        assert!(at("1/0") > at("0/FFFFFFFF"));
        assert!(at("0/9") < at("0/A"));
        assert_eq!(at("0/0"), Since::default());
    }
}
