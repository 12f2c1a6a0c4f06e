//! Text on its way into a hash, in room of its own: a key needs no memory but for itself.

use sha2::{Digest, Sha256};

/// The version of the key; a change to what goes into it makes a new one.
const PREFIX: &str = "k1-";

/// Most texts of keys are shorter.
const ROOM: usize = 128;

/// A text that is only ever added to, and hashed.
pub(super) struct Hashing {
    hash: Sha256,
    /// What was added last and is not in the hash yet.
    room: [u8; ROOM],
    length: usize,
}

impl Default for Hashing {
    fn default() -> Self {
        Self { hash: Sha256::new(), room: [0; ROOM], length: 0 }
    }
}

impl Hashing {
    pub(super) fn push(&mut self, text: &str) {
        let end = self.length + text.len();
        if let Some(room) = self.room.get_mut(self.length..end) {
            room.copy_from_slice(text.as_bytes());
            self.length = end;
        } else {
            self.hash.update(self.room.get(..self.length).unwrap_or_default());
            self.hash.update(text.as_bytes());
            self.length = 0;
        }
    }

    /// The key of the text so far: first 128 bits of SHA-256 as 32 hexadecimal digits.
    pub(super) fn key(&self) -> String {
        let mut hash = self.hash.clone();
        hash.update(self.room.get(..self.length).unwrap_or_default());
        let hash = hash.finalize();
        let digit = |value: u8| value + if value < 10 { b'0' } else { b'a' - 10 };
        let mut digits = [0; 32];
        for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(&hash) {
            *pair = [digit(byte >> 4), digit(byte & 15)];
        }
        let mut key = String::with_capacity(PREFIX.len() + digits.len());
        key.push_str(PREFIX);
        key.push_str(std::str::from_utf8(&digits).unwrap_or_default());
        key
    }
}

/// A short text of single letters.
#[derive(Default)]
pub(super) struct Short {
    bytes: [u8; 32],
    length: usize,
}

impl Short {
    /// The digits of a number.
    pub(super) fn of(number: u32) -> Self {
        let mut short = Self::default();
        let mut unit = 1_000_000_000;
        while unit > 0 {
            if number >= unit || unit == 1 {
                short.push(char::from_digit(number / unit % 10, 10).unwrap_or_default());
            }
            unit /= 10;
        }
        short
    }

    /// Adds a letter; `false` where there is no room.
    pub(super) fn push(&mut self, letter: char) -> bool {
        let mut bytes = [0; 4];
        let letter = letter.encode_utf8(&mut bytes).as_bytes();
        let end = self.length + letter.len();
        let Some(room) = self.bytes.get_mut(self.length..end) else { return false };
        room.copy_from_slice(letter);
        self.length = end;
        true
    }

    pub(super) fn as_str(&self) -> &str {
        self.bytes.get(..self.length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_digits() {
        for number in [0, 9, 10, 206, 1_000, u32::MAX] {
            assert_eq!(Short::of(number).as_str(), number.to_string());
        }
    }

    proptest::proptest! {
        #[test]
        fn pieces_hash_like_the_whole(pieces in proptest::collection::vec("[a-z]{0,70}", 0..9)) {
            let mut text = Hashing::default();
            pieces.iter().for_each(|piece| text.push(piece));
            let hash = Sha256::digest(pieces.concat());
            let digits: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            proptest::prop_assert_eq!(text.key(), format!("k1-{digits}"));
        }
    }
}
