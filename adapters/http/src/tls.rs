//! TLS as we speak it: 1.2 and 1.3, with the roots of Mozilla and those that the host adds.

use leadwright::model::{Code, Error};
use rustls::crypto::ring::default_provider;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;

/// The roots that a server's certificate is checked against.
pub(crate) fn roots(pem: Option<&[u8]>) -> Result<Arc<RootCertStore>, Error> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(pem) = pem {
        let unread = || Error::new(Code::InputBadOption, "roots: a PEM with certificates is expected");
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            roots.add(certificate.map_err(|_| unread())?).map_err(|_| unread())?;
        }
        if roots.len() == before {
            return Err(unread());
        }
    }
    Ok(Arc::new(roots))
}

/// A client without a certificate, or with the one of this PEM and its key. Nothing where the PEM is not that.
pub(crate) fn client(roots: &Arc<RootCertStore>, identity: Option<&[u8]>) -> Option<Arc<ClientConfig>> {
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().ok()?.with_root_certificates(roots.clone());
    let config = match identity {
        None => builder.with_no_client_auth(),
        Some(pem) => {
            let chain: Vec<_> = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().ok()?;
            builder.with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(pem).ok()?).ok()?
        }
    };
    Some(Arc::new(config))
}
