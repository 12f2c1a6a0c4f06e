//! What is in the streams of brokers, read with their own clients.
#![allow(dead_code, reason = "not every test wants all of it")]

use async_nats::jetstream;

/// The bodies of all messages of a NATS stream, in their order, each with its `Nats-Msg-Id`.
pub(crate) fn of_nats(url: &str, stream: &str) -> Vec<(String, Vec<u8>)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stream = jetstream::new(async_nats::connect(url).await.unwrap()).get_stream(stream).await.unwrap();
        let state = stream.cached_info().state.clone();
        let mut all = Vec::new();
        for sequence in state.first_sequence..=state.last_sequence {
            let message = stream.get_raw_message(sequence).await.unwrap();
            let id = message.headers.get("Nats-Msg-Id").unwrap().to_string();
            all.push((id, message.payload.to_vec()));
        }
        all
    })
}

/// The events of all entries of a Redis stream, in their order, each with its id.
pub(crate) fn of_redis(url: &str, stream: &str) -> Vec<(String, Vec<u8>)> {
    let mut connection = redis::Client::open(url).unwrap().get_connection().unwrap();
    let entries: Vec<(String, Vec<Vec<u8>>)> =
        redis::cmd("XRANGE").arg(stream).arg("-").arg("+").query(&mut connection).unwrap();
    let entry = |(_, fields): (String, Vec<Vec<u8>>)| {
        let [_, id, _, _, _, event] = fields.try_into().unwrap();
        (String::from_utf8(id).unwrap(), event)
    };
    entries.into_iter().map(entry).collect()
}

/// How many messages a NATS stream has.
pub(crate) fn of_nats_len(url: &str, stream: &str) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stream = jetstream::new(async_nats::connect(url).await.unwrap()).get_stream(stream).await.unwrap();
        stream.cached_info().state.messages
    })
}
