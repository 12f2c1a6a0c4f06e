//! A server that speaks TLS and nothing else, one that speaks none, and all the ways in which they do not fit.
#![allow(clippy::expect_used, reason = "tests")]

mod common;

use common::options;
use leadwright::engine::{Engine, EngineOptions};
use leadwright::model::{Code, Error, Tick, Timestamp};
use leadwright_postgres::{PostgresOptions, PostgresStore};
use leadwright_servers::{Postgres, Version, skipped};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Somebody who vouches for servers.
struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        // Two of one name would be taken for each other, and their signatures be wrong.
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).expect("a certificate").pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A certificate for a name, and its key.
    fn vouches(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec![name.to_owned()]).expect("parameters");
        params.distinguished_name.push(DnType::CommonName, name);
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        (certificate.pem(), key.serialize_pem())
    }
}

/// A server whose certificate is for `localhost`.
fn server(authority: &Authority) -> Option<Postgres> {
    let (certificate, key) = authority.vouches("localhost");
    let started = Postgres::start_with_tls(Version::Any, &certificate, &key);
    started.map_err(|missing| skipped("PostgreSQL over TLS", &missing)).ok()
}

fn open(url: &str, authority: Option<&Authority>) -> Result<PostgresStore, Error> {
    let roots = authority.map(|authority| authority.pem.clone().into_bytes());
    let wait = Duration::from_millis(200);
    let options = PostgresOptions { root_certificates: roots, connect_wait: wait, ..options("tls") };
    PostgresStore::with_options(url, options)
}

/// The address by a name of the server, with words behind it.
fn by(server: &Postgres, name: &str, words: &str) -> String {
    format!("postgres://postgres@{name}:{}/postgres{words}", server.port())
}

fn refused(url: &str, authority: Option<&Authority>) -> (Code, String) {
    let error = open(url, authority).expect_err("it is refused");
    (error.code(), error.to_string())
}

fn file(name: &str, text: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&file, text).expect("writable");
    file
}

#[test]
fn decisions_go_over_tls_to_a_server_that_somebody_vouches_for() {
    let authority = Authority::new("ours");
    let Some(server) = server(&authority) else { return };
    let url = by(&server, "localhost", "?sslmode=require");
    let store = Arc::new(open(&url, Some(&authority)).expect("it is the one"));
    let engine = Engine::with_options(common::plan(1), store, EngineOptions::default()).expect("an engine");
    let tick = Tick::at(Timestamp::EPOCH.plus_millis(1_780_000_000_000));
    engine.decide(common::lead(1).as_bytes(), tick).expect("it decides");
    let rows = engine.store().decisions(engine.tenant(), 0, 10).expect("it reads");
    assert_eq!(rows.len(), 1);
    // The same by the words of libpq, as every language has them.
    let roots = file("tls-roots.pem", &authority.pem);
    for mode in ["require", "verify-ca", "verify-full"] {
        let url = by(&server, "localhost", &format!("?sslmode={mode}&sslrootcert={}", roots.display()));
        open(&url, None).expect(mode);
    }
    // What the session says of itself.
    let over = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let mut psql = std::process::Command::new(server.tool("psql"));
    let url = by(&server, "localhost", &format!("?sslmode=verify-full&sslrootcert={}", roots.display()));
    let said = psql.args(["-XAtq", "-c", over, &url]).output().expect("psql");
    assert_eq!(String::from_utf8_lossy(&said.stdout).trim(), "true", "{}", String::from_utf8_lossy(&said.stderr));
}

#[test]
fn a_server_that_nobody_vouches_for_is_refused() {
    let (authority, other) = (Authority::new("ours"), Authority::new("another"));
    let Some(server) = server(&authority) else { return };
    let url = by(&server, "localhost", "?sslmode=require");
    for roots in [None, Some(&other)] {
        let (code, said) = refused(&url, roots);
        assert_eq!((code, said.contains("UnknownIssuer")), (Code::StoreUnreachable, true), "{said}");
    }
    // It may not be asked for TLS, and speaks it: then it is looked at as well.
    assert_eq!(refused(&by(&server, "localhost", ""), None).0, Code::StoreUnreachable);
    // The address comes first.
    let wrong = file("tls-other.pem", &other.pem);
    let url = by(&server, "localhost", &format!("?sslmode=require&sslrootcert={}", wrong.display()));
    assert_eq!(refused(&url, Some(&authority)).0, Code::StoreUnreachable);
}

#[test]
fn another_name_is_refused() {
    let authority = Authority::new("ours");
    let Some(server) = server(&authority) else { return };
    let (code, said) = refused(&by(&server, "127.0.0.1", "?sslmode=require"), Some(&authority));
    assert_eq!((code, said.contains("not valid for name")), (Code::StoreUnreachable, true), "{said}");
}

#[test]
fn nothing_goes_in_clear_where_tls_is_asked_for() {
    let authority = Authority::new("ours");
    let Some(server) = server(&authority) else { return };
    // Of the server: it takes nobody in clear.
    let (_, said) = refused(&by(&server, "localhost", "?sslmode=disable"), Some(&authority));
    assert!(said.contains("28000"), "{said}");
    // Of ours: it talks to no server that speaks no TLS.
    let Some(url) = common::server() else { return };
    let (code, said) = refused(&format!("{url}?sslmode=require"), Some(&authority));
    assert_eq!((code, said.contains("TLS")), (Code::StoreUnreachable, true), "{said}");
}

#[test]
fn what_is_no_certificate_is_told() {
    let said = |url: &str, roots: Option<&[u8]>| {
        let options = PostgresOptions { root_certificates: roots.map(<[u8]>::to_vec), ..options("tls") };
        let error = PostgresStore::with_options(url, options).expect_err("it is refused");
        assert_eq!(error.code(), Code::InputBadOption);
        error.to_string()
    };
    assert!(said("postgres://a@127.0.0.1:1/b", Some(b"no PEM")).contains("a PEM with certificates"));
    let missing = "postgres://a@127.0.0.1:1/b?sslrootcert=/nowhere/ca.pem";
    assert!(said(missing, None).contains("sslrootcert: /nowhere/ca.pem"));
}
