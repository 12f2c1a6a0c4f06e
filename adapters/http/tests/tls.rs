//! Certificates that fit, and all the ways in which they do not.
#![allow(clippy::disallowed_methods, reason = "tests measure")]

mod common;

use common::*;
use leadwright::deliver::{Exchanged, NotSent, Transport as _};
use leadwright_http::{HttpOptions, HttpTransport};
use rcgen::{BasicConstraints, CertificateParams, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair};
use rustls::crypto::ring::default_provider;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// An authority of this test.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// The PEM of a certificate with its key.
    fn certificate(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> String {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        certificate.pem() + &key.serialize_pem()
    }

    fn roots(&self) -> Arc<RootCertStore> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(self.pem.as_bytes()) {
            roots.add(certificate.expect("a certificate")).expect("it is one");
        }
        Arc::new(roots)
    }
}

fn server_config(
    pem: &str,
    clients: Option<&Authority>,
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> Arc<ServerConfig> {
    let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_protocol_versions(versions).expect("versions");
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let provider = Arc::new(default_provider());
            let verifier = WebPkiClientVerifier::builder_with_provider(authority.roots(), provider).build();
            builder.with_client_cert_verifier(verifier.expect("a verifier"))
        }
    };
    let chain = CertificateDer::pem_slice_iter(pem.as_bytes()).map(|certificate| certificate.expect("a certificate"));
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).expect("a key");
    Arc::new(builder.with_single_cert(chain.collect(), key).expect("they fit"))
}

/// A server that answers, and counts what it read.
fn secured(config: Arc<ServerConfig>) -> (Wild, Arc<AtomicUsize>) {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    let server = wild(move |stream: TcpStream, _| {
        let connection = ServerConnection::new(config.clone()).expect("a connection");
        let mut stream = StreamOwned::new(connection, stream);
        while read_request(&mut stream).is_some() {
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(OK.as_bytes());
            let _ = stream.flush();
        }
        // Whoever closes with something unread resets the connection, and a reset overtakes the alert that explains it.
        let _ = stream.sock.shutdown(Shutdown::Write);
        let _ = stream.sock.read_to_end(&mut Vec::new());
    });
    (server, requests)
}

fn trusting(port: u16, authority: &Authority) -> HttpOptions {
    HttpOptions { roots: Some(authority.pem.clone().into_bytes()), ..options(port) }
}

fn url(server: &Wild) -> String {
    format!("https://buyer.example:{}/leads", server.port)
}

#[test]
fn a_certificate_that_fits() {
    let authority = Authority::new();
    let pem = authority.certificate("buyer.example", |_| {});
    for versions in [&[&rustls::version::TLS13][..], &[&rustls::version::TLS12]] {
        let (server, requests) = secured(server_config(&pem, None, versions));
        let transport = HttpTransport::new(trusting(server.port, &authority)).expect("the options are right");
        for _ in 0..5 {
            assert_eq!(answered(transport.send(&post(url(&server)), LONG)).body, b"ok");
        }
        assert_eq!((server.connections(), requests.load(Ordering::SeqCst)), (1, 5), "a connection is kept");
    }
}

