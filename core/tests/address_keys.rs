//! Keys: what they fold, and the near misses that they keep apart.

use leadwright::address::{CanonicalAddress, canonicalize_text};

fn read(text: &str) -> CanonicalAddress {
    let address = canonicalize_text(text, "");
    assert!(address.key.is_some() && address.building_key.is_some(), "{text}");
    address
}

/// Spellings of one household.
const SAME: &[&[&str]] = &[
    &[
        "12 North Oak Street Apt 4, Kalona, IA 52247",
        "12 N OAK ST UNIT 4 KALONA IA 52247-1234",
        "12 n. oak st. #04, kalona iowa 52247, USA",
        "Apt 4, 12 N Oak St\nKalona 52247",
        "12 N Oak Str, Suite 4, 52247",
    ],
    &["9 Lake View Dr, Kalona IA 52247", "9 Lakeview Drive, Kalona IA 52247", "9 LK VW DR KALONA IA 52247"],
    &["7 La Salle Ave, Kalona IA 52247", "7 Lasalle Avenue, Kalona IA 52247", "7 LA SALLE AV, KALONA IA 52247"],
    &["5 St Paul Rd, Kalona IA 52247", "5 Saint Paul Road, Kalona IA 52247"],
    &["5 Mount Vernon Rd, Kalona IA 52247", "5 Mt. Vernon Road, Kalona IA 52247"],
    &["31 First Ave, Kalona IA 52247", "31 1st Avenue, Kalona IA 52247"],
    &["31 W 2nd St, Kalona IA 52247", "31 West Second Street, Kalona IA 52247"],
    &["800 County Road 12, Kalona IA 52247", "800 CR 12, Kalona IA 52247", "800 Co. Rd. 12, Kalona IA 52247"],
    &["109-A Elm St, Kalona IA 52247", "109A Elm Street, Kalona IA 52247"],
    &["0012 Elm St, Kalona IA 52247", "12 Elm St, Kalona IA 52247"],
    &["310 Boulevard East, Kalona IA 52247", "310 BOULEVARD E, KALONA IA 52247"],
    &["P.O. Box 12, Kalona IA 52247", "POB 12 KALONA IA 52247", "Post Office Box 0012, Kalona, IA 52247"],
    &["RR 2 Box 15, Kalona IA 52247", "Rural Route 2, Box 15, Kalona IA 52247"],
    &["12 Elm St Fl 3 Apt 3B, Kalona IA 52247", "12 Elm St Apt 3-B, Kalona IA 52247"],
    &["12 Elm Strret, Kalona IA 52247", "12 Elm St, Kalna IA 52247"],
];

/// Households that are nearly written alike.
const APART: &[(&str, &str)] = &[
    ("12 East Elm St, Kalona IA 52247", "12 West Elm St, Kalona IA 52247"),
    ("12 E Elm St, Kalona IA 52247", "12 Elm St E, Kalona IA 52247"),
    ("12 E Elm St, Kalona IA 52247", "12 Elm St, Kalona IA 52247"),
    ("12 1st St, Kalona IA 52247", "12 11th St, Kalona IA 52247"),
    ("12 11th St, Kalona IA 52247", "121 1st St, Kalona IA 52247"),
    ("12 Elm St, Kalona IA 52247", "12 Elm Ave, Kalona IA 52247"),
    ("12 Elm St, Kalona IA 52247", "13 Elm St, Kalona IA 52247"),
    ("12 Elm St, Kalona IA 52247", "112 Elm St, Kalona IA 52247"),
    ("12 Elm St, Kalona IA 52247", "12 1/2 Elm St, Kalona IA 52247"),
    ("59-17 Elm St, Kalona IA 52247", "5917 Elm St, Kalona IA 52247"),
    ("12 Elm St, Kalona IA 52247", "12 Elm St, Kalona IA 52248"),
    ("12 N Ewton Rd, Kalona IA 52247", "12 Newton Rd, Kalona IA 52247"),
    ("12 Main St W, Kalona IA 52247", "12 Main Stw, Kalona IA 52247"),
    ("12 Main St, Kalona IA 52247", "12 Mainst Ave, Kalona IA 52247"),
    ("12 County Road 1, Kalona IA 52247", "12 County Road 11, Kalona IA 52247"),
    ("12 Avenue E, Kalona IA 52247", "12 E Avenue, Kalona IA 52247"),
    ("PO Box 1, Kalona IA 52247", "PO Box 11, Kalona IA 52247"),
    ("RR 1 Box 12, Kalona IA 52247", "RR 11 Box 2, Kalona IA 52247"),
    ("RR 1 Box 12, Kalona IA 52247", "PO Box 12, Kalona IA 52247"),
    ("12 Oak St, Springfield IL", "12 Oak St, Springfield MO"),
];

/// Units of one building.
const UNITS: &[(&str, &str)] = &[
    ("12 Elm St Unit 1, Kalona IA 52247", "12 Elm St Unit 11, Kalona IA 52247"),
    ("12 Elm St Apt 1, Kalona IA 52247", "12 Elm St Apt 1A, Kalona IA 52247"),
    ("12 Elm St Apt 1, Kalona IA 52247", "12 Elm St, Kalona IA 52247"),
    ("12 Elm St Bldg 1 Apt 12, Kalona IA 52247", "12 Elm St Bldg 11 Apt 2, Kalona IA 52247"),
    ("12 Elm St Rear, Kalona IA 52247", "12 Elm St Bsmt, Kalona IA 52247"),
];

#[test]
fn one_household_has_one_key() {
    for spellings in SAME {
        let first = read(spellings[0]);
        for text in *spellings {
            let other = read(text);
            assert_eq!(first.key, other.key, "{text}: {:?}", other.components.parts().collect::<Vec<_>>());
            assert_eq!(first.building_key, other.building_key, "{text}");
        }
    }
}

#[test]
fn near_misses_stay_apart() {
    for (one, other) in APART {
        let (a, b) = (read(one), read(other));
        assert_ne!(a.key, b.key, "{one} / {other}");
        assert_ne!(a.building_key, b.building_key, "{one} / {other}");
    }
}

#[test]
fn units_share_the_key_of_their_building_alone() {
    for (one, other) in UNITS {
        let (a, b) = (read(one), read(other));
        assert_ne!(a.key, b.key, "{one} / {other}");
        assert_eq!(a.building_key, b.building_key, "{one} / {other}");
        assert_ne!(a.key, a.building_key, "{one}");
    }
}

#[test]
fn a_key_is_the_version_and_128_bits() {
    let key = read("12 Elm St, Kalona IA 52247").key.unwrap();
    let digits = key.strip_prefix("k1-").unwrap();
    assert_eq!(digits.len(), 32);
    assert!(digits.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)));
}

#[test]
fn without_a_place_or_a_number_there_is_no_key() {
    for text in ["12 Elm St", "Elm St, Kalona IA 52247", "Kalona IA 52247", "General Delivery, Kalona IA 52247"] {
        let address = canonicalize_text(text, "");
        assert_eq!((address.key, address.building_key), (None, None), "{text}");
    }
}
