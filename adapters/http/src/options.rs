//! What a host may choose.

use crate::names::Names;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// The PEM of a client certificate with its key, for the name of a secret. It is asked each time, so a new one is noticed.
pub type Secrets = dyn Fn(&str) -> Option<Vec<u8>> + Send + Sync;

/// How requests are made.
///
/// ```
/// use leadwright_http::{HttpOptions, HttpTransport};
/// let transport = HttpTransport::new(HttpOptions {
///     allow: vec!["10.20.0.0/16".into(), "https://crm.internal:8443".into()],
///     secrets: Some(std::sync::Arc::new(|name| std::fs::read(format!("/run/secrets/{name}")).ok())),
///     ..HttpOptions::default()
/// })?;
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Clone)]
pub struct HttpOptions {
    /// What may be reached beside names of the public internet over https: networks (`10.0.0.0/8`) and sites
    /// (`https://host:port`, `http://host:port`), see [`Allow`](crate::Allow).
    pub allow: Vec<String>,
    /// How long a connection of TCP may take, within the time of the request.
    pub connect: Duration,
    /// For how long a connection is kept for the next request. Shorter than what servers do, which close after 5 s and more:
    /// a request on a connection that is being closed is one that nobody knows about.
    pub keep: Duration,
    /// How many connections are kept, for all servers together and for each one.
    pub kept: usize,
    /// How many requests of `send_all` are on their way at the same time, each in a thread. More wait.
    pub threads: usize,
    /// How many bytes of an answer's body are read.
    pub body: usize,
    /// How many bytes of an answer's head are read.
    pub head: usize,
    /// A PEM with certificates that servers may have theirs from, beside those of Mozilla.
    pub roots: Option<Vec<u8>>,
    /// Finds the client certificates that requests name.
    pub secrets: Option<Arc<Secrets>>,
    /// Looks names up; the system does where there is nothing.
    pub names: Option<Arc<dyn Names>>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            connect: Duration::from_millis(500),
            keep: Duration::from_secs(4),
            kept: 256,
            threads: 512,
            body: 64 * 1024,
            head: 16 * 1024,
            roots: None,
            secrets: None,
            names: None,
        }
    }
}

impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { allow, connect, keep, threads, .. } = self;
        write!(f, "HttpOptions(connect {connect:?}, keep {keep:?}, {threads} threads, {} allowed)", allow.len())
    }
}
