//! TLS, as the address asks for it (`sslmode`, `sslrootcert`).

use crate::options::{Address, PostgresOptions};
use leadwright::model::{Code, Error};
use rustls::crypto::ring::default_provider;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use std::path::PathBuf;
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

pub(crate) fn connector(address: &Address, options: &PostgresOptions) -> Result<MakeRustlsConnect, Error> {
    let mut roots = RootCertStore::empty();
    // Read for each connection: certificates are renewed while a process runs.
    let of_file = address.root_file.as_ref().map(|file| {
        let unread = |error| Error::new(Code::InputBadOption, format!("sslrootcert: {}: {error}", file.display()));
        std::fs::read(file).map_err(unread)
    });
    match of_file.transpose()?.as_ref().or(options.root_certificates.as_ref()) {
        Some(pem) => {
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|_| unread())?;
                roots.add(certificate).map_err(|_| unread())?;
            }
            if roots.is_empty() {
                return Err(unread());
            }
        }
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
    }
    let builder =
        ClientConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| Error::new(Code::InternalError, format!("TLS: {error}")))?;
    Ok(MakeRustlsConnect::new(builder.with_root_certificates(roots).with_no_client_auth()))
}

fn unread() -> Error {
    Error::new(Code::InputBadOption, "sslrootcert, root_certificates: a PEM with certificates is expected")
}

/// The address without the words of libpq that our client does not know, and the file that one of them names. `verify-ca` and
/// `verify-full` are what `require` is here.
pub(crate) fn words(url: &str) -> (String, Option<PathBuf>) {
    let Some((place, words)) = url.split_once('?').filter(|_| crate::is_url(url)) else {
        return (url.to_owned(), None);
    };
    let (mut kept, mut file) = (Vec::new(), None);
    for word in words.split('&') {
        match word.split_once('=') {
            Some(("sslrootcert", path)) => file = Some(decoded(path).into()),
            Some(("sslmode", "verify-ca" | "verify-full")) => kept.push("sslmode=require"),
            _ => kept.push(word),
        }
    }
    let url = if kept.is_empty() { place.to_owned() } else { format!("{place}?{}", kept.join("&")) };
    (url, file)
}

/// A text of a URL: `%2F` is a slash.
fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let code = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(part.bytes().skip(2));
            }
            None => {
                bytes.push(b'%');
                bytes.extend(part.bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_libpq() {
        let read = |url: &str| {
            let (url, file) = words(url);
            (url, file.map(|file| file.display().to_string()))
        };
        let plain = "postgres://a:b@db/leads".to_owned();
        assert_eq!(read("postgres://a:b@db/leads"), (plain.clone(), None));
        assert_eq!(
            read("postgres://a:b@db/leads?sslrootcert=%2Fetc/c%20a.pem"),
            (plain.clone(), Some("/etc/c a.pem".into()))
        );
        assert_eq!(
            read("postgres://a:b@db/leads?sslmode=verify-full&sslrootcert=ca.pem&connect_timeout=3"),
            (plain + "?sslmode=require&connect_timeout=3", Some("ca.pem".into()))
        );
        assert_eq!(decoded("%"), "%");
        assert_eq!(decoded("100%25 %zz"), "100% %zz");
    }
}
