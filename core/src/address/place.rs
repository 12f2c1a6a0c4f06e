//! The last line, read from the right: country, ZIP code, state, city.

use super::city;
use super::country;
use super::report::Report;
use super::token::{Gap, Token, is_digits};
use crate::geo::{CityKey, ZipInfo, is_city, usps, zip_info};
use crate::model::Code;

/// What the last line says, in the words that were written.
#[derive(Clone, Default)]
pub(super) struct Place {
    pub(super) city: Option<String>,
    pub(super) state: Option<&'static str>,
    pub(super) zip: Option<String>,
    pub(super) zip4: Option<String>,
}

impl Place {
    /// The table's row for the ZIP code.
    pub(super) fn zip_info(&self) -> Option<ZipInfo> {
        self.zip.as_deref().and_then(zip_info)
    }

    /// The state as written, or that of the ZIP code.
    pub(super) fn known_state(&self) -> Option<&'static str> {
        self.state.or_else(|| self.zip_info().map(|zip| zip.state()))
    }
}

/// Reads the place at the end of the words; what is before it remains.
pub(super) fn find_place<'t>(tokens: &'t [Token], report: &mut Report<'_>) -> (Place, &'t [Token]) {
    let mut place = Place::default();
    let rest = country::without_home_country(tokens, report);
    let mut rest = take_zip(rest, &mut place);
    rest = take_state(rest, &mut place, report);
    if place.zip.is_none() && place.state.is_some() {
        rest = take_zip(rest, &mut place);
    }
    if place.zip.is_none() && place.state.is_none() {
        rest = take_short_zip(rest, &mut place, report);
    }
    if place.zip.is_none() && place.state.is_none() {
        rest = take_bad_zip(rest, &mut place, report);
    }
    let end = city::take_city(rest, &mut place, report);
    (place, end)
}

/// A ZIP code at the end: `62701`, `62701-1234`, `627011234`, `62701 1234`.
fn take_zip<'t>(rest: &'t [Token], place: &mut Place) -> &'t [Token] {
    let Some((last, before)) = rest.split_last() else { return rest };
    if let Some((five, before_five)) = before.split_last()
        && last.is_digits()
        && last.text.len() == 4
        && five.is_digits()
        && five.text.len() == 5
        && five.gap == Gap::None
        && may_be_zip(before_five)
        && zip_info(&five.text).is_some()
    {
        (place.zip, place.zip4) = (Some(five.text.clone()), Some(last.text.clone()));
        return before_five;
    }
    match split_zip(&last.text) {
        Some((zip, zip4)) if may_be_zip(before) => {
            (place.zip, place.zip4) = (Some(zip), zip4);
            before
        }
        _ => rest,
    }
}

/// The five digits and the four after them.
pub(super) fn split_zip(text: &str) -> Option<(String, Option<String>)> {
    let (zip, zip4) = match text.split_once('-') {
        Some((zip, zip4)) => (zip, zip4),
        None if text.len() == 9 => text.split_at_checked(5)?,
        None => (text, ""),
    };
    let fits = is_digits(zip) && zip.len() == 5 && (zip4.is_empty() || is_digits(zip4) && zip4.len() == 4);
    fits.then(|| (zip.to_owned(), Some(zip4.to_owned()).filter(|z| !z.is_empty())))
}

/// Five digits after `BOX`, `#`, `APT` or `HIGHWAY` are the number of that.
fn may_be_zip(before: &[Token]) -> bool {
    before.last().is_none_or(|word| {
        word.gap != Gap::None
            || !(["BOX", "POBOX", "POB", "#", "NO", "DRAWER", "HWY", "HIGHWAY", "FM", "CR"]
                .contains(&word.text.as_str())
                || usps::unit(&word.text).is_some_and(|unit| !usps::unit_stands_alone(unit) && unit != "FL"))
    })
}

/// `NJ 7302`: a ZIP code that lost its first zero, as spreadsheets make them; only where the state agrees.
fn take_short_zip<'t>(rest: &'t [Token], place: &mut Place, report: &mut Report<'_>) -> &'t [Token] {
    let Some((last, before)) = rest.split_last() else { return rest };
    if restored_zip(&last.text, None).is_none() {
        return rest;
    }
    let (mut found, mut notes) = (Place::default(), report.scratch());
    let after = take_state(before, &mut found, &mut notes);
    let restored = found.state.and_then(|state| restored_zip(&last.text, Some(state)));
    let Some((zip, zip4)) = restored else { return rest };
    report.absorb(notes);
    report.correct(Code::AddressZipLeadingZero, &last.text, &zip);
    *place = Place { zip: Some(zip), zip4, ..found };
    after
}

