//! One request to servers that do what they should not, over real sockets.
#![allow(clippy::disallowed_methods, reason = "tests measure")]

mod common;

use common::*;
use leadwright::deliver::{Exchanged, Lost, NotSent, Transport as _};
use leadwright_http::{HttpOptions, HttpTransport, Names};
use std::io::{Read as _, Write as _};
use std::net::{IpAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const LOST: fn(Lost) -> Exchanged = Exchanged::Lost;
const NOT_SENT: fn(NotSent) -> Exchanged = Exchanged::NotSent;

#[test]
fn what_is_sent_is_the_request_and_nothing_else() {
    let seen = Arc::new(Mutex::new(String::new()));
    let theirs = seen.clone();
    let server = wild(move |mut stream, _| {
        *theirs.lock().expect("a lock") = read_request(&mut stream).expect("a request");
        let _ = stream.write_all(b"HTTP/1.1 201 Created\r\nX-Price: 12.50\r\nContent-Length: 5\r\n\r\nhello");
    });
    let response = answered(transport(server.port).send(&post(server.url()), LONG));
    assert_eq!((response.status, response.header("x-price"), &*response.body), (201, Some("12.50"), &b"hello"[..]));
    let seen = seen.lock().expect("a lock").clone();
    let (head, body) = seen.split_once("\r\n\r\n").expect("a head");
    let mut lines: Vec<String> = head.lines().map(str::to_lowercase).collect();
    assert_eq!(lines.remove(0), "post /leads http/1.1");
    lines.sort();
    let host = format!("host: 127.0.0.1:{}", server.port);
    assert_eq!(lines, ["content-length: 16", "content-type: application/json", &*host, "idempotency-key: k-1"]);
    assert_eq!(body, r#"{"lead_id":"L1"}"#);
}

#[test]
fn a_get_has_no_body() {
    let server = answers(OK);
    let mut request = post(server.url());
    (request.method, request.body) = ("GET".into(), Vec::new());
    assert_eq!(answered(transport(server.port).send(&request, LONG)).body, b"ok");
}

#[test]
fn nobody_listens() {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let exchanged = ends_in_time(&transport(port), &post(format!("http://127.0.0.1:{port}/")), LONG);
    assert_eq!(exchanged, NOT_SENT(NotSent::NoConnection));
}

/// A server whose queue of connections is full answers no connection. Connecting has its own time within the whole.
#[test]
#[cfg(target_os = "linux")]
fn nobody_accepts() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let full: Vec<_> = (0..200).map_while(|_| connect_briefly(address)).collect();
    let options = HttpOptions { connect: Duration::from_millis(100), ..options(address.port()) };
    let transport = HttpTransport::new(options).expect("the options are right");
    // The queue has 128 places, and that is the system's to say: with fewer, a request hangs behind the last of them.
    assert!(full.len() < 200, "the queue was not filled");
    let (exchanged, took) = timed(&transport, &post(format!("http://{address}/")), LONG);
    assert_eq!(exchanged, NOT_SENT(NotSent::NoConnection));
    assert!(took < Duration::from_millis(600), "{took:?}");
}

#[cfg(target_os = "linux")]
fn connect_briefly(address: std::net::SocketAddr) -> Option<std::net::TcpStream> {
    std::net::TcpStream::connect_timeout(&address, Duration::from_millis(100)).ok()
}

#[test]
fn a_server_that_accepts_and_hangs() {
    let server = wild(|mut stream, _| drop(stream.read_to_end(&mut Vec::new())));
    assert_eq!(ends_in_time(&transport(server.port), &post(server.url()), SOON), LOST(Lost::Timeout));
}

#[test]
fn a_server_that_trickles() {
    let server = wild(|mut stream, _| {
        let _ = read_request(&mut stream);
        for byte in OK.bytes().cycle() {
            if stream.write_all(&[byte]).is_err() {
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    assert_eq!(ends_in_time(&transport(server.port), &post(server.url()), SOON), LOST(Lost::Timeout));
}

#[test]
fn a_body_that_trickles() {
    let server = wild(|mut stream, _| {
        let _ = read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n");
        while stream.write_all(b".").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    assert_eq!(ends_in_time(&transport(server.port), &post(server.url()), SOON), LOST(Lost::Timeout));
}

/// What is larger than the buffers of the system is sent in parts, and a server that reads none of it hangs us in writing.
#[test]
fn a_server_that_does_not_read() {
    let server = wild(|stream, _| {
        std::thread::sleep(Duration::from_secs(5));
        drop(stream);
    });
    let mut request = post(server.url());
    request.body = vec![b'x'; 32 << 20];
    assert_eq!(ends_in_time(&transport(server.port), &request, SOON), LOST(Lost::Timeout));
}

#[test]
fn answers_that_are_too_large() {
    let head = format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 0\r\n\r\n", "x".repeat(20_000));
    let endless = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(200_000));
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(500));
    let body = format!("HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n{}", "x".repeat(65537));
    let chunk = format!(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        "400\r\n".to_owned() + &"x".repeat(1024) + "\r\n"
    );
    let chunks = chunk + &("400\r\n".to_owned() + &"x".repeat(1024) + "\r\n").repeat(80) + "0\r\n\r\n";
    for (what, bytes) in [("head", head), ("endless", endless), ("many", many), ("body", body), ("chunks", chunks)] {
        let server = answers(bytes);
        assert_eq!(ends_in_time(&transport(server.port), &post(server.url()), LONG), LOST(Lost::TooLarge), "{what}");
    }
    let most = answers(format!("HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n{}", "x".repeat(65536)));
    assert_eq!(answered(transport(most.port).send(&post(most.url()), LONG)).body.len(), 65536);
}

/// Nobody unpacks what is packed: 64 kB of it could become 64 MB.
#[test]
fn what_is_packed_stays_packed() {
    let server = answers("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x01ab");
    let response = answered(transport(server.port).send(&post(server.url()), LONG));
    assert_eq!((response.body.len(), response.header("content-encoding")), (4, Some("gzip")));
}

#[test]
fn answers_that_are_none() {
    let garbage = [
        "SSH-2.0-OpenSSH_9.9\r\n\r\n",
        "HTTP/3 200 OK\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "\0\0\0\0\0\0\0\0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    ];
    for bytes in garbage {
        let server = answers(bytes);
        let exchanged = ends_in_time(&transport(server.port), &post(server.url()), LONG);
        assert_eq!(exchanged, LOST(Lost::Unreadable), "{bytes:?}");
    }
}

#[test]
fn connections_that_end() {
    let partial = [
        "",
        "HTTP/1.1 2",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
    ];
    for bytes in partial {
        let server = wild(move |mut stream, _| {
            let _ = read_request(&mut stream);
            let _ = stream.write_all(bytes.as_bytes());
        });
        assert_eq!(ends_in_time(&transport(server.port), &post(server.url()), LONG), LOST(Lost::Broken), "{bytes:?}");
    }
}

/// Whoever closes with something unread resets the connection.
#[test]
fn a_reset_in_the_middle_of_an_answer() {
    let server = wild(|mut stream, _| {
        let _ = stream.read(&mut [0; 10]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        std::thread::sleep(Duration::from_millis(30));
    });
    assert_eq!(ends_in_time(&transport(server.port), &post(server.url()), LONG), LOST(Lost::Broken));
}

#[test]
fn an_answer_without_a_length_ends_with_its_connection() {
    let server = wild(|mut stream, _| {
        let _ = read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.0 200 OK\r\n\r\nall of it");
    });
    assert_eq!(answered(transport(server.port).send(&post(server.url()), LONG)).body, b"all of it");
}

#[test]
fn a_continue_that_nobody_asked_for() {
    let server = answers(format!("HTTP/1.1 100 Continue\r\n\r\n{OK}"));
    assert_eq!(answered(transport(server.port).send(&post(server.url()), LONG)).status, 200);
}

#[test]
fn no_redirect_is_followed() {
    let followed = answers(OK);
    for status in [301, 302, 303, 307, 308] {
        let there = followed.url();
        let server = answers(format!("HTTP/1.1 {status} Moved\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n"));
        let response = answered(transport(server.port).send(&post(server.url()), LONG));
        assert_eq!((response.status, response.header("location")), (status, Some(&*there)));
    }
    assert_eq!(followed.connections(), 0);
}

#[test]
fn cookies_are_not_kept() {
    let seen = Arc::new(Mutex::new(String::new()));
    let theirs = seen.clone();
    let server = wild(move |mut stream, _| {
        while let Some(request) = read_request(&mut stream) {
            theirs.lock().expect("a lock").push_str(&request.to_lowercase());
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n");
        }
    });
    let transport = transport(server.port);
    for _ in 0..3 {
        answered(transport.send(&post(server.url()), LONG));
    }
    assert!(!seen.lock().expect("a lock").contains("cookie:"));
    assert_eq!(server.connections(), 1, "a connection is kept");
}

#[test]
fn no_proxy_of_the_environment_is_asked() {
    let proxy = answers(OK);
    let server = answers(OK);
    // Tests of this file run at once, and none of them may see it: a process of its own.
    let variable = format!("http://127.0.0.1:{}", proxy.port);
    let mut child = std::process::Command::new(std::env::current_exe().expect("this test"));
    child.args(["--exact", "sent_from_a_child", "--ignored"]).env("TEST_URL", server.url());
    child.env("TEST_PORT", server.port.to_string());
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        child.env(name, &variable);
    }
    assert!(child.status().expect("it runs").success());
    assert_eq!((server.connections(), proxy.connections()), (1, 0));
}

#[test]
#[ignore = "it is run by the test above"]
fn sent_from_a_child() {
    let (url, port) = (std::env::var("TEST_URL").expect("a URL"), std::env::var("TEST_PORT").expect("a port"));
    answered(transport(port.parse().expect("a port")).send(&post(url), LONG));
}

#[test]
fn requests_that_cannot_be_written() {
    let server = answers(OK);
    let transport = transport(server.port);
    let wrong = [
        ("x y", "v"),
        ("x", "a\r\nb: c"),
        ("x", "a\0b"),
        ("", "v"),
        ("Host", "evil.example"),
        ("content-length", "0"),
        ("Transfer-Encoding", "chunked"),
        ("Connection", "upgrade"),
        ("expect", "100-continue"),
    ];
    for (name, value) in wrong {
        let mut request = post(server.url());
        request.headers.push((name.into(), value.into()));
        assert_eq!(transport.send(&request, LONG), NOT_SENT(NotSent::Unsendable), "{name:?}: {value:?}");
    }
    for method in ["", "PO ST", "CONNECT", "TRACE", "POST / HTTP/1.1\r\n"] {
        let mut request = post(server.url());
        request.method = method.into();
        assert_eq!(transport.send(&request, LONG), NOT_SENT(NotSent::Unsendable), "{method:?}");
    }
    let mut request = post(server.url());
    request.identity = Some("nobody".into());
    assert_eq!(transport.send(&request, LONG), NOT_SENT(NotSent::Unsendable), "a secret that is missing");
    assert_eq!(transport.send(&post(server.url()), Duration::ZERO), NOT_SENT(NotSent::TooLate));
    assert_eq!(server.connections(), 0);
}

/// The classic: a connection that is kept, and that the server closes at the moment when the next request comes. There is one
/// request for each `send`, whatever happens.
#[test]
fn nothing_is_sent_twice_over_connections_that_are_being_closed() {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    let server = wild(move |mut stream, _| {
        // Two answers, then it goes away, sometimes having read the next request.
        for _ in 0..2 {
            if read_request(&mut stream).is_none() {
                return;
            }
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(OK.as_bytes());
        }
        if read_request(&mut stream).is_some() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    let transport = transport(server.port);
    let mut lost = 0;
    for nth in 1..=300 {
        match transport.send(&post(server.url()), LONG) {
            Exchanged::Answered(_) => {}
            Exchanged::Lost(Lost::Broken) => lost += 1,
            other => panic!("{nth}: {other:?}"),
        }
        assert_eq!(requests.load(Ordering::SeqCst), nth, "one request for each send");
    }
    assert_eq!(lost, 100);
}

/// A server that has closed is noticed before anything is sent.
#[test]
fn a_connection_that_was_closed_is_not_used() {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    let server = wild(move |mut stream, _| {
        if read_request(&mut stream).is_some() {
            counted.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(OK.as_bytes());
        }
    });
    let transport = transport(server.port);
    for _ in 0..20 {
        answered(transport.send(&post(server.url()), LONG));
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!((requests.load(Ordering::SeqCst), server.connections()), (20, 20));
}

/// The first answer is harmless, the second is not.
struct Rebinding(AtomicUsize, IpAddr);

impl Names for Rebinding {
    fn addresses(&self, _: &str) -> Vec<IpAddr> {
        let nth = self.0.fetch_add(1, Ordering::SeqCst);
        vec![if nth == 0 { self.1 } else { [127, 0, 0, 1].into() }]
    }
}

#[test]
fn a_name_that_changes_its_mind_is_asked_once() {
    let inside = answers(OK);
    // Only a port is allowed, no address: 192.0.2.1 is special as well, so that nothing leaves this machine.
    let allow = vec![format!("https://buyer.example:{}", inside.port), "192.0.2.0/24".into()];
    let names = Arc::new(Rebinding(AtomicUsize::new(0), [192, 0, 2, 1].into()));
    let connect = Duration::from_millis(80);
    let options = HttpOptions { allow, connect, names: Some(names.clone()), ..HttpOptions::default() };
    let transport = HttpTransport::new(options).expect("the options are right");
    let request = post(format!("https://buyer.example:{}/", inside.port));
    // The address that was checked is the one that is tried, and nobody asks again in between.
    assert_eq!(transport.send(&request, SOON), NOT_SENT(NotSent::NoConnection));
    assert_eq!(names.0.load(Ordering::SeqCst), 1);
    let changed = Arc::new(Rebinding(AtomicUsize::new(1), [192, 0, 2, 1].into()));
    let allow = vec![format!("https://buyer.example:{}", inside.port)];
    let options = HttpOptions { allow, names: Some(changed), ..HttpOptions::default() };
    let transport = HttpTransport::new(options).expect("the options are right");
    assert_eq!(transport.send(&request, SOON), NOT_SENT(NotSent::Blocked));
    assert_eq!(inside.connections(), 0);
}

struct Nothing;

impl Names for Nothing {
    fn addresses(&self, _: &str) -> Vec<IpAddr> {
        Vec::new()
    }
}

struct Hanging;

impl Names for Hanging {
    fn addresses(&self, _: &str) -> Vec<IpAddr> {
        std::thread::sleep(Duration::from_secs(2));
        vec![[127, 0, 0, 1].into()]
    }
}

#[test]
fn names_without_an_address() {
    let none = HttpOptions { names: Some(Arc::new(Nothing)), ..HttpOptions::default() };
    let hangs = HttpOptions { names: Some(Arc::new(Hanging)), ..HttpOptions::default() };
    for options in [none, hangs] {
        let transport = HttpTransport::new(options).expect("the options are right");
        let exchanged = ends_in_time(&transport, &post("https://buyer.example/"), SOON);
        assert_eq!(exchanged, NOT_SENT(NotSent::NoAddress));
    }
}
