//! The words of Canada Post's addressing guidelines: provinces, street types, directions and units, in English and
//! French, in the abbreviations that it wants (guidelines, "Symbols and abbreviations").

/// The letters of a province or territory, from its letters, its name or an old abbreviation.
pub(super) fn province(name: &str) -> Option<&'static str> {
    Some(match name {
        "AB" | "ALBERTA" | "ALTA" | "ALB" => "AB",
        "BC" | "BRITISH COLUMBIA" | "COLOMBIE BRITANNIQUE" | "C B" => "BC",
        "MB" | "MANITOBA" | "MAN" => "MB",
        "NB" | "NEW BRUNSWICK" | "NOUVEAU BRUNSWICK" | "N B" => "NB",
        "NL"
        | "NF"
        | "NFLD"
        | "NEWFOUNDLAND"
        | "LABRADOR"
        | "NEWFOUNDLAND AND LABRADOR"
        | "NEWFOUNDLAND & LABRADOR"
        | "TERRE NEUVE"
        | "TERRE NEUVE ET LABRADOR"
        | "T N L" => "NL",
        "NS" | "NOVA SCOTIA" | "NOUVELLE ECOSSE" | "N E" => "NS",
        "NT" | "NWT" | "NORTHWEST TERRITORIES" | "TERRITOIRES DU NORD OUEST" | "TNO" => "NT",
        "NU" | "NUNAVUT" => "NU",
        "ON" | "ONT" | "ONTARIO" => "ON",
        "PE" | "PEI" | "PRINCE EDWARD ISLAND" | "ILE DU PRINCE EDOUARD" | "I P E" => "PE",
        "QC" | "PQ" | "QUE" | "QUEBEC" => "QC",
        "SK" | "SASK" | "SASKATCHEWAN" => "SK",
        "YT" | "YUKON" | "YUKON TERRITORY" | "TERRITOIRE DU YUKON" => "YT",
        _ => return None,
    })
}

/// Whether a word may be the last one of a province's name.
pub(super) fn may_end_province(word: &str) -> bool {
    const LAST: &[&str] = &[
        "AB",
        "ALB",
        "ALBERTA",
        "ALTA",
        "B",
        "BC",
        "BRITANNIQUE",
        "BRUNSWICK",
        "C",
        "COLOMBIA",
        "E",
        "ECOSSE",
        "EDOUARD",
        "I",
        "ISLAND",
        "L",
        "LABRADOR",
        "MAN",
        "MANITOBA",
        "MB",
        "N",
        "NB",
        "NEUVE",
        "NEWFOUNDLAND",
        "NF",
        "NFLD",
        "NL",
        "NS",
        "NT",
        "NU",
        "NUNAVUT",
        "NWT",
        "ON",
        "ONT",
        "ONTARIO",
        "OUEST",
        "PE",
        "PEI",
        "PQ",
        "Q",
        "QC",
        "QUE",
        "QUEBEC",
        "SASK",
        "SASKATCHEWAN",
        "SCOTIA",
        "SK",
        "T",
        "TERRITORIES",
        "TERRITORY",
        "TNO",
        "YT",
        "YUKON",
    ];
    LAST.contains(&word) || word.contains('-')
}

/// Whether a word is the country.
pub(super) fn is_country(word: &str) -> bool {
    matches!(word, "CANADA" | "CAN" | "CA")
}

