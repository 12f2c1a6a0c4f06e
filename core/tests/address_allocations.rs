//! A canonicalizer that is warm takes no memory from the allocator but for its answers.

use leadwright::address::{CanonicalAddress, Canonicalizer};
use leadwright::model::{Correction, Problem};

/// Street lines of all kinds, with a number or not, with what has to be corrected or not.
const LINES: &[&str] = &[
    "{n} Elm St",
    "{n} north elm street apt 4b",
    "{n} W Oak Ridge Avenue NW, Suite 200",
    "{n} E 900 South",
    "{n} County Rd 12",
    "{n} State Hwy No 33, Lot {n}",
    "{n} I-35 Frontage Rd",
    "{n} Elm Stret # 12",
    "{n}-A Main Street, Bldg 7 Unit 4-B",
    "00{n} First Ave",
    "{n} Twenty-First St, 2nd Floor",
    "{n} 1/2 Martin Luther King Jr Blvd",
    "N6W{n} Elm Ln",
    "PO Box {n}",
    "P.O. Box {n}, {n} Elm St",
    "RR 2 Box {n}",
    "General Delivery",
    "5th & Main Sts",
    "One Hundred Six Elm St",
    "c/o J Doe, {n} Elm St",
    "{n} Saint Paul Street, extra words here",
    "n/a",
    "Elm St",
    "{n} Camino del Sol",
];

const PLACES: &[&str] = &[
    "Kalona IA 52247",
    "Salt Lake City, Utah 84111-1234",
    "SLC UT 84105",
    "Springfeld, IL 62701",
    "St. Paul, MN",
    "New York NY, 10001, USA",
    "Jersey City NJ 7302",
    "Boston, Mass 02134",
    "Nowhere At All, TX 75201",
    "Chicago 60601",
    "Denver, CO 62701",
    "",
];

fn texts(from: usize) -> Vec<String> {
    let numbered = |line: &str, number: usize| line.replace("{n}", &(number % 900 + 100).to_string());
    let lines = LINES.iter().enumerate();
    lines
        .flat_map(|(at, line)| PLACES.iter().map(move |place| (at, line, place)))
        .map(|(at, line, place)| format!("{}, {place}", numbered(line, from + at * 37)))
        .collect()
}

/// How many pieces of memory an answer owns.
fn owned(address: &CanonicalAddress) -> u64 {
    let one = |text: &str| u64::from(!text.is_empty());
    let maybe = |text: &Option<String>| one(text.as_deref().unwrap_or_default());
    let correction = |correction: &Correction| {
        let Correction { path, from, to, .. } = correction;
        one(path) + one(from) + one(to)
    };
    let problem = |problem: &Problem| {
        let Problem { path, shape, expected, suggestion, .. } = problem;
        one(path) + maybe(shape) + maybe(expected) + maybe(suggestion)
    };
    let lists = [!address.lines.is_empty(), !address.corrections.is_empty(), !address.problems.is_empty()];
    address.components.parts().count() as u64
        + maybe(&address.key)
        + maybe(&address.building_key)
        + address.lines.iter().map(|line| one(line)).sum::<u64>()
        + address.corrections.iter().map(correction).sum::<u64>()
        + address.problems.iter().map(problem).sum::<u64>()
        + lists.into_iter().map(u64::from).sum::<u64>()
}

#[test]
fn a_warm_canonicalizer_allocates_nothing_but_its_answers() {
    let mut canonicalizer = Canonicalizer::default();
    for text in texts(0) {
        canonicalizer.text(&text, "/address");
    }
    let (mut taken, mut wanted) = (0, 0);
    for text in texts(500) {
        let mut answer = None;
        let counted = allocation_counter::measure(|| answer = Some(canonicalizer.text(&text, "/address")));
        let address = answer.expect("an answer");
        // What refuses an address may have read parts of it first.
        if address.lines.is_empty() {
            continue;
        }
        let owned = owned(&address);
        assert!(counted.count_total <= owned, "{} allocations, {owned} in the answer: {text}", counted.count_total);
        taken += counted.count_total;
        wanted += owned;
    }
    assert!(wanted > 3_000 && taken > 3_000, "the counter counts: {taken} of {wanted}");
}
