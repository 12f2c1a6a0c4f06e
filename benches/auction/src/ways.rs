//! Auctions by whoever makes them, and ours.

use crate::{DEADLINE, PINGS, buyer};
use bench_common::measure::median;
use cpu_time::ProcessTime;
use leadwright::deliver::{Exchanged, Request, Transport as _};
use leadwright_http::{HttpOptions, HttpTransport};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A way to make auctions. It is asked from many threads.
pub trait Auctions: Sync {
    /// Makes one and says how many bids came in time.
    fn auction(&self) -> usize;
}

/// What was measured, in milliseconds and parts.
pub struct Run {
    pub rate: f64,
    pub over_p50: f64,
    pub over_p99: f64,
    pub over_most: f64,
    pub bids: f64,
    pub cpu: f64,
}

/// So many auctions at a time, one after the other, for so long.
pub fn run(way: &dyn Auctions, at_once: usize, time: Duration) -> Run {
    way.auction();
    let all = Mutex::new(Vec::new());
    let (begun, cpu) = (Instant::now(), ProcessTime::now());
    std::thread::scope(|scope| {
        for n in 0..at_once {
            let all = &all;
            scope.spawn(move || {
                // Not all in the same moment: leads do not come in step.
                std::thread::sleep(DEADLINE * n as u32 / at_once as u32);
                while begun.elapsed() < time {
                    let started = Instant::now();
                    let bids = way.auction();
                    all.lock().expect("a lock").push((started.elapsed(), bids));
                }
            });
        }
    });
    let (elapsed, cpu) = (begun.elapsed(), cpu.elapsed());
    let all = all.into_inner().expect("a lock");
    let mut over: Vec<f64> = all.iter().map(|(took, _)| took.saturating_sub(DEADLINE).as_secs_f64() * 1000.0).collect();
    over.sort_by(f64::total_cmp);
    let count = all.len() as f64;
    Run {
        rate: count / elapsed.as_secs_f64(),
        over_p99: over[(over.len() * 99 / 100).min(over.len() - 1)],
        over_most: over[over.len() - 1],
        over_p50: median(over),
        bids: all.iter().map(|(_, bids)| *bids as f64).sum::<f64>() / (count * (PINGS / 2) as f64),
        cpu: cpu.as_secs_f64() * 1000.0 / count,
    }
}

struct Ours {
    transport: HttpTransport,
    requests: Vec<(Request, Duration)>,
}

pub fn ours(port: u16) -> Box<dyn Auctions> {
    let allow = vec!["127.0.0.0/8".into(), format!("http://127.0.0.1:{port}")];
    let transport = HttpTransport::new(HttpOptions { allow, ..HttpOptions::default() }).expect("the options are right");
    let requests = (0..PINGS).map(|place| {
        let request = Request {
            endpoint: buyer(place).into(),
            method: "POST".into(),
            url: url(port, place),
            headers: vec![("content-type".into(), "application/json".into())],
            body: BODY.into(),
            identity: None,
        };
        (request, DEADLINE)
    });
    Box::new(Ours { transport, requests: requests.collect() })
}

impl Auctions for Ours {
    fn auction(&self) -> usize {
        let mut bids = 0;
        self.transport.send_all(&self.requests, &mut |_, exchanged| {
            bids += usize::from(matches!(exchanged, Exchanged::Answered(answer) if answer.status == 200));
        });
        bids
    }
}

pub fn url(port: u16, place: usize) -> String {
    format!("http://127.0.0.1:{port}/{}", buyer(place))
}

/// A partial lead, as it is pinged.
pub const BODY: &str = r#"{"vertical":"roofing","state":"IL","zip":"60614","roof_age":18,"homeowner":true}"#;
