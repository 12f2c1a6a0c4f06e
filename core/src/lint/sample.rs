//! A value that a lead may have, for each class of a field; none where no lead has such a value.

use crate::field::FieldKind;
use crate::geo::{usps, zip_info};
use crate::matching::domain::Domain;
use crate::model::{Date, Value};
use crate::schema::Field;

/// Nobody is older.
const OLDEST: i64 = 130;
/// A date is looked for in this many places: there are gaps between months and years.
const NEAR: i64 = 600;

/// A value of a class of a field. `texts` are those that have classes of their own.
pub(super) fn of_field(field: &Field, domain: &Domain, texts: &[String], class: u32) -> Option<Value> {
    if domain.is_words() {
        return match class.checked_sub(1) {
            None => other_text(field, texts).map(Value::Text),
            Some(place) => text(field, texts.get(place as usize)?).map(Value::Text),
        };
    }
    let (low, high) = domain.between(class)?;
    let bound = |value: &Option<Value>| value.as_ref().and_then(Domain::position_of);
    let least = bound(&field.min).or((field.kind == FieldKind::Money).then_some(0)).unwrap_or(i64::MIN);
    let greatest = bound(&field.max).unwrap_or(i64::MAX);
    let (low, last) = (low.max(least), (high.saturating_sub(1)).min(greatest));
    if low > last {
        return None;
    }
    // From the end that somebody named; from the other one where nobody did.
    let upward = || (low..=last.min(low.saturating_add(NEAR))).find_map(|at| domain.at_position(at));
    let downward = || (low.max(last.saturating_sub(NEAR))..=last).rev().find_map(|at| domain.at_position(at));
    if low > i64::MIN { upward() } else { downward().or_else(|| domain.at_position(0).filter(|_| last >= 0)) }
}

/// A date of birth of a class of ages.
pub(super) fn of_age(domain: &Domain, class: u32, today: Date) -> Option<Date> {
    let (low, high) = domain.between(class)?;
    let (low, last) = (low.max(0), high.saturating_sub(1).min(OLDEST));
    if low > last {
        return None;
    }
    // Somebody in the middle of life where nobody has said how old.
    let age = if low > 0 { low } else { last.min(40) };
    let year = i16::try_from(i64::from(today.year()) - age).ok()?;
    Date::new(year, today.month(), today.day()).or_else(|| Date::new(year, today.month(), 28))
}

/// How a lead has a text that criteria name in small letters.
fn text(field: &Field, folded: &str) -> Option<String> {
    if field.kind == FieldKind::Enum {
        let ids = field.options.values.iter().map(|value| value.id.as_str());
        return ids.into_iter().find(|id| id.to_lowercase() == folded).map(str::to_owned);
    }
    if field.name == "state" {
        return usps::state(&folded.to_uppercase()).map(str::to_owned);
    }
    Some(folded.to_owned())
}

/// A text that no criteria name.
fn other_text(field: &Field, texts: &[String]) -> Option<String> {
    let free = |text: &&str| !texts.contains(&text.to_lowercase());
    if field.kind == FieldKind::Enum {
        return field.options.values.iter().map(|value| value.id.as_str()).find(free).map(str::to_owned);
    }
    match field.name.as_str() {
        "state" => super::space::STATES.iter().copied().find(free).map(str::to_owned),
        // They have five digits, and are in their order.
        "zip" => {
            let mut all = (10_001..100_000).map(|n| format!("{n:05}"));
            let free = |zip: &String| texts.binary_search(zip).is_err();
            // One that an area can be asked about, if there is any.
            all.clone()
                .find(|zip| free(zip) && zip_info(zip).is_some_and(|info| info.middle().is_some()))
                .or_else(|| all.find(free))
        }
        _ => ["other", "something else", "(none of them)"].iter().copied().find(free).map(str::to_owned),
    }
}
