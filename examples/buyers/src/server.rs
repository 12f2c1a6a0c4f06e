//! The server: one thread, so that it stays out of the way of what it is there to test.

use crate::answer::{Answer, Asked, Turn, answer, place};
use crate::ledger::{Book, Ledger};
use crate::script::Script;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::oneshot;

/// Headers for the body of a callback: where a test signs it.
pub type Sign = dyn Fn(&[u8]) -> Vec<(String, String)> + Send + Sync;

/// The largest request that is read.
const MOST: usize = 1 << 20;

/// A server that runs until it is dropped.
pub struct Server {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

pub(crate) struct World {
    script: Script,
    book: Book,
    sign: Option<Box<Sign>>,
}

/// Starts a server on a port that is free.
///
/// ```
/// let script = r#"{ "buyers": { "acme": { "does": "accept" } } }"#.parse()?;
/// let server = leadwright_buyers::start(script)?;
/// assert!(server.url("acme").starts_with("http://127.0.0.1:") && server.ledger().taken.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn start(script: Script) -> io::Result<Server> {
    Server::start(script, 0, None)
}

impl Server {
    /// On a port (0: one that is free), with something that signs callbacks.
    pub fn start(script: Script, port: u16, sign: Option<Box<Sign>>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let world = Arc::new(World { script, book: Book::default(), sign });
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let theirs = world.clone();
        let thread = std::thread::Builder::new().name("buyers".into()).spawn(move || {
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                let accepting = tokio::spawn(accept(listener, theirs));
                let _ = stopped.await;
                accepting.abort();
            });
        })?;
        Ok(Self { port, world, stop: Some(stop), thread: Some(thread) })
    }

    /// The URL of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{}", self.port, path.trim_start_matches('/'))
    }

    /// What was taken so far.
    pub fn ledger(&self) -> Ledger {
        self.world.book.read()
    }

    /// Forgets what was taken; what is by chance and by turns begins anew.
    pub fn reset(&self) {
        self.world.book.reset();
    }

    /// Waits until the server ends, which it does not by itself.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn accept(listener: tokio::net::TcpListener, world: Arc<World>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of files: those that hang end some time.
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        tokio::spawn(serve(stream, world.clone()));
    }
}

async fn serve(stream: TcpStream, world: Arc<World>) {
    let service = service_fn(move |request| respond(request, world.clone()));
    let mut server = hyper::server::conn::http1::Builder::new();
    let _ = server.timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}

/// An error ends the connection without an answer.
async fn respond(request: Request<Incoming>, world: Arc<World>) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    match (&head.method, head.uri.path()) {
        (&Method::GET, "/ledger") => {
            return made(200, serde_json::to_string(&world.book.read()).unwrap_or_default(), None);
        }
        (&Method::POST, "/reset") => {
            world.book.reset();
            return made(200, r#"{"status":"reset"}"#.into(), None);
        }
        _ => {}
    }
    let body = Limited::new(body, MOST).collect().await.map_err(io::Error::other)?.to_bytes();
    let Some((name, buyer)) = place(&world.script, head.uri.path()) else {
        return made(404, r#"{"status":"no_such_buyer"}"#.into(), None);
    };
    let asked = asked(name, &head.headers, &body);
    let Turn { wait_ms, answer } = answer(&world.script, buyer, &asked, &world.book);
    if wait_ms > 0 {
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
    }
    match answer {
        Answer::Says(status, body, retry_after) => made(status, body, retry_after),
        Answer::Ends => Err(io::ErrorKind::ConnectionAborted.into()),
        // It ends with its connection.
        Answer::Hangs => std::future::pending().await,
        Answer::Later { ms, to, body } => {
            if let Some(to) = to {
                tokio::spawn(call_back(world.clone(), ms, to, body));
            }
            made(202, r#"{"status":"queued"}"#.into(), None)
        }
    }
}

fn made(status: u16, body: String, retry_after: Option<u32>) -> io::Result<Response<Full<Bytes>>> {
    let mut response = Response::builder().status(status).header(CONTENT_TYPE, "application/json");
    if let Some(seconds) = retry_after {
        response = response.header(RETRY_AFTER, seconds);
    }
    response.body(Full::new(Bytes::from(body))).map_err(io::Error::other)
}

fn asked(place: &str, headers: &HeaderMap, body: &[u8]) -> Asked {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let lead = header("lead-id").or_else(|| {
        let body: serde_json::Value = serde_json::from_slice(body).ok()?;
        let id = ["lead_id", "lead", "id"].into_iter().find_map(|name| body.get(name))?;
        Some(id.as_str().map_or_else(|| id.to_string(), str::to_owned))
    });
    Asked {
        place: place.to_owned(),
        buyer: place.split('/').next().unwrap_or_default().to_owned(),
        lead: lead.unwrap_or_default(),
        key: header("idempotency-key").unwrap_or_default(),
        callback: header("callback-url"),
    }
}

/// Tells what became of a lead. It is told once, whatever is answered.
async fn call_back(world: Arc<World>, ms: u64, to: String, body: String) -> Option<()> {
    tokio::time::sleep(Duration::from_millis(ms)).await;
    let uri: hyper::Uri = to.parse().ok()?;
    let address: SocketAddr = format!("{}:{}", uri.host()?, uri.port_u16().unwrap_or(80)).parse().ok()?;
    let stream = TokioIo::new(TcpStream::connect(address).await.ok()?);
    let (mut client, connection) = hyper::client::conn::http1::handshake(stream).await.ok()?;
    tokio::spawn(connection);
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let mut request = Request::post(path).header("host", address.to_string()).header(CONTENT_TYPE, "application/json");
    for (name, value) in world.sign.as_ref().map(|sign| sign(body.as_bytes())).unwrap_or_default() {
        request = request.header(name, value);
    }
    let request = request.body(Full::new(Bytes::from(body))).ok()?;
    drop(client.send_request(request).await.ok()?.into_body().collect().await);
    Some(())
}
