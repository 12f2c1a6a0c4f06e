//! Which URLs pass, and why the others do not.

use leadwright_http::{Allow, Guard, Net, special};
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What the host allows in the table.
const ALLOWED: &[&str] = &[
    "10.20.0.0/16",
    "fd12:3456::/32",
    "https://crm.internal:8443",
    "http://plain.example",
    "http://plain.example:8080",
    "https://intranet",
    "https://10.20.0.5",
    "http://10.20.0.5:9000",
    "https://10.99.0.1",
    "https://buyer.example:8443",
    "https://[fd12:3456::1]:8443",
];

/// A URL, what is said of it (`ok`, or the word of `Denied`), and why it is in the table.
const TABLE: &[(&str, &str, &str)] = &[
    // What is meant to pass.
    ("https://buyer.example/leads", "ok", "the usual one"),
    ("https://buyer.example", "ok", "no path"),
    ("https://buyer.example:443/leads", "ok", "the usual port, written"),
    ("HTTPS://BUYER.EXAMPLE/Leads", "ok", "capitals"),
    ("https://buyer.example/leads?key=1&b=%20#part", "ok", "a query; the fragment is cut off"),
    ("https://a.b.c.d.buyer.example/", "ok", "many labels"),
    ("https://b\u{fc}cher.example/", "ok", "a name with an umlaut"),
    ("https://xn--bcher-kva.example/", "ok", "the same name in ASCII"),
    ("https://buyer_1.example/", "ok", "an underscore, which some buyers have"),
    ("https://1800roofs.example/", "ok", "a name that begins with digits"),
    ("https://127.0.0.1.example/", "ok", "looks like a number and is a name: its addresses are checked"),
    ("https://10.0.0.1.nip.example/", "ok", "the same"),
    ("https://buyer.example/a/../b", "ok", "dots in a path are the path's"),
    ("https://buyer.example/%2e%2e/x", "ok", "escaped dots, too"),
    ("https://buyer.example/@admin", "ok", "an at sign in a path is no user"),
    ("https://buyer.example/?a@b", "ok", "nor in a query"),
    ("https://buyer.example/?to=http://127.0.0.1/", "ok", "a URL in a query is a value"),
    ("https://\u{ff42}uyer.example/", "ok", "a full-width letter is that letter"),
    ("https://buyer.example:08443/", "ok", "a port with a zero before it, that is allowed"),
    ("https:///buyer.example/", "ok", "a slash too many, which is cut"),
    // What the host allowed, by name.
    ("http://plain.example/", "ok", "plain HTTP where it is allowed"),
    ("http://plain.example:80/", "ok", "and its usual port, written"),
    ("http://plain.example:8080/", "ok", "and another that is allowed"),
    ("https://crm.internal:8443/", "ok", "a local name with its port"),
    ("https://intranet/", "ok", "a name without a dot"),
    ("https://10.20.0.5/", "ok", "an address whose network is allowed"),
    ("http://10.20.0.5:9000/", "ok", "and with a port and plain HTTP"),
    ("https://0x0a.20.0.5/", "ok", "the same address, spelled otherwise"),
    ("https://[fd12:3456::1]:8443/", "ok", "the same for IPv6"),
    ("https://10.20.7.7/", "ok", "any address of the network"),
    ("https://buyer.example:8443/", "ok", "a port that is allowed"),
    // What is allowed frees nothing else.
    ("http://plain.example:81/", "scheme", "another port"),
    ("http://sub.plain.example/", "scheme", "a name below"),
    ("http://plain.example.evil.example/", "scheme", "a name that begins alike"),
    ("https://plain.example:8080/", "port", "the other scheme"),
    ("http://crm.internal:8443/", "scheme", "plain HTTP where TLS is allowed"),
    ("https://crm.internal/", "name", "another port of a local name"),
    ("https://other.internal:8443/", "name", "another local name"),
    ("https://10.99.0.1/", "literal", "a site whose network is not allowed"),
    ("https://10.21.0.5/", "literal", "the network beside"),
    ("https://10.20.0.5:8443/", "port", "an address that is allowed, another port"),
    ("http://10.20.0.5/", "scheme", "an address that is allowed, plain"),
    ("https://[fd12:3457::1]:8443/", "literal", "the network beside"),
    ("https://[::ffff:10.20.0.5]/", "literal", "an allowed address in disguise is another one"),
    // Schemes.
    ("http://buyer.example/", "scheme", "plain HTTP"),
    ("ftp://buyer.example/", "scheme", "another protocol"),
    ("ws://buyer.example/", "scheme", "another protocol"),
    ("wss://buyer.example/", "scheme", "another protocol"),
    ("gopher://buyer.example:70/_", "scheme", "the classic of these attacks"),
    ("dict://buyer.example:11211/stat", "scheme", "a cache"),
    ("ldap://buyer.example/", "scheme", "a directory"),
    ("file:///etc/passwd", "unreadable", "a file has no host"),
    ("file://buyer.example/etc/passwd", "scheme", "a file of somebody"),
    ("javascript:alert(1)", "unreadable", "no host"),
    ("data:text/plain,hi", "unreadable", "no host"),
    ("unix:/var/run/docker.sock", "unreadable", "a socket of this machine"),
    ("jar:https://buyer.example!/", "unreadable", "a scheme within a scheme"),
    ("view-source:https://buyer.example/", "unreadable", "a scheme within a scheme"),
    // What is no URL, or not the same one to everybody.
    ("", "unreadable", "nothing"),
    ("buyer.example/leads", "unreadable", "no scheme"),
    ("//buyer.example/leads", "unreadable", "no scheme"),
    ("/leads", "unreadable", "a path"),
    ("https://", "unreadable", "no host"),
    ("https://:443/", "unreadable", "no host"),
    ("https://?x", "unreadable", "no host"),
    (" https://buyer.example/", "unreadable", "a space before it, which some cut"),
    ("https://buyer.example/ ", "unreadable", "a space behind it"),
    ("https://buyer.example/a b", "unreadable", "a space in it"),
    ("ht\ntps://buyer.example/", "unreadable", "a line break, which browsers cut"),
    ("https://buyer.example\t/", "unreadable", "a tab"),
    ("https://buyer.example/\r\nHost: evil.example", "unreadable", "a header in a path"),
    ("https://buyer.example\0.evil.example/", "unreadable", "a null"),
    ("https:\\\\buyer.example\\leads", "unreadable", "slashes the other way"),
    ("https://buyer.example\\@127.0.0.1/", "unreadable", "two readers, two hosts"),
    ("https://127.0.0.1\\.buyer.example/", "unreadable", "two readers, two hosts"),
    ("https://buyer.example:port/", "unreadable", "a port that is none"),
    ("https://buyer.example:65536/", "unreadable", "a port that is too large"),
    ("https://buyer.example:-1/", "unreadable", "a port below nothing"),
    ("https://buyer .example/", "unreadable", "a space in the name"),
    ("https://buyer%00.example/", "unreadable", "an escaped null"),
    ("https://buyer<x>.example/", "unreadable", "no letters of a name"),
    ("https://[::1/", "unreadable", "a bracket too few"),
    ("https://::1/", "unreadable", "no brackets"),
    ("https://[fe80::1%25eth0]/", "unreadable", "a zone"),
    ("https://[fe80::1%eth0]/", "unreadable", "a zone, not escaped"),
    ("https://[v1.x]/", "unreadable", "an address of the future"),
    ("https://1.2.3.4.5/", "unreadable", "a number of too many parts"),
    ("https://256.256.256.256/", "unreadable", "a number that is too large"),
    ("https://4294967296/", "unreadable", "a number that is too large"),
    ("https://0x1ffffffff/", "unreadable", "a number that is too large"),
    // Users.
    ("https://user@buyer.example/", "userinfo", "a user"),
    ("https://user:secret@buyer.example/", "userinfo", "and a password"),
    ("https://:secret@buyer.example/", "userinfo", "a password alone"),
    ("https://@buyer.example/", "userinfo", "an empty one"),
    ("https://:@buyer.example/", "userinfo", "two empty ones"),
    ("https://buyer.example@127.0.0.1/", "userinfo", "a name that is a user"),
    ("https://buyer.example:443@evil.example/", "userinfo", "a name and a port that are none"),
    ("https://evil.example%40buyer.example@x.example/", "userinfo", "an escaped at sign"),
    ("https://a@b@buyer.example/", "userinfo", "two of them"),
    // Ports.
    ("https://buyer.example:80/", "port", "the port of plain HTTP"),
    ("https://buyer.example:22/", "port", "a shell"),
    ("https://buyer.example:6379/", "port", "a cache"),
    ("https://buyer.example:9200/", "port", "a database"),
    ("https://buyer.example:0/", "port", "none at all"),
    ("https://buyer.example:44300/", "port", "begins alike"),
    // Numbers in place of names.
    ("https://127.0.0.1/", "literal", "loopback"),
    ("https://127.1/", "literal", "short"),
    ("https://127.0.1/", "literal", "short"),
    ("https://2130706433/", "literal", "decimal"),
    ("https://0x7f000001/", "literal", "hexadecimal"),
    ("https://0x7F.0x0.0x0.0x1/", "literal", "hexadecimal, in parts"),
    ("https://017700000001/", "literal", "octal"),
    ("https://0177.0.0.1/", "literal", "octal, in parts"),
    ("https://0177.0x0.0.1/", "literal", "mixed"),
    ("https://127.0.0.1./", "literal", "a dot at its end"),
    ("https://0x7f.1./", "literal", "short, hexadecimal, a dot"),
    ("https://127.000.000.001/", "literal", "zeros before"),
    ("https://%31%32%37.0.0.1/", "literal", "escaped digits"),
    ("https://127%2e0%2e0%2e1/", "literal", "escaped dots"),
    ("https://\u{ff11}\u{ff12}\u{ff17}.0.0.1/", "literal", "full-width digits"),
    ("https://127\u{3002}0\u{3002}0\u{3002}1/", "literal", "dots of another script"),
    ("https://\u{2460}\u{2461}\u{2466}.0.0.1/", "literal", "digits in circles"),
    ("https://0/", "literal", "nothing but a zero"),
    ("https://0.0.0.0/", "literal", "unspecified"),
    ("https://0x0/", "literal", "unspecified, hexadecimal"),
    ("https://169.254.169.254/latest/meta-data/", "literal", "what clouds tell their machines"),
    ("https://2852039166/", "literal", "the same, decimal"),
    ("https://0xa9fea9fe/", "literal", "the same, hexadecimal"),
    ("https://0251.0376.0251.0376/", "literal", "the same, octal"),
    ("https://[::ffff:a9fe:a9fe]/", "literal", "the same, mapped"),
    ("https://100.100.100.200/", "literal", "another cloud's"),
    ("https://192.168.0.1/", "literal", "a router"),
    ("https://172.16.0.1/", "literal", "private"),
    ("https://8.8.8.8/", "literal", "public, and no name that a certificate is for"),
    ("https://[::1]/", "literal", "loopback"),
    ("https://[0:0:0:0:0:0:0:1]/", "literal", "loopback, in full"),
    ("https://[::]/", "literal", "unspecified"),
    ("https://[::ffff:127.0.0.1]/", "literal", "mapped"),
    ("https://[::127.0.0.1]/", "literal", "compatible"),
    ("https://[64:ff9b::7f00:1]/", "literal", "NAT64"),
    ("https://[2002:7f00:1::]/", "literal", "6to4"),
    ("https://[fe80::1]/", "literal", "link-local"),
    ("https://[fd00:ec2::254]/", "literal", "what a cloud tells its machines"),
    ("https://[2606:4700:4700::1111]/", "literal", "public"),
    ("http://127.0.0.1/", "scheme", "plain comes first"),
    // Names that mean something nearby.
    ("https://localhost/", "name", "this machine"),
    ("https://LOCALHOST/", "name", "this machine"),
    ("https://localhost./", "name", "this machine, with a dot"),
    ("https://api.localhost/", "name", "this machine"),
    ("https://buyer.example./", "name", "a dot at its end goes round every list"),
    ("https://buyer..example/", "name", "an empty label"),
    ("https://.buyer.example/", "name", "an empty label"),
    ("https://-buyer.example/", "name", "a hyphen before"),
    ("https://printer/", "name", "no dot"),
    ("https://kubernetes/", "name", "no dot"),
    ("https://printer.local/", "name", "the network around"),
    ("https://metadata.google.internal/", "name", "what a cloud tells its machines"),
    ("https://router.home.arpa/", "name", "the network at home"),
    ("https://1.0.0.127.in-addr.arpa/", "name", "a name of a number"),
    ("https://nas.lan/", "name", "the network around"),
    ("https://dc.corp/", "name", "the network around"),
    ("https://hidden.onion/", "name", "another network"),
    ("https://*.buyer.example/", "name", "a star is no name"),
    ("https://buyer.example,evil.example/", "name", "a list is no name"),
];

