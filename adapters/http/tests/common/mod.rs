//! Servers that do what servers should not.
#![allow(dead_code, unreachable_pub, reason = "each test takes what it needs")]

use leadwright::deliver::{Exchanged, Request, Response, Transport as _};
use leadwright_http::{HttpOptions, HttpTransport, Names};
use std::io::{Read, Write};
use std::net::{IpAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// A server of one function, in a thread for each connection. It lives as long as the test's process.
pub struct Wild {
    pub port: u16,
    pub connections: Arc<AtomicUsize>,
}

impl Wild {
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/leads", self.port)
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// `each` is told which connection it is.
pub fn wild(each: impl Fn(TcpStream, usize) + Send + Sync + 'static) -> Wild {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (connections, each) = (Arc::new(AtomicUsize::new(0)), Arc::new(each));
    let counted = connections.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (nth, each) = (counted.fetch_add(1, Ordering::SeqCst), each.clone());
            std::thread::spawn(move || each(stream, nth));
        }
    });
    Wild { port, connections }
}

/// Answers each request of a connection with the same bytes.
pub fn answers(bytes: impl Into<Vec<u8>>) -> Wild {
    let bytes = bytes.into();
    wild(move |mut stream, _| {
        while read_request(&mut stream).is_some() {
            if stream.write_all(&bytes).is_err() {
                break;
            }
        }
    })
}

/// A request with its body, or nothing where the connection ends.
pub fn read_request(stream: &mut impl Read) -> Option<String> {
    let mut read = Vec::new();
    let mut byte = [0];
    while !read.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        read.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&read).to_lowercase();
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    read.extend(body);
    Some(String::from_utf8_lossy(&read).into_owned())
}

pub const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Names that stand for this machine.
pub struct Here;

impl Names for Here {
    fn addresses(&self, _: &str) -> Vec<IpAddr> {
        vec![[127, 0, 0, 1].into()]
    }
}

/// What may reach a server of this machine.
pub fn options(port: u16) -> HttpOptions {
    let allow = ["127.0.0.0/8".into(), format!("http://127.0.0.1:{port}"), format!("https://buyer.example:{port}")];
    HttpOptions { allow: allow.into(), names: Some(Arc::new(Here)), ..HttpOptions::default() }
}

pub fn transport(port: u16) -> HttpTransport {
    HttpTransport::new(options(port)).expect("the options are right")
}

pub fn post(url: impl Into<String>) -> Request {
    Request {
        endpoint: "acme/leads".into(),
        method: "POST".into(),
        url: url.into(),
        headers: vec![("Content-Type".into(), "application/json".into()), ("Idempotency-Key".into(), "k-1".into())],
        body: br#"{"lead_id":"L1"}"#.to_vec(),
        identity: None,
    }
}

pub const SOON: Duration = Duration::from_millis(250);
pub const LONG: Duration = Duration::from_secs(5);

/// How it ended, and how long it took.
pub fn timed(transport: &HttpTransport, request: &Request, within: Duration) -> (Exchanged, Duration) {
    let begun = Instant::now();
    let exchanged = transport.send(request, within);
    (exchanged, begun.elapsed())
}

/// Ends within its time; a machine that is busy with other things is given some more.
pub fn ends_in_time(transport: &HttpTransport, request: &Request, within: Duration) -> Exchanged {
    let (exchanged, took) = timed(transport, request, within);
    assert!(took < within + Duration::from_millis(150), "{took:?} in place of {within:?}: {exchanged:?}");
    exchanged
}

pub fn answered(exchanged: Exchanged) -> Response {
    match exchanged {
        Exchanged::Answered(response) => response,
        other => panic!("{other:?}"),
    }
}
