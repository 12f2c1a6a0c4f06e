//! NATS JetStream.

use crate::{Fault, Mark, Message, Published, Sink};
use async_nats::jetstream::context::{ContextBuilder, CreateStreamErrorKind, PublishErrorKind};
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, LastRawMessageErrorKind};
use async_nats::jetstream::{Context, ErrorCode};
use async_nats::{ConnectErrorKind, ConnectOptions, ServerAddr};
use bytes::Bytes;
use leadwright::model::TenantId;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// How events go into a stream.
#[derive(Clone, Debug)]
pub struct Options {
    /// The stream. It is made where it is missing, and belongs to this relay: nobody else may publish into it.
    pub stream: String,
    /// The first part of the subjects; the event's type is the rest: `leadwright.main.lead.decided.v1`.
    pub subject: String,
    /// So many messages a stream that is made here keeps, older ones go; none: all are kept. One that is there stays as it is.
    pub keep: Option<u64>,
    /// So long the broker may take for an answer.
    pub wait: Duration,
}

impl Options {
    /// A stream for a tenant, `leadwright-TENANT` with the subjects `leadwright.TENANT.>`, of which nothing is let go.
    #[must_use]
    pub fn of(tenant: &TenantId) -> Self {
        // Dots part the words of a subject, and a stream's name may have none.
        let word = tenant.as_str().replace(['.', ':'], "_");
        let (stream, subject) = (format!("leadwright-{word}"), format!("leadwright.{word}"));
        Self { stream, subject, keep: None, wait: Duration::from_secs(10) }
    }
}

/// A NATS server with JetStream, or a cluster of them. An event is one message: its body the CloudEvent, its `Nats-Msg-Id`
/// the event's id.
///
/// Each message says which number the stream's last one must have (`Nats-Expected-Last-Sequence`), so that where one is
/// lost on the way none behind it is taken, and a relay that was thought dead changes nothing.
///
/// The client is asynchronous inside; it runs in the caller's thread, while a call of the sink lasts.
pub struct Nats {
    server: ServerAddr,
    options: Options,
    live: Option<Live>,
}

/// A connection.
struct Live {
    // Declared first, as it lives in the runtime.
    context: Context,
    runtime: Runtime,
    /// The number of the stream's last message.
    sequence: u64,
    last: Option<Mark>,
}

impl Nats {
    /// Prepares for a server such as `nats://host:4222` or `tls://user:password@host:4222`; connects when it has to.
    ///
    /// ```
    /// use leadwright::model::TenantId;
    /// use leadwright_relay::nats::{Nats, Options};
    /// assert!(Nats::new("nats://localhost:4222", Options::of(&TenantId::default())).is_ok());
    /// ```
    ///
    /// # Errors
    /// [`Fault::Refused`] for what is no such URL.
    pub fn new(url: &str, options: Options) -> Result<Self, Fault> {
        let server = url.parse().map_err(|_| Fault::Refused("the URL is none of a NATS server".to_owned()))?;
        Ok(Self { server, options, live: None })
    }

    /// The connection, and a new one where there is none.
    fn live(&mut self) -> Result<&mut Live, Fault> {
        if self.live.is_none() {
            self.live = Some(Live::connect(&self.server, &self.options)?);
        }
        self.live.as_mut().ok_or_else(|| Fault::Away("there is no connection".to_owned()))
    }

    fn hang_up(&mut self) {
        if let Some(Live { context, runtime, .. }) = self.live.take() {
            drop(context);
            // A look-up of a name may still be going on; nobody waits for it.
            runtime.shutdown_background();
        }
    }
}

impl std::fmt::Debug for Nats {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Nats({})", self.options.stream)
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.hang_up();
    }
}

impl Sink for Nats {
    /// Connects anew: what the client may still hold back of an older connection is not to come in between.
    fn last(&mut self) -> Result<Option<Mark>, Fault> {
        self.hang_up();
        Ok(self.live()?.last.clone())
    }

    fn publish(&mut self, messages: &[Message]) -> Published {
        let options = self.options.clone();
        let published = match self.live() {
            Ok(live) => live.publish(&options, messages),
            Err(fault) => Published::only(0, fault),
        };
        if published.fault.is_some() {
            self.hang_up();
        }
        published
    }

    /// The server asks now and then whether the client is there, and the client answers only while it runs.
    fn idle(&mut self) {
        if let Some(live) = &self.live {
            live.runtime.block_on(async { tokio::time::sleep(Duration::from_millis(1)).await });
        }
    }
}

