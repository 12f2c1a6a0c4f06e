//! The spans are there, within each other, and nothing of a lead is in them.

use super::Engine;
use crate::model::{Tick, Timestamp};
use crate::plan::{MemoryResolver, Plan};
use crate::store::MemoryStore;
use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down what it is told.
#[derive(Clone, Default)]
struct Recording {
    told: Arc<Mutex<String>>,
    next: Arc<AtomicU64>,
}

impl Recording {
    fn tell(&self, text: &str) {
        self.told.lock().unwrap().push_str(text);
    }
}

struct Fields<'a>(&'a Recording);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let mut text = String::new();
        write!(text, " {field}={value:?}").unwrap();
        self.0.tell(&text);
    }
}

impl Subscriber for Recording {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "leadwright"
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.tell(span.metadata().name());
        span.record(&mut Fields(self));
        self.tell("(");
        Id::from_u64(self.next.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut Fields(self));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Fields(self));
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {
        self.tell(")");
    }
}

#[test]
fn spans_have_names_and_counts_and_nothing_of_a_lead() {
    let text = r#"{ "format": 1, "plan": "tiny", "currency": "USD", "timezone": "America/Chicago",
        "verticals": { "roofing": { "extends": "us/home-services@1" } }, "sources": { "web": { "verticals": ["roofing"] } },
        "routes": { "roofing": { "groups": [ { "id": "all", "select": "price" } ], "on_unsold": { "then": "store" } } } }"#;
    let plan = Plan::load(&MemoryResolver::new([("plan.jsonc", text)]), "plan.jsonc").unwrap();
    let engine = Engine::open(plan, MemoryStore::new()).unwrap();
    let now: Timestamp = "2026-11-24T15:30:00Z".parse().unwrap();
    let recording = Recording::default();
    tracing::subscriber::with_default(recording.clone(), || {
        engine.decide(br#"{"id":"PLANTED","source":"web","phone":"312-867-5309"}"#, Tick::at(now)).unwrap();
        engine.decide_batch(b"{\"id\":\"P2\",\"source\":\"PLANTED\"}\n{\"id\":", Tick::at(now)).unwrap();
    });
    // All of it: a planted value has no place to be.
    let told = recording.told.lock().unwrap().clone();
    assert_eq!(told, "decide(settle leads=1(commit()))settle leads=2(commit())");
}
