//! An address that comes in parts.

use super::place::{Place, find_place, joined, restored_zip, split_zip};
use super::report::Report;
use super::token::{Gap, Token, tokens};
use super::{CanonicalAddress, assemble, canonicalize_text, country, delivery, refusal};
use crate::geo::{CityKey, usps};
use crate::model::{Code, Problem};

/// The parts of an address as a form asks for them. Blank is the same as absent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AddressParts {
    /// First line: number and street, or a box.
    pub street: Option<String>,
    /// Second line: the unit, mostly.
    pub street2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State: letters or name.
    pub state: Option<String>,
    /// ZIP code: five digits, or five and four.
    pub zip: Option<String>,
}

impl std::fmt::Debug for AddressParts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AddressParts")
    }
}

/// JSON Pointers of the parts, for corrections and problems.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AddressPaths {
    /// The address as a whole.
    pub whole: String,
    /// First line.
    pub street: String,
    /// Second line.
    pub street2: String,
    /// City.
    pub city: String,
    /// State.
    pub state: String,
    /// ZIP code.
    pub zip: String,
}

impl AddressPaths {
    /// The parts as members of one object, under their own names.
    ///
    /// ```
    /// use leadwright::address::AddressPaths;
    /// assert_eq!(AddressPaths::under("/home").zip, "/home/zip");
    /// ```
    pub fn under(whole: &str) -> Self {
        let member = |name: &str| format!("{whole}/{name}");
        Self {
            whole: whole.to_owned(),
            street: member("street"),
            street2: member("street2"),
            city: member("city"),
            state: member("state"),
            zip: member("zip"),
        }
    }

    /// Which part a code is about.
    fn of(&self, code: Code) -> &str {
        let reason = code.as_str().trim_start_matches("address.");
        match reason.split('_').next() {
            Some("city") => &self.city,
            Some("state") => &self.state,
            Some("zip") => &self.zip,
            _ if ["missing", "foreign", "unparsed", "no_place", "too_long"].contains(&reason) => &self.whole,
            _ => &self.street,
        }
    }
}

/// Reads an address that comes in parts. A whole address in the first line is understood too.
///
/// Problems are those of [`canonicalize_text`], and `address.state_unknown` and `address.zip_invalid`.
///
/// ```
/// use leadwright::address::{AddressParts, AddressPaths, canonicalize_parts, canonicalize_text};
/// let parts = AddressParts {
///     street: Some("12 Grove Street".into()),
///     street2: Some("Penthouse 2".into()),
///     zip: Some("7302".into()),
///     state: Some("New Jersey".into()),
///     ..AddressParts::default()
/// };
/// let address = canonicalize_parts(&parts, &AddressPaths::under("/address"));
/// assert_eq!(address.lines, ["12 GROVE ST PH 2", "JERSEY CITY NJ 07302"]);
/// assert_eq!(address.key, canonicalize_text("12 Grove St PH 2, Jersey City NJ 07302", "").key);
/// ```
pub fn canonicalize_parts(parts: &AddressParts, paths: &AddressPaths) -> CanonicalAddress {
    let [street, street2, city, state, zip] = [&parts.street, &parts.street2, &parts.city, &parts.state, &parts.zip]
        .map(|part| part.as_deref().unwrap_or("").trim());
    let all = [street, street2, city, state, zip].join("\n");
    if let Some(problem) = refusal(&all, &paths.whole) {
        return CanonicalAddress::refused(problem);
    }
    let line = street_tokens(street, street2);
    let address = if [city, state, zip].iter().all(|part| part.is_empty()) {
        from_lines(street, street2, &line)
    } else {
        from_parts(&line, city, state, zip)
    };
    with_paths(address, paths)
}

/// Only street lines: the place must be in them.
fn from_lines(street: &str, street2: &str, line: &[Token]) -> CanonicalAddress {
    let text = if line.iter().any(|t| t.text == "#") {
        format!("{street}\n{}", marked_unit(street2))
    } else {
        format!("{street}\n{street2}")
    };
    canonicalize_text(&text, "")
}

