//! All words of street lines in one table, laid out by the compiler: a word is looked up once, and nothing
//! is made ready at run time.

use super::suffixes::SUFFIXES;
use super::usps::{DIRECTIONALS, ENDING, STATES, UNITS};
use super::words::{CARDINALS, FLAGGED, ORDINALS};

/// What a word can be in an address. One word is often several things: `CT` is a court and Connecticut.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Word {
    suffix: u8,
    directional: u8,
    unit: u8,
    state: u8,
    number: u8,
    flags: u16,
}

/// A kind of word, for [`Word::is`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind(pub(super) u16);

impl Kind {
    /// A suffix that nearly always ends a street's name.
    pub(crate) const ENDING: Self = Self(1);
    /// After it a number is that of a road.
    pub(crate) const ROUTE: Self = Self(1 << 1);
    /// It names a road by its number even where it ends a name: `SCENIC HWY 98`.
    pub(crate) const HIGHWAY: Self = Self(1 << 2);
    /// Before `ROAD` it makes it a numbered one.
    pub(crate) const OWNER: Self = Self(1 << 3);
    /// It opens a name in Spanish and French where English ends it with a suffix.
    pub(crate) const SPANISH: Self = Self(1 << 4);
    /// It can begin a box, a route or general delivery.
    pub(crate) const BOX: Self = Self(1 << 5);
    /// The two letters of a state, territory or military region.
    pub(crate) const LETTERS: Self = Self(1 << 6);
    /// A cardinal number in words.
    pub(crate) const CARDINAL: Self = Self(1 << 7);
    /// An ordinal number in words.
    pub(crate) const ORDINAL: Self = Self(1 << 8);
    /// People write it, alone or with another, in place of an address.
    pub(crate) const PLACEHOLDER: Self = Self(1 << 9);
    /// The last word of a state's name of several words.
    pub(crate) const STATE_END: Self = Self(1 << 10);
}

impl Word {
    /// The standard abbreviation as a street suffix.
    pub(crate) fn suffix(self) -> Option<&'static str> {
        name(SUFFIXES, self.suffix)
    }

    /// The standard abbreviation as a directional.
    pub(crate) fn directional(self) -> Option<&'static str> {
        name(DIRECTIONALS, self.directional)
    }

    /// The standard abbreviation as a unit designator.
    pub(crate) fn unit(self) -> Option<&'static str> {
        name(UNITS, self.unit)
    }

    /// The two letters as a state.
    pub(crate) fn state(self) -> Option<&'static str> {
        name(STATES, self.state)
    }

    /// The digits of a number in words.
    pub(crate) fn number(self) -> Option<&'static str> {
        let rows = if self.is(Kind::ORDINAL) { ORDINALS } else { CARDINALS };
        let row = usize::from(self.number).checked_sub(1).and_then(|at| rows.get(at));
        row.map(|(digits, _)| *digits)
    }

    pub(crate) fn is(self, kind: Kind) -> bool {
        self.flags & kind.0 != 0
    }
}

