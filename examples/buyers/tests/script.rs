//! What the buyers do, as somebody sees them who talks plain HTTP over a socket.
#![allow(clippy::disallowed_methods, reason = "tests measure")]

use leadwright_buyers::{Script, Server, start};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

fn server(buyers: &str) -> Server {
    let script: Script = format!(r#"{{ "seed": 7, "buyers": {{ {buyers} }} }}"#).parse().expect("a script");
    start(script).expect("a server")
}

/// The status and what came after the head; nothing where there was no answer within half a second.
fn ask(server: &Server, method: &str, path: &str, key: &str, more: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_millis(500))).expect("a time");
    let body = format!(r#"{{"lead_id":"L-{key}"}}"#);
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n");
    write!(stream, "{head}Idempotency-Key: {key}\r\n{more}\r\n{body}").expect("it reads");
    let mut read = String::new();
    let _ = stream.read_to_string(&mut read);
    let status = read.split(' ').nth(1)?.parse().ok()?;
    Some((status, read.split_once("\r\n\r\n")?.1.to_owned()))
}

fn post(server: &Server, path: &str, key: &str) -> Option<(u16, String)> {
    ask(server, "POST", path, key, "")
}

#[test]
fn a_lead_is_taken_once_by_its_key() {
    let server =
        server(r#""acme": { "does": "accept", "price": "12.00" }, "deaf": { "does": "accept", "knows_keys": false }"#);
    assert_eq!(post(&server, "/acme", "k1"), Some((200, r#"{"price":"12.00","status":"accepted"}"#.into())));
    assert_eq!(post(&server, "/acme/other", "k1"), Some((200, r#"{"price":"12.00","status":"duplicate"}"#.into())));
    for _ in 0..2 {
        assert_eq!(post(&server, "/deaf", "k1"), Some((200, r#"{"status":"accepted"}"#.into())));
    }
    let ledger = server.ledger();
    let taken: Vec<_> =
        ledger.taken.iter().map(|taken| (&*taken.buyer, &*taken.lead, &*taken.key, taken.times)).collect();
    assert_eq!(taken, [("acme", "L-k1", "k1", 2), ("deaf", "L-k1", "k1", 2), ("deaf", "L-k1", "k1", 1)]);
    assert_eq!((ledger.buyers["acme"].requests, ledger.buyers["acme"].taken, ledger.buyers["acme"].again), (2, 1, 1));
    // The same over HTTP, and then nothing.
    let (status, text) = ask(&server, "GET", "/ledger", "", "").expect("an answer");
    let read: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((status, &read["taken"][0]["lead"]), (200, &"L-k1".into()));
    assert!(post(&server, "/reset", "").is_some_and(|(status, _)| status == 200));
    assert_eq!(server.ledger(), Default::default());
}

#[test]
fn some_misbehave_once_and_another_key_is_noticed() {
    let server =
        server(r#""bad": { "does": "fail", "once": true }, "late": { "does": "lie", "says": "error", "once": true }"#);
    let twice = |path: &str| [post(&server, path, "k"), post(&server, path, "k")];
    assert_eq!(twice("/bad").map(|answer| answer.map(|(status, _)| status)), [Some(500), Some(200)]);
    let [first, second] = twice("/late");
    assert_eq!(first.map(|(status, _)| status), Some(500));
    assert_eq!(second, Some((200, r#"{"status":"duplicate"}"#.into())), "it had it");
    assert_eq!(server.ledger().buyers["late"].other_keys, 0);
    for key in ["k1", "k2", "k1"] {
        ask(&server, "POST", "/late", key, "Lead-Id: L9\r\n");
    }
    assert_eq!(server.ledger().buyers["late"].other_keys, 1);
}

#[test]
fn those_who_do_not_take_it() {
    let server = server(
        r#""no": { "does": "reject", "reason": "out_of_area" }, "bad": { "does": "fail", "status": 503, "retry_after": 9 },
           "hang": { "does": "hang" }, "quiet": { "does": "no_bid" }"#,
    );
    assert_eq!(post(&server, "/no", "k"), Some((200, r#"{"reason":"out_of_area","status":"rejected"}"#.into())));
    assert_eq!(post(&server, "/bad", "k").map(|(status, _)| status), Some(503));
    assert_eq!(post(&server, "/hang", "k"), None);
    assert_eq!(post(&server, "/quiet", "k"), Some((200, r#"{"status":"no_bid"}"#.into())));
    assert_eq!(post(&server, "/nobody", "k").map(|(status, _)| status), Some(404));
    assert!(server.ledger().taken.is_empty());
}

#[test]
fn those_who_lie() {
    let server = server(
        r#""drop": { "does": "lie" }, "error": { "does": "lie", "says": "error" }, "hang": { "does": "lie", "says": "hang" }"#,
    );
    assert_eq!(post(&server, "/drop", "k"), None);
    assert_eq!(post(&server, "/error", "k").map(|(status, _)| status), Some(500));
    assert_eq!(post(&server, "/hang", "k"), None);
    assert_eq!(server.ledger().taken.len(), 3);
}

#[test]
fn those_who_change() {
    let server = server(
        r#""flap": { "does": "flap", "good": 2, "bad": 3 }, "slow": { "does": "slow", "ms": 80, "then": { "does": "reject" } },
           "some": { "does": "reject", "percent": 30 }"#,
    );
    let statuses: Vec<_> =
        (0..10).filter_map(|n| post(&server, "/flap", &format!("k{n}"))).map(|(status, _)| status).collect();
    assert_eq!(statuses, [200, 200, 500, 500, 500, 200, 200, 500, 500, 500]);
    let begun = Instant::now();
    assert!(post(&server, "/slow", "k").is_some_and(|(_, body)| body.contains("rejected")));
    assert!(begun.elapsed() >= Duration::from_millis(80));
    let run =
        || (0..40).map(|n| post(&server, "/some", &format!("k{n}")).is_some_and(|(_, body)| body.contains("rejected")));
    let first: Vec<bool> = run().collect();
    let rejected = first.iter().filter(|rejected| **rejected).count();
    assert!((4..=22).contains(&rejected), "{rejected} of 40 are about 30 of 100");
    server.reset();
    assert_eq!(run().collect::<Vec<_>>(), first, "the same seed, the same run");
}

#[test]
fn bids() {
    let server = server(
        r#""fixed": { "does": "bid", "price": "12.50" }, "odd": { "does": "bid", "price": "12,50", "currency": "EUR" },
           "dice/ping": { "does": "bid", "from": 500, "to": 2500 }, "dice": { "does": "accept" }"#,
    );
    let bid = |path: &str, key: &str| -> serde_json::Value {
        serde_json::from_str(&post(&server, path, key).expect("an answer").1).expect("JSON")
    };
    assert_eq!((&bid("/fixed", "k")["price"], &bid("/odd", "k")["price"]), (&"12.50".into(), &"12,50".into()));
    assert_eq!(bid("/odd", "k")["currency"], "EUR");
    assert_eq!(bid("/dice/ping", "k1"), bid("/dice/ping", "k1"));
    let prices: std::collections::BTreeSet<_> =
        (0..20).map(|n| bid("/dice/ping", &format!("k{n}"))["price"].to_string()).collect();
    assert!(prices.len() > 10, "{prices:?}");
    assert_eq!(bid("/dice/post", "k")["status"], "accepted");
}

/// 202 now, and what became of it later, with the headers of whoever signs.
#[test]
fn later() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let back = format!("http://{}/done?x=1", listener.local_addr().expect("an address"));
    let script = r#"{ "buyers": { "acme": { "does": "later", "ms": 20 } } }"#.parse().expect("a script");
    let sign = Box::new(|body: &[u8]| vec![("x-length".to_owned(), body.len().to_string())]);
    let server = Server::start(script, 0, Some(sign)).expect("a server");
    assert_eq!(
        ask(&server, "POST", "/acme", "k", &format!("Callback-Url: {back}\r\n")),
        Some((202, r#"{"status":"queued"}"#.into()))
    );
    let (mut stream, _) = listener.accept().expect("it calls back");
    let mut read = [0; 2048];
    let mut text = String::new();
    while !text.contains("accepted") {
        let length = stream.read(&mut read).expect("a request");
        assert!(length > 0, "{text}");
        text += &String::from_utf8_lossy(&read[..length]);
    }
    let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
    assert!(text.starts_with("POST /done?x=1 HTTP/1.1\r\n"), "{text}");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    assert!(head.contains(&format!("x-length: {}", body.len())), "{head}");
    assert_eq!(body, r#"{"key":"k","lead":"L-k","status":"accepted"}"#);
}

#[test]
fn the_command_says_where_it_listens() {
    let script = std::env::temp_dir().join(format!("leadwright-buyers-{}.json", std::process::id()));
    std::fs::write(&script, r#"{ "buyers": { "acme": { "does": "accept" } } }"#).expect("a file");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_leadwright-buyers"));
    let mut child = command.arg(&script).stdout(std::process::Stdio::piped()).spawn().expect("it starts");
    let mut line = Vec::new();
    let output = child.stdout.as_mut().expect("its output");
    let mut byte = [0];
    while output.read(&mut byte).expect("a line") > 0 && byte[0] != b'\n' {
        line.push(byte[0]);
    }
    let told: serde_json::Value = serde_json::from_slice(&line).expect("JSON");
    let port = told["port"].as_u64().expect("a port");
    assert!(TcpStream::connect(("127.0.0.1", port as u16)).is_ok());
    child.kill().expect("it ends");
    let _ = child.wait();
    let _ = std::fs::remove_file(script);
}