fn guard() -> Guard {
    Guard::new(Allow::parse_all(ALLOWED).expect("they are right"))
}

#[test]
fn each_url_of_the_table_is_told_for_what_it_is() {
    assert!(TABLE.len() >= 120, "{}", TABLE.len());
    let guard = guard();
    let wrong: Vec<String> = TABLE
        .iter()
        .filter_map(|(url, wanted, why)| {
            let said = guard.url(url).map_or_else(|denied| denied.as_str(), |_| "ok");
            (said != *wanted).then(|| format!("{url:?}: {said}, and not {wanted} ({why})"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_passes_is_what_is_connected_to() {
    let guard = guard();
    for (url, wanted, _) in TABLE.iter().filter(|(_, wanted, _)| *wanted == "ok") {
        let target = guard.url(url).unwrap_or_else(|denied| panic!("{url}: {denied} ({wanted})"));
        assert_eq!(target.url.host().map(|host| host.to_owned()).as_ref(), Some(&target.host), "{url}");
        assert!(target.url.fragment().is_none(), "{url}");
        // Read again, it is the same.
        let again = guard.url(target.url.as_str()).expect("it passed");
        assert!(again == target, "{url}");
    }
}

#[test]
fn addresses_of_every_special_network_are_known() {
    let table = [
        ("0.0.0.0", "unspecified"),
        ("0.1.2.3", "unspecified"),
        ("10.0.0.1", "private"),
        ("10.255.255.255", "private"),
        ("100.64.0.1", "shared by carriers"),
        ("100.127.255.255", "shared by carriers"),
        ("127.0.0.1", "loopback"),
        ("127.255.255.255", "loopback"),
        ("169.254.169.254", "link-local"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.1", "of protocols"),
        ("192.0.2.1", "documentation"),
        ("192.88.99.1", "6to4"),
        ("192.168.255.255", "private"),
        ("198.18.0.1", "benchmarking"),
        ("198.19.255.255", "benchmarking"),
        ("198.51.100.7", "documentation"),
        ("203.0.113.7", "documentation"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.255", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("::", "unspecified, loopback or IPv4-compatible"),
        ("::1", "unspecified, loopback or IPv4-compatible"),
        ("::7f00:1", "unspecified, loopback or IPv4-compatible"),
        ("::ffff:8.8.8.8", "IPv4-mapped"),
        ("64:ff9b::a00:1", "NAT64"),
        ("64:ff9b:1::1", "NAT64"),
        ("100::1", "discard"),
        ("2001::1", "Teredo"),
        ("2001:2::1", "benchmarking"),
        ("2001:10::1", "of protocols"),
        ("2001:20::1", "of protocols"),
        ("2001:db8::1", "documentation"),
        ("2002:a00:1::", "6to4"),
        ("3fff::1", "documentation"),
        ("5f00::1", "segment routing"),
        ("fc00::1", "unique local"),
        ("fdff::1", "unique local"),
        ("fe80::1", "link-local"),
        ("fec0::1", "site-local"),
        ("ff02::1", "multicast"),
        ("4000::1", "not routed"),
        ("1::1", "not routed"),
        ("200::1", "not routed"),
    ];
    for (address, wanted) in table {
        assert_eq!(special(address.parse().expect("an address")), Some(wanted), "{address}");
    }
    let public = [
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "169.255.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2001:4860:4860::8888",
        "2a00::1",
        "2001:200::1",
    ];
    for address in public {
        assert_eq!(special(address.parse().expect("an address")), None, "{address}");
    }
}

#[test]
fn one_address_of_many_denies_the_name() {
    let public: IpAddr = "8.8.8.8".parse().expect("an address");
    let private: IpAddr = "10.0.0.1".parse().expect("an address");
    let allowed: IpAddr = "10.20.0.1".parse().expect("an address");
    assert!(guard().addresses(&[public, allowed]).is_ok());
    assert!(guard().addresses(&[public, allowed, private]).is_err());
    assert!(guard().addresses(&[IpAddr::V6(Ipv4Addr::new(10, 20, 0, 1).to_ipv6_mapped())]).is_err());
}

#[test]
fn what_is_allowed_has_to_be_said_rightly() {
    let wrong = [
        "",
        "*",
        "0.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0.0/-8",
        "10.0.0.0/+8",
        "fd00::/129",
        "buyer.example",
        "ftp://buyer.example",
        "https://buyer.example/path",
        "https://user@buyer.example",
        "https://buyer.example?x",
        "https://",
    ];
    for text in wrong {
        assert!(Allow::parse(text).is_err(), "{text}");
    }
    assert!(Net::parse("0.0.0.0/0").is_some_and(|all| all.holds([8, 8, 8, 8].into())), "everything, where it is meant");
    assert!(Net::parse("::/0").is_some_and(|all| !all.holds([8, 8, 8, 8].into())));
}

/// An address in one of its spellings.
fn spelled(address: Ipv4Addr, how: u32) -> String {
    let [a, b, c, d] = address.octets();
    let value = address.to_bits();
    let tail = (u32::from(b) << 16) | (u32::from(c) << 8) | u32::from(d);
    let wide =
        |text: String| text.chars().map(|c| char::from_u32(c as u32 - 0x30 + 0xff10).unwrap_or(c)).collect::<String>();
    match how {
        0 => format!("{a}.{b}.{c}.{d}"),
        1 => value.to_string(),
        2 => format!("0x{value:x}"),
        3 => format!("0{value:o}"),
        4 => format!("{a}.{tail}"),
        5 => format!("0x{a:X}.0{b:o}.{c}.0x{d:x}"),
        6 => format!("{a}.{b}.{}", (u32::from(c) << 8) | u32::from(d)),
        7 => format!("{a}.{b}.{c}.{d}."),
        8 => format!("[::ffff:{address}]"),
        9 => format!("[::{address}]"),
        10 => format!("[64:ff9b::{address}]"),
        11 => format!("[2002:{:x}:{:x}::1]", value >> 16, value & 0xffff),
        12 => format!("{a}%2e{b}%2E{c}.{d}"),
        13 => format!("{a}\u{3002}{b}\u{ff0e}{c}\u{ff61}{d}"),
        14 => format!("{}.{b}.{c}.{d}", wide(a.to_string())),
        _ => a.to_string().bytes().map(|digit| format!("%{digit:02x}")).collect::<String>() + &format!(".{b}.{c}.{d}"),
    }
}

fn private() -> impl Strategy<Value = Ipv4Addr> {
    let within = |net: u32, bits: u32| {
        (0..=u32::MAX).prop_map(move |rest| Ipv4Addr::from_bits(net | rest.checked_shr(bits).unwrap_or(0)))
    };
    prop_oneof![
        within(0x7f00_0000, 8),
        within(0x0a00_0000, 8),
        within(0xac10_0000, 12),
        within(0xc0a8_0000, 16),
        within(0xa9fe_0000, 16),
        within(0x6440_0000, 10),
        within(0, 8),
        within(0xe000_0000, 4),
        within(0xf000_0000, 4),
    ]
}

proptest! {
    #[test]
    fn no_private_address_passes_in_any_spelling(address in private(), how in 0_u32..16, path in "[a-z/]{0,8}") {
        let url = format!("https://{}/{path}", spelled(address, how));
        prop_assert!(Guard::default().url(&url).is_err(), "{}", url);
        prop_assert!(special(IpAddr::V4(address)).is_some());
        prop_assert!(special(IpAddr::V6(address.to_ipv6_mapped())).is_some());
    }

    #[test]
    fn a_network_holds_what_is_in_it(bits in 0_u32..=32, net in any::<u32>(), other in any::<u32>()) {
        let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
        let parsed = Net::parse(&format!("{}/{bits}", Ipv4Addr::from_bits(net & mask))).expect("a network");
        prop_assert_eq!(parsed.holds(Ipv4Addr::from_bits(other).into()), other & mask == net & mask);
    }

    #[test]
    fn ipv6_is_public_within_one_eighth_only(value in any::<u128>()) {
        let address = Ipv6Addr::from_bits(value);
        prop_assert!(special(address.into()).is_some() || value >> 125 == 1);
    }

    #[test]
    fn whatever_is_written_nothing_panics(text in ".{0,60}") {
        let _ = Guard::default().url(&text);
        let _ = Guard::default().url(&format!("https://{text}"));
        let _ = Allow::parse(&text);
    }
}
