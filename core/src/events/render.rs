//! One stored event as a CloudEvent.

use crate::model::{Code, Error, Event, EventKind, Subject, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

/// A CloudEvent of version 1.0, structured. Members are written in this order.
#[derive(Serialize)]
struct CloudEvent<'a> {
    specversion: &'static str,
    id: String,
    source: String,
    r#type: EventKind,
    subject: String,
    time: Timestamp,
    datacontenttype: &'static str,
    dataschema: String,
    /// The position in the log. As CloudEvents have it, a text whose order is that of the events.
    sequence: String,
    /// Events with the same one are to be worked off in their order: the lead.
    partitionkey: String,
    data: &'a RawValue,
}

/// Writes a stored event as a CloudEvent: the same bytes whenever and wherever it is read.
///
/// ```
/// use leadwright::{events::render, model::{Event, EventKind, TenantId}};
/// let event = Event {
///     kind: EventKind::LeadDecided,
///     tenant: TenantId::default(),
///     subject: "web/L1.1".parse()?,
///     at: "2026-11-24T15:30:00Z".parse()?,
///     data: r#"{"outcome":"assigned"}"#.into(),
/// };
/// let text = String::from_utf8(render(17, &event)?)?;
/// assert!(text.starts_with(r#"{"specversion":"1.0","id":""#));
/// assert!(text.contains(r#""sequence":"00000000000000000017","partitionkey":"web/L1","data":{"outcome":"assigned"}"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `store.corrupt` when the data is no JSON.
pub fn render(position: u64, event: &Event) -> Result<Vec<u8>, Error> {
    let damaged = || Error::new(Code::StoreCorrupt, format!("the data of the event {position}"));
    let kind = event.kind.as_str();
    let written = CloudEvent {
        specversion: "1.0",
        id: id(position, event),
        source: format!("/leadwright/{}", event.tenant),
        r#type: event.kind,
        subject: event.subject.to_string(),
        time: event.at,
        datacontenttype: "application/json",
        dataschema: format!("urn:leadwright:schema:{kind}"),
        sequence: format!("{position:020}"),
        partitionkey: partition_key(&event.subject),
        data: serde_json::from_str(&event.data).map_err(|_| damaged())?,
    };
    serde_json::to_vec(&written).map_err(|_| damaged())
}

/// The id in the form of a UUID of version 8, whose digits are its maker's own: those of a hash, so that an event that is
/// delivered again has the id of then. Subject and time are in it, for another store has the same positions.
fn id(position: u64, event: &Event) -> String {
    let Event { kind, tenant, subject, at, .. } = event;
    let digest = Sha256::digest(format!("lw1|event|{tenant}|{position}|{}|{subject}|{at}", kind.as_str()));
    let first = digest.iter().take(16).fold(0_u128, |sum, byte| sum << 8 | u128::from(*byte));
    let version = first & !(0xf << 76) | 0x8 << 76;
    let number = version & !(0b11 << 62) | 0b10 << 62;
    let hex = format!("{number:032x}");
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}

/// What keeps its order: all that happened to one lead, however often it was decided; else all about one subject.
fn partition_key(subject: &Subject) -> String {
    match subject {
        Subject::Decision(id) => format!("{}/{}", id.source, id.lead),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TenantId;
    use std::collections::BTreeSet;

    fn event(kind: EventKind, tenant: &str) -> Event {
        let tenant = TenantId::known(tenant);
        Event { kind, tenant, subject: Subject::Person, at: Timestamp::EPOCH, data: "{}".into() }
    }

    #[test]
    fn ids_are_those_of_then_and_no_two_are_the_same() {
        let mut seen = BTreeSet::new();
        let mut new = |position, event: &Event| {
            let id = id(position, event);
            assert_eq!((id.len(), id.as_bytes()[14]), (36, b'8'), "{id}");
            assert!(b"89ab".contains(&id.as_bytes()[19]), "{id}");
            seen.insert(id)
        };
        for position in 0..2_000 {
            for kind in EventKind::ALL {
                assert!(new(position, &event(kind, "main")) && new(position, &event(kind, "other")));
            }
        }
        assert!(!new(7, &event(EventKind::FundsChanged, "main")), "the same again");
        let later = Event { at: Timestamp::EPOCH.plus_millis(1), ..event(EventKind::FundsChanged, "main") };
        let elsewhere = Event { subject: "buyer:acme".parse().unwrap(), ..later.clone() };
        assert!(new(7, &later) && new(7, &elsewhere), "another store's event at the same position");
    }

    #[test]
    fn the_order_of_sequences_is_that_of_positions() {
        let read = |position| {
            let bytes = render(position, &event(EventKind::ConsentRevoked, "main")).unwrap();
            let read: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            (read["sequence"].as_str().unwrap().to_owned(), read["partitionkey"].clone())
        };
        assert!(read(9).0 < read(10).0 && read(10).0 < read(u64::MAX).0);
        assert_eq!(read(9).1, "person");
    }

    #[test]
    fn data_that_is_no_json_is_a_damaged_store() {
        let event = Event { data: "{".into(), ..event(EventKind::LeadDecided, "main") };
        assert_eq!(render(1, &event).unwrap_err().code(), Code::StoreCorrupt);
    }
}
