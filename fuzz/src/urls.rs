//! The guard of adapters/http; its tests run this body, too.

use leadwright_http::{Guard, special};
use std::net::{Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// What passes has a name that is no number however it is read, no user, the usual port, and reads the same again. An address
/// of 4 or 16 bytes is special or is none of the networks inside.
pub fn url(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let guard = Guard::default();
    for text in [text.to_string(), format!("https://{text}"), format!("https://{text}/"), format!("https://a@{text}")] {
        let Ok(target) = guard.url(&text) else { continue };
        let Host::Domain(name) = &target.host else { panic!("{text:?} is an address") };
        assert!(name.contains('.') && !name.ends_with('.') && name.parse::<Ipv4Addr>().is_err(), "{text:?}: {name}");
        assert!(name.is_ascii() && *name == name.to_lowercase() && !name.ends_with(".localhost"), "{text:?}: {name}");
        assert!(target.port == 443 && target.url.scheme() == "https", "{text:?}");
        let again = guard.url(target.url.as_str()).expect("what passed passes");
        assert!(again == target, "{text:?}");
        let read = Url::parse(target.url.as_str()).expect("it is a URL");
        assert!(read.host_str() == Some(name) && read.username().is_empty() && read.password().is_none(), "{text:?}");
    }
    if let Ok(four) = <[u8; 4]>::try_from(bytes) {
        let address = Ipv4Addr::from(four);
        let inside = address.is_private()
            || address.is_loopback()
            || address.is_link_local()
            || address.is_unspecified()
            || address.is_multicast()
            || address.is_broadcast()
            || address.is_documentation();
        assert!(!inside || special(address.into()).is_some(), "{address}");
        assert!(
            special(address.to_ipv6_mapped().into()).is_some()
                && special(address.to_ipv6_compatible().into()).is_some()
        );
    }
    if let Ok(sixteen) = <[u8; 16]>::try_from(bytes) {
        let address = Ipv6Addr::from(sixteen);
        let inside = address.is_loopback()
            || address.is_unspecified()
            || address.is_multicast()
            || address.is_unique_local()
            || address.is_unicast_link_local()
            || address.to_ipv4().is_some();
        assert!(!inside || special(address.into()).is_some(), "{address}");
    }
}
