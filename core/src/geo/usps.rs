//! The words of USPS Publication 28: street suffixes (Appendix C1), unit designators (Appendix C2),
//! directionals (§233) and states (Appendix B). Spellings are upper case and without dots.

use super::lexicon::{Kind, word};
use super::study::{Means, without};
#[cfg(test)]
use super::suffixes::SUFFIXES;

/// The standard abbreviation of a street suffix, from any usual spelling.
pub(crate) fn suffix(text: &str) -> Option<&'static str> {
    word(text).suffix()
}

/// The suffixes that nearly always end a street's name, where others are often words within it.
pub(super) const ENDING: &[&str] =
    &["AVE", "BLVD", "CIR", "CT", "DR", "EXPY", "FWY", "HWY", "LN", "PKWY", "PL", "RD", "ST", "TER", "TPKE"];

/// Whether a standard suffix is one that nearly always ends a street's name.
pub(crate) fn ends_a_street(standard: &str) -> bool {
    word(standard).is(Kind::ENDING)
}

/// The suffix that a word was meant to be: a shortening that is no standard, or a long suffix with one slip.
pub(crate) fn suffix_with_a_slip(word: &str) -> Option<&'static str> {
    if without(Means::Slips) {
        return None;
    }
    let short = match word.as_bytes() {
        b"BLV" | b"BVD" => "BLVD",
        b"CI" => "CIR",
        b"HGWY" | b"HGHWY" => "HWY",
        b"PY" => "PKWY",
        _ => "",
    };
    if !short.is_empty() {
        return Some(short);
    }
    // The first letter is always right.
    let long: &[(&str, &str)] = match word.as_bytes().first()? {
        b'A' => &[("AVENUE", "AVE")],
        b'B' => &[("BOULEVARD", "BLVD")],
        b'C' => &[("CIRCLE", "CIR"), ("COURT", "CT")],
        b'D' => &[("DRIVE", "DR")],
        b'E' => &[("EXPRESSWAY", "EXPY")],
        b'H' => &[("HIGHWAY", "HWY")],
        b'L' => &[("LANE", "LN")],
        b'P' => &[("PARKWAY", "PKWY"), ("PLACE", "PL"), ("PLAZA", "PLZ")],
        b'R' => &[("ROAD", "RD")],
        b'S' => &[("SQUARE", "SQ"), ("STREET", "ST")],
        b'T' => &[("TERRACE", "TER"), ("TRAIL", "TRL")],
        _ => return None,
    };
    // A short word with a letter changed or added is too often another word: LANCE, TRAIN, COUNT.
    let may_be = |long: &str| word.len() >= 4 && (long.len() > 5 || word.len() < long.len());
    long.iter().find(|(long, _)| may_be(long) && one_slip(word, long)).map(|(_, standard)| *standard)
}

/// Whether two words differ by one letter added, left out, changed, or by two neighbours swapped.
pub(crate) fn one_slip(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a.as_bytes(), b.as_bytes()) } else { (b.as_bytes(), a.as_bytes()) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let (short, long) = (short.get(same..).unwrap_or_default(), long.get(same..).unwrap_or_default());
    match (short, long) {
        ([], []) => false,
        ([x, y, s @ ..], [p, q, l @ ..]) if s == l && x == q && y == p => true,
        ([_, s @ ..], [_, l @ ..]) if s == l => true,
        (s, [_, l @ ..]) => s == l,
        _ => false,
    }
}

/// The standard abbreviation of a directional, `NO` and `SO` included.
pub(crate) fn directional(text: &str) -> Option<&'static str> {
    word(text).directional()
}

/// The standard abbreviation of a unit designator.
pub(crate) fn unit(text: &str) -> Option<&'static str> {
    word(text).unit()
}

/// Whether a designator stands alone, without a number (Publication 28 §213).
pub(crate) fn unit_stands_alone(standard: &str) -> bool {
    ["BSMT", "FRNT", "LBBY", "LOWR", "OFC", "PH", "REAR", "SIDE", "UPPR"].contains(&standard)
}

/// The two letters of a state, territory or military region, from its name, an old abbreviation or the letters.
pub(crate) fn state(name: &str) -> Option<&'static str> {
    word(name).state()
}