#[test]
fn certificates_that_do_not_fit() {
    let (authority, other) = (Authority::new(), Authority::new());
    let old = |params: &mut CertificateParams| {
        params.not_before = rcgen::date_time_ymd(2019, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    };
    let wrong = [
        ("another name", authority.certificate("other.example", |_| {})),
        ("another authority", other.certificate("buyer.example", |_| {})),
        ("over", authority.certificate("buyer.example", old)),
    ];
    for (why, pem) in wrong {
        let (server, requests) = secured(server_config(&pem, None, rustls::ALL_VERSIONS));
        let transport = HttpTransport::new(trusting(server.port, &authority)).expect("the options are right");
        let exchanged = ends_in_time(&transport, &post(url(&server)), LONG);
        assert_eq!(exchanged, Exchanged::NotSent(NotSent::Tls), "{why}");
        assert_eq!(requests.load(Ordering::SeqCst), 0, "{why}");
    }
    // Without the roots of the test nobody is trusted that Mozilla does not know.
    let pem = authority.certificate("buyer.example", |_| {});
    let (server, _) = secured(server_config(&pem, None, rustls::ALL_VERSIONS));
    assert_eq!(transport(server.port).send(&post(url(&server)), LONG), Exchanged::NotSent(NotSent::Tls));
}

#[test]
fn plain_http_where_tls_is_expected() {
    let greeting = wild(|mut stream, _| {
        let _ = stream.read(&mut [0; 600]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
    let closing = wild(|stream, _| drop(stream));
    for server in [greeting, closing] {
        let exchanged = ends_in_time(&transport(server.port), &post(url(&server)), LONG);
        assert_eq!(exchanged, Exchanged::NotSent(NotSent::Tls));
    }
}

/// Nothing of the lead left while the handshake hangs.
#[test]
fn a_handshake_that_hangs_or_trickles() {
    let hangs = wild(|mut stream, _| drop(stream.read_to_end(&mut Vec::new())));
    let trickles = wild(|mut stream, _| {
        let _ = stream.read(&mut [0; 600]);
        for byte in [0x16, 3, 3, 0x40, 0].into_iter().chain(std::iter::repeat(0)) {
            if stream.write_all(&[byte]).is_err() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    for (server, may_be_tls) in [(hangs, false), (trickles, true)] {
        let exchanged = ends_in_time(&transport(server.port), &post(url(&server)), SOON);
        let is_right = exchanged == Exchanged::NotSent(NotSent::NoConnection)
            || (may_be_tls && exchanged == Exchanged::NotSent(NotSent::Tls));
        assert!(is_right, "{exchanged:?}");
    }
}

/// A client with the certificate of an authority, one with another one's, one with none, and one whose certificate changes.
#[test]
fn certificates_of_clients() {
    let (authority, clients, others) = (Authority::new(), Authority::new(), Authority::new());
    let pem = authority.certificate("buyer.example", |_| {});
    let right = clients.certificate("router.example", |_| {});
    let wrong = others.certificate("router.example", |_| {});
    for versions in [&[&rustls::version::TLS13][..], &[&rustls::version::TLS12]] {
        let (server, requests) = secured(server_config(&pem, Some(&clients), versions));
        let secret = Arc::new(Mutex::new(right.clone()));
        let told = secret.clone();
        let options = HttpOptions {
            secrets: Some(Arc::new(move |name| {
                (name == "acme-tls").then(|| told.lock().expect("a lock").clone().into_bytes())
            })),
            ..trusting(server.port, &authority)
        };
        let transport = HttpTransport::new(options).expect("the options are right");
        let mut request = post(url(&server));
        // Refused by the server, which has read nothing of what came behind the handshake.
        for _ in 0..20 {
            assert_eq!(transport.send(&request, LONG), Exchanged::NotSent(NotSent::Tls));
        }
        assert_eq!(requests.load(Ordering::SeqCst), 0);
        request.identity = Some("acme-tls".into());
        answered(transport.send(&request, LONG));
        answered(transport.send(&request, LONG));
        assert_eq!(requests.load(Ordering::SeqCst), 2);
        // The connection of the one is not used by the other.
        request.identity = None;
        assert_eq!(transport.send(&request, LONG), Exchanged::NotSent(NotSent::Tls));
        request.identity = Some("acme-tls".into());
        *secret.lock().expect("a lock") = wrong.clone();
        assert_eq!(transport.send(&request, LONG), Exchanged::NotSent(NotSent::Tls));
        *secret.lock().expect("a lock") = "no PEM".into();
        assert_eq!(transport.send(&request, LONG), Exchanged::NotSent(NotSent::Unsendable));
        *secret.lock().expect("a lock") = right.clone();
        answered(transport.send(&request, LONG));
        assert_eq!(requests.load(Ordering::SeqCst), 3);
    }
}

#[test]
fn roots_that_are_none_are_told() {
    let pem = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for roots in [&b""[..], b"nothing", pem] {
        assert!(HttpTransport::new(HttpOptions { roots: Some(roots.to_vec()), ..HttpOptions::default() }).is_err());
    }
}
