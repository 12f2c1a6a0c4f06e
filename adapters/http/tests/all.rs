//! Many at the same time, half of them to buyers that hang.
#![allow(clippy::disallowed_methods, reason = "tests measure")]

mod common;

use common::*;
use leadwright::deliver::{Exchanged, Lost, NotSent, Request, Transport as _};
use leadwright_buyers::{Server, start};
use leadwright_http::{HttpOptions, HttpTransport};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

const SCRIPT: &str = r#"{ "seed": 7, "buyers": {
    "good": { "does": "accept", "price": "12.00" },
    "slow": { "does": "slow", "ms": 60 },
    "hang": { "does": "hang" },
    "bad": { "does": "fail", "status": 503, "retry_after": 30 },
    "lie": { "does": "lie", "says": "drop" },
    "bid": { "does": "bid", "from": 500, "to": 2500 }
} }"#;

fn buyers() -> Server {
    start(SCRIPT.parse().expect("a script")).expect("a server")
}

fn to(server: &Server, buyer: &str, key: &str) -> Request {
    let mut request = post(server.url(buyer));
    request.headers = vec![("idempotency-key".into(), key.into()), ("lead-id".into(), key.into())];
    request
}

/// What came, in the order in which it came, and when.
fn all(transport: &HttpTransport, requests: &[(Request, Duration)]) -> Vec<(usize, Exchanged, Duration)> {
    let (begun, mut came) = (Instant::now(), Vec::new());
    transport.send_all(requests, &mut |place, exchanged| came.push((place, exchanged, begun.elapsed())));
    came
}

#[test]
fn each_is_answered_once_and_in_time() {
    let server = buyers();
    let transport = transport(server.port);
    let within = Duration::from_millis(250);
    let names = ["good", "slow", "hang", "bad", "lie", "bid"];
    let requests: Vec<_> = (0..30).map(|n| (to(&server, names[n % 6], &format!("k{n}")), within)).collect();
    let came = all(&transport, &requests);
    let mut places: Vec<usize> = came.iter().map(|(place, ..)| *place).collect();
    places.sort_unstable();
    assert_eq!(places, (0..30).collect::<Vec<_>>());
    for (place, exchanged, at) in &came {
        match (names[place % 6], exchanged) {
            ("good" | "slow" | "bid", Exchanged::Answered(answer)) => assert_eq!(answer.status, 200),
            ("bad", Exchanged::Answered(answer)) => {
                assert_eq!((answer.status, answer.header("retry-after")), (503, Some("30")));
            }
            ("lie", Exchanged::Lost(Lost::Broken)) => {}
            ("hang", Exchanged::Lost(Lost::Timeout)) => assert!(*at >= within, "{at:?}"),
            (name, other) => panic!("{name}: {other:?}"),
        }
        assert!(*at < within + Duration::from_millis(100), "{at:?}");
    }
    // As they come: nobody who answered waits for those that hang.
    let first_late = came.iter().position(|(_, exchanged, _)| *exchanged == Exchanged::Lost(Lost::Timeout));
    assert_eq!(first_late, Some(25));
    let ledger = server.ledger();
    assert_eq!(ledger.taken.len(), 15, "good, slow and lie took theirs");
    assert!(ledger.taken.iter().all(|taken| taken.times == 1), "nothing is sent twice");
}

#[test]
fn each_has_its_own_time() {
    let server = buyers();
    let transport = transport(server.port);
    let times = [40, 200, 120, 0, 80];
    let requests: Vec<_> = times.iter().map(|ms| (to(&server, "hang", "k"), Duration::from_millis(*ms))).collect();
    let came = all(&transport, &requests);
    let order: Vec<usize> = came.iter().map(|(place, ..)| *place).collect();
    assert_eq!(order, [3, 0, 4, 2, 1]);
    for (place, exchanged, at) in came {
        let wanted = Duration::from_millis(times[place]);
        assert!(at >= wanted && at < wanted + Duration::from_millis(100), "{place}: {at:?}");
        let nothing = Exchanged::NotSent(NotSent::TooLate);
        assert_eq!(exchanged, if place == 3 { nothing } else { Exchanged::Lost(Lost::Timeout) });
    }
}

/// Those who found no thread are told so, and they are not sent afterwards.
#[test]
fn what_waited_too_long_is_never_sent() {
    let server = buyers();
    let options = HttpOptions { threads: 4, ..options(server.port) };
    let transport = HttpTransport::new(options).expect("the options are right");
    let mut requests: Vec<_> =
        (0..4).map(|n| (to(&server, "hang", &format!("h{n}")), Duration::from_millis(300))).collect();
    requests.extend((0..20).map(|n| (to(&server, "good", &format!("g{n}")), Duration::from_millis(100))));
    let came = all(&transport, &requests);
    let late = came.iter().filter(|(_, exchanged, _)| *exchanged == Exchanged::NotSent(NotSent::TooLate)).count();
    assert_eq!(late, 20);
    std::thread::sleep(Duration::from_millis(300));
    assert!(server.ledger().taken.is_empty());
    // The threads are free again.
    let came = all(&transport, &[(to(&server, "good", "g"), LONG)]);
    assert!(matches!(came.as_slice(), [(0, Exchanged::Answered(_), _)]), "{came:?}");
}

#[test]
fn nothing_to_do_is_done() {
    assert!(all(&transport(1), &[]).is_empty());
}

/// Auctions from several threads at once over one transport, with buyers that hang: none is over its time by much, and the
/// others are not held up. The bench measures it; this is so that it cannot break unnoticed.
#[test]
fn auctions_do_not_hold_each_other_up() {
    let server = buyers();
    let transport = transport(server.port);
    let within = Duration::from_millis(200);
    let bids = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for auction in 0..8 {
            let (server, transport, bids) = (&server, &transport, &bids);
            scope.spawn(move || {
                for round in 0..5 {
                    let names = ["hang", "bid"];
                    let key = |n| format!("{auction}/{round}/{n}");
                    let requests: Vec<_> = (0..30).map(|n| (to(server, names[n % 2], &key(n)), within)).collect();
                    let begun = Instant::now();
                    let came = all(transport, &requests);
                    assert!(begun.elapsed() < within + Duration::from_millis(150), "{:?}", begun.elapsed());
                    let came = came.iter().filter(|(_, exchanged, _)| matches!(exchanged, Exchanged::Answered(_)));
                    bids.fetch_add(came.count(), Ordering::Relaxed);
                }
            });
        }
    });
    // A machine that is busy with other tests may lose some of the 600.
    assert!(bids.into_inner() >= 450);
}
