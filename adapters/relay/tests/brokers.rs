//! What is in the streams, and what is not done to streams of others.
#![cfg(all(feature = "nats", feature = "redis"))]

mod common;
#[path = "common/streams.rs"]
mod streams;

use common::{cursor, decide, log, name, tenant};
use leadwright::store::{Begin, MemoryStore};
use leadwright_relay::{Fault, Message, Published, Relay, RelayError, Sink, Step, nats, redis};
use leadwright_servers::{nats_url, redis_url, skipped};
use std::sync::Arc;

fn store(leads: u32) -> Arc<MemoryStore> {
    let store = Arc::new(MemoryStore::new());
    decide(Arc::<MemoryStore>::clone(&store), 0..leads);
    store
}

fn relay(store: &MemoryStore, sink: &mut dyn Sink) -> Result<(), RelayError> {
    let mut relay = Relay::open(store, &tenant(), &name("broker"), &[], Begin::Start)?.with_batch(16);
    while relay.step(store, sink)? != Step::Idle {}
    Ok(())
}

/// The server is shared: a stream of its own for each test.
fn to_nats(url: &str, own: &str) -> nats::Options {
    let options = nats::Options { stream: own.to_owned(), subject: own.to_owned(), ..nats::Options::of(&tenant()) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let context = async_nats::jetstream::new(async_nats::connect(url).await.unwrap());
        // One of an earlier run.
        let _ = context.delete_stream(own).await;
    });
    options
}

fn command(url: &str, words: &[&str]) -> ::redis::RedisResult<::redis::Value> {
    let mut connection = ::redis::Client::open(url).unwrap().get_connection().unwrap();
    ::redis::cmd(words[0]).arg(&words[1..]).query(&mut connection)
}

fn to_redis(url: &str, own: &str) -> redis::Options {
    command(url, &["DEL", own]).unwrap();
    redis::Options { stream: own.to_owned(), ..redis::Options::of(&tenant()) }
}

#[test]
fn nats_has_each_event_once_under_its_type() {
    let url = match nats_url() {
        Ok(url) => url,
        Err(missing) => return skipped("NATS", &missing),
    };
    let (store, options) = (store(40), to_nats(&url, "relay-once"));
    let mut sink = nats::Nats::new(&url, options.clone()).unwrap();
    relay(&store, &mut sink).unwrap();
    let check = || {
        let kept = streams::of_nats(&url, "relay-once");
        assert!(kept.iter().map(|(_, event)| event).eq(&log(&*store)));
        assert!(kept.iter().all(|(id, event)| String::from_utf8_lossy(event).contains(id.as_str())));
    };
    check();
    // Everything anew, by another name, on another connection: nothing comes twice.
    leadwright::store::leave(&*store, &tenant(), &name("broker")).unwrap();
    relay(&store, &mut nats::Nats::new(&url, options).unwrap()).unwrap();
    check();
    assert_eq!(cursor(&*store, "broker"), 81);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let context = async_nats::jetstream::new(async_nats::connect(&url).await.unwrap());
        let stream = context.get_stream("relay-once").await.unwrap();
        let sale = stream.get_last_raw_message_by_subject("relay-once.lead.assigned.v1").await.unwrap();
        assert!(String::from_utf8_lossy(&sale.payload).contains("\"type\":\"lead.assigned.v1\""));
    });
}

#[test]
fn the_nats_stream_of_others_is_left_alone() {
    let url = match nats_url() {
        Ok(url) => url,
        Err(missing) => return skipped("NATS", &missing),
    };
    let (one, more, options) = (store(10), store(20), to_nats(&url, "relay-others"));
    let mut sink = nats::Nats::new(&url, options).unwrap();
    relay(&more, &mut sink).unwrap();
    let ended = relay(&one, &mut sink).unwrap_err();
    assert!(matches!(ended, RelayError::Conflict(41)), "{ended}");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let context = async_nats::jetstream::new(async_nats::connect(&url).await.unwrap());
        context.publish("relay-others.note", "by hand".into()).await.unwrap().await.unwrap();
    });
    let ended = relay(&more, &mut nats::Nats::new(&url, to_nats_again("relay-others")).unwrap()).unwrap_err();
    assert!(matches!(ended, RelayError::Refused(_)), "{ended}");
    // One that was connected before hears of it with the next event.
    decide(Arc::<MemoryStore>::clone(&more), 20..21);
    let ended = relay(&more, &mut sink).unwrap_err();
    assert!(matches!(ended, RelayError::Refused(_)), "{ended}");
    assert_eq!(streams::of_nats_len(&url, "relay-others"), 42, "nothing was published behind it");
}

