//! Where requests may go. Pure: it is told the URL and the addresses, and looks nothing up.
//!
//! URLs come from a plan, and a plan may come from somebody who would like to see what answers inside of our network. So a
//! URL is read once, by the crate `url`, and what it says is what is connected to; the addresses of its name are checked
//! each time that a connection is made, and nothing else is connected to. One bad address among many denies the name: which
//! of them is taken would be up to whoever answers for it.

mod allow;
mod denied;
mod net;

pub use allow::Allow;
pub use denied::Denied;
pub use net::{Net, special};
use std::net::IpAddr;
use url::{Host, Url};

/// No buyer has a longer URL.
const LONGEST: usize = 8192;
/// Names that stand for something nearby, whatever a server of names says.
const NEARBY: &[&str] =
    &["localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa", "onion"];

/// What is allowed beside the public internet over https.
///
/// ```
/// use leadwright_http::{Allow, Denied, Guard};
/// let guard = Guard::new(Allow::parse_all(&["http://crm.internal:8080", "10.0.0.0/8"])?);
/// let target = guard.url("http://crm.internal:8080/leads").expect("it is allowed");
/// assert!(guard.addresses(&["10.0.0.7".parse()?]).is_ok());
/// assert_eq!(guard.addresses(&["10.0.0.7".parse()?, "127.0.0.1".parse()?]), Err(Denied::Address("loopback")));
/// assert_eq!(guard.url("https://0x7f.1/").err(), Some(Denied::Literal));
/// # assert_eq!(target.port, 8080);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Guard {
    allowed: Vec<Allow>,
}

/// A URL that passed.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    /// As it is sent: what `url` read, without the fragment.
    pub url: Url,
    /// The name, in ASCII and lower case, or an address that is allowed.
    pub host: Host<String>,
    /// The port that is connected to.
    pub port: u16,
}

impl Guard {
    /// With what is allowed beside the usual.
    pub fn new(allowed: Vec<Allow>) -> Self {
        Self { allowed }
    }

    /// Whether a request may name this URL.
    pub fn url(&self, text: &str) -> Result<Target, Denied> {
        if text.len() > LONGEST || text.chars().any(is_read_differently) {
            return Err(Denied::Unreadable);
        }
        let mut url = Url::parse(text).map_err(|_| Denied::Unreadable)?;
        let (Some(host), Some(port)) = (url.host().map(|host| host.to_owned()), url.port_or_known_default()) else {
            return Err(if url.has_host() { Denied::Scheme } else { Denied::Unreadable });
        };
        if !matches!(url.scheme(), "https" | "http") {
            return Err(Denied::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() || authority(text).contains('@') {
            return Err(Denied::UserInfo);
        }
        let is_named = self.allowed.iter().any(|allow| allow.is(url.scheme(), &host, port));
        if url.scheme() == "http" && !is_named {
            return Err(Denied::Scheme);
        }
        self.host(&host, is_named)?;
        if port != 443 && !is_named {
            return Err(Denied::Port);
        }
        url.set_fragment(None);
        Ok(Target { url, host, port })
    }

    /// Whether all that a name stands for may be connected to.
    pub fn addresses(&self, addresses: &[IpAddr]) -> Result<(), Denied> {
        let wrong = |address: &IpAddr| match special(*address) {
            Some(what) if !self.is_allowed(*address) => Some(Denied::Address(what)),
            _ => None,
        };
        addresses.iter().find_map(wrong).map_or(Ok(()), Err)
    }

    fn host(&self, host: &Host<String>, is_named: bool) -> Result<(), Denied> {
        let literal = |address: IpAddr| if self.is_allowed(address) { Ok(()) } else { Err(Denied::Literal) };
        match host {
            Host::Ipv4(address) => literal(IpAddr::V4(*address)),
            Host::Ipv6(address) => literal(IpAddr::V6(*address)),
            Host::Domain(name) if !is_name(name) => Err(Denied::Name),
            Host::Domain(name) if !is_named && is_nearby(name) => Err(Denied::Name),
            Host::Domain(_) => Ok(()),
        }
    }

    fn is_allowed(&self, address: IpAddr) -> bool {
        self.allowed.iter().any(|allow| matches!(allow, Allow::Net(net) if net.holds(address)))
    }
}

/// Some cut these away, some stop at them, some take one for another.
fn is_read_differently(letter: char) -> bool {
    letter.is_control() || letter.is_whitespace() || letter == '\\'
}

/// What stands between `//` and the path, as it is written: an empty user is none to `url`.
fn authority(text: &str) -> &str {
    let rest = text.split_once("//").map_or("", |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Letters, digits and hyphens between dots, as a certificate has them.
fn is_name(name: &str) -> bool {
    let is_label = |label: &str| {
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        plain && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

fn is_nearby(name: &str) -> bool {
    name.rsplit_once('.').is_none_or(|(_, last)| NEARBY.contains(&last))
}
