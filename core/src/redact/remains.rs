//! What remains of a value, by its kind.

/// In place of a value of which nothing remains.
pub const HIDDEN: &str = "***";

/// So many digits at the end of a phone number are shown.
const LAST_DIGITS: usize = 2;

/// What other eyes may see of a canonical value of a kind: of a phone number its length and last two digits, of an email
/// address the last part of its domain, of a name its first letter, of a date the year, of a ZIP code the first
/// three digits, of a web address the host, of an IP address its first part, of the number of a vehicle its maker; of all
/// else nothing.
///
/// ```
/// use leadwright::redact::remains;
/// assert_eq!(remains("phone", "+13128675309"), "+*********09");
/// assert_eq!(remains("email", "amy.lee@mail.example.com"), "***@***.com");
/// assert_eq!(remains("name", "Amy"), "A***");
/// assert_eq!(remains("date", "1980-06-16"), "1980-**-**");
/// assert_eq!(remains("zip", "60601"), "606**");
/// assert_eq!(remains("url", "https://forms.example.com/a?email=amy@example.com"), "https://forms.example.com/***");
/// assert_eq!(remains("ip", "203.0.113.7"), "203.***");
/// assert_eq!(remains("vin", "1M8GDM9AXKP042788"), "1M8**************");
/// assert_eq!(remains("ssn_last4", "6789"), "***");
/// assert_eq!(remains("text", "the green door"), "***");
/// ```
pub fn remains(kind: &str, value: &str) -> String {
    let found = match kind {
        "phone" => phone(value),
        "email" => email(value),
        "name" => value.chars().next().filter(|c| c.is_alphabetic()).map(|first| format!("{first}{HIDDEN}")),
        "date" | "timestamp" | "time" => year(value),
        "zip" => zip(value),
        "url" | "trustedform_url" => host(value),
        "ip" => {
            value.split_once('.').filter(|(first, _)| is_digits(first)).map(|(first, _)| format!("{first}.{HIDDEN}"))
        }
        // The first three signs are the maker's (ISO 3780).
        "vin" => value.get(..3).filter(|_| value.len() == 17).map(|maker| format!("{maker}{}", "*".repeat(14))),
        _ => None,
    };
    found.unwrap_or_else(|| HIDDEN.to_owned())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn phone(value: &str) -> Option<String> {
    let digits = value.strip_prefix('+').unwrap_or(value);
    // A short one would be shown by half.
    if !is_digits(digits) || digits.len() < 7 {
        return None;
    }
    let (hidden, last) = digits.split_at_checked(digits.len() - LAST_DIGITS)?;
    Some(format!("+{}{last}", "*".repeat(hidden.len())))
}

/// The mailbox names the person, and so may the domain: many have their own.
fn email(value: &str) -> Option<String> {
    let (_, domain) = value.rsplit_once('@')?;
    let (_, last) = domain.rsplit_once('.')?;
    let is_plain = !last.is_empty() && last.chars().all(char::is_alphanumeric) && last.len() <= 6;
    is_plain.then(|| format!("{HIDDEN}@{HIDDEN}.{last}"))
}

fn year(value: &str) -> Option<String> {
    let (year, _) = value.split_once('-')?;
    (year.len() == 4 && is_digits(year)).then(|| format!("{year}-**-**"))
}

fn zip(value: &str) -> Option<String> {
    let first = value.get(..5).filter(|first| is_digits(first))?;
    first.get(..3).map(|area| format!("{area}**"))
}

/// Path and query may hold anything.
fn host(value: &str) -> Option<String> {
    let (scheme, rest) = value.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let is_host = host.contains('.') && !host.contains('@') && !host.is_empty();
    let is_scheme = matches!(scheme, "http" | "https");
    (is_host && is_scheme).then(|| format!("{scheme}://{host}/{HIDDEN}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_of_its_kind_is_hidden_whole() {
        for kind in ["phone", "email", "date", "zip", "url", "ip", "vin"] {
            for value in ["", "Jane Doe", "a", "@", "-", "://", "…", "12", "mailto:jane@doe"] {
                assert_eq!(remains(kind, value), HIDDEN, "{kind} {value}");
            }
        }
        assert_eq!(remains("name", "7 Jane"), HIDDEN);
        assert_eq!(remains("url", "https://jane@doe.example/"), HIDDEN);
    }
}
