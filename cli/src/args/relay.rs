//! Relaying the events to a broker.

use super::Log;

#[derive(clap::Args)]
pub(crate) struct Relay {
    #[command(flatten)]
    pub(crate) log: Log,
    /// The broker: nats://HOST:PORT, tls://HOST:PORT (NATS), redis://HOST:PORT or rediss://HOST:PORT, with user and password
    /// as URLs have them. Without it the variable LEADWRIGHT_RELAY_TO names it, which no list of processes shows
    #[arg(long, value_name = "URL")]
    pub(crate) to: Option<String>,
    /// The subscriber's name whose cursor the store keeps; another relay under it is pushed aside
    #[arg(long = "as", value_name = "NAME")]
    pub(crate) name: String,
    /// Only events of these types, as lead.decided.v1; separated by commas
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    pub(crate) types: Vec<String>,
    /// Where a new name begins: at the event of this position, at the `start`, or `now`
    #[arg(long, value_name = "N")]
    pub(crate) from: Option<String>,
    /// The stream: for Redis its key, in which {type} makes a stream for each type; leadwright:TENANT or leadwright-TENANT
    #[arg(long, value_name = "NAME")]
    pub(crate) stream: Option<String>,
    /// The first part of the subjects of NATS, which the type follows; leadwright.TENANT
    #[arg(long, value_name = "WORDS")]
    pub(crate) subject: Option<String>,
    /// Keep about so many events in the stream, and let older ones go
    #[arg(long, value_name = "N")]
    pub(crate) keep: Option<u64>,
    /// So many events on the way before the first must be acknowledged
    #[arg(long, value_name = "N", default_value_t = leadwright_relay::BATCH)]
    pub(crate) batch: usize,
    /// End when everything is relayed, or when the broker was away five times in a row
    #[arg(long)]
    pub(crate) once: bool,
}
