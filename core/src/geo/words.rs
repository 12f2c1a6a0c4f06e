//! Words of street lines that Publication 28 has no table for: numbers in words, and the words around
//! numbered roads, boxes and routes.

use super::lexicon::Kind;

/// Digits and how they are spelled.
pub(super) const CARDINALS: &[(&str, &str)] = &[
    ("1", "ONE"),
    ("2", "TWO"),
    ("3", "THREE"),
    ("4", "FOUR"),
    ("5", "FIVE"),
    ("6", "SIX"),
    ("7", "SEVEN"),
    ("8", "EIGHT"),
    ("9", "NINE"),
    ("10", "TEN"),
    ("11", "ELEVEN"),
    ("12", "TWELVE"),
    ("13", "THIRTEEN"),
    ("14", "FOURTEEN"),
    ("15", "FIFTEEN"),
    ("16", "SIXTEEN"),
    ("17", "SEVENTEEN"),
    ("18", "EIGHTEEN"),
    ("19", "NINETEEN"),
    ("20", "TWENTY"),
    ("30", "THIRTY"),
    ("40", "FORTY"),
    ("50", "FIFTY"),
    ("60", "SIXTY"),
    ("70", "SEVENTY"),
    ("80", "EIGHTY"),
    ("90", "NINETY"),
];

/// Digits and the ordinal for them.
pub(super) const ORDINALS: &[(&str, &str)] = &[
    ("1", "FIRST"),
    ("2", "SECOND"),
    ("3", "THIRD"),
    ("4", "FOURTH"),
    ("5", "FIFTH"),
    ("6", "SIXTH"),
    ("7", "SEVENTH"),
    ("8", "EIGHTH"),
    ("9", "NINTH"),
    ("10", "TENTH"),
    ("11", "ELEVENTH"),
    ("12", "TWELFTH"),
    ("13", "THIRTEENTH"),
    ("14", "FOURTEENTH"),
    ("15", "FIFTEENTH"),
    ("16", "SIXTEENTH"),
    ("17", "SEVENTEENTH"),
    ("18", "EIGHTEENTH"),
    ("19", "NINETEENTH"),
    ("20", "TWENTIETH"),
];

/// Kinds of words, each with its words.
pub(super) const FLAGGED: &[(Kind, &str)] = &[
    (
        Kind::ROUTE,
        "BUSINESS CO COUNTY CR CTH FM HGHWY HGWY HIGHWAY HIGHWAYS HIWAY HWY HWYS I IH INTERSTATE LOOP NO NUMBER OLD \
         PR RD RM ROAD ROUTE ROUTES RT RTE RTS SH SPUR SR STATE STH US",
    ),
    (Kind::HIGHWAY, "HGHWY HGWY HIGHWAY HIWAY HWY NO NUMBER ROUTE RT RTE"),
    (Kind::OWNER, "CNTY CO COUNTRY COUNTY CTY FARM FOREST PRIVATE RANCH SERVICE STATE TOWNSHIP TWP"),
    (Kind::SPANISH, "AVENIDA CALLE CALLEJON CAMINITO CAMINO CARRETERA PASEO RUE VEREDA VIA"),
    (
        Kind::BOX,
        "BOX CALLER CMR DRAWER GEN GENERAL HC HCR HIGHWAY HWY LBX LOCK LOCKBOX P PO POB POBOX POST PSC R RD RFD \
         ROUTE RR RT RTE RURAL STAR UNIT",
    ),
    (
        Kind::PLACEHOLDER,
        "ANY ANYCITY ANYPLACE ANYSTREET ANYTOWN ANYWHERE BLANK DONT EXAMPLE FAKE HOMELESS N/A NA NIL NO NONE NOT NOTHING \
         NULL SAME SAMPLE SOME SOMECITY SOMEPLACE SOMETOWN SOMEWHERE TBA TBD TEST TESTING UNDEFINED UNK UNKNOWN UNLISTED \
         YOUR YOURCITY YOURTOWN",
    ),
];
