//! Redis Streams.

use crate::{Fault, Mark, Message, Published, Sink};
use leadwright::model::{EventKind, TenantId};
use redis::{Client, Connection, ErrorKind, Pipeline, RedisError, ServerErrorKind};
use std::time::Duration;

/// How events go into streams.
#[derive(Clone, Debug)]
pub struct Options {
    /// The key of the stream. `{type}` in it stands for the event's type: a stream for each, in which the order across types
    /// shows by `sequence` alone.
    pub stream: String,
    /// About so many entries are kept in a stream (`MAXLEN ~`), older ones go; none: all are kept.
    pub keep: Option<u64>,
    /// So long Redis may take for an answer.
    pub wait: Duration,
}

impl Options {
    /// One stream for a tenant, `leadwright:TENANT`, of which nothing is let go.
    #[must_use]
    pub fn of(tenant: &TenantId) -> Self {
        Self { stream: format!("leadwright:{tenant}"), keep: None, wait: Duration::from_secs(10) }
    }
}

/// A Redis that gets each event as one entry with the fields `id`, `type` and `event`.
///
/// An entry has the number `POSITION-DIGITS`: the event's position in the log and the first 16 hex digits of its id as a
/// number. Redis takes no entry whose number is not greater than the last one's, so that an event is kept once
/// however often it comes, and remembers the last number when its entry is gone. A batch is one transaction: all of it or
/// nothing.
pub struct Redis {
    client: Client,
    options: Options,
    connection: Option<Connection>,
}

impl Redis {
    /// Prepares for a server such as `redis://host:6379` or `rediss://user:password@host:6379/0`; connects when it has to.
    ///
    /// ```
    /// use leadwright::model::TenantId;
    /// use leadwright_relay::redis::{Options, Redis};
    /// let sales = Options { stream: "sales".into(), keep: Some(1_000_000), ..Options::of(&TenantId::default()) };
    /// assert!(Redis::new("redis://localhost:6379", sales).is_ok());
    /// ```
    ///
    /// # Errors
    /// [`Fault::Refused`] for what is no such URL.
    pub fn new(url: &str, options: Options) -> Result<Self, Fault> {
        // Where somebody else has chosen an implementation of TLS for the process, that one stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // What the error says may quote a password.
        let client = Client::open(url).map_err(|_| Fault::Refused("the URL is none of a Redis server".to_owned()))?;
        Ok(Self { client, options, connection: None })
    }

    fn connection(&mut self) -> Result<&mut Connection, RedisError> {
        if self.connection.is_none() {
            let connection = self.client.get_connection_with_timeout(self.options.wait)?;
            connection.set_read_timeout(Some(self.options.wait))?;
            connection.set_write_timeout(Some(self.options.wait))?;
            self.connection = Some(connection);
        }
        self.connection.as_mut().ok_or_else(|| RedisError::from((ErrorKind::Io, "there is no connection")))
    }

    /// All streams that events may go to.
    fn streams(&self) -> Vec<String> {
        let mut streams: Vec<String> =
            EventKind::ALL.iter().map(|kind| stream(&self.options.stream, kind.as_str())).collect();
        streams.dedup();
        streams
    }

    /// After a fault nobody knows what is still on the way: the next one is told on a new connection.
    fn fault(&mut self, error: &RedisError) -> Fault {
        self.connection = None;
        let refused = matches!(
            error.kind(),
            ErrorKind::AuthenticationFailed
                | ErrorKind::InvalidClientConfig
                | ErrorKind::UnexpectedReturnType
                | ErrorKind::Server(ServerErrorKind::NoPerm | ServerErrorKind::CrossSlot)
        );
        let refused = refused || matches!(error.code(), Some("WRONGTYPE" | "NOAUTH" | "WRONGPASS"));
        if refused { Fault::Refused(error.to_string()) } else { Fault::Away(error.to_string()) }
    }