/// The letters of the state whose full name has one slip in these words.
pub(crate) fn state_with_a_slip<'a>(words: &(impl Iterator<Item = &'a str> + Clone)) -> Option<&'static str> {
    STATES.iter().find(|(_, names)| is_name_with_a_slip(names, words)).map(|(letters, _)| *letters)
}

/// Whether these words are the full name of a state, with one slip; they are so for one state at most.
pub(crate) fn is_state_with_a_slip<'a>(state: &str, words: &(impl Iterator<Item = &'a str> + Clone)) -> bool {
    STATES.iter().find(|(letters, _)| *letters == state).is_some_and(|(_, names)| is_name_with_a_slip(names, words))
}

/// Whether words are the last of a state's names with one slip, but for its first letter.
fn is_name_with_a_slip<'a>(names: &str, words: &(impl Iterator<Item = &'a str> + Clone)) -> bool {
    let name = names.bytes().rposition(|byte| byte == b'|').and_then(|at| names.get(at + 1..)).unwrap_or(names);
    let first = words.clone().next().and_then(|word| word.bytes().next());
    if name.bytes().next() != first || first.is_none() {
        return false;
    }
    let (mut slips, mut names) = (0, name.split(' '));
    let near = words.clone().all(|word| {
        names.next().is_some_and(|name| {
            slips += u8::from(word != name);
            word == name || word.len() >= 5 && one_slip(word, name)
        })
    });
    near && slips == 1 && names.next().is_none()
}

/// The letters of a state that somebody probably meant.
pub(crate) fn state_meant(name: &str) -> Option<&'static str> {
    let name = name.trim().to_uppercase();
    let names = || STATES.iter().flat_map(|(letters, names)| names.split('|').chain([*letters]));
    state(&name).or_else(|| crate::text::did_you_mean(&name, names()).and_then(state))
}

/// Five digits as they are; three or four with the zeros that a number loses, where that is a known ZIP code.
pub(crate) fn zip_meant(text: &str) -> Option<String> {
    let text = text.trim();
    match text.len() {
        5 => text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.to_owned()),
        3 | 4 => Some(format!("{text:0>5}")).filter(|zip| super::zip_info(zip).is_some()),
        _ => None,
    }
}

pub(super) const DIRECTIONALS: &[(&str, &str)] = &[
    ("E", "EAST"),
    ("N", "NO NORTH NTH"),
    ("NE", "NORTH-EAST NORTHEAST"),
    ("NW", "NORTH-WEST NORTHWEST"),
    ("S", "SO SOUTH STH"),
    ("SE", "SOUTH-EAST SOUTHEAST"),
    ("SW", "SOUTH-WEST SOUTHWEST"),
    ("W", "WEST"),
];

pub(super) const UNITS: &[(&str, &str)] = &[
    ("APT", "APARTMENT APMT APPT APTMT FLAT"),
    ("BLDG", "BLD BUILD BUILDING"),
    ("BSMT", "BASEMENT"),
    ("DEPT", "DEPARTMENT"),
    ("FL", "FLOOR FLR"),
    ("FRNT", "FRONT"),
    ("HNGR", "HANGAR HANGER"),
    ("KEY", ""),
    ("LBBY", "LOBBY"),
    ("LEVEL", "LVL"),
    ("LOT", "LT"),
    ("LOWR", "LOWER"),
    ("OFC", "OFFICE"),
    ("PH", "PENTHOUSE"),
    ("PIER", ""),
    ("PMB", ""),
    ("REAR", ""),
    ("RM", "ROOM"),
    ("SIDE", ""),
    ("SLIP", ""),
    ("SPC", "SP SPACE"),
    ("STE", "SUIT SUITE SUTE"),
    ("STOP", ""),
    ("TRLR", "TRAILER TRLER"),
    ("UNIT", "UNT"),
    ("UPPR", "UPPER"),
];

