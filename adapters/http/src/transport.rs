//! Requests over HTTP.

use crate::gate::{Gate, Reached};
use crate::guard::{Allow, Guard};
use crate::here::{Fixed, Here};
use crate::options::HttpOptions;
use crate::tls;
use leadwright::deliver::{Exchanged, Lost, NotSent, Request, Transport};
use leadwright::model::Error;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Makes requests over HTTP/1.1. One of it is for the whole process; after a `fork` the child makes connections and threads
/// of its own. Nothing is started or opened before the first request.
///
/// ```
/// use leadwright::deliver::{Exchanged, NotSent, Request, Transport};
/// use leadwright_http::{HttpOptions, HttpTransport};
/// use std::time::Duration;
///
/// let transport = HttpTransport::new(HttpOptions::default())?;
/// let request = Request {
///     endpoint: "acme/leads".into(),
///     method: "POST".into(),
///     url: "http://169.254.169.254/latest/meta-data".into(),
///     headers: vec![("content-type".into(), "application/json".into())],
///     body: b"{}".to_vec(),
///     identity: None,
/// };
/// assert_eq!(transport.send(&request, Duration::from_secs(1)), Exchanged::NotSent(NotSent::Blocked));
/// # Ok::<(), leadwright::model::Error>(())
/// ```
#[derive(Debug)]
pub struct HttpTransport {
    here: Arc<Here>,
}

impl HttpTransport {
    /// With what the host chose. What is wrong with it is said here, before anything is sent.
    pub fn new(options: HttpOptions) -> Result<Self, Error> {
        let guard = Guard::new(Allow::parse_all(&options.allow)?);
        let roots = tls::roots(options.roots.as_deref())?;
        Ok(Self { here: Arc::new(Here::new(Arc::new(Fixed { options, guard, roots }))) })
    }
}

impl Drop for HttpTransport {
    fn drop(&mut self) {
        self.here.end();
    }
}

/// One of many, as those who wait for it have it.
struct Open {
    gate: Arc<Gate>,
    until: Instant,
    is_over: bool,
}

impl Transport for HttpTransport {
    /// In the thread of the caller. The time is that of the system's sockets: some milliseconds over it are possible.
    fn send(&self, request: &Request, within: Duration) -> Exchanged {
        let until = Instant::now() + within;
        self.here.of_this_process().exchange(request, Arc::default(), until)
    }

    /// At the same time, in threads of the transport. Nobody is waited for after the time of a request is over, whatever its
    /// thread is doing: a request that was not sent by then never is, and one that was is [`Lost::Timeout`].
    fn send_all(&self, requests: &[(Request, Duration)], each: &mut dyn FnMut(usize, Exchanged)) {
        let here = self.here.of_this_process();
        let begun = Instant::now();
        let (tell, told) = mpsc::channel();
        let open =
            requests.iter().map(|(_, within)| Open { gate: Arc::default(), until: begun + *within, is_over: false });
        let mut open: Vec<Open> = open.collect();
        let jobs = requests.iter().zip(&open).enumerate().map(|(place, ((request, _), open))| {
            let (here, request, gate, until) = (here.clone(), request.clone(), open.gate.clone(), open.until);
            let tell = tell.clone();
            let job = move || drop(tell.send((place, here.exchange(&request, gate, until))));
            Box::new(job) as Box<dyn FnOnce() + Send>
        });
        here.crowd.run(jobs);
        drop(tell);
        gather(&mut open, &told, each);
    }
}

/// Gives each end as it comes, and gives up what has none in time.
fn gather(open: &mut [Open], told: &Receiver<(usize, Exchanged)>, each: &mut dyn FnMut(usize, Exchanged)) {
    while let Some(next) = open.iter().filter(|open| !open.is_over).map(|open| open.until).min() {
        match told.recv_timeout(next.saturating_duration_since(Instant::now())) {
            Ok((place, exchanged)) => end(open, place, || exchanged, each),
            // All threads are gone, one of them perhaps by a panic: what is open now stays without an answer.
            Err(RecvTimeoutError::Disconnected) => {
                let rest: Vec<usize> = (0..open.len()).collect();
                give_up(open, &rest, each);
            }
            Err(RecvTimeoutError::Timeout) => {
                let now = Instant::now();
                let late = open.iter().enumerate().filter(|(_, open)| open.until <= now);
                let late: Vec<usize> = late.map(|(place, _)| place).collect();
                give_up(open, &late, each);
            }
        }
    }
}

fn give_up(open: &mut [Open], places: &[usize], each: &mut dyn FnMut(usize, Exchanged)) {
    for place in places {
        let Some(gate) = open.get(*place).filter(|open| !open.is_over).map(|open| open.gate.clone()) else { continue };
        let exchanged = || match gate.give_up() {
            Reached::Nothing => Exchanged::NotSent(NotSent::TooLate),
            Reached::Begun => Exchanged::NotSent(NotSent::NoConnection),
            Reached::Sent => Exchanged::Lost(Lost::Timeout),
        };
        end(open, *place, exchanged, each);
    }
}

fn end(open: &mut [Open], place: usize, exchanged: impl FnOnce() -> Exchanged, each: &mut dyn FnMut(usize, Exchanged)) {
    if let Some(open) = open.get_mut(place).filter(|open| !open.is_over) {
        open.is_over = true;
        each(place, exchanged());
    }
}
