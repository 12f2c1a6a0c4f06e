//! Signatures of Standard Webhooks 1.0.0: what we send is signed, and what comes back is verified.

use crate::model::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// The header with the id of the message.
pub(crate) const ID: &str = "webhook-id";
/// The header with the time, in seconds.
pub(crate) const TIMESTAMP: &str = "webhook-timestamp";
/// The header with the signatures.
pub(crate) const SIGNATURE: &str = "webhook-signature";
/// The version of signatures that are HMAC-SHA256.
const VERSION: &str = "v1";
/// So many signatures are looked at in one header.
const MOST: usize = 16;

/// The time that the two clocks may differ by, in seconds.
pub const WEBHOOK_TOLERANCE: i64 = 300;

/// Why a message is not taken for what it says to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadWebhook {
    /// A header is missing, or is not what it should be.
    NoHeader,
    /// It was signed too long ago, or is from the future.
    WrongTime,
    /// No signature fits.
    WrongSignature,
    /// A secret of ours is no key.
    BadSecret,
}

impl fmt::Display for BadWebhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BadWebhook::NoHeader => "the headers webhook-id, webhook-timestamp and webhook-signature are not all there",
            BadWebhook::WrongTime => "it was signed too long ago, or is from the future",
            BadWebhook::WrongSignature => "no signature fits",
            BadWebhook::BadSecret => "a secret is no key of Standard Webhooks: `whsec_` and base64",
        })
    }
}

impl std::error::Error for BadWebhook {}

/// The key of a secret: base64, with `whsec_` before it or not.
fn key(secret: &str) -> Option<Vec<u8>> {
    let text = secret.strip_prefix("whsec_").unwrap_or(secret);
    let key = STANDARD.decode(text).or_else(|_| STANDARD_NO_PAD.decode(text)).ok()?;
    if key.is_empty() { None } else { Some(key) }
}

fn mac(secret: &str, id: &str, seconds: i64, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(&key(secret)?).ok()?;
    mac.update(id.as_bytes());
    mac.update(b".");
    mac.update(seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body);
    Some(mac)
}

/// `v1,` and the signature; none where the secret is no key.
pub(crate) fn signature(secret: &str, id: &str, seconds: i64, body: &[u8]) -> Option<String> {
    let mac = mac(secret, id, seconds, body)?;
    Some(format!("{VERSION},{}", STANDARD.encode(mac.finalize().into_bytes())))
}

/// Signs a message: the three headers that [`verify_webhook`] looks at, for one secret or, while one is replaced by another,
/// for several. None where a secret is no key.
///
/// ```
/// use leadwright::deliver::{sign_webhook, verify_webhook};
/// use leadwright::model::Timestamp;
/// let at: Timestamp = "2026-11-24T15:30:00Z".parse()?;
/// let headers = sign_webhook(&["whsec_c2VjcmV0IGtleQ=="], "k1", at, b"{}").unwrap();
/// assert_eq!(verify_webhook(&["whsec_c2VjcmV0IGtleQ=="], &headers, b"{}", at, 300), Ok("k1"));
/// assert!(verify_webhook(&["whsec_c2VjcmV0IGtleQ=="], &headers, b"[]", at, 300).is_err());
/// # Ok::<(), leadwright::model::TimeError>(())
/// ```
pub fn sign_webhook(secrets: &[&str], id: &str, at: Timestamp, body: &[u8]) -> Option<Vec<(String, String)>> {
    let seconds = at.millis().div_euclid(1_000);
    let signatures: Option<Vec<String>> = secrets.iter().map(|secret| signature(secret, id, seconds, body)).collect();
    let signatures = signatures.filter(|all| !all.is_empty())?.join(" ");
    Some(vec![
        (ID.to_owned(), id.to_owned()),
        (TIMESTAMP.to_owned(), seconds.to_string()),
        (SIGNATURE.to_owned(), signatures),
    ])
}

