//! The words that stand around names, by what they do there. Written for this library, all in small letters.

/// Before a name, and never one themselves.
static TITLES: Words = Words::of(&[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "mister",
    "missus",
    "madam",
    "madame",
    "mme",
    "mlle",
    "monsieur",
    "herr",
    "frau",
    "señor",
    "señora",
    "señorita",
    "senor",
    "senora",
    "senorita",
    "sra",
    "srta",
    "signor",
    "signora",
    "dr",
    "dra",
    "doctor",
    "prof",
    "professor",
    "rev",
    "revd",
    "reverend",
    "hon",
    "honorable",
    "honourable",
    "rt",
    "msgr",
]);

/// Before a name, but people are called so too: a title only when enough is left for a name.
static WEAK_TITLES: Words = Words::of(&[
    "sir",
    "dame",
    "lord",
    "lady",
    "duke",
    "duchess",
    "prince",
    "princess",
    "king",
    "queen",
    "count",
    "countess",
    "baron",
    "baroness",
    "lt",
    "ltc",
    "ltcol",
    "ltgen",
    "gen",
    "general",
    "col",
    "colonel",
    "maj",
    "major",
    "capt",
    "captain",
    "cpt",
    "cmdr",
    "commander",
    "cdr",
    "adm",
    "admiral",
    "sgt",
    "ssgt",
    "msgt",
    "sergeant",
    "cpl",
    "corporal",
    "pvt",
    "private",
    "pfc",
    "spc",
    "lieutenant",
    "brigadier",
    "brig",
    "cadet",
    "ensign",
    "judge",
    "justice",
    "magistrate",
    "sen",
    "senator",
    "rep",
    "representative",
    "gov",
    "governor",
    "pres",
    "president",
    "mayor",
    "amb",
    "ambassador",
    "secretary",
    "minister",
    "premier",
    "chancellor",
    "congressman",
    "congresswoman",
    "councilman",
    "councilwoman",
    "councillor",
    "alderman",
    "atty",
    "attorney",
    "sheriff",
    "officer",
    "detective",
    "chief",
    "pastor",
    "bishop",
    "archbishop",
    "cardinal",
    "pope",
    "father",
    "fr",
    "brother",
    "br",
    "sister",
    "mother",
    "rabbi",
    "imam",
    "sheikh",
    "sheik",
    "elder",
    "deacon",
    "apostle",
    "coach",
    "nurse",
    "tte",
    "ing",
    "lic",
    "arq",
    "haji",
    "hajji",
    "shri",
    "sri",
    "smt",
    "mag",
]);

/// Inside of a longer title: `Secretary of State`, `Mr. and Mrs.`, `The Right Honourable`.
static INSIDE_TITLES: Words = Words::of(&[
    "the",
    "of",
    "and",
    "&",
    "for",
    "us",
    "united",
    "states",
    "state",
    "district",
    "county",
    "city",
    "supreme",
    "court",
    "chief",
    "vice",
    "deputy",
    "assistant",
    "asst",
    "associate",
    "senior",
    "acting",
    "former",
    "prime",
    "first",
    "right",
    "most",
    "very",
    "his",
    "her",
    "your",
    "honor",
    "honour",
    "majesty",
    "highness",
    "excellency",
    "eminence",
    "defense",
    "defence",
    "treasury",
    "interior",
    "labor",
    "commerce",
    "education",
    "energy",
    "emeritus",
    "attorney",
]);

/// Short for a given name, so that the dot makes no title of it.
static SHORT_GIVEN: Words = Words::of(&[
    "alex", "alf", "arch", "aug", "benj", "chas", "dan", "danl", "ed", "edw", "eliz", "fred", "fredk", "geo", "hy",
    "jas", "jno", "jos", "josh", "kath", "marg", "matt", "mich", "nath", "nich", "ph", "phil", "richd", "robt", "saml",
    "sam", "theo", "thos", "tim", "wm", "xtian", "ma",
]);

/// After a name: degrees, licences, orders.
static DEGREES: Words = Words::of(&[
    "md", "dds", "dmd", "dvm", "phd", "dphil", "edd", "psyd", "pharmd", "jd", "llb", "llm", "esq", "esquire", "cpa",
    "cfa", "cfp", "clu", "chfc", "lutc", "cpcu", "rn", "bsn", "msn", "lpn", "lvn", "pac", "aprn", "crna", "mba", "msc",
    "bsc", "meng", "beng", "mph", "mpa", "msw", "lcsw", "lmft", "lmhc", "lpc", "pmp", "ceng", "frcs", "frcp", "mrcp",
    "facs", "faap", "facp", "faia", "aia", "riba", "qc", "kc", "mp", "mep", "obe", "mbe", "cbe", "kbe", "usn", "usmc",
    "usaf", "uscg", "ret", "retd", "cissp", "rph", "dpm", "dpt", "otr", "cnm", "fnp", "mfa", "mdiv", "thd", "dmin",
    "pls", "gri", "crs", "bfa", "scd", "jcd", "ccim", "realtor", "pharm", "bba", "bcom", "chb", "mbbs", "np", "dc",
    "pe", "jp", "cio", "ceo", "cfo", "cto",
]);

