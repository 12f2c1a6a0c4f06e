//! Names of fields as they came in. Mostly they are names; in a file without a header they are somebody's values.

use super::raw::text_shape;

/// Longer texts are no names.
const LONGEST: usize = 64;
/// So many digits are no name but a phone number, a ZIP code, a day.
const DIGITS: usize = 5;

/// Whether the name of a field is rather what a lead would hold: an email address, a number, a street.
///
/// ```
/// use leadwright::model::looks_like_a_value;
/// assert!(!looks_like_a_value("2nd Phone (mobile)"));
/// assert!(looks_like_a_value("amy@example.com") && looks_like_a_value("312-555-0100"));
/// assert!(looks_like_a_value("5 Elm St"));
/// ```
pub fn looks_like_a_value(name: &str) -> bool {
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let starts = name.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    name.contains('@') || digits >= DIGITS || (starts.len() < name.trim_start().len() && starts.starts_with(' '))
}

/// The name of a field where it can be one, else its shape: problems are shown, and somebody may have put a person
/// there.
///
/// ```
/// use leadwright::model::shown_name;
/// assert_eq!(shown_name("Best Contact Phone"), "Best Contact Phone");
/// assert_eq!(shown_name("amy@example.com"), "aaa@aaaaaaa.aaa");
/// ```
pub fn shown_name(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.' | '/' | '(' | ')' | '#' | '?' | ':');
    let is_name = name.chars().count() <= LONGEST && name.chars().all(plain) && !looks_like_a_value(name);
    if is_name { name.to_owned() } else { text_shape(name) }
}

/// A JSON Pointer with each name as [`shown_name`] shows it; with `hide` each as its shape.
pub(crate) fn shown_path(path: &str, hide: bool) -> String {
    let mut shown = String::with_capacity(path.len());
    for step in path.split('/').skip(1) {
        let name = step.replace("~1", "/").replace("~0", "~");
        let is_place = !name.is_empty() && name.len() < DIGITS && name.bytes().all(|byte| byte.is_ascii_digit());
        let name = if hide && !is_place { text_shape(&name) } else { shown_name(&name) };
        shown.push('/');
        shown.push_str(&name.replace('~', "~0").replace('/', "~1"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_shows_names_and_no_values() {
        for (path, shown) in [
            ("/Fancy Thing", "/Fancy Thing"),
            ("/a~1b/0", "/a~1b/0"),
            ("/jane.doe@example.com", "/aaaa.aaa@aaaaaaa.aaa"),
            ("/address/312-555-0100", "/address/999-999-9999"),
            ("", ""),
        ] {
            assert_eq!(shown_path(path, false), shown, "{path}");
        }
        assert_eq!(shown_path("/Jane/0", true), "/Aaaa/0");
    }
}
