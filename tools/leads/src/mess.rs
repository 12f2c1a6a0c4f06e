//! How people and suppliers write values.

use crate::dice::Dice;
use crate::person::Person;

pub(crate) fn phone(ten: &str, dice: &mut Dice) -> String {
    let (area, exchange, line) = (&ten[..3], &ten[3..6], &ten[6..]);
    match dice.between(0, 99) {
        0..=24 => format!("({area}) {exchange}-{line}"),
        25..=44 => format!("{area}-{exchange}-{line}"),
        45..=59 => ten.to_owned(),
        60..=69 => format!("+1{ten}"),
        70..=76 => format!("1-{area}-{exchange}-{line}"),
        77..=82 => format!("{area}.{exchange}.{line}"),
        83..=86 => format!("+1 ({area}) {exchange}-{line}"),
        87..=88 => format!(" {area} {exchange} {line} "),
        89 => format!("{ten}.0"),
        90 => format!("{area}-{exchange}-{line} x{}", dice.between(1, 99)),
        91 => format!("({area}){exchange}-{line} (cell)"),
        92 => format!("tel:{area}{exchange}{line}"),
        // One digit short, one too many, an exchange that there is not.
        93 => ten[..9].to_owned(),
        94 => format!("{area}-055-{line}"),
        95 => dice.one(&["N/A", "none", "", "000-000-0000", "call me"]).to_owned(),
        _ => format!("({area}) {exchange} - {line}"),
    }
}

pub(crate) fn email(address: &str, dice: &mut Dice) -> String {
    match dice.between(0, 99) {
        0..=9 => address.to_uppercase(),
        10..=13 => format!(" {address}"),
        14 => format!("<{address}>"),
        15 => format!("mailto:{address}"),
        16 => address.replace('@', " @ "),
        17 => address.replace('@', ""),
        18 => format!("{address}."),
        19 => dice.one(&["N/A", "none", "noemail", ""]).to_owned(),
        20 => address.replace("example.com", "gmial.com"),
        _ => address.to_owned(),
    }
}

/// First and last name, or both in one field.
pub(crate) fn name(person: &Person, dice: &mut Dice) -> Vec<(&'static str, String)> {
    let (first, last) = (person.first, person.last);
    match dice.between(0, 99) {
        0..=9 => vec![("name", format!("{first} {last}"))],
        10..=12 => vec![("name", format!("{last}, {first}"))],
        13..=14 => vec![("full_name", format!("{} {}", first.to_uppercase(), last.to_uppercase()))],
        15..=24 => vec![("first_name", first.to_uppercase()), ("last_name", last.to_uppercase())],
        25..=32 => vec![("first_name", first.to_lowercase()), ("last_name", last.to_lowercase())],
        33 => vec![("first_name", format!("{first} "))],
        34 => vec![("first_name", format!("{first} {last}")), ("last_name", String::new())],
        _ => vec![("first_name", first.to_owned()), ("last_name", last.to_owned())],
    }
}

pub(crate) fn date((year, month, day): (u32, u32, u32), dice: &mut Dice) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let named = MONTHS[usize::try_from(month - 1).unwrap_or(0)];
    match dice.between(0, 99) {
        0..=39 => format!("{year:04}-{month:02}-{day:02}"),
        40..=64 => format!("{month:02}/{day:02}/{year:04}"),
        65..=74 => format!("{month}/{day}/{year}"),
        75..=79 => format!("{named} {day}, {year}"),
        80..=84 => format!("{day} {named} {year}"),
        85..=87 => format!("{year:04}{month:02}{day:02}"),
        88..=90 => format!("{month:02}-{day:02}-{year:04}"),
        91..=92 => format!("{year:04}-{month:02}-{day:02}T00:00:00Z"),
        93 => dice.one(&["unknown", "N/A", "00/00/0000", "13/45/1980"]).to_owned(),
        _ => format!("{year:04}/{month:02}/{day:02}"),
    }
}

pub(crate) fn yes_no(yes: bool, dice: &mut Dice) -> String {
    match (yes, dice.between(0, 99)) {
        (_, 0) => dice.one(&["maybe", "?", "n/a"]).to_owned(),
        (true, _) => dice.one(&["Yes", "yes", "Y", "true", "1", "TRUE", "own"]).to_owned(),
        (false, _) => dice.one(&["No", "no", "N", "false", "0", "rent"]).to_owned(),
    }
}

pub(crate) fn money(dollars: u32, dice: &mut Dice) -> String {
    match dice.between(0, 99) {
        0..=29 => dollars.to_string(),
        30..=54 => format!("${dollars}"),
        55..=69 if dollars >= 1_000 => format!("${},{:03}", dollars / 1_000, dollars % 1_000),
        70..=79 => format!("{dollars}.00"),
        80..=84 => format!("${dollars}.00"),
        85..=87 if dollars >= 1_000 => format!("{}k", dollars / 1_000),
        88 => dice.one(&["not sure", "N/A", "-"]).to_owned(),
        _ => format!("{dollars} USD"),
    }
}

pub(crate) fn number(value: u32, dice: &mut Dice) -> String {
    match dice.between(0, 99) {
        0..=84 => value.to_string(),
        85..=89 => format!("{value}.0"),
        90..=93 => format!(" {value}"),
        94..=96 => format!("{value} years"),
        97 => dice.one(&["unknown", "a lot", "N/A"]).to_owned(),
        _ => value.to_string(),
    }
}
