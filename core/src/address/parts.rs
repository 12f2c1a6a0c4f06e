//! An address that comes in parts.

use super::label::{Label, Labels};
use super::place::{Place, ZipCode, find_place, restored_zip, zip_of};
use super::report::{Paths, Report};
use super::token::{Token, joined, number};
use super::{CanonicalAddress, Canonicalizer, assemble, build, canada, country, delivery, mixed, read, refusal, world};
use crate::geo::{CityKey, is_city, usps, zip_info};
use crate::model::{Code, Problem};
use world::{Rules, rules_of};

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
    /// Country: its name or letters. Without it the address is one of the United States, or one of Canada where
    /// province or postal code say so.
    pub country: Option<String>,
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
    /// Country.
    pub country: String,
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
            country: member("country"),
        }
    }

    /// Which part a code is about.
    pub(super) fn of(&self, code: Code) -> &str {
        let reason = code.as_str().trim_start_matches("address.");
        match reason.split('_').next() {
            Some("city") => &self.city,
            Some("state") => &self.state,
            Some("zip" | "postal") => &self.zip,
            _ if ["missing", "foreign", "unparsed", "no_place", "too_long"].contains(&reason) => &self.whole,
            _ => &self.street,
        }
    }
}

/// Reads an address that comes in parts. A whole address in the first line is understood too.
///
/// Problems are those of [`canonicalize_text`](super::canonicalize_text), and `address.state_unknown` and `address.zip_invalid`.
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
    Canonicalizer::default().parts(parts, paths)
}

/// The same with the memory of a canonicalizer.
pub(super) fn read_parts(
    canonicalizer: &mut Canonicalizer,
    parts: &AddressParts,
    paths: &AddressPaths,
) -> CanonicalAddress {
    let texts = [&parts.street, &parts.street2, &parts.city, &parts.state, &parts.zip]
        .map(|part| part.as_deref().unwrap_or("").trim());
    if let Some(problem) = refusal(&texts, &paths.whole) {
        return CanonicalAddress::refused(problem);
    }
    let country = country_of(parts, canonicalizer.home_only);
    match country {
        Country::Other => return CanonicalAddress::refused(Problem::new(Code::AddressForeign, &paths.country)),
        Country::Ruled(rules) => return world::read(rules, parts, paths),
        Country::Home | Country::Canada | Country::Unsaid => {}
    }
    let [street, street2, city, state_text, zip] = texts;
    let sheet = &mut canonicalizer.sheet;
    sheet.clear();
    let mark = sheet.write(street);
    sheet.end_line();
    sheet.write("#");
    if sheet.write(street2) != mark + 2 || !is_bare_unit(sheet.word(mark + 1)) {
        sheet.forget(mark);
    }
    let street2 = sheet.len();
    let [city, state, _] = [city, state_text, zip].map(|text| sheet.write(text));
    let home_only = canonicalizer.home_only || country == Country::Home;
    canonicalizer.with_words(|words, room, labels| {
        number(words);
        labels.reset(words.len());
        let words = &*words;
        let cut = |start: usize, end: usize| words.get(start..end).unwrap_or_default();
        let line = cut(0, street2);
        let rest = Rest {
            typed_state: state_text,
            city: cut(street2, city),
            state: cut(city, state),
            zip: cut(state, words.len()),
        };
        let paths = Paths::Parts(paths);
        // Only street lines: the place must be in them.
        let only_lines = street2 == words.len();
        if country == Country::Canada && only_lines {
            canada::read(line, room, labels, Report::new(paths))
        } else if country == Country::Canada || !home_only && !only_lines && canada::are_canadian(&rest) {
            canada::read_parts(line, &rest, room, labels, Report::new(paths))
        } else if only_lines {
            read(line, room, labels, Report::new(paths), home_only)
        } else {
            from_parts(line, &rest, room, labels, paths)
        }
    })
}

/// What the country among the parts comes to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Country {
    Unsaid,
    Home,
    Canada,
    /// One whose parts are checked by its rules.
    Ruled(Rules),
    /// None that is known, or one that is not wanted.
    Other,
}

fn country_of(parts: &AddressParts, home_only: bool) -> Country {
    let written = parts.country.as_deref().map(country::folded_name).unwrap_or_default();
    match written.as_str() {
        "" => Country::Unsaid,
        name if country::is_home_country(name) || country::is_home_mail(name) => Country::Home,
        _ if home_only => Country::Other,
        "CA" | "CAN" | "CANADA" => Country::Canada,
        name => rules_of(name).map_or(Country::Other, Country::Ruled),
    }
}

/// The words of all parts but the street.
pub(super) struct Rest<'t, 's> {
    /// The state as it was typed.
    pub(super) typed_state: &'t str,
    pub(super) city: &'t [Token<'s>],
    pub(super) state: &'t [Token<'s>],
    pub(super) zip: &'t [Token<'s>],
}

/// `5` alone in the second line is `# 5`.
fn is_bare_unit(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit()) || word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphabetic())
}

fn from_parts<'s>(
    line: &[Token<'s>],
    rest: &Rest<'_, 's>,
    room: &mut Vec<Token<'s>>,
    labels: &mut Labels,
    paths: Paths<'_>,
) -> CanonicalAddress {
    let mut report = Report::new(paths);
    if country::is_foreign(line) || country::is_foreign(rest.zip) {
        return CanonicalAddress::refused(report.only(Code::AddressForeign));
    }
    let street_in_city = mixed::street_in_city(line, rest);
    let (line, rest) = match street_in_city {
        true => (rest.city, &Rest { city: line, ..*rest }),
        false => (line, rest),
    };
    if street_in_city {
        let typed = |one: &[Token<'_>], other: &[Token<'_>]| [joined(one), joined(other)].join(", ");
        report.correct(Code::AddressPartsRearranged, typed(rest.city, line), typed(line, rest.city));
    }
    let place = mixed::rearranged(rest, labels, &mut report);
    let mut place = place.unwrap_or_else(|| read_place(rest, labels, &mut report));
    let left = without_place(line, &mut place, labels, &mut report);
    delivery::label_delivery(left, line, room, &place, labels);
    let components = build::components(line, labels, &mut report);
    assemble(components, left, &place, report)
}

