//! XChaCha20-Poly1305 over bytes that say what they are about.

use crate::model::{Code, Error};
use chacha20poly1305::aead::{AeadInOut as _, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

/// 32 bytes that are wiped when they are let go of.
pub(super) type Key = Zeroizing<[u8; 32]>;

const NONCE: usize = 24;

/// Bytes that nobody can guess. The only place of the core that asks the system for any: no decision sees them.
#[expect(clippy::disallowed_methods, reason = "keys must not be guessed; nothing that decides asks here")]
pub(super) fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    let failed = |error: getrandom::Error| Error::new(Code::StoreIo, format!("no random bytes: {error}"));
    getrandom::fill(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// A key that nobody has.
pub(super) fn new_key() -> Result<Key, Error> {
    random().map(Zeroizing::new)
}

/// Parts of what a text is about, so that no two lists of them run together.
pub(super) fn about(parts: &[&[u8]]) -> Vec<u8> {
    let mut about = b"lw1".to_vec();
    for part in parts {
        about.extend(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        about.extend_from_slice(part);
    }
    about
}

/// The nonce, and the text as nobody can read it without the key.
pub(super) fn seal(key: &Key, about: &[u8], mut text: Vec<u8>) -> Result<Vec<u8>, Error> {
    let failed = |_| Error::new(Code::InternalError, "a text is too long to be encrypted");
    let nonce: [u8; NONCE] = random()?;
    XChaCha20Poly1305::new((&**key).into()).encrypt_in_place(&XNonce::from(nonce), about, &mut text).map_err(failed)?;
    let mut sealed = Vec::with_capacity(nonce.len().saturating_add(text.len()));
    sealed.extend(nonce);
    sealed.append(&mut text);
    Ok(sealed)
}

/// The text; none where another key sealed it, it is about something else, or it was changed.
pub(super) fn unseal(key: &Key, about: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, text) = sealed.split_first_chunk::<NONCE>()?;
    let mut text = text.to_vec();
    XChaCha20Poly1305::new((&**key).into()).decrypt_in_place(&XNonce::from(*nonce), about, &mut text).ok()?;
    Some(text)
}

/// A key that was sealed.
pub(super) fn unseal_key(key: &Key, about: &[u8], sealed: &[u8]) -> Option<Key> {
    let bytes = Zeroizing::new(unseal(key, about, sealed)?);
    <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_key_opens_a_text_and_only_as_what_it_is_about() {
        let (key, other) = (new_key().unwrap(), new_key().unwrap());
        let sealed = seal(&key, b"a", b"312-867-5309".to_vec()).unwrap();
        assert_eq!(unseal(&key, b"a", &sealed).as_deref(), Some(&b"312-867-5309"[..]));
        assert_eq!((unseal(&other, b"a", &sealed), unseal(&key, b"b", &sealed)), (None, None));
        assert_eq!(unseal(&key, b"a", &sealed[..20]), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(unseal(&key, b"a", &changed), None, "byte {at}");
        }
        assert_ne!(seal(&key, b"a", b"312-867-5309".to_vec()).unwrap(), sealed, "the same text never looks the same");
    }

    /// draft-irtf-cfrg-xchacha-03, A.3.1: our bytes are those of everybody else.
    #[test]
    fn it_is_xchacha20_poly1305() {
        let hex = |text: &str| -> Vec<u8> {
            (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
        };
        let key = Zeroizing::new(std::array::from_fn(|n| 0x80 + u8::try_from(n).unwrap()));
        let sealed = hex(concat!(
            "404142434445464748494a4b4c4d4e4f5051525354555657",
            "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39",
            "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9",
            "21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49"
        ));
        let text = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
                     sunscreen would be it.";
        assert_eq!(unseal(&key, &hex("50515253c0c1c2c3c4c5c6c7"), &sealed).as_deref(), Some(&text[..]));
    }

    #[test]
    fn no_two_lists_of_parts_run_together() {
        assert_ne!(about(&[b"ab", b"c"]), about(&[b"a", b"bc"]));
        assert_ne!(about(&[b"ab"]), about(&[b"ab", b""]));
    }
}