/// `IA 5230`, `IL 606001`: digits that are no ZIP code, after a city and its state.
fn take_bad_zip<'t>(rest: &'t [Token], place: &mut Place, report: &mut Report<'_>) -> &'t [Token] {
    let Some((last, before)) = rest.split_last() else { return rest };
    let digits = last.text.bytes().filter(u8::is_ascii_digit).count();
    if digits < 3 || !last.text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        return rest;
    }
    let (mut found, mut notes) = (Place::default(), report.scratch());
    let after = take_state(before, &mut found, &mut notes);
    if !found.state.is_some_and(|state| ends_with_city(after, state)) {
        return rest;
    }
    report.absorb(notes);
    report.dropped(Code::AddressZipInvalid, &last.text);
    *place = found;
    after
}

/// Four digits (or `7073-1234`) with the zero put back, when that is a ZIP code of the state.
pub(super) fn restored_zip(text: &str, state: Option<&str>) -> Option<(String, Option<String>)> {
    let zeros = match text.split('-').next().map(str::len) {
        Some(4) => "0",
        Some(3) => "00",
        _ => return None,
    };
    let (zip, zip4) = split_zip(&format!("{zeros}{text}"))?;
    let info = zip_info(&zip)?;
    state.is_none_or(|state| info.state() == state).then_some((zip, zip4))
}

/// A state at the end: a name, letters, an old abbreviation, also written twice.
fn take_state<'t>(rest: &'t [Token], place: &mut Place, report: &mut Report<'_>) -> &'t [Token] {
    let Some((state, before)) = state_at_end(rest, place.zip_info()) else { return rest };
    place.state = Some(state);
    let written = joined(rest.get(before.len()..).unwrap_or_default());
    report.correct(Code::AddressStateStandardized, &written, state);
    without_second_state(before, state, report)
}

/// `GA, GA`: the letters once more before the state.
fn without_second_state<'t>(before: &'t [Token], state: &str, report: &mut Report<'_>) -> &'t [Token] {
    match before.split_last() {
        Some((last, earlier)) if last.text == state && !earlier.is_empty() && usps::suffix(state).is_none() => {
            report.correct(Code::AddressRepeatRemoved, &last.text, "");
            earlier
        }
        _ => before,
    }
}

fn state_at_end(rest: &[Token], zip: Option<ZipInfo>) -> Option<(&'static str, &[Token])> {
    (1..=4.min(rest.len())).rev().find_map(|count| {
        let (before, words) = rest.split_at_checked(rest.len() - count)?;
        let state = usps::state(&joined(words))?;
        is_meant_as_state(state, words, before, zip).then_some((state, before))
    })
}

/// Many names and letters of states are also street words (`CT`, `DELAWARE`), directionals (`NE`) or cities.
fn is_meant_as_state(state: &'static str, words: &[Token], before: &[Token], zip: Option<ZipInfo>) -> bool {
    let written = joined(words);
    let letters = written == state;
    let after_break = before.last().is_none_or(|word| word.gap != Gap::None);
    let also_street_word =
        usps::suffix(&written).is_some() || usps::directional(&written).is_some() || usps::unit(&written).is_some();
    let after_city = || ends_with_city(before, state);
    if let Some(zip) = zip {
        let agrees = zip.state() == state;
        if !letters && agrees && knows(zip, &CityKey::of(&written)) {
            return after_city();
        }
        return agrees || !also_street_word && (letters || after_break) || after_city();
    }
    match (letters, also_street_word) {
        (true, false) => !before.is_empty(),
        (true, true) => {
            !before.is_empty() && (state != "NE" && (after_break || ends_segment_of_letters(before)) || after_city())
        }
        (false, _) => after_break && !is_city(&CityKey::of(&written), state) || after_city(),
    }
}

/// `…, SOME CITY LA`: letters only since the last break.
fn ends_segment_of_letters(before: &[Token]) -> bool {
    let since = before.iter().rev().skip(1).position(|word| word.gap != Gap::None);
    since.is_some_and(|count| before.iter().rev().take(count + 1).all(Token::is_letters))
}

fn knows(zip: ZipInfo, key: &CityKey) -> bool {
    city::names_of(zip).any(|name| CityKey::of(name) == *key)
}

/// Whether the words end with the name of a city of the state.
fn ends_with_city(words: &[Token], state: &str) -> bool {
    (1..=city::LONGEST.min(words.len())).any(|count| {
        let name = words.get(words.len() - count..).unwrap_or_default();
        is_city(&CityKey::of_words(name.iter().map(|t| t.text.as_str())), state)
    })
}

/// Words with single spaces between them.
pub(super) fn joined(words: &[Token]) -> String {
    let texts: Vec<&str> = words.iter().map(|t| t.text.as_str()).collect();
    texts.join(" ")
}
