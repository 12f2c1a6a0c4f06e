use super::*;
use crate::field::options::Reading;

fn email(text: &str, reading: Reading) -> FieldOutcome {
    check(&RawValue::text(text), "/email", &FieldOptions { reading, ..FieldOptions::default() })
}

#[test]
fn what_people_type_is_repaired() {
    for text in [
        "ann.lee@example.com",
        " Ann.Lee@Example.COM ",
        "<ann.lee@example.com>",
        "mailto:ann.lee@example.com",
        "ann.lee @ example.com",
        "ann.lee@example.com.",
    ] {
        assert_eq!(email(text, Reading::Lead).value, Some(Value::text("ann.lee@example.com")), "{text}");
    }
}

#[test]
fn what_is_no_address_has_a_code() {
    for (text, code) in [
        ("ann", Code::EmailNoAt),
        ("ann..lee@example.com", Code::EmailBadLocal),
        ("@example.com", Code::EmailBadLocal),
        ("ann@example", Code::EmailBadDomain),
        ("ann@-example.com", Code::EmailBadDomain),
        ("ann@1.2.3.4", Code::EmailBadDomain),
    ] {
        assert_eq!(email(text, Reading::Lead).problems.first().map(|p| p.code), Some(code), "{text}");
    }
    assert!(!email(" ann@example.com", Reading::Strict).valid());
    assert!(email("\"a b\"@[192.0.2.1]", Reading::Rfc5321).valid());
}

#[test]
fn a_near_miss_of_a_great_host_is_asked_about_and_kept() {
    let found = email("ann@gmial.com", Reading::Lead);
    assert_eq!(found.value, Some(Value::text("ann@gmial.com")));
    assert_eq!(found.problems.first().and_then(|p| p.suggestion.as_deref()), Some("gmail.com"));
    for fine in ["gmail.com", "mail.com", "example.com", "ymail.com"] {
        assert!(email(&format!("ann@{fine}"), Reading::Lead).problems.is_empty(), "{fine}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_panics_and_what_comes_out_stays(text in "\\PC*|[a-z.@\"\\\\\\[\\]:-]*") {
        for reading in [Reading::Lead, Reading::Strict, Reading::Rfc5321] {
            if let Some(Value::Text(found)) = email(&text, reading).value {
                proptest::prop_assert_eq!(email(&found, reading).value, Some(Value::text(found)));
            }
        }
    }
}

#[test]
fn the_ways_out_of_a_phone_or_a_mail_program_are_one_address() {
    for text in [
        "Ann Lee <ann.lee@example.com>",
        "\"Lee, Ann\" <ann.lee@example.com>",
        "ann.lee\u{ff20}example.com",
        "ann.lee@example,com",
        "ann.lee(at)example.com",
        "ann.lee [at] example [dot] com",
        "ann.lee at example dot com",
        "ann.lee@example .com",
        "mailto:ann.lee@example.com?subject=Roof",
    ] {
        assert_eq!(email(text, Reading::Lead).value, Some(Value::text("ann.lee@example.com")), "{text}");
        assert!(!email(text, Reading::Strict).valid(), "{text}");
    }
    for text in [".ann@example.com", "ann@@example.com", "ann lee@example.com", "a@example.com,b@example.com"] {
        assert_eq!(email(text, Reading::Lead).value, None, "{text}");
    }
}

#[test]
fn strict_readings_know_what_mail_hosts_refuse() {
    assert!(!email("a@[IPv6:1:2:3:4:5:6::8]", Reading::Rfc5321).valid(), ":: for one group");
    assert!(email("a@[IPv6:1:2:3:4:5::8]", Reading::Rfc5321).valid());
    assert!(!email("", Reading::Strict).valid());
    for text in
        ["me@example.tld-2", "\u{e000}@example.com", "me@host.local", "a\u{202e}b@example.com", "<\u{338}a@example.com"]
    {
        assert!(!email(text, Reading::Strict).valid(), "{text}");
    }
    assert_eq!(email("\u{1fef}@example.com", Reading::Strict).value, Some(Value::text("`@example.com")), "NFC");
}
