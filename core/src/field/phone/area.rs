//! Area codes of the North American plan: what lies behind one, and numbers read without the metadata of the world.

/// Made by `data/make_area_codes.py`.
const TABLE: &str = include_str!("../../../data/area_codes.txt");

/// What lies behind an area code of the North American plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaCode {
    region: &'static str,
    kind: &'static str,
    states: &'static str,
    zones: &'static str,
}

impl AreaCode {
    /// The area code of three digits; none where none is in use.
    ///
    /// ```
    /// use leadwright::field::AreaCode;
    /// let code = AreaCode::find("512").ok_or("no such code")?;
    /// assert_eq!(code.states().collect::<Vec<_>>(), ["TX"]);
    /// assert_eq!(code.time_zones().collect::<Vec<_>>(), ["America/Chicago"]);
    /// assert!(AreaCode::find("199").is_none());
    /// # Ok::<(), &str>(())
    /// ```
    pub fn find(code: &str) -> Option<Self> {
        let [a @ b'2'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9'] = *code.as_bytes() else { return None };
        let at = usize::from(a - b'2') * 100 + usize::from(b - b'0') * 10 + usize::from(c - b'0');
        let start = usize::try_from(*STARTS.get(at)?).ok()?.checked_sub(1)?;
        let line = TABLE.get(start..)?.lines().next()?;
        let mut words = line.get(4..)?.split(' ');
        Some(Self { region: words.next()?, kind: words.next()?, states: words.next()?, zones: words.next()? })
    }

    /// The states or provinces that it is for, by two letters; none for toll-free numbers and the Caribbean.
    ///
    /// ```
    /// let code = leadwright::field::AreaCode::find("800").ok_or("no such code")?;
    /// assert_eq!(code.states().count(), 0);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn states(&self) -> impl Iterator<Item = &'static str> + use<> {
        listed(self.states)
    }

    /// Its time zones, by their names in the IANA database.
    ///
    /// ```
    /// let code = leadwright::field::AreaCode::find("812").ok_or("no such code")?;
    /// assert!(code.time_zones().count() > 1);
    /// # Ok::<(), &str>(())
    /// ```
    pub fn time_zones(&self) -> impl Iterator<Item = &'static str> + use<> {
        listed(self.zones)
    }

    /// The country and the type that every number of the code has.
    pub(super) fn even(&self) -> Option<(&'static str, &'static str)> {
        (self.kind != "-").then_some((self.region, self.kind))
    }
}

fn listed(words: &'static str) -> impl Iterator<Item = &'static str> {
    words.split(',').filter(|word| *word != "-")
}

/// Where the line of each code from 200 on starts, and one more; 0 where there is none.
#[allow(
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_lossless,
    reason = "worked out when the crate is compiled: a table that is wrong does not compile"
)]
const STARTS: [u32; 800] = {
    let (bytes, mut starts, mut at) = (TABLE.as_bytes(), [0_u32; 800], 0);
    while at + 3 < bytes.len() {
        let code =
            (bytes[at] - b'2') as usize * 100 + (bytes[at + 1] - b'0') as usize * 10 + (bytes[at + 2] - b'0') as usize;
        starts[code] = at as u32 + 1;
        while bytes[at] != b'\n' {
            at += 1;
        }
        at += 1;
    }
    starts
};

/// A number of ten digits in the dress that nearly all have: digits with `( ) - .` and single spaces among them, `1` or
/// `+1` before. None where the table alone cannot say that there is such a number, and what kind it is.
pub(super) fn plain(text: &str) -> Option<(String, AreaCode)> {
    let bytes = text.as_bytes();
    let plus = bytes.first() == Some(&b'+');
    let mut digits = [0_u8; 11];
    let mut count = 0;
    for byte in bytes.iter().skip(usize::from(plus)) {
        match byte {
            b'0'..=b'9' => {
                *digits.get_mut(count)? = *byte;
                count += 1;
            }
            b'(' | b')' | b'-' | b'.' | b' ' => {}
            _ => return None,
        }
    }
    let national = match (digits.get(..count)?, plus) {
        ([b'1', rest @ ..], _) if rest.len() == 10 => rest,
        (rest, false) if rest.len() == 10 => rest,
        _ => return None,
    };
    let national = std::str::from_utf8(national).ok()?;
    let exchange = national.as_bytes().get(3)?;
    let code = AreaCode::find(national.get(..3)?).filter(|code| code.even().is_some() && *exchange >= b'2')?;
    Some((["+1", national].concat(), code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

    /// The table says what the metadata of libphonenumber says, of every exchange of every code.
    #[test]
    fn the_table_agrees_with_the_metadata() {
        let us: Region = "US".parse().unwrap();
        let mut plainly = 0;
        for code in 200..1000 {
            for exchange in (0..1000).step_by(13) {
                let text = format!("{code}{exchange:03}{:04}", (code * 7 + exchange) % 10_000);
                let Some((found, area)) = plain(&text) else { continue };
                plainly += 1;
                let number = PHONE_NUMBER_UTIL.parse(&text, Some(us)).unwrap();
                assert!(number.is_valid(), "{text}");
                assert_eq!(number.format_as(PhoneNumberFormat::E164), found);
                let kind = super::super::type_word(number.get_type());
                let region = number.get_region_code().map(|region| region.to_string());
                assert_eq!((region.as_deref(), kind), (area.even().map(|e| e.0), area.even().map(|e| e.1)), "{text}");
            }
        }
        assert!(plainly > 20_000, "{plainly}");
    }

    proptest::proptest! {
        #[test]
        fn what_is_read_plainly_is_read_the_same_by_the_metadata(
            text in "[+(]{0,2}1?[-. (]{0,2}[2-9][0-9]{2}[-. )]{0,2}[2-9][0-9]{2}[-. ]{0,2}[0-9]{4}[ .-]?"
        ) {
            if let Some((found, _)) = plain(&text) {
                let number = PHONE_NUMBER_UTIL.parse(&text, Some("US".parse().unwrap())).unwrap();
                proptest::prop_assert!(number.is_valid() && number.extension().is_empty());
                proptest::prop_assert_eq!(number.format_as(PhoneNumberFormat::E164), found);
            }
        }
    }
}
