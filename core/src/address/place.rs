//! The last line, read from the right: country, ZIP code, state, city.

use super::city;
use super::country;
use super::label::{Label, Labels};
use super::report::Report;
use super::token::{Gap, Token, is_digits, joined};
use super::words::parted;
use crate::geo::lexicon::Kind;
use crate::geo::{CityKey, Zip5, ZipInfo, is_city, usps, zip_info};
use crate::model::Code;
use std::borrow::Cow;

/// What the last line says, in the words that were written.
#[derive(Clone, Default)]
pub(super) struct Place<'s> {
    pub(super) city: Option<Cow<'s, str>>,
    /// Whether it stands after a break, so that where it begins is no guess.
    pub(super) apart: bool,
    pub(super) state: Option<&'static str>,
    pub(super) zip: Option<ZipCode<'s>>,
    /// The ZIP code as it was typed, where that is not five digits.
    pub(super) odd_zip: Option<&'s str>,
}

/// A ZIP code as it was written, and what is known of it.
#[derive(Clone, Copy)]
pub(super) struct ZipCode<'s> {
    pub(super) five: Zip5,
    pub(super) four: Option<&'s str>,
    pub(super) info: Option<ZipInfo>,
}

impl<'s> ZipCode<'s> {
    fn new(five: &str, four: Option<&'s str>) -> Option<Self> {
        Some(Self { five: Zip5::parse(five)?, four, info: zip_info(five) })
    }
}

impl Place<'_> {
    /// The table's row for the ZIP code.
    pub(super) fn zip_info(&self) -> Option<ZipInfo> {
        self.zip.and_then(|zip| zip.info)
    }

    /// The ZIP code as it was written.
    pub(super) fn written_zip(&self) -> Option<&str> {
        self.odd_zip.or_else(|| self.zip.as_ref().map(|zip| zip.five.as_str()))
    }

    /// The state as written, or that of the ZIP code.
    pub(super) fn known_state(&self) -> Option<&'static str> {
        self.state.or_else(|| self.zip_info().map(|zip| zip.state()))
    }
}

/// Reads the place at the end of the words; what is before it remains.
pub(super) fn find_place<'t, 's>(
    tokens: &'t [Token<'s>],
    labels: &mut Labels,
    report: &mut Report<'_>,
) -> (Place<'s>, &'t [Token<'s>]) {
    let mut place = Place::default();
    let home = country::without_home_country(tokens, labels, report);
    let mut rest = take_zip(home, &mut place);
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
    label_place(home, rest, &place, labels);
    let end = city::take_city(rest, &mut place, labels, report);
    let end = take_state_before_city(end, &mut place, labels);
    (place, end)
}

/// `CA GARDEN VALLEY 95633`: the letters of the ZIP code's state before the city.
fn take_state_before_city<'t, 's>(
    rest: &'t [Token<'s>],
    place: &mut Place<'s>,
    labels: &mut Labels,
) -> &'t [Token<'s>] {
    let Some((last, before)) = rest.split_last().filter(|_| place.state.is_none() && place.city.is_some()) else {
        return rest;
    };
    let is_letters = last.is(Kind::LETTERS) && last.suffix().is_none() && last.directional().is_none();
    if !is_letters || place.zip_info().is_none_or(|zip| zip.state() != last.text) {
        return rest;
    }
    place.state = last.state();
    labels.mark(std::slice::from_ref(last), Label::State);
    before
}

/// Labels ZIP code and state: of what was taken off the end, the words with digits and those without.
fn label_place(tokens: &[Token<'_>], rest: &[Token<'_>], place: &Place<'_>, labels: &mut Labels) {
    let mut spare = place.state.is_some();
    for word in tokens.get(rest.len()..).unwrap_or_default().iter().rev() {
        // The letters once more before the state say nothing new.
        let again = !spare && place.state == Some(word.text) && !word.has_digit();
        let label = match word.has_digit() {
            true => Label::Zip,
            false if again => Label::Mark,
            false => Label::State,
        };
        spare &= word.has_digit();
        labels.mark(std::slice::from_ref(word), label);
    }
}

/// A ZIP code at the end: `62701`, `62701-1234`, `627011234`, `62701 1234`.
fn take_zip<'t, 's>(rest: &'t [Token<'s>], place: &mut Place<'s>) -> &'t [Token<'s>] {
    let Some((last, before)) = rest.split_last().filter(|(last, _)| last.has_digit()) else { return rest };
    if let Some((five, before_five)) = before.split_last()
        && last.is_digits()
        && last.text.len() == 4
        && five.is_digits()
        && five.gap == Gap::None
        && let Some(zip) = ZipCode::new(five.text, Some(last.text)).filter(|zip| zip.info.is_some())
        && may_be_zip(before_five)
    {
        place.zip = Some(zip);
        return before_five;
    }
    match split_zip(last.text).filter(|_| may_be_zip(before)) {
        Some(zip) => {
            place.zip = Some(zip);
            before
        }
        None => rest,
    }
}