/// A street type after the name, as English has it.
pub(super) fn english_type(word: &str) -> Option<&'static str> {
    Some(match word {
        "ALLEY" => "ALLEY",
        "AV" | "AVE" | "AVENUE" => "AVE",
        "BAY" => "BAY",
        "BEND" => "BEND",
        "BLVD" | "BOULEVARD" => "BLVD",
        "BYPASS" => "BYPASS",
        "CIR" | "CIRCLE" => "CIR",
        "CLOSE" => "CLOSE",
        "COMMON" => "COMMON",
        "CON" | "CONC" | "CONCESSION" => "CONC",
        "COURT" | "CRT" | "CT" => "CRT",
        "COVE" => "COVE",
        "CRES" | "CRESCENT" | "CR" => "CRES",
        "CROSSING" => "CROSS",
        "DR" | "DRIVE" => "DR",
        "ESPLANADE" | "ESPL" => "ESPL",
        "ESTATES" => "ESTATE",
        "EXPRESSWAY" | "EXPY" => "EXPY",
        "FREEWAY" | "FWY" => "FWY",
        "GARDENS" | "GDNS" => "GDNS",
        "GATE" => "GATE",
        "GLEN" => "GLEN",
        "GREEN" => "GREEN",
        "GROVE" => "GROVE",
        "HEIGHTS" | "HTS" => "HTS",
        "HIGHWAY" | "HWY" => "HWY",
        "HILL" => "HILL",
        "ISLAND" => "ISLAND",
        "LANDING" | "LANDNG" => "LANDNG",
        "LANE" | "LN" => "LANE",
        "LINE" => "LINE",
        "LINK" => "LINK",
        "LOOP" => "LOOP",
        "MALL" => "MALL",
        "MANOR" => "MANOR",
        "MEWS" => "MEWS",
        "PARADE" => "PARADE",
        "PARK" | "PK" => "PK",
        "PARKWAY" | "PKWY" | "PKY" => "PKY",
        "PATH" => "PATH",
        "PL" | "PLACE" => "PL",
        "PLAZA" => "PLAZA",
        "POINT" | "PT" => "PT",
        "PRIVATE" | "PVT" => "PVT",
        "QUAY" => "QUAY",
        "RD" | "ROAD" => "RD",
        "RIDGE" => "RIDGE",
        "RISE" => "RISE",
        "ROW" => "ROW",
        "RUN" => "RUN",
        "SIDEROAD" => "SIDERD",
        "SQ" | "SQUARE" => "SQ",
        "ST" | "STR" | "STREET" => "ST",
        "TER" | "TERR" | "TERRACE" => "TERR",
        "TLINE" | "TOWNLINE" => "TLINE",
        "TRAIL" | "TRL" => "TRAIL",
        "VIEW" => "VIEW",
        "VILLAGE" | "VILLGE" => "VILLGE",
        "WALK" => "WALK",
        "WAY" => "WAY",
        "WHARF" => "WHARF",
        "WYND" => "WYND",
        _ => return None,
    })
}

/// A street type before the name, as French has it.
pub(super) fn french_type(word: &str) -> Option<&'static str> {
    Some(match word {
        "ALLEE" => "ALLEE",
        "AUT" | "AUTOROUTE" => "AUT",
        "AV" | "AVE" | "AVENUE" => "AV",
        "BD" | "BLVD" | "BOUL" | "BOULEVARD" | "BLD" => "BOUL",
        "CARRE" => "CAR",
        "CARREF" | "CARREFOUR" => "CARREF",
        "CERCLE" => "CERCLE",
        "CH" | "CHEM" | "CHEMIN" => "CH",
        "COTE" => "COTE",
        "COUR" => "COUR",
        "COURS" => "COURS",
        "CROIS" | "CROISSANT" => "CROIS",
        "ESPL" | "ESPLANADE" => "ESPL",
        "ILE" => "ILE",
        "IMP" | "IMPASSE" => "IMP",
        "MONTEE" => "MONTEE",
        "PASSAGE" => "PASS",
        "PLACE" => "PLACE",
        "PROM" | "PROMENADE" => "PROM",
        "QUAI" => "QUAI",
        "RANG" => "RANG",
        "ROUTE" | "RTE" => "RTE",
        "RUE" => "RUE",
        "RLE" | "RUELLE" => "RLE",
        "SENT" | "SENTIER" => "SENT",
        "SQUARE" | "SQ" => "SQ",
        "TERRASSE" | "TSSE" => "TSSE",
        "VOIE" => "VOIE",
        _ => return None,
    })
}

/// Whether a type is never English, so that it opens a street in every province.
pub(super) fn is_only_french(standard: &str) -> bool {
    !["AV", "AUT", "BOUL", "COTE", "COUR", "ESPL", "ILE", "IMP", "PASS", "PLACE", "PROM", "RTE", "SQ"]
        .contains(&standard)
}

