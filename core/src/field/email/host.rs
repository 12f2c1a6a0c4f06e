//! What is known of mail hosts: the great ones, the free ones, and those whose mailboxes are thrown away.

use crate::text::did_you_mean;

/// Made by `data/make_mail_hosts.py`: names in the order of their bytes, one a line.
const FREE: &str = include_str!("../../../data/mail_free.txt");
const DISPOSABLE: &str = include_str!("../../../data/mail_disposable.txt");

/// The mail hosts most people have; a near miss of one is worth a question.
const HOSTS: [&str; 12] = [
    "aol.com",
    "att.net",
    "comcast.net",
    "gmail.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "msn.com",
    "outlook.com",
    "sbcglobal.net",
    "verizon.net",
    "yahoo.com",
];

/// Top levels that most addresses have; what is near one and does not exist is a slip.
const TOPS: [&str; 5] = ["com", "edu", "gov", "net", "org"];

/// Whether it is one of the hosts that most people have: about these there is nothing to ask.
pub(super) fn is_great(domain: &str) -> bool {
    HOSTS.contains(&domain)
}

/// Short hosts lie near each other: these exist.
fn is_known_host(domain: &str) -> bool {
    ["ail.com", "att.com", "gmx.com", "gmx.net", "mail.com", "me.com", "mac.com", "ymail.com", "rocketmail.com"]
        .contains(&domain)
}

/// What was probably meant, where a domain is a near miss of a great host or has a top level that does not exist.
pub(super) fn near(domain: &str) -> Option<String> {
    if is_great(domain) {
        return None;
    }
    let host = did_you_mean(domain, HOSTS).filter(|host| *host != domain && !is_known_host(domain));
    if let Some(host) = host {
        return Some(host.to_owned());
    }
    let (name, top) = domain.rsplit_once('.')?;
    if psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known()) {
        return None;
    }
    let meant = did_you_mean(top, TOPS)?;
    Some(format!("{name}.{meant}"))
}

/// `gmail` alone is most likely `gmail.com`.
pub(super) fn completed(domain: &str) -> Option<&'static str> {
    HOSTS.into_iter().find(|host| host.split_once('.').is_some_and(|(name, _)| name == domain))
}

/// Whether anybody gets a mailbox there for nothing.
pub(super) fn is_free(domain: &str) -> bool {
    lists(FREE, domain)
}

/// Whether the host, or one that it is a part of, gives mailboxes that last minutes.
pub(super) fn is_disposable(domain: &str) -> bool {
    let mut rest = domain;
    loop {
        if lists(DISPOSABLE, rest) {
            return true;
        }
        match rest.split_once('.') {
            Some((_, parent)) if parent.contains('.') => rest = parent,
            _ => return false,
        }
    }
}

/// Halves the list until the name is found; a line is looked for from wherever the middle falls.
fn lists(list: &str, name: &str) -> bool {
    let (bytes, name) = (list.as_bytes(), name.as_bytes());
    let (mut from, mut to) = (0, bytes.len());
    while from < to {
        let middle = from + (to - from) / 2;
        let before = bytes.get(from..middle).unwrap_or_default();
        let start = before.iter().rposition(|b| *b == b'\n').map_or(from, |at| from + at + 1);
        let line = bytes.get(start..to).unwrap_or_default();
        let line = line.split(|b| *b == b'\n').next().unwrap_or_default();
        match line.cmp(name) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => from = start + line.len() + 1,
            std::cmp::Ordering::Greater => to = start,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_a_list_is_found_and_no_other() {
        for list in [FREE, DISPOSABLE] {
            assert!(list.lines().collect::<Vec<_>>().is_sorted(), "in the order of bytes");
            assert!(list.lines().all(|name| lists(list, name)));
        }
        for name in ["", "example.com", "a", "zzzzzz.zz", "gmail.co"] {
            assert!(!lists(FREE, name) && !lists(DISPOSABLE, name), "{name}");
        }
        assert!(HOSTS.iter().all(|host| !is_disposable(host)));
        assert!(is_free("gmail.com") && is_disposable("mailinator.com") && is_disposable("any.mailinator.com"));
    }

    #[test]
    fn a_top_level_that_does_not_exist_is_asked_about() {
        assert_eq!(near("example.con").as_deref(), Some("example.com"));
        assert_eq!(near("example.com"), None);
        assert_eq!(completed("gmail"), Some("gmail.com"));
    }
}
