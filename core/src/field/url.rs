//! Links, in the form that browsers give them (WHATWG URL Standard).

use super::{FieldOptions, FieldOutcome, input};
use crate::model::{Code, Correction, Problem, RawValue, Value};
use std::borrow::Cow;
use url::{Host, Url};

/// Longest link, in bytes: those of landing pages carry the tracking ids of half a dozen advertisers.
const LONGEST: usize = 8_000;

pub(super) fn check(raw: &RawValue, path: &str, options: &FieldOptions) -> FieldOutcome {
    let mut input = match input::read_up_to(LONGEST, raw, path, options) {
        Ok(input) => input,
        Err(done) => return done,
    };
    let refuse = |code| FieldOutcome::refused(Problem::new(code, path).with_shape(raw.shape()));
    let bare = !has_scheme(&input.text);
    let text = if bare { Cow::Owned(format!("https://{}", input.text)) } else { input.text.clone() };
    let Some(url) = Url::parse(&text).ok().filter(|url| !text.contains(' ') && is_public(url, &text, bare)) else {
        return refuse(Code::UrlNotAUrl);
    };
    if !matches!(url.scheme(), "http" | "https") {
        return refuse(Code::UrlBadScheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse(Code::UrlHasPassword);
    }
    let host = url.host_str().unwrap_or_default().to_owned();
    let shown = String::from(url);
    // An empty path is the same as `/`.
    if shown != input.text && shown.strip_suffix('/') != Some(&*input.text) {
        input.corrections.push(Correction::new(Code::UrlStandardized, path, &*input.text, &shown));
    }
    let mut outcome = input.found(Value::Text(shown));
    outcome.parts.insert("host", Value::Text(host));
    outcome
}

/// `host:443` has none.
fn has_scheme(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let letters = scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-'));
    letters && !scheme.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit())
}

/// A name with a dot, or an address; of a bare text a name under a domain that there is, for `john.smith` is no link. A
/// scheme without a host is for the next check.
fn is_public(url: &Url, text: &str, bare: bool) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name.contains('.') && (!bare || psl::suffix(name.as_bytes()).is_some_and(|suffix| suffix.is_known()))
        }
        // To a browser every number is an address: `7` is 0.0.0.7.
        Some(Host::Ipv4(address)) => text.contains(&address.to_string()),
        Some(Host::Ipv6(_)) => true,
        None => !matches!(url.scheme(), "http" | "https"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> FieldOutcome {
        check(&RawValue::text(text), "/url", &FieldOptions::default())
    }

    #[test]
    fn links_are_written_in_one_way() {
        for (text, shown) in [
            ("https://example.com/lp?x=1", "https://example.com/lp?x=1"),
            ("HTTPS://Example.COM/A", "https://example.com/A"),
            ("www.example.com", "https://www.example.com/"),
            ("example.com:8080/a", "https://example.com:8080/a"),
            ("http://example.com:80", "http://example.com/"),
        ] {
            assert_eq!(url(text).value, Some(Value::text(shown)), "{text}");
        }
        for (text, code) in [
            ("localhost", Code::UrlNotAUrl),
            ("12", Code::UrlNotAUrl),
            ("https://12", Code::UrlNotAUrl),
            ("john.smith", Code::UrlNotAUrl),
            ("hello world", Code::UrlNotAUrl),
            ("javascript:alert(1)", Code::UrlBadScheme),
            ("ftp://example.com", Code::UrlBadScheme),
            ("https://ann:secret@example.com", Code::UrlHasPassword),
        ] {
            assert_eq!(url(text).problems.first().map(|p| p.code), Some(code), "{text}");
        }
    }

    #[test]
    fn a_long_link_is_one() {
        let long = format!("https://example.com/?gclid={}", "a".repeat(3_000));
        assert_eq!(url(&long).value, Some(Value::text(&long)));
        assert_eq!(url(&long.repeat(3)).problems.first().map(|p| p.code), Some(Code::TextTooLong));
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics_and_what_comes_out_stays(text in "\\PC*|https?://[a-z.%:@/?#-]*") {
            if let Some(Value::Text(found)) = url(&text).value {
                proptest::prop_assert_eq!(url(&found).value, Some(Value::text(found)));
            }
        }
    }
}