fn name(rows: &'static [(&'static str, &'static str)], number: u8) -> Option<&'static str> {
    usize::from(number).checked_sub(1).and_then(|at| rows.get(at)).map(|(standard, _)| *standard)
}

/// What a word (or the words of a state's name) can be; upper case and without dots.
pub(crate) fn word(text: &str) -> Word {
    look_up(text, hash(text.as_bytes()))
}

/// What the characters of a word are, all of them together.
#[derive(Clone, Copy)]
pub(crate) struct Letters {
    /// One is an ASCII digit.
    pub(crate) digit: bool,
    /// One is an ASCII letter.
    pub(crate) letter: bool,
    /// One is neither.
    pub(crate) other: bool,
}

/// The same as [`word`], and what its characters are.
pub(crate) fn word_and_letters(text: &str) -> (Word, Letters) {
    let mut letters = Letters { digit: false, letter: false, other: false };
    let mut all = text.len() as u64;
    for byte in text.bytes() {
        all = fold(all, byte);
        let (digit, letter) = (byte.is_ascii_digit(), byte.is_ascii_alphabetic());
        letters.digit |= digit;
        letters.letter |= letter;
        letters.other |= !(digit | letter);
    }
    (look_up(text, mixed(all)), letters)
}

fn look_up(text: &str, (mut slot, tag): (usize, u16)) -> Word {
    loop {
        let Some(&Slot { row, tag: known }) = TABLE.slots.get(slot % SLOTS) else { return Word::default() };
        if known == tag
            && let Some((_, word)) = TABLE.rows.get(usize::from(row)).filter(|(known, _)| *known == text.as_bytes())
        {
            return *word;
        }
        if row == 0 {
            return Word::default();
        }
        slot += 1;
    }
}

const SLOTS: usize = 4096;
const ROWS: usize = 1200;

/// An open hash table; row 0 is empty.
struct Table {
    slots: [Slot; SLOTS],
    rows: [(&'static [u8], Word); ROWS],
}

/// The number of a row, and more of the hash of its word: another word's is mostly another.
#[derive(Clone, Copy)]
struct Slot {
    row: u16,
    tag: u16,
}

static TABLE: Table = build();

/// The bytes folded into two halves and mixed: cheap, and good enough for a table known beforehand.
const fn hash(word: &[u8]) -> (usize, u16) {
    let (mut all, mut rest) = (word.len() as u64, word);
    while let [byte, more @ ..] = rest {
        all = fold(all, *byte);
        rest = more;
    }
    mixed(all)
}

const fn fold(all: u64, byte: u8) -> u64 {
    all.rotate_left(7) ^ byte as u64
}

const fn mixed(all: u64) -> (usize, u16) {
    let mixed = all.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((mixed >> 48) as usize, (mixed >> 32) as u16)
}

const fn build() -> Table {
    let mut table = Table { slots: [Slot { row: 0, tag: 0 }; SLOTS], rows: [(b"", EMPTY); ROWS] };
    let mut count = 1;
    count = add_rows(&mut table, count, SUFFIXES, b' ', SUFFIX, false);
    count = add_rows(&mut table, count, DIRECTIONALS, b' ', DIRECTIONAL, false);
    count = add_rows(&mut table, count, UNITS, b' ', UNIT, false);
    count = add_rows(&mut table, count, STATES, b'|', STATE, false);
    count = add_rows(&mut table, count, CARDINALS, b' ', NUMBER | Kind::CARDINAL.0 as u32, true);
    count = add_rows(&mut table, count, ORDINALS, b' ', NUMBER | Kind::ORDINAL.0 as u32, true);
    let mut rest = FLAGGED;
    while let [(kind, words), more @ ..] = rest {
        count = add_words(&mut table, count, words.as_bytes(), b' ', kind.0 as u32, 0);
        rest = more;
    }
    assert!(count < ROWS, "make ROWS larger");
    table
}

const EMPTY: Word = Word { suffix: 0, directional: 0, unit: 0, state: 0, number: 0, flags: 0 };

// What a row says of its words, above the sixteen flags.
const SUFFIX: u32 = 1 << 16;
const DIRECTIONAL: u32 = 1 << 17;
const UNIT: u32 = 1 << 18;
const STATE: u32 = 1 << 19;
const NUMBER: u32 = 1 << 20;

/// Adds rows of a standard word and its other spellings.
const fn add_rows(
    table: &mut Table,
    mut count: usize,
    rows: &'static [(&'static str, &'static str)],
    between: u8,
    what: u32,
    only_others: bool,
) -> usize {
    let (mut number, mut rest) = (1, rows);
    while let [(standard, others), more @ ..] = rest {
        let mut kind = what;
        if what == SUFFIX && is_one_of(ENDING, standard.as_bytes()) {
            kind |= Kind::ENDING.0 as u32;
        }
        count = add_words(table, count, others.as_bytes(), between, kind, number);
        if !only_others {
            kind |= if what == STATE { Kind::LETTERS.0 as u32 } else { 0 };
            count = add_words(table, count, standard.as_bytes(), between, kind, number);
        }
        number += 1;
        rest = more;
    }
    count
}

const fn add_words(
    table: &mut Table,
    mut count: usize,
    words: &'static [u8],
    between: u8,
    what: u32,
    number: u8,
) -> usize {
    let mut rest = words;
    while !rest.is_empty() {
        let (word, more) = split(rest, between);
        if !word.is_empty() {
            count = add(table, count, word, what, number);
        }
        let last = if what & STATE == 0 { word } else { last_word(word) };
        if last.len() < word.len() {
            count = add(table, count, last, Kind::STATE_END.0 as u32, 0);
        }
        rest = more;
    }
    count
}

#[expect(clippy::indexing_slicing, reason = "run by the compiler alone, where a slip is an error of compilation")]
const fn add(table: &mut Table, count: usize, text: &'static [u8], what: u32, number: u8) -> usize {
    let (first, tag) = hash(text);
    let mut slot = first % SLOTS;
    while table.slots[slot].row != 0 && !same(table.rows[table.slots[slot].row as usize].0, text) {
        slot = (slot + 1) % SLOTS;
    }
    let is_new = table.slots[slot].row == 0;
    let row = if is_new { count } else { table.slots[slot].row as usize };
    table.slots[slot] = Slot { row: row as u16, tag };
    table.rows[row].0 = text;
    let word = &mut table.rows[row].1;
    word.flags |= (what & 0xffff) as u16;
    match what & !0xffff {
        SUFFIX => word.suffix = number,
        DIRECTIONAL => word.directional = number,
        UNIT => word.unit = number,
        STATE => word.state = number,
        NUMBER => word.number = number,
        _ => {}
    }
    if is_new { count + 1 } else { count }
}

/// The bytes before the first `between`, and those after it.
const fn split(bytes: &'static [u8], between: u8) -> (&'static [u8], &'static [u8]) {
    let (mut at, mut rest) = (0, bytes);
    while let [byte, more @ ..] = rest {
        if *byte == between {
            return (bytes.split_at(at).0, more);
        }
        at += 1;
        rest = more;
    }
    (bytes, rest)
}

/// What follows the last space.
const fn last_word(bytes: &'static [u8]) -> &'static [u8] {
    let mut last = bytes;
    let mut rest = bytes;
    while let [byte, more @ ..] = rest {
        if *byte == b' ' {
            last = more;
        }
        rest = more;
    }
    last
}

const fn is_one_of(words: &[&str], word: &[u8]) -> bool {
    let mut rest = words;
    while let [one, more @ ..] = rest {
        if same(one.as_bytes(), word) {
            return true;
        }
        rest = more;
    }
    false
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let (mut a, mut b) = (one, other);
    while let ([x, p @ ..], [y, q @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (p, q);
    }
    a.is_empty() && b.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_is_several_things() {
        let court = word("CT");
        assert_eq!((court.suffix(), court.state()), (Some("CT"), Some("CT")));
        assert!(court.is(Kind::ENDING) && court.is(Kind::LETTERS) && !court.is(Kind::ROUTE));
        assert_eq!(word("NORTH CAROLINA").state(), Some("NC"));
        assert_eq!((word("TWELFTH").number(), word("NINETY").number()), (Some("12"), Some("90")));
        assert!(word("MAIN") == Word::default() && word("") == Word::default());
        assert!(word("CAROLINA").is(Kind::STATE_END) && !word("OHIO").is(Kind::STATE_END));
    }

    /// A word is found where most words are not, so the way to a free slot must be short.
    #[test]
    fn no_search_is_long() {
        let long = (0..SLOTS).map(|start| (start..).take_while(|at| TABLE.slots[at % SLOTS].row != 0).count()).max();
        assert!(long < Some(40), "{long:?}");
    }
}
