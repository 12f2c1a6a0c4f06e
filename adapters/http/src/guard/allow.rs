//! What a host allows, by name.

use super::Net;
use leadwright::model::{Code, Error};
use url::{Host, Url};

/// One exception. It frees what it names and nothing else: a host that is allowed still has its addresses checked, and an
/// address that is allowed still needs its port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allow {
    /// Addresses that names may stand for, and that may be written in a URL.
    Net(Net),
    /// A scheme, a host and a port: a name that is local, plain HTTP, a port that is not the usual one.
    Site {
        /// Whether it is plain HTTP that is allowed.
        is_plain: bool,
        /// The name or the address.
        host: Host<String>,
        /// The port.
        port: u16,
    },
}

impl Allow {
    /// `10.0.0.0/8` or `fd00::/8`; `https://crm.internal:8443`; `http://crm.internal:8080`.
    ///
    /// ```
    /// use leadwright_http::Allow;
    /// assert!(Allow::parse("10.0.0.0/8").is_ok() && Allow::parse("http://127.0.0.1:8080").is_ok());
    /// assert!(Allow::parse("*").is_err(), "everything is not on offer");
    /// ```
    pub fn parse(text: &str) -> Result<Self, Error> {
        if let Some(net) = Net::parse(text) {
            return Ok(Self::Net(net));
        }
        let wrong = || {
            let expected = "a network (`10.0.0.0/8`) or a site (`https://host:port`, `http://host:port`) is expected";
            Error::new(Code::InputBadOption, format!("allow: {expected}"))
        };
        let url = Url::parse(text).map_err(|_| wrong())?;
        let is_plain = url.scheme() == "http";
        let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && !text.contains('@');
        match (url.host(), url.port_or_known_default()) {
            (Some(host), Some(port)) if is_bare && (is_plain || url.scheme() == "https") => {
                Ok(Self::Site { is_plain, host: host.to_owned(), port })
            }
            _ => Err(wrong()),
        }
    }

    /// All of them, or the first that is wrong.
    pub fn parse_all<T: AsRef<str>>(texts: &[T]) -> Result<Vec<Self>, Error> {
        texts.iter().map(|text| Self::parse(text.as_ref())).collect()
    }

    pub(super) fn is(&self, scheme: &str, host: &Host<String>, port: u16) -> bool {
        let Self::Site { is_plain, host: known, port: at } = self else { return false };
        *is_plain == (scheme == "http") && known == host && *at == port
    }
}
