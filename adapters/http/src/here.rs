//! What belongs to one process: connections, threads, names that were looked up.

use crate::call::Call;
use crate::crowd::Crowd;
use crate::ended::ended;
use crate::gate::Gate;
use crate::guard::{Guard, Target};
use crate::line::{Lines, Pinned};
use crate::names::{Known, SystemNames};
use crate::options::HttpOptions;
use crate::request::written;
use crate::tls;
use leadwright::deliver::{Exchanged, NotSent, Request, Response};
use rustls::RootCertStore;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Instant;
use ureq::{Agent, http};
use url::Host;

/// What is the same in every process.
#[derive(Debug)]
pub(crate) struct Fixed {
    pub(crate) options: HttpOptions,
    pub(crate) guard: Guard,
    pub(crate) roots: Arc<RootCertStore>,
}

/// What one process has. A child of `fork` has none of its parent's: a socket that two write to is no connection, a thread
/// is not inherited, and a lock that was held is never released.
#[derive(Debug)]
pub(crate) struct Here {
    pid: u32,
    fixed: Arc<Fixed>,
    pub(crate) crowd: Crowd,
    known: Known,
    plain: OnceLock<Option<Agent>>,
    /// For each client certificate, by its secret's name, the connections that were made with it.
    identified: Mutex<HashMap<String, Identified>>,
    child: OnceLock<Arc<Here>>,
}

/// Connections made with one certificate. A new certificate has none of the old one's.
struct Identified {
    pem: Vec<u8>,
    agent: Agent,
}

impl std::fmt::Debug for Identified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identified")
    }
}

impl Here {
    pub(crate) fn new(fixed: Arc<Fixed>) -> Self {
        let names = fixed.options.names.clone().unwrap_or_else(|| Arc::new(SystemNames));
        Self {
            pid: std::process::id(),
            crowd: Crowd::new(fixed.options.threads),
            known: Known::new(names),
            plain: OnceLock::new(),
            identified: Mutex::default(),
            child: OnceLock::new(),
            fixed,
        }
    }

    /// What this process has. The process is compared before any lock is taken.
    pub(crate) fn of_this_process(self: &Arc<Self>) -> Arc<Self> {
        if self.pid == std::process::id() {
            return self.clone();
        }
        self.child.get_or_init(|| Arc::new(Self::new(self.fixed.clone()))).of_this_process()
    }

    /// Lets the threads of this process go.
    pub(crate) fn end(&self) {
        if self.pid == std::process::id() {
            self.crowd.end();
        } else if let Some(child) = self.child.get() {
            child.end();
        }
    }

    /// One exchange, in this thread.
    pub(crate) fn exchange(&self, request: &Request, gate: Arc<Gate>, until: Instant) -> Exchanged {
        if !gate.begin() || until <= Instant::now() {
            return Exchanged::NotSent(NotSent::TooLate);
        }
        self.tried(request, gate, until).unwrap_or_else(Exchanged::NotSent)
    }

    fn tried(&self, request: &Request, gate: Arc<Gate>, until: Instant) -> Result<Exchanged, NotSent> {
        let target = self.fixed.guard.url(&request.url).map_err(|_| NotSent::Blocked)?;
        let made = written(request, &target).ok_or(NotSent::Unsendable)?;
        let agent = self.agent(request.identity.as_deref())?;
        let addresses = self.addresses(&target, until)?;
        let call = Rc::new(Call::new(gate, addresses, until));
        Ok(call.while_at(|| exchanged(&agent, made, &call, self.fixed.options.body)))
    }

    /// Where a target is. All of its addresses have passed.
    fn addresses(&self, target: &Target, until: Instant) -> Result<Vec<SocketAddr>, NotSent> {
        let found: Arc<[IpAddr]> = match &target.host {
            Host::Ipv4(address) => Arc::new([IpAddr::V4(*address)]),
            Host::Ipv6(address) => Arc::new([IpAddr::V6(*address)]),
            Host::Domain(name) => self.known.addresses(name, until).ok_or(NotSent::NoAddress)?,
        };
        if found.is_empty() {
            return Err(NotSent::NoAddress);
        }
        self.fixed.guard.addresses(&found).map_err(|_| NotSent::Blocked)?;
        Ok(found.iter().map(|address| SocketAddr::new(*address, target.port)).collect())
    }