fn split_zip(text: &str) -> Option<ZipCode<'_>> {
    let (five, four) = five_and_four(text);
    zip_of(five, four)
}

/// What stands before and after the dash of a ZIP code; the latter may be empty.
pub(super) fn five_and_four(text: &str) -> (&str, &str) {
    parted(text, b'-').unwrap_or((text, ""))
}

/// A ZIP code from its five digits (or all nine) and the four after them, which may be absent.
pub(super) fn zip_of<'s>(five: &'s str, four: &'s str) -> Option<ZipCode<'s>> {
    let (five, four) = if five.len() == 9 && four.is_empty() { five.split_at_checked(5)? } else { (five, four) };
    let fits = four.is_empty() || is_digits(four) && four.len() == 4;
    ZipCode::new(five, Some(four).filter(|four| !four.is_empty())).filter(|_| fits)
}

/// Five digits after `BOX`, `#`, `APT` or `HIGHWAY` are the number of that.
fn may_be_zip(before: &[Token<'_>]) -> bool {
    before.last().is_none_or(|word| {
        word.gap != Gap::None
            || !(word.is_one_of(&["BOX", "POBOX", "POB", "#", "NO", "DRAWER", "HWY", "HIGHWAY", "FM", "CR"])
                || word.unit().is_some_and(|unit| !usps::unit_stands_alone(unit) && unit != "FL"))
    })
}

/// `NJ 7302`: a ZIP code that lost its first zero, as spreadsheets make them; only where the state agrees.
fn take_short_zip<'t, 's>(rest: &'t [Token<'s>], place: &mut Place<'s>, report: &mut Report<'_>) -> &'t [Token<'s>] {
    let Some((last, before)) = rest.split_last() else { return rest };
    let (short, four) = five_and_four(last.text);
    if restored_zip(short, four, None).is_none() {
        return rest;
    }
    let (mut found, mut notes) = (Place::default(), report.scratch());
    let after = take_state(before, &mut found, &mut notes);
    let restored = found.state.and_then(|state| restored_zip(short, four, Some(state)));
    let Some(zip) = restored else { return rest };
    report.absorb(notes);
    report.correct(Code::AddressZipLeadingZero, last.text, zip.five.as_str());
    *place = Place { zip: Some(zip), odd_zip: Some(short), ..found };
    after
}

/// `IA 5230`, `IL 606001`: digits that are no ZIP code, after a city and its state; with letters among them, or fewer
/// than three, in a segment of their own with the state.
fn take_bad_zip<'t, 's>(rest: &'t [Token<'s>], place: &mut Place<'s>, report: &mut Report<'_>) -> &'t [Token<'s>] {
    let Some((last, before)) = rest.split_last() else { return rest };
    let digits = last.text.bytes().filter(u8::is_ascii_digit).count();
    let is_near = digits >= 3 && last.text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let is_apart = || matches!(before, [.., city, state] if city.gap != Gap::None && state.state().is_some());
    if !(is_near || last.has_digit() && is_apart()) {
        return rest;
    }
    let (mut found, mut notes) = (Place::default(), report.scratch());
    let after = take_state(before, &mut found, &mut notes);
    if !found.state.is_some_and(|state| ends_with_city(after, state)) {
        return rest;
    }
    report.absorb(notes);
    report.problem_with(Code::AddressZipInvalid, last.text);
    *place = Place { odd_zip: Some(last.text), ..found };
    after
}

/// Four digits (or `7073-1234`) with the zero put back, when that is a ZIP code of the state.
pub(super) fn restored_zip<'s>(short: &str, four: &'s str, state: Option<&str>) -> Option<ZipCode<'s>> {
    let missing = match short.len() {
        4 => 1,
        3 => 2,
        _ => return None,
    };
    let mut digits = *b"00000";
    digits.get_mut(missing..)?.copy_from_slice(short.as_bytes());
    let zip = zip_of(std::str::from_utf8(&digits).ok()?, "")?;
    let fits = four.is_empty() || is_digits(four) && four.len() == 4;
    let agrees = |info: ZipInfo| state.is_none_or(|state| info.state() == state);
    let zip = ZipCode { five: zip.five, four: Some(four).filter(|four| !four.is_empty()), info: zip.info };
    (fits && zip.info.is_some_and(agrees)).then_some(zip)
}

/// A state at the end: a name, letters, an old abbreviation, also written twice.
fn take_state<'t, 's>(rest: &'t [Token<'s>], place: &mut Place<'s>, report: &mut Report<'_>) -> &'t [Token<'s>] {
    let found = state_at_end(rest, place.zip_info()).or_else(|| misspelt_state(rest, place.zip_info()));
    let Some((state, before)) = found else { return rest };
    place.state = Some(state);
    let written = joined(rest.get(before.len()..).unwrap_or_default());
    report.correct(Code::AddressStateStandardized, written, state);
    without_second_state(before, state, report)
}