    fn last_of_all(&mut self) -> Result<Option<Mark>, RedisError> {
        let streams = self.streams();
        let connection = self.connection()?;
        let mut last: Option<(u64, u64)> = None;
        for stream in streams {
            let kind: String = redis::cmd("TYPE").arg(&stream).query(connection)?;
            if kind == "none" {
                continue;
            }
            // What is no stream, this refuses.
            let told: Vec<redis::Value> = redis::cmd("XINFO").arg("STREAM").arg(&stream).query(connection)?;
            last = last.max(last_number(&told));
        }
        // A stream that nothing was ever in has this number, too.
        let last = last.filter(|(position, _)| *position > 0);
        Ok(last.map(|(position, digits)| Mark::new(position, &format!("{digits:016x}"))))
    }

    fn put(&mut self, messages: &[Message]) -> Result<(), RedisError> {
        let pipeline = pipeline(&self.options, messages);
        pipeline.query::<Vec<String>>(self.connection()?).map(drop)
    }
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Redis({})", self.options.stream)
    }
}

impl Sink for Redis {
    fn last(&mut self) -> Result<Option<Mark>, Fault> {
        self.last_of_all().map_err(|error| self.fault(&error))
    }

    fn publish(&mut self, messages: &[Message]) -> Published {
        match self.put(messages) {
            Ok(()) => Published::all(messages),
            Err(error) => Published::only(0, self.fault(&error)),
        }
    }
}

/// A transaction: were one event refused for want of memory and the next one taken, the first could never come again.
fn pipeline(options: &Options, messages: &[Message]) -> Pipeline {
    let mut pipeline = redis::pipe();
    pipeline.atomic();
    for message in messages {
        let add = pipeline.cmd("XADD").arg(stream(&options.stream, &message.kind));
        if let Some(keep) = options.keep {
            add.arg("MAXLEN").arg("~").arg(keep);
        }
        add.arg(number(message));
        add.arg("id").arg(&message.id).arg("type").arg(&message.kind).arg("event").arg(&message.bytes);
    }
    pipeline
}

fn stream(template: &str, kind: &str) -> String {
    template.replace("{type}", kind)
}

/// The number of an entry.
fn number(message: &Message) -> String {
    let digits: String = message.id.chars().filter(char::is_ascii_hexdigit).take(16).collect();
    format!("{}-{}", message.position, u64::from_str_radix(&digits, 16).unwrap_or(0))
}

/// `last-generated-id` of what XINFO tells: names and values in turns.
fn last_number(told: &[redis::Value]) -> Option<(u64, u64)> {
    let text = |value: &redis::Value| redis::from_redis_value_ref::<String>(value).ok();
    let names = told.iter().zip(told.iter().skip(1)).step_by(2);
    let number = names.into_iter().find(|(name, _)| text(name).as_deref() == Some("last-generated-id"));
    let number = number.and_then(|(_, value)| text(value))?;
    let (position, digits) = number.split_once('-')?;
    Some((position.parse().ok()?, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_an_entry_says_which_event_it_is() {
        let id = "b356b2a4-9324-8021-80d5-59451428827f".to_owned();
        let message =
            Message { position: 17, id: id.clone(), kind: String::new(), key: String::new(), bytes: Vec::new() };
        let number = number(&message);
        assert_eq!(number, format!("17-{}", 0xb356_b2a4_9324_8021_u64));
        let digits: u64 = number.split_once('-').unwrap().1.parse().unwrap();
        assert!(Mark::new(17, &format!("{digits:016x}")).is_of(&id));
    }

    #[test]
    fn the_type_has_its_place_in_the_name() {
        assert_eq!(stream("leads:{type}", "lead.decided.v1"), "leads:lead.decided.v1");
        let one = Redis::new("redis://127.0.0.1:1", Options::of(&TenantId::default())).unwrap();
        assert_eq!(one.streams(), ["leadwright:main"]);
        assert!(Redis::new("http://127.0.0.1", Options::of(&TenantId::default())).is_err());
    }
}
