//! Standard lines in the letters that people read: `12 N Elm St Apt 4B`, `Springfield IL 62704-1234`.
//!
//! The Postal Service prefers capitals and takes both (USPS Publication 28 §2). Keys and comparisons are about the lines
//! in capitals; these are for letters and screens.

use crate::geo::usps;

/// Words that stay in capitals, besides directionals.
const CAPITALS: &[&str] =
    &["AA", "AE", "AP", "APO", "BP", "CMR", "CP", "CR", "DPO", "FM", "FPO", "HC", "PO", "PSC", "RPO", "RR", "SR", "US"];
/// Words that are small within a name.
const SMALL: &[&str] = &["AND", "AT", "DE", "DEL", "DES", "DU", "OF", "ON", "THE"];

/// Standard lines with capital first letters. Numbers with letters, directionals, the state and the postal code stay as
/// they are, and ordinals are small.
///
/// ```
/// use leadwright::address::{canonicalize_text, title_case};
/// let address = canonicalize_text("1420 north mcelroy street apt 4b, isle of palms, sc 29451", "");
/// assert_eq!(title_case(&address.lines), ["1420 N McElroy St Apt 4B", "Isle of Palms SC 29451"]);
/// assert_eq!(title_case(&["31 W 5TH AVE", "PO BOX 12", "LA CROSSE WI 54601"])[..2], ["31 W 5th Ave", "PO Box 12"]);
/// ```
pub fn title_case<T: AsRef<str>>(lines: &[T]) -> Vec<String> {
    let last = lines.len().saturating_sub(1);
    lines.iter().enumerate().map(|(at, line)| titled(line.as_ref(), at == last)).collect()
}

fn titled(line: &str, is_last: bool) -> String {
    let words: Vec<&str> = line.split(' ').collect();
    let state = if is_last { state_at(&words) } else { None };
    let letters = |(at, word): (usize, &&str)| match state == Some(at) {
        true => (*word).to_owned(),
        false => titled_word(word, at > 0),
    };
    words.iter().enumerate().map(letters).collect::<Vec<_>>().join(" ")
}

/// The place of the letters of the state or province: before the postal code, or at the end.
fn state_at(words: &[&str]) -> Option<usize> {
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let at = words.iter().rposition(|word| !word.is_empty() && !has_digit(word))?;
    words.get(at).is_some_and(|word| word.len() == 2).then_some(at)
}

fn titled_word(word: &str, is_inner: bool) -> String {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    if word.bytes().any(is_digit) {
        let ordinal = ["ST", "ND", "RD", "TH"].iter().find_map(|end| word.strip_suffix(end));
        let is_ordinal = ordinal.is_some_and(|number| number.bytes().all(is_digit));
        return if is_ordinal { word.to_ascii_lowercase() } else { word.to_owned() };
    }
    if CAPITALS.contains(&word) || usps::directional(word) == Some(word) {
        return word.to_owned();
    }
    if is_inner && SMALL.contains(&word) {
        return word.to_lowercase();
    }
    if let Some(rest) = word.strip_prefix("MC").filter(|rest| rest.len() >= 3) {
        return format!("Mc{}", capital(rest));
    }
    word.split('-').map(capital).collect::<Vec<_>>().join("-")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| format!("{first}{}", letters.as_str().to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::canonicalize_text;

    #[test]
    fn lines_are_read_in_either_casing() {
        for (upper, title) in [
            ("N6W23001 ELM RD", "N6W23001 Elm Rd"),
            ("59-17 ELM AVE # 4B", "59-17 Elm Ave # 4B"),
            ("12 1/2 OLD US HIGHWAY 52 NW", "12 1/2 Old US Highway 52 NW"),
            ("RR 2 BOX 40A", "RR 2 Box 40A"),
            ("123 COUNTY ROAD 12B", "123 County Road 12B"),
            ("1 AVENUE OF THE STARS", "1 Avenue of the Stars"),
        ] {
            let lines = [upper, "ST PAUL MN 55101-1234"];
            let titled = title_case(&lines);
            assert_eq!(titled, [title, "St Paul MN 55101-1234"]);
            let read = |lines: &[&str]| canonicalize_text(&lines.join("\n"), "").key;
            assert_eq!(read(&lines), read(&titled.iter().map(String::as_str).collect::<Vec<_>>()), "{upper}");
        }
        assert_eq!(title_case(&["45 AV DU PARC", "MONTREAL QC  H3B 4W8"]), ["45 Av du Parc", "Montreal QC  H3B 4W8"]);
        assert_eq!(title_case(&["4 ELM ST", "WINSTON-SALEM NC"]), ["4 Elm St", "Winston-Salem NC"]);
        assert!(title_case::<&str>(&[]).is_empty());
    }
}
