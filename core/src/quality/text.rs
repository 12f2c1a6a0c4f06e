//! What the values themselves say.

use crate::field::is_mash;

/// Whether the seven digits behind the area code are all the same, or the whole number has two digits at most. Of a
/// number of North America in E.164; others say nothing.
///
/// ```
/// use leadwright::quality::repeated_digits;
/// assert!(repeated_digits("+13125555555") && repeated_digits("+12122122122"));
/// assert!(!repeated_digits("+13128670000"));
/// ```
pub fn repeated_digits(phone: &str) -> bool {
    let Some(national) = national(phone) else { return false };
    let mut digits: Vec<u8> = national.bytes().collect();
    let line = digits.get(3..).unwrap_or_default();
    if line.windows(2).all(|pair| pair.first() == pair.last()) {
        return true;
    }
    digits.sort_unstable();
    digits.dedup();
    digits.len() <= 2
}

/// Whether the seven digits behind the area code count up or down.
///
/// ```
/// use leadwright::quality::sequential_digits;
/// assert!(sequential_digits("+13122345678") && sequential_digits("+13127654321"));
/// assert!(!sequential_digits("+13128675309"));
/// ```
pub fn sequential_digits(phone: &str) -> bool {
    let line = national(phone).and_then(|national| national.get(3..)).unwrap_or_default().as_bytes();
    let steps = |up: u8| {
        line.windows(2).all(|pair| match pair {
            [one, other] => (one - b'0' + up) % 10 == other - b'0',
            _ => false,
        })
    };
    !line.is_empty() && (steps(1) || steps(9))
}

/// The ten digits behind +1.
fn national(phone: &str) -> Option<&str> {
    let national = phone.strip_prefix("+1")?;
    (national.len() == 10 && national.bytes().all(|byte| byte.is_ascii_digit())).then_some(national)
}

/// Whether every longer word of a text is random keys, and there is one.
///
/// ```
/// use leadwright::quality::is_gibberish_text;
/// assert!(is_gibberish_text("asdf asdfgh"));
/// assert!(!is_gibberish_text("call me after 5pm") && !is_gibberish_text("Hwy 12"));
/// ```
pub fn is_gibberish_text(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 3).peekable();
    words.peek().is_some() && words.all(is_keys)
}

/// Whether the mailbox is called by random keys.
///
/// ```
/// use leadwright::quality::is_gibberish_email;
/// assert!(is_gibberish_email("asdfgh12@example.com"));
/// assert!(!is_gibberish_email("j.smith@example.com") && !is_gibberish_email("jbsmth@example.com"));
/// ```
pub fn is_gibberish_email(email: &str) -> bool {
    let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
    let longest = local.split(|c: char| !c.is_alphabetic()).max_by_key(|piece| piece.len());
    longest.is_some_and(is_keys)
}

/// Random keys, and long enough to be nothing else: initials and abbreviations have no vowels either.
fn is_keys(word: &str) -> bool {
    let vowels = word.chars().any(|c| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y'));
    let row = ["asdf", "fdsa", "qwer", "zxcv", "hjkl"].iter().any(|keys| word.eq_ignore_ascii_case(keys));
    row || word.len() >= if vowels { 5 } else { 7 } && is_mash(word)
}

/// Whether first or last name stands in the mailbox.
///
/// ```
/// use leadwright::quality::name_in_email;
/// assert!(name_in_email("jo.smith81@example.com", Some("Jo"), Some("Smith")));
/// assert!(!name_in_email("sunnyday@example.com", Some("Jo"), Some("Smith")));
/// ```
pub fn name_in_email(email: &str, first: Option<&str>, last: Option<&str>) -> bool {
    let local = email.rsplit_once('@').map_or("", |(local, _)| local);
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect::<String>();
    let local = letters(local);
    let stands = |name: Option<&str>| name.map(letters).is_some_and(|name| name.len() > 2 && local.contains(&name));
    stands(first) || stands(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_numbers_say_nothing() {
        for phone in ["+13128675309", "+12127365000", "+15127772143", "+442071838750", "", "+1312"] {
            assert!(!repeated_digits(phone) && !sequential_digits(phone), "{phone}");
        }
        for phone in ["+13124567890", "+13129876543", "+13121098765"] {
            assert!(sequential_digits(phone), "{phone}");
        }
    }

    #[test]
    fn words_are_no_keys() {
        for text in ["CHICAGO", "Schwartz Blvd", "123 N LaSalle St", "", "12", "Pkwy", "Fort Smyth", "BLVD"] {
            assert!(!is_gibberish_text(text), "{text}");
        }
        for email in ["mike@x.example", "jdrm@x.example", "krzysztof@x.example", "12345@x.example", "@x", ""] {
            assert!(!is_gibberish_email(email), "{email}");
        }
        assert!(is_gibberish_text("qwerty asdfg") && is_gibberish_email("sdfsdfsdf@x.example"));
    }
}