pub(super) const STATES: &[(&str, &str)] = &[
    ("AA", ""),
    ("AE", ""),
    ("AK", "ALAS|ALASKA"),
    ("AL", "ALA|ALABAMA"),
    ("AP", ""),
    ("AR", "ARK|ARKANSAS"),
    ("AS", "AMERICAN SAMOA"),
    ("AZ", "ARIZ|ARIZONA"),
    ("CA", "CAL|CALIF|CALIFORNIA"),
    ("CO", "COL|COLO|COLORADO"),
    ("CT", "CONN|CONNECTICUT"),
    ("DC", "D C|DISTRICT OF COLUMBIA"),
    ("DE", "DEL|DELAWARE"),
    ("FL", "FLA|FLOR|FLORIDA"),
    ("FM", "FEDERATED STATES OF MICRONESIA"),
    ("GA", "GEORGIA"),
    ("GU", "GUAM"),
    ("HI", "HAWAII"),
    ("IA", "IOWA"),
    ("ID", "IDA|IDAHO"),
    ("IL", "ILL|ILLINOIS"),
    ("IN", "IND|INDIANA"),
    ("KS", "KAN|KANS|KANSAS"),
    ("KY", "KEN|KENT|KENTUCKY"),
    ("LA", "LOUISIANA"),
    ("MA", "MASS|MASSACHUSETTS"),
    ("MD", "MARYLAND"),
    ("ME", "MAINE"),
    ("MH", "MARSHALL ISLANDS"),
    ("MI", "MICH|MICHIGAN"),
    ("MN", "MINN|MINNESOTA"),
    ("MO", "MISSOURI"),
    ("MP", "NORTHERN MARIANA ISLANDS"),
    ("MS", "MISS|MISSISSIPPI"),
    ("MT", "MONT|MONTANA"),
    ("NC", "N C|NORTH CAROLINA"),
    ("ND", "N DAK|NORTH DAKOTA"),
    ("NE", "NEB|NEBR|NEBRASKA"),
    ("NH", "N H|NEW HAMPSHIRE"),
    ("NJ", "N J|NEW JERSEY"),
    ("NM", "N M|N MEX|NEW M|NEW MEXICO"),
    ("NV", "NEV|NEVADA"),
    ("NY", "N Y|NEW YORK"),
    ("OH", "OHIO"),
    ("OK", "OKLA|OKLAHOMA"),
    ("OR", "ORE|OREG|OREGON"),
    ("PA", "PENN|PENNSYLVANIA"),
    ("PR", "PUERTO RICO"),
    ("PW", "PALAU"),
    ("RI", "R I|RHODE ISLAND"),
    ("SC", "S C|SOUTH CAROLINA"),
    ("SD", "S DAK|SOUTH DAKOTA"),
    ("TN", "TENN|TENNESSEE"),
    ("TX", "TEX|TEXAS"),
    ("UT", "UTAH"),
    ("VA", "VIRGINIA"),
    ("VI", "VIRGIN ISLANDS"),
    ("VT", "VERMONT"),
    ("WA", "WASH|WASHINGTON"),
    ("WI", "WIS|WISC|WISCONSIN"),
    ("WV", "W VA|WEST VIRGINIA"),
    ("WY", "WYO|WYOMING"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_words_are_their_own() {
        for (standard, _) in SUFFIXES {
            assert_eq!(suffix(standard), Some(*standard));
        }
        for (standard, _) in STATES {
            assert_eq!(state(standard), Some(*standard));
        }
        assert_eq!((suffix("STREET"), unit("SUITE"), directional("SOUTHEAST")), (Some("ST"), Some("STE"), Some("SE")));
        assert_eq!((state("NEW YORK"), state("N Y"), state("ONTARIO")), (Some("NY"), Some("NY"), None));
    }

    #[test]
    fn no_spelling_means_two_things() {
        for (rows, between) in [(SUFFIXES, ' '), (UNITS, ' '), (STATES, '|'), (DIRECTIONALS, ' ')] {
            let spellings = |(standard, others): &(&'static str, &'static str)| {
                others.split(between).chain([*standard]).filter(|word| !word.is_empty()).collect::<Vec<_>>()
            };
            let all: Vec<&str> = rows.iter().flat_map(spellings).collect();
            assert_eq!(all.iter().collect::<std::collections::BTreeSet<_>>().len(), all.len());
        }
    }

    #[test]
    fn one_slip_is_an_insertion_a_deletion_a_change_or_a_swap() {
        for word in ["STRET", "STREEET", "STREAT", "STERET"] {
            assert!(one_slip(word, "STREET"), "{word}");
        }
        for word in ["STREET", "STRT", "TSRETE"] {
            assert!(!one_slip(word, "STREET"), "{word}");
        }
        assert_eq!(suffix_with_a_slip("CIRCEL"), Some("CIR"));
        assert_eq!(suffix_with_a_slip("MAIN"), None);
    }
}
