//! The names of a raw lead that are about the request and not about the person.

use crate::model::{Action, BuyerId, Code, Problem, RawMap, RawValue, Timestamp};
use crate::schema::plain_form;

/// What a raw lead says about itself.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    /// The host's id of the lead.
    pub id: Option<String>,
    /// The channel it came through.
    pub source: Option<String>,
    /// The kind of lead.
    pub vertical: Option<String>,
    /// When it was received.
    pub received_at: Option<Timestamp>,
    /// The caller's key: the same key is the same request.
    pub idempotency_key: Option<String>,
    /// Whether it is a test.
    pub test: bool,
    /// The ping that it follows.
    pub ping_id: Option<String>,
    /// Buyers who had the lead before and must not get it again, in order.
    pub not_to: Vec<String>,
    /// What was wrong with any of these.
    pub problems: Vec<Problem>,
}

/// Shows what is wrong only: an id may be a phone number.
impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Envelope").field("problems", &self.problems).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reserved {
    Id,
    Source,
    Vertical,
    ReceivedAt,
    IdempotencyKey,
    Test,
    PingId,
    NotTo,
}

pub(super) fn reserved(key: &str) -> Option<Reserved> {
    reserved_plain(&plain_form(key))
}

/// The same by a name in plain form.
pub(super) fn reserved_plain(plain: &str) -> Option<Reserved> {
    Some(match plain {
        "id" | "lead_id" => Reserved::Id,
        "source" | "source_id" => Reserved::Source,
        "vertical" => Reserved::Vertical,
        "received_at" | "created_at" => Reserved::ReceivedAt,
        "idempotency_key" => Reserved::IdempotencyKey,
        "test" | "is_test" => Reserved::Test,
        "ping_id" => Reserved::PingId,
        "not_to" | "previous_buyers" => Reserved::NotTo,
        _ => return None,
    })
}

/// The name that a lead gives itself by, whichever way it is written.
pub(crate) fn reserved_name(key: &str) -> Option<&'static str> {
    Some(match reserved(key)? {
        Reserved::Id => "id",
        Reserved::Source => "source",
        Reserved::Vertical => "vertical",
        Reserved::ReceivedAt => "received_at",
        Reserved::IdempotencyKey => "idempotency_key",
        Reserved::Test => "test",
        Reserved::PingId => "ping_id",
        Reserved::NotTo => "not_to",
    })
}

pub(super) fn is_id(key: &str) -> bool {
    reserved(key) == Some(Reserved::Id)
}

/// Whether two requests about the same payload may differ in this member (rule 70).
pub(super) fn names_the_request(key: &str) -> bool {
    matches!(reserved(key), Some(Reserved::Id | Reserved::ReceivedAt | Reserved::IdempotencyKey))
}

impl Envelope {
    /// Reads the reserved names. A value that does not fit is a problem and left out; the first of two counts.
    ///
    /// ```
    /// use leadwright::{model::read_raw, validate::Envelope};
    /// let raw = read_raw(br#"{"id":"L1","source":"search-lp","test":"yes"}"#)?.map;
    /// let envelope = Envelope::read(&raw);
    /// assert_eq!((envelope.id.as_deref(), envelope.test), (Some("L1"), true));
    /// # Ok::<(), leadwright::model::JsonError>(())
    /// ```
    pub fn read(raw: &RawMap) -> Self {
        let mut envelope = Self::default();
        for (key, value) in &raw.0 {
            let Some(which) = reserved(key) else { continue };
            if which == Reserved::NotTo {
                envelope.set_not_to(key, value);
                continue;
            }
            let text = match value {
                RawValue::Null => continue,
                RawValue::Text(text) | RawValue::Number(text) => text.trim(),
                RawValue::Bool(true) => "true",
                RawValue::Bool(false) => "false",
                _ => {
                    envelope.refuse(key, value, "a text");
                    continue;
                }
            };
            if !text.is_empty() {
                envelope.set(which, key, value, text);
            }
        }
        envelope
    }

    fn set(&mut self, which: Reserved, key: &str, value: &RawValue, text: &str) {
        let slot = match which {
            Reserved::Id => &mut self.id,
            Reserved::Source => &mut self.source,
            Reserved::Vertical => &mut self.vertical,
            Reserved::IdempotencyKey => &mut self.idempotency_key,
            Reserved::PingId => &mut self.ping_id,
            Reserved::NotTo => return,
            Reserved::ReceivedAt => return self.set_time(key, value, text),
            Reserved::Test => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "y" | "1" => return self.test = true,
                "false" | "no" | "n" | "0" => return,
                _ => return self.refuse(key, value, "true or false"),
            },
        };
        slot.get_or_insert_with(|| text.to_owned());
    }

    /// A list, or one text with commas. Whoever is named in a way that no id is written stops the lead: sold to one who
    /// had it before, it is sold twice.
    fn set_not_to(&mut self, key: &str, value: &RawValue) {
        let texts: Option<Vec<&str>> = match value {
            RawValue::Null => Some(Vec::new()),
            RawValue::Text(text) => Some(text.split(',').collect()),
            RawValue::List(items) => items
                .iter()
                .map(|item| match item {
                    RawValue::Text(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect(),
            _ => None,
        };
        let Some(texts) = texts else { return self.refuse_lead(key, value) };
        let names: Vec<&str> = texts.into_iter().map(str::trim).filter(|name| !name.is_empty()).collect();
        if names.iter().any(|name| BuyerId::new(name).is_err()) {
            return self.refuse_lead(key, value);
        }
        self.not_to.extend(names.into_iter().map(str::to_owned));
        self.not_to.sort();
        self.not_to.dedup();
    }

    fn refuse_lead(&mut self, key: &str, value: &RawValue) {
        self.refuse(key, value, "ids of buyers in a list, or with commas");
        if let Some(problem) = self.problems.last_mut() {
            problem.action = Action::Rejected;
        }
    }

    fn set_time(&mut self, key: &str, value: &RawValue, text: &str) {
        match text.parse() {
            Ok(at) => {
                self.received_at.get_or_insert(at);
            }
            Err(_) => self.refuse(key, value, "RFC 3339 with a zone, like 2026-11-24T15:30:00Z"),
        }
    }

    fn refuse(&mut self, key: &str, value: &RawValue, expected: &str) {
        let short: String = key.chars().take(64).collect();
        let problem = Problem::new(Code::LeadBadReserved, format!("/{short}"));
        self.problems.push(problem.with_shape(value.shape()).with_expected(expected));
    }
}
