//! The same by other means.

use crate::ways::{Auctions, BODY, url};
use crate::{DEADLINE, PINGS};
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::sync::mpsc;
use std::time::Duration;
use tokio::sync::mpsc as asynchronous;
use tokio::time::timeout;

type Asked = mpsc::Sender<usize>;

/// hyper's client on a runtime of one thread; an auction is a future in it.
struct Polls {
    ask: asynchronous::UnboundedSender<Asked>,
}

pub fn polls(port: u16) -> Box<dyn Auctions> {
    let (ask, mut asked) = asynchronous::unbounded_channel::<Asked>();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async move {
            let client = Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(Duration::from_secs(4))
                .build_http::<Full<Bytes>>();
            while let Some(answer) = asked.recv().await {
                tokio::spawn(auction(client.clone(), port, answer));
            }
        });
    });
    Box::new(Polls { ask })
}

async fn auction(client: Client<HttpConnector, Full<Bytes>>, port: u16, answer: Asked) {
    let pings: Vec<_> = (0..PINGS)
        .map(|place| {
            let client = client.clone();
            tokio::spawn(timeout(DEADLINE, async move {
                let request = Request::post(url(port, place)).header("content-type", "application/json");
                let request = request.body(Full::new(Bytes::from_static(BODY.as_bytes()))).ok()?;
                let response = client.request(request).await.ok()?;
                let is_right = response.status() == 200;
                response.into_body().collect().await.ok().filter(|_| is_right)
            }))
        })
        .collect();
    let mut bids = 0;
    for ping in pings {
        bids += usize::from(matches!(ping.await, Ok(Ok(Some(_)))));
    }
    let _ = answer.send(bids);
}

impl Auctions for Polls {
    fn auction(&self) -> usize {
        let (answer, answered) = mpsc::channel();
        self.ask.send(answer).expect("it runs");
        answered.recv().expect("it answers")
    }
}

/// What is written first: a thread for each ping, all of them joined, the time left to the client.
struct Spawns {
    agent: ureq::Agent,
    port: u16,
}

pub fn spawns(port: u16) -> Box<dyn Auctions> {
    let config = ureq::Agent::config_builder().timeout_global(Some(DEADLINE)).proxy(None);
    let config = config.max_idle_connections(256).max_idle_connections_per_host(256);
    Box::new(Spawns { agent: config.build().into(), port })
}

impl Auctions for Spawns {
    fn auction(&self) -> usize {
        std::thread::scope(|scope| {
            let pings: Vec<_> = (0..PINGS)
                .map(|place| {
                    scope.spawn(move || {
                        let request = self.agent.post(url(self.port, place)).header("content-type", "application/json");
                        request.send(BODY).and_then(|mut answer| answer.body_mut().read_to_vec()).is_ok()
                    })
                })
                .collect();
            pings.into_iter().filter_map(|ping| ping.join().ok()).filter(|bid| *bid).count()
        })
    }
}