impl Live {
    fn connect(server: &ServerAddr, options: &Options) -> Result<Self, Fault> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Fault::Away(error.to_string()))?;
        let (context, sequence, last) = runtime.block_on(greet(server, options))?;
        Ok(Self { context, runtime, sequence, last })
    }

    /// All are on the way before the first is waited for.
    fn publish(&mut self, options: &Options, messages: &[Message]) -> Published {
        let (context, first) = (&self.context, self.sequence);
        let published = self.runtime.block_on(async {
            let mut answers = Vec::with_capacity(messages.len());
            for (message, sequence) in messages.iter().zip(first..) {
                let publish = PublishMessage::build()
                    .payload(Bytes::copy_from_slice(&message.bytes))
                    .message_id(&message.id)
                    .expected_stream(&options.stream)
                    .expected_last_sequence(sequence);
                let subject = format!("{}.{}", options.subject, message.kind);
                match context.send_publish(subject, publish).await {
                    Ok(answer) => answers.push(answer),
                    Err(error) if answers.is_empty() => return Published::only(0, fault(&error)),
                    // What was sent before is waited for; what this one lacks, the next step says again.
                    Err(_) => break,
                }
            }
            let sent = answers.len();
            for (count, answer) in answers.into_iter().enumerate() {
                if let Err(error) = answer.await {
                    return Published::only(count, fault(&error));
                }
            }
            Published { count: sent, fault: None }
        });
        self.sequence += u64::try_from(published.count).unwrap_or(0);
        published
    }
}

/// Connects, finds or makes the stream, and looks at its last message.
async fn greet(server: &ServerAddr, options: &Options) -> Result<(Context, u64, Option<Mark>), Fault> {
    let connect = ConnectOptions::new().name("leadwright relay").connection_timeout(options.wait);
    let connect = connect.request_timeout(Some(options.wait)).connect(server.clone());
    let client = connect.await.map_err(|error| match error.kind() {
        ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation | ConnectErrorKind::Tls => {
            Fault::Refused(error.to_string())
        }
        _ => Fault::Away(error.to_string()),
    })?;
    let context = ContextBuilder::new().timeout(options.wait).backpressure_on_inflight(true).build(client);
    let subjects = vec![format!("{}.>", options.subject)];
    let keep = options.keep.map_or(-1, |keep| i64::try_from(keep).unwrap_or(i64::MAX));
    let config = Config { name: options.stream.clone(), subjects, max_messages: keep, ..Config::default() };
    let stream = context.get_or_create_stream(config).await.map_err(|error| match error.kind() {
        CreateStreamErrorKind::EmptyStreamName | CreateStreamErrorKind::InvalidStreamName => {
            Fault::Refused(error.to_string())
        }
        // Others have the subjects, or there is no room for it.
        CreateStreamErrorKind::JetStream(told) if told.code() < 500 => Fault::Refused(error.to_string()),
        _ => Fault::Away(error.to_string()),
    })?;
    let state = &stream.cached_info().state;
    if state.messages == 0 {
        return Ok((context, state.last_sequence, None));
    }
    let last = match stream.get_raw_message(state.last_sequence).await {
        Ok(message) => Some(Mark::read(&message.payload).ok_or_else(|| {
            Fault::Refused(format!("the last message of the stream {} is no event of a log", options.stream))
        })?),
        // It was worked off and taken out.
        Err(error) if matches!(error.kind(), LastRawMessageErrorKind::NoMessageFound) => None,
        Err(error) => return Err(Fault::Away(error.to_string())),
    };
    let sequence = state.last_sequence;
    Ok((context, sequence, last))
}

fn fault(error: &async_nats::jetstream::context::PublishError) -> Fault {
    use std::error::Error as _;
    let told = error.source().and_then(|source| source.downcast_ref::<async_nats::jetstream::Error>());
    // That no stream takes the subject is said by a cluster that is choosing a leader, too.
    let refused = match error.kind() {
        PublishErrorKind::MaxPayloadExceeded => true,
        PublishErrorKind::Other => told.is_some_and(|told| told.error_code() == ErrorCode::STREAM_NOT_MATCH),
        _ => false,
    };
    if refused { Fault::Refused(error.to_string()) } else { Fault::Away(error.to_string()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_is_one_word_of_a_subject() {
        let options = Options::of(&TenantId::new("acme.us:west").unwrap());
        assert_eq!(
            (options.stream.as_str(), options.subject.as_str()),
            ("leadwright-acme_us_west", "leadwright.acme_us_west")
        );
        assert!(Nats::new("nats://[", options).is_err());
    }
}