/// `GA, GA`: the letters once more before the state.
fn without_second_state<'t, 's>(before: &'t [Token<'s>], state: &str, report: &mut Report<'_>) -> &'t [Token<'s>] {
    match before.split_last() {
        // `NY, NY` and `FL 2 NY NY` are the city in the state, `BROOKLYN NY NY` is not.
        Some((last, earlier))
            if last.text == state
                && !earlier.is_empty()
                && last.suffix().is_none()
                && (last.text != "NY" || last.gap == Gap::None && ends_with_city(earlier, state)) =>
        {
            report.correct(Code::AddressRepeatRemoved, last.text, "");
            earlier
        }
        _ => before,
    }
}

fn state_at_end<'t, 's>(rest: &'t [Token<'s>], zip: Option<ZipInfo>) -> Option<(&'static str, &'t [Token<'s>])> {
    let last = rest.last()?;
    let longest = if last.is(Kind::STATE_END) { 4 } else { 1 };
    (1..=longest.min(rest.len())).rev().find_map(|count| {
        let (before, words) = rest.split_at_checked(rest.len() - count)?;
        let state = match words {
            [word] => word.state()?,
            words => usps::state(&joined(words))?,
        };
        is_meant_as_state(state, words, before, zip).then_some((state, before))
    })
}

/// `ILLINIOS 62701`, `NEW JERSY 07302`: the name of the ZIP code's state with a slip; without a ZIP code after one
/// of its cities.
fn misspelt_state<'t, 's>(rest: &'t [Token<'s>], zip: Option<ZipInfo>) -> Option<(&'static str, &'t [Token<'s>])> {
    let last = rest.last().filter(|word| word.is_letters() && word.text.len() >= 4)?;
    if last.suffix().is_some() || last.state().is_some() {
        return None;
    }
    (1..=3.min(rest.len())).find_map(|count| {
        let (before, words) = rest.split_at_checked(rest.len() - count)?;
        let texts = words.iter().map(|word| word.text);
        if let Some(zip) = zip {
            let meant = usps::is_state_with_a_slip(zip.state(), &texts) && !knows(zip, &CityKey::of_words(texts));
            return meant.then(|| (zip.state(), before));
        }
        if before.last().is_none_or(|word| word.gap == Gap::None) && before.len() <= 2 {
            return None;
        }
        let state = usps::state_with_a_slip(&texts)?;
        ends_with_city(before, state).then_some((state, before))
    })
}

/// Many names and letters of states are also street words (`CT`, `DELAWARE`), directionals (`NE`) or cities.
fn is_meant_as_state(state: &'static str, words: &[Token<'_>], before: &[Token<'_>], zip: Option<ZipInfo>) -> bool {
    let letters = matches!(words, [word] if word.text == state);
    let after_break = before.last().is_none_or(|word| word.gap != Gap::None);
    let also_street_word =
        matches!(words, [word] if word.suffix().is_some() || word.directional().is_some() || word.unit().is_some());
    let after_city = || ends_with_city(before, state);
    let key = || CityKey::of(&joined(words));
    if let Some(zip) = zip {
        let agrees = zip.state() == state;
        if !letters && agrees && knows(zip, &key()) {
            return after_city();
        }
        return agrees || !also_street_word && (letters || after_break) || after_city();
    }
    match (letters, also_street_word) {
        (true, false) => !before.is_empty(),
        (true, true) => {
            !before.is_empty() && (state != "NE" && (after_break || ends_segment_of_letters(before)) || after_city())
        }
        (false, _) => after_break && !is_city(&key(), state) || after_city(),
    }
}

/// `…, SOME CITY LA`: letters only since the last break.
fn ends_segment_of_letters(before: &[Token<'_>]) -> bool {
    let since = before.iter().rev().skip(1).position(|word| word.gap != Gap::None);
    since.is_some_and(|count| before.iter().rev().take(count + 1).all(Token::is_letters))
}

fn knows(zip: ZipInfo, key: &CityKey) -> bool {
    zip.names().any(|name| key.is_of(name))
}

/// Whether the words end with the state of a ZIP code.
pub(super) fn ends_in_state(words: &[Token<'_>], zip: ZipInfo) -> bool {
    state_at_end(words, Some(zip)).is_some_and(|(state, _)| state == zip.state())
}

/// Whether the words end with the name of a city of the state.
pub(super) fn ends_with_city(words: &[Token<'_>], state: &str) -> bool {
    (1..=city::LONGEST.min(words.len())).any(|count| {
        let name = words.get(words.len() - count..).unwrap_or_default();
        is_city(&CityKey::of_words(name.iter().map(|t| t.text)), state)
    })
}
