//! A city's name folded for comparison, in a small buffer of its own.

const LENGTH: usize = 40;

/// A city name without spaces, marks, case and the choice between a word and its abbreviation:
/// `Saint Paul`, `ST. PAUL` and `St Paul` have one key.
///
/// ```
/// use leadwright::geo::CityKey;
/// assert_eq!(CityKey::of("Fort Lee"), CityKey::of("FT. LEE"));
/// assert_eq!(CityKey::of("De Forest"), CityKey::of("DeForest"));
/// assert_ne!(CityKey::of("Waco"), CityKey::of("Wako"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CityKey {
    bytes: [u8; LENGTH],
    length: u8,
}

impl CityKey {
    /// The key of a name; only its first 40 folded letters and digits count.
    pub fn of(name: &str) -> Self {
        Self::of_words(std::iter::once(name))
    }

    /// The key of a name given in several pieces, each of one or more words.
    pub fn of_words<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Self {
        let mut key = Self { bytes: [0; LENGTH], length: 0 };
        pieces.into_iter().for_each(|piece| key.push_piece(piece));
        key
    }

    /// The folded text.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// The folded text.
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Adds the words of a piece: apostrophes and dots belong to a word, everything else ends it.
    fn push_piece(&mut self, piece: &str) {
        let mut rest = piece.as_bytes();
        while !rest.is_empty() {
            let (word, after) = plain_word(rest);
            match after {
                [b'\'' | b'.' | b'a'..=b'z', ..] => return self.push_marked(rest),
                _ if word.len() > LENGTH => return self.push_marked(rest),
                [mark, more @ ..] => {
                    self.push(fold_word(word));
                    self.push(if *mark == b'&' { b"AND" } else { b"" });
                    rest = more;
                }
                [] => return self.push(fold_word(word)),
            }
        }
    }

    /// The same for words of small letters, or with marks within.
    fn push_marked(&mut self, piece: &[u8]) {
        let (mut word, mut length) = ([0; LENGTH], 0);
        for byte in piece {
            if byte.is_ascii_alphanumeric() {
                if let Some(slot) = word.get_mut(length) {
                    *slot = byte.to_ascii_uppercase();
                    length += 1;
                }
            } else if *byte != b'\'' && *byte != b'.' {
                self.push(fold_word(word.get(..length).unwrap_or_default()));
                self.push(if *byte == b'&' { b"AND" } else { b"" });
                length = 0;
            }
        }
        self.push(fold_word(word.get(..length).unwrap_or_default()));
    }

    fn push(&mut self, letters: &[u8]) {
        let start = usize::from(self.length);
        let count = letters.len().min(LENGTH.saturating_sub(start));
        if let Some((room, letters)) = self.bytes.get_mut(start..start + count).zip(letters.get(..count)) {
            room.copy_from_slice(letters);
            self.length += count as u8;
        }
    }

    /// Whether a name has this key: mostly its first letters say that it has not.
    pub(crate) fn is_of(&self, name: &str) -> bool {
        let (mut rest, mut key) = (name.as_bytes(), self.as_bytes());
        // No folding changes the first letter.
        let first = rest.first().filter(|byte| byte.is_ascii_alphanumeric());
        if first.is_some_and(|first| key.first() != Some(&first.to_ascii_uppercase())) {
            return false;
        }
        loop {
            let (word, after) = plain_word(rest);
            if matches!(after, [b'\'' | b'.' | b'a'..=b'z', ..]) || self.as_bytes().len() == LENGTH {
                return Self::of(name) == *self;
            }
            let Some(more) = key.strip_prefix(fold_word(word)) else { return false };
            (key, rest) = match after {
                [] => return more.is_empty(),
                [b'&', after @ ..] => match more.strip_prefix(b"AND") {
                    Some(more) => (more, after),
                    None => return false,
                },
                [_, after @ ..] => (more, after),
            };
        }
    }

    /// For the hash table: FNV-1a of 32 bits, folded to 16, and its lowest eight bits.
    pub(super) fn hash(&self) -> (u16, u8) {
        let hash = self
            .as_bytes()
            .iter()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
        (((hash ^ (hash >> 16)) & 0xffff) as u16, (hash & 0xff) as u8)
    }
}

/// The capital letters and digits at the start, and what follows them.
fn plain_word(bytes: &[u8]) -> (&[u8], &[u8]) {
    let is_plain = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    let end = bytes.iter().position(|byte| !is_plain(byte)).unwrap_or(bytes.len());
    bytes.split_at_checked(end).unwrap_or((bytes, &[]))
}

// Keep in step with WORDS in data/make_zip_table.py.
fn fold_word(word: &[u8]) -> &[u8] {
    match word {
        b"SAINT" => b"ST",
        b"SAINTE" => b"STE",
        b"MOUNT" => b"MT",
        b"FORT" => b"FT",
        b"NORTH" => b"N",
        b"SOUTH" => b"S",
        b"EAST" => b"E",
        b"WEST" => b"W",
        b"HEIGHTS" | b"HGTS" => b"HTS",
        b"SPRINGS" => b"SPGS",
        b"SPRING" => b"SPG",
        b"BEACH" => b"BCH",
        b"VILLAGE" => b"VLG",
        b"POINT" => b"PT",
        b"TOWNSHIP" => b"TWP",
        b"JUNCTION" => b"JCT",
        b"CENTER" | b"CENTRE" => b"CTR",
        b"HARBOR" => b"HBR",
        b"ISLAND" => b"IS",
        b"PARK" => b"PK",
        b"VALLEY" => b"VLY",
        b"CITY" => b"CTY",
        other => other,
    }
}

impl std::fmt::Debug for CityKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CityKey({} letters)", self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_marks_and_ampersands_fold() {
        assert_eq!(CityKey::of("Lee's Summit").as_bytes(), b"LEESSUMMIT");
        assert_eq!(CityKey::of("A&B").as_bytes(), b"AANDB");
        assert_eq!(CityKey::of_words(["ST", "LOUIS"]).as_bytes(), b"STLOUIS");
        assert_eq!(CityKey::of("Coeur d'Alene").as_bytes(), b"COEURDALENE");
        assert!(CityKey::of(" - ").is_empty());
    }

    /// The same word by word, as the folding is described.
    fn slowly(name: &str) -> Vec<u8> {
        let mut text = String::new();
        let part = |c: char| c.is_ascii_alphanumeric() || c == '\'' || c == '.';
        for word in name.replace('&', " & ").split(|c| !part(c) && c != '&') {
            let letters: Vec<u8> =
                word.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_uppercase()).take(LENGTH).collect();
            let folded = if word == "&" { b"AND" } else { fold_word(&letters) };
            text.push_str(std::str::from_utf8(folded).unwrap());
        }
        text.bytes().take(LENGTH).collect()
    }

    proptest::proptest! {
        #[test]
        fn it_is_the_key_word_by_word(
            name in "([A-Za-z0-9é'.&, -]{0,12}(SAINT|north|Heights|&|mount)[ '.&-]{0,2}){0,9}[ -~éß]{0,60}",
        ) {
            let key = CityKey::of(&name);
            proptest::prop_assert_eq!(key.as_bytes(), slowly(&name));
            proptest::prop_assert!(key.is_of(&name) && key.is_of(&name.to_ascii_uppercase()));
            let (less, more) = (name.get(1..).unwrap_or("X"), name.clone() + "Z");
            for other in [less, &more] {
                proptest::prop_assert_eq!(key.is_of(other), CityKey::of(other) == key);
            }
        }
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(CityKey::of(&"x".repeat(500)).as_bytes().len(), LENGTH);
    }
}
