//! What one exchange needs to know down where the bytes go.
//!
//! `ureq` calls the resolver and the connector in the thread that called it, so both find the exchange they are for here.

use crate::gate::Gate;
use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

thread_local! {
    static CALL: RefCell<Option<Rc<Call>>> = const { RefCell::new(None) };
}

/// An exchange that this thread makes.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) gate: Arc<Gate>,
    /// The addresses that were checked. Nothing else is connected to.
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) until: Instant,
    seen: RefCell<Seen>,
}

/// What happened so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The handshake of TLS was begun.
    pub(crate) handshake: bool,
    /// A connection was made for this exchange.
    pub(crate) fresh: bool,
    /// Something came back.
    pub(crate) answer: bool,
}

impl Call {
    pub(crate) fn new(gate: Arc<Gate>, addresses: Vec<SocketAddr>, until: Instant) -> Self {
        Self { gate, addresses, until, seen: RefCell::default() }
    }

    pub(crate) fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }

    pub(crate) fn see(&self, mark: impl FnOnce(&mut Seen)) {
        mark(&mut self.seen.borrow_mut());
    }

    pub(crate) fn seen(&self) -> Seen {
        *self.seen.borrow()
    }

    /// Does something for which this is the exchange of the thread.
    pub(crate) fn while_at<T>(self: &Rc<Self>, work: impl FnOnce() -> T) -> T {
        CALL.with(|call| call.replace(Some(self.clone())));
        let done = work();
        CALL.with(|call| call.replace(None));
        done
    }

    /// The exchange that this thread makes.
    pub(crate) fn current() -> Option<Rc<Self>> {
        CALL.with(|call| call.borrow().clone())
    }
}