fn read_place<'s>(rest: &Rest<'_, 's>, labels: &mut Labels, report: &mut Report<'_>) -> Place<'s> {
    let (state, zip) = zip_behind_state(rest);
    if zip.len() > rest.zip.len() {
        report.correct(Code::AddressPartsRearranged, joined(rest.state), [joined(state), joined(zip)].join(", "));
    }
    let mut place = Place { state: read_state(&Rest { state, ..*rest }, report), ..Place::default() };
    read_zip(zip, &mut place, report);
    read_city(rest.city, &mut place, labels);
    place
}

/// State and ZIP code, also where the ZIP code was typed after the state: `IL 62701`.
fn zip_behind_state<'t, 's>(rest: &Rest<'t, 's>) -> (&'t [Token<'s>], &'t [Token<'s>]) {
    let digits = rest.state.iter().rev().take_while(|word| word.has_digit()).count();
    match rest.state.split_at_checked(rest.state.len().saturating_sub(digits)) {
        Some((state, zip)) if !zip.is_empty() && usps::state(&joined(state)).is_some() => {
            (state, if rest.zip.is_empty() { zip } else { rest.zip })
        }
        _ => (rest.state, rest.zip),
    }
}

fn read_state(rest: &Rest<'_, '_>, report: &mut Report<'_>) -> Option<&'static str> {
    let written = joined(rest.state);
    if written.is_empty() {
        return None;
    }
    let known = usps::state(&written).or_else(|| misspelt_state(rest));
    match known {
        Some(letters) => report.correct(Code::AddressStateStandardized, written, letters),
        None => report.dropped(Code::AddressStateUnknown, rest.typed_state),
    }
    known
}

/// The state whose name has a slip, where ZIP code or city agree.
pub(super) fn misspelt_state(rest: &Rest<'_, '_>) -> Option<&'static str> {
    let state = usps::state_with_a_slip(&rest.state.iter().map(|word| word.text))?;
    let of_zip = rest.zip.first().and_then(|word| zip_info(word.text)).map(|zip| zip.state());
    let in_state = || is_city(&CityKey::of_words(rest.city.iter().map(|word| word.text)), state);
    (of_zip == Some(state) || of_zip.is_none() && in_state()).then_some(state)
}

fn read_zip<'s>(words: &[Token<'s>], place: &mut Place<'s>, report: &mut Report<'_>) {
    let (five, four) = match words {
        [] => return,
        [word] => word.text.split_once('-').unwrap_or((word.text, "")),
        [five, four] => (five.text, four.text),
        more => return report.dropped(Code::AddressZipInvalid, &joined(more).replace(' ', "-")),
    };
    if let Some(zip) = zip_of(five, four) {
        place.zip = Some(zip);
    } else if let Some(zip) = restored_zip(five, four, place.state) {
        report.correct(Code::AddressZipLeadingZero, joined(words).replace(' ', "-"), zip.five.as_str());
        (place.zip, place.odd_zip) = (Some(zip), Some(five));
    } else {
        report.dropped(Code::AddressZipInvalid, &joined(words).replace(' ', "-"));
    }
}

/// A city, also where state or ZIP code were typed after it.
fn read_city<'s>(words: &[Token<'s>], place: &mut Place<'s>, labels: &mut Labels) {
    let (found, before) = find_place(words, labels, &mut Report::silent());
    let agrees = found.state.is_some() && (place.state.is_none() || place.state == found.state);
    if agrees && found.city.is_some() && before.is_empty() {
        place.state = place.state.or(found.state);
        place.zip = place.zip.or(found.zip);
        place.city = found.city;
    } else {
        place.city = Some(joined(words)).filter(|name| !name.is_empty());
    }
    place.apart = place.city.is_some();
}

/// A street line without the place that was typed into it once more. What the parts lack is taken from it.
fn without_place<'t, 's>(
    line: &'t [Token<'s>],
    place: &mut Place<'s>,
    labels: &mut Labels,
    report: &mut Report<'_>,
) -> &'t [Token<'s>] {
    let (found, before) = find_place(line, labels, &mut Report::silent());
    let same_city = match (&found.city, &place.city) {
        (Some(one), Some(other)) => CityKey::of(one) == CityKey::of(other),
        _ => true,
    };
    let same_zip = found.zip.is_none_or(|one| place.zip.is_none_or(|other| one.five == other.five));
    let same_state = found.state.is_none() || place.state.is_none() || found.state == place.state;
    let anchored = found.city.is_some() && (found.zip.is_some() || found.state.is_some());
    if !(same_city && same_zip && same_state && anchored) || before.is_empty() {
        labels.mark(line, Label::Other);
        return line;
    }
    report.correct(Code::AddressRepeatRemoved, joined(line.get(before.len()..).unwrap_or_default()), "");
    place.zip = match (place.zip, found.zip) {
        (Some(zip), Some(found)) => Some(ZipCode { four: zip.four.or(found.four), ..zip }),
        (zip, found) => zip.or(found),
    };
    if place.city.is_none() {
        (place.city, place.apart) = (found.city, found.apart);
    }
    place.state = place.state.or(found.state);
    before
}