/// Whether a message comes from somebody who knows one of the secrets, and is not older or newer than `tolerance` seconds
/// ([`WEBHOOK_TOLERANCE`]). Gives its id, by which a second one is known (rule 49).
///
/// # Errors
/// [`BadWebhook`]; answer it with 401, and look at nothing that the message says.
pub fn verify_webhook<'h>(
    secrets: &[&str],
    headers: &'h [(String, String)],
    body: &[u8],
    now: Timestamp,
    tolerance: i64,
) -> Result<&'h str, BadWebhook> {
    let header = |name: &str| {
        let mut found = headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let one = found.next().map(|(_, value)| value.trim());
        one.filter(|_| found.next().is_none()).ok_or(BadWebhook::NoHeader)
    };
    let (id, stamp, signatures) = (header(ID)?, header(TIMESTAMP)?, header(SIGNATURE)?);
    let digits = !stamp.is_empty() && stamp.bytes().all(|b| b.is_ascii_digit());
    let seconds: i64 = stamp.parse().ok().filter(|_| digits).ok_or(BadWebhook::NoHeader)?;
    if id.is_empty() || id.len() > 256 || stamp != seconds.to_string() {
        return Err(BadWebhook::NoHeader);
    }
    if now.millis().div_euclid(1_000).abs_diff(seconds) > tolerance.unsigned_abs() {
        return Err(BadWebhook::WrongTime);
    }
    for given in signatures.split(' ').take(MOST) {
        let Some((VERSION, text)) = given.split_once(',') else { continue };
        let Ok(given) = STANDARD.decode(text) else { continue };
        for secret in secrets {
            let mac = mac(secret, id, seconds, body).ok_or(BadWebhook::BadSecret)?;
            if mac.verify_slice(&given).is_ok() {
                return Ok(id);
            }
        }
    }
    Err(BadWebhook::WrongSignature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use standardwebhooks::Webhook;

    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const OTHER: &str = "whsec_b3RoZXIga2V5IG9mIHVz";

    fn at(seconds: i64) -> Timestamp {
        Timestamp::EPOCH.plus_millis(seconds * 1_000)
    }

    #[test]
    fn the_example_of_the_standard_is_signed_so() {
        let body = br#"{"test": 2432232314}"#;
        let signed = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body);
        assert_eq!(signed.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn while_a_secret_is_replaced_both_fit() {
        let headers = sign_webhook(&[OTHER, SECRET], "k", at(1_000), b"x").unwrap();
        for secrets in [&[SECRET][..], &[OTHER], &[OTHER, SECRET]] {
            assert_eq!(verify_webhook(secrets, &headers, b"x", at(1_299), WEBHOOK_TOLERANCE), Ok("k"));
        }
        assert_eq!(verify_webhook(&["whsec_AAAA"], &headers, b"x", at(1_000), 300), Err(BadWebhook::WrongSignature));
        for wrong in [at(699), at(1_301)] {
            assert_eq!(verify_webhook(&[SECRET], &headers, b"x", wrong, 300), Err(BadWebhook::WrongTime));
        }
        assert_eq!(verify_webhook(&["??"], &headers, b"x", at(1_000), 300), Err(BadWebhook::BadSecret));
        assert_eq!(verify_webhook(&[], &headers, b"x", at(1_000), 300), Err(BadWebhook::WrongSignature));
    }

    #[test]
    fn a_header_that_is_missing_or_there_twice_is_no_signature() {
        let headers = sign_webhook(&[SECRET], "k", at(1_000), b"x").unwrap();
        for n in 0..headers.len() {
            let mut fewer = headers.clone();
            let taken = fewer.remove(n);
            assert_eq!(verify_webhook(&[SECRET], &fewer, b"x", at(1_000), 300), Err(BadWebhook::NoHeader));
            let more = [headers.clone(), vec![taken]].concat();
            assert_eq!(verify_webhook(&[SECRET], &more, b"x", at(1_000), 300), Err(BadWebhook::NoHeader));
        }
    }

    proptest! {
        #[test]
        #[expect(clippy::disallowed_methods, reason = "the other implementation reads the clock by itself")]
        fn another_implementation_signs_and_verifies_the_same(
            key in proptest::collection::vec(any::<u8>(), 24..64), id in "[a-z0-9]{1,64}",
            body in "\\PC{0,80}", flip in 0_usize..200,
        ) {
            // The other one takes texts only.
            let body = body.into_bytes();
            let secret = format!("whsec_{}", STANDARD.encode(key));
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
            let now = at(i64::try_from(now.as_secs()).unwrap());
            let ours = sign_webhook(&[&secret], &id, now, &body).unwrap();
            let theirs = Webhook::new(&secret).unwrap();
            let signed = theirs.sign(&id, now.millis() / 1_000, &body).unwrap();
            prop_assert_eq!(&ours[2].1, &signed);
            let mut changed = body.clone();
            if let Some(byte) = changed.get_mut(flip) {
                *byte ^= 1;
                prop_assert!(verify_webhook(&[&secret], &ours, &changed, now, 300).is_err());
            }
            prop_assert_eq!(verify_webhook(&[&secret], &ours, &body, now, 300), Ok(id.as_str()));
        }
    }
}
