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
        for word in pieces.into_iter().flat_map(words) {
            key.push_word(word);
        }
        key
    }

    /// The folded text.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    fn push_word(&mut self, word: &str) {
        let mut letters = [0u8; LENGTH];
        let mut length = 0;
        for (slot, byte) in letters.iter_mut().zip(word.bytes().filter(u8::is_ascii_alphanumeric)) {
            *slot = byte.to_ascii_uppercase();
            length += 1;
        }
        let letters = letters.get(..length).unwrap_or_default();
        let and = word == "&";
        for byte in if and { b"AND" } else { fold_word(letters) } {
            if let Some(slot) = self.bytes.get_mut(usize::from(self.length)) {
                *slot = *byte;
                self.length += 1;
            }
        }
    }

    /// For the hash table: FNV-1a of 32 bits, folded to 16.
    pub(super) fn hash(&self) -> u16 {
        let hash = self
            .as_bytes()
            .iter()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
        ((hash ^ (hash >> 16)) & 0xffff) as u16
    }
}

/// The words of a name: apostrophes and dots belong to a word, everything else ends it.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '\'' || c == '.' || c == '&';
    name.split(move |c: char| !part(c)).flat_map(|piece| piece.split_inclusive('&')).flat_map(|piece| {
        let (word, and) = piece.strip_suffix('&').map_or((piece, ""), |word| (word, "&"));
        [word, and].into_iter().filter(|w| !w.is_empty())
    })
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

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!(CityKey::of(&"x".repeat(500)).as_bytes().len(), LENGTH);
    }
}
