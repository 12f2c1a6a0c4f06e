//! Free ports, below those that the system gives to clients.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU16, Ordering};

const FIRST: u16 = 20_000;
const COUNT: u16 = 12_000;

/// A port of the loopback that nobody listens on. It is not one of those that a connecting client may be given: such a
/// client would take it while its server is down, or talk to itself.
pub(crate) fn free() -> Option<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Processes that start at the same time have numbers close together, and begin far apart.
    let begin = std::process::id().wrapping_mul(97) % u32::from(COUNT);
    let begin = u16::try_from(begin).unwrap_or(0);
    (0..COUNT).find_map(|_| {
        let step = NEXT.fetch_add(1, Ordering::Relaxed) % COUNT;
        let port = FIRST + (begin + step) % COUNT;
        TcpListener::bind(("127.0.0.1", port)).is_ok().then_some(port)
    })
}
