//! A connection: to a checked address, in TLS where the URL says so, with a gate before the first byte of a request.

use crate::call::Call;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::time::Duration;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::time::Duration as Limit;
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, TcpConnector, Transport, TransportAdapter,
};
use ureq::{Error, Timeout};

/// Gives `ureq` the addresses that were checked before it was called: there is no second look-up that could say something else.
#[derive(Debug)]
pub(crate) struct Pinned;

impl Resolver for Pinned {
    fn resolve(&self, _: &Uri, _: &ureq::config::Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let call = Call::current().ok_or(Error::HostNotFound)?;
        let mut addresses = self.empty();
        call.addresses.iter().take(addresses.capacity_left()).for_each(|address| addresses.push(*address));
        if addresses.is_empty() { Err(Error::HostNotFound) } else { Ok(addresses) }
    }
}

/// How many addresses `ureq` holds.
trait Capacity {
    fn capacity_left(&self) -> usize;
}

impl Capacity for ResolvedSocketAddrs {
    fn capacity_left(&self) -> usize {
        16 - self.len()
    }
}

/// Makes connections.
#[derive(Debug)]
pub(crate) struct Lines {
    tcp: TcpConnector,
    tls: Arc<ClientConfig>,
    connect: Duration,
}

impl Lines {
    pub(crate) fn new(tls: Arc<ClientConfig>, connect: Duration) -> Self {
        Self { tcp: TcpConnector::default(), tls, connect }
    }

    /// The same details with the time that connecting may take.
    fn connecting<'a>(&self, details: &ConnectionDetails<'a>, call: &Call) -> ConnectionDetails<'a> {
        ConnectionDetails {
            uri: details.uri,
            addrs: details.addrs.clone(),
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: (details.current_time)(),
            timeout: limit(self.connect.min(call.left())),
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        }
    }
}

fn limit(left: Duration) -> NextTimeout {
    NextTimeout { after: Limit::Exact(left), reason: Timeout::Connect, ..NextTimeout::default() }
}

impl Connector<()> for Lines {
    type Out = Gated;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<Gated>, Error> {
        let call = Call::current().ok_or(Error::ConnectionFailed)?;
        call.see(|seen| seen.fresh = true);
        let Some(tcp) = self.tcp.connect(&self.connecting(details, &call), None::<()>)? else { return Ok(None) };
        if !details.needs_tls() {
            return Ok(Some(Gated { inner: tcp.boxed() }));
        }
        call.see(|seen| seen.handshake = true);
        let host = details.uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let name = ServerName::try_from(host.to_owned()).map_err(|_| Error::Tls("no name for a certificate"))?;
        let mut connection = ClientConnection::new(self.tls.clone(), name).map_err(std::io::Error::other)?;
        let mut socket = TransportAdapter::new(tcp.boxed(), details.current_time.clone());
        socket.set_timeout(limit(call.left()));
        connection.complete_io(&mut socket)?;
        let buffers = LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        let secured = Secured { buffers, stream: StreamOwned::new(connection, socket) };
        Ok(Some(Gated { inner: Box::new(secured) }))
    }
}

/// TLS over a connection.
struct Secured {
    buffers: LazyBuffers,
    stream: StreamOwned<ClientConnection, TransportAdapter>,
}

impl std::fmt::Debug for Secured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secured")
    }
}

impl Transport for Secured {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.stream.sock.set_timeout(timeout);
        let output = self.buffers.output().get(..amount).unwrap_or_default();
        self.stream.write_all(output)?;
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.stream.sock.set_timeout(timeout);
        let amount = self.stream.read(self.buffers.input_append_buf())?;
        self.buffers.input_appended(amount);
        Ok(amount > 0)
    }

    fn is_open(&mut self) -> bool {
        self.stream.sock.get_mut().is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

/// A connection that asks the exchange before it sends.
#[derive(Debug)]
pub(crate) struct Gated {
    inner: Box<dyn Transport>,
}

impl Transport for Gated {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        match Call::current() {
            Some(call) if call.gate.pass() => self.inner.transmit_output(amount, timeout),
            _ => Err(Error::Timeout(Timeout::Global)),
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let more = self.inner.await_input(timeout)?;
        if let Some(call) = Call::current().filter(|_| more) {
            call.see(|seen| seen.answer = true);
        }
        Ok(more)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
