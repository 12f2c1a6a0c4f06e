//! Keyed hashes: the same value is the same hash, and nobody without the key can try values out.

use crate::model::{Code, Error};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::fmt::Write as _;

/// Fewer bytes can be tried out.
const LEAST: usize = 16;
/// So much of a hash is written: 128 bits.
const WIDTH: usize = 16;

/// A secret of the host's for hashing values (HMAC-SHA-256, RFC 2104). `Debug` does not show it.
///
/// A plain hash of a phone number is as good as the number: there are few enough to try them all. With a key that is
/// kept apart, equal values can be found and nothing else. Another key gives other hashes.
///
/// ```
/// use leadwright::redact::HashKey;
/// let key = HashKey::new(b"sixteen bytes or more")?;
/// assert_eq!(key.hash("phone", "+13128675309"), key.hash("phone", "+13128675309"));
/// assert_ne!(key.hash("phone", "+13128675309"), key.hash("email", "+13128675309"));
/// assert!(key.hash("phone", "+13128675309").starts_with("h1-"));
/// assert!(HashKey::new(b"short").is_err());
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Clone)]
pub struct HashKey(Hmac<Sha256>);

impl std::fmt::Debug for HashKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HashKey")
    }
}

impl HashKey {
    /// From 16 bytes or more.
    ///
    /// # Errors
    /// `input.bad_option` for fewer.
    pub fn new(key: &[u8]) -> Result<Self, Error> {
        let short = || Error::new(Code::InputBadOption, format!("a key has {LEAST} bytes or more"));
        if key.len() < LEAST {
            return Err(short());
        }
        Hmac::new_from_slice(key).map(Self).map_err(|_| short())
    }

    /// `h1-` and 32 hex digits of a canonical value. Values of different kinds never share one.
    pub fn hash(&self, kind: &str, value: &str) -> String {
        let mut mac = self.0.clone();
        for part in ["lw1", kind, value] {
            mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(part.as_bytes());
        }
        let mut text = "h1-".to_owned();
        for byte in mac.finalize().into_bytes().iter().take(WIDTH) {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231, test case 1 has a key of 20 bytes; here over our own framing, worked out with another implementation
    /// (Python's hmac module).
    #[test]
    fn it_is_hmac_sha_256() {
        let key = HashKey::new(&[0x0b; 20]).unwrap();
        assert_eq!(key.hash("phone", "+13125550100"), "h1-3b359d4b4f5c2a7682392cd3f09697f2");
    }
}
