//! Writing a prepared lead: lengths and numbers of variable width, texts as they are, maps and lists behind their length.
//! [`read`](super::read) takes them in the same order.

use super::super::prepare::Prepared;
use crate::model::{Action, Correction, ListRead, ListUnavailable, Problem, Severity, Value};
use std::collections::BTreeMap;

/// Bytes in the making.
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// Seven bits a byte, the lowest first.
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.byte(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.byte(number.to_le_bytes()[0]);
    }

    /// Small ones of either sign are short.
    fn signed(&mut self, number: i64) {
        self.number((number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned());
    }

    fn length(&mut self, length: usize) {
        self.number(u64::try_from(length).unwrap_or(u64::MAX));
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn yes(&mut self, yes: bool) {
        self.byte(u8::from(yes));
    }

    fn maybe<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.yes(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn each<T>(&mut self, items: impl ExactSizeIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.length(items.len());
        items.for_each(|item| write(self, item));
    }

    pub(super) fn lead(&mut self, lead: &Prepared) {
        self.bytes(&lead.input);
        self.0.extend_from_slice(&lead.payload);
        self.signed(lead.tick.now.millis());
        self.number(lead.tick.seed.get());
        self.text(lead.source.as_str());
        self.text(lead.lead.as_str());
        self.maybe(lead.idempotency_key.as_deref(), Self::text);
        self.maybe(lead.received_at, |to, at| to.signed(at.millis()));
        self.yes(lead.test);
        self.each(lead.not_to.iter(), |to, buyer| to.text(buyer));
        self.maybe(lead.vertical.as_deref(), Self::text);
        self.record(&lead.canonical);
        self.each(lead.problems.iter(), Self::problem);
        self.each(lead.corrections.iter(), Self::correction);
        self.number(u64::from(lead.quality.score));
        self.each(lead.quality.reasons.iter(), |to, reason| {
            to.text(reason.code.as_str());
            to.signed(i64::from(reason.points));
        });
        self.each(lead.lists.iter(), |to, (name, read)| {
            to.text(name);
            to.list(read);
        });
        self.each(lead.candidates.iter(), |to, place| to.number(u64::from(*place)));
    }

    fn record(&mut self, record: &BTreeMap<String, Value>) {
        self.each(record.iter(), |to, (name, value)| {
            to.text(name);
            to.value(value);
        });
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Bool(yes) => {
                self.byte(0);
                self.yes(*yes);
            }
            Value::Int(number) => {
                self.byte(1);
                self.signed(*number);
            }
            Value::Money(money) => {
                self.byte(2);
                self.signed(money.units());
            }
            Value::Date(date) => {
                self.byte(3);
                self.signed(i64::from(date.year()));
                self.byte(date.month());
                self.byte(date.day());
            }
            Value::Time(at) => {
                self.byte(4);
                self.signed(at.millis());
            }
            Value::Text(text) => {
                self.byte(5);
                self.text(text);
            }
            Value::List(items) => {
                self.byte(6);
                self.each(items.iter(), Self::value);
            }
            Value::Record(record) => {
                self.byte(7);
                self.record(record);
            }
        }
    }

    pub(super) fn problem(&mut self, problem: &Problem) {
        self.text(problem.code.as_str());
        self.byte(match problem.severity {
            Severity::Info => 0,
            Severity::Warn => 1,
            Severity::Error => 2,
        });
        self.byte(match problem.action {
            Action::Kept => 0,
            Action::Fixed => 1,
            Action::Dropped => 2,
            Action::Held => 3,
            Action::Rejected => 4,
        });
        self.text(&problem.path);
        self.maybe(problem.shape.as_deref(), Self::text);
        self.maybe(problem.expected.as_deref(), Self::text);
        self.maybe(problem.suggestion.as_deref(), Self::text);
        self.maybe(problem.span, |to, span| {
            to.number(u64::from(span.start));
            to.number(u64::from(span.end));
        });
    }

    fn correction(&mut self, correction: &Correction) {
        self.text(correction.code.as_str());
        self.text(&correction.path);
        self.text(&correction.from);
        self.text(&correction.to);
    }

    fn list(&mut self, read: &ListRead) {
        self.maybe(read.version.as_deref(), Self::text);
        self.maybe(read.count, Self::number);
        self.maybe(read.hit, Self::yes);
        self.maybe(read.why, |to, why| {
            to.byte(match why {
                ListUnavailable::Missing => 0,
                ListUnavailable::Empty => 1,
                ListUnavailable::Stale => 2,
                ListUnavailable::Unfit => 3,
                ListUnavailable::Failed => 4,
            });
        });
    }
}
