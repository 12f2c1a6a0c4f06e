//! A request and how it ended, as data. Whoever has a socket implements [`Transport`]; nothing in the core does.

use std::fmt;
use std::time::Duration;

/// A request that is to be made. It holds the lead, and perhaps secrets: `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The endpoint of the plan that it goes to.
    pub endpoint: String,
    /// `POST`, mostly.
    pub method: String,
    /// Where to, with scheme and host.
    pub url: String,
    /// In the order in which they are sent. The host adds none but those of HTTP itself.
    pub headers: Vec<(String, String)>,
    /// What is sent.
    pub body: Vec<u8>,
    /// The secret that holds a client certificate and its key, for a buyer that wants one.
    pub identity: Option<String>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Request { endpoint, method, headers, body, .. } = self;
        write!(f, "Request({method} {endpoint}, {} headers, {} bytes)", headers.len(), body.len())
    }
}

/// What a server answered. It may hold what we sent: `Debug` does not show it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// What was read of it.
    pub body: Vec<u8>,
}

impl Response {
    /// The first header of this name, which is given in lower case.
    ///
    /// ```
    /// use leadwright::deliver::Response;
    /// let headers = vec![("retry-after".to_owned(), "30".to_owned())];
    /// assert_eq!(Response { status: 429, headers, body: Vec::new() }.header("retry-after"), Some("30"));
    /// ```
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Response({}, {} bytes)", self.status, self.body.len())
    }
}

/// Why no byte of a request left: the buyer cannot have the lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSent {
    /// The name has no address.
    NoAddress,
    /// An address that nothing may be sent to.
    Blocked,
    /// Nobody listens there, or not in time.
    NoConnection,
    /// The certificate, or what the two sides speak, does not fit.
    Tls,
    /// The request cannot be written: a header that is none, a secret that is missing.
    Unsendable,
    /// The time was over before it began.
    TooLate,
}

/// Why nobody knows what became of a request that was sent, at least in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lost {
    /// No answer in time.
    Timeout,
    /// The connection ended.
    Broken,
    /// The answer is larger than anybody reads.
    TooLarge,
    /// The answer is no HTTP.
    Unreadable,
}

/// How an exchange ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exchanged {
    /// With an answer, whatever it says.
    Answered(Response),
    /// Before a byte of the lead left.
    NotSent(NotSent),
    /// Nobody knows: it may have come through.
    Lost(Lost),
}

/// Whoever makes requests: `adapters/http`, the host's own client, or a simulated world.
pub trait Transport: Send + Sync {
    /// Makes one request and waits for the answer, `within` at most, all in all. It never follows a redirect and never sends
    /// anything twice.
    fn send(&self, request: &Request, within: Duration) -> Exchanged;

    /// Makes all of them at the same time, each `within` at most, and gives each end to `each` with its place as it comes.
    /// Returns when all have ended. By default one after the other, which is for tests and for hosts that have no threads: it
    /// takes as long as all of them together.
    fn send_all(&self, requests: &[(Request, Duration)], each: &mut dyn FnMut(usize, Exchanged)) {
        for (place, (request, within)) in requests.iter().enumerate() {
            each(place, self.send(request, *within));
        }
    }
}
