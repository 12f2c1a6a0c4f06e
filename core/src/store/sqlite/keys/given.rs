//! The keys that a host gives.

use super::cipher::Key;
use crate::model::{Code, Error};
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// An id is short: it is written beside what the key locks.
const LONGEST_ID: usize = 32;

/// The host's keys for a store whose leads are encrypted, each 32 bytes under an id. The first one locks what is new; the
/// others open what was locked with them. `Debug` shows the ids alone.
///
/// ```
/// use leadwright::store::Keys;
/// let keys = Keys::new([("k2", [7; 32]), ("k1", [1; 32])])?;
/// assert_eq!(format!("{keys:?}"), "Keys(k2, k1)");
/// assert_eq!(Keys::new([("k1", [1; 16])]).unwrap_err().code().as_str(), "store.key_malformed");
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Keys(Arc<[Given]>);

#[derive(PartialEq, Eq)]
struct Given {
    id: String,
    key: Key,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.0.iter().map(|given| given.id.as_str()).collect();
        write!(f, "Keys({})", ids.join(", "))
    }
}

impl Keys {
    /// From ids and keys. An id begins with a letter and has small letters, digits, `-` and `_`.
    ///
    /// # Errors
    /// `store.key_malformed` for none, another length than 32 bytes, an id of another form, or one that is there twice.
    pub fn new<I: Into<String>, K: AsRef<[u8]>>(keys: impl IntoIterator<Item = (I, K)>) -> Result<Self, Error> {
        let mut all: Vec<Given> = Vec::new();
        for (id, key) in keys {
            let id = id.into();
            if !is_id(&id) {
                return Err(malformed("an id begins with a letter and has up to 32 small letters, digits, - and _"));
            }
            let key = <[u8; 32]>::try_from(key.as_ref()).map(Zeroizing::new);
            let key = key.map_err(|_| malformed(&format!("`{id}` has 32 bytes")))?;
            if all.iter().any(|given| given.id == id) {
                return Err(malformed(&format!("`{id}` is there twice")));
            }
            all.push(Given { id, key });
        }
        if all.is_empty() { Err(malformed("there is none")) } else { Ok(Self(all.into())) }
    }

    /// From lines of `id:hex`. Empty lines, and those that begin with `#`, say nothing.
    ///
    /// ```
    /// use leadwright::store::Keys;
    /// let keys = Keys::read(&format!("# since May\nk2:{}\nk1:{}\n", "07".repeat(32), "01".repeat(32)))?;
    /// assert_eq!(keys, Keys::new([("k2", [7; 32]), ("k1", [1; 32])])?);
    /// # Ok::<(), leadwright::model::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`new`](Self::new); what a line holds is not said.
    pub fn read(text: &str) -> Result<Self, Error> {
        let lines = text.lines().map(str::trim).zip(1_u32..);
        let lines = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
        let read = |(line, number): (&str, u32)| {
            let (id, hex) = line.split_once(':')?;
            bytes(hex.trim()).map(|key| (id.trim().to_owned(), key)).ok_or(number).ok()
        };
        let mut all = Vec::new();
        for (line, number) in lines {
            all.push(read((line, number)).ok_or_else(|| malformed(&format!("line {number} is no id:hex")))?);
        }
        Self::new(all)
    }

    /// The one that locks what is new, with its id.
    pub(super) fn first(&self) -> Option<(&str, &Key)> {
        self.0.first().map(|given| (given.id.as_str(), &given.key))
    }

    pub(super) fn of(&self, id: &str) -> Option<&Key> {
        self.0.iter().find(|given| given.id == id).map(|given| &given.key)
    }
}

fn malformed(why: &str) -> Error {
    Error::new(Code::StoreKeyMalformed, why)
}

fn is_id(id: &str) -> bool {
    id.len() <= LONGEST_ID
        && id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
}

/// The bytes of hex digits.
fn bytes(hex: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digits = hex.as_bytes();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = |pair: &[u8]| match *pair {
        [high, low] => Some(digit(high)?.wrapping_shl(4) | digit(low)?),
        _ => None,
    };
    digits.chunks(2).map(pair).collect::<Option<Vec<u8>>>().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_is_told_without_what_it_holds() {
        let secret = "ab".repeat(31);
        let long = format!("{}:{}", "k".repeat(33), "00".repeat(32));
        let twice = format!("k:{0}\nk:{0}", "00".repeat(32));
        let texts =
            ["", "# none", &secret, &format!("k1:{secret}"), &format!("1:{secret}ab"), &format!("K:{secret}ab")];
        for text in texts.into_iter().chain([&*long, &*twice, &format!("k1:{secret}zz"), &format!("k1:{secret}a")]) {
            let error = Keys::read(text).unwrap_err();
            assert_eq!(error.code(), Code::StoreKeyMalformed, "{text}");
            assert!(!error.to_string().contains("abab"), "{error}");
        }
        let shown = format!("{:?}", Keys::read(&format!(" k1 : {secret}AB ")).unwrap());
        assert_eq!(shown, "Keys(k1)");
    }
}
