//! Networks, and which of them are nobody's business.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A network: an address and how many of its bits count.
///
/// ```
/// use leadwright_http::Net;
/// let office = Net::parse("10.20.0.0/16").expect("a network");
/// assert!(office.holds("10.20.3.4".parse()?) && !office.holds("10.21.0.1".parse()?));
/// // Bits behind the mask are a slip of the pen.
/// assert!(Net::parse("10.20.0.1/16").is_none());
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Net {
    address: IpAddr,
    bits: u32,
}

impl Net {
    /// `10.0.0.0/8`, `fd00::/8`, or one address. Nothing where the text is no network, or an address within one.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) if bits.bytes().all(|byte| byte.is_ascii_digit()) => bits.parse().ok()?,
            Some(_) => return None,
            None => most,
        };
        let net = Self { address, bits };
        (bits <= most && head(address, bits) == head(address, most)).then_some(net)
    }

    /// Whether the address lies in it. An IPv4 address that is written as IPv6 lies in no IPv4 network.
    pub fn holds(&self, address: IpAddr) -> bool {
        address.is_ipv4() == self.address.is_ipv4() && head(address, self.bits) == head(self.address, self.bits)
    }
}

/// The first bits of an address, the others as 0.
fn head(address: IpAddr, bits: u32) -> u128 {
    let (value, most) = match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let rest = most - bits.min(most);
    value.checked_shr(rest).and_then(|value| value.checked_shl(rest)).unwrap_or(0)
}

const fn v4(a: u8, b: u8, c: u8, bits: u32) -> Net {
    Net { address: IpAddr::V4(Ipv4Addr::new(a, b, c, 0)), bits }
}

const fn v6(a: u16, b: u16, c: u16, bits: u32) -> Net {
    Net { address: IpAddr::V6(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)), bits }
}

/// What is not the public internet, from IANA's registries of special-purpose addresses. IPv6 is public within 2000::/3 only,
/// so what is listed outside of it has a better name and nothing else.
const SPECIAL: &[(Net, &str)] = &[
    (v4(0, 0, 0, 8), "unspecified"),
    (v4(10, 0, 0, 8), "private"),
    (v4(100, 64, 0, 10), "shared by carriers"),
    (v4(127, 0, 0, 8), "loopback"),
    (v4(169, 254, 0, 16), "link-local"),
    (v4(172, 16, 0, 12), "private"),
    (v4(192, 0, 0, 24), "of protocols"),
    (v4(192, 0, 2, 24), "documentation"),
    (v4(192, 88, 99, 24), "6to4"),
    (v4(192, 168, 0, 16), "private"),
    (v4(198, 18, 0, 15), "benchmarking"),
    (v4(198, 51, 100, 24), "documentation"),
    (v4(203, 0, 113, 24), "documentation"),
    (v4(224, 0, 0, 4), "multicast"),
    // The broadcast address is the last of them.
    (v4(240, 0, 0, 4), "reserved"),
    // `::`, `::1` and every IPv4 address in its oldest disguise.
    (v6(0, 0, 0, 96), "unspecified, loopback or IPv4-compatible"),
    (Net { address: IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0)), bits: 96 }, "IPv4-mapped"),
    (v6(0x64, 0xff9b, 0, 96), "NAT64"),
    (v6(0x64, 0xff9b, 1, 48), "NAT64"),
    (v6(0x100, 0, 0, 64), "discard"),
    (v6(0x2001, 0, 0, 32), "Teredo"),
    (v6(0x2001, 2, 0, 48), "benchmarking"),
    (v6(0x2001, 0, 0, 23), "of protocols"),
    (v6(0x2001, 0xdb8, 0, 32), "documentation"),
    (v6(0x2002, 0, 0, 16), "6to4"),
    (v6(0x3fff, 0, 0, 20), "documentation"),
    (v6(0x5f00, 0, 0, 16), "segment routing"),
    (v6(0xfc00, 0, 0, 7), "unique local"),
    (v6(0xfe80, 0, 0, 10), "link-local"),
    (v6(0xfec0, 0, 0, 10), "site-local"),
    (v6(0xff00, 0, 0, 8), "multicast"),
];

const PUBLIC_V6: Net = v6(0x2000, 0, 0, 3);

/// What an address is when it is not one of the public internet.
///
/// ```
/// use leadwright_http::special;
/// assert_eq!(special("169.254.169.254".parse()?), Some("link-local"));
/// assert_eq!(special("8.8.8.8".parse()?), None);
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
pub fn special(address: IpAddr) -> Option<&'static str> {
    let listed = SPECIAL.iter().find(|(net, _)| net.holds(address)).map(|(_, name)| *name);
    listed.or_else(|| (address.is_ipv6() && !PUBLIC_V6.holds(address)).then_some("not routed"))
}