/// The same, but surnames too: only in capitals or with dots, and when enough is left.
static WEAK_DEGREES: Words = Words::of(&[
    "ma", "ba", "bs", "ms", "do", "pa", "od", "pt", "ot", "med", "bed", "arm", "ria", "usa", "ra", "la", "sj",
]);

/// Between given name and surname, and part of the surname.
static PARTICLES: Words = Words::of(&[
    "de", "del", "dela", "della", "delle", "dello", "degli", "dei", "di", "da", "dal", "dalla", "dos", "das", "du",
    "des", "van", "von", "vom", "vander", "vanden", "vande", "der", "den", "ter", "ten", "te", "zu", "zum", "zur",
    "la", "le", "las", "los", "lo", "st", "ste", "saint", "mc", "mac", "ó", "ní", "nic", "mhic", "uí", "al", "el",
    "bin", "ibn", "bint", "abu", "abd", "af", "av", "d'", "'t",
]);

/// Particles too, but also given names and initials: only in small letters beside words with capitals.
static SMALL_PARTICLES: Words = Words::of(&["ben", "bar", "ap", "ab", "san", "santa", "do", "op"]);

/// Between two surnames.
static BETWEEN_SURNAMES: Words = Words::of(&["y", "e", "i", "und"]);

/// Before the `de` of a given name such as María del Carmen.
static DEVOTED: Words =
    Words::of(&["maria", "maría", "ma", "jose", "josé", "luz", "flor", "rosa", "ana", "juana", "teresa"]);

/// After it.
static DEVOTIONS: Words = Words::of(&[
    "angeles",
    "ángeles",
    "asuncion",
    "asunción",
    "carmen",
    "cielo",
    "concepcion",
    "concepción",
    "consuelo",
    "dolores",
    "fatima",
    "fátima",
    "guadalupe",
    "jesus",
    "jesús",
    "lourdes",
    "luz",
    "mar",
    "mercedes",
    "milagros",
    "nieves",
    "paz",
    "pilar",
    "refugio",
    "remedios",
    "rocio",
    "rocío",
    "rosario",
    "socorro",
    "sol",
    "soledad",
]);

/// Words of companies.
static COMPANY: Words = Words::of(&[
    "co",
    "company",
    "corp",
    "corporation",
    "inc",
    "incorporated",
    "llc",
    "llp",
    "ltd",
    "limited",
    "associates",
    "assoc",
    "assocs",
    "sons",
    "bros",
    "partners",
    "enterprises",
    "holdings",
    "gmbh",
    "plc",
    "pllc",
]);

/// What people write to have written something.
static NO_NAMES: Words = Words::of(&[
    "anonymous",
    "anon",
    "na",
    "n/a",
    "nobody",
    "noname",
    "none",
    "null",
    "nil",
    "undefined",
    "unknown",
    "xxx",
    "xx",
    "fname",
    "lname",
    "firstname",
    "lastname",
    "surname",
    "fullname",
    "yourname",
    "name",
    "first",
    "last",
    "user",
    "username",
    "customer",
    "sample",
    "example",
    "demo",
    "fake",
    "dummy",
    "someone",
    "not",
    "provided",
    "no",
    "your",
    "my",
    "me",
    "the",
    "person",
    "given",
    "available",
    "applicable",
    "withheld",
    "refused",
]);

/// The same from people who try something out.
static TESTS: Words =
    Words::of(&["test", "tests", "tester", "testing", "testname", "testlead", "testtest", "testy", "qa", "lead"]);

/// Of these one alone in a name is worth a word; the others are surnames like any other.
static ODD_ALONE: Words = Words::of(&[
    "test",
    "tester",
    "testing",
    "testlead",
    "null",
    "undefined",
    "unknown",
    "anonymous",
    "noname",
    "fake",
    "dummy",
    "fname",
    "lname",
    "firstname",
    "lastname",
    "xxx",
    "none",
    "na",
]);

/// The word in small letters without dots.
pub(super) fn plain(word: &str) -> String {
    word.chars().filter(|c| *c != '.').flat_map(char::to_lowercase).collect()
}

fn has(words: &Words, word: &str) -> bool {
    if !word.is_ascii() {
        return words.list.contains(&plain(word).as_str());
    }
    let letters = || word.bytes().filter(|byte| *byte != b'.').map(|byte| byte.to_ascii_lowercase());
    let Some(first) = letters().next() else { return false };
    words.may_have(first, letters().count())
        && words.list.iter().any(|other| other.as_bytes().first() == Some(&first) && letters().eq(other.bytes()))
}