    fn agent(&self, identity: Option<&str>) -> Result<Agent, NotSent> {
        let Some(name) = identity else {
            let plain = self.plain.get_or_init(|| self.make(None));
            return plain.clone().ok_or(NotSent::Tls);
        };
        let secrets = self.fixed.options.secrets.as_ref().ok_or(NotSent::Unsendable)?;
        let pem = secrets(name).ok_or(NotSent::Unsendable)?;
        let mut identified = self.identified.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = identified.get(name).filter(|known| known.pem == pem) {
            return Ok(known.agent.clone());
        }
        let agent = self.make(Some(&pem)).ok_or(NotSent::Unsendable)?;
        identified.insert(name.to_owned(), Identified { pem, agent: agent.clone() });
        Ok(agent)
    }

    fn make(&self, identity: Option<&[u8]>) -> Option<Agent> {
        let options = &self.fixed.options;
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent("")
            .accept("")
            .accept_encoding("")
            .allow_non_standard_methods(true)
            .max_response_header_size(options.head)
            .max_idle_connections(options.kept)
            .max_idle_connections_per_host(options.kept)
            .max_idle_age(options.keep)
            // A head that fills the buffer to its end would look like a connection that ended.
            .input_buffer_size(options.head.saturating_add(4096))
            .output_buffer_size(16 * 1024)
            .build();
        let lines = Lines::new(tls::client(&self.fixed.roots, identity)?, options.connect);
        Some(Agent::with_parts(config, lines, Pinned))
    }
}

fn exchanged(agent: &Agent, made: http::Request<Vec<u8>>, call: &Call, most: usize) -> Exchanged {
    let has_body = !made.body().is_empty() || ["POST", "PUT", "PATCH"].contains(&made.method().as_str());
    let limit = Some(call.left());
    let answer = if has_body {
        agent.run(agent.configure_request(made).timeout_global(limit).build())
    } else {
        agent.run(agent.configure_request(made.map(|_| ())).timeout_global(limit).build())
    };
    let read = answer.and_then(|mut answer| {
        let body = answer.body_mut().with_config().limit(most as u64).read_to_vec()?;
        Ok((answer.into_parts().0, body))
    });
    match read {
        Ok((head, body)) => {
            Exchanged::Answered(Response { status: head.status.as_u16(), headers: headers(&head), body })
        }
        Err(error) => ended(call, &error),
    }
}

fn headers(head: &http::response::Parts) -> Vec<(String, String)> {
    let plain = head.headers.iter();
    plain
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::roots;
    use std::sync::mpsc;

    fn here() -> Arc<Here> {
        let fixed = Fixed {
            options: HttpOptions { threads: 2, ..HttpOptions::default() },
            guard: Guard::default(),
            roots: roots(None).expect("they are right"),
        };
        Arc::new(Here::new(Arc::new(fixed)))
    }

    #[test]
    fn a_process_has_its_own() {
        let here = here();
        assert!(Arc::ptr_eq(&here, &here.of_this_process()));
    }

    /// As after a fork: the number of the process is another one, and what the parent held is held for good.
    #[test]
    fn a_child_has_nothing_of_its_parent() {
        let mut parent = here();
        Arc::get_mut(&mut parent).expect("nobody else has it").pid = std::process::id().wrapping_add(1);
        let _threads = parent.crowd.hold();
        let _identified = parent.identified.lock();
        let child = parent.of_this_process();
        assert!(!Arc::ptr_eq(&parent, &child) && Arc::ptr_eq(&child, &parent.of_this_process()));
        let (told, hears) = mpsc::channel();
        child.crowd.run([Box::new(move || {
            let _ = told.send(1);
        }) as Box<dyn FnOnce() + Send>]);
        assert_eq!(hears.recv(), Ok(1));
        parent.end();
    }
}