/// Words that stand in French names only, mostly.
pub(super) fn is_french_particle(word: &str) -> bool {
    let saint = |prefix: &str| word.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-'));
    ["DE", "DES", "DU", "LA", "LE", "LES", "SAINT", "SAINTE"].contains(&word)
        || ["SAINT", "SAINTE", "ST", "STE"].iter().any(|p| saint(p))
}

/// One class for the types of both languages that officially name the same streets, for keys.
pub(super) fn type_class(standard: &str) -> &str {
    match standard {
        "AV" => "AVE",
        "BOUL" => "BLVD",
        "CAR" => "SQ",
        "CERCLE" => "CIR",
        "CH" => "RD",
        "CROIS" => "CRES",
        "PLACE" => "PL",
        "PROM" => "DR",
        "RLE" => "LANE",
        "RUE" => "ST",
        "TSSE" => "TERR",
        other => other,
    }
}

/// A direction after the name; what it is in a key, and what it is on a line.
pub(super) fn direction(word: &str, french: bool) -> Option<&'static str> {
    Some(match word {
        "N" | "NORTH" | "NORD" => "N",
        "S" | "SOUTH" | "SUD" => "S",
        "E" | "EAST" | "EST" => "E",
        "W" | "WEST" => "W",
        "OUEST" => "O",
        "O" if french => "O",
        "NE" | "NORTHEAST" | "NORD-EST" | "NORTH-EAST" => "NE",
        "NW" | "NORTHWEST" | "NORTH-WEST" => "NW",
        "NORD-OUEST" => "NO",
        "NO" if french => "NO",
        "SE" | "SOUTHEAST" | "SUD-EST" | "SOUTH-EAST" => "SE",
        "SW" | "SOUTHWEST" | "SOUTH-WEST" => "SW",
        "SUD-OUEST" => "SO",
        "SO" if french => "SO",
        _ => return None,
    })
}

/// The English letters of a direction.
pub(super) fn english_direction(standard: &str) -> &str {
    match standard {
        "O" => "W",
        "NO" => "NW",
        "SO" => "SW",
        other => other,
    }
}

/// A word for a unit, standardized, and whether it is French.
pub(super) fn unit(word: &str) -> Option<(&'static str, bool)> {
    Some(match word {
        "APARTMENT" | "APT" => ("APT", false),
        "BLDG" | "BUILDING" => ("BLDG", false),
        "BASEMENT" | "BSMT" => ("BSMT", false),
        "FL" | "FLOOR" | "FLR" => ("FLOOR", false),
        "PENTHOUSE" | "PH" => ("PH", false),
        "RM" | "ROOM" => ("ROOM", false),
        "STE" | "SUITE" => ("SUITE", false),
        "UNIT" => ("UNIT", false),
        "APP" | "APPARTEMENT" | "APPT" => ("APP", true),
        "BUR" | "BUREAU" => ("BUREAU", true),
        "ETAGE" => ("ETAGE", true),
        "LOCAL" => ("LOCAL", true),
        "PORTE" => ("PORTE", true),
        "UNITE" => ("UNITE", true),
        _ => return None,
    })
}

/// Units that stand around another one.
pub(super) fn is_outer(unit: &str) -> bool {
    ["BLDG", "ETAGE", "FLOOR"].contains(&unit)
}

/// A word for a post office, standardized, and whether it is French.
pub(super) fn station(word: &str) -> Option<(&'static str, bool)> {
    Some(match word {
        "STATION" | "STN" => ("STN", false),
        "RPO" => ("RPO", false),
        "LCD" => ("LCD", false),
        "SUCC" | "SUCCURSALE" => ("SUCC", true),
        "CSP" => ("CSP", true),
        "PDF" => ("PDF", true),
        _ => return None,
    })
}

/// The digits of `5TH`, `5E`, `1RE`, `1ER`, `2IEME`, and whether the ending is French.
pub(super) fn ordinal(word: &str) -> Option<(&str, bool)> {
    let end = word.find(|c: char| !c.is_ascii_digit()).filter(|end| *end > 0)?;
    let (digits, ending) = word.split_at_checked(end)?;
    match ending {
        "ST" | "ND" | "RD" | "TH" => Some((digits, false)),
        "E" | "EME" | "IEME" | "ER" | "RE" | "IERE" => Some((digits, true)),
        _ => None,
    }
}
