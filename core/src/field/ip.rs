//! Internet addresses, of version 4 and 6.

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read(raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let Some(address) = read(&input.text) else {
        return FieldOutcome::refused(Problem::new(Code::IpNotAnAddress, path).with_shape(raw.shape()));
    };
    // RFC 5952 form for version 6.
    let shown = address.to_string();
    if shown != input.text {
        input.corrections.push(Correction::new(Code::IpStandardized, path, &*input.text, &shown));
    }
    let mut outcome = input.found(Value::Text(shown));
    outcome.parts.insert("version", Value::Int(if address.is_ipv4() { 4 } else { 6 }));
    if is_reserved(&address) {
        outcome.problems.push(Problem::new(Code::IpReserved, path).with_shape(raw.shape()));
    }
    outcome
}

/// One address, with a port or brackets around it, or the list that proxies make, whose first public one is the client's.
fn read(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<Ipv4Addr>() {
        return Some(IpAddr::V4(address));
    }
    // RFC 7239 §6.2: a proxy that does not know whom it speaks for says so.
    let parts = text.split(',').map(str::trim).filter(|part| !part.eq_ignore_ascii_case("unknown"));
    let all: Vec<IpAddr> = parts.map(single).collect::<Option<_>>()?;
    all.iter().find(|address| !is_reserved(address)).or_else(|| all.first()).copied()
}

fn single(text: &str) -> Option<IpAddr> {
    let plain = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = plain.parse().ok().or_else(|| Some(text.parse::<SocketAddr>().ok()?.ip()))?;
    Some(match address {
        // ::ffff:192.0.2.1 is 192.0.2.1 (RFC 4291 §2.5.5.2).
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(IpAddr::V6(six), IpAddr::V4),
        four @ IpAddr::V4(_) => four,
    })
}

/// Whether no host of the public net has it (IANA special-purpose registries, RFC 6890).
fn is_reserved(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => is_reserved_4(*four),
        IpAddr::V6(six) => is_reserved_6(*six),
    }
}

fn is_reserved_4(four: Ipv4Addr) -> bool {
    let [a, b, c, _] = four.octets();
    let special = matches!(
        (a, b, c),
        (0, _, _) | (100, 64..=127, _) | (192, 0, 0) | (192, 88, 99) | (198, 18..=19, _) | (240..=255, _, _)
    );
    special
        || four.is_private()
        || four.is_loopback()
        || four.is_link_local()
        || four.is_documentation()
        || four.is_multicast()
}

fn is_reserved_6(six: Ipv6Addr) -> bool {
    let [a, b, ..] = six.segments();
    // The public net is 2000::/3, without what is kept for documentation (RFC 3849, RFC 9637) and benchmarks.
    a & 0xe000 != 0x2000 || a == 0x2001 && (b == 0xdb8 || b == 2) || a == 0x3fff && b < 0x1000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> FieldOutcome {
        check(&RawValue::text(text), "/ip", &FieldOptions::default())
    }

    #[test]
    fn addresses_are_written_in_one_way() {
        for (text, shown) in [
            ("8.8.4.4", "8.8.4.4"),
            ("8.8.4.4:443", "8.8.4.4"),
            ("::ffff:8.8.4.4", "8.8.4.4"),
            ("[2606:4700::1111]:443", "2606:4700::1111"),
            ("2606:4700:0:0:0:0:0:1111", "2606:4700::1111"),
            ("10.0.0.7, 8.8.4.4, 1.1.1.1", "8.8.4.4"),
            ("unknown, 8.8.4.4", "8.8.4.4"),
        ] {
            assert_eq!(ip(text).value, Some(Value::text(shown)), "{text}");
            assert!(ip(text).problems.is_empty(), "{text}");
        }
        for text in ["1.2.3", "999.1.1.1", "hello", "1.2.3.4.5", "01.2.3.4", "::g"] {
            assert!(!ip(text).valid(), "{text}");
        }
        for text in ["10.1.2.3", "127.0.0.1", "192.0.2.7", "203.0.113.9", "::1", "fe80::1", "2001:db8::1", "100.64.0.1"]
        {
            assert_eq!(ip(text).problems.first().map(|p| p.code), Some(Code::IpReserved), "{text}");
            assert!(ip(text).valid(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_and_what_comes_out_stays(text in "\\PC*|[0-9a-f.:,\\[\\] ]*") {
            if let Some(Value::Text(found)) = ip(&text).value {
                proptest::prop_assert_eq!(ip(&found).value, Some(Value::text(found)));
            }
        }
    }
}