/// Words, and which lengths those have that begin with a letter.
struct Words {
    list: &'static [&'static str],
    lengths: [u32; 32],
}

impl Words {
    #[allow(
        clippy::indexing_slicing,
        clippy::as_conversions,
        reason = "worked out when the crate is compiled: an empty word does not compile"
    )]
    const fn of(list: &'static [&'static str]) -> Self {
        let (mut lengths, mut at) = ([0; 32], 0);
        while at < list.len() {
            let word = list[at].as_bytes();
            lengths[(word[0] % 32) as usize] |= 1 << (word.len() % 32);
            at += 1;
        }
        Self { list, lengths }
    }

    fn may_have(&self, first: u8, length: usize) -> bool {
        self.lengths.get(usize::from(first % 32)).is_some_and(|lengths| lengths >> (length % 32) & 1 == 1)
    }
}

/// How sure it is that a word is no part of the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sure {
    Yes,
    /// Only if a whole name is left without it.
    IfEnoughIsLeft,
    No,
}

/// Whether a word at the start is a title.
pub(super) fn title(word: &str) -> Sure {
    let dotted = word.ends_with('.');
    let parts_are = word.contains('-') && word.split('-').all(|part| has(&WEAK_TITLES, part) || has(&TITLES, part));
    // `Most.` and `Md.` are short for something said before the name; `J.` is an initial, `Wm.` a name.
    let shortened =
        dotted && plain(word).chars().count() > 1 && !has(&SHORT_GIVEN, word) && word.matches('.').count() == 1;
    match () {
        () if has(&TITLES, word) => Sure::Yes,
        () if has(&WEAK_TITLES, word) && dotted && plain(word).chars().count() < 5 => Sure::Yes,
        () if has(&WEAK_TITLES, word) || parts_are || shortened => Sure::IfEnoughIsLeft,
        () => Sure::No,
    }
}

pub(super) fn is_inside_title(word: &str) -> bool {
    has(&INSIDE_TITLES, word)
}

/// Whether a word at the end is a degree. `loud` is whether it stands in capitals beside words that do not.
pub(super) fn degree(word: &str, loud: bool) -> bool {
    let dotted = word.matches('.').count() > 1;
    has(&DEGREES, word) || has(&WEAK_DEGREES, word) && (loud || dotted)
}

/// Whether a word alone between commas is a degree.
pub(super) fn degree_alone(word: &str) -> bool {
    has(&DEGREES, word) || has(&WEAK_DEGREES, word)
}

/// The suffix in one spelling: `Jr.`, `III`.
pub(super) fn suffix(word: &str) -> Option<(&'static str, Sure)> {
    // `J.R.` are two initials.
    if word.trim_end_matches('.').contains('.') {
        return None;
    }
    // The longest are `junior` and `senior`.
    if word.len() > 8 && word.is_ascii() && !word.ends_with('.') {
        return None;
    }
    let sure = match plain(word).as_str() {
        "jr" | "jnr" => ("Jr.", Sure::Yes),
        "sr" | "snr" => ("Sr.", Sure::Yes),
        "ii" | "2nd" => ("II", Sure::Yes),
        "iii" | "3rd" => ("III", Sure::Yes),
        "iv" | "4th" => ("IV", Sure::Yes),
        "5th" => ("V", Sure::Yes),
        "vii" => ("VII", Sure::Yes),
        "viii" => ("VIII", Sure::Yes),
        "vi" => ("VI", Sure::IfEnoughIsLeft),
        "junior" => ("Jr.", Sure::IfEnoughIsLeft),
        "senior" => ("Sr.", Sure::IfEnoughIsLeft),
        // With a dot it is an initial.
        "v" if !word.contains('.') => ("V", Sure::IfEnoughIsLeft),
        "i" if !word.contains('.') => ("I", Sure::IfEnoughIsLeft),
        _ => return None,
    };
    Some(sure)
}

/// Whether a word before the last one starts the surname. `small` is whether it stands in small letters beside words
/// that do not.
pub(super) fn is_particle(word: &str, small: bool) -> bool {
    has(&PARTICLES, word) || small && has(&SMALL_PARTICLES, word)
}

pub(super) fn joins_surnames(word: &str) -> bool {
    !word.contains('.') && has(&BETWEEN_SURNAMES, word)
}

/// `María` and `Carmen` of `María del Carmen`.
pub(super) fn is_devotion(given: &str, word: &str) -> bool {
    has(&DEVOTED, given) && has(&DEVOTIONS, word)
}

pub(super) fn is_company(word: &str) -> bool {
    word == "&" || has(&COMPANY, word)
}

/// Words that mean nobody: `(placeholder, test)`.
pub(super) fn no_name(word: &str) -> (bool, bool) {
    (has(&NO_NAMES, word), has(&TESTS, word))
}

pub(super) fn is_odd_alone(word: &str) -> bool {
    has(&ODD_ALONE, word)
}
