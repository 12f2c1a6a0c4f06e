//! Why nothing is sent somewhere.

use std::fmt;

/// Why a URL or what its name stands for is refused. It never holds the URL, which may have a secret in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// No absolute URL with a host, one that is too long, or one with characters that readers of URLs differ about.
    Unreadable,
    /// Neither `https`, nor `http` where that is allowed.
    Scheme,
    /// A user name or a password before the host.
    UserInfo,
    /// A port that is neither the usual one nor allowed.
    Port,
    /// A number in place of a name, however it is written.
    Literal,
    /// A name that only means something nearby: without a dot, with one at its end, `localhost`, `.local`, `.internal`.
    Name,
    /// The name stands for an address that is not of the public internet: what that one is.
    Address(&'static str),
}

impl Denied {
    /// One word for it.
    ///
    /// ```
    /// use leadwright_http::Denied;
    /// assert_eq!(Denied::Address("loopback").as_str(), "address");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Denied::Unreadable => "unreadable",
            Denied::Scheme => "scheme",
            Denied::UserInfo => "userinfo",
            Denied::Port => "port",
            Denied::Literal => "literal",
            Denied::Name => "name",
            Denied::Address(_) => "address",
        }
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Denied::Unreadable => f.write_str("this is no absolute URL that everybody reads alike"),
            Denied::Scheme => f.write_str("https is expected; allow `http://host:port` where plain HTTP is meant"),
            Denied::UserInfo => f.write_str("a URL with a user or a password: use an `Authorization` header"),
            Denied::Port => f.write_str("this port is not allowed; allow `https://host:port`"),
            Denied::Literal => f.write_str("a name is expected, not an IP address; allow its network"),
            Denied::Name => f.write_str("this name has no meaning outside of a local network; allow `https://host`"),
            Denied::Address(what) => write!(f, "the name stands for an address that is {what}; allow its network"),
        }
    }
}

impl std::error::Error for Denied {}