fn from_parts(line: &[Token], city: &str, state: &str, zip: &str) -> CanonicalAddress {
    let mut report = Report::new("");
    let zip_words = tokens(zip);
    if country::is_foreign(line) || country::is_foreign(&zip_words) {
        return CanonicalAddress::refused(Problem::new(Code::AddressForeign, ""));
    }
    let mut place = Place { state: read_state(state, &mut report), ..Place::default() };
    read_zip(&zip_words, &mut place, &mut report);
    read_city(city, &mut place);
    let line = without_place(line, &mut place, &mut report);
    let components = delivery::read_delivery(line, &place, &mut report);
    assemble(components, &place, report, "")
}

/// Both street lines; a lone number or letter in the second is a unit.
fn street_tokens(street: &str, street2: &str) -> Vec<Token> {
    let mut line = tokens(street);
    if let Some(last) = line.last_mut() {
        last.gap = Gap::Line;
    }
    line.extend(tokens(&marked_unit(street2)));
    line
}

/// `5` alone in the second line is `# 5`.
fn marked_unit(street2: &str) -> String {
    let words = tokens(street2);
    match words.as_slice() {
        [word] if word.has_digit() || word.text.len() == 1 && word.is_letters() => format!("# {}", word.text),
        _ => street2.to_owned(),
    }
}

fn read_state(state: &str, report: &mut Report<'_>) -> Option<&'static str> {
    let words = joined(&tokens(state));
    if words.is_empty() {
        return None;
    }
    let known = usps::state(&words);
    match known {
        Some(letters) => report.correct(Code::AddressStateStandardized, &words, letters),
        None => report.dropped(Code::AddressStateUnknown, state),
    }
    known
}

fn read_zip(words: &[Token], place: &mut Place, report: &mut Report<'_>) {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let text = texts.join("-");
    if text.is_empty() {
        return;
    }
    if let Some((zip, zip4)) = split_zip(&text) {
        (place.zip, place.zip4) = (Some(zip), zip4);
    } else if let Some((zip, zip4)) = restored_zip(&text, place.state) {
        report.correct(Code::AddressZipLeadingZero, &text, &zip);
        (place.zip, place.zip4) = (Some(zip), zip4);
    } else {
        report.dropped(Code::AddressZipInvalid, &text);
    }
}

/// A city, also where state or ZIP code were typed after it.
fn read_city(city: &str, place: &mut Place) {
    let words = tokens(city);
    let (found, before) = find_place(&words, &mut Report::new(""));
    let agrees = found.state.is_some() && (place.state.is_none() || place.state == found.state);
    if agrees && found.city.is_some() && before.is_empty() {
        place.state = place.state.or(found.state);
        place.zip = place.zip.take().or(found.zip);
        place.city = found.city;
    } else {
        place.city = Some(joined(&words)).filter(|name| !name.is_empty());
    }
}

/// A street line without the place that was typed into it once more. What the parts lack is taken from it.
fn without_place<'t>(line: &'t [Token], place: &mut Place, report: &mut Report<'_>) -> &'t [Token] {
    let (found, before) = find_place(line, &mut Report::new(""));
    let same = |one: &Option<String>, other: &Option<String>| match (one, other) {
        (Some(one), Some(other)) => CityKey::of(one) == CityKey::of(other),
        _ => true,
    };
    let agrees = same(&found.zip, &place.zip)
        && same(&found.city, &place.city)
        && (found.state.is_none() || place.state.is_none() || found.state == place.state);
    let anchored = found.city.is_some() && (found.zip.is_some() || found.state.is_some());
    if !agrees || !anchored || before.is_empty() {
        return line;
    }
    let written = joined(line.get(before.len()..).unwrap_or_default());
    report.correct(Code::AddressRepeatRemoved, &written, "");
    place.zip = place.zip.take().or(found.zip);
    place.zip4 = place.zip4.take().or(found.zip4);
    place.city = place.city.take().or(found.city);
    place.state = place.state.or(found.state);
    before
}

fn with_paths(mut address: CanonicalAddress, paths: &AddressPaths) -> CanonicalAddress {
    for problem in &mut address.problems {
        problem.path = paths.of(problem.code).to_owned();
    }
    for correction in &mut address.corrections {
        correction.path = paths.of(correction.code).to_owned();
    }
    address
}
