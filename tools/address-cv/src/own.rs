//! What the matching task does not have: slips in the city, and parts of the place left out. Made from real addresses,
//! seeded.

use crate::matching::{Outcome, lines};
use leadwright::address::Canonicalizer;
use leadwright::geo::{CityKey, is_city, zips_of_city};
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize, Clone)]
struct Place {
    street: String,
    city: String,
    state: String,
    zip: String,
}

const COUNT: usize = 5_000;
const SEED: u64 = 4;

pub(crate) fn print(folder: &Path) -> Result<(), String> {
    let places: Vec<Place> = lines(&folder.join("data/us_places.train.jsonl"))?;
    let mut chance = fastrand::Rng::with_seed(SEED);
    let mut canonicalizer = Canonicalizer::default();
    let mut key = |text: &str| canonicalizer.text(text, "").key;
    let whole = |place: &Place| format!("{}, {}, {} {}", place.street, place.city, place.state, place.zip);
    let mut tasks: [(&str, Outcome); 9] = [
        ("a slip in the city, ZIP code there", Outcome::default()),
        ("city left out, ZIP code there", Outcome::default()),
        ("state left out, ZIP code there", Outcome::default()),
        ("ZIP code left out, the city has one for streets", Outcome::default()),
        ("ZIP code left out, the city has several", Outcome::default()),
        ("ZIP code left out on both sides, spelled otherwise", Outcome::default()),
        ("ZIP code left out on both sides, a slip in the city", Outcome::default()),
        ("near miss: another city of the state, no ZIP code", Outcome::default()),
        ("near miss: next ZIP code", Outcome::default()),
    ];
    let mut done = 0;
    while done < COUNT {
        let Place { street, city, state, zip } = chance.choice(&places).ok_or("no places")?.clone();
        let place = Place { street, city, state, zip };
        let Some(first) = key(&whole(&place)).filter(|_| place.zip.len() == 5) else { continue };
        done += 1;
        let Place { street, city, state, zip } = &place;
        let slipped = slip(city, &mut chance);
        let mut is = |text: &str| key(text).as_ref() == Some(&first);
        tasks[0].1.add(true, is(&format!("{street}, {slipped}, {state} {zip}")));
        tasks[1].1.add(true, is(&format!("{street}, {state} {zip}")));
        tasks[2].1.add(true, is(&format!("{street}, {city} {zip}")));
        let own = CityKey::of(city);
        let count = zips_of_city(&own, state).filter(|zip| CityKey::of(zip.city()) == own).count();
        tasks[if count == 1 { 3 } else { 4 }].1.add(true, is(&format!("{street}, {city}, {state}")));
        let next = zip.parse().map_or(0, |zip: u32| (zip + 1) % 100_000);
        tasks[8].1.add(false, is(&format!("{street}, {city}, {state} {next:05}")));
        let Some(without) = key(&format!("{street}, {city}, {state}")) else { continue };
        let mut is = |text: &str| key(text).as_ref() == Some(&without);
        tasks[5].1.add(true, is(&format!("{} {} {}", street.to_uppercase(), city.to_uppercase(), state)));
        tasks[6].1.add(true, is(&format!("{street}, {slipped}, {state}")));
        let other = chance.choice(&places).ok_or("no places")?.city.clone();
        if CityKey::of(&other) != own && is_city(&CityKey::of(&other), state) {
            tasks[7].1.add(false, is(&format!("{street}, {other}, {state}")));
        }
    }
    println!("\nOwn cases, from {COUNT} real addresses:\n");
    for (name, outcome) in &tasks {
        println!("- {name}: {outcome}");
    }
    Ok(())
}

/// One letter after the second left out, doubled, changed, or two swapped.
fn slip(city: &str, chance: &mut fastrand::Rng) -> String {
    let mut letters: Vec<char> = city.chars().collect();
    let inner: Vec<usize> =
        (2..letters.len()).filter(|at| letters[*at].is_alphabetic() && letters[at - 1].is_alphabetic()).collect();
    let Some(at) = chance.choice(&inner).copied() else { return city.to_owned() };
    match chance.u8(0..4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 => letters[at] = char::from(chance.u8(b'a'..=b'z')),
        _ => letters.swap(at - 1, at),
    }
    letters.into_iter().collect()
}