#[test]
fn a_nats_stream_that_does_not_take_the_subjects_is_said_to() {
    let url = match nats_url() {
        Ok(url) => url,
        Err(missing) => return skipped("NATS", &missing),
    };
    let (store, options) = (store(1), to_nats(&url, "relay-wrong"));
    let _ = to_nats(&url, "relay-taker");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let context = async_nats::jetstream::new(async_nats::connect(&url).await.unwrap());
        for (name, subject) in [("relay-wrong", "elsewhere.>"), ("relay-taker", "relay-wrong.>")] {
            let (name, subjects) = (name.to_owned(), vec![subject.to_owned()]);
            let config = async_nats::jetstream::stream::Config { name, subjects, ..Default::default() };
            context.create_stream(config).await.unwrap();
        }
    });
    let ended = relay(&store, &mut nats::Nats::new(&url, options).unwrap()).unwrap_err();
    assert!(matches!(ended, RelayError::Refused(_)), "{ended}");
    assert_eq!(streams::of_nats_len(&url, "relay-taker"), 0);
}

/// The messages of a log.
struct Keeps(Vec<Message>);

impl Sink for Keeps {
    fn publish(&mut self, messages: &[Message]) -> Published {
        self.0.extend_from_slice(messages);
        Published::all(messages)
    }
}

/// One stands still with a connection of its own, another one relays everything, and then the first one goes on.
fn stands_still(store: &MemoryStore, mut first: impl Sink, mut second: impl Sink) {
    let mut messages = Keeps(Vec::new());
    relay(store, &mut messages).unwrap();
    leadwright::store::leave(store, &tenant(), &name("broker")).unwrap();
    assert_eq!(first.last(), Ok(None));
    assert_eq!(first.publish(&messages.0[..16]), Published::all(&messages.0[..16]));
    relay(store, &mut second).unwrap();
    // Longer than the broker looks for ids that it has seen.
    std::thread::sleep(std::time::Duration::from_millis(500));
    let late = first.publish(&messages.0[16..32]);
    assert!(late.count == 0 && matches!(late.fault, Some(Fault::Away(_))), "{late:?}");
    // The cursor is lost, too: the broker alone knows what it has.
    leadwright::store::leave(store, &tenant(), &name("broker")).unwrap();
    relay(store, &mut first).unwrap();
}

#[test]
fn a_relay_to_nats_that_stood_still_changes_nothing() {
    let url = match nats_url() {
        Ok(url) => url,
        Err(missing) => return skipped("NATS", &missing),
    };
    let (store, options) = (store(40), to_nats(&url, "relay-still"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let context = async_nats::jetstream::new(async_nats::connect(&url).await.unwrap());
        let (name, subjects) = ("relay-still".to_owned(), vec!["relay-still.>".to_owned()]);
        let duplicate_window = std::time::Duration::from_millis(100);
        let config = async_nats::jetstream::stream::Config { name, subjects, duplicate_window, ..Default::default() };
        context.create_stream(config).await.unwrap();
    });
    let sink = || nats::Nats::new(&url, options.clone()).unwrap();
    stands_still(&store, sink(), sink());
    assert!(streams::of_nats(&url, "relay-still").iter().map(|(_, event)| event).eq(&log(&*store)));
}

#[test]
fn what_cannot_be_published_to_nats_holds_back_what_comes_behind_it() {
    let url = match nats_url() {
        Ok(url) => url,
        Err(missing) => return skipped("NATS", &missing),
    };
    let (store, mut messages) = (store(10), Keeps(Vec::new()));
    relay(&store, &mut messages).unwrap();
    let mut sink = nats::Nats::new(&url, to_nats(&url, "relay-lost")).unwrap();
    assert_eq!(sink.last(), Ok(None));
    let mut first = messages.0[..8].to_vec();
    // A type that is no subject is not taken: the sink stops before it, and what was behind it is not there.
    first[3].kind = "lead decided".into();
    let published = sink.publish(&first);
    assert_eq!(published.count, 3, "{published:?}");
    assert_eq!(streams::of_nats_len(&url, "relay-lost"), 3);
}

#[test]
fn a_relay_to_redis_that_stood_still_changes_nothing() {
    let url = match redis_url() {
        Ok(url) => url,
        Err(missing) => return skipped("Redis", &missing),
    };
    let (store, options) = (store(40), to_redis(&url, "relay:still"));
    let sink = || redis::Redis::new(&url, options.clone()).unwrap();
    stands_still(&store, sink(), sink());
    assert!(streams::of_redis(&url, "relay:still").iter().map(|(_, event)| event).eq(&log(&*store)));
}

fn to_nats_again(own: &str) -> nats::Options {
    nats::Options { stream: own.to_owned(), subject: own.to_owned(), ..nats::Options::of(&tenant()) }
}

