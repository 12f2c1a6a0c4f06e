//! An event as a broker gets it.

use leadwright::events::Delivered;
use leadwright::model::{Code, Error};
use serde::Deserialize;
use std::borrow::Cow;

/// An event, and what brokers want to know beside its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its position in the log.
    pub position: u64,
    /// Its id, which is the same whenever it is published.
    pub id: String,
    /// Its type, as `lead.decided.v1`.
    pub kind: String,
    /// What has the same one is to be worked off in its order: the lead.
    pub key: String,
    /// The CloudEvent as JSON.
    pub bytes: Vec<u8>,
}

/// What is read of a CloudEvent; the rest is passed on as it is.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(borrow)]
    partitionkey: Cow<'a, str>,
    #[serde(borrow)]
    sequence: Cow<'a, str>,
}

impl Message {
    pub(crate) fn of(event: Delivered) -> Result<Self, Error> {
        let Delivered { position, bytes } = event;
        let head: Head<'_> = serde_json::from_slice(&bytes)
            .map_err(|_| Error::new(Code::InternalError, format!("the event {position} is no CloudEvent")))?;
        let (id, kind, key) = (head.id.into_owned(), head.r#type.into_owned(), head.partitionkey.into_owned());
        Ok(Self { position, id, kind, key, bytes })
    }
}

/// Which event a broker has: its position, and the first hex digits of its id, as many as the broker keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    position: u64,
    digits: String,
}

impl Mark {
    /// The mark of an event with this id, or the beginning of one. Dashes do not count.
    ///
    /// ```
    /// use leadwright_relay::Mark;
    /// assert_eq!(Mark::new(17, "b356b2a4-9324"), Mark::new(17, "b356b2a49324"));
    /// ```
    #[must_use]
    pub fn new(position: u64, id: &str) -> Self {
        Self { position, digits: digits(id) }
    }

    /// The mark of an event from its text; none when it is no event of a log.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let head: Head<'_> = serde_json::from_slice(bytes).ok()?;
        Some(Self::new(head.sequence.parse().ok()?, &head.id))
    }

    /// The position in the log.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Whether it is the mark of the event with this id.
    pub(crate) fn is_of(&self, id: &str) -> bool {
        !self.digits.is_empty() && digits(id).starts_with(&self.digits)
    }
}

fn digits(id: &str) -> String {
    id.chars().filter(char::is_ascii_hexdigit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &[u8] =
        br#"{"specversion":"1.0","id":"b356b2a4-9324-8021-80d5-59451428827f","source":"/leadwright/main",
        "type":"lead.assigned.v1","sequence":"00000000000000000003","partitionkey":"web/L1","data":{"buyer":"acme"}}"#;

    #[test]
    fn the_head_is_read_and_the_text_stays() {
        let message = Message::of(Delivered { position: 3, bytes: EVENT.to_vec() }).unwrap();
        assert_eq!(
            (message.id.as_str(), message.kind.as_str()),
            ("b356b2a4-9324-8021-80d5-59451428827f", "lead.assigned.v1")
        );
        assert_eq!((message.key.as_str(), message.bytes.as_slice()), ("web/L1", EVENT));
        assert!(Message::of(Delivered { position: 3, bytes: b"{}".to_vec() }).is_err());
    }

    #[test]
    fn a_mark_is_that_of_its_event_alone() {
        let id = "b356b2a4-9324-8021-80d5-59451428827f";
        let whole = Mark::read(EVENT).unwrap();
        assert_eq!(whole.position(), 3);
        assert!(whole.is_of(id) && Mark::new(3, "b356b2a493248021").is_of(id));
        assert!(!whole.is_of("b356b2a4-9324-8021-80d5-594514288270") && !Mark::new(3, "").is_of(id));
        assert_eq!(Mark::read(b"{\"id\":\"7\"}"), None);
    }
}
