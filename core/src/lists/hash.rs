//! The hashes in which lists are exchanged.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};
use std::str::FromStr;

/// How the entries of a list are hashed.
///
/// ```
/// use leadwright::lists::ListHash;
/// assert_eq!(ListHash::Md5.of("").to_string(), "d41d8cd98f00b204e9800998ecf8427e");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListHash {
    /// 16 bytes.
    Md5,
    /// 20 bytes.
    Sha1,
    /// 32 bytes; also what entries that came in clear are kept as.
    Sha256,
}

/// The longest digest.
pub(super) const WIDEST: usize = 32;

impl ListHash {
    /// The name on the wire and in plans.
    pub fn as_str(self) -> &'static str {
        match self {
            ListHash::Md5 => "md5",
            ListHash::Sha1 => "sha1",
            ListHash::Sha256 => "sha256",
        }
    }

    /// Bytes of a digest.
    pub fn width(self) -> usize {
        match self {
            ListHash::Md5 => 16,
            ListHash::Sha1 => 20,
            ListHash::Sha256 => WIDEST,
        }
    }

    /// The digest of a text.
    pub fn of(self, text: &str) -> ListDigest {
        match self {
            ListHash::Md5 => ListDigest::from_slice(&Md5::digest(text)),
            ListHash::Sha1 => ListDigest::from_slice(&Sha1::digest(text)),
            ListHash::Sha256 => ListDigest::from_slice(&Sha256::digest(text)),
        }
    }

    /// The digest that bytes of its width are.
    pub fn digest(self, bytes: &[u8]) -> Option<ListDigest> {
        (bytes.len() == self.width()).then(|| ListDigest::from_slice(bytes))
    }

    /// The digest that hexadecimal digits stand for, in letters of either size.
    ///
    /// ```
    /// use leadwright::lists::ListHash;
    /// assert!(ListHash::Sha1.parse_hex("DA39A3EE5E6B4B0D3255BFEF95601890AFD80709").is_some());
    /// assert!(ListHash::Md5.parse_hex("da39a3ee5e6b4b0d3255bfef95601890afd80709").is_none(), "it is too long");
    /// ```
    pub fn parse_hex(self, text: &str) -> Option<ListDigest> {
        if text.len() != self.width() * 2 {
            return None;
        }
        let mut digest = ListDigest { bytes: [0; WIDEST], width: self.width() };
        for (to, pair) in digest.bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digits = pair.iter().map(|digit| char::from(*digit).to_digit(16));
            let value = digits.into_iter().try_fold(0, |value, digit| Some(value * 16 + digit?))?;
            *to = u8::try_from(value).ok()?;
        }
        Some(digest)
    }
}

impl FromStr for ListHash {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [ListHash::Md5, ListHash::Sha1, ListHash::Sha256].into_iter().find(|hash| hash.as_str() == word).ok_or(())
    }
}

/// A digest of a list: shown as hexadecimal digits. Phones can be guessed from theirs, so it is personal data like they
/// are, and `Debug` keeps it to itself.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListDigest {
    bytes: [u8; WIDEST],
    width: usize,
}

impl ListDigest {
    pub(super) fn from_slice(bytes: &[u8]) -> Self {
        let mut digest = Self { bytes: [0; WIDEST], width: bytes.len().min(WIDEST) };
        digest.bytes.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        digest
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.width).unwrap_or_default()
    }
}

impl fmt::Display for ListDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes().iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ListDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ListDigest({} bytes)", self.width)
    }
}

/// Small hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
