//! Field names as suppliers write them.

use std::borrow::Cow;

/// The plain form of a supplier's name for a field: small letters, words joined by `_`; a dot stays.
///
/// ```
/// use leadwright::schema::plain_key;
/// assert_eq!(plain_key("First Name"), "first_name");
/// assert_eq!(plain_key("firstName"), "first_name");
/// assert_eq!(plain_key("ZIP-Code"), "zip_code");
/// assert_eq!(plain_key("consent.TrustedForm"), "consent.trusted_form");
/// ```
pub fn plain_key(name: &str) -> String {
    plain_form(name).into_owned()
}

/// The same without taking memory where the name is plain already, as most are.
pub(crate) fn plain_form(name: &str) -> Cow<'_, str> {
    if is_plain(name.as_bytes()) { Cow::Borrowed(name) } else { Cow::Owned(made_plain(name)) }
}

/// Whether a name is its own plain form for sure: small letters, digits, and single signs inside.
fn is_plain(name: &[u8]) -> bool {
    let mut before = b'_';
    for byte in name {
        let right = match byte {
            b'a'..=b'z' | b'0'..=b'9' => true,
            b'_' | b'.' => !matches!(before, b'_' | b'.'),
            _ => false,
        };
        if !right {
            return false;
        }
        before = *byte;
    }
    before != b'_'
}

fn made_plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for c in name.trim().chars() {
        let lowers = c.is_uppercase() && !c.to_lowercase().eq([c]);
        let starts_word = lowers && (before.is_lowercase() || before.is_ascii_digit());
        let between = !c.is_alphanumeric() && c != '.';
        if (starts_word || between) && !plain.is_empty() && !plain.ends_with(['_', '.']) {
            plain.push('_');
        }
        if c == '.' {
            plain.truncate(plain.trim_end_matches('_').len());
        }
        if !between {
            plain.extend(c.to_lowercase().filter(|c| c.is_alphanumeric() || *c == '.'));
        }
        before = c;
    }
    plain.truncate(plain.trim_end_matches('_').len());
    plain
}

#[cfg(test)]
mod tests {
    use super::{made_plain, plain_key};

    #[test]
    fn every_way_of_writing_a_name_is_one() {
        for name in ["first_name", "First Name", "firstName", "FIRST-NAME", " first  name ", "FirstName", "first_name_"]
        {
            assert_eq!(plain_key(name), "first_name", "{name}");
        }
        assert_eq!(plain_key("IPAddress"), "ipaddress");
        assert_eq!(plain_key("phone2"), "phone2");
        assert_eq!(plain_key("__"), "");
    }

    proptest::proptest! {
        #[test]
        fn what_is_plain_already_is_known_at_once(name in "[a-c1_.]{0,9}|[a-cA-C1_. -]{0,12}") {
            proptest::prop_assert_eq!(plain_key(&name), made_plain(&name));
        }

        #[test]
        fn a_plain_name_stays(name in "\\PC{0,20}") {
            let plain = plain_key(&name);
            proptest::prop_assert_eq!(plain_key(&plain), plain);
        }
    }
}