#[test]
fn redis_has_each_event_once_also_when_it_was_worked_off() {
    let url = match redis_url() {
        Ok(url) => url,
        Err(missing) => return skipped("Redis", &missing),
    };
    let (store, options) = (store(40), to_redis(&url, "relay:once"));
    relay(&store, &mut redis::Redis::new(&url, options.clone()).unwrap()).unwrap();
    let kept = streams::of_redis(&url, "relay:once");
    assert!(kept.iter().map(|(_, event)| event).eq(&log(&*store)));
    assert!(kept.iter().all(|(id, event)| String::from_utf8_lossy(event).contains(id.as_str())));
    // A consumer deletes what it has worked off; the stream remembers its last number.
    command(&url, &["XTRIM", "relay:once", "MAXLEN", "0"]).unwrap();
    leadwright::store::leave(&*store, &tenant(), &name("broker")).unwrap();
    decide(Arc::<MemoryStore>::clone(&store), 40..41);
    relay(&store, &mut redis::Redis::new(&url, options).unwrap()).unwrap();
    assert!(streams::of_redis(&url, "relay:once").iter().map(|(_, event)| event).eq(&log(&*store)[81..]));
}

#[test]
fn a_redis_stream_for_each_type() {
    let url = match redis_url() {
        Ok(url) => url,
        Err(missing) => return skipped("Redis", &missing),
    };
    let (store, one, two) = (store(40), "relay:type:lead.decided.v1", "relay:type:lead.assigned.v1");
    let keys = ["DEL", one, two, "relay:type:plan.activated.v1"];
    command(&url, &keys).unwrap();
    let options = redis::Options { stream: "relay:type:{type}".into(), ..redis::Options::of(&tenant()) };
    for _ in 0..2 {
        relay(&store, &mut redis::Redis::new(&url, options.clone()).unwrap()).unwrap();
        assert_eq!((streams::of_redis(&url, one).len(), streams::of_redis(&url, two).len()), (40, 40));
        leadwright::store::leave(&*store, &tenant(), &name("broker")).unwrap();
    }
}

#[test]
fn redis_keeps_about_as_many_as_it_is_told() {
    let url = match redis_url() {
        Ok(url) => url,
        Err(missing) => return skipped("Redis", &missing),
    };
    let (store, options) = (store(400), to_redis(&url, "relay:keep"));
    relay(&store, &mut redis::Redis::new(&url, redis::Options { keep: Some(100), ..options }).unwrap()).unwrap();
    let kept = streams::of_redis(&url, "relay:keep");
    assert!((100..400).contains(&kept.len()), "{}", kept.len());
    assert_eq!(kept.last().unwrap().1, *log(&*store).last().unwrap());
}

#[test]
fn the_redis_stream_of_others_is_left_alone() {
    let url = match redis_url() {
        Ok(url) => url,
        Err(missing) => return skipped("Redis", &missing),
    };
    let (one, more, options) = (store(10), store(20), to_redis(&url, "relay:others"));
    let mut sink = redis::Redis::new(&url, options.clone()).unwrap();
    relay(&more, &mut sink).unwrap();
    assert!(matches!(relay(&one, &mut sink).unwrap_err(), RelayError::Conflict(41)));
    command(&url, &["XADD", "relay:others", "*", "note", "by hand"]).unwrap();
    decide(Arc::<MemoryStore>::clone(&more), 20..21);
    let ended = relay(&more, &mut redis::Redis::new(&url, options.clone()).unwrap()).unwrap_err();
    assert!(matches!(ended, RelayError::Conflict(_)), "{ended}");
    command(&url, &["DEL", "relay:others"]).unwrap();
    command(&url, &["SET", "relay:others", "7"]).unwrap();
    let ended = relay(&more, &mut redis::Redis::new(&url, options).unwrap()).unwrap_err();
    assert!(matches!(ended, RelayError::Refused(_)), "{ended}");
}

#[test]
fn a_server_that_is_not_there_is_away() {
    let store = store(1);
    for url in ["redis://127.0.0.1:1", "nats://127.0.0.1:1"] {
        let mut sink: Box<dyn Sink> = if url.starts_with("redis") {
            Box::new(redis::Redis::new(url, redis::Options::of(&tenant())).unwrap())
        } else {
            Box::new(nats::Nats::new(url, nats::Options::of(&tenant())).unwrap())
        };
        let mut relay = Relay::open(&*store, &tenant(), &name("broker"), &[], Begin::Start).unwrap();
        let step = relay.step(&*store, &mut *sink).unwrap();
        assert!(matches!(step, Step::Fault { relayed: 0, .. }), "{step:?}");
        assert_eq!(cursor(&*store, "broker"), 0);
    }
}
