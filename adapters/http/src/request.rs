//! A request as `ureq` takes it.

use crate::guard::Target;
use leadwright::deliver::Request;
use ureq::http::{self, HeaderName, HeaderValue, Method, Uri};

/// What HTTP itself says about a message and its connection: two opinions about it are how one request becomes two.
const FRAMING: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// Methods that mean something else than one request and one answer.
const NEVER: &[Method] = &[Method::CONNECT, Method::TRACE];

/// The request, or nothing where it cannot be written: a method or a header that is none.
pub(crate) fn written(request: &Request, target: &Target) -> Option<http::Request<Vec<u8>>> {
    let method = Method::from_bytes(request.method.as_bytes()).ok().filter(|method| !NEVER.contains(method))?;
    let uri: Uri = target.url.as_str().parse().ok()?;
    // Two readers of one URL have to agree about where it leads.
    let agree = uri.host() == target.url.host_str() && uri.port_u16().unwrap_or(target.port) == target.port;
    let mut made = http::Request::builder().method(method).uri(agree.then_some(uri)?);
    let headers = made.headers_mut()?;
    for (name, value) in &request.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).ok().filter(|name| !FRAMING.contains(&name.as_str()))?;
        let mut value = HeaderValue::from_str(value).or_else(|_| HeaderValue::from_bytes(value.as_bytes())).ok()?;
        // A header may hold a secret, and somebody may switch the logs of `ureq` on.
        value.set_sensitive(true);
        headers.append(name, value);
    }
    made.body(request.body.clone()).ok()
}
