//! TLS, as the address asks for it (`sslmode`).

use crate::options::PostgresOptions;
use leadwright::model::{Code, Error};
use rustls::crypto::ring::default_provider;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;

pub(crate) fn connector(options: &PostgresOptions) -> Result<MakeRustlsConnect, Error> {
    let mut roots = RootCertStore::empty();
    match &options.root_certificates {
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
    Error::new(Code::InputBadOption, "root_certificates: a PEM with certificates is expected")
}
