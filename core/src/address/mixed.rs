//! City, state and ZIP code in each other's place: the ZIP code typed into the city, the city into the state.

use super::label::Labels;
use super::number;
use super::parts::{Rest, misspelt_state};
use super::place::{Place, find_place, five_and_four, zip_of};
use super::report::Report;
use super::token::{Gap, Token, joined};
use crate::geo::{CityKey, is_city, usps, zip_info};
use crate::model::Code;

/// What a part looks like; cities come before states, and ZIP codes last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Looks {
    City,
    State,
    Zip,
}

/// The place from parts of which one is plainly not what its name says, where put in order they are a whole place.
pub(super) fn rearranged<'s>(rest: &Rest<'_, 's>, labels: &mut Labels, report: &mut Report<'_>) -> Option<Place<'s>> {
    let mut parts = [rest.city, rest.state, rest.zip];
    let [city, state, zip] = parts.map(looks);
    let in_place = city.is_none_or(|looks| looks == Looks::City && !rest.city.iter().any(Token::has_digit))
        && state.is_none_or(|looks| looks == Looks::State)
        && zip.is_none_or(|looks| looks == Looks::Zip || rest.zip.iter().any(Token::has_digit));
    let in_place = in_place || city == Some(Looks::State) && state != Some(Looks::City) && zip != Some(Looks::City);
    // Two names are a city and a state that nobody knows, or one with a slip.
    let named = state == Some(Looks::City) && (city == state || misspelt_state(rest).is_some());
    if in_place || named {
        return None;
    }
    parts.sort_by_key(|part| looks(part));
    let words: Vec<Token<'s>> = parts.concat();
    let mut notes = report.scratch();
    let (place, before) = find_place(&words, labels, &mut notes);
    let is_street = |words: &[Token<'_>]| words.first().is_some_and(Token::has_digit) && words.len() > 2;
    let whole = before.is_empty() && place.city.is_some() && place.known_state().is_some();
    if !whole || is_street(rest.city) {
        return None;
    }
    let typed = |parts: [&[Token<'_>]; 3]| {
        let texts = parts.iter().filter(|part| !part.is_empty()).map(|part| joined(part).into_owned());
        texts.collect::<Vec<_>>().join(", ")
    };
    report.correct(Code::AddressPartsRearranged, typed([rest.city, rest.state, rest.zip]), joined(&words));
    report.absorb(notes);
    Some(place)
}

fn looks(words: &[Token<'_>]) -> Option<Looks> {
    let (first, last) = (words.first()?, words.last()?);
    let (five, four) = five_and_four(last.text);
    let is_zip = words.len() <= 2 && first.is_digits() && zip_of(five, four).is_some()
        || first.text.len() == 5 && first.is_digits();
    Some(match () {
        () if is_zip => Looks::Zip,
        () if usps::state(&joined(words)).is_some() => Looks::State,
        // `IL 62701` in the place of the state belongs behind the city.
        () if first.state().is_some() && last.has_digit() && first.gap == Gap::None => Looks::State,
        () => Looks::City,
    })
}

/// The street typed into the city, and a city into the street.
pub(super) fn street_in_city(line: &[Token<'_>], rest: &Rest<'_, '_>) -> bool {
    let numbered = number::starts_at(rest.city, 0) && rest.city.len() > 2;
    if !numbered || line.is_empty() || line.iter().any(Token::has_digit) {
        return false;
    }
    let of_zip = rest.zip.first().and_then(|word| zip_info(word.text)).map(|zip| zip.state());
    let state = usps::state(&joined(rest.state)).or(of_zip);
    state.is_some_and(|state| is_city(&CityKey::of_words(line.iter().map(|word| word.text)), state))
}
